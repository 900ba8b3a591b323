"""Which act writes which letter to whom: in the reader's language, and with a link the reader can open."""

import re

import pytest
from django.conf import settings
from django.test import override_settings
from django.urls import resolve
from tests.assurance.conftest import QUICK
from tests.assurance.doing import APPLYING, AUDITING, BEGINNING, REGISTERING, STATING, next_round

from kansatsu.accounts import actions as accounts
from kansatsu.accounts.actors import SYSTEM, Actor, actor_of
from kansatsu.accounts.models import Membership, Organisation, Person
from kansatsu.accounts.workflow import Role
from kansatsu.assurance.audits import policy as audits
from kansatsu.assurance.register import queries as register
from kansatsu.assurance.reviews import policy as reviews
from kansatsu.core import outbox
from kansatsu.core.models import Letter
from kansatsu.core.refusals import NotAllowed
from kansatsu.samples.cast import PASSWORD

STAGE = "final"
PROVIDER = {"provider", "provider2", "english.provider"}
AUDIT_BODY = {"auditor", "auditor2", "english.auditor"}
SUPPORT_BODY = {"reviewer", "reviewer2", "english.reviewer"}
COMMITTEE = {"decider", "decider2", "english.decider"}
OFFICE = {"office", "clerk", "english.office"}

# the stage before, the act, who does it, and the letters that it writes
ACTS = [
    ("final", STATING["revise"], "provider", {}),
    ("final", AUDITING["propose"], "provider", {"audits.proposed": AUDIT_BODY}),
    ("proposed", AUDITING["cancel"], "provider", {"audits.cancelled": AUDIT_BODY}),
    ("proposed", AUDITING["accept"], "auditor", {"audits.accepted": PROVIDER}),
    ("proposed", AUDITING["decline"], "auditor", {"audits.declined": PROVIDER}),
    ("accepted", AUDITING["fix_period"], "auditor", {}),
    ("fieldwork", AUDITING["record_finding"], "auditor", {}),
    ("fieldwork", AUDITING["issue"], "auditor", {"audits.issued": PROVIDER}),
    ("reported", AUDITING["take_back"], "auditor", {}),
    ("reported", AUDITING["freeze"], "auditor", {"audits.frozen": PROVIDER}),
    ("frozen", APPLYING["prepare"], "provider", {}),
    ("prepared", APPLYING["rest_on"], "provider", {}),
    ("prepared", APPLYING["submit"], "provider", {"reviews.submitted": SUPPORT_BODY}),
    ("prepared", APPLYING["withdraw"], "provider", {}),
    ("submitted", APPLYING["withdraw"], "provider", {"reviews.withdrawn": SUPPORT_BODY}),
    ("submitted", APPLYING["return"], "reviewer", {"reviews.returned": PROVIDER}),
    ("submitted", APPLYING["accept"], "reviewer", {"reviews.accepted": PROVIDER}),
    ("accepted_for_review", APPLYING["take_up"], "reviewer", {}),
    ("under_review", APPLYING["ask"], "reviewer", {"reviews.asked": PROVIDER}),
    ("questioned", APPLYING["answer"], "provider", {"reviews.answered": SUPPORT_BODY}),
    ("under_review", APPLYING["present"], "reviewer", {"reviews.presented": COMMITTEE}),
    ("before_committee", APPLYING["send_back"], "decider", {"reviews.sent_back": SUPPORT_BODY}),
    (
        "before_committee",
        APPLYING["approve"],
        "decider",
        {"reviews.approved": PROVIDER, "reviews.to_enter": OFFICE},
    ),
    ("before_committee", APPLYING["refuse"], "decider", {"reviews.refused": PROVIDER}),
    ("approved", REGISTERING["enter"], "office", {"register.entered": PROVIDER}),
    ("registered", REGISTERING["remark"], "office", {}),
    ("registered", REGISTERING["remind"], "system", {"register.renewal_due": PROVIDER}),
    ("registered", REGISTERING["remove"], "office", {"register.removed": PROVIDER}),
]
IDS = [f"{stage}, {'+'.join(letters) or 'no letter'}, {index}" for index, (stage, _, _, letters) in enumerate(ACTS)]


@pytest.fixture(scope="module", autouse=True)
def english_readers(cast, leaver):
    """In each organisation that gets letters, a colleague who reads English."""
    with override_settings(PASSWORD_HASHERS=QUICK):
        for key in ("provider", "auditor", "reviewer", "decider", "office"):
            invitation = accounts.invite(
                organisation=Organisation.objects.get(pk=cast[key].organisation_id),
                email=f"english.{key}@sample.example",
                role=Role.MEMBER,
                actor=cast[key],
                now=BEGINNING,
            )
            accounts.join(
                invitation=invitation,
                actor=Actor("guest"),
                name="Reader",
                password=PASSWORD,
                language="en",
                now=BEGINNING,
            )


def written(act, walk, actor):
    """The letters that the act puts into the outbox."""
    before = set(Letter.objects.values_list("pk", flat=True))
    act(walk, actor)
    return list(Letter.objects.exclude(pk__in=before))


def by_key(letters):
    """Key of the letter → to whom."""
    found = {}
    for letter in letters:
        found.setdefault(letter.key, []).append(letter.address.removesuffix("@sample.example"))
    assert all(len(set(to)) == len(to) for to in found.values())
    return {key: set(to) for key, to in found.items()}


def link(letter):
    """The path of the only address in the letter's text."""
    (found,) = re.findall(r"https?://\S+", letter.body)
    assert found.startswith(settings.SITE_URL + "/")
    return found.removeprefix(settings.SITE_URL)


def can_open(letter):
    """Does the link lead to the page of the very record that the letter is about, and does its reader see that?"""
    membership = Membership.objects.select_related("person", "organisation").get(person__email=letter.address)
    actor, match = actor_of(membership), resolve(link(letter))
    if match.view_name == "register:entry":
        return str(register.entries().get(number=match.kwargs["number"]).pk) == letter.object_id
    stage = {"audits:engagement": audits, "reviews:application": reviews}[match.view_name]
    return str(match.kwargs["pk"]) == letter.object_id and stage.visible_to(actor).filter(**match.kwargs).exists()


@pytest.mark.parametrize(("stage", "act", "key", "expected"), ACTS, ids=IDS)
def test_an_act_writes_to_those_whom_it_concerns_and_to_nobody_else(walk, stage, act, key, expected):
    walk.to(stage)
    actor = SYSTEM if key == "system" else walk.actor(key)
    assert by_key(written(act, walk, actor)) == expected


@pytest.mark.parametrize(("stage", "act", "key", "expected"), [one for one in ACTS if one[3]])
def test_a_letter_is_written_in_its_readers_language_and_its_link_can_be_opened(walk, stage, act, key, expected):
    walk.to(stage)
    for letter in written(act, walk, SYSTEM if key == "system" else walk.actor(key)):
        is_english = letter.address.startswith("english")
        assert letter.subject.startswith("[Kansatsu] " if is_english else "［鑑札］")
        assert "あおぞらファイル共有" in letter.subject and "あおぞらファイル共有" in letter.body
        assert not re.search(r"[{}]", letter.subject + letter.body)
        plain = letter.body.replace("あおぞらファイル共有", "").replace("（見本）あおぞらクラウド株式会社", "")
        assert bool(re.search(r"[ぁ-ん]", plain.replace(said(act), ""))) is not is_english
        assert can_open(letter)


def said(act):
    """What somebody said in the act, which letters give in the words it was said in."""
    return {
        APPLYING["return"]: "記載が一致しません。",
        APPLYING["ask"]: "責任分界を説明してください。",
        APPLYING["send_back"]: "範囲を確かめてください。",
        APPLYING["refuse"]: "不相当。",
        REGISTERING["remove"]: "事業者の申出による。",
    }.get(act, "（見本）けんさ監査法人")


@pytest.mark.parametrize(
    ("stage", "act", "key"),
    [
        ("submitted", APPLYING["return"], "reviewer"),
        ("under_review", APPLYING["ask"], "reviewer"),
        ("before_committee", APPLYING["send_back"], "decider"),
        ("before_committee", APPLYING["refuse"], "decider"),
        ("registered", REGISTERING["remove"], "office"),
    ],
)
def test_a_letter_gives_the_reason_or_question_in_full(walk, stage, act, key):
    walk.to(stage)
    bodies = [letter.body for letter in written(act, walk, walk.actor(key))]
    assert len(bodies) == 3 and all(said(act) in body for body in bodies)


def test_an_entered_renewal_is_told_to_its_provider(walk):
    renewal = next_round(walk.to("registered")).to("approved")
    renewal.entry = walk.entry
    letters = written(REGISTERING["renew"], renewal, walk.actor("office"))
    assert by_key(letters) == {"register.renewed": PROVIDER}
    assert all("2027-07-31" in letter.body and can_open(letter) for letter in letters)


def test_the_letters_of_this_test_are_all_the_letters_there_are():
    known = {key for _, _, _, letters in ACTS for key in letters} | {"register.renewed"}
    assert {key for key in outbox.texts() if not key.startswith("accounts.")} == known


def test_what_a_returned_application_gets_in_both_languages(walk):
    walk.to("submitted")
    page = f"{settings.SITE_URL}/applications/{walk.application.pk}/"
    letters = {one.address: one for one in written(APPLYING["return"], walk, walk.actor("reviewer"))}
    japanese, english = letters["provider@sample.example"], letters["english.provider@sample.example"]
    assert japanese.subject == "［鑑札］申請の返戻：あおぞらファイル共有"
    assert japanese.body == (
        f"「あおぞらファイル共有」の申請は、次の理由で返戻されました。\n\n- 記載が一致しません。\n\n{page}\n"
    )
    assert english.subject == "[Kansatsu] Application returned: あおぞらファイル共有"
    assert english.body == (
        "The application for あおぞらファイル共有 was returned for these reasons:"
        f"\n\n- 記載が一致しません。\n\n{page}\n"
    )


def test_a_reminder_gives_the_last_day_and_the_public_page(walk):
    walk.to("registered")
    letters = {one.address: one for one in written(REGISTERING["remind"], walk, SYSTEM)}
    body = letters["english.provider@sample.example"].body
    assert "is valid until 2026-07-31" in body and body.endswith("/register/C25-0001-1/\n")


def test_somebody_who_left_gets_no_letter_any_more(walk):
    walk.to("registered")
    assert Person.objects.filter(email="leaver@sample.example").exists()
    assert not Letter.objects.filter(address="leaver@sample.example").exclude(key="accounts.invited").exists()


def test_a_refused_act_writes_no_letter(walk):
    walk.to("submitted")
    before = Letter.objects.count()
    with pytest.raises(NotAllowed, match=r"reviews\.not_reviewer"):
        APPLYING["accept"](walk, walk.actor("provider"))
    assert Letter.objects.count() == before
