"""What the audit costs: a row within a request's transaction, rows a second, sealing and checking them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection, transaction

from anydoor.access import audit, audit_check, sealing
from anydoor.access.models import AuditEntry, User
from anydoor.config.measuring.parts import Figure, beside, p50

AT = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
PLAIN = """
CREATE TABLE plain_rows (id bigserial PRIMARY KEY, at timestamptz, actor text, action text,
    subject text, subject_id bigint, family_id bigint, purpose text, allowed boolean, why text)
"""
# Not temporary: its commit has to reach the disk, as that of any request that writes.
KEPT = "CREATE TABLE kept_rows (id bigserial PRIMARY KEY, at timestamptz)"
KEEPS = "INSERT INTO kept_rows (at) VALUES (%s)"
Work = Callable[[], None]
INSERT = "INSERT INTO plain_rows (at, actor, action, subject) VALUES (%s, 'x', 'looked', 'family')"


def measure(*, quick: bool) -> Iterator[Figure]:
    """Milliseconds a request pays for its audit row, rows a second, sealed and checked rows a second."""
    rows = 2_000 if quick else 20_000
    user = User.objects.create_user(email="audit@bench.example", name="A worker", password=None)

    def look() -> None:
        audit.record(action="looked", subject="family", subject_id=1, family_id=1, by=user, at=AT)

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(INSERT, [AT])

    with connection.cursor() as cursor:
        cursor.execute(PLAIN)
        cursor.execute(KEPT)
    turns = rows // 10
    for words, within in (
        ("that only reads, with its commit", _reads),
        ("that writes anyhow", _writes),
    ):
        with_row, without = beside(within(look), within(None), times=turns, warm=20)
        with_bare, without_too = beside(within(bare), within(None), times=turns, warm=20)
        added, floor = p50(with_row) - p50(without), max(p50(with_bare) - p50(without_too), 0.001)
        yield Figure(
            "audit",
            f"Audit adds to a request {words}, p50",
            added,
            "ms",
            floor,
            "a row without index or trigger, added in the same way",
            added / floor,
        )
    began = time.perf_counter()
    for _ in range(rows // 4):
        with transaction.atomic():
            look()
    passed = time.perf_counter() - began
    yield Figure("audit", "Audit appends a second, each committed by itself", rows // 4 / passed, "/s")
    began = time.perf_counter()
    with transaction.atomic():
        for _ in range(rows // 4):
            look()
    passed = time.perf_counter() - began
    yield Figure("audit", "Audit appends a second, within one transaction", rows // 4 / passed, "/s")
    _fill(rows)
    began = time.perf_counter()
    done = sealing.seal_all(at=AT)
    yield Figure("audit", "Audit rows sealed a second", done.rows / (time.perf_counter() - began), "/s")
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        found = audit_check.verify(Path(folder))
    checked = sum(chain.rows for chain in found.chains)
    yield Figure("audit", "Audit rows checked a second", checked / (time.perf_counter() - began), "/s")


def _reads(add: Work | None) -> Work:
    """A request that reads one account, in a transaction, and appends where `add` is given."""

    def request() -> None:
        with transaction.atomic():
            User.objects.filter(pk=1).exists()
            if add is not None:
                add()

    return request


def _writes(add: Work | None) -> Work:
    """The same of a request whose transaction has something to keep without any audit."""

    def request() -> None:
        with transaction.atomic():
            User.objects.filter(pk=1).exists()
            with connection.cursor() as cursor:
                cursor.execute(KEEPS, [AT])
            if add is not None:
                add()

    return request


def _fill(rows: int) -> None:
    AuditEntry.objects.bulk_create(
        AuditEntry(at=AT, actor="A worker", action="looked", subject="family", family_id=number)
        for number in range(rows)
    )
