"""What one family's pages show of its schedule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from anydoor.care.models import Measure, ScheduledChild, ScheduledContact
from anydoor.care.schedule.keeping import courses_of
from anydoor.care.schedule.local import schedule_of
from anydoor.people.models import Person
from anydoor.rules.schedule import Planned, plan, pregnancies, stands, timing
from anydoor.rules.schedule_contacts import BY_KEY, Contact


@dataclass(slots=True)
class Entry:
    """One contact of one child: what is planned, what is recorded, what was asked at it.

    `stands`: later, due, overdue, missed, done, declined, excluded, not_needed, before_us or estimated.
    """

    contact: Contact
    planned: Planned | None
    row: ScheduledContact | None
    stands: str
    measures: Sequence[Measure] = ()
    when: str = ""  # of a done one: in_time, early or late
    met: tuple[str, ...] = ()


@dataclass(slots=True)
class ChildSchedule:
    """The contacts of one child, in the order of their windows."""

    child: Person
    record: ScheduledChild
    is_lost: bool
    asks_first: bool  # whether it matters, and nobody said, that this is a first baby
    entries: list[Entry] = field(default_factory=list)
    twins: Sequence[int] = ()  # other children born with this one


def family_schedule(family_id: int, on: date) -> list[ChildSchedule]:
    """The schedule of every child of a family, in three queries however long it is."""
    records = list(
        ScheduledChild.objects.filter(family_id=family_id)
        .select_related("child", "area")
        .order_by("child__born_on", "pk")
    )
    if not records:
        return []
    rows: dict[int, list[ScheduledContact]] = {}
    found = ScheduledContact.objects.filter(family_id=family_id).select_related("team", "area")
    for row in found.order_by("opens_on", "pk"):
        rows.setdefault(row.child_id, []).append(row)
    measures: dict[str, list[Measure]] = {}
    for measure in (
        Measure.objects.kept().filter(family_id=family_id).exclude(schedule_key="").select_related("person")
    ):
        measures.setdefault(measure.schedule_key, []).append(measure)
    courses = courses_of([(record.child, record) for record in records])
    leaders = pregnancies(courses)
    children = [
        _child(record, plan(course, schedule_of(record.area.slug)), rows.get(record.pk, []), measures, on)
        for record, course in zip(records, courses, strict=True)
    ]
    for place, child in enumerate(children):
        child.twins = [
            other.child.pk
            for its_place, other in enumerate(children)
            if other is not child and not other.is_lost and leaders[its_place] == leaders[place]
        ]
    return children


def _child(
    record: ScheduledChild,
    planned: Sequence[Planned],
    rows: Sequence[ScheduledContact],
    measures: dict[str, list[Measure]],
    on: date,
) -> ChildSchedule:
    here = {row.key: row for row in rows if row.area_id == record.area_id}
    done_elsewhere = {row.key: row for row in rows if row.area_id != record.area_id and row.state == "done"}
    by_key = {one.key: one for one in planned}
    entries = []
    for key in dict.fromkeys([*by_key, *here]):
        if key not in BY_KEY:
            continue
        row = here.get(key)
        if row is None or row.state in {"open", "excluded"}:
            row = done_elsewhere.get(key, row)
        entries.append(_entry(by_key.get(key), row, record, measures, on, BY_KEY[key]))
    entries.sort(key=lambda one: _window(one))
    child = record.child
    return ChildSchedule(
        child=child,
        record=record,
        is_lost=child.lost_on is not None or bool(child.loss_kind),
        asks_first=any(one.planned is not None and one.planned.why == "first_not_asked" for one in entries)
        and child.born_on is None,
        entries=entries,
    )


def _window(one: Entry) -> tuple[date, date, str]:
    held = one.row or one.planned
    assert held is not None
    return held.opens_on, held.closes_on, one.contact.key


def _entry(
    planned: Planned | None,
    row: ScheduledContact | None,
    record: ScheduledChild,
    measures: dict[str, list[Measure]],
    on: date,
    national: Contact,
) -> Entry:
    contact = planned.contact if planned is not None else national
    entry = Entry(contact, planned, row, _stands(planned, row, on))
    if row is not None:
        entry.measures = [
            one
            for one in measures.get(row.key, ())
            if row.counts_from <= one.taken_at.date() <= max(row.lapses_on, row.done_on or row.lapses_on)
        ]
        if row.done_on is not None:
            found = timing(
                contact,
                done_on=row.done_on,
                counts_from=row.counts_from,
                closes_on=row.closes_on,
                born_on=record.child.born_on,
            )
            entry.when, entry.met = found.when, found.met
    return entry


def _stands(planned: Planned | None, row: ScheduledContact | None, on: date) -> str:
    if row is not None:
        if row.state != "open":
            return "before_us" if row.why == "before_us" and row.state == "not_needed" else row.state
        return stands(row.opens_on, row.closes_on, row.lapses_on, on)
    if planned is None or planned.verdict == "not_ours":
        return "before_us"
    if planned.estimated:
        return "estimated" if planned.verdict == "wanted" else planned.verdict
    return planned.verdict if planned.verdict != "wanted" else "later"
