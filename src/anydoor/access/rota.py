"""Changing a front door's rota: turns come and go, the named fall-back is only ever replaced."""

from __future__ import annotations

from datetime import datetime, time

from django.db import IntegrityError

from anydoor.access import audit, wall
from anydoor.access.models import DutyTurn, Membership, Team, User
from anydoor.rules.errors import BadInput, WrongMoment

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def _works_in(user: User, team: Team, at: datetime) -> bool:
    rows = Membership.objects.current(at.date()).working_with_families()
    return rows.filter(user=user, team=team).exists()


def add_turn(
    *, team: Team, user: User, weekday: int, starts: time, ends: time, by: User, at: datetime
) -> DutyTurn:
    """Put somebody on duty every week. Monday is 0; hours are London wall clock.

    Raises `BadInput` pinned to its field, `WrongMoment` when the very turn is there already.
    """
    if team.kind != "front_door":
        raise BadInput("Only a front door has a rota.", field="user")
    if not 0 <= weekday <= 6:
        raise BadInput("Choose a day of the week.", field="weekday")
    if ends <= starts:
        raise BadInput("It ends before it starts.", field="ends")
    if not _works_in(user, team, at):
        raise BadInput(f"{user.name} does not work with families in {team.name} now.", field="user")
    try:
        with wall.working():
            order = team.duty_turns.filter(weekday=weekday, starts=starts).count()
            turn = DutyTurn.objects.create(
                team=team, user=user, weekday=weekday, starts=starts, ends=ends, order=order
            )
            audit.record(action="duty_turn_added", subject="team", subject_id=team.pk, by=by, at=at)
    except IntegrityError as clash:
        raise WrongMoment(f"{user.name} is on duty then already. Nothing was changed.") from clash
    return turn


def remove_turn(*, turn: DutyTurn, by: User, at: datetime) -> None:
    """Take a turn off the rota. With none left, all that arrives goes to the named fall-back."""
    with wall.working():
        gone, _ = DutyTurn.objects.filter(pk=turn.pk).delete()
        if not gone:
            raise WrongMoment("Somebody took this turn off already. Nothing was changed.")
        audit.record(action="duty_turn_removed", subject="team", subject_id=turn.team_id, by=by, at=at)


def name_fallback(*, team: Team, user: User, by: User, at: datetime) -> Team:
    """Name who holds when nobody on the rota can. There is always one: it is replaced, never taken away."""
    if not _works_in(user, team, at):
        raise BadInput(f"{user.name} does not work with families in {team.name} now.", field="user")
    with wall.working():
        team = Team.objects.select_for_update().get(pk=team.pk)
        if team.fallback_id != user.pk:
            team.fallback = user
            team.save(update_fields=["fallback"])
            audit.record(action="fallback_named", subject="team", subject_id=team.pk, by=by, at=at)
    return team
