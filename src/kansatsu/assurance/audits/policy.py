"""Who may do what in an engagement, and who may read it."""

from django.db.models import Q, QuerySet

from kansatsu.accounts.actors import Actor
from kansatsu.accounts.queries import works_for_any
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.audits.models import Engagement
from kansatsu.assurance.audits.workflow import ENGAGEMENT, Act
from kansatsu.assurance.statements.models import Statement
from kansatsu.core.policies import Policy
from kansatsu.core.problems import Problem


def _states(actor: Actor, statement: Statement) -> Problem | None:
    if actor.is_of(Kind.PROVIDER) and actor.works_for(statement.service.provider_id):
        return None
    return Problem("providers.not_provider")


def _is_audited(actor: Actor, engagement: Engagement) -> Problem | None:
    return _states(actor, engagement.statement)


def _audits(actor: Actor, engagement: Engagement) -> Problem | None:
    """The audit body's person, unless that person ever worked for the provider."""
    if not (actor.is_of(Kind.AUDIT_BODY) and actor.works_for(engagement.audit_body_id)):
        return Problem("audits.not_auditor")
    if works_for_any(actor.person_id or 0, {engagement.statement.service.provider_id}):
        return Problem("audits.not_independent")
    return None


POLICY: Policy[Actor] = Policy(
    Act,
    {
        Act.PROPOSE: _states,
        Act.CANCEL: _is_audited,
        Act.ACCEPT: _audits,
        Act.DECLINE: _audits,
        Act.FIX_PERIOD: _audits,
        Act.RECORD_FINDING: _audits,
        Act.ISSUE: _audits,
        Act.TAKE_BACK: _audits,
        Act.FREEZE: _audits,
    },
    ENGAGEMENT,
)


def visible_to(actor: Actor) -> QuerySet[Engagement]:
    """The two parties, and those to whom the report was disclosed."""
    if actor.organisation_id is None:
        return Engagement.objects.none()
    party = Q(audit_body=actor.organisation_id) | Q(statement__service__provider=actor.organisation_id)
    return Engagement.objects.filter(party | Q(disclosures__organisation=actor.organisation_id)).distinct()
