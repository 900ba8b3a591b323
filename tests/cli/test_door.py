"""What all nouns share: language by the environment, settings that are refused by name, one exit code a refusal."""

import pytest

JA = "管理基準の版「none」はありません。"
EN = "There is no edition “none” of the criteria."


@pytest.mark.parametrize(
    ("variables", "message"),
    [
        ({"LANG": "ja_JP.UTF-8"}, JA),
        ({"LANG": "JA"}, JA),
        ({"LANG": "en_GB.UTF-8"}, EN),
        ({"LANG": "de_DE.UTF-8"}, EN),
        ({"LANG": ""}, EN),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "ja_JP.UTF-8"}, JA),
        ({"LANG": "ja_JP.UTF-8", "LC_MESSAGES": "C.UTF-8"}, EN),
        ({"LANG": "en_GB.UTF-8", "LC_MESSAGES": "en_GB.UTF-8", "LC_ALL": "ja_JP.UTF-8"}, JA),
    ],
)
def test_the_environment_chooses_the_language(bare, variables, message):
    done = bare.run("criteria", "show", "none", "--json", **variables)

    assert done.json["problems"][0]["message"] == message


def test_a_problem_as_json_has_all_its_parts_and_nothing_else(bare):
    done = bare.run("criteria", "show", "ismap-2022-04", "99.9.9", "--json")

    assert done.code == 3
    assert done.json == {
        "problems": [
            {
                "code": "criteria.no_such_control",
                "control": None,
                "where": "number",
                "message": "Edition “ismap-2022-04” has no control 99.9.9.",
                "clause": "",
                "remedy": "Check the number.",
            }
        ]
    }
    assert done.err == ""


def test_a_problem_in_sentences_goes_to_stderr_with_its_remedy(bare):
    done = bare.run("criteria", "show", "ismap-2022-04", "99.9.9")

    assert done.code == 3
    assert done.out == ""
    assert done.err == "number: Edition “ismap-2022-04” has no control 99.9.9.\n  → Check the number.\n"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KANSATSU_MODE", "nonsense"),
        ("KANSATSU_FILE_LIMIT_MIB", "abc"),
        ("KANSATSU_MAIL_URL", "pigeon://post.example"),
        ("DATABASE_URL", "mysql://root@127.0.0.1/kansatsu"),
    ],
)
def test_a_bad_setting_ends_the_program_with_a_message_that_names_it(bare, name, value):
    done = bare.run("events", "head", **{name: value})

    assert done.code == 2
    assert done.out == ""
    assert f"Error: {name}: " in done.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("events", "head"),
        ("register", "list"),
        ("sweep", "--dry-run"),
        ("worker", "--once"),
    ],
)
def test_a_database_that_nobody_set_up_is_a_wrong_state_and_stays_untouched(bare, arguments):
    done = bare.run(*arguments)

    assert done.code == 5
    assert "on a first start run `kansatsu setup`" in done.err
    assert not bare.var.exists()


def test_a_database_that_is_none_is_a_wrong_state(bare, tmp_path):
    (tmp_path / "letter.txt").write_text("拝啓 " * 2000)
    done = bare.run("events", "head", DATABASE_URL=f"sqlite:///{tmp_path / 'letter.txt'}")

    assert done.code == 5
    assert "The database cannot be reached." in done.err
