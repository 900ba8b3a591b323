"""A problem reads the same everywhere, in Japanese and in English."""

import pytest

from kansatsu.core.problems import Problem, render, texts

TOO_LONG = Problem("core.too_long", where="name", params={"longest": 200, "length": 201})


def test_a_problem_reads_in_japanese():
    assert render(TOO_LONG, "ja") == {
        "code": "core.too_long",
        "control": None,
        "where": "name",
        "message": "長すぎます（201文字。200文字まで）。",
        "clause": "",
        "remedy": "200文字以内に縮めてください。",
    }


def test_a_problem_reads_in_english():
    rendered = render(TOO_LONG, "en")
    assert rendered["message"] == "Too long: 201 characters, 200 allowed."
    assert rendered["remedy"] == "Shorten it to 200 characters."


@pytest.mark.parametrize(
    ("language", "message"),
    [
        ("ja", "入力してください。"),
        ("ja-jp", "入力してください。"),
        ("en", "This must be filled in."),
        ("en-gb", "This must be filled in."),
        ("fr", "This must be filled in."),
    ],
)
def test_any_other_language_falls_back_to_english(language, message):
    assert render(Problem("core.empty"), language)["message"] == message


def test_the_place_can_be_named_in_the_sentence():
    rendered = render(Problem("core.unknown_field", where="colour"), "en")
    assert rendered["message"] == "There is no field “colour”."


def test_the_clause_comes_with_the_problem():
    problem = Problem("accounts.password_short", where="password", params={"shortest": 15})
    assert render(problem, "ja")["clause"] == "NIST SP 800-63B-4, 3.1.1"


def test_the_line_of_a_statement_is_told():
    assert render(Problem("core.empty", control="5.1.1"), "en")["control"] == "5.1.1"


def test_a_code_without_a_text_is_a_bug():
    with pytest.raises(KeyError, match=r"core\.no_such_thing"):
        render(Problem("core.no_such_thing"), "ja")


def test_codes_are_prefixed_with_their_folder():
    assert texts()["core.busy"]["en"] == "Another action held this record, so nothing was saved."
    assert "busy" not in texts()
