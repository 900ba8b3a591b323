"""Days as the programmes count them: Asia/Tokyo dates, working days, and periods of months by the Civil Code.

A period of months that does not start at the beginning of a month ends the day before the corresponding day of the
last month; where the last month has no such day, it ends with that month (Civil Code, article 143 (2)).
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import holidays

TOKYO = ZoneInfo("Asia/Tokyo")
_ERAS = ((date(2019, 5, 1), "令和"), (date(1989, 1, 8), "平成"), (date(1926, 12, 25), "昭和"))


def tokyo_date(moment: datetime) -> date:
    """The calendar day in Tokyo of an aware moment."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(TOKYO).date()


def tokyo_moment(day: date, hour: int = 0, minute: int = 0) -> datetime:
    """That hour of that Tokyo day, in UTC."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=TOKYO).astimezone(UTC)


@cache
def _holidays() -> holidays.HolidayBase:
    return holidays.country_holidays("JP")


def is_working_day(day: date) -> bool:
    """Monday to Friday, no public holiday, not 29 December to 3 January.

    Source: Act on Holidays of Administrative Organs, article 1 (昭和63年法律第91号).
    """
    year_end = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not year_end and day not in _holidays()


def add_working_days(day: date, count: int) -> date:
    """The count-th working day after the day, which itself does not count; with 0, that day or the next working one."""
    if count == 0:
        while not is_working_day(day):
            day += timedelta(days=1)
    for _ in range(count):
        day += timedelta(days=1)
        while not is_working_day(day):
            day += timedelta(days=1)
    return day


def last_day_of_period(first: date, months: int) -> date:
    """The last day of a period of that many months whose first day is given.

    >>> last_day_of_period(date(2025, 4, 1), 16)
    datetime.date(2026, 7, 31)
    >>> last_day_of_period(date(2025, 10, 31), 16)
    datetime.date(2027, 2, 28)
    """
    index = first.year * 12 + first.month - 1 + months
    year, month = divmod(index, 12)
    try:
        return date(year, month + 1, first.day) - timedelta(days=1)
    except ValueError:
        return first_of_month(year, month + 2) - timedelta(days=1)


def first_of_month(year: int, month: int) -> date:
    """The first day of a month; month 13 is January of the next year."""
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)


def wareki(day: date) -> str:
    """The day in the Japanese era, ``令和7年3月31日``; before 昭和, the ISO form."""
    for start, era in _ERAS:
        if day >= start:
            year = day.year - start.year + 1
            return f"{era}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    return day.isoformat()
