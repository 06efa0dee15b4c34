"""What matching costs: one need against 5,000 services, judged alone and read from the directory first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.config.measuring.parts import Figure, beside, p50, p95
from anydoor.directory.loading import load_areas
from anydoor.directory.matching import facts_of, help_for, live_services
from anydoor.directory.models import Area, Service, Session
from anydoor.directory.postcodes import SAMPLE, load_postcodes
from anydoor.rules.matching import Profile, ServiceFacts, match, read_profile

SERVICES, QUICK_SERVICES = 5_000, 1_000
TIMES, QUICK_TIMES = 40, 10
AT = datetime(2026, 11, 20, 9, tzinfo=UTC)
NEED = {
    "as_of": "2026-11-20",
    "stage": {"baby_birth_date": "2026-07-20"},
    "person": {"role": "father", "age": 31},
    "concerns": [{"strand": "pmh", "severity": "unknown", "measures": {"PHQ-9": 12}}],
    "wider_needs": ["isolation"],
    "postcode": "NR2 3TL",
    "mode": "not_group",
    "has_car": False,
}
# The goals of the house: times the floor in the same run.
MUST_ALONE, MUST_READ = 40.0, 40.0


def measure(*, quick: bool) -> Iterator[Figure]:
    """A directory of so many services, a need of the examples, and what judging all of them takes."""
    count, times = (QUICK_SERVICES, QUICK_TIMES) if quick else (SERVICES, TIMES)
    area = county(count)
    profile = help_for(area=area, profile=read_profile(NEED)).profile
    rows = live_services(area, profile)
    facts = [replace(facts_of(row), distance_km=2.6) for row in rows]
    alone, plain = beside(lambda: match(profile, facts), lambda: bare(profile, facts), times=times)
    floor = p50(plain)
    named = f"{len(facts):,} services"
    words = "the same comparisons in one plain loop, without a reason, a word or an order"
    ratio = p50(alone) / floor
    yield Figure(
        "matching", f"One need against {named}, p95", p95(alone), "ms", floor, words, ratio, MUST_ALONE
    )
    yield Figure("matching", "The same for each service, p50", p50(alone) * 1000 / len(facts), "µs")
    read, plain = beside(
        lambda: help_for(area=area, profile=read_profile(NEED)), _statements(area), times=max(5, times // 4)
    )
    statements = p50(plain)
    yield Figure(
        "matching",
        f"Read from the directory and judged, {named}, p95",
        p95(read),
        "ms",
        statements,
        "the bare SQL: services, footprints, places",
        p50(read) / statements,
        MUST_READ,
    )


def county(count: int) -> Area:
    """Norfolk with its own services, and copies up to `count`; as it is when another part made it."""
    made_before = Area.objects.select_related("front_door").filter(slug="norfolk").first()
    if made_before is not None:
        return made_before
    fallback = User.objects.create_user("bench@norfolk-hubs.example", name="Bench")
    by = Outsider("A measurement", "import")
    load_areas(areas=["norfolk"], by=by, at=AT, fallback=fallback)
    load_postcodes(path=SAMPLE, by=by, at=AT)
    area = Area.objects.select_related("front_door").get(slug="norfolk")
    likes = list(
        Service.objects.filter(state="offered")
        .prefetch_related("footprint", "places", "sessions")
        .order_by("pk")
    )
    copies, served, held, times = [], [], [], []
    for number in range(count - len(likes)):
        like = likes[number % len(likes)]
        values = {
            field.attname: getattr(like, field.attname)
            for field in Service._meta.concrete_fields
            if field.attname not in {"id", "slug", "uid"}
        }
        copies.append(Service(slug=f"copy-{number}", **values))
        served.append([district.pk for district in like.footprint.all()])
        held.append([place.pk for place in like.places.all()])
        times += [_session(copies[-1], session) for session in like.sessions.all()]
    made = Service.objects.bulk_create(copies, batch_size=1000)
    _link(Service.footprint.through, "district_id", made, served)
    _link(Service.places.through, "place_id", made, held)
    Session.objects.bulk_create(times, batch_size=1000)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return area


def _session(service: Service, like: Session) -> Session:
    """The same time, of another service."""
    names = [
        field.attname for field in Session._meta.concrete_fields if field.attname not in {"id", "service_id"}
    ]
    return Session(service=service, **{name: getattr(like, name) for name in names})


def _link(through: Any, name: str, made: Sequence[Service], targets: Sequence[Sequence[object]]) -> None:
    links = [
        through(service_id=row.pk, **{name: target})
        for row, some in zip(made, targets, strict=True)
        for target in some
    ]
    through.objects.bulk_create(links, batch_size=5000)


def _statements(area: Area) -> Any:
    """The bare statements that any program would need to know these services."""
    codes = list(area.districts.values_list("pk", flat=True))

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT s.*, o.name FROM directory_service s JOIN access_organisation o "
                "ON o.id = s.organisation_id WHERE s.state IN ('offered', 'pilot') AND EXISTS "
                "(SELECT 1 FROM directory_service_footprint f WHERE f.service_id = s.id "
                "AND f.district_id = ANY(%s))",
                [codes],
            )
            ids = [row[0] for row in cursor.fetchall()]
            cursor.execute(
                "SELECT f.service_id, d.code, d.name FROM directory_service_footprint f "
                "JOIN directory_district d ON d.code = f.district_id WHERE f.service_id = ANY(%s)",
                [ids],
            )
            cursor.fetchall()
            cursor.execute(
                "SELECT v.service_id, p.postcode FROM directory_service_places v "
                "JOIN directory_place p ON p.id = v.place_id WHERE v.service_id = ANY(%s)",
                [ids],
            )
            cursor.fetchall()

    return run


def bare(profile: Profile, services: Sequence[ServiceFacts]) -> int:
    """How many could fit: the comparisons that a match comes down to, and nothing that says why."""
    wanted, role, days, day = profile.wanted, profile.role, profile.moment.days, profile.as_of
    district, language = profile.district_code, profile.language.casefold()
    fitting = 0
    for one in services:
        window, under = one.child_days, one.parent_age_under
        limits = one.postcode_districts.get(district)
        # Every comparison, also after one that failed: a match says all that speaks against.
        held = (
            one.state in {"offered", "pilot"},
            one.state_until is None or one.state_until >= day,
            one.closed_from is None or one.closed_from > day,
            bool(one.needs & wanted),
            not one.not_if & wanted,
            not one.only_if or bool(one.only_if & wanted),
            one.level != "specialist",
            window is not None and days is not None and window[0] <= days < window[1],
            role in one.audience and role not in one.not_audience,
            under is None or (profile.age is not None and profile.age < under),
            district in one.footprint and (limits is None or profile.outward in limits),
            bool(one.routes_in & {"self", "drop_in", "professional"}),
            bool(one.modes & {"home", "phone", "online", "text"}),
            not one.only_languages or language in one.only_languages,
            one.free_places != 0,
            one.distance_km is None or one.distance_km <= 15,
            one.last_checked is None or (day - one.last_checked).days <= one.stale_after,
        )
        fitting += all(held)
    return fitting
