"""Taking a backup while everybody works: one snapshot for the counts and the dump."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from dataclasses import asdict
from datetime import datetime
from importlib.metadata import version
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from anydoor.access.audit_heads import newest_seals
from anydoor.care.holders import count_holders
from anydoor.config.backup import archive, programs

# Rows that mean nothing elsewhere: who is signed in, jobs that are by the clock anyway, what is only kept to
# be quick. Their tables come along empty.
LEFT_OUT = ("procrastinate_*", "django_session", "usersessions_usersession", "config_cache")
# Beside the database, if they are there.
AUDIT_FILES = ("heads.jsonl", "newest.jsonl", "signing.pub", "signing.key")
SECRET_KEY = "secret-key"  # noqa: S105 the name of a file


def take(target: Path, *, at: datetime) -> archive.Manifest:
    """Write a backup to `target`, whole or not at all. Raises `ProgramFailed` or `OSError`."""
    with tempfile.TemporaryDirectory(prefix=".anydoor-backup-", dir=target.parent) as folder:
        # Before the snapshot: a head signed after it would speak of seals that the dump does not hold.
        members = _keep_files(Path(folder))
        dump = Path(folder) / archive.DUMP
        if connection.in_atomic_block:
            raise RuntimeError("A backup has a transaction of its own.")
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone() or ("",)
            manifest = _manifest(at)
            programs.run("pg_dump", *_dump_words(dump, str(snapshot)))
        archive.write(target, manifest, {archive.DUMP: dump, **members})
    return manifest


def _dump_words(dump: Path, snapshot: str) -> list[str]:
    left_out = [f"--exclude-table-data=public.{name}" for name in LEFT_OUT]
    return [
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        f"--snapshot={snapshot}",
        f"--file={dump}",
        *left_out,
    ]


def _manifest(at: datetime) -> archive.Manifest:
    return archive.Manifest(
        made_at=at.isoformat(),
        anydoor=version("anydoor"),
        server_version=programs.server_major(),
        migrations=sorted(
            f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations()
        ),
        tables=count_tables(),
        holders=asdict(count_holders()),
        chains=chains(),
        key_print=key_print(),
    )


def count_tables() -> dict[str, int]:
    """Rows by table, of every table of our own rooms."""
    counted = {}
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            if model.__module__.startswith("anydoor.") and not model._meta.proxy and model._meta.managed:
                table = model._meta.db_table
                cursor.execute(f"SELECT count(*) FROM {connection.ops.quote_name(table)}")  # noqa: S608 our own
                (counted[table],) = cursor.fetchone() or (0,)
    return dict(sorted(counted.items()))


def chains() -> dict[str, list[object]]:
    """By organisation key: number and head of the last seal."""
    return {str(seal.organisation_key): [seal.number, bytes(seal.head).hex()] for seal in newest_seals()}


def key_print() -> str:
    """Tells whether two places have the same secret key, without telling the key."""
    return hashlib.sha256(b"anydoor backup " + settings.SECRET_KEY.encode()).hexdigest()[:16]


def _keep_files(folder: Path) -> dict[str, Path]:
    """Copies what is kept beside the database, as it is now."""
    sources = {f"audit-{name}": settings.AUDIT_FOLDER / name for name in AUDIT_FILES}
    sources[SECRET_KEY] = settings.HOME / SECRET_KEY
    kept = {}
    for name, source in sources.items():
        if source.is_file():
            shutil.copyfile(source, folder / name)
            kept[name] = folder / name
    return kept
