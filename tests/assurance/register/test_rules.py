"""Validity, registration numbers, reminders and rows to adopt, each worked out by hand."""

from datetime import date

import pytest

from kansatsu.assurance.providers.workflow import Model
from kansatsu.assurance.register import rules
from kansatsu.assurance.register.rules import AdoptedRow
from kansatsu.core.problems import Problem

VALIDITY = [
    # sixteen months from the day after the period's last day
    (date(2025, 3, 31), date(2026, 7, 31)),
    (date(2025, 3, 30), date(2026, 7, 30)),
    (date(2024, 12, 31), date(2026, 4, 30)),
    (date(2025, 1, 14), date(2026, 5, 14)),
    # where the last month has no such day, the period ends with that month
    (date(2025, 10, 27), date(2027, 2, 27)),
    (date(2025, 10, 28), date(2027, 2, 28)),
    (date(2025, 10, 29), date(2027, 2, 28)),
    (date(2025, 10, 30), date(2027, 2, 28)),
    (date(2025, 10, 31), date(2027, 2, 28)),
    (date(2023, 10, 29), date(2025, 2, 28)),
    (date(2023, 10, 30), date(2025, 2, 28)),
    (date(2023, 10, 31), date(2025, 2, 28)),
    # into a leap February and out of one
    (date(2022, 10, 28), date(2024, 2, 28)),
    (date(2022, 10, 29), date(2024, 2, 29)),
    (date(2022, 10, 30), date(2024, 2, 29)),
    (date(2022, 10, 31), date(2024, 2, 29)),
    (date(2024, 2, 29), date(2025, 6, 30)),
    (date(2024, 2, 28), date(2025, 6, 28)),
    (date(2025, 2, 28), date(2026, 6, 30)),
    # a month of thirty days at the end
    (date(2025, 5, 30), date(2026, 9, 30)),
    (date(2025, 5, 31), date(2026, 9, 30)),
]


@pytest.mark.parametrize(("audit_to", "expected"), VALIDITY)
def test_the_last_day_of_validity(audit_to, expected):
    assert rules.valid_until(audit_to, 16) == expected


@pytest.mark.parametrize(
    ("entered_on", "serial", "branch", "expected"),
    [
        (date(2021, 3, 12), 8, 2, "C21-0008-2"),
        (date(2025, 12, 31), 1, 1, "C25-0001-1"),
        (date(2009, 1, 1), 9999, 10, "C09-9999-10"),
    ],
)
def test_a_number_is_made_of_year_serial_and_branch(entered_on, serial, branch, expected):
    assert rules.registration_number(entered_on, serial, branch) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        ("C21-0008-2", (2021, 8, 2)),
        ("C00-0000-0", (2000, 0, 0)),
        ("C25-1234-15", (2025, 1234, 15)),
        ("", None),
        ("C21-008-2", None),
        ("C2021-0008-2", None),
        ("c21-0008-2", None),
        ("D21-0008-2", None),
        ("C21-0008", None),
        ("C21-0008-", None),
        ("C21-0008-2 ", None),
        ("C21-0008-2\n", None),
        ("C21ー0008ー2", None),
        ("C２１-０００８-２", None),
    ],
)
def test_a_number_is_read_back_or_has_another_form(number, expected):
    assert rules.number_parts(number) == expected


NOTICES = (180, 90, 30, 7)
LAST = date(2026, 7, 31)


@pytest.mark.parametrize(
    ("today", "reminded", "expected"),
    [
        # 2026-02-01 is 180 days before, 2026-05-02 is 90, 2026-07-01 is 30, 2026-07-24 is 7
        (date(2026, 1, 31), None, None),
        (date(2026, 2, 1), None, 180),
        (date(2026, 2, 1), 180, None),
        (date(2026, 5, 1), 180, None),
        (date(2026, 5, 2), 180, 90),
        (date(2026, 5, 2), 90, None),
        (date(2026, 6, 30), 90, None),
        (date(2026, 7, 1), 90, 30),
        (date(2026, 7, 23), 30, None),
        (date(2026, 7, 24), 30, 7),
        (date(2026, 7, 31), 30, 7),
        (date(2026, 7, 31), 7, None),
        # a sweep that was missed is made up for once, at the shortest notice reached
        (date(2026, 3, 1), None, 180),
        (date(2026, 6, 1), None, 90),
        (date(2026, 7, 20), 180, 30),
        (date(2026, 7, 31), None, 7),
        # nobody is reminded of what is lost
        (date(2026, 8, 1), None, None),
        (date(2026, 8, 1), 30, None),
    ],
)
def test_when_a_reminder_is_due(today, reminded, expected):
    assert rules.reminder_due(LAST, today, notices=NOTICES, reminded_days=reminded, is_filed=False) == expected


def test_nobody_is_reminded_once_the_renewal_is_filed():
    today = date(2026, 7, 24)
    assert rules.reminder_due(LAST, today, notices=NOTICES, reminded_days=30, is_filed=True) is None


ROW = {
    "number": "C21-0008-2",
    "service": "そらのうえ",
    "service_en": "Above the sky",
    "provider": "あおぞらクラウド株式会社",
    "provider_en": "Aozora Cloud Inc.",
    "model": "saas",
    "regions": "東日本",
    "scope": "すべて",
    "audit_from": "2024-04-01",
    "audit_to": "2025-03-31",
    "entered_on": "2021-03-12",
    "valid_until": "2026-07-31",
}
READ = AdoptedRow(
    number="C21-0008-2",
    service="そらのうえ",
    service_en="Above the sky",
    provider="あおぞらクラウド株式会社",
    provider_en="Aozora Cloud Inc.",
    model=Model.SAAS,
    regions="東日本",
    scope="すべて",
    audit_from=date(2024, 4, 1),
    audit_to=date(2025, 3, 31),
    entered_on=date(2021, 3, 12),
    valid_until=date(2026, 7, 31),
)
SHORT = ("number", "service", "provider", "model", "audit_from", "audit_to", "entered_on")


def test_a_row_in_order_is_read():
    assert rules.adopted_rows([(2, ROW)]) == ([READ], [])


def test_what_may_be_left_out_can_be_left_out():
    good, problems = rules.adopted_rows([(2, {name: ROW[name] for name in SHORT})])
    assert problems == []
    assert (good[0].service_en, good[0].provider_en, good[0].regions, good[0].scope) == ("", "", "", "")
    assert good[0].valid_until is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"number": ""}, [("core.empty", "number"), ("register.number_form", "number")]),
        ({"number": "21-8"}, [("register.number_form", "number")]),
        ({"number": "C21-0008-" + "2" * 24}, [("core.too_long", "number")]),
        ({"service": ""}, [("core.empty", "service")]),
        ({"service": "長" * 201}, [("core.too_long", "service")]),
        ({"service": "Sоra"}, [("core.look_alike", "service")]),
        ({"service_en": "a\x07b"}, [("core.bad_character", "service_en")]),
        ({"provider": ""}, [("core.empty", "provider")]),
        ({"regions": "東" * 1001}, [("core.too_long", "regions")]),
        ({"scope": "範" * 4001}, [("core.too_long", "scope")]),
        ({"model": ""}, [("core.empty", "model"), ("core.not_a_choice", "model")]),
        ({"model": "xaas"}, [("core.not_a_choice", "model")]),
        ({"model": "SaaS"}, [("core.not_a_choice", "model")]),
        ({"audit_from": ""}, [("core.empty", "audit_from")]),
        ({"audit_from": "2024-02-30"}, [("core.not_a_date", "audit_from")]),
        ({"audit_to": "昨日"}, [("core.not_a_date", "audit_to")]),
        ({"entered_on": "2021/03/12"}, [("core.not_a_date", "entered_on")]),
        ({"valid_until": "いつか"}, [("core.not_a_date", "valid_until")]),
        ({"audit_to": "2024-03-31"}, [("statements.period_reversed", "audit_to")]),
        ({"price": "0"}, [("core.unknown_field", "price")]),
    ],
)
def test_every_problem_of_a_row_names_its_line_and_column(change, expected):
    good, problems = rules.adopted_rows([(7, ROW | change)])
    assert good == []
    assert [(one.code, one.where) for one in problems] == [(code, f"7:{where}") for code, where in expected]


def test_a_problem_says_what_was_found_and_what_is_possible():
    _, problems = rules.adopted_rows([(3, ROW | {"model": "xaas", "audit_from": "きのう"})])
    assert problems == [
        Problem("core.not_a_date", where="3:audit_from", params={"value": "きのう"}),
        Problem("core.not_a_choice", where="3:model", params={"value": "xaas", "choices": "iaas, paas, saas"}),
    ]


def test_a_number_that_stands_twice_points_to_its_first_line():
    good, problems = rules.adopted_rows([(2, ROW), (3, ROW | {"number": "C21-0009-1"}), (4, ROW)])
    assert [row.number for row in good] == ["C21-0008-2", "C21-0009-1"]
    assert problems == [Problem("register.number_twice", where="4:number", params={"line": 2})]


def test_problems_of_all_rows_are_told_at_once_in_the_order_of_the_lines():
    _, problems = rules.adopted_rows([(2, ROW | {"service": ""}), (3, ROW), (4, ROW | {"provider": "", "number": "x"})])
    assert [one.where for one in problems] == ["2:service", "3:number", "4:provider", "4:number"]
