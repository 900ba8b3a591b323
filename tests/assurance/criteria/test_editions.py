"""The shipped editions: how many controls of which kind, in what order, under which requirement."""

import csv
import random
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from kansatsu.assurance.criteria import editions, rules
from kansatsu.assurance.criteria.mappings import mapping_problems
from kansatsu.core.problems import render

SHARED = Path(__file__).resolve().parents[4] / "shared" / "data" / "ismap-2022-04-identifiers.csv"


def numbers(edition_id):
    return [control.number for control in editions.shipped(edition_id).controls]


EVERY = ["ismap-2022-04", "ismap-2024-07", "ismap-2024-07-synthetic", "ismap-r7-draft"]


def test_four_editions_ship_the_oldest_first():
    assert list(editions.shipped_ids()) == EVERY


def test_an_edition_that_does_not_ship_is_not_found():
    with pytest.raises(LookupError, match="ismap-1999-01"):
        editions.shipped("ismap-1999-01")


def test_the_edition_of_2022_has_148_objectives_and_113_detailed_controls():
    counts = Counter((one.part.value, one.kind.value) for one in editions.shipped("ismap-2022-04").controls)
    assert counts == {
        ("governance", "objective"): 6,
        ("management", "objective"): 21,
        ("controls", "objective"): 121,
        ("governance", "detailed"): 18,
        ("management", "detailed"): 64,
        ("controls", "detailed"): 31,
    }
    assert sum(counts.values()) == 261


@pytest.mark.parametrize(
    ("edition_id", "expected"),
    [
        ("ismap-2022-04", {"mandatory": 109, "excludable": 121, "with_objective": 31}),
        ("ismap-2024-07", {"mandatory": 109, "excludable": 121, "with_objective": 31, "selectable": 4}),
        (
            "ismap-2024-07-synthetic",
            {"mandatory": 109, "excludable": 121, "with_objective": 31, "selectable": 1050},
        ),
        ("ismap-r7-draft", {"mandatory": 109, "excludable": 131}),
    ],
)
def test_every_control_falls_under_a_basic_statement_requirement(edition_id, expected):
    assert Counter(one.requirement.value for one in editions.shipped(edition_id).controls) == expected


@pytest.mark.parametrize("edition_id", EVERY)
def test_the_numbers_are_unique_and_in_numeric_order(edition_id):
    found = numbers(edition_id)
    assert len(set(found)) == len(found)
    assert [rules.digits(number) for number in found] == sorted(rules.digits(number) for number in found)


@pytest.mark.parametrize("edition_id", EVERY)
def test_every_detailed_control_belongs_to_an_objective(edition_id):
    parents = rules.parents(numbers(edition_id))
    details = [one.number for one in editions.shipped(edition_id).controls if one.kind == rules.Kind.DETAILED]
    assert [number for number in details if number not in parents] == []


@pytest.mark.parametrize("edition_id", EVERY)
def test_every_control_has_a_title_in_both_languages(edition_id):
    controls = editions.shipped(edition_id).controls
    assert [one.number for one in controls if not one.title_ja.strip() or not one.title_en.strip()] == []


def test_the_mark_is_the_end_of_the_number():
    marked = [one for one in editions.shipped("ismap-2022-04").controls if one.mark]
    assert [one.number for one in marked if not one.number.endswith(f".{one.mark}")] == []
    assert len(marked) >= 31


def test_the_edition_of_2024_adds_four_controls_and_withdraws_none():
    older, newer = set(numbers("ismap-2022-04")), set(numbers("ismap-2024-07"))
    assert newer - older == {"8.1.5.4.P", "12.2.1.15", "13.2.3.7.P", "16.1.5.10"}
    assert older - newer == set()


def test_only_the_synthetic_edition_says_that_it_is_made_up_and_complete():
    flags = {name: editions.shipped(name) for name in editions.shipped_ids()}
    assert {name: (one.is_incomplete, one.is_synthetic) for name, one in flags.items()} == {
        "ismap-2022-04": (True, False),
        "ismap-2024-07": (True, False),
        "ismap-2024-07-synthetic": (False, True),
        "ismap-r7-draft": (True, False),
    }


def test_an_edition_knows_when_it_was_published():
    assert [editions.shipped(name).published_on for name in editions.shipped_ids()] == [
        date(2022, 4, 1), date(2024, 7, 1), date(2024, 7, 1), date(2025, 9, 18),
    ]  # fmt: skip


def test_no_official_text_ships():
    controls = editions.shipped("ismap-2024-07").controls
    assert {(one.text_ja, one.text_en) for one in controls} == {("", "")}


@pytest.mark.parametrize("edition_id", EVERY)
def test_the_content_hash_of_an_edition_does_not_depend_on_the_order(edition_id):
    controls = list(editions.shipped(edition_id).controls)
    shuffled = controls[:]
    random.Random(5).shuffle(shuffled)
    assert shuffled != controls
    assert rules.content_hash(shuffled) == rules.content_hash(controls)


@pytest.mark.parametrize(
    ("edition_id", "expected"),
    [
        ("ismap-2022-04", "f73336f0262baecf032a65a1ba753f8075b566be8ee62852dd0e9e0face7f134"),
        ("ismap-2024-07", "1056bd92827010eebc85a103b4f67f7ba0cf00bfb827ff01c9e499c70cb5b3e1"),
        ("ismap-r7-draft", "7dba1a5ecc7e48783023c855e2fe9edd22864ef99045da821b9dbd9b942ca414"),
        ("ismap-2024-07-synthetic", "a62ad81df366a5c0e961014e54161b92adae6ede316187c8dd65ec9e2e529dcc"),
    ],
)
def test_what_an_edition_holds_never_changes(edition_id, expected):
    assert rules.content_hash(editions.shipped(edition_id).controls) == expected


def test_only_the_draft_was_not_seen_in_an_official_text():
    assert [name for name in EVERY if editions.shipped(name).is_unverified] == ["ismap-r7-draft"]


def test_an_edition_knows_its_layout_its_predecessor_and_its_reading():
    found = {name: editions.shipped(name) for name in EVERY}
    assert {name: (one.layout, one.predecessor, one.requirements) for name, one in found.items()} == {
        "ismap-2022-04": ("2013", None, "2022"),
        "ismap-2024-07": ("2013", "ismap-2022-04", "2022"),
        "ismap-2024-07-synthetic": ("2013", None, "2022"),
        "ismap-r7-draft": ("2022", "ismap-2024-07", "r7-selection"),
    }


@pytest.mark.parametrize("edition_id", EVERY)
def test_an_edition_that_ships_holds_to_what_every_edition_must(edition_id):
    assert rules.edition_problems(editions.shipped(edition_id).controls) == []


def test_a_control_that_only_moved_keeps_its_id_in_the_draft():
    older = {one.id: one.number for one in editions.shipped("ismap-2022-04").controls}
    moved = {one.number: older[one.id] for one in editions.shipped("ismap-r7-draft").controls if one.earlier}
    assert moved["8.36.1.PB"] == "9.5.2.1.PB" and moved["8.36.P"] == "9.5.2.P"


def test_every_shipped_mapping_names_lines_that_are_there():
    for one in editions.shipped_mappings():
        assert mapping_problems(one.rows, numbers(one.source), numbers(one.target)) == []
        assert {row.source for row in one.rows} == set(numbers(one.source))


def test_the_problem_of_an_unknown_edition_names_those_that_are_there():
    problem = editions.no_such_edition("x", ["b", "a"])
    assert render(problem, "en")["remedy"] == "Choose one of: a, b."


def test_chapters_and_clauses_have_titles_in_both_languages():
    titles = editions.clause_titles()
    assert titles["5"] == ("セキュリティ方針", "Security policy")
    assert titles["6.3"] == ("提供者と顧客の関係", "Relations between provider and customer")
    chapters = {str(rules.digits(number)[0]) for number in numbers("ismap-2022-04")}
    clauses = {".".join(map(str, rules.digits(number)[:2])) for number in numbers("ismap-2022-04")}
    assert (chapters | clauses) - set(titles) == set()


def test_every_chapter_of_the_draft_has_a_title():
    chapters = {str(rules.digits(number)[0]) for number in numbers("ismap-r7-draft")}
    assert chapters - set(editions.clause_titles("2022")) == set()


@pytest.mark.shared
def test_the_shipped_numbers_are_the_official_ones():
    if not SHARED.exists():
        pytest.skip(f"the design folder is not beside the checkout: {SHARED}")
    with SHARED.open(encoding="utf-8", newline="") as lines:
        official = {
            row["number"]: (row["part"], row["kind"], row["mark"], row["base"]) for row in csv.DictReader(lines)
        }
    shipped = editions.shipped("ismap-2022-04").controls
    assert {one.number: (one.part.value, one.kind.value, one.mark, one.base) for one in shipped} == official
