"""Row history: what a row said before it changed, kept by triggers of the database (django-pghistory).

`kept` gives a table a history of its own. Whoever changes a row, by a verb, by `QuerySet.update`, in bulk or
by hand, leaves what it said before: no verb can forget it. A row of a history is:

- *changed*, *removed*: what the row said before. What it says now is in the table itself, so that a row that
  never changes costs nothing, and rows older than the history lose nothing.
- *added*: what it said at first; only of tables that give somebody a way in (`giving`), where the giving
  itself is what will be asked about.

Who did it is not written here: the audit row of the same transaction says so. Both carry the number of their
transaction and the time at which it began, filled in by the database, so that no statement is added and none
rewritten. A row with no audit beside it was changed by a hand outside this software.

Rows are only added; a trigger sees to it. Those of families go with an erasure (`care.rights`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pghistory
from django.db import models
from django.db.models import Func, Value
from pghistory.models import Event

from anydoor.access.models import (
    THIS_TRANSACTION,
    ApiToken,
    Declaration,
    Membership,
    Organisation,
    PersonalSight,
    Team,
    User,
)

ADDED, CHANGED, REMOVED = "added", "changed", "removed"


class Change(Event):
    """What every history has: its number in the order of all changes of all tables, and its transaction."""

    pgh_id = models.BigIntegerField(
        primary_key=True, db_default=Func(Value("access_changes"), function="nextval")
    )
    transaction = models.BigIntegerField(db_default=THIS_TRANSACTION)

    class Meta:
        abstract = True


@dataclass(frozen=True, slots=True)
class Kept:
    """A table with a history: `key` names the row, `whose` the field by which a history is asked for."""

    model: type[models.Model]
    changes: type[models.Model]
    key: str
    whose: str
    fields: tuple[str, ...]


KEPT: dict[type[models.Model], Kept] = {}


def kept(
    model: type[models.Model], fields: str, *, whose: str = "", giving: bool = False, name: str = ""
) -> type[models.Model]:
    """Keep the history of a table's `fields` (names with spaces between), and return the model of it.

    It is called `<Model>Change` and has the same columns by the same names, the table's own key among them.
    All are plain, so that a history outlives what it speaks of; `whose` (the key, unless named) is indexed.
    """
    key = model._meta.pk.name
    names = (key, *(one for one in fields.split() if one != key))
    trackers: list[pghistory.RowEvent] = [
        pghistory.UpdateEvent(CHANGED, row="OLD", trigger_name=CHANGED),
        pghistory.DeleteEvent(REMOVED, trigger_name=REMOVED),
    ]
    if giving:
        trackers.append(pghistory.InsertEvent(ADDED, trigger_name=ADDED))
    changes = pghistory.create_event_model(
        model,
        *trackers,
        fields=list(names),
        obj_field=None,  # type: ignore[arg-type]  # as its own words say; its types do not
        context_field=None,  # type: ignore[arg-type]  # as above
        model_name=f"{name or model.__name__}Change",
        base_model=Change,
        attrs=_numbers(model, names, whose or key),
        meta={"default_permissions": ()},
        abstract=False,
    )
    KEPT[model] = Kept(model, changes, key, whose or key, names)
    return changes


def _numbers(
    model: type[models.Model], names: Iterable[str], whose: str
) -> dict[str, models.BigIntegerField[Any, Any]]:
    """Keys and links as plain numbers: nothing is bound by them."""
    found = {}
    for name in names:
        field = field_of(model, name)
        if isinstance(field, (models.ForeignKey, models.AutoField)) or name == whose:
            found[name] = models.BigIntegerField(
                null=bool(field.null), db_column=column_of(model, name), db_index=name == whose
            )
    return found


def column_of(model: type[models.Model], name: str) -> str:
    """The column of a field."""
    return str(field_of(model, name).column)


def field_of(model: type[models.Model], name: str) -> models.Field[Any, Any]:
    """A field that has a column of its own. Raises `FieldDoesNotExist`."""
    field = model._meta.get_field(name)
    assert isinstance(field, models.Field)
    return field


# ---- who works where, who may see, and who has a way in
OrganisationChange = kept(Organisation, "slug name kind ods_code")
TeamChange = kept(Team, "organisation slug name kind phone text_number email opens closes lead fallback")
# Never the password; when somebody signed in is in the audit.
UserChange = kept(User, "email name job_title phone text_number is_active closed_at", giving=True)
MembershipChange = kept(
    Membership, "user team role started_on ended_on given_by ended_by", whose="user", giving=True
)
ApiTokenChange = kept(ApiToken, "name user team created_at ended_at", whose="user", giving=True)
PersonalSightChange = kept(PersonalSight, "user family_id level why until", whose="family_id", giving=True)
DeclarationChange = kept(Declaration, "user kind words at ended_at", whose="user")
