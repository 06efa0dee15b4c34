"""The clocks of a referral that more than one verb sets."""

from __future__ import annotations

from anydoor.access.models import Team, User
from anydoor.care.models import Referral
from anydoor.care.pen import Pen
from anydoor.rules import working_time


def wait_to_decide(pen: Pen, referral: Referral) -> None:
    """The clock of triage: decide, and speak with the family, within the area's limit."""
    assert referral.holder is not None
    assert referral.holder_team is not None
    if pen.waits("decide", referral):
        return
    due = working_time.due_after_working_days(pen.at, referral.area.triage_days, referral.front_door.closes)
    pen.wait(
        "decide",
        subject=referral,
        user=referral.holder,
        team=referral.holder_team,
        due_at=max(due, referral.contact_by) if pen.at <= referral.contact_by else due,
        why="Speak with them, then decide what could help, with reasons.",
    )


def wait_on_danger(pen: Pen, referral: Referral, worker: User, team: Team) -> None:
    """The clock of words of danger: minutes, in opening hours. One at a time on a request."""
    area, door = referral.area, referral.front_door
    if pen.waits("danger", referral):
        return
    pen.wait(
        "danger",
        subject=referral,
        user=worker,
        team=team,
        due_at=working_time.add_working_minutes(pen.at, area.danger_minutes, door.opens, door.closes),
        why="Words in this request may mean danger. Speak with them first, then say what you did.",
        urgent=True,
    )
