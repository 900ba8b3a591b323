"""The acts of an engagement."""

from datetime import date, datetime

from kansatsu.accounts import duties
from kansatsu.accounts.actors import Actor
from kansatsu.accounts.models import Organisation
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.audits import letters, queries, rules
from kansatsu.assurance.audits.models import Engagement, Finding
from kansatsu.assurance.audits.policy import POLICY
from kansatsu.assurance.audits.workflow import ENGAGEMENT, Act, Status
from kansatsu.assurance.statements.models import Line, Statement, StatementDisclosure
from kansatsu.assurance.statements.queries import limits, previous_end
from kansatsu.assurance.statements.rules import period_problems
from kansatsu.assurance.statements.workflow import Status as StatementStatus
from kansatsu.core.acts import act
from kansatsu.core.calendar import tokyo_date
from kansatsu.core.models import StoredFile
from kansatsu.core.moves import begin, move
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete
from kansatsu.core.text import clean, field_problems


@act
def propose(*, statement: Statement, audit_body: Organisation, actor: Actor, now: datetime) -> Engagement:
    """Ask an audit body to audit a statement; from then on it can read the statement.

    :raises NotAllowed: the actor does not act for the provider.
    :raises Incomplete: the organisation is no audit body, or the statement is an old revision.
    """
    POLICY.require(actor, Act.PROPOSE, statement)
    if audit_body.kind != Kind.AUDIT_BODY:
        raise Incomplete(Problem("audits.no_audit_body", where="audit_body"))
    if statement.status == StatementStatus.SUPERSEDED:
        raise Incomplete(Problem("audits.old_revision", where="statement"))
    engagement = begin(
        Engagement(statement=statement, audit_body=audit_body, proposed_at=now),
        ENGAGEMENT,
        Act.PROPOSE,
        actor=actor,
        now=now,
    )
    StatementDisclosure.objects.get_or_create(statement=statement, organisation=audit_body, defaults={"since": now})
    letters.to_audit_body("proposed", engagement, now=now)
    return engagement


@act
def cancel(*, engagement: Engagement, actor: Actor, now: datetime) -> Engagement:
    """Take a proposal back before it is answered; the audit body can no longer read the statement.

    :raises NotAllowed: the actor does not act for the provider.
    :raises WrongState: the proposal was answered or cancelled already.
    """
    POLICY.require(actor, Act.CANCEL, engagement)
    engagement = move(engagement, ENGAGEMENT, Act.CANCEL, actor=actor, now=now)
    _close_statement(engagement)
    letters.to_audit_body("cancelled", engagement, now=now)
    return engagement


@act
def accept(*, engagement: Engagement, actor: Actor, now: datetime) -> Engagement:
    """Take the engagement on; the actor becomes its lead auditor.

    :raises NotAllowed: the actor is not of the audit body, or not independent of the provider.
    :raises WrongState: it was answered or cancelled already.
    """
    POLICY.require(actor, Act.ACCEPT, engagement)
    engagement = move(engagement, ENGAGEMENT, Act.ACCEPT, actor=actor, now=now)
    duties.assign(engagement, "audit", actor=actor, now=now)
    letters.to_provider("accepted", engagement, now=now)
    return engagement


@act
def decline(*, engagement: Engagement, actor: Actor, now: datetime) -> Engagement:
    """Turn the engagement down; the audit body can no longer read the statement.

    :raises NotAllowed: the actor is not of the audit body, or not independent of the provider.
    :raises WrongState: it was answered or cancelled already.
    """
    POLICY.require(actor, Act.DECLINE, engagement)
    engagement = move(engagement, ENGAGEMENT, Act.DECLINE, actor=actor, now=now)
    _close_statement(engagement)
    letters.to_provider("declined", engagement, now=now)
    return engagement


@act
def fix_period(
    *, engagement: Engagement, period_from: date, period_to: date, actor: Actor, now: datetime
) -> Engagement:
    """Fix the audited period, with which the fieldwork begins.

    :raises NotAllowed: the actor is not of the audit body, or not independent of the provider.
    :raises Incomplete: the period has a wrong length, leaves a gap, or is not the statement's.
    :raises WrongState: the engagement is not accepted, or its period is fixed already.
    """
    POLICY.require(actor, Act.FIX_PERIOD, engagement)
    statement = engagement.statement
    problems = period_problems(
        period_from,
        period_to,
        limits=limits(tokyo_date(now)),
        previous_end=previous_end(statement),
        where="period",
    ) + rules.period_agreement_problems(period_from, period_to, statement.audit_from, statement.audit_to)
    if problems:
        raise Incomplete(problems)
    return move(
        engagement,
        ENGAGEMENT,
        Act.FIX_PERIOD,
        actor=actor,
        now=now,
        details={"from": period_from.isoformat(), "to": period_to.isoformat()},
        period_from=period_from,
        period_to=period_to,
    )


@act
def record_finding(
    *, engagement: Engagement, text: str, actor: Actor, now: datetime, control_number: str = ""
) -> Finding:
    """Add a finding, about one control or about the whole.

    :raises NotAllowed: the actor is not of the audit body, or not independent of the provider.
    :raises Incomplete: the text is missing or has the wrong shape, or the statement has no such control.
    :raises WrongState: the engagement is not in fieldwork.
    """
    POLICY.require(actor, Act.RECORD_FINDING, engagement)
    number = clean(control_number)
    problems = field_problems({"text": text, "control_number": number}, rules.FINDING)
    if number and not Line.objects.filter(statement=engagement.statement, control__number=number).exists():
        problems.append(Problem("statements.no_such_control", where="control_number", control=number))
    if problems:
        raise Incomplete(problems)
    engagement = move(engagement, ENGAGEMENT, Act.RECORD_FINDING, actor=actor, now=now, details={"control": number})
    return Finding.objects.create(
        engagement=engagement, control_number=number, text=clean(text), recorded_by=actor.label, recorded_at=now
    )


@act
def issue(
    *, engagement: Engagement, conclusion: str, actor: Actor, now: datetime, report: StoredFile | None = None
) -> Engagement:
    """Issue the result report on the final statement.

    :raises NotAllowed: the actor is not of the audit body, or not independent of the provider.
    :raises Incomplete: the statement is not final, the periods differ, the period is not over, or no conclusion.
    :raises WrongState: the engagement is not in fieldwork.
    """
    POLICY.require(actor, Act.ISSUE, engagement)
    problems = field_problems({"conclusion": conclusion}, rules.CONCLUSION)
    statement = engagement.statement
    if engagement.status == Status.FIELDWORK and engagement.period_from and engagement.period_to:
        facts = rules.ReportFacts(
            period_from=engagement.period_from,
            period_to=engagement.period_to,
            statement_from=statement.audit_from,
            statement_to=statement.audit_to,
            statement_is_final=statement.status == StatementStatus.FINAL,
        )
        problems += rules.report_problems(facts, tokyo_date(now))
    if problems:
        raise Incomplete(problems)
    engagement = move(
        engagement,
        ENGAGEMENT,
        Act.ISSUE,
        actor=actor,
        now=now,
        conclusion=clean(conclusion),
        report=report or engagement.report,
        reported_on=tokyo_date(now),
        statement_hash=statement.content_hash,
    )
    letters.to_provider("issued", engagement, now=now)
    return engagement


@act
def take_back(*, engagement: Engagement, actor: Actor, now: datetime) -> Engagement:
    """Take an issued report back to correct it, as long as it is not frozen.

    :raises NotAllowed: the actor is not of the audit body, or not independent of the provider.
    :raises WrongState: no report is issued, or it is frozen.
    """
    POLICY.require(actor, Act.TAKE_BACK, engagement)
    return move(engagement, ENGAGEMENT, Act.TAKE_BACK, actor=actor, now=now)


@act
def freeze(*, engagement: Engagement, actor: Actor, now: datetime) -> Engagement:
    """Freeze the result report: it never changes again, and an application can rest on it.

    :raises NotAllowed: the actor is not of the audit body, or not independent of the provider.
    :raises WrongState: no report is issued, or it is frozen already.
    """
    POLICY.require(actor, Act.FREEZE, engagement)
    digest = queries.content_hash(engagement)
    engagement = move(
        engagement,
        ENGAGEMENT,
        Act.FREEZE,
        actor=actor,
        now=now,
        details={"content_hash": digest},
        content_hash=digest,
    )
    duties.release(engagement, "audit", now=now)
    letters.to_provider("frozen", engagement, now=now)
    return engagement


def _close_statement(engagement: Engagement) -> None:
    others = Engagement.objects.filter(statement=engagement.statement, audit_body=engagement.audit_body)
    if not others.exclude(status__in=(Status.DECLINED, Status.CANCELLED)).exists():
        StatementDisclosure.objects.filter(statement=engagement.statement, organisation=engagement.audit_body).delete()
