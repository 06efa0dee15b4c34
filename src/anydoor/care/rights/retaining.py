"""Which records have been kept for as long as they must be. A person decides; nothing is erased by itself."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.db.models import Exists, F, Max, OuterRef, Q

from anydoor.access.policy import Standing
from anydoor.care.models import Contact, Episode, Erasure, FamilyCare, Happening, LegalHold
from anydoor.care.rights.holds import governed_by
from anydoor.people.models import FamilyMember
from anydoor.rules.errors import BadInput
from anydoor.rules.retention import Kept, Until, add_years, keep_until, years_of
from anydoor.rules.working_time import london_day

LOCAL = Path(__file__).with_name("retention.toml")
LOOKED_AT = 2000  # records, oldest first, of which those that are due are shown
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Due:
    """A record whose time is over, and which period decided that."""

    care: FamilyCare
    last_contact_on: date
    until: Until
    held: bool
    asked: bool


def due_for_review(who: Standing, on: date) -> list[Due]:
    """Records that somebody answers for, closed, whose longest period has run out by this day.

    At most `SHOWN`, those that rested longest first; the next come up when these are decided.
    """
    rows = (
        governed_by(who)
        .filter(is_open=False)
        .exclude(Exists(Erasure.objects.filter(family=OuterRef("pk"), state="done", person__isnull=True)))
        .annotate(
            last=Max("family__happenings__at"),
            held=Exists(LegalHold.objects.filter(family=OuterRef("pk"), lifted_at__isnull=True)),
            asked=Exists(Erasure.objects.filter(family=OuterRef("pk"), state="asked")),
        )
        .filter(last__date__lte=add_years(on, -1))
        .select_related("area")
        .order_by("last", "pk")
    )
    found: list[Due] = []
    for some in _parts(list(rows[:LOOKED_AT]), 200):
        kept = _kept_of(some)
        for care in some:
            until = keep_until(kept[care.pk], longer_in(care.area.slug))
            if until.is_due(on):
                found.append(Due(care, kept[care.pk].last_contact_on, until, care.held, care.asked))  # type: ignore[attr-defined]  # annotated above
    return found[:SHOWN]


def until_of(care: FamilyCare) -> Until | None:
    """Until when one family's record is kept; None when nothing ever happened in it."""
    care.last = Happening.objects.filter(family=care.pk).aggregate(last=Max("at"))["last"]  # type: ignore[attr-defined]  # as in the list
    if care.last is None:  # type: ignore[attr-defined]  # set above
        return None
    return keep_until(_kept_of([care])[care.pk], longer_in(care.area.slug))


def _parts(rows: Sequence[FamilyCare], size: int) -> Iterator[Sequence[FamilyCare]]:
    for start in range(0, len(rows), size):
        yield rows[start : start + size]


def _kept_of(cares: Sequence[FamilyCare]) -> dict[int, Kept]:
    ids = [one.pk for one in cares]
    worked = Episode.objects.filter(family__in=ids)
    minds = set(worked.exclude(service__strand="").values_list("family_id", flat=True))
    met = set(worked.values_list("family_id", flat=True)) | set(
        Contact.objects.filter(family__in=ids, outcome="attended").values_list("family_id", flat=True)
    )
    birth = Q(person__due_on__isnull=False) | Q(person__lost_on__isnull=False) | Q(role__in=["baby", "child"])
    members = FamilyMember.objects.filter(family__in=ids)
    births = set(members.filter(birth).values_list("family_id", flat=True))
    born = dict(
        members.filter(role__in=["baby", "child"])
        .values("family")
        .annotate(youngest=Max(F("person__born_on")))
        .values_list("family", "youngest")
    )
    return {
        one.pk: Kept(
            last_contact_on=london_day(one.last),  # type: ignore[attr-defined]  # annotated by both callers
            helped=one.pk in met,
            mental_health=one.pk in minds,
            maternity=one.pk in births,
            youngest_born_on=born.get(one.pk),
        )
        for one in cares
    }


def longer_in(area_slug: str) -> Mapping[str, int]:
    """The periods an area keeps longer, from `retention.toml`."""
    return _read(str(LOCAL)).get(area_slug, {})


@cache
def _read(path: str) -> Mapping[str, Mapping[str, int]]:
    try:
        tables = tomllib.loads(Path(path).read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as fault:
        raise BadInput(f"{path} is no TOML: {fault}") from fault
    for slug, periods in tables.items():
        try:
            years_of(periods)
        except BadInput as fault:
            raise BadInput(f"{path}, {slug}: {fault.message}") from fault
    return tables
