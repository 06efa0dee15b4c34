"""A professional's form begun and not sent: kept from page to page, found again by a code, sent once.

A draft knows nobody: it holds what was typed and no key of any record. Opened by its code (in a cookie, or
typed from a note) or by the colleague who began it while signed in. The sweep removes old ones.
"""

from __future__ import annotations

import secrets
import unicodedata
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from anydoor.access import wall
from anydoor.access.models import User
from anydoor.care.intake import Received, Told, receive
from anydoor.care.models import Draft, Referral
from anydoor.care.record import Actor
from anydoor.directory.models import Area
from anydoor.rules.errors import BadInput, WrongMoment
from anydoor.rules.reference import ALPHABET

GROUPS, GROUP = 3, 4  # 29 to the power of 12: 58 bits, with few tries an hour
MOST_BYTES = 200_000


def begin(*, kind: str, user: User | None, data: dict[str, Any], at: datetime) -> Draft:
    """A new draft with a code of its own."""
    groups = ("".join(secrets.choice(ALPHABET) for _ in range(GROUP)) for _ in range(GROUPS))
    return Draft.objects.create(
        key="-".join(groups),
        kind=kind,
        user_id=user.pk if user is not None else None,
        data=data,
        started_at=at,
        changed_at=at,
    )


def find(*, kind: str, code: str) -> Draft | None:
    """The draft of this code, however it was typed; None when there is none."""
    marks = [mark for mark in unicodedata.normalize("NFKC", code[:60]).upper() if mark in ALPHABET]
    if len(marks) != GROUPS * GROUP:
        return None
    plain = "".join(marks)
    key = "-".join(plain[at : at + GROUP] for at in range(0, len(plain), GROUP))
    return Draft.objects.filter(key=key, kind=kind).first()


def begun_by(*, kind: str, user: User) -> QuerySet[Draft]:
    """What this colleague began and did not send, newest first."""
    return Draft.objects.filter(kind=kind, user_id=user.pk, sent_reference="").order_by("-changed_at")


def keep(*, draft: Draft, part: str, typed: dict[str, Any], good: bool, at: datetime) -> Draft:
    """Keep one page as typed; `good` when nothing on it is wrong. Raises `WrongMoment` once it is sent."""
    if len(repr(typed)) > MOST_BYTES:
        raise BadInput("This is too long to keep. Please make it shorter.")
    with wall.working():
        row = Draft.objects.select_for_update().filter(pk=draft.pk).first()
        if row is None or row.sent_reference:
            raise WrongMoment("This was sent or deleted in the meantime. Nothing was changed.")
        row.data = {**row.data, part: {"typed": typed, "good": good}}
        row.changed_at = at
        row.save(update_fields=["data", "changed_at"])
        return row


def remove(*, draft: Draft) -> None:
    """Delete a draft and everything typed into it."""
    Draft.objects.filter(pk=draft.pk).delete()


def send(*, draft: Draft, told: Told, area: Area, by: Actor, at: datetime) -> Received:
    """Hand the request in, empty the draft, and keep its reference so that sending it again is the same.

    Raises `BadInput` as `receive` does, `WrongMoment` when the draft was deleted.
    """
    with wall.working():
        row = Draft.objects.select_for_update().filter(pk=draft.pk).first()
        if row is None:
            raise WrongMoment("This draft was deleted. Nothing was sent.")
        if row.sent_reference:
            return Received(Referral.objects.get(reference=row.sent_reference), already=True)
        done = receive(told=told, area=area, by=by, at=at, source_ref=f"draft:{row.pk}")
        row.sent_reference, row.data, row.changed_at = done.referral.reference, {}, at
        row.save(update_fields=["sent_reference", "data", "changed_at"])
        return done
