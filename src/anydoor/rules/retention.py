"""How long a record is kept: published periods as data, and when one family's has run out. Pure.

The longest period that applies counts. When it has run out a person decides; nothing is erased by itself.
An area may keep longer and never shorter. Every period here is *unverified* until an area's own records
manager has read it against the code: the page says so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from anydoor.rules.errors import BadInput

CODE = "Records Management Code of Practice (NHS England, 2021, updated August 2023), appendix II"


@dataclass(frozen=True, slots=True)
class Period:
    """One kind of record: kept for `years` from `counted_from`. `source` says who says so."""

    code: str
    words: str
    years: int
    counted_from: str  # last contact | birth | death
    applies: str
    source: str
    verified: bool = False


PERIODS: Mapping[str, Period] = {
    one.code: one
    for one in (
        Period("enquiry", "An enquiry that never became help", 1, "last contact",
               "Nobody met or helped the family", "Local: the code names no period. Suggested, to be set."),
        Period("adult", "Help for an adult", 8, "last contact", "Somebody was met or helped", CODE),
        Period("mental_health", "Mental health", 20, "last contact",
               "A service for mental health or the bond with the baby worked with them", CODE),
        Period("mental_health_death", "Mental health, after a death", 10, "death",
               "The person died; counted only when a death is known, and never alone", CODE),
        Period("maternity", "Pregnancy, birth and the time after", 25, "last contact",
               "A pregnancy, a birth or a loss is part of the record", CODE),
        Period("child", "A child", 25, "birth", "A child has a record; by the youngest of them", CODE),
        Period("child_17", "A child still helped at 17", 26, "birth",
               "The last contact was while the youngest child was 17", CODE),
    )
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """What the clock of one family's record needs. `died_on`: when the last adult died, if all did."""

    last_contact_on: date
    helped: bool = False
    mental_health: bool = False
    maternity: bool = False
    youngest_born_on: date | None = None
    died_on: date | None = None


@dataclass(frozen=True, slots=True)
class Until:
    """Keep until (and including) the day before `due_on`; `period` decided it, `others` ran out earlier."""

    due_on: date
    period: Period
    years: int
    others: tuple[tuple[str, date], ...]

    def is_due(self, on: date) -> bool:
        return on >= self.due_on


def keep_until(kept: Kept, longer: Mapping[str, int] | None = None) -> Until:
    """When a record is due for review. `longer`: years an area set, by the code of a period."""
    years = years_of(longer or {})
    ends: list[tuple[date, str]] = []
    if not (kept.helped or kept.mental_health):
        ends.append((add_years(kept.last_contact_on, years["enquiry"]), "enquiry"))
    else:
        ends.append((add_years(kept.last_contact_on, years["adult"]), "adult"))
        if kept.mental_health:
            end = add_years(kept.last_contact_on, years["mental_health"])
            code = "mental_health"
            if kept.died_on is not None:
                after = add_years(kept.died_on, years["mental_health_death"])
                if after < end:
                    end, code = after, "mental_health_death"
            ends.append((end, code))
        if kept.maternity:
            ends.append((add_years(kept.last_contact_on, years["maternity"]), "maternity"))
        if kept.youngest_born_on is not None:
            born = kept.youngest_born_on
            at_17 = add_years(born, 17) <= kept.last_contact_on < add_years(born, 18)
            code = "child_17" if at_17 else "child"
            ends.append((add_years(born, years[code]), code))
    ends.sort()
    due_on, code = ends[-1]
    others = tuple((name, end) for end, name in ends[:-1])
    return Until(due_on, PERIODS[code], years[code], others)


def years_of(longer: Mapping[str, int]) -> dict[str, int]:
    """The years of each period with what an area set. Raises `BadInput` for one unknown or shorter."""
    years = {code: one.years for code, one in PERIODS.items()}
    for code, number in longer.items():
        if code not in years:
            raise BadInput(f"There is no period of retention called {code}.", field=code)
        if isinstance(number, bool) or not isinstance(number, int) or not years[code] <= number <= 150:
            raise BadInput(
                f"{code} is kept {years[code]} years. An area may say more (up to 150), not less.", field=code
            )
        years[code] = number
    return years


def add_years(day: date, years: int) -> date:
    """The same day so many years on; 29 February becomes 1 March, so that nothing is kept too short."""
    if day.year + years > 9999:
        return date.max
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


def month_later(day: date, months: int = 1) -> date:
    """The same day so many calendar months on; where the month has none, its last day."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError("every month has 28 days")


def draw() -> str:
    """The table for the reference page."""
    lines = [
        "| Code | What | Years | Counted from | When it applies | Source | Verified |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    lines += [
        f"| `{one.code}` | {one.words} | {one.years} | {one.counted_from} | {one.applies} | {one.source} | "
        f"{'yes' if one.verified else 'no, unverified'} |"
        for one in PERIODS.values()
    ]
    return "\n".join(lines) + "\n"
