"""Questions about people: where they work, whom a letter reaches, what they have in hand."""

from datetime import timedelta

import pytest

from kansatsu.accounts import queries
from kansatsu.accounts.actions import found, invite, join, leave, withdraw_invitation
from kansatsu.accounts.actors import Actor, actor_of
from kansatsu.accounts.models import Person
from kansatsu.accounts.workflow import Kind, Role
from kansatsu.core.outbox import Recipient


@pytest.fixture
def in_two(people, organisation, noon):
    """provider2, who also works for another provider since noon."""
    invitation = invite(
        organisation=organisation("minato"),
        email="provider2@sample.example",
        role=Role.ADMINISTRATOR,
        actor=people["minato"],
        now=noon,
    )
    return join(invitation=invitation, actor=people["provider2"], now=noon)


@pytest.fixture
def gone(people, membership, noon):
    """reviewer2, who has left the support body."""
    return leave(membership=membership("reviewer2"), successor=None, actor=people["reviewer"], now=noon)


def test_a_person_works_in_several_places_the_longest_first(people, in_two):
    person = Person.objects.get(pk=people["provider2"].person_id)
    assert [one.organisation.name for one in queries.memberships_of(person)] == [
        "（見本）あおぞらクラウド株式会社",
        "（見本）みなとシステムズ株式会社",
    ]


def test_an_ended_membership_is_no_place_of_work(gone):
    assert list(queries.memberships_of(gone.person)) == []


def test_a_person_acts_for_the_first_place_unless_another_is_chosen(people, in_two):
    person = in_two.person
    assert queries.actor_for(person) == people["provider2"]
    assert queries.actor_for(person, in_two.pk) == actor_of(in_two)
    assert queries.actor_for(person, in_two.pk).role is Role.ADMINISTRATOR


def test_somebody_elses_membership_cannot_be_chosen(people, in_two, membership):
    assert queries.actor_for(in_two.person, membership("provider").pk) == people["provider2"]


def test_a_person_without_a_place_acts_alone(gone):
    actor = queries.actor_for(gone.person)
    assert (actor.person_id, actor.organisation_id, actor.kind) == (gone.person_id, None, None)


def test_the_people_of_an_organisation_by_name(organisation):
    assert [one.person.name for one in queries.people_of(organisation("provider"))] == ["統制 けん", "言明 かおり"]


def test_people_who_left_are_no_longer_listed(organisation, gone):
    assert [one.person.name for one in queries.people_of(organisation("reviewer"))] == ["審査 みお"]


def test_letters_go_to_all_people_of_the_organisations_each_once(people, in_two):
    aozora, minato = people["provider"].organisation_id, people["minato"].organisation_id
    assert queries.recipients(aozora, minato) == [
        Recipient("minato@sample.example", "ja"),
        Recipient("provider2@sample.example", "ja"),
        Recipient("provider@sample.example", "ja"),
    ]
    assert queries.recipients() == []


def test_letters_do_not_go_to_people_who_left_or_were_shut_out(people, gone):
    Person.objects.filter(pk=people["decider2"].person_id).update(is_active=False)
    found_for = queries.recipients(people["reviewer"].organisation_id, people["decider"].organisation_id)
    assert [one.address for one in found_for] == ["decider@sample.example", "reviewer@sample.example"]


def test_letters_go_out_in_the_readers_language(people):
    Person.objects.filter(pk=people["minato"].person_id).update(language="en")
    assert queries.recipients(people["minato"].organisation_id) == [Recipient("minato@sample.example", "en")]


@pytest.mark.parametrize(
    ("person", "of", "expected"),
    [("reviewer2", ["reviewer"], True), ("reviewer2", ["provider", "minato"], False), ("provider", [], False)],
)
def test_whoever_ever_worked_there_did_work_there(people, gone, person, of, expected):
    ids = {people[key].organisation_id for key in of}
    assert queries.works_for_any(people[person].person_id, ids) is expected


def test_what_a_person_has_in_hand_is_told_by_organisation(walk, people, in_two):
    walk.to("started")
    lead = people["provider"]
    assert [duty.kind for duty in queries.open_duties(lead.person_id, lead.organisation_id)] == ["statement"]
    walk.to("accepted")
    auditor = people["auditor"]
    assert [duty.kind for duty in queries.open_duties(auditor.person_id, auditor.organisation_id)] == ["audit"]
    assert not queries.open_duties(lead.person_id, people["minato"].organisation_id).exists()


def test_an_invitation_is_open_until_it_is_used_withdrawn_or_expired(people, organisation, noon):
    aozora = organisation("provider")

    def write(name, now):
        email = f"{name}@sample.example"
        return invite(organisation=aozora, email=email, role=Role.MEMBER, actor=people["provider"], now=now)

    used, withdrawn, first = (write(name, noon) for name in ("used", "withdrawn", "first"))
    second = write("second", noon + timedelta(hours=1))
    join(invitation=used, actor=Actor("used"), now=noon, name="新 ひと", password="kutsu kumo hashi")
    withdraw_invitation(invitation=withdrawn, actor=people["provider"], now=noon)
    assert list(queries.open_invitations(aozora, noon)) == [second, first]
    assert list(queries.open_invitations(aozora, noon + timedelta(days=14))) == [second]
    assert not queries.open_invitations(aozora, noon + timedelta(days=15)).exists()
    assert not queries.open_invitations(organisation("minato"), noon).exists()


@pytest.mark.parametrize(("key", "expected"), [("provider", True), ("provider2", False), ("minato", False)])
def test_an_administrator_without_another_is_the_last(membership, key, expected):
    assert queries.is_last_administrator(membership(key)) is expected


def test_of_two_administrators_neither_is_the_last(people, organisation, membership, noon):
    invitation = invite(
        organisation=organisation("provider"),
        email="minato@sample.example",
        role=Role.ADMINISTRATOR,
        actor=people["provider"],
        now=noon,
    )
    second = join(invitation=invitation, actor=people["minato"], now=noon)
    assert not queries.is_last_administrator(membership("provider"))
    assert not queries.is_last_administrator(second)


def test_the_organisations_of_a_kind_by_name(people, noon):
    found(kind=Kind.COMMITTEE, name="第二運営委員会", actor=people["office"], now=noon)
    assert [one.name for one in queries.organisations_of(Kind.COMMITTEE)] == ["第二運営委員会", "（見本）運営委員会"]
