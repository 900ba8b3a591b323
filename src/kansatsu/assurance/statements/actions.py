"""The acts on statements."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kansatsu.accounts import duties
from kansatsu.accounts.actors import Actor
from kansatsu.assurance.criteria.models import Control, Edition
from kansatsu.assurance.criteria.workflow import Status as EditionStatus
from kansatsu.assurance.providers.models import Service, Standing
from kansatsu.assurance.statements import queries, rules
from kansatsu.assurance.statements.models import Line, Statement, UsedService
from kansatsu.assurance.statements.policy import POLICY
from kansatsu.assurance.statements.workflow import STATEMENT, Act, LineState, Status
from kansatsu.core.acts import act
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.moves import begin, move
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Conflict, Incomplete
from kansatsu.core.text import clean, field_problems

_COPIED_OF_A_LINE = ("control_id", "state", "reason", "text", "responsible", "inherited_from_id")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one control.

    :param seen: the line's version that the writer saw; nothing means: whatever it is now.
    """

    number: str
    state: LineState
    reason: str = ""
    text: str = ""
    responsible: str = ""
    inherited_from: Service | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Used:
    """A service that the stated one uses; `registered` links it to one known here."""

    name: str
    is_base: bool
    registered: Service | None = None


@act
def start(*, service: Service, edition: Edition, actor: Actor, now: datetime) -> Statement:
    """Begin a service's statement under an edition, with every line unanswered.

    :raises NotAllowed: the actor does not act for the provider.
    :raises Incomplete: the service has a draft already, or the edition is not published.
    """
    POLICY.require(actor, Act.START, service)
    if edition.status != EditionStatus.PUBLISHED:
        raise Incomplete(Problem("criteria.edition_unpublished", where="edition", params={"edition": edition.pk}))
    if Statement.objects.filter(service=service, status=Status.DRAFT).exists():
        raise Incomplete(Problem("statements.draft_exists", where="service"))
    statement = Statement(service=service, edition=edition, service_name=service.name, started_at=now)
    statement = begin(statement, STATEMENT, Act.START, actor=actor, now=now, edition=edition.pk)
    controls = Control.objects.filter(edition=edition).order_by("sort_key")
    Line.objects.bulk_create([Line(statement=statement, control=control) for control in controls], batch_size=500)
    duties.assign(statement, "statement", actor=actor, now=now)
    return statement


@act
def describe(
    *,
    statement: Statement,
    texts: Mapping[str, str],
    audit_from: date | None,
    audit_to: date | None,
    used_services: Sequence[Used],
    actor: Actor,
    now: datetime,
) -> Statement:
    """Write the header: what is covered, what is used without being covered, the period, the signatory.

    :param texts: any of the fields in `rules.HEADER`; those left out stay as they are.
    :raises NotAllowed: the actor does not act for the provider.
    :raises WrongState: the statement is not a draft.
    :raises Incomplete: a text is too long or holds something it may not.
    """
    POLICY.require(actor, Act.DESCRIBE, statement)
    problems = field_problems(texts, rules.HEADER)
    for used in used_services:
        problems += field_problems({"name": used.name}, rules.USED_SERVICE)
    if problems:
        raise Incomplete(problems)
    cleaned: dict[str, Any] = {name: clean(text) for name, text in texts.items()}
    period: dict[str, Any] = {"audit_from": audit_from, "audit_to": audit_to}
    statement = move(statement, STATEMENT, Act.DESCRIBE, actor=actor, now=now, **period, **cleaned)
    statement.used_services.all().delete()
    UsedService.objects.bulk_create(
        [
            UsedService(statement=statement, name=clean(used.name), is_base=used.is_base, registered=used.registered)
            for used in used_services
        ]
    )
    return statement


@act
def answer(*, statement: Statement, answers: Sequence[Answer], actor: Actor, now: datetime) -> Statement:
    """Say of one or more controls what is done about them; all are written or none.

    What a state needs besides is the pre-check's matter, so that unfinished lines can be kept.

    :raises NotAllowed: the actor does not act for the provider.
    :raises WrongState: the statement is not a draft.
    :raises Incomplete: a number is not in the edition, a text has the wrong shape, or the base was never registered.
    :raises Conflict: somebody else changed one of the lines since the writer saw it.
    """
    POLICY.require(actor, Act.ANSWER, statement)
    wanted = {one.number: one for one in answers}
    lines = {
        line.control.number: line
        for line in Line.objects.filter(statement=statement, control__number__in=wanted).select_related("control")
    }
    if problems := _answer_problems(answers, set(lines)):
        raise Incomplete(problems)
    numbers = sorted(wanted)
    statement = move(
        statement,
        STATEMENT,
        Act.ANSWER,
        actor=actor,
        now=now,
        details={"controls": numbers} if len(numbers) <= 20 else {"count": len(numbers)},
    )
    for number, one in wanted.items():
        line = lines[number]
        if one.seen is not None and one.seen != line.version:
            raise Conflict(Problem("statements.line_changed", where="line", control=number), line)
        line.state, line.reason, line.text = one.state, clean(one.reason), clean(one.text)
        line.responsible, line.inherited_from = clean(one.responsible), one.inherited_from
        line.version += 1
    Line.objects.bulk_update(
        lines.values(), ["state", "reason", "text", "responsible", "inherited_from", "version"], batch_size=100
    )
    return statement


@act
def finalise(*, statement: Statement, actor: Actor, now: datetime) -> Statement:
    """Make the statement final: from now on it never changes, and its content hash is what the audit is pinned to.

    :raises NotAllowed: the actor does not act for the provider.
    :raises Incomplete: the pre-check finds a breach of the basic statement requirements.
    :raises WrongState: the statement is not a draft.
    :raises Conflict: a colleague changed it since it was seen.
    """
    POLICY.require(actor, Act.FINALISE, statement)
    if statement.status == Status.DRAFT and (problems := queries.pre_check(statement, tokyo_date(now)).problems):
        raise Incomplete(problems)
    digest = queries.content_hash(statement)
    statement = move(
        statement,
        STATEMENT,
        Act.FINALISE,
        actor=actor,
        now=now,
        details={"content_hash": digest},
        finalised_at=now,
        content_hash=digest,
    )
    duties.release(statement, "statement", now=now)
    return statement


@act
def revise(*, statement: Statement, actor: Actor, now: datetime) -> Statement:
    """Begin a new draft with the content of a final statement, which is then superseded but kept.

    :return: the new draft.
    :raises NotAllowed: the actor does not act for the provider.
    :raises WrongState: the statement is not final.
    :raises Conflict: somebody else revised it first.
    """
    POLICY.require(actor, Act.REVISE, statement)
    old = move(statement, STATEMENT, Act.REVISE, actor=actor, now=now)
    copied = {name: getattr(old, name) for name in rules.HEADER}
    draft = Statement(
        service=old.service,
        edition=old.edition,
        revision=old.revision + 1,
        revises=old,
        audit_from=old.audit_from,
        audit_to=old.audit_to,
        started_at=now,
        **copied,
    )
    draft = begin(draft, STATEMENT, Act.START, actor=actor, now=now, revises=old.pk)
    lines = Line.objects.filter(statement=old).order_by("pk").values(*_COPIED_OF_A_LINE)
    Line.objects.bulk_create([Line(statement=draft, **line) for line in lines], batch_size=500)
    used_services = UsedService.objects.filter(statement=old).order_by("pk").values("name", "is_base", "registered_id")
    UsedService.objects.bulk_create([UsedService(statement=draft, **used) for used in used_services])
    duties.assign(draft, "statement", actor=actor, now=now)
    return draft


def _answer_problems(answers: Sequence[Answer], known: set[str]) -> list[Problem]:
    problems: list[Problem] = []
    bases = {one.inherited_from.pk for one in answers if one.inherited_from}
    registered = set(Standing.objects.filter(service__in=bases).values_list("service_id", flat=True))
    for one in answers:
        if one.number not in known:
            problems.append(Problem("statements.no_such_control", where="number", control=one.number))
        if one.inherited_from and one.inherited_from.pk not in registered:
            problems.append(Problem("statements.base_unknown", where="inherited_from", control=one.number))
        shape = field_problems({"reason": one.reason, "text": one.text, "responsible": one.responsible}, rules.LINE)
        problems += [Problem(p.code, where=p.where, control=one.number, params=p.params) for p in shape]
    return problems
