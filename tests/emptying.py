"""Empties the database after a test that committed: what Django's `flush` does, a hundred times lighter.

`flush` truncates every table, which gives each of more than a hundred a new file, and then writes content
types and permissions again. Here the rows are deleted, with triggers and foreign keys asleep, and those two
tables stay.
"""

from __future__ import annotations

from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction
from django.test import TransactionTestCase

# Written when the database is made, and the same for every test.
KEPT = {"django_content_type", "auth_permission"}
flush = TransactionTestCase._fixture_teardown


def empty(test: Any) -> None:
    """Stands in for `TransactionTestCase._fixture_teardown`."""
    if set(connections) != {DEFAULT_DB_ALIAS} or not _may_sleep():
        flush(test)
        return
    found = connection.introspection.django_table_names(only_existing=True, include_views=False)
    tables = [connection.ops.quote_name(name) for name in sorted(found) if name not in KEPT]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL ROLE NONE")
        # As a truncation would: wait for whoever still writes, a page that a closed browser had asked for.
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN EXCLUSIVE MODE")
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("; ".join(f"DELETE FROM {table}" for table in tables))  # noqa: S608  # our own tables


def _may_sleep() -> bool:
    """Only the owner of the whole server may put triggers to sleep."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = session_user")
        row = cursor.fetchone()
    return row is not None and bool(row[0])
