"""Days as the programmes count them: Tokyo dates, working days around the long holidays, periods by the Civil Code."""

import calendar
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kansatsu.core.calendar import (
    add_working_days,
    first_of_month,
    is_working_day,
    last_day_of_period,
    tokyo_date,
    tokyo_moment,
    wareki,
)

DAYS = st.dates(min_value=date(2000, 1, 1), max_value=date(2060, 12, 31))


def day(text):
    return date.fromisoformat(text)


def end_of(year, month):
    return date(year, month, calendar.monthrange(year, month)[1])


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2025, 3, 31, 14, 59, 59, 999999, tzinfo=UTC), "2025-03-31"),
        (datetime(2025, 3, 31, 15, 0, tzinfo=UTC), "2025-04-01"),
        (datetime(2025, 4, 1, 0, 0, tzinfo=UTC), "2025-04-01"),
        (datetime(2025, 3, 31, 10, 0, tzinfo=timezone(timedelta(hours=-5))), "2025-04-01"),
    ],
)
def test_the_day_in_tokyo_begins_at_three_in_the_afternoon_of_greenwich(moment, expected):
    assert tokyo_date(moment) == day(expected)


def test_a_moment_without_a_time_zone_has_no_day():
    with pytest.raises(ValueError, match="a moment needs a time zone"):
        tokyo_date(datetime(2025, 4, 1, 9, 0))


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ((date(2025, 4, 1),), datetime(2025, 3, 31, 15, 0, tzinfo=UTC)),
        ((date(2025, 4, 1), 9), datetime(2025, 4, 1, 0, 0, tzinfo=UTC)),
        ((date(2025, 4, 1), 23, 59), datetime(2025, 4, 1, 14, 59, tzinfo=UTC)),
    ],
)
def test_an_hour_of_a_tokyo_day_is_a_moment_in_utc(arguments, expected):
    moment = tokyo_moment(*arguments)
    assert moment == expected
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("2019-04-30", "the emperor abdicates: between two holidays"),
        ("2019-05-01", "the accession"),
        ("2019-05-02", "between two holidays"),
        ("2021-07-22", "moved for the Olympic games"),
        ("2021-08-09", "in place of a Sunday"),
        ("2024-05-03", "Constitution day"),
        ("2024-05-06", "in place of a Sunday"),
        ("2024-12-28", "a Saturday"),
        ("2024-12-29", "a Sunday"),
        ("2024-12-30", "the end of the year"),
        ("2024-12-31", "the end of the year"),
        ("2025-01-01", "New Year"),
        ("2025-01-02", "the beginning of the year"),
        ("2025-01-03", "the beginning of the year"),
        ("2025-04-29", "Shōwa day"),
        ("2025-05-05", "Children's day"),
        ("2025-05-06", "in place of a Sunday"),
        ("2025-11-24", "in place of a Sunday"),
        ("2026-01-12", "Coming of age"),
        ("2026-05-06", "in place of the Sunday three days before"),
        ("2026-09-22", "between two holidays"),
        ("2026-12-29", "the end of the year"),
    ],
)
def test_offices_are_closed(text, why):
    assert not is_working_day(day(text)), why


@pytest.mark.parametrize(
    "text",
    ["2019-04-26", "2019-05-07", "2021-07-19", "2021-10-11", "2024-05-02", "2024-12-27", "2025-01-06", "2025-04-28",
     "2025-04-30", "2025-05-02", "2025-05-07", "2026-05-07", "2026-12-28", "2027-01-04"],
)  # fmt: skip
def test_offices_are_open(text):
    assert is_working_day(day(text))


@pytest.mark.parametrize(
    ("start", "count", "expected"),
    [
        ("2025-04-01", 1, "2025-04-02"),
        ("2025-04-04", 1, "2025-04-07"),
        ("2025-04-25", 5, "2025-05-07"),
        ("2025-04-28", 1, "2025-04-30"),
        ("2025-05-02", 1, "2025-05-07"),
        ("2025-05-04", 1, "2025-05-07"),
        ("2024-12-27", 1, "2025-01-06"),
        ("2025-12-26", 1, "2026-01-05"),
        ("2025-12-26", 10, "2026-01-19"),
        ("2019-04-26", 1, "2019-05-07"),
        ("2025-04-01", 0, "2025-04-01"),
        ("2025-05-03", 0, "2025-05-07"),
        ("2025-12-29", 0, "2026-01-05"),
    ],
)
def test_working_days_are_counted_over_the_long_holidays(start, count, expected):
    assert add_working_days(day(start), count) == day(expected)


@given(start=DAYS, count=st.integers(min_value=1, max_value=40))
def test_between_a_day_and_its_nth_working_day_lie_n_working_days(start, count):
    end = add_working_days(start, count)
    days = [start + timedelta(days=ahead) for ahead in range(1, (end - start).days + 1)]
    assert sum(is_working_day(one) for one in days) == count
    assert is_working_day(end)


@pytest.mark.parametrize(
    ("first", "months", "last"),
    [
        ("2025-04-01", 1, "2025-04-30"),
        ("2025-04-01", 12, "2026-03-31"),
        ("2025-04-01", 16, "2026-07-31"),
        ("2025-01-01", 2, "2025-02-28"),
        ("2024-01-01", 2, "2024-02-29"),
        ("2025-12-01", 1, "2025-12-31"),
        ("2025-04-02", 1, "2025-05-01"),
        ("2025-01-15", 12, "2026-01-14"),
        ("2025-01-28", 1, "2025-02-27"),
        ("2025-01-29", 1, "2025-02-28"),
        ("2025-01-30", 1, "2025-02-28"),
        ("2025-01-31", 1, "2025-02-28"),
        ("2024-01-29", 1, "2024-02-28"),
        ("2024-01-30", 1, "2024-02-29"),
        ("2025-03-31", 1, "2025-04-30"),
        ("2025-10-31", 16, "2027-02-28"),
        ("2024-02-29", 12, "2025-02-28"),
        ("2024-02-29", 48, "2028-02-28"),
        ("2025-11-30", 3, "2026-02-28"),
        ("2025-12-31", 2, "2026-02-28"),
        ("2025-12-31", 1, "2026-01-30"),
    ],
)
def test_a_period_of_months_ends_by_the_civil_code(first, months, last):
    assert last_day_of_period(day(first), months) == day(last)


@given(first=DAYS, months=st.integers(min_value=1, max_value=60))
def test_a_period_from_the_first_of_a_month_ends_with_a_month(first, months):
    last = last_day_of_period(first.replace(day=1), months)
    assert last == end_of(last.year, last.month)
    assert (last.year - first.year) * 12 + last.month - first.month == months - 1


@given(first=DAYS.filter(lambda one: one.day > 1), months=st.integers(min_value=1, max_value=60))
def test_a_period_from_another_day_ends_before_the_corresponding_day_or_with_the_month(first, months):
    last = last_day_of_period(first, months)
    assert (last.year - first.year) * 12 + last.month - first.month == months
    assert last.day == first.day - 1 or (last == end_of(last.year, last.month) and last.day < first.day)


@given(first=DAYS, months=st.integers(min_value=1, max_value=60))
def test_a_period_that_begins_a_day_later_never_ends_earlier(first, months):
    assert last_day_of_period(first + timedelta(days=1), months) >= last_day_of_period(first, months)


@pytest.mark.parametrize(
    ("year", "month", "expected"),
    [(2025, 1, "2025-01-01"), (2025, 12, "2025-12-01"), (2025, 13, "2026-01-01"), (2025, 24, "2026-12-01")],
)
def test_month_thirteen_is_january_of_the_next_year(year, month, expected):
    assert first_of_month(year, month) == day(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-03-31", "令和7年3月31日"),
        ("2019-05-01", "令和元年5月1日"),
        ("2019-04-30", "平成31年4月30日"),
        ("1989-01-08", "平成元年1月8日"),
        ("1989-01-07", "昭和64年1月7日"),
        ("1926-12-25", "昭和元年12月25日"),
        ("1926-12-24", "1926-12-24"),
    ],
)
def test_a_day_in_its_era(text, expected):
    assert wareki(day(text)) == expected
