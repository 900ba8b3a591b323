"""What must hold for a statement: the pre-check of the basic statement requirements (管理基準 2.2).

The same function serves the provider's page, the review desk, the JSON interface and the command line.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from kansatsu.assurance.criteria.rules import Kind, Requirement
from kansatsu.assurance.providers.rules import StandingState, is_valid
from kansatsu.assurance.statements.workflow import LineState
from kansatsu.core.calendar import last_day_of_period
from kansatsu.core.problems import Problem
from kansatsu.core.text import Field

HEADER = {
    "service_name": Field(200, name=True),
    "scope": Field(4000, lines=True),
    "regions": Field(1000, lines=True),
    "system_overview": Field(20000, lines=True),
    "subsequent_events": Field(4000, lines=True),
    "special_notes": Field(4000, lines=True),
    "signatory_name": Field(100, name=True),
    "signatory_title": Field(200),
    "signatory_authority": Field(1000, lines=True),
}
NEEDED = (
    "service_name",
    "scope",
    "regions",
    "subsequent_events",
    "signatory_name",
    "signatory_title",
    "signatory_authority",
)
LINE = {
    "reason": Field(2000, lines=True),
    "text": Field(8000, lines=True),
    "responsible": Field(200),
}
USED_SERVICE = {"name": Field(200, required=True, name=True)}


@dataclass(frozen=True, slots=True)
class PeriodLimits:
    """How long an audited period may be, in months."""

    longest_months: int
    shortest_months: int


@dataclass(frozen=True, slots=True)
class UsedService:
    """A cloud service that the stated one uses without covering it.

    :param standing: how it stands on the register; ``NONE`` when it is not linked to a registered service.
    """

    name: str
    is_base: bool
    standing: StandingState


@dataclass(frozen=True, slots=True)
class HeaderFacts:
    """A statement's header as a value; dates are Tokyo days."""

    texts: dict[str, str]
    audit_from: date | None
    audit_to: date | None
    used_services: tuple[UsedService, ...] = ()


@dataclass(frozen=True, slots=True)
class LineFacts:
    """One line of a statement as a value.

    :param inherited_standing: how the service it is inherited from stands; nothing when none is named.
    """

    number: str
    kind: Kind
    requirement: Requirement
    parent_number: str
    state: LineState
    reason: str = ""
    text: str = ""
    inherited_standing: StandingState | None = None


@dataclass(frozen=True, slots=True)
class PreCheck:
    """What the pre-check found. :param notices: what limits the check itself; they do not stop anything."""

    problems: tuple[Problem, ...]
    notices: tuple[Problem, ...]


def pre_check(
    header: HeaderFacts,
    lines: Sequence[LineFacts],
    *,
    limits: PeriodLimits,
    previous_end: date | None,
    edition_id: str,
    edition_is_incomplete: bool,
) -> PreCheck:
    """Every breach of the basic statement requirements: one problem a breach, header first, then the lines in order.

    :param previous_end: last day of the period that was audited before, if the service was registered for one.
    """
    problems = header_problems(header)
    problems += period_problems(header.audit_from, header.audit_to, limits=limits, previous_end=previous_end)
    problems += line_problems(lines)
    notices: tuple[Problem, ...] = ()
    if edition_is_incomplete:
        notices = (Problem("criteria.incomplete_edition", where="edition", params={"edition": edition_id}),)
    return PreCheck(tuple(problems), notices)


def header_problems(header: HeaderFacts) -> list[Problem]:
    """What the header lacks (管理基準 2.2.1–2.2.7), and base services that are not on the register (2.2.2)."""
    problems = [
        Problem(f"statements.{name}_missing", where=name) for name in NEEDED if not header.texts.get(name, "").strip()
    ]
    problems += [
        Problem("statements.base_not_registered", where="used_services", params={"service": used.name})
        for used in header.used_services
        if used.is_base and not is_valid(used.standing)
    ]
    return problems


def period_problems(
    first: date | None,
    last: date | None,
    *,
    limits: PeriodLimits,
    previous_end: date | None,
    where: str = "audit_period",
) -> list[Problem]:
    """What is wrong with an audited period: its order, its length, a gap to the one before (管理基準 2.2.5)."""
    if first is None or last is None:
        return [Problem("statements.period_missing", where=where)]
    if last < first:
        return [Problem("statements.period_reversed", where=where)]
    problems = []
    if last > (end := last_day_of_period(first, limits.longest_months)):
        problems.append(
            Problem(
                "statements.period_long",
                where=where,
                params={"months": limits.longest_months, "last": end.isoformat()},
            )
        )
    if last < (end := last_day_of_period(first, limits.shortest_months)):
        problems.append(
            Problem(
                "statements.period_short",
                where=where,
                params={"months": limits.shortest_months, "last": end.isoformat()},
            )
        )
    if previous_end is not None and first != (next_day := previous_end + timedelta(days=1)):
        problems.append(Problem("statements.period_gap", where=where, params={"first": next_day.isoformat()}))
    return problems


def line_problems(lines: Iterable[LineFacts]) -> list[Problem]:
    """Every line's breaches, in the order given."""
    all_lines = list(lines)
    excluded = {line.number for line in all_lines if line.state == LineState.EXCLUDED}
    problems: list[Problem] = []
    for line in all_lines:
        code = _BY_STATE[line.state](line, line.parent_number in excluded)
        if code:
            problems.append(Problem(f"statements.{code}", where="line", control=line.number))
    return problems


def _unanswered(_line: LineFacts, _with_objective: bool) -> str:
    return "unanswered"


def _implemented(line: LineFacts, _with_objective: bool) -> str:
    return "text_missing" if line.kind == Kind.DETAILED and not line.text.strip() else ""


def _inherited(line: LineFacts, _with_objective: bool) -> str:
    if line.inherited_standing is None:
        return "inherited_from_nowhere"
    return "" if is_valid(line.inherited_standing) else "inherited_not_registered"


def _excluded(line: LineFacts, with_objective: bool) -> str:
    if line.requirement == Requirement.MANDATORY:
        return "mandatory"
    if line.requirement == Requirement.WITH_OBJECTIVE and not with_objective:
        return "objective_not_excluded"
    if line.requirement == Requirement.SELECTABLE and not with_objective:
        return "select_instead"
    return "" if line.reason.strip() else "reason_missing"


def _not_selected(line: LineFacts, _with_objective: bool) -> str:
    if line.requirement == Requirement.SELECTABLE:
        return "" if line.reason.strip() else "reason_missing"
    return "mandatory" if line.requirement == Requirement.MANDATORY else "not_selectable"


_BY_STATE: dict[LineState, Callable[[LineFacts, bool], str]] = {
    LineState.UNANSWERED: _unanswered,
    LineState.IMPLEMENTED: _implemented,
    LineState.INHERITED: _inherited,
    LineState.EXCLUDED: _excluded,
    LineState.NOT_SELECTED: _not_selected,
}
