"""Who is on duty at a front door: reads rota, leave and accounts, and lets `rules.duty` decide."""

from __future__ import annotations

from datetime import datetime

from anydoor.access.models import Leave, Team, User
from anydoor.rules import duty as duty_rules


def on_duty(team: Team, at: datetime) -> tuple[User, datetime]:
    """The duty worker of a front-door team at `at`, and when what arrives now will be read.

    Outside hours it is the next duty worker. Never fails: the chain ends in the team's named fall-back.
    """
    turns = list(team.duty_turns.select_related("user"))
    leave = list(Leave.objects.filter(ends_on__gte=at.date()).select_related("cover"))
    people = {turn.user_id: turn.user for turn in turns}
    for row in leave:
        if row.cover is not None:
            people[row.cover.pk] = row.cover
    assert team.fallback_id is not None  # a constraint keeps it so for every front door
    duty = duty_rules.on_duty(
        at=at,
        rota=[
            duty_rules.Turn(
                weekday=t.weekday,
                starts=t.starts,
                ends=t.ends,
                worker_id=t.user_id,
                order=t.order,
            )
            for t in turns
        ],
        leave=[
            duty_rules.Leave(
                worker_id=row.user_id,
                starts_on=row.starts_on,
                ends_on=row.ends_on,
                cover_id=row.cover_id,
            )
            for row in leave
        ],
        active={pk for pk, person in people.items() if person.is_active},
        fallback=team.fallback_id,
        opens=team.opens,
        closes=team.closes,
    )
    worker = people.get(duty.worker_id) or User.objects.get(pk=duty.worker_id)
    return worker, duty.reads_at
