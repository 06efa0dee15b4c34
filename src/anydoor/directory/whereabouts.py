"""Where a family is, as far as its postcode tells: a position and a district, one of several, or elsewhere.

    place, here = placed(profile, area_districts=codes, gazetteer=Loaded())

What looks postcodes up is a `Gazetteer`: `Loaded` asks the database, `Sample` the file that comes along.
"""

from __future__ import annotations

import csv
import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile
from typing import Protocol

from django.db.models import Count, Sum

from anydoor.directory.area_files import AREAS
from anydoor.directory.models import Postcode
from anydoor.rules.matching import Profile

EARTH_KM = 6371.0
SAMPLE = AREAS / "postcodes_sample.csv"
Position = tuple[float, float]  # latitude and longitude in degrees


@dataclass(frozen=True, slots=True)
class Spot:
    """A postcode's district, and its position where that is known."""

    district: str
    position: Position | None


class Gazetteer(Protocol):
    """What knows postcodes."""

    def spots(self, postcodes: Collection[str]) -> Mapping[str, Spot]:
        """Those of these postcodes that are known."""

    def part(self, outward: str) -> tuple[frozenset[str], Position | None]:
        """The districts that the first half of a postcode lies in, and its middle. Empty: not known."""

    def knows(self, letters: str) -> bool | None:
        """Whether any known postcode begins with these letters; None when no postcode is known at all."""


class Loaded:
    """The postcodes in the database."""

    def spots(self, postcodes: Collection[str]) -> Mapping[str, Spot]:
        rows = Postcode.objects.filter(pk__in=postcodes).values_list(
            "pk", "district_id", "latitude", "longitude"
        )
        return {
            code: Spot(district, None if north is None or east is None else (north, east))
            for code, district, north, east in rows
        }

    def part(self, outward: str) -> tuple[frozenset[str], Position | None]:
        near = Postcode.objects.filter(postcode__startswith=f"{outward} ")
        found = list(
            near.values_list("district_id")
            .annotate(count=Count("latitude"), north=Sum("latitude"), east=Sum("longitude"))
            .order_by()
        )
        known = sum(count for _, count, _, _ in found)
        norths, easts = (sum(row[at] or 0.0 for row in found) for at in (2, 3))
        middle = (norths / known, easts / known) if known else None
        return frozenset(district for district, *_ in found), middle

    def knows(self, letters: str) -> bool | None:
        if not Postcode.objects.exists():
            return None
        return Postcode.objects.filter(postcode__regex=rf"^{letters}[0-9]").exists()


class Sample:
    """The postcodes that come with the example areas: no database is asked."""

    def spots(self, postcodes: Collection[str]) -> Mapping[str, Spot]:
        known = sample()
        return {code: known[code] for code in postcodes if code in known}

    def part(self, outward: str) -> tuple[frozenset[str], Position | None]:
        near = [spot for code, spot in sample().items() if code.startswith(f"{outward} ")]
        return (
            frozenset(spot.district for spot in near),
            _middle([spot.position for spot in near if spot.position is not None]),
        )

    def knows(self, letters: str) -> bool | None:
        return any(_letters(code) == letters for code in sample())


@cache
def sample() -> Mapping[str, Spot]:
    """The postcodes of the example areas, from the file that comes along."""
    with SAMPLE.open(encoding="utf-8", newline="") as file:
        return {
            row["pcds"]: Spot(row["ladcd"], (float(row["lat"]), float(row["long"])))
            for row in csv.DictReader(file)
        }


def placed(
    profile: Profile,
    *,
    area_districts: Collection[str],
    gazetteer: Gazetteer,
    spots: Mapping[str, Spot] | None = None,
) -> tuple[Profile, Position | None]:
    """The profile with where it is filled in, and its position. `spots` are postcodes looked up already."""
    found = gazetteer.spots([profile.postcode]) if spots is None and profile.postcode else spots or {}
    spot = found.get(profile.postcode)
    if spot is not None:
        return _in(profile, {spot.district}, area_districts), spot.position
    if not profile.outward:
        return _in(profile, (), area_districts), None
    districts, middle = gazetteer.part(profile.outward)
    if districts or profile.district_code:
        return _in(profile, districts, area_districts), middle
    known = gazetteer.knows(_letters(profile.outward))
    if known is None:
        return _in(profile, (), area_districts), None
    return replace(profile, elsewhere="near" if known else "far"), None


def _in(profile: Profile, districts: Collection[str], area_districts: Collection[str]) -> Profile:
    """One district, one of several, or one of the area's."""
    if profile.district_code:
        return profile
    if len(districts) == 1:
        return replace(profile, district_code=next(iter(districts)))
    return replace(
        profile, area_districts=profile.area_districts or frozenset(districts) or frozenset(area_districts)
    )


def _letters(postcode: str) -> str:
    return "".join(takewhile(str.isalpha, postcode))


def _middle(positions: Iterable[Position]) -> Position | None:
    every = list(positions)
    if not every:
        return None
    return sum(north for north, _ in every) / len(every), sum(east for _, east in every) / len(every)


def nearest_km(here: Position | None, postcodes: Iterable[str], spots: Mapping[str, Spot]) -> float | None:
    """Kilometres as the crow flies to the nearest of these postcodes, or None when an end is not known."""
    if here is None:
        return None
    there = (spots[code].position for code in postcodes if code in spots)
    return min((distance_km(here, spot) for spot in there if spot is not None), default=None)


def distance_km(one: Position, other: Position) -> float:
    """Great-circle distance in kilometres (haversine), to a tenth."""
    (lat_1, long_1), (lat_2, long_2) = ((math.radians(a), math.radians(b)) for a, b in (one, other))
    chord = (
        math.sin((lat_2 - lat_1) / 2) ** 2
        + math.cos(lat_1) * math.cos(lat_2) * math.sin((long_2 - long_1) / 2) ** 2
    )
    return round(2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord))), 1)
