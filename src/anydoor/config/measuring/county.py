"""Where synthetic families live and who works there: areas, organisations, teams, staff and services.

The four example areas come first, as they are; more areas like them are added, so that a list of one front
door is a small part of its table. About thirty in a hundred families belong to the first door, the hub.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from anydoor.access.audit import Outsider
from anydoor.access.models import DutyTurn, Membership, Organisation, Team, User
from anydoor.access.roles import Role
from anydoor.config.measuring.names import MEN, SURNAMES, WOMEN
from anydoor.directory.area_files import area_slugs
from anydoor.directory.loading import load_areas
from anydoor.directory.models import Area, District, Service

BY = Outsider("anydoor seed", "import")
# Not the hash of anything: nobody can sign in with a password.
NO_PASSWORD = "!"  # noqa: S105
HUB_SHARE = 0.3
ON_DUTY = 3
TEAMS_OF_AN_AREA = 8
LEVELS = ("universal", "targeted", "targeted", "specialist")


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything there is around the families."""

    areas: int
    staff: int
    hub_staff: int
    services: int

    @classmethod
    def for_people(cls, people: int) -> Size:
        """A county's worth; a handful for a test's few hundred people.

        The hub has few workers where there are few families, so that the lists of one worker are full
        at any size and a page shows as much.
        """
        if people < 5_000:
            return cls(areas=6, staff=300, hub_staff=5, services=400)
        return cls(
            areas=16,
            staff=max(400, min(people // 500, 2_000)),
            hub_staff=max(5, min(people // 16_000, 60)),
            services=5_000,
        )


@dataclass(frozen=True, slots=True)
class Worker:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Receiver:
    """A service a family can be handed to, and who works there."""

    service_id: int
    name: str
    level: str
    strand: str
    team_id: int
    workers: tuple[Worker, ...]
    organisation_id: int


@dataclass(frozen=True, slots=True)
class Door:
    """One area's front door with its people and the services behind it."""

    area_id: int
    prefix: str
    team_id: int
    team_name: str
    organisation_id: int
    district_code: str
    district_name: str
    workers: tuple[Worker, ...]
    receivers: tuple[Receiver, ...]
    universal: tuple[Receiver, ...]


def build_county(size: Size, chance: random.Random, *, at: datetime) -> list[Door]:
    """Make everything but the families; the hub is the first of the doors."""
    staff = _staff(size, chance)
    load_areas(areas=area_slugs(), by=BY, at=at, fallback=staff[0])
    for number in range(Area.objects.count(), size.areas):
        _area(number, staff[0])
    _services(size, chance)
    areas = sorted(
        Area.objects.select_related("front_door"), key=lambda area: (area.slug != "norfolk", area.pk)
    )
    workers = _employ(areas, staff, size.hub_staff, started=at.date() - timedelta(days=900))
    return [_door(area, workers) for area in areas]


def choose_door(doors: list[Door], chance: random.Random) -> Door:
    """The hub for its share of the families, any other door for the rest."""
    return doors[0] if chance.random() < HUB_SHARE else doors[1 + int(chance.random() * (len(doors) - 1))]


def _staff(size: Size, chance: random.Random) -> list[User]:
    users = []
    for number in range(size.staff):
        name = f"{chance.choice(WOMEN if number % 4 else MEN)} {chance.choice(SURNAMES)}"
        users.append(
            User(
                email=f"{name.lower().replace(' ', '.')}.{number}@staff.example",
                name=name,
                password=NO_PASSWORD,
            )
        )
    return User.objects.bulk_create(users, batch_size=1000)


def _area(number: int, fallback: User) -> None:
    """One more area: a district, four organisations, a front door and its service teams."""
    slug, name = f"seed-{number}", f"Seedshire {number}"
    organisations = Organisation.objects.bulk_create(
        Organisation(slug=f"{slug}-{kind}", name=f"{name} {kind.replace('_', ' ')}", kind=kind)
        for kind in ("council", "nhs_trust", "charity", "hub")
    )
    door = Team.objects.create(
        organisation=organisations[0],
        slug=f"{slug}-front-door",
        name=f"{name} front door",
        kind="front_door",
        fallback=fallback,
        phone="01632 960500",
    )
    Team.objects.bulk_create(
        Team(
            organisation=organisations[1 + team % 3],
            slug=f"{slug}-team-{team}",
            name=f"{name} team {team}",
            kind="service",
        )
        for team in range(TEAMS_OF_AN_AREA)
    )
    area = Area.objects.create(
        slug=slug,
        name=name,
        door_name=f"{name} Family Hubs",
        reference_prefix=f"S{chr(65 + number // 26)}{chr(65 + number % 26)}",
        phone="01632 960500",
        text_number="07700 900500",
        email=f"hello@{slug}.example",
        front_door=door,
    )
    area.districts.add(District.objects.create(code=f"E99{number:06d}", name=name))


def _services(size: Size, chance: random.Random) -> None:
    """Services of the added areas, until there are as many as wanted."""
    areas = list(Area.objects.filter(slug__startswith="seed-").prefetch_related("districts"))
    teams = {
        area.pk: list(Team.objects.filter(slug__startswith=f"{area.slug}-team-").order_by("pk"))
        for area in areas
    }
    wanted = max(size.services - Service.objects.count(), len(areas) * TEAMS_OF_AN_AREA)
    made = []
    for number in range(wanted):
        area = areas[number % len(areas)]
        team = teams[area.pk][number // len(areas) % TEAMS_OF_AN_AREA]
        made.append(
            Service(
                slug=f"seed-service-{number}",
                area=area,
                organisation_id=team.organisation_id,
                team=team,
                name=f"Help {number} of {area.name}",
                strand=chance.choice(("pmh", "pir", "")),
                level=LEVELS[number // len(areas) % len(LEVELS)],
                pregnancy_from_week=0,
                pregnancy_to_week=42,
                child_from_days=0,
                child_to_days=730,
                audience=["mother", "father", "co_parent"],
                routes_in=["self", "professional"],
                summary="Somebody to talk with, near you.",
                source="made by anydoor seed",
            )
        )
    Service.objects.bulk_create(made, batch_size=500)
    footprint = Service.footprint.through
    footprint._default_manager.bulk_create(
        [
            footprint(service_id=row.pk, district_id=district.pk)
            for row in made
            for district in row.area.districts.all()
        ],
        batch_size=2000,
    )


def _employ(
    areas: list[Area], staff: list[User], hub_staff: int, *, started: date
) -> dict[int, tuple[Worker, ...]]:
    """Put everybody into a team: the doors first, the hub with most, then the service teams in turn."""
    doors = [area.front_door for area in areas]
    others = list(Team.objects.filter(kind__in=["service", "hub"]).order_by("pk"))
    places: list[Team] = []
    for number, door in enumerate(doors):
        places += [door] * (hub_staff if number == 0 else max(ON_DUTY, hub_staff // 4))
    left = len(staff) - len(places)
    places += [others[number % len(others)] for number in range(left)]
    by_team: dict[int, list[User]] = {}
    for user, team in zip(staff, places, strict=True):
        by_team.setdefault(team.pk, []).append(user)
    door_ids = {door.pk for door in doors}
    Membership.objects.bulk_create(
        [
            Membership(user=user, team_id=team, role=role, started_on=started)
            for team, users in by_team.items()
            for number, user in enumerate(users)
            for role in _roles(number, team in door_ids)
        ],
        batch_size=1000,
    )
    for door in doors:
        _rota(door, by_team[door.pk])
    return {team: tuple(Worker(user.pk, user.name) for user in users) for team, users in by_team.items()}


def _roles(number: int, at_a_door: bool) -> list[str]:
    plain = Role.FRONT_DOOR if at_a_door else Role.PRACTITIONER
    more = {0: [Role.TEAM_LEAD], 1: [Role.COORDINATOR] if at_a_door else []}.get(number, [])
    return [role.value for role in (plain, *more)]


def _rota(door: Team, users: list[User]) -> None:
    door.lead, door.fallback = users[0], users[2]
    door.save()
    DutyTurn.objects.bulk_create(
        DutyTurn(team=door, user=user, weekday=weekday, starts=time(8), ends=time(18), order=order)
        for weekday in range(5)
        for order, user in enumerate(users[:ON_DUTY])
    )


def _door(area: Area, workers: dict[int, tuple[Worker, ...]]) -> Door:
    district = area.districts.order_by("code").first()
    assert district is not None
    receivers = tuple(
        Receiver(
            row.pk, row.name, row.level, row.strand, row.team_id, workers[row.team_id], row.organisation_id
        )
        for row in area.services.filter(team__isnull=False, state__in=["offered", "pilot"])
        .exclude(team=area.front_door)
        .order_by("pk")
        if row.team_id in workers
    )
    return Door(
        area_id=area.pk,
        prefix=area.reference_prefix,
        team_id=area.front_door_id,
        team_name=area.front_door.name,
        organisation_id=area.front_door.organisation_id,
        district_code=district.code,
        district_name=district.name,
        workers=workers[area.front_door_id],
        receivers=receivers,
        universal=tuple(row for row in receivers if row.level == "universal") or receivers,
    )
