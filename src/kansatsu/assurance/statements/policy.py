"""Who may write a statement, and who may read it."""

from django.db.models import Q, QuerySet

from kansatsu.accounts.actors import Actor
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.statements.models import Statement
from kansatsu.assurance.statements.workflow import STATEMENT, Act
from kansatsu.core.policies import Policy
from kansatsu.core.problems import Problem


def _writes_for(actor: Actor, service: Service) -> Problem | None:
    if actor.is_of(Kind.PROVIDER) and actor.works_for(service.provider_id):
        return None
    return Problem("providers.not_provider")


def _writes(actor: Actor, statement: Statement) -> Problem | None:
    return _writes_for(actor, statement.service)


POLICY: Policy[Actor] = Policy(
    Act,
    {
        Act.START: _writes_for,
        Act.DESCRIBE: _writes,
        Act.ANSWER: _writes,
        Act.FINALISE: _writes,
        Act.REVISE: _writes,
    },
    STATEMENT,
)


def visible_to(actor: Actor) -> QuerySet[Statement]:
    """The provider's own, and those disclosed to the actor's organisation."""
    if actor.organisation_id is None:
        return Statement.objects.none()
    own = Q(service__provider=actor.organisation_id)
    disclosed = Q(disclosures__organisation=actor.organisation_id)
    return Statement.objects.filter(own | disclosed).distinct()
