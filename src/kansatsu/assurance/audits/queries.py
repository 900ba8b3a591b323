"""Questions about engagements."""

import hashlib

import rfc8785
from django.db.models import QuerySet

from kansatsu.accounts.actors import Actor
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.audits import policy
from kansatsu.assurance.audits.models import Engagement
from kansatsu.assurance.audits.workflow import Status
from kansatsu.assurance.statements.models import Statement
from kansatsu.assurance.statements.workflow import Status as StatementStatus

_PARTIES = ("statement__service__provider", "statement__edition", "audit_body", "report")


def listed(actor: Actor) -> QuerySet[Engagement]:
    """What the actor can see, the newest first."""
    return policy.visible_to(actor).select_related(*_PARTIES).order_by("-pk")


def waiting(actor: Actor) -> QuerySet[Engagement]:
    """What waits for an audit body: proposals to answer, work in hand, reports to freeze."""
    if not actor.is_of(Kind.AUDIT_BODY):
        return Engagement.objects.none()
    open_statuses = (Status.PROPOSED, Status.ACCEPTED, Status.FIELDWORK, Status.REPORTED)
    return listed(actor).filter(audit_body=actor.organisation_id, status__in=open_statuses).order_by("proposed_at")


def statements_to_audit(actor: Actor) -> QuerySet[Statement]:
    """A provider's final statements that no audit body was asked about, or none that did not decline."""
    alive = Engagement.objects.exclude(status__in=(Status.DECLINED, Status.CANCELLED)).values("statement")
    return (
        Statement.objects.filter(service__provider=actor.organisation_id or 0, status=StatementStatus.FINAL)
        .exclude(pk__in=alive)
        .select_related("service")
        .order_by("finalised_at")
    )


def of_statement(statement_id: int, actor: Actor) -> QuerySet[Engagement]:
    """A statement's engagements that the actor can see, the newest first."""
    return listed(actor).filter(statement=statement_id)


def frozen_for(service_id: int) -> QuerySet[Engagement]:
    """Engagements of a service whose report is frozen on its current statement: what an application can rest on."""
    return (
        Engagement.objects.filter(
            statement__service=service_id, status=Status.FROZEN, statement__status=StatementStatus.FINAL
        )
        .select_related(*_PARTIES)
        .order_by("-pk")
    )


def content_hash(engagement: Engagement) -> str:
    """SHA-256 over the canonical JSON (RFC 8785) of the report: period, conclusion, findings, file and statement."""
    content = {
        "statement": engagement.statement_hash,
        "period": [str(engagement.period_from), str(engagement.period_to)],
        "conclusion": engagement.conclusion,
        "report": engagement.report.sha256 if engagement.report else "",
        "findings": [list(row) for row in engagement.findings.order_by("pk").values_list("control_number", "text")],
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()
