"""Where a service is on its way through the cycle, and what waits for whom: questions across all stages."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.urls import reverse

from kansatsu.accounts.actors import Actor
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.audits import queries as audits
from kansatsu.assurance.audits.models import Engagement
from kansatsu.assurance.audits.workflow import Status as AuditStatus
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.providers.queries import last_standing
from kansatsu.assurance.register import queries as register
from kansatsu.assurance.reviews import queries as reviews
from kansatsu.assurance.reviews.models import Application
from kansatsu.assurance.reviews.workflow import Status as ApplicationStatus
from kansatsu.assurance.statements import policy as statement_policy
from kansatsu.assurance.statements import queries as statements
from kansatsu.assurance.statements.models import Statement
from kansatsu.assurance.statements.workflow import Status as StatementStatus
from kansatsu.core.calendar import tokyo_date

DONE, NOW, AHEAD, STOPPED = "done", "now", "ahead", "stopped"


@dataclass(frozen=True, slots=True)
class Station:
    """One station of the way.

    :param state: ``done``, ``now``, ``ahead`` or ``stopped`` (refused, withdrawn).
    :param status: key of the word for the present status; empty when there is nothing yet.
    :param holder: key of the word for the kind of organisation that has it now; empty when nobody is waited for.
    """

    name: str
    state: str
    status: str = ""
    holder: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One thing that waits for the actor.

    :param subject: what it is about: the service's name; `subject_en` in English, where it has one.
    :param owner: who handed it on, or what it was made under.
    :param status: key of the word for why it waits.
    :param since: when it began to wait, where that is known.
    :param until: a day that matters, such as the end of validity.
    :param came_back: an answer has come in since it was last in hand.
    :param held_by: the colleague who has it in hand.
    """

    subject: str
    link: str
    status: str
    subject_en: str = ""
    owner: str = ""
    since: date | None = None
    until: date | None = None
    came_back: bool = False
    held_by: str = ""


_APPLICATION_AT = {
    ApplicationStatus.DRAFT: ("application", Kind.PROVIDER),
    ApplicationStatus.RETURNED: ("application", Kind.PROVIDER),
    ApplicationStatus.SUBMITTED: ("acceptance", Kind.SUPPORT_BODY),
    ApplicationStatus.ACCEPTED: ("review", Kind.SUPPORT_BODY),
    ApplicationStatus.UNDER_REVIEW: ("review", Kind.SUPPORT_BODY),
    ApplicationStatus.QUESTIONED: ("review", Kind.PROVIDER),
    ApplicationStatus.BEFORE_COMMITTEE: ("decision", Kind.COMMITTEE),
    ApplicationStatus.APPROVED: ("register", Kind.OFFICE),
}
_STATIONS = ("statement", "audit", "application", "acceptance", "review", "decision", "register")
_AUDIT_HOLDER = {
    AuditStatus.PROPOSED: Kind.AUDIT_BODY,
    AuditStatus.ACCEPTED: Kind.AUDIT_BODY,
    AuditStatus.FIELDWORK: Kind.AUDIT_BODY,
    AuditStatus.REPORTED: Kind.AUDIT_BODY,
    AuditStatus.FROZEN: Kind.PROVIDER,
}


def way(service: Service, actor: Actor) -> list[Station]:
    """The seven stations of the service's present round, as far as the actor can see them."""
    statement = statement_policy.visible_to(actor).filter(service=service).order_by("-pk").first()
    engagement = _living(actor, statement)
    application = reviews.of_service(service.pk, actor).first()
    if application and statement and application.statement.audit_to != statement.audit_to:
        application = None
    at, status, holder = _position(statement, engagement, application)
    links = {
        "statement": reverse("statements:statement", args=[statement.pk]) if statement else "",
        "audit": reverse("audits:engagement", args=[engagement.pk]) if engagement else "",
    }
    if at == "registered" and (standing := last_standing(service.pk)):
        links["register"] = reverse("register:entry", args=[standing.number])
    if application:
        page = reverse("reviews:application", args=[application.pk])
        links |= dict.fromkeys(_STATIONS[2:6], page)
    stopped = application is not None and application.status in (ApplicationStatus.REFUSED, ApplicationStatus.WITHDRAWN)
    here = len(_STATIONS) if at == "registered" else _STATIONS.index(at)
    stations = []
    for index, name in enumerate(_STATIONS):
        state = DONE if index < here else AHEAD
        if index == here:
            state = STOPPED if stopped else NOW
        shown = (status, holder) if index == here else ("", "")
        stations.append(Station(name, state, *shown, link=links.get(name, "")))
    return stations


def _living(actor: Actor, statement: Statement | None) -> Engagement | None:
    if statement is None:
        return None
    gone = (AuditStatus.DECLINED, AuditStatus.CANCELLED)
    return audits.of_statement(statement.pk, actor).exclude(status__in=gone).first()


def _position(
    statement: Statement | None, engagement: Engagement | None, application: Application | None
) -> tuple[str, str, str]:
    if application is not None:
        status = ApplicationStatus(application.status)
        word = f"reviews.status.{status}"
        if status == ApplicationStatus.REFUSED:
            return "decision", word, ""
        if status == ApplicationStatus.WITHDRAWN:
            return "application", word, ""
        if status == ApplicationStatus.APPROVED and _is_entered(application):
            return "registered", "", ""
        at, kind = _APPLICATION_AT[status]
        return at, word, f"accounts.kind.{kind}"
    if engagement is not None:
        status_of_audit = AuditStatus(engagement.status)
        at = "application" if status_of_audit == AuditStatus.FROZEN else "audit"
        return at, f"audits.status.{status_of_audit}", f"accounts.kind.{_AUDIT_HOLDER[status_of_audit]}"
    if statement is not None and statement.status != StatementStatus.DRAFT:
        return "audit", f"statements.status.{statement.status}", f"accounts.kind.{Kind.PROVIDER}"
    return (
        "statement",
        f"statements.status.{StatementStatus.DRAFT}" if statement else "",
        f"accounts.kind.{Kind.PROVIDER}",
    )


def _is_entered(application: Application) -> bool:
    return application.service.standings.filter(audit_to__gte=application.engagement.period_to).exists()


def waiting(actor: Actor, now: datetime) -> list[Waiting]:
    """Everything that waits for the actor's organisation, the longest-waiting first within each stage."""
    return [
        *_statements_waiting(actor),
        *_audits_waiting(actor),
        *_applications_waiting(actor),
        *_register_waiting(actor, tokyo_date(now)),
    ]


def _statements_waiting(actor: Actor) -> Iterator[Waiting]:
    for statement in statements.drafts_waiting(actor):
        yield Waiting(
            statement.service.name,
            reverse("statements:statement", args=[statement.pk]),
            f"statements.status.{statement.status}",
            subject_en=statement.service.name_en,
            owner=statement.edition_id,
            since=tokyo_date(statement.started_at),
        )


def _audits_waiting(actor: Actor) -> Iterator[Waiting]:
    for statement in audits.statements_to_audit(actor):
        yield Waiting(
            statement.service.name,
            reverse("audits:propose", args=[statement.pk]),
            f"statements.status.{statement.status}",
            subject_en=statement.service.name_en,
            owner=statement.edition_id,
            since=tokyo_date(statement.finalised_at) if statement.finalised_at else None,
        )
    for engagement in audits.waiting(actor):
        yield Waiting(
            engagement.statement.service.name,
            reverse("audits:engagement", args=[engagement.pk]),
            f"audits.status.{engagement.status}",
            subject_en=engagement.statement.service.name_en,
            owner=engagement.statement.service.provider.name,
            since=tokyo_date(engagement.proposed_at),
            until=engagement.period_to,
        )


def _applications_waiting(actor: Actor) -> Iterator[Waiting]:
    for report in reviews.reports_to_apply_on(actor):
        yield Waiting(
            report.statement.service.name,
            reverse("reviews:prepare", args=[report.statement.service_id]),
            f"audits.status.{report.status}",
            subject_en=report.statement.service.name_en,
            owner=report.audit_body.name,
            since=report.reported_on,
        )
    applications = list(reviews.waiting(actor))
    holders = reviews.holders(applications)
    for application in applications:
        yield Waiting(
            application.service.name,
            reverse("reviews:application", args=[application.pk]),
            f"reviews.status.{application.status}",
            subject_en=application.service.name_en,
            owner="" if actor.works_for(application.service.provider_id) else application.service.provider.name,
            since=application.filed_on,
            until=reviews.decision_target(application),
            came_back=getattr(application, "came_back", False),
            held_by=holders.get(str(application.pk), ""),
        )


def _register_waiting(actor: Actor, today: date) -> Iterator[Waiting]:
    for application in register.to_enter(actor):
        yield Waiting(
            application.service.name,
            reverse("reviews:application", args=[application.pk]),
            "reviews.status.approved",
            subject_en=application.service.name_en,
            owner=application.service.provider.name,
            since=application.decided_on,
        )
    for row in register.renewals_due(actor, today):
        yield Waiting(
            row.entry.service_name,
            reverse("register:entry", args=[row.entry.number]),
            "assurance.waiting.renewal_due",
            subject_en=row.entry.service_name_en,
            owner=row.entry.number,
            until=row.entry.standing.valid_until,
        )
