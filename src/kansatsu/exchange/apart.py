"""A reader in a process of its own, so that a hostile file kills that process and never the one that asked.

The process starts fresh, without this one's environment and memory, and has limits of time and address space. That
protects from exhaustion and crashes; it is no sandbox.
"""

import importlib
import json
import math
import re
import resource
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import asdict
from types import MappingProxyType
from typing import Any

from kansatsu.exchange.oscal import documents
from kansatsu.exchange.oscal.faults import Code, Fault
from kansatsu.exchange.sheets import Limits, Sheet, UnreadableTableError

_READER = re.compile(r"(kansatsu\.exchange(?:\.[a-z_]+)+):([a-z][a-z_]*)")
_OUT_OF_MEMORY = 3
_NOTHING: Mapping[str, Any] = MappingProxyType({})


class ApartError(RuntimeError):
    """The reader did not come to an end of its own."""


class OutOfTimeError(ApartError):
    """It took longer than it may."""


class OutOfMemoryError(ApartError):
    """It needed more memory than it may have."""


class CrashedError(ApartError):
    """It broke down. The message ends with the last line that it wrote."""


def run(
    reader: str, content: bytes, *, seconds: float, memory_bytes: int, options: Mapping[str, Any] = _NOTHING
) -> Any:
    """What the reader makes of the content, as JSON carries it (tuples come back as lists).

    :param reader: ``module:function`` in `kansatsu.exchange`; it takes bytes, and the options by name.
    :param seconds: wall clock for everything, the start of the process included.
    :param memory_bytes: address space of the process.
    :raises ValueError: the reader is none of ours.
    :raises OutOfTimeError: it was not ready in time.
    :raises OutOfMemoryError: it wanted more memory.
    :raises CrashedError: it raised something or crashed.
    """
    if not _READER.fullmatch(reader):
        raise ValueError(f"{reader} is no reader of kansatsu.exchange")
    limits = [str(math.ceil(seconds)), str(memory_bytes)]
    command = [sys.executable, "-I", "-m", "kansatsu.exchange.apart", reader, *limits, json.dumps(dict(options))]
    try:
        ended = subprocess.run(command, input=content, capture_output=True, timeout=seconds, env={}, check=False)
    except subprocess.TimeoutExpired as error:
        raise OutOfTimeError(f"{reader} took longer than {seconds} s") from error
    # Rust ends by SIGABRT where Python raises MemoryError.
    if ended.returncode in {_OUT_OF_MEMORY, -signal.SIGABRT}:
        raise OutOfMemoryError(f"{reader} wanted more than {memory_bytes} bytes")
    if ended.returncode:
        last = (ended.stderr.decode(errors="replace").splitlines() or [""])[-1]
        raise CrashedError(f"{reader} ended with {ended.returncode}: {last[:200]}")
    return json.loads(ended.stdout)


def read_table_apart(content: bytes, limits: Limits) -> tuple[Sheet, ...]:
    """As `kansatsu.exchange.workbooks.read_table`, in a process of its own.

    :raises UnreadableTableError: as there; also ``took_too_long``, and ``unpacks_too_large`` for want of memory.
    """
    try:
        found = run(
            "kansatsu.exchange.workbooks:plain_table",
            content,
            seconds=limits.seconds,
            memory_bytes=limits.memory_bytes,
            options=asdict(limits),
        )
    except OutOfTimeError as error:
        raise UnreadableTableError("took_too_long", "reading took too long", limit=limits.seconds) from error
    except OutOfMemoryError as error:
        message = "reading took too much memory"
        raise UnreadableTableError("unpacks_too_large", message, limit=limits.memory_bytes) from error
    except CrashedError as error:
        raise UnreadableTableError("broken", "the reader broke down") from error
    if "refused" in found:
        code, message, params = found["refused"]
        raise UnreadableTableError(code, message, **params)
    return tuple(
        Sheet(name, tuple(map(tuple, rows)), first_row, frozenset((row, column) for row, column in merged))
        for name, rows, first_row, merged in found["sheets"]
    )


def read_document_apart(
    content: bytes, limits: documents.Limits, *, seconds: float, memory_bytes: int
) -> documents.Document:
    """As `kansatsu.exchange.oscal.documents.read`; YAML in a process of its own, for its parser can be kept busy long.

    :raises UnreadableDocumentError: as there; also ``took_too_long``.
    """
    if documents.is_json(content) or len(content) > limits.size:
        return documents.read(content, limits=limits)
    try:
        found = run(
            "kansatsu.exchange.oscal.documents:plain_document",
            content,
            seconds=seconds,
            memory_bytes=memory_bytes,
            options=asdict(limits),
        )
    except ApartError as error:
        fault = Fault(Code.TOOK_TOO_LONG, params={"limit": seconds})
        raise documents.UnreadableDocumentError(fault) from error
    if "refused" in found:
        code, pointer, params = found["refused"]
        raise documents.UnreadableDocumentError(Fault(Code(code), pointer, params))
    return documents.document(found["value"], content, "yaml")


def _main(reader: str, seconds: str, memory_bytes: str, options: str) -> int:
    """The process's own part: content from standard input, the result to standard output."""
    # A dumped core would leave the content of the file on the disk.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
    resource.setrlimit(resource.RLIMIT_AS, (int(memory_bytes), int(memory_bytes)))
    try:
        sys.stdout.buffer.write(_answer(reader, sys.stdin.buffer.read(), json.loads(options)))
    except MemoryError:
        return _OUT_OF_MEMORY
    return 0


def _answer(reader: str, content: bytes, options: dict[str, Any]) -> bytes:
    found = _READER.fullmatch(reader)
    if not found:
        raise ValueError(f"{reader} is no reader of kansatsu.exchange")
    function = getattr(importlib.import_module(found[1]), found[2])
    if function.__module__ != found[1]:
        raise ValueError(f"{reader} is no reader of kansatsu.exchange")
    return json.dumps(function(content, **options), ensure_ascii=False).encode()


if __name__ == "__main__":
    sys.exit(_main(*sys.argv[1:]))
