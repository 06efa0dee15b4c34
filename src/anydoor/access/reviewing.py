"""Access reviews: every three months somebody says of each role of a colleague that it is still right."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Collection
from datetime import date, datetime

from django.db.models import DateField, ExpressionWrapper, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from anydoor.access import audit, wall
from anydoor.access.models import AccessReview, Membership, User
from anydoor.access.policy import Facts, check, may
from anydoor.access.roles import GIVES, SEES_ORGANISATION_ACCESS, SEES_TEAM_ACCESS, Role
from anydoor.access.standing import Standing, standing_of
from anydoor.rules.errors import NotFound, WrongMoment
from anydoor.rules.working_time import london_day

MONTHS = 3
FIRST_DAYS = 91  # a role that nobody looked at yet is due so many days after it began


def due_after(day: date) -> date:
    """The same day three months on, or the last of that month."""
    month = day.month + MONTHS
    year, month = day.year + (month - 1) // 12, (month - 1) % 12 + 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def in_reach(who: Standing, on: str = "team") -> Q:
    """The rows whose team's access somebody sees: teams they lead or manage, organisations they look after.

    `on` is the lookup of the team, seen from the rows; empty for teams themselves.
    """
    teams = {team for team in who.roles if who.has(*SEES_TEAM_ACCESS, team_id=team)}
    organisations = who.organisations_as(*SEES_ORGANISATION_ACCESS)
    place = f"{on}__" if on else ""
    return Q(**{f"{place}pk__in": teams}) | Q(**{f"{place}organisation__in": organisations})


def sign_ins_to_end(who: Standing, user_ids: Collection[int], on: date) -> set[int]:
    """Of these people, those whose sign-ins may be seen and ended by somebody.

    A sign-in is to everything they do: whoever looks after them in one of several organisations does not end
    what they do for the others.
    """
    rows = Membership.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), user_id__in=user_ids)
    elsewhere = {
        row.user_id
        for row in rows.select_related("team")
        if not may(who, "end_sessions", Facts(team_id=row.team_id, organisation_id=row.team.organisation_id))
    }
    return set(user_ids) - elsewhere


def accounts_to_close(who: Standing, user_ids: Collection[int], on: date) -> set[int]:
    """Of these people, those whose account may be closed by somebody.

    A closed account opens nowhere and ends every role. So they may do it in every team in which the person
    has a role, now or to come, and what no lead gives (an administrator's, governance) they may end as well.
    """
    rows = Membership.objects.filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on), user_id__in=user_ids)
    return set(user_ids) - {row.user_id for row in rows.select_related("team") if not _closes_with(who, row)}


def _closes_with(who: Standing, row: Membership) -> bool:
    if not may(who, "close_account", Facts(team_id=row.team_id, organisation_id=row.team.organisation_id)):
        return False
    return (
        row.role in GIVES[Role.TEAM_LEAD] or row.user_id == who.user_id or may(who, "end_role", facts_of(row))
    )


def with_due_day(rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """Roles with `due_on`, the day by which somebody is to look at each again."""
    last = AccessReview.objects.filter(membership=OuterRef("pk")).order_by("-at", "-pk")
    first = ExpressionWrapper(F("started_on") + Value(FIRST_DAYS), output_field=DateField())
    return rows.annotate(due_on=Coalesce(Subquery(last.values("next_due_on")[:1]), first))


def how_many_due(who: Standing, on: date) -> int:
    """How many colleagues have a role that somebody in this standing is to look at by now."""
    rows = Membership.objects.current(on).filter(in_reach(who), user__is_active=True)
    due = with_due_day(rows.exclude(user_id=who.user_id)).filter(Q(due_on__lte=on))
    return due.values("user_id").distinct().count()


def confirm(*, user: User, role_ids: Collection[int], by: User, at: datetime) -> date:
    """Say that these roles of a colleague are still right; returns the day of the next review.

    `role_ids` are those that were on the page: all that `by` sees of this person today. Raises `WrongMoment`
    when they are others by now, or when `by` said so today already.
    """
    day = london_day(at)
    who = standing_of(by, day)
    with wall.working():
        rows = list(
            Membership.objects.select_for_update(of=("self",))
            .filter(in_reach(who), user=user, started_on__lte=day)
            .filter(Q(ended_on__isnull=True) | Q(ended_on__gt=day))
            .select_related("team")
            .order_by("pk")
        )
        rows = [row for row in rows if may(who, "review_access", facts_of(row))]
        if not rows:
            if user.pk == by.pk:
                check(who, "review_access", Facts(holder_id=user.pk))
            raise NotFound("There is no such page, or it is not yours to see.")
        if {row.pk for row in rows} != set(role_ids):
            raise WrongMoment(f"The roles of {user.name} changed meanwhile. Look at them again.")
        if _said_today(rows, by, day):
            raise WrongMoment(f"You confirmed {user.name} today already. Nothing was added.")
        due = due_after(day)
        AccessReview.objects.bulk_create(
            AccessReview(membership=row, user=user, verdict="right", by=by, at=at, next_due_on=due)
            for row in rows
        )
        audit.record(
            action="access_confirmed",
            subject="account",
            subject_id=user.pk,
            by=by,
            at=at,
            organisation_id=rows[0].team.organisation_id,
            purpose="service_management",
            why=", ".join(f"{row.role} in {row.team.name}" for row in rows),
        )
    return due


def _said_today(rows: Collection[Membership], by: User, day: date) -> bool:
    said = AccessReview.objects.filter(membership__in=rows, by=by, verdict="right").order_by("-at")
    today = {one.membership_id for one in said[: 4 * len(rows)] if london_day(one.at) == day}
    return today >= {row.pk for row in rows}


def facts_of(row: Membership) -> Facts:
    """What the policy asks of one role of somebody. `row` has its team."""
    return Facts(
        team_id=row.team_id,
        organisation_id=row.team.organisation_id,
        holder_id=row.user_id,
        role=row.role,
    )
