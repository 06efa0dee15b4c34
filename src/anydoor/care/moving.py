"""One thing changes hands inside a transaction that is already open: `holding` and `apart` do it so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from anydoor.access.models import Membership, Team, User
from anydoor.access.roles import Role
from anydoor.care import telling
from anydoor.care.models import Handover, Referral, Wait
from anydoor.care.pen import Held, Pen
from anydoor.rules import working_time


@dataclass(frozen=True, slots=True)
class Moved:
    """One referral or episode that changed hands, for the team lead's list."""

    family_id: int
    title: str
    to_name: str
    to_team: str


def move_in(pen: Pen, thing: Held, to: User, team: Team, why: str) -> None:
    """`move_holding` inside a transaction that is already open, without its questions."""
    assert thing.holder is not None
    before = thing.holder.name
    pen.hold(thing, to, team, why.strip()[:200])
    pen.rest_on(thing, to, team)
    for handover in Handover.objects.open().filter(
        **{"referral" if isinstance(thing, Referral) else "episode": thing}
    ):
        Handover.objects.filter(pk=handover.pk).update(from_user=to, from_team=team)
        Wait.objects.open().filter(handover=handover, kind="introduce").update(user=to, team=team)
        if handover.to_team_id is None:
            Wait.objects.open().filter(handover=handover).update(user=to, team=team)
    pen.note(
        "holder_moved",
        f"{to.name} holds now, from {before}.",
        why.strip(),
        subject=thing,
        moved_holding=True,
    )
    pen.wait(
        "moved_to_you",
        subject=thing,
        user=to,
        team=team,
        due_at=working_time.due_after_working_days(pen.at, 2),
        why=f"{before} held this until now. {why.strip()} Let the family know who you are.",
    )
    telling.new_holder(pen, thing)


def join(user: User, team: Team, day: date) -> None:
    """A cover from another team joins this one. A role that is to begin there begins now instead."""
    role = Role.PRACTITIONER if team.kind != "front_door" else Role.FRONT_DOOR
    ahead = Membership.objects.filter(user=user, team=team, role=role.value, started_on__gt=day)
    soonest = ahead.order_by("started_on").first()
    if soonest is not None:
        Membership.objects.filter(pk=soonest.pk).update(started_on=day)
    else:
        Membership.objects.create(user=user, team=team, role=role.value, started_on=day)
