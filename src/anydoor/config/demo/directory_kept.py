"""How the directory was kept in the last weeks: changes sent, approved and declined, what visitors said,
a group that is closed for now. By the verbs the pages use, told by the people of the area files.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta
from typing import Any

from anydoor.access.audit import VISITOR
from anydoor.access.models import Membership, User
from anydoor.access.roles import Role
from anydoor.directory import drafting, stewardship, versions
from anydoor.directory.models import Area, Service, ServiceVersion, WrongReport
from anydoor.messages import entries
from anydoor.rules.working_time import CLOSES, in_london, is_open, is_working_day, london, london_day

REPORTS = uuid.UUID("9d0c0a7d-0000-4d1e-8f00-000000000d1e")  # names the reports, the same in every load


def keep_directory(slugs: Iterable[str], now: datetime) -> None:
    """The last weeks of each area's directory, then one sweep, so that everybody was told."""
    for slug in slugs:
        area = Area.objects.select_related("front_door").get(slug=slug)
        if slug == "norfolk":
            _norfolk(area, now)
        else:
            _somewhere(area, now)
    entries.run(at=now)


def _norfolk(area: Area, now: datetime) -> None:
    lead, coordinator = _deciders(area, now)
    dads = _change(
        "norfolk-home-start-dads",
        {"child_days": [0, 913], "wait_days": 7},
        "Dads may now stay until their child is two and a half.",
        _before(now, days=41),
    )
    _approve(dads, coordinator, _before(now, days=39))
    shorter = _change(
        "norfolk-home-start-dads",
        {"offers": ["One volunteer, a dad himself, for as long as you like", "A walk with prams each month"]},
        "We added the walk, and took out the course that ended.",
        _before(now, days=12),
    )
    _approve(shorter, lead, _before(now, days=11))
    triple = _change(
        "norfolk-triple-p-baby",
        {"audience": ["mother"]},
        "Mostly mothers come.",
        _before(now, days=20),
    )
    if triple is not None:
        versions.decline(
            version=triple,
            why="The strategy asks for fathers in every group. Could a second evening help instead?",
            by=coordinator,
            at=_before(now, days=19),
        )
    _norfolk_today(area, now, lead, coordinator)


def _norfolk_today(area: Area, now: datetime, lead: User, coordinator: User) -> None:
    """What waits, what is closed, what visitors said."""
    classes = _change(
        "norfolk-english-classes",
        {"check_every_days": 60},
        "Classes change each term: check them every two months.",
        _before(now, days=80),
        by=coordinator,
    )
    _approve(classes, lead, _before(now, days=79))
    pairs = Service.objects.get(slug="pairs")
    rules = {**pairs.eligibility, "comes_after": ["norfolk-joint-assessment"], "not_if": ["psychosis"]}
    _change(
        "pairs",
        {"eligibility": rules},
        "Families come to us after the joint assessment. Psychosis goes to the perinatal team.",
        _before(now, hours=3),
    )
    _closed(
        "norfolk-infant-massage-dads",
        {
            "closed_from": (london_day(now) - timedelta(days=3)).isoformat(),
            "closed_until": (london_day(now) + timedelta(days=18)).isoformat(),
            "closed_note": "The hall has no heating. Stay and play is open to you meanwhile.",
            "next_start": (london_day(now) + timedelta(days=20)).isoformat(),
            "free_places": 4,
        },
        _before(now, days=3),
    )
    _walk(area, now)
    _wrong(
        "norfolk-hub-drop-in",
        "times",
        "The door was shut on Friday at ten. The sign says half past nine.",
        _before(now, days=1),
    )
    answered = _wrong(
        "norfolk-feeding-support",
        "contact",
        "This number rings and rings.",
        _before(now, days=16),
    )
    owner = answered.owner
    if owner is not None:
        stewardship.answer(
            report=answered,
            answer="changed",
            words="Thank you. The line moved to the hub; the new number is here now.",
            by=owner,
            at=_before(now, days=14),
        )


def _walk(area: Area, now: datetime) -> None:
    """A new service from nothing, waiting to be approved."""
    service = Service.objects.select_related("organisation", "team__lead").get(slug="norfolk-dads-near-you")
    lead = service.team.lead if service.team is not None else None
    by = lead if lead is not None and lead.is_active else _deciders(area, now)[1]
    draft = drafting.begin_new(area=area, by=by, at=_before(now, days=1))
    said: dict[str, Any] = {
        "name": "Prams and flasks, Dereham",
        "summary": "A slow walk for dads and their babies on the first Saturday of the month. Bring a flask.",
        "for_whom": "Dads and co-parents with a baby in a pram or a sling.",
        "not_for": "Mothers are welcome at the hub’s own walk on Wednesdays.",
        "level": "universal",
        "organisation": service.organisation.slug,
        "team": service.team.slug if service.team is not None else "",
        "lead": by.pk,
        "needs": ["isolation", "parenting"],
        "audience": ["father", "co_parent"],
        "routes_in": ["drop_in", "self"],
        "modes": ["group", "in_person"],
        "child_days": [0, 730],
        "is_free": True,
        "when": "First Saturday of the month, 10am",
        "check_every_days": 120,
    }
    drafting.keep(draft=draft, part="words", said=said, at=_before(now, days=1))
    drafting.send(draft=draft, why="Six dads asked for it at stay and play.", by=by, at=_before(now, days=1))


def _somewhere(area: Area, now: datetime) -> None:
    """Elsewhere: one change that waits, one report that waits."""
    service = (
        Service.objects.filter(area=area, lead__is_active=True, level="targeted")
        .exclude(state="closed")
        .order_by("slug")
        .first()
    )
    if service is None:
        return
    _change(service.slug, {"wait_days": 14}, "The wait is two weeks now.", _before(now, hours=5))
    _wrong(service.slug, "times", "The day has changed, they told me at the door.", _before(now, days=1))


# ---------------------------------------------------------------- single steps


def _change(
    slug: str, said: Mapping[str, Any], why: str, at: datetime, by: User | None = None
) -> ServiceVersion | None:
    """A change that is sent; None when the entry says it already."""
    service = Service.objects.select_related("team__lead", "lead", "area__front_door").get(slug=slug)
    by = by or _keeper(service, at)
    draft = drafting.begin(service=service, by=by, at=at)
    content = drafting.content_in(draft)
    if all(content[name] == value for name, value in said.items()):
        drafting.drop(draft=draft)
        return None
    drafting.keep(draft=draft, part="words", said=said, at=at)
    return drafting.send(draft=draft, why=why, by=by, at=at)


def _approve(version: ServiceVersion | None, by: User, at: datetime) -> None:
    if version is not None:
        seen = versions.as_it_stands(version).number
        versions.approve(version=version, seen=seen, by=by, at=at)


def _closed(slug: str, told: Mapping[str, Any], at: datetime) -> None:
    service = Service.objects.select_related("team__lead", "lead", "area__front_door").get(slug=slug)
    now = {"wait_days": service.wait_days, **told}
    stewardship.say_today(service=service, told=now, by=_keeper(service, at), at=at)


def _wrong(slug: str, about: str, words: str, at: datetime) -> WrongReport:
    service = (
        Service.objects.select_related("lead", "team__lead")
        .select_related("area__front_door__lead", "area__front_door__fallback")
        .get(slug=slug)
    )
    token = uuid.uuid5(REPORTS, f"{slug}/{about}")
    return stewardship.report_wrong(service=service, about=about, words=words, token=token, by=VISITOR, at=at)


def _keeper(service: Service, at: datetime) -> User:
    """Somebody with an open account who keeps the entry: its owner, its team's lead, the front door's."""
    team_lead = service.team.lead if service.team is not None else None
    for user in (service.lead, team_lead):
        if user is not None and user.is_active:
            return user
    return _deciders(service.area, at)[1]


def _deciders(area: Area, at: datetime) -> tuple[User, User]:
    """The front door's lead and its coordinator."""
    rows = Membership.objects.current(london_day(at)).filter(team=area.front_door_id, user__is_active=True)
    found = {
        role: rows.filter(role=role.value).select_related("user").order_by("pk")[0].user
        for role in (Role.TEAM_LEAD, Role.COORDINATOR)
    }
    return found[Role.TEAM_LEAD], found[Role.COORDINATOR]


def _before(now: datetime, *, days: int = 0, hours: int = 0) -> datetime:
    """A moment in working hours about that long ago: at night and at weekends, the afternoon before."""
    moment = now - timedelta(days=days, hours=hours)
    if is_open(moment):
        return moment
    day = london_day(moment)
    if in_london(moment).time() < CLOSES:
        day -= timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return london(day, time(15, 40))
