"""Who governs a record, and the legal holds that keep it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from django.db.models import Q, QuerySet

from anydoor.access import audit, wall
from anydoor.access.models import User
from anydoor.access.policy import Facts, Standing, acting, allow
from anydoor.access.roles import Role
from anydoor.care import scope
from anydoor.care.models import Erasure, FamilyCare, LegalHold
from anydoor.care.models.rights import HOLD_REASONS
from anydoor.people.models import Family
from anydoor.rules.errors import BadInput, WrongMoment

FOR = "subject_access"  # the purpose all of this is done for


def governed_by(who: Standing) -> QuerySet[FamilyCare]:
    """Families whose record somebody answers for: those of the areas their organisation runs the door of.

    Sealed ones only for those named, and nothing that is kept from them.
    """
    mine = Q(area__front_door__in=second_for(who))
    leads_in = who.organisations_as(Role.IG_LEAD)
    if leads_in:
        mine |= Q(area__front_door__organisation_id__in=leads_in)
    rows = FamilyCare.objects.filter(mine)
    return rows.exclude(
        pk__in=FamilyCare.objects.filter(sealed=True).exclude(pk__in=who.named).values("pk")
    ).exclude(pk__in=who.kept_from)


def second_for(who: Standing) -> frozenset[int]:
    """The front doors somebody leads: they may be the second person of an erasure there."""
    return frozenset(team for team in who.front_doors if who.has(Role.TEAM_LEAD, team_id=team))


def governed(who: Standing, family_id: int, action: str) -> FamilyCare:
    """One of them, where `action` is allowed. One not theirs and one not there are alike `NotFound`."""
    acting(who, action)  # says so, when what they work for now is something else
    found = (
        governed_by(who)
        .filter(pk=family_id)
        .select_related("family", "area__front_door", "lead", "lead_team")
    ).first()
    if found is None or not allow(who, action, facts_governed(found)):
        raise scope.not_seen(action, "family", family_id)
    return found


def governs(who: Standing, action: str = "answer_access") -> bool:
    """Whether somebody answers for records anywhere: in one of their own organisations."""
    facts = (Facts(organisation_id=one) for one in who.organisation_ids)
    return any(allow(who, action, one).allowed for one in facts)


def facts_governed(care: FamilyCare) -> Facts:
    """The facts of a family for the policy's rules of governance."""
    return replace(scope.facts_of(care), organisation_id=care.area.front_door.organisation_id)


def hold(*, family_id: int, reason: str, words: str, until: date | None, by: User, at: datetime) -> LegalHold:
    """Keep a family's record until somebody lifts the hold. It never ends by itself."""
    if reason not in HOLD_REASONS:
        raise BadInput("Choose why it must be kept.", field="reason")
    if not words.strip():
        raise BadInput("Say what it is kept for.", field="words")
    if until is not None and until <= at.date():
        raise BadInput("Choose a day to look at it again that is still to come.", field="until")
    with wall.working():
        Family.objects.select_for_update().get(pk=family_id)
        if standing_hold(family_id) is not None:
            raise WrongMoment("This record is held already. Nothing was changed.")
        if Erasure.objects.filter(family_id=family_id, person__isnull=True, state="done").exists():
            raise WrongMoment("This record was erased. There is nothing to hold.")
        row = LegalHold.objects.create(
            family_id=family_id, reason=reason, words=words.strip()[:500], until=until, by=by, at=at
        )
        _note("legal_hold", row, by, at)
        return row


def lift(*, hold_id: int, words: str, by: User, at: datetime) -> LegalHold:
    """The hold is over."""
    if not words.strip():
        raise BadInput("Say why it need not be held any more.", field="words")
    with wall.working():
        row = LegalHold.objects.select_for_update().get(pk=hold_id)
        if row.lifted_at is not None:
            raise WrongMoment("This hold was lifted already. Nothing was changed.")
        row.lifted_at, row.lifted_by, row.lifted_words = at, by, words.strip()[:500]
        row.save(update_fields=["lifted_at", "lifted_by", "lifted_words"])
        _note("legal_hold_lifted", row, by, at)
        return row


def standing_hold(family_id: int) -> LegalHold | None:
    """The hold that stands on a family's record."""
    return LegalHold.objects.filter(family_id=family_id, lifted_at__isnull=True).select_related("by").first()


def _note(action: str, row: LegalHold, by: User, at: datetime) -> None:
    audit.record(
        action=action, subject="legal_hold", subject_id=row.pk, family_id=row.family_id, by=by, at=at,
        purpose=FOR, why=HOLD_REASONS[row.reason],
    )  # fmt: skip
