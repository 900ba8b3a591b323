"""What must hold before a result report may be issued."""

from dataclasses import replace
from datetime import date

import pytest

from kansatsu.assurance.audits import rules
from kansatsu.assurance.audits.rules import ReportFacts
from kansatsu.core.problems import Problem

FIRST, LAST = date(2024, 4, 1), date(2025, 3, 31)
FACTS = ReportFacts(FIRST, LAST, FIRST, LAST, statement_is_final=True)
OTHER = Problem("audits.other_period", where="period", params={"first": "2024-04-01", "last": "2025-03-31"})


def test_the_statements_own_period_agrees():
    assert rules.period_agreement_problems(FIRST, LAST, FIRST, LAST) == []


@pytest.mark.parametrize(
    ("first", "last"),
    [(date(2024, 4, 2), LAST), (date(2024, 3, 31), LAST), (FIRST, date(2025, 3, 30)), (FIRST, date(2025, 4, 1))],
)
def test_a_period_that_differs_by_a_day_does_not_agree(first, last):
    assert rules.period_agreement_problems(first, last, FIRST, LAST) == [OTHER]


def test_a_statement_without_a_period_agrees_with_none():
    assert rules.period_agreement_problems(FIRST, LAST, None, None) == [
        Problem("audits.other_period", where="period", params={"first": "–", "last": "–"})
    ]


@pytest.mark.parametrize("today", [date(2025, 4, 1), date(2026, 1, 1)])
def test_a_report_can_be_issued_from_the_day_after_the_period_on(today):
    assert rules.report_problems(FACTS, today) == []


@pytest.mark.parametrize("today", [date(2025, 3, 31), date(2024, 12, 1)])
def test_a_report_cannot_be_issued_before_the_period_is_over(today):
    assert rules.report_problems(FACTS, today) == [
        Problem("audits.period_not_over", where="period", params={"last": "2025-03-31"})
    ]


def test_a_report_cannot_be_issued_on_a_draft():
    assert rules.report_problems(replace(FACTS, statement_is_final=False), date(2025, 4, 1)) == [
        Problem("audits.statement_not_final", where="statement")
    ]


def test_all_that_stands_in_the_way_is_told_at_once():
    facts = replace(FACTS, period_to=date(2025, 4, 30), statement_is_final=False)
    assert [problem.code for problem in rules.report_problems(facts, date(2025, 4, 30))] == [
        "audits.other_period",
        "audits.statement_not_final",
        "audits.period_not_over",
    ]
