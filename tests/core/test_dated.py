"""Dated rules: which holds on a day, and every way in which the file can be wrong."""

from datetime import date

import pytest

from kansatsu.core.dated import Rulebook, rulebook

GOOD = """
[[rule]]
key = "validity"
valid_from = 2020-06-03
valid_to = 2022-03-31
clause = "3.5"
source = "基本規程"
unverified = false
months = 16

[[rule]]
key = "validity"
valid_from = 2022-04-01
clause = "3.6"
source = "基本規程"
unverified = true
months = 18

[[rule]]
key = "notice"
valid_from = 2021-01-01
valid_to = 2021-01-01
clause = "4.1"
source = "基本規程"
unverified = false
days = 10
"""
ENTRY = {
    "key": '"validity"',
    "valid_from": "2020-06-03",
    "valid_to": "2022-03-31",
    "clause": '"3.5"',
    "source": '"基本規程"',
    "unverified": "false",
}


def book(tmp_path, text):
    path = tmp_path / "rules.toml"
    path.write_text(text, encoding="utf-8")
    return Rulebook(path)


def entry(**changes):
    values = {name: value for name, value in {**ENTRY, **changes}.items() if value is not None}
    return "[[rule]]\n" + "".join(f"{name} = {value}\n" for name, value in values.items())


@pytest.mark.parametrize(
    ("key", "day", "clause"),
    [
        ("validity", date(2020, 6, 3), "3.5"),
        ("validity", date(2022, 3, 31), "3.5"),
        ("validity", date(2022, 4, 1), "3.6"),
        ("validity", date(2099, 12, 31), "3.6"),
        ("notice", date(2021, 1, 1), "4.1"),
    ],
)
def test_a_rule_holds_from_its_first_to_its_last_day(tmp_path, key, day, clause):
    assert book(tmp_path, GOOD).on(key, day).clause == clause


@pytest.mark.parametrize(
    ("key", "day"),
    [
        ("validity", date(2020, 6, 2)),
        ("notice", date(2020, 12, 31)),
        ("notice", date(2021, 1, 2)),
        ("no such key", date(2021, 1, 1)),
    ],
)
def test_a_day_without_a_rule_is_said_plainly(tmp_path, key, day):
    with pytest.raises(LookupError, match=rf"rules\.toml: no rule '{key}' in force on {day.isoformat()}"):
        book(tmp_path, GOOD).on(key, day)


def test_a_rule_gives_its_values_by_name(tmp_path):
    rule = book(tmp_path, GOOD).on("validity", date(2021, 1, 1))
    assert rule["months"] == 16
    assert (rule.source, rule.unverified, dict(rule.values)) == ("基本規程", False, {"months": 16})


def test_a_value_that_the_rule_does_not_have_is_an_error(tmp_path):
    with pytest.raises(KeyError):
        book(tmp_path, GOOD).on("validity", date(2021, 1, 1))["days"]


def test_a_rule_may_say_that_its_text_was_not_seen(tmp_path):
    assert [rule.unverified for rule in book(tmp_path, GOOD)] == [False, True, False]


def test_a_file_without_rules_is_an_empty_book(tmp_path):
    assert list(book(tmp_path, "")) == []


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"key": None}, r"rule '\?': key is missing or not a str"),
        ({"key": "7"}, r"rule 7: key is missing or not a str"),
        ({"valid_from": None}, "rule 'validity': valid_from is missing or not a date"),
        ({"valid_from": '"2020-06-03"'}, "rule 'validity': valid_from is missing or not a date"),
        ({"clause": None}, "rule 'validity': clause is missing or not a str"),
        ({"clause": "3.5"}, "rule 'validity': clause is missing or not a str"),
        ({"source": None}, "rule 'validity': source is missing or not a str"),
        ({"unverified": None}, "rule 'validity': unverified is missing or not a bool"),
        ({"unverified": '"no"'}, "rule 'validity': unverified is missing or not a bool"),
        ({"valid_to": "2020-06-02"}, "rule 'validity': valid_to is not a date on or after valid_from"),
        ({"valid_to": '"2022-03-31"'}, "rule 'validity': valid_to is not a date on or after valid_from"),
    ],
)
def test_an_entry_without_its_frame_is_refused_with_its_place(tmp_path, changes, message):
    with pytest.raises(ValueError, match=rf"rules\.toml: {message}"):
        book(tmp_path, entry(**changes))


@pytest.mark.parametrize(
    ("second", "day"),
    [
        ({"valid_from": "2022-03-31", "valid_to": None}, "2022-03-31"),
        ({"valid_from": "2019-01-01", "valid_to": "2020-06-03"}, "2020-06-03"),
        ({"valid_from": "2019-01-01", "valid_to": None}, "2020-06-03"),
        ({"valid_from": "2021-01-01", "valid_to": "2021-01-01"}, "2021-01-01"),
        ({}, "2020-06-03"),
    ],
    ids=["begins on the last day", "ends on the first day", "spans the first", "within the first", "the same"],
)
def test_two_rules_of_one_key_may_not_hold_on_one_day(tmp_path, second, day):
    with pytest.raises(ValueError, match=rf"rules\.toml: two rules 'validity' hold on {day}"):
        book(tmp_path, entry() + entry(**second))


@pytest.mark.parametrize("second", [{"valid_from": "2022-04-01", "valid_to": None}, {"key": '"other"'}])
def test_rules_that_follow_each_other_or_have_different_keys_live_together(tmp_path, second):
    assert len(list(book(tmp_path, entry() + entry(**second)))) == 2


def test_a_file_that_is_not_toml_is_refused(tmp_path):
    with pytest.raises(ValueError, match=r"rules\.toml: "):
        book(tmp_path, "[[rule")


def test_the_book_of_a_folder_is_found_by_its_path():
    rule = rulebook("accounts").on("password", date(2025, 4, 1))
    assert rule["shortest"] == 15
