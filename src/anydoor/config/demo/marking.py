"""Whether this database holds the demo, and emptying it: only when it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.apps import apps
from django.conf import settings
from django.db import connection

from anydoor.access.models import User
from anydoor.config.models import DemoLoad
from anydoor.people.models import Family
from anydoor.rules.errors import WrongMoment

OURS = ("access", "people", "directory", "messages", "care")
# What people leave behind by signing in.
LIBRARIES = ("sessions", "account", "usersessions", "mfa", "socialaccount")
LOCK = 7_202_601  # one load at a time


def refuse_in_production() -> None:
    """The demo never runs where real families may be."""
    if settings.PRODUCTION:
        raise WrongMoment("The demo does not run in production. Nothing was changed.")


def loaded() -> DemoLoad | None:
    """The finished load, or None when there is none, or it was interrupted."""
    return DemoLoad.objects.filter(finished_at__isnull=False).order_by("-pk").first()


def is_empty() -> bool:
    """Whether nobody is here at all."""
    return not (DemoLoad.objects.exists() or User.objects.exists() or Family.objects.exists())


def refuse_what_is_not_ours() -> None:
    """A database with people in it that no demo put there is left alone."""
    if not DemoLoad.objects.exists() and not is_empty():
        raise WrongMoment(
            "This database holds accounts or families that are not the demo's. Nothing was changed. "
            "Use another one: set ANYDOOR_HOME to an empty folder, or DATABASE_URL."
        )


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Refuse a second load beside a running one; the lock goes with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        row = cursor.fetchone()
    if row is None or not row[0]:
        raise WrongMoment("The demo is being loaded already, by another process. Nothing was changed.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def empty() -> None:
    """Take away everything, and begin counting anew. Call `refuse_what_is_not_ours` first."""
    tables = [
        model._meta.db_table
        for label in (*OURS, *LIBRARIES)
        for model in apps.get_app_config(label).get_models(include_auto_created=True)
    ]
    tables.append(DemoLoad._meta.db_table)
    names = ", ".join(connection.ops.quote_name(table) for table in sorted(set(tables)))
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {names} RESTART IDENTITY CASCADE")
        cursor.execute("ALTER SEQUENCE care_reference_seq RESTART")
