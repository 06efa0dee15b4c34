"""The rows of the schedule worked out anew, in the transaction that changed a date. What was done is kept.

A row is made when its contact is wanted, and not before it can be: the reviews after a birth are made at the
birth. Rows that a person decided keep their state; only their windows move. A row is taken away only when its
contact fell away and nothing was ever recorded on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from anydoor.care.models import FamilyCare, ScheduledChild, ScheduledContact
from anydoor.care.schedule.local import Makers, makers, schedule_of
from anydoor.directory.models import Area
from anydoor.people.models import ADULT_ROLES, Family, FamilyMember, Person
from anydoor.rules import schedule as rules
from anydoor.rules.schedule import Course, Planned, Stay, plan
from anydoor.rules.schedule_contacts import BY_KEY
from anydoor.rules.working_time import london_day

CHILD_ROLES = ("baby", "child")
WINDOW = ("opens_on", "closes_on", "counts_from", "lapses_on")
STATE_OF = {"wanted": "open", "excluded": "excluded", "not_needed": "not_needed", "not_ours": "not_needed"}
KEPT = (*WINDOW, "team_id", "state", "counted", "why", "since", "family_id", "child_id")
CHILD_COLUMNS = ("due_on", "born_on", "lost_on", "loss_kind", "district_code")


@dataclass
class Held:
    """One child of a family with its record in the schedule and its rows, in every area it lived in."""

    child: Person
    record: ScheduledChild
    rows: list[ScheduledContact] = field(default_factory=list)
    is_new: bool = False
    is_moved: bool = False  # came over from another family

    def here(self) -> dict[str, ScheduledContact]:
        return {row.key: row for row in self.rows if row.area_id == self.record.area_id}

    def is_done(self, key: str) -> bool:
        return any(row.key == key and row.state == "done" for row in self.rows)


def keep(family: Family | int, *, at: datetime) -> None:
    """Work the schedule of a family's children out anew. Call it inside the transaction of the change."""
    family_id = family if isinstance(family, int) else family.pk
    members = list(
        FamilyMember.objects.filter(family_id=family_id, left_at__isnull=True)
        .select_related("person")
        .order_by("person_id")
    )
    children = [row for row in members if row.role in CHILD_ROLES]
    if not children:
        return
    care = FamilyCare.objects.select_related("area").filter(pk=family_id).first()
    if care is None:
        return
    held = _held(family_id, children, care.area)
    districts = district_codes(row.person for row in sorted(members, key=_adults_first))
    _keep_all(family_id, held, districts, london_day(at))


def _adults_first(member: FamilyMember) -> tuple[bool, bool, int]:
    return member.role not in ADULT_ROLES, member.role != "mother", member.person_id


def district_codes(people: Iterable[Person]) -> tuple[str, ...]:
    """The district of the first of these that has one: the mother's, else another adult's, else a child's."""
    return next(((one.district_code,) for one in people if one.district_code), ())


def _held(family_id: int, children: Sequence[FamilyMember], area: Area) -> list[Held]:
    ids = [row.person_id for row in children]
    records = {row.pk: row for row in ScheduledChild.objects.filter(child_id__in=ids).select_related("area")}
    rows: dict[int, list[ScheduledContact]] = {}
    if records:
        for row in ScheduledContact.objects.filter(child_id__in=ids).order_by("pk"):
            rows.setdefault(row.child_id, []).append(row)
    held = []
    for member in children:
        record = records.get(member.person_id)
        if record is None:
            record = ScheduledChild(
                child=member.person,
                family_id=family_id,
                area=area,
                known_from=london_day(member.joined_at),
                told_lost_on=london_day(member.joined_at) if _lost_without_a_day(member.person) else None,
            )
            held.append(Held(member.person, record, is_new=True))
        elif record.family_id == family_id:
            held.append(Held(member.person, record, rows.get(member.person_id, [])))
        elif not _still_in(record):
            record.family_id = family_id
            held.append(Held(member.person, record, rows.get(member.person_id, []), is_moved=True))
    return held


def _lost_without_a_day(child: Person) -> bool:
    return bool(child.loss_kind) and child.lost_on is None


def _still_in(record: ScheduledChild) -> bool:
    return FamilyMember.objects.filter(
        family_id=record.family_id, person_id=record.pk, left_at__isnull=True
    ).exists()


def course_of(child: Person, record: ScheduledChild) -> Course:
    """What the schedule of a child depends on, as the rules want it."""
    lost_on = child.lost_on
    if lost_on is None and child.loss_kind:
        lost_on = record.told_lost_on or record.known_from
    return Course(
        due_on=child.due_on,
        born_on=child.born_on,
        lost_on=lost_on,
        known_from=record.known_from,
        left_on=record.left_on,
        stays=tuple(
            Stay(date.fromisoformat(start), date.fromisoformat(end) if end else None)
            for start, end in record.stays
        ),
        first=record.first_baby,
    )


def courses_of(pairs: Sequence[tuple[Person, ScheduledChild]]) -> list[Course]:
    """The same for all children of a family: who leads a pregnancy, and whose is not the first."""
    courses = [course_of(child, record) for child, record in pairs]
    leaders = rules.pregnancies(courses)
    return [
        replace(
            course,
            leads=leaders[place] == place,
            first="no" if rules.has_older(course, courses) else course.first,
        )
        for place, course in enumerate(courses)
    ]


def _keep_all(family_id: int, held: list[Held], districts: tuple[str, ...], on: date) -> None:
    pairs = [(one.child, one.record) for one in held]
    courses = courses_of(pairs)
    leaders = rules.pregnancies([course_of(child, record) for child, record in pairs])
    changed = _Changes(family_id)
    for place, one in enumerate(held):
        if leaders[place] != place:
            _hand_to_leader(one, held[leaders[place]], changed)
    teams: dict[str, Makers] = {}
    for one, course in zip(held, courses, strict=True):
        slug = one.record.area.slug
        planned = plan(course, schedule_of(slug))
        if slug not in teams and planned:
            teams[slug] = makers(slug, districts)
        if planned or one.rows:
            _keep_child(one, planned, teams.get(slug, Makers({})), changed)
        if one.is_moved or (one.is_new and planned):
            changed.records.append(one.record)
    changed.store()


@dataclass
class _Changes:
    """What is to be stored, in as few statements as there are kinds of change."""

    family_id: int
    records: list[ScheduledChild] = field(default_factory=list)
    new: list[ScheduledContact] = field(default_factory=list)
    changed: list[ScheduledContact] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)

    def store(self) -> None:
        for record in self.records:
            record.save()
        if self.gone:
            ScheduledContact.objects.filter(pk__in=self.gone).delete()
        if self.changed:
            ScheduledContact.objects.bulk_update(self.changed, [name.removesuffix("_id") for name in KEPT])
        ScheduledContact.objects.bulk_create(self.new)


def _hand_to_leader(one: Held, leader: Held, changed: _Changes) -> None:
    """Of twins, what belongs to the pregnancy or the mother goes to the leader. Nothing done is lost."""
    theirs = leader.here()
    for row in list(one.rows):
        contact = BY_KEY.get(row.key)
        if contact is None or contact.about == "baby":
            continue
        at_leader = theirs.get(row.key)
        if at_leader is None:
            row.child = leader.child
            one.rows.remove(row)
            leader.rows.append(row)
        elif row.state == "done" and not leader.is_done(row.key) and _untouched(at_leader):
            changed.gone.append(at_leader.pk)
            leader.rows.remove(at_leader)
            row.child = leader.child
            one.rows.remove(row)
            leader.rows.append(row)
        elif _untouched(row):
            changed.gone.append(row.pk)
            one.rows.remove(row)


def _untouched(row: ScheduledContact) -> bool:
    """Nothing was ever recorded on it."""
    return row.state != "done" and not row.by_hand


def _keep_child(one: Held, planned: Sequence[Planned], teams: Makers, changed: _Changes) -> None:
    here = one.here()
    for wanted in planned:
        row = here.pop(wanted.key, None)
        if row is None:
            if wanted.verdict == "wanted" and not wanted.estimated and not one.is_done(wanted.key):
                changed.new.append(new_row(one.record, wanted, teams))
        elif wanted.estimated and _untouched(row):
            changed.gone.append(row.pk)  # the birth was taken back: the reviews wait for it again
        else:
            _keep_row(row, one, wanted, teams, changed)
    # What is left belongs to no plan any more.
    changed.gone += [row.pk for row in here.values() if _untouched(row)]
    for row in one.rows:
        if row.pk not in changed.gone and row.family_id != changed.family_id:
            row.family_id = changed.family_id
            _mark(row, changed)


def _keep_row(row: ScheduledContact, one: Held, wanted: Planned, teams: Makers, changed: _Changes) -> None:
    before = [getattr(row, name) for name in KEPT]
    for name in WINDOW:
        setattr(row, name, getattr(wanted, name))
    row.team_id = teams.team_id(wanted.contact.provider)
    if _untouched(row):
        state_from(row, wanted)
    elif row.state == "done":
        row.counted = wanted.counted
        row.why, row.since = ("", None) if wanted.counted else (wanted.why, wanted.since)
    elif row.state == "excluded" and row.since is not None:
        row.counted = row.since > row.closes_on
    if [getattr(row, name) for name in KEPT] != before or row.child_id != one.child.pk:
        _mark(row, changed)


def _mark(row: ScheduledContact, changed: _Changes) -> None:
    if row not in changed.changed:
        changed.changed.append(row)


def state_from(row: ScheduledContact, wanted: Planned) -> None:
    """The state that follows from the plan, where no person decided."""
    row.state = STATE_OF[wanted.verdict]
    row.counted, row.why, row.since = wanted.counted, wanted.why, wanted.since


def new_row(record: ScheduledChild, wanted: Planned, teams: Makers, **more: Any) -> ScheduledContact:
    """A row for one contact of a plan, not stored yet."""
    row = ScheduledContact(
        family_id=record.family_id,
        child_id=record.pk,
        area_id=record.area_id,
        team_id=teams.team_id(wanted.contact.provider),
        key=wanted.key,
        provider=wanted.contact.provider,
        opens_on=wanted.opens_on,
        closes_on=wanted.closes_on,
        counts_from=wanted.counts_from,
        lapses_on=wanted.lapses_on,
        **more,
    )
    state_from(row, wanted)
    return row


def first_rows(
    family: Family, children: Sequence[Person], *, area: Area, district_code: str, at: datetime
) -> list[ScheduledChild | ScheduledContact]:
    """The schedule of children in a family begun in this very transaction: to be stored with it."""
    on = london_day(at)
    pairs = [
        (child, ScheduledChild(child=child, family=family, area=area, known_from=on)) for child in children
    ]
    found: list[ScheduledChild | ScheduledContact] = []
    teams: Makers | None = None
    for (_, record), course in zip(pairs, courses_of(pairs), strict=True):
        wanted = [
            one
            for one in plan(course, schedule_of(area.slug))
            if one.verdict == "wanted" and not one.estimated
        ]
        if not wanted:
            continue
        teams = teams or makers(area.slug, (district_code,))
        found.append(record)
        found += [new_row(record, one, teams) for one in wanted]
    return found
