"""Mapping sets: which line of one edition corresponds to which of another, how, how surely, and who says so."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from kansatsu.assurance.criteria.rules import ControlFacts, digits
from kansatsu.core.problems import Problem
from kansatsu.core.text import Field, field_problems

_NOTE = {"note": Field(500, lines=True)}


class Relation(StrEnum):
    """How the source line relates to the target line: the source *is a subset of* the target, and so on."""

    EQUAL = "equal"
    SUBSET = "subset"
    SUPERSET = "superset"
    INTERSECTS = "intersects"
    NONE = "none"


class Confidence(StrEnum):
    """How sure the one who says so is."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


@dataclass(frozen=True, slots=True)
class MappingFacts:
    """One row of a mapping set, as a value. :param target: empty with the relation `NONE`."""

    source: str
    target: str
    relation: Relation
    confidence: Confidence
    note: str = ""


@dataclass(frozen=True, slots=True)
class Dangling:
    """A row that no longer leads where it did, once the edition it points to was superseded.

    :param number: the number that the row names.
    :param now: the number that the same control bears in the newer edition; empty when it is not there any more.
    """

    side: str
    number: str
    now: str


def id_pairs(
    rows: Iterable[MappingFacts], sources: Mapping[str, str], targets: Mapping[str, str]
) -> set[tuple[str, str]]:
    """What corresponds, as pairs of control ids; a row with a number that is not there (any more) gives none.

    :param sources, targets: number → control id in the source and in the target edition.
    """
    related = ((row.source, row.target) for row in rows if row.relation != Relation.NONE)
    return {(sources[one], targets[other]) for one, other in related if one in sources and other in targets}


def mapping_problems(rows: Sequence[MappingFacts], sources: Collection[str], targets: Collection[str]) -> list[Problem]:
    """What is wrong with a mapping set: nothing in it, a number that its edition does not have, a pair twice.

    :param sources: the numbers of the source edition.
    :param targets: the numbers of the target edition.
    """
    if not rows:
        return [Problem("criteria.no_mappings", where="file")]
    problems: list[Problem] = []
    seen: set[tuple[str, str]] = set()
    for row in rows:
        if row.source not in sources:
            problems.append(Problem("criteria.unknown_source", "source", row.source, {"number": row.source}))
        if row.relation == Relation.NONE:
            if row.target:
                problems.append(Problem("criteria.target_with_none", "target", row.source, {"number": row.target}))
        elif row.target not in targets:
            problems.append(Problem("criteria.unknown_target", "target", row.source, {"number": row.target}))
        if (row.source, row.target) in seen:
            problems.append(Problem("criteria.mapped_twice", "source", row.source, {"number": row.target}))
        seen.add((row.source, row.target))
        problems.extend(replace(one, control=row.source) for one in field_problems({"note": row.note}, _NOTE))
    return problems


def dangling(
    rows: Iterable[MappingFacts], pinned: Iterable[ControlFacts], newer: Iterable[ControlFacts], *, side: str
) -> list[Dangling]:
    """The lines that the rows name on one side and that the newer edition numbers otherwise or does not have.

    :param pinned: the edition that the set was made for.
    :param newer: the edition that supersedes it.
    :param side: ``source`` or ``target``.
    """
    ids = {one.number: one.id for one in pinned}
    now = {one.id: one.number for one in newer}
    named = {getattr(row, side) for row in rows} - {""}
    found = (Dangling(side, number, now.get(ids.get(number, ""), "")) for number in named)
    return sorted((one for one in found if one.now != one.number), key=lambda one: digits(one.number))
