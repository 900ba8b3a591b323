"""`kansatsu setup` makes the first administrator, once, with a password that is good."""

import contextlib
import os
import pty
import shutil
import subprocess

import pytest
from tests.cli.program import ROOT

OFFICE = ("--organisation", "制度事務局", "--name", "事務 はじめ", "--email", "Hajime@Office.example")
GOOD = "mikan-to-yama-no-asa\n"


def people(installation):
    return installation.sql(
        "SELECT p.email, p.name, p.language, m.role, o.kind, o.name FROM accounts_membership m"
        " JOIN accounts_person p ON p.id = m.person_id JOIN accounts_organisation o ON o.id = m.organisation_id"
    )


def test_an_installation_from_nothing_has_its_first_administrator_and_only_once(bare):
    first = bare.run("setup", *OFFICE, "--password-stdin", "--json", stdin=GOOD)
    again = bare.run("setup", *OFFICE, "--password-stdin", "--json", stdin=GOOD)

    assert first.code == 0
    assert first.json == {"person": "hajime@office.example", "organisation": "制度事務局"}
    assert again.code == 5
    assert again.codes == ["accounts.already_set_up"]
    assert people(bare) == [("hajime@office.example", "事務 はじめ", "ja", "administrator", "office", "制度事務局")]


def test_it_says_how_to_go_on(migrated):
    done = migrated.run("setup", *OFFICE, "--language", "en", "--password-stdin", stdin=GOOD)

    assert done.code == 0
    assert "hajime@office.example is the first administrator of 制度事務局." in done.out
    assert "kansatsu serve" in done.out and "kansatsu worker" in done.out
    assert [row[2] for row in people(migrated)] == ["en"]


def test_a_weak_password_is_refused_and_nobody_is_made(migrated):
    done = migrated.run("setup", *OFFICE, "--password-stdin", "--json", stdin="password12345678password\n")

    assert done.code == 3
    assert done.codes == ["accounts.password_known"]
    assert people(migrated) == []


def test_every_particular_that_is_wrong_is_named(migrated):
    options = ("--organisation", "", "--name", "аdmin", "--email", "nowhere", "--password-stdin", "--json")
    done = migrated.run("setup", *options, stdin=GOOD)

    assert done.code == 3
    assert [(one["code"], one["where"]) for one in done.json["problems"]] == [
        ("core.look_alike", "name"),
        ("accounts.address", "email"),
    ]


@pytest.mark.skipif(shutil.which("setsid") is None, reason="needs util-linux to give the program a terminal")
def test_at_a_terminal_it_asks_for_what_was_not_given_and_never_shows_the_password(migrated):
    typed = [("Name of the programme office: ", "制度事務局"), ("Your name: ", "事務 はじめ")]
    typed += [("Your e-mail address: ", "hajime@office.example")]
    typed += [("Password (15 characters or more): ", GOOD.strip()), ("Repeat for confirmation: ", GOOD.strip())]
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        ["setsid", "--ctty", "--wait", *migrated.command("setup")],
        stdin=theirs, stdout=theirs, stderr=theirs, env=migrated.environment(), cwd=ROOT,
    )  # fmt: skip
    os.close(theirs)
    shown = b""
    for prompt, answer in typed:
        while not shown.endswith(prompt.encode()):
            shown += os.read(ours, 1)
        os.write(ours, f"{answer}\n".encode())
    with contextlib.suppress(OSError):  # Linux ends a terminal's output with an error
        while chunk := os.read(ours, 1024):
            shown += chunk
    os.close(ours)

    assert process.wait(timeout=60) == 0
    assert [row[0] for row in people(migrated)] == ["hajime@office.example"]
    assert GOOD.strip() not in shown.decode()
