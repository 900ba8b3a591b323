"""The files that editions and mapping sets came from, kept byte for byte."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from kansatsu.core.files import store
from kansatsu.core.models import StoredFile


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it came, to be kept by the act that takes it. :param name: as its sender called it."""

    name: str
    content: bytes


Original: TypeAlias = StoredFile | Upload | None


def kept(original: Original, now: datetime) -> StoredFile | None:
    """The file's row; what was not kept before is kept now, in the act's transaction."""
    return keep_original([original.content], original.name, now=now) if isinstance(original, Upload) else original


def keep_original(chunks: Iterable[bytes], name: str, *, now: datetime) -> StoredFile:
    """Keep a file that an edition or a mapping set came from, byte for byte.

    :raises Incomplete: it is empty, too large, or neither a workbook nor text.
    """
    return store(chunks, name, now=now, where="file", kinds=frozenset({".xlsx", ".txt"}))
