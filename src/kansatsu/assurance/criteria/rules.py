"""How controls are numbered and sorted, and which basic statement requirement (基本言明要件) each falls under."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import rfc8785


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


_NUMBER = re.compile(r"(\d{1,2})\.(\d{1,2})(?:\.P)?\.(\d{1,2})(?:\.P)?(?:\.(\d{1,2}))?(?:\.(P|B|PB))?")


@dataclass(frozen=True, slots=True)
class ControlFacts:
    """One control of an edition, as a value."""

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


def digits(number: str) -> tuple[int, ...]:
    """The number's three or four parts, for sorting: ``12.6.1.18.PB`` → ``(12, 6, 1, 18)``.

    :raises ValueError: this is not a control number.
    """
    match = _NUMBER.fullmatch(number)
    if not match:
        raise ValueError(f"not a control number: {number!r}")
    return tuple(int(group) for group in match.groups()[:4] if group is not None)


def sort_key(number: str) -> str:
    """Text that sorts as the number does: ``012.006.001.018``."""
    return ".".join(f"{part:03d}" for part in digits(number))


def parents(numbers: Iterable[str]) -> dict[str, str]:
    """Detailed control → its objective, by the first three parts (``9.5.2.1.PB`` belongs to ``9.5.2.P``)."""
    all_numbers = list(numbers)
    objectives = {digits(number): number for number in all_numbers if len(digits(number)) == 3}
    return {
        number: objectives[digits(number)[:3]]
        for number in all_numbers
        if len(digits(number)) == 4 and digits(number)[:3] in objectives
    }


def requirement_of(part: str, kind: str, mark: str, table: Sequence[Mapping[str, str]]) -> Requirement:
    """The class of the first row that fits; ``*`` fits everything.

    :raises LookupError: no row fits.
    """
    for row in table:
        marks = row["marks"].split()
        if row["part"] in ("*", part) and row["kind"] in ("*", kind) and ("*" in marks or mark in marks):
            return Requirement(row["class"])
    raise LookupError(f"no basic statement requirement fits {part} {kind} {mark!r}")


def content_hash(controls: Iterable[ControlFacts]) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of the sorted controls; edition id, title and dates are left out."""
    rows = [
        {name: str(getattr(control, name)) for name in ControlFacts.__slots__}
        for control in sorted(controls, key=lambda control: (digits(control.number), control.number))
    ]
    return hashlib.sha256(rfc8785.dumps(rows)).hexdigest()
