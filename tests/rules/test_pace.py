"""The bucket of tokens that keeps somebody's pace."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from anydoor.rules.pace import MOST_KEPT, Pace


def test_as_many_at_once_as_in_a_minute_then_one_at_a_time() -> None:
    pace = Pace(60)
    assert [pace.take("a", 100.0) for _ in range(60)] == [0] * 60
    assert pace.take("a", 100.0) == 1
    assert pace.take("b", 100.0) == 0, "another is not slowed"
    assert pace.take("a", 101.0) == 0
    assert pace.take("a", 101.0) == 1
    assert [pace.take("a", 161.0) for _ in range(61)].count(0) == 60


def test_heavy_work_takes_more_and_says_how_long() -> None:
    pace = Pace(60)
    assert [pace.take("a", 0.0, 10) for _ in range(7)] == [0, 0, 0, 0, 0, 0, 10]
    assert pace.take("a", 9.0, 10) == 1
    assert pace.take("a", 10.0, 10) == 0
    assert Pace(5).take("a", 0.0, 10) == 0, "more than there ever is takes all there is"


def test_without_a_number_there_is_no_limit_and_it_forgets_who_was_here_long_ago() -> None:
    assert {Pace(0).take("a", 0.0) for _ in range(1000)} == {0}
    pace = Pace(1)
    for number in range(MOST_KEPT + 10):
        pace.take(str(number), 0.0)
    assert len(pace._left) == MOST_KEPT


@given(st.integers(1, 50), st.lists(st.floats(0, 5), max_size=80))
@settings(max_examples=60)
def test_nobody_gets_more_than_twice_the_number_in_any_minute(a_minute: int, steps: list[float]) -> None:
    pace, at, given_at = Pace(a_minute), 0.0, []
    for step in steps:
        at += step
        wait = pace.take("a", at)
        if wait == 0:
            given_at.append(at)
        else:
            assert pace.take("b", at) in {0, *range(1, 61)}
    for first in given_at:
        assert sum(first <= one < first + 60 for one in given_at) <= 2 * a_minute
