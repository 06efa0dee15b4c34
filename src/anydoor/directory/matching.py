"""Matching for an area: reads its services and places, and lets `rules.matching` judge.

Three queries however many services there are, four with a postcode: services, footprints, places, and the
positions of the family's and the places' postcodes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from anydoor.directory.models import Area, Postcode, Service
from anydoor.rules.matching import (
    ORDERED_BY,
    Emergency,
    HumanRoute,
    Offer,
    Profile,
    ProposedLevel,
    ServiceFacts,
    emergency,
    match,
    propose_level,
)

EARTH_KM = 6371.0
Position = tuple[float, float]  # latitude and longitude in degrees


@dataclass(frozen=True, slots=True)
class Matched:
    """The answer for one need in one area. `emergency` comes before everything else where there is one.

    `profile` is the one judged, with the district found from its postcode; `facts` and `services` are by
    slug: facts can be kept beside a decision and judged again, services are rows with their organisation.
    """

    profile: Profile
    emergency: Emergency | None
    level: ProposedLevel
    offers: tuple[Offer, ...]
    human_route: HumanRoute
    facts: Mapping[str, ServiceFacts]
    services: Mapping[str, Service]
    ordered_by: str = ORDERED_BY


def help_for(*, area: Area, profile: Profile) -> Matched:
    """Every live service that serves the area, judged for this need on `profile.as_of`, best first."""
    rows = live_services(area, profile)
    spots = _positions(rows, profile.postcode)
    here = spots.get(profile.postcode)
    if here is not None and not profile.district_code:
        profile = replace(profile, district_code=here[1])
    if not profile.district_code:
        codes = area.districts.values_list("pk", flat=True) if not profile.area_districts else ()
        profile = replace(profile, area_districts=profile.area_districts or frozenset(codes))
    names = {row.slug: row.name for row in rows}
    facts = {row.slug: facts_of(row, names, _nearest(row, spots, here)) for row in rows}
    return Matched(
        profile=profile,
        emergency=emergency(profile, crisis_name=area.crisis_name, crisis_phone=area.crisis_phone),
        level=propose_level(profile),
        offers=match(profile, facts.values()),
        human_route=human_route(area),
        facts=facts,
        services={row.slug: row for row in rows},
    )


def live_services(area: Area, profile: Profile) -> list[Service]:
    """The services of `help_for`, with organisation, footprint and places read: three queries."""
    return list(
        Service.objects.live(profile.as_of)
        .serving(area)
        .select_related("organisation", "team")
        .prefetch_related("footprint", "places")
    )


def human_route(area: Area) -> HumanRoute:
    """The area's front door, to ring or to text."""
    return HumanRoute(area.door_name, area.phone, area.text_number)


def facts_of(
    row: Service, names: Mapping[str, str] | None = None, distance_km: float | None = None
) -> ServiceFacts:
    """A service as plain values. `names` turns slugs of services that come first into names."""
    more = row.eligibility
    return ServiceFacts(
        slug=row.slug,
        name=row.name,
        organisation=row.organisation.name,
        strand=row.strand,
        level=row.level,
        needs=frozenset(row.needs),
        main_need=row.needs[0] if row.needs else "",
        trying_to_conceive=row.trying_to_conceive,
        pregnancy=_pair(row.pregnancy_from_week, row.pregnancy_to_week),
        child_days=_pair(row.child_from_days, row.child_to_days),
        after_loss=row.after_loss,
        loss_days=row.loss_days,
        audience=frozenset(row.audience),
        routes_in=frozenset(row.routes_in),
        modes=frozenset(row.modes),
        languages=frozenset(row.languages),
        wait_days=row.wait_days,
        state=row.state,
        state_from=row.state_from,
        state_until=row.state_until,
        footprint={district.pk: district.name for district in row.footprint.all()},
        postcode_districts={code: frozenset(parts) for code, parts in row.postcode_districts.items()},
        last_checked=row.last_checked,
        distance_km=distance_km,
        severity_from=more.get("severity_from", ""),
        only_if=frozenset(more.get("only_if", ())),
        only_for=more.get("only_for", ""),
        parent_age_under=more.get("parent_age_under"),
        care_leaver_under=more.get("care_leaver_under"),
        comes_after=tuple((names or {}).get(slug, slug) for slug in more.get("comes_after", ())),
    )


def _pair(first: int | None, last: int | None) -> tuple[int, int] | None:
    return None if first is None or last is None else (first, last)


# ---------------------------------------------------------------- distance


def _positions(rows: Iterable[Service], postcode: str) -> dict[str, tuple[Position, str]]:
    """Position and district of the family's postcode and of the places', when the family's is known."""
    if not postcode:
        return {}
    wanted = {postcode} | {place.postcode for row in rows for place in row.places.all() if place.postcode}
    return {
        code: ((latitude, longitude), district)
        for code, latitude, longitude, district in Postcode.objects.filter(pk__in=wanted).values_list(
            "pk", "latitude", "longitude", "district_id"
        )
        if latitude is not None and longitude is not None
    }


def _nearest(
    row: Service, spots: Mapping[str, tuple[Position, str]], here: tuple[Position, str] | None
) -> float | None:
    """Kilometres as the crow flies to the nearest of its places, or None when either end is not known."""
    if here is None:
        return None
    there = (spots.get(place.postcode) for place in row.places.all())
    return min((distance_km(here[0], spot[0]) for spot in there if spot is not None), default=None)


def distance_km(one: Position, other: Position) -> float:
    """Great-circle distance in kilometres (haversine), to a tenth."""
    (lat_1, long_1), (lat_2, long_2) = ((math.radians(a), math.radians(b)) for a, b in (one, other))
    chord = (
        math.sin((lat_2 - lat_1) / 2) ** 2
        + math.cos(lat_1) * math.cos(lat_2) * math.sin((long_2 - long_1) / 2) ** 2
    )
    return round(2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord))), 1)
