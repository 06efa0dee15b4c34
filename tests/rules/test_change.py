"""Change of one measure by its own rule, and of a goal."""

from __future__ import annotations

from decimal import Decimal

import pytest

from anydoor.rules.change import Verdict, goal, paired
from anydoor.rules.errors import BadInput


@pytest.mark.parametrize(
    ("measure", "first", "last", "verdict", "better_by"),
    [
        ("PHQ-9", 15, 9, Verdict.IMPROVED, 6),
        ("PHQ-9", 15, 10, Verdict.NO_RELIABLE_CHANGE, 5),
        ("PHQ-9", 9, 15, Verdict.WORSENED, -6),
        ("GAD-7", 10, 6, Verdict.IMPROVED, 4),
        ("CORE-10", 20, 14, Verdict.IMPROVED, 6),
        ("CORE-10", 20, 15, Verdict.NO_RELIABLE_CHANGE, 5),
        ("PCL-5", 40, 30, Verdict.IMPROVED, 10),
        ("MI", Decimal("3.03"), Decimal("2.30"), Verdict.IMPROVED, Decimal("0.73")),
        # No index is known: points alone, and which way is better.
        ("EPDS", 20, 3, Verdict.NO_RULE, 17),
        ("KPCS", 30, 40, Verdict.NO_RULE, 10),
        ("MORS-SF.warmth", 10, 20, Verdict.NO_RULE, 10),
        ("MORS-SF.invasion", 10, 20, Verdict.NO_RULE, -10),
    ],
)
def test_change(measure: str, first: Decimal, last: Decimal, verdict: Verdict, better_by: Decimal) -> None:
    found = paired(measure, first, last)
    assert (found.verdict, found.better_by, found.points) == (verdict, better_by, last - first)
    assert (found.index is None) is (verdict is Verdict.NO_RULE)
    assert found.words


def test_change_of_what_is_no_measure() -> None:
    for name in ("PHQ", "MORS-SF", "LEAO", ""):
        with pytest.raises(BadInput):
            paired(name, 1, 2)


def test_goals() -> None:
    found = goal(2, 6)
    assert (found.points, found.share, found.reached) == (4, Decimal("0.5"), False)
    assert goal(2, 10).reached
    assert goal(10, 10).share is None
    assert goal(5, 3).share == Decimal("-0.4")
    for first, last in ((-1, 3), (3, 11)):
        with pytest.raises(BadInput):
            goal(first, last)
    with pytest.raises(BadInput):
        goal(1, 1, lowest=3, highest=3)
