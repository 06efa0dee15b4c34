"""Opening a record in an emergency, without any other way to it: for an hour, seen by all, looked at after.

Somebody who must act now, and whom nothing ties to a family, says why and proves once more who they are (the
page sees to that). The record then opens for an hour. Its lead holder, whoever else holds it and the
information governance lead hear of it at once; every look is marked; and somebody else has to say, within
two working days, whether it was right. One's own record, and that of somebody near, stays closed even then.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from anydoor.access import audit, wall
from anydoor.access.audit import CLOCK
from anydoor.access.models import AuditEntry, Membership, PersonalSight, User
from anydoor.access.policy import Standing, check, standing_of
from anydoor.access.roles import Role
from anydoor.care.kept_apart import kept_users
from anydoor.care.models import BreakGlass, FamilyCare, Holding, Referral
from anydoor.care.models.sealing import (
    GLASS_KINDS,
    GLASS_MINUTES,
    GLASS_REASON,
    OUTCOMES_OF_REVIEW,
    REVIEW_DAYS,
    BreakGlassQuerySet,
)
from anydoor.care.record import writing
from anydoor.messages import outbox
from anydoor.people.models import FamilyMember, Person
from anydoor.rules import identifiers, reference, working_time
from anydoor.rules.errors import BadInput, NotFound, WrongMoment

TOLD_DAYS = 14  # how long the first page of who holds a family tells of an emergency
NOBODY = "We found nobody with exactly these details. Check them, or ring the front door."


@wall.behind("an emergency finds somebody whom no team of theirs sees")
def family_named(
    who: Standing, *, nhs_number: str = "", name: str = "", born_on: date | None = None, code: str = ""
) -> int:
    """The one family somebody means: by NHS number, by whole name and birth date, or by a reference.

    Nothing less will do, so that nobody can fish for names. Raises `BadInput` pinned to its field, and
    `NotFound` when there is none, when there are several, or when it is kept from whoever asks.
    """
    if nhs_number.strip():
        try:
            people = Person.objects.filter(nhs_number=identifiers.nhs_number(nhs_number))
        except BadInput as fault:
            raise BadInput(fault.message, field="nhs_number") from None
    elif code.strip():
        return _by_reference(who, code)
    elif name.strip() and born_on is not None:
        wanted = set(identifiers.name_keys(name))
        near = Person.objects.filter(born_on=born_on, name_keys__key__in=wanted).distinct()
        same = [one.pk for one in near if wanted <= set(identifiers.name_keys(f"{one.name} {one.known_as}"))]
        people = Person.objects.filter(pk__in=same if len(wanted) > 1 else [])
    else:
        raise BadInput(
            "Give an NHS number, or a whole name with the birth date, or a reference.", field="nhs_number"
        )
    rows = FamilyMember.objects.filter(person__in=people, left_at__isnull=True)
    found = [
        family
        for family in rows.order_by("-joined_at", "-pk").values_list("family_id", flat=True)
        if family not in who.kept_from
    ]
    if not found or people.count() > 1:
        raise NotFound(NOBODY)
    return found[0]


def _by_reference(who: Standing, code: str) -> int:
    try:
        text = reference.read(code)
    except BadInput as fault:
        raise BadInput(fault.message, field="code") from None
    row = Referral.objects.filter(reference=text).values_list("family_id", flat=True).first()
    if row is None or row in who.kept_from:
        raise NotFound(NOBODY)
    return row


def break_glass(*, family_id: int, kind: str, reason: str, by: User, at: datetime) -> BreakGlass:
    """Open a record for an hour. Whoever holds it and the governance lead hear of it in the same moment."""
    if kind not in GLASS_KINDS:
        raise BadInput("Choose what the emergency is.", field="kind")
    if len(reason.strip()) < GLASS_REASON:
        raise BadInput(f"Say why in at least {GLASS_REASON} characters: others will read it.", field="reason")
    who = standing_of(by, working_time.london_day(at), at)
    check(who, "break_glass")
    if family_id in who.kept_from:
        raise NotFound(NOBODY)
    with writing(family_id, by=by, at=at) as pen:
        if BreakGlass.objects.open(at).filter(family_id=family_id, user=by).exists():
            raise WrongMoment("You have this record open already.")
        care = FamilyCare.objects.select_related("area__front_door").get(family_id=family_id)
        until = at + timedelta(minutes=GLASS_MINUTES)
        row = BreakGlass.objects.create(
            family_id=family_id,
            user=by,
            kind=kind,
            reason=reason.strip()[:1000],
            at=at,
            until=until,
            reviewer=_reviewer(care, by, at),
            review_due_at=working_time.due_after_working_days(at, REVIEW_DAYS),
        )
        PersonalSight.objects.update_or_create(
            user=by, family_id=family_id, why="break_glass", defaults={"level": "full", "until": until}
        )
        pen.note(
            "break_glass",
            f"{by.name} opened this record in an emergency, until {working_time.moment_in_words(until)}.",
            f"{GLASS_KINDS[kind]}. {reason.strip()}",
            facts={"break_glass": row.pk},
        )
        _tell(row, care, at)
        return row


def tried(*, by: User, at: datetime, why: str) -> None:
    """Record that somebody wanted to open a record in an emergency and was not let in, or found nobody."""
    audit.record(
        action="break_glass_tried",
        subject="family",
        subject_id=None,
        by=by,
        at=at,
        purpose="break_glass",
        allowed=False,
        why=why,
    )


@wall.behind("the hour may be over, and the record out of sight")
def end(*, break_glass_id: int, by: User, at: datetime) -> BreakGlass:
    """Close the record again before the hour is over. Ending it twice changes nothing."""
    row = BreakGlass.objects.filter(pk=break_glass_id, user=by).first()
    if row is None:
        raise NotFound("There is no such page, or it is not yours to see.")
    with writing(row.family_id, by=by, at=at) as pen:
        PersonalSight.objects.filter(user=by, family_id=row.family_id, why="break_glass").delete()
        if row.is_open(at):
            row.ended_at = at
            row.save(update_fields=["ended_at"])
            pen.note("break_glass_ended", f"{by.name} closed the record again.")
    return row


def review(*, break_glass_id: int, outcome: str, words: str, by: User, at: datetime) -> BreakGlass:
    """Say whether it was right. Never by whoever opened it."""
    if outcome not in OUTCOMES_OF_REVIEW:
        raise BadInput("Choose what you found.", field="outcome")
    if not words.strip():
        raise BadInput("Say what you looked at and what follows.", field="words")
    with wall.working():
        row = BreakGlass.objects.select_for_update().filter(pk=break_glass_id).first()
        if row is None:
            raise NotFound("There is no such page, or it is not yours to see.")
        if row.user_id == by.pk:
            raise WrongMoment("Somebody else says whether what you did was right.")
        if row.reviewed_at is not None:
            raise WrongMoment("Somebody has reviewed this already. Nothing was changed.")
        row.reviewed_at, row.reviewed_by = at, by
        row.outcome, row.outcome_words = outcome, words.strip()[:1000]
        row.save(update_fields=["reviewed_at", "reviewed_by", "outcome", "outcome_words"])
        audit.record(
            action="break_glass_reviewed",
            subject="break_glass",
            subject_id=row.pk,
            family_id=row.family_id,
            by=by,
            at=at,
            purpose="audit",
            why=OUTCOMES_OF_REVIEW[outcome],
        )
        return row


def for_reviewer(who: Standing) -> BreakGlassQuerySet:
    """What somebody may review: all of their area's, or of their organisation's people; never their own."""
    rows = BreakGlass.objects.exclude(user_id=who.user_id).select_related("user", "reviewer", "reviewed_by")
    led = [team for team in who.front_doors if who.has(Role.TEAM_LEAD, team_id=team)]
    mine = Q(family__care__area__front_door_id__in=led) | Q(reviewer_id=who.user_id)
    leads_in = who.organisations_as(Role.IG_LEAD)
    if leads_in:
        # Who worked there when they opened it: what somebody did elsewhere, before or after, is not theirs.
        then = Membership.objects.filter(
            Q(ended_on__isnull=True) | Q(ended_on__gt=OuterRef("at__date")),
            user=OuterRef("user"),
            team__organisation_id__in=leads_in,
            started_on__lte=OuterRef("at__date"),
        )
        mine |= Exists(then) | Q(family__care__area__front_door__organisation_id__in=leads_in)
    return rows.filter(mine).exclude(family_id__in=who.kept_from)


def in_families_held(who: Standing, at: datetime) -> BreakGlassQuerySet:
    """What others opened in an emergency, in the last days, of families that somebody holds; newest first."""
    held = Holding.objects.filter(family=OuterRef("family"), user_id=who.user_id, to_at__isnull=True)
    rows = BreakGlass.objects.filter(Exists(held), at__gte=at - timedelta(days=TOLD_DAYS))
    rows = rows.exclude(user_id=who.user_id).exclude(family_id__in=who.kept_from)
    return rows.select_related("user", "family__care").order_by("-at", "-pk")


def remind(*, at: datetime) -> int:
    """Reviews whose time is up: the reviewer and the governance leads are asked once more. For the sweep."""
    rows = BreakGlass.objects.to_review().filter(review_due_at__lt=at, nudged_at__isnull=True)
    count = 0
    for row in rows.select_related("reviewer", "user"):
        with wall.working():
            if not BreakGlass.objects.filter(pk=row.pk, nudged_at__isnull=True).update(nudged_at=at):
                continue
            care = FamilyCare.objects.select_related("area__front_door").get(family_id=row.family_id)
            kept = kept_users(row.family_id)
            leads = (row.reviewer, *ig_leads(care, at))
            to = {one.pk: one for one in leads if one is not None and one.pk not in kept}
            for user in to.values():
                outbox.to_staff(
                    user=user,
                    subject="A review is past its time",
                    body=(
                        f"{row.user.name} opened a record in an emergency on "
                        f"{working_time.day_in_words(row.at)}. Nobody has said yet whether it was right. "
                        "Sign in to review it."
                    ),
                    template="break_glass_overdue",
                    key=f"break_glass:{row.pk}:overdue:{user.pk}",
                    at=at,
                )
            audit.record(
                action="break_glass_overdue",
                subject="break_glass",
                subject_id=row.pk,
                family_id=row.family_id,
                by=CLOCK,
                at=at,
                purpose="audit",
            )
            count += 1
    PersonalSight.objects.filter(why="break_glass", until__lte=at).delete()
    return count


def ig_leads(care: FamilyCare, at: datetime) -> list[User]:
    """The information governance leads of the organisation that runs the area's front door."""
    rows = Membership.objects.current(working_time.london_day(at)).filter(
        role=Role.IG_LEAD.value,
        team__organisation_id=care.area.front_door.organisation_id,
        user__is_active=True,
    )
    return list(User.objects.filter(pk__in=rows.values("user_id")).order_by("pk"))


def _reviewer(care: FamilyCare, by: User, at: datetime) -> User | None:
    """The governance lead, else the lead of the front door, else its fall-back.

    Never whoever opened it, nor somebody from whom the family is kept.
    """
    door, barred = care.area.front_door, {by.pk, *kept_users(care.family_id)}
    for user in (*ig_leads(care, at), door.lead, door.fallback):
        if user is not None and user.is_active and user.pk not in barred:
            return user
    return None


def _tell(row: BreakGlass, care: FamilyCare, at: datetime) -> None:
    holders = Holding.objects.filter(family_id=row.family_id, to_at__isnull=True).values("user_id")
    to = {one.pk: one for one in User.objects.filter(pk__in=holders, is_active=True)}
    to |= {one.pk: one for one in (*ig_leads(care, at), row.reviewer) if one is not None}
    if care.lead_team is not None and care.lead_team.lead is not None:
        to[care.lead_team.lead.pk] = care.lead_team.lead
    for barred in (row.user_id, *kept_users(row.family_id)):
        to.pop(barred, None)
    for user in to.values():
        outbox.to_staff(
            user=user,
            subject="A record was opened in an emergency",
            body=(
                f"{row.user.name} opened the record of a family that you answer for. "
                f"{GLASS_KINDS[row.kind]}. Sign in to see why, and what was looked at."
            ),
            template="break_glass",
            key=f"break_glass:{row.pk}:{user.pk}",
            at=at,
            area_id=care.area_id,
        )


def looks_under(row: BreakGlass) -> list[tuple[datetime, str]]:
    """What was looked at and done while the record was open, oldest first: (when, action)."""
    until = row.ended_at or row.until
    rows = AuditEntry.objects.filter(
        family_id=row.family_id, user_id=row.user_id, at__gte=row.at, at__lte=until, allowed=True
    )
    return list(rows.order_by("at", "pk").values_list("at", "action"))
