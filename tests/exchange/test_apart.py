"""A reader in a process of its own comes back with its result, or the process ends and the one that asked goes on."""

import io
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from kansatsu.exchange.apart import (
    ApartError,
    CrashedError,
    OutOfMemoryError,
    OutOfTimeError,
    read_document_apart,
    read_table_apart,
    run,
)
from kansatsu.exchange.oscal import documents
from kansatsu.exchange.oscal.faults import Code, Fault
from kansatsu.exchange.sheets import Limits, UnreadableTableError
from kansatsu.exchange.workbooks import read_table, write_workbook

GOOD = write_workbook([("管理策", [["番号", "理由"], ["5.1.1", "=社内規程①\n𠮷"]]), ("空", [])])
PLAIN = "kansatsu.exchange.workbooks:plain_table"
AMPLE = {"seconds": 20, "memory_bytes": 1_000_000_000}


def workbook_that_repeats_one_long_text():
    """Small when unpacked, and 13 GB once every cell has its text."""
    row = "<row>" + '<c t="s"><v>0</v></c>' * 200 + "</row>"
    repeated = io.BytesIO()
    with ZipFile(io.BytesIO(GOOD)) as good, ZipFile(repeated, "w", ZIP_DEFLATED) as archive:
        for name in good.namelist():
            text = good.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                text = f"<worksheet><sheetData>{row * 2000}</sheetData></worksheet>"
            elif name == "xl/sharedStrings.xml":
                text = f"<sst><si><t>{'x' * 32_767}</t></si></sst>"
            archive.writestr(name, text)
    return repeated.getvalue()


def test_a_reader_gives_its_result_as_json_carries_it():
    assert run(PLAIN, "番号,①\n".encode(), **AMPLE) == {"sheets": [["", [["番号", "①"]], 1, []]]}


def test_a_reader_takes_options_by_name():
    assert run(PLAIN, b"a\nb\n", **AMPLE, options={"rows": 1})["refused"][0] == "too_many_rows"


def test_a_reader_that_takes_too_long_is_ended():
    with pytest.raises(OutOfTimeError, match=r"took longer than 0.01 s"):
        run(PLAIN, b"a\n", seconds=0.01, memory_bytes=AMPLE["memory_bytes"])


def test_a_reader_that_wants_too_much_memory_is_ended():
    with pytest.raises(OutOfMemoryError, match="wanted more than 150000000 bytes"):
        run(PLAIN, b"a," * 9_000_000, seconds=20, memory_bytes=150_000_000)


def test_a_reader_that_raises_is_told_with_its_last_line():
    with pytest.raises(CrashedError, match="UnreadableTableError: no header"):
        run("kansatsu.exchange.sheets:read_csv", b"", **AMPLE)


@pytest.mark.parametrize(
    "reader",
    [
        "os:system",
        "kansatsu.core.text:clean",
        "kansatsu.exchange.apart:_main",
        "kansatsu.exchange:x",
        "kansatsu.exchange.sheets:Row.line",
        "kansatsu.exchange.sheets",
        "",
    ],
)
def test_only_readers_of_exchange_are_run(reader):
    with pytest.raises(ValueError, match=r"is no reader of kansatsu\.exchange"):
        run(reader, b"", **AMPLE)


def test_a_function_that_a_module_only_imports_is_not_run():
    with pytest.raises(CrashedError, match=r"is no reader of kansatsu\.exchange"):
        run("kansatsu.exchange.workbooks:escape", b"", **AMPLE)


def test_all_failures_are_of_one_kind():
    assert all(issubclass(one, ApartError) for one in (CrashedError, OutOfMemoryError, OutOfTimeError))


@pytest.mark.parametrize("content", [GOOD, "番号,理由\r\n5.1.1,'=1\r\n".encode("cp932")], ids=["XLSX", "CSV"])
def test_a_table_read_apart_is_the_table(content):
    assert read_table_apart(content, Limits()) == read_table(content, limits=Limits())


def test_merged_cells_come_across():
    content = io.BytesIO()
    with ZipFile(io.BytesIO(GOOD)) as good, ZipFile(content, "w") as archive:
        for name in good.namelist():
            text = good.read(name).decode()
            if name == "xl/worksheets/sheet1.xml":
                text = text.replace("<pageMargins", '<mergeCells><mergeCell ref="A2:A3"/></mergeCells><pageMargins')
            archive.writestr(name, text)
    first = read_table_apart(content.getvalue(), Limits())[0]
    assert first.rows[2] == ("5.1.1", "") and first.merged == {(2, 0)}


def test_a_refusal_read_apart_keeps_code_message_and_values():
    with pytest.raises(UnreadableTableError, match="B1 is too long") as refused:
        read_table_apart(b"a,bbbb\n", Limits(cell_characters=3))
    assert (refused.value.code, refused.value.params) == ("cell_too_long", {"limit": 3, "sheet": "", "cell": "B1"})


def test_a_table_that_takes_too_long_is_refused():
    with pytest.raises(UnreadableTableError) as refused:
        read_table_apart(GOOD, Limits(seconds=0.01))
    assert (refused.value.code, refused.value.params) == ("took_too_long", {"limit": 0.01})


def test_a_workbook_that_repeats_one_long_text_without_end_is_refused():
    with pytest.raises(UnreadableTableError) as refused:
        read_table_apart(workbook_that_repeats_one_long_text(), Limits())
    assert (refused.value.code, refused.value.params) == ("unpacks_too_large", {"limit": 1_000_000_000})


def test_a_reader_that_crashes_leaves_a_broken_table():
    with pytest.raises(UnreadableTableError) as refused:
        read_table_apart(b"a\n", Limits(rows="many"))
    assert refused.value.code == "broken"


WITHIN = documents.Limits()


@pytest.mark.parametrize(
    "content", [b'{"catalog": {"a": [1, "x"]}}', "catalog:\n  a: [1, 暗号]\n".encode()], ids=["JSON", "YAML"]
)
def test_a_document_read_apart_is_the_same(content):
    assert read_document_apart(content, WITHIN, **AMPLE) == documents.read(content)


@pytest.mark.parametrize("content", [b"a: [1", b"a: 1\na: 2\n", b"[1]", b"\xff"])
def test_what_is_wrong_with_a_document_is_the_same_apart(content):
    with pytest.raises(documents.UnreadableDocumentError) as here:
        documents.read(content)
    with pytest.raises(documents.UnreadableDocumentError) as apart:
        read_document_apart(content, WITHIN, **AMPLE)
    assert apart.value.fault == here.value.fault


def test_a_document_that_keeps_its_parser_busy_is_given_up():
    content = b"a: " + b"[" * 100_000 + b"]" * 100_000
    with pytest.raises(documents.UnreadableDocumentError) as refused:
        read_document_apart(content, WITHIN, seconds=1, memory_bytes=1_000_000_000)
    assert refused.value.fault == Fault(Code.TOOK_TOO_LONG, params={"limit": 1})
