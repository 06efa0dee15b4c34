"""Who is on duty at a front door: reads rota, leave and accounts, and lets `rules.duty` decide."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection
from django.db.models import TextField
from django.db.models.expressions import RawSQL

from anydoor.access.models import Leave, Team, User
from anydoor.rules import duty as duty_rules
from anydoor.rules import working_time

# Leave that begins later than this cannot matter to who reads what arrives now.
LOOK_AHEAD = timedelta(days=14)
# Rota, leave and the people in both as JSON. Every request at every door asks for it, so it is one statement
# and makes no objects of what is only looked at. `{team}` is a column or a mark for the team's key.
_ROTA = """
SELECT json_build_object(
    'turns', (
        SELECT coalesce(json_agg(
            json_build_array(d.weekday, d.starts, d.ends, d.user_id, d."order")
            ORDER BY d.weekday, d.starts, d."order", d.id
        ), '[]') FROM access_dutyturn d WHERE d.team_id = t.id
    ),
    'leave', (
        SELECT coalesce(json_agg(json_build_array(l.user_id, l.starts_on, l.ends_on, l.cover_id)), '[]')
        FROM access_leave l WHERE l.ends_on >= %s AND l.starts_on <= %s
    ),
    'people', (
        SELECT json_agg(json_build_array(u.id, u.name, u.is_active)) FROM access_user u
        WHERE u.id = t.fallback_id
            OR u.id IN (SELECT d.user_id FROM access_dutyturn d WHERE d.team_id = t.id)
            OR u.id IN (
                SELECT l.cover_id FROM access_leave l WHERE l.ends_on >= %s AND l.starts_on <= %s
            )
    )
)::text FROM access_team t WHERE t.id = {team}
"""


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody of the rota: key, name, and whether their account is open."""

    id: int
    name: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who reads now at a front door, until when, and who comes then. `reads_at` is ahead when it is shut."""

    worker: Colleague
    reads_at: datetime
    until: datetime | None = None
    then: Colleague | None = None


@dataclass(frozen=True, slots=True)
class _Rota:
    """Rota, leave and accounts of one front door, read once and asked about any moment near `at`."""

    team: Team
    people: dict[int, Colleague]
    turns: list[duty_rules.Turn]
    leave: list[duty_rules.Leave]

    def at(self, at: datetime) -> duty_rules.Duty:
        assert self.team.fallback_id is not None  # a constraint keeps it so for every front door
        return duty_rules.on_duty(
            at=at,
            rota=self.turns,
            leave=self.leave,
            active={one.id for one in self.people.values() if one.is_active} | {self.team.fallback_id},
            fallback=self.team.fallback_id,
            opens=self.team.opens,
            closes=self.team.closes,
        )


def _days(at: datetime) -> tuple[date, date]:
    today = working_time.london_day(at)
    return today, today + LOOK_AHEAD


def told_rota(team_column: str, at: datetime) -> RawSQL:
    """The rota as a column beside other rows, for `duty_line`. `team_column` becomes SQL, so it is ours."""
    words = _ROTA.format(team=team_column)
    return RawSQL(words, 2 * _days(at), output_field=TextField())  # noqa: S611  # the caller's own column


def _rota(team: Team, at: datetime, told: str = "") -> _Rota:
    if not told:
        with connection.cursor() as cursor:
            cursor.execute(_ROTA.format(team="%s"), [*2 * _days(at), team.pk])
            told = cursor.fetchone()[0]
    rows = json.loads(told)
    return _Rota(
        team=team,
        people={row[0]: Colleague(*row) for row in rows["people"]},
        turns=[
            duty_rules.Turn(weekday, time.fromisoformat(starts), time.fromisoformat(ends), worker, order)
            for weekday, starts, ends, worker, order in rows["turns"]
        ],
        leave=[
            duty_rules.Leave(worker, date.fromisoformat(first), date.fromisoformat(last), cover)
            for worker, first, last, cover in rows["leave"]
        ],
    )


def on_duty(team: Team, at: datetime) -> tuple[User, datetime]:
    """The duty worker of a front-door team at `at`, and when what arrives now will be read (UTC).

    Outside hours it is the next duty worker. Never fails: the chain ends in the team's named fall-back,
    whose account the database does not let anybody close.
    """
    rota = _rota(team, at)
    duty = rota.at(at)
    return User.objects.get(pk=duty.worker_id), duty.reads_at


def reads_at(team: Team, at: datetime) -> datetime:
    """When a person reads what arrives at `at` at this front door (UTC)."""
    return _rota(team, at).at(at).reads_at


def duty_line(team: Team, at: datetime, told: str = "") -> OnDuty:
    """Who is on duty now, until when today, and who comes then; outside hours who is next and from when.

    `told` is what `told_rota` gave, when it was read along with something else.
    """
    rota = _rota(team, at, told)
    duty = rota.at(at)
    worker = rota.people[duty.worker_id]
    if duty.reads_at > at:
        return OnDuty(worker, duty.reads_at)
    today = working_time.london_day(at)
    closing = working_time.london(today, team.closes)
    changes = {working_time.london(today, clock) for turn in rota.turns for clock in (turn.starts, turn.ends)}
    for moment in sorted(each for each in changes if at < each < closing):
        after = rota.at(moment)
        if after.worker_id != duty.worker_id:
            return OnDuty(worker, duty.reads_at, moment, rota.people[after.worker_id])
    return OnDuty(worker, duty.reads_at, closing)


def cover_on(user: User, at: datetime) -> User | None:
    """Who covers for somebody on that day, following covers who are away too; None when nobody is named."""
    day = working_time.london_day(at)
    leave = list(Leave.objects.filter(starts_on__lte=day, ends_on__gte=day))
    cover_ids = {row.cover_id for row in leave if row.cover_id is not None}
    active = set(User.objects.filter(pk__in=cover_ids, is_active=True).values_list("pk", flat=True))
    away = [
        duty_rules.Leave(worker_id=row.user_id, first=row.starts_on, last=row.ends_on, cover_id=row.cover_id)
        for row in leave
    ]
    found = duty_rules.stand_in(user.pk, day, leave=away, cover={}, active=active)
    return User.objects.get(pk=found) if found is not None and found != user.pk else None
