"""Registrations read from a CSV file, in the encodings that occur, and files that are none."""

import pytest

from kansatsu.assurance.register import sheets
from kansatsu.core.problems import Problem

HEAD = "number,service,provider,model,audit_from,audit_to,entered_on"
LINE = "C21-0008-2,髙﨑クラウド①,あおぞらクラウド㈱,saas,2024-04-01,2025-03-31,2021-03-12"
TEXT = f"{HEAD}\r\n{LINE}\r\n"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(TEXT.encode(), id="UTF-8"),
        pytest.param(b"\xef\xbb\xbf" + TEXT.encode(), id="UTF-8 with BOM"),
        pytest.param(TEXT.encode("cp932"), id="CP932"),
        pytest.param(TEXT.replace("\r\n", "\n").encode(), id="Unix line ends"),
        pytest.param(f"{HEAD}\r\n\r\n,,,,,,\r\n{LINE}".encode(), id="blank rows, no last line end"),
        pytest.param(TEXT.replace(",", " , ").encode("cp932"), id="spaces around the cells"),
    ],
)
def test_a_table_is_read_whatever_its_encoding(content):
    rows, problems = sheets.adopted_rows(content)
    assert problems == []
    assert [(row.number, row.service, row.provider) for row in rows] == [
        ("C21-0008-2", "髙﨑クラウド①", "あおぞらクラウド㈱")
    ]


def test_a_cell_may_hold_line_breaks_and_the_line_of_a_problem_is_the_lines_last():
    text = (
        f'{HEAD},regions\r\n{LINE},"東日本\n西日本"\r\n{LINE.replace("saas", "?").replace("0008", "0009")},"一\n二"\r\n'
    )
    rows, problems = sheets.adopted_rows(text.encode())
    assert [row.regions for row in rows] == ["東日本\n西日本"]
    assert [(one.code, one.where) for one in problems] == [("core.not_a_choice", "5:model")]


def test_the_problems_of_a_row_carry_its_line_in_the_file():
    _, problems = sheets.adopted_rows(f"{HEAD}\r\n\r\n{LINE}\r\n{LINE}\r\n".encode())
    assert problems == [Problem("register.number_twice", where="4:number", params={"line": 3})]


def test_a_header_without_rows_is_told():
    assert sheets.adopted_rows(f"{HEAD}\r\n".encode()) == ([], [Problem("register.no_rows", where="file")])


@pytest.mark.parametrize(
    ("content", "code", "params"),
    [
        (b"", "no_header", {}),
        (b"\r\n,,\r\n", "no_header", {}),
        (b"number\r\n\x81", "encoding", {}),
        (f"{HEAD},number\r\n{LINE},C21-0009-1".encode(), "name_twice", {}),
        (f'{HEAD}\r\n"{LINE}'.encode(), "broken", {"line": 2}),
        (f"{HEAD}\r\n{LINE},,,,,,,,,,,,,x".encode(), "more_cells_than_header", {"line": 2}),
    ],
)
def test_a_file_that_is_no_table_is_told_why(content, code, params):
    assert sheets.adopted_rows(content) == ([], [Problem(f"exchange.{code}", where="file", params=params)])
