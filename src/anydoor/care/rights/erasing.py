"""Erasing a family's record: asked by one, done by another, with a certificate. What is left are stubs.

Refused under a legal hold, while anything of the family is open or waits, while somebody's request for their
own record is open, and by the one who asked alone. Copies in backups go when the backups do; the certificate
says so.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from anydoor.access import audit
from anydoor.access.models import User
from anydoor.care.models import (
    AccessRequest,
    Erasure,
    FamilyCare,
    Handover,
    Holding,
    MeasureAlert,
    Referral,
    Story,
    Wait,
)
from anydoor.care.models.rights import BASES
from anydoor.care.rights.columns import AT_ERASURE, FATES, Reach
from anydoor.care.rights.holds import FOR, standing_hold
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import Family, FamilyMember
from anydoor.rules.errors import BadInput, NotAllowed, NotFound, WrongMoment
from anydoor.rules.pathway import OPEN_HANDOVER

BACKUPS = (
    "Copies in backups taken before this moment are not changed: they are taken out of use when their own "
    "time is over. Whoever restores one of them repeats this erasure first."
)
AUDIT_STAYS = "The audit keeps who did what and when. It holds nothing that the family said."


def why_not_erase(family_id: int) -> str | None:
    """What stands against erasing a family's record now, in a sentence; None when nothing does."""
    if Erasure.objects.filter(family_id=family_id, state="done").exists():
        return "This record was erased already."
    if standing_hold(family_id) is not None:
        return "A legal hold keeps this record. Lift it first, if it is over."
    for is_open, words in _still_open(family_id):
        if is_open:
            return words
    return None


def _still_open(family_id: int) -> Iterator[tuple[bool, str]]:
    care = FamilyCare.objects.filter(pk=family_id).first()
    held = Holding.objects.filter(family=family_id, to_at__isnull=True).exists()
    yield held or bool(care and care.is_open), "Somebody still holds this family. End what is open first."
    handovers = Handover.objects.filter(
        family=family_id, stage__in=sorted(one.value for one in OPEN_HANDOVER)
    )
    yield handovers.exists(), "A handover of this family is open. End it first."
    yield (
        (
            Wait.objects.open().filter(family=family_id).exists()
            or MeasureAlert.objects.filter(family=family_id, acknowledged_at__isnull=True).exists()
        ),
        "Something of this family still waits on somebody. See to it first.",
    )
    yield (
        (AccessRequest.objects.filter(family=family_id, state="open").exists()),
        "Somebody of this family asked for their own record. Answer that first.",
    )


def ask(*, family_id: int, basis: str, why: str, rule: str = "", by: User, at: datetime) -> Erasure:
    """Ask for a family's record to be erased. Nothing is erased until a second person says so."""
    if basis not in BASES:
        raise BadInput("Choose on what ground it is erased.", field="basis")
    if not why.strip():
        raise BadInput("Say why, and name nobody.", field="why")
    with transaction.atomic():
        _lock(family_id)
        if Erasure.objects.filter(family_id=family_id, state="asked").exists():
            raise WrongMoment("Somebody asked for this already. It waits for a second person.")
        reason = why_not_erase(family_id)
        if reason is not None:
            raise WrongMoment(reason)
        row = Erasure.objects.create(
            family_id=family_id, basis=basis, why=why.strip()[:500], rule=rule, asked_by=by, asked_at=at
        )
        _note("erasure_asked", row, by, at)
        return row


def turn_down(*, erasure_id: int, words: str, by: User, at: datetime) -> Erasure:
    """It is not erased. Whoever asked may take it back the same way."""
    if not words.strip():
        raise BadInput("Say why it is kept.", field="words")
    with transaction.atomic():
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
    with transaction.atomic():
        row = _waiting(erasure_id)
        if row.asked_by_id == by.pk:
            raise NotAllowed("You asked for this. Somebody else has to look at it and say yes.")
        _lock(row.family_id)
        reason = why_not_erase(row.family_id)
        if reason is not None:
            raise WrongMoment(reason)
        row.state, row.decided_by, row.decided_at = "erasing", by, at
        row.decided_words = words.strip()[:500]
        row.save()
        row.counts = _take_away(reach_of(row.family_id), at)
        row.state = "done"
        row.digest = digest_of(row)
        row.save()
        _note("erased", row, by, at, f"certificate {row.digest[:16]}")
        return row


def reach_of(family_id: int) -> Reach:
    """What an erasure reaches. Who is in another family too keeps their own record there."""
    members = set(FamilyMember.objects.filter(family=family_id).values_list("person_id", flat=True))
    elsewhere = (
        FamilyMember.objects.filter(person__in=members)
        .exclude(family=family_id)
        .exclude(family__erasures__state="done")
    )
    alone = members - set(elsewhere.values_list("person_id", flat=True))
    references = Referral.objects.filter(family=family_id).values_list("reference", flat=True)
    return Reach(family_id, tuple(sorted(alone)), tuple(references))


def _take_away(whose: Reach, at: datetime) -> dict[str, int]:
    OutboxMessage.objects.filter(family=whose.family_id, state__in=["queued", "sending"]).update(
        state="cancelled", leased_until=None
    )
    Story.objects.filter(family=whose.family_id).update(replaced_by=None)
    counts: dict[str, int] = {}
    for fate in FATES:
        rows = fate.model._default_manager.filter(fate.rows_of(whose))
        if fate.taken:
            number = rows.delete()[0]
        elif fate.emptied:
            values: dict[str, Any] = {
                name: at if value is AT_ERASURE else value for name, value in fate.emptied.items()
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
