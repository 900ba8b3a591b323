"""The acts on applications, up to the decision."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from kansatsu.accounts import duties
from kansatsu.accounts.actors import Actor
from kansatsu.accounts.queries import organisations_of
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.audits.models import Engagement, EngagementDisclosure
from kansatsu.assurance.providers.models import Service, Standing
from kansatsu.assurance.providers.queries import last_standing
from kansatsu.assurance.providers.rules import is_valid, standing_on
from kansatsu.assurance.reviews import letters, queries, rules
from kansatsu.assurance.reviews.models import Application, Question, ReturnReason
from kansatsu.assurance.reviews.policy import POLICY
from kansatsu.assurance.reviews.workflow import APPLICATION, Act, Status
from kansatsu.assurance.statements.models import StatementDisclosure
from kansatsu.core.acts import act
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.moves import begin, move
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete
from kansatsu.core.text import clean, field_problems

_OVER = (Status.APPROVED, Status.REFUSED, Status.WITHDRAWN)


@act
def prepare(*, service: Service, engagement: Engagement, actor: Actor, now: datetime, note: str = "") -> Application:
    """Begin an application on a result report and the statement it is about; for a registered service, a renewal.

    :raises NotAllowed: the actor does not act for the provider.
    :raises Incomplete: the report is about another service, or another application is under way.
    """
    POLICY.require(actor, Act.PREPARE, service)
    problems = field_problems({"note": note}, rules.NOTE) + _report_problems(service, engagement)
    if Application.objects.filter(service=service).exclude(status__in=_OVER).exists():
        problems.append(Problem("reviews.under_way", where="service"))
    if problems:
        raise Incomplete(problems)
    standing = last_standing(service.pk)
    application = Application(
        service=service,
        engagement=engagement,
        statement=engagement.statement,
        is_renewal=standing is not None and is_valid(standing_on(standing.facts(), tokyo_date(now))),
        note=clean(note),
        prepared_at=now,
    )
    return begin(application, APPLICATION, Act.PREPARE, actor=actor, now=now)


@act
def rest_on(*, application: Application, engagement: Engagement, note: str, actor: Actor, now: datetime) -> Application:
    """Let a draft or returned application rest on another result report and its statement, and change its note.

    :raises NotAllowed: the actor does not act for the provider.
    :raises WrongState: the application is neither a draft nor returned.
    :raises Incomplete: the report is about another service, or the note has the wrong shape.
    """
    POLICY.require(actor, Act.REST_ON, application)
    problems = field_problems({"note": note}, rules.NOTE) + _report_problems(application.service, engagement)
    if problems:
        raise Incomplete(problems)
    return move(
        application,
        APPLICATION,
        Act.REST_ON,
        actor=actor,
        now=now,
        details={"engagement": engagement.pk},
        engagement=engagement,
        statement=engagement.statement,
        note=clean(note),
    )


@act
def submit(*, application: Application, actor: Actor, now: datetime) -> Application:
    """Hand an application to the operations support body for the acceptance check.

    From now on the support body can read the statement and the result report. The day of the first filing counts; for
    a renewal it keeps the registration valid until the decision.

    :raises NotAllowed: the actor does not act for the applicant.
    :raises Incomplete: the statement or the result report is not fit to review, or the renewal comes too late.
    :raises WrongState: the application is neither a draft nor returned.
    :raises Conflict: somebody else moved it first.
    """
    POLICY.require(actor, Act.SUBMIT, application)
    today = tokyo_date(now)
    facts = queries.facts(application, today)
    if application.status in (Status.DRAFT, Status.RETURNED) and (problems := rules.application_problems(facts)):
        raise Incomplete(problems)
    application = move(
        application, APPLICATION, Act.SUBMIT, actor=actor, now=now, filed_on=application.filed_on or today
    )
    _disclose(application, Kind.SUPPORT_BODY, now)
    if application.is_renewal:
        _standing_of(application).filter(renewal_filed_on__isnull=True).update(renewal_filed_on=application.filed_on)
        _standing_of(application).update(renewal_closed_on=None)
    letters.to_kind("submitted", application, Kind.SUPPORT_BODY, now=now)
    return application


@act
def withdraw(*, application: Application, actor: Actor, now: datetime) -> Application:
    """Take the application back, as long as it is not before the committee.

    :raises NotAllowed: the actor does not act for the applicant.
    :raises WrongState: it is before the committee or decided.
    :raises Conflict: somebody else moved it first.
    """
    POLICY.require(actor, Act.WITHDRAW, application)
    was_filed = application.filed_on is not None
    application = move(application, APPLICATION, Act.WITHDRAW, actor=actor, now=now)
    duties.release(application, "review", now=now)
    _close_renewal(application, now)
    if was_filed:
        letters.to_kind("withdrawn", application, Kind.SUPPORT_BODY, now=now)
    return application


@act
def return_(*, application: Application, reasons: Sequence[str], actor: Actor, now: datetime) -> Application:
    """Return the application with one or more reasons.

    :raises NotAllowed: the actor may not review it, or somebody else has it in hand.
    :raises Incomplete: no reason is given, or one has the wrong shape.
    :raises WrongState: it is neither submitted nor under review.
    :raises Conflict: somebody else moved it first.
    """
    POLICY.require(actor, Act.RETURN, application)
    given = [clean(reason) for reason in reasons if clean(reason)] or [""]
    problems = [problem for reason in given for problem in field_problems({"reason": reason}, rules.REASON)]
    if problems:
        raise Incomplete(problems)
    application = move(application, APPLICATION, Act.RETURN, actor=actor, now=now, details={"reasons": given})
    for reason in given:
        ReturnReason.objects.create(application=application, text=reason, made_by=actor.label, made_at=now)
    duties.release(application, "review", now=now)
    letters.to_applicant("returned", application, now=now, text="\n".join(f"- {reason}" for reason in given))
    return application


@act
def accept(*, application: Application, actor: Actor, now: datetime) -> Application:
    """Accept the application for review; the aim for a decision counts from today.

    :raises NotAllowed: the actor may not review it.
    :raises WrongState: it is not submitted.
    :raises Conflict: somebody else moved it first.
    """
    POLICY.require(actor, Act.ACCEPT, application)
    application = move(application, APPLICATION, Act.ACCEPT, actor=actor, now=now, accepted_on=tokyo_date(now))
    letters.to_applicant("accepted", application, now=now)
    return application


@act
def take_up(*, application: Application, actor: Actor, now: datetime) -> Application:
    """Begin the technical review; the actor has it in hand from now on.

    :raises NotAllowed: the actor may not review it.
    :raises WrongState: it is not accepted.
    :raises Conflict: somebody else took it up first.
    """
    POLICY.require(actor, Act.TAKE_UP, application)
    application = move(application, APPLICATION, Act.TAKE_UP, actor=actor, now=now)
    duties.assign(application, "review", actor=actor, now=now)
    return application


@act
def ask(*, application: Application, question: str, actor: Actor, now: datetime) -> Application:
    """Ask the applicant something; the review waits for the answer.

    :raises NotAllowed: the actor does not have the review in hand.
    :raises Incomplete: the question is missing or has the wrong shape.
    :raises WrongState: it is not under review.
    :raises Conflict: somebody else moved it first.
    """
    POLICY.require(actor, Act.ASK, application)
    if problems := field_problems({"question": question}, rules.QUESTION):
        raise Incomplete(problems)
    application = move(application, APPLICATION, Act.ASK, actor=actor, now=now)
    Question.objects.create(application=application, text=clean(question), asked_by=actor.label, asked_at=now)
    letters.to_applicant("asked", application, now=now, text=clean(question))
    return application


@act
def answer(*, application: Application, answer: str, actor: Actor, now: datetime) -> Application:
    """Answer the open question; the review goes on.

    :raises NotAllowed: the actor does not act for the applicant.
    :raises Incomplete: the answer is missing or has the wrong shape.
    :raises WrongState: no question is open.
    :raises Conflict: a colleague answered first.
    """
    POLICY.require(actor, Act.ANSWER, application)
    if problems := field_problems({"answer": answer}, rules.ANSWER):
        raise Incomplete(problems)
    application = move(application, APPLICATION, Act.ANSWER, actor=actor, now=now)
    Question.objects.filter(application=application, answered_at__isnull=True).update(
        answer=clean(answer), answered_by=actor.label, answered_at=now
    )
    letters.to_kind("answered", application, Kind.SUPPORT_BODY, now=now)
    return application


@act
def present(*, application: Application, summary: str, actor: Actor, now: datetime) -> Application:
    """Put the reviewed application before the committee, which can read its papers from now on.

    :raises NotAllowed: the actor does not have the review in hand.
    :raises Incomplete: the summary is missing or has the wrong shape.
    :raises WrongState: it is not under review.
    :raises Conflict: somebody else moved it first.
    """
    POLICY.require(actor, Act.PRESENT, application)
    if problems := field_problems({"summary": summary}, rules.SUMMARY):
        raise Incomplete(problems)
    application = move(application, APPLICATION, Act.PRESENT, actor=actor, now=now, review_summary=clean(summary))
    _disclose(application, Kind.COMMITTEE, now)
    letters.to_kind("presented", application, Kind.COMMITTEE, now=now)
    return application


@act
def send_back(*, application: Application, reason: str, actor: Actor, now: datetime) -> Application:
    """Send the application back to the review, for something the committee wants to know first.

    :raises NotAllowed: the actor may not decide on it.
    :raises Incomplete: the reason is missing or has the wrong shape.
    :raises WrongState: it is not before the committee.
    :raises Conflict: somebody else moved it first.
    """
    POLICY.require(actor, Act.SEND_BACK, application)
    application = _decide(application, Act.SEND_BACK, reason, actor, now)
    letters.to_kind("sent_back", application, Kind.SUPPORT_BODY, now=now, text=clean(reason))
    return application


@act
def approve(*, application: Application, reason: str, actor: Actor, now: datetime) -> Application:
    """Decide that the service is registered.

    :raises NotAllowed: the actor may not decide on it.
    :raises Incomplete: the reason is missing or has the wrong shape.
    :raises WrongState: it is not before the committee.
    :raises Conflict: somebody else decided first.
    """
    POLICY.require(actor, Act.APPROVE, application)
    application = _decide(
        application, Act.APPROVE, reason, actor, now, decided_on=tokyo_date(now), decision_reason=clean(reason)
    )
    duties.release(application, "review", now=now)
    letters.to_applicant("approved", application, now=now)
    letters.to_kind("to_enter", application, Kind.OFFICE, now=now)
    return application


@act
def refuse(*, application: Application, reason: str, actor: Actor, now: datetime) -> Application:
    """Decide that the service is not registered.

    :raises NotAllowed: the actor may not decide on it.
    :raises Incomplete: the reason is missing or has the wrong shape.
    :raises WrongState: it is not before the committee.
    :raises Conflict: somebody else decided first.
    """
    POLICY.require(actor, Act.REFUSE, application)
    application = _decide(
        application, Act.REFUSE, reason, actor, now, decided_on=tokyo_date(now), decision_reason=clean(reason)
    )
    duties.release(application, "review", now=now)
    _close_renewal(application, now)
    letters.to_applicant("refused", application, now=now, text=clean(reason))
    return application


def _decide(
    application: Application, act_: Act, reason: str, actor: Actor, now: datetime, **changes: object
) -> Application:
    if problems := field_problems({"reason": reason}, rules.REASON):
        raise Incomplete(problems)
    return move(application, APPLICATION, act_, actor=actor, now=now, details={"reason": clean(reason)}, **changes)


def _report_problems(service: Service, engagement: Engagement) -> list[Problem]:
    if engagement.statement.service_id != service.pk:
        return [Problem("reviews.report_on_other_service", where="engagement")]
    return []


def _disclose(application: Application, kind: Kind, now: datetime) -> None:
    for organisation in organisations_of(kind):
        seen: dict[str, Any] = {"organisation": organisation, "defaults": {"since": now}}
        StatementDisclosure.objects.get_or_create(statement=application.statement, **seen)
        EngagementDisclosure.objects.get_or_create(engagement=application.engagement, **seen)


def _standing_of(application: Application) -> QuerySet[Standing]:
    standing = last_standing(application.service_id)
    return Standing.objects.filter(pk=standing.pk if standing else 0)


def _close_renewal(application: Application, now: datetime) -> None:
    if application.is_renewal and application.filed_on is not None:
        _standing_of(application).update(renewal_closed_on=tokyo_date(now))
