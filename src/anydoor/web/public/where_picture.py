"""A picture of where things are, drawn here: nobody else is asked for a map, so nobody learns who looked.

North is up. Small grey points are postcodes, which show where people live; numbers are places of the list.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from anydoor.directory.finding import Result, Where
from anydoor.directory.models import Area, Postcode
from anydoor.directory.whereabouts import Loaded, Position
from anydoor.rules.pathway_map.lettering import width

WIDE, MOST_HIGH, EDGE = 640.0, 460.0, 24.0
MOST_POINTS = 500
ToPixels = Callable[[Position], tuple[float, float]]
LETTERS = 14.0


@dataclass(frozen=True, slots=True)
class Pin:
    """A place with the numbers of the entries that are there."""

    x: float
    y: float
    label: str
    words: str
    half: float


@dataclass(frozen=True, slots=True)
class Town:
    """A town's name at its place."""

    x: float
    y: float
    name: str


@dataclass(frozen=True, slots=True)
class WherePicture:
    """The drawing, in pixels. `words` tells the same as text."""

    width: float
    height: float
    points: tuple[tuple[float, float], ...]
    towns: tuple[Town, ...]
    pins: tuple[Pin, ...]
    you: tuple[float, float] | None
    you_words: str


def where_picture(area: Area, results: Sequence[Result], where: Where) -> WherePicture | None:
    """The places of the results on the shape of the area; None where no place has a position."""
    spots = _spots(results)
    if not spots:
        return None
    points = [
        (north, east)
        for north, east in Postcode.objects.filter(district__in=area.districts.all())
        .order_by("postcode")
        .values_list("latitude", "longitude")[: MOST_POINTS * 4]
        if north is not None and east is not None
    ]
    points = points[:: max(1, len(points) // MOST_POINTS)]
    you = where.position
    to_xy, high = _projection([*points, *spots, *([you] if you else [])])
    pins = []
    for position, numbers in spots.items():
        x, y = to_xy(position)
        label = ", ".join(map(str, sorted(numbers)[:3])) + ("…" if len(numbers) > 3 else "")
        names = sorted(name for name in spots[position].values())
        pins.append(Pin(x, y, label, names[0], width(label, LETTERS, bold=True) / 2 + 6))
    you_at = to_xy(you) if you else None
    drawn = tuple(to_xy(point) for point in points)
    return WherePicture(WIDE, high, drawn, _towns(area, to_xy, pins), tuple(pins), you_at, where.words)


def _spots(results: Sequence[Result]) -> dict[Position, dict[int, str]]:
    """Where places are, each with the numbers of the results there and the place's name."""
    places = [
        (number, place)
        for number, result in enumerate(results, 1)
        for place in (
            *result.service.places.all(),
            *(one.place for one in result.service.sessions.all() if one.place),
        )
    ]
    known = Loaded().spots({place.postcode for _, place in places if place.postcode})
    found: dict[Position, dict[int, str]] = {}
    for number, place in places:
        spot = known.get(place.postcode)
        position = spot.position if spot else None
        if place.latitude is not None and place.longitude is not None:
            position = (place.latitude, place.longitude)
        if position is not None:
            found.setdefault(position, {})[number] = place.name
    return found


def _projection(points: Sequence[Position]) -> tuple[ToPixels, float]:
    norths = [north for north, _ in points]
    easts = [east for _, east in points]
    shrink = math.cos(math.radians((min(norths) + max(norths)) / 2))
    wide = max((max(easts) - min(easts)) * shrink, 0.01)
    high = max(max(norths) - min(norths), 0.01)
    scale = min((WIDE - 2 * EDGE) / wide, (MOST_HIGH - 2 * EDGE) / high)
    left = (WIDE - wide * scale) / 2

    def to_xy(position: Position) -> tuple[float, float]:
        return (
            round(left + (position[1] - min(easts)) * shrink * scale, 1),
            round(EDGE + (max(norths) - position[0]) * scale, 1),
        )

    return to_xy, round(high * scale + 2 * EDGE, 1)


def _towns(area: Area, to_xy: ToPixels, pins: Sequence[Pin]) -> tuple[Town, ...]:
    """Names of towns that touch no number and no other name."""
    halves = set(area.towns.values())
    rows = Postcode.objects.filter(postcode__regex=rf"^({'|'.join(sorted(halves))}) ") if halves else ()
    sums: dict[str, list[Position]] = {}
    for row in rows:
        if row.latitude is not None and row.longitude is not None:
            sums.setdefault(row.postcode.split(" ")[0], []).append((row.latitude, row.longitude))
    taken = [(pin.x - pin.half, pin.y - 13, pin.x + pin.half, pin.y + 13) for pin in pins]
    towns, seen = [], set()
    for name, half in area.towns.items():
        spots = sums.get(half, [])
        if not spots or half in seen:
            continue
        x, y = to_xy((sum(n for n, _ in spots) / len(spots), sum(e for _, e in spots) / len(spots)))
        wide = width(name, 12.5) / 2
        box = (x - wide - 2, y - 12, x + wide + 2, y + 6)
        clear = all(box[2] < one[0] or box[0] > one[2] or box[3] < one[1] or box[1] > one[3] for one in taken)
        if clear and box[0] > 2 and box[2] < WIDE - 2:
            taken.append(box)
            seen.add(half)
            towns.append(Town(x, y, name))
    return tuple(towns)
