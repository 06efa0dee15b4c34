"""Working days and hours, with the dates that go wrong: Christmas, Easter, both clock changes."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anydoor.rules import working_time
from anydoor.rules.working_time import LONDON

DAYS = st.dates(date(2024, 1, 1), date(2028, 11, 30))
MOMENTS = st.integers(0, 1790 * 24 * 60).map(
    lambda minutes: datetime(2024, 1, 2, tzinfo=UTC) + timedelta(minutes=minutes)
)
COUNTS = st.integers(0, 40)


def at(text: str) -> datetime:
    """A London wall clock time, written `2026-03-29 09:00`."""
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


# --- holidays


def test_the_published_list_is_what_the_law_gives_in_years_without_a_proclamation() -> None:
    for year in working_time.BANK_HOLIDAYS:
        assert working_time.bank_holidays(year) == working_time.holidays_by_rule(year)


def test_every_year_has_eight_holidays_on_weekdays() -> None:
    for year in range(2000, 2100):
        holidays = working_time.bank_holidays(year)
        assert len(holidays) == 8
        assert all(day.weekday() < 5 and day.year == year for day in holidays)


@pytest.mark.parametrize(
    ("year", "month", "day"),
    [(2000, 4, 23), (2008, 3, 23), (2011, 4, 24), (2024, 3, 31), (2026, 4, 5), (2038, 4, 25), (2285, 3, 22)],
)
def test_easter_falls_where_almanacs_say(year: int, month: int, day: int) -> None:
    assert working_time.easter(year) == date(year, month, day)


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2026-01-01", False),
        ("2026-01-02", True),
        ("2026-04-02", True),
        ("2026-04-03", False),
        ("2026-04-04", False),
        ("2026-04-06", False),
        ("2026-04-07", True),
        ("2026-05-04", False),
        ("2026-08-31", False),
        ("2026-12-24", True),
        ("2026-12-25", False),
        ("2026-12-26", False),
        ("2026-12-28", False),
        ("2026-12-29", True),
        ("2027-12-27", False),
        ("2027-12-28", False),
        ("2028-01-03", False),
        ("2024-08-26", False),
        ("2025-04-21", False),
        ("2029-03-30", False),
        ("2029-04-03", True),
    ],
)
def test_working_days(day: str, works: bool) -> None:
    assert working_time.is_working_day(date.fromisoformat(day)) is works


# --- days


@pytest.mark.parametrize(
    ("start", "count", "due"),
    [
        ("2026-03-02", 0, "2026-03-02"),
        ("2026-03-07", 0, "2026-03-09"),
        ("2026-03-02", 2, "2026-03-04"),
        ("2026-03-06", 1, "2026-03-09"),
        ("2026-03-07", 1, "2026-03-09"),
        ("2026-04-02", 1, "2026-04-07"),
        ("2026-12-23", 2, "2026-12-29"),
        ("2026-12-31", 1, "2027-01-04"),
        ("2027-12-24", 1, "2027-12-29"),
        ("2026-03-02", 10, "2026-03-16"),
    ],
)
def test_the_nth_working_day_after(start: str, count: int, due: str) -> None:
    assert working_time.add_working_days(date.fromisoformat(start), count) == date.fromisoformat(due)


@given(DAYS, COUNTS)
def test_adding_and_counting_working_days_agree(day: date, count: int) -> None:
    due = working_time.add_working_days(day, count)
    assert working_time.is_working_day(due)
    if count:
        assert working_time.working_days_between(day, due) == count
        assert working_time.working_days_left(day, due) == count


@given(DAYS, st.integers(0, 400))
def test_counting_in_weeks_is_counting_day_by_day(start: date, span: int) -> None:
    end = start + timedelta(days=span)
    each = sum(working_time.is_working_day(start + timedelta(days=step)) for step in range(1, span + 1))
    assert working_time.working_days_between(start, end) == each
    assert working_time.working_days_between(end, start) == -each


@pytest.mark.parametrize(
    ("today", "due", "left", "words"),
    [
        ("2026-03-02", "2026-03-04", 2, "2 working days left"),
        ("2026-03-03", "2026-03-04", 1, "1 working day left"),
        ("2026-03-04", "2026-03-04", 0, "due today"),
        ("2026-03-05", "2026-03-04", -1, "1 working day late"),
        ("2026-03-06", "2026-03-04", -2, "2 working days late"),
        ("2026-03-07", "2026-03-06", -1, "1 working day late"),
        ("2026-03-09", "2026-03-06", -1, "1 working day late"),
        ("2026-04-02", "2026-04-07", 1, "1 working day left"),
    ],
)
def test_days_left_are_said_in_words(today: str, due: str, left: int, words: str) -> None:
    counted = working_time.working_days_left(date.fromisoformat(today), date.fromisoformat(due))
    assert counted == left
    assert working_time.days_left_in_words(counted) == words


def test_counting_goes_forward_only() -> None:
    with pytest.raises(ValueError, match="forward"):
        working_time.add_working_days(date(2026, 3, 2), -1)
    with pytest.raises(ValueError, match="forward"):
        working_time.add_working_minutes(at("2026-03-02 10:00"), -1)


# --- hours


@pytest.mark.parametrize(
    ("moment", "opening"),
    [
        ("2026-03-02 10:00", "2026-03-02 10:00"),
        ("2026-03-02 09:00", "2026-03-02 09:00"),
        ("2026-03-02 08:59", "2026-03-02 09:00"),
        ("2026-03-02 16:59", "2026-03-02 16:59"),
        ("2026-03-02 17:00", "2026-03-03 09:00"),
        ("2026-03-02 23:40", "2026-03-03 09:00"),
        ("2026-03-06 23:40", "2026-03-09 09:00"),
        ("2026-03-27 23:40", "2026-03-30 09:00"),
        ("2026-10-23 23:40", "2026-10-26 09:00"),
        ("2026-04-02 17:30", "2026-04-07 09:00"),
        ("2026-12-24 23:40", "2026-12-29 09:00"),
        ("2026-12-31 17:00", "2027-01-04 09:00"),
    ],
)
def test_when_the_doors_open_next(moment: str, opening: str) -> None:
    assert working_time.next_opening(at(moment)) == at(opening)


def test_opening_moves_in_utc_when_the_summer_clock_starts_and_ends() -> None:
    assert working_time.next_opening(at("2026-03-28 12:00")) == datetime(2026, 3, 30, 8, 0, tzinfo=UTC)
    assert working_time.next_opening(at("2026-10-24 12:00")) == datetime(2026, 10, 26, 9, 0, tzinfo=UTC)


def test_the_skipped_and_the_repeated_hour_are_real_moments() -> None:
    assert working_time.london(date(2026, 3, 29), time(1, 30)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert working_time.london(date(2026, 10, 25), time(1, 30)) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    first, second = datetime(2026, 10, 25, 0, 30, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert working_time.in_london(first).time() == working_time.in_london(second).time() == time(1, 30)
    for moment in (first, second):
        assert working_time.next_opening(moment) == datetime(2026, 10, 26, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "count", "due"),
    [
        ("2026-03-02 10:00", 2, "2026-03-04 17:00"),
        ("2026-03-02 07:00", 2, "2026-03-04 17:00"),
        ("2026-03-02 17:00", 2, "2026-03-05 17:00"),
        ("2026-03-02 23:40", 2, "2026-03-05 17:00"),
        ("2026-03-07 12:00", 2, "2026-03-11 17:00"),
        ("2026-03-07 12:00", 0, "2026-03-09 17:00"),
        ("2026-03-27 16:00", 1, "2026-03-30 17:00"),
        ("2026-04-02 12:00", 1, "2026-04-07 17:00"),
        ("2026-12-24 18:00", 1, "2026-12-30 17:00"),
        ("2026-10-23 12:00", 1, "2026-10-26 17:00"),
    ],
)
def test_due_at_the_close_of_the_nth_working_day(moment: str, count: int, due: str) -> None:
    found = working_time.due_after_working_days(at(moment), count)
    assert found == at(due)
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("moment", "minutes", "due"),
    [
        ("2026-03-02 10:00", 15, "2026-03-02 10:15"),
        ("2026-03-02 16:50", 15, "2026-03-03 09:05"),
        ("2026-03-02 16:45", 15, "2026-03-02 17:00"),
        ("2026-03-02 23:40", 15, "2026-03-03 09:15"),
        ("2026-03-06 16:50", 15, "2026-03-09 09:05"),
        ("2026-03-27 16:50", 15, "2026-03-30 09:05"),
        ("2026-10-23 16:50", 15, "2026-10-26 09:05"),
        ("2026-12-24 16:50", 15, "2026-12-29 09:05"),
        ("2026-03-02 09:00", 8 * 60 + 1, "2026-03-03 09:01"),
        ("2026-03-02 09:00", 0, "2026-03-02 09:00"),
    ],
)
def test_a_clock_in_working_minutes(moment: str, minutes: int, due: str) -> None:
    found = working_time.add_working_minutes(at(moment), minutes)
    assert found == at(due)
    assert working_time.working_minutes_between(at(moment), found) == minutes


@given(MOMENTS, st.integers(0, 5_000), st.integers(0, 5_000))
def test_working_minutes_add_up(moment: datetime, one: int, other: int) -> None:
    whole = working_time.add_working_minutes(moment, one + other)
    step = working_time.add_working_minutes(working_time.add_working_minutes(moment, one), other)
    assert step == whole or working_time.next_opening(whole) == step
    assert working_time.working_minutes_between(moment, whole) == one + other


@given(MOMENTS)
def test_the_next_opening_is_open_and_not_before(moment: datetime) -> None:
    opening = working_time.next_opening(moment)
    assert opening >= moment
    assert working_time.is_open(opening)
    assert (opening == moment) == working_time.is_open(moment)
    assert working_time.next_opening(opening) == opening


@given(MOMENTS, COUNTS)
def test_nothing_is_due_before_a_whole_working_day_has_passed(moment: datetime, count: int) -> None:
    due = working_time.due_after_working_days(moment, count)
    assert due > moment
    assert working_time.in_london(due).time() == working_time.CLOSES
    assert working_time.working_minutes_between(moment, due) >= count * 8 * 60


def test_a_moment_without_a_zone_and_hours_inside_out_are_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        working_time.next_opening(at("2026-03-02 10:00").replace(tzinfo=None))
    with pytest.raises(ValueError, match="open before they close"):
        working_time.is_open(at("2026-03-02 10:00"), time(17), time(9))


def test_nothing_is_counted_when_the_end_is_before_the_start() -> None:
    assert working_time.working_minutes_between(at("2026-03-03 10:00"), at("2026-03-02 10:00")) == 0


def test_a_day_is_said_without_a_nought_and_as_it_is_in_london() -> None:
    late = datetime(2026, 6, 8, 23, 30, tzinfo=UTC)  # the ninth, in summer time
    assert working_time.day_in_words(late) == "Tuesday 9 June"
    assert working_time.moment_in_words(late) == "Tuesday 9 June, 00:30"
