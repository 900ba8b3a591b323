"""What ships with Kansatsu, built from data: editions (a table, a difference on another edition, a generator), readings
of the basic statement requirements, and mapping sets."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kansatsu.assurance.criteria import rules
from kansatsu.assurance.criteria.mappings import Confidence, MappingFacts, Relation
from kansatsu.assurance.criteria.rules import ControlFacts, Kind, Part
from kansatsu.assurance.criteria.synthetic import details_up_to
from kansatsu.core.datafiles import read
from kansatsu.core.problems import Problem

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class ShippedEdition:
    """An edition as data: what the database gets when it is installed.

    :param is_incomplete: the selectable detailed controls, or some of them, are not there.
    :param is_synthetic: texts and some numbers are made up, for demonstrations and measurements only.
    :param is_unverified: what it holds was not seen in an official text.
    :param requirements: the reading of the basic statement requirements by which its controls are classed.
    :param predecessor: the edition that it replaces or is meant to replace.
    """

    id: str
    title_ja: str
    title_en: str
    published_on: date
    source: str
    source_ja: str
    is_incomplete: bool
    is_synthetic: bool
    is_unverified: bool
    requirements: str
    predecessor: str | None
    controls: tuple[ControlFacts, ...]

    @property
    def layout(self) -> str:
        """How it is numbered, see `rules.layout`."""
        return rules.layout(self.controls)


@cache
def _table() -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in read(DATA / "editions.toml")["edition"]}


def shipped_ids() -> tuple[str, ...]:
    """The ids of all shipped editions, oldest first."""
    return tuple(_table())


def no_such_edition(edition_id: str, known: Iterable[str], where: str = "edition") -> Problem:
    """The problem of an id that no edition bears."""
    params = {"edition": edition_id, "known": ", ".join(sorted(known))}
    return Problem("criteria.no_such_edition", where=where, params=params)


@cache
def shipped(edition_id: str) -> ShippedEdition:
    """Build one shipped edition.

    :raises LookupError: there is no such edition.
    """
    if edition_id not in _table():
        raise LookupError(edition_id)
    entry = _table()[edition_id]
    controls = shipped(entry["base"]).controls if "base" in entry else ()
    if "table" in entry:
        controls = tuple(_control(row) for row in _rows(DATA / entry["table"]))
    if "difference" in entry:
        controls = _apply(controls, read(DATA / entry["difference"]))
    if "generate_up_to" in entry:
        controls = details_up_to(controls, total=entry["generate_up_to"], seed=entry["seed"])
    return ShippedEdition(
        id=edition_id,
        title_ja=entry["title_ja"],
        title_en=entry["title_en"],
        published_on=entry["published_on"],
        source=entry["source"],
        source_ja=entry["source_ja"],
        is_incomplete=entry["incomplete"],
        is_synthetic="generate_up_to" in entry,
        is_unverified=entry.get("unverified", False),
        requirements=entry["requirements"],
        predecessor=entry.get("predecessor"),
        controls=rules.classed(rules.ordered(controls), readings()[entry["requirements"]].classes),
    )


@dataclass(frozen=True, slots=True)
class Reading:
    """One reading of the basic statement requirements.

    :param classes: rows of part, kind, marks and class; the first that fits a control counts.
    """

    id: str
    title_ja: str
    title_en: str
    clause: str
    source: str
    unverified: bool
    classes: tuple[dict[str, str], ...]


@cache
def readings() -> dict[str, Reading]:
    """All readings of the basic statement requirements that ship, by id."""
    return {
        name: Reading(
            id=name,
            title_ja=entry["title_ja"],
            title_en=entry["title_en"],
            clause=entry["clause"],
            source=entry["source"],
            unverified=entry["unverified"],
            classes=tuple(entry["class"]),
        )
        for name, entry in read(DATA / "requirements.toml").items()
    }


@dataclass(frozen=True, slots=True)
class ShippedMapping:
    """A mapping set as data."""

    id: str
    title_ja: str
    title_en: str
    source: str
    target: str
    authority: str
    authority_ja: str
    is_unverified: bool
    rows: tuple[MappingFacts, ...]


@cache
def shipped_mappings() -> tuple[ShippedMapping, ...]:
    """All mapping sets that ship."""
    return tuple(
        ShippedMapping(
            id=entry["id"],
            title_ja=entry["title_ja"],
            title_en=entry["title_en"],
            source=entry["source"],
            target=entry["target"],
            authority=entry["authority"],
            authority_ja=entry["authority_ja"],
            is_unverified=entry["unverified"],
            rows=tuple(_mapping(row) for row in [*_rows(DATA / entry["table"]), *entry.get("row", [])]),
        )
        for entry in read(DATA / "mappings.toml")["mapping"]
    )


def _mapping(row: dict[str, str]) -> MappingFacts:
    return MappingFacts(
        source=row["source"],
        target=row["target"],
        relation=Relation(row["relation"]),
        confidence=Confidence(row["confidence"]),
        note=row.get("note", ""),
    )


def source_in(edition_id: str, source: str, language: str) -> str:
    """Where an edition comes from, in the reader's language where it is one that ships."""
    return shipped(edition_id).source_ja if language == "ja" and edition_id in _table() else source


def authority_in(mapping_id: str, authority: str, language: str) -> str:
    """Who says what a mapping set says, in the reader's language where it is one that ships."""
    own = (one.authority_ja for one in shipped_mappings() if one.id == mapping_id and language == "ja")
    return next(own, authority)


@cache
def clause_titles(layout: str = "2013") -> dict[str, tuple[str, str]]:
    """Chapter or clause number (without marks) → title in Japanese and English.

    :param layout: ``2013`` or ``2022``, see `rules.layout`.
    """
    rows = _rows(DATA / f"clauses-{layout}.csv")
    return {row["number"].removesuffix(".P"): (row["title_ja"], row["title_en"]) for row in rows}


def _control(row: dict[str, str]) -> ControlFacts:
    rules.digits(row["number"])
    return ControlFacts(
        number=row["number"],
        part=Part(row["part"]),
        kind=Kind(row["kind"]),
        mark=row["mark"],
        requirement=rules.Requirement.SELECTABLE,
        base=row["base"],
        title_ja=row["title_ja"],
        title_en=row["title_en"],
        earlier=tuple(row.get("earlier", "").split()),
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _apply(controls: tuple[ControlFacts, ...], difference: dict[str, Any]) -> tuple[ControlFacts, ...]:
    withdrawn = set(difference.get("withdrawn", []))
    kept = tuple(control for control in controls if control.number not in withdrawn)
    return kept + tuple(_control(row) for row in difference["new"])
