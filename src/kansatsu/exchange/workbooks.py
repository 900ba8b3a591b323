"""Excel workbooks (XLSX) in and out, and tables of which only the bytes tell whether they are CSV or a workbook."""

import io
import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from xml.parsers import expat
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

import xlsxwriter
from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum

from kansatsu.exchange.sheets import (
    Limits,
    Sheet,
    UnreadableTableError,
    cell_name,
    csv_sheet,
    escaped,
    sheet,
    trimmed,
)

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_NO_TEXT = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"PK\x05\x06")
_PLACE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# The tag of an error cell: calamine gives such cells no text, but keeps the text of string cells.
_ERROR_CELL = re.compile(rb"(<(?:\w+:)?c(?=\s)[^<>]*?\st\s*=\s*)(?:\"e\"|'e')")
# Excel writes control characters as _x0001_, and the underscore of what only looks so as _x005F_.
_LOOKS_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_CODED_TWICE = re.compile(r"_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_")
_NOT_IN_XML = re.compile("[\ufffe\uffff]")
_CREATED = datetime(2000, 1, 1)  # noqa: DTZ001 - XlsxWriter takes no zone; the same content has to give the same bytes
_NARROWEST, _WIDEST = 8, 60


def read_table(content: bytes, *, limits: Limits) -> tuple[Sheet, ...]:
    """The sheets of a CSV file (one, without a name) or of a workbook, hidden ones too.

    Formulas come as the values saved with them, dates and times as ISO 8601, errors as ``#REF!``. What strangers send
    is read by `kansatsu.exchange.apart.read_table_apart`: here a hostile workbook can still exhaust time and memory.

    :raises UnreadableTableError: it is neither, is damaged or protected, holds macros, or exceeds a limit.
    """
    if len(content) > limits.content_bytes:
        raise UnreadableTableError("too_large", "the file is too large", limit=limits.content_bytes)
    if content.startswith(b"PK\x03\x04"):
        sheets = _workbook_sheets(_safe_workbook(content, limits), limits)
    elif content.startswith(_OLE):
        raise _ole_refusal(content)
    elif not content or content.startswith(_NO_TEXT):
        raise UnreadableTableError("not_a_table", "neither CSV nor an Excel workbook")
    else:
        sheets = (csv_sheet(content),)
    _require_within(sheets, limits)
    return sheets


def plain_table(content: bytes, **limits: Any) -> dict[str, Any]:
    """What `read_table` gives or raises, in values that JSON has.

    :param limits: the fields of `Limits`.
    :returns: ``{"sheets": [[name, rows, first_row, merged], …]}`` or ``{"refused": [code, message, params]}``.
    """
    try:
        sheets = read_table(content, limits=Limits(**limits))
    except UnreadableTableError as error:
        return {"refused": [error.code, str(error), error.params]}
    return {"sheets": [[one.name, one.rows, one.first_row, sorted(one.merged)] for one in sheets]}


def write_workbook(sheets: Sequence[tuple[str, Sequence[Sequence[str]]]]) -> bytes:
    """A workbook of text cells, trimmed and escaped; the first row of each sheet is its header.

    Two characters that are none (U+FFFE, U+FFFF) have no place in XML and come out as U+FFFD.

    :param sheets: names (as Excel allows them) and rows; the same sheets give the same bytes.
    :raises ValueError: a text is too long for a cell (32,767 UTF-16 units).
    """
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    workbook.set_properties({"created": _CREATED})
    head = workbook.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    body = workbook.add_format({"text_wrap": True, "valign": "top"})
    for name, rows in sheets:
        page = workbook.add_worksheet(name)
        page.freeze_panes(1, 0)
        widths: dict[int, int] = {}
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                text = _NOT_IN_XML.sub("\ufffd", escaped(trimmed(cell)))
                widths[column] = max(widths.get(column, _NARROWEST), _width(text))
                if text and page.write_string(row, column, _for_xlsxwriter(text), body if row else head):
                    raise ValueError(f"{name}: {cell_name(row + 1, column + 1)} does not fit a workbook")
        for column, width in widths.items():
            page.set_column(column, column, min(width, _WIDEST))
        if widths:
            page.autofilter(0, 0, len(rows) - 1, max(widths))
    workbook.close()
    return content.getvalue()


def _ole_refusal(content: bytes) -> UnreadableTableError:
    """Why a file in the container of old Office programs is refused, by the names in its directory."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return UnreadableTableError("encrypted", "the workbook is protected by a password")
    if any(name.encode("utf-16-le") in content for name in ("Workbook\0", "Book\0")):
        return UnreadableTableError("old_format", "the workbook is in the old format .xls")
    return UnreadableTableError("not_a_table", "neither CSV nor an Excel workbook")


def _safe_workbook(content: bytes, limits: Limits) -> bytes:
    """The XML parts of the workbook, each one checked, packed anew: its reader sees nothing that was not looked at.

    :raises UnreadableTableError: as `read_table`.
    """
    parts = _parts(content, limits)
    checked = io.BytesIO()
    last_rows = 0
    with ZipFile(checked, "w", ZIP_STORED) as archive:
        for name, part in parts.items():
            last_rows += _last_row(part, limits)
            _require_rows(last_rows, limits)
            archive.writestr(name, _ERROR_CELL.sub(rb'\1"str"', part))
    return checked.getvalue()


def _parts(content: bytes, limits: Limits) -> dict[str, bytes]:
    """The workbook's XML parts by name, unpacked up to the limit, whatever sizes the archive declares."""
    parts = {}
    left = limits.unpacked_bytes
    try:
        with ZipFile(io.BytesIO(content)) as archive:
            packed = archive.infolist()
            _require_workbook([one.filename for one in packed])
            for one in packed:
                if one.flag_bits & 1:
                    raise UnreadableTableError("encrypted", "the workbook is protected by a password")
                if not one.filename.lower().endswith((".xml", ".rels")):
                    continue
                if one.compress_type not in {ZIP_STORED, ZIP_DEFLATED}:
                    raise _broken("a part is packed in an unknown way")
                with archive.open(one) as stream:
                    part = stream.read(left + 1)
                left -= len(part)
                if left < 0:
                    raise UnreadableTableError(
                        "unpacks_too_large", "the workbook unpacks to too much", limit=limits.unpacked_bytes
                    )
                parts[one.filename] = part
    except UnreadableTableError:
        raise
    except (BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, struct.error) as error:
        raise _broken("the archive is damaged") from error
    return parts


def _require_workbook(names: list[str]) -> None:
    if "xl/workbook.xml" not in names:
        raise UnreadableTableError("not_a_table", "a ZIP archive, but no Excel workbook")
    lower = [name.lower() for name in names]
    if len(set(lower)) != len(lower):
        raise _broken("two parts have one name")
    if any(name.endswith("vbaproject.bin") or "/macrosheets/" in name for name in lower):
        raise UnreadableTableError("macros", "the workbook holds macros")


class _Extent:
    """How far the used cells of a part reach, from its elements in their order.

    calamine lays out every cell up to the last used one, and has room for as many texts as the list of texts announces:
    without a look at both, one small number would take all memory.
    """

    def __init__(self, size: int, limits: Limits) -> None:
        self.size = size
        self.limits = limits
        self.row = self.column = self.last_row = 0

    def started(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "row":
            self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = 0
        elif name == "c":
            self.column = self._column(attributes["r"]) if "r" in attributes else self.column + 1
        elif name in {"v", "is", "f"}:
            self.last_row = max(self.last_row, self.row)
            _require_rows(self.row, self.limits)
            _require_columns(self.column, self.limits)
        elif name == "sst" and int(attributes.get("uniqueCount", 0)) > self.size:
            raise ValueError("more texts than bytes")

    def _column(self, place: str) -> int:
        found = _PLACE.fullmatch(place)
        if not found or int(found[2]) != self.row:
            raise ValueError(place)
        number = 0
        for letter in found[1]:
            number = number * 26 + ord(letter) - ord("A") + 1
        return number


def _last_row(part: bytes, limits: Limits) -> int:
    """The last used row of a part, 0 where it is no sheet.

    :raises UnreadableTableError: the part declares a document type or is no XML, or its cells reach too far.
    """
    if b"\x00" in part:
        raise _broken("a part is not in UTF-8")
    if b"<!DOCTYPE" in part:
        raise UnreadableTableError("doctype", "a part of the workbook declares a document type")
    extent = _Extent(len(part), limits)
    parser = expat.ParserCreate("UTF-8")
    parser.StartElementHandler = extent.started
    try:
        parser.Parse(part, True)
    except UnreadableTableError:
        raise
    except (expat.ExpatError, ValueError) as error:
        raise _broken("a part is not well-formed") from error
    return extent.last_row


def _workbook_sheets(content: bytes, limits: Limits) -> tuple[Sheet, ...]:
    try:
        with CalamineWorkbook.from_filelike(io.BytesIO(content)) as workbook:
            return tuple(
                _sheet(workbook.get_sheet_by_index(index), limits)
                for index, one in enumerate(workbook.sheets_metadata)
                if one.typ == SheetTypeEnum.WorkSheet
            )
    except (UnreadableTableError, MemoryError, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # a panic of the Rust library is one, and has no public name
        raise _broken("its parts do not fit together") from error


def _sheet(page: CalamineSheet, limits: Limits) -> Sheet:
    cells = [[_text(value) for value in row] for row in page.to_python(skip_empty_area=False)]
    merged = set()
    for (top, left), (bottom, right) in page.merged_cell_ranges or ():
        value = cells[top][left] if top < len(cells) and left < len(cells[top]) else ""
        if not trimmed(value):
            continue
        _require_rows(bottom + 1, limits)
        _require_columns(right + 1, limits)
        cells += [[] for _ in range(bottom + 1 - len(cells))]
        for row in range(top, bottom + 1):
            cells[row] += [""] * (right + 1 - len(cells[row]))
            for column in range(left, right + 1):
                # Ranges that overlap could keep us busy for ever.
                if (row, column) in merged:
                    raise _broken("two merged ranges overlap")
                cells[row][column] = value
                if (row, column) != (top, left):
                    merged.add((row, column))
    return sheet(page.name, cells, frozenset(merged))


def _text(value: float | str | bool | date | time | timedelta) -> str:
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        seconds = round(value.total_seconds())
        hours, minutes = divmod(abs(seconds) // 60, 60)
        return f"{'-' if seconds < 0 else ''}{hours}:{minutes:02}:{abs(seconds) % 60:02}"
    return str(value)


def _require_within(sheets: tuple[Sheet, ...], limits: Limits) -> None:
    _require_rows(sum(len(one.rows) for one in sheets), limits)
    size = 0
    for one in sheets:
        _require_columns(len(one.rows[0]) if one.rows else 0, limits)
        for row, cells in enumerate(one.rows, one.first_row):
            for column, cell in enumerate(cells, 1):
                if len(cell) > limits.cell_characters:
                    name = cell_name(row, column)
                    raise UnreadableTableError(
                        "cell_too_long", f"{name} is too long", limit=limits.cell_characters, sheet=one.name, cell=name
                    )
                size += len(cell.encode())
    if size > limits.unpacked_bytes:
        raise UnreadableTableError("unpacks_too_large", "the cells hold too much text", limit=limits.unpacked_bytes)


def _require_rows(rows: int, limits: Limits) -> None:
    if rows > limits.rows:
        raise UnreadableTableError("too_many_rows", "there are too many rows", limit=limits.rows)


def _require_columns(columns: int, limits: Limits) -> None:
    if columns > limits.columns:
        raise UnreadableTableError("too_many_columns", "there are too many columns", limit=limits.columns)


def _broken(why: str) -> UnreadableTableError:
    return UnreadableTableError("broken", f"the workbook is broken: {why}")


def _for_xlsxwriter(text: str) -> str:
    """The text, or ready-made XML where XlsxWriter would get it wrong.

    It takes any text in ``<r>…</r>`` for such XML, and escapes only the first of two joined codes (``_x0041_x0042_``).
    Underscores are spelt as references to keep its escape off.
    """
    if not (text.startswith("<r>") and text.endswith("</r>")) and not _CODED_TWICE.search(text):
        return text
    return f'<r><t xml:space="preserve">{escape(_LOOKS_CODED.sub("_x005F_", text)).replace("_", "&#95;")}</t></r>'


def _width(text: str) -> int:
    """The width of the text's start in half-width characters; CP932 spends one byte on each of them."""
    return len(text[:_WIDEST].partition("\n")[0].encode("cp932", "replace")) + 2
