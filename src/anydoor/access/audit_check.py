"""Is the audit as it was written? Reads every row, seal and signed head, and names what is not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from anydoor.access import audit_heads
from anydoor.access.models import AuditEntry, AuditSeal, Organisation
from anydoor.rules import audit_chain

NOBODY = "no organisation"  # what a visitor, a partner system or the clock did
AT_A_TIME = 200  # seals read at once


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that is not as it was written.

    `kind`: tampered, missing, reordered, unsealed, twice, broken_seal, missing_seal, cut_tail, bad_head.
    """

    kind: str
    words: str
    organisation: str
    entry_id: int | None = None


@dataclass(slots=True)
class Chain:
    """One organisation's chain as it was found."""

    organisation: str
    rows: int = 0
    seals: int = 0
    head: str = ""
    heads: dict[int, str] = field(default_factory=dict, repr=False)


@dataclass(slots=True)
class Findings:
    """What the check found. `waiting` rows are noted for the sealer and not sealed yet."""

    chains: list[Chain] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    heads: int = 0
    waiting: int = 0

    @property
    def all_well(self) -> bool:
        return not self.faults


def verify(folder: Path) -> Findings:
    """Check the whole audit against its seals, and the seals against the heads in `folder`.

    Reads in one snapshot, so that work going on meanwhile does not show as a fault.
    """
    found, inside = Findings(), connection.in_atomic_block
    with transaction.atomic():
        if not inside:  # a transaction that has begun keeps the snapshot it has
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        names = dict(Organisation.objects.values_list("pk", "name"))
        keys = AuditSeal.objects.order_by("organisation_key").values_list("organisation_key", flat=True)
        by_key: dict[int, Chain] = {}
        for key in keys.distinct():
            name = names.get(key, f"organisation {key}") if key else NOBODY
            by_key[key] = _check_chain(key, name, found)
        found.chains = list(by_key.values())
        _check_sealed_once(found)
        _check_unsealed(found, names)
        _check_heads(folder, by_key, names, found)
    return found


def _check_chain(key: int, name: str, found: Findings) -> Chain:
    """Follow one organisation's seals from the first to the last."""
    chain, previous, expected = Chain(name), audit_chain.NOTHING_BEFORE, 1
    wrong: list[tuple[int, bytes, bytes]] = []
    for seal in AuditSeal.objects.filter(organisation_key=key).order_by("number").iterator(AT_A_TIME):
        digests, before, head = bytes(seal.digests), bytes(seal.previous), bytes(seal.head)
        if seal.number != expected:
            span = (
                f"Seal {expected}"
                if seal.number == expected + 1
                else f"Seals {expected} to {seal.number - 1}"
            )
            found.faults.append(Fault("missing_seal", f"{span} of {name} missing.", name))
        elif before != previous:
            words = f"Seal {seal.number} of {name} does not follow from the one before it."
            found.faults.append(Fault("broken_seal", words, name))
        if audit_chain.head(before, key, seal.number, seal.form, seal.entries, digests) != head:
            words = f"Seal {seal.number} of {name} was changed after it was made."
            found.faults.append(Fault("broken_seal", words, name))
        wrong += _check_rows(seal, digests, name, found)
        chain.seals, chain.rows, chain.head = chain.seals + 1, chain.rows + len(seal.entries), head.hex()
        chain.heads[seal.number] = chain.head
        previous, expected = head, seal.number + 1
    moved = audit_chain.swapped(wrong)
    for number, _, _ in wrong:
        kind = "reordered" if number in moved else "tampered"
        what = "says what another row said: rows were moved" if number in moved else "was changed"
        found.faults.append(Fault(kind, f"Row {number} of {name} {what}.", name, number))
    return chain


def _check_rows(
    seal: AuditSeal, digests: bytes, name: str, found: Findings
) -> Iterator[tuple[int, bytes, bytes]]:
    """Rows of a seal that do not say what was sealed: (number, digest sealed, digest found)."""
    columns = audit_chain.FORMS.get(seal.form)
    if columns is None:
        words = f"Seal {seal.number} of {name} is of form {seal.form}, which this Anydoor does not know."
        found.faults.append(Fault("broken_seal", words, name))
        return
    rows: dict[int, dict[str, Any]] = {
        row["id"]: row for row in AuditEntry.objects.filter(pk__in=seal.entries).values("id", *columns)
    }
    for entry_id, sealed in zip(seal.entries, audit_chain.split(digests), strict=False):
        row = rows.get(entry_id)
        if row is None:
            found.faults.append(Fault("missing", f"Row {entry_id} of {name} is missing.", name, entry_id))
            continue
        now = audit_chain.content_digest(row, seal.form)
        if now != sealed:
            yield entry_id, sealed, now


TWICE = """
SELECT entry, count(*) FROM access_auditseal, unnest(entries) AS entry
GROUP BY entry HAVING count(*) > 1 LIMIT 100
"""
SLIPPED = """
WITH sealed AS MATERIALIZED (SELECT unnest(entries) AS entry_id FROM access_auditseal)
SELECT entry.id, entry.organisation_id FROM access_auditentry entry
WHERE NOT EXISTS (SELECT 1 FROM sealed WHERE sealed.entry_id = entry.id)
  AND NOT EXISTS (SELECT 1 FROM access_auditunsealed waiting WHERE waiting.entry_id = entry.id)
ORDER BY entry.id LIMIT 1000
"""


def _check_sealed_once(found: Findings) -> None:
    with connection.cursor() as cursor:
        cursor.execute(TWICE)
        for entry_id, times in cursor.fetchall():
            words = f"Row {entry_id} is in {times} seals."
            found.faults.append(Fault("twice", words, NOBODY, entry_id))


def _check_unsealed(found: Findings, names: dict[int, str]) -> None:
    """Rows in no seal: those noted for the sealer wait; the others came in by another way."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM access_auditunsealed")
        (found.waiting,) = cursor.fetchone() or (0,)
        cursor.execute(SLIPPED)
        for entry_id, organisation in cursor.fetchall():
            name = names.get(organisation, NOBODY) if organisation else NOBODY
            words = f"Row {entry_id} of {name} is in no seal, nor noted for one: it came in another way."
            found.faults.append(Fault("unsealed", words, name, entry_id))


def _check_heads(folder: Path, chains: dict[int, Chain], names: dict[int, str], found: Findings) -> None:
    """Does each chain still reach every head that was signed for it?"""
    try:
        kept = list(audit_heads.read(folder))
    except audit_heads.HeadsUnreadable as problem:
        found.faults.append(Fault("bad_head", str(problem), NOBODY))
        return
    cut: dict[int, audit_heads.Head] = {}
    for head in kept:
        if isinstance(head, str):
            found.faults.append(Fault("bad_head", f"A signed head in {head}", NOBODY))
            continue
        found.heads += 1
        key = head.organisation
        name = names.get(key, f"organisation {key}") if key else NOBODY
        if not head.signed:
            words = f"The head in {head.where} does not carry our signature."
            found.faults.append(Fault("bad_head", words, name))
            continue
        chain = chains.get(key)
        reached = chain.heads.get(head.number) if chain else None
        if reached is None:
            if key not in cut or head.number > cut[key].number:
                cut[key] = head
        elif reached != head.head:
            words = f"Seal {head.number} of {name} is not the one signed at {head.at} ({head.where})."
            found.faults.append(Fault("broken_seal", words, name))
    for key, head in cut.items():
        name = names.get(key, f"organisation {key}") if key else NOBODY
        last = max(chains[key].heads, default=0) if key in chains else 0
        words = f"The chain of {name} was cut: seal {head.number} was signed at {head.at}, it ends at {last}."
        found.faults.append(Fault("cut_tail", words, name))
