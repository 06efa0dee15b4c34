"""Where a moment lies on the map: from trying to conceive to school, or in the time after a loss.

A moment is a number: the whole part is the column, the rest how far through it. Time runs evenly inside a
column, and columns are as wide as what happens in them needs; the map says so.

The columns are those of the strategies: trying to conceive, pregnancy, birth to the visit at 6 to 8 weeks,
to the first and the second birthday (the first 1,001 days), and up to five.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

TERM_WEEKS = 40
LAST_DAY = 1826  # the fifth birthday
CHILD_EDGES = (0, 56, 365, 730, LAST_DAY)  # days of age where columns meet
BIRTH = 2.0
LOSS_EDGES = (0, 42, 183, 365, 1096)  # days since a loss


@dataclass(frozen=True, slots=True)
class Column:
    """A stretch of time: `key` for links, `name` as head, `share` of the width, ticks as (moment, words)."""

    key: str
    name: str
    share: float
    ticks: tuple[tuple[float, str], ...] = ()


def at_week(week: float) -> float:
    """The moment of a completed week of pregnancy; after 40 weeks it stands at the birth."""
    return 1.0 + min(max(week, 0.0), TERM_WEEKS) / TERM_WEEKS


def at_age(days: float) -> float:
    """The moment of a child's age in days; the fifth birthday is the end of the map."""
    return BIRTH + _along(days, CHILD_EDGES)


def since_loss(days: float) -> float:
    """The moment of so many days after a loss, on the scale of the view after a loss."""
    return _along(days, LOSS_EDGES)


def _along(days: float, edges: Sequence[int]) -> float:
    if days <= edges[0]:
        return 0.0
    if days >= edges[-1]:
        return float(len(edges) - 1)
    number = bisect_right(edges, days) - 1
    return number + (days - edges[number]) / (edges[number + 1] - edges[number])


def _months(count: float) -> float:
    return at_age(count * 365 / 12)


STAGES: tuple[Column, ...] = (
    Column("trying", "Trying to conceive", 145),
    Column(
        "pregnancy",
        "Pregnancy",
        425,
        tuple((at_week(week), f"{week} weeks") for week in (10, 20, 28, 36)),
    ),
    Column("birth", "Birth to 8 weeks", 188, ((at_age(14), "2 weeks"), (at_age(42), "6 weeks"))),
    Column(
        "first-year",
        "To first birthday",
        228,
        tuple((_months(count), f"{count} months") for count in (4, 7, 10)),
    ),
    Column(
        "second-year",
        "To second birthday",
        218,
        ((_months(15), "15 months"), (_months(20), "20 months")),
    ),
    Column("to-five", "Up to 5", 154, ((at_age(913), "2½"), (at_age(1461), "4 years"))),
)
AFTER_A_LOSS: tuple[Column, ...] = (
    Column("loss-weeks", "The first weeks", 290),
    Column("loss-half-year", "To half a year", 350),
    Column("loss-year", "To one year", 330),
    Column("loss-later", "Any time after", 388),
)
FIRST_1001_DAYS = (1.0, 5.0)  # from conception to the second birthday


@dataclass(frozen=True, slots=True)
class Axis:
    """Columns laid side by side from `left` to `right`."""

    columns: tuple[Column, ...]
    left: float
    right: float

    @property
    def edges(self) -> tuple[float, ...]:
        """Where columns begin, and where the last one ends."""
        whole = sum(column.share for column in self.columns)
        edges, at = [self.left], 0.0
        for column in self.columns:
            at += column.share
            edges.append(self.left + (self.right - self.left) * at / whole)
        return tuple(edges)

    def x(self, moment: float) -> float:
        """How far from the left a moment lies."""
        edges = self.edges
        moment = min(max(moment, 0.0), float(len(self.columns)))
        number = min(int(moment), len(self.columns) - 1)
        return edges[number] + (moment - number) * (edges[number + 1] - edges[number])
