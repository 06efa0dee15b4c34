"""Sealing a record: closed to everybody but named people, and to everybody else as if it were not there.

A sealed family stands in no list, no search and no count of a team; its address answers like one that does
not exist. Whoever holds it is named by holding it; the others are named one by one. Opening and lifting are
recorded like every verb.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from anydoor.access.models import PersonalSight, Team, User
from anydoor.access.policy import Standing
from anydoor.care import kept_apart
from anydoor.care.models import FamilyCare, Holding, Referral, Seal, SealName, Wait
from anydoor.care.models.sealing import SEAL_KINDS
from anydoor.care.moving import Moved
from anydoor.care.record import Actor, Pen, writing
from anydoor.people.models import Family, FamilyMember
from anydoor.people.register import Candidate
from anydoor.rules.errors import BadInput, WrongMoment

SMALLEST_COUNT = 10  # sealed records are counted only where at least so many others are


def seal(
    *,
    family_id: int,
    kind: str,
    words: str,
    names: Iterable[User],
    by: User,
    at: datetime,
    form_key: str = "",
) -> Seal:
    """Close a family's record to all but its holders and the people named (`by` is always named)."""
    if kind not in SEAL_KINDS:
        raise BadInput("Choose why it is sealed.", field="kind")
    if not words.strip():
        raise BadInput("Say why, in a sentence that those named may read.", field="words")
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        if Seal.objects.filter(family_id=family_id, lifted_at__isnull=True).exists():
            raise WrongMoment("This record is sealed already. Nothing was changed.")
        row = Seal.objects.create(family_id=family_id, kind=kind, words=words.strip()[:300], by=by, at=at)
        named = {one.pk: one for one in (by, *names)}
        _check_open(named.values())
        for one in named.values():
            kept_apart.check_not_kept(one, family_id, field="names")
        SealName.objects.bulk_create(
            SealName(seal=row, user=one, added_by=by, at=at) for one in named.values()
        )
        _mark(pen, sealed=True)
        # What waits on a whole team would name the family to all of it.
        for holding in Holding.objects.filter(family_id=family_id, to_at__isnull=True):
            Wait.objects.open().filter(
                family_id=family_id, user__isnull=True, team_id=holding.team_id
            ).update(user=holding.user_id)
        pen.note("sealed", f"{by.name} sealed this record.", words.strip(), facts={"kind": kind})
        return row


def lift(*, family_id: int, words: str, by: User, at: datetime) -> Seal:
    """Open a sealed record again to the teams that work with the family."""
    if not words.strip():
        raise BadInput("Say why the seal is lifted.", field="words")
    with writing(family_id, by=by, at=at) as pen:
        row = Seal.objects.filter(family_id=family_id, lifted_at__isnull=True).first()
        if row is None:
            raise WrongMoment("This record is not sealed any more. Nothing was changed.")
        row.lifted_at, row.lifted_by, row.lifted_words = at, by, words.strip()[:300]
        row.save(update_fields=["lifted_at", "lifted_by", "lifted_words"])
        SealName.objects.filter(seal=row, ended_at__isnull=True).update(ended_at=at)
        PersonalSight.objects.filter(family_id=family_id, why__in=["named", "asked"]).delete()
        _mark(pen, sealed=False)
        pen.note("seal_lifted", f"{by.name} lifted the seal.", words.strip())
        return row


def name(*, family_id: int, user: User, by: User, at: datetime) -> None:
    """Name one more person who may open a sealed record."""
    with writing(family_id, by=by, at=at) as pen:
        row = _standing_seal(family_id)
        _check_open([user])
        kept_apart.check_not_kept(user, family_id, field="user")
        SealName.objects.get_or_create(
            seal=row, user=user, ended_at=None, defaults={"added_by": by, "at": at}
        )
        pen.note("seal_named", f"{by.name} named {user.name} for this sealed record.")


def unname(*, family_id: int, user_id: int, by: Actor, at: datetime) -> None:
    """Somebody named may no longer open it. Whoever holds the family goes on seeing it."""
    with writing(family_id, by=by, at=at) as pen:
        row = _standing_seal(family_id)
        left = SealName.objects.filter(seal=row, ended_at__isnull=True).exclude(user_id=user_id)
        holds = Holding.objects.filter(family_id=family_id, to_at__isnull=True)
        if not left.exists() and not holds.exists():
            raise WrongMoment("Somebody must be able to open it. Name another person first.")
        gone = SealName.objects.filter(seal=row, user_id=user_id, ended_at__isnull=True).select_related(
            "user"
        )
        for one in gone:
            one.ended_at = at
            one.save(update_fields=["ended_at"])
            pen.note("seal_unnamed", f"{one.user.name} is no longer named for this sealed record.")


def seal_of(family_id: int) -> Seal | None:
    """The seal of a family that stands now."""
    return Seal.objects.filter(family_id=family_id, lifted_at__isnull=True).select_related("by").first()


def named_for(row: Seal) -> list[SealName]:
    """Who is named, in the order they were."""
    return list(SealName.objects.filter(seal=row, ended_at__isnull=True).select_related("user"))


def who_holds(family: Family) -> tuple[User, Team] | None:
    """Who takes a new request of a sealed family: its lead holder, so that the front door learns nothing.

    None when it is not sealed, or when nobody holds it now.
    """
    care = FamilyCare.objects.filter(family=family, sealed=True).select_related("lead", "lead_team").first()
    if care is None or care.lead is None or care.lead_team is None:
        return None
    return care.lead, care.lead_team


def to_compare(matches: list[Candidate]) -> list[Candidate]:
    """Without those all whose records are sealed: a comparison would tell that they are there."""
    if not matches:
        return matches
    opened = FamilyMember.objects.filter(
        person__in=[one.person.pk for one in matches], left_at__isnull=True, family__care__sealed=False
    )
    known = set(opened.values_list("person_id", flat=True))
    return [one for one in matches if one.person.pk in known]


def countable(rows: QuerySet[FamilyCare], *, who: Standing, least: int = SMALLEST_COUNT) -> int:
    """How many families these are, for a count shown to `who`.

    Those sealed to them, or kept from them, are counted only among so many others that nobody can tell.
    """
    others = rows.filter(Q(sealed=False) | Q(pk__in=who.sees_alone())).exclude(pk__in=who.kept_from).count()
    return rows.count() if others >= least else others


def to_tell(moved: Sequence[Moved], *, who: Standing | None = None) -> list[Moved]:
    """Of what changed hands, what somebody is told of: what is sealed to them only among many others.

    `who` is whoever reads it; without it, somebody who is named for nothing.
    """
    alone = who.sees_alone() if who is not None else frozenset()
    kept = who.kept_from if who is not None else frozenset()
    families = {one.family_id for one in moved}
    sealed = set(FamilyCare.objects.filter(pk__in=families - alone, sealed=True).values_list("pk", flat=True))
    others = [one for one in moved if one.family_id not in sealed | kept]
    many = len({one.family_id for one in others}) >= SMALLEST_COUNT
    return list(moved) if many else others


def _standing_seal(family_id: int) -> Seal:
    row = Seal.objects.filter(family_id=family_id, lifted_at__isnull=True).first()
    if row is None:
        raise WrongMoment("This record is not sealed. Nothing was changed.")
    return row


def _check_open(users: Iterable[User]) -> None:
    for one in users:
        if not one.is_active:
            raise BadInput(f"{one.name}'s account is closed. Name somebody else.", field="names")


def _mark(pen: Pen, *, sealed: bool) -> None:
    FamilyCare.objects.filter(family=pen.family).update(sealed=sealed)
    Referral.objects.filter(family=pen.family).update(sealed=sealed)
