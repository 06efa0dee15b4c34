"""What the two narrow roles may do to each table; said anew after every migration and every restore."""

from __future__ import annotations

from typing import Any

from django.db import connection

from anydoor.access.wall import PAGES, WORK

ROLES = f"{PAGES}, {WORK}"
# No rows of anybody: names of our own alone are put into these words.
ONLY_ADDED = "access_auditentry, access_auditseal"
# Who sees what: written by verbs alone.
FOR_VERBS = "care_sight, access_personalsight, access_membership"
# Ways in, made by verbs and commands alone.
WAYS_IN = "access_apitoken, access_firstlink"
# What waits for the sealer, which runs with the worker: noted by a trigger, and taken off by nobody else.
WAITS_FOR_SEALER = "access_auditunsealed"
GRANTS = f"""
    GRANT USAGE ON SCHEMA public TO {ROLES};
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {ROLES};
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {ROLES};
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {ROLES};
    REVOKE UPDATE, DELETE, TRUNCATE ON {ONLY_ADDED} FROM {ROLES};
    REVOKE INSERT, UPDATE, DELETE ON {FOR_VERBS} FROM {PAGES};
    REVOKE INSERT ON {WAYS_IN} FROM {PAGES};
    REVOKE UPDATE, DELETE ON {WAITS_FOR_SEALER} FROM {ROLES};
    REVOKE INSERT, UPDATE, DELETE ON django_migrations FROM {ROLES};
"""  # noqa: S608 names of our own alone


def make() -> None:
    """Make the roles where they are missing, as the migration does: a dump names them and does not hold them.

    Raises `django.db.Error` when this account may not.
    """
    with connection.cursor() as cursor:
        for role in (PAGES, WORK):
            cursor.execute("SELECT FROM pg_roles WHERE rolname = %s", [role])
            if cursor.fetchone() is None:
                cursor.execute(f"CREATE ROLE {role} NOLOGIN")
                cursor.execute(f"GRANT {role} TO CURRENT_USER")


def grant(**_: Any) -> None:
    """Let both roles read and write rows, and no more: no table is changed, no audit row or seal either.

    Called with the arguments of `post_migrate`, of which none matters.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_regclass('public.access_auditseal') IS NOT NULL AND EXISTS ("
            "SELECT FROM pg_roles WHERE rolname = %s)",
            [WORK],
        )
        (there,) = cursor.fetchone() or (False,)
        if there:
            cursor.execute(GRANTS)
