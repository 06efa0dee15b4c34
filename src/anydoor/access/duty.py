"""Who is on duty at a front door: reads rota, leave and accounts, and lets `rules.duty` decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from anydoor.access.models import Leave, Team, User
from anydoor.rules import duty as duty_rules
from anydoor.rules import working_time

# Leave that begins later than this cannot matter to who reads what arrives now.
LOOK_AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class OnDuty:
    """Who reads now at a front door, until when, and who comes then. `reads_at` lies ahead when it is shut."""

    worker: User
    reads_at: datetime
    until: datetime | None = None
    then: User | None = None


@dataclass(frozen=True, slots=True)
class _Rota:
    """Rota, leave and accounts of one front door, read once and asked about any moment near `at`."""

    team: Team
    people: dict[int, User]
    turns: list[duty_rules.Turn]
    leave: list[duty_rules.Leave]
    active: set[int]

    def at(self, at: datetime) -> duty_rules.Duty:
        assert self.team.fallback_id is not None  # a constraint keeps it so for every front door
        return duty_rules.on_duty(
            at=at,
            rota=self.turns,
            leave=self.leave,
            active=self.active,
            fallback=self.team.fallback_id,
            opens=self.team.opens,
            closes=self.team.closes,
        )

    def user(self, pk: int) -> User:
        return self.people.get(pk) or User.objects.get(pk=pk)


def _rota(team: Team, at: datetime) -> _Rota:
    assert team.fallback_id is not None  # a constraint keeps it so for every front door
    turns = list(team.duty_turns.select_related("user"))
    today = working_time.london_day(at)
    leave = list(
        Leave.objects.filter(ends_on__gte=today, starts_on__lte=today + LOOK_AHEAD).select_related("cover")
    )
    people = {turn.user_id: turn.user for turn in turns}
    people |= {row.cover.pk: row.cover for row in leave if row.cover is not None}
    return _Rota(
        team=team,
        people=people,
        turns=[
            duty_rules.Turn(
                weekday=turn.weekday,
                starts=turn.starts,
                ends=turn.ends,
                worker_id=turn.user_id,
                order=turn.order,
            )
            for turn in turns
        ],
        leave=[
            duty_rules.Leave(
                worker_id=row.user_id, first=row.starts_on, last=row.ends_on, cover_id=row.cover_id
            )
            for row in leave
        ],
        active={pk for pk, person in people.items() if person.is_active} | {team.fallback_id},
    )


def on_duty(team: Team, at: datetime) -> tuple[User, datetime]:
    """The duty worker of a front-door team at `at`, and when what arrives now will be read (UTC).

    Outside hours it is the next duty worker. Never fails: the chain ends in the team's named fall-back,
    whose account the database does not let anybody close.
    """
    rota = _rota(team, at)
    duty = rota.at(at)
    return rota.user(duty.worker_id), duty.reads_at


def duty_line(team: Team, at: datetime) -> OnDuty:
    """Who is on duty now, until when today, and who comes then; outside hours who is next and from when."""
    rota = _rota(team, at)
    duty = rota.at(at)
    worker = rota.user(duty.worker_id)
    if duty.reads_at > at:
        return OnDuty(worker, duty.reads_at)
    today = working_time.london_day(at)
    closing = working_time.london(today, team.closes)
    changes = {working_time.london(today, clock) for turn in rota.turns for clock in (turn.starts, turn.ends)}
    for moment in sorted(each for each in changes if at < each < closing):
        after = rota.at(moment)
        if after.worker_id != duty.worker_id:
            return OnDuty(worker, duty.reads_at, moment, rota.user(after.worker_id))
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
