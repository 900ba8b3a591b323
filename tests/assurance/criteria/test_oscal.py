"""Editions, their basic statement requirements and mapping sets as OSCAL: valid going out, the same coming in."""

import uuid
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.assurance.criteria.made import EDITIONS

from kansatsu.assurance.criteria import editions, oscal, rules
from kansatsu.assurance.criteria.mappings import Confidence, MappingFacts, Relation
from kansatsu.assurance.criteria.rules import ControlFacts, Heading, Kind, Part, Requirement
from kansatsu.core.problems import render
from kansatsu.exchange.oscal import documents, profiles, validation

CLASSES = editions.readings()["2022"].classes
HEADING = Heading("test-2026", "管理基準", date(2026, 4, 1), "案", "0" * 64)
NS = oscal.NAMESPACE


def read(value, form="json"):
    """The document as it comes back from bytes; it has to be valid."""
    document = documents.read(documents.write(value, form))
    assert validation.faults(document) == []
    return document


def taken(catalog):
    found = oscal.take(catalog, CLASSES)
    for problem in found.problems:
        assert render(problem, "ja")["message"] and render(problem, "en")["remedy"]
    return found


def places(found):
    return [(problem.code.partition(".")[2], problem.where) for problem in found.problems]


@pytest.mark.parametrize("form", ["json", "yaml"])
@pytest.mark.parametrize("edition_id", editions.shipped_ids())
def test_an_edition_that_ships_goes_out_valid_and_comes_in_the_same(edition_id, form):
    one = editions.shipped(edition_id)
    clauses = editions.clause_titles(one.layout)
    found = taken(read(oscal.catalogue(HEADING, one.controls, clauses), form).root)
    assert (found.controls, found.problems) == (one.controls, [])
    assert rules.content_hash(found.controls) == rules.content_hash(one.controls)
    assert found.clauses.items() <= clauses.items()


@settings(max_examples=40)
@given(EDITIONS)
def test_any_edition_goes_out_valid_and_comes_in_the_same(edition):
    controls, clauses = edition
    found = taken(read(oscal.catalogue(HEADING, controls, clauses)).root)
    assert (found.controls, found.problems) == (controls, [])
    assert rules.content_hash(found.controls) == rules.content_hash(controls)


def test_the_same_edition_gives_the_same_document_and_another_another_uuid():
    controls = editions.shipped("ismap-2022-04").controls
    one = oscal.catalogue(HEADING, controls, {})
    assert oscal.catalogue(HEADING, controls[::-1], {}) == one
    other = oscal.catalogue(replace(HEADING, content_hash="1" * 64), controls, {})
    assert other["catalog"]["uuid"] != one["catalog"]["uuid"]


def line(number, **more):
    kind = more.pop("kind", Kind.DETAILED if len(rules.digits(number)) == 4 else Kind.OBJECTIVE)
    part = more.pop("part", rules.part_of(rules.digits(number)))
    return ControlFacts(number, part, kind, rules.mark_of(number), Requirement.EXCLUDABLE, **more)


@pytest.mark.parametrize(
    "numbers",
    [
        ["5.1", "5.2.1"],
        ["5.1", "5.1.1", "5.1.1.1"],
        ["5.1.1", "5.1.1.1", "5.1.1.2.PB"],
        ["9.5.1.P", "9.5.2.P", "9.5.2.1.PB"],
        ["6.3.P.1", "6.3.P.1.1.PB"],
    ],
)
def test_no_control_is_lost_on_the_way_whatever_the_depths_of_its_numbers(numbers):
    controls = rules.ordered(map(line, numbers))
    found = taken(read(oscal.catalogue(HEADING, controls, {})).root)
    assert (found.controls, found.problems, found.clauses) == (controls, [], {})


def test_a_chapter_that_two_parts_share_gives_two_groups_of_different_ids():
    controls = (line("5.1.1", part=Part.GOVERNANCE), line("5.1.2"))
    assert taken(read(oscal.catalogue(HEADING, controls, {"5": ("方針", "")})).root).controls == controls


def test_the_catalogue_goes_from_part_to_chapter_to_clause_to_objective_to_detail():
    controls = [line("9.5.2.P", title_ja="分離"), line("9.5.2.1.PB", title_ja="仮想", text_ja="守る。")]
    catalog = oscal.catalogue(HEADING, controls, {"9": ("制御", "Control"), "9.5": ("環境", "")})["catalog"]
    (part,) = catalog["groups"]
    (chapter,) = part["groups"]
    (clause,) = chapter["groups"]
    (objective,) = clause["controls"]
    (detail,) = objective["controls"]
    assert [one["title"] for one in (part, chapter, clause, objective, detail)] == [
        "管理策基準", "制御", "環境", "分離", "仮想",
    ]  # fmt: skip
    assert (objective["id"], detail["id"], detail["class"]) == ("obj-9.5.2", "det-9.5.2.1", "detailed")
    assert detail["props"][:2] == [
        {"name": "label", "value": "9.5.2.1.PB"},
        {"name": "sort-id", "value": "009.005.002.001"},
    ]
    assert detail["parts"] == [{"id": "det-9.5.2.1_ja", "name": "statement", "class": "ja", "prose": "守る。"}]


def foreign(*controls, groups=()):
    return {"groups": [{"id": "g", "title": "Organizational", "controls": list(controls)}, *groups]}


def control(name, label="", title="Policies", **more):
    found = {"id": name, "title": title, **more}
    if label:
        found["props"] = [{"name": "label", "value": label}, *more.get("props", ())]
    return found


def test_a_foreign_catalogue_is_read_by_its_labels():
    nested = control("a1", "5.1.1", "Detail", props=[{"name": "status", "value": "x"}])
    found = taken(foreign(control("a", "5.1", controls=[nested]), control("b", "５．２．")))
    assert [(one.id, one.number, one.kind, one.title_ja) for one in found.controls] == [
        ("a", "5.1", "objective", "Policies"),
        ("a1", "5.1.1", "detailed", "Detail"),
        ("b", "5.2", "objective", "Policies"),
    ]
    assert [one.requirement for one in found.controls] == ["excludable", "selectable", "excludable"]
    assert found.problems == []


def test_of_several_labels_the_first_counts_and_only_oscals_own():
    props = [
        {"name": "label", "ns": "https://example.com", "value": "7.7"},
        {"name": "label", "ns": "http://csrc.nist.gov/ns/oscal", "value": "5.1"},
        {"name": "label", "class": "zero-padded", "value": "05.01"},
    ]
    assert [one.number for one in taken(foreign(control("a", props=props))).controls] == ["5.1"]


@pytest.mark.parametrize(
    ("name", "number"), [("ismap-5.1.1", "5.1.1"), ("a.5.1", "5.1"), ("c_12.6.1.18.pb", "12.6.1.18.PB")]
)
def test_without_a_label_the_end_of_the_id_is_the_number(name, number):
    top = [] if number.count(".") < 3 else [control("t", "12.6.1")]
    assert number in [one.number for one in taken(foreign(control(name), *top)).controls]


def test_a_control_whose_label_is_no_number_is_a_problem_with_its_pointer():
    found = taken(foreign(control("ac-1", "AC-1"), control("ac-2"), control("c", "5.1")))
    assert places(found) == [
        ("bad_number", "/catalog/groups/0/controls/0"),
        ("bad_number", "/catalog/groups/0/controls/1"),
    ]
    assert [problem.params["value"] for problem in found.problems] == ["AC-1", "ac-2"]
    assert [code for code, _ in places(taken(foreign(control("ac-1", "AC-1"))))] == ["bad_number"]


def test_the_statement_and_the_parts_within_it_are_the_text_and_guidance_is_not():
    parts = [
        {
            "name": "statement",
            "prose": "定める。\r\n続く。 ",
            "parts": [
                {"name": "item", "props": [{"name": "label", "value": "(a)"}], "prose": "目的"},
                {"name": "item", "prose": "範囲", "parts": [{"name": "item", "prose": "例"}]},
            ],
        },
        {"name": "statement", "class": "en", "prose": "Define."},
        {"name": "guidance", "prose": "手引"},
    ]
    (one,) = taken(foreign(control("a", "5.1", parts=parts))).controls
    assert (one.text_ja, one.text_en) == ("定める。\n続く。\n(a) 目的\n範囲\n例", "Define.")


def test_groups_with_numbers_are_chapters_and_clauses_and_others_are_not():
    groups = [
        {"title": "組織", "props": [{"name": "label", "value": "５"}]},
        {"title": "5.2", "props": [{"name": "label", "value": "5.2"}]},
        {"title": "Access Control", "props": [{"name": "label", "value": "AC"}]},
        {"title": "関係", "props": [{"name": "label", "value": "6.3.P"}]},
    ]
    found = taken(foreign(control("a", "5.1"), groups=groups))
    assert found.clauses == {"5": ("組織", ""), "6.3": ("関係", "")}


@pytest.mark.parametrize(
    ("name", "value"),
    [("part", "annex"), ("requirement", "optional"), ("earlier-number", "five"), ("mark", "B"), ("mark", "X")],
)
def test_a_property_that_cannot_be_is_a_problem_with_its_pointer(name, value):
    bad = control("a", "5.1.P", props=[{"name": name, "ns": NS, "value": value}])
    found = taken(foreign(control("b", "5.2"), bad))
    assert places(found) == [("bad_property", "/catalog/groups/0/controls/1")]
    assert value in render(found.problems[0], "ja")["message"]


def test_what_an_edition_must_hold_to_is_a_problem_with_its_pointer():
    found = taken(foreign(control("a", "5.1"), control("b", "5.1.P"), control("a", "5.2"), control("d", "9.9.9.9")))
    assert places(found) == [
        ("duplicate_number", "/catalog/groups/0/controls/1"),
        ("duplicate_control_id", "/catalog/groups/0/controls/2"),
        ("no_objective", "/catalog/groups/0/controls/3"),
    ]
    assert places(taken({"groups": [{"title": "x"}]})) == [("no_controls", "")]
    assert places(taken(foreign(control("x" * 65, "5.1")))) == [("bad_control_id", "/catalog/groups/0/controls/0")]


@pytest.mark.parametrize("edition_id", editions.shipped_ids())
def test_the_profile_selects_what_a_statement_cannot_freely_leave_out(edition_id):
    one = editions.shipped(edition_id)
    catalogue = read(oscal.catalogue(HEADING, one.controls, {}))
    profile = read(oscal.profile(HEADING, one.controls, "test-2026.json"))
    resolved = profiles.resolve(profile, location="p.json", load={"test-2026.json": catalogue}.__getitem__)
    found = {
        node["id"]: [prop["value"] for prop in node["props"] if (prop["name"], prop.get("ns")) == ("requirement", NS)]
        for pointer, node in oscal._nodes(resolved["catalog"], "")
        if "/controls/" in pointer
    }
    needed = [one for one in one.controls if one.requirement != Requirement.SELECTABLE]
    assert set(found) == {one.id for one in needed}
    assert all(set(found[one.id]) == {one.requirement.value} for one in needed)


def test_a_profile_and_a_catalogue_of_one_edition_have_different_uuids():
    controls = editions.shipped("ismap-2022-04").controls
    profile = oscal.profile(HEADING, controls, "a.json")["profile"]
    assert uuid.UUID(profile["uuid"]) != uuid.UUID(oscal.catalogue(HEADING, controls, {})["catalog"]["uuid"])


SOURCE = {one.number: one.id for one in editions.shipped("ismap-2022-04").controls}
TARGET = {one.number: one.id for one in editions.shipped("ismap-r7-draft").controls}


def collection(rows, source=SOURCE, target=TARGET):
    return oscal.mapping_collection(
        HEADING, rows, source=("ismap-2022-04", "1" * 64, source), target=("ismap-r7-draft", "2" * 64, target)
    )


def back(document, source=SOURCE, target=TARGET):
    turned = [{name: number for number, name in table.items()} for table in (source, target)]
    return oscal.take_mappings(document.root, *turned)


def order(rows):
    return sorted(rows, key=lambda row: (row.source, row.target))


@pytest.mark.parametrize("form", ["json", "yaml"])
@pytest.mark.parametrize("one", editions.shipped_mappings(), ids=lambda one: one.id)
def test_a_mapping_set_that_ships_goes_out_valid_and_comes_in_the_same(one, form):
    source = {line.number: line.id for line in editions.shipped(one.source).controls}
    rows, problems = back(read(collection(one.rows, source=source), form), source=source)
    assert (order(rows), problems) == (order(one.rows), [])


FACTS = st.builds(
    MappingFacts,
    st.sampled_from(sorted(SOURCE)),
    st.sampled_from(sorted(TARGET)),
    st.sampled_from(Relation),
    st.sampled_from(Confidence),
    st.sampled_from(["", "二つに\n分かれた", "=1+1", "'note"]),
).map(lambda row: replace(row, target="") if row.relation == Relation.NONE else row)
SETS = st.lists(FACTS, min_size=1, max_size=8, unique_by=lambda row: (row.source, row.target))


@settings(max_examples=40)
@given(SETS.filter(lambda rows: any(row.relation != Relation.NONE for row in rows)))
def test_any_mapping_set_goes_out_valid_and_comes_in_the_same(rows):
    found, problems = back(read(collection(rows)))
    assert (order(found), problems) == (order(rows), [])


def foreign_maps(*maps):
    return {"mappings": {"maps": list(maps)}}


def a_map(relationship, sources=("obj-5.1.1",), targets=("obj-5.1.1",), **more):
    items = {
        name: [{"type": "control", "id-ref": one} for one in ids]
        for name, ids in (("sources", sources), ("targets", targets))
    }
    return {"relationship": relationship, **items, **more}


def test_a_foreign_map_of_several_is_read_pair_by_pair():
    one = a_map("subset-of", ("a", "b"), ("c", "d"), remarks="注")
    rows, problems = oscal.take_mappings(foreign_maps(one), {"a": "5.1.1", "b": "5.1.2"}, {"c": "5.1"})
    assert problems == []
    assert [(row.source, row.target) for row in rows] == [
        ("5.1.1", "5.1"),
        ("5.1.1", "d"),
        ("5.1.2", "5.1"),
        ("5.1.2", "d"),
    ]
    assert {(row.relation, row.confidence, row.note) for row in rows} == {("subset", "low", "注")}


def test_a_foreign_map_without_a_relationship_gives_one_row_a_source():
    rows, _ = oscal.take_mappings(
        foreign_maps(a_map("no-relationship", targets=("x", "y"))), {"obj-5.1.1": "5.1.1"}, {}
    )
    assert rows == [MappingFacts("5.1.1", "", Relation.NONE, Confidence.LOW)]


def test_properties_of_others_say_nothing_of_lines_without_correspondence():
    one = {
        "maps": [a_map("equal-to")],
        "props": [{"name": "unmapped", "value": "x"}, {"name": "y", "ns": NS, "value": "z"}],
    }
    rows, problems = oscal.take_mappings({"mappings": one}, {}, {})
    assert [row.relation for row in rows] == [Relation.EQUAL] and problems == []


def test_equivalent_counts_as_equal_and_a_confidence_in_percent_as_low():
    one = a_map("equivalent-to", **{"confidence-score": {"percentage": 0.9}})
    (row,) = oscal.take_mappings(foreign_maps(one), {}, {})[0]
    assert (row.relation, row.confidence) == (Relation.EQUAL, Confidence.LOW)


def test_a_relationship_that_nobody_knows_is_a_problem_with_its_pointer():
    rows, problems = oscal.take_mappings(foreign_maps(a_map("equal-to"), a_map("inspired-by")), {}, {})
    assert len(rows) == 1
    assert [(one.code, one.where) for one in problems] == [
        ("criteria.unknown_value", "/mapping-collection/mappings/0/maps/1/relationship")
    ]
    assert "inspired-by" in render(problems[0], "ja")["message"]
