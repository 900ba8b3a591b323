"""Tables of the criteria come in whatever their layout, or say cell by cell why not, and go out and in unchanged."""

import io
from collections import Counter
from dataclasses import replace
from datetime import datetime

import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assurance.criteria.made import EDITIONS

from kansatsu.assurance.criteria import columns, editions, rules, sheets
from kansatsu.assurance.criteria.columns import Layout, layout
from kansatsu.assurance.criteria.rules import ControlFacts, Kind, Part, Requirement
from kansatsu.assurance.criteria.sheets import rows
from kansatsu.core.problems import render
from kansatsu.core.refusals import Incomplete
from kansatsu.exchange.sheets import Limits, csv_sheet, sheet, write_csv
from kansatsu.exchange.workbooks import read_table, write_workbook

CLASSES = editions.readings()["2022"].classes
HEAD = ("番号", "題名", "内容")


def take(*tables, map_=columns.ANY):
    """What comes of grids of cells (each one, or a name and one); every problem can be said in both languages."""
    named = [one if isinstance(one, tuple) and isinstance(one[0], str) else ("", one) for one in tables]
    return said(sheets.take([sheet(name, cells) for name, cells in named], CLASSES, map_))


def said(taken):
    for problem in taken.problems:
        for language in ("ja", "en"):
            text = render(problem, language)
            assert text["message"] and text["remedy"]
        assert problem.where
    return taken


def lines(taken):
    """Number → title, or text where there is none; no problem may be in the way."""
    assert taken.problems == []
    return {one.number: one.title_ja or one.text_ja for one in taken.controls}


def places(taken):
    return [(problem.code.removeprefix("criteria."), problem.where) for problem in taken.problems]


def drawn(*pages):
    """A workbook as XlsxWriter draws it: name and what draws on the page."""
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    for name, draw in pages:
        draw(workbook.add_worksheet(name))
    workbook.close()
    return said(sheets.take(read_table(content.getvalue(), limits=Limits()), CLASSES))


def filled(*cells):
    """Draws the rows as text from the top left."""

    def draw(page):
        for index, row in enumerate(cells):
            for column, cell in enumerate(row):
                page.write_string(index, column, cell)

    return draw


PLAIN = [HEAD, ("5.1.1", "方針群", "定める。"), ("5.1.1.1", "承認", "承認する。"), ("5.1.1.2.PB", "周知", "知らせる。")]


def test_a_line_gives_number_part_kind_mark_class_title_and_text():
    assert take(PLAIN).controls == (
        ControlFacts("5.1.1", Part.CONTROLS, Kind.OBJECTIVE, "", Requirement.EXCLUDABLE, "", "方針群", "", "定める。"),
        ControlFacts("5.1.1.1", Part.CONTROLS, Kind.DETAILED, "", Requirement.SELECTABLE, "", "承認", "", "承認する。"),
        ControlFacts(
            "5.1.1.2.PB", Part.CONTROLS, Kind.DETAILED, "PB", Requirement.WITH_OBJECTIVE, "", "周知", "", "知らせる。"
        ),
    )


def test_title_lines_and_blank_rows_above_the_header_are_passed_over():
    above = [("ISMAP管理基準",), (), ("別表3", "", "令和6年7月"), ()]
    assert take([*above, *PLAIN]).controls == take(PLAIN).controls


def test_a_title_merged_across_the_table_is_no_header():
    def draw(page):
        page.merge_range("A1:D1", "管理基準")
        page.write_row("A3", ["番号", "内容", "備考", "英題"])
        page.write_row("A4", ["5.1.1", "定める。", "メモ", "Policies"])

    (one,) = drawn(("別表3", draw)).controls
    assert (one.text_ja, one.title_en) == ("定める。", "Policies")


def test_the_lowest_of_several_header_rows_decides():
    def draw(page):
        page.write("A1", "別表3 管理策基準")
        page.merge_range("A3:A5", "管理策番号")
        page.merge_range("B3:D3", "管理策")
        page.merge_range("B4:C4", "記述")
        page.merge_range("D4:D5", "区分")
        page.write_row("B5", ["題名", "本文"])
        page.write_row("A6", ["5.1.1", "方針群", "定める。", "変更"])
        page.write_row("A7", ["5.1.1.1", "承認", "承認する。", "追加"])
        page.write_row("A8", ["5.1.1.2", "", "", "欠番"])

    found = drawn(("一", draw))
    assert lines(found) == {"5.1.1": "方針群", "5.1.1.1": "承認"}
    assert [one.text_ja for one in found.controls] == ["定める。", "承認する。"]


def test_a_header_row_above_the_one_with_the_number_belongs_to_it():
    cells = [
        ("", "管理策", "変更", "参照"),
        ("番号", "題名", "改定", "規格"),
        ("5.1.1", "方針群", "追加", "27002"),
        ("5.1.1.1", "", "欠番", ""),
    ]
    (one,) = take(cells).controls
    assert (one.title_ja, one.base) == ("方針群", "27002")


def test_a_chapter_is_no_header_whatever_its_title():
    assert take([("番号", "題名"), ("5", "番号"), ("5.1.1", "方針群")]).clauses == {"5": ("番号", "")}


def test_a_sub_item_below_a_repeated_header_belongs_to_the_control_above():
    found = take([("番号", "内容"), ("5.1.1", "定める。"), ("番号", "内容"), ("", "(a) 目的")])
    assert lines(found) == {"5.1.1": "定める。\n(a) 目的"}


def test_headers_in_the_middle_are_passed_over_two_rows_of_them_too():
    head = [("番号", "管理策", "管理策"), ("番号", "題名", "内容")]
    body = [("5.1.1", "方針群", "定める。"), *head, ("5.1.1.1", "承認", "承認する。")]
    assert lines(take([*head, *body])) == {"5.1.1": "方針群", "5.1.1.1": "承認"}

    def draw(page):
        filled(*head, *body)(page)
        page.merge_range("A1:A2", "番号")
        page.merge_range("A4:A5", "番号")

    assert [one.text_ja for one in drawn(("一", draw)).controls] == ["定める。", "承認する。"]


def test_headers_are_known_in_any_width_case_and_with_remarks_in_brackets():
    head = ("Ｎｏ．", "題 名", "内容（注1）", "ＴＩＴＬＥ＿ＥＮ")
    (one,) = take([head, ("5.1.1", "方針群", "定める。", "Policies")]).controls
    assert (one.title_ja, one.text_ja, one.title_en) == ("方針群", "定める。", "Policies")


def test_a_table_with_english_headers_is_read():
    head = ("Control number", "Part", "Type", "Title", "Description", "Reference")
    found = take(
        [
            head,
            ("3.1.1", "Governance criteria", "Control objective", "Overview", "…", "ISO/IEC 27014"),
            ("3.1.1.1", "Governance", "Detailed control", "Detail", "…", ""),
            ("5.1.1", "Controls", "objective", "Policies", "…", "ISO/IEC 27002"),
        ]
    )
    assert [(one.part, one.kind, one.base) for one in found.controls] == [
        ("governance", "objective", "ISO/IEC 27014"),
        ("governance", "detailed", ""),
        ("controls", "objective", "ISO/IEC 27002"),
    ]
    assert found.problems == []


def test_a_table_without_any_header_is_read_by_its_values():
    found = take([("5.1.1", "方針群", "定める。"), ("5.1.1.1", "承認", "経営陣が承認する。")])
    assert [(one.number, one.title_ja, one.text_ja) for one in found.controls] == [
        ("5.1.1", "方針群", "定める。"), ("5.1.1.1", "承認", "経営陣が承認する。"),
    ]  # fmt: skip


def test_without_a_header_and_with_one_column_of_words_these_are_the_text():
    found = take([("管理策基準", ""), ("5.1.1", "定める。"), ("5.1.1.1", "承認する。")])
    assert [one.text_ja for one in found.controls] == ["定める。", "承認する。"]


def test_a_single_column_of_text_is_enough():
    found = take([("番号", "内容"), ("5.1.1", "定める。")])
    assert [(one.title_ja, one.text_ja) for one in found.controls] == [("", "定める。")]


def test_of_two_columns_of_text_side_by_side_the_first_holds_titles():
    found = take([("番号", "管理策", "内容"), ("5.1.1", "方針群", "定める。"), ("5.1.1.1", "", "承認する。")])
    assert [(one.title_ja, one.text_ja) for one in found.controls] == [("方針群", "定める。"), ("", "承認する。")]


def test_the_texts_of_objectives_and_details_can_stand_in_columns_of_their_own():
    cells = [("番号", "統制目標", "詳細管理策"), ("5.1.1", "定める。", ""), ("5.1.1.1", "", "承認する。")]
    assert lines(take(cells)) == {"5.1.1": "定める。", "5.1.1.1": "承認する。"}


def test_the_text_of_an_objective_repeated_beside_its_details_is_not_their_title():
    cells = [("番号", "統制目標", "詳細管理策"), ("5.1.1", "定める。", ""), ("5.1.1.1", "定める。", "承認する。")]
    assert [(one.title_ja, one.text_ja) for one in take(cells).controls] == [("", "定める。"), ("", "承認する。")]


def test_number_and_title_can_share_a_cell():
    found = take(
        [
            ("管理策", "内容"),
            ("5 情報セキュリティの方針群", ""),
            ("5.1　方向性", ""),
            ("5.1.1 方針群", "定める。"),
            ("5.1.1.1. 承認", "承認する。"),
            ("５．１．１．２．ＰＢ 周知", "知らせる。"),
            ("5.1.1.3 PB", "伝える。"),
        ]
    )
    assert lines(found) == {"5.1.1": "方針群", "5.1.1.1": "承認", "5.1.1.2.PB": "周知", "5.1.1.3.PB": "伝える。"}
    assert found.clauses == {"5": ("情報セキュリティの方針群", ""), "5.1": ("方向性", "")}


def test_a_cell_with_number_title_and_text_is_taken_apart():
    found = take([("5.1.1 方針群 \n 方針を定める。\n(a) 目的",), ("5.1.1.1 " + "長" * 201,)])
    assert [(one.title_ja, one.text_ja) for one in found.controls] == [
        ("方針群", "方針を定める。\n(a) 目的"), ("", "長" * 201),
    ]  # fmt: skip


def test_numbers_are_read_in_full_width_with_spaces_and_dots_at_the_end():
    cells = [
        HEAD,
        ("５．１．１　", "方針群", ""),
        ("5.1.1.1.", "承認", ""),
        (" 9.5.2.p", "分離", ""),
        ("9.5.2.1.ＰＢ.", "", "x"),
    ]
    assert [one.number for one in take(cells).controls] == ["5.1.1", "5.1.1.1", "9.5.2.P", "9.5.2.1.PB"]


def test_clause_like_forms_of_numbers_are_read():
    cells = [HEAD, ("6.3.P", "関係", ""), ("6.3.P.1", "責任", ""), ("6.3.P.1.1.PB", "合意", "")]
    found = take(cells)
    assert lines(found) == {"6.3.P.1": "責任", "6.3.P.1.1.PB": "合意"}
    assert found.clauses == {"6.3": ("関係", "")}
    assert found.controls[1].requirement == Requirement.WITH_OBJECTIVE


def test_titles_of_chapters_and_clauses_are_kept_apart():
    cells = [
        HEAD,
        ("5", "方針", ""),
        ("5.1", "方向性", ""),
        *PLAIN[1:],
        ("9.5.P", "仮想環境", ""),
        ("9.5.1.P", "分離", ""),
    ]
    found = take(cells)
    assert found.clauses == {"5": ("方針", ""), "5.1": ("方向性", ""), "9.5": ("仮想環境", "")}
    assert len(found.controls) == 4


def test_a_clause_title_on_a_line_of_its_own_above_a_table_is_kept():
    found = take([("番号", "内容"), ("", "5.1 方向性"), ("5.1.1", "定める。"), ("5.1.1.1", "承認する。")])
    assert found.clauses == {"5.1": ("方向性", "")} and lines(found)


def test_a_clause_that_comes_twice_with_two_titles_is_a_problem():
    cells = [HEAD, ("5.1", "方向性", ""), ("5.1", "方向性", ""), ("5.1", "別", ""), *PLAIN[1:]]
    assert places(take(cells)) == [("duplicate_number", "A4")]


def test_a_number_that_is_no_number_gives_no_clause_either():
    cells = [("番号", "種類", "内容"), ("第5章", "章", "方針"), ("5.1.1", "統制目標", "定める。")]
    found = take(cells)
    assert places(found) == [("bad_number", "A2")] and found.clauses == {}


def test_the_layout_of_2022_is_known_by_its_numbers():
    found = take([HEAD, ("5", "組織", ""), ("5.1", "方針群", ""), ("5.1.1.PB", "周知", ""), ("5.2", "役割", "")])
    assert [(one.number, one.kind) for one in found.controls] == [
        ("5.1", "objective"), ("5.1.1.PB", "detailed"), ("5.2", "objective"),
    ]  # fmt: skip
    assert found.clauses == {"5": ("組織", "")}


def test_a_detail_of_four_parts_or_a_chapter_above_8_tells_the_layout_of_2013():
    four = [HEAD, ("5.1", "方向性", ""), *PLAIN[1:]]
    high = [HEAD, ("9.5", "環境", ""), ("9.5.1", "分離", "")]
    assert [set(take(one).clauses) for one in (four, high)] == [{"5.1"}, {"9.5"}]


def test_governance_and_management_have_objectives_of_three_parts_in_both_layouts():
    found = take(
        [HEAD, ("3.1", "統治", ""), ("3.1.1", "全体像", ""), ("4.4.1.1", "", "x"), ("4.4.1", "", "y"), ("5.1", "", "z")]
    )
    assert [(one.number, one.part, one.kind) for one in found.controls] == [
        ("3.1.1", "governance", "objective"),
        ("4.4.1", "management", "objective"),
        ("4.4.1.1", "management", "detailed"),
        ("5.1", "controls", "objective"),
    ]
    assert set(found.clauses) == {"3.1"}


KINDS = [("統制目標", "詳細管理策"), ("目標", "詳細"), ("objective", "detailed"), ("管理目的", "管理策")]


@pytest.mark.parametrize(("objective", "detailed"), KINDS)
@pytest.mark.parametrize("header", ["区分", "種別", "種類", "分類", "Type", ""])
def test_a_column_of_kinds_is_known_by_its_values(header, objective, detailed):
    cells = [
        (header, "番号", "内容"),
        (objective, "5.1", "定める。"),
        (detailed, "5.1.1", "承認する。"),
        (detailed, "5.1.2", "x"),
    ]
    assert [one.kind for one in take(cells).controls] == ["objective", "detailed", "detailed"]


@pytest.mark.parametrize("header", ["区分", "種別", "分類", "部", ""])
def test_a_column_of_parts_is_known_by_its_values(header):
    cells = [(header, "番号", "内容"), ("ガバナンス基準", "13.1.1", "導く。"), ("マネジメント基準", "14.4.1", "営む。")]
    assert [one.part for one in take(cells).controls] == ["governance", "management"]


@pytest.mark.parametrize("header", ["区分", "種別", "記号"])
def test_a_column_of_marks_makes_up_for_marks_that_the_numbers_lack(header):
    cells = [
        ("番号", header, "内容"),
        ("5.1.1", "", "定める。"),
        ("5.1.1.1", "PB", "x"),
        ("5.1.1.2", "B", "y"),
        ("5.1.1.3.P", "Ｐ", "z"),
    ]
    assert [one.number for one in take(cells).controls] == ["5.1.1", "5.1.1.1.PB", "5.1.1.2.B", "5.1.1.3.P"]


@pytest.mark.parametrize("header", ["区分", "種別", "変更の種類", "Type of change"])
def test_a_column_of_changes_tells_missing_numbers(header):
    cells = [
        ("番号", header, "内容"),
        ("5.1.1", "変更", "定める。"),
        ("5.1.1.1", "追加", "x"),
        ("5.1.1.2", "欠番", ""),
        ("5.1.1.3", "変更なし", "z"),
    ]
    assert [one.number for one in take(cells).controls] == ["5.1.1", "5.1.1.1", "5.1.1.3"]


@pytest.mark.parametrize("text", ["欠番", "（欠番）", "削除", "Deleted"])
def test_a_line_that_only_says_that_its_number_is_missing_is_left_aside(text):
    assert lines(take([("番号", "内容"), ("5.1.1", "定める。"), ("5.1.1.1～5.1.1.3", text)])) == {"5.1.1": "定める。"}


def test_what_follows_a_missing_number_belongs_to_no_control():
    found = take([("番号", "内容"), ("5.1.1", "定める。"), ("5.1.1.1", "欠番"), ("", "(a) 目的")])
    assert places(found) == [("no_number", "A4")]


def test_a_column_that_counts_the_lines_is_no_column_of_numbers():
    for cells in (
        [
            ("No", "管理策番号", "内容"),
            ("1", "5.1.1", "定める。"),
            ("2", "5.1.1.1", "承認する。"),
            ("3", "", "(a) 目的"),
        ],
        [
            ("管理策番号", "内容", "項番"),
            ("5.1.1", "定める。", "1"),
            ("5.1.1.1", "承認する。", "2"),
            ("", "(a) 目的", "3"),
        ],
    ):
        assert lines(take(cells)) == {"5.1.1": "定める。", "5.1.1.1": "承認する。\n(a) 目的"}


def test_objectives_and_details_can_have_columns_of_numbers_of_their_own():
    head = ("統制目標番号", "詳細管理策番号", "内容")
    cells = [head, ("5.1.1", "", "定める。"), ("", "5.1.1.1", "承認する。"), ("5.1.1", "5.1.1.2.PB", "知らせる。")]
    assert lines(take(cells)) == {"5.1.1": "定める。", "5.1.1.1": "承認する。", "5.1.1.2.PB": "知らせる。"}


def test_an_objective_can_stand_beside_its_details():
    head = ("統制目標番号", "統制目標", "詳細管理策番号", "詳細管理策")
    flat = [
        head,
        ("5.1.1", "定める。", "5.1.1.1", "承認する。"),
        ("5.1.1", "定める。", "5.1.1.2.PB", "知らせる。"),
        ("5.1.2", "見直す。", "", ""),
    ]
    expected = {"5.1.1": "定める。", "5.1.1.1": "承認する。", "5.1.1.2.PB": "知らせる。", "5.1.2": "見直す。"}
    assert lines(take(flat)) == expected

    def draw(page):
        filled(*flat)(page)
        page.merge_range("A2:A3", "5.1.1")
        page.merge_range("B2:B3", "定める。")

    assert lines(drawn(("別表3", draw))) == expected


def test_the_title_of_an_objective_beside_its_details_is_not_theirs():
    head = ("統制目標番号", "題名", "詳細管理策番号", "詳細管理策")
    found = take([head, ("5.1.1", "方針群", "5.1.1.1", "承認する。"), ("5.1.1", "方針群", "5.1.1.2", "知らせる。")])
    assert [(one.number, one.title_ja, one.text_ja) for one in found.controls] == [
        ("5.1.1", "方針群", ""), ("5.1.1.1", "", "承認する。"), ("5.1.1.2", "", "知らせる。"),
    ]  # fmt: skip


def test_objectives_and_details_can_stand_side_by_side_under_the_same_headers():
    cells = [
        ("番号", "内容", "番号", "内容"),
        ("5.1.1", "定める。", "5.1.1.1", "承認する。"),
        ("", "", "5.1.1.2", "知らせる。"),
    ]
    assert lines(take(cells)) == {"5.1.1": "定める。", "5.1.1.1": "承認する。", "5.1.1.2": "知らせる。"}


def test_an_objective_with_number_and_title_in_one_cell_can_stand_beside_its_details():
    cells = [("統制目標", "詳細管理策"), ("5.1.1 方針群", "5.1.1.1 承認"), ("", "5.1.1.2 周知")]
    assert lines(take(cells)) == {"5.1.1": "方針群", "5.1.1.1": "承認", "5.1.1.2": "周知"}


def test_lines_under_a_merged_number_belong_to_it():
    def draw(page):
        page.write_row("A1", ["番号", "内容", "英文", "備考"])
        page.write_row("A2", ["5.1.1", "定める。", "Define.", ""])
        page.write_row("B3", ["目的を書く。", "Say why.", ""])
        page.write("D4", "メモ")
        page.merge_range("A2:A4", "5.1.1")
        page.write_row("A5", ["5.1.1.1", "承認する。"])

    found = drawn(("一", draw))
    assert [(one.text_ja, one.text_en) for one in found.controls] == [
        ("定める。\n目的を書く。", "Define.\nSay why."), ("承認する。", ""),
    ]  # fmt: skip


def test_a_text_that_is_merged_as_its_number_comes_once():
    def draw(page):
        page.write_row("A1", ["番号", "内容", "備考"])
        page.write("C2", "甲")
        page.write("C3", "乙")
        page.merge_range("A2:A3", "5.1.1")
        page.merge_range("B2:B3", "定める。")

    assert lines(drawn(("一", draw))) == {"5.1.1": "定める。"}


def test_a_merged_number_that_is_missing_takes_its_lines_with_it():
    def draw(page):
        filled(("番号", "内容"), ("5.1.1", "定める。"), ("", "欠番"), ("", "かつての文"))(page)
        page.merge_range("A3:A4", "5.1.1.1")

    assert lines(drawn(("一", draw))) == {"5.1.1": "定める。"}


def test_sub_items_under_a_merged_objective_belong_to_the_detail_above():
    def draw(page):
        page.write_row("A1", ["統制目標番号", "詳細管理策番号", "内容"])
        page.write_row("B2", ["", "定める。"])
        page.write_row("B3", ["5.1.1.1", "承認する。"])
        page.write_row("B4", ["", "(a) 目的"])
        page.merge_range("A2:A4", "5.1.1")

    assert lines(drawn(("一", draw))) == {"5.1.1": "定める。", "5.1.1.1": "承認する。\n(a) 目的"}


SUB_ITEMS = [
    "(a) 目的",
    "（ａ） 目的",
    "a) 目的",
    "1) 目的",
    "1. 目的",
    "①目的",
    "・目的",
    "ア）目的",
    "- 目的",
    "(ii) 目的",
]


@pytest.mark.parametrize("text", SUB_ITEMS)
def test_a_sub_item_on_a_line_of_its_own_belongs_to_the_control_above(text):
    found = take([("番号", "内容"), ("5.1.1", "定める。"), ("", text), ("5.1.1.1", "承認する。")])
    assert lines(found) == {"5.1.1": f"定める。\n{text}", "5.1.1.1": "承認する。"} and found.clauses == {}


@pytest.mark.parametrize("mark", ["(a)", "a)", "①", "・", "（ア）", "1)"])
def test_the_mark_of_a_sub_item_can_stand_where_numbers_do(mark):
    found = take([("番号", "内容"), ("5.1.1", "定める。"), (mark, "目的"), ("5.1.1.1", "承認する。")])
    assert lines(found) == {"5.1.1": f"定める。\n{mark} 目的", "5.1.1.1": "承認する。"}
    assert lines(take([("番号", "内容"), ("5.1.1", "定める。"), (mark, "")])) == {"5.1.1": f"定める。\n{mark}"}


def test_sub_items_inside_a_text_stay_where_they_are():
    text = "定める。\n(a) 目的\n  (b) 範囲\n\n- 例"
    assert lines(take([("番号", "内容"), ("5.1.1", text)])) == {"5.1.1": text}


def test_part_heading_rows_tell_the_part_of_the_rows_below():
    cells = [
        HEAD,
        ("ガバナンス基準",),
        ("13.1.1", "導く", ""),
        ("マネジメント基準", "マネジメント基準"),
        ("14.4.1", "営む", ""),
    ]
    assert [one.part for one in take(cells).controls] == ["governance", "management"]


def test_sheets_are_read_one_after_another_and_others_left_aside():
    found = drawn(
        ("表紙", filled(("ISMAP管理基準",))),
        ("別表1 ガバナンス基準", filled(("別表1",), HEAD, ("3.1.1", "全体像", ""))),
        ("別表2 マネジメント基準", filled(("別表2",), (), HEAD, ("4.4.1", "立上げ", ""), ("4.4.1.1", "範囲", ""))),
        ("別表3 管理策基準", filled(("別表3",), HEAD, *PLAIN[1:])),
        ("別表4 対応表", filled(("番号", "統一基準"), ("5.1.1", "2.1.1"), ("5.1.1", "2.1.2"))),
        ("別表8 頻度の例", filled(("番号", "頻度"), ("5.1.1", "年1回"))),
        ("備考", filled(("なし", "あり"))),
        ("空", filled()),
    )  # fmt: skip
    assert lines(found) == {
        "3.1.1": "全体像", "4.4.1": "立上げ", "4.4.1.1": "範囲",
        "5.1.1": "方針群", "5.1.1.1": "承認", "5.1.1.2.PB": "周知",
    }  # fmt: skip
    assert found.skipped == ("表紙", "別表4 対応表", "別表8 頻度の例", "備考")
    assert Counter(one.part.value for one in found.controls) == {"governance": 1, "management": 2, "controls": 3}


def test_the_name_of_a_sheet_tells_the_part_where_it_says_the_whole_name():
    assert take(("管理策基準", [HEAD, ("3.1.1", "x", "")])).controls[0].part == Part.CONTROLS
    assert take(("Governance criteria", [HEAD, ("8.1.1", "x", "")])).controls[0].part == Part.GOVERNANCE
    assert take(("Controls", [HEAD, ("3.1.1", "x", "")])).controls[0].part == Part.GOVERNANCE
    above = [("情報セキュリティマネジメントの管理策",), *PLAIN]
    assert {one.part for one in take(above).controls} == {Part.CONTROLS}


@pytest.mark.parametrize(
    "note", ["※ P は提供者固有の管理策", "（注）出典は別表4", "* see table 4", "備考：なし", "注1 番号は欠番を含む"]
)
def test_footnotes_at_the_end_are_left_aside(note):
    assert lines(take([*PLAIN, (), (note,)])) == lines(take(PLAIN))
    assert lines(take([*PLAIN, ("", "", note)])) == lines(take(PLAIN))


def test_any_other_line_without_a_number_is_a_problem_with_its_place():
    cells = [("題",), (), HEAD, *PLAIN[1:3], ("", "見出しのない文", ""), ("", "", "※ 途中の注"), ("※ 注",), PLAIN[3]]
    found = take(("別表3", cells))
    assert places(found) == [("no_number", "別表3!A6"), ("no_number", "別表3!A7"), ("bad_number", "別表3!A8")]


def test_a_line_before_the_first_number_of_any_sheet_may_be_a_remark():
    for remark in (("以下の管理策を定める。",), ("", "以下の管理策を定める。", "")):
        assert lines(take(("一", [HEAD, remark, *PLAIN[1:]]), ("二", [HEAD, remark, ("6.1.1", "体制", "")])))


@pytest.mark.parametrize(
    ("cell", "code", "params"),
    [
        ("5.1.1.1.X", "unknown_mark", {"mark": "X"}),
        ("5.1.1.1.PX", "unknown_mark", {"mark": "PX"}),
        ("2005-01-01", "bad_number", {"value": "2005-01-01"}),
        ("2005/1/1", "bad_number", {"value": "2005/1/1"}),
        ("五.一", "bad_number", {"value": "五.一"}),
        ("5.1.1.1.1", "bad_number", {"value": "5.1.1.1.1"}),
        ("5.1.1-5.1.3", "bad_number", {"value": "5.1.1-5.1.3"}),
        ("A.5.1", "bad_number", {"value": "A.5.1"}),
    ],
)
def test_a_number_that_is_none_is_a_problem_at_its_cell(cell, code, params):
    (problem,) = take(("別表3", [(), HEAD, *PLAIN[1:], (cell, "x", "y")])).problems
    assert (problem.code, problem.where, problem.params) == (f"criteria.{code}", "別表3!A6", params)


def test_a_number_that_excel_made_a_date_is_a_problem_that_says_so():
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"in_memory": True})
    page = workbook.add_worksheet("別表3")
    filled(*PLAIN)(page)
    page.write_datetime("A5", datetime(2005, 1, 1), workbook.add_format({"num_format": "yyyy/m/d"}))
    workbook.close()
    (problem,) = said(sheets.take(read_table(content.getvalue(), limits=Limits()), CLASSES)).problems
    assert problem.where == "別表3!A5" and problem.params["value"].startswith("2005-01-01")
    assert "date" in render(problem, "en")["remedy"] and "日付" in render(problem, "ja")["remedy"]


def test_an_objective_that_excel_shortened_is_a_duplicate_with_a_hint():
    found = take(
        ("一", [("番号", "種類", "内容"), ("5.1", "統制目標", "x"), ("5.9", "統制目標", "y"), ("5.1", "統制目標", "z")])
    )
    (problem,) = found.problems
    assert (problem.code, problem.where, problem.params) == ("criteria.duplicate_number", "一!A4", {"first": "5.1"})
    assert "5.10" in render(problem, "ja")["remedy"]


def test_a_duplicate_names_the_second_place():
    found = take(("一", PLAIN), ("二", [HEAD, ("5.1.1.1.P", "承認", "")]))
    assert places(found) == [("duplicate_number", "二!A2")]


def test_a_detail_without_its_objective_is_a_problem_at_its_cell():
    found = take(("一", [*PLAIN, ("5.2.1.1", "x", "")]))
    assert places(found) == [("no_objective", "一!A5")]
    assert render(found.problems[0], "en")["message"] == "The detailed control 5.2.1.1 has no control objective 5.2.1."


def test_a_kind_that_the_number_cannot_be_is_a_problem():
    cells = [("番号", "種類", "内容"), ("5.1.1", "統制目標", "x"), ("5.1.1.1", "統制目標", "y"), ("5", "統制目標", "z")]
    assert places(take(cells)) == [("kind_contradicts", "A3"), ("bad_number", "A4")]


def test_a_mark_that_differs_from_the_number_is_a_problem():
    cells = [("番号", "記号", "内容"), ("5.1.1", "", "x"), ("5.1.1.1.P", "PB", "y")]
    assert places(take(cells)) == [("mark_differs", "A3")]


@pytest.mark.parametrize(
    ("header", "word"), [("種類", "その他"), ("部", "付録"), ("記号", "Q"), ("基本言明要件", "任意")]
)
def test_a_word_that_nobody_knows_is_a_problem_that_names_the_known_ones(header, word):
    cells = [("番号", "内容", header), ("5.1.1", "x", word)]
    found = take(cells)
    assert places(found) == [("unknown_value", "A2")]
    assert word in render(found.problems[0], "ja")["message"]


def test_an_earlier_number_that_is_none_is_a_problem():
    cells = [("番号", "内容", "旧番号"), ("5.1.1", "x", "9.1.1、９．１．２"), ("5.1.2", "y", "なし")]
    found = take(cells)
    assert places(found) == [("bad_number", "A3")]
    assert found.controls[0].earlier == ("9.1.1", "9.1.2")


def test_a_text_out_of_bounds_is_a_problem_at_the_cell_of_its_number():
    found = take(("一", [HEAD, ("5.1.1", "題" * 201, ""), ("5.1.2", "", "文" * 8001)]))
    assert [(one.code, one.where) for one in found.problems] == [("core.too_long", "一!A2"), ("core.too_long", "一!A3")]


@pytest.mark.parametrize("cells", [[], [("",)], [("説明",), ("ここには何もない",)], [HEAD], [("番号", "内容")]])
def test_a_file_without_any_line_says_so(cells):
    (problem,) = sheets.take([sheet("", cells)], CLASSES).problems
    assert problem.code == "criteria.no_controls" and "docs/criteria.md" in render(problem, "ja")["remedy"]


def test_line_breaks_in_titles_become_spaces_and_other_spaces_stay():
    (one,) = take([HEAD, ("5.1.1", "情報　セキュリティ\n方針群", "一\n\n二")]).controls
    assert (one.title_ja, one.text_ja) == ("情報　セキュリティ 方針群", "一\n\n二")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_a_csv_file_is_read_in_each_encoding(encoding):
    text = "\r\n".join(",".join(row) for row in [("別表3",), HEAD, *PLAIN[1:]])
    found = said(sheets.take([csv_sheet(text.encode(encoding))], CLASSES))
    assert found.controls == take(PLAIN).controls


def test_the_places_of_a_csv_file_are_cells_without_a_sheet():
    found = said(sheets.take([csv_sheet("\n番号,内容\n5.1.1,x\n5.1.X,y\n".encode())], CLASSES))
    assert places(found) == [("unknown_mark", "A4")]


MAP = """
first_row = 3
objective_parts = 2
sheets = ["本表"]

[columns]
number = "B"
text_ja = "きまり"
kind = "d"

[kinds]
objective = ["大"]
detailed = ["小"]
clause = ["章だて"]
"""


def test_a_map_names_the_columns_of_a_layout_that_nobody_has_seen():
    cells = [
        ("きまり", "", "", ""),
        ("あれこれ", "しるし", "", "がら"),
        ("組織", "5", "", "章だて"),
        ("定める。", "5.1", "", "大"),
        ("承認する。", "5.1.1", "", "小"),
    ]
    found = take(("本表", cells), ("別", PLAIN), map_=layout(MAP))
    assert [(one.number, one.kind, one.text_ja) for one in found.controls] == [
        ("5.1", "objective", "定める。"), ("5.1.1", "detailed", "承認する。"),
    ]  # fmt: skip
    assert found.clauses == {"5": ("組織", "")} and found.skipped == ("別",)


def test_a_map_with_letters_needs_no_first_row():
    cells = [("題",), ("番号", "題名", "内容"), *PLAIN[1:]]
    found = take(
        ("一", cells), ("二", [("題",), HEAD, ("6.1.1", "体制", "")]), map_=Layout({"number": "A", "title_ja": "B"})
    )
    assert [one.number for one in found.controls] == ["5.1.1", "5.1.1.1", "5.1.1.2.PB", "6.1.1"]
    assert found.problems == []


def test_a_column_of_the_map_that_no_sheet_has_is_a_problem():
    found = take(PLAIN, map_=Layout({"number": "番号", "text_ja": "内客"}))
    assert places(found) == [("bad_map", "map")] and "内客" in render(found.problems[0], "ja")["message"]


def test_a_map_can_say_which_numbers_are_objectives():
    cells = [HEAD, ("5.1", "方針群", ""), ("5.1.1", "周知", "")]
    kinds = {
        parts: [one.kind.value for one in take(cells, map_=Layout(objective_parts=parts)).controls] for parts in (2, 3)
    }
    assert kinds == {2: ["objective", "detailed"], 3: ["objective"]}


@pytest.mark.parametrize(
    "content",
    [
        "columns = [", "columns = 5", 'columns = "ab"', "[columns]\nnumbr = 'A'", "colums = {}", "first_row = 'x'",
        "first_row = inf", "first_row = nan", "objective_parts = 4", "objective_parts = 1", "sheets = 3",
        "[kinds]\nodd = ['x']", "[kinds]\nobjective = [5]", "[kinds]\nobjective = 5", "x = " + "[" * 5000,
    ],
)  # fmt: skip
def test_a_map_that_is_none_is_refused_with_the_reason(content):
    with pytest.raises(Incomplete) as refused:
        layout(content)
    (problem,) = refused.value.problems
    assert (problem.code, problem.where) == ("criteria.bad_map", "map")
    assert render(problem, "ja")["message"] and render(problem, "en")["message"]


def test_an_empty_map_leaves_everything_to_be_found_out():
    assert layout("") == columns.ANY


WORDS = """
番号 内容 題名 区分 統制目標 詳細管理策 管理策基準 識別子 旧番号 要件 部 5 5.1 5.1.1 5.1.1.1.PB 9.5.P 5.1.1.X 5.1.1　題
(a)　項 欠番 PB ※注 2005-01-01 ①
"""
CELLS = st.one_of(st.just(""), st.sampled_from(WORDS.replace("\n", " ").split(" ")), st.text(max_size=8))


@settings(max_examples=120)
@given(st.lists(st.lists(st.lists(CELLS, max_size=6), max_size=9), max_size=3), st.data())
def test_any_grid_of_text_is_read_or_says_why_not(grids, data):
    found = []
    for index, cells in enumerate(grids):
        lent = {
            (r, c)
            for r, row in enumerate(cells)
            for c, cell in enumerate(row)
            if cell.strip() and data.draw(st.booleans())
        }
        found.append(sheet(f"表{index}", cells, frozenset(lent) if data.draw(st.booleans()) else frozenset()))
    taken = sheets.take(found, CLASSES)
    for problem in taken.problems:
        assert render(problem, "ja")["message"] and render(problem, "en")["remedy"]
    assert taken.controls or taken.problems
    if not taken.problems:
        assert rules.edition_problems(taken.controls) == []
        again = sheets.take([sheet("", list(rows(taken.controls, taken.clauses)))], CLASSES)
        assert rules.content_hash(again.controls) == rules.content_hash(taken.controls)


@settings(max_examples=80)
@given(
    st.lists(st.lists(CELLS, max_size=4), max_size=6),
    st.dictionaries(st.sampled_from(columns.FIELDS), st.sampled_from("ABCDZ")),
)
def test_any_grid_is_read_with_any_map(cells, columns):
    for problem in sheets.take([sheet("", cells)], CLASSES, Layout(columns, first_row=2)).problems:
        assert render(problem, "ja")["message"]


@given(st.text())
def test_any_text_is_a_map_or_is_refused(content):
    try:
        found = layout(content)
    except Incomplete as refused:
        found = refused
    assert isinstance(found, Layout) or [one.code for one in found.problems] == ["criteria.bad_map"]


def both_ways(controls, clauses):
    """What comes back from CSV and from a workbook."""
    table = list(rows(controls, clauses))
    for content in (write_csv(table), write_workbook([("criteria", table)])):
        yield said(sheets.take(read_table(content, limits=Limits()), CLASSES))


@pytest.mark.parametrize("edition_id", editions.shipped_ids())
def test_an_edition_that_ships_goes_out_and_comes_in_again(edition_id):
    one = editions.shipped(edition_id)
    clauses = editions.clause_titles(one.layout)
    for found in both_ways(one.controls, clauses):
        assert (found.controls, found.clauses, found.problems) == (one.controls, clauses, [])


@settings(max_examples=60)
@given(EDITIONS)
def test_any_edition_goes_out_and_comes_in_again(edition):
    controls, clauses = edition
    for found in both_ways(controls, clauses):
        assert found.problems == []
        assert (found.controls, found.clauses) == (controls, clauses)
        assert rules.content_hash(found.controls) == rules.content_hash(controls)


def test_a_table_without_columns_of_ids_counts_as_the_same_content():
    one = editions.shipped("ismap-2022-04")
    table = [row[:-2] for row in rows(one.controls, {})]
    found = sheets.take([sheet("", table)], CLASSES)
    assert rules.content_hash(found.controls) == rules.content_hash(one.controls)


def test_a_class_that_the_table_gives_goes_before_the_reading():
    one = replace(take(PLAIN).controls[0], requirement=Requirement.MANDATORY)
    (found,) = sheets.take([sheet("", list(rows([one], {})))], CLASSES).controls
    assert found.requirement == Requirement.MANDATORY
