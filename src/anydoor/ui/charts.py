"""Where everything of a chart of scores stands. Pure: dates and numbers in, places on a drawing out.

The drawing itself is `templates/ui/components/charts.jinja`. Time runs true along the bottom (two scores
twice as far apart in time stand twice as far apart), nothing is smoothed or drawn beyond the last score, and
no point is left out. Lengths are in the drawing's own units, y counted from the top.

A chart is laid out twice, `WIDE` and `NARROW`, so that its letters are as large on a phone as on a desk.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from anydoor.ui.times import calendar_day, full_date, short_day

Points = int | Decimal


@dataclass(frozen=True, slots=True)
class Mark:
    """One time somebody answered. `score` is None where it has no total; `note` says why, in two words.

    `risk` is the name of a raised risk item ("question 9"), or empty.
    """

    day: date
    score: Points | None
    note: str = ""
    risk: str = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """What the scores are read against.

    bands     (from, words), rising; empty where none is set
    line      a cut-off and its words ("caseness, 10 or more"), or None
    index     the reliable change index, or None where no rule is known
    worse     whether a higher score is worse
    """

    lowest: int
    highest: int
    bands: Sequence[tuple[int, str]] = ()
    line: tuple[Points, str] | None = None
    index: Points | None = None
    worse: bool = True


@dataclass(frozen=True, slots=True)
class Size:
    """How large a drawing is, and the room around the plot for numbers and the names of bands."""

    name: str
    width: int
    height: int
    left: int = 28
    right: int = 84
    top: int = 10
    below: int = 30
    radius: int = 13


WIDE = Size("wide", width=524, height=280)
NARROW = Size("narrow", width=288, height=270, left=24, right=72, radius=12)
LETTER = 6.3  # the width of one letter of the labels, nearly
LINE = 15  # the height of one line of them


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    def meets(self, other: Box) -> bool:
        return (
            self.x < other.x + other.width
            and other.x < self.x + self.width
            and self.y < other.y + other.height
            and other.y < self.y + self.height
        )


@dataclass(frozen=True, slots=True)
class Label:
    """Words at a place; `anchor` is start, middle or end."""

    x: float
    y: float
    words: str
    anchor: str = "start"


@dataclass(frozen=True, slots=True)
class Band:
    """A stripe of the plot; `depth` 1 is the lightest. Its label is None where the stripe is too thin."""

    box: Box
    depth: int
    label: Label | None


@dataclass(frozen=True, slots=True)
class Point:
    """A mark on the plot. `told` is what a pointer resting on it reads."""

    x: float
    y: float
    score: str
    told: str
    risk: Label | None = None
    risk_at: tuple[float, float] | None = None
    note: Label | None = None
    numbered: bool = True

    @property
    def is_scored(self) -> bool:
        return bool(self.score)


@dataclass(frozen=True, slots=True)
class Stroke:
    """A line between two scores; dashed where one in between was not scored."""

    x1: float
    y1: float
    x2: float
    y2: float
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Something that was changed on a day: an upright line with a letter, told in words under the chart."""

    x: float
    letter: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """Everything of one size of a chart, in its place."""

    size: Size
    plot: Box
    bands: Sequence[Band] = ()
    grid: Sequence[Label] = ()
    days: Sequence[Label] = ()
    unsure: Box | None = None
    unsure_label: Label | None = None
    line: tuple[Stroke, Label] | None = None
    strokes: Sequence[Stroke] = ()
    points: Sequence[Point] = ()
    notes: Sequence[Note] = ()

    def words(self) -> Iterator[tuple[str, Label]]:
        """Every label with what it is: the last part of its class."""
        yield from (("of", band.label) for band in self.bands if band.label)
        yield from (("step", step) for step in self.grid)
        yield from (("day", day) for day in self.days)
        if self.unsure_label:
            yield "unsure-label", self.unsure_label
        if self.line:
            yield "line-label", self.line[1]
        yield from (("missing", point.note) for point in self.points if point.note)
        yield from (("risk-label", point.risk) for point in self.points if point.risk)

    def lines(self) -> Iterator[tuple[str, Stroke]]:
        """The cut-off and what joins the scores, each with what it is."""
        if self.line:
            yield "line", self.line[0]
        yield from (("trend", stroke) for stroke in self.strokes)


def draw(marks: Sequence[Mark], scale: Scale, size: Size, notes: Sequence[date] = ()) -> Drawing:
    """Lay out one chart. `marks` in the order they were answered; at least one. Raises ValueError."""
    if not marks:
        raise ValueError("a chart needs at least one mark")
    plot = Box(size.left, size.top, size.width - size.left - size.right, size.height - size.top - size.below)
    places = Places(plot, scale, [mark.day for mark in marks], notes)
    points = _points(marks, places, size)
    taken = [_around(point, size.radius) for point in points]
    taken += [_room(point.risk) for point in points if point.risk]
    line = _line(scale, places, taken)
    if line is not None:
        taken.append(_room(line[1]))
    unsure, words = _unsure(marks, scale, places)
    return Drawing(
        size=size,
        plot=plot,
        bands=_bands(scale, places, size),
        grid=[Label(plot.x - 8, places.y(step) + 4, str(step), "end") for step in _steps(scale)],
        days=_days(marks, places, plot),
        unsure=unsure,
        unsure_label=_free(_corners(unsure, words), taken) if unsure else None,
        line=line,
        strokes=_strokes(points),
        points=points,
        notes=[Note(places.x(day), letter(at)) for at, day in enumerate(notes)],
    )


def letter(place: int) -> str:
    """The letter of a note, counted from 0: A to Z and from A again."""
    return chr(ord("A") + place % 26)


class Places:
    """From a day and a score to a place on the plot."""

    def __init__(self, plot: Box, scale: Scale, days: Sequence[date], notes: Iterable[date]) -> None:
        every = [*map(calendar_day, days), *map(calendar_day, notes)]
        self.plot, self.scale = plot, scale
        self.first = min(every)
        self.span = (max(every) - self.first).days
        self.inset = min(22.0, plot.width / 8)

    def x(self, day: date) -> float:
        """A single day stands in the middle."""
        if not self.span:
            return round(self.plot.x + self.plot.width / 2, 1)
        share = (calendar_day(day) - self.first).days / self.span
        return round(self.plot.x + self.inset + share * (self.plot.width - 2 * self.inset), 1)

    def y(self, score: float | Points) -> float:
        """A score beyond the scale stands at its edge."""
        low, high = self.scale.lowest, self.scale.highest
        share = (min(max(float(score), low), high) - low) / (high - low)
        return round(self.plot.y + (1 - share) * self.plot.height, 1)


def reliable_box(first: Points, index: Points, scale: Scale) -> tuple[Points, Points] | None:
    """The lowest and the highest score that are no reliable change from `first`; None where all are one.

    A change of the index itself is reliable: with whole scores the box ends one point before it.
    """
    step: Points = 1 if isinstance(first, int) and isinstance(index, int) else Decimal("0.01")
    low, high = first - index + step, first + index - step
    if low > high:
        return None
    return max(low, scale.lowest), min(high, scale.highest)


def _unsure(marks: Sequence[Mark], scale: Scale, places: Places) -> tuple[Box | None, str]:
    first = next((mark.score for mark in marks if mark.score is not None), None)
    if first is None or scale.index is None:
        return None, ""
    ends = reliable_box(first, scale.index, scale)
    if ends is None:
        return None, ""
    low, high = ends
    half = 0.5 if isinstance(first, int) else 0.0
    top, bottom = places.y(float(high) + half), places.y(float(low) - half)
    box = Box(places.plot.x, top, places.plot.width, round(bottom - top, 1))
    words = f"no reliable change, {low} to {high}"
    if len(words) * LETTER > box.width - 12:
        words = f"not reliable, {low} to {high}"
    return box, words


def _corners(box: Box | None, words: str) -> list[Label]:
    if box is None:
        return []
    left, right = box.x + 6, box.x + box.width - 6
    top, bottom = box.y + 14, box.y + box.height - 6
    return [
        Label(right, top, words, "end"),
        Label(left, top, words),
        Label(right, bottom, words, "end"),
        Label(left, bottom, words),
    ]


def _line(scale: Scale, places: Places, taken: Sequence[Box]) -> tuple[Stroke, Label] | None:
    """The cut-off, with its words at that end of it where no score stands in the way."""
    if scale.line is None:
        return None
    value, words = scale.line
    plot, y = places.plot, places.y(value)
    left, right = plot.x + 6, plot.x + plot.width - 6
    label = _free(
        [
            Label(left, y + 14, words),
            Label(right, y + 14, words, "end"),
            Label(left, y - 5, words),
            Label(right, y - 5, words, "end"),
        ],
        taken,
    )
    return Stroke(plot.x, y, plot.x + plot.width, y), label


def _free(choices: Sequence[Label], taken: Sequence[Box]) -> Label:
    """The first place that is free; the one with the fewest things in the way when none is."""
    return min(choices, key=lambda one: sum(_room(one).meets(box) for box in taken))


def _room(label: Label) -> Box:
    width = len(label.words) * LETTER
    x = {"start": label.x, "middle": label.x - width / 2, "end": label.x - width}[label.anchor]
    return Box(x, label.y - LINE + 4, width, LINE)


def _around(point: Point, radius: int) -> Box:
    above = below = radius
    if point.risk_at:
        above, below = (above + 18, below) if point.risk_at[1] < point.y else (above, below + 18)
    return Box(point.x - radius, point.y - above, 2 * radius, above + below)


def _bands(scale: Scale, places: Places, size: Size) -> list[Band]:
    if not scale.bands:
        return [Band(places.plot, 1, None)]
    ends = [*(least for least, _ in scale.bands[1:]), scale.highest]
    found = []
    for at, ((least, words), end) in enumerate(zip(scale.bands, ends, strict=True)):
        top, bottom = places.y(end), places.y(least)
        box = Box(places.plot.x, top, places.plot.width, round(bottom - top, 1))
        depth = at + 1 if scale.worse else len(scale.bands) - at
        fits = box.height >= LINE - 1
        label = Label(box.x + box.width + 8, round((top + bottom) / 2 + 4, 1), words)
        found.append(Band(box, min(depth, 5), label if fits else None))
    return found


def _steps(scale: Scale) -> list[int]:
    """Round numbers up the side, and the two ends; an end pushes away a round number that is too near."""
    span = scale.highest - scale.lowest
    step = next((one for one in (1, 2, 5, 10, 20, 50) if span / one <= 6), 100)
    between = [
        number for number in range(scale.lowest, scale.highest, step) if scale.highest - number >= step * 0.6
    ]
    return [*between, scale.highest]


def _days(marks: Sequence[Mark], places: Places, plot: Box) -> list[Label]:
    """The first day and the last, and those between that have room. The year where it is not the same."""
    known = {places.x(mark.day): mark.day for mark in marks}
    (first, opened), *_ = ordered = sorted(known.items())
    last = ordered[-1][0]
    years = {calendar_day(day).year for day in known.values()}
    found: list[Label] = []
    taken: list[Box] = []
    between = [one for one in ordered if first < one[0] < last]
    for x, day in [(first, opened), *([ordered[-1]] if last > first else []), *between]:
        words = short_day(day).split(" ", maxsplit=1)[1]
        if len(years) > 1:
            words = f"{words} {calendar_day(day).year % 100:02}"
        label = Label(x, plot.y + plot.height + 20, words, "middle")
        room = _room(label)
        room = Box(room.x - 4, room.y, room.width + 8, room.height)
        if not any(room.meets(box) for box in taken):
            found.append(label)
            taken.append(room)
    return sorted(found, key=lambda one: one.x)


def _points(marks: Sequence[Mark], places: Places, size: Size) -> list[Point]:
    xs = [places.x(mark.day) for mark in marks]
    crowded = any(b - a < 2 * size.radius for a, b in pairwise(xs))
    found = []
    for x, mark in zip(xs, marks, strict=True):
        scored = mark.score is not None
        y = places.y(mark.score) if mark.score is not None else places.plot.y + places.plot.height - 26
        left = x > places.plot.x + places.plot.width / 2
        away = (5 if crowded or not scored else size.radius) + 10
        over = round(y - away if y - away > places.plot.y + 2 else y + away + 2, 1)
        risk_at = (x, over) if mark.risk else None
        beside = Label(x - 11 if left else x + 11, over + 5, mark.risk, "end" if left else "start")
        told = f"{full_date(mark.day)}: {mark.score if scored else 'not scored, ' + mark.note}"
        found.append(
            Point(
                x=x,
                y=y,
                score=str(mark.score) if scored else "",
                told=told + (f", {mark.risk} above 0" if mark.risk else ""),
                risk=beside if mark.risk and not crowded else None,
                risk_at=risk_at,
                note=Label(x, y + 20, mark.note, "middle") if not scored and not crowded else None,
                numbered=not crowded,
            )
        )
    return found


def _strokes(points: Sequence[Point]) -> list[Stroke]:
    scored = [(at, point) for at, point in enumerate(points) if point.is_scored]
    return [
        Stroke(one.x, one.y, other.x, other.y, dashed=next_at - at > 1)
        for (at, one), (next_at, other) in pairwise(scored)
    ]
