"""From services to bars: those that are one thing in several places share a bar, and every name is kept.

Services whose names begin alike share a bar ("Midwifery: Norfolk and Norwich · James Paget"). Where the map
would grow too tall for its paper, `layout` asks for bars `shared`: then all that are there at the same time,
for the same people, stand in one bar as long as their names fit on one line.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from anydoor.rules.pathway_map.entry import Entry, Span, in_order, marks_of
from anydoor.rules.pathway_map.lettering import DOT, Line, in_lines, widest, width

SIZE = 14.0  # of the names, in pixels at a width of 1600
PAD = 12.0  # beside a name in its bar
MARK = 23.0  # a mark takes this much
ONE_LINE = 26.0  # height of a bar with one line
NEXT_LINE = 18.0  # between lines of one name
NEXT_LINK = 32.0  # between lines with links of their own: room for a finger on each
MOST_LINES = 3  # of names that begin alike
BESIDE = 8.0  # between a bar and a name that stands next to it
NARROWEST = 20.0  # a bar is never narrower
LEAST_ROOM = 150.0  # a bar with less room than this has its name beside it

_HEAD = re.compile(r"^(?P<head>[^,:(]{3,40}?)(?:, | at |: )(?P<tail>.+)$")
_LETTERS = re.compile(r"^(?P<head>[A-Z]{2,}s?) (?P<tail>.+)$")


@dataclass(frozen=True, slots=True)
class Named:
    """One name or several that begin alike: `pieces` are words with the service each leads to."""

    slugs: tuple[str, ...]
    pieces: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar before it has a row: where it runs, the lines of its names, and whether they stand inside it.

    `first` and `last` are the outermost points of all that is drawn; `text_x` is where its lines begin.
    """

    slugs: tuple[str, ...]
    strips: tuple[Span, ...]
    lines: tuple[Line, ...]
    inside: bool
    text_x: float
    marks: str
    marks_x: float
    first: float
    last: float
    height: float
    pitch: float  # from line to line
    strand: str
    level: str
    bold: bool


def heads_of(entries: Sequence[Entry]) -> dict[str, tuple[str, str]]:
    """For each service whose name begins like another's: what they share, and the rest of its own."""
    found: dict[str, list[tuple[str, str, str]]] = {}
    for entry in entries:
        match = _HEAD.match(entry.name) or _LETTERS.match(entry.name)
        if match:
            head = match["head"].strip()
            found.setdefault(head.casefold(), []).append((entry.slug, head, match["tail"].strip()))
    return {slug: (head, tail) for group in found.values() if len(group) > 1 for slug, head, tail in group}


def _names(entries: Sequence[Entry], shape: _Shape) -> list[Named]:
    """Names in order, those that begin alike brought together at the first of them."""
    heads = heads_of(entries)
    groups: dict[str, list[Entry]] = {}
    for entry in entries:
        key = f"begins {heads[entry.slug][0].casefold()}" if entry.slug in heads else entry.slug
        groups.setdefault(key, []).append(entry)
    return [named for group in groups.values() for named in _named(group, heads, shape)]


def _named(group: Sequence[Entry], heads: dict[str, tuple[str, str]], shape: _Shape) -> list[Named]:
    if len(group) == 1:
        return [Named((group[0].slug,), ((group[0].name, group[0].slug),))]
    head = heads[group[0].slug][0]
    found: list[Named] = []
    for entry in group:
        tail = (heads[entry.slug][1], entry.slug)
        if found:
            longer = Named((*found[-1].slugs, entry.slug), (*found[-1].pieces, (DOT.strip(), ""), tail))
            if shape.takes(longer, MOST_LINES if shape.room >= LEAST_ROOM else 1):
                found[-1] = longer
                continue
        found.append(Named((entry.slug,), ((f"{head}:", ""), tail)))
    return found


def bars_of(
    entries: Iterable[Entry],
    *,
    spans: Callable[[Entry], tuple[Span, ...]],
    x: Callable[[float], float],
    frame: Span,
    shared: bool,
    loss: bool = False,
) -> list[Bar]:
    """The bars of one lane or part of a lane, in the order a family meets them."""
    same: dict[tuple[tuple[Span, ...], str, str, str], list[Entry]] = {}
    for entry in in_order(entries, loss=loss):
        strips = tuple((x(first), x(last)) for first, last in spans(entry))
        same.setdefault((strips, marks_of(entry), entry.strand, entry.level), []).append(entry)
    bars = []
    for (strips, marks, strand, level), group in same.items():
        shape = _Shape(_wide_enough(strips, frame), marks, strand, level, frame)
        names = _names(group, shape)
        bars += [shape.bar(named) for named in (_together(names, shape) if shared else names)]
    return bars


def _wide_enough(strips: tuple[Span, ...], frame: Span) -> tuple[Span, ...]:
    """A strip too narrow to be seen or touched is drawn a little wider, inside the frame."""
    wide = []
    for first, last in strips:
        if last - first < NARROWEST:
            first = min(first, frame[1] - NARROWEST)
            last = first + NARROWEST
        wide.append((first, last))
    return tuple(wide)


def _together(names: Sequence[Named], shape: _Shape) -> list[Named]:
    """Names put together into one bar while they fit on its line."""
    joined: list[Named] = []
    for named in names:
        if joined and shape.room >= LEAST_ROOM:
            both = Named(
                joined[-1].slugs + named.slugs, (*joined[-1].pieces, (DOT.strip(), ""), *named.pieces)
            )
            if shape.takes(both):
                joined[-1] = both
                continue
        joined.append(named)
    return joined


@dataclass(frozen=True, slots=True)
class _Shape:
    """What the bars of one moment, strand and level have in common."""

    strips: tuple[Span, ...]
    marks: str
    strand: str
    level: str
    frame: Span

    @property
    def bold(self) -> bool:
        return self.level != "universal"

    @property
    def widest_strip(self) -> Span:
        return max(self.strips, key=lambda strip: strip[1] - strip[0])

    @property
    def room(self) -> float:
        """The room for words inside the widest strip."""
        first, last = self.widest_strip
        return last - first - 2 * PAD - MARK * len(self.marks)

    @property
    def room_after(self) -> float:
        return self.frame[1] - self._to - BESIDE - MARK * len(self.marks) - 8

    @property
    def room_before(self) -> float:
        return self._from - self.frame[0] - BESIDE - MARK * len(self.marks) - 8

    def takes(self, named: Named, most: int = 1) -> bool:
        """Whether names fit on so many lines: inside the bar, or beside it where the bar is short."""
        room = self.room if self.room >= LEAST_ROOM else max(self.room_after, self.room_before)
        return len(in_lines(named.pieces, room, SIZE, bold=self.bold)) <= most

    def bar(self, named: Named) -> Bar:
        lines = in_lines(named.pieces, max(self.room, 1.0), SIZE, bold=self.bold)
        fits = widest(lines) <= self.room and (len(lines) == 1 or self.room >= LEAST_ROOM)
        cramped = self.room >= max(self.room_after, self.room_before)  # no more room anywhere else
        return self._inside(named, lines) if fits or cramped else self._beside(named)

    def _inside(self, named: Named, lines: tuple[Line, ...]) -> Bar:
        first, last = self.widest_strip
        return self._made(
            named, lines, True, first + PAD, last - PAD / 2 - MARK * len(self.marks), self._from, self._to
        )

    def _beside(self, named: Named) -> Bar:
        """Words after the bar, or before it where there is more room; marks follow the words."""
        marks = MARK * len(self.marks)
        # One line where the frame lets it, else as many as it needs in the greater room.
        whole = sum(width(f"{text} ", SIZE, bold=self.bold) for text, _ in named.pieces)
        is_after = self.room_after >= min(whole, self.room_before)
        room = self.room_after if is_after else self.room_before
        lines = in_lines(named.pieces, room, SIZE, bold=self.bold)
        wide = widest(lines)
        if is_after:
            text_x = self._to + BESIDE
            end = text_x + wide + 6 + marks
            return self._made(named, lines, False, text_x, text_x + wide + 6, self._from, end)
        text_x = self._from - BESIDE - wide - marks
        return self._made(named, lines, False, text_x, text_x + wide + 4, text_x, self._to)

    @property
    def _from(self) -> float:
        return self.strips[0][0]

    @property
    def _to(self) -> float:
        return self.strips[-1][1]

    def _made(
        self,
        named: Named,
        lines: tuple[Line, ...],
        inside: bool,
        text_x: float,
        marks_x: float,
        first: float,
        last: float,
    ) -> Bar:
        pitch = NEXT_LINK if len(named.slugs) > 1 else NEXT_LINE
        return Bar(
            named.slugs, self.strips, lines, inside, text_x, self.marks, marks_x, first, last,
            ONE_LINE + pitch * (len(lines) - 1), pitch, self.strand, self.level, self.bold,
        )  # fmt: skip
