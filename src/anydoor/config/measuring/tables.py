"""Rows on their way into a table by COPY: written as text lines, sent in blocks.

A writer names the columns it fills; every other column of the model gets its default, so that a new
column with a default changes nothing here. Keys are counted on from what the table holds.
"""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

NULL = r"\N"
BLOCK = 20_000
YES, NO = "t", "f"


class Table:
    """The lines of one table. Values are given as text, in the order of `columns`."""

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        self.name = model._meta.db_table
        self.rows = 0
        self.last = 0
        self.lines: list[str] = []
        fields = {field.attname: field for field in model._meta.concrete_fields}
        key = model._meta.pk
        assert key is not None
        self.counts = isinstance(key, models.AutoField)
        left = [
            field
            for name, field in fields.items()
            if name not in columns and not (self.counts and field is key)
        ]
        # A column with a default of its own in the database is left to it.
        left = [field for field in left if field.db_default is models.NOT_PROVIDED]
        order = [*([key.attname] if self.counts else []), *columns, *(field.attname for field in left)]
        self.columns = [str(fields[name].column) for name in order]
        self.tail = "".join(f"\t{_text(field.get_default())}" for field in left)

    def start_after(self, connection: BaseDatabaseWrapper) -> None:
        """Count on from the highest key that is there."""
        if self.counts:
            with connection.cursor() as cursor:
                cursor.execute(f'SELECT coalesce(max(id), 0) FROM "{self.name}"')  # noqa: S608  # our own table's name
                self.last = cursor.fetchone()[0]

    def add(self, *values: object) -> int:
        """One row; returns its key (0 for a table whose key is among the values)."""
        self.rows += 1
        if self.counts:
            self.last += 1
            self.lines.append("\t".join(map(str, (self.last, *values))) + self.tail)
            return self.last
        self.lines.append("\t".join(map(str, values)) + self.tail)
        return 0

    def send(self, connection: BaseDatabaseWrapper, *, at_least: int = BLOCK) -> None:
        """Copy what is waiting, if it is worth a COPY."""
        if len(self.lines) < max(at_least, 1):
            return
        words = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(self.name), sql.SQL(", ").join(map(sql.Identifier, self.columns))
        )
        with connection.cursor() as cursor, cursor.copy(words) as copy:
            copy.write("\n".join(self.lines) + "\n")
        self.lines.clear()


def _text(value: Any) -> str:
    if value is None:
        return NULL
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, list) and not value:
        return "{}"
    if isinstance(value, dict | list):
        return json.dumps(value)
    return str(value)


def listed(*words: str) -> str:
    """An array column."""
    return "{" + ",".join(f'"{word}"' for word in words) + "}"


class Calendar:
    """Moments as minutes from `at` (before it is negative), written as the database and the sort keys do."""

    def __init__(self, at: datetime) -> None:
        start = at.replace(second=0, microsecond=0)
        self.today = start.date()
        self.key = cache(lambda minutes: (start + timedelta(minutes=minutes)).strftime("%Y-%m-%dT%H:%M"))

    def moment(self, minutes: int) -> str:
        """A timestamp column (`at` is in UTC)."""
        return f"{self.key(minutes)}Z"

    def day(self, days: int) -> date:
        return self.today + timedelta(days=days)
