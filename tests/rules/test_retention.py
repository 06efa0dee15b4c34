"""How long a record is kept: the longest period that applies, on the day it runs out, never shorter."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anydoor.rules.errors import BadInput
from anydoor.rules.retention import PERIODS, Kept, add_years, draw, keep_until, month_later, years_of

DAY = date(2026, 3, 10)
days = st.dates(date(1990, 1, 1), date(2040, 12, 31))


@pytest.mark.parametrize(
    ("kept", "code", "due_on"),
    [
        (Kept(DAY), "enquiry", date(2027, 3, 10)),
        (Kept(DAY, helped=True), "adult", date(2034, 3, 10)),
        (Kept(DAY, helped=True, mental_health=True), "mental_health", date(2046, 3, 10)),
        (Kept(DAY, helped=True, mental_health=True, maternity=True), "maternity", date(2051, 3, 10)),
        (Kept(DAY, helped=True, maternity=True, youngest_born_on=date(2026, 5, 1)), "child",
         date(2051, 5, 1)),
        (Kept(date(2043, 6, 1), helped=True, youngest_born_on=DAY), "child_17", date(2052, 3, 10)),
        (Kept(date(2044, 3, 10), helped=True, youngest_born_on=DAY), "adult", date(2052, 3, 10)),
        (Kept(DAY, helped=True, mental_health=True, died_on=date(2027, 1, 1)), "mental_health_death",
         date(2037, 1, 1)),
        (Kept(date(2024, 2, 29), helped=True, mental_health=True), "mental_health", date(2044, 2, 29)),
        (Kept(date(2024, 2, 29)), "enquiry", date(2025, 3, 1)),
    ],
)  # fmt: skip
def test_the_longest_period_that_applies_decides(kept: Kept, code: str, due_on: date) -> None:
    until = keep_until(kept)
    assert until.due_on == due_on
    assert code in {until.period.code, *(name for name, end in until.others if end == due_on)}
    assert not until.is_due(date.fromordinal(due_on.toordinal() - 1))
    assert until.is_due(due_on)


@given(
    days, st.booleans(), st.booleans(), st.none() | days, st.sampled_from(sorted(PERIODS)), st.integers(0, 50)
)
@settings(max_examples=60)
def test_more_in_a_record_or_more_years_never_keeps_it_shorter(
    last: date, helped: bool, maternity: bool, born: date | None, code: str, more: int
) -> None:
    plain = keep_until(Kept(last, helped=True))
    fuller = keep_until(
        Kept(last, helped=True, mental_health=helped, maternity=maternity, youngest_born_on=born)
    )
    assert fuller.due_on >= plain.due_on
    longer = {code: PERIODS[code].years + more}
    kept = Kept(last, helped=helped, maternity=maternity, youngest_born_on=born)
    assert keep_until(kept, longer).due_on >= keep_until(kept).due_on


@pytest.mark.parametrize(
    "longer", [{"adult": 7}, {"adult": True}, {"adult": "9"}, {"nothing": 9}, {"child": 999}]
)
def test_an_area_may_keep_longer_and_never_shorter(longer: dict) -> None:
    with pytest.raises(BadInput):
        years_of(longer)
    assert years_of({"adult": 10})["adult"] == 10


@pytest.mark.parametrize(
    ("asked", "due"),
    [("2026-03-10", "2026-04-10"), ("2026-01-31", "2026-02-28"), ("2024-01-30", "2024-02-29"),
     ("2026-12-31", "2027-01-31"), ("2026-08-31", "2026-09-30")],
)  # fmt: skip
def test_a_calendar_month_ends_on_the_same_day_or_the_months_last(asked: str, due: str) -> None:
    assert month_later(date.fromisoformat(asked)) == date.fromisoformat(due)


def test_every_period_says_its_source_and_none_pretends_to_be_verified() -> None:
    page = draw()
    for one in PERIODS.values():
        assert one.source
        assert not one.verified
        assert f"`{one.code}`" in page
    assert add_years(date(9990, 1, 1), 25) == date.max
