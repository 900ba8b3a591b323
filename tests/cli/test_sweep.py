"""`kansatsu sweep` reminds of each renewal once a notice, and a dry run only says so."""

DUE = [{"number": "C21-0008-2", "notice_days": 180}]


def letters(installation):
    return installation.sql("SELECT key, address, status FROM core_letter ORDER BY address")


def test_a_dry_run_says_what_is_due_and_writes_nothing(filled):
    before = filled.content()
    as_json = filled.run("sweep", "--dry-run", "--json")
    in_words = filled.run("sweep", "--dry-run")

    assert as_json.code == in_words.code == 0
    assert as_json.json == {"reminders": DUE, "dry_run": True}
    [line] = in_words.out.splitlines()
    assert line.startswith("C21-0008-2  ") and line.endswith("  (180)  あおぞら基盤")
    assert filled.content() == before


def test_everybody_of_the_provider_is_reminded_once_and_old_sessions_are_cleared_away(filled):
    filled.sql(
        "INSERT INTO django_session (session_key, session_data, expire_date)"
        " VALUES ('old', '', '2001-01-01 00:00:00+00:00'), ('new', '', '2999-01-01 00:00:00+00:00')"
    )
    first = filled.run("sweep", "--json")
    again = filled.run("sweep", "--json")

    assert first.code == again.code == 0
    assert first.json == {"reminders": DUE, "dry_run": False}
    assert again.json == {"reminders": [], "dry_run": False}
    assert letters(filled) == [
        ("register.renewal_due", "provider2@sample.example", "waiting"),
        ("register.renewal_due", "provider@sample.example", "waiting"),
    ]
    [event] = filled.sql("SELECT actor, act, object_label FROM core_event ORDER BY number DESC LIMIT 1")
    assert event == ("system", "register.remind", "C21-0008-2 あおぞら基盤")
    assert filled.sql("SELECT session_key FROM django_session") == [("new",)]
