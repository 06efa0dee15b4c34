"""Who is on duty at a front door: reads rota, leave and accounts, and lets `rules.duty` decide."""

from __future__ import annotations

from datetime import datetime, timedelta

from anydoor.access.models import Leave, Team, User
from anydoor.rules import duty as duty_rules
from anydoor.rules import working_time

# Leave that begins later than this cannot matter to who reads what arrives now.
LOOK_AHEAD = timedelta(days=14)


def on_duty(team: Team, at: datetime) -> tuple[User, datetime]:
    """The duty worker of a front-door team at `at`, and when what arrives now will be read (UTC).

    Outside hours it is the next duty worker. Never fails: the chain ends in the team's named fall-back,
    whose account the database does not let anybody close.
    """
    assert team.fallback_id is not None  # a constraint keeps it so for every front door
    turns = list(team.duty_turns.select_related("user"))
    today = working_time.london_day(at)
    leave = list(
        Leave.objects.filter(ends_on__gte=today, starts_on__lte=today + LOOK_AHEAD).select_related("cover")
    )
    people = {turn.user_id: turn.user for turn in turns}
    people |= {row.cover.pk: row.cover for row in leave if row.cover is not None}
    active = {pk for pk, person in people.items() if person.is_active} | {team.fallback_id}
    duty = duty_rules.on_duty(
        at=at,
        rota=[
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
        active=active,
        fallback=team.fallback_id,
        opens=team.opens,
        closes=team.closes,
    )
    worker = people.get(duty.worker_id) or User.objects.get(pk=duty.worker_id)
    return worker, duty.reads_at


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
