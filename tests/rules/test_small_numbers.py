"""Small numbers are hidden, others rounded, and neither can be worked back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anydoor.rules.small_numbers import HIDDEN, count, rate


@pytest.mark.parametrize(
    ("number", "shown"),
    [(0, "*"), (4, "*"), (5, "5"), (7, "5"), (8, "10"), (12, "10"), (13, "15"), (1237, "1,235")],
)
def test_counts(number: int, shown: str) -> None:
    assert count(number) == shown


def test_a_count_below_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="0 or more"):
        count(-1)


def test_rates_are_of_rounded_counts_and_hidden_with_either() -> None:
    assert rate(12, 29) == "33%"  # 10 of 30
    assert rate(3, 29) == HIDDEN
    assert rate(3, 4) == HIDDEN
    assert rate(0, 0) is None


@given(part=st.integers(0, 400), of=st.integers(0, 400))
def test_nothing_small_is_ever_told(part: int, of: int) -> None:
    part = min(part, of)
    shown = rate(part, of)
    if part < 5 and of:
        assert shown == HIDDEN
    elif of:
        assert shown is not None
        assert 0 < int(shown.rstrip("%")) <= 100
    assert count(part) == HIDDEN or int(count(part)) % 5 == 0
