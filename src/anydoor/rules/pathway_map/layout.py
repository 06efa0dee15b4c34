"""The picture of the map: every part with its place in pixels. Nothing overlaps.

`picture(entries, view=...)` is a pure function of the services. Where the whole would be taller than a sheet
of A3 (`SHEET`), services of the same time share bars; where that is not enough, the sheet grows.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from anydoor.rules.pathway_map.bars import Bar, bars_of
from anydoor.rules.pathway_map.contacts import TRACKS, Contact, contacts_of
from anydoor.rules.pathway_map.entry import (
    LANES,
    STRAND_NAMES,
    Entry,
    Lane,
    Span,
    lane_of,
    loss_spans_of,
    shown_in,
    spans_of,
)
from anydoor.rules.pathway_map.lettering import in_lines, width
from anydoor.rules.pathway_map.scale import AFTER_A_LOSS, BIRTH, FIRST_1001_DAYS, STAGES, Axis, Column

WIDTH = 1600.0
SHEET = 0.65  # height to width of what A3 leaves between a heading and a last line
EDGE = 28.0  # round the sheet
LEFT, END = 198.0, 44.0  # the time axis: from the left, and before the right edge
POSTER_WIDTHS = (1600.0, 1800.0, 2000.0, 2200.0, 2400.0)
SUB_X = 178.0  # strand names end here
ROW_GAP, BAR_GAP = 6.0, 8.0
LANE_PAD, LANE_GAP = 8.0, 8.0
SMALL = 13.0


@dataclass(frozen=True, slots=True)
class Words:
    """A line of words. `x` is its beginning, its middle or its end, as `anchor` says: start, middle, end."""

    text: str
    x: float
    y: float
    size: float
    bold: bool = False
    anchor: str = "start"

    @property
    def wide(self) -> float:
        return width(self.text, self.size, bold=self.bold)

    @property
    def span(self) -> Span:
        """Its left and right end."""
        before = {"start": 0.0, "middle": 0.5, "end": 1.0}[self.anchor] * self.wide
        return self.x - before, self.x - before + self.wide


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column of time with its ticks."""

    key: str
    x: float
    y: float
    wide: float
    high: float
    name: Words
    ticks: tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A contact on its track: the point, its label, and the marks of what is asked above it."""

    contact: Contact
    x: float
    y: float
    label: Words
    mood_x: float | None
    bond_x: float | None


@dataclass(frozen=True, slots=True)
class Track:
    """A line of contacts."""

    name: Words
    first: float
    last: float
    y: float
    ticks: tuple[Tick, ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """A bar in its row: `y` is its upper edge."""

    bar: Bar
    y: float


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a lane: one strand, or the whole lane where it is not parted (`name` is None)."""

    strand: str
    name: Words | None
    top: float
    bottom: float
    bars: tuple[Placed, ...]


@dataclass(frozen=True, slots=True)
class LaneBox:
    """A lane with its name and its parts."""

    lane: Lane
    y: float
    high: float
    name: Words
    words: tuple[Words, ...]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole map. `count` is how many services are on it, `shared` whether they share bars."""

    view: str
    width: float
    height: float
    heads: tuple[Head, ...]
    days: tuple[Words, Span, float] | None  # "The first 1,001 days": words, from and to, height
    seen: tuple[Words, ...]  # "Everyone is seen" and what it means
    tracks: tuple[Track, ...]
    lanes: tuple[LaneBox, ...]
    dotted: tuple[float, ...]
    dashed: float | None
    lines_from: float
    lines_to: float
    count: int
    shared: bool

    @property
    def bars(self) -> list[Placed]:
        return [placed for lane in self.lanes for part in lane.parts for placed in part.bars]


def picture(
    entries: Sequence[Entry],
    contacts: Sequence[Contact] | None = None,
    *,
    view: str = "everything",
    wide: float = WIDTH,
) -> Picture:
    """Lay out the services of a view, with the contacts of the area's schedule (the national one)."""
    chosen = shown_in(view, entries)
    seen = contacts_of() if contacts is None else contacts
    made = _picture(chosen, seen, view, wide, shared=False)
    return made if made.height <= wide * SHEET else _picture(chosen, seen, view, wide, shared=True)


def poster(
    entries: Sequence[Entry], contacts: Sequence[Contact] | None = None, *, view: str = "everything"
) -> Picture:
    """The same for a sheet of A3: as wide as makes its letters the largest once it fits the paper."""
    pictures = (picture(entries, contacts, view=view, wide=wide) for wide in POSTER_WIDTHS)
    return min(pictures, key=lambda made: max(made.width, made.height / SHEET))


def _picture(
    entries: Sequence[Entry], contacts: Sequence[Contact], view: str, wide: float, *, shared: bool
) -> Picture:
    loss = view == "loss"
    axis = Axis(AFTER_A_LOSS if loss else STAGES, LEFT, wide - END)
    days, top = (None, 4.0) if loss else _days(axis)
    heads = _heads(axis, top)
    lines_from = top + heads[0].high + 4
    y = lines_from + 8
    tracks: tuple[Track, ...] = ()
    seen: tuple[Words, ...] = ()
    if not loss:
        seen = _seen(y)
        tracks, y = _tracks(axis, contacts, y)
    lanes = []
    for lane in sorted(LANES, key=lambda lane: loss and lane.key != "loss"):
        mine = [entry for entry in entries if lane_of(entry) == lane.key]
        if mine:
            box = _lane(lane, mine, axis, y, shared=shared, loss=loss)
            lanes.append(box)
            y = box.y + box.high + LANE_GAP
    edges = axis.edges
    return Picture(
        view=view,
        width=wide,
        height=y + 4,
        heads=heads,
        days=days,
        seen=seen,
        tracks=tracks,
        lanes=tuple(lanes),
        dotted=() if loss else (edges[1], edges[5]),
        dashed=None if loss else axis.x(BIRTH),
        lines_from=lines_from,
        lines_to=y - LANE_GAP,
        count=len(entries),
        shared=shared,
    )


# ---------------------------------------------------------------- heads and contacts


def _days(axis: Axis) -> tuple[tuple[Words, Span, float], float]:
    first, last = (axis.x(moment) for moment in FIRST_1001_DAYS)
    words = Words("The first 1,001 days", (first + last) / 2, 17, 15, bold=True, anchor="middle")
    return (words, (first, last), 12.0), 30.0


def _heads(axis: Axis, y: float) -> tuple[Head, ...]:
    edges, high = axis.edges, 50.0 if any(column.ticks for column in axis.columns) else 32.0
    heads = []
    for number, column in enumerate(axis.columns):
        left, right = edges[number], edges[number + 1]
        name = Words(column.name, (left + right) / 2, y + 21, 15, True, "middle")
        heads.append(
            Head(column.key, left + 1, y, right - left - 2, high, name, _column_ticks(column, axis, y))
        )
    return tuple(heads)


def _column_ticks(column: Column, axis: Axis, y: float) -> tuple[Words, ...]:
    ticks = [Words(words, axis.x(moment), y + 41, 12.5, anchor="middle") for moment, words in column.ticks]
    number = axis.columns.index(column)
    low, high = axis.edges[number] + 4, axis.edges[number + 1] - 4
    return tuple(_inside(tick, low, high) for tick in ticks)


def _inside(words: Words, low: float, high: float) -> Words:
    """The same words, moved as little as keeps them between two points."""
    first, last = words.span
    return replace(words, x=words.x + max(low - first, 0.0) - max(last - high, 0.0))


def _seen(y: float) -> tuple[Words, ...]:
    return (
        Words("Everyone is seen", EDGE + 16, y + 24, 18, bold=True),
        Words("Contacts for each family,", EDGE + 16, y + 46, SMALL),
        Words("and what is asked there", EDGE + 16, y + 64, SMALL),
    )


def _tracks(axis: Axis, meetings: Sequence[Contact], y: float) -> tuple[tuple[Track, ...], float]:
    tracks = []
    for key, name, _ in TRACKS:
        contacts = [contact for contact in meetings if contact.track == key]
        if not contacts:
            continue
        line = y + 34
        xs = [axis.x(contact.moment) for contact in contacts]
        labels = _labels(
            contacts, xs, line + (31 if any(contact.review for contact in contacts) else 23), axis.right
        )
        ticks = tuple(
            _tick(contact, x, line, label) for contact, x, label in zip(contacts, xs, labels, strict=True)
        )
        first = min(xs[0], min(label.span[0] for label in labels)) - 14
        words = Words(name, first - 8, line + 5, 13.5, bold=True, anchor="end")
        tracks.append(Track(words, first, max(xs[-1], labels[-1].span[1]), line, ticks))
        y = max(label.y for label in labels) + 4
    return tuple(tracks), y + 10


def _labels(contacts: Sequence[Contact], xs: Sequence[float], y: float, right: float) -> list[Words]:
    """Labels under their points, in a second line where they would touch."""
    placed: list[Words] = []
    ends = [0.0, 0.0]
    for contact, x in zip(contacts, xs, strict=True):
        text = contact.short + ("*" if contact.first_baby else "")
        label = _inside(Words(text, x, y, 12.5, anchor="middle"), LEFT, right)
        row = 0 if label.span[0] >= ends[0] + 4 else 1
        if label.span[0] < ends[row] + 4:
            label = _inside(label, ends[row] + 4, right)
        ends[row] = label.span[1]
        placed.append(replace(label, y=y + 16 * row))
    return placed


def _tick(contact: Contact, x: float, y: float, label: Words) -> Tick:
    both = contact.mood and contact.bond
    up = 9.0 if both else 0.0
    return Tick(
        contact, x, y, label,
        x - up if contact.mood else None,
        x + up if contact.bond else None,
    )  # fmt: skip


# ---------------------------------------------------------------- lanes


def _lane(lane: Lane, entries: Sequence[Entry], axis: Axis, y: float, *, shared: bool, loss: bool) -> LaneBox:
    name = Words(lane.name, EDGE + 16, y + 28, 18, bold=True)
    words = _lane_words(lane, y, loss=loss)
    least = words[-1].y + 10
    spans = loss_spans_of if loss else spans_of
    parts, at = [], y + LANE_PAD
    for strand in _strands(lane, entries):
        mine = [entry for entry in entries if strand is None or entry.strand == strand]
        bars = bars_of(mine, spans=spans, x=axis.x, frame=(LEFT, axis.right), shared=shared, loss=loss)
        placed, end = rows_of(bars, at)
        label = Words(STRAND_NAMES[strand], SUB_X, at + 18, 13, True, "end") if strand is not None else None
        parts.append(Part(strand or "", label, at, end, placed))
        at = end + ROW_GAP
    bottom = max(at - ROW_GAP + LANE_PAD, least)
    return LaneBox(lane, y, bottom - y, name, words, tuple(parts))


def _lane_words(lane: Lane, y: float, *, loss: bool) -> tuple[Words, ...]:
    """What a lane means, beside it; narrower where names of strands stand next to it."""
    text = "Somebody who knows about loss" if loss and lane.key == "loss" else lane.words
    lines = in_lines([(text, "")], 150.0 if not lane.by_strand else 98.0, SMALL)
    return tuple(
        Words(line[0].text, EDGE + 16, y + 48 + 17 * number, SMALL) for number, line in enumerate(lines)
    )


def _strands(lane: Lane, entries: Sequence[Entry]) -> list[str | None]:
    if not lane.by_strand:
        return [None]
    return [strand for strand in STRAND_NAMES if any(entry.strand == strand for entry in entries)]


def rows_of(bars: Sequence[Bar], top: float) -> tuple[tuple[Placed, ...], float]:
    """Bars in rows from `top`, each in the first row where it is clear of the others; and where rows end."""
    rows: list[list[Bar]] = []
    for bar in sorted(bars, key=_by_start()):
        for row in rows:
            if all(bar.first >= one.last + BAR_GAP or bar.last + BAR_GAP <= one.first for one in row):
                row.append(bar)
                break
        else:
            rows.append([bar])
    placed, y = [], top
    for row in rows:
        placed += [Placed(bar, y) for bar in row]
        y += max(bar.height for bar in row) + ROW_GAP
    return tuple(placed), (y - ROW_GAP if rows else top)


def _by_start() -> Callable[[Bar], tuple[float, float, tuple[str, ...]]]:
    return lambda bar: (bar.first, -bar.last, bar.slugs)
