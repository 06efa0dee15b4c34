"""Reading histories: what changed from what to what, when it was written, and who did it.

A history keeps what a row said before; what it said after is what the next row of the history says of it, or
what the row says now. Both are put together in the database, over as many tables as are asked for, newest
first and a page at a time.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, models
from django.db.models import Q
from psycopg import sql

from anydoor.access.history import ADDED, KEPT, REMOVED, Kept, column_of, field_of
from anydoor.access.models import AuditEntry

# Whose histories: a table, the field that is asked for, and its values.
Wanted = tuple[type[models.Model], str, Collection[int]]


@dataclass(frozen=True, slots=True)
class Changed:
    """One row that was added, changed or removed. `before` and `after` hold what differs, by field.

    A row that was added has nothing before, one that was removed nothing after. `said` is the whole row as
    the history keeps it. `number` counts all changes of all tables in the order they were written;
    `written_at` is when their transaction began.
    """

    number: int
    model: type[models.Model]
    row_id: int
    label: str
    transaction: int
    written_at: datetime
    said: Mapping[str, Any]
    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def fields(self) -> list[str]:
        """What differs, in the order of the table."""
        return [name for name in KEPT[self.model].fields if name in self.before or name in self.after]


def read(wanted: Iterable[Wanted], *, before: int | None = None, most: int) -> list[Changed]:
    """What changed in the rows asked for, newest first: at most `most`, from behind number `before` on."""
    asked = [(KEPT[model], whose, list(values)) for model, whose, values in wanted if values]
    if not asked:
        return []
    query = sql.SQL(
        "SELECT * FROM ({}) AS every WHERE %s::bigint IS NULL OR pgh_id < %s ORDER BY pgh_id DESC LIMIT %s"
    ).format(sql.SQL(" UNION ALL ").join([_of_one(number, *one[:2]) for number, one in enumerate(asked)]))
    values = [value for one in asked for value in (one[2], one[2])]
    with connection.cursor() as cursor:
        cursor.execute(query, [*values, before, before, most])
        rows = cursor.fetchall()
    return [_changed(asked[row[0]][0], row) for row in rows]


def _of_one(number: int, table: Kept, whose: str) -> sql.Composed:
    """The rows of one history, each with what it says and what was said next."""
    columns = [column_of(table.model, name) for name in table.fields]
    said = sql.SQL("(SELECT to_jsonb(s) FROM (SELECT {}) AS s)")
    return sql.SQL(
        "SELECT {number} AS kind, c.pgh_id, c.pgh_label, c.transaction, c.pgh_created_at, c.row_id, c.says,"
        " CASE WHEN c.pgh_label = 'changed' THEN coalesce(c.next_says,"
        "  (SELECT to_jsonb(s) FROM (SELECT {live} FROM {table} t WHERE t.{key} = c.row_id) AS s)) END"
        " FROM (SELECT h.*, h.{key} AS row_id, {says} AS says,"
        "  lead({says}) OVER (PARTITION BY h.{key} ORDER BY h.pgh_id) AS next_says"
        "  FROM {changes} h"
        "  WHERE h.{key} IN (SELECT {key} FROM {changes} WHERE {whose} = ANY(%s))) AS c"
        " WHERE c.{whose} = ANY(%s)"
    ).format(
        number=sql.Literal(number),
        live=sql.SQL(", ").join([sql.Identifier("t", one) for one in columns]),
        table=sql.Identifier(table.model._meta.db_table),
        changes=sql.Identifier(table.changes._meta.db_table),
        key=sql.Identifier(column_of(table.model, table.key)),
        whose=sql.Identifier(column_of(table.model, whose)),
        says=said.format(sql.SQL(", ").join(sql.SQL("h.{}").format(sql.Identifier(one)) for one in columns)),
    )


def _changed(table: Kept, row: Sequence[Any]) -> Changed:
    _, number, label, transaction, written_at, row_id, says, says_next = row
    said, then = _said(table, says), _said(table, says_next)
    first: Mapping[str, Any] = said
    if label == ADDED:
        first, then = {}, _told(first)
    elif label == REMOVED:
        first = _told(first)
    else:
        differs = {name for name in then if then[name] != first[name]}
        first = {name: first[name] for name in differs}
        then = {name: then[name] for name in differs}
    return Changed(number, table.model, row_id, label, transaction, written_at, said, first, then)


def _said(table: Kept, text: str | None) -> dict[str, Any]:
    """What a row said, as the fields of its table give it; nothing when the row is gone."""
    if text is None:
        return {}
    told, found = json.loads(text), {}
    for name in table.fields:
        field = field_of(table.model, name)
        value = told[column_of(table.model, name)]
        plain = isinstance(field, (models.DateField, models.TimeField, models.BooleanField))
        found[name] = field.to_python(value) if plain and value is not None else value
    return found


def _told(said: Mapping[str, Any]) -> dict[str, Any]:
    """What there is to tell of a row that came or went: all that is not empty."""
    return {name: value for name, value in said.items() if value not in (None, "", [], {})}


def who_did(changes: Iterable[Changed], *, family_id: int | None = None) -> dict[int, AuditEntry]:
    """By the number of a change, the audit row of the transaction that made it.

    Where a transaction wrote several, the one about this family, and a deed before a look. A change that is
    not here was made by a hand outside this software, or before the audit knew its transactions.
    """
    known = list(changes)
    moments = {(one.transaction, one.written_at) for one in known}
    if not moments:
        return {}
    # One after the other, because an index of ranges is asked for moments and not for a list of them.
    where = Q()
    for transaction, written_at in moments:
        where |= Q(transaction=transaction, written_at=written_at)
    found: dict[tuple[int | None, datetime | None], AuditEntry] = {}
    rows = AuditEntry.objects.filter(where, allowed=True).order_by("pk")
    for row in sorted(rows, key=lambda row: (row.family_id != family_id, row.action.startswith("see_"))):
        found.setdefault((row.transaction, row.written_at), row)
    return {
        one.number: found[one.transaction, one.written_at]
        for one in known
        if (one.transaction, one.written_at) in found
    }
