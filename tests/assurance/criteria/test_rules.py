"""Control numbers, their order and parents, what an edition must hold to, its classes, and the content hash."""

import hashlib
import json
import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kansatsu.assurance.criteria import editions, rules
from kansatsu.assurance.criteria.rules import ControlFacts, EditionHeader, Kind, MappingHeader, Part, Requirement
from kansatsu.core.problems import render

ONE = ControlFacts(
    number="5.1.1",
    part=Part.CONTROLS,
    kind=Kind.OBJECTIVE,
    mark="",
    requirement=Requirement.EXCLUDABLE,
    base="ISO/IEC 27002:2013",
    title_ja="方針群",
    title_en="Policies",
    text_ja="方針を定める。",
    text_en="",
)
TWO = replace(ONE, number="5.1.1.1", kind=Kind.DETAILED, requirement=Requirement.SELECTABLE, id="")
MARKED = replace(TWO, number="5.1.1.1.PB", mark="PB", requirement=Requirement.WITH_OBJECTIVE, id="")


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("5.1", (5, 1)),
        ("9.5.P", (9, 5)),
        ("8.35.P", (8, 35)),
        ("3.1.1", (3, 1, 1)),
        ("12.6.1.18.PB", (12, 6, 1, 18)),
        ("9.5.2.P", (9, 5, 2)),
        ("6.3.P.1.1.PB", (6, 3, 1, 1)),
        ("6.3.1.P", (6, 3, 1)),
        ("8.1.5.P.4", (8, 1, 5, 4)),
        ("18.2.3.4.B", (18, 2, 3, 4)),
    ],
)
def test_a_number_is_read_part_by_part_and_its_marks_are_left_aside(number, expected):
    assert rules.digits(number) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "5",
        "5.1.",
        "5.1.1.1.1",
        "5.1.1.X",
        "a.b.c",
        "5.1.1.1.P.B",
        "5.1.1.P.B",
        "5.1.P.PB",
        " 5.1.1",
        "5.1.1\n",
        "512.1.1",
        "5-1-1",
        "5.1.1pb",
        "５.1.1",
        "5..1",
        "P",
        "2005-01-01",
    ],
)
def test_what_is_no_control_number_is_refused(text):
    assert not rules.is_number(text)
    with pytest.raises(ValueError, match="not a control number"):
        rules.digits(text)


@pytest.mark.parametrize(
    ("number", "key"),
    [("8.34", "008.034"), ("5.1.1", "005.001.001"), ("12.6.1.18.PB", "012.006.001.018"), ("9.5.2.P", "009.005.002")],
)
def test_the_sort_key_pads_every_part(number, key):
    assert rules.sort_key(number) == key


def test_numbers_sort_as_numbers_and_an_objective_stands_before_its_details():
    mixed = ["12.1.1", "5.1.1.10", "9.5.2.1.PB", "5.1.1.2", "5.1.1", "9.5.2.P", "5.1.10", "5.1.2"]
    assert sorted(mixed, key=rules.sort_key) == [
        "5.1.1", "5.1.1.2", "5.1.1.10", "5.1.2", "5.1.10", "9.5.2.P", "9.5.2.1.PB", "12.1.1",
    ]  # fmt: skip


PARTS = st.lists(st.integers(0, 99), min_size=2, max_size=4).map(tuple)
ENDS = st.sampled_from(["", ".P", ".B", ".PB"])


def spelt(parts, inner=""):
    """The number with ``.P`` behind its second part, where other parts follow."""
    middle = inner if len(parts) > 2 else ""
    return ".".join(map(str, parts[:2])) + middle + "".join(f".{part}" for part in parts[2:])


@given(PARTS, st.sampled_from(["", ".P"]), ENDS)
def test_every_number_of_two_to_four_parts_with_any_mark_is_read(parts, inner, end):
    number = spelt(parts, inner) + end
    assert rules.is_number(number) and rules.digits(number) == parts
    assert rules.mark_of(number) == end.removeprefix(".")
    assert rules.written(number) == number
    assert rules.clause_number(number) == spelt(parts)


@given(st.lists(st.tuples(PARTS, ENDS), max_size=20))
def test_numbers_sort_by_their_parts_whatever_their_marks(numbers):
    spelt_out = [spelt(parts) + end for parts, end in numbers]
    found = sorted(spelt_out, key=rules.sort_key)
    assert [rules.digits(number) for number in found] == sorted(parts for parts, _ in numbers)


@given(st.lists(st.tuples(PARTS, ENDS), max_size=20))
def test_the_order_of_the_controls_is_that_of_their_numbers(numbers):
    controls = [replace(ONE, number=spelt(parts) + end) for parts, end in numbers]
    found = [rules.digits(one.number) for one in rules.ordered(reversed(controls))]
    assert found == sorted(parts for parts, _ in numbers)


@given(st.text())
def test_whatever_people_write_is_a_number_or_is_not(text):
    number = rules.written(text)
    assert rules.is_number(number) == bool(re.fullmatch(r"\d.*", number) and _parses(number))


def _parses(number):
    try:
        return bool(rules.digits(number))
    except ValueError:
        return False


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("１２．６．１．１８．ＰＢ ", "12.6.1.18.PB"),
        ("5.1.1.", "5.1.1"),
        (" 5.1.1。", "5.1.1"),
        ("5.1.1. .", "5.1.1"),
        ("5. 1 .1", "5.1.1"),
        ("\u30005.1.1\u3000", "5.1.1"),
        ("9.5.2.1.pb", "9.5.2.1.PB"),
        ("5.1.1 2", "5.1.1 2"),
        ("", ""),
    ],
)
def test_a_number_is_brought_to_its_one_form(text, number):
    assert rules.written(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("5", "5"), ("6.3.P", "6.3"), ("9.5", "9.5"), ("6.3.P.1", "6.3.1"), ("第5章", ""), ("123", ""), ("", "")],
)
def test_a_clause_goes_by_its_number_without_marks(text, number):
    assert rules.clause_number(text) == number


@pytest.mark.parametrize(("number", "part"), [("3.1.1", "governance"), ("4.4", "management"), ("5.1", "controls")])
def test_the_chapter_tells_the_part(number, part):
    assert rules.part_of(rules.digits(number)) == part


@given(PARTS, ENDS, st.sampled_from(Kind))
def test_an_id_is_an_oscal_token_and_the_same_with_and_without_a_mark(parts, end, kind):
    found = rules.control_id(kind, spelt(parts) + end)
    assert re.fullmatch(r"[^\W\d][\w.-]*", found)
    assert found == rules.control_id(kind, spelt(parts)) == rules.control_id(kind, spelt(parts, ".P") + end)


def test_a_control_keeps_the_id_of_its_oldest_number():
    assert replace(ONE, id="").id == "obj-5.1.1"
    assert ControlFacts("5.15", Part.CONTROLS, Kind.OBJECTIVE, "", Requirement.EXCLUDABLE,
                        earlier=("9.1.1", "9.1")).id == "obj-9.1.1"  # fmt: skip
    assert replace(ONE, id="ac-1").id == "ac-1"


def test_a_control_with_a_number_that_is_none_cannot_be_made():
    with pytest.raises(ValueError, match="not a control number"):
        ControlFacts("five", Part.CONTROLS, Kind.OBJECTIVE, "", Requirement.EXCLUDABLE)


def test_a_detail_belongs_to_the_objective_one_part_shorter():
    assert rules.parents(["5.1", "5.1.1.B", "5.1.2", "8.35.P", "8.35.1.PB", "8.36.1"]) == {
        "5.1.1.B": "5.1", "5.1.2": "5.1", "8.35.1.PB": "8.35.P",
    }  # fmt: skip


def test_a_detail_belongs_to_the_objective_with_the_same_first_three_parts():
    numbers = ["9.5.2.P", "9.5.2.1.PB", "5.1.1", "5.1.1.1", "5.1.1.2.B", "7.7.7.1"]
    assert rules.parents(iter(numbers)) == {"9.5.2.1.PB": "9.5.2.P", "5.1.1.1": "5.1.1", "5.1.1.2.B": "5.1.1"}


TABLE = [
    {"part": "governance", "kind": "*", "marks": "*", "class": "mandatory"},
    {"part": "controls", "kind": "objective", "marks": "*", "class": "excludable"},
    {"part": "controls", "kind": "detailed", "marks": "B PB", "class": "with_objective"},
    {"part": "controls", "kind": "detailed", "marks": "*", "class": "selectable"},
]


@pytest.mark.parametrize(
    ("part", "kind", "mark", "expected"),
    [
        ("governance", "objective", "", Requirement.MANDATORY),
        ("governance", "detailed", "", Requirement.MANDATORY),
        ("controls", "objective", "P", Requirement.EXCLUDABLE),
        ("controls", "detailed", "B", Requirement.WITH_OBJECTIVE),
        ("controls", "detailed", "PB", Requirement.WITH_OBJECTIVE),
        ("controls", "detailed", "P", Requirement.SELECTABLE),
        ("controls", "detailed", "", Requirement.SELECTABLE),
    ],
)
def test_the_first_row_that_fits_gives_the_class(part, kind, mark, expected):
    assert rules.requirement_of(part, kind, mark, TABLE) is expected


def test_a_control_that_no_row_fits_is_an_error():
    with pytest.raises(LookupError, match="management detailed 'B'"):
        rules.requirement_of("management", "detailed", "B", TABLE)


def test_the_content_hash_is_sha_256_over_the_sorted_rows_as_canonical_json():
    rows = [
        {
            "number": "5.1.1",
            "part": "controls",
            "kind": "objective",
            "mark": "",
            "requirement": "excludable",
            "base": "ISO/IEC 27002:2013",
            "title_ja": "方針群",
            "title_en": "Policies",
            "text_ja": "方針を定める。",
            "text_en": "",
        }
    ]
    canonical = json.dumps(rows, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
    assert rules.content_hash([ONE]) == hashlib.sha256(canonical).hexdigest()


def test_the_order_of_the_controls_does_not_change_the_content_hash():
    assert rules.content_hash([MARKED, TWO, ONE]) == rules.content_hash([ONE, TWO, MARKED])


@pytest.mark.parametrize("name", ["number", "mark", "base", "title_ja", "title_en", "text_ja", "text_en"])
def test_any_changed_text_changes_the_content_hash(name):
    other = "5.1.2" if name == "number" else "x"
    assert rules.content_hash([replace(ONE, **{name: other})]) != rules.content_hash([ONE])


def test_id_and_earlier_numbers_stand_in_the_hash_only_when_they_say_more():
    assert rules.content_hash([replace(ONE, id="obj-5.1.1")]) == rules.content_hash([ONE])
    moved = replace(ONE, earlier=("9.1.1",), id="")
    assert len({rules.content_hash([one]) for one in (ONE, replace(ONE, id="x"), moved, replace(moved, id="x"))}) == 4
    assert rules.content_hash([replace(moved, id="obj-9.1.1")]) == rules.content_hash([moved])


def test_controls_are_counted_by_part_kind_and_mark():
    p = replace(ONE, number="9.5.2.P", mark="P")
    lead = replace(ONE, number="3.1.1", part=Part.GOVERNANCE)
    assert rules.counts(iter([ONE, TWO, replace(MARKED, number="5.1.1.2.PB"), p, lead])) == {
        "total": 5,
        "governance": {"objective": 1, "detailed": 0},
        "management": {"objective": 0, "detailed": 0},
        "controls": {"objective": 2, "detailed": 2, "B": 0, "PB": 1, "P": 1},
    }


@pytest.mark.parametrize(
    ("edition_id", "total", "controls"),
    [
        ("ismap-2022-04", 261, {"objective": 121, "detailed": 31, "B": 3, "PB": 28, "P": 7}),
        ("ismap-2024-07", 265, {"objective": 121, "detailed": 35, "B": 3, "PB": 28, "P": 9}),
        ("ismap-r7-draft", 240, {"objective": 100, "detailed": 31, "B": 3, "PB": 28, "P": 7}),
    ],
)
def test_the_shipped_editions_count_as_the_slides_say(edition_id, total, controls):
    assert rules.counts(editions.shipped(edition_id).controls) == {
        "total": total,
        "governance": {"objective": 6, "detailed": 18},
        "management": {"objective": 21, "detailed": 64},
        "controls": controls,
    }


def test_the_layout_follows_from_the_objectives_of_the_controls_part():
    assert rules.layout([ONE, TWO]) == "2013"
    assert rules.layout([]) == "2013"
    assert rules.layout([ONE, replace(ONE, number="5.1")]) == "2022"
    assert rules.layout([replace(ONE, number="3.1", part=Part.GOVERNANCE), ONE]) == "2013"


def test_a_search_looks_through_number_titles_texts_and_earlier_numbers_folded():
    text = rules.search_text(replace(ONE, title_en="ＰＯＬＩＣＩＥＳ", text_ja="方針\nを 定める", earlier=("9.1.1",)))
    assert text == "5.1.1 方針群 policies 方針 を 定める 9.1.1"


def test_controls_get_the_class_of_the_table():
    found = rules.classed([ONE, TWO, MARKED], [{"part": "*", "kind": "*", "marks": "*", "class": "mandatory"}])
    assert [one.requirement for one in found] == [Requirement.MANDATORY] * 3


@pytest.mark.parametrize("name", ["2022", "r7-selection", "r7-all"])
def test_the_shipped_readings_place_every_kind_of_control(name):
    assert rules.classes_problems(editions.readings()[name].classes) == []


@pytest.mark.parametrize(
    "table",
    [
        [],
        TABLE,
        [{"part": "*"}],
        [{"part": "*", "kind": "*", "marks": "*", "class": "optional"}],
        [{"part": "*", "kind": "*", "marks": "P B PB", "class": "mandatory"}],
    ],
)
def test_a_table_that_leaves_a_kind_of_control_open_is_a_problem(table):
    (problem,) = rules.classes_problems(table)
    assert problem.code == "criteria.class_missing"
    assert render(problem, "ja")["message"]


def codes(controls):
    found = rules.edition_problems(controls)
    for problem in found:
        assert render(problem, "ja")["message"] and render(problem, "en")["remedy"]
    return [(problem.code, problem.control) for problem in found]


def test_a_right_edition_has_no_problem():
    assert codes([ONE, TWO, replace(MARKED, number="5.1.1.2.PB", id="")]) == []
    assert codes(editions.shipped("ismap-2024-07-synthetic").controls) == []
    assert codes(editions.shipped("ismap-r7-draft").controls) == []


def test_an_edition_without_controls_is_a_problem():
    assert codes([]) == [("criteria.no_controls", None)]


def test_a_number_stands_only_once_whatever_its_mark():
    assert ("criteria.duplicate_number", "5.1.1.1.PB") in codes([ONE, TWO, MARKED])
    assert codes([ONE, replace(ONE, number="05.1.1")]) == [("criteria.duplicate_number", "05.1.1")]


def test_an_id_stands_only_once():
    assert codes([ONE, replace(ONE, number="5.1.2")]) == [("criteria.duplicate_control_id", "5.1.2")]


@pytest.mark.parametrize("name", ["5.1.1", "a b", "管理策 1", "x" * 65, "-a", "a/b"])
def test_an_id_that_is_no_token_of_oscal_is_a_problem(name):
    assert codes([replace(ONE, id=name)]) == [("criteria.bad_control_id", "5.1.1")]


@pytest.mark.parametrize("name", ["AC-1", "_x", "管理策1", "x" * 64, "a.b_c-d"])
def test_any_token_of_oscal_can_be_an_id(name):
    assert codes([replace(ONE, id=name)]) == []


def test_the_mark_is_the_one_that_the_number_bears():
    assert codes([replace(ONE, mark="P")]) == [("criteria.mark_differs", "5.1.1")]
    assert codes([replace(ONE, number="5.1.1.P")]) == [("criteria.mark_differs", "5.1.1.P")]


def test_a_detailed_control_stands_under_an_objective_and_under_no_detail():
    assert codes([TWO]) == [("criteria.no_objective", "5.1.1.1")]
    top, deep = replace(ONE, number="5.1", id=""), replace(ONE, kind=Kind.DETAILED, id="")
    assert codes([top, deep]) == []
    assert codes([top, deep, TWO]) == [("criteria.no_objective", "5.1.1.1")]


@pytest.mark.parametrize(
    ("name", "text", "code"),
    [
        ("title_ja", "あ" * 201, "core.too_long"),
        ("title_en", "two\nlines", "core.bad_character"),
        ("base", "b" * 101, "core.too_long"),
        ("text_ja", "あ" * 8001, "core.too_long"),
        ("text_en", "bell\x07", "core.bad_character"),
    ],
)
def test_texts_stay_within_bounds(name, text, code):
    assert codes([replace(ONE, **{name: text})]) == [(code, "5.1.1")]
    assert codes([replace(ONE, text_ja="あ" * 8000, text_en="one\n\ttwo")]) == []


def test_texts_are_kept_as_they_are_measured():
    raw = replace(ONE, base=" b\t", title_ja="題 ", title_en="\nt", text_ja="一\r\n二\r三 ", text_en="\u3000x")
    (one,) = rules.cleaned([raw])
    assert one == replace(ONE, base="b", title_ja="題", title_en="t", text_ja="一\n二\n三", text_en="x")


HEADER = EditionHeader("ismap-2026-04", "管理基準", "", date(2026, 4, 1), "", "2022")
MAPPING = MappingHeader("a-to-b", "対応", "", "a", "b", "somebody")


@pytest.mark.parametrize("name", ["ismap-2026-04", "a", "a1.b-c", "x" * 64])
def test_an_id_of_lower_case_letters_and_digits_can_name_an_edition(name):
    assert rules.header_problems(replace(HEADER, id=name)) == []
    assert rules.mapping_header_problems(replace(MAPPING, id=name)) == []


@pytest.mark.parametrize("name", ["", "1a", "A", "a--b", "a-", "a b", "版", "x" * 65, "a\n", "../a"])
def test_any_other_id_is_a_problem_at_its_field(name):
    (problem,) = rules.header_problems(replace(HEADER, id=name))
    assert (problem.code, problem.where) == ("criteria.bad_id", "edition")
    (problem,) = rules.mapping_header_problems(replace(MAPPING, id=name))
    assert (problem.code, problem.where) == ("criteria.bad_id", "id")


def test_what_is_said_of_an_edition_or_a_set_has_a_shape():
    found = rules.header_problems(replace(HEADER, title_ja=" ", title_en="x" * 201, source="x" * 501))
    assert [(one.code, one.where) for one in found] == [
        ("core.empty", "title_ja"), ("core.too_long", "title_en"), ("core.too_long", "source"),
    ]  # fmt: skip
    found = rules.mapping_header_problems(replace(MAPPING, title_ja="", authority=""))
    assert [(one.code, one.where) for one in found] == [("core.empty", "title_ja"), ("core.empty", "authority")]


def test_a_comment_says_something_within_bounds():
    assert rules.comment_problems("text", "一行目\n二行目") == []
    assert [one.code for one in rules.comment_problems("text", " \n ")] == ["core.empty"]
    (problem,) = rules.comment_problems("answer", "あ" * 4001)
    assert (problem.code, problem.where) == ("core.too_long", "answer")
