"""What changed between the first and the last score of one measure, or of one goal.

A change is reliable when it is at least the measure's reliable change index: then it is more than the
measure's own unsteadiness explains (Jacobson and Truax 1991). Where no index is known the change is told in
points and called neither reliable nor unreliable. The two scores must be of the same instrument, both whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from anydoor.rules.errors import BadInput
from anydoor.rules.instruments.registry import PRESENT
from anydoor.rules.instruments.values import DEFAULTS, ValueSet

Points = int | Decimal

# Scales within an instrument, and measures known by their total alone, where the instrument does not say.
HIGH_IS = {"MORS-SF.warmth": "better", "MORS-SF.invasion": "worse", "MI": "worse"}


class Verdict(StrEnum):
    """What a change amounts to. `NO_RULE`: no reliable change index is known for this measure."""

    IMPROVED = "improved_reliably"
    WORSENED = "worsened_reliably"
    NO_RELIABLE_CHANGE = "no_reliable_change"
    NO_RULE = "no_rule"


VERDICT_WORDS = {
    Verdict.IMPROVED: "improved reliably",
    Verdict.WORSENED: "became worse, reliably",
    Verdict.NO_RELIABLE_CHANGE: "no reliable change",
    Verdict.NO_RULE: "no published rule says how much change is reliable",
}


@dataclass(frozen=True, slots=True)
class Change:
    """`points` is last minus first; `better_by` is above 0 when the person is better off; `index` is the
    reliable change index it was held against, or None.
    """

    points: Points
    better_by: Points
    index: Points | None
    verdict: Verdict

    @property
    def words(self) -> str:
        return VERDICT_WORDS[self.verdict]


def paired(measure: str, first: Points, last: Points, *, values: ValueSet = DEFAULTS) -> Change:
    """The change of one measure, by its own index. `measure` may name a scale: "MORS-SF.warmth"."""
    points = last - first
    better_by = points if high_is(measure) == "better" else -points
    index = values.number(measure, "reliable_change")
    return Change(points, better_by, index, verdict_of(better_by, index))


def verdict_of(better_by: Points, index: Points | None) -> Verdict:
    """The verdict on a change: reliable from the index on, either way."""
    if index is None:
        return Verdict.NO_RULE
    if better_by >= index:
        return Verdict.IMPROVED
    if -better_by >= index:
        return Verdict.WORSENED
    return Verdict.NO_RELIABLE_CHANGE


def high_is(measure: str) -> str:
    """Which way a higher score points: "worse" or "better". Raises BadInput on an unknown measure."""
    if measure in HIGH_IS:
        return HIGH_IS[measure]
    instrument = PRESENT.get(measure)
    if instrument is None or not instrument.has_total:
        raise BadInput("There is no such measure with a total.", field="measure")
    return instrument.high_is


@dataclass(frozen=True, slots=True)
class GoalChange:
    """How far a person's own goal has come: points on its scale, and the share of the way that was left.

    `share` is None where the goal was already reached at the start. It is nobody's reliable change: no index
    for goals is known here, so the person says whether it is enough.
    """

    points: int
    share: Decimal | None
    reached: bool


def goal(first: int, last: int, *, lowest: int = 0, highest: int = 10) -> GoalChange:
    """The change of a goal rated from `lowest` (not begun) to `highest` (reached). Raises BadInput."""
    if not lowest < highest or not all(lowest <= rating <= highest for rating in (first, last)):
        raise BadInput(f"A goal is rated from {lowest} to {highest}.", field="rating")
    left = highest - first
    share = None if left == 0 else Decimal(last - first) / Decimal(left)
    return GoalChange(points=last - first, share=share, reached=last == highest)
