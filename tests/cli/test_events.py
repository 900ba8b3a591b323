"""`kansatsu events` prints the end of the chain and finds what was changed, dropped or cut off behind its back."""

import re

import pytest


def test_the_head_is_the_last_event(migrated):
    [last] = migrated.sql("SELECT number, hash FROM core_event ORDER BY number DESC LIMIT 1")
    done = migrated.run("events", "head")

    assert done.code == 0
    assert re.fullmatch(r"5:[0-9a-f]{64}\n", done.out)
    assert done.out == f"{last[0]}:{last[1]}\n"


def test_the_head_as_json_is_number_and_hash(migrated):
    [last] = migrated.sql("SELECT number, hash FROM core_event ORDER BY number DESC LIMIT 1")

    assert migrated.run("events", "head", "--json").json == {"number": 5, "hash": last[1]}


def test_a_whole_chain_holds(filled):
    [last] = filled.sql("SELECT number, hash FROM core_event ORDER BY number DESC LIMIT 1")
    done = filled.run("events", "verify", "--json")

    assert done.code == 0
    assert done.json == {"problems": [], "number": last[0], "hash": last[1]}


def test_a_chain_that_has_grown_holds_against_a_head_saved_before(filled):
    [early] = filled.sql("SELECT number, hash FROM core_event WHERE number = 5")
    done = filled.run("events", "verify", "--head", f"5:{early[1]}")

    assert done.code == 0
    assert re.fullmatch(r"The chain of \d+ events holds: [0-9a-f]{64}\n", done.out)


@pytest.mark.parametrize(
    ("tampering", "breaks"),
    [
        (
            ["UPDATE core_event SET details = '{\"answer\": 42}', act = 'reviews.approve' WHERE number IN (4, 9)"],
            [("4", "changed"), ("9", "changed")],
        ),
        (
            [
                "UPDATE core_event SET at = '2001-01-01 00:00:00' WHERE number = 3",
                "DELETE FROM core_event WHERE number = 7",
            ],
            [("3", "changed"), ("7", "dropped")],
        ),
        (["DELETE FROM core_event WHERE number > 10"], [("11", "truncated")]),
    ],
    ids=["two changed", "one changed, one dropped", "the end cut off"],
)
def test_each_break_of_the_chain_is_a_problem_of_its_own(filled, tampering, breaks):
    for statement in tampering:
        filled.sql(statement)
    done = filled.run("events", "verify", "--json")

    assert done.code == 3
    assert done.codes == ["cli.chain_broken"] * len(breaks)
    assert [(one["where"], one["message"]) for one in done.json["problems"]] == [
        (number, f"The chain of events does not hold at number {number} ({kind}).") for number, kind in breaks
    ]


def test_an_end_cut_off_with_its_own_head_shows_against_a_saved_head(filled):
    saved = filled.run("events", "head").out.strip()
    filled.sql("DELETE FROM core_event WHERE number > 10")
    [last] = filled.sql("SELECT number, hash FROM core_event WHERE number = 10")
    filled.sql(f"UPDATE core_chainhead SET number = 10, hash = '{last[1]}'")
    alone = filled.run("events", "verify")
    done = filled.run("events", "verify", "--head", saved, LANG="ja_JP.UTF-8")

    assert alone.code == 0
    assert done.code == 3
    assert done.out == ""
    assert done.err.startswith("11: 履歴の鎖が 11 番で切れています（truncated）。\n  → ")


def test_a_history_written_anew_shows_against_a_saved_head(filled):
    done = filled.run("events", "verify", "--head", "5:" + "0" * 64, "--json")

    assert done.code == 3
    assert [one["where"] for one in done.json["problems"]] == ["5"]


def test_what_is_no_head_is_refused(migrated):
    done = migrated.run("events", "verify", "--head", "2:{hash}", "--json")

    assert done.code == 3
    assert done.codes == ["cli.head_form"]
    assert done.json["problems"][0]["message"] == "“2:{hash}” is not a head of the chain."
