"""The register of access: everybody who has a way in, as the rows say it, and who came, changed and went.

Rows are of people with a role in the reach of whoever asks (teams they lead or manage, organisations they
look after): now, to come, or ended in the period. What somebody has elsewhere is counted and not named.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Count, Max, Q

from anydoor.access.models import ApiToken, FirstLink, Membership, PersonalSight
from anydoor.access.reviewing import in_reach, with_due_day
from anydoor.access.roles import ROLE_WORDS, Role
from anydoor.access.sessions import signed_in_now, with_second_step
from anydoor.access.standing import Standing
from anydoor.rules.working_time import in_london, london_day

UNUSED_DAYS = 90
SOON_DAYS = 30

# What a row can be found by. The first of them ask for attention.
MARKS: Mapping[str, str] = {
    "due": "Review due",
    "never": "Never signed in",
    "unused": f"Not signed in for {UNUSED_DAYS} days",
    "no_step": "No second step",
    "soon": f"A role ends within {SOON_DAYS} days",
    "elsewhere": "In more than one organisation",
    "named": "Sees records beyond their teams",
    "keys": "An API key acts as them",
    "joined": "Joined",
    "moved": "Moved",
    "left": "Left",
}
ASKS = ("due", "never", "unused", "no_step", "soon")


@dataclass(frozen=True, slots=True)
class Days:
    """A period: first and last day."""

    first: date
    last: date

    def has(self, day: date | None) -> bool:
        return day is not None and self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class RoleRow:
    """One role of somebody, in reach of who asks. `ended_on`: the first day on which it is held no more."""

    id: int
    team_id: int
    team: str
    organisation_id: int
    organisation: str
    role: Role
    started_on: date
    ended_on: date | None
    given_by: str
    ended_by: str
    due_on: date | None

    def is_on(self, day: date) -> bool:
        return self.started_on <= day and (self.ended_on is None or self.ended_on > day)

    def is_ahead(self, day: date) -> bool:
        return self.started_on > day and (self.ended_on is None or self.ended_on > self.started_on)

    @property
    def was_never(self) -> bool:
        return self.ended_on == self.started_on

    @property
    def words(self) -> str:
        return ROLE_WORDS[self.role]


@dataclass(frozen=True, slots=True)
class Entry:
    """Somebody with access, and what is to be known of it. `marks` are those of `MARKS` that fit."""

    user_id: int
    name: str
    email: str
    job_title: str
    is_open: bool
    roles: Sequence[RoleRow]
    joined_on: date
    left_on: date | None
    last_in: datetime | None
    second_step: bool
    link_until: datetime | None
    places: int
    elsewhere: int
    named: int
    keys: Sequence[tuple[int, str, int]]  # key, name, team
    due_on: date | None
    marks: frozenset[str]

    def now(self, day: date) -> list[RoleRow]:
        return [row for row in self.roles if row.is_on(day)]

    def ahead(self, day: date) -> list[RoleRow]:
        return [row for row in self.roles if row.is_ahead(day)]


def entries(
    who: Standing,
    days: Days,
    *,
    at: datetime,
    step_is_asked: bool,
    team_id: int | None = None,
    user_id: int | None = None,
) -> list[Entry]:
    """The register in the reach of `who`, by name: one team of it, one person of it. Nine queries at most.

    `step_is_asked`: whether this house asks everybody for a second step, so that lacking one asks for
    attention. With `user_id` whoever has or had any role in reach is found, however long ago.
    """
    day = london_day(at)
    rows = Membership.objects.filter(in_reach(who)).select_related(
        "team__organisation", "user", "given_by", "ended_by"
    )
    if team_id is not None:
        rows = rows.filter(team_id=team_id)
    if user_id is not None:
        rows = rows.filter(user_id=user_id)
    by_user: dict[int, list[Membership]] = {}
    for row in with_due_day(rows).order_by("user__name", "user_id", "started_on", "pk"):
        by_user.setdefault(row.user_id, []).append(row)
    kept = {
        key: held
        for key, held in by_user.items()
        if user_id is not None or any(_counts(row, days, day) for row in held)
    }
    beside = _Beside(kept, who, at)
    found = [_entry(held, beside, days, day, step_is_asked) for held in kept.values()]
    # Nobody looks at their own access, so it is not theirs to have overdue.
    mine = who.user_id
    return [replace(row, marks=row.marks - {"due"}) if row.user_id == mine else row for row in found]


def _counts(row: Membership, days: Days, day: date) -> bool:
    """Whether a role brings its holder into the register: held, to come, or ended in the period."""
    return row.ended_on is None or row.ended_on > day or days.has(_last_day(row))


def _last_day(row: Membership) -> date | None:
    return row.ended_on - timedelta(days=1) if row.ended_on is not None else None


class _Beside:
    """What is known of these people beside their roles, each kind in one query."""

    def __init__(self, kept: Mapping[int, Sequence[Membership]], who: Standing, at: datetime) -> None:
        people, day = list(kept), london_day(at)
        self.second_step = with_second_step(people)
        self.places = {user: len(places) for user, places in signed_in_now(people, at).items()}
        in_all = Membership.objects.current(day).filter(user_id__in=people).order_by()
        counted = in_all.values("user_id").annotate(many=Count("team__organisation", distinct=True))
        self.organisations = dict(counted.values_list("user_id", "many"))
        sights = PersonalSight.objects.filter(user_id__in=people).filter(
            Q(until__isnull=True) | Q(until__gt=at)
        )
        # Only who governs information is told how many are named for sealed records: to a team, a number
        # would tell that there is one.
        whys = ["break_glass", "named", "asked"] if who.has(Role.IG_LEAD) else ["break_glass"]
        named = sights.filter(why__in=whys).order_by().values("user_id")
        self.named = dict(
            named.annotate(many=Count("family_id", distinct=True)).values_list("user_id", "many")
        )
        self.keys: dict[int, list[tuple[int, str, int]]] = {}
        keys = ApiToken.objects.filter(in_reach(who), user_id__in=people, ended_at__isnull=True)
        for key, user, name, team in keys.order_by("pk").values_list("pk", "user_id", "name", "team_id"):
            self.keys.setdefault(user, []).append((key, name, team))
        links = FirstLink.objects.filter(user_id__in=people, used_at__isnull=True, ended_at__isnull=True)
        self.links: dict[int, datetime] = dict(
            links.order_by()
            .values("user_id")
            .annotate(until=Max("expires_at"))
            .values_list("user_id", "until")
        )


def _entry(held: Sequence[Membership], beside: _Beside, days: Days, day: date, step_is_asked: bool) -> Entry:
    user = held[0].user
    roles = [_role(row) for row in held]
    now = [row for row in roles if row.is_on(day)]
    real = [row for row in roles if not row.was_never] or roles
    joined_on = min(row.started_on for row in real)
    going_on = bool(now) or any(row.is_ahead(day) for row in roles)
    left_on = None if user.is_active and going_on else _left_on(user, real)
    dues = [row.due_on for row in now if row.due_on is not None and user.is_active]
    found = Entry(
        user_id=user.pk,
        name=user.name,
        email=user.email,
        job_title=user.job_title,
        is_open=user.is_active,
        roles=roles,
        joined_on=joined_on,
        left_on=left_on,
        last_in=user.last_login,
        second_step=user.pk in beside.second_step,
        link_until=beside.links.get(user.pk),
        places=beside.places.get(user.pk, 0),
        elsewhere=max(beside.organisations.get(user.pk, 0) - len({row.organisation_id for row in now}), 0),
        named=beside.named.get(user.pk, 0),
        keys=beside.keys.get(user.pk, []),
        due_on=min(dues, default=None),
        marks=frozenset(),
    )
    return _with_marks(found, days, day, step_is_asked, now)


def _left_on(user: Any, roles: Iterable[RoleRow]) -> date | None:
    """The last day of whoever has no role here any more, or whose account was closed."""
    if not user.is_active and user.closed_at is not None:
        return in_london(user.closed_at).date()
    ends = [row.ended_on - timedelta(days=1) for row in roles if row.ended_on is not None]
    return max(ends, default=None)


def _with_marks(found: Entry, days: Days, day: date, step_is_asked: bool, now: Sequence[RoleRow]) -> Entry:
    here = found.left_on is None
    old = day - timedelta(days=UNUSED_DAYS)
    last_in = in_london(found.last_in).date() if found.last_in is not None else None
    joined = here and days.has(found.joined_on)
    changed = any(
        days.has(row.started_on) or days.has(row.ended_on) for row in found.roles if not row.was_never
    )
    fits = {
        "due": here and found.due_on is not None and found.due_on <= day,
        "never": here and last_in is None,
        "unused": here and (last_in or found.joined_on) < old,
        "no_step": here and step_is_asked and not found.second_step,
        "soon": here
        and any(row.ended_on is not None and row.ended_on <= day + timedelta(days=SOON_DAYS) for row in now),
        "elsewhere": here and (found.elsewhere > 0 or len({row.organisation_id for row in now}) > 1),
        "named": here and found.named > 0,
        "keys": bool(found.keys),
        "joined": joined,
        "moved": here and not joined and changed,
        "left": days.has(found.left_on),
    }
    marks = frozenset(name for name, fit in fits.items() if fit)
    return replace(found, marks=marks)


def _role(row: Any) -> RoleRow:
    return RoleRow(
        id=row.pk,
        team_id=row.team_id,
        team=row.team.name,
        organisation_id=row.team.organisation_id,
        organisation=row.team.organisation.name,
        role=Role(row.role),
        started_on=row.started_on,
        ended_on=row.ended_on,
        given_by=row.given_by.name if row.given_by else "",
        ended_by=row.ended_by.name if row.ended_by else "",
        due_on=row.due_on,
    )


def counts(rows: Iterable[Entry]) -> dict[str, int]:
    """How many of these fit each mark, and how many ask for attention at all."""
    found = dict.fromkeys((*MARKS, "asks", "all"), 0)
    for row in rows:
        found["all"] += 1
        found["asks"] += bool(row.marks & set(ASKS))
        for mark in row.marks:
            found[mark] += 1
    return found


def shown(rows: Iterable[Entry], mark: str) -> list[Entry]:
    """Those that fit one of `MARKS`, or `asks` for those that ask for attention; with anything else, all."""
    if mark == "asks":
        return [row for row in rows if row.marks & set(ASKS)]
    return [row for row in rows if mark in row.marks] if mark in MARKS else list(rows)
