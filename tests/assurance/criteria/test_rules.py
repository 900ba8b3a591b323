"""Control numbers, their order and parents, the classes of basic statement requirements, and the content hash."""

import hashlib
import json
from dataclasses import replace

import pytest

from kansatsu.assurance.criteria import rules
from kansatsu.assurance.criteria.rules import ControlFacts, Kind, Part, Requirement

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
TWO = replace(ONE, number="5.1.1.1", kind=Kind.DETAILED, requirement=Requirement.SELECTABLE)
MARKED = replace(ONE, number="5.1.1.1.PB", kind=Kind.DETAILED, mark="PB", requirement=Requirement.WITH_OBJECTIVE)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
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
    ["", "5", "5.1", "5.1.", "5.1.1.1.1", "5.1.1.X", "a.b.c", "5.1.1.1.P.B", " 5.1.1", "5.1.1\n", "512.1.1", "5-1-1"],
)
def test_what_is_no_control_number_is_refused(text):
    with pytest.raises(ValueError, match="not a control number"):
        rules.digits(text)


@pytest.mark.parametrize(
    ("number", "key"),
    [("5.1.1", "005.001.001"), ("12.6.1.18.PB", "012.006.001.018"), ("9.5.2.P", "009.005.002")],
)
def test_the_sort_key_pads_every_part(number, key):
    assert rules.sort_key(number) == key


def test_numbers_sort_as_numbers_and_an_objective_stands_before_its_details():
    mixed = ["12.1.1", "5.1.1.10", "9.5.2.1.PB", "5.1.1.2", "5.1.1", "9.5.2.P", "5.1.10", "5.1.2"]
    assert sorted(mixed, key=rules.sort_key) == [
        "5.1.1", "5.1.1.2", "5.1.1.10", "5.1.2", "5.1.10", "9.5.2.P", "9.5.2.1.PB", "12.1.1",
    ]  # fmt: skip


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
