"""What the audit costs: a row within a request's transaction, rows a second, sealing and checking them."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.db import connection, transaction

from anydoor.access import audit, audit_check, sealing
from anydoor.access.models import AuditEntry, User
from anydoor.config.measuring.parts import Figure, p50, timed

AT = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
PLAIN = """
CREATE TEMPORARY TABLE plain_rows (id bigserial PRIMARY KEY, at timestamptz, actor text, action text,
    subject text, subject_id bigint, family_id bigint, purpose text, allowed boolean, why text)
"""
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
    with transaction.atomic():
        cost, floor = p50(timed(look, times=rows // 4, warm=50)), p50(timed(bare, times=rows // 4, warm=50))
    yield Figure(
        "audit",
        "An audit row in a request, p50",
        cost,
        "ms",
        floor,
        "a row without index or trigger, in the same transaction",
        cost / floor,
    )
    began = time.perf_counter()
    for _ in range(rows // 4):
        with transaction.atomic():
            look()
    yield Figure(
        "audit",
        "Audit rows a second, each in its own transaction",
        rows // 4 / (time.perf_counter() - began),
        "/s",
    )
    _fill(rows)
    began = time.perf_counter()
    done = sealing.seal_all(at=AT)
    yield Figure("audit", "Audit rows sealed a second", done.rows / (time.perf_counter() - began), "/s")
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        found = audit_check.verify(Path(folder))
    checked = sum(chain.rows for chain in found.chains)
    yield Figure("audit", "Audit rows checked a second", checked / (time.perf_counter() - began), "/s")


def _fill(rows: int) -> None:
    AuditEntry.objects.bulk_create(
        AuditEntry(at=AT, actor="A worker", action="looked", subject="family", family_id=number)
        for number in range(rows)
    )
