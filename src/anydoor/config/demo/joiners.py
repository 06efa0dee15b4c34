"""Colleagues who came, changed and are about to go, when each last signed in, and what leads looked at."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from random import Random

from anydoor.access.models import Membership, Team, User
from anydoor.access.policy import Facts, may
from anydoor.access.reviewing import confirm, in_reach
from anydoor.access.roles import WORKS_WITH_FAMILIES, Role
from anydoor.access.standing import standing_of
from anydoor.care import receipts, referrer_door, staffing
from anydoor.care.staffing import Newcomer, Period
from anydoor.config.demo.staff import email_of
from anydoor.directory.models import Area
from anydoor.rules import working_time

# By area: who joins the front door, in the order of joining; the last has not signed in yet.
JOIN = {
    "norfolk": ("Asha Birch", "Owen Larter"),
    "north-northamptonshire": ("Ruth Denton",),
    "cornwall": ("Morwenna Kitto",),
    "north-lincolnshire": ("Neil Barraclough",),
}
UNUSED_DAYS = 104
REVIEWED_DAYS = 61


def come_and_go(slugs: Iterable[str], password: str, now: datetime) -> None:
    """Everything of this for each area. `password` is the encoded one that every account of the demo has."""
    for place, slug in enumerate(slugs):
        area = Area.objects.select_related("front_door__lead", "front_door__organisation").get(slug=slug)
        rng = Random(f"{slug}/joiners")
        _look_again(area, now)
        _sign_in(area, rng, now)
        _join(area, password, now)
        if place == 0:
            _move(area, now)


def _at(now: datetime, days: int, hour: int = 10) -> datetime:
    """An hour of a working day about so many days ago."""
    day = working_time.next_working_day(working_time.london_day(now) - timedelta(days=days))
    return min(working_time.london(day, time(hour)), now)


def _lead(area: Area) -> User:
    lead = area.front_door.lead
    assert lead is not None  # every area of the demo has one
    return lead


def _join(area: Area, password: str, now: datetime) -> None:
    """Newcomers at the front door: one who is at work by now, one whose link waits to be used."""
    lead, names = _lead(area), JOIN.get(area.slug, ())
    referrer_door.vouch(
        area=area,
        domain=email_of("somebody", area.slug).rpartition("@")[2],
        who_they_are=area.front_door.organisation.name,
        by=lead,
        at=_at(now, 150),
    )
    for place, name in enumerate(names):
        waits = place == len(names) - 1
        at = _at(now, 1 if waits else 19)
        user = staffing.add_colleague(
            team=area.front_door,
            who=Newcomer(name, email_of(name, area.slug), "Front door worker"),
            role=Role.FRONT_DOOR,
            period=Period(working_time.london_day(at)),
            by=lead,
            at=at,
        ).user
        if not waits:
            user.first_links.update(used_at=at + timedelta(hours=3))
            User.objects.filter(pk=user.pk).update(password=password, last_login=_at(now, 0, 8))


def _sign_in(area: Area, rng: Random, now: datetime) -> None:
    """When everybody there last signed in: most these days, one long ago."""
    people = list(
        User.objects.filter(memberships__team__organisation=area.front_door.organisation_id)
        .union(User.objects.filter(memberships__team__services__area=area))
        .order_by("pk")
    )
    for user in people:
        if not user.is_active and user.closed_at is not None:
            user.last_login = user.closed_at - timedelta(days=1, hours=2)
        else:
            days, minutes = rng.choice((0, 0, 0, 1, 1, 2, 4, 9)), rng.randint(5, 240)
            user.last_login = now - timedelta(days=days, minutes=minutes)
    idle = [
        user for user in people if user.is_active and not user.holdings.filter(to_at__isnull=True).exists()
    ]
    others = [user for user in idle if user.memberships.filter(role=Role.PRACTITIONER.value).exists()]
    for user in others[-1:]:
        user.last_login = _at(now, UNUSED_DAYS, 9)
    User.objects.bulk_update(people, ["last_login"])


def _look_again(area: Area, now: datetime) -> None:
    """The lead looked at most of the team two months ago; somebody in each team is overdue."""
    at = _at(now, REVIEWED_DAYS, 15)
    lead, on = _lead(area), working_time.london_day(at)
    who = standing_of(lead, on)
    roles = Membership.objects.current(on).filter(in_reach(who), user__is_active=True)
    by_user: dict[int, list[Membership]] = {}
    for row in roles.exclude(user=lead).select_related("user", "team").order_by("user_id", "pk"):
        by_user.setdefault(row.user_id, []).append(row)
    for rows in list(by_user.values())[:-2]:
        confirm(user=rows[0].user, role_ids=[row.pk for row in rows], by=lead, at=at)


def _move(area: Area, now: datetime) -> None:
    """One changes role, one is here for a time, one works in two organisations, one key is in use."""
    door, lead = area.front_door, _lead(area)
    working = Membership.objects.current(working_time.london_day(now)).filter(user__is_active=True)
    hers = working.filter(team=door, role=Role.FRONT_DOOR.value).exclude(user=door.fallback)
    mover = hers.select_related("user").order_by("-pk").exclude(user__name__in=JOIN[area.slug]).first()
    if mover is not None:
        at = _at(now, 24, 11)
        staffing.begin_role(
            user=mover.user, team=door, role=Role.COORDINATOR,
            period=Period(working_time.london_day(at), working_time.london_day(now) + timedelta(days=17)),
            by=lead, at=at,
        )  # fmt: skip
    other = (
        Team.objects.filter(services__area=area, lead__isnull=False)
        .exclude(organisation=door.organisation_id)
        .select_related("lead")
        .order_by("pk")
        .first()
    )
    if other is not None and other.lead is not None and mover is not None:
        facts = Facts(team_id=other.pk, organisation_id=other.organisation_id, role=Role.REFERRER)
        if may(standing_of(other.lead, working_time.london_day(now)), "give_role", facts):
            at = _at(now, 40, 14)
            staffing.begin_role(
                user=mover.user, team=other, role=Role.REFERRER, period=Period(working_time.london_day(at)),
                by=other.lead, at=at,
            )  # fmt: skip
    keeper = (
        working.filter(team=door, role__in=[one.value for one in WORKS_WITH_FAMILIES]).order_by("pk").first()
    )
    if keeper is not None:
        receipts.make_token(
            name="Hub booking system", team=door, user=keeper.user, by=lead, at=_at(now, 70, 12)
        )
