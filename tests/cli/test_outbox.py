"""`kansatsu outbox` shows the letters that need a person, and sends one again when a person says so."""

import pytest


@pytest.fixture
def stranded(filled):
    """Two letters: one given up, one interrupted in the middle of being sent; a third waits."""
    columns = "key, address, subject, body, object_type, object_id, message_id, status, tries"
    columns += ", posted_at, due_at, trouble, secret"
    rows = [
        ("failed", 6, "ConnectionRefusedError: [Errno 111]"),
        ("sending", 1, ""),
        ("waiting", 0, ""),
    ]
    for number, (status, tries, trouble) in enumerate(rows, start=1):
        filled.sql(
            f"INSERT INTO core_letter ({columns}) VALUES ('register.renewal_due', 'umi{number}@sample.example', '件名',"
            f" '本文', '', '', '<{number}@kansatsu>', '{status}', {tries}, '2025-04-01 03:00:00+00:00',"
            f" '2025-04-01 03:00:00+00:00', '{trouble}', false)"
        )
    return filled


def states(installation):
    return installation.sql("SELECT address, status, tries FROM core_letter ORDER BY address")


def test_letters_that_need_a_person_are_listed(stranded):
    as_json = stranded.run("outbox", "list", "--json")
    in_words = stranded.run("outbox", "list")

    assert as_json.code == in_words.code == 0
    assert [(one["address"], one["status"], one["tries"]) for one in as_json.json["letters"]] == [
        ("umi1@sample.example", "failed", 6),
        ("umi2@sample.example", "sending", 1),
    ]
    assert as_json.json["letters"][0]["at"] == "2025-04-01T03:00:00+00:00"
    assert [line.split()[1:4] for line in in_words.out.splitlines()] == [
        ["failed", "umi1@sample.example", "register.renewal_due"],
        ["sending", "umi2@sample.example", "register.renewal_due"],
    ]


def test_one_of_them_is_put_back_among_those_that_wait(stranded):
    [(letter,)] = stranded.sql("SELECT id FROM core_letter WHERE status = 'sending'")
    done = stranded.run("outbox", "again", letter, "--json")

    assert done.code == 0
    assert done.json == {"letter": letter, "status": "waiting"}
    assert states(stranded) == [
        ("umi1@sample.example", "failed", 6),
        ("umi2@sample.example", "waiting", 0),
        ("umi3@sample.example", "waiting", 0),
    ]


def test_a_letter_that_waits_is_not_sent_twice(stranded):
    before = stranded.content()
    [(letter,)] = stranded.sql("SELECT id FROM core_letter WHERE status = 'waiting'")
    done = stranded.run("outbox", "again", letter, "--json")

    assert done.code == 3
    assert [(one["code"], one["where"]) for one in done.json["problems"]] == [("core.not_found", "LETTER")]
    assert stranded.content() == before


def test_it_says_so_in_words(stranded):
    [(letter,)] = stranded.sql("SELECT id FROM core_letter WHERE status = 'failed'")
    done = stranded.run("outbox", "again", letter)

    assert (done.code, done.out) == (0, f"{letter} waits to be sent.\n")
