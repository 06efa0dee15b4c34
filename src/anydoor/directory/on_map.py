"""The services of an area as its map needs them: one query, and what the last line of the map says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from anydoor.directory.models import Area, Service
from anydoor.rules.pathway_map.entry import Entry
from anydoor.rules.stage import day_in_words

STALE = timedelta(days=183)


@dataclass(frozen=True, slots=True)
class Checked:
    """How well an area's entries were kept: how many there are, since when all were checked, how many not."""

    count: int
    since: date | None
    stale: int


def entries_of(area: Area, *, on: date) -> tuple[list[Entry], Checked]:
    """Every live service that serves the area, and how well they were kept."""
    rows = list(Service.objects.live(on).serving(area).select_related("organisation"))
    return [entry_of(row, on=on) for row in rows], checked(rows, on=on)


def entry_of(row: Service, *, on: date) -> Entry:
    """A service as the map needs it."""
    return Entry(
        slug=row.slug,
        name=row.name,
        strand=row.strand,
        level=row.level,
        needs=tuple(row.needs),
        trying=row.trying_to_conceive,
        pregnancy=_pair(row.pregnancy_from_week, row.pregnancy_to_week),
        child=_pair(row.child_from_days, row.child_to_days),
        after_loss=row.after_loss,
        loss_days=row.loss_days,
        audience=frozenset(row.audience),
        routes=frozenset(row.routes_in),
        age_under=row.eligibility.get("parent_age_under"),
        organisation=row.organisation.name,
        words=first_sentence(row.summary),
        note=note_of(row, on=on),
    )


def _pair(first: int | None, last: int | None) -> tuple[int, int] | None:
    return None if first is None or last is None else (first, last)


def first_sentence(text: str) -> str:
    """The first sentence of a summary."""
    return re.split(r"(?<=[.!?])\s", text.strip(), maxsplit=1)[0]


def note_of(row: Service, *, on: date) -> str:
    """What somebody must know before setting out: closed for a time, or being tried out."""
    if row.is_closed_for_now(on):
        until = row.closed_until
        return f"Closed until {day_in_words(until, on)}" if until else "Closed for now"
    return "New, being tried out" if row.state == "pilot" else ""


def is_stale(row: Service, *, on: date) -> bool:
    """Nobody has checked the entry for as long as it says (half a year if nothing else was set), or ever."""
    return row.last_checked is None or (on - row.last_checked).days > row.check_every_days


def checked(rows: Iterable[Service], *, on: date) -> Checked:
    """Since when each entry was checked; entries checked longer than half a year ago are counted apart."""
    all_rows = list(rows)
    fresh = [row.last_checked for row in all_rows if row.last_checked and not is_stale(row, on=on)]
    return Checked(len(all_rows), min(fresh, default=None), len(all_rows) - len(fresh))
