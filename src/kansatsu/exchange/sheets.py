"""Tables as plain values: sheets of text cells, how much they may hold, and CSV in UTF-8 or CP932."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass

# What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection"), in some programs in full width too.
_LIVE = re.compile(r"'*[=+\-@\t\r＝＋－＠]")
_ESCAPED = re.compile(f"'{_LIVE.pattern}")


class UnreadableTableError(ValueError):
    """The bytes are not a table that is taken in. The message says why, in plain English for a log.

    :param code: the reason, for a caller's own words, one of ``broken, cell_too_long, doctype, encoding, encrypted,
        macros, more_cells_than_header, name_twice, no_header, not_a_table, old_format, took_too_long, too_large,
        too_many_columns, too_many_rows, unpacks_too_large``.
    :param params: values that a sentence may mention, as ``limit``, ``line``, ``sheet`` and ``cell``.
    """

    def __init__(self, code: str, message: str, **params: object) -> None:
        super().__init__(message)
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a table may hold.

    :param content_bytes: size of the file.
    :param unpacked_bytes: size of a workbook's parts together, and of the text of all cells together.
    :param rows: rows of all sheets together.
    :param columns: columns of one sheet.
    :param cell_characters: characters of one cell.
    :param seconds: time to read it, where it is read in a process of its own.
    :param memory_bytes: address space to read it, where it is read in a process of its own.
    """

    content_bytes: int = 20_000_000
    unpacked_bytes: int = 200_000_000
    rows: int = 20_000
    columns: int = 200
    cell_characters: int = 32_767
    seconds: float = 20
    memory_bytes: int = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """A grid of text cells; all rows have the same width, the first and the last row and the last column are not blank.

    :param name: the sheet's name, empty for CSV.
    :param rows: ``rows[i][j]`` is the cell in row ``first_row + i`` and column ``j + 1``.
    :param first_row: the row as spreadsheet programs count it, from 1.
    :param merged: indexes ``(i, j)`` of cells that show the value of the merged range they belong to.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    first_row: int
    merged: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class Row:
    """One row under the header. :param line: its line in the file, counted from 1, for messages."""

    line: int
    cells: dict[str, str]


def cell_name(row: int, column: int) -> str:
    """The name of a cell in spreadsheet programs, ``B12`` for row 12 and column 2, both counted from 1."""
    letters = ""
    while column:
        column, letter = divmod(column - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"{letters}{row}"


def escaped(text: str) -> str:
    """The text with one apostrophe in front where it would start a formula, also behind apostrophes of its own."""
    return f"'{text}" if _LIVE.match(text) else text


def unescaped(text: str) -> str:
    """The text without the apostrophe that `escaped` put in front: ``unescaped(escaped(text)) == text``."""
    return text[1:] if _ESCAPED.match(text) else text


def trimmed(text: str) -> str:
    """Line ends as ``\\n``, no space around."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def sheet(name: str, cells: Sequence[Sequence[str]], merged: frozenset[tuple[int, int]] = frozenset()) -> Sheet:
    """The sheet of these cells, trimmed and unescaped, without blank rows around and blank columns at the end.

    :param cells: rows of any width, the first one in row 1.
    :param merged: indexes into `cells`, of cells that are not blank.
    """
    rows = [[trimmed(unescaped(trimmed(cell))) for cell in row] for row in cells]
    used = [index for index, row in enumerate(rows) if any(row)]
    if not used:
        return Sheet(name, (), 1)
    first = used[0]
    width = max(column for row in rows for column, cell in enumerate(row, 1) if cell)
    fitted = tuple((*row[:width], *[""] * (width - len(row))) for row in rows[first : used[-1] + 1])
    return Sheet(name, fitted, first + 1, frozenset((row - first, column) for row, column in merged))


def csv_sheet(content: bytes) -> Sheet:
    """A CSV file as a sheet; its rows count as spreadsheet programs show them, blank ones and all.

    :raises UnreadableTableError: neither encoding fits, or the quotes are broken.
    """
    return sheet("", [row for _, row in _records(content)])


def read_csv(content: bytes) -> list[Row]:
    """The rows of a CSV file, keyed by the (trimmed) names of its first line; blank rows are left out.

    :raises UnreadableTableError: neither encoding fits, there is no header, a name stands twice in it, or a row has
        more cells than it.
    """
    rows = [(line, [cell.strip() for cell in row]) for line, row in _records(content)]
    rows = [(line, row) for line, row in rows if any(row)]
    if not rows:
        raise UnreadableTableError("no_header", "no header")
    names = rows[0][1]
    if len(set(names)) != len(names):
        raise UnreadableTableError("name_twice", "a column name stands twice")
    for line, row in rows[1:]:
        if any(row[len(names) :]):
            raise UnreadableTableError(
                "more_cells_than_header", f"line {line}: more cells than the header has", line=line
            )
    return [Row(line, dict(zip(names, row, strict=False))) for line, row in rows[1:]]


def write_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """The rows as CSV in UTF-8 with BOM, cells trimmed and escaped, lines ended by CRLF."""
    lines = io.StringIO(newline="")
    csv.writer(lines, lineterminator="\r\n").writerows([escaped(trimmed(cell)) for cell in row] for row in rows)
    return lines.getvalue().encode("utf-8-sig")


def _records(content: bytes) -> list[tuple[int, list[str]]]:
    """Each row with the number of the line it ends on."""
    reader = csv.reader(io.StringIO(_decoded(content), newline=""), strict=True)
    try:
        return [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        code = "cell_too_long" if "field limit" in str(error) else "broken"
        raise UnreadableTableError(code, f"line {reader.line_num}: {error}", line=reader.line_num) from error


def _decoded(content: bytes) -> str:
    if b"\x00" not in content:
        for encoding in ("utf-8-sig", "cp932"):
            try:
                return content.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise UnreadableTableError("encoding", "neither UTF-8 nor CP932")
