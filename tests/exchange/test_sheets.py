"""Tables come in as people's programs write them, or are refused in plain words."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kansatsu.exchange.sheets import (
    Limits,
    Row,
    Sheet,
    UnreadableTableError,
    cell_name,
    csv_sheet,
    escaped,
    read_csv,
    sheet,
    trimmed,
    unescaped,
    write_csv,
)

TEXT = "番号,状態,理由\n5.1.1,実施,社内規程①\n5.1.2,対象外,該当なし\n"
ROWS = [
    Row(2, {"番号": "5.1.1", "状態": "実施", "理由": "社内規程①"}),
    Row(3, {"番号": "5.1.2", "状態": "対象外", "理由": "該当なし"}),
]


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("utf-8"),
        codecs.BOM_UTF8 + TEXT.encode("utf-8"),
        TEXT.encode("cp932"),
        TEXT.replace("\n", "\r\n").encode("cp932"),
        TEXT.replace("\n", "\r").encode("utf-8"),
        TEXT.rstrip("\n").encode("utf-8"),
    ],
    ids=["UTF-8", "UTF-8 with BOM", "CP932", "CP932 with CRLF", "old Mac line ends", "no last line end"],
)
def test_a_table_is_read_in_each_encoding_and_with_any_line_end(content):
    assert read_csv(content) == ROWS


def test_characters_outside_cp932_survive_in_utf_8():
    assert read_csv("名\n𠮷田\n葛\U000e0100城\n".encode())[0].cells == {"名": "𠮷田"}


def test_the_signs_of_windows_survive_in_cp932():
    assert read_csv("名\n髙﨑～㈱\n".encode("cp932"))[0].cells == {"名": "髙﨑～㈱"}


def test_names_and_cells_are_trimmed():
    assert read_csv(" 番号 ,\u3000状態\u3000\n 5.1.1 ,\t実施 \n".encode()) == [
        Row(2, {"番号": "5.1.1", "状態": "実施"})
    ]


def test_a_quoted_cell_holds_commas_quotes_and_lines():
    rows = read_csv(b'a,b\n"1,2","he said ""no""\nand left"\n3,4\n')
    assert rows == [Row(3, {"a": "1,2", "b": 'he said "no"\nand left'}), Row(4, {"a": "3", "b": "4"})]


def test_blank_rows_are_left_out_and_lines_still_counted():
    rows = read_csv(b"\n\na,b\n\n1,2\n,\n , \n3,4\n\n")
    assert rows == [Row(5, {"a": "1", "b": "2"}), Row(8, {"a": "3", "b": "4"})]


def test_a_short_row_lacks_its_last_cells():
    assert read_csv(b"a,b,c\n1\n") == [Row(2, {"a": "1"})]


def test_blank_cells_beyond_the_last_name_are_left_out():
    assert read_csv(b"a,b\n1,2,, \n") == [Row(2, {"a": "1", "b": "2"})]


def test_a_cell_beyond_the_last_name_is_refused_with_its_line():
    with pytest.raises(UnreadableTableError, match="line 4: more cells than the header has") as refused:
        read_csv(b"a,b\n1,2\n\n1,2,,3\n")
    assert (refused.value.code, refused.value.params) == ("more_cells_than_header", {"line": 4})


def test_a_header_without_rows_is_an_empty_table():
    assert read_csv(b"a,b\n") == []


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"", "no_header", "no header"),
        (b"\n \n,,\n", "no_header", "no header"),
        (b"a,b,a\n1,2,3\n", "name_twice", "a column name stands twice"),
        (b"a, a \n1,2\n", "name_twice", "a column name stands twice"),
        (b"a,,\n1,2,3\n", "name_twice", "a column name stands twice"),
        (b'a,b\n1,"2\n', "broken", "line 2: unexpected end of data"),
        (b'a,b\n1,2\n"3"x,4\n', "broken", "line 3: ',' expected after '\"'"),
        (b"a\n" + b"x" * 131073, "cell_too_long", r"line 2: field larger than field limit \(131072\)"),
        (b"\x80\x81\xff\n", "encoding", "neither UTF-8 nor CP932"),
    ],
    ids=["nothing", "only blank rows", "a name twice", "a name twice after trimming", "two columns without a name",
         "an open quote", "text behind a quote", "a huge cell", "no text at all"],
)  # fmt: skip
def test_what_is_no_table_is_refused_with_the_reason(content, code, message):
    with pytest.raises(UnreadableTableError, match=message) as refused:
        read_csv(content)
    assert refused.value.code == code


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
def test_a_table_in_another_encoding_is_refused(encoding):
    with pytest.raises(UnreadableTableError, match="neither UTF-8 nor CP932"):
        read_csv("番号,状態\n5.1.1,実施\n".encode(encoding))


def test_a_refusal_is_a_value_error():
    assert issubclass(UnreadableTableError, ValueError)


@given(content=st.binary(max_size=300))
def test_any_bytes_are_either_a_table_or_refused(content):
    try:
        rows = read_csv(content)
    except UnreadableTableError:
        return
    assert all(row.line > 1 for row in rows)


@pytest.mark.parametrize(
    ("row", "column", "name"),
    [
        (1, 1, "A1"),
        (12, 2, "B12"),
        (3, 26, "Z3"),
        (3, 27, "AA3"),
        (9, 702, "ZZ9"),
        (9, 703, "AAA9"),
        (1, 16384, "XFD1"),
    ],
)
def test_a_cell_is_named_as_spreadsheet_programs_name_it(row, column, name):
    assert cell_name(row, column) == name


def test_a_sheet_leaves_out_the_blank_rows_around_and_counts_them():
    assert sheet("一", [[], ["", ""], ["", "a", " "], [], ["b"], [" "]]) == Sheet(
        "一", (("", "a"), ("", ""), ("b", "")), first_row=3
    )


def test_a_sheet_without_text_has_no_rows():
    assert sheet("", [["", " "], ["\u3000"]]) == Sheet("", (), 1)


def test_cells_are_trimmed_and_their_line_ends_made_one():
    assert sheet("", [["\u3000a\r\nb\rc \n"]]).rows == (("a\nb\nc",),)


def test_a_csv_sheet_counts_rows_and_not_lines():
    assert csv_sheet('\n"a\nb",c\n\nd\n'.encode("cp932")) == Sheet(
        "", (("a\nb", "c"), ("", ""), ("d", "")), first_row=2
    )


def test_full_width_digits_stay_as_they_are():
    assert csv_sheet("５．１,①\n".encode()).rows == (("５．１", "①"),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("=1+1", "'=1+1"),
        ("+81", "'+81"),
        ("-", "'-"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("'=1", "''=1"),
        ("''＝1", "'''＝1"),
        ("＋", "'＋"),
        ("－１", "'－１"),
        ("＠", "'＠"),
        ("a=1", "a=1"),
        ("'tis", "'tis"),
        ("''", "''"),
        ("", ""),
    ],
)
def test_what_would_start_a_formula_gets_an_apostrophe_in_front(text, expected):
    assert escaped(text) == expected
    assert unescaped(expected) == text


@given(text=st.text() | st.text(alphabet="'=+-@\t\ra＝＋－＠"))
def test_the_escape_is_taken_off_again_and_leaves_no_formula(text):
    assert unescaped(escaped(text)) == text
    assert escaped(text)[:1] not in {*"=+-@\t\r＝＋－＠"}


def test_csv_is_written_with_bom_crlf_and_escape():
    assert write_csv([["番号", "式"], [" 1 ", "=1+1"], ["a,b", 'say "no"\r\nnow']]) == codecs.BOM_UTF8 + (
        '番号,式\r\n1,\'=1+1\r\n"a,b","say ""no""\nnow"\r\n'.encode()
    )


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\t\n\r'=＝"), max_size=20)


@given(rows=st.lists(st.lists(CELL, max_size=4), max_size=4))
def test_what_is_written_as_csv_is_read_again(rows):
    unescaped_rows = [[escaped(trimmed(cell)) for cell in row] for row in rows]
    assert csv_sheet(write_csv(rows)) == sheet("", unescaped_rows)


@given(text=CELL)
def test_a_text_comes_back_from_csv_as_it_was(text):
    assert csv_sheet(write_csv([["head", text]])).rows[0][1:] == ((trimmed(text),) if trimmed(text) else ())


def test_limits_cannot_be_changed():
    with pytest.raises(AttributeError):
        Limits().rows = 1
