"""The routine contacts of pregnancy and the first years: when each is due, whose it is, what it asks.

Windows are points in a pregnancy (completed weeks and days, the due date being 40+0) or in a child's life
(days, or months by the calendar). A point in between two appointments is in neither. Every window says where
it was read and how well it is known; what is only held to be right is shown as unverified, and what is least
sure (the extra health visitor contacts) happens only where an area switches it on.

Sources: NICE NG201 (schedule of antenatal appointments); the Healthy Child Programme and the health visitor
service delivery metrics C1 to C6 and C8 (gov.uk, 2024-25 and 6 February 2026); NHS England's guidance for GPs
on the maternal postnatal consultation (contractual since 2020); NICE CG192 and QS115 (asking about mental
health), QS37 statement 10; what North Northamptonshire counts, from its strategy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from anydoor.rules.instruments.evidence import Tag
from anydoor.rules.stage import FULL_TERM

Provider = Literal["midwife", "health_visitor", "gp", "sonographer"]
About = Literal["pregnancy", "mother", "baby"]
When = Literal["everybody", "positive", "concern"]

PROVIDERS: Mapping[str, str] = {
    "midwife": "Midwife",
    "health_visitor": "Health visitor",
    "gp": "GP",
    "sonographer": "Scan",
}
UNVERIFIED = frozenset({Tag.PROBABLE, Tag.UNCERTAIN, Tag.SECOND_HAND})


@dataclass(frozen=True, slots=True)
class Gestation:
    """A point of a pregnancy: completed weeks and days."""

    weeks: int
    days: int = 0

    def on(self, due_on: date) -> date:
        """The day a pregnancy due on `due_on` is that far."""
        return due_on - FULL_TERM + timedelta(weeks=self.weeks, days=self.days)

    def __str__(self) -> str:
        return f"{self.weeks}+{self.days} weeks"


@dataclass(frozen=True, slots=True)
class Age:
    """A point of a child's life: calendar months, then days, since birth (the day of birth is day 0)."""

    days: int = 0
    months: int = 0

    def on(self, born_on: date) -> date:
        """The day a child born on `born_on` is that old; on the 31st of a short month, its last day."""
        return add_months(born_on, self.months) + timedelta(days=self.days)

    def __str__(self) -> str:
        if self.months:
            return f"{self.months} months" + (f" and {self.days} days" if self.days else "")
        return f"{self.days // 7} weeks" if self.days > 14 and self.days % 7 == 0 else f"{self.days} days"


Point = Gestation | Age


def add_months(day: date, months: int) -> date:
    """The same day so many months on, or the last day of that month when it is shorter."""
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


@dataclass(frozen=True, slots=True)
class Ask:
    """Something to ask at a contact. `instruments` are names of the registry; any one answers the question.

    `when`: of everybody, only after a positive answer, or when somebody is concerned.
    """

    words: str
    instruments: tuple[str, ...] = ()
    when: When = "everybody"


@dataclass(frozen=True, slots=True)
class Mark:
    """A national measure of the same contact with a limit of its own: `C3`, by 30 days."""

    code: str
    by: Age
    words: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class Contact:
    """One routine contact.

    Due from `opens` to `closes` (both days count); None closes at birth. Done from `counts_from` on it is in
    time (some visits count when they come early). After `lapses` nobody is asked to catch up on it any more
    (a house rule: the next contact of the same kind is there), and it stays counted as not done. `about`: a
    pregnancy and the mother's own check are once for twins, a baby's review is each baby's own.
    `only_first`: only in a first pregnancy.
    """

    key: str
    name: str
    provider: Provider
    about: About
    opens: Point
    closes: Point | None
    lapses: Point
    source: str
    tag: Tag
    asks: tuple[Ask, ...] = ()
    counts_from: Point | None = None
    only_first: bool = False
    statutory: bool = False
    usual: bool = True  # False: only where an area switches it on
    marks: tuple[Mark, ...] = ()
    note: str = ""
    local: str = ""  # where an area's own window came from; empty for the national one

    @property
    def is_antenatal(self) -> bool:
        return isinstance(self.opens, Gestation)

    @property
    def is_unverified(self) -> bool:
        return self.tag in UNVERIFIED

    @property
    def screens(self) -> tuple[str, ...]:
        """The instruments asked of everybody, in order."""
        return tuple(name for ask in self.asks if ask.when == "everybody" for name in ask.instruments)

    @property
    def window(self) -> str:
        """The window in words: `28+0 weeks to 28+6 weeks`."""
        if self.closes is None:
            return f"from {self.opens} to birth"
        if self.opens == Gestation(0):
            return f"by {self.closes}"
        return f"{self.opens} to {self.closes}"


LAST_WEEK = Gestation(42)
NG201 = "NICE NG201, schedule of antenatal appointments"
REVIEWS = "Healthy Child Programme and health visitor service delivery metrics, gov.uk"

MOOD_AND_WORRY = Ask("Mood and worry", ("Whooley", "GAD-2"))
LONGER = Ask("A longer form after a positive answer", ("PHQ-9", "GAD-7", "EPDS"), "positive")
WELLBEING = Ask("How they are in themselves")
PARENT_AND_BABY = Ask("Parent and baby", ("LEAO", "PIR prompts"))
MORS = Ask("If somebody is concerned about parent and baby", ("MORS-SF",), "concern")


def _midwife(
    key: str,
    name: str,
    week: int,
    lapses: Point,
    *,
    asks: tuple[Ask, ...] = (WELLBEING,),
    first: bool = False,
) -> Contact:
    """An appointment of one completed week."""
    return Contact(
        key=key,
        name=name,
        provider="midwife",
        about="pregnancy",
        opens=Gestation(week),
        closes=Gestation(week, 6),
        lapses=lapses,
        source=NG201,
        tag=Tag.READ,
        asks=asks,
        only_first=first,
    )


ANTENATAL: tuple[Contact, ...] = (
    Contact(
        key="MW-BK",
        name="Booking",
        provider="midwife",
        about="pregnancy",
        opens=Gestation(0),
        closes=Gestation(10),
        lapses=Gestation(27, 6),
        source=f"{NG201}; the limit of 10+0 weeks not read there",
        tag=Tag.PROBABLE,
        asks=(
            MOOD_AND_WORRY,
            LONGER,
            Ask("Severe mental illness before, and in the close family"),
        ),
    ),
    Contact(
        key="SCAN-1",
        name="First scan",
        provider="sonographer",
        about="pregnancy",
        opens=Gestation(11, 2),
        closes=Gestation(14, 1),
        lapses=Gestation(18),
        source=NG201,
        tag=Tag.READ,
    ),
    Contact(
        key="MW-16",
        name="16 weeks",
        provider="midwife",
        about="pregnancy",
        opens=Gestation(14),
        closes=Gestation(18, 6),
        lapses=Gestation(24, 6),
        source=NG201,
        tag=Tag.READ,
        asks=(WELLBEING,),
    ),
    Contact(
        key="SCAN-2",
        name="Second scan",
        provider="sonographer",
        about="pregnancy",
        opens=Gestation(18),
        closes=Gestation(20, 6),
        lapses=Gestation(24),
        source=NG201,
        tag=Tag.READ,
    ),
    _midwife("MW-25", "25 weeks", 25, Gestation(27, 6), first=True),
    _midwife("MW-28", "28 weeks", 28, Gestation(33, 6), asks=(MOOD_AND_WORRY, LONGER)),
    Contact(
        key="HV1",
        name="Health visitor before birth",
        provider="health_visitor",
        about="pregnancy",
        opens=Gestation(28),
        closes=None,
        lapses=LAST_WEEK,
        source=REVIEWS,
        tag=Tag.READ,
        asks=(
            MOOD_AND_WORRY,
            LONGER,
            Ask("Parent and baby", ("PIR prompts",)),
            Ask("The area's own antenatal questionnaire about the baby to come, where there is one"),
        ),
        statutory=True,
    ),
    _midwife("MW-31", "31 weeks", 31, Gestation(33, 6), first=True),
    _midwife("MW-34", "34 weeks", 34, Gestation(35, 6)),
    _midwife("MW-36", "36 weeks", 36, Gestation(37, 6)),
    _midwife("MW-38", "38 weeks", 38, Gestation(39, 6)),
    _midwife("MW-40", "40 weeks", 40, Gestation(40, 6), first=True),
    _midwife("MW-41", "41 weeks, if the baby is not born", 41, LAST_WEEK),
)

POSTNATAL: tuple[Contact, ...] = (
    Contact(
        key="MW-PN",
        name="Last visit of the midwife",
        provider="midwife",
        about="mother",
        opens=Age(days=10),
        closes=Age(days=28),
        lapses=Age(days=42),
        source="Usual practice; counted by North Northamptonshire. Low mood beyond 10 to 14 days: NICE QS37 "
        "statement 10",
        tag=Tag.PROBABLE,
        asks=(MOOD_AND_WORRY, LONGER),
        marks=(Mark("14 days", Age(days=14), "by 14 days, as is usual", Tag.PROBABLE),),
        note="Low mood that goes on beyond 10 to 14 days is looked at more closely.",
    ),
    Contact(
        key="HV2",
        name="New baby review",
        provider="health_visitor",
        about="baby",
        opens=Age(days=7),
        closes=Age(days=14),
        lapses=Age(days=56),
        source=REVIEWS,
        tag=Tag.READ,
        asks=(MOOD_AND_WORRY, LONGER, PARENT_AND_BABY),
        counts_from=Age(),
        statutory=True,
        marks=(
            Mark("C2", Age(days=14), "by 14 days", Tag.READ),
            Mark("C3", Age(days=30), "by 30 days", Tag.READ),
        ),
    ),
    Contact(
        key="HV3",
        name="6 to 8 week review",
        provider="health_visitor",
        about="baby",
        opens=Age(days=42),
        closes=Age(days=56),
        lapses=Age(months=9),
        source=REVIEWS,
        tag=Tag.READ,
        asks=(MOOD_AND_WORRY, LONGER, PARENT_AND_BABY, MORS),
        statutory=True,
        marks=(Mark("C8i", Age(days=56), "by 8 weeks", Tag.READ),),
    ),
    Contact(
        key="GP",
        name="Mother's own check with the GP",
        provider="gp",
        about="mother",
        opens=Age(days=42),
        closes=Age(days=56),
        lapses=Age(months=6),
        source="NHS England, GP maternal postnatal consultation",
        tag=Tag.READ,
        asks=(Ask("Her mental health, every time, and the red flags"),),
        note="Apart from the baby's check. Later after a long stay in hospital or in neonatal care.",
    ),
    Contact(
        key="HV-EX-3",
        name="Extra contact at 3 to 4 months",
        provider="health_visitor",
        about="baby",
        opens=Age(months=3),
        closes=Age(months=4),
        lapses=Age(months=6),
        source="Healthy Child Programme, suggested",
        tag=Tag.UNCERTAIN,
        asks=(MOOD_AND_WORRY, PARENT_AND_BABY),
        usual=False,
    ),
    Contact(
        key="HV-EX-6",
        name="Extra contact at 6 months",
        provider="health_visitor",
        about="baby",
        opens=Age(months=6),
        closes=Age(months=7),
        lapses=Age(months=9),
        source="Healthy Child Programme, suggested",
        tag=Tag.UNCERTAIN,
        asks=(MOOD_AND_WORRY, PARENT_AND_BABY),
        usual=False,
    ),
    Contact(
        key="HV4",
        name="9 to 12 month review",
        provider="health_visitor",
        about="baby",
        opens=Age(months=9),
        closes=Age(months=15),
        lapses=Age(months=24),
        source=REVIEWS,
        tag=Tag.READ,
        asks=(MOOD_AND_WORRY, LONGER, Ask("A second look after a concern before", ("MORS-SF",), "concern")),
        statutory=True,
        marks=(
            Mark("C4", Age(months=12), "by 12 months", Tag.PROBABLE),
            Mark("C5", Age(months=15), "by 15 months", Tag.PROBABLE),
        ),
    ),
    Contact(
        key="HV5",
        name="2 to 2½ year review",
        provider="health_visitor",
        about="baby",
        opens=Age(months=24),
        closes=Age(months=30),
        lapses=Age(months=36),
        source=REVIEWS,
        tag=Tag.READ,
        asks=(Ask("How the child grows and learns"),),
        statutory=True,
        marks=(Mark("C6i", Age(months=30), "by 2½ years", Tag.PROBABLE),),
    ),
)

ALL: tuple[Contact, ...] = ANTENATAL + POSTNATAL
BY_KEY: Mapping[str, Contact] = {contact.key: contact for contact in ALL}


@dataclass(frozen=True, slots=True)
class Schedule:
    """The contacts of one area: the national ones with what the area set for itself.

    `services` names, for each provider, the services (by slug) whose teams make its contacts. `outreach`
    names maternity outreach clinics whose level does not say so, and `for_partners` where partners are sent.
    """

    contacts: Mapping[str, Contact]
    services: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    outreach: tuple[str, ...] = ()
    for_partners: tuple[str, ...] = ()


NATIONAL = Schedule({contact.key: contact for contact in ALL if contact.usual})
