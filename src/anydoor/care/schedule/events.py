"""What happens in a family's life, and what it does to the schedule: in the transaction that records it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from anydoor.care.models import ScheduledChild, ScheduledContact
from anydoor.care.record import Pen
from anydoor.care.schedule.keeping import CHILD_ROLES, keep
from anydoor.directory.models import Area
from anydoor.people.models import FamilyMember, Person
from anydoor.rules.working_time import london_day

STAYS_KEPT = 50  # far more than anybody has; a bound on what one record can grow to


def after_event(
    pen: Pen, *, kind: str, on: date, baby: Person | None = None, new_area: Area | None = None
) -> None:
    """A birth, a loss, a neonatal stay or a move: the schedule follows at once."""
    keep(pen.family, at=pen.at)
    if kind == "loss" and baby is not None:
        _close_for_loss(pen, baby, on)
    elif kind == "neonatal_admission":
        _begin_stay(_concerned(pen, baby), on)
    elif kind == "neonatal_discharge":
        _end_stay(_concerned(pen, baby), on)
    elif kind == "moved_away" and new_area is not None:
        _move(pen, on, new_area)
    else:
        return
    keep(pen.family, at=pen.at)


def _close_for_loss(pen: Pen, baby: Person, on: date) -> None:
    """Every contact of this child that is open is closed at once, in every area, whoever had opened it."""
    ScheduledChild.objects.filter(child=baby).update(told_lost_on=on)
    rows = ScheduledContact.objects.open().filter(child=baby, family=pen.family)
    closed = {"state": "excluded", "why": "bereaved", "since": on, "by_hand": False}
    rows.filter(closes_on__lt=on).update(counted=True, **closed)
    rows.update(counted=False, **closed)


def _concerned(pen: Pen, baby: Person | None) -> list[ScheduledChild]:
    """The baby named; else the youngest that were born together."""
    records = list(
        ScheduledChild.objects.filter(family=pen.family, child__born_on__isnull=False, child__loss_kind="")
        .select_related("child")
        .order_by("-child__born_on", "pk")
    )
    if baby is not None:
        return [record for record in records if record.pk == baby.pk]
    youngest = records[0].child.born_on if records else None
    return [record for record in records if record.child.born_on == youngest]


def _begin_stay(records: Sequence[ScheduledChild], on: date) -> None:
    for record in records:
        if record.stays and record.stays[-1][1] is None:
            continue  # there already: the first day stands
        record.stays = [*record.stays, [on.isoformat(), None]][-STAYS_KEPT:]
        record.save(update_fields=["stays"])


def _end_stay(records: Sequence[ScheduledChild], on: date) -> None:
    """Home again. When nobody had recorded the beginning, it was in care from birth."""
    for record in records:
        born_on = record.child.born_on
        stays = list(record.stays)
        if stays and stays[-1][1] is None:
            stays[-1] = [min(stays[-1][0], on.isoformat()), on.isoformat()]
        elif not stays and born_on is not None:
            stays = [[min(born_on, on).isoformat(), on.isoformat()]]
        record.stays = stays
        record.save(update_fields=["stays"])


def _move(pen: Pen, on: date, new_area: Area) -> None:
    """What closes after the move is the new area's; what had closed before stays with the old one's count."""
    members = FamilyMember.objects.filter(family=pen.family, left_at__isnull=True, role__in=CHILD_ROLES)
    records = list(
        ScheduledChild.objects.filter(family=pen.family, child_id__in=members.values("person_id")).exclude(
            area=new_area
        )
    )
    today = london_day(pen.at)
    for record in records:
        left_behind = ScheduledContact.objects.filter(
            child_id=record.pk, area_id=record.area_id, state="open"
        )
        left_behind.filter(closes_on__gte=on).update(
            state="excluded", why="moved_out", since=on, counted=False
        )
        if on <= today:
            left_behind.filter(closes_on__lt=on).update(
                state="excluded", why="moved_out", since=on, counted=True
            )
        ScheduledContact.objects.filter(
            child_id=record.pk, area=new_area, why="moved_out", state="excluded"
        ).update(state="open", why="", since=None, counted=True)
        record.area, record.known_from, record.left_on = new_area, on, None
        record.save(update_fields=["area", "known_from", "left_on"])
