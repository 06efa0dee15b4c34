"""One family's life with us: who they are, where things stand, and the small steps everybody takes.

A `Life` reads what it needs anew before each step, as a worker's page would: in the meantime leave, a closed
account or another course of the same family may have changed it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from random import Random
from typing import TypeVar

from anydoor.access.models import User
from anydoor.care.models import Episode, FamilyCare, Handover, Referral
from anydoor.config.demo.clock import Clock, Course, in_hours
from anydoor.config.demo.county import County
from anydoor.config.demo.people import Teller, draw
from anydoor.config.demo.story import Story
from anydoor.directory.matching import Matched
from anydoor.people.models import FamilyMember, Person
from anydoor.rules import working_time
from anydoor.rules.matching import moment_of
from anydoor.rules.stage import Child, Stage, stage

T = TypeVar("T")


@dataclass
class Life(Clock):
    """`at` is the moment this family's course has reached; `referral_id` its first request, once received."""

    county: County
    story: Story
    teller: Teller
    rng: Random
    referral_id: int = 0
    family_id: int = 0
    person_id: int = 0

    # ---- chance and time

    def chance(self, share: float) -> bool:
        return self.rng.random() < share

    def pick(self, sentences: Sequence[T]) -> T:
        return self.rng.choice(sentences)

    def minutes(self, least: int, most: int) -> datetime:
        """After so many minutes of working hours."""
        return in_hours(self.at, self.rng.randint(least, most))

    def days(self, least: int, most: int) -> datetime:
        """In working hours, so many working days on; with 0 it may be today, never before now."""
        count = self.rng.randint(least, most)
        day = working_time.in_london(in_hours(self.at)).date()
        clock = time(self.rng.randint(9, 15), self.rng.choice((0, 10, 15, 20, 30, 40, 45, 50)))
        moment = working_time.london(working_time.add_working_days(day, count), clock)
        return moment if moment > self.at else self.minutes(10, 60)

    def later(self, days: int) -> datetime:
        """An hour people choose for an appointment, about so many days on."""
        day = working_time.next_working_day(working_time.in_london(self.at).date() + timedelta(days=days))
        clock = time(self.rng.choice((9, 10, 11, 13, 14, 15, 16)), self.rng.choice((0, 0, 15, 30, 45)))
        moment = working_time.london(day, clock)
        return moment if moment > self.at else moment + timedelta(days=7)

    def start(self, course: Callable[..., Course], *given: object, at: datetime | None = None) -> None:
        """Let something else happen in this family beside what happens now: `course(life, *given)`."""
        beside = replace(self, at=at or self.at)
        self.county.start(beside.at, beside, course(beside, *given))

    def fill(self, sentence: str) -> str:
        """A sentence with the names of this family in it."""
        return sentence.replace("{baby}", self.teller.baby_name).replace(
            "{partner}", self.teller.partner_name.split(" ")[0] or "the other parent"
        )

    # ---- what stands

    def referral(self, pk: int | None = None) -> Referral:
        return Referral.objects.select_related("holder", "area__front_door", "person").get(
            pk=pk or self.referral_id
        )

    def episode(self, pk: int) -> Episode:
        return Episode.objects.select_related("holder", "service__organisation", "person").get(pk=pk)

    def handover(self, pk: int) -> Handover:
        return Handover.objects.select_related(
            "service", "to_team", "to_user", "from_user", "referral", "episode"
        ).get(pk=pk)

    def care(self) -> FamilyCare:
        return FamilyCare.objects.select_related("lead").get(family_id=self.family_id)

    def person(self) -> Person:
        return Person.objects.get(pk=self.person_id)

    def stage(self) -> Stage:
        """Where the family is today, from its children."""
        members = FamilyMember.objects.filter(
            family_id=self.family_id, role__in=["baby", "child"], left_at__isnull=True
        ).select_related("person")
        children = [
            Child(m.person.due_on, m.person.born_on, m.person.lost_on, m.person.loss_kind) for m in members
        ]
        return stage(
            children,
            on=working_time.london_day(self.at),
            trying=self.story.when in {"trying", "ivf"},
            assisted=self.story.when == "ivf",
        )

    def match(self, referral: Referral) -> Matched:
        """What could help, as the triage page would say it today."""
        known = self.stage()
        on = working_time.london_day(self.at)
        return self.county.match(
            on=on,
            moment=moment_of(known),
            role=self.story.role,
            age=(on - self.teller.born_on).days // 366,
            needs=self.story.needs,
            strand=self.story.strand,
            severity=self.story.severity,
            district_code=referral.district_code,
            language=self.story.language,
            says_baby=known.says_baby,
        )

    def worker(self) -> User:
        """Somebody at the front door who is not away today."""
        return self.county.front_door_worker(self.at, self.rng)


def holder_of(thing: Referral | Episode) -> User:
    """Who holds it; only asked of what is open."""
    assert thing.holder is not None
    return thing.holder


def new_life(county: County, story: Story, name: str, at: datetime) -> Life:
    """A life at a moment, with chance of its own (`name` seeds it) and somebody drawn for its story."""
    rng = Random(f"{county.seed}/{county.slug}/{name}")
    teller = draw(
        story,
        area=county.slug,
        today=working_time.london_day(at),
        places=county.places,
        numbers=county.numbers,
        rng=rng,
    )
    return Life(at, county=county, story=story, teller=teller, rng=rng)
