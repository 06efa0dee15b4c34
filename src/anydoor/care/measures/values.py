"""Thresholds as they hold for a measure: the shipped set, or what an area or a service put on top of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import F, Q

from anydoor.access import audit, wall
from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.care.models import LocalValues
from anydoor.directory.models import Area, Service
from anydoor.rules.errors import BadInput, NotFound
from anydoor.rules.instruments import values_file
from anydoor.rules.instruments.values import DEFAULTS, SHIPPED_SETS, ValueSet


def values_for(area: Area, service: Service | None = None) -> ValueSet:
    """The set in use: the service's own, else the area's, else that of everywhere here, else the shipped."""
    row = (
        LocalValues.objects.filter(ended_at__isnull=True)
        .filter(Q(area=area) | Q(area__isnull=True))
        .filter(Q(service=service) | Q(service__isnull=True) if service else Q(service__isnull=True))
        .order_by(F("service").asc(nulls_last=True), F("area").asc(nulls_last=True))
        .first()
    )
    return _of(row) if row is not None else DEFAULTS


def value_set(name: str) -> ValueSet:
    """The very set a stored measure was judged by. Raises `NotFound`."""
    if name in SHIPPED_SETS:
        return SHIPPED_SETS[name]
    row = LocalValues.objects.filter(name=name).first()
    if row is None:
        raise NotFound("There is no such set of thresholds.")
    return _of(row)


def value_sets(names: set[str]) -> dict[str, ValueSet]:
    """Several at once: one query for all that are not shipped."""
    found = {name: SHIPPED_SETS[name] for name in names if name in SHIPPED_SETS}
    rest = names - set(found)
    if rest:
        found |= {row.name: _of(row) for row in LocalValues.objects.filter(name__in=rest)}
    return found


def _of(row: LocalValues) -> ValueSet:
    return SHIPPED_SETS[row.base].replaced(row.name, values_file.from_json(row.changes))


def load_values(
    *, document: Mapping[str, Any], by: User | Outsider, at: datetime
) -> tuple[LocalValues, bool]:
    """Keep a file of thresholds and use it from now on. Returns it and whether it is new.

    Raises `BadInput` with every fault, a line each; a name that was used for other values is one.
    """
    read = values_file.read(document)
    area = _find(Area, read.area, "area")
    service = _find(Service, read.service, "service")
    changes = values_file.to_json(read.changes)
    with wall.working():
        same = LocalValues.objects.select_for_update().filter(name=read.name).first()
        if same is not None:
            if (same.base, same.changes, same.area, same.service) == (read.base, changes, area, service):
                return same, False
            raise BadInput(
                f'The name "{read.name}" was used for other values. Measures name it: take a new one.'
            )
        LocalValues.objects.filter(area=area, service=service, ended_at__isnull=True).update(ended_at=at)
        row = LocalValues.objects.create(
            name=read.name,
            base=read.base,
            changes=changes,
            area=area,
            service=service,
            loaded_at=at,
            loaded_by=audit.name_of(by)[:200],
        )
        audit.record(action="values_loaded", subject="localvalues", subject_id=row.pk, by=by, at=at)
        return row, True


def _find(model: Any, slug: str, what: str) -> Any:
    if not slug:
        return None
    found = model.objects.filter(slug=slug).first()
    if found is None:
        raise BadInput(f"{what}: there is no {what} with the short name that is written there.", field=what)
    return found
