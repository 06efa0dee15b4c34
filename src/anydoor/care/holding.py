"""Moving what somebody holds: leave, a closed account, a colleague taking over, the family's own choice."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Greatest

from anydoor.access import audit, sessions, wall
from anydoor.access.audit import Outsider
from anydoor.access.duty import cover_on
from anydoor.access.keys import end_keys
from anydoor.access.models import DutyTurn, FirstLink, Leave, Membership, Team, User
from anydoor.access.policy import Standing, works_in
from anydoor.access.roles import WORKS_WITH_FAMILIES
from anydoor.care import kept_apart, sealing
from anydoor.care.models import Handover, Holding, Referral, Wait
from anydoor.care.models.record import seen_by
from anydoor.care.moving import Moved, join, move_in
from anydoor.care.record import Actor, Held, fresh_episode, fresh_referral, writing
from anydoor.directory.models import Area
from anydoor.messages import outbox
from anydoor.rules import working_time
from anydoor.rules.errors import BadInput, NotAllowed, WrongMoment


def move_holding(*, thing: Held, to: User, team: Team, why: str, by: Actor, at: datetime) -> Held:
    """Give a referral or an episode to a colleague in the same team (or its cover). No handover is needed."""
    if not why.strip():
        raise BadInput("Say why it moves.", field="why")
    if not works_in(to, team, at):
        raise BadInput(f"{to.name} does not work with families in {team.name} now.", field="to")
    kept_apart.check_not_kept(to, thing.family_id, field="to")
    with writing(thing.family_id, by=by, at=at) as pen:
        thing = fresh_referral(thing.pk) if isinstance(thing, Referral) else fresh_episode(thing.pk)
        if thing.holder is None:
            raise WrongMoment("This is closed, so nobody holds it. Nothing was changed.")
        if thing.holder_id == to.pk and thing.holder_team_id == team.pk:
            return thing
        move_in(pen, thing, to, team, why)
        return thing


def move_all(
    *,
    user: User,
    why: str,
    by: Actor,
    at: datetime,
    to: User | None = None,
    for_good: bool = False,
    team: Team | None = None,
) -> list[Moved]:
    """Everything somebody holds (in `team` alone, when one is given) goes to their cover, or a stand-in.

    For each thing the first of these who is there today: `to` or the named cover of the leave (who works in
    its team, or in its organisation), the team's lead, its fall-back, any colleague there; and where a team
    has nobody left, the area's front-door fall-back. What nobody is there to take stays where it is, but
    with `for_good` somebody who is away takes it. Each family in its own transaction: what has moved stays
    moved.
    """
    moved: list[Moved] = []
    cover = to or cover_on(user, at)
    there = Q() if team is None else Q(team=team)
    held = Holding.objects.filter(there, user=user, to_at__isnull=True)
    for row in held.select_related("team", "referral", "episode"):
        thing: Held | None = row.referral or row.episode
        found = stand_in_for(row, user, cover, at, for_good=for_good)
        if thing is None or found is None:
            continue
        receiver, new_team = found
        with wall.working():
            if not works_in(receiver, new_team, at):
                join(receiver, new_team, working_time.london_day(at))
            move_holding(thing=thing, to=receiver, team=new_team, why=why, by=by, at=at)
        moved.append(Moved(row.family_id, str(thing), receiver.name, new_team.name))
    for wait in Wait.objects.open().filter(there, user=user).select_related("team"):
        kept = kept_apart.kept_users(wait.family_id)
        Wait.objects.filter(pk=wait.pk).update(user=_stand_in(wait.team, user, cover, at, kept=kept))
    asked = Handover.objects.open().filter(to_user=user, accepted_at__isnull=True)
    (asked if team is None else asked.filter(to_team=team)).update(to_user=None)
    _list_for_leads(user, moved, why, at, team)
    return moved


def stand_in_for(
    row: Holding, user: User, cover: User | None, at: datetime, *, for_good: bool
) -> tuple[User, Team] | None:
    """Who takes over one holding, and in which team; see `move_all` for the order. None when nobody can."""
    thing = row.referral or row.episode
    assert thing is not None
    door = Area.objects.select_related("front_door__fallback").get(pk=thing.area_id).front_door
    kept = kept_apart.kept_users(row.family_id)
    for away_too in (False, True) if for_good else (False,):
        for team, first in ((row.team, cover), (door, door.fallback)):
            found = _stand_in(team, user, first, at, away_too=away_too, kept=kept)
            if found is not None:
                return found, team
    return None


def _stand_in(
    team: Team,
    user: User,
    cover: User | None,
    at: datetime,
    *,
    away_too: bool = False,
    kept: Collection[int] = (),
) -> User | None:
    """Somebody with an open account who is not away today and may hold in `team`; never `user`.

    Nor anybody in `kept`, from whom the family is kept.
    """
    day = working_time.london_day(at)
    absent = Leave.objects.none() if away_too else Leave.objects.filter(starts_on__lte=day, ends_on__gte=day)
    away = {*absent.values_list("user_id", flat=True), *kept}
    near = (
        cover is not None
        and Membership.objects.current(day)
        .filter(user=cover, team__organisation_id=team.organisation_id)
        .exists()
    )
    for person in (cover if near else None, team.lead, team.fallback):
        if person is not None and person.pk not in {user.pk, *away} and person.is_active:
            return person
    colleague = (
        Membership.objects.current(day)
        .working_with_families()
        .filter(team=team)
        .exclude(user_id__in={user.pk, *away})
        .select_related("user")
        .order_by("started_on", "pk")
        .first()
    )
    return colleague.user if colleague is not None else None


def _list_for_leads(user: User, moved: list[Moved], why: str, at: datetime, only: Team | None) -> None:
    """One message to the lead of each team of theirs: how many families moved, and where to see them."""
    told = sealing.to_tell(moved)
    if not told:
        return
    teams = Team.objects.filter(memberships__user=user, lead__isnull=False).select_related("lead").distinct()
    for team in teams if only is None else teams.filter(pk=only.pk):
        assert team.lead is not None
        outbox.to_staff(
            user=team.lead,
            subject=f"{len(told)} families moved from {user.name}",
            body=f"{why} {len(told)} families went to colleagues. The list is on the page of {team.name}.",
            template="holdings_moved",
            key=f"moved:{user.pk}:{team.pk}:{at.isoformat()}",
            at=at,
        )


def record_leave(
    *, user: User, starts_on: date, ends_on: date, cover: User | None, by: User, at: datetime
) -> Leave:
    """Days away and who covers. What they hold moves when the leave begins (the sweep sees to it), or now."""
    if ends_on < starts_on:
        raise BadInput("The last day is before the first.", field="ends_on")
    if ends_on < working_time.london_day(at):
        raise BadInput("These days are past.", field="ends_on")
    if (ends_on - starts_on).days > 366:
        raise BadInput(
            "That is more than a year. Close the account instead, or choose nearer days.", field="ends_on"
        )
    if cover is not None and (cover.pk == user.pk or not cover.is_active):
        raise BadInput("Choose a colleague with an open account as cover.", field="cover")
    if cover is None and Holding.objects.filter(user=user, to_at__isnull=True).exists():
        raise BadInput("You hold families, so name who covers.", field="cover")
    with wall.working():
        if Leave.objects.filter(user=user, starts_on__lte=ends_on, ends_on__gte=starts_on).exists():
            raise WrongMoment(f"{user.name} already has leave in these days. Nothing was changed.")
        leave = Leave.objects.create(user=user, starts_on=starts_on, ends_on=ends_on, cover=cover)
        audit.record(action="leave_recorded", subject="user", subject_id=user.pk, by=by, at=at)
    if starts_on <= working_time.london_day(at):
        start_leave(leave=leave, by=by, at=at)
    return leave


def start_leave(*, leave: Leave, by: User | Outsider, at: datetime) -> list[Moved]:
    """The leave begins: what the person holds goes to the cover. Done again, it moves nothing more."""
    until = f"{leave.ends_on.day} {leave.ends_on:%B}"
    return move_all(user=leave.user, why=f"{leave.user.name} is away until {until}.", by=by, at=at)


def close_account(*, user: User, by: User, at: datetime, to: User | None = None) -> list[Moved]:
    """Close an account: move what it holds, end its roles, duty turns, keys and sessions. One transaction.

    Refused while the account is a front door's fall-back. A family given to it at the same moment makes
    the whole closing fail (the database sees to it), with nothing changed.
    """
    if user.pk == by.pk:
        raise NotAllowed("You cannot close your own account. Ask a colleague.")
    held_team = Team.objects.filter(fallback=user).first()
    if held_team is not None:
        raise WrongMoment(f"{user.name} is the fall-back of {held_team.name}. Name another first.")
    with wall.working():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not locked.is_active:
            raise WrongMoment(f"{locked.name}'s account is already closed.")
        moved = move_all(user=locked, why=f"{locked.name} has left.", by=by, at=at, to=to, for_good=True)
        if Holding.objects.filter(user=locked, to_at__isnull=True).exists():
            raise WrongMoment(
                "Nobody is there to take over what they hold. Name a cover or a fall-back first."
            )
        DutyTurn.objects.filter(user=locked).delete()
        day = working_time.london_day(at)
        roles = Membership.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day), user=locked)
        roles.update(ended_on=Greatest(F("started_on"), Value(day)), ended_by=by)
        Team.objects.filter(lead=locked).update(lead=None)
        end_keys(user=locked, by=by, at=at)
        FirstLink.objects.filter(user=locked, used_at__isnull=True, ended_at__isnull=True).update(ended_at=at)
        sessions.end_all(user=locked, by=by, at=at)
        locked.is_active, locked.closed_at = False, at
        locked.save(update_fields=["is_active", "closed_at"])
        audit.record(action="account_closed", subject="user", subject_id=locked.pk, by=by, at=at)
    return moved


def choose_lead(*, family_id: int, lead: User, words: str, by: User, at: datetime) -> None:
    """The family chose who is shown first. They must hold something of it now."""
    with writing(family_id, by=by, at=at) as pen:
        if not Holding.objects.filter(family_id=family_id, user=lead, to_at__isnull=True).exists():
            raise BadInput("Choose somebody who holds this family now.", field="lead")
        pen.family.chosen_lead = lead
        pen.family.save(update_fields=["chosen_lead"])
        pen.note("lead_chosen", f"The family chose {lead.name} as the one to turn to first.", words)


def hold_teams(user: User, at: datetime) -> list[Team]:
    """The teams in which somebody may hold a family today."""
    rows = (
        Membership.objects.current(working_time.london_day(at))
        .filter(user=user, role__in=[role.value for role in WORKS_WITH_FAMILIES])
        .select_related("team__organisation")
    )
    return list({row.team_id: row.team for row in rows}.values())


def leave_to_start(at: datetime, areas: Collection[int] | None = None) -> list[Leave]:
    """Leave that covers today of people who still hold something, or are waited on: for the sweep."""
    day = working_time.london_day(at)
    held = Holding.objects.filter(user=OuterRef("user"), to_at__isnull=True)
    waits = Wait.objects.open().filter(user=OuterRef("user"))
    if areas is not None:
        held = held.filter(Q(referral__area_id__in=areas) | Q(episode__area_id__in=areas))
        waits = waits.filter(area_id__in=areas)
    return list(
        Leave.objects.filter(Exists(held) | Exists(waits), starts_on__lte=day, ends_on__gte=day)
        .select_related("user", "cover")
        .distinct()
    )


def moved_since(who: Standing, team_ids: Iterable[int], since: datetime) -> QuerySet[Holding]:
    """What people of these teams hold since then that somebody else held before, newest first.

    Only of families that `who` may see.

    Each row has `before`, the name of who held until that moment.
    """
    same = Q(referral=OuterRef("referral")) | Q(episode=OuterRef("episode"))
    earlier = Holding.objects.filter(same, to_at=OuterRef("from_at")).exclude(user=OuterRef("user"))
    return (
        Holding.objects.filter(
            seen_by(who), team_id__in=list(team_ids), to_at__isnull=True, from_at__gte=since
        )
        .annotate(before=Subquery(earlier.values("user__name")[:1]))
        .filter(before__isnull=False)
        .select_related("user", "team", "family__care")
        .order_by("-from_at", "-pk")
    )


def colleagues(team: Team, at: datetime, *, family_id: int | None = None) -> list[User]:
    """Who works with families in a team today, by name; with `family_id` without those it is kept from."""
    rows = Membership.objects.current(working_time.london_day(at)).working_with_families().filter(team=team)
    found = User.objects.filter(pk__in=rows.values("user_id")).order_by("name", "pk")
    return list(found if family_id is None else found.exclude(pk__in=kept_apart.kept_users(family_id)))


def holders_of(family_id: int) -> list[User]:
    """Who holds something of a family now, by name."""
    open_rows = Holding.objects.filter(family_id=family_id, to_at__isnull=True)
    return list(User.objects.filter(pk__in=open_rows.values("user_id")).order_by("name", "pk"))
