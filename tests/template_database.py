"""One migrated database, and the database of every worker is its copy: migrating takes a third of a minute.

It is made anew when any migration changed, and kept beside the others for the next run.
"""

from __future__ import annotations

import fcntl
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.db import connection

NAMED = "anydoor_tests_"


def ready() -> str:
    """Its name; made first when it is not there. Another process that wants it waits meanwhile."""
    name = NAMED + _digest()
    with _alone(), connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [NAMED])
        there = {row[0] for row in cursor.fetchall()}
        if name not in there:
            for old in there:
                cursor.execute(f"DROP DATABASE {connection.ops.quote_name(old)} WITH (FORCE)")
            making = f"{name}_making"
            _make(making)
            quoted = map(connection.ops.quote_name, (making, name))
            cursor.execute("ALTER DATABASE {} RENAME TO {}".format(*quoted))
    return name


def _make(name: str) -> None:
    """As Django makes a test database, under another name."""
    own, wanted = connection.settings_dict["NAME"], connection.settings_dict["TEST"]["NAME"]
    connection.settings_dict["TEST"]["NAME"] = name
    try:
        connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    finally:
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = own
        connection.settings_dict["TEST"]["NAME"] = wanted


def _digest() -> str:
    """Of every migration of every app."""
    found = hashlib.sha256()
    for app in apps.get_app_configs():
        for file in sorted(Path(app.path, "migrations").glob("*.py")):
            found.update(f"{app.label}/{file.name}".encode() + file.read_bytes())
    return found.hexdigest()[:16]


@contextmanager
def _alone() -> Iterator[None]:
    """One process of this home at a time."""
    home = Path(settings.HOME)
    home.mkdir(parents=True, exist_ok=True)
    with (home / "tests.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
