"""What one service is to the map: its lane, its marks, and when it is there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anydoor.rules.pathway_map.scale import LAST_DAY, at_age, at_week, since_loss

Span = tuple[float, float]

# Needs that are about life around a baby. A service is in that lane when its main need is one of the first,
# or when all its needs are.
LIFE = frozenset(
    {"feeding", "housing", "money", "childcare", "english", "domestic_abuse", "substance", "disability"}
)
ALSO_LIFE = LIFE | {"isolation", "physical_health"}
YOUNG = 25  # a limit of age up to here makes a service one for young parents

VIEWS: dict[str, str] = {
    "everything": "Everything",
    "fathers": "Fathers",
    "loss": "Loss",
    "young": "Young parents",
}


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane: its key, name, what it means, and whether it is parted by strand."""

    key: str
    name: str
    words: str
    by_strand: bool = False


LANES: tuple[Lane, ...] = (
    Lane("universal", "Universal", "Open to every family"),
    Lane("targeted", "Targeted", "Mild to moderate", by_strand=True),
    Lane("specialist", "Specialist", "Moderate to severe", by_strand=True),
    Lane("loss", "After a loss", "At any stage. Nothing about babies is sent"),
    Lane("life", "Life around it", "Counts as much"),
)
LANE_OF = {lane.key: lane for lane in LANES}
STRAND_NAMES: dict[str, str] = {"pmh": "Mind", "": "Both", "pir": "Bond"}  # in this order, top down


@dataclass(frozen=True, slots=True)
class Entry:
    """A service as the map needs it. `needs` has the main one first; windows are as in the directory:
    weeks of pregnancy from and to, days of a child's age from and up to, days after a loss (None: no limit).
    """

    slug: str
    name: str
    strand: str
    level: str
    needs: tuple[str, ...] = ()
    trying: bool = False
    pregnancy: tuple[int, int] | None = None
    child: tuple[int, int] | None = None
    after_loss: bool = False
    loss_days: int | None = None
    audience: frozenset[str] = frozenset()
    routes: frozenset[str] = frozenset()
    age_under: int | None = None
    organisation: str = ""
    words: str = ""  # one sentence, for the list
    note: str = ""  # "closed until 4 May", "being tried out": for the list


def lane_of(entry: Entry) -> str:
    """The key of the lane a service is drawn in."""
    has_window = entry.trying or entry.pregnancy is not None or entry.child is not None
    if entry.after_loss and ((entry.needs[:1] == ("loss",)) or not has_window):
        return "loss"
    if entry.strand == "" and entry.needs and (entry.needs[0] in LIFE or ALSO_LIFE.issuperset(entry.needs)):
        return "life"
    return entry.level


def marks_of(entry: Entry) -> str:
    """Its marks in a fixed order: D ask yourself, Y young parents, F fathers and co-parents."""
    marks = "D" if entry.routes & {"self", "drop_in"} else ""
    if is_for_young(entry):
        marks += "Y"
    return marks + ("F" if entry.audience & {"father", "co_parent"} else "")


def is_for_young(entry: Entry) -> bool:
    """Made for young parents."""
    return entry.age_under is not None and entry.age_under <= YOUNG


def spans_of(entry: Entry) -> tuple[Span, ...]:
    """When it is there, on the scale of stages; what touches is one span. Nothing said: all the time."""
    spans: list[Span] = [(0.0, 1.0)] if entry.trying else []
    if entry.pregnancy is not None:
        spans.append((at_week(entry.pregnancy[0]), at_week(entry.pregnancy[1])))
    if entry.child is not None:
        spans.append((at_age(entry.child[0]), at_age(min(entry.child[1], LAST_DAY))))
    if entry.after_loss and lane_of(entry) == "loss":
        spans = [(0.0, 6.0)]
    return _joined([span for span in spans if span[1] > span[0]]) or ((0.0, 6.0),)


def loss_spans_of(entry: Entry) -> tuple[Span, ...]:
    """When it is there after a loss, on the scale of that view."""
    return ((0.0, since_loss(entry.loss_days) if entry.loss_days is not None else 4.0),)


def _joined(spans: Sequence[Span]) -> tuple[Span, ...]:
    joined: list[Span] = []
    for first, last in sorted(spans):
        if joined and first <= joined[-1][1] + 0.06:  # two weeks of pregnancy are no gap
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return tuple(joined)


def shown_in(view: str, entries: Iterable[Entry]) -> list[Entry]:
    """The services of a view. `young`: made for young parents, and what is open to every family."""
    if view == "fathers":
        return [entry for entry in entries if entry.audience & {"father", "co_parent"}]
    if view == "loss":
        return [entry for entry in entries if entry.after_loss]
    if view == "young":
        return [
            entry
            for entry in entries
            if is_for_young(entry) or (entry.level == "universal" and entry.age_under is None)
        ]
    return list(entries)


def in_order(entries: Iterable[Entry], *, loss: bool = False) -> list[Entry]:
    """As a family meets them: earliest first, then the longest, then by name."""

    def key(entry: Entry) -> tuple[float, float, str, str]:
        spans = loss_spans_of(entry) if loss else spans_of(entry)
        return spans[0][0], -spans[-1][1], entry.name.casefold(), entry.slug

    return sorted(entries, key=key)
