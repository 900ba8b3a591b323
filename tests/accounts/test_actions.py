"""The acts on people and organisations: the first set-up, inviting, joining, handing over, leaving."""

import hashlib
import threading
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth import authenticate
from django.db import connection

from kansatsu.accounts import actions
from kansatsu.accounts.actors import Actor, actor_of, lone_actor
from kansatsu.accounts.models import Duty, Invitation, Membership, Organisation, Person
from kansatsu.accounts.queries import open_duties, people_of
from kansatsu.accounts.workflow import Kind, Role
from kansatsu.core.events import breaks, history
from kansatsu.core.models import Event, Letter
from kansatsu.core.problems import Problem
from kansatsu.core.refusals import Incomplete, NotAllowed, Refusal, WrongState

PASSWORD = "mikan-to-yama-no-asa"
STRANGER = Actor(label="new@sample.example")


def codes(caught):
    return [(problem.code, problem.where) for problem in caught.value.problems]


def last_event(organisation):
    return history(organisation).last()


@pytest.fixture
def invite(people, organisation, noon):
    """Somebody is invited to the provider, by its administrator, at noon."""

    def run(email="new@sample.example", *, to="provider", by="provider", role=Role.MEMBER, now=noon):
        return actions.invite(organisation=organisation(to), email=email, role=role, actor=people[by], now=now)

    return run


def join(invitation, now, *, actor=STRANGER, name="新 ひとみ", password=PASSWORD, language="ja"):
    return actions.join(invitation=invitation, actor=actor, now=now, name=name, password=password, language=language)


# --- set_up ---


def set_up(noon, **changes):
    values = {
        "name": "事務 はじめ",
        "email": "Hajime@Office.Example",
        "password": PASSWORD,
        "organisation": "制度事務局",
    }
    return actions.set_up(**{**values, **changes}, now=noon)


def test_the_first_person_is_administrator_of_the_programme_office(db, noon):
    member = set_up(noon)
    assert (member.person.name, member.person.email, member.person.language) == (
        "事務 はじめ",
        "hajime@office.example",
        "ja",
    )
    assert (member.organisation.kind, member.organisation.name, member.role) == (
        "office",
        "制度事務局",
        "administrator",
    )
    assert (member.since, member.until, member.person.joined_at) == (noon, None, noon)


def test_the_first_person_can_sign_in(db, noon, rf):
    member = set_up(noon, language="en")
    assert member.person.language == "en"
    address = EmailAddress.objects.get(user=member.person)
    assert (address.email, address.primary, address.verified) == ("hajime@office.example", True, True)
    request = rf.post("/")
    assert authenticate(request, email="hajime@office.example", password=PASSWORD) == member.person
    assert authenticate(request, email="hajime@office.example", password=PASSWORD + "x") is None


def test_the_set_up_is_the_beginning_of_the_history(db, noon):
    set_up(noon)
    assert list(Event.objects.order_by("number").values_list("act", "actor")) == [
        ("accounts.found", "system"),
        ("accounts.join", "system"),
    ]
    assert Event.objects.get(number=2).details == {"person": "事務 はじめ", "role": "administrator"}


def test_an_installation_is_set_up_once(db, noon):
    set_up(noon)
    with pytest.raises(WrongState) as caught:
        set_up(noon, email="other@office.example", organisation="第二事務局")
    assert codes(caught) == [("accounts.already_set_up", "")]
    assert Person.objects.count() == Organisation.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"name": " "}, [("core.empty", "name")]),
        ({"email": "hajime"}, [("accounts.address", "email")]),
        ({"password": "short"}, [("accounts.password_short", "password")]),
        ({"password": "passwordpassword"}, [("accounts.password_known", "password")]),
        ({"password": "制度事務局制度事務局制度事務局"}, [("accounts.password_known", "password")]),
        ({"password": "hajimehajime-2025"}, [("accounts.password_known", "password")]),
        ({"organisation": ""}, [("core.empty", "name")]),
        (
            {"name": "", "email": "", "password": ""},
            [("core.empty", "name"), ("accounts.address", "email"), ("accounts.password_short", "password")],
        ),
    ],
)
def test_a_set_up_that_is_not_right_enters_nobody(db, noon, changes, expected):
    with pytest.raises(Incomplete) as caught:
        set_up(noon, **changes)
    assert codes(caught) == expected
    assert not Person.objects.exists()
    assert not Organisation.objects.exists()


# --- found ---


def test_the_office_adds_an_organisation(people, noon):
    made = actions.found(
        kind=Kind.AUDIT_BODY,
        name="みずうみ監査法人",
        name_en="Lake Audit",
        corporate_number="8700110005901",
        actor=people["clerk"],
        now=noon,
    )
    assert (made.kind, made.name, made.name_en, made.corporate_number) == (
        "audit_body",
        "みずうみ監査法人",
        "Lake Audit",
        "8700110005901",
    )
    assert last_event(made).person_id == people["clerk"].person_id


@pytest.mark.parametrize("key", ["provider", "reviewer", "decider", "auditor", "buyer"])
def test_nobody_else_adds_an_organisation(people, noon, key):
    with pytest.raises(NotAllowed) as caught:
        actions.found(kind=Kind.PROVIDER, name="みずうみ", actor=people[key], now=noon)
    assert codes(caught) == [("accounts.not_office", "")]
    assert not Organisation.objects.filter(name="みずうみ").exists()


def test_an_organisation_that_exists_is_not_added_again(people, noon):
    with pytest.raises(Incomplete) as caught:
        actions.found(kind=Kind.PROVIDER, name="(見本)あおぞらクラウド株式会社", actor=people["office"], now=noon)
    assert codes(caught) == [("accounts.name_taken", "name")]


# --- invite ---


def test_an_invitation_is_good_for_fourteen_days(invite, people, noon):
    invitation = invite(" New@Sample.Example ")
    assert (invitation.email, invitation.role, invitation.invited_by) == (
        "new@sample.example",
        "member",
        "言明 かおり (（見本）あおぞらクラウド株式会社)",
    )
    assert (invitation.invited_at, invitation.expires_at) == (noon, noon + timedelta(days=14))
    assert (invitation.ended_at, invitation.joined) == (None, None)


def test_only_the_hash_of_the_key_is_kept(invite, key_in_letter):
    invitation = invite()
    key = key_in_letter()
    assert len(key) == 43
    assert invitation.key_hash == hashlib.sha256(key.encode()).hexdigest() == actions.key_hash(key)


def test_each_invitation_has_a_key_of_its_own(invite, key_in_letter):
    invite("one@sample.example")
    first = key_in_letter()
    invite("two@sample.example")
    assert key_in_letter() != first


def test_the_history_of_the_organisation_tells_who_was_invited(invite, organisation):
    invite(role=Role.ADMINISTRATOR)
    event = last_event(organisation("provider"))
    assert (event.act, event.details) == (
        "accounts.invite",
        {"email": "new@sample.example", "role": "administrator"},
    )


def test_a_second_invitation_ends_the_first(invite, noon):
    first = invite()
    later = noon + timedelta(hours=1)
    second = invite("NEW@sample.example", now=later)
    first.refresh_from_db()
    assert (first.ended_at, second.ended_at) == (later, None)
    with pytest.raises(WrongState):
        join(first, later)
    join(second, later)


def test_an_invitation_to_another_organisation_leaves_the_first_open(invite):
    first = invite()
    invite(to="minato", by="minato")
    first.refresh_from_db()
    assert first.ended_at is None


def test_the_office_invites_the_first_person_of_an_organisation(people, noon):
    lake = actions.found(kind=Kind.PROVIDER, name="みずうみ株式会社", actor=people["office"], now=noon)
    invitation = actions.invite(
        organisation=lake, email="new@sample.example", role=Role.ADMINISTRATOR, actor=people["office"], now=noon
    )
    assert [one.role for one in people_of(lake)] == []
    join(invitation, noon)
    assert [one.role for one in people_of(lake)] == ["administrator"]


@pytest.mark.parametrize("by", ["provider2", "minato", "clerk", "reviewer"])
def test_nobody_else_invites(invite, by):
    with pytest.raises(NotAllowed) as caught:
        invite(by=by)
    assert codes(caught) == [("accounts.not_administrator", "")]
    assert not Invitation.objects.exists()
    assert not Letter.objects.exists()


def test_an_address_that_is_wrong_is_not_invited(invite):
    with pytest.raises(Incomplete) as caught:
        invite("new at sample.example")
    assert codes(caught) == [("accounts.address", "email")]


def test_a_member_is_not_invited_again(invite):
    with pytest.raises(Incomplete) as caught:
        invite("Provider2@sample.example")
    assert codes(caught) == [("accounts.already_member", "email")]


def test_somebody_who_left_can_be_invited_again(invite, people, membership, noon):
    actions.leave(membership=membership("provider2"), successor=None, actor=people["provider"], now=noon)
    invitation = invite("provider2@sample.example")
    back = join(invitation, noon, actor=lone_actor(Person.objects.get(email="provider2@sample.example")))
    assert back.person_id == people["provider2"].person_id
    assert Membership.objects.filter(person=back.person).count() == 2


# --- withdraw_invitation ---


def test_a_withdrawn_invitation_cannot_be_used(invite, people, organisation, noon):
    invitation = invite()
    actions.withdraw_invitation(invitation=invitation, actor=people["provider"], now=noon)
    assert Invitation.objects.get().ended_at == noon
    assert (last_event(organisation("provider")).act, last_event(organisation("provider")).details) == (
        "accounts.withdraw_invitation",
        {"email": "new@sample.example"},
    )
    with pytest.raises(WrongState) as caught:
        join(invitation, noon)
    assert codes(caught) == [("accounts.invitation_ended", "")]
    assert not Person.objects.filter(email="new@sample.example").exists()


def test_an_invitation_is_withdrawn_once(invite, people, noon):
    invitation = invite()
    actions.withdraw_invitation(invitation=invitation, actor=people["office"], now=noon)
    with pytest.raises(WrongState):
        actions.withdraw_invitation(invitation=invitation, actor=people["office"], now=noon)


def test_a_used_invitation_cannot_be_withdrawn(invite, people, noon):
    invitation = invite()
    join(invitation, noon)
    with pytest.raises(WrongState):
        actions.withdraw_invitation(invitation=invitation, actor=people["provider"], now=noon)


@pytest.mark.parametrize("by", ["provider2", "minato", "clerk"])
def test_nobody_else_withdraws(invite, people, noon, by):
    invitation = invite()
    with pytest.raises(NotAllowed):
        actions.withdraw_invitation(invitation=invitation, actor=people[by], now=noon)
    assert Invitation.objects.get().ended_at is None


# --- join ---


def test_somebody_new_joins_with_name_and_password(invite, people, noon, rf):
    member = join(invite(role=Role.ADMINISTRATOR), noon, name=" 新 ひとみ ", language="en")
    assert (member.organisation_id, member.role, member.since) == (
        people["provider"].organisation_id,
        "administrator",
        noon,
    )
    assert (member.person.name, member.person.email, member.person.language) == (
        "新 ひとみ",
        "new@sample.example",
        "en",
    )
    assert authenticate(rf.post("/"), email="new@sample.example", password=PASSWORD) == member.person
    assert EmailAddress.objects.get(user=member.person).verified


def test_the_invitation_remembers_who_joined_by_it(invite, noon):
    member = join(invite(), noon)
    stored = Invitation.objects.get()
    assert (stored.joined, stored.ended_at) == (member, noon)


def test_somebody_new_acts_for_themselves_in_the_history(invite, people, organisation, noon):
    member = join(invite(), noon)
    event = last_event(organisation("provider"))
    assert (event.act, event.actor, event.person_id) == ("accounts.join", "新 ひとみ", member.person_id)
    assert (event.organisation_id, event.details) == (
        people["provider"].organisation_id,
        {"person": "新 ひとみ", "role": "member"},
    )


def test_somebody_known_joins_signed_in_without_a_new_password(invite, people, organisation, noon):
    invitation = invite("minato@sample.example")
    member = join(invitation, noon, actor=people["minato"], name="", password="")
    assert member.person_id == people["minato"].person_id
    assert member.person.name == "港 りく"
    event = last_event(organisation("provider"))
    assert (event.act, event.actor) == ("accounts.join", "港 りく (（見本）みなとシステムズ株式会社)")


def test_somebody_known_has_to_sign_in_first(invite, noon):
    invitation = invite("minato@sample.example")
    with pytest.raises(Incomplete) as caught:
        join(invitation, noon, actor=Actor(label="minato@sample.example"))
    assert codes(caught) == [("accounts.not_invitee", "")]
    assert Invitation.objects.get().ended_at is None


def test_the_letter_is_of_no_use_to_somebody_else_signed_in(invite, people, noon):
    invitation = invite("minato@sample.example")
    with pytest.raises(NotAllowed) as caught:
        join(invitation, noon, actor=people["yamabiko"])
    assert codes(caught) == [("accounts.not_invitee", "")]


def test_a_letter_to_somebody_new_is_of_no_use_to_somebody_signed_in(invite, people, noon):
    with pytest.raises(NotAllowed):
        join(invite(), noon, actor=people["minato"])


def test_an_invitation_is_used_once(invite, noon):
    invitation = invite()
    member = join(invitation, noon)
    with pytest.raises(WrongState) as caught:
        join(invitation, noon, actor=actor_of(member))
    assert codes(caught) == [("accounts.invitation_ended", "")]
    assert Membership.objects.filter(person=member.person).count() == 1


@pytest.mark.parametrize(("late", "good"), [(timedelta(days=14, microseconds=-1), True), (timedelta(days=14), False)])
def test_an_invitation_expires_to_the_moment(invite, noon, late, good):
    invitation = invite()
    if good:
        assert join(invitation, noon + late).pk
        return
    with pytest.raises(WrongState):
        join(invitation, noon + late)
    assert not Person.objects.filter(email="new@sample.example").exists()


@pytest.mark.parametrize(
    ("name", "password", "expected"),
    [
        ("", PASSWORD, [("core.empty", "name")]),
        ("新\x00", PASSWORD, [("core.bad_character", "name")]),
        ("新 ひとみ", "kutsu kumo", [("accounts.password_short", "password")]),
        ("新 ひとみ", "ひとみひとみひとみひとみひとみ", [("accounts.password_known", "password")]),
        ("新 ひとみ", "（見本）あおぞらクラウド株式会社", [("accounts.password_known", "password")]),
        ("新 ひとみ", "new@sample.example", [("accounts.password_known", "password")]),
    ],
)
def test_name_and_password_must_be_right_to_join(invite, noon, name, password, expected):
    invitation = invite()
    with pytest.raises(Incomplete) as caught:
        join(invitation, noon, name=name, password=password)
    assert codes(caught) == expected
    assert Invitation.objects.get().ended_at is None


@pytest.mark.django_db(transaction=True)
def test_of_four_who_use_one_letter_at_once_one_joins(transactional_db, invite, noon):
    invitation = invite()
    start = threading.Barrier(4)
    outcomes = []

    def press():
        try:
            mine = Invitation.objects.select_related("organisation").get(pk=invitation.pk)
            start.wait(timeout=20)
            join(mine, noon)
            outcomes.append("joined")
        except Refusal:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["joined", "refused", "refused", "refused"]
    assert Membership.objects.filter(person__email="new@sample.example").count() == 1
    assert list(breaks()) == []


# --- hand_over and leave ---


def in_hand(people, key):
    return list(open_duties(people[key].person_id, people[key].organisation_id))


@pytest.mark.parametrize("by", ["provider", "office"])
def test_duties_are_handed_to_a_colleague(walk, people, membership, organisation, noon, by):
    walk.to("started")
    giver, taker = membership("provider"), membership("provider2")
    duties = in_hand(people, "provider")
    assert actions.hand_over(duties=duties, giver=giver, taker=taker, actor=people[by], now=noon) == 1
    assert in_hand(people, "provider") == []
    assert in_hand(people, "provider2") == duties
    event = last_event(organisation("provider"))
    assert (event.act, event.person_id) == ("accounts.hand_over", people[by].person_id)
    assert event.details == {
        "from": "言明 かおり",
        "to": "統制 けん",
        "duties": ["あおぞらファイル共有 (ismap-2022-04, 1)"],
    }


@pytest.mark.parametrize("by", ["provider2", "minato", "clerk"])
def test_nobody_takes_a_colleagues_duties_unasked(walk, people, membership, noon, by):
    walk.to("started")
    with pytest.raises(NotAllowed):
        actions.hand_over(
            duties=in_hand(people, "provider"),
            giver=membership("provider"),
            taker=membership("provider2"),
            actor=people[by],
            now=noon,
        )
    assert len(in_hand(people, "provider")) == 1


@pytest.mark.parametrize("taker", ["provider", "minato"], ids=["oneself", "somebody of another organisation"])
def test_duties_go_to_another_member_of_the_organisation_only(walk, people, membership, noon, taker):
    walk.to("started")
    with pytest.raises(Incomplete) as caught:
        actions.hand_over(
            duties=in_hand(people, "provider"),
            giver=membership("provider"),
            taker=membership(taker),
            actor=people["provider"],
            now=noon,
        )
    assert codes(caught) == [("accounts.not_colleague", "successor")]


def test_duties_do_not_go_to_somebody_who_left(walk, people, membership, noon):
    walk.to("started")
    gone = membership("provider2")
    actions.leave(membership=gone, successor=None, actor=people["provider2"], now=noon)
    gone.refresh_from_db()
    with pytest.raises(Incomplete) as caught:
        actions.hand_over(
            duties=in_hand(people, "provider"),
            giver=membership("provider"),
            taker=gone,
            actor=people["provider"],
            now=noon,
        )
    assert codes(caught) == [("accounts.not_colleague", "successor")]


def test_handing_over_what_one_no_longer_has_tells_nobody(walk, people, membership, noon):
    walk.to("started")
    giver, taker = membership("provider"), membership("provider2")
    duties = in_hand(people, "provider")
    actions.hand_over(duties=duties, giver=giver, taker=taker, actor=people["provider"], now=noon)
    events, letters = Event.objects.count(), Letter.objects.count()
    assert actions.hand_over(duties=duties, giver=giver, taker=taker, actor=people["provider"], now=noon) == 0
    assert (Event.objects.count(), Letter.objects.count()) == (events, letters)


def test_the_history_names_only_the_duties_that_changed_hands(walk, people, membership, organisation, noon):
    walk.to("started")
    own = in_hand(people, "provider")
    others = Duty.objects.create(
        organisation=organisation("minato"),
        holder=membership("minato").person,
        kind="statement",
        object_type="statements.statement",
        object_id="0",
        label="よその言明書",
        since=noon,
    )
    moved = actions.hand_over(
        duties=[*own, others],
        giver=membership("provider"),
        taker=membership("provider2"),
        actor=people["provider"],
        now=noon,
    )
    assert moved == 1
    assert last_event(organisation("provider")).details["duties"] == ["あおぞらファイル共有 (ismap-2022-04, 1)"]


@pytest.mark.parametrize("by", ["provider2", "provider", "office"])
def test_a_membership_ends_and_the_name_stays_in_the_history(people, membership, organisation, noon, by):
    one = membership("provider2")
    assert actions.leave(membership=one, successor=None, actor=people[by], now=noon) == one
    assert Membership.objects.get(pk=one.pk).until == noon
    event = last_event(organisation("provider"))
    assert (event.act, event.details, event.person_id) == (
        "accounts.leave",
        {"person": "統制 けん"},
        people[by].person_id,
    )


@pytest.mark.parametrize("by", ["minato", "clerk", "reviewer"])
def test_nobody_else_sends_somebody_away(people, membership, noon, by):
    with pytest.raises(NotAllowed):
        actions.leave(membership=membership("provider2"), successor=None, actor=people[by], now=noon)


def test_a_membership_ends_once(people, membership, noon):
    one = membership("provider2")
    actions.leave(membership=one, successor=None, actor=people["provider"], now=noon)
    with pytest.raises(WrongState) as caught:
        actions.leave(membership=one, successor=None, actor=people["provider"], now=noon + timedelta(days=1))
    assert codes(caught) == [("core.moved_meanwhile", "")]
    assert Membership.objects.get(pk=one.pk).until == noon


def test_the_last_administrator_cannot_leave_colleagues_behind(people, membership, noon):
    with pytest.raises(Incomplete) as caught:
        actions.leave(
            membership=membership("provider"), successor=membership("provider2"), actor=people["provider"], now=noon
        )
    assert codes(caught) == [("accounts.last_administrator", "")]


def test_an_administrator_may_leave_when_another_stays(invite, people, membership, noon):
    invitation = invite("minato@sample.example", role=Role.ADMINISTRATOR)
    join(invitation, noon, actor=people["minato"])
    one = membership("provider")
    actions.leave(membership=one, successor=None, actor=people["provider"], now=noon)
    assert Membership.objects.get(pk=one.pk).until == noon


@pytest.fixture
def busy(walk, people):
    """provider2 has the statement in hand."""
    walk.provider = "provider2"
    walk.to("started")
    return people["provider2"]


def test_whoever_has_something_in_hand_needs_a_successor(busy, people, membership, noon):
    with pytest.raises(Incomplete) as caught:
        actions.leave(membership=membership("provider2"), successor=None, actor=busy, now=noon)
    assert caught.value.problems == (Problem("accounts.successor_needed", where="successor", params={"count": 1}),)
    assert membership("provider2").until is None


def test_what_the_leaver_has_in_hand_goes_to_the_successor(busy, people, membership, organisation, noon):
    actions.leave(membership=membership("provider2"), successor=membership("provider"), actor=busy, now=noon)
    assert [duty.kind for duty in in_hand(people, "provider")] == ["statement"]
    assert in_hand(people, "provider2") == []
    assert [event.act for event in history(organisation("provider"))][-2:] == ["accounts.hand_over", "accounts.leave"]
    assert Letter.objects.get(key="accounts.handed_over").address == "provider@sample.example"


@pytest.mark.parametrize("successor", ["provider2", "minato"])
def test_a_successor_is_a_colleague(busy, membership, noon, successor):
    with pytest.raises(Incomplete) as caught:
        actions.leave(membership=membership("provider2"), successor=membership(successor), actor=busy, now=noon)
    assert codes(caught) == [("accounts.not_colleague", "successor")]
    assert membership("provider2").until is None


def test_a_successor_with_nothing_to_take_over_hears_nothing(people, membership, noon):
    actions.leave(
        membership=membership("provider2"), successor=membership("provider"), actor=people["provider2"], now=noon
    )
    assert not Letter.objects.exists()
    assert not Event.objects.filter(act="accounts.hand_over").exists()


def test_duties_for_another_organisation_stay_with_the_person(busy, invite, people, membership, noon):
    second = join(invite("provider2@sample.example", to="minato", by="minato"), noon, actor=busy)
    actions.leave(membership=second, successor=None, actor=actor_of(second), now=noon)
    assert [duty.kind for duty in in_hand(people, "provider2")] == ["statement"]


def test_people_and_organisations_with_the_longest_names_act_all_the_same(db, noon):
    member = set_up(noon, name="名" * 100, organisation="組" * 200)
    invitation = actions.invite(
        organisation=member.organisation,
        email="new@sample.example",
        role=Role.MEMBER,
        actor=actor_of(member),
        now=noon,
    )
    assert invitation.invited_by.startswith("名" * 100)
