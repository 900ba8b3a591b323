"""Tables as bytes: CSV in UTF-8 (with or without BOM) or CP932."""

import csv
import io
from dataclasses import dataclass


class UnreadableTableError(ValueError):
    """The bytes are not a table. The message says why, in plain English for a log."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the header. :param line: its line in the file, counted from 1, for messages."""

    line: int
    cells: dict[str, str]


def read_csv(content: bytes) -> list[Row]:
    """The rows of a CSV file, keyed by the (trimmed) names of its first line; blank rows are left out.

    :raises UnreadableTableError: neither encoding fits, there is no header, or a name stands twice in it.
    """
    reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UnreadableTableError(f"line {reader.line_num}: {error}") from error
    if not rows:
        raise UnreadableTableError("no header")
    names = [name.strip() for name in rows[0][1]]
    if len(set(names)) != len(names):
        raise UnreadableTableError("a column name stands twice")
    return [Row(line, dict(zip(names, map(str.strip, row), strict=False))) for line, row in rows[1:]]


def _decoded(content: bytes) -> str:
    if b"\x00" in content:
        raise UnreadableTableError("neither UTF-8 nor CP932")
    for encoding in ("utf-8-sig", "cp932"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnreadableTableError("neither UTF-8 nor CP932")
