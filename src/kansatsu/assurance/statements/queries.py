"""Questions about statements; the pre-check's facts are gathered here."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

import rfc8785
from django.db.models import Count, Q, QuerySet

from kansatsu.accounts.actors import Actor
from kansatsu.assurance.criteria.rules import Kind, Requirement
from kansatsu.assurance.providers.queries import last_standing, standing_states
from kansatsu.assurance.providers.rules import StandingState
from kansatsu.assurance.statements import policy, rules
from kansatsu.assurance.statements.models import Line, Statement
from kansatsu.assurance.statements.rules import HeaderFacts, LineFacts, PeriodLimits, PreCheck, UsedService
from kansatsu.assurance.statements.workflow import LineState, Status
from kansatsu.core.dated import rulebook

_COLUMNS = (
    "control__number", "control__kind", "control__requirement", "control__parent_number",
    "state", "reason", "text", "inherited_from",
)  # fmt: skip


def limits(day: date) -> PeriodLimits:
    """How long an audited period may be, by the rule in force on that day."""
    rule = rulebook("assurance/statements").on("audit_period", day)
    return PeriodLimits(longest_months=rule["longest_months"], shortest_months=rule["shortest_months"])


def previous_end(statement: Statement) -> date | None:
    """The last day of the period that was audited before this statement's, by the register."""
    standing = last_standing(statement.service_id)
    return standing.audit_to if standing else None


def header_facts(statement: Statement, day: date) -> HeaderFacts:
    """The header as a value, with the standing of the services it uses."""
    used = list(statement.used_services.order_by("pk"))
    states = standing_states((one.registered_id for one in used if one.registered_id), day)
    return HeaderFacts(
        texts={name: getattr(statement, name) for name in rules.HEADER},
        audit_from=statement.audit_from,
        audit_to=statement.audit_to,
        used_services=tuple(
            UsedService(one.name, one.is_base, states.get(one.registered_id or 0, StandingState.NONE)) for one in used
        ),
    )


def line_facts(statement: Statement, day: date) -> list[LineFacts]:
    """All lines as values, in the order of the criteria. Two queries, however many lines."""
    rows = list(Line.objects.filter(statement=statement).order_by("control__sort_key").values_list(*_COLUMNS))
    states = standing_states({row[-1] for row in rows if row[-1]}, day)
    return [
        LineFacts(
            number=number,
            kind=Kind(kind),
            requirement=Requirement(requirement),
            parent_number=parent,
            state=LineState(state),
            reason=reason,
            text=text,
            inherited_standing=states.get(base, StandingState.NONE) if base else None,
        )
        for number, kind, requirement, parent, state, reason, text, base in rows
    ]


def pre_check(statement: Statement, day: date) -> PreCheck:
    """The pre-check of a statement as it stands on that day."""
    return rules.pre_check(
        header_facts(statement, day),
        line_facts(statement, day),
        limits=limits(day),
        previous_end=previous_end(statement),
        edition_id=statement.edition_id,
        edition_is_incomplete=statement.edition.is_incomplete,
    )


def content_hash(statement: Statement) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of header, used services and lines; what an audit is pinned to."""
    lines = Line.objects.filter(statement=statement).order_by("control__sort_key", "control__number")
    content: dict[str, Any] = {
        "edition": statement.edition.content_hash,
        "header": {name: getattr(statement, name) for name in rules.HEADER},
        "period": [str(statement.audit_from), str(statement.audit_to)],
        "used": [[one.name, one.is_base, one.registered_id] for one in statement.used_services.order_by("pk")],
        "lines": [
            list(row)
            for row in lines.values_list("control__number", "state", "reason", "text", "responsible", "inherited_from")
        ],
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


@dataclass(frozen=True, slots=True)
class Progress:
    """How many lines of a statement are in which state."""

    total: int
    unanswered: int
    implemented: int
    inherited: int
    excluded: int
    not_selected: int

    @property
    def answered_percent(self) -> int:
        return 100 * (self.total - self.unanswered) // self.total if self.total else 0

    def parts(self) -> Iterator[tuple[str, int]]:
        """State and count, without the total."""
        counts = asdict(self)
        del counts["total"]
        yield from counts.items()


def progress(statement: Statement) -> Progress:
    """How far the statement has come. One query."""
    counts = Counter(
        dict(
            Line.objects.filter(statement=statement)
            .values_list("state")
            .annotate(n=Count("pk"))
            .values_list("state", "n")
        )
    )
    return Progress(total=sum(counts.values()), **{state.value: counts[state.value] for state in LineState})


def of_service(service_id: int) -> QuerySet[Statement]:
    """A service's statements, the newest first."""
    return Statement.objects.filter(service=service_id).select_related("edition").order_by("-pk")


def drafts_waiting(actor: Actor) -> QuerySet[Statement]:
    """What waits for a provider: drafts, with their number of lines still open."""
    return (
        policy.visible_to(actor)
        .filter(status=Status.DRAFT, service__provider=actor.organisation_id)
        .select_related("service", "edition")
        .annotate(open_lines=Count("lines", filter=Q(lines__state=LineState.UNANSWERED)))
        .order_by("started_at")
    )


def implemented_objectives(statement: Statement) -> list[str]:
    """The numbers of the objectives that are implemented or inherited: a public item of the list."""
    states = (LineState.IMPLEMENTED, LineState.INHERITED)
    return list(
        Line.objects.filter(statement=statement, control__kind=Kind.OBJECTIVE, state__in=states)
        .order_by("control__sort_key")
        .values_list("control__number", flat=True)
    )
