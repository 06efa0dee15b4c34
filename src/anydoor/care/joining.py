"""Deciding a possible match: the same person, or not. The only place where two records become one."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from anydoor.access import wall
from anydoor.access.models import User
from anydoor.access.policy import Standing
from anydoor.care import standing
from anydoor.care.models import (
    Contact,
    Episode,
    Handover,
    Happening,
    Holding,
    PossibleMatch,
    Referral,
    Story,
    Wait,
)
from anydoor.care.record import writing
from anydoor.care.schedule.keeping import keep
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import ContactPoint, Family, FamilyMember, Instruction
from anydoor.rules.errors import WrongMoment


def to_decide(who: Standing) -> QuerySet[PossibleMatch]:
    """Open possible matches that somebody may look at, of whichever request.

    Not with a person whose record is sealed to them or kept from them by now: that they are compared would
    tell that they are there.
    """
    now = FamilyMember.objects.filter(person=OuterRef("candidate"), left_at__isnull=True)
    theirs = now.filter(Q(family__care__sealed=False) | Q(family__in=who.sees_alone()))
    sealed = Exists(now.filter(family__care__sealed=True)) & ~Exists(theirs)
    waiting = PossibleMatch.objects.filter(state="open")
    with wall.lifted("whom somebody may not see is looked up, to be left out"):
        hidden = waiting.filter(sealed | Exists(now.filter(family__in=who.kept_from)))
        return waiting.exclude(pk__in=list(hidden.values_list("pk", flat=True)))


@wall.behind("a verb over two families, one of which is not theirs yet")
def decide_match(*, match: PossibleMatch, same: bool, by: User, at: datetime, why: str = "") -> PossibleMatch:
    """A front-door worker decides whether the person of a new request is one we know.

    When they are the same, the new request with its holder, story, contact points and instructions goes
    to the known person and their family. Nothing that was said is lost, and no story of anybody else is
    touched. The known person's own facts win; what differs stays in the request's `claimed`.
    """
    member = (
        FamilyMember.objects.filter(person=match.candidate, left_at__isnull=True)
        .order_by("-joined_at")
        .first()
    )
    target_id = member.family_id if member is not None else match.referral.family_id
    # Lock both families in one order, so that two people deciding at once wait rather than block.
    first, second = sorted((match.referral.family_id, target_id))
    with writing(first, by=by, at=at) as pen:
        Family.objects.select_for_update().get(pk=second)
        match = (
            PossibleMatch.objects.select_for_update(of=("self",))
            .select_related("referral", "candidate")
            .get(pk=match.pk)
        )
        if match.state != "open":
            raise WrongMoment("Somebody already decided this match. Nothing was changed.")
        referral = match.referral
        match.state, match.decided_by, match.decided_at = ("joined" if same else "not_same"), by, at
        match.save()
        if same and target_id != referral.family_id:
            _move_request(referral, match, target_id, at)
            keep(target_id, at=at)
            PossibleMatch.objects.filter(referral=referral, state="open").update(
                state="not_same", decided_by=by, decided_at=at
            )
        if not PossibleMatch.objects.filter(referral=referral, state="open").exists():
            pen.done("match", subject=referral, words=match.state)
        pen.family = referral.family
        said = "the same person as one we know" if same else "not the same person"
        pen.note("match_decided", f"{by.name} decided: {said}.", why, subject=referral)
        if second != first:
            standing.refresh(Family.objects.get(pk=second), at=at)
    return match


def _move_request(referral: Referral, match: PossibleMatch, family_id: int, at: datetime) -> None:
    """Everything the request brought goes to the known person's family; the emptied family is left closed."""
    old_person, old_family, known = referral.person, referral.family_id, match.candidate
    claimed = dict(referral.claimed)
    if old_person.name and old_person.name != known.name:
        claimed["name"] = old_person.name
    if old_person.nhs_number and old_person.nhs_number != known.nhs_number:
        claimed["nhs_number"] = old_person.nhs_number
    referral.claimed, referral.joined_by = claimed, "a worker's decision"
    referral.save()
    for rows in (Referral, Episode, Handover, Holding, Wait, Story, Contact, OutboxMessage):
        moved: QuerySet[Any] = rows.objects.filter(family_id=old_family)
        if rows not in (Holding, Wait):
            moved.filter(person=old_person).update(person=known)
        moved.update(family_id=family_id)
    Referral.objects.filter(family_id=family_id, person=known).update(title=known.called)
    referral.refresh_from_db()
    for point in ContactPoint.objects.filter(person=old_person, ended_at__isnull=True):
        same = ContactPoint.objects.filter(person=known, value=point.value, ended_at__isnull=True)
        if same.exists():
            if point.safe == "no":
                same.update(safe="no", uses=[])
            # Their page goes on naming what they gave, so that nobody can read from it that we knew them.
            referral.claimed = {**referral.claimed, "contact": point.value}
            referral.save(update_fields=["claimed"])
            point.ended_at = at
            point.save(update_fields=["ended_at"])
        else:
            point.person = known
            point.save(update_fields=["person"])
    Instruction.objects.filter(person=old_person).update(person=known)
    # Babies and others a form named come along; a worker sorts out doubles, nothing is dropped.
    for member in FamilyMember.objects.filter(family_id=old_family, left_at__isnull=True).exclude(
        person=old_person
    ):
        FamilyMember.objects.create(
            family_id=family_id, person=member.person, role=member.role, apart=member.apart, joined_at=at
        )
    FamilyMember.objects.filter(family_id=old_family, left_at__isnull=True).update(left_at=at)
    for row in Happening.objects.filter(family_id=old_family).order_by("at", "id"):
        Happening.objects.create(
            family_id=family_id,
            referral_id=row.referral_id,
            handover_id=row.handover_id,
            episode_id=row.episode_id,
            contact_id=row.contact_id,
            kind=row.kind,
            headline=row.headline,
            words=row.words,
            from_stage=row.from_stage,
            to_stage=row.to_stage,
            moved_holding=row.moved_holding,
            by=row.by,
            by_words=row.by_words,
            at=row.at,
            facts={**row.facts, "came_from_family": old_family},
        )
