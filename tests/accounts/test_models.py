"""How people, organisations and what ties them read, and what the tables themselves forbid."""

import pytest
from django.db import IntegrityError, transaction

from kansatsu.accounts.actions import invite
from kansatsu.accounts.models import Membership, Person
from kansatsu.accounts.workflow import Role


def test_each_record_reads_as_what_people_call_it(walk, people, organisation, membership, noon):
    walk.to("started")
    invitation = invite(
        organisation=organisation("provider"),
        email="new@sample.example",
        role=Role.MEMBER,
        actor=people["provider"],
        now=noon,
    )
    member = membership("provider")
    assert str(member) == "言明 かおり (（見本）あおぞらクラウド株式会社)"
    assert str(member.person) == "言明 かおり"
    assert str(member.organisation) == "（見本）あおぞらクラウド株式会社"
    assert str(invitation) == "new@sample.example"
    assert str(member.person.duties.get()) == "あおぞらファイル共有 (ismap-2022-04, 1)"


@pytest.mark.parametrize("typed", ["provider@sample.example", "Provider@Sample.Example"])
def test_a_person_is_found_by_address_in_any_case(people, typed):
    assert Person.objects.get_by_natural_key(typed).pk == people["provider"].person_id


def test_an_address_nobody_has_finds_nobody(people):
    with pytest.raises(Person.DoesNotExist):
        Person.objects.get_by_natural_key("nobody@sample.example")


def test_nobody_works_for_an_organisation_twice_at_a_time(membership, noon):
    one = membership("provider2")
    again = {"person": one.person, "organisation": one.organisation, "role": "member", "since": noon}
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(**again)
    Membership.objects.filter(pk=one.pk).update(until=noon)
    assert Membership.objects.create(**again).pk != one.pk
