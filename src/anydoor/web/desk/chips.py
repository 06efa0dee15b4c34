"""Clocks, strands and small names in the words and colours of the desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from anydoor.care.models import Wait
from anydoor.directory.models import LEVELS, STRANDS
from anydoor.rules import working_time
from anydoor.ui.times import clock_time, length, short_day

STRAND_COLOURS = {"pmh": "mental", "pir": "bond", "": "wider"}
# What a clock counts, where more than one is near.
CLOCK_NAMES = {
    "answer": "Answer",
    "introduce": "Introduce",
    "first_contact": "First contact",
    "second_look": "Second look",
    "meeting": "Meeting",
    "decide": "Decide",
    "read": "Read",
    "danger": "Danger",
    "danger_answer": "Danger",
    "not_reached": "Another way",
    "match": "Match",
    "say_what_happened": "Say what happened",
    "moved_to_you": "Say hello",
    "after_event": "Task",
    "message_not_delivered": "Message",
    "objection": "Answer",
    "own_record": "Own record",
}


@dataclass(frozen=True, slots=True)
class Chip:
    """A clock as `ui.clock` draws it: words, state (later, today, danger, paused), share of the time used."""

    words: str
    state: str
    used: float = 0.0


def chip(
    due: datetime, at: datetime, *, opened: datetime | None = None, urgent: bool = False, what: str = ""
) -> Chip:
    """How long until `due`, in working days, or in minutes when it is urgent. `what` names the clock."""
    named = f"{what}: " if what else ""
    used = share(opened or at, due, at)
    if urgent:
        words = f"{length(due - at)} left" if due >= at else f"{length(at - due)} late"
        if due >= at and working_time.london_day(due) != working_time.london_day(at):
            # Out of hours the minutes begin when somebody is there to use them: say when that ends.
            weekday = short_day(due).split(" ", 1)[0]
            words = f"by {weekday} {clock_time(due)}"
        return Chip(_start(named + words), "danger", used)
    left = working_time.working_days_left(
        working_time.in_london(at).date(), working_time.in_london(due).date()
    )
    if due < at:
        days = f"{-left} {'day' if left == -1 else 'days'} late"
        return Chip(_start(named + (days if left < 0 else f"late since {clock_time(due)}")), "danger", 1.0)
    if left == 0:
        return Chip(_start(f"{named}today by {clock_time(due)}"), "today", used)
    return Chip(_start(f"{named}{left} {'day' if left == 1 else 'days'} left"), "later", used)


def of_wait(wait: Wait, at: datetime, *, named: bool = True) -> Chip:
    """The clock of something that waits; `named` says what it counts."""
    return chip(
        wait.due_at,
        at,
        opened=wait.opened_at,
        urgent=wait.urgent,
        what=CLOCK_NAMES[wait.kind] if named else "",
    )


def paused(until: datetime | None, words: str = "") -> Chip:
    return Chip(words or f"Paused until {short_day(until)}", "paused")


def share(opened: datetime, due: datetime, at: datetime) -> float:
    """The share of the time that is gone, 0 to 1."""
    whole = (due - opened) / timedelta(seconds=1)
    return 1.0 if whole <= 0 else min(max((at - opened) / timedelta(seconds=1) / whole, 0.0), 1.0)


def strand_colour(strand: str) -> str:
    return STRAND_COLOURS[strand]


def level_words(level: str) -> str:
    return LEVELS.get(level, "")


def strand_words(strand: str) -> str:
    return STRANDS[strand]


def _start(words: str) -> str:
    return words[:1].upper() + words[1:]
