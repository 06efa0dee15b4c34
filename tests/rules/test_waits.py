"""Waits to the day, pauses that overlap, and days that cannot have been."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anydoor.rules.errors import BadInput
from anydoor.rules.waits import Pause, waits, waits_line

DAY = date(2026, 1, 1)


def after(days: int) -> date:
    return DAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("assessed", "treated", "met"),
    [
        # perinatal 2 weeks, 4 weeks from assessment, 4 weeks from referral, 6 weeks, 18 weeks
        (14, 42, (True, True, False, True, True)),
        (15, 43, (False, True, False, False, True)),
        (0, 28, (True, True, True, True, True)),
        (0, 29, (True, False, False, True, True)),
        (14, 43, (True, False, False, False, True)),
        (28, 126, (False, False, False, False, True)),
        (28, 127, (False, False, False, False, False)),
        (0, 0, (True, True, True, True, True)),
    ],
)
def test_the_last_day_is_in_time(assessed: int, treated: int, met: tuple[bool, ...]) -> None:
    found = waits(DAY, after(assessed), after(treated))
    assert found.days_to_assessment == assessed
    assert found.days_referral_to_treatment == treated
    assert found.days_assessment_to_treatment == treated - assessed
    assert (
        found.perinatal_2wk_assessment_met,
        found.nice_4wk_from_assessment_met,
        found.four_wk_from_referral_met,
        found.national_6wk_met,
        found.national_18wk_met,
    ) == met


def test_what_has_not_happened_is_neither_met_nor_missed() -> None:
    found = waits(DAY, None, None)
    assert found.days_to_assessment is None
    assert (found.perinatal_2wk_assessment_met, found.national_18wk_met) == (None, None)
    found = waits(DAY, after(3), None)
    assert (found.perinatal_2wk_assessment_met, found.nice_4wk_from_assessment_met) == (True, None)
    found = waits(DAY, None, after(20))
    assert (found.four_wk_from_referral_met, found.nice_4wk_from_assessment_met) == (True, None)
    assert found.days_assessment_to_treatment is None


@pytest.mark.parametrize(
    ("pauses", "net"),
    [
        ([], 20),
        ([(5, 8)], 17),
        ([(5, 5)], 20),
        ([(5, 8), (7, 10)], 15),  # a day in two pauses counts once
        ([(7, 10), (5, 8)], 15),
        ([(5, 15), (6, 7)], 10),
        ([(-9, 3)], 17),  # before the referral nothing is paused
        ([(15, 40)], 15),
        ([(15, None)], 15),  # still going on
        ([(30, 40)], 20),
        ([(0, 20)], 0),
    ],
)
def test_pauses(pauses: list[tuple[int, int | None]], net: int) -> None:
    given_pauses = [Pause(after(start), None if end is None else after(end)) for start, end in pauses]
    found = waits(DAY, after(20), None, given_pauses)
    assert (found.days_to_assessment, found.days_to_assessment_net) == (20, net)


def test_standards_are_judged_on_elapsed_days_unless_the_area_says_net() -> None:
    pauses = [Pause(after(2), after(12))]
    found = waits(DAY, after(20), after(50), pauses)
    assert (found.judged_on, found.perinatal_2wk_assessment_met, found.national_6wk_met) == (
        "elapsed",
        False,
        False,
    )
    found = waits(DAY, after(20), after(50), pauses, judged_net=True)
    assert (found.judged_on, found.perinatal_2wk_assessment_met, found.national_6wk_met) == (
        "net",
        True,
        True,
    )
    assert (found.days_referral_to_treatment, found.days_referral_to_treatment_net) == (50, 40)


def test_days_in_an_order_that_cannot_be() -> None:
    for assessed, treated in ((after(-1), None), (None, after(-1)), (after(5), after(4))):
        with pytest.raises(BadInput):
            waits(DAY, assessed, treated)


def line(**changes: Any) -> dict[str, Any]:
    return {
        "id": "w",
        "referral_received": "2026-01-01",
        "assessment": "2026-01-15",
        "first_treatment_appointment": None,
        "pauses": [{"from": "2026-01-03", "to": "2026-01-05"}],
    } | changes


def test_a_line() -> None:
    found = waits_line(line())
    assert list(found) == [
        "id", "days_to_assessment", "days_referral_to_treatment", "days_assessment_to_treatment",
        "days_to_assessment_net", "days_referral_to_treatment_net", "days_assessment_to_treatment_net",
        "judged_on", "national_6wk_met", "national_18wk_met", "perinatal_2wk_assessment_met",
        "nice_4wk_from_assessment_met", "four_wk_from_referral_met",
    ]  # fmt: skip
    assert (found["days_to_assessment"], found["days_to_assessment_net"]) == (14, 12)
    assert waits_line(line(pauses=None))["days_to_assessment_net"] == 14
    assert "assessment" not in (short := {k: v for k, v in line().items() if k != "assessment"})
    assert waits_line(short)["days_to_assessment"] is None


def test_a_moment_counts_as_its_day_in_london() -> None:
    summer = line(referral_received="2026-06-01T23:30:00+00:00", assessment="2026-06-15T12:00:00Z")
    assert waits_line(summer)["days_to_assessment"] == 13  # half past midnight on the 2nd


@pytest.mark.parametrize(
    "changes",
    [
        {"id": None}, {"referral_received": None}, {"referral_received": "01/01/2026"},
        {"referral_received": "2026-02-30"}, {"referral_received": 20260101}, {"assessment": True},
        {"assessment": "2026-01-15T09:00:00"}, {"assessment": ""}, {"assessment": "2025-12-31"},
        {"assessment": "9999-12-31T23:59:59-14:00"}, {"assessment": "2026-W03-4"},
        {"pauses": {}}, {"pauses": ["2026-01-03"]}, {"pauses": [{"to": "2026-01-03"}]},
        {"pauses": [{"from": "2026-01-05", "to": "2026-01-03"}]},
        {"pauses": [{"from": "2026-01-05", "to": "2026-01-06"}] * 1001},
    ],
)  # fmt: skip
def test_lines_that_cannot_be_read(changes: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        waits_line(line(**changes))


days = st.integers(0, 200)


@given(days, days, st.lists(st.tuples(st.integers(-50, 250), st.none() | st.integers(0, 60)), max_size=6))
def test_net_is_what_is_left_when_paused_days_are_struck_out(
    to_assessment: int, then: int, pauses: list[tuple[int, int | None]]
) -> None:
    spans = [
        Pause(after(start), None if length is None else after(start + length)) for start, length in pauses
    ]
    assessed, treated = after(to_assessment), after(to_assessment + then)
    found = waits(DAY, assessed, treated, spans)

    def struck(start: date, end: date) -> int:
        every = (start + timedelta(days=at) for at in range((end - start).days))
        return sum(not any(p.start <= day and (p.end is None or day < p.end) for p in spans) for day in every)

    assert found.days_to_assessment_net == struck(DAY, assessed)
    assert found.days_referral_to_treatment_net == struck(DAY, treated)
    assert found.days_assessment_to_treatment_net == struck(assessed, treated)
