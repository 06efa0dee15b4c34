"""Simulated time: a queue of things to come, and the hours people work.

Whatever takes its course is a generator: it yields the moment it wants to be woken at, and is resumed with
that moment as `now` of its `Life` or task. What wants to be woken after the end never is: that is how the
half year ends in the middle of things.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from itertools import count

from anydoor.rules import working_time

WEEKS = 26
DAY_OPENS, DAY_CLOSES = time(9), time(17)
SWEEPS = (time(8, 20), time(14, 10))

Course = Generator[datetime, None, None]


@dataclass
class Clock:
    """The moment one course of events has reached; shared by everything that happens in one family."""

    at: datetime


@dataclass
class Queue:
    """Courses in the order of their next moment. Equal moments keep their order of asking."""

    until: datetime
    waiting: list[tuple[datetime, int, Clock, Course]] = field(default_factory=list)
    order: count[int] = field(default_factory=count)

    def start(self, at: datetime, clock: Clock, course: Course) -> None:
        """Begin a course at a moment; after `until` it does not begin at all."""
        if at <= self.until:
            heapq.heappush(self.waiting, (at, next(self.order), clock, course))

    def run(self, moments: list[datetime], tick: Callable[[datetime], None]) -> None:
        """Let everything happen in order of time; `tick` is called at each of `moments` (sorted)."""
        for moment in [*moments, self.until]:
            while self.waiting and self.waiting[0][0] <= moment:
                self._step()
            if moment is not self.until:
                tick(moment)

    def _step(self) -> None:
        at, _, clock, course = heapq.heappop(self.waiting)
        clock.at = at
        for wanted in course:
            again = max(wanted, at)
            if again <= self.until:
                heapq.heappush(self.waiting, (again, next(self.order), clock, course))
            return


def begins(now: datetime) -> datetime:
    """The first moment of the simulated half year: eight on a working morning."""
    day = working_time.next_working_day(working_time.london_day(now) - timedelta(weeks=WEEKS))
    return working_time.london(day, time(8))


def sweep_moments(start: datetime, now: datetime) -> list[datetime]:
    """When the sweep runs: each working morning and afternoon."""
    day, last = working_time.in_london(start).date(), working_time.in_london(now).date()
    moments = []
    while day <= last:
        if working_time.is_working_day(day):
            moments += [working_time.london(day, clock) for clock in SWEEPS]
        day += timedelta(days=1)
    return [moment for moment in moments if start <= moment < now]


def in_hours(at: datetime, minutes: int = 0) -> datetime:
    """The moment when so many minutes of working hours have passed."""
    return working_time.add_working_minutes(at, minutes, DAY_OPENS, DAY_CLOSES)


def on_working_day(at: datetime, days: int, hour: int, minute: int = 0) -> datetime:
    """That hour on the so-manieth working day after `at` (before it, when negative)."""
    day = working_time.in_london(at).date()
    return working_time.london(shift(day, days), time(hour, minute))


def back(now: datetime, days: int, hour: int, minute: int = 0) -> datetime:
    """That hour so many working days ago. With 0 today, or the working day before when still to come."""
    moment = on_working_day(now, 0, hour, minute) if days == 0 else on_working_day(now, -days, hour, minute)
    return moment if moment < now else on_working_day(now, -1, hour, minute)


def ahead(now: datetime, days: int, hour: int, minute: int = 0) -> datetime:
    """That hour so many working days from now; with 0 today, or the next one when it is past."""
    moment = on_working_day(now, days, hour, minute)
    return moment if moment > now else on_working_day(now, max(days, 1), hour, minute)


def shift(day: date, days: int) -> date:
    """The so-manieth working day after a day, or before it."""
    if days >= 0:
        return working_time.add_working_days(day, days)
    for _ in range(-days):
        day -= timedelta(days=1)
        while not working_time.is_working_day(day):
            day -= timedelta(days=1)
    return day
