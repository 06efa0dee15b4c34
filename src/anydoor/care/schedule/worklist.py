"""What is due and overdue, by team and area, a page at a time. One query a page, from an index in order."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from anydoor.access.policy import Standing, check
from anydoor.care.models import ScheduledContact
from anydoor.care.models.schedule import PROVIDERS, ScheduledContactQuerySet
from anydoor.rules.schedule_contacts import BY_KEY

SHOWS = {"overdue": "Overdue", "due": "Due now", "later": "Coming up"}
AHEAD = timedelta(weeks=6)
# No contact stays worth catching up on for longer than this after its window closed.
LONGEST_OVERDUE = timedelta(days=400)
COUNTED_TO = 1000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list shows. Empty means all; `teams` are those that make the contacts."""

    show: str = "overdue"
    key: str = ""
    provider: str = ""
    teams: Collection[int] = ()
    areas: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a list: the closing day and key of the row it comes behind."""

    closes_on: date
    pk: int


def work_list(
    who: Standing, wanted: Wanted, *, on: date, most: int, after: Place | None = None
) -> list[ScheduledContact]:
    """At most `most` contacts of families `who` works with, the longest closed (or next to close) first."""
    rows = _rows(who, wanted, on)
    if after is not None:
        rows = rows.filter(Q(closes_on__gt=after.closes_on) | Q(closes_on=after.closes_on, pk__gt=after.pk))
    return list(
        rows.select_related("family__care", "child", "team", "area").order_by("closes_on", "pk")[:most]
    )


def how_many(who: Standing, wanted: Wanted, *, on: date) -> int:
    """How many there are, counted up to `COUNTED_TO`."""
    return _rows(who, wanted, on).order_by()[:COUNTED_TO].count()


def _rows(who: Standing, wanted: Wanted, on: date) -> ScheduledContactQuerySet:
    check(who, "see_schedule")
    rows = ScheduledContact.objects.open().for_user(who)
    if wanted.show == "due":
        rows = rows.due(on)
    elif wanted.show == "later":
        rows = rows.filter(opens_on__gt=on, opens_on__lte=on + AHEAD)
    else:
        rows = rows.overdue(on).filter(closes_on__gte=on - LONGEST_OVERDUE)
    if wanted.key in BY_KEY:
        rows = rows.filter(key=wanted.key)
    if wanted.provider in PROVIDERS:
        rows = rows.filter(provider=wanted.provider)
    if wanted.teams:
        rows = rows.of_teams(wanted.teams)
    if wanted.areas:
        rows = rows.filter(area_id__in=wanted.areas)
    return rows
