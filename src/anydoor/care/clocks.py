"""The clocks of a referral that more than one verb sets."""

from __future__ import annotations

from anydoor.care.models import Referral, Wait
from anydoor.care.record import Pen
from anydoor.rules import working_time


def wait_to_decide(pen: Pen, referral: Referral) -> None:
    """The clock of triage: decide, and speak with the family, within the area's limit."""
    assert referral.holder is not None
    assert referral.holder_team is not None
    if Wait.objects.open().filter(referral=referral, kind="decide").exists():
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
