"""Erasing a family's record, or one person's part of it: asked by one, done by another, with a certificate.

What is left are stubs. One person's part goes without touching what is another's: of two parents the
other's record stays whole, and a child's. Refused under a legal hold, while anything is open or waits, a
request or an answer too, and by the one who asked alone. Copies in backups go when the backups do; the
certificate says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Q

from anydoor.access import audit, wall
from anydoor.access.models import User
from anydoor.care import standing
from anydoor.care.models import (
    AccessRequest,
    Erasure,
    FamilyCare,
    Handover,
    Holding,
    MeasureAlert,
    Objection,
    Referral,
    Story,
    Wait,
)
from anydoor.care.models.rights import BASES
from anydoor.care.rights.columns import AT_ERASURE, FATES, Reach
from anydoor.care.rights.holds import FOR, standing_hold
from anydoor.care.rights.one_person import PersonReach, emptied_of, rows_of
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import ADULT_ROLES, Family, FamilyMember, Person
from anydoor.rules import identifiers
from anydoor.rules.errors import BadInput, NotAllowed, NotFound, WrongMoment
from anydoor.rules.pathway import OPEN_HANDOVER

BACKUPS = (
    "Copies in backups taken before this moment are not changed: they are taken out of use when their own "
    "time is over. Whoever restores one of them repeats this erasure first."
)
AUDIT_STAYS = "The audit keeps who did what and when. It holds nothing that the family said."


def why_not_erase(family_id: int, person_id: int | None = None) -> str | None:
    """What stands against erasing a family's record now, or one person's part; None when nothing does."""
    done = Erasure.objects.filter(family_id=family_id, state="done")
    if done.filter(person__isnull=True).exists() or (person_id and done.filter(person=person_id).exists()):
        return "This record was erased already."
    if standing_hold(family_id) is not None:
        return "A legal hold keeps this record. Lift it first, if it is over."
    for is_open, words in _still_open(family_id, person_id):
        if is_open:
            return words
    return None


def _still_open(family_id: int, person_id: int | None) -> Iterator[tuple[bool, str]]:
    one = {"person": person_id} if person_id else {}
    holdings = Holding.objects.filter(family=family_id, to_at__isnull=True)
    waits = Wait.objects.open().filter(family=family_id)
    if person_id:
        holdings = holdings.filter(Q(referral__person=person_id) | Q(episode__person=person_id))
        wait = next(fate for fate in FATES if fate.model is Wait)
        waits = waits.filter(rows_of(wait, reach_of_person(family_id, person_id)) or Q())
    care = FamilyCare.objects.filter(pk=family_id).first()
    held = holdings.exists() or bool(not person_id and care and care.is_open)
    yield held, "Somebody still holds them. End what is open first."
    handovers = Handover.objects.filter(
        family=family_id, stage__in=sorted(stage.value for stage in OPEN_HANDOVER), **one
    )
    yield handovers.exists(), "A handover is open. End it first."
    requests = AccessRequest.objects.filter(family=family_id, state="open", **one)
    yield requests.exists(), "Somebody asked for their own record. Answer that first."
    said = Objection.objects.open().filter(family=family_id, **one)
    yield said.exists(), "Somebody says that something in it is not right. Answer that first."
    alerts = MeasureAlert.objects.filter(family=family_id, acknowledged_at__isnull=True, **one)
    yield waits.exists() or alerts.exists(), "Something of it still waits on somebody. See to it first."


def ask(
    *,
    family_id: int,
    basis: str,
    why: str,
    person_id: int | None = None,
    rule: str = "",
    by: User,
    at: datetime,
) -> Erasure:
    """Ask for a family's record to be erased, or one person's part of it. A second person decides.

    What one of two adults asks for is their own part: the other's stays whole.
    """
    if basis not in BASES:
        raise BadInput("Choose on what ground it is erased.", field="basis")
    if not why.strip():
        raise BadInput("Say why, and name nobody.", field="why")
    adults = FamilyMember.objects.filter(family=family_id, role__in=ADULT_ROLES).exclude(person__name="")
    if basis == "asked" and person_id is None and adults.values("person").distinct().count() > 1:
        raise BadInput("Another adult is in this record. Choose whose part it is.", field="person")
    if person_id is not None and not FamilyMember.objects.filter(family=family_id, person=person_id).exists():
        raise BadInput("Choose somebody of this family.", field="person")
    with wall.working():
        _lock(family_id)
        if Erasure.objects.filter(family_id=family_id, person=person_id, state="asked").exists():
            raise WrongMoment("Somebody asked for this already. It waits for a second person.")
        reason = why_not_erase(family_id, person_id)
        if reason is not None:
            raise WrongMoment(reason)
        row = Erasure.objects.create(
            family_id=family_id, person_id=person_id, basis=basis, why=why.strip()[:500], rule=rule,
            asked_by=by, asked_at=at,
        )  # fmt: skip
        _note("erasure_asked", row, by, at)
        return row


def turn_down(*, erasure_id: int, words: str, by: User, at: datetime) -> Erasure:
    """It is not erased. Whoever asked may take it back the same way."""
    if not words.strip():
        raise BadInput("Say why it is kept.", field="words")
    with wall.working():
        row = _waiting(erasure_id)
        row.state, row.decided_by, row.decided_at = "turned_down", by, at
        row.decided_words = words.strip()[:500]
        row.save()
        _note("erasure_turned_down", row, by, at)
        return row


def erase(*, erasure_id: int, words: str = "", by: User, at: datetime) -> Erasure:
    """Erase what was asked for, as the second person. One transaction; the certificate is the row.

    Raises `NotAllowed` for whoever asked, `WrongMoment` when something stands against it by now.
    """
    with wall.working():
        row = _waiting(erasure_id)
        if row.asked_by_id == by.pk:
            raise NotAllowed("You asked for this. Somebody else has to look at it and say yes.")
        family = _lock(row.family_id)
        reason = why_not_erase(row.family_id, row.person_id)
        if reason is not None:
            raise WrongMoment(reason)
        row.state, row.decided_by, row.decided_at = "erasing", by, at
        row.decided_words = words.strip()[:500]
        row.save()
        if row.person_id is None:
            row.counts = _take_away(reach_of(row.family_id), at)
        else:
            row.counts = _take_away(reach_of_person(row.family_id, row.person_id), at)
            standing.refresh(family, at=at)
        row.state = "done"
        row.digest = digest_of(row)
        row.save()
        _note("erased", row, by, at, f"certificate {row.digest[:16]}")
        return row


def reach_of(family_id: int) -> Reach:
    """What an erasure reaches. Who is in another family too keeps their own record there."""
    members = set(FamilyMember.objects.filter(family=family_id).values_list("person_id", flat=True))
    alone = members - _elsewhere(members, family_id)
    references = Referral.objects.filter(family=family_id).values_list("reference", flat=True)
    return Reach(family_id, tuple(sorted(alone)), tuple(references))


def _elsewhere(people: Iterable[int], family_id: int) -> set[int]:
    """Those of these people who have a record in another family that is not erased."""
    gone = Erasure.objects.filter(state="done", person__isnull=True).values("family_id")
    rows = FamilyMember.objects.filter(person__in=list(people)).exclude(family=family_id)
    return set(rows.exclude(family__in=gone).values_list("person_id", flat=True))


def reach_of_person(family_id: int, person_id: int) -> PersonReach:
    """What the erasure of one person's part reaches. In another family they keep their record there."""
    person = Person.objects.get(pk=person_id)
    others = Person.objects.filter(memberships__family=family_id).exclude(pk=person_id)
    theirs = {key for one in others for key in identifiers.name_keys(f"{one.name} {one.known_as}")}
    mine = {key for key in identifiers.name_keys(f"{person.name} {person.known_as}") if len(key) > 2}
    references = Referral.objects.filter(family=family_id, person=person_id)
    return PersonReach(
        family_id=family_id,
        people=() if _elsewhere([person_id], family_id) else (person_id,),
        references=tuple(references.values_list("reference", flat=True)),
        person_id=person_id,
        names=frozenset(mine - theirs),
    )


def _take_away(whose: Reach, at: datetime) -> dict[str, int]:
    alone = whose if isinstance(whose, PersonReach) else None
    one = {"person": alone.person_id} if alone else {}
    OutboxMessage.objects.filter(family=whose.family_id, state__in=["queued", "sending"], **one).update(
        state="cancelled", leased_until=None
    )
    Story.objects.filter(family=whose.family_id, **one).update(replaced_by=None)
    # Found before anything is emptied: what names them is found by their name.
    found = [(fate, rows_of(fate, alone) if alone else fate.rows_of(whose)) for fate in FATES]
    counts: dict[str, int] = {}
    for fate, which in found:
        if which is None:
            continue
        rows = fate.model._default_manager.filter(which)
        emptied = emptied_of(fate) if alone else fate.emptied
        if fate.taken:
            number = rows.delete()[0]
        elif emptied:
            values: dict[str, Any] = {
                name: at if value is AT_ERASURE else value for name, value in emptied.items()
            }
            if fate.model is MeasureAlert:
                rows = rows.filter(acknowledged_at__isnull=False)
            number = fate.model._default_manager.filter(
                pk__in=list(rows.values_list("pk", flat=True))
            ).update(**values)
        else:
            continue
        if number:
            counts[fate.model._meta.db_table] = number
    return dict(sorted(counts.items()))


def certificate(row: Erasure) -> dict[str, Any]:
    """The certificate as plain values: what, how many rows by table, by whom, when, why, on what ground."""
    if row.decided_by is None or row.decided_at is None:
        raise NotFound("There is no certificate: nothing was erased.")
    return {
        "record": row.family_id,
        **({"person": row.person_id} if row.person_id else {}),
        "ground": BASES[row.basis],
        "rule": row.rule,
        "why": row.why,
        "asked_by": row.asked_by.name,
        "asked_at": row.asked_at.isoformat(),
        "erased_by": row.decided_by.name,
        "erased_at": row.decided_at.isoformat(),
        "words": row.decided_words,
        "rows": dict(sorted(row.counts.items())),
        "backups": BACKUPS,
        "audit": AUDIT_STAYS,
    }


def digest_of(row: Erasure) -> str:
    """SHA-256 of the certificate; people by their number, so that a changed name breaks nothing."""
    plain = certificate(row) | {"asked_by": row.asked_by_id, "erased_by": row.decided_by_id}
    return hashlib.sha256(json.dumps(plain, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _waiting(erasure_id: int) -> Erasure:
    row = Erasure.objects.select_for_update().filter(pk=erasure_id).first()
    if row is None:
        raise NotFound("There is no such page, or it is not yours to see.")
    if row.state != "asked":
        raise WrongMoment("Somebody decided this already. Nothing was changed.")
    return row


def _lock(family_id: int) -> Family:
    return Family.objects.select_for_update().get(pk=family_id)


def _note(action: str, row: Erasure, by: User, at: datetime, why: str = "") -> None:
    audit.record(
        action=action, subject="erasure", subject_id=row.pk, family_id=row.family_id, by=by, at=at,
        purpose=FOR, why=why or BASES[row.basis],
    )  # fmt: skip
