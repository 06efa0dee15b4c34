"""The families of some areas, from the first day to now: each begun in its time, all in one queue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from random import Random

from anydoor.care import sweep
from anydoor.config.demo import present, script
from anydoor.config.demo.absence import hellos, plan_absence
from anydoor.config.demo.arriving import door_of
from anydoor.config.demo.clock import Clock, Queue, sweep_moments
from anydoor.config.demo.county import County
from anydoor.config.demo.course import live, spread
from anydoor.config.demo.life import new_life
from anydoor.config.demo.stories_after import AFTER
from anydoor.config.demo.stories_before import BEFORE
from anydoor.config.demo.stories_hard import DANGER, HARD
from anydoor.config.demo.stories_told import TOLD
from anydoor.config.demo.story import Story
from anydoor.rules import working_time

__all__ = ["STORIES", "County", "already_there", "simulate"]

STORIES: tuple[Story, ...] = BEFORE + AFTER + HARD + DANGER + TOLD


def simulate(counties: Sequence[County], report: Callable[[str], None]) -> None:
    """Everything that happens in these areas until now."""
    now = counties[0].now
    start = min(county.start_at for county in counties)
    queue = Queue(until=now)
    for county in counties:
        county.queue = queue
        begin(county)
    names = " and ".join(county.area.name for county in counties)
    areas = [county.area.pk for county in counties]
    seen = [start.month]

    def tick(at: datetime) -> None:
        sweep.run(at=at, areas=areas)
        if at.month != seen[0]:
            seen[0] = at.month
            report(f"{names}: {working_time.london_day(at):%B %Y}")

    queue.run(sweep_moments(start, now), tick)
    sweep.run(at=now, areas=areas)
    report(f"{names}: today")


def already_there(slug: str) -> int:
    """How many families an area has whatever is asked for: those of today, and of the screens."""
    return len(present.SCENES) + (script.count() if slug == "norfolk" else 0)


def begin(county: County) -> None:
    """Put everything that will happen in one area into the queue."""
    plan_absence(county, working_time.london_day(county.start_at))
    clock = Clock(county.start_at)
    county.start(county.start_at, clock, hellos(clock, county))
    deck: list[Story] = []
    for index in range(county.families):
        if not deck:
            deck = list(STORIES)
            county.rng.shuffle(deck)
        ask(county, deck.pop(), index)
    present.begin(county)
    if county.slug == "norfolk":
        script.begin(county)


def ask(county: County, story: Story, index: int) -> None:
    """One family of the half year: drawn from its own seed, so that it is the same whatever the others do."""
    rng = Random(f"{county.seed}/{county.slug}/{index}")
    at = county.start_at + spread(index, county.families, county.now - county.start_at, rng)
    life = new_life(county, story, str(index), at)
    county.start(at, life, live(life, door_of(life)))
