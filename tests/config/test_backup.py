"""A backup taken while people write is whole, comes back whole, and a spoilt one touches nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tarfile
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import IntegrityError, connection, connections
from tests.world import World, build

from anydoor.access import audit
from anydoor.access.models import AuditEntry, User
from anydoor.config.backup import archive, restoring, taking
from anydoor.messages import outbox
from anydoor.messages.models import OutboxMessage
from anydoor.people.history import PersonChange
from anydoor.people.models import Person

NOW = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)


@pytest.fixture
def world(transactional_db: None, settings: object, tmp_path: Path) -> World:
    settings.AUDIT_FOLDER = tmp_path / "audit"
    return build()


def silent(words: str) -> None:
    """Nobody listens."""


def test_taken_while_somebody_writes_it_holds_one_moment(world: World, tmp_path: Path) -> None:
    """The counts in the manifest and the rows in the dump are of the same snapshot."""
    stop, wrote = threading.Event(), []

    def write() -> None:
        try:
            while not stop.is_set():
                audit.record(
                    action="looked", subject="family", subject_id=1, family_id=1, by=audit.VISITOR, at=NOW
                )
                wrote.append(1)
        finally:
            connections.close_all()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        call_command("backup", str(tmp_path / "a.backup"), verbosity=0)
    finally:
        stop.set()
        writer.join()
    found = restoring.drill(tmp_path / "a.backup", report=silent)
    assert found.all_well, (found.differs, found.audit_faults)
    assert wrote
    assert AuditEntry.objects.count() >= found.audit_rows
    assert (tmp_path / "a.backup").stat().st_mode & 0o077 == 0


def test_a_drill_leaves_the_house_as_it_was(world: World, tmp_path: Path) -> None:
    call_command("backup", str(tmp_path / "a.backup"), verbosity=0)
    before = User.objects.count()
    assert restoring.drill(tmp_path / "a.backup", report=silent).all_well
    assert User.objects.count() == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'anydoor_drill_%%'")
        assert cursor.fetchone() == (0,)


def test_a_house_with_people_is_not_restored_into(world: World, tmp_path: Path) -> None:
    call_command("backup", str(tmp_path / "a.backup"), verbosity=0)
    with pytest.raises(restoring.CannotRestore, match="holds people already"):
        restoring.restore(tmp_path / "a.backup", report=silent)


def test_a_file_that_is_there_is_not_written_over(world: World, tmp_path: Path) -> None:
    (tmp_path / "a.backup").write_text("last week's")
    with pytest.raises(CommandError, match="there already"):
        call_command("backup", str(tmp_path / "a.backup"), verbosity=0)
    assert (tmp_path / "a.backup").read_text() == "last week's"


def cut(at: float) -> Callable[[Path], None]:
    def spoil(path: Path) -> None:
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * at)])

    return spoil


def flipped(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 0x40
    path.write_bytes(bytes(content))


def another_tar(path: Path) -> None:
    with tarfile.open(path, "w") as tar:
        tar.addfile(tarfile.TarInfo("etc/passwd"))


def from_the_future(path: Path) -> None:
    _rewrite(path, lambda told: told["migrations"].append("care.9999_not_yet"))


def of_another_format(path: Path) -> None:
    _rewrite(path, lambda told: told.update(format=99))


def with_a_way_out(path: Path) -> None:
    _rewrite(path, lambda told: told["members"].update({"../../out": [0, ""]}))


def that_names_more_than_it_holds(path: Path) -> None:
    _rewrite(path, lambda told: told["members"].update({"more": [10**15, ""]}))


def with_a_length_below_nothing(path: Path) -> None:
    _rewrite(path, lambda told: told["members"].update({"less": [-1, ""]}))


def with_a_thousand_parts(path: Path) -> None:
    _rewrite(path, lambda told: told["members"].update({f"part{n}": [0, ""] for n in range(1000)}))


def that_swells(path: Path) -> None:
    """A part that says it has a gigabyte of noughts, of which nothing is in the file."""
    _rewrite(path, lambda told: told["members"].update({"swollen": [2**30, ""]}))
    with tarfile.open(path, "a") as tar:
        hole = tarfile.TarInfo("swollen")
        hole.pax_headers = {"GNU.sparse.map": "", "GNU.sparse.size": str(2**30), "GNU.sparse.numblocks": "0"}
        tar.addfile(hole)


def _rewrite(path: Path, change: Callable[[dict], object]) -> None:
    with tarfile.open(path) as tar:
        members = [(member, tar.extractfile(member).read()) for member in tar.getmembers()]
    import io

    with tarfile.open(path, "w") as tar:
        for member, content in members:
            if member.name == archive.MANIFEST:
                told = json.loads(content)
                change(told)
                content = json.dumps(told).encode()
                member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


@pytest.mark.parametrize(
    "spoil",
    [
        cut(0.0),
        cut(0.02),
        cut(0.5),
        cut(0.99),
        flipped,
        another_tar,
        from_the_future,
        of_another_format,
        with_a_way_out,
        that_names_more_than_it_holds,
        with_a_length_below_nothing,
        with_a_thousand_parts,
        that_swells,
        lambda path: path.write_text("hello"),
        lambda path: path.unlink(),
    ],
)
def test_a_spoilt_file_is_refused_before_anything_is_touched(
    world: World, tmp_path: Path, spoil: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.backup"
    taking.take(path, at=NOW)
    spoil(path)

    def nothing(*words: str, **more: str) -> None:
        raise AssertionError("a program was run")

    monkeypatch.setattr("anydoor.config.backup.programs.run", nothing)
    with pytest.raises((archive.NotABackup, restoring.CannotRestore)):
        restoring.drill(path, report=silent)


def test_a_disk_without_room_is_told_before_anything_is_laid_out(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, folder = tmp_path / "a.backup", tmp_path / "beside"
    taking.take(path, at=NOW)
    folder.mkdir()
    monkeypatch.setattr("shutil.disk_usage", lambda where: SimpleNamespace(free=1000))
    with pytest.raises(archive.NotABackup, match="not enough room"):
        archive.unpack(path, folder)
    assert list(folder.iterdir()) == []


STILL_DUE = """
from datetime import UTC, datetime
from anydoor.messages.models import OutboxMessage as M
due = M.objects.due(datetime(2026, 4, 1, tzinfo=UTC)).exclude(channel="staff")
print(list(due), M.objects.get(key="waits").state)
"""


def test_into_an_empty_place_with_holders_and_audit_clean(world: World, tmp_path: Path) -> None:
    audit.record(action="looked", subject="family", subject_id=1, by=world.tom, at=NOW)
    outbox.to_address(
        address="rosie@family.example", subject="s", body="b", template="t", key="waits", at=NOW
    )
    call_command("backup", str(tmp_path / "a.backup"), verbosity=0)

    def anydoor(*words: str) -> str:
        environment = {**os.environ, "ANYDOOR_HOME": str(tmp_path / "home"), "DATABASE_URL": ""}
        done = subprocess.run(
            [sys.executable, "-m", "anydoor", *words],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    told = json.loads(anydoor("restore", str(tmp_path / "a.backup"), "--json").splitlines()[-1])
    assert told["all_well"]
    assert told["audit_rows"] == AuditEntry.objects.count()
    # What waited may have left since the backup was made, or be safe no more: the worker sends none of it.
    assert told["messages_held"] == OutboxMessage.objects.exclude(channel="staff").count() == 1
    sent_now = anydoor("shell", "--no-imports", "-c", STILL_DUE)
    assert sent_now.strip().splitlines()[-1] == "[] held_back"
    assert "as it was written" in anydoor("audit", "verify")
    anydoor("holders")
    # and it goes on from there: what is sealed next follows from what was sealed before
    assert "0 rows sealed" in anydoor("audit", "seal")


def test_histories_come_back_with_the_triggers_that_keep_them(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = Person.objects.create(name="Ann")
    Person.objects.filter(pk=ann.pk).update(name="Anna")
    history = PersonChange._default_manager
    (last,) = history.values_list("pgh_id", flat=True)
    call_command("backup", str(tmp_path / "a.backup"), verbosity=0)
    Person.objects.filter(pk=ann.pk).update(name="Hanna")  # after it
    check, found = restoring._check, {}

    def look_inside(*about: object) -> restoring.Restored:
        """What a restored house does with its histories."""
        answer = check(*about)  # counts every table first: nothing was written twice on the way in
        found["before"] = list(history.values_list("pgh_id", "name"))
        Person.objects.filter(pk=ann.pk).update(name="Annabel")
        found["after"] = list(history.order_by("pgh_id").values_list("name", flat=True))
        found["numbers"] = list(history.order_by("pgh_id").values_list("pgh_id", flat=True))
        with pytest.raises(IntegrityError, match="only added"):
            history.update(name="Forged")
        return answer

    monkeypatch.setattr(restoring, "_check", look_inside)
    assert restoring.drill(tmp_path / "a.backup", report=silent).all_well
    assert found["before"] == [(last, "Ann")]
    assert found["after"] == ["Ann", "Anna"]
    assert found["numbers"][1] > last
