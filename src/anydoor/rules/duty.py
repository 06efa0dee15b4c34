"""Who reads what arrives: the duty worker of a front-door team, at any moment, and when they will read it.

A team has a rota of turns by weekday. In opening hours the one on turn now reads at once. At 23:40, at a
weekend or on a holiday it is the next duty worker, from the start of that turn, and the family is told so
honestly. Whoever is away or has a closed account is replaced by their cover; the chain always ends in the
team's named fall-back, so that nothing ever arrives at nobody.

Turns run on working days only, and only inside the team's hours: a turn on a Saturday or a bank holiday
does not run, one from 08:00 in a team that opens at 09:00 starts at 09:00.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from anydoor.rules import working_time

WorkerId = int

# Out of hours, somebody on the rota must be able to read by the end of the second working day: the time the
# example areas give triage. Else the fall-back reads when doors open.
LOOK_AHEAD_WORKING_DAYS = 2


@dataclass(frozen=True, slots=True)
class Turn:
    """One line of the rota: a worker's hours on a weekday (0 is Monday). Lower `order` is asked first."""

    weekday: int
    starts: time
    ends: time
    worker_id: WorkerId
    order: int = 0


@dataclass(frozen=True, slots=True)
class Leave:
    """A worker away from `first` to `last`, both included; `cover_id` stands in, if anyone was named."""

    worker_id: WorkerId
    first: date
    last: date
    cover_id: WorkerId | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """Who reads it and from when (UTC), and why it is them, as a phrase a colleague understands."""

    worker_id: WorkerId
    reads_at: datetime
    why: str


ON_TURN = "on duty now"
NEXT_TURN = "next on duty"
COVERS_NOW = "covers for the duty worker, who is away"
COVERS_NEXT = "covers for the next duty worker, who is away"
FALLBACK = "the team's named fall-back: nobody on the rota can read it soon enough"
FALLBACK_COVER = "covers for the team's named fall-back, who is away"


def stand_in(
    worker_id: WorkerId,
    day: date,
    *,
    leave: Sequence[Leave],
    cover: Mapping[WorkerId, WorkerId],
    active: Collection[WorkerId],
) -> WorkerId | None:
    """Who does this worker's work on a day: themselves, else their cover, their cover's cover, or None.

    The cover named for the leave comes before the worker's usual cover. A chain that comes back to somebody
    already asked ends there.
    """
    asked: set[WorkerId] = set()
    current: WorkerId | None = worker_id
    while current is not None and current not in asked:
        asked.add(current)
        absences = [each for each in leave if each.worker_id == current and each.first <= day <= each.last]
        if current in active and not absences:
            return current
        named = next((each.cover_id for each in absences if each.cover_id is not None), None)
        current = named if named is not None else cover.get(current)
    return None


def on_duty(
    at: datetime,
    *,
    rota: Sequence[Turn],
    fallback: WorkerId,
    leave: Sequence[Leave] = (),
    cover: Mapping[WorkerId, WorkerId] | None = None,
    active: Collection[WorkerId],
    opens: time = working_time.OPENS,
    closes: time = working_time.CLOSES,
) -> Duty:
    """Who reads what arrives at `at` (aware), and when. Always somebody.

    In hours: on turn now, else with a turn later today, else the fall-back now.
    Out of hours: the next turn within `LOOK_AHEAD_WORKING_DAYS`, else the fall-back when doors open.
    `cover` is each worker's usual cover; `active` holds the ids of open accounts. The fall-back is returned
    even when inactive and without cover: a wrong name that a sweep can see is better than none.
    """
    usual = cover or {}

    def deputy(worker_id: WorkerId, day: date) -> WorkerId | None:
        return stand_in(worker_id, day, leave=leave, cover=usual, active=active)

    first_chance = working_time.next_opening(at, opens, closes)
    is_open = working_time.is_open(at, opens, closes)
    first_day = working_time.in_london(first_chance).date()
    last_day = first_day if is_open else working_time.add_working_days(first_day, LOOK_AHEAD_WORKING_DAYS - 1)
    for day in _working_days(first_day, last_day):
        for reads_at, turn in _turns_of(day, rota, first_chance, opens, closes):
            worker = deputy(turn.worker_id, day)
            if worker is not None:
                return Duty(
                    worker, reads_at, _why(worker == turn.worker_id, is_open and reads_at == first_chance)
                )
    worker = deputy(fallback, first_day)
    if worker is None or worker == fallback:
        return Duty(fallback, first_chance, FALLBACK)
    return Duty(worker, first_chance, FALLBACK_COVER)


def _working_days(first: date, last: date) -> Iterator[date]:
    day = first
    while day <= last:
        yield day
        day = working_time.next_working_day(day + timedelta(days=1))


def _turns_of(
    day: date, rota: Sequence[Turn], not_before: datetime, opens: time, closes: time
) -> list[tuple[datetime, Turn]]:
    """The day's turns not yet over at `not_before`, each with the moment it can read, soonest first."""
    found = []
    for turn in rota:
        starts, ends = max(turn.starts, opens), min(turn.ends, closes)
        if turn.weekday == day.weekday() and starts < ends and working_time.london(day, ends) > not_before:
            reads_at = max(working_time.london(day, starts), not_before).astimezone(UTC)
            found.append((reads_at, turn))
    return sorted(found, key=lambda pair: (pair[0], pair[1].order, pair[1].starts, pair[1].worker_id))


def _why(is_own_turn: bool, is_now: bool) -> str:
    if is_now:
        return ON_TURN if is_own_turn else COVERS_NOW
    return NEXT_TURN if is_own_turn else COVERS_NEXT
