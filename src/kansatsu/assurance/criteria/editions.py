"""The editions that ship with Kansatsu, built from data: a table, a difference on another edition, or a generator."""

import csv
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from kansatsu.assurance.criteria import rules
from kansatsu.assurance.criteria.rules import ControlFacts, Kind, Part
from kansatsu.assurance.criteria.synthetic import details_up_to
from kansatsu.core.datafiles import read

DATA = Path(__file__).parent / "data"


@dataclass(frozen=True, slots=True)
class ShippedEdition:
    """An edition as data: what the database gets when it is installed.

    :param is_incomplete: the selectable detailed controls, or some of them, are not there.
    :param is_synthetic: texts and some numbers are made up, for demonstrations and measurements only.
    """

    id: str
    title_ja: str
    title_en: str
    published_on: date
    source: str
    is_incomplete: bool
    is_synthetic: bool
    controls: tuple[ControlFacts, ...]


@cache
def _table() -> dict[str, dict[str, Any]]:
    return {entry["id"]: entry for entry in read(DATA / "editions.toml")["edition"]}


def shipped_ids() -> tuple[str, ...]:
    """The ids of all shipped editions, oldest first."""
    return tuple(_table())


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
        controls = _from_csv(DATA / entry["table"])
    if "difference" in entry:
        controls = _apply(controls, read(DATA / entry["difference"]))
    if "generate_up_to" in entry:
        controls = details_up_to(controls, total=entry["generate_up_to"], seed=entry["seed"])
    requirements = read(DATA / "requirements.toml")[entry["requirements"]]["class"]
    return ShippedEdition(
        id=edition_id,
        title_ja=entry["title_ja"],
        title_en=entry["title_en"],
        published_on=entry["published_on"],
        source=entry["source"],
        is_incomplete=entry["incomplete"],
        is_synthetic="generate_up_to" in entry,
        controls=tuple(
            replace(control, requirement=rules.requirement_of(control.part, control.kind, control.mark, requirements))
            for control in sorted(controls, key=lambda control: rules.digits(control.number))
        ),
    )


@cache
def clause_titles() -> dict[str, tuple[str, str]]:
    """Chapter or clause number (without marks) → title in Japanese and English."""
    with (DATA / "clauses.csv").open(encoding="utf-8", newline="") as lines:
        return {row["number"].removesuffix(".P"): (row["title_ja"], row["title_en"]) for row in csv.DictReader(lines)}


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
    )


def _from_csv(path: Path) -> tuple[ControlFacts, ...]:
    with path.open(encoding="utf-8", newline="") as lines:
        return tuple(_control(row) for row in csv.DictReader(lines))


def _apply(controls: tuple[ControlFacts, ...], difference: dict[str, Any]) -> tuple[ControlFacts, ...]:
    withdrawn = set(difference.get("withdrawn", []))
    kept = tuple(control for control in controls if control.number not in withdrawn)
    return kept + tuple(_control(row) for row in difference["new"])
