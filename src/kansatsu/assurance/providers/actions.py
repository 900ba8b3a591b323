"""The acts on cloud services."""

from datetime import datetime

from kansatsu.accounts.actors import Actor
from kansatsu.assurance.providers import rules
from kansatsu.assurance.providers.models import Service
from kansatsu.assurance.providers.policy import POLICY
from kansatsu.assurance.providers.workflow import Act, Model
from kansatsu.core.acts import act
from kansatsu.core.events import append
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete
from kansatsu.core.text import clean, field_problems, folded


@act
def describe(
    *,
    name: str,
    model: Model,
    actor: Actor,
    now: datetime,
    name_en: str = "",
    overview: str = "",
    service: Service | None = None,
) -> Service:
    """Enter a cloud service of the actor's provider, or change the particulars of one.

    :raises NotAllowed: the actor does not act for the provider.
    :raises Incomplete: a particular is wrong, or the provider has a service of that name.
    """
    POLICY.require(actor, Act.DESCRIBE, service)
    problems = field_problems({"name": name, "name_en": name_en, "overview": overview}, rules.SERVICE)
    provider_id = service.provider_id if service else actor.organisation_id or 0
    same = Service.objects.filter(provider=provider_id, folded_name=folded(name))
    if not problems and same.exclude(pk=service.pk if service else 0).exists():
        problems.append(Problem("providers.name_taken", where="name"))
    if problems:
        raise Incomplete(problems)
    described = service or Service(provider_id=provider_id)
    described.name, described.name_en, described.folded_name = clean(name), clean(name_en), folded(name)
    described.model, described.overview, described.described_at = model, clean(overview), now
    described.save()
    append(described, "providers.describe", actor=actor, now=now, details={"model": model.value})
    return described
