"""`kansatsu cycle` takes one service through every step, and its entry's validity is right."""

import calendar
from datetime import date, datetime

import pytest

WAY = [
    ("criteria.install", "", "published"),
    ("providers.describe", "", ""),
    ("statements.start", "", "draft"),
    ("statements.describe", "draft", "draft"),
    ("statements.answer", "draft", "draft"),
    ("statements.finalise", "draft", "final"),
    ("audits.propose", "", "proposed"),
    ("audits.accept", "proposed", "accepted"),
    ("audits.fix_period", "accepted", "fieldwork"),
    ("audits.record_finding", "fieldwork", "fieldwork"),
    ("audits.issue", "fieldwork", "reported"),
    ("audits.freeze", "reported", "frozen"),
    ("reviews.prepare", "", "draft"),
    ("reviews.submit", "draft", "submitted"),
    ("reviews.accept", "submitted", "accepted"),
    ("reviews.take_up", "accepted", "under_review"),
    ("reviews.ask", "under_review", "questioned"),
    ("reviews.answer", "questioned", "under_review"),
    ("reviews.present", "under_review", "before_committee"),
    ("reviews.approve", "before_committee", "approved"),
    ("register.enter", "", "registered"),
    ("register.remind", "registered", "registered"),
]


@pytest.fixture(scope="module")
def told(new_installation):
    """One run that printed JSON."""
    return new_installation().run("cycle", "--json")


def test_it_ends_well_and_says_nothing_on_stderr(told):
    assert (told.code, told.err) == (0, "")


def test_the_answer_has_steps_and_entry_and_nothing_else(told):
    assert list(told.json) == ["steps", "entry"]
    assert {tuple(step) for step in told.json["steps"]} == {("actor", "act", "object", "from", "to", "at")}
    assert list(told.json["entry"]) == ["number", "service", "provider", "audit_period", "valid_until", "remarks"]
    assert list(told.json["entry"]["audit_period"]) == ["from", "to"]


def test_every_step_of_the_way_is_taken_in_order(told):
    assert [(step["act"], step["from"], step["to"]) for step in told.json["steps"]] == WAY


def test_each_step_is_done_by_somebody_of_the_right_organisation(told):
    actors = {step["act"]: step["actor"] for step in told.json["steps"]}

    assert actors["statements.finalise"] == "言明 かおり (（見本）あおぞらクラウド株式会社)"
    assert actors["audits.freeze"] == "監査 しょう (（見本）けんさ監査法人)"
    assert actors["reviews.present"] == "審査 みお (（見本）運用支援機関)"
    assert actors["reviews.approve"] == "決定 まこと (（見本）運営委員会)"
    assert actors["register.enter"] == "事務 はじめ (（見本）制度事務局)"
    assert actors["register.remind"] == "system"


def test_the_steps_on_the_way_follow_each_other_in_time(told):
    moments = [datetime.fromisoformat(step["at"]) for step in told.json["steps"][1:]]

    assert all(moment.tzinfo is not None for moment in moments)
    assert moments == sorted(moments)


def test_the_entry_is_the_service_with_a_year_under_audit(told):
    entry = told.json["entry"]
    first = date.fromisoformat(entry["audit_period"]["from"])
    last = date.fromisoformat(entry["audit_period"]["to"])

    assert entry["service"] == "（見本）あおぞらファイル共有"
    assert entry["provider"] == "（見本）あおぞらクラウド株式会社"
    assert entry["remarks"] == []
    assert (first.day, first.month, first.year) == (1, last.month % 12 + 1, last.year - (last.month < 12))
    assert last.day == calendar.monthrange(last.year, last.month)[1]


def test_the_number_is_the_first_of_the_year_in_which_it_was_entered(told):
    entered = next(step["at"] for step in told.json["steps"] if step["act"] == "register.enter")

    assert told.json["entry"]["number"] == f"C{entered[2:4]}-0001-1"


def test_the_entry_is_valid_for_a_year_and_four_months_after_the_audited_period(told):
    last = date.fromisoformat(told.json["entry"]["audit_period"]["to"])
    year, month = last.year + 1, last.month + 4
    if month > 12:
        year, month = year + 1, month - 12

    assert told.json["entry"]["valid_until"] == date(year, month, calendar.monthrange(year, month)[1]).isoformat()


def test_without_json_there_is_a_line_a_step_and_the_entry_at_the_end(bare):
    said = bare.run("cycle", "--criteria", "ismap-2022-04", LANG="ja_JP.UTF-8")
    lines = said.out.splitlines()

    assert (said.code, said.err) == (0, "")
    assert len(lines) == len(WAY) + 3
    assert "ismap-2022-04" in lines[0] and "ismap-2024-07" not in said.out
    assert "draft → submitted" in lines[13]
    assert lines[13].endswith("言明 かおり (（見本）あおぞらクラウド株式会社)")
    assert "· → registered" in lines[20] and "登録簿への記載" in lines[20]
    assert lines[-3] == ""
    assert lines[-2].split()[1:] == ["（見本）あおぞらファイル共有", "（見本）あおぞらクラウド株式会社"]
    assert lines[-1].endswith("(valid)")


@pytest.mark.parametrize(
    ("lang", "message", "remedy"),
    [
        (
            "ja_JP.UTF-8",
            "管理基準の版「ismap-1999-01」はありません。",
            "次の版から選んでください：ismap-2022-04, ismap-2024-07, ismap-2024-07-synthetic, ismap-r7-draft",
        ),
        (
            "en_GB.UTF-8",
            "There is no edition “ismap-1999-01” of the criteria.",
            "Choose one of: ismap-2022-04, ismap-2024-07, ismap-2024-07-synthetic, ismap-r7-draft.",
        ),
    ],
)
def test_an_unknown_edition_ends_it_with_the_refusal(bare, lang, message, remedy):
    done = bare.run("cycle", "--criteria", "ismap-1999-01", "--json", LANG=lang)

    assert done.code == 3
    assert done.json == {
        "problems": [
            {
                "code": "criteria.no_such_edition",
                "control": None,
                "where": "edition",
                "message": message,
                "clause": "",
                "remedy": remedy,
            }
        ]
    }
    assert not bare.var.exists()
