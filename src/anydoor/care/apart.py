"""Nobody holds, covers or is asked by name for a family that is kept from them.

When a family is kept from a member of staff (`kept_apart`), what they had of it goes to somebody else
in the same transaction: their team's duty worker, lead, fall-back or a colleague, else the area's front door.
Who gets it, and the lead, are told that it moved and never why. `writing` asks for this after every verb, so
that it holds in whatever order things happen.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.db.models import Q

from anydoor.access.audit import CLOCK
from anydoor.access.duty import on_duty
from anydoor.access.models import Leave, Membership, MembershipQuerySet, Team, User
from anydoor.access.policy import works_in
from anydoor.care import kept_apart
from anydoor.care.models import BreakGlass, Contact, Handover, Holding, MeasureAlert, SealName, Wait
from anydoor.care.moving import join, move_in
from anydoor.care.pen import Held, Pen, fresh_episode, fresh_handover, fresh_referral
from anydoor.care.proposing import withdraw_in
from anydoor.directory.models import Area
from anydoor.messages import outbox
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import Family
from anydoor.rules import working_time
from anydoor.rules.pathway import HandoverStage

WHY = "It moved to you today."
TAKEN_BACK = "Another way is looked for."


def settle(family: Family, *, at: datetime) -> bool:
    """Take everything of a family from those it is kept from. Returns whether anything changed.

    Call it inside the family's lock. Done again, it changes nothing more.
    """
    kept = kept_apart.kept_users(family.pk)
    if not kept:
        return False
    pen = Pen(family=family, by=CLOCK, at=at)
    changed = [
        _holdings(pen, kept),
        _handovers(pen, kept),
        _waits(pen, kept),
        _names(pen, kept),
    ]
    if any(changed):
        _unsay(pen, kept)
    return any(changed)


# ---------------------------------------------------------------- who takes over


def somebody_else(team: Team, area: Area, kept: Collection[int], at: datetime) -> tuple[User, Team] | None:
    """Who takes over from somebody in `team`, and in which team; None when nobody at all is left.

    First who is there today, then who is away; first the team, then the area's front door, then anybody who
    works with families in the organisations of the two, and last in any other of the area.
    """
    door = area.front_door
    for away in (_away(at), frozenset[int]()):
        barred = {*kept, *away}
        for one in dict.fromkeys((team, door)):
            for user in _of_team(one, at):
                if user.is_active and user.pk not in barred:
                    return user, one
    for there in (Q(team__organisation__in=[team.organisation_id, door.organisation_id]), Q()):
        row = (
            _working(at)
            .filter(there)
            .exclude(user_id__in=list(kept))
            .select_related("user")
            .order_by("team_id", "started_on", "pk")
            .first()
        )
        if row is not None:
            return row.user, door
    return None


def _of_team(team: Team, at: datetime) -> Iterator[User]:
    if team.kind == "front_door":
        yield on_duty(team, at)[0]
    yield from (one for one in (team.lead, team.fallback) if one is not None)
    for row in _working(at).filter(team=team).select_related("user").order_by("started_on", "pk"):
        yield row.user


def _working(at: datetime) -> MembershipQuerySet:
    rows = Membership.objects.current(working_time.london_day(at)).working_with_families()
    return rows.filter(user__is_active=True)


def _away(at: datetime) -> frozenset[int]:
    day = working_time.london_day(at)
    rows = Leave.objects.filter(starts_on__lte=day, ends_on__gte=day)
    return frozenset(rows.values_list("user_id", flat=True))


# ---------------------------------------------------------------- what moves


def _holdings(pen: Pen, kept: Collection[int]) -> bool:
    rows = Holding.objects.filter(family=pen.family, to_at__isnull=True, user__in=kept)
    moved = False
    for row in rows.select_related("team__lead", "team__fallback", "user").order_by("pk"):
        thing: Held = (
            fresh_referral(row.referral_id) if row.referral_id else fresh_episode(row.episode_id or 0)
        )
        found = somebody_else(row.team, _area(thing.area_id), kept, pen.at)
        if found is None:
            continue
        to, team = found
        if not works_in(to, team, pen.at):
            join(to, team, working_time.london_day(pen.at))
        move_in(pen, thing, to, team, WHY)
        _tell_moved(pen, row, to, kept)
        moved = True
    return moved


def _tell_moved(pen: Pen, row: Holding, to: User, kept: Collection[int]) -> None:
    """The new holder, and the lead of the team that held: that it moved, and not why."""
    outbox.to_staff(
        user=to,
        subject="A family came to you",
        body="You hold a family from today that a colleague held until now. Sign in to meet them.",
        template="family_came",
        key=f"apart:{row.pk}:{to.pk}",
        at=pen.at,
        family=pen.family,
        area_id=pen.family.care.area_id,
    )
    lead = row.team.lead
    if lead is not None and lead.is_active and lead.pk not in {*kept, to.pk}:
        outbox.to_staff(
            user=lead,
            subject=f"{to.name} holds a family from today",
            body=(
                f"{row.user.name} held it until now and cannot hold it any more. There is nothing for you "
                f"to do. It stands in the list on the page of {row.team.name}."
            ),
            template="family_moved",
            key=f"apart:{row.pk}:lead",
            at=pen.at,
            family=pen.family,
            area_id=pen.family.care.area_id,
        )


def _handovers(pen: Pen, kept: Collection[int]) -> bool:
    """Handovers that ask one of them by name: the team is asked instead, or nobody there at all."""
    rows = Handover.objects.open().filter(family=pen.family)
    changed = False
    for pk in rows.filter(to_user__in=kept).order_by("pk").values_list("pk", flat=True):
        handover = fresh_handover(pk)
        team = handover.to_team
        others = (
            [one for one in _of_team(team, pen.at) if one.is_active and one.pk not in kept] if team else []
        )
        if not others:
            withdraw_in(pen, handover, TAKEN_BACK)
        else:
            accepted = handover.stage in {HandoverStage.ACCEPTED, HandoverStage.INTRODUCED}
            Handover.objects.filter(pk=pk).update(to_user=others[0] if accepted else None)
        changed = True
    # Nobody is left to answer where a whole team is kept from them.
    for handover in rows.filter(stage=HandoverStage.PROPOSED, to_team__isnull=False).select_related(
        "to_team"
    ):
        team = handover.to_team
        if team is not None and not any(one.pk not in kept for one in _of_team(team, pen.at)):
            withdraw_in(pen, fresh_handover(handover.pk), TAKEN_BACK)
            changed = True
    return changed


def _waits(pen: Pen, kept: Collection[int]) -> bool:
    changed = False
    rows = Wait.objects.open().filter(family=pen.family)
    for wait in rows.filter(user__in=kept).select_related(
        "team__lead", "team__fallback", "handover__to_user"
    ):
        named = wait.handover.to_user if wait.handover is not None and wait.kind == "first_contact" else None
        found = (named, wait.team) if named else somebody_else(wait.team, _area(wait.area_id), kept, pen.at)
        if found is None:
            continue
        wait.user, wait.team = found
        wait.save(update_fields=["user", "team"])
        outbox.to_staff(
            user=wait.user,
            subject=f"{wait.verb}: it waits on you now",
            body="It waited on a colleague until now. Sign in to see it on your first page.",
            template="waits_on_you",
            key=f"apart:wait:{wait.pk}:{wait.user.pk}",
            at=pen.at,
            family=pen.family,
            area_id=wait.area_id,
        )
        changed = True
    rows.filter(escalated_to__in=kept).update(escalated_to=None)
    return changed


def _names(pen: Pen, kept: Collection[int]) -> bool:
    """The other places where somebody's name stands for being asked: an alert, an appointment, a seal."""
    changed = False
    holder = Holding.objects.filter(family=pen.family, to_at__isnull=True).select_related("user").first()
    area = _area(pen.family.care.area_id)
    open_alerts = MeasureAlert.objects.open().filter(family=pen.family)
    changed |= bool(open_alerts.filter(holder__in=kept).update(holder=holder.user if holder else None))
    duty = somebody_else(area.front_door, area, kept, pen.at)
    if duty is not None:
        changed |= bool(open_alerts.filter(duty__in=kept).update(duty=duty[0]))
    if holder is not None:
        planned = Contact.objects.planned().filter(family=pen.family, by__in=kept)
        changed |= bool(planned.update(by=holder.user, by_words=holder.user.name))
    if pen.family.chosen_lead_id in kept:
        pen.family.chosen_lead = None
        pen.family.save(update_fields=["chosen_lead"])
        changed = True
    named = SealName.objects.filter(seal__family=pen.family, ended_at__isnull=True, user__in=kept)
    changed |= bool(named.update(ended_at=pen.at))
    reviews = BreakGlass.objects.to_review().filter(family=pen.family, reviewer__in=kept)
    changed |= bool(reviews.update(reviewer=None))
    return changed


def _unsay(pen: Pen, kept: Iterable[int]) -> None:
    """What was written to them about this family and has not gone out does not go out."""
    addresses = list(User.objects.filter(pk__in=kept).values_list("email", flat=True))
    OutboxMessage.objects.filter(
        family=pen.family, channel="staff", address__in=addresses, state__in=["queued", "sending"]
    ).update(state="cancelled", reason="Somebody else is asked.", leased_until=None)


def _area(area_id: int) -> Area:
    return Area.objects.select_related("front_door__lead", "front_door__fallback").get(pk=area_id)
