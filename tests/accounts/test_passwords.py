"""The password rule as the sign-in pages ask it, and what it says in both languages."""

import pytest
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import override

from kansatsu.accounts.models import Person
from kansatsu.accounts.passwords import HouseRule

SHORT_JA = "パスワードが短すぎます。 15文字以上にしてください。文字の種類は問いません。"
SHORT_EN = "The password is too short. Use 15 characters or more; any kind of character will do."
KNOWN_EN = (
    "The password is a well-known word, the organisation's name or the address, repeated or padded. "
    "Put several unrelated words together."
)


@pytest.fixture
def person(people):
    return Person.objects.get(pk=people["provider"].person_id)


@pytest.mark.parametrize(("language", "sentence"), [("ja", SHORT_JA), ("en", SHORT_EN)])
def test_a_short_password_is_refused_in_the_readers_language(language, sentence):
    with override(language), pytest.raises(ValidationError) as caught:
        HouseRule().validate("short")
    assert caught.value.messages == [sentence]


@pytest.mark.parametrize("password", ["passwordpassword", "1234567890123456", "admin admin admin"])
def test_a_known_word_is_refused_for_everybody(password):
    with override("en"), pytest.raises(ValidationError) as caught:
        HouseRule().validate(password)
    assert caught.value.messages == [KNOWN_EN]


@pytest.mark.parametrize(
    "password",
    ["provider@sample.example", "providerprovider", "言明かおり言明かおり言明かおり", "あおぞらクラウド株式会社2025"],
)
def test_a_persons_own_name_address_and_organisation_are_known_words(person, password):
    with pytest.raises(ValidationError):
        HouseRule().validate(password, person)


def test_another_organisations_name_is_no_known_word(person):
    HouseRule().validate("（見本）けんさ監査法人の朝の図書館", person)


def test_for_a_person_not_yet_entered_only_the_address_counts():
    somebody = Person(email="kaorihiro@sample.example", name="湖 ひろこひろこ")
    with pytest.raises(ValidationError):
        HouseRule().validate("kaorihirokaorihiro", somebody)


def test_unrelated_words_pass_with_and_without_a_person(person):
    HouseRule().validate("mikan-to-yama-no-asa")
    HouseRule().validate("mikan-to-yama-no-asa", person)


def test_djangos_own_pages_ask_this_rule(person):
    with override("en"), pytest.raises(ValidationError) as caught:
        validate_password("password", person)
    assert caught.value.messages == [SHORT_EN]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("ja", "15文字以上にしてください。文字の種類は問いません。"),
        ("en", "Use 15 characters or more; any kind of character will do."),
        (None, "15文字以上にしてください。文字の種類は問いません。"),
    ],
)
def test_the_rule_is_told_before_one_types(language, text):
    with override(language):
        assert password_validators_help_texts() == [text]
