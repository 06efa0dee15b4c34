"""How wide words are when set in Arial or a typeface cut to the same widths, so that nothing overlaps.

Widths are thousandths of the type size, those of Arial, which Arimo and Liberation Sans share. The pages set
each line to the width computed here, whatever typeface a visitor has.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# From the space to the tilde.
_PLAIN = (
    *(278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556),
    *(556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778),
    *(722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278),
    *(278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556),
    *(556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584),
)
_BOLD = (
    *(278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556),
    *(556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667, 611, 778),
    *(722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 333),
    *(278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556, 278, 889, 611, 611),
    *(611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584),
)
_OTHERS = {"\u2019": 278, "\u2018": 278, "\u00b7": 278, "\u2013": 556, "\u2014": 1000, "\u00bd": 834}
_WIDE = 1000  # letters of other scripts: room for the widest
_LATIN = 722  # letters with accents

LEAST_TO_BREAK = 30.0  # pixels
DOT = " \u00b7 "  # between names that share a bar


def width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line of text in the unit of `size`; for other scripts never less than it needs."""
    table = _BOLD if bold else _PLAIN
    total = 0
    for letter in text:
        code = ord(letter)
        if 32 <= code <= 126:
            total += table[code - 32]
        else:
            total += _OTHERS.get(letter, _LATIN if code < 0x250 else _WIDE)
    return total * size / 1000


@dataclass(frozen=True, slots=True)
class Run:
    """Some words of a line. `slug` is what they lead to, empty for words that lead nowhere.

    `x` is where they begin and `wide` how wide they are set, both from the start of the line.
    """

    text: str
    slug: str = ""
    x: float = 0.0
    wide: float = 0.0


Line = tuple[Run, ...]


def in_lines(
    pieces: Sequence[tuple[str, str]], room: float, size: float, *, bold: bool = False
) -> tuple[Line, ...]:
    """Words with what they lead to, set in as few lines as fit into `room`; words are never dropped.

    Of several pieces, each is kept on one line where it fits on one. A word wider than `room` is broken,
    where the room is worth it (`LEAST_TO_BREAK`); else it stands alone and is told by `widest`.
    """
    lines: list[list[tuple[str, str]]] = [[]]
    used = 0.0
    space = width(" ", size, bold=bold)
    for text, slug in pieces:
        whole = width(text, size, bold=bold)
        if len(pieces) > 1 and lines[-1] and used + space + whole > room >= whole:
            lines.append([])
            used = 0.0
        for word in _broken(text.split(), room, size, bold):
            wide = width(word, size, bold=bold)
            gap = space if lines[-1] else 0.0
            if lines[-1] and used + gap + wide > room:
                lines.append([])
                used, gap = 0.0, 0.0
            lines[-1].append((word, slug))
            used += gap + wide
    return tuple(_runs(line, size, bold) for line in lines if line)


def _broken(words: Sequence[str], room: float, size: float, bold: bool) -> list[str]:
    """The words, those too wide for a line in parts that fit."""
    parts: list[str] = []
    for word in words:
        while room >= LEAST_TO_BREAK and width(word, size, bold=bold) > room:
            fits = next(n for n in range(len(word), 0, -1) if width(word[:n], size, bold=bold) <= room)
            parts.append(word[:fits])
            word = word[fits:]
        parts.append(word)
    return parts


def _runs(words: Sequence[tuple[str, str]], size: float, bold: bool) -> Line:
    """Neighbouring words that lead to the same thing, joined; the space between two runs is kept."""
    joined: list[tuple[str, str]] = []
    for word, slug in words:
        if joined and joined[-1][1] == slug:
            joined[-1] = (f"{joined[-1][0]} {word}", slug)
        else:
            joined.append((word, slug))
    space, at, runs = width(" ", size, bold=bold), 0.0, []
    for text, slug in joined:
        wide = width(text, size, bold=bold)
        runs.append(Run(text, slug, at, wide))
        at += wide + space
    return tuple(runs)


def widest(lines: Sequence[Line]) -> float:
    """The width of the widest line."""
    return max((line[-1].x + line[-1].wide for line in lines if line), default=0.0)
