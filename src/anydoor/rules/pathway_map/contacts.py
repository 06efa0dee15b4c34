"""Who sees every family and when, and what is asked there: the same for every area of England.

Sources: midwives' appointments, NICE NG201 schedule (25, 31 and 40 weeks are for a first baby); midwives'
discharge at about 10 to 14 days; the mother's visit to her GP at 6 to 8 weeks, GP contract since 2020; five
reviews of the health visitor, Healthy Child Programme: from 28 weeks, by 14 days, 6 to 8 weeks, 9 to 15
months, 24 to 30 months. Mood is asked with the Whooley questions and GAD-2 (NICE CG192), the bond at every
contact after birth (CG192 1.9.12).
"""

from __future__ import annotations

from dataclasses import dataclass

from anydoor.rules.pathway_map.scale import at_age, at_week


@dataclass(frozen=True, slots=True)
class Contact:
    """One meeting. `moment` on the scale of stages, `column` the stage it is told in, `short` on the map."""

    key: str
    track: str  # "midwife" (with the GP) or "visitor"
    who: str
    short: str
    words: str  # as the list tells it
    moment: float
    column: str
    first_baby: bool = False
    review: bool = False  # one of the five everybody is owed
    mood: bool = False
    bond: bool = False


def _midwife(week: int, short: str = "", *, first: bool = False, mood: bool = False) -> Contact:
    words = (short and f"{short} by {week} weeks") or f"{week} weeks"
    return Contact(
        f"midwife-{week}", "midwife", "Midwife", short or str(week), words, at_week(week), "pregnancy",
        first_baby=first, mood=mood,
    )  # fmt: skip


CONTACTS: tuple[Contact, ...] = (
    _midwife(10, "booking", mood=True),
    _midwife(16),
    _midwife(25, first=True),
    _midwife(28, mood=True),
    _midwife(31, first=True),
    _midwife(34),
    _midwife(36),
    _midwife(38),
    _midwife(40, first=True),
    Contact(
        "midwife-discharge", "midwife", "Midwife", "discharge", "last visit at 10 to 14 days",
        at_age(13), "birth", mood=True,
    ),
    Contact(
        "gp", "midwife", "GP", "GP, 6 to 8", "6 to 8 weeks, for the mother", at_age(46), "birth", mood=True,
    ),
    Contact(
        "visitor-antenatal", "visitor", "Health visitor", "from 28 weeks", "review from 28 weeks",
        at_week(33), "pregnancy", review=True, mood=True, bond=True,
    ),
    Contact(
        "visitor-new-birth", "visitor", "Health visitor", "new birth", "new birth review by 14 days",
        at_age(11), "birth", review=True, mood=True, bond=True,
    ),
    Contact(
        "visitor-6-to-8", "visitor", "Health visitor", "6 to 8 weeks", "review at 6 to 8 weeks",
        at_age(44), "birth", review=True, mood=True, bond=True,
    ),
    Contact(
        "visitor-1-year", "visitor", "Health visitor", "9 to 15 months", "review at 9 to 15 months",
        at_age(365), "first-year", review=True, mood=True, bond=True,
    ),
    Contact(
        "visitor-2-years", "visitor", "Health visitor", "2 to 2½ years", "review at 2 to 2½ years",
        at_age(790), "to-five", review=True,
    ),
)  # fmt: skip

TRACKS: tuple[tuple[str, str], ...] = (
    ("midwife", "Midwife, GP"),
    ("visitor", "Health visitor, five reviews"),
)
