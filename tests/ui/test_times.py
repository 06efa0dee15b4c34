"""Moments in words, on both sides of a changed clock."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from anydoor.ui import times


def test_a_moment_is_shown_on_a_london_clock() -> None:
    winter = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
    summer = datetime(2026, 7, 1, 23, 30, tzinfo=UTC)
    assert times.london_datetime(winter) == "Tuesday 10 March 2026, 11:00"
    assert times.london_datetime(summer) == "Thursday 2 July 2026, 00:30"
    assert times.day_words(summer) == "Thursday 2 July"
    assert times.short_day(winter) == "Tue 10 Mar"


def test_the_night_the_clock_goes_back_shows_both_half_past_ones() -> None:
    first, second = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    assert times.clock_time(first) == times.clock_time(second) == "01:30"
    assert times.ago(first, second) == "1 h"
    assert times.machine_time(first) != times.machine_time(second)


def test_a_moment_without_a_zone_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="time zone"):
        times.day_words(datetime(2026, 3, 10, 11, 0))  # noqa: DTZ001  # the mistake under test


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (time(17), "5pm"),
        (time(10, 30), "10:30am"),
        (time(12), "midday"),
        (time(0), "midnight"),
        (time(0, 5), "12:05am"),
        (time(12, 1), "12:01pm"),
    ],
)
def test_times_as_families_say_them(at: time, said: str) -> None:
    assert times.time_words(at) == said


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (timedelta(seconds=-5), "0 min"),
        (timedelta(minutes=9), "9 min"),
        (timedelta(hours=5, minutes=10), "5 h 10 min"),
        (timedelta(hours=22, minutes=50), "22 h"),
        (timedelta(days=1), "1 day"),
        (timedelta(days=3), "3 days"),
        (timedelta(weeks=5), "5 weeks"),
    ],
)
def test_how_long_ago(span: timedelta, said: str) -> None:
    assert times.length(span) == said


def test_the_year_is_said_only_where_it_differs() -> None:
    now = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
    assert times.day_words(date(2026, 5, 12), now) == "Tuesday 12 May"
    assert times.day_words(date(2023, 5, 12), now) == "Friday 12 May 2023"
    assert times.day_time(now - timedelta(hours=1), now) == "today, 10:00"
    assert times.day_time(now - timedelta(days=1), now) == "yesterday, 11:00"
    assert times.day_time(now - timedelta(days=5), now) == "5 March, 11:00"
    assert times.day_words(None) == times.time_words(None) == times.ago(None, now) == ""
