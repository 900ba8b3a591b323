"""Nobody signs up unasked, and the letters of the sign-in pages go through the outbox."""

import pytest
from allauth.account.adapter import get_adapter
from allauth.core import context

from kansatsu.accounts.adapter import Adapter
from kansatsu.core.models import Letter
from kansatsu.core.outbox import send

LINK = "https://kansatsu.example/accounts/password/reset/key/1-abc/"


@pytest.fixture
def letter(db, rf):
    """What the pages send to somebody who has forgotten the password."""
    request = rf.post("/")
    with context.request_context(request):
        get_adapter(request).send_mail(
            "account/email/password_reset_key", "kaori@sample.example", {"password_reset_url": LINK, "request": request}
        )
    return Letter.objects.get()


def test_the_house_uses_its_own_adapter(rf):
    assert isinstance(get_adapter(rf.get("/")), Adapter)


def test_nobody_signs_up_unasked(rf):
    assert Adapter().is_open_for_signup(rf.get("/")) is False


def test_a_letter_with_a_link_to_an_account_waits_in_the_outbox(letter, mailoutbox):
    assert (letter.key, letter.address) == ("account.email.password_reset_key", "kaori@sample.example")
    assert LINK in letter.body
    assert (letter.status, letter.secret) == ("waiting", True)
    assert mailoutbox == []


def test_the_link_is_dropped_once_it_was_sent(letter, mailoutbox):
    assert send.call(letter.pk) == "sent"
    assert LINK in mailoutbox[0].body
    assert Letter.objects.get().body == ""


def test_the_subject_of_the_letter_stands_on_one_line(letter):
    assert letter.subject
    assert letter.subject == letter.subject.strip()
    assert "\n" not in letter.subject
