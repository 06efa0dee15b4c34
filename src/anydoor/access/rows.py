"""Storing many new rows of many kinds in one statement.

A request for help is fifteen rows in a dozen tables. Written one by one they cost fifteen round trips, and
building each statement costs more than running it. Here the statement of each model is built once and all go
to the database together, as one INSERT with the others before it in WITH. Foreign keys are checked at commit,
so rows may point at each other in any order.

Rows that others point at need their keys beforehand: `next_keys` fetches them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import Field, Model


def next_keys(*kinds: type[Model], also: str = "") -> list[int]:
    """The next key of each of these models' tables, in order; first the next number of sequence `also`."""
    wanted = [also] if also else []
    calls = ["nextval(%s)"] * len(wanted) + ["nextval(pg_get_serial_sequence(%s, 'id'))"] * len(kinds)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(calls)}", [*wanted, *(kind._meta.db_table for kind in kinds)])
        return list(cursor.fetchone() or ())


def insert(rows: Iterable[Model]) -> None:
    """Store new rows, all or none. Those without a key get one, which is not read back.

    No `save` is called and no signal sent: for plain rows whose fields are all set.
    """
    groups: dict[tuple[type[Model], bool], list[Model]] = {}
    for row in rows:
        groups.setdefault((type(row), row.pk is not None), []).append(row)
    statements: list[str] = []
    values: list[Any] = []
    for (kind, with_key), group in groups.items():
        begin, one, fields = _statement(kind, with_key)
        statements.append(begin + ", ".join([one] * len(group)))
        for row in group:
            values += [field.get_db_prep_save(field.pre_save(row, True), connection) for field in fields]
    if not statements:
        return
    *before, last = statements
    together = ", ".join(f"kind_{number} AS ({text})" for number, text in enumerate(before))
    with connection.cursor() as cursor:
        cursor.execute(f"WITH {together} {last}" if before else last, values)
    for group in groups.values():
        for row in group:
            row._state.adding, row._state.db = False, connection.alias


@cache
def _statement(kind: type[Model], with_key: bool) -> tuple[str, str, Sequence[Field[Any, Any]]]:
    """`INSERT INTO … VALUES `, the marks of one row, and the fields they stand for."""
    fields = [
        field
        for field in kind._meta.concrete_fields
        if (with_key or not field.primary_key) and not _is_filled_in(field)
    ]
    name = connection.ops.quote_name
    columns = ", ".join(name(str(field.column)) for field in fields)
    marks = [
        # An array says its type; whatever it holds, the mark is the same.
        field.get_placeholder(None, None, connection) if hasattr(field, "get_placeholder") else "%s"
        for field in fields
    ]
    # Only names of our own tables and columns are put into the text; what people wrote goes as values.
    begin = f"INSERT INTO {name(kind._meta.db_table)} ({columns}) VALUES "  # noqa: S608 see above
    return begin, f"({', '.join(marks)})", fields


def _is_filled_in(field: Field[Any, Any]) -> bool:
    """Whether the database fills this column in, and nobody else does."""
    return field.has_db_default() and not field.editable
