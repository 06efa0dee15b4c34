"""The sealer: chains the audit rows that were committed since it last came by, an organisation at a time.

Verbs and reads write their audit rows unchained, in their own transaction, so that no page waits for
another. A trigger notes each new row; the sealer takes the notes, and a seal binds what they name to all
that was sealed before (`rules.audit_chain`). One sealer works at a time; another simply finds it busy.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from anydoor.access.models import AuditEntry, AuditSeal
from anydoor.rules import audit_chain

ROWS_A_SEAL = 2_000
# Any number that nothing else locks by.
LOCK = 6_170_001


@dataclass(frozen=True, slots=True)
class Sealed:
    """What a pass of the sealer did."""

    rows: int = 0
    seals: int = 0


def seal_all(*, at: datetime) -> Sealed:
    """Seal everything that waits, in as many passes as it takes. Nothing is done while another seals."""
    rows = seals = 0
    while True:
        done = seal_some(at=at)
        rows, seals = rows + done.rows, seals + done.seals
        if done.rows < ROWS_A_SEAL:
            return Sealed(rows, seals)


@transaction.atomic
def seal_some(*, at: datetime) -> Sealed:
    """Seal up to `ROWS_A_SEAL` waiting rows: one seal for each organisation among them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        (mine,) = cursor.fetchone() or (False,)
        if not mine:
            return Sealed()
        cursor.execute(
            "DELETE FROM access_auditunsealed WHERE entry_id IN"
            " (SELECT entry_id FROM access_auditunsealed ORDER BY entry_id LIMIT %s) RETURNING entry_id",
            [ROWS_A_SEAL],
        )
        waiting = [entry_id for (entry_id,) in cursor.fetchall()]
    columns = ("id", *audit_chain.FORMS[audit_chain.NEWEST_FORM])
    found = sorted(
        AuditEntry.objects.filter(pk__in=waiting).values(*columns),
        key=lambda row: (row["organisation_id"] or 0, row["id"]),
    )
    seals = [
        _next_seal(organisation, list(rows), at)
        for organisation, rows in groupby(found, key=lambda row: row["organisation_id"] or 0)
    ]
    AuditSeal.objects.bulk_create(seals)
    return Sealed(len(found), len(seals))


def _next_seal(organisation: int, rows: list[dict[str, Any]], at: datetime) -> AuditSeal:
    last = AuditSeal.objects.filter(organisation_key=organisation).order_by("-number").first()
    previous, number = (bytes(last.head), last.number + 1) if last else (audit_chain.NOTHING_BEFORE, 1)
    form = audit_chain.NEWEST_FORM
    entries = [row["id"] for row in rows]
    digests = b"".join(audit_chain.content_digest(row, form) for row in rows)
    return AuditSeal(
        organisation_key=organisation,
        number=number,
        form=form,
        entries=entries,
        digests=digests,
        previous=previous,
        head=audit_chain.head(previous, organisation, number, form, entries, digests),
        sealed_at=at,
    )


def waiting_rows() -> int:
    """How many audit rows wait for the sealer."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_auditunsealed")
        (count,) = cursor.fetchone() or (0,)
    return int(count)
