from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anydoor.rules import lead as rules
from anydoor.rules.lead import LEVEL_RANK, Holding

START = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


def held(worker: int, level: str = "", *, day: int = 0, team: int = 1) -> Holding:
    return Holding(worker, team, level, START + timedelta(days=day))


@pytest.mark.parametrize(
    ("chosen", "holdings", "worker", "why"),
    [
        (None, [held(3)], 3, rules.ONLY),
        (3, [held(3)], 3, rules.CHOSEN),
        (9, [held(3)], 3, rules.ONLY),
        (1, [held(1, "universal"), held(2, "specialist")], 1, rules.CHOSEN),
        (9, [held(1, "universal"), held(2, "specialist")], 2, rules.HIGHEST),
        (None, [held(1, "targeted"), held(2, "specialist", day=9)], 2, rules.HIGHEST),
        (None, [held(1, ""), held(2, "universal", day=9)], 2, rules.HIGHEST),
        (None, [held(1, "targeted", day=2), held(2, "targeted", day=1)], 2, rules.LONGEST),
        (None, [held(2, "targeted"), held(1, "targeted")], 1, rules.LONGEST),
        (None, [held(1, "targeted"), held(1, "")], 1, rules.ONLY),
    ],
)
def test_who_leads_and_why(chosen: int | None, holdings: list[Holding], worker: int, why: str) -> None:
    found = rules.lead(chosen, holdings)
    assert found is not None
    assert (found.holding.worker_id, found.why) == (worker, why)


def test_a_chosen_worker_is_shown_with_their_weightiest_holding() -> None:
    found = rules.lead_holder(1, [held(1, "", team=4), held(1, "targeted", day=3, team=5)])
    assert found is not None
    assert found.team_id == 5


def test_nobody_leads_a_family_that_nobody_holds() -> None:
    assert rules.lead(None, []) is None
    assert rules.lead_holder(1, []) is None


HOLDINGS = st.lists(
    st.builds(
        Holding,
        st.integers(1, 4),
        st.integers(1, 3),
        st.sampled_from(sorted(LEVEL_RANK)),
        st.integers(0, 3).map(lambda days: START + timedelta(days=days)),
        st.booleans(),
        st.integers(1, 9),
    ),
    min_size=1,
    max_size=6,
)


@given(st.none() | st.integers(1, 6), HOLDINGS)
def test_a_held_family_has_one_lead_whatever_the_order(chosen: int | None, holdings: list[Holding]) -> None:
    found = rules.lead_holder(chosen, holdings)
    assert found in holdings
    assert rules.lead_holder(chosen, list(reversed(holdings))) == found
    assert rules.lead_holder(chosen, holdings[1:] + holdings[:1]) == found


@given(st.none() | st.integers(1, 6), HOLDINGS)
def test_nobody_outranks_the_lead(chosen: int | None, holdings: list[Holding]) -> None:
    found = rules.lead_holder(chosen, holdings)
    assert found is not None
    if chosen in {each.worker_id for each in holdings}:
        assert found.worker_id == chosen
        holdings = [each for each in holdings if each.worker_id == chosen]
    rank = (-LEVEL_RANK[found.level], found.since, found.worker_id)
    assert all(rank <= (-LEVEL_RANK[each.level], each.since, each.worker_id) for each in holdings)
