"""Who acts: a person for one organisation, a person alone, or the system."""

from kansatsu.accounts.actors import SYSTEM, Actor, actor_of, lone_actor
from kansatsu.accounts.models import Person
from kansatsu.accounts.workflow import Kind, Role


def test_a_member_acts_for_the_organisation(membership):
    one = membership("auditor")
    actor = actor_of(one)
    assert actor == Actor(
        label="監査 しょう (（見本）けんさ監査法人)",
        person_id=one.person_id,
        organisation_id=one.organisation_id,
        kind=Kind.AUDIT_BODY,
        role=Role.ADMINISTRATOR,
        is_system=False,
    )


def test_an_actor_works_for_one_organisation_only(people):
    actor = people["provider"]
    assert actor.works_for(people["provider2"].organisation_id)
    assert not actor.works_for(people["minato"].organisation_id)


def test_an_actor_is_of_one_kind(people):
    assert people["provider"].is_of(Kind.OFFICE, Kind.PROVIDER)
    assert not people["provider"].is_of(Kind.OFFICE)


def test_a_person_alone_works_for_nobody(people):
    person = Person.objects.get(pk=people["provider"].person_id)
    actor = lone_actor(person)
    assert (actor.label, actor.person_id, actor.organisation_id) == ("言明 かおり", person.pk, None)
    assert not actor.works_for(people["provider"].organisation_id)
    assert not actor.is_of(*Kind)


def test_the_system_is_nobody():
    assert (SYSTEM.label, SYSTEM.person_id, SYSTEM.organisation_id, SYSTEM.is_system) == ("system", None, None, True)
    assert not SYSTEM.works_for(0)
    assert not SYSTEM.is_of(*Kind)
