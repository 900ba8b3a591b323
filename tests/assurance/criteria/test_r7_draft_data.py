"""The draft of the rewritten criteria as data: its table, its chapters, and where each control of 2022 went."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
DATA = ROOT / "src" / "kansatsu" / "assurance" / "criteria" / "data"
SHARED = ROOT.parent / "shared" / "data" / "iso27002-2022-from-2013.csv"

NEW = {"5.7", "5.23", "5.30", "7.4", "8.9", "8.10", "8.11", "8.12", "8.16", "8.23", "8.28"}
CLOUD = {
    "6.3.1.P": "5.38.P", "8.1.5.P": "5.39.P", "9.5.1.P": "8.35.P", "9.5.2.P": "8.36.P",
    "12.1.5.P": "8.37.P", "12.4.5.P": "8.38.P", "13.1.4.P": "8.39.P",
}  # fmt: skip


def rows(path):
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


OLD = rows(DATA / "ismap-2022-04.csv")
DRAFT = rows(DATA / "ismap-r7-draft.csv")
MAPPING = rows(DATA / "ismap-2022-04-to-r7-draft.csv")


def digits(number):
    return tuple(int(part) for part in number.split(".") if part.isdigit())


def of_iso(row):
    return row["part"] == "controls" and row["kind"] == "objective" and row["mark"] == ""


def test_the_draft_has_127_objectives_and_113_detailed_controls():
    assert Counter((row["part"], row["kind"], row["mark"]) for row in DRAFT) == {
        ("governance", "objective", ""): 6,
        ("governance", "detailed", ""): 18,
        ("management", "objective", ""): 21,
        ("management", "detailed", ""): 64,
        ("controls", "objective", ""): 93,
        ("controls", "objective", "P"): 7,
        ("controls", "detailed", "B"): 3,
        ("controls", "detailed", "PB"): 28,
    }


def test_the_objectives_of_each_chapter_are_numbered_without_a_gap():
    for chapter, last in ((5, 39), (6, 8), (7, 14), (8, 39)):
        found = [digits(row["number"]) for row in DRAFT if row["part"] == "controls" and row["kind"] == "objective"]
        assert [number for number in found if number[0] == chapter] == [(chapter, n) for n in range(1, last + 1)]


def test_the_numbers_are_unique_and_in_numeric_order():
    numbers = [row["number"] for row in DRAFT]
    assert len(set(numbers)) == len(numbers)
    assert [digits(number) for number in numbers] == sorted({digits(number) for number in numbers})


def test_a_number_has_the_length_of_its_part_and_kind_and_ends_with_its_mark():
    for row in DRAFT:
        count = (2 if row["part"] == "controls" else 3) + (row["kind"] == "detailed")
        mark = f".{row['mark']}" if row["mark"] else ""
        assert re.fullmatch(rf"\d+(\.\d+){{{count - 1}}}{re.escape(mark)}", row["number"]), row["number"]


def test_every_detailed_control_belongs_to_an_objective():
    objectives = {digits(row["number"]) for row in DRAFT if row["kind"] == "objective"}
    details = [row["number"] for row in DRAFT if row["kind"] == "detailed"]
    assert [number for number in details if digits(number)[:-1] not in objectives] == []


def test_governance_and_management_are_as_before_but_for_their_base():
    names = ("number", "part", "kind", "mark", "title_ja", "title_en")
    before = [[row[name] for name in names] for row in OLD if row["part"] != "controls"]
    assert [[row[name] for name in names] for row in DRAFT if row["part"] != "controls"] == before


def test_no_number_of_the_controls_part_is_used_again_for_another_control():
    before, after = ({digits(row["number"]) for row in table if row["part"] == "controls"} for table in (OLD, DRAFT))
    assert before & after == set()


@pytest.mark.parametrize("name", ["title_ja", "title_en"])
def test_every_title_is_there_and_stands_only_once(name):
    titles = [row[name].strip() for row in DRAFT]
    assert "" not in titles
    assert [title for title, times in Counter(titles).items() if times > 1] == []


def test_an_earlier_number_is_a_control_of_2022_and_stands_only_once():
    earlier = [row["earlier"] for row in DRAFT if row["earlier"]]
    assert set(earlier) <= {row["number"] for row in OLD if row["part"] == "controls"}
    assert len(set(earlier)) == len(earlier)


def test_the_cloud_objectives_and_the_marked_details_keep_their_mark_and_titles():
    before = {row["number"]: row for row in OLD}
    moved = [row for row in DRAFT if row["part"] == "controls" and not of_iso(row)]
    assert len(moved) == 38
    for row in moved:
        for name in ("kind", "mark", "title_ja", "title_en"):
            assert row[name] == before[row["earlier"]][name], (row["number"], name)
    assert {row["earlier"]: row["number"] for row in moved if row["kind"] == "objective"} == CLOUD


def test_every_control_of_2022_goes_somewhere_and_every_target_exists():
    assert {line["source"] for line in MAPPING} == {row["number"] for row in OLD}
    assert {line["target"] for line in MAPPING} <= {row["number"] for row in DRAFT}
    pairs = [(line["source"], line["target"]) for line in MAPPING]
    assert len(set(pairs)) == len(pairs)


def test_eleven_controls_come_from_nowhere():
    assert {row["number"] for row in DRAFT} - {line["target"] for line in MAPPING} == NEW


def test_the_relation_says_whether_controls_were_merged_or_shared_out():
    goes = Counter(line["source"] for line in MAPPING)
    takes = Counter(line["target"] for line in MAPPING)
    for line in MAPPING:
        merged = "subset" if takes[line["target"]] > 1 else "equal"
        assert line["relation"] == ("intersects" if goes[line["source"]] > 1 else merged), line


def test_places_of_our_own_making_and_shared_out_controls_have_low_confidence():
    ours = {row["number"] for row in DRAFT if row["part"] == "controls" and not of_iso(row)}
    for line in MAPPING:
        is_low = line["target"] in ours or line["relation"] == "intersects"
        assert line["confidence"] == ("low" if is_low else "medium"), line


def test_the_earlier_number_is_the_one_control_that_is_equal():
    equal = {(line["source"], line["target"]) for line in MAPPING if line["relation"] == "equal"}
    controls = {row["number"] for row in DRAFT if row["part"] == "controls"}
    assert {(row["earlier"], row["number"]) for row in DRAFT if row["earlier"]} == {
        pair for pair in equal if pair[1] in controls
    }
    assert {pair for pair in equal if pair[1] not in controls} == {
        (row["number"], row["number"]) for row in OLD if row["part"] != "controls"
    }


def test_a_detailed_control_goes_where_its_objective_went():
    homes = {(digits(line["source"]), digits(line["target"])) for line in MAPPING}
    details = {row["number"] for row in OLD if row["kind"] == "detailed"}
    for line in MAPPING:
        if line["source"] in details:
            assert (digits(line["source"])[:-1], digits(line["target"])[:-1]) in homes, line


def test_chapters_have_titles_and_those_of_governance_and_management_are_as_before():
    titles = rows(DATA / "clauses-2022.csv")
    before = [row for row in rows(DATA / "clauses-2013.csv") if digits(row["number"])[0] < 5]
    assert titles[: len(before)] == before
    assert [row["number"] for row in titles[len(before) :]] == ["5", "6", "7", "8"]
    assert [row["number"] for row in titles if not row["title_ja"].strip() or not row["title_en"].strip()] == []


@pytest.mark.shared
def test_the_controls_of_iso_take_in_what_the_published_correspondence_says():
    if not SHARED.exists():
        pytest.skip(f"the design folder is not beside the checkout: {SHARED}")
    published = rows(SHARED)
    numbers = {row["number"] for row in DRAFT if of_iso(row)}
    assert {row["control_2022"] for row in published} == numbers
    assert {(line["source"], line["target"]) for line in MAPPING if line["target"] in numbers} == {
        (row["control_2013"], row["control_2022"]) for row in published if row["relation"] == "takes-in"
    }
