"""The audit shows what was done to it behind the software's back: each way of doing it is tried here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Model
from hypothesis import given
from hypothesis import strategies as st
from tests.world import World, build

from anydoor.access import audit, audit_check, audit_heads, sealing
from anydoor.access.models import AuditEntry, AuditSeal
from anydoor.access.sealing import seal_all, waiting_rows
from anydoor.rules import audit_chain

NOW = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
DIGEST = st.binary(min_size=32, max_size=32)


@pytest.fixture
def world(db: None) -> World:
    made = build()
    seal_all(at=NOW)
    return made


def looked(world: World, times: int = 1, **facts: object) -> list[int]:
    """Somebody of the front door looks at family 7; returns the numbers of the rows."""
    before = set(AuditEntry.objects.values_list("pk", flat=True))
    for _ in range(times):
        audit.record(
            action="looked", subject="family", subject_id=7, family_id=7, by=world.tom, at=NOW, **facts
        )
    return sorted(set(AuditEntry.objects.values_list("pk", flat=True)) - before)


def behind_its_back(statement: str, *values: object) -> None:
    """As somebody with the database's password would: triggers off, change, triggers on."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in ("access_auditentry", "access_auditseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        for table in ("access_auditentry", "access_auditseal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def kinds(folder: Path) -> list[tuple[str, int | None]]:
    return [(fault.kind, fault.entry_id) for fault in audit_check.verify(folder).faults]


def test_what_was_sealed_is_found_as_it_was_written(world: World, tmp_path: Path) -> None:
    looked(world, 3)
    assert waiting_rows() == 3
    done = seal_all(at=NOW)
    assert (done.rows, done.seals, waiting_rows()) == (3, 1, 0)
    audit_heads.sign(tmp_path, at=NOW)
    found = audit_check.verify(tmp_path)
    assert found.all_well
    assert found.heads == 2 * len(found.chains)  # each in the lasting file and in the newest
    assert sum(chain.rows for chain in found.chains) == AuditEntry.objects.count()


def test_rows_sealed_by_an_older_form_are_checked_by_it_and_the_chain_goes_on(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked(world, 2)
    with monkeypatch.context() as then:
        then.setattr(audit_chain, "NEWEST_FORM", 1)
        seal_all(at=NOW)
    looked(world, 2)
    seal_all(at=NOW)
    forms = AuditSeal.objects.order_by("pk").values_list("form", flat=True)
    assert list(forms)[-2:] == [1, 2]
    assert audit_check.verify(tmp_path).all_well


def test_a_row_belongs_to_the_organisation_of_who_acted_and_a_visitors_to_none(world: World) -> None:
    (mine,) = looked(world)
    assert AuditEntry.objects.get(pk=mine).organisation == world.tom.memberships.get().team.organisation
    audit.record(action="asked", subject="referral", subject_id=1, by=audit.VISITOR, at=NOW)
    assert AuditEntry.objects.latest("pk").organisation is None


@pytest.mark.parametrize(
    "change",
    [
        "why = 'another reason'",
        "at = at + interval '1 second'",
        "family_id = 8",
        "allowed = false",
        "user_id = NULL",
        "transaction = transaction + 1",
        "written_at = written_at - interval '1 second'",
    ],
)
def test_a_changed_row_is_named(world: World, tmp_path: Path, change: str) -> None:
    _, second, _ = looked(world, 3)
    seal_all(at=NOW)
    behind_its_back(f"UPDATE access_auditentry SET {change} WHERE id = %s", second)  # noqa: S608
    assert kinds(tmp_path) == [("tampered", second)]


def test_a_missing_row_is_named(world: World, tmp_path: Path) -> None:
    first, _ = looked(world, 2)
    seal_all(at=NOW)
    behind_its_back("DELETE FROM access_auditentry WHERE id = %s", first)
    assert kinds(tmp_path) == [("missing", first)]


def test_rows_that_changed_places_are_named_as_moved(world: World, tmp_path: Path) -> None:
    (first,) = looked(world, why="one")
    (second,) = looked(world, why="two")
    seal_all(at=NOW)
    behind_its_back(
        "UPDATE access_auditentry SET why = CASE why WHEN 'one' THEN 'two' ELSE 'one' END"
        " WHERE id IN (%s, %s)",
        first,
        second,
    )
    assert kinds(tmp_path) == [("reordered", first), ("reordered", second)]


def test_a_row_slipped_in_is_named_and_one_that_waits_is_not(world: World, tmp_path: Path) -> None:
    (real,) = looked(world)
    behind_its_back(
        "INSERT INTO access_auditentry (at, actor, action, subject, purpose, allowed, why)"
        " VALUES (%s, 'x', 'looked', 'family', 'direct_care', true, '')",
        NOW,
    )
    false = AuditEntry.objects.latest("pk").pk
    found = audit_check.verify(tmp_path)
    assert [(fault.kind, fault.entry_id) for fault in found.faults] == [("unsealed", false)]
    assert found.waiting == 1
    assert real != false


def test_a_cut_tail_is_named_by_what_was_signed(world: World, tmp_path: Path) -> None:
    kept, cut = looked(world, 1), None
    seal_all(at=NOW)
    (cut,) = looked(world)
    seal_all(at=NOW)
    audit_heads.sign(tmp_path, at=NOW)
    behind_its_back("DELETE FROM access_auditseal WHERE %s = ANY (entries)", cut)
    behind_its_back("DELETE FROM access_auditentry WHERE id = %s", cut)
    assert {kind for kind, _ in kinds(tmp_path)} == {"cut_tail"}
    assert AuditEntry.objects.filter(pk__in=kept).exists()


def test_a_cut_is_named_still_when_more_was_sealed_and_signed_within_the_hour(
    world: World, tmp_path: Path
) -> None:
    looked(world)
    seal_all(at=NOW)
    audit_heads.sign(tmp_path, at=NOW)
    (cut,) = looked(world)
    seal_all(at=NOW)
    audit_heads.sign(tmp_path, at=NOW + timedelta(minutes=5))
    behind_its_back("DELETE FROM access_auditseal WHERE %s = ANY (entries)", cut)
    behind_its_back("DELETE FROM access_auditentry WHERE id = %s", cut)
    looked(world)
    seal_all(at=NOW)
    for minute in (6, 7):
        audit_heads.sign(tmp_path, at=NOW + timedelta(minutes=minute))
        assert kinds(tmp_path) == [("broken_seal", None)]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ("DELETE FROM access_auditseal WHERE number = 2", "missing_seal"),
        ("UPDATE access_auditseal SET previous = sha256('x') WHERE number = 2", "broken_seal"),
        ("UPDATE access_auditseal SET head = sha256('x') WHERE number = 2", "broken_seal"),
        ("UPDATE access_auditseal SET form = 99 WHERE number = 2", "broken_seal"),
    ],
)
def test_a_seal_that_was_changed_or_taken_is_named(
    world: World, tmp_path: Path, change: str, kind: str
) -> None:
    for _ in range(3):
        looked(world)
        seal_all(at=NOW)
    behind_its_back(change)
    assert kind in {found for found, _ in kinds(tmp_path)}


def test_a_chain_rewritten_whole_is_told_by_what_was_signed(world: World, tmp_path: Path) -> None:
    """Row changed, then every digest and head worked out anew: only what is outside the database knows."""
    (row,) = looked(world)
    seal_all(at=NOW)
    audit_heads.sign(tmp_path, at=NOW)
    behind_its_back("DELETE FROM access_auditseal")
    behind_its_back("UPDATE access_auditentry SET why = 'nothing to see' WHERE id = %s", row)
    behind_its_back(
        "INSERT INTO access_auditunsealed SELECT id FROM access_auditentry ON CONFLICT DO NOTHING"
    )
    seal_all(at=NOW)
    assert {kind for kind, _ in kinds(tmp_path)} == {"broken_seal"}


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: text.replace('"number": ', '"number": 1'),
        lambda text: text.replace('"head": "', '"head": "00'),
        lambda text: "not a line\n" + text,
    ],
)
def test_a_spoilt_head_is_named(world: World, tmp_path: Path, spoil: Callable[[str], str]) -> None:
    looked(world)
    seal_all(at=NOW)
    audit_heads.sign(tmp_path, at=NOW)
    heads = tmp_path / "heads.jsonl"
    heads.write_text(spoil(heads.read_text()))
    assert "bad_head" in {kind for kind, _ in kinds(tmp_path)}


def test_heads_without_their_key_are_said_not_skipped(world: World, tmp_path: Path) -> None:
    looked(world)
    seal_all(at=NOW)
    audit_heads.sign(tmp_path, at=NOW)
    (tmp_path / "signing.pub").unlink()
    assert kinds(tmp_path) == [("bad_head", None)]


def test_the_lasting_file_grows_once_an_hour_and_the_newest_each_time(world: World, tmp_path: Path) -> None:
    looked(world)
    seal_all(at=NOW)
    assert audit_heads.sign(tmp_path, at=NOW) > 0
    looked(world)
    seal_all(at=NOW)
    assert audit_heads.sign(tmp_path, at=NOW + timedelta(minutes=59)) == 0
    assert audit_heads.sign(tmp_path, at=NOW + timedelta(minutes=60)) == 1  # of the one that moved
    assert audit_check.verify(tmp_path).all_well


def test_many_rows_are_sealed_in_turns(world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "ROWS_A_SEAL", 4)
    looked(world, 10)
    assert seal_all(at=NOW) == sealing.Sealed(rows=10, seals=3)
    assert AuditSeal.objects.filter(organisation_key__gt=0).count() >= 3
    assert audit_check.verify(tmp_path).all_well


@pytest.mark.parametrize("model", [AuditEntry, AuditSeal])
def test_rows_of_the_audit_and_its_seals_are_only_added(world: World, model: type[Model]) -> None:
    looked(world)
    seal_all(at=NOW)
    with pytest.raises(IntegrityError, match="only added"), transaction.atomic():
        model.objects.all().delete()


@given(DIGEST, st.lists(st.integers(1, 2**40), min_size=1, unique=True), st.data())
def test_a_head_changes_with_everything_it_binds(
    previous: bytes, entries: list[int], data: st.DataObject
) -> None:
    digests = b"".join(data.draw(DIGEST) for _ in entries)
    told = audit_chain.head(previous, 1, 1, 1, entries, digests)
    spoilt = bytearray(digests)
    spoilt[data.draw(st.integers(0, len(spoilt) - 1))] ^= 1
    others = {
        audit_chain.head(bytes(32) if previous != bytes(32) else bytes([1] * 32), 1, 1, 1, entries, digests),
        audit_chain.head(previous, 2, 1, 1, entries, digests),
        audit_chain.head(previous, 1, 2, 1, entries, digests),
        audit_chain.head(previous, 1, 1, 1, [*entries[:-1], entries[-1] + 1], digests),
        audit_chain.head(previous, 1, 1, 1, entries, bytes(spoilt)),
    }
    assert len(others) == 5
    assert told not in others
