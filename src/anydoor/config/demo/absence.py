"""Leave with its cover, one account that closes, and colleagues who say hello in the meantime."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from anydoor.access.models import User
from anydoor.care import events, holding
from anydoor.care.models import Wait
from anydoor.config.demo.clock import Clock, Course, on_working_day, shift
from anydoor.config.demo.county import County
from anydoor.config.demo.staff import Worker
from anydoor.rules import working_time

SHARE_AWAY = 0.3
TOLD_BEFORE_DAYS = 8
# Whose account closes, by area: the second of this team's people, at two thirds of the half year.
LEAVES = {"norfolk": "norfolk-health-visiting", "cornwall": "cw-health-visiting-team"}
# On leave today, by area: the last of this team; and on leave some weeks from now, by name with cover.
AWAY_NOW = {
    "norfolk": "norfolk-talking-therapies",
    "cornwall": "cw-family-hub-team",
    "north-lincolnshire": "nl-piew-team",
    "north-northamptonshire": "nn-family-hub-team",
}
AWAY_SOON = {"norfolk": ("nnuh-specialist-midwifery", "Leanne Mistry", "Helen Lusher")}
# Back from leave some days ago, so that the team's page lists what moved: team, who, who covered.
AWAY_LATELY = {"norfolk": ("norfolk-front-door", "Colin Utting", "Dawn Catchpole")}
HELLO_AFTER_DAYS = 2


def plan_absence(county: County, start_day: date) -> None:
    """Who is away when, in every team that can spare somebody; told in time, with cover."""
    today = working_time.london_day(county.now)
    gone = county.staff.workers.get(LEAVES.get(county.slug, ""), [])
    if len(gone) > 2:
        gone[1].left_on = shift(start_day + (today - start_day) * 2 // 3, 0)
        _begin(county, gone[1].left_on, _closes, gone[1])
    _away_today(county, today)
    for table, first, told in (
        (AWAY_SOON, shift(today, 24), today - timedelta(days=6)),
        (AWAY_LATELY, shift(today, -11), None),
    ):
        if county.slug in table:
            slug, name, cover = table[county.slug]
            named = {worker.user.name: worker for worker in county.staff.workers[slug]}
            _away(county, slug, named[name], named[cover], first, 4, told=told)
    for slug in sorted(county.staff.workers):
        people = county.staff.workers[slug]
        for place, worker in enumerate(people[1:], start=1):
            if len(people) < 3 or county.rng.random() > SHARE_AWAY:
                continue
            first = start_day + timedelta(days=county.rng.randint(30, max(31, (today - start_day).days - 15)))
            _away(
                county, slug, worker, people[(place + 1) % len(people)], first, county.rng.choice((4, 4, 11))
            )


def _away_today(county: County, today: date) -> None:
    """Somebody is on leave now, so that their team sees what cover means."""
    slug = AWAY_NOW.get(county.slug, "")
    people = county.staff.workers.get(slug, [])
    if len(people) > 2:
        _away(county, slug, people[-1], people[0], shift(today, -3), 9)


def _away(
    county: County, slug: str, worker: Worker, cover: Worker, first: date, days: int, told: date | None = None
) -> None:
    last = first + timedelta(days=days)
    span = [first + timedelta(days=number) for number in range(days + 1)]
    if worker.covers & set(span) or not all(cover.is_here(day) and worker.is_here(day) for day in span):
        return
    worker.away.append((first, last))
    cover.covers |= set(span)
    lead = county.staff.teams[slug].lead or county.staff.lead
    day_told = told or first - timedelta(days=TOLD_BEFORE_DAYS)
    _begin(
        county,
        day_told,
        _takes_leave,
        worker,
        cover,
        first,
        last,
        lead if lead != worker.user else cover.user,
    )


def _begin(county: County, day: date, course: Callable[..., Course], *given: object) -> None:
    at = on_working_day(working_time.london(day, working_time.OPENS), 0, 9, 5)
    clock = Clock(at)
    county.start(at, clock, course(clock, county, *given))


def _takes_leave(
    clock: Clock, county: County, worker: Worker, cover: Worker, first: date, last: date, by: User
) -> Course:
    """The leave is recorded; on its first morning the sweep gives what they hold to the cover."""
    holding.record_leave(
        user=worker.user, starts_on=first, ends_on=last, cover=cover.user, by=by, at=clock.at
    )
    yield clock.at


def _closes(clock: Clock, county: County, worker: Worker) -> Course:
    """Somebody leaves for good: the account closes, and what they hold goes to colleagues."""
    holding.close_account(user=worker.user, by=county.staff.lead, at=clock.at)
    yield clock.at


def hellos(clock: Clock, county: County) -> Course:
    """Each working day: whoever took over from a colleague rings the family; late tasks are done."""
    while True:
        yield on_working_day(clock.at, 1, 11, 40)
        late = clock.at - timedelta(days=HELLO_AFTER_DAYS)
        waits = (
            Wait.objects.open()
            .filter(area=county.area, kind__in=["moved_to_you", "after_event"], opened_at__lt=late)
            .select_related("user")
            .order_by("pk")
        )
        for wait in waits:
            if wait.user is not None and wait.user.is_active and county.rng.random() < 0.45:
                events.task_done(
                    wait_id=wait.pk,
                    words="Rang. They know who I am and when we speak next.",
                    by=wait.user,
                    at=clock.at,
                )
