"""What pages cost and say: queries are counted, languages switch, sessions end, and logs keep no keys."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from kansatsu.accounts.models import Person
from kansatsu.core.models import Letter
from kansatsu.samples.cast import PASSWORD, address


def queries(client, path):
    with CaptureQueriesContext(
        connection,
    ) as captured:
        response = client.get(path)
    assert response.status_code == 200
    return len(captured)


def test_a_statements_page_takes_few_queries_however_many_lines(walk, sign_in):
    walk.to("final")
    assert queries(sign_in("provider"), f"/statements/{walk.statement.pk}/") <= 60


def test_the_public_list_takes_few_queries(walk, sign_in):
    walk.to("registered")
    assert queries(sign_in(None), "/register/") <= 6


def test_an_applications_page_takes_few_queries(walk, sign_in):
    walk.to("under_review")
    assert queries(sign_in("reviewer"), f"/applications/{walk.application.pk}/") <= 60


@pytest.mark.parametrize(("language", "words"), [("ja", "登録されたクラウドサービス"), ("en", "Public list")])
def test_a_page_speaks_the_chosen_language(sign_in, language, words):
    page = sign_in(None, language).get("/register/").content.decode()
    assert f'<html lang="{language}">' in page
    assert f"<h1>{words}" in page


def test_japanese_comes_first_whatever_the_browser_asks_for(client, db):
    page = client.get("/", headers={"accept-language": "en-US"}).content.decode()
    assert '<html lang="ja">' in page


def test_the_language_switch_stays_on_the_page_and_goes_nowhere_else(sign_in, people):
    client = sign_in("provider")
    response = client.post("/language/", {"language": "en", "next": "/services/"})
    assert response.headers["Location"] == "/services/"
    assert client.cookies["django_language"].value == "en"
    assert Person.objects.get(email=address("provider")).language == "en"
    away = client.post("/language/", {"language": "en", "next": "https://evil.example/"})
    assert away.headers["Location"] == "/"


def test_a_person_signs_in_and_out(client, people, settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.PBKDF2PasswordHasher", *settings.PASSWORD_HASHERS]
    response = client.post("/sign-in/", {"login": address("auditor"), "password": PASSWORD})
    assert response.status_code == 302
    assert "監査 しょう" in client.get("/").content.decode()
    client.post("/sign-out/")
    assert client.get("/audits/").status_code == 302


def test_too_many_wrong_passwords_are_slowed_down_and_told_so(client, people):
    codes = [client.post("/sign-in/", {"login": address("auditor"), "password": "x" * 16}) for _ in range(6)]
    assert codes[0].status_code == 200
    right = client.post("/sign-in/", {"login": address("auditor"), "password": PASSWORD})
    assert right.status_code == 200 and "_auth_user_id" not in client.session


def test_nobody_signs_up_unasked(client, db):
    assert client.get("/sign-up/").status_code == 404
    with pytest.raises(Exception, match="account_signup"):
        reverse("account_signup")


def test_a_forgotten_password_is_reset_by_letter(client, people):
    client.post("/password/reset/", {"email": address("buyer")})
    letter = Letter.objects.get(address=address("buyer"))
    path = re.search(r"https?://[^/]+(/password/reset/key/\S+)", letter.body)[1]
    form = client.get(path, follow=True)
    target = form.redirect_chain[-1][0]
    weak = client.post(target, {"password1": "password12345678", "password2": "password12345678"})
    assert weak.status_code == 200
    words = "kujira to asagao no uta"
    done = client.post(target, {"password1": words, "password2": words})
    assert done.status_code == 302
    assert client.post("/sign-in/", {"login": address("buyer"), "password": words}).status_code == 302


def test_an_unknown_address_gets_the_same_answer_and_no_letter(client, people):
    known = client.post("/password/reset/", {"email": address("buyer")})
    unknown = client.post("/password/reset/", {"email": "nobody@example.jp"})
    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])
    assert Letter.objects.count() == 1


def test_signing_out_everywhere_else_ends_the_other_session(people, sign_in, client, settings):
    from django.test import Client

    first, second = Client(), Client()
    for one in (first, second):
        one.post("/sign-in/", {"login": address("auditor"), "password": PASSWORD})
        assert one.get("/audits/").status_code == 200
    first.post("/me/sessions/")
    assert first.get("/audits/").status_code == 200
    assert second.get("/audits/").status_code == 302


def test_keys_of_invitations_do_not_reach_the_logs(client, db):
    from kansatsu.settings import _without_keys

    said = _without_keys(None, "", {"request": "GET /invitations/s3cret-key/", "n": 1})
    assert said == {"request": "GET /invitations/[key]/", "n": 1}


def test_an_unknown_address_is_a_calm_page(sign_in):
    response = sign_in(None).get("/no/such/page/")
    assert response.status_code == 404
    assert "There is nothing here" in response.content.decode()


def test_the_process_says_that_it_is_well(client, db):
    assert client.get("/healthz").json() == {"status": "ok"}
