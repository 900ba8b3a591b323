"""The invitation and the hand-over as people read them."""

import pytest

from kansatsu.accounts.actions import hand_over, invite
from kansatsu.accounts.models import Person
from kansatsu.accounts.queries import open_duties
from kansatsu.accounts.workflow import Role
from kansatsu.core.models import Letter


@pytest.fixture(autouse=True)
def at_home(settings):
    settings.SITE_URL = "https://kansatsu.example"


def invited(people, organisation, noon, language):
    return invite(
        organisation=organisation("provider"),
        email="new@sample.example",
        role=Role.ADMINISTRATOR,
        actor=people["provider"],
        now=noon,
        language=language,
    )


def test_the_invitation_in_japanese(people, organisation, key_in_letter, noon):
    invited(people, organisation, noon, "ja")
    letter = Letter.objects.get(key="accounts.invited")
    assert letter.subject == "［鑑札］（見本）あおぞらクラウド株式会社 への招待"
    assert letter.body == (
        "言明 かおり (（見本）あおぞらクラウド株式会社) さんから、"
        "「（見本）あおぞらクラウド株式会社」の管理者として招待されました。\n\n"
        "次のアドレスを開き、氏名とパスワードを決めて参加してください（2025-04-15 まで有効、一度だけ使えます）。\n\n"
        f"https://kansatsu.example/invitations/{key_in_letter()}/\n\n"
        "心当たりのない場合は、このメールを破棄してください。\n"
    )


def test_the_invitation_in_english(people, organisation, key_in_letter, noon):
    invited(people, organisation, noon, "en")
    letter = Letter.objects.get(key="accounts.invited")
    assert letter.subject == "[Kansatsu] Invitation to （見本）あおぞらクラウド株式会社"
    assert "as Administrator." in letter.body
    assert f"https://kansatsu.example/invitations/{key_in_letter()}/" in letter.body


def test_the_invitation_goes_to_the_invited_and_is_secret(people, organisation, noon):
    invitation = invited(people, organisation, noon, "ja")
    letter = Letter.objects.get(key="accounts.invited")
    assert (letter.address, letter.secret, letter.posted_at) == ("new@sample.example", True, noon)
    assert (letter.object_type, letter.object_id) == ("accounts.invitation", str(invitation.pk))


@pytest.mark.parametrize(
    ("language", "subject", "body"),
    [
        (
            "ja",
            "［鑑札］1件の担当の引継ぎ",
            "言明 かおり さんから、次の担当を引き継ぎました。\n\n{duties}\n\n{site}\n",
        ),
        (
            "en",
            "[Kansatsu] 1 duties handed over to you",
            "You have taken over from 言明 かおり:\n\n{duties}\n\n{site}\n",
        ),
    ],
)
def test_whoever_takes_over_is_told_in_their_language(walk, people, membership, noon, language, subject, body):
    walk.to("started")
    Person.objects.filter(pk=people["provider2"].person_id).update(language=language)
    giver = membership("provider")
    duties = list(open_duties(giver.person_id, giver.organisation_id))
    hand_over(duties=duties, giver=giver, taker=membership("provider2"), actor=people["provider"], now=noon)
    letter = Letter.objects.get(key="accounts.handed_over")
    assert (letter.address, letter.secret) == ("provider2@sample.example", False)
    assert letter.subject == subject
    assert letter.body == body.format(
        duties="- あおぞらファイル共有 (ismap-2022-04, 1)", site="https://kansatsu.example/"
    )
