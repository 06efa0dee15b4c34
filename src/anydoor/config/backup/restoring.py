"""Putting a backup back, into a place where nobody is yet, or trying it in a database that is thrown away."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from anydoor.access import audit_check
from anydoor.care.holders import count_holders
from anydoor.config import narrow_roles
from anydoor.config.backup import archive, programs, taking
from anydoor.messages.models import OutboxMessage

BEFORE = "anydoor_before_restore"  # the schema that steps aside until the new one is whole


class CannotRestore(Exception):
    """Nothing was changed; the message says why."""


@dataclass(slots=True)
class Restored:
    """What is there now, beside what the backup said. `differs` names tables with another number of rows."""

    made_at: str
    rows: int
    tables: int
    holders: dict[str, int]
    audit_rows: int
    audit_faults: list[str] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)
    migrated: int = 0
    same_key: bool = True
    messages_held: int = 0

    @property
    def all_well(self) -> bool:
        """Every row there, everything open held by one person, the audit as it was written."""
        wrong = ("without_holder", "with_two", "families_without_lead", "disabled_holders")
        return not (self.differs or self.audit_faults or any(self.holders[name] for name in wrong))


def restore(source: Path, *, report: Callable[[str], object]) -> Restored:
    """Put the backup into the database of the settings, which must be empty of people.

    Raises `NotABackup`, `CannotRestore`, `ProgramFailed` or `OSError`; nothing was changed then.
    """
    with _unpacked(source) as (folder, manifest):
        _refuse_what_does_not_fit(manifest)
        _refuse_a_house_with_people()
        report("The file is whole. Loading.")
        _load_aside(folder / archive.DUMP)
        migrated = _bring_up_to_date(manifest)
        same_key = _put_files(folder, manifest)
        report("Loaded. Checking.")
        found = _check(manifest, settings.AUDIT_FOLDER)
        found.migrated, found.same_key = migrated, same_key
        found.messages_held = _hold_messages()
        return found


def _hold_messages() -> int:
    """What waited to leave when the backup was made may have left since, or not be safe any more."""
    waiting = OutboxMessage.objects.filter(state__in=["queued", "sending"]).exclude(channel="staff")
    return waiting.update(
        state="held_back",
        leased_until=None,
        reason="It waited in a backup that was restored, and may have been sent since. Look whether it is "
        "still right and safe, then write again.",
    )


def drill(source: Path, *, report: Callable[[str], object]) -> Restored:
    """Load the backup into a database of its own on the same server, check it, and take it away again.

    Raises as `restore`, and when the account may not make databases.
    """
    with _unpacked(source) as (folder, manifest):
        _refuse_what_does_not_fit(manifest)
        narrow_roles.make()
        with _database_of_its_own() as name:
            report(f"The file is whole. Loading into the database {name}, for this drill alone.")
            programs.run("pg_restore", *_load_words(folder / archive.DUMP, name), database=name)
            migrated = _bring_up_to_date(manifest)
            heads = folder / "audit"
            heads.mkdir()
            for audit_file in taking.AUDIT_FILES:
                if (folder / f"audit-{audit_file}").is_file():
                    shutil.copyfile(folder / f"audit-{audit_file}", heads / audit_file)
            report("Loaded. Checking.")
            found = _check(manifest, heads)
            found.migrated, found.same_key = migrated, manifest.key_print == taking.key_print()
            return found


@contextmanager
def _unpacked(source: Path) -> Iterator[tuple[Path, archive.Manifest]]:
    if not source.is_file():
        raise CannotRestore(f"There is no file {source}.")
    with tempfile.TemporaryDirectory(prefix="anydoor-restore-") as folder:
        yield Path(folder), archive.unpack(source, Path(folder))


def _refuse_what_does_not_fit(manifest: archive.Manifest) -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {f"{app}.{name}" for app, name in loader.disk_migrations}
    rooms = {name.split(".")[0] for name in ours}
    unknown = [name for name in manifest.migrations if name not in ours and name.split(".")[0] in rooms]
    if unknown:
        raise CannotRestore(
            f"This backup was made by a newer Anydoor ({unknown[0]} is not known here). "
            "Install that version, then try again."
        )
    if manifest.server_version > programs.server_major():
        raise CannotRestore(
            f"This backup was made on PostgreSQL {manifest.server_version}; "
            f"here is {programs.server_major()}, which is older."
        )


PEOPLE = ("access_user", "people_family", "people_person")


def _refuse_a_house_with_people() -> None:
    with connection.cursor() as cursor:
        for table in PEOPLE:
            cursor.execute("SELECT to_regclass(%s)", [f"public.{table}"])
            if (cursor.fetchone() or (None,))[0] is None:
                continue
            cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 from the tuple above
            (count,) = cursor.fetchone() or (0,)
            if count:
                raise CannotRestore(
                    f"This database holds people already ({count} rows in {table}). Nothing was changed. "
                    "Restore into an empty one: set ANYDOOR_HOME to an empty folder, or DATABASE_URL."
                )


def _load_words(dump: Path, database: str) -> list[str]:
    return [
        "--single-transaction",
        "--exit-on-error",
        "--no-owner",
        "--no-privileges",
        f"--dbname={database}",
        str(dump),
    ]


def _load_aside(dump: Path) -> None:
    """Load in one transaction beside what is there, which comes back when the load fails."""
    narrow_roles.make()
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {BEFORE} CASCADE")
        cursor.execute(f"ALTER SCHEMA public RENAME TO {BEFORE}")
        cursor.execute("CREATE SCHEMA public")
    try:
        programs.run("pg_restore", *_load_words(dump, str(connection.settings_dict["NAME"])))
    except programs.ProgramFailed:
        with connection.cursor() as cursor:
            cursor.execute("DROP SCHEMA public CASCADE")
            cursor.execute(f"ALTER SCHEMA {BEFORE} RENAME TO public")
        raise
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA {BEFORE} CASCADE")
    # Prepared statements and types of the old schema are of no use any more.
    connection.close()


@contextmanager
def _database_of_its_own() -> Iterator[str]:
    """A new database on the same server, to which the connection is turned meanwhile."""
    name, ours = f"anydoor_drill_{os.getpid()}", str(connection.settings_dict["NAME"])
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        yield name
    finally:
        connection.close()
        connection.settings_dict["NAME"] = ours
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def _bring_up_to_date(manifest: archive.Manifest) -> int:
    """Apply the migrations that came after the backup; returns how many."""
    call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        (applied,) = cursor.fetchone() or (0,)
    return int(applied) - len(manifest.migrations)


def _put_files(folder: Path, manifest: archive.Manifest) -> bool:
    """Lay the audit's heads and keys where they belong, what was there set aside. Returns whether the secret
    key is the backup's: that of the home is put back, one from the environment is the owner's to give."""
    settings.AUDIT_FOLDER.mkdir(parents=True, exist_ok=True)
    for name in taking.AUDIT_FILES:
        target, source = settings.AUDIT_FOLDER / name, folder / f"audit-{name}"
        if target.exists():
            target.replace(target.with_name(f"{name}.before-restore"))
        if source.is_file():
            _copy_private(source, target)
    if os.environ.get("ANYDOOR_SECRET_KEY", "").strip() or not (folder / taking.SECRET_KEY).is_file():
        return manifest.key_print == taking.key_print()
    _copy_private(folder / taking.SECRET_KEY, settings.HOME / taking.SECRET_KEY)
    return True


def _copy_private(source: Path, target: Path) -> None:
    draft = target.with_name(f".{target.name}.new")
    draft.touch(mode=0o600)
    shutil.copyfile(source, draft)
    draft.replace(target)


def _check(manifest: archive.Manifest, heads: Path) -> Restored:
    there = taking.count_tables()
    audit = audit_check.verify(heads)
    chains = taking.chains()
    faults = [fault.words for fault in audit.faults]
    faults += [
        f"The chain of organisation {key} ends elsewhere than in the backup."
        for key, end in manifest.chains.items()
        if chains.get(key) != end
    ]
    return Restored(
        made_at=manifest.made_at,
        rows=sum(there.values()),
        tables=len(there),
        holders=asdict(count_holders()),
        audit_rows=sum(chain.rows for chain in audit.chains),
        audit_faults=faults,
        differs=[
            f"{table}: {there.get(table, 0):,} rows, {count:,} in the backup"
            for table, count in manifest.tables.items()
            if there.get(table, 0) != count
        ],
    )
