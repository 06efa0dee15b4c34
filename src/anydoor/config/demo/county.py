"""One area while it is simulated: its staff, its services as facts, and the queue of what is to come."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from random import Random

from anydoor.access.models import User
from anydoor.care.deciding import NEED_FLAGS
from anydoor.config.demo.clock import Clock, Course, Queue
from anydoor.config.demo.people import Numbers
from anydoor.config.demo.staff import Staff
from anydoor.directory.matching import Matched, facts_of, human_route, live_services
from anydoor.directory.models import Area, Postcode, Service
from anydoor.rules import matching
from anydoor.rules.matching import Concern, Profile, ServiceFacts

# What only drops in, or is only for those who know it, is told about and not handed over to.
NO_HANDOVER = frozenset({"norfolk-parent-carer-panel", "pairs-consultation"})


@dataclass
class County:
    """Everything a course needs to know of its area. `rng` is for what belongs to no family."""

    staff: Staff
    numbers: Numbers
    now: datetime
    start_at: datetime
    seed: int
    families: int
    rng: Random
    queue: Queue = field(init=False)
    places: list[str] = field(default_factory=list)
    _services: dict[str, Service] = field(default_factory=dict)
    _facts: dict[str, ServiceFacts] = field(default_factory=dict)
    _districts: frozenset[str] = frozenset()

    @property
    def area(self) -> Area:
        return self.staff.area

    @property
    def slug(self) -> str:
        return self.staff.area.slug

    def open(self) -> None:
        """Read once what does not change while families come and go."""
        codes = list(self.area.districts.order_by("pk").values_list("pk", flat=True))
        self._districts = frozenset(codes)
        today = Profile(as_of=self.now.date())
        rows = sorted(live_services(self.area, today), key=lambda row: row.slug)
        names = {row.slug: row.name for row in rows}
        self._services = {row.slug: row for row in rows}
        self._facts = {row.slug: facts_of(row, names) for row in rows}
        postcodes = list(
            Postcode.objects.filter(district__in=codes)
            .order_by("postcode")
            .values_list("postcode", flat=True)
        )
        self.places = self.rng.sample(postcodes, min(len(postcodes), 120)) + list(self.area.places_near) * 3

    def start(self, at: datetime, clock: Clock, course: Course) -> None:
        self.queue.start(at, clock, course)

    def match(
        self,
        *,
        on: date,
        moment: matching.Moment,
        role: str,
        age: int | None,
        needs: tuple[str, ...],
        strand: str,
        severity: str,
        district_code: str,
        language: str,
        says_baby: bool,
    ) -> Matched:
        """Judge the area's services as the triage page does, from facts read once."""
        profile = Profile(
            as_of=on,
            moment=moment,
            role=role if role in {"mother", "father", "co_parent", "carer"} else "",
            age=age,
            concerns=(Concern(strand, severity or "unknown"),) if strand else (),
            flags=frozenset(NEED_FLAGS[need] for need in needs if need in NEED_FLAGS),
            wider_needs=frozenset(needs),
            district_code=district_code if district_code in self._districts else "",
            area_districts=frozenset() if district_code in self._districts else self._districts,
            language=language,
            says_baby=says_baby,
        )
        return Matched(
            profile=profile,
            emergency=None,
            level=matching.propose_level(profile),
            offers=matching.match(profile, self._facts.values()),
            human_route=human_route(self.area),
            facts=self._facts,
            services=self._services,
        )

    def can_take_over(self, matched: Matched, verdicts: frozenset[str]) -> list[Service]:
        """Services a handover may go to, best first: a team of ours, or somebody outside who can be asked."""
        door = self.area.front_door_id
        rows = [
            matched.services[offer.service_slug]
            for offer in matched.offers
            if offer.verdict in verdicts and offer.service_slug not in NO_HANDOVER
        ]
        return [
            row
            for row in rows
            if (row.team_id is not None and row.team_id != door)
            or (row.team_id is None and bool(row.outside_email or row.outside_phone))
        ]

    def service(self, slug: str) -> Service:
        return self._services[slug]

    def hub(self) -> Service:
        """Where everybody can go: the area's family hub, or another universal service of ours."""
        door = self.area.front_door_id
        rows = [
            s for s in self._services.values() if s.is_inside and s.team_id != door and s.level == "universal"
        ]
        return min(rows, key=lambda s: ("hub" not in s.slug, s.slug))

    def front_door_worker(self, at: datetime, rng: Random) -> User:
        """Somebody who works at the front door that day."""
        return rng.choice(self.staff.here(self.staff.door, at.date()))

    def somebody_of(self, team_slug: str, at: datetime, rng: Random) -> User:
        """Who of a team takes the next family: the lead more often than others."""
        people = self.staff.here(team_slug, at.date())
        return people[0] if rng.random() < 0.35 else rng.choice(people)
