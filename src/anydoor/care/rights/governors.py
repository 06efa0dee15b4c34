"""Who answers for a family's record, by name: whom what somebody asks of it waits on, and until when."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from anydoor.access.models import User
from anydoor.access.policy import standing_of
from anydoor.care.break_glass import ig_leads
from anydoor.care.models import FamilyCare, Wait
from anydoor.people.models import Family
from anydoor.rules import working_time

# The clock asks this many days before the law's day, so that there is time left when it climbs.
BEFORE_DAYS = 10


def governors_of(care: FamilyCare, at: datetime) -> list[User]:
    """Whom it waits on: governance leads, else the lead of the front door, else its fall-back.

    Of a sealed record those who are named for it; when none of them governs, its lead holder.
    """
    door = care.area.front_door
    found = [*ig_leads(care, at), *(one for one in (door.lead, door.fallback) if one is not None)]
    found = [one for one in dict.fromkeys(found) if one.is_active]
    if not care.sealed:
        return found
    on = working_time.london_day(at)
    named = [one for one in found if care.pk in standing_of(one, on, at).named]
    return named or ([care.lead] if care.lead is not None else [])


def governance_leads(care: FamilyCare, at: datetime) -> list[User]:
    """Those of them who are governance leads; the first of them all when there is none."""
    found = governors_of(care, at)
    roles = {one.pk for one in ig_leads(care, at)}
    return [one for one in found if one.pk in roles] or found[:1]


def wait_for_answer(
    kind: str, family: Family, care: FamilyCare, *, due_on: date, why: str, at: datetime
) -> Wait:
    """The clock of an answer that the law wants by `due_on`; it waits on whoever answers for the record."""
    people = governance_leads(care, at)
    return Wait.objects.create(
        kind=kind, family=family, area_id=care.area_id, user=people[0] if people else None,
        team=care.area.front_door, why=why[:400], opened_at=at, due_at=asked_about_at(due_on, at),
    )  # fmt: skip


def asked_about_at(due_on: date, at: datetime) -> datetime:
    """The moment the clock asks: some days before the law's day, and never before now."""
    return max(working_time.london(due_on - timedelta(days=BEFORE_DAYS), time(9)), at + timedelta(hours=1))
