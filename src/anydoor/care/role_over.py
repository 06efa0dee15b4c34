"""What must happen when a role is over, whoever ended it or if its last day simply passed.

What somebody holds in that team goes to colleagues, they are on no rota of it, lead it no more, and keys that
acted for them there are ended.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q

from anydoor.access import wall
from anydoor.access.audit import Outsider
from anydoor.access.keys import end_keys
from anydoor.access.models import ApiToken, DutyTurn, Membership, Team, User
from anydoor.access.policy import Standing, works_in
from anydoor.access.roles import WORKS_WITH_FAMILIES, Role
from anydoor.care import sealing
from anydoor.care.holding import move_all
from anydoor.care.models import FamilyCare, Holding, SealName, Wait
from anydoor.care.moving import Moved
from anydoor.directory.models import Area
from anydoor.rules.errors import WrongMoment
from anydoor.rules.working_time import london_day

WORKING = [role.value for role in WORKS_WITH_FAMILIES]


def role_over(
    *,
    user: User,
    team: Team,
    by: User | Outsider,
    at: datetime,
    to: User | None = None,
    must: bool = False,
) -> list[Moved]:
    """Settle what somebody has in a team in which a role of theirs is over. Done again, it does nothing more.

    With `must` it is refused when nobody is there to take over; otherwise that stays where it is, and the
    next sweep tries again.
    """
    moved: list[Moved] = []
    with wall.working():
        current = Membership.objects.current(london_day(at)).filter(user=user, team=team)
        if not works_in(user, team, at):
            why = f"{user.name} works in {team.name} no more."
            moved = move_all(user=user, why=why, by=by, at=at, to=to, for_good=True, team=team)
            if must and Holding.objects.filter(user=user, team=team, to_at__isnull=True).exists():
                raise WrongMoment(
                    "Nobody is there to take over what they hold. Name a cover or a fall-back first."
                )
            DutyTurn.objects.filter(user=user, team=team).delete()
        if team.lead_id == user.pk and not current.filter(role=Role.TEAM_LEAD.value).exists():
            Team.objects.filter(pk=team.pk, lead=user).update(lead=None)
        if not current.exists():
            end_keys(user=user, team=team, by=by, at=at)
        if not Membership.objects.current(london_day(at)).filter(user=user).exists():
            unname_everywhere(user=user, by=by, at=at)
    return moved


def unname_everywhere(*, user: User, by: User | Outsider, at: datetime) -> None:
    """Take somebody off every sealed record they were named for, but those nobody else could open."""
    families = SealName.objects.filter(user=user, ended_at__isnull=True, seal__lifted_at__isnull=True)
    for family_id in families.order_by("pk").values_list("seal__family_id", flat=True):
        with suppress(WrongMoment):  # nobody else is named, and nobody holds it
            sealing.unname(family_id=family_id, user_id=user.pk, by=by, at=at)


def settle_all(*, by: Outsider, at: datetime, areas: Collection[int] | None = None) -> int:
    """For the sweep: settle every role whose last day passed. Returns how many things changed hands."""
    return sum(len(role_over(user=user, team=team, by=by, at=at)) for user, team in _unsettled(at, areas))


def _unsettled(at: datetime, areas: Collection[int] | None) -> list[tuple[User, Team]]:
    """Who has something left in a team in which they worked, and work no more."""
    day = london_day(at)
    of_theirs = {"user": OuterRef("user"), "team": OuterRef("team")}
    now = Membership.objects.current(day).filter(**of_theirs)
    held = Holding.objects.filter(to_at__isnull=True, **of_theirs)
    waits = Wait.objects.open().filter(**of_theirs)
    turns = DutyTurn.objects.filter(**of_theirs)
    if areas is not None:
        held = held.filter(Q(referral__area_id__in=areas) | Q(episode__area_id__in=areas))
        waits = waits.filter(area_id__in=areas)
        turns = turns.filter(team__in=Area.objects.filter(pk__in=areas).values("front_door"))
    idle = ~Exists(now.filter(role__in=WORKING)) & (Exists(held) | Exists(waits) | Exists(turns))
    leads = Q(role=Role.TEAM_LEAD.value, team__lead=F("user")) & ~Exists(
        now.filter(role=Role.TEAM_LEAD.value)
    )
    keys = ApiToken.objects.filter(ended_at__isnull=True, **of_theirs)
    anywhere = Membership.objects.current(day).filter(user=OuterRef("user"))
    named = SealName.objects.filter(
        user=OuterRef("user"), ended_at__isnull=True, seal__lifted_at__isnull=True
    )
    rows = (
        Membership.objects.filter(ended_on__lte=day, user__is_active=True)
        .filter(
            (Q(role__in=WORKING) & idle)
            | leads
            | (~Exists(now) & Exists(keys))
            | (~Exists(anywhere) & Exists(named))
        )
        .select_related("user", "team")
        .order_by("user_id", "team_id")
    )
    return list({(row.user_id, row.team_id): (row.user, row.team) for row in rows}.values())


def held_in(*, user: User, team: Team, who: Standing) -> int:
    """How many families somebody holds in a team now; a number alone, for `who` ends their role there.

    What is sealed to `who` is in it only among many others.
    """
    held = Holding.objects.filter(user=user, team=team, to_at__isnull=True).values("family")
    return sealing.countable(FamilyCare.objects.filter(pk__in=held), who=who)
