"""Coverage: of those whose window closed in a period, how many had the contact in it, and what was asked.

The denominator is people whose window for a contact has closed in the period and who were on caseload for
it: rows that count. Bereaved families, babies in neonatal care when the window closed, and families that had
moved are counted apart, not as missed. A contact done, an instrument offered, completed, declined, positive
and acted on are six numbers that are never one. Fathers and co-parents are counted apart. The people are
those known here, not everybody born in the county. Sealed families are in no number.

Reads rows and measures only; a handful of statements, whatever the size of the period.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Literal

from django.db import connection

from anydoor.access import wall
from anydoor.access.models import Team
from anydoor.directory.models import Area
from anydoor.rules.errors import BadInput
from anydoor.rules.schedule_contacts import ALL, BY_KEY, Age

By = Literal["contact", "team", "area"]
LONGEST = timedelta(days=732)
COLUMNS: dict[str, str] = {"contact": "s.key", "team": "s.team_id", "area": "s.area_id"}
PARTNERS = ("father", "co_parent")


@dataclass(slots=True)
class AskedOf:
    """One instrument at one contact. Each is a number of people out of those of the line."""

    offered: int = 0
    completed: int = 0
    declined: int = 0
    positive: int = 0
    acted: int = 0


@dataclass(slots=True)
class Line:
    """One row of coverage. `people` is what all others are out of, except where they are counted apart."""

    group: str
    label: str
    people: int = 0
    done: int = 0
    outside: int = 0  # done, but before or after its window
    declined: int = 0
    wellbeing: int = 0  # done in time, and asked how they are
    excluded: dict[str, int] = field(default_factory=dict)
    asked: dict[str, AskedOf] = field(default_factory=dict)
    families_with_partner: int = 0
    partners: dict[str, AskedOf] = field(default_factory=dict)
    marks: dict[str, tuple[int, int]] = field(default_factory=dict)  # code to (met, people that far)

    @property
    def not_done(self) -> int:
        return self.people - self.done - self.outside - self.declined


@dataclass(frozen=True, slots=True)
class Period:
    """Days from `start` to `end`, both counted. Windows that close after `today` are not closed yet."""

    start: date
    end: date
    today: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise BadInput("The period ends before it begins.", field="end")
        if self.end - self.start > LONGEST:
            raise BadInput("Choose a period of at most two years.", field="start")

    @property
    def last(self) -> date:
        """The last day on which a window can have closed by today."""
        return min(self.end, self.today - timedelta(days=1))


@wall.behind("numbers over everybody, none of whom is shown")
def coverage(
    period: Period,
    *,
    areas: Collection[int],
    by: By = "contact",
    key: str = "",
    teams: Collection[int] = (),
) -> list[Line]:
    """Coverage by contact, team or area, in order; only lines that have anybody, counted or apart.

    By team or area it is of one contact (`key`). Raises `BadInput` for a period that cannot be.
    """
    if by != "contact" and key not in BY_KEY:
        raise BadInput("Choose a contact.", field="key")
    asked = _Asked(period, tuple(areas), tuple(teams), key if key in BY_KEY else "", COLUMNS[by])
    lines: dict[Any, Line] = {}
    for row in asked.contacts():
        group, people, done, outside, declined, wellbeing, with_partner = row
        lines[group] = Line(str(group or ""), "", people, done, outside, declined, wellbeing)
        lines[group].families_with_partner = with_partner
    for group, why, number in asked.excluded():
        line = lines.setdefault(group, Line(str(group or ""), ""))
        line.excluded[why] = number
    for group, instrument, is_partner, *numbers in asked.instruments():
        target = lines[group].partners if is_partner else lines[group].asked
        target[instrument] = AskedOf(numbers[0], numbers[1], 0, numbers[2], numbers[3])
    for group, instrument, offered, declined in asked.answers_without_measure():
        one = lines[group].asked.setdefault(instrument, AskedOf())
        one.offered += offered + declined
        one.declined += declined
    for group, code, met, people in asked.marks():
        lines[group].marks[code] = (met, people)
    _name(lines, by)
    order = {contact.key: place for place, contact in enumerate(ALL)}
    return sorted(lines.values(), key=lambda one: (order.get(one.group, 99), one.label))


def _name(lines: dict[Any, Line], by: By) -> None:
    names: dict[Any, str] = {}
    if by == "team":
        names = dict(Team.objects.filter(pk__in=[pk for pk in lines if pk]).values_list("pk", "name"))
    elif by == "area":
        names = dict(Area.objects.filter(pk__in=list(lines)).values_list("pk", "name"))
    for group, line in lines.items():
        if by == "contact":
            line.label = BY_KEY[group].name if group in BY_KEY else str(group)
        else:
            line.label = names.get(group, "No team known")


IN_TIME = "s.state = 'done' AND s.done_on BETWEEN s.counts_from AND s.closes_on"
WITH_PARTNER = (
    "EXISTS (SELECT 1 FROM people_familymember f WHERE f.family_id = s.family_id AND f.left_at IS NULL "
    "AND f.role IN ('father', 'co_parent'))"
)


@dataclass(frozen=True, slots=True)
class _Asked:
    """The statements. Only names of our own columns are put into the text; all values go as parameters."""

    period: Period
    areas: tuple[int, ...]
    teams: tuple[int, ...]
    key: str
    group: str

    def _rows(self, words: str, *, counted: bool = True) -> tuple[str, dict[str, Any]]:
        where = (
            "s.area_id = ANY(%(areas)s) AND s.closes_on BETWEEN %(start)s AND %(last)s "
            "AND s.state <> 'not_needed' "
            "AND NOT EXISTS (SELECT 1 FROM care_familycare c WHERE c.family_id = s.family_id AND c.sealed)"
        )
        where += " AND s.counted" if counted else " AND NOT s.counted"
        where += " AND s.key = %(key)s" if self.key else ""
        where += " AND s.team_id = ANY(%(teams)s)" if self.teams else ""
        values = {
            "areas": list(self.areas),
            "teams": list(self.teams),
            "key": self.key,
            "start": self.period.start,
            "last": self.period.last,
            "today": self.period.today,
            "partners": list(PARTNERS),
        }
        return words.format(group=self.group, where=where), values

    def _fetch(self, words: str, *, counted: bool = True) -> list[tuple[Any, ...]]:
        text, values = self._rows(words, counted=counted)
        with connection.cursor() as cursor:
            cursor.execute(text, values)
            return list(cursor.fetchall())

    def contacts(self) -> list[tuple[Any, ...]]:
        return self._fetch(
            "SELECT {group}, count(*), "  # noqa: S608  our own words; every value is a parameter
            f"count(*) FILTER (WHERE {IN_TIME}), "
            f"count(*) FILTER (WHERE s.state = 'done' AND NOT ({IN_TIME})), "
            "count(*) FILTER (WHERE s.state = 'declined'), "
            f"count(*) FILTER (WHERE {IN_TIME} AND s.wellbeing_asked = 'yes'), "
            f"count(*) FILTER (WHERE {WITH_PARTNER}) "
            "FROM care_scheduledcontact s WHERE {where} GROUP BY 1"
        )

    def excluded(self) -> list[tuple[Any, ...]]:
        return self._fetch(
            "SELECT {group}, s.why, count(*) FROM care_scheduledcontact s "
            "WHERE {where} AND s.why NOT IN ('in_error', 'born_before', 'not_first', 'first_not_asked') "
            "GROUP BY 1, 2",
            counted=False,
        )

    def instruments(self) -> list[tuple[Any, ...]]:
        """Of each instrument: given in the window, finished, positive, and positive with something done."""
        return self._fetch(
            "SELECT {group}, m.instrument, m.respondent_role = ANY(%(partners)s), count(DISTINCT s.id), "
            "count(DISTINCT s.id) FILTER (WHERE m.state = 'finished'), "
            "count(DISTINCT s.id) FILTER (WHERE m.state = 'finished' AND m.result->>'screen' = 'positive'), "
            "count(DISTINCT s.id) FILTER (WHERE m.state = 'finished' AND m.result->>'screen' = 'positive' "
            " AND (s.action <> '' OR EXISTS (SELECT 1 FROM care_measure l WHERE l.follow_up_of_id = m.id))) "
            "FROM care_scheduledcontact s JOIN care_measure m ON m.family_id = s.family_id "
            "AND m.schedule_key = s.key AND m.state <> 'withdrawn' "
            "AND (m.taken_at AT TIME ZONE 'Europe/London')::date BETWEEN s.counts_from AND s.closes_on "
            "WHERE {where} GROUP BY 1, 2, 3"
        )

    def answers_without_measure(self) -> list[tuple[Any, ...]]:
        """Of each instrument: given or declined as recorded with the contact, where no measure says more."""
        return self._fetch(
            "SELECT {group}, a.name, count(*) FILTER (WHERE a.answer = 'offered'), "
            "count(*) FILTER (WHERE a.answer = 'declined') "
            "FROM care_scheduledcontact s CROSS JOIN LATERAL jsonb_each_text(s.asked) AS a(name, answer) "
            "WHERE {where} AND NOT EXISTS (SELECT 1 FROM care_measure m WHERE m.family_id = s.family_id "
            "AND m.schedule_key = s.key AND m.instrument = a.name AND m.state <> 'withdrawn' "
            "AND m.respondent_role <> ALL(%(partners)s) "
            "AND (m.taken_at AT TIME ZONE 'Europe/London')::date BETWEEN s.counts_from AND s.closes_on) "
            "GROUP BY 1, 2"
        )

    def marks(self) -> list[tuple[Any, ...]]:
        """Of each national mark: how many met it, of those who are that old by today."""
        found: list[tuple[Any, ...]] = []
        for contact in ALL:
            if self.key and contact.key != self.key:
                continue
            for mark in contact.marks:
                found += self._mark(contact.key, mark.code, mark.by)
        return found

    def _mark(self, key: str, code: str, by: Age) -> Iterable[tuple[Any, ...]]:
        limit = f"(p.born_on + interval '{by.months} months {by.days} days')::date"
        text, values = self._rows(
            f"SELECT {{group}}, %(code)s, "  # noqa: S608  our own words; every value is a parameter
            f"count(*) FILTER (WHERE s.state = 'done' AND s.done_on <= {limit}), "
            "count(*) FROM care_scheduledcontact s JOIN people_person p ON p.id = s.child_id "
            f"WHERE {{where}} AND s.key = %(mark_key)s AND {limit} < %(today)s GROUP BY 1"
        )
        with connection.cursor() as cursor:
            cursor.execute(text, {**values, "code": code, "mark_key": key})
            return list(cursor.fetchall())
