"""The sweep: reads what waits and is overdue, and nudges the actor, then the coordinator.

It is a sweep over state, not a queue of alarms: a lost job or a day's outage delays a nudge and never
loses it. Running it twice at once, or again, changes nothing more.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from anydoor.access import wall
from anydoor.access.audit import CLOCK
from anydoor.access.models import PersonalSight, User
from anydoor.care import standing
from anydoor.care.break_glass import remind
from anydoor.care.consenting import run_out
from anydoor.care.coordination import coordinator_of
from anydoor.care.holding import leave_to_start, start_leave
from anydoor.care.models import Contact, Draft, FamilyCare, Happening, Referral, Sight, Wait
from anydoor.care.record import writing
from anydoor.care.role_over import settle_all
from anydoor.directory.models import Area
from anydoor.messages import outbox
from anydoor.people.models import Family
from anydoor.rules import working_time

AFTER_NUDGE_DAYS = 1  # working days between asking the actor and asking the coordinator
DRAFT_DAYS = 30
BATCH = 500


@dataclass(frozen=True, slots=True)
class Swept:
    """How much a sweep did."""

    nudged: int = 0
    escalated: int = 0
    asked_what_happened: int = 0
    leave_started: int = 0
    roles_over: int = 0  # things that changed hands because somebody's role had ended
    pauses_ended: int = 0
    drafts_removed: int = 0
    ran_out: int = 0  # families whose agreements or sights ran out
    reviews_late: int = 0


def run(*, at: datetime, areas: Collection[int] | None = None) -> Swept:
    """One sweep over what waits, everywhere or in `areas` (ids). Idempotent; safe beside another."""
    here = Q() if areas is None else Q(area_id__in=areas)
    contacts_here = Q() if areas is None else Q(episode__area_id__in=areas) | Q(referral__area_id__in=areas)
    return Swept(
        nudged=_nudge(at, here),
        escalated=_escalate(at, here),
        asked_what_happened=_ask_what_happened(at, contacts_here),
        leave_started=sum(
            len(start_leave(leave=leave, by=CLOCK, at=at)) for leave in leave_to_start(at, areas)
        ),
        roles_over=settle_all(by=CLOCK, at=at, areas=areas),
        pauses_ended=_end_pauses(at, here),
        ran_out=run_out(at=at, areas=areas),
        reviews_late=remind(at=at),
        drafts_removed=Draft.objects.filter(changed_at__lt=at - timedelta(days=DRAFT_DAYS)).delete()[0],
    )


def _nudge(at: datetime, here: Q) -> int:
    """First step: the actor is told that the time is up. Danger skips this and goes to a second person."""
    count = 0
    stuck: set[int] = set()
    ids = Wait.objects.overdue(at).filter(here, nudged_at__isnull=True).values_list("pk", flat=True)[:BATCH]
    for pk in list(ids):
        with wall.working():
            wait = (
                Wait.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("user", "team__lead", "area__front_door__fallback")
                .filter(pk=pk, done_at__isnull=True, nudged_at__isnull=True)
                .first()
            )
            if wait is None:
                continue
            wait.nudged_at = at
            wait.save(update_fields=["nudged_at"])
            actor = wait.user or wait.team.lead
            if actor is not None and actor.is_active:
                _tell(wait, actor, "nudge", f"{wait.verb}: the time is up", at)
            # From now on the area's coordinator may step in, so must see what it is about.
            stuck.add(wait.family_id)
            Happening.objects.create(
                family_id=wait.family_id,
                referral_id=wait.referral_id,
                handover_id=wait.handover_id,
                episode_id=wait.episode_id,
                kind="nudged",
                headline=f"{wait.verb}: past its time. {actor.name if actor else wait.team.name} was asked.",
                by_words=CLOCK.name,
                at=at,
            )
            count += 1
    _let_coordinators_see(stuck, at)
    return count


def _let_coordinators_see(families: Collection[int], at: datetime) -> None:
    """What is stuck is in the sight of the area's front door, whose coordinator steps in."""
    seen = Sight.objects.filter(family=OuterRef("family"), team=OuterRef("area__front_door"), level="full")
    blind = FamilyCare.objects.filter(family__in=families, sealed=False).exclude(Exists(seen))
    for family_id in list(blind.values_list("pk", flat=True)):
        with writing(family_id, by=CLOCK, at=at):
            pass  # the standing is worked out anew when it ends


def _escalate(at: datetime, here: Q) -> int:
    """Second step: the area's coordinator; danger at once, the rest a working day after the nudge."""
    count = 0
    rows = Wait.objects.open().filter(here, nudged_at__isnull=False, escalated_at__isnull=True)
    for pk, urgent, nudged_at in list(rows.values_list("pk", "urgent", "nudged_at")[:BATCH]):
        if not urgent and (
            nudged_at is None or working_time.due_after_working_days(nudged_at, AFTER_NUDGE_DAYS) > at
        ):
            continue
        with wall.working():
            wait = (
                Wait.objects.select_for_update(of=("self",), skip_locked=True)
                .select_related("area__front_door__fallback")
                .filter(pk=pk, done_at__isnull=True, escalated_at__isnull=True)
                .first()
            )
            if wait is None:
                continue
            coordinator = coordinator_of(wait.area, at)
            if coordinator.pk == wait.user_id and wait.area.front_door.fallback is not None:
                coordinator = wait.area.front_door.fallback
            wait.escalated_at, wait.escalated_to = at, coordinator
            wait.save(update_fields=["escalated_at", "escalated_to"])
            count += 1
            if _climbed_already(wait):
                continue
            stuck = f"Stuck: {wait.verb.lower()}"
            _tell(wait, coordinator, "escalation", stuck, at, closed=_closed_to(coordinator, wait))
            for named in _others_named(wait, coordinator):
                _tell(wait, named, f"escalation:{named.pk}", stuck, at)
            Happening.objects.create(
                family_id=wait.family_id,
                referral_id=wait.referral_id,
                handover_id=wait.handover_id,
                episode_id=wait.episode_id,
                kind="escalated",
                headline=f"{wait.verb}: still waiting. {coordinator.name} was asked to step in.",
                by_words=CLOCK.name,
                at=at,
            )
    return count


def _climbed_already(wait: Wait) -> bool:
    """Whether the coordinator was asked about the same answer: holder and duty worker have a clock each."""
    others = Wait.objects.filter(alert_id=wait.alert_id, escalated_to=wait.escalated_to).exclude(pk=wait.pk)
    return wait.alert_id is not None and others.exists()


def _closed_to(user: User, wait: Wait) -> str:
    """Of a sealed record, for who may not open it: who has it, and what to do if they are not reached.

    Otherwise words of danger would climb to a page that is not there. Nothing of the family is told.
    """
    if not FamilyCare.objects.filter(family=wait.family_id, sealed=True).exists():
        return ""
    if PersonalSight.objects.filter(user=user, family_id=wait.family_id, level="full").exists():
        return ""
    if wait.user_id == user.pk:
        return ""
    holds = wait.user.name if wait.user is not None else wait.team.name
    newest = Referral.objects.filter(family_id=wait.family_id).order_by("-pk").first()
    emergency = f" If you cannot, open {newest.reference} in an emergency." if wait.urgent and newest else ""
    return f" The record is closed to you: reach {holds} now.{emergency}"


def _others_named(wait: Wait, told: User) -> list[User]:
    """Whoever else may open a sealed record, when words of danger wait in it."""
    if not wait.urgent:
        return []
    named = PersonalSight.objects.filter(family_id=wait.family_id, why="named", user__is_active=True)
    others = named.exclude(user__in=[one for one in (wait.user_id, told.pk) if one])
    return [one.user for one in others.select_related("user").order_by("user")]


def _tell(wait: Wait, user: User, step: str, subject: str, at: datetime, closed: str = "") -> None:
    due = working_time.moment_in_words(wait.due_at)
    outbox.to_staff(
        user=user,
        subject=subject,
        body=f"{subject}. It was due {due}.{closed or ' Sign in to see it.'}",
        template=step.partition(":")[0],
        key=f"wait:{wait.pk}:{step}:{wait.due_at.isoformat()}",  # a new time may be nudged about anew
        at=at,
        family=wait.family,
        area_id=wait.area_id,
    )


def _ask_what_happened(at: datetime, here: Q) -> int:
    """A planned contact an hour past with no outcome waits on whoever planned it."""
    count = 0
    late = (
        Contact.objects.planned()
        .filter(happens_at__lt=at - timedelta(hours=1))
        .filter(here)
        .exclude(waits__kind="say_what_happened", waits__done_at__isnull=True)
        .values_list("pk", "family_id")
    )
    for pk, family_id in list(late[:BATCH]):
        with writing(family_id, by=CLOCK, at=at) as pen:
            contact = Contact.objects.select_related("by", "team", "referral", "episode").get(pk=pk)
            open_already = Wait.objects.open().filter(contact=contact).exists()
            thing = contact.episode or contact.referral
            if contact.outcome != "planned" or open_already or thing is None or thing.holder is None:
                continue
            pen.wait(
                "say_what_happened",
                subject=contact,
                user=thing.holder,
                team=thing.holder_team or thing.area.front_door,
                area=Area.objects.get(pk=thing.area_id),
                due_at=working_time.due_after_working_days(at, 1),
                why=(
                    f"{contact.get_mode_display()} was planned for "
                    f"{working_time.moment_in_words(contact.happens_at)}. Nothing is recorded."
                ),
            )
            count += 1
    return count


def _end_pauses(at: datetime, here: Q) -> int:
    """The day has come that a family asked us to wait for: the clock runs again."""
    today = working_time.london_day(at)
    count = 0
    for referral in Referral.objects.open().filter(here, paused_until__lte=today):
        with writing(referral.family_id, by=CLOCK, at=at) as pen:
            Referral.objects.filter(pk=referral.pk).update(paused_until=None)
            pen.note("pause_ended", "The pause the family asked for is over.", subject=referral)
            count += 1
    return count


def recheck(*, at: datetime, limit: int | None = None) -> list[str]:
    """Compare every family's stored standing with its rows at that moment; the faults found, in words."""
    rows = Family.objects.filter(care__isnull=False).order_by("pk")
    faults: list[str] = []
    for family in rows[:limit] if limit else rows.iterator():
        faults += standing.compare(family, at=at)
    return faults
