"""Where a family is, from trying for a baby to the second birthday and beyond, and in loss, in words.

From dated facts about the children to one stage, the words a worker reads first, the words a family reads,
and whether anything about a baby may be said at all. After a loss nothing about a baby is said by itself;
where a twin lives, a person decides (`ask_first`).

Sources: a pregnancy is dated from the estimated due date, which is 40 weeks and 0 days (NICE NG201). A birth
before 24 weeks without signs of life is a miscarriage, from 24 weeks a stillbirth (Still-Birth (Definition)
Act 1992); neonatal death is before 28 days (ONS). The kind of loss is what was recorded, never computed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from typing import Literal

from anydoor.rules.errors import BadInput

FULL_TERM = timedelta(weeks=40)

# A pregnancy cannot be known before conception (day 14 of 280), so no true due date is further ahead. A few
# weeks of room are kept for a slip in dating: refuse only what cannot be.
LATEST_DUE = timedelta(days=301)
EARLIEST_DUE = timedelta(weeks=44)

# After this a pregnancy is over and the birth only not recorded: its weeks would be nonsense.
LONGEST_OVERDUE = timedelta(weeks=3)

# The first 1,001 days end about the second birthday: until then ages are told in weeks and months.
SECOND_BIRTHDAY_MONTHS = 24


class StageKind(StrEnum):
    """The stages a family can be in; the strategies count trying and loss among them."""

    TRYING = "trying"
    PREGNANT = "pregnant"
    BORN = "born"
    LOSS = "loss"
    UNKNOWN = "unknown"


class LossKind(StrEnum):
    """How a child was lost, as recorded by a person."""

    MISCARRIAGE = "miscarriage"
    TERMINATION = "termination"
    STILLBIRTH = "stillbirth"
    NEONATAL_DEATH = "neonatal_death"
    DEATH_LATER = "death_later"
    NOT_SAID = "not_said"


LOSS_WORDS: dict[LossKind, str] = {
    LossKind.MISCARRIAGE: "a miscarriage",
    LossKind.TERMINATION: "the end of a pregnancy",
    LossKind.STILLBIRTH: "a stillbirth",
    LossKind.NEONATAL_DEATH: "the death of a newborn",
    LossKind.DEATH_LATER: "the death of a child",
    LossKind.NOT_SAID: "a loss",
}


@dataclass(frozen=True, slots=True)
class Child:
    """What is recorded of one child, born or not: dates or None, and the `LossKind` if it was lost."""

    due_on: date | None = None
    born_on: date | None = None
    lost_on: date | None = None
    loss_kind: str = ""

    @property
    def is_lost(self) -> bool:
        """A loss counts when its kind was recorded, even if nobody knows the day."""
        return self.lost_on is not None or self.loss_kind != ""


@dataclass(frozen=True, slots=True)
class Stage:
    """The stage on one day.

    `weeks` and `days`: of the pregnancy (from due date), of the youngest child's life, or since the latest
    loss; None when no date says. `words` for workers, `words_family` for pages and letters to the family.
    `says_baby` is False when nothing sent or shown by itself may speak of a baby; `ask_first` is True when a
    person must decide that (a twin lives, or there is another child beside a loss). `babies` is how many
    children the stage is about.
    """

    kind: StageKind
    words: str
    words_family: str
    weeks: int | None = None
    days: int | None = None
    babies: int = 0
    is_overdue: bool = False
    says_baby: bool = True
    ask_first: bool = False


def stage(
    children: Sequence[Child],
    *,
    on: date,
    trying: bool = False,
    assisted: bool = False,
    may_say_baby: bool | None = None,
) -> Stage:
    """The family's stage on a day.

    A child expected comes before children born; the youngest born come before older ones; a loss with no
    living or expected child is the loss stage, and beside one it is said too and asks a person first. A loss
    stays said however long ago. `assisted` is assisted conception. `may_say_baby` is what a person decided
    for a family with a loss and another child, None while nobody has.
    """
    lost = [child for child in children if child.is_lost]
    living: Stage | None = None
    expected = [child for child in children if not child.is_lost and _is_expected(child, on)]
    births = [child.born_on for child in children if not child.is_lost and child.born_on is not None]
    births = [born_on for born_on in births if born_on <= on]
    if expected:
        living = _pregnant(expected, on)
    elif births:
        living = _born(births, on)
    if living is not None:
        return _beside_loss(living, lost, on, may_say_baby) if lost else living
    if lost:
        return _loss(lost, trying=trying or assisted, on=on)
    if trying or assisted:
        words = "Trying to conceive, with assisted conception" if assisted else "Trying to conceive"
        return Stage(StageKind.TRYING, words, "Trying for a baby")
    return Stage(StageKind.UNKNOWN, "Stage not known yet", "")


def _is_expected(child: Child, on: date) -> bool:
    """Not born yet on the day: no birth, or one recorded for a later day."""
    return child.born_on is None or child.born_on > on


# --- pregnancy --------------------------------------------------------------------------------------


def gestation(due_on: date, on: date) -> timedelta:
    """How far a pregnancy is, counted back from a due date that is 40 weeks and 0 days."""
    return FULL_TERM - (due_on - on)


def _pregnant(expected: Sequence[Child], on: date) -> Stage:
    many = _how_many(len(expected))
    prefix = f"{many}, " if many else ""
    dates = sorted(child.due_on for child in expected if child.due_on is not None)
    if not dates:
        words = f"{many}, due date not known" if many else "Expecting, due date not known"
        return Stage(StageKind.PREGNANT, _capital(words), _expecting(len(expected)), babies=len(expected))
    due_on = dates[0]
    weeks, days = divmod(max(gestation(due_on, on), timedelta()).days, 7)
    due = day_in_words(due_on, on)
    overdue = on > due_on
    if overdue:
        words = f"{prefix}due {due}, birth not recorded"
        family = _expecting(len(expected))
    else:
        words = f"{prefix}{count(weeks, 'week')}, due {due}"
        family = f"{_expecting(len(expected))}, due {due}"
    return Stage(
        StageKind.PREGNANT,
        _capital(words),
        family,
        weeks=weeks if on - due_on <= LONGEST_OVERDUE else None,
        days=days if on - due_on <= LONGEST_OVERDUE else None,
        babies=len(expected),
        is_overdue=overdue,
    )


def _expecting(babies: int) -> str:
    return f"Expecting {_how_many(babies) or 'a baby'}"


# --- after birth ------------------------------------------------------------------------------------


def _born(births: Sequence[date], on: date) -> Stage:
    youngest = max(births)
    together = sum(youngest - born_on <= timedelta(days=2) for born_on in births)
    weeks, days = divmod((on - youngest).days, 7)
    age = age_in_words(youngest, on) if on > youngest else "today"
    many = _how_many(together)
    words = f"{many}, born" if many else "born"
    words = f"{words} {day_in_words(youngest, on)}, {age}"
    family = many or ("a baby" if _months(youngest, on) < SECOND_BIRTHDAY_MONTHS else "a child")
    family = f"{family}, {age} old" if on > youngest else f"{family}, born today"
    return Stage(StageKind.BORN, _capital(words), _capital(family), weeks=weeks, days=days, babies=together)


def age_in_words(born_on: date, on: date) -> str:
    """Days in the first fortnight, weeks to three months, months to the second birthday, then years."""
    days = (on - born_on).days
    months = _months(born_on, on)
    if days < 14:
        return count(days, "day")
    if months < 3:
        return count(days // 7, "week")
    if months < SECOND_BIRTHDAY_MONTHS:
        return count(months, "month")
    return count(months // 12, "year")


def _months(born_on: date, on: date) -> int:
    return (on.year - born_on.year) * 12 + on.month - born_on.month - (on.day < born_on.day)


# --- loss -------------------------------------------------------------------------------------------


def _loss(lost: Sequence[Child], *, trying: bool, on: date) -> Stage:
    words, weeks, days = _since_loss(lost, on)
    again = ", trying again" if trying else ""
    return Stage(
        StageKind.LOSS,
        _capital(words + again),
        "",
        weeks=weeks,
        days=days,
        babies=len(lost),
        says_baby=False,
    )


def _since_loss(lost: Sequence[Child], on: date) -> tuple[str, int | None, int | None]:
    """How long since the latest loss. It says "a loss": which kind is read on the page, not in a list."""
    dates = [child.lost_on for child in lost if child.lost_on is not None]
    latest = max((day for day in dates if day <= on), default=None)
    if latest is None:
        return "after a loss, date not known", None, None
    weeks, days = divmod((on - latest).days, 7)
    return (f"{age_in_words(latest, on)} since a loss" if on > latest else "a loss today"), weeks, days


def _beside_loss(living: Stage, lost: Sequence[Child], on: date, may_say_baby: bool | None) -> Stage:
    """A stage with an expected or living child beside a loss: both are said, and a person decides."""
    since, _, _ = _since_loss(lost, on)
    return replace(
        living,
        words=f"{living.words}; {since}",
        words_family=living.words_family if may_say_baby else "",
        says_baby=bool(may_say_baby),
        ask_first=may_say_baby is None,
    )


# --- words ------------------------------------------------------------------------------------------


# Spelled out here: the names `strftime` gives depend on the machine's locale.
_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)


def count(number: int, noun: str) -> str:
    """`1 week`, `2 weeks`."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def day_in_words(day: date, on: date) -> str:
    """`12 May`; with its year when that is not the year of `on` or the day is over nine months away."""
    plain = f"{day.day} {_MONTHS[day.month - 1]}"
    return plain if abs((day - on).days) < 275 else f"{plain} {day.year}"


def _how_many(babies: int) -> str:
    return {0: "", 1: "", 2: "twins", 3: "triplets"}.get(babies, f"{babies} babies")


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


# --- checks -----------------------------------------------------------------------------------------


def check_due_on(due_on: date, on: date) -> date:
    """The due date, if a pregnancy recorded on this day could have it. Raises BadInput."""
    if due_on - on > LATEST_DUE:
        raise BadInput("This due date is more than ten months away. Check the month and the year.")
    if on - due_on > EARLIEST_DUE:
        raise BadInput("This due date is long past. Check the year, or record the birth instead.")
    return due_on


def check_born_on(born_on: date, on: date, *, whose: Literal["adult", "baby"]) -> date:
    """The date of birth, if an adult or a child could have it. Raises BadInput.

    Adults are parents and carers, from 10 to 120 years; a young parent is never refused for being young. A
    "baby" is any child of the family, up to 18 years.
    """
    if born_on > on:
        raise BadInput("This date of birth is in the future. Check the year.")
    years = on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))
    if years > 120:
        raise BadInput("This date of birth is more than 120 years ago. Check the year.")
    if whose == "adult" and years < 10:
        raise BadInput("This is the date of birth of a child. Enter the adult's own date of birth.")
    if whose == "baby" and years > 18:
        raise BadInput("This is the date of birth of an adult. Enter the child's date of birth.")
    return born_on


def check_lost_on(lost_on: date, on: date, *, born_on: date | None = None) -> date:
    """The day of a loss: not in the future, not before the birth. Raises BadInput in gentle words."""
    if lost_on > on:
        raise BadInput("This date is in the future. Check the year.")
    if born_on is not None and lost_on < born_on:
        raise BadInput("This date is before the date of birth. Check both dates.")
    return lost_on
