"""How audit rows are chained, so that a change behind the software's back shows. Pure: rows in, digests out.

Each row has a digest of what it says. A batch of rows of one organisation becomes a seal; the head of a seal
binds its rows, in order, and the head before it. Who changes, removes or moves a row, or a seal, breaks a
digest or the chain; who cuts off the end leaves a head, signed and kept outside the database, that the chain
no longer reaches. After RFC 6962's idea of a log with signed heads, without its tree: a whole chain of a
million rows is checked in seconds.

What it cannot show: a row removed before it was sealed (a matter of seconds), and a chain rewritten by
somebody who has the signing key as well.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

NOTHING_BEFORE = bytes(32)
DIGEST_BYTES = 32

# What a digest covers, by form. A form is never changed: rows sealed by it are checked by it for ever.
_FIRST = (
    *("at", "user_id", "actor", "organisation_id", "action", "subject", "subject_id", "family_id"),
    *("purpose", "allowed", "why"),
)
FORMS: Mapping[int, tuple[str, ...]] = {
    1: _FIRST,
    # And the transaction, by which a change in a row's history is known to be somebody's.
    2: (*_FIRST, "transaction", "written_at"),
}
NEWEST_FORM = max(FORMS)


def content_digest(values: Mapping[str, Any], form: int = NEWEST_FORM) -> bytes:
    """32 bytes (SHA-256) of what a row says, without its number. Times must be aware.

    Raises `KeyError` for an unknown form or a missing value.
    """
    told = [_plain(values[name]) for name in FORMS[form]]
    return hashlib.sha256(
        json.dumps([form, *told], ensure_ascii=False, separators=(",", ":")).encode()
    ).digest()


def _plain(value: Any) -> Any:
    return value.astimezone(UTC).isoformat(timespec="microseconds") if isinstance(value, datetime) else value


def head(
    previous: bytes, organisation: int, number: int, form: int, entries: Sequence[int], digests: bytes
) -> bytes:
    """The head of a seal: 32 bytes that bind its rows (`entries`, with `digests` of 32 bytes each in the
    same order) to the head before. `organisation` is 0 for rows that belong to none."""
    told = hashlib.sha256(previous)
    told.update(json.dumps([organisation, number, form, list(entries)], separators=(",", ":")).encode())
    told.update(digests)
    return told.digest()


def split(digests: bytes) -> list[bytes]:
    """The digests of a seal, one a row."""
    return [digests[start : start + DIGEST_BYTES] for start in range(0, len(digests), DIGEST_BYTES)]


def swapped(wrong: Iterable[tuple[int, bytes, bytes]]) -> set[int]:
    """Of rows that do not say what was sealed, those that say what was sealed for another of them: moved, not
    rewritten. Each is (number, digest sealed, digest found)."""
    rows = list(wrong)
    sealed = {was: number for number, was, _ in rows}
    return {number for number, _, found in rows if sealed.get(found, number) != number}
