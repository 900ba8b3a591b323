"""What must hold before an application may be filed, and by when a decision is aimed at."""

from dataclasses import replace
from datetime import date

import pytest

from kansatsu.assurance.providers.rules import StandingState
from kansatsu.assurance.reviews import rules
from kansatsu.assurance.reviews.rules import ApplicationFacts
from kansatsu.core.problems import Problem

NEW = ApplicationFacts(
    is_renewal=False,
    standing=StandingState.NONE,
    report_is_frozen=True,
    statement_is_final=True,
    report_is_on_this_statement=True,
)
RENEWAL = replace(NEW, is_renewal=True, standing=StandingState.VALID)


@pytest.mark.parametrize("facts", [NEW, RENEWAL], ids=["new", "renewal"])
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("report_is_frozen", Problem("reviews.report_not_frozen", where="engagement")),
        ("statement_is_final", Problem("reviews.statement_not_current", where="statement")),
        ("report_is_on_this_statement", Problem("reviews.report_on_other_statement", where="engagement")),
    ],
)
def test_an_application_must_rest_on_a_frozen_report_on_its_final_statement(facts, name, expected):
    assert rules.application_problems(facts) == []
    assert rules.application_problems(replace(facts, **{name: False})) == [expected]


@pytest.mark.parametrize(
    ("standing", "as_new", "as_renewal"),
    [
        (StandingState.NONE, [], ["reviews.renewal_too_late"]),
        (StandingState.VALID, ["reviews.is_registered"], []),
        (StandingState.RENEWAL_PENDING, ["reviews.is_registered"], []),
        (StandingState.EXPIRED, [], ["reviews.renewal_too_late"]),
        (StandingState.REMOVED, [], ["reviews.renewal_too_late"]),
    ],
)
def test_what_is_valid_can_only_be_renewed_and_what_is_not_can_only_be_registered(standing, as_new, as_renewal):
    assert [one.code for one in rules.application_problems(replace(NEW, standing=standing))] == as_new
    assert [one.code for one in rules.application_problems(replace(RENEWAL, standing=standing))] == as_renewal


def test_all_that_stands_in_the_way_is_told_at_once():
    facts = ApplicationFacts(
        is_renewal=True,
        standing=StandingState.EXPIRED,
        report_is_frozen=False,
        statement_is_final=False,
        report_is_on_this_statement=False,
    )
    assert [one.where for one in rules.application_problems(facts)] == [
        "engagement",
        "statement",
        "engagement",
        "is_renewal",
    ]


@pytest.mark.parametrize(
    ("accepted_on", "expected"),
    [
        (date(2025, 4, 1), date(2025, 10, 1)),
        (date(2025, 5, 20), date(2025, 11, 20)),
        (date(2025, 8, 28), date(2026, 2, 28)),
        (date(2025, 8, 31), date(2026, 2, 28)),
        (date(2023, 8, 31), date(2024, 2, 29)),
        (date(2025, 12, 31), date(2026, 6, 30)),
    ],
)
def test_a_decision_is_aimed_at_within_so_many_months(accepted_on, expected):
    assert rules.decision_target(accepted_on, 6) == expected
