"""How controls are numbered, named and sorted, what an edition must hold to, and which basic statement requirement
(基本言明要件) each control falls under."""

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

import rfc8785

from kansatsu.core.problems import Problem
from kansatsu.core.text import Field, clean, field_problems, folded


class Part(StrEnum):
    """The three parts of the criteria."""

    GOVERNANCE = "governance"
    MANAGEMENT = "management"
    CONTROLS = "controls"


class Kind(StrEnum):
    """A control objective (統制目標) or a detailed control (詳細管理策) under one."""

    OBJECTIVE = "objective"
    DETAILED = "detailed"


class Requirement(StrEnum):
    """What a statement must do with a control."""

    MANDATORY = "mandatory"
    EXCLUDABLE = "excludable"
    WITH_OBJECTIVE = "with_objective"
    SELECTABLE = "selectable"


MARKS = ("", "P", "B", "PB")
LONGEST_TEXT = 8000
_NUMBER = re.compile(r"(\d{1,2})\.(\d{1,2})(?:(?:\.P)?\.(\d{1,2})(?:(?:\.P)?\.(\d{1,2}))?)?(?:\.(P|B|PB))?", re.ASCII)
_CHAPTER = re.compile(r"\d{1,2}", re.ASCII)
_AROUND_DOT = re.compile(r"\s*\.\s*")
_ID = re.compile(r"[a-z][a-z0-9]*(?:[.-][a-z0-9]+)*", re.ASCII)
_TOKEN = re.compile(r"[^\W\d][\w.-]{0,63}")
_TEXTS = {
    "base": Field(100),
    "title_ja": Field(200),
    "title_en": Field(200),
    "text_ja": Field(LONGEST_TEXT, lines=True),
    "text_en": Field(LONGEST_TEXT, lines=True),
}
_EDITION_TEXTS = {"title_ja": Field(200, required=True), "title_en": Field(200), "source": Field(500)}
_MAPPING_TEXTS = {"title_ja": Field(200, required=True), "title_en": Field(200), "authority": Field(500, required=True)}
_HASHED = ("number", "part", "kind", "mark", "requirement", "base", "title_ja", "title_en", "text_ja", "text_en")


@dataclass(frozen=True, slots=True)
class ControlFacts:
    """One control of an edition, as a value.

    :param earlier: the numbers that this same control bore in earlier editions, the oldest first.
    :param id: what the control is called in every edition, whatever its number; by itself from its oldest number.
    """

    number: str
    part: Part
    kind: Kind
    mark: str
    requirement: Requirement
    base: str = ""
    title_ja: str = ""
    title_en: str = ""
    text_ja: str = ""
    text_en: str = ""
    earlier: tuple[str, ...] = ()
    id: str = ""

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", control_id(self.kind, (*self.earlier, self.number)[0]))


@dataclass(frozen=True, slots=True)
class EditionHeader:
    """What is said of an edition that comes from outside.

    :param reading: id of the reading of the basic statement requirements by which its controls are classed.
    :param predecessor: id of the edition that it follows, or empty.
    """

    id: str
    title_ja: str
    title_en: str
    published_on: date
    source: str
    reading: str
    predecessor: str = ""
    is_incomplete: bool = False


@dataclass(frozen=True, slots=True)
class MappingHeader:
    """What is said of a mapping set. :param authority: who says that these lines correspond."""

    id: str
    title_ja: str
    title_en: str
    source: str
    target: str
    authority: str
    is_unverified: bool = True


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file of criteria gave.

    :param clauses: titles of chapters and clauses: number → Japanese, English.
    :param problems: what could not be taken, each with sheet and cell; while there are any, the controls are of no use.
    :param skipped: names of sheets that were left aside.
    """

    controls: tuple[ControlFacts, ...]
    clauses: dict[str, tuple[str, str]]
    problems: list[Problem]
    skipped: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heading:
    """What a document says of the edition or the set as a whole."""

    id: str
    title: str
    day: date
    source: str
    content_hash: str


def digits(number: str) -> tuple[int, ...]:
    """The number's two, three or four parts, for sorting: ``12.6.1.18.PB`` → ``(12, 6, 1, 18)``.

    :raises ValueError: this is not a control number.
    """
    match = _NUMBER.fullmatch(number)
    if not match:
        raise ValueError(f"not a control number: {number!r}")
    return tuple(int(group) for group in match.groups()[:4] if group is not None)


def is_number(text: str) -> bool:
    """Is this a control number (or, with two parts, perhaps a clause's)?"""
    return _NUMBER.fullmatch(text) is not None


def written(text: str) -> str:
    """A number as people write it, brought to its one form: ``１２．６．１．１８．ＰＢ `` → ``12.6.1.18.PB``."""
    plain = unicodedata.normalize("NFKC", text).upper().replace("。", ".")
    return _AROUND_DOT.sub(".", plain).strip().strip(".")


def mark_of(number: str) -> str:
    """``P``, ``B`` or ``PB`` at the number's end, or nothing."""
    last = number.rpartition(".")[2]
    return last if last in MARKS else ""


def clause_number(text: str) -> str:
    """The number of a chapter or clause without marks, as its title is kept (``6.3.P`` → ``6.3``); else nothing."""
    if _CHAPTER.fullmatch(text):
        return text
    return ".".join(map(str, digits(text))) if is_number(text) else ""


def part_of(number: Sequence[int]) -> Part:
    """The part that a chapter belongs to where nobody says otherwise: 3 governance, 4 management, else controls."""
    return {3: Part.GOVERNANCE, 4: Part.MANAGEMENT}.get(number[0], Part.CONTROLS)


def control_id(kind: str, number: str) -> str:
    """A control's id by its first number: a legal OSCAL token, the same with and without a mark.

    >>> control_id("detailed", "9.5.2.1.PB")
    'det-9.5.2.1'
    """
    return f"{kind[:3]}-{'.'.join(map(str, digits(number)))}"


def sort_key(number: str) -> str:
    """Text that sorts as the number does: ``012.006.001.018``."""
    return ".".join(f"{part:03d}" for part in digits(number))


def ordered(controls: Iterable[ControlFacts]) -> tuple[ControlFacts, ...]:
    """The controls in the order of their numbers."""
    return tuple(sorted(controls, key=lambda control: (digits(control.number), control.number)))


def parents(numbers: Iterable[str]) -> dict[str, str]:
    """Detailed control → its objective, whose number is one part shorter (``9.5.2.1.PB`` belongs to ``9.5.2.P``)."""
    known = {digits(number): number for number in numbers}
    return {number: known[parts[:-1]] for parts, number in known.items() if parts[:-1] in known}


def requirement_of(part: str, kind: str, mark: str, table: Sequence[Mapping[str, str]]) -> Requirement:
    """The class of the first row that fits; ``*`` fits everything.

    :raises LookupError: no row fits.
    """
    for row in table:
        marks = row["marks"].split()
        if row["part"] in ("*", part) and row["kind"] in ("*", kind) and ("*" in marks or mark in marks):
            return Requirement(row["class"])
    raise LookupError(f"no basic statement requirement fits {part} {kind} {mark!r}")


def classed(controls: Iterable[ControlFacts], table: Sequence[Mapping[str, str]]) -> tuple[ControlFacts, ...]:
    """The controls with the class that the table of basic statement requirements gives each."""
    return tuple(replace(one, requirement=requirement_of(one.part, one.kind, one.mark, table)) for one in controls)


def content_hash(controls: Iterable[ControlFacts]) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of the sorted controls; edition id, title and dates are left out.

    Id and earlier numbers stand in it only where they say more than the number does, so that a table that has no such
    columns and one that spells them out count as the same content.
    """
    return hashlib.sha256(rfc8785.dumps([_hashed(control) for control in ordered(controls)])).hexdigest()


def _hashed(control: ControlFacts) -> dict[str, Any]:
    row: dict[str, Any] = {name: str(getattr(control, name)) for name in _HASHED}
    if control.earlier:
        row["earlier"] = list(control.earlier)
    if control.id != control_id(control.kind, (*control.earlier, control.number)[0]):
        row["id"] = control.id
    return row


def counts(controls: Iterable[ControlFacts]) -> dict[str, Any]:
    """How many controls: in all, and for each part by kind and mark.

    Shape: ``{"total", "governance": {"objective", "detailed"}, "management": …, "controls": {…, "B", "PB", "P"}}``;
    the marks count detailed controls, ``P`` objectives too.
    """
    every = tuple(controls)
    by_kind = Counter((one.part, one.kind) for one in every)
    by_mark = Counter(one.mark for one in every if one.part == Part.CONTROLS)
    found: dict[str, Any] = {"total": len(every)}
    for part in Part:
        found[part.value] = {kind.value: by_kind[part, kind] for kind in Kind}
    found["controls"] |= {mark: by_mark[mark] for mark in ("B", "PB", "P")}
    return found


def layout(controls: Iterable[ControlFacts]) -> str:
    """How the controls part is numbered: ``2022`` when its objectives have two parts (5.1), ``2013`` when three."""
    short = (one for one in controls if one.part == Part.CONTROLS and one.kind == Kind.OBJECTIVE)
    return "2022" if any(len(digits(one.number)) == 2 for one in short) else "2013"


def cleaned(controls: Iterable[ControlFacts]) -> tuple[ControlFacts, ...]:
    """The controls with their texts as they are measured: one kind of line end, no space around."""
    return tuple(
        replace(
            one,
            base=clean(one.base),
            title_ja=clean(one.title_ja),
            title_en=clean(one.title_en),
            text_ja=clean(one.text_ja),
            text_en=clean(one.text_en),
        )
        for one in controls
    )


def search_text(control: ControlFacts) -> str:
    """All that a search looks through, folded."""
    texts = (control.number, control.title_ja, control.title_en, control.text_ja, control.text_en)
    return folded(" ".join((*texts, *control.earlier)))


def id_problems(name: str, where: str) -> list[Problem]:
    """What is wrong with the id that somebody chose for an edition or a mapping set."""
    if len(name) <= 64 and _ID.fullmatch(name):
        return []
    return [Problem("criteria.bad_id", where=where, params={"id": name})]


def header_problems(header: EditionHeader) -> list[Problem]:
    """What is wrong with what is said of an edition; the field's name tells where."""
    texts = {name: getattr(header, name) for name in _EDITION_TEXTS}
    return id_problems(header.id, "edition") + field_problems(texts, _EDITION_TEXTS)


def mapping_header_problems(header: MappingHeader) -> list[Problem]:
    """What is wrong with what is said of a mapping set; the field's name tells where."""
    texts = {name: getattr(header, name) for name in _MAPPING_TEXTS}
    return id_problems(header.id, "id") + field_problems(texts, _MAPPING_TEXTS)


def comment_problems(where: str, text: str) -> list[Problem]:
    """What is wrong with a comment or an answer."""
    return field_problems({where: text}, {where: Field(4000, required=True, lines=True)})


def classes_problems(table: Sequence[Mapping[str, str]]) -> list[Problem]:
    """A table of basic statement requirements must place every kind of control that there can be."""
    every = ((part, kind, mark) for part in Part for kind in Kind for mark in MARKS)
    for part, kind, mark in every:
        try:
            requirement_of(part, kind, mark, table)
        except (LookupError, KeyError, ValueError):
            return [Problem("criteria.class_missing", "classes", params={"part": part, "kind": kind, "mark": mark})]
    return []


def edition_problems(controls: Sequence[ControlFacts]) -> list[Problem]:
    """What an edition must hold to, whatever it came from: at least one control; each number once; the mark as the
    number says; every detailed control under its objective; every id once and an OSCAL token; text within bounds."""
    if not controls:
        return [Problem("criteria.no_controls")]
    problems: list[Problem] = []
    places: dict[tuple[int, ...], str] = {}
    ids: dict[str, str] = {}
    objectives = {digits(one.number) for one in controls if one.kind == Kind.OBJECTIVE}
    for one in controls:
        parts = digits(one.number)
        if parts in places:
            problems.append(Problem("criteria.duplicate_number", "number", one.number, {"first": places[parts]}))
        elif one.id in ids:
            problems.append(
                Problem("criteria.duplicate_control_id", "number", one.number, {"id": one.id, "first": ids[one.id]})
            )
        if not _TOKEN.fullmatch(one.id):
            problems.append(Problem("criteria.bad_control_id", "number", one.number, {"id": one.id[:80]}))
        places.setdefault(parts, one.number)
        ids.setdefault(one.id, one.number)
        if one.mark != mark_of(one.number):
            problems.append(
                Problem(
                    "criteria.mark_differs", "number", one.number, {"mark": one.mark, "of_number": mark_of(one.number)}
                )
            )
        if one.kind == Kind.DETAILED and parts[:-1] not in objectives:
            problems.append(
                Problem("criteria.no_objective", "number", one.number, {"wanted": ".".join(map(str, parts[:-1]))})
            )
        texts = {name: getattr(one, name) for name in _TEXTS}
        problems.extend(replace(problem, control=one.number) for problem in field_problems(texts, _TEXTS))
    return problems
