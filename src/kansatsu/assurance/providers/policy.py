"""Who may describe a service, and who sees which services."""

from django.db.models import QuerySet

from kansatsu.accounts.actors import Actor
from kansatsu.accounts.workflow import Kind
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.providers.workflow import Act
from kansatsu.core.policies import Policy
from kansatsu.core.problems import Problem


def _own_service(actor: Actor, service: Service | None) -> Problem | None:
    """A provider's person: for a new service any, for an existing one of its own provider."""
    if actor.is_of(Kind.PROVIDER) and (service is None or actor.works_for(service.provider_id)):
        return None
    return Problem("providers.not_provider")


POLICY: Policy[Actor] = Policy(Act, {Act.DESCRIBE: _own_service})


def visible_to(actor: Actor) -> QuerySet[Service]:
    """A provider's people see its own services; what others may know stands on the public list."""
    if actor.is_of(Kind.PROVIDER):
        return Service.objects.filter(provider=actor.organisation_id)
    return Service.objects.none()
