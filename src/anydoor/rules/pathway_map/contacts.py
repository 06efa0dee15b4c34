"""The meetings everybody is offered, as the map shows them: from the area's schedule of routine contacts.

Scans are left out, and so is what happens only when a baby is late. A contact stands in the middle of its
window; one that is to happen by a day stands on that day.
"""

from __future__ import annotations

from dataclasses import dataclass

from anydoor.rules.pathway_map.scale import STAGES, at_age, at_week
from anydoor.rules.schedule_contacts import NATIONAL, Age, Gestation, Point, Schedule
from anydoor.rules.schedule_contacts import Contact as Routine

MONTH_DAYS = 365.25 / 12
ABOUT_MOOD = frozenset({"Whooley", "GAD-2", "PHQ-9", "GAD-7", "EPDS"})
ABOUT_BOND = frozenset({"LEAO", "PIR prompts", "MORS-SF"})
TRACKS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("midwife", "Midwife, GP", ("midwife", "gp")),
    ("visitor", "Health visitor, five reviews", ("health_visitor",)),
)
WHO = {"midwife": "Midwife", "gp": "GP", "health_visitor": "Health visitor"}
TOO_LATE = Gestation(41)  # from here on it is for babies who are late


@dataclass(frozen=True, slots=True)
class Contact:
    """One meeting. `moment` on the scale of stages, `column` the stage it is told in, `short` on the map."""

    key: str
    track: str
    who: str
    short: str
    words: str  # as the list tells it
    moment: float
    column: str
    first_baby: bool = False
    review: bool = False  # one of those the law says everybody is owed
    mood: bool = False
    bond: bool = False


def contacts_of(schedule: Schedule = NATIONAL) -> tuple[Contact, ...]:
    """The contacts of the map, in the order of their moments."""
    found = [
        _contact(one, key)
        for key, _, providers in TRACKS
        for one in schedule.contacts.values()
        if one.provider in providers and not _is_late(one.opens)
    ]
    return tuple(sorted(found, key=lambda contact: (contact.moment, contact.key)))


def _is_late(point: Point) -> bool:
    return isinstance(point, Gestation) and point.weeks >= TOO_LATE.weeks


def _contact(one: Routine, track: str) -> Contact:
    names = {name for ask in one.asks for name in ask.instruments}
    asked = {name for ask in one.asks if ask.when == "everybody" for name in ask.instruments}
    return Contact(
        key=one.key,
        track=track,
        who=WHO[one.provider],
        short=_short(one),
        words=_words(one),
        moment=_moment(one),
        column="pregnancy" if one.is_antenatal else STAGES[min(int(_at(one.opens)), 5)].key,
        first_baby=one.only_first,
        review=one.statutory,
        mood=bool(asked & ABOUT_MOOD) or one.provider == "gp",
        bond=bool(names & ABOUT_BOND),
    )


def _short(one: Routine) -> str:
    if one.provider == "gp":
        return "GP check"
    if one.closes is None and isinstance(one.opens, Gestation):
        return f"from {one.opens.weeks} weeks"
    words = one.name.removesuffix(" review").removesuffix(" of the midwife")
    words = words.removesuffix(" weeks") if words[:1].isdigit() and one.provider == "midwife" else words
    words += "s" if words.endswith((" week", " month", " year")) else ""
    return words[:1].lower() + words[1:]


def _words(one: Routine) -> str:
    """`Booking by 10 weeks`, `New baby review, by 14 days`, `16 weeks`."""
    if one.opens == Gestation(0) and isinstance(one.closes, Gestation):
        return f"{one.name} by {one.closes.weeks} weeks"
    if one.closes is None and isinstance(one.opens, Gestation):
        return f"Review from {one.opens.weeks} weeks"
    if isinstance(one.closes, Age) and not any(letter.isdigit() for letter in one.name):
        between = f"{_age(one.opens)} to {_age(one.closes)}"
        return f"{one.name}, {between if one.provider == 'gp' else f'by {_age(one.closes)}'}"
    return one.name


def _age(point: Point) -> str:
    if isinstance(point, Age) and not point.months and point.days >= 42:
        return f"{point.days // 7} weeks"
    return f"{point.months} months" if isinstance(point, Age) and point.months else str(point).split("+")[0]


def _moment(one: Routine) -> float:
    if one.closes is None:
        return (_at(one.opens) + 2.0) / 2
    if one.opens == Gestation(0):
        return _at(one.closes)
    if isinstance(one.opens, Gestation) and isinstance(one.closes, Gestation):
        if one.opens.weeks == one.closes.weeks:
            return _at(one.opens)
        return at_week((one.opens.weeks + one.closes.weeks) / 2)
    return at_age((_days(one.opens) + _days(one.closes)) / 2)


def _at(point: Point) -> float:
    return at_week(point.weeks + point.days / 7) if isinstance(point, Gestation) else at_age(_days(point))


def _days(point: Point) -> float:
    return point.days + point.months * MONTH_DAYS if isinstance(point, Age) else 0.0
