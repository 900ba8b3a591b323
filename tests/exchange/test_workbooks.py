"""Workbooks come in as text cells and go out again; hostile and damaged ones are refused, and nothing crashes."""

import codecs
import io
import zlib
from datetime import datetime, time, timedelta
from zipfile import ZIP_BZIP2, ZIP_DEFLATED, ZIP_STORED, ZipFile

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st

from kansatsu.exchange.sheets import Limits, Sheet, UnreadableTableError, trimmed, write_csv
from kansatsu.exchange.workbooks import plain_table, read_table, write_workbook

LIMITS = Limits()
ROWS = (("番号", "状態"), ("5.1.1", "実施"))
GOOD = write_workbook([("管理策", ROWS)])
SHEET = "xl/worksheets/sheet1.xml"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 504


def parts(content=GOOD):
    with ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(changed=None, compression=ZIP_DEFLATED):
    """The good workbook with some parts changed, added or (None) left out."""
    content = io.BytesIO()
    with ZipFile(content, "w", compression) as archive:
        for name, part in {**parts(), **(changed or {})}.items():
            if part is not None:
                archive.writestr(name, part)
    return content.getvalue()


def with_cells(cells, tail=""):
    return packed({SHEET: f"<worksheet><sheetData>{cells}</sheetData>{tail}</worksheet>"})


def drawn(draw):
    """A workbook of one sheet as XlsxWriter draws it."""
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    draw(workbook.add_worksheet("一"), workbook)
    workbook.close()
    return content.getvalue()


def read(content, **limits):
    return read_table(content, limits=Limits(**limits))


def refusal(content, **limits):
    with pytest.raises(UnreadableTableError) as refused:
        read(content, **limits)
    return refused.value


# What a workbook may hold.


def test_the_same_cells_come_from_a_workbook_and_from_csv():
    rows = [["番号", "理由"], [" 5.1.1 ", "社内規程①\r\n𠮷野"], [], ["5.1.2", "=1+1"], ["", ""]]
    (book,) = read(write_workbook([("", rows)]))
    (table,) = read(write_csv(rows))
    assert book.rows == table.rows == (("番号", "理由"), ("5.1.1", "社内規程①\n𠮷野"), ("", ""), ("5.1.2", "=1+1"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_csv_is_told_by_its_content(encoding):
    assert read("番号,①\n".encode(encoding)) == (Sheet("", (("番号", "①"),), 1),)


def test_all_sheets_are_read_in_their_order_hidden_ones_too():
    def draw(first, workbook):
        first.write_string(0, 0, "a")
        hidden = workbook.add_worksheet("隠し")
        hidden.hide()
        hidden.write_string(0, 0, "b")
        workbook.add_worksheet("very").very_hidden()
        workbook.add_chartsheet("図").set_chart(_chart(workbook))
        workbook.add_worksheet("終").write_string(0, 0, "c")

    def _chart(workbook):
        chart = workbook.add_chart({"type": "line"})
        chart.add_series({"values": "=一!$A$1:$A$1"})
        return chart

    assert read(drawn(draw)) == (
        Sheet("一", (("a",),), 1),
        Sheet("隠し", (("b",),), 1),
        Sheet("very", (), 1),
        Sheet("終", (("c",),), 1),
    )


def test_a_sheet_may_begin_further_down_and_to_the_right():
    def draw(page, workbook):
        page.write_string(4, 2, "a")
        page.write_blank(400, 100, None, workbook.add_format({"bold": True}))

    assert read(drawn(draw)) == (Sheet("一", (("", "", "a"),), first_row=5),)


def test_formatted_blank_cells_at_the_far_end_are_no_rows():
    far = '<row r="1"><c r="A1" t="str"><v>a</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert read(with_cells(far))[0].rows == (("a",),)


def test_values_come_as_text():
    def draw(page, workbook):
        day = workbook.add_format({"num_format": "yyyy/mm/dd"})
        era = workbook.add_format({"num_format": '[$-411]ggge"年"m"月"d"日"'})
        hours = workbook.add_format({"num_format": "[h]:mm"})
        clock = workbook.add_format({"num_format": "hh:mm"})
        page.write_number(0, 0, 7)
        page.write_number(0, 1, 5.1)
        page.write_number(0, 2, 1e15)
        page.write_boolean(0, 3, True)
        page.write_boolean(0, 4, False)
        page.write_datetime(0, 5, datetime(2026, 1, 2), day)
        page.write_datetime(0, 6, datetime(2026, 1, 2, 3, 4, 5), day)
        page.write_number(0, 7, 45678, era)
        page.write_datetime(0, 8, time(9, 30), clock)
        page.write_datetime(0, 9, timedelta(hours=26, minutes=5), hours)
        page.write_formula(0, 10, "=1+1", None, 2)
        page.write_formula(0, 11, '="a"', None, "a")
        page.write_formula(0, 12, "=A1/0", None, "#DIV/0!")
        page.write_string(0, 13, "５．１")

    assert read(drawn(draw))[0].rows[0] == (
        "7", "5.1", "1000000000000000", "TRUE", "FALSE", "2026-01-02", "2026-01-02T03:04:05", "2025-01-21",
        "09:30:00", "26:05:00", "2", "a", "#DIV/0!", "５．１",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ('<c r="A1" t="e"><v>#REF!</v></c>', "#REF!"),
        ("<c t='e' r='A1'><f>B1</f><v>#N/A</v></c>", "#N/A"),
        ('<c r="A1" t="inlineStr"><is><t>氏名</t><rPh sb="0" eb="2"><t>シメイ</t></rPh></is></c>', "氏名"),
        ('<c r="A1" t="inlineStr"><is><r><t>a</t></r><r><t>b</t></r></is></c>', "ab"),
        ('<c r="A1" t="inlineStr"><is><t>a_x000D_\nb</t></is></c>', "a\nb"),
        ('<c r="A1" t="inlineStr"><is><t>\'=1</t></is></c>', "=1"),
        ('<c r="A1"><v>1e999</v></c>', "inf"),
    ],
    ids=["error", "error of a formula", "reading aid", "two formats", "coded line end", "escaped formula", "infinity"],
)  # fmt: skip
def test_a_cell_of_another_program_is_read(cell, text):
    assert read(with_cells(f'<row r="1">{cell}</row>'))[0].rows == ((text,),)


def test_every_cell_of_a_merged_range_holds_its_value_and_is_told():
    def draw(page, _):
        page.merge_range(1, 0, 2, 1, "状態")
        page.merge_range(1, 2, 1, 3, "")
        page.write_string(1, 4, "x")

    assert read(drawn(draw)) == (
        Sheet(
            "一",
            (("状態", "状態", "", "", "x"), ("状態", "状態", "", "", "")),
            first_row=2,
            merged=frozenset({(0, 1), (1, 0), (1, 1)}),
        ),
    )


def test_a_merged_range_may_reach_beyond_the_used_cells():
    one = '<row r="1"><c r="A1" t="str"><v>a</v></c></row>'
    (first,) = read(with_cells(one, '<mergeCells><mergeCell ref="A1:A3"/><mergeCell ref="F5:G6"/></mergeCells>'))
    assert first.rows == (("a",), ("a",), ("a",)) and first.merged == {(1, 0), (2, 0)}


# What is refused.


def part_without_end(size):
    return b"<worksheet>" + b" " * size + b"</worksheet>"


def declared_as(content, name, size, checksum=None):
    """The archive with another unpacked size (and checksum) declared for a part, in both of its headers."""
    with ZipFile(io.BytesIO(content)) as archive:
        info = archive.getinfo(name)
    old = info.CRC.to_bytes(4, "little"), info.compress_size.to_bytes(4, "little"), info.file_size.to_bytes(4, "little")
    new = (info.CRC if checksum is None else checksum).to_bytes(4, "little"), old[1], size.to_bytes(4, "little")
    assert content.count(b"".join(old)) == 2
    return content.replace(b"".join(old), b"".join(new))


def encrypted_by_its_flag():
    content = bytearray(GOOD)
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">]><sst><si><t>&b;</t></si></sst>'
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><worksheet>&a;</worksheet>'
CELL = '<c r="A1" t="str"><v>a</v></c>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "not_a_table", id="nothing"),
        pytest.param(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not_a_table", id="a PNG"),
        pytest.param(b"%PDF-1.7\n", "not_a_table", id="a PDF"),
        pytest.param(b"PK\x05\x06" + b"\x00" * 18, "not_a_table", id="an empty ZIP"),
        pytest.param(packed({"xl/workbook.xml": None}), "not_a_table", id="a ZIP of something else"),
        pytest.param(OLE, "not_a_table", id="OLE of something else"),
        pytest.param(OLE + "EncryptedPackage".encode("utf-16-le"), "encrypted", id="with a password"),
        pytest.param(encrypted_by_its_flag(), "encrypted", id="a ZIP with a password"),
        pytest.param(OLE + "Workbook\0".encode("utf-16-le"), "old_format", id="xls"),
        pytest.param(OLE + "Book\0".encode("utf-16-le"), "old_format", id="older xls"),
        pytest.param(packed({"xl/vbaProject.bin": b"x"}), "macros", id="xlsm"),
        pytest.param(packed({"xl/macrosheets/sheet1.xml": b"<x/>"}), "macros", id="old macros"),
        pytest.param(packed({SHEET: OUTSIDE}), "doctype", id="an outside entity in a sheet"),
        pytest.param(packed({"xl/sharedStrings.xml": OUTSIDE}), "doctype", id="an outside entity in the texts"),
        pytest.param(packed({"xl/sharedStrings.xml": LAUGHS}), "doctype", id="a billion laughs"),
        pytest.param(packed({"docProps/core.xml": LAUGHS}), "doctype", id="laughs where nobody looks"),
        pytest.param(packed({SHEET: OUTSIDE.decode().encode("utf-16")}), "broken", id="a part in UTF-16"),
        pytest.param(packed({SHEET: b"<worksheet><sheetData>"}), "broken", id="XML without end"),
        pytest.param(packed({SHEET: None}), "broken", id="a sheet is missing"),
        pytest.param(packed({"XL/Workbook.xml": b"<x/>"}), "broken", id="a part twice"),
        pytest.param(packed(compression=ZIP_BZIP2), "broken", id="packed in another way"),
        pytest.param(GOOD[:-30], "broken", id="without its end"),
        pytest.param(GOOD[:100], "broken", id="only its start"),
        pytest.param(with_cells(f'<row r="2">{CELL}</row>'), "broken", id="a cell outside its row"),
        pytest.param(with_cells(f'<row r="x">{CELL}</row>'), "broken", id="a row without number"),
        pytest.param(with_cells('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), "broken", id="a missing text"),
        pytest.param(
            packed({"xl/sharedStrings.xml": b'<sst uniqueCount="99999999999"/>'}), "broken", id="texts without end"
        ),
        pytest.param(with_cells('<row r="1"><c r="$A1"><v>9</v></c></row>'), "broken", id="a cell with another name"),
        pytest.param(
            with_cells(f'<row r="1">{CELL}</row>', '<mergeCells><mergeCell ref="A1:?"/></mergeCells>'),
            "broken",
            id="a merged range that is none",
        ),
        pytest.param(
            with_cells(
                f'<row r="1">{CELL}</row>', '<mergeCells>' + '<mergeCell ref="A1:B2"/>' * 2 + '</mergeCells>'
            ),
            "broken",
            id="merged ranges that overlap",
        ),
        pytest.param("番号,状態\n".encode("utf-16"), "encoding", id="CSV in UTF-16"),
        pytest.param(b'a\n"b', "broken", id="CSV with an open quote"),
    ],
)  # fmt: skip
def test_what_is_no_readable_table_is_refused_with_its_code(content, code):
    assert refusal(content).code == code


def test_a_file_is_refused_by_its_size_before_it_is_opened():
    assert refusal(GOOD, content_bytes=len(GOOD) - 1).params == {"limit": len(GOOD) - 1}
    assert refusal(GOOD, content_bytes=len(GOOD) - 1).code == "too_large"
    assert read(GOOD, content_bytes=len(GOOD))


def test_an_honest_bomb_is_refused_by_what_it_unpacks_to():
    bomb = packed({SHEET: part_without_end(5_000_000)})
    assert len(bomb) < 20_000
    refused = refusal(bomb, unpacked_bytes=1_000_000)
    assert (refused.code, refused.params) == ("unpacks_too_large", {"limit": 1_000_000})


def test_the_parts_are_counted_together():
    size = sum(len(part) for part in parts().values())
    assert read(GOOD, unpacked_bytes=size)
    assert refusal(GOOD, unpacked_bytes=size - 1).code == "unpacks_too_large"


def test_a_bomb_that_declares_itself_small_is_read_no_further_than_it_says():
    bomb = packed({SHEET: part_without_end(5_000_000)})
    assert refusal(declared_as(bomb, SHEET, 100), unpacked_bytes=1_000_000).code == "broken"
    start = zlib.crc32(part_without_end(5_000_000)[:100])
    assert refusal(declared_as(bomb, SHEET, 100, start), unpacked_bytes=1_000_000).code == "broken"


def test_a_part_that_declares_itself_large_is_counted_by_what_it_is():
    assert read(declared_as(GOOD, SHEET, 4_000_000_000))[0].rows == ROWS


def test_parts_that_nobody_reads_are_not_unpacked():
    assert read(packed({"xl/media/image1.png": b"\x00" * 5_000_000}), unpacked_bytes=1_000_000)[0].rows == ROWS


@pytest.mark.parametrize("content", [write_workbook([("a", [["x"]] * 30_000)]), b"x\n" * 30_000], ids=["XLSX", "CSV"])
def test_too_many_rows_are_refused(content):
    refused = refusal(content)
    assert (refused.code, refused.params) == ("too_many_rows", {"limit": 20_000})


def test_the_rows_of_all_sheets_count_together():
    content = write_workbook([("a", [["x"]] * 3), ("b", [["x"]] * 3)])
    assert read(content, rows=6)
    assert refusal(content, rows=5).code == "too_many_rows"


@pytest.mark.parametrize("content", [write_workbook([("a", [["x"] * 1000])]), b"x," * 1000], ids=["XLSX", "CSV"])
def test_too_many_columns_are_refused(content):
    refused = refusal(content)
    assert (refused.code, refused.params) == ("too_many_columns", {"limit": 200})


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ('<row r="1048576"><c r="A1048576"><v>1</v></c></row>', "too_many_rows"),
        ('<row r="1048576"><c><v>1</v></c></row>', "too_many_rows"),
        ('<x:row xmlns:x="y" r="1048576"><x:c><x:v>1</x:v></x:c></x:row>', "too_many_rows"),
        ('<row r="1"><c r="XFD1" t="inlineStr"><is><t>a</t></is></c></row>', "too_many_columns"),
    ],
)
def test_one_cell_far_out_is_refused_before_all_cells_up_to_it_are_laid_out(cells, code):
    assert refusal(with_cells(cells)).code == code


@pytest.mark.parametrize(
    ("reference", "code"), [("A1:A1048576", "too_many_rows"), ("A1:XFD1", "too_many_columns")]
)  # fmt: skip
def test_a_merged_range_counts_with_its_last_cell(reference, code):
    merged = f'<mergeCells><mergeCell ref="{reference}"/></mergeCells>'
    assert refusal(with_cells(f'<row r="1">{CELL}</row>', merged)).code == code


def test_a_long_cell_is_refused_by_its_name():
    content = write_workbook([("a", []), ("管理策", [[], ["", "x" * 32_767]])])
    assert read(content)[1].rows[0][1] == "x" * 32_767
    refused = refusal(content, cell_characters=32_766)
    assert (refused.code, refused.params) == ("cell_too_long", {"limit": 32_766, "sheet": "管理策", "cell": "B2"})


def test_text_that_many_cells_share_counts_each_time():
    content = write_workbook([("一", [["x" * 30_000] * 4])])
    assert sum(len(part) for part in parts(content).values()) < 60_000
    assert read(content, unpacked_bytes=120_000)
    assert refusal(content, unpacked_bytes=119_999).code == "unpacks_too_large"


def test_a_table_in_plain_values_keeps_what_the_table_says():
    assert plain_table(b"a\n", rows=5) == {"sheets": [["", (("a",),), 1, []]]}
    assert plain_table(b"a\nb\n", rows=1) == {"refused": ["too_many_rows", "there are too many rows", {"limit": 1}]}


@settings(max_examples=100)
@given(st.data())
def test_a_damaged_file_is_read_or_refused(data):
    content = bytearray(GOOD)
    for _ in range(data.draw(st.integers(1, 4))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    del content[data.draw(st.integers(len(content) // 2, len(content) * 2)) :]
    _read_or_refused(bytes(content))


@settings(max_examples=120)
@given(st.data())
def test_a_file_with_a_damaged_part_is_read_or_refused(data):
    name = data.draw(st.sampled_from(sorted(parts())))
    part = bytearray(parts()[name])
    for _ in range(data.draw(st.integers(1, 3))):
        place = data.draw(st.integers(0, len(part)))
        part[place : place + data.draw(st.integers(0, 3))] = data.draw(
            st.binary(max_size=3) | st.sampled_from([b"0", b"99999999999", b"<", b'"', b"A0", b"-1", b"<c>", b"&#0;"])
        )
    _read_or_refused(packed({name: bytes(part)}, ZIP_STORED))


def _read_or_refused(content):
    try:
        sheets = read(content, rows=1000)
    except UnreadableTableError:
        return
    assert all(isinstance(one, Sheet) for one in sheets)


# What is written.


def test_the_header_is_bold_frozen_and_filtered_and_columns_are_as_wide_as_their_text():
    def written(name):
        return parts(write_workbook([("一", [["番号", "理由"], ["1", "全角" * 10], ["2", "x" * 100]])]))[name].decode()

    assert '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>' in written(SHEET)
    assert '<autoFilter ref="A1:B3"/>' in written(SHEET)
    assert '<col min="1" max="1" width="8.7109375"' in written(SHEET)
    assert '<col min="2" max="2" width="60.7109375"' in written(SHEET)
    assert "<b/>" in written("xl/styles.xml") and 'wrapText="1"' in written("xl/styles.xml")


def test_the_same_sheets_give_the_same_bytes():
    sheets = [("一", [["a", "b"], ["1", "2"]]), ("二", [])]
    first = write_workbook(sheets)
    assert write_workbook(sheets) == first
    assert b"2000-01-01T00:00:00Z" in parts(first)["docProps/core.xml"]


def test_a_text_too_long_for_a_cell_is_not_cut_but_raised():
    with pytest.raises(ValueError, match="一: B2 does not fit a workbook"):
        write_workbook([("一", [[], ["", "x" * 32_768]])])


@pytest.mark.parametrize(
    "text",
    [
        "_x0041_",
        "_x005F_x0041_",
        "_x0041_x0042_x0043_",
        "a_x000D_b",
        "<r><t>x</t></r>",
        "<r></sst>&amp;_x0041_</r>",
        "<r>\n_x0041_x0042_\x01</r>",
        "&lt;b&gt; ]]> <![CDATA[",
        "𠮷野家で𩸽",
        "葛\U000e0100城",
        "一\n\n二",
        "\x01\x0b\x7f\x9f",
        "0012",
        "1e5",
        "TRUE",
        "{=1}",
        "http://example.jp",
        "'=1",
        "x" * 32_767,
        "𠮷" * 16_383,
    ],
)
def test_a_text_survives_a_workbook(text):
    assert read(write_workbook([("一", [["head", text]])]))[0].rows == (("head", trimmed(text)),)


def test_what_is_no_character_is_replaced_in_a_workbook():
    assert read(write_workbook([("一", [["a\uffff", "\ufffe"]])]))[0].rows == (("a\ufffd", "\ufffd"),)


WRITABLE = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff"), max_size=20)
TRICKY = st.lists(st.sampled_from(["_x0041", "_", "<r>", "</r>", "&", "'", "=", "＝", "\t", "\r", "\n"])).map("".join)


@given(rows=st.lists(st.lists(WRITABLE | TRICKY, min_size=2, max_size=2), max_size=3))
def test_what_is_written_is_read_again(rows):
    rows = [["head", "more"], *rows, ["foot", "more"]]
    expected = tuple(tuple(map(trimmed, row)) for row in rows)
    assert read(write_workbook([("一", rows)])) == (Sheet("一", expected, 1),)


def test_a_byte_order_mark_is_no_part_of_the_first_cell():
    assert read(codecs.BOM_UTF8 + b"a\n")[0].rows == (("a",),)
