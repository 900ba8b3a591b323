"""What must hold for the register: numbers, validity, reminders, remarks, and rows that are adopted."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kansatsu.assurance.providers.workflow import Model
from kansatsu.core.calendar import last_day_of_period
from kansatsu.core.problems import Problem
from kansatsu.core.text import Field, field_problems

REMARK = {"text": Field(2000, required=True, lines=True), "text_en": Field(2000, lines=True)}
REASON = {"reason": Field(2000, required=True, lines=True)}
ADOPTED = {
    "number": Field(32, required=True),
    "service": Field(200, required=True, name=True),
    "service_en": Field(200, name=True),
    "provider": Field(200, required=True, name=True),
    "provider_en": Field(200, name=True),
    "model": Field(8, required=True),
    "regions": Field(1000, lines=True),
    "scope": Field(4000, lines=True),
    "audit_from": Field(10, required=True),
    "audit_to": Field(10, required=True),
    "entered_on": Field(10, required=True),
    "valid_until": Field(10),
}
_DATES = ("audit_from", "audit_to", "entered_on", "valid_until")
_NUMBER = re.compile(r"C(\d{2})-(\d{4})-(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class AdoptedRow:
    """One registration that exists already, as public facts. :param valid_until: computed when left out."""

    number: str
    service: str
    service_en: str
    provider: str
    provider_en: str
    model: Model
    regions: str
    scope: str
    audit_from: date
    audit_to: date
    entered_on: date
    valid_until: date | None


def valid_until(audit_to: date, months: int) -> date:
    """The last day of validity: that many months from the day after the audited period's end (基本規程 3.5).

    >>> valid_until(date(2025, 3, 31), 16)
    datetime.date(2026, 7, 31)
    """
    return last_day_of_period(audit_to + timedelta(days=1), months)


def registration_number(entered_on: date, serial: int, branch: int) -> str:
    """A number in the known form, ``C21-0008-2``: year, serial, branch."""
    return f"C{entered_on.year % 100:02d}-{serial:04d}-{branch}"


def number_parts(number: str) -> tuple[int, int, int] | None:
    """Year (four digits), serial and branch of a registration number; nothing when it has another form."""
    match = _NUMBER.fullmatch(number)
    return (2000 + int(match[1]), int(match[2]), int(match[3])) if match else None


def reminder_due(
    last_day: date, today: date, *, notices: Iterable[int], reminded_days: int | None, is_filed: bool
) -> int | None:
    """The notice, in days, at which a reminder is due today; nothing when none is, or a renewal is filed.

    A sweep that was missed is made up for once, at the shortest notice reached.

    :param notices: days before the last day at which to remind.
    :param reminded_days: the shortest notice already given in this period.
    """
    left = (last_day - today).days
    reached = [notice for notice in notices if 0 <= left <= notice]
    if is_filed or not reached:
        return None
    shortest = min(reached)
    return shortest if reminded_days is None or shortest < reminded_days else None


def adopted_rows(rows: Sequence[tuple[int, dict[str, str]]]) -> tuple[list[AdoptedRow], list[Problem]]:
    """Registrations from a table of public facts, and every problem with it by line and column.

    :param rows: line in the file and its cells by column name.
    """
    good: list[AdoptedRow] = []
    problems: list[Problem] = []
    seen: dict[str, int] = {}
    for line, cells in rows:
        found = field_problems(cells, ADOPTED)
        dates = {name: _date(cells.get(name, "")) for name in _DATES}
        bad = [name for name in _DATES if cells.get(name) and dates[name] is None]
        found += [Problem("core.not_a_date", where=name, params={"value": cells[name]}) for name in bad]
        if number_parts(cells.get("number", "")) is None:
            found.append(Problem("register.number_form", where="number"))
        if cells.get("model", "") not in set(Model):
            choices = ", ".join(Model)
            params = {"value": cells.get("model", ""), "choices": choices}
            found.append(Problem("core.not_a_choice", where="model", params=params))
        if (earlier := seen.setdefault(cells.get("number", ""), line)) != line:
            found.append(Problem("register.number_twice", where="number", params={"line": earlier}))
        first, last, entered = dates["audit_from"], dates["audit_to"], dates["entered_on"]
        if first and last and last < first:
            found.append(Problem("statements.period_reversed", where="audit_to"))
        problems += [Problem(one.code, where=f"{line}:{one.where}", params=one.params) for one in found]
        if not found and first and last and entered:
            good.append(
                AdoptedRow(
                    number=cells["number"],
                    service=cells["service"],
                    service_en=cells.get("service_en", ""),
                    provider=cells["provider"],
                    provider_en=cells.get("provider_en", ""),
                    model=Model(cells["model"]),
                    regions=cells.get("regions", ""),
                    scope=cells.get("scope", ""),
                    audit_from=first,
                    audit_to=last,
                    entered_on=entered,
                    valid_until=dates["valid_until"],
                )
            )
    return good, problems


def _date(value: str) -> date | None:
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
