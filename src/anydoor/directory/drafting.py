"""An edit of an entry, page by page, before it is sent: everything typed is kept, also what is wrong.

`EntryDraft.typed` is `{"content": ..., "wrong": {part: what was typed}}`: the content as far as it is sound,
and the pages that had faults, as they were typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from anydoor.access.models import User
from anydoor.access.policy import Facts, check, standing_of
from anydoor.directory import content as contents
from anydoor.directory.content import Content
from anydoor.directory.difference import merge
from anydoor.directory.models import Area, EntryDraft, Service, ServiceVersion
from anydoor.directory.versions import (
    content_at,
    facts_of_entry,
    keep_current,
    locked,
    propose,
    whole,
    withdraw,
)
from anydoor.rules.errors import BadInput, WrongMoment
from anydoor.rules.working_time import london_day

MOST_BYTES = 200_000
GONE = "This was sent or deleted in the meantime. Nothing was changed."


def begin(*, service: Service, by: User, at: datetime) -> EntryDraft:
    """The edit of this entry that somebody has begun, or a new one from what the entry says now."""
    with transaction.atomic():
        row = locked(service.pk)
        check(standing_of(by, london_day(at)), "edit_entry", facts_of_entry(row))
        draft = EntryDraft.objects.filter(user=by, service=row).first()
        if draft is not None:
            return draft
        number = keep_current(row, at=at)
        return _new(by, row.area, row, contents.content_of(row), number, at)


def begin_new(*, area: Area, by: User, at: datetime) -> EntryDraft:
    """A new entry from nothing."""
    check(standing_of(by, london_day(at)), "add_entry", Facts(area_team_id=area.front_door_id))
    return _new(by, area, None, contents.empty(area), 0, at)


def take_back(*, version: ServiceVersion, by: User, at: datetime) -> EntryDraft:
    """Take one's own proposal back to change it."""
    with transaction.atomic():
        row = withdraw(version=version, by=by, at=at)
        if row.service_id is not None:
            EntryDraft.objects.filter(user=by, service_id=row.service_id).delete()
        return _new(by, row.area, row.service, whole(row.content), row.based_on, at, row.restores)


def _new(
    by: User,
    area: Area,
    service: Service | None,
    content: Content,
    based_on: int,
    at: datetime,
    restores: int | None = None,
) -> EntryDraft:
    return EntryDraft.objects.create(
        user=by,
        area=area,
        service=service,
        based_on=based_on,
        restores=restores,
        typed={"content": content, "wrong": {}},
        started_at=at,
        changed_at=at,
    )


def begun_by(user: User) -> QuerySet[EntryDraft]:
    """What somebody began and did not send, newest first."""
    return EntryDraft.objects.filter(user=user).select_related("service", "area").order_by("-changed_at")


def content_in(draft: EntryDraft) -> Content:
    """What the edit says so far, where it is sound."""
    return whole(draft.typed["content"])


def wrong_in(draft: EntryDraft) -> Mapping[str, Mapping[str, list[str]]]:
    """Pages that had faults, as they were typed."""
    return dict(draft.typed.get("wrong", {}))


def keep(*, draft: EntryDraft, part: str, said: Mapping[str, Any], at: datetime) -> EntryDraft:
    """Keep a page that is sound: `said` are the fields of the content it sets."""
    unknown = set(said) - set(contents.FIELDS)
    if unknown:
        raise BadInput(f"An entry has no {', '.join(sorted(unknown))[:60]}.")
    with transaction.atomic():
        row = _mine(draft)
        wrong = {name: typed for name, typed in row.typed.get("wrong", {}).items() if name != part}
        return _save(row, {"content": {**row.typed["content"], **said}, "wrong": wrong}, at)


def keep_wrong(*, draft: EntryDraft, part: str, typed: Mapping[str, list[str]], at: datetime) -> EntryDraft:
    """Keep a page with faults as it was typed. What cannot be kept at all is left out."""
    with transaction.atomic():
        row = _mine(draft)
        wrong = {**row.typed.get("wrong", {}), part: dict(typed)}
        return _save(row, {"content": row.typed["content"], "wrong": wrong}, at)


def _save(row: EntryDraft, typed: dict[str, Any], at: datetime) -> EntryDraft:
    if len(repr(typed)) > MOST_BYTES:
        raise BadInput("This is too long to keep. Please make it shorter.")
    row.typed, row.changed_at = typed, at
    row.save(update_fields=["typed", "changed_at"])
    return row


def _mine(draft: EntryDraft) -> EntryDraft:
    row = EntryDraft.objects.select_for_update().filter(pk=draft.pk).first()
    if row is None:
        raise WrongMoment(GONE)
    return row


def catch_up(*, draft: EntryDraft, at: datetime) -> tuple[str, ...]:
    """Lay the edit on top of what was approved meanwhile; the labels of what both changed."""
    with transaction.atomic():
        row = _mine(draft)
        if row.service is None:
            return ()
        service = locked(row.service.pk)
        number = keep_current(service, at=at)
        base = content_at(service, row.based_on)
        merged, both = merge(base, contents.content_of(service), content_in(row))
        row.based_on = number
        row.save(update_fields=["based_on"])
        _save(row, {**row.typed, "content": merged}, at)
        return both


def drop(*, draft: EntryDraft) -> None:
    """Delete an edit and all that was typed into it."""
    EntryDraft.objects.filter(pk=draft.pk).delete()


def send(*, draft: EntryDraft, why: str, by: User, at: datetime) -> ServiceVersion:
    """Propose what the edit says, and empty it. Raises as `propose`; `WrongMoment` when it was sent."""
    with transaction.atomic():
        row = _mine(draft)
        if wrong_in(row):
            raise BadInput("One page has something that cannot be kept yet. Put it right first.")
        version = propose(
            service=row.service,
            area=row.area,
            content=content_in(row),
            based_on=row.based_on,
            why=why,
            by=by,
            at=at,
            restores=row.restores,
        )
        row.delete()
        return version
