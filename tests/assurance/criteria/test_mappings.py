"""Mapping sets: what corresponds, what is wrong with a set, and which rows dangle after a newer edition."""

from dataclasses import replace

from kansatsu.assurance.criteria import editions, rules
from kansatsu.assurance.criteria.mappings import (
    Confidence,
    Dangling,
    MappingFacts,
    Relation,
    dangling,
    id_pairs,
    mapping_problems,
)
from kansatsu.core.problems import render

ROW = MappingFacts("5.1.1", "5.1", Relation.EQUAL, Confidence.HIGH)
NONE = MappingFacts("9.1.1", "", Relation.NONE, Confidence.LOW)
SOURCES, TARGETS = {"5.1.1": "obj-5.1.1", "9.1.1": "obj-9.1.1"}, {"5.1": "obj-5.1", "5.2": "obj-5.2"}


def found(*rows):
    problems = mapping_problems(rows, SOURCES, TARGETS)
    for problem in problems:
        assert render(problem, "ja")["message"] and render(problem, "en")["remedy"]
    return [(problem.code.partition(".")[2], problem.where, problem.control) for problem in problems]


def test_pairs_of_ids_follow_from_the_rows_that_relate():
    assert id_pairs([ROW, NONE, replace(ROW, target="5.2")], SOURCES, TARGETS) == {
        ("obj-5.1.1", "obj-5.1"), ("obj-5.1.1", "obj-5.2"),
    }  # fmt: skip


def test_a_row_whose_number_is_gone_gives_no_pair():
    assert id_pairs([replace(ROW, source="7.7"), replace(ROW, target="7.7")], SOURCES, TARGETS) == set()


def test_a_right_set_has_no_problem():
    assert found(ROW, NONE, replace(ROW, target="5.2", note="二つに\n分かれた")) == []


def test_a_set_without_rows_is_a_problem():
    assert found() == [("no_mappings", "file", None)]


def test_a_number_that_its_edition_lacks_is_a_problem_of_its_row():
    assert found(replace(ROW, source="7.7")) == [("unknown_source", "source", "7.7")]
    assert found(replace(ROW, target="7.7")) == [("unknown_target", "target", "5.1.1")]
    assert found(replace(ROW, target="")) == [("unknown_target", "target", "5.1.1")]


def test_no_correspondence_has_no_target():
    assert found(replace(NONE, target="5.1")) == [("target_with_none", "target", "9.1.1")]


def test_a_pair_stands_once():
    assert found(ROW, replace(ROW, relation=Relation.SUBSET)) == [("mapped_twice", "source", "5.1.1")]
    assert found(NONE, NONE) == [("mapped_twice", "source", "9.1.1")]


def test_a_note_out_of_bounds_is_a_problem_that_names_its_row():
    assert [(code, where, control) for code, where, control in found(replace(ROW, note="x" * 501))] == [
        ("too_long", "note", "5.1.1")
    ]


def test_rows_dangle_whose_line_was_renumbered_or_withdrawn_in_the_order_of_the_numbers():
    pinned = [one for one in editions.shipped("ismap-2022-04").controls if one.number in ("9.1.1", "10.1.1", "12.1.1")]
    newer = [replace(pinned[0], number="5.15"), pinned[2]]
    rows = [replace(ROW, target=number) for number in ("12.1.1", "10.1.1", "9.1.1", "9.1.1", "7.7")] + [NONE]
    assert dangling(rows, pinned, newer, side="target") == [
        Dangling("target", "7.7", ""), Dangling("target", "9.1.1", "5.15"), Dangling("target", "10.1.1", ""),
    ]  # fmt: skip
    assert dangling([replace(ROW, source="9.1.1")], pinned, newer, side="source") == [
        Dangling("source", "9.1.1", "5.15")
    ]


def test_nothing_dangles_where_the_newer_edition_numbers_as_before():
    one = editions.shipped_mappings()[0]
    controls = editions.shipped(one.source).controls
    assert dangling(one.rows, controls, editions.shipped("ismap-2024-07").controls, side="source") == []
    assert {row.source for row in one.rows} == {line.number for line in rules.ordered(controls)}
