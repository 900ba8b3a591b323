"""Corporate numbers, names and addresses that are right or not, and passwords that are more than a known word."""

import pytest

from kansatsu.accounts.rules import (
    address_problems,
    check_digit,
    normalised_address,
    normalised_number,
    organisation_problems,
    password_problems,
    person_problems,
)
from kansatsu.core.problems import Problem

COMMON = ["123456", "admin", "12345678", "123456789", "1234", "12345", "password", "123", "Aa123456", "UNKNOWN"]
ADDRESS = "mikan.taro@sample.example"
NAMES = ["言明 かおり", "（見本）あおぞらクラウド株式会社", "Minato Systems Inc."]


def password_codes(password, *, shortest=15):
    found = password_problems(password, shortest=shortest, common=COMMON, address=ADDRESS, names=NAMES)
    return [problem.code for problem in found]


# --- corporate numbers ---


@pytest.mark.parametrize(
    ("base", "digit"),
    [
        ("700110005901", 8),
        ("000012050002", 7),
        ("000012010038", 8),
        ("000012090001", 4),
        ("180301018771", 1),
        ("000000000000", 9),
        ("000000000001", 8),
        ("000000000010", 7),
    ],
)
def test_the_check_digit_of_a_corporate_number(base, digit):
    assert check_digit(base) == digit


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("8700110005901", "8700110005901"),
        ("８７００１１０００５９０１", "8700110005901"),
        ("8-7001-1000-5901", "8700110005901"),
        ("8 7001　1000 5901", "8700110005901"),
        ("８－７００１－１０００－５９０１", "8700110005901"),
        ("", ""),
    ],
)
def test_a_corporate_number_is_kept_as_plain_digits(typed, kept):
    assert normalised_number(typed) == kept
    assert organisation_problems("みずうみ", "", typed) == []


@pytest.mark.parametrize(
    "typed",
    [
        "9700110005901",
        "8700110005902",
        "8700110009501",
        "870011000590",
        "87001100059011",
        "0000000000000",
        "T8700110005901",
        "87001100059o1",
        "８７００１１０００５９０２",
        "٨٧٠٠١١٠٠٠٥٩٠١",
        "八七〇〇一一〇〇〇五九〇一",
        "8７00110005901x",
    ],
)
def test_a_wrong_corporate_number_is_refused(typed):
    assert organisation_problems("みずうみ", "", typed) == [
        Problem("accounts.corporate_number", where="corporate_number")
    ]


def test_an_organisation_needs_a_name():
    assert organisation_problems(" ", "", "") == [Problem("core.empty", where="name")]


def test_all_that_is_wrong_with_an_organisation_is_told_at_once():
    found = organisation_problems("Аozora", "x" * 201, "123")
    assert [(problem.code, problem.where) for problem in found] == [
        ("core.look_alike", "name"),
        ("core.too_long", "name_en"),
        ("accounts.corporate_number", "corporate_number"),
    ]


# --- addresses and names of people ---


@pytest.mark.parametrize(
    "email",
    [
        "name@example.jp",
        "Name.Of+Tag@Example.JP",
        "  name@example.jp\n",
        "ｎａｍｅ＠ｅｘａｍｐｌｅ．ｊｐ",
        "o'neil_%x@a-b.example",
        "x@localhost",
        "a" * 64 + "@example.jp",
    ],
)
def test_an_address_that_mail_can_reach(email):
    assert address_problems(email) == []


@pytest.mark.parametrize(
    "email",
    [
        "",
        "name",
        "@example.jp",
        "name@",
        "name@@example.jp",
        "na me@example.jp",
        "name@exam ple.jp",
        "name@example..jp",
        "na..me@example.jp",
        "name@-example.jp",
        "name@example.jp-",
        "name@.example.jp",
        "name@example.jp.",
        "名前@example.jp",
        "name@例.jp",
        "name@example.jp\nBcc: all@example.jp",
        "name@example.jp,other@example.jp",
        "<name@example.jp>",
        "a" * 65 + "@example.jp",
        "a@" + "b" * 253,
    ],
)
def test_an_address_that_cannot_be_written_to_is_refused(email):
    assert address_problems(email) == [Problem("accounts.address", where="email")]


@pytest.mark.parametrize(("typed", "kept"), [(" Name@Example.JP ", "name@example.jp"), ("Ｎ＠ｅ．ｊｐ", "n@e.jp")])
def test_an_address_is_kept_in_one_form(typed, kept):
    assert normalised_address(typed) == kept


def test_a_person_with_name_and_address_is_right():
    assert person_problems("𠮷田 かおり", "kaori@example.jp") == []


def test_name_and_address_of_a_person_are_both_looked_at():
    assert [(problem.code, problem.where) for problem in person_problems("", "kaori")] == [
        ("core.empty", "name"),
        ("accounts.address", "email"),
    ]


# --- passwords ---


@pytest.mark.parametrize(
    ("password", "shortest"), [("", 15), ("mikan-to-yama-", 15), ("みかんとやまのあさ", 15), ("a", 2)]
)
def test_a_short_password_is_refused_with_the_length_it_needs(password, shortest):
    found = password_problems(password, shortest=shortest, common=[])
    assert found == [Problem("accounts.password_short", where="password", params={"shortest": shortest})]


@pytest.mark.parametrize(
    "password",
    [
        "mikan-to-yama-no-asa",
        "correct horse battery",
        "kutsu kumo hashi",
        "みずうみのそばでほんをよむあさに",
        "雨の日は傘と長靴で図書館へ行くのだ",
        "qZ7!vT2#mK9$wB4%",
        "rain without numbers or signs",
        "my admin eats 7 green pears",
        "passwords are hard to choose",
        "🍊🏔🌅🚲🎻🧵🪁🦉🍵🧭🪵🎈🥁🧊🪴",
    ],
)
def test_unrelated_words_in_a_row_are_a_good_password(password):
    assert password_codes(password) == []


@pytest.mark.parametrize(
    "password",
    [
        # a common word, repeated
        "passwordpassword",
        "PASSWORDPassword",
        "password password",
        "adminadminadmin",
        "123456123456123456",
        "123412341234123",
        "12345678123456789",
        "unknownunknown99",
        "Aa123456Aa123456",
        # a common word, padded
        "password1234567",
        "password!!!!!!!!!!",
        "xxpasswordxxxxx",
        "password-------",
        "!!!password2025",
        "admin1234567890",
        "1password12345678",
        "password1111aaaa2222",
        # common words, one after the other
        "adminpasswordadmin",
        "password12345678",
        "unknown admin password",
        "passwordadmin123456789",
        # disguised
        "p@ssw0rdp@ssw0rd",
        "P@$$W0RD12345678",
        "adm1n-adm1n-adm1n",
        "ＰＡＳＳＷＯＲＤ１２３４５６７",
        "１２３４５６１２３４５６１２３４５６",
        # one unit again and again
        "aaaaaaaaaaaaaaa",
        "abcabcabcabcabc",
        "abcdefgabcdefgabcdefg",
        "ああああああああああああああああ",
        "aaaaaaabbbbbbbccccccc",
        # the organisation's name
        "（見本）あおぞらクラウド株式会社",
        "あおぞらクラウド株式会社2025",
        "あおぞらクラウド株式会社あおぞらクラウド株式会社",
        "見本見本見本見本見本見本見本見本",
        "minato systems inc.",
        "MinatoSystems2025",
        "M1natoSyst3ms!!",
        # the person's name
        "かおりかおりかおりかおりかおり",
        "言明かおり言明かおり言明かおり",
        # the address
        "mikan.taro@sample.example",
        "MIKAN.TARO@SAMPLE.EXAMPLE!",
        "mikantarosample",
        "taro-mikan-2025",
        "sampleexample123",
    ],
)
def test_a_known_word_repeated_or_padded_is_refused(password):
    assert password_codes(password) == ["accounts.password_known"]


@pytest.mark.parametrize("password", ["ringoringoringo7", "7ringoringoringo", "abcabcabcabcabc1"])
def test_a_unit_again_and_again_with_padding_is_refused(password):
    assert password_codes(password) == ["accounts.password_known"]


@pytest.mark.parametrize("password", ["systsystemsems99", "sysMinatotems2025"])
def test_a_known_word_hidden_in_another_is_refused(password):
    assert password_codes(password) == ["accounts.password_known"]


def test_eight_characters_besides_the_known_words_are_enough():
    assert password_codes("password-kutsu+8") == []
    assert password_codes("password-kutsu+") == ["accounts.password_known"]


def test_words_of_two_letters_count_only_where_they_are_not_ascii():
    def codes(password, name):
        return [one.code for one in password_problems(password, shortest=15, common=[], names=[name])]

    assert codes("yuyu and nothing", "yu") == []
    assert codes("由布由布由布由布由布由布由布由", "由布") == ["accounts.password_known"]


def test_a_name_is_known_with_and_without_its_space():
    found = password_problems("林一林一林一林一林一林一2025林", shortest=15, common=[], names=["林 一"])
    assert [problem.code for problem in found] == ["accounts.password_known"]


def test_without_any_known_words_only_length_and_repeats_count():
    assert password_problems("password and a sparrow", shortest=15, common=[]) == []
    assert [one.code for one in password_problems("sparrowsparrowsparrow", shortest=15, common=[])] == [
        "accounts.password_known"
    ]
