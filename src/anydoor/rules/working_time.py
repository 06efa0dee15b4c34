"""Working days and opening hours in England and Wales: when something is due, and when it will be read.

Working days are Monday to Friday without bank holidays. Moments come in as aware datetimes and go out in
UTC; hours (`opens`, `closes`) are wall clock in Europe/London, the day of the summer clock included.
The clock is never read here: the moment is always an argument.

Sources
- Bank holidays 2024 to 2028: "UK bank holidays", England and Wales division, GOV.UK. A substitute day stands
  where a holiday falls on a weekend.
- Other years follow the rule behind that list: Banking and Financial Dealings Act 1971, schedule 1, with
  Good Friday and Christmas Day by custom and the first Monday in May by proclamation. A holiday proclaimed
  once (a coronation, a funeral) is unknown to the rule: add the year to `BANK_HOLIDAYS`.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
OPENS = time(9, 0)
CLOSES = time(17, 0)

_DAY = timedelta(days=1)

# year: (month, day) of each bank holiday in England and Wales.
BANK_HOLIDAYS: dict[int, tuple[tuple[int, int], ...]] = {
    2024: ((1, 1), (3, 29), (4, 1), (5, 6), (5, 27), (8, 26), (12, 25), (12, 26)),
    2025: ((1, 1), (4, 18), (4, 21), (5, 5), (5, 26), (8, 25), (12, 25), (12, 26)),
    2026: ((1, 1), (4, 3), (4, 6), (5, 4), (5, 25), (8, 31), (12, 25), (12, 28)),
    2027: ((1, 1), (3, 26), (3, 29), (5, 3), (5, 31), (8, 30), (12, 27), (12, 28)),
    2028: ((1, 3), (4, 14), (4, 17), (5, 1), (5, 29), (8, 28), (12, 25), (12, 26)),
}


def easter(year: int) -> date:
    """Easter Sunday in the Gregorian calendar (the anonymous algorithm, Meeus, Astronomical Algorithms)."""
    golden = year % 19
    century, of_century = divmod(year, 100)
    leaps, rest = divmod(century, 4)
    moon = (19 * golden + century - leaps - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
    weekday = (32 + 2 * rest + 2 * (of_century // 4) - moon - of_century % 4) % 7
    late = (golden + 11 * moon + 22 * weekday) // 451
    month, day = divmod(moon + weekday - 7 * late + 114, 31)
    return date(year, month, day + 1)


def holidays_by_rule(year: int) -> frozenset[date]:
    """The eight bank holidays a year has by law and custom, without any proclaimed for once."""

    def monday(month: int, *, last: bool = False) -> date:
        day = date(year, month, 31 if last else 1)
        step = -_DAY if last else _DAY
        while day.weekday() != 0:
            day += step
        return day

    found = {
        easter(year) - 2 * _DAY,
        easter(year) + _DAY,
        monday(5),
        monday(5, last=True),
        monday(8, last=True),
    }
    for fixed in (date(year, 1, 1), date(year, 12, 25), date(year, 12, 26)):
        day = fixed
        while day.weekday() >= 5 or day in found:
            day += _DAY
        found.add(day)
    return frozenset(found)


@lru_cache(maxsize=64)
def bank_holidays(year: int) -> frozenset[date]:
    """The bank holidays of a year: from the published list where we hold it, else by the rule."""
    if year in BANK_HOLIDAYS:
        return frozenset(date(year, month, day) for month, day in BANK_HOLIDAYS[year])
    return holidays_by_rule(year)


# --- days -------------------------------------------------------------------------------------------


def is_working_day(day: date) -> bool:
    """Monday to Friday, and not a bank holiday."""
    return day.weekday() < 5 and day not in bank_holidays(day.year)


def next_working_day(day: date) -> date:
    """`day` itself if it is a working day, else the first one after it."""
    while not is_working_day(day):
        day += _DAY
    return day


def add_working_days(day: date, count: int) -> date:
    """The `count`-th working day after `day`. With 0: the day itself, or the first working day after it."""
    if count < 0:
        raise ValueError("count working days forward: 0 or more")
    if count == 0:
        return next_working_day(day)
    for _ in range(count):
        day = next_working_day(day + _DAY)
    return day


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and including `end`; negative when `end` is before."""
    if end < start:
        return -working_days_between(end, start)
    weeks, rest = divmod((end - start).days, 7)
    tail = sum((end - _DAY * back).weekday() < 5 for back in range(rest))
    closed = sum(
        start < holiday <= end and holiday.weekday() < 5
        for year in range(start.year, end.year + 1)
        for holiday in bank_holidays(year)
    )
    return weeks * 5 + tail - closed


def working_days_left(day: date, due: date) -> int:
    """Working days from `day` to the end of `due`: 0 when it is due today, below 0 when it is late.

    A date that passed on the last working day counts as one late from the next calendar day on, so that
    something due on Friday is late on Saturday, not only on Monday.
    """
    left = working_days_between(day, due)
    return -1 if left == 0 and due < day else left


def days_left_in_words(left: int) -> str:
    """`working_days_left` on a list: "due today", "2 working days left", "1 working day late"."""
    if left == 0:
        return "due today"
    noun = "working day" if abs(left) == 1 else "working days"
    return f"{left} {noun} left" if left > 0 else f"{-left} {noun} late"


# --- hours ------------------------------------------------------------------------------------------


def in_london(at: datetime) -> datetime:
    """The same moment on a London wall clock. Refuses a moment without a zone (ValueError)."""
    if at.utcoffset() is None:
        raise ValueError("a moment needs a time zone")
    return at.astimezone(LONDON)


def london_day(at: datetime) -> date:
    """The day it is in London at a moment: what people mean by today."""
    return in_london(at).date()


def day_in_words(at: datetime) -> str:
    """The London day of a moment as it is said: "Monday 9 March"."""
    day = in_london(at)
    return f"{day:%A} {day.day} {day:%B}"


def moment_in_words(at: datetime) -> str:
    """The London day and time of a moment: "Monday 9 March, 14:00"."""
    return f"{day_in_words(at)}, {in_london(at):%H:%M}"


def london(day: date, clock: time) -> datetime:
    """A London wall clock time as a moment in UTC.

    In the hour that the summer clock skips, the later real moment; in the hour it repeats, the first one.
    """
    return datetime.combine(day, clock.replace(tzinfo=None), tzinfo=LONDON).astimezone(UTC)


def is_open(at: datetime, opens: time = OPENS, closes: time = CLOSES) -> bool:
    """Whether a moment lies in opening hours of a working day: from `opens`, before `closes`."""
    _check_hours(opens, closes)
    local = in_london(at)
    return is_working_day(local.date()) and opens <= local.time() < closes


def next_opening(at: datetime, opens: time = OPENS, closes: time = CLOSES) -> datetime:
    """The first moment, from `at` on, in opening hours: `at` itself when open, else when doors open next."""
    if is_open(at, opens, closes):
        return at.astimezone(UTC)
    local = in_london(at)
    day = local.date() if local.time() < opens else local.date() + _DAY
    return london(next_working_day(day), opens)


def due_after_working_days(at: datetime, count: int, closes: time = CLOSES) -> datetime:
    """Closing time of the `count`-th working day after something arrived, in UTC.

    The day of arrival does not count. What arrives after closing, at a weekend or on a holiday counts as
    arrived on the next working day. With 0 it is due when that day closes.
    """
    local = in_london(at)
    arrived = next_working_day(local.date() if local.time() < closes else local.date() + _DAY)
    return london(add_working_days(arrived, count), closes)


def add_working_minutes(at: datetime, minutes: int, opens: time = OPENS, closes: time = CLOSES) -> datetime:
    """The moment when `minutes` of opening hours have passed since `at`, in UTC.

    A clock that runs out exactly at closing ends at closing, not at the next opening.
    """
    if minutes < 0:
        raise ValueError("count working minutes forward: 0 or more")
    left = timedelta(minutes=minutes)
    now = next_opening(at, opens, closes)
    while True:
        end_of_day = london(in_london(now).date(), closes)
        if left <= end_of_day - now:
            return now + left
        left -= end_of_day - now
        now = next_opening(end_of_day, opens, closes)


def working_minutes_between(
    start: datetime, end: datetime, opens: time = OPENS, closes: time = CLOSES
) -> int:
    """Whole minutes of opening hours between two moments; 0 when `end` is not after `start`."""
    total = timedelta()
    now = next_opening(start, opens, closes)
    while now < end:
        end_of_day = london(in_london(now).date(), closes)
        total += min(end_of_day, end.astimezone(UTC)) - now
        now = next_opening(end_of_day, opens, closes)
    return total // timedelta(minutes=1)


def _check_hours(opens: time, closes: time) -> None:
    if opens >= closes:
        raise ValueError("hours must open before they close, on one day")
