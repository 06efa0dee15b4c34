"""Matching for an area: reads its services and places, and lets `rules.matching` judge.

`help_for` reads the directory: three queries however many services there are, four with a postcode
(services, footprints, places, positions). `help_in_files` reads the area files that come along and needs no
database. Both answer with the same `Matched`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from pathlib import Path
from typing import Any

from django.db.models import Q

from anydoor.directory import area_files
from anydoor.directory.area_keys import LISTS, clock_time
from anydoor.directory.facts import facts_of, facts_of_entry
from anydoor.directory.models import Area, Service
from anydoor.directory.whereabouts import Gazetteer, Loaded, Sample, distance_km, nearest_km, placed
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
    ordered_by,
    propose_level,
)

__all__ = [
    "Matched",
    "distance_km",
    "facts_of",
    "help_for",
    "help_in_files",
    "human_route",
    "live_services",
]


@dataclass(frozen=True, slots=True)
class Matched:
    """The answer for one need in one area. `emergency` comes before everything else where there is one.

    `profile` is the one judged, with the district found from its postcode; `facts` and `services` are by
    slug: facts can be kept beside a decision and judged again, services are rows with their organisation
    (none where the files were read).
    """

    profile: Profile
    emergency: Emergency | None
    level: ProposedLevel
    offers: tuple[Offer, ...]
    human_route: HumanRoute
    facts: Mapping[str, ServiceFacts]
    services: Mapping[str, Service] = field(default_factory=dict)
    ordered_by: str = ORDERED_BY


def help_for(*, area: Area, profile: Profile, everything: bool = False) -> Matched:
    """Every live service that serves the area, judged for this need on `profile.as_of`, best first.

    `everything`: the planned and the closed too, which never suit and say why.
    """
    rows = shown_services(area, profile) if everything else live_services(area, profile)
    gazetteer = Loaded()
    own = [profile.postcode] if profile.postcode else []
    places = {place.postcode for row in rows for place in row.places.all() if place.postcode} if own else ()
    spots = gazetteer.spots([*own, *places]) if own else {}
    codes = area.districts.values_list("pk", flat=True) if not profile.district_code else ()
    known = profile.area_districts or profile.postcode in spots
    profile, here = placed(profile, area_districts=() if known else codes, gazetteer=gazetteer, spots=spots)
    if here is not None and not own:  # only the first half of a postcode is known
        spots = gazetteer.spots([place.postcode for row in rows for place in row.places.all()])
    names = {row.slug: row.name for row in rows}
    facts = {
        row.slug: facts_of(
            row, names, nearest_km(here, [place.postcode for place in row.places.all()], spots)
        )
        for row in rows
    }
    return _judged(
        profile,
        facts,
        human_route(area),
        crisis=(area.crisis_name, area.crisis_phone),
        services={row.slug: row for row in rows},
    )


def help_in_files(*, area: str | Path, profile: Profile) -> Matched:
    """The same from the area files that come along: every entry that serves the area, whatever its state.

    `area` is the slug of an example or a file of one's own. Raises NotFound, or AreaFaults where the file
    is not sound.
    """
    data = area_files.read_area(area)
    faults = area_files.check_area(data, file=area.name if isinstance(area, Path) else f"{area}.toml")
    if faults:
        raise area_files.AreaFaults(faults)
    own = frozenset(data["area"]["districts"])
    others = [] if isinstance(area, Path) else [slug for slug in area_files.area_slugs() if slug != area]
    every = [data, *(area_files.read_area(slug) for slug in others)]
    gazetteer = Sample()
    profile, here = placed(profile, area_districts=own, gazetteer=gazetteer)
    facts: dict[str, ServiceFacts] = {}
    for each in every:
        facts |= _facts_in(each, own if each is not data else None, gazetteer, here)
    told = data["area"]
    return _judged(
        profile,
        facts,
        HumanRoute(
            told["door_name"],
            told["phone"],
            told["text_number"],
            hours_words(clock_time(told["opens"]), clock_time(told["closes"])),
        ),
        crisis=(told.get("crisis_name", ""), told.get("crisis_phone", "")),
    )


def _facts_in(
    data: Mapping[str, Any],
    only: frozenset[str] | None,
    gazetteer: Gazetteer,
    here: tuple[float, float] | None,
) -> dict[str, ServiceFacts]:
    """The facts of every entry of a file, or of those whose footprint touches some districts only."""
    entries = {table: area_files.entries(data, table) for table in LISTS}
    organisations = {row["slug"]: row["name"] for row in entries["organisation"]}
    districts = {row["code"]: row["name"] for row in entries["district"]}
    names = {row["slug"]: row["name"] for row in entries["service"]}
    postcodes = {row["slug"]: row.get("postcode", "") for row in entries["place"]}
    spots = gazetteer.spots([code for code in postcodes.values() if code]) if here is not None else {}
    return {
        row["slug"]: facts_of_entry(
            row,
            organisations=organisations,
            districts=districts,
            names=names,
            distance_km=nearest_km(here, [postcodes[slug] for slug in row.get("places", ())], spots),
        )
        for row in entries["service"]
        if only is None or not only.isdisjoint(row["footprint"])
    }


def _judged(
    profile: Profile,
    facts: Mapping[str, ServiceFacts],
    route: HumanRoute,
    *,
    crisis: tuple[str, str],
    services: Mapping[str, Service] | None = None,
) -> Matched:
    return Matched(
        profile=profile,
        emergency=emergency(profile, crisis_name=crisis[0], crisis_phone=crisis[1]),
        level=propose_level(profile),
        offers=match(profile, facts.values()),
        human_route=route,
        facts=facts,
        services=services or {},
        ordered_by=ordered_by(profile),
    )


def live_services(area: Area, profile: Profile) -> list[Service]:
    """The services of `help_for`, with organisation, footprint and places read: three queries."""
    return list(
        Service.objects.live(profile.as_of)
        .serving(area)
        .select_related("organisation", "team")
        .prefetch_related("footprint", "places")
    )


def shown_services(area: Area, profile: Profile) -> list[Service]:
    """All that families are shown of an area's own and of what serves it, the planned and the closed too."""
    touches = Q(area=area) | Q(footprint__in=area.districts.all())
    return list(
        Service.objects.visible(profile.as_of)
        .filter(touches)
        .distinct()
        .select_related("organisation", "team")
        .prefetch_related("footprint", "places")
    )


def human_route(area: Area) -> HumanRoute:
    """The area's front door, to ring or to text; with its hours where the team was read with the area."""
    team = area.front_door if Area.front_door.is_cached(area) else None
    hours = hours_words(team.opens, team.closes) if team is not None else ""
    return HumanRoute(area.door_name, area.phone, area.text_number, hours)


def hours_words(opens: time | None, closes: time | None) -> str:
    """`Monday to Friday, 8am to 6pm`, or nothing where a time is not known."""
    return f"Monday to Friday, {_hour(opens)} to {_hour(closes)}" if opens and closes else ""


def _hour(at: time) -> str:
    minutes = f":{at.minute:02}" if at.minute else ""
    return f"{at.hour % 12 or 12}{minutes}{'am' if at.hour < 12 else 'pm'}"


def slugs_of(facts: Mapping[str, ServiceFacts], level: str) -> frozenset[str]:
    """The services of one level."""
    return frozenset(slug for slug, each in facts.items() if each.level == level)
