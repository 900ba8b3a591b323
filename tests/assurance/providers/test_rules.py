"""How a service stands on the register on a given day, worked out by hand."""

from datetime import date

import pytest

from kansatsu.assurance.providers.rules import PeriodFacts, StandingState, is_valid, standing_on

NONE, VALID, PENDING, EXPIRED, REMOVED = (
    StandingState.NONE,
    StandingState.VALID,
    StandingState.RENEWAL_PENDING,
    StandingState.EXPIRED,
    StandingState.REMOVED,
)
ENTERED, LAST = date(2025, 6, 10), date(2026, 7, 31)
EARLY, LATE = date(2026, 5, 1), date(2026, 8, 1)


def facts(**known):
    return PeriodFacts(ENTERED, LAST, **known)


TABLE = [
    # never registered, and before and after the day of entry
    (None, date(2025, 6, 10), NONE),
    (facts(), date(2025, 6, 9), NONE),
    (facts(), date(2025, 6, 10), VALID),
    (facts(), date(2026, 7, 30), VALID),
    (facts(), date(2026, 7, 31), VALID),
    (facts(), date(2026, 8, 1), EXPIRED),
    (facts(), date(2031, 1, 1), EXPIRED),
    # a renewal filed in time, still open
    (facts(renewal_filed_on=EARLY), date(2026, 4, 30), VALID),
    (facts(renewal_filed_on=EARLY), date(2026, 7, 31), VALID),
    (facts(renewal_filed_on=EARLY), date(2026, 8, 1), PENDING),
    (facts(renewal_filed_on=EARLY), date(2027, 8, 1), PENDING),
    # the last day still counts, the next one does not
    (facts(renewal_filed_on=LAST), date(2026, 7, 31), VALID),
    (facts(renewal_filed_on=LAST), date(2026, 8, 1), PENDING),
    (facts(renewal_filed_on=LATE), date(2026, 8, 1), EXPIRED),
    (facts(renewal_filed_on=LATE), date(2026, 9, 1), EXPIRED),
    # refused or withdrawn before the last day: nothing is lost before it
    (facts(renewal_filed_on=EARLY, renewal_closed_on=date(2026, 6, 1)), date(2026, 6, 1), VALID),
    (facts(renewal_filed_on=EARLY, renewal_closed_on=date(2026, 6, 1)), date(2026, 7, 31), VALID),
    (facts(renewal_filed_on=EARLY, renewal_closed_on=date(2026, 6, 1)), date(2026, 8, 1), EXPIRED),
    # refused or withdrawn after it: from that day on nothing is kept valid
    (facts(renewal_filed_on=EARLY, renewal_closed_on=date(2026, 10, 5)), date(2026, 10, 4), PENDING),
    (facts(renewal_filed_on=EARLY, renewal_closed_on=date(2026, 10, 5)), date(2026, 10, 5), EXPIRED),
    (facts(renewal_filed_on=EARLY, renewal_closed_on=date(2026, 10, 5)), date(2026, 10, 6), EXPIRED),
    # removed from a day on, whatever else
    (facts(ended_on=date(2026, 1, 15)), date(2026, 1, 14), VALID),
    (facts(ended_on=date(2026, 1, 15)), date(2026, 1, 15), REMOVED),
    (facts(ended_on=date(2026, 1, 15)), date(2026, 8, 1), REMOVED),
    (facts(ended_on=date(2026, 9, 1)), date(2026, 8, 15), EXPIRED),
    (facts(ended_on=date(2026, 9, 1)), date(2026, 9, 1), REMOVED),
    (facts(renewal_filed_on=EARLY, ended_on=date(2026, 9, 1)), date(2026, 8, 31), PENDING),
    (facts(renewal_filed_on=EARLY, ended_on=date(2026, 9, 1)), date(2026, 9, 1), REMOVED),
    (facts(ended_on=ENTERED), ENTERED, REMOVED),
]


@pytest.mark.parametrize(("known", "day", "expected"), TABLE)
def test_the_standing_on_a_day(known, day, expected):
    assert standing_on(known, day) is expected


@pytest.mark.parametrize(
    ("state", "expected"), [(NONE, False), (VALID, True), (PENDING, True), (EXPIRED, False), (REMOVED, False)]
)
def test_agencies_may_rely_on_a_valid_registration_and_on_one_whose_renewal_is_being_decided(state, expected):
    assert is_valid(state) is expected


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (facts(), False),
        (facts(renewal_filed_on=EARLY), True),
        (facts(renewal_filed_on=LATE), True),
        (facts(renewal_filed_on=EARLY, renewal_closed_on=date(2026, 6, 1)), False),
    ],
)
def test_a_renewal_is_under_way_from_its_filing_until_it_is_closed(known, expected):
    assert known.is_renewal_under_way is expected
