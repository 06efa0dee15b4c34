"""A small county for tests: one area, a front door with a rota, three services in two organisations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from anydoor.access.models import DutyTurn, Membership, Organisation, Team, User
from anydoor.access.roles import Role
from anydoor.care.intake import Told, receive
from anydoor.care.models import Referral
from anydoor.care.proposing import Agreement
from anydoor.directory.models import Area, District, Service

NOW = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
BEFORE = date(2025, 1, 1)
AGREED = Agreement("agreed", by="Rosie Thackeray", words="Yes, that is fine.", at=NOW)


@dataclass
class World:
    """Everybody and everything of the small county, by name."""

    area: Area
    front_door: Team
    sunita: User  # front door, on duty Monday to Friday
    tom: User  # front door, the named fall-back
    priya: User  # coordinator
    grace: User  # Talking Therapies
    jo: User  # Talking Therapies, a colleague of Grace
    marcus: User  # PAIRS
    lead: User  # leads the front door
    therapies: Service
    pairs: Service
    group: Service  # run by the council, like the front door
    outside: Service  # a small charity without accounts
    therapies_team: Team
    pairs_team: Team

    def refer(self, at: datetime = NOW, **told: object) -> Referral:
        """A request by the public page, held by the front door."""
        from anydoor.access.audit import VISITOR

        facts = {"story": "I feel low and alone.", "door": "web", "contact": "07700 900123", **told}
        return receive(told=Told(**facts), area=self.area, by=VISITOR, at=at).referral


def person(name: str, team: Team, *roles: Role) -> User:
    user = User.objects.create(
        email=f"{name.lower().replace(' ', '.')}@staff.example", name=name, job_title="", password="!"
    )
    for role in roles:
        Membership.objects.create(user=user, team=team, role=role.value, started_on=BEFORE)
    return user


def service(
    slug: str, name: str, area: Area, organisation: Organisation, team: Team | None, **more: object
) -> Service:
    row = Service.objects.create(
        slug=slug,
        name=name,
        area=area,
        organisation=organisation,
        team=team,
        **{
            "level": "targeted",
            "strand": "pmh",
            "child_from_days": 0,
            "child_to_days": 730,
            "pregnancy_from_week": 0,
            "pregnancy_to_week": 42,
            "audience": ["mother", "father", "co_parent"],
            "routes_in": ["self", "professional"],
            "summary": "Talk with somebody who knows.",
            "state": "offered",
            "source": "test:1",
            **more,
        },
    )
    row.footprint.set(area.districts.all())
    return row


def build() -> World:
    """Make the county in the database."""
    council = Organisation.objects.create(slug="county-council", name="County Council", kind="council")
    trust = Organisation.objects.create(slug="nhs-trust", name="NHS Trust", kind="nhs_trust")
    charity = Organisation.objects.create(slug="charity", name="Small Charity", kind="charity")
    fallback = User.objects.create(email="tom.ardley@staff.example", name="Tom Ardley", password="!")
    door = Team.objects.create(
        organisation=council,
        slug="front-door",
        name="Norfolk front door",
        kind="front_door",
        fallback=fallback,
        phone="01632 960214",
        text_number="07700 900482",
        opens=time(8),
        closes=time(18),
    )
    Membership.objects.create(user=fallback, team=door, role=Role.FRONT_DOOR.value, started_on=BEFORE)
    sunita = person("Sunita Rao", door, Role.FRONT_DOOR)
    priya = person("Priya Sandhu", door, Role.COORDINATOR)
    lead = person("Helen Lusher", door, Role.TEAM_LEAD)
    door.lead = lead
    door.save()
    for weekday in range(5):
        DutyTurn.objects.create(
            team=door, user=sunita, weekday=weekday, starts=time(8), ends=time(18), order=0
        )
    therapies_team = Team.objects.create(
        organisation=trust, slug="therapies", name="Talking Therapies", kind="service"
    )
    pairs_team = Team.objects.create(organisation=trust, slug="pairs-team", name="PAIRS", kind="service")
    norwich = District.objects.create(code="E07000148", name="Norwich")
    area = Area.objects.create(
        slug="norfolk",
        name="Norfolk",
        door_name="Norfolk Family Hubs",
        reference_prefix="NFK",
        phone="01632 960214",
        text_number="07700 900482",
        email="hello@norfolk-hubs.example",
        front_door=door,
        places_near=["Norwich", "Dereham"],
    )
    area.districts.add(norwich)
    group_team = Team.objects.create(organisation=council, slug="groups", name="Hub groups", kind="hub")
    person("Ola Hart", group_team, Role.PRACTITIONER)
    return World(
        area=area,
        front_door=door,
        sunita=sunita,
        tom=fallback,
        priya=priya,
        grace=person("Grace Adeyemi", therapies_team, Role.PRACTITIONER),
        jo=person("Jo Lane", therapies_team, Role.PRACTITIONER),
        marcus=person("Marcus Bell", pairs_team, Role.PRACTITIONER, Role.TEAM_LEAD),
        lead=lead,
        therapies=service("therapies", "NHS Talking Therapies", area, trust, therapies_team),
        pairs=service("pairs", "PAIRS", area, trust, pairs_team, strand="pir", level="specialist"),
        group=service("hub-group", "Stay and play", area, council, group_team, strand="", level="universal"),
        outside=service(
            "time", "Time", area, charity, None, outside_email="hello@time.example", after_loss=True
        ),
        therapies_team=therapies_team,
        pairs_team=pairs_team,
    )
