"""Who may found, invite, withdraw, join, hand over and leave; and who sees whom."""

import pytest

from kansatsu.accounts.actions import invite, leave
from kansatsu.accounts.actors import SYSTEM, Actor, lone_actor
from kansatsu.accounts.models import Person
from kansatsu.accounts.policy import POLICY, memberships_visible_to, organisations_visible_to
from kansatsu.accounts.workflow import Act, Role
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import NotAllowed

# provider: administrator of the provider; provider2: member of it; minato: administrator of another provider;
# office: administrator of the programme office; clerk: member of it; reviewer: administrator of the support body.
CAST = ("provider", "provider2", "minato", "office", "clerk", "reviewer", "system")
OFFICE = Problem("accounts.not_office")
ADMINISTRATOR = Problem("accounts.not_administrator")


@pytest.fixture
def records(people, organisation, membership, noon):
    """For each act the record it is about, all of them the provider's."""
    invitation = invite(
        organisation=organisation("provider"),
        email="new@sample.example",
        role=Role.MEMBER,
        actor=people["provider"],
        now=noon,
    )
    return {
        Act.FOUND: None,
        Act.INVITE: organisation("provider"),
        Act.WITHDRAW_INVITATION: invitation,
        Act.JOIN: invitation,
        Act.HAND_OVER: membership("provider2"),
        Act.LEAVE: membership("provider2"),
    }


@pytest.mark.parametrize(
    ("act", "may", "problem"),
    [
        (Act.FOUND, {"office", "clerk"}, OFFICE),
        (Act.INVITE, {"provider", "office"}, ADMINISTRATOR),
        (Act.WITHDRAW_INVITATION, {"provider", "office"}, ADMINISTRATOR),
        (Act.JOIN, {"system"}, Problem("accounts.not_invitee")),
        (Act.HAND_OVER, {"provider", "provider2", "office"}, ADMINISTRATOR),
        (Act.LEAVE, {"provider", "provider2", "office"}, ADMINISTRATOR),
    ],
)
def test_who_may_do_what_with_the_providers_people(people, records, act, may, problem):
    objections = {key: POLICY.objection({**people, "system": SYSTEM}[key], act, records[act]) for key in CAST}
    assert {key for key, found in objections.items() if found is None} == may
    assert all(found in (None, problem) for found in objections.values())


def test_whoever_holds_the_letter_and_is_not_signed_in_may_join(records):
    POLICY.require(Actor(label="new@sample.example"), Act.JOIN, records[Act.JOIN])


def test_the_invited_person_may_join_a_second_organisation_signed_in(people, organisation, noon):
    invitation = invite(
        organisation=organisation("minato"),
        email="Provider2@Sample.Example",
        role=Role.MEMBER,
        actor=people["minato"],
        now=noon,
    )
    POLICY.require(people["provider2"], Act.JOIN, invitation)
    with pytest.raises(NotAllowed):
        POLICY.require(people["provider"], Act.JOIN, invitation)


def test_a_person_without_an_organisation_may_not_mind_anybody(people, organisation):
    lone = lone_actor(Person.objects.get(pk=people["provider"].person_id))
    assert POLICY.objection(lone, Act.INVITE, organisation("provider")) == ADMINISTRATOR


@pytest.mark.parametrize(
    ("key", "seen"),
    [
        ("provider", {"（見本）あおぞらクラウド株式会社"}),
        ("reviewer", {"（見本）運用支援機関"}),
        ("buyer", {"（見本）もり省"}),
    ],
)
def test_everybody_sees_their_own_organisation_only(people, key, seen):
    assert {one.name for one in organisations_visible_to(people[key])} == seen


def test_the_programme_office_sees_all_organisations(people):
    assert organisations_visible_to(people["clerk"]).count() == 12
    assert memberships_visible_to(people["clerk"]).count() == 17


def test_the_system_and_a_person_alone_see_no_organisation(people):
    lone = lone_actor(Person.objects.get(pk=people["provider"].person_id))
    assert not organisations_visible_to(lone).exists()
    assert not organisations_visible_to(SYSTEM).exists()


def test_colleagues_see_each_other_until_they_leave(people, membership, noon):
    def seen():
        return {one.person.name for one in memberships_visible_to(people["reviewer"])}

    assert seen() == {"審査 みお", "点検 さとる"}
    leave(membership=membership("reviewer2"), successor=None, actor=people["reviewer2"], now=noon)
    assert seen() == {"審査 みお"}
