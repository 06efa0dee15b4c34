"""Which routine contacts somebody has, and when: from a due date or a birth to windows, and what stops them.

Facts of one child in, a plan out. Nothing here reads a clock, and nothing that was done is known here:
whoever keeps the plan lays it over what is recorded.

    wanted      belongs to this child; whether it is due or overdue follows from the day one looks
    excluded    a reason that is nobody's failure: a loss, a stay in neonatal care, a move
    not_needed  born before its time came, not the first pregnancy (or nobody asked)
    not_ours    its window had closed before the family was known here

A reason takes a contact out of the count when it began on or before the day its window closed. A window that
had closed before stays counted as it stood: what was missed then was missed. All windows of one child follow
from the same dates, so a changed due date moves all of them. A baby born early keeps windows from the day of
birth (the reviews are counted so); the appointments that its birth came before are not needed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Literal

from anydoor.rules.schedule_contacts import LAST_WEEK, NATIONAL, Age, Contact, Schedule

Verdict = Literal["wanted", "excluded", "not_needed", "not_ours"]

EXCLUDED_WORDS = {
    "bereaved": "After a loss",
    "neonatal": "In neonatal care when the window closed",
    "moved_out": "Moved out of the area",
    "elsewhere": "Looked after by a team in another area",
    "not_safe": "Not safe to contact them now",
    "in_error": "Does not belong to this family",
}
NOT_NEEDED_WORDS = {
    "born_before": "Born before it was time",
    "not_first": "Only in a first pregnancy",
    "first_not_asked": "Only in a first pregnancy; nobody has asked yet",
}
# Two children belong to one pregnancy when their due dates, or their births, lie no further apart.
SAME_DUE = timedelta(days=7)
SAME_BIRTH = timedelta(days=2)
# Less than a full pregnancy, for a slip in dating: born closer together, one is not an older sibling.
OLDER = timedelta(weeks=30)


@dataclass(frozen=True, slots=True)
class Stay:
    """Days in neonatal care: from `start` to before `end`; None while it goes on."""

    start: date
    end: date | None = None

    def covers(self, day: date) -> bool:
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(frozen=True, slots=True)
class Course:
    """What the schedule of one child depends on.

    `known_from`: since when the family is on caseload here; `left_on`: from when it is not any more.
    `lost_on` is the day of a loss (or, when nobody knows it, the day it was told). `leads`: of twins, the one
    that the contacts of the pregnancy and of the mother are kept with. `first`: yes, no or not_asked.
    """

    due_on: date | None = None
    born_on: date | None = None
    lost_on: date | None = None
    known_from: date | None = None
    left_on: date | None = None
    stays: tuple[Stay, ...] = ()
    leads: bool = True
    first: str = "not_asked"


@dataclass(frozen=True, slots=True)
class Planned:
    """One contact of one child: window, verdict, and why it is not wanted or not counted.

    `counted`: whether it belongs to the people that coverage is out of, once the window has closed.
    `estimated`: worked out from a due date, because the baby is not born.
    """

    contact: Contact
    opens_on: date
    closes_on: date
    counts_from: date
    lapses_on: date
    verdict: Verdict = "wanted"
    why: str = ""
    since: date | None = None
    counted: bool = True
    estimated: bool = False

    @property
    def key(self) -> str:
        return self.contact.key


def plan(course: Course, schedule: Schedule = NATIONAL) -> tuple[Planned, ...]:
    """Every contact of one child, in the order of their windows. Without a due date or a birth: none."""
    found = []
    for contact in schedule.contacts.values():
        if contact.about != "baby" and not course.leads:
            continue
        window = _window(contact, course)
        if window is not None:
            found.append(_judged(window, course))
    return tuple(sorted(found, key=lambda one: (one.opens_on, one.closes_on, one.key)))


def _window(contact: Contact, course: Course) -> Planned | None:
    anchor, estimated = (course.due_on, False) if contact.is_antenatal else (course.born_on, False)
    if anchor is None and not contact.is_antenatal:
        anchor, estimated = course.due_on, True
    if anchor is None:
        return None
    opens_on = contact.opens.on(anchor)
    lapses_on = contact.lapses.on(anchor)
    if contact.closes is not None:
        closes_on = contact.closes.on(anchor)
    else:
        closes_on = course.born_on or LAST_WEEK.on(anchor)
    if contact.is_antenatal and course.born_on is not None:
        lapses_on = min(lapses_on, course.born_on)
    counts_from = contact.counts_from.on(anchor) if contact.counts_from is not None else opens_on
    return Planned(
        contact=contact,
        opens_on=opens_on,
        closes_on=max(closes_on, opens_on),
        counts_from=counts_from,
        lapses_on=max(lapses_on, closes_on, opens_on),
        estimated=estimated,
    )


def _judged(one: Planned, course: Course) -> Planned:
    contact, born_on = one.contact, course.born_on
    if contact.only_first and course.first != "yes":
        return _not(one, "not_needed", "not_first" if course.first == "no" else "first_not_asked")
    if contact.is_antenatal and born_on is not None and _came_before(one, born_on):
        return _not(one, "not_needed", "born_before", born_on)
    if course.lost_on is not None:
        return _excluded(one, "bereaved", course.lost_on)
    if course.known_from is not None and one.closes_on < course.known_from:
        return _not(one, "not_ours", "before_us", course.known_from)
    if course.left_on is not None:
        return _excluded(one, "moved_out", course.left_on)
    if not contact.is_antenatal:
        return _after_stays(one, course)
    return one


def _came_before(one: Planned, born_on: date) -> bool:
    """Whether the birth came before there was the whole window to do it in."""
    if one.contact.closes is None:
        return born_on <= one.opens_on
    return born_on <= one.closes_on


def _not(one: Planned, verdict: Verdict, why: str, since: date | None = None) -> Planned:
    return replace(one, verdict=verdict, why=why, since=since, counted=False)


def _excluded(one: Planned, why: str, since: date) -> Planned:
    return replace(one, verdict="excluded", why=why, since=since, counted=since > one.closes_on)


def _after_stays(one: Planned, course: Course) -> Planned:
    """In neonatal care on the day the window closed: excluded; once home it has as many days again."""
    stay = next((stay for stay in course.stays if stay.covers(one.closes_on)), None)
    if stay is None:
        return one
    if stay.end is None:
        return _excluded(one, "neonatal", stay.start)
    days = one.closes_on - one.opens_on
    closes_on = stay.end + days
    return replace(
        one,
        why="neonatal",
        since=stay.start,
        counted=False,
        opens_on=stay.end,
        counts_from=stay.end,
        closes_on=closes_on,
        lapses_on=max(one.lapses_on, closes_on),
    )


def pregnancies(children: Sequence[Course]) -> list[int]:
    """For each child, in order, the place of the child that leads its pregnancy.

    Twins share one: the leader is the first that is living, else the first. A child without any date leads
    itself.
    """
    groups: list[list[int]] = []
    for place, child in enumerate(children):
        for group in groups:
            if any(_together(child, children[other]) for other in group):
                group.append(place)
                break
        else:
            groups.append([place])
    leader = [0] * len(children)
    for group in groups:
        first = min(group, key=lambda place: (children[place].lost_on is not None, place))
        for place in group:
            leader[place] = first
    return leader


def _together(one: Course, other: Course) -> bool:
    if one.born_on is not None and other.born_on is not None:
        return abs(one.born_on - other.born_on) <= SAME_BIRTH
    if one.due_on is not None and other.due_on is not None:
        return abs(one.due_on - other.due_on) <= SAME_DUE
    return False


def has_older(child: Course, others: Sequence[Course]) -> bool:
    """Whether another child of the family was born well before this one: then this is not the first."""
    when = child.born_on or child.due_on
    if when is None:
        return False
    return any(other.born_on is not None and when - other.born_on >= OLDER for other in others)


@dataclass(frozen=True, slots=True)
class Timing:
    """When a contact was done against its window: `in_time`, `early` or `late`, with the marks it met."""

    when: Literal["in_time", "early", "late"]
    met: tuple[str, ...] = ()


def timing(
    contact: Contact, *, done_on: date, counts_from: date, closes_on: date, born_on: date | None
) -> Timing:
    """Whether a contact was in time, and which national marks it met (those need the birth)."""
    when: Literal["in_time", "early", "late"] = (
        "early" if done_on < counts_from else "late" if done_on > closes_on else "in_time"
    )
    met = tuple(
        mark.code
        for mark in contact.marks
        if born_on is not None and isinstance(mark.by, Age) and done_on <= mark.by.on(born_on)
    )
    return Timing(when, met if when != "early" else ())


def stands(opens_on: date, closes_on: date, lapses_on: date, on: date) -> str:
    """How an open contact stands on a day: `later`, `due`, `overdue`, or `missed` once it has lapsed."""
    if on < opens_on:
        return "later"
    if on <= closes_on:
        return "due"
    return "overdue" if on <= lapses_on else "missed"
