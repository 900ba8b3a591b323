"""`kansatsu` tells what there is, and answers a wrong word or option with usage and exit code 2."""

import pytest


def test_help_names_every_noun_in_order(bare):
    done = bare.run("--help")
    listed = [line.split()[0] for line in done.out.partition("Commands:")[2].splitlines() if line.strip()]

    assert done.code == 0
    assert listed == [
        "backup", "criteria", "cycle", "demo", "events", "migrate", "oscal", "outbox", "register", "restore", "serve",
        "setup", "statement", "sweep", "worker",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("assess",), "No such command 'assess'"),
        (("events", "mend"), "No such command 'mend'"),
        (("criteria", "list", "--yaml"), "No such option"),
        (("statement", "check", "--id", "1"), "Missing option '--as'"),
        (("statement", "check", "--id", "nought", "--as", "a@b.example"), "'nought' is not a valid integer"),
        (("serve", "--port", "70000"), "70000 is not in the range"),
        (("backup",), "Missing argument 'FILE'"),
        (("setup", "--language", "fr"), "'fr' is not one of 'ja', 'en'"),
        (("register", "adopt", "list.csv"), "Give --as EMAIL, or --dry-run"),
    ],
)
def test_a_wrong_word_or_option_is_told_on_stderr_with_exit_code_2(bare, arguments, told):
    done = bare.run(*arguments)

    assert done.code == 2
    assert done.out == ""
    assert "Usage: kansatsu" in done.err
    assert told in done.err
