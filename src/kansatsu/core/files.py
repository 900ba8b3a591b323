"""Stored files: streamed to disk, named by their SHA-256, typed by their content, limited in size."""

import hashlib
import os
import tempfile
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import puremagic
from django.conf import settings

from kansatsu.core.models import StoredFile
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete

TYPES = {
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".txt": "text/plain",
}


_PART_OF_ARCHIVE = {".xlsx": "xl/workbook.xml", ".docx": "word/document.xml"}


def path_of(sha256: str) -> Path:
    """Where content of that hash lies."""
    return Path(settings.FILES_ROOT) / sha256[:2] / sha256[2:4] / sha256


def store(chunks: Iterable[bytes], name: str, *, now: datetime, where: str, kinds: frozenset[str]) -> StoredFile:
    """Stream a file to its place and return its (saved) row. Nothing half-written stays under its final name.

    :param where: the field's name, for the problem when it is refused.
    :param kinds: the kinds allowed here, keys of `TYPES`.
    :raises Incomplete: the file is empty, too large, or by its content not one of the kinds.
    """
    digest, size = hashlib.sha256(), 0
    root = Path(settings.FILES_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=root, prefix=".incoming-", delete=False) as target:
        try:
            for chunk in chunks:
                size += len(chunk)
                if size > settings.FILE_LIMIT:
                    raise Incomplete(
                        Problem("core.file_too_large", where, params={"limit_mib": settings.FILE_LIMIT // 2**20})
                    )
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
            kind = _kind(Path(target.name), size, where, kinds)
            final = path_of(digest.hexdigest())
            final.parent.mkdir(parents=True, exist_ok=True)
            Path(target.name).replace(final)
        except BaseException:
            Path(target.name).unlink(missing_ok=True)
            raise
    return StoredFile.objects.create(
        sha256=digest.hexdigest(), size=size, content_type=TYPES[kind], name=_safe_name(name), stored_at=now
    )


def open_stored(file: StoredFile) -> BinaryIO:
    """The content, for streaming out."""
    return path_of(file.sha256).open("rb")


def _kind(path: Path, size: int, where: str, kinds: frozenset[str]) -> str:
    if size == 0:
        raise Incomplete(Problem("core.file_empty", where))
    found = {match.extension.replace(".jpeg", ".jpg") for match in puremagic.magic_file(path)}
    for kind in sorted(kinds):
        if kind == ".txt":
            fits = _is_text(path)
        else:
            fits = _holds(path, _PART_OF_ARCHIVE[kind]) if kind in _PART_OF_ARCHIVE else kind in found
        if fits:
            return kind
    raise Incomplete(Problem("core.file_kind", where, params={"kinds": ", ".join(sorted(kinds))}))


def _is_text(path: Path) -> bool:
    """Text in any encoding that has no zero bytes, as CSV, JSON and YAML are."""
    with path.open("rb") as content:
        return all(b"\0" not in chunk for chunk in iter(lambda: content.read(2**20), b""))


def _holds(path: Path, part: str) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return part in archive.namelist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def _safe_name(name: str) -> str:
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in bare if c.isprintable()).strip()[:255] or "file"
