"""Who acts: a person working for one organisation, or the system itself."""

from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest

from kansatsu.accounts.models import Membership, Person
from kansatsu.accounts.workflow import Kind, Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody in the moment of acting.

    :param person_id: nobody for the system.
    :param organisation_id: none for the system and for a person without any organisation.
    """

    label: str
    person_id: int | None = None
    organisation_id: int | None = None
    kind: Kind | None = None
    role: Role | None = None
    is_system: bool = False

    def works_for(self, organisation_id: int) -> bool:
        """Does the actor act for this very organisation?"""
        return self.organisation_id is not None and self.organisation_id == organisation_id

    def is_of(self, *kinds: Kind) -> bool:
        """Does the actor act for an organisation of one of these kinds?"""
        return self.kind in kinds


SYSTEM: Final = Actor(label="system", is_system=True)


def actor_of(membership: Membership) -> Actor:
    """The person of a membership, acting for its organisation."""
    return Actor(
        label=f"{membership.person.name} ({membership.organisation.name})",
        person_id=membership.person_id,
        organisation_id=membership.organisation_id,
        kind=Kind(membership.organisation.kind),
        role=Role(membership.role),
    )


def lone_actor(person: Person) -> Actor:
    """A person who at the moment works for no organisation."""
    return Actor(label=person.name, person_id=person.pk)


class ActorRequest(HttpRequest):
    """A request whose actor the frame has found out."""

    actor: Actor
