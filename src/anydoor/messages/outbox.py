"""Writing to the outbox. Called by verbs, inside their transaction; `connect` sends later.

What may be sent is decided here, when it is written, and again just before it is sent: a number can
become unsafe, and a loss can happen, in between.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.conf import settings

from anydoor.access.models import User
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import ContactPoint, Family, Person
from anydoor.rules.safe_contact import UNSAFE, Message, Point, send_not_before, why_not_send
from anydoor.rules.stage import Child, stage
from anydoor.rules.working_time import in_london


def full_address(path: str) -> str:
    """A link that works from outside: the address this installation is reached by, and a path."""
    return f"{settings.ANYDOOR_ADDRESS}{path}"


def post(*messages: OutboxMessage) -> None:
    """Write messages. One whose key is there already is the same message, and is left as it is."""
    OutboxMessage.objects.bulk_create(messages, ignore_conflicts=True)


def for_staff(
    *,
    user: User,
    subject: str,
    body: str,
    template: str,
    key: str,
    at: datetime,
    family: Family | None = None,
    area_id: int | None = None,
) -> OutboxMessage:
    """An e-mail to a colleague, to be posted. Holds a reference and a link, never what a family told us."""
    return OutboxMessage(
        key=key,
        channel="staff",
        address=user.email,
        subject=subject,
        body=body,
        template=template,
        family=family,
        area_id=area_id,
        created_at=at,
        not_before=at,
    )


def for_address(
    *,
    address: str,
    subject: str,
    body: str,
    template: str,
    key: str,
    at: datetime,
    family: Family | None = None,
    area_id: int | None = None,
) -> OutboxMessage:
    """An e-mail to a professional without an account, to be posted. No story in it."""
    return OutboxMessage(
        key=key,
        channel="email",
        address=address,
        subject=subject,
        body=body,
        template=template,
        family=family,
        area_id=area_id,
        created_at=at,
        not_before=at,
    )


def to_staff(**facts: Any) -> None:
    """Post what `for_staff` makes of the same words."""
    post(for_staff(**facts))


def to_address(**facts: Any) -> None:
    """Post what `for_address` makes of the same words."""
    post(for_address(**facts))


def for_person(
    *,
    person: Person,
    template: str,
    body: str,
    key: str,
    at: datetime,
    family: Family,
    area_id: int,
    purpose: str = "",
    about_baby: bool = False,
    points: Sequence[ContactPoint] | None = None,
) -> OutboxMessage:
    """A message to somebody of a family, to be posted: queued to a safe way to reach them, else held back.

    `body` must be fit for anybody to read: no service that says what it is about, nothing of a story.
    `purpose` is the subject of an e-mail. `points` are the ways to reach them, when they were read already.
    A text comes before an e-mail; nothing goes out in quiet hours.
    """
    if points is None:
        points = list(ContactPoint.objects.filter(person=person, ended_at__isnull=True).order_by("pk"))
    may_say = _may_say(family, at) if about_baby else MaySay(True, False)
    point, channel, reason = _choose(points, about_baby, may_say)
    return OutboxMessage(
        key=key,
        channel=channel,
        address=point.value if point is not None else "",
        subject=purpose,
        body=body,
        template=template,
        about_baby=about_baby,
        family=family,
        person=person,
        area_id=area_id,
        state="held_back" if reason else "queued",
        reason=reason,
        created_at=at,
        not_before=send_not_before(at),
    )


def to_person(**facts: Any) -> OutboxMessage:
    """Post what `for_person` makes of the same words, and say what became of it."""
    message = for_person(**facts)
    post(message)
    return message


NO_WAY = "We have no number or address for them."
NO_LONGER = "This number or address was taken away after the message was written."


class MaySay(NamedTuple):
    """Whether anything about a baby may be sent, and whether a person decides that first."""

    says_baby: bool
    ask_first: bool


def _choose(
    points: Sequence[ContactPoint], about_baby: bool, may_say: MaySay
) -> tuple[ContactPoint | None, str, str]:
    """The way to use with its channel and no reason; or the likeliest way, and why it may not be used."""
    refused: tuple[ContactPoint | None, str, str] = (None, "text", NO_WAY)
    for channel in ("text", "email"):
        for point in points:
            if (point.kind == "email") != (channel == "email"):
                continue
            reason = _why_not(point, channel, about_baby, may_say)
            if reason is None:
                return point, channel, ""
            if refused[0] is None:
                refused = (point, channel, reason)
    return refused


def _why_not(point: ContactPoint, channel: str, about_baby: bool, may_say: MaySay) -> str | None:
    return why_not_send(
        Point(
            kind=point.kind,
            safe=point.safe,
            uses=point.uses,
            hours=point.hours,
            ended=point.ended_at is not None,
        ),
        Message(use="email" if channel == "email" else "text", neutral=True, about_baby=about_baby),
        says_baby=may_say.says_baby,
        ask_first=may_say.ask_first,
    )


def _may_say(family: Family, at: datetime) -> MaySay:
    children = [
        Child(due_on=row.due_on, born_on=row.born_on, lost_on=row.lost_on, loss_kind=row.loss_kind)
        for row in Person.objects.filter(
            memberships__family=family,
            memberships__role__in=["baby", "child"],
            memberships__left_at__isnull=True,
        )
    ]
    found = stage(children, on=in_london(at).date())
    return MaySay(found.says_baby, found.ask_first)


def why_not_now(message: OutboxMessage, *, at: datetime) -> str | None:
    """Asked again just before sending: a number can become unsafe, a loss can happen. None: it may go."""
    if message.person is None or message.family is None:
        return None
    point = (
        ContactPoint.objects.filter(person=message.person, value=message.address)
        .order_by("-ended_at", "-pk")
        .first()
    )
    if point is None:
        return NO_LONGER
    if ContactPoint.objects.filter(value=message.address, safe="no", ended_at__isnull=True).exists():
        # Whoever said so may be another person: what counts is who may hold the telephone.
        return UNSAFE
    may_say = _may_say(message.family, at) if message.about_baby else MaySay(True, False)
    return _why_not(point, message.channel, message.about_baby, may_say)
