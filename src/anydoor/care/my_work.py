"""Everything the first page after signing in shows: what waits on somebody, whom they hold, what is stuck.

One report in about ten small queries, none of which grows with the county: each is bounded and led by an
index on the person, their teams or the open waits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import BooleanField, Count, ExpressionWrapper, F, Prefetch, Q

from anydoor.access import wall
from anydoor.access.models import Leave
from anydoor.access.policy import Facts, Standing, may
from anydoor.care.models import Contact, FamilyCare, Handover, Holding, Meeting, Wait
from anydoor.care.models.record import seen_by
from anydoor.care.picture import child_of
from anydoor.care.withheld import name_for
from anydoor.directory.models import Area
from anydoor.people.models import FamilyMember
from anydoor.rules import working_time
from anydoor.rules.stage import Child, Stage, stage

MOST_WAITS = 10
MOST_FAMILIES = 6
MOST_STUCK = 5
MOST_STUCK_COUNTED = 20
GOING_WELL_DAYS = 30


@dataclass(frozen=True, slots=True)
class Held:
    """One family somebody holds: its row, its stage, and the request or episode a contact is recorded on."""

    care: FamilyCare
    stage: Stage
    kind: str  # referral | episode
    thing_id: int


@dataclass(frozen=True, slots=True)
class MyWork:
    """What somebody sees after signing in. Counts are of everything; lists are the first few."""

    waits: Sequence[Wait]
    wait_count: int
    families: Sequence[Held]
    family_count: int
    stuck: Sequence[Wait]
    stuck_count: int
    today: Sequence[Contact]
    meetings: Sequence[Meeting]  # each with `on_it`, the handovers on its agenda
    going_well: Sequence[Handover]
    leave: Leave | None


def my_work(who: Standing, *, at: datetime, all_waits: bool = False) -> MyWork:
    """Read it. With `all_waits` up to 200 waiting things come instead of the first few.

    Who is in no team that works with families any more sees nothing, whatever still has their name on it.
    """
    if not who.family_team_ids:
        return MyWork([], 0, [], 0, [], 0, [], [], [], _leave_of(who, at))
    first = waits_on(who, most=200 if all_waits else MOST_WAITS + 1)
    if not all_waits and len(first) > MOST_WAITS:
        first, wait_count = first[:MOST_WAITS], Wait.objects.on(who).filter(seen_by(who)).count()
    else:
        wait_count = len(first) if len(first) < 200 else Wait.objects.on(who).filter(seen_by(who)).count()
    stuck = _stuck_keys(who, most=MOST_STUCK_COUNTED + 1)
    things = _things_of(who)
    found = MyWork(
        waits=first,
        wait_count=wait_count,
        families=_families(who, things, working_time.london_day(at)),
        family_count=len(things),
        stuck=_stuck_rows(who, stuck[:MOST_STUCK]),
        stuck_count=len(stuck),
        today=_contacts_today(who, things, at),
        meetings=_meetings_today(who, at),
        going_well=_going_well(who, at),
        leave=_leave_of(who, at),
    )
    rows: list[Wait | Contact] = [*found.waits, *found.stuck, *found.today]
    name_for(who, [*(row.family.care for row in rows), *(one.care for one in found.families)])
    return found


@wall.behind("two numbers, of a session that sees no family now")
def waiting_meanwhile(who: Standing) -> tuple[int, int] | None:
    """How many things wait on somebody whose session is for something else now, and how many of them are
    urgent: two numbers, so that nobody forgets them, and nothing of any family. None for whoever works for
    families now, or never does."""
    seer = who.for_care()
    if who.in_care or not seer.family_team_ids:
        return None
    mine = Wait.objects.on(seer).filter(seen_by(seer))
    found = mine.aggregate(all=Count("pk"), urgent=Count("pk", filter=Q(urgent=True)))
    return found["all"], found["urgent"]


def _leave_of(who: Standing, at: datetime) -> Leave | None:
    return (
        Leave.objects.filter(user_id=who.user_id, ends_on__gte=working_time.london_day(at))
        .select_related("cover")
        .order_by("starts_on")
        .first()
    )


def _in_full(who: Standing) -> ExpressionWrapper[Q]:
    """Whether a row's family is seen in full: a team that is only asked reads a first name."""
    return ExpressionWrapper(seen_by(who, "full"), output_field=BooleanField())


def waits_on(who: Standing, *, most: int) -> list[Wait]:
    """What waits on somebody: danger first, then the least time left. Each has `in_full`."""
    # Chosen by key first: what a line shows is then read of a few, not of everything that waits.
    order = ("-urgent", "due_at", "id")
    keys = Wait.objects.on(who).filter(seen_by(who)).order_by(*order).values("pk")[:most]
    return list(
        Wait.objects.filter(pk__in=keys)
        .annotate(in_full=_in_full(who))
        .select_related("referral", "handover", "contact", "family__care")
        .defer("handover__shared")
        .order_by(*order)
    )


def coordinated(who: Standing) -> frozenset[int]:
    """The front doors whose stuck things somebody steps in for: their coordinator or lead."""
    return frozenset(team for team in who.front_doors if may(who, "second_look", Facts(area_team_id=team)))


def stuck_for(who: Standing, *, most: int, skip: int = 0) -> list[Wait]:
    """What is past its time and was asked about: somebody's own, what they handed over, and their area's.

    Danger first, then the longest past its time.
    """
    return _stuck_rows(who, _stuck_keys(who, most=most, skip=skip))


def _stuck_keys(who: Standing, *, most: int, skip: int = 0) -> list[int]:
    # Each kind is led by its own index: one OR over all of them reads every stuck thing of the county.
    stuck = Wait.objects.stuck().filter(seen_by(who)).order_by()
    kinds = [
        stuck.filter(user_id=who.user_id),
        stuck.filter(user__isnull=True, team_id__in=who.family_team_ids),
        stuck.filter(handover__from_user_id=who.user_id),
    ]
    doors = coordinated(who)
    if doors:
        areas = list(Area.objects.filter(front_door_id__in=doors).values_list("pk", flat=True))
        kinds.append(stuck.filter(area_id__in=areas))
    columns = ("pk", "urgent", "due_at")
    first, *others = (rows.values_list(*columns) for rows in kinds)
    found = first.union(*others).order_by("-urgent", "due_at", "pk")[skip : skip + most]
    return [row[0] for row in found]


def _stuck_rows(who: Standing, keys: Sequence[int]) -> list[Wait]:
    return list(
        Wait.objects.filter(pk__in=keys)
        .annotate(in_full=_in_full(who))
        .select_related(
            "referral", "handover__service", "family__care", "user", "team", "escalated_to", "area"
        )
        .defer("handover__shared")
        .order_by("-urgent", "due_at", "pk")
    )


def _things_of(who: Standing) -> dict[int, tuple[str, int]]:
    """Every family somebody holds something of, with what: the newest episode, else the first request."""
    things: dict[int, tuple[str, int]] = {}
    for family_id, episode_id, referral_id in (
        Holding.objects.filter(user_id=who.user_id, to_at__isnull=True)
        .order_by(F("episode_id").desc(nulls_last=True), "pk")
        .values_list("family_id", "episode_id", "referral_id")
    ):
        things.setdefault(
            family_id, ("episode", episode_id) if episode_id else ("referral", referral_id or 0)
        )
    return things


def _families(who: Standing, things: Mapping[int, tuple[str, int]], on: date) -> list[Held]:
    """The first of somebody's families, next contact first, each with its stage: two queries."""
    keys = FamilyCare.objects.held_by(who.user_id).for_user(who).in_order().values("pk")[:MOST_FAMILIES]
    cares = list(FamilyCare.objects.filter(pk__in=keys).in_order().select_related("family"))
    children: dict[int, list[Child]] = {}
    for member in FamilyMember.objects.filter(
        family_id__in=[care.pk for care in cares], left_at__isnull=True, role__in=["baby", "child"]
    ).select_related("person"):
        children.setdefault(member.family_id, []).append(child_of(member.person))
    return [
        Held(
            care=care,
            stage=stage(
                children.get(care.pk, []),
                on=on,
                trying=care.family.trying_to_conceive,
                assisted=care.family.assisted_conception,
            ),
            kind=things[care.pk][0],
            thing_id=things[care.pk][1],
        )
        for care in cares
    ]


def _day_of(at: datetime) -> tuple[datetime, datetime]:
    day = working_time.london_day(at)
    return working_time.london(day, time(0)), working_time.london(day + timedelta(days=1), time(0))


def _contacts_today(who: Standing, families: Collection[int], at: datetime) -> list[Contact]:
    begin, end = _day_of(at)
    held = Q(referral__holder_id=who.user_id) | Q(episode__holder_id=who.user_id)
    # Naming the families spares looking up who holds each thing of everybody's day.
    mine = Q(by_id=who.user_id) | (Q(family_id__in=list(families)) & held)
    return list(
        Contact.objects.planned()
        .filter(mine, seen_by(who), happens_at__gte=begin, happens_at__lt=end)
        .select_related("person", "family__care")
        .order_by("happens_at", "pk")
    )


def _meetings_today(who: Standing, at: datetime) -> list[Meeting]:
    if not who.front_doors:
        return []
    begin, end = _day_of(at)
    meetings = list(
        Meeting.objects.filter(
            area__front_door_id__in=who.front_doors, starts_at__gte=begin, starts_at__lt=end
        ).prefetch_related(Prefetch("handovers", Handover.objects.filter(seen_by(who))))
    )
    for meeting in meetings:
        meeting.on_it = len([row for row in meeting.handovers.all() if row.stage == "at_meeting"])  # type: ignore[attr-defined]  # for the page
    return meetings


def _going_well(who: Standing, at: datetime) -> list[Handover]:
    return list(
        Handover.objects.filter(
            seen_by(who),
            from_user_id=who.user_id,
            stage="completed",
            completed_at__gte=at - timedelta(days=GOING_WELL_DAYS),
        )
        .select_related("person", "service", "to_user", "family__care")
        .defer("shared")
        .order_by("-completed_at", "-pk")[:3]
    )
