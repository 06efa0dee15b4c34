"""Who works where: accounts, teams, leads, rotas. The named leads of the area files become accounts.

There is no verb that makes an account (people come by sign-in from their organisation), so these rows are
written as they are. Everything they do afterwards goes through verbs.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time
from random import Random

from anydoor.access.audit import Outsider
from anydoor.access.models import DutyTurn, Membership, Organisation, Team, User
from anydoor.access.roles import Role
from anydoor.config.demo.names import STAFF_MEN, STAFF_SURNAMES, STAFF_WOMEN
from anydoor.config.demo.people import Numbers
from anydoor.config.demo.words import SURGERIES
from anydoor.directory.loading import load_area
from anydoor.directory.models import Area, Service
from anydoor.rules import identifiers

BY = Outsider("anydoor demo", "import")
FRONT_DOOR_WORKERS = 4
PRACTITIONERS = 3


@dataclass(frozen=True, slots=True)
class Cast:
    """The people of an area who have a name beforehand; all others are drawn."""

    workers: tuple[str, ...] = ()
    coordinator: str = ""
    lead: str = ""
    fallback: str = ""
    # Team slug to (name, job title); they work there beside the leads that the area file names.
    others: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    # E-mail is drawn from the name; these have numbers of their own.
    numbers: dict[str, tuple[str, str]] = field(default_factory=dict)


CASTS: dict[str, Cast] = {
    "norfolk": Cast(
        workers=("Sunita Rao", "Tom Ardley", "Dawn Catchpole", "Colin Utting"),
        coordinator="Priya Sandhu",
        lead="Robert Pryke",
        fallback="Tom Ardley",
        others={"nnuh-specialist-midwifery": (("Helen Lusher", "Specialist midwife"),)},
        numbers={
            "Leanne Mistry": ("01632 960377", "07700 900215"),
            "Grace Adeyemi": ("01632 960311", "07700 900231"),
        },
    ),
}


@dataclass
class Worker:
    """Somebody who works in a team, and the days they are away or gone in the simulated half year."""

    user: User
    away: list[tuple[date, date]] = field(default_factory=list)
    covers: set[date] = field(default_factory=set)  # days on which somebody counts on them
    left_on: date | None = None

    def is_here(self, on: date) -> bool:
        return (self.left_on is None or on < self.left_on) and not any(
            first <= on <= last for first, last in self.away
        )


@dataclass
class Staff:
    """The staff of one area by team slug, the lead first."""

    area: Area
    teams: dict[str, Team]
    workers: dict[str, list[Worker]]
    coordinator: User
    lead: User
    referrer: User
    referrer_organisation: str

    def here(self, slug: str, on: date) -> list[User]:
        """Who of a team works that day; never empty for a team that has anybody."""
        all_of_them = self.workers.get(slug, [])
        return [w.user for w in all_of_them if w.is_here(on)] or [
            w.user for w in all_of_them if w.left_on is None
        ]

    @property
    def door(self) -> str:
        return self.area.front_door.slug


class _Hiring:
    """Makes accounts of one area, each name once, with e-mail and numbers."""

    def __init__(self, slug: str, password: str, numbers: Numbers, start: datetime, rng: Random) -> None:
        self.slug, self.password, self.numbers, self.start, self.rng = slug, password, numbers, start, rng
        self.users: dict[str, User] = {}
        self.memberships: list[Membership] = []

    def account(self, name: str, title: str) -> User:
        if name not in self.users:
            phone, text = CASTS.get(self.slug, Cast()).numbers.get(name, ("", ""))
            self.users[name] = User.objects.create(
                email=email_of(name, self.slug),
                name=name,
                job_title=title.split(",", maxsplit=1)[0][:120],  # the team is shown beside it
                phone=phone or self.numbers.landline(),
                text_number=text,
                password=self.password,
            )
        return self.users[name]

    def somebody(self, title: str) -> User:
        """A new colleague with a name nobody here has."""
        while True:
            first = self.rng.choice(STAFF_WOMEN if self.rng.random() < 0.78 else STAFF_MEN)
            name = f"{first} {self.rng.choice(STAFF_SURNAMES)}"
            if name not in self.users:
                return self.account(name, title)

    def join(self, user: User, team: Team, *roles: Role) -> None:
        self.memberships += [
            Membership(user=user, team=team, role=role.value, started_on=self.start.date()) for role in roles
        ]


def email_of(name: str, area: str) -> str:
    """`grace.adeyemi@norfolk.example`: how every account of the demo signs in."""
    plain = identifiers.without_accents(name).lower().removeprefix("dr ")
    words = ["".join(mark for mark in word if mark.isascii() and mark.isalnum()) for word in plain.split()]
    return f"{'.'.join(filter(None, words))}@{area}.example"


def hire(slug: str, *, password: str, numbers: Numbers, start: datetime, now: datetime, rng: Random) -> Staff:
    """Load one area and fill its teams. `password` is the encoded one that every account gets."""
    cast = CASTS.get(slug, Cast())
    hiring = _Hiring(slug, password, numbers, start, rng)
    fallback = (
        hiring.account(cast.fallback, "Front door worker")
        if cast.fallback
        else hiring.somebody("Front door worker")
    )
    area = load_area(area=slug, by=BY, at=now, fallback=fallback).area
    services = list(
        Service.objects.filter(area=area, team__isnull=False).select_related("team").order_by("pk")
    )
    teams: dict[str, Team] = {}
    workers: dict[str, list[Worker]] = {}
    for service in services:
        assert service.team is not None
        teams.setdefault(service.team.slug, service.team)
        workers.setdefault(service.team.slug, [])
    door = area.front_door
    teams[door.slug] = door
    for slug_of_team, team in teams.items():
        if team.pk != door.pk:
            workers[slug_of_team] = _fill(hiring, team, services, cast)
    workers[door.slug], coordinator, lead = _fill_door(hiring, door, fallback, cast)
    referrer, surgery = _referrer(hiring, slug)
    _offices(hiring, door.organisation, area)
    Membership.objects.bulk_create(hiring.memberships)
    Team.objects.bulk_update([*teams.values()], ["lead"])
    Service.objects.bulk_update(_led(services, hiring), ["lead"])
    return Staff(area, teams, workers, coordinator, lead, referrer, surgery)


def _led(services: list[Service], hiring: _Hiring) -> list[Service]:
    for service in services:
        service.lead = hiring.users.get(service.lead_name)
    return services


def _fill(hiring: _Hiring, team: Team, services: list[Service], cast: Cast) -> list[Worker]:
    """A team that answers handovers: the leads its services name, then others, three or more in all."""
    named = {s.lead_name: s.lead_title for s in services if s.team_id == team.pk and s.lead_name}
    named |= dict(cast.others.get(team.slug, ()))
    people = [hiring.account(name, title) for name, title in named.items()]
    if not people:
        people.append(hiring.somebody("Team lead"))
    while len(people) < PRACTITIONERS:
        people.append(hiring.somebody(f"Practitioner, {team.name}"))
    # Of a team with a specialist service its lead leads the team.
    hiring.join(people[0], team, Role.PRACTITIONER, Role.TEAM_LEAD)
    for person in people[1:]:
        hiring.join(person, team, Role.PRACTITIONER)
    team.lead = people[0]
    return [Worker(person) for person in people]


def _fill_door(hiring: _Hiring, door: Team, fallback: User, cast: Cast) -> tuple[list[Worker], User, User]:
    """The front door: a rota from Monday to Friday, a coordinator, a lead, the named fall-back."""
    people = [hiring.account(name, "Front door worker") for name in cast.workers]
    if fallback not in people:
        people.append(fallback)
    while len(people) < FRONT_DOOR_WORKERS:
        people.append(hiring.somebody("Front door worker"))
    coordinator = (
        hiring.account(cast.coordinator, "Coordinator")
        if cast.coordinator
        else hiring.somebody("Coordinator")
    )
    lead = hiring.account(cast.lead, "Front door lead") if cast.lead else hiring.somebody("Front door lead")
    for person in people:
        hiring.join(person, door, Role.FRONT_DOOR)
    hiring.join(coordinator, door, Role.COORDINATOR)
    hiring.join(lead, door, Role.TEAM_LEAD)
    door.lead = lead
    DutyTurn.objects.bulk_create(turns(door, people))
    return [Worker(person) for person in people], coordinator, lead


def turns(door: Team, people: list[User]) -> list[DutyTurn]:
    """Two on turn each day: one until five, another from noon until the door closes."""
    rows = []
    for weekday in range(5):
        first, second = people[weekday % len(people)], people[(weekday + 1) % len(people)]
        rows.append(DutyTurn(team=door, user=first, weekday=weekday, starts=time(8), ends=time(17), order=0))
        rows.append(
            DutyTurn(team=door, user=second, weekday=weekday, starts=time(12), ends=door.closes, order=1)
        )
    return rows


def _referrer(hiring: _Hiring, slug: str) -> tuple[User, str]:
    """A surgery whose practice nurse refers with an account."""
    name = SURGERIES[slug]
    surgery, _ = Organisation.objects.get_or_create(
        slug=f"{slug}-demo-surgery", defaults={"name": name, "kind": "gp_practice"}
    )
    team = Team.objects.create(
        organisation=surgery,
        slug=f"{slug}-demo-surgery",
        name=name,
        kind="service",
        phone=hiring.numbers.landline(),
    )
    user = hiring.somebody("Practice nurse")
    hiring.join(user, team, Role.REFERRER)
    return user, name


def _offices(hiring: _Hiring, council: Organisation, area: Area) -> None:
    """Commissioner, information governance and administration: they work with no family."""
    office = Team.objects.create(
        organisation=council,
        slug=f"{area.slug}-demo-office",
        name=f"{area.name} commissioning",
        kind="service",
    )
    for title, role in (
        ("Commissioner, children and maternity", Role.COMMISSIONER),
        ("Information governance lead", Role.IG_LEAD),
        ("System administrator", Role.ADMIN),
    ):
        hiring.join(hiring.somebody(title), office, role)
