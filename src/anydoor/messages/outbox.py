"""Writing to the outbox. Called by verbs, inside their transaction; `connect` sends later.

What may be sent is decided here, when it is written, and again just before it is sent: a number can
become unsafe, and a loss can happen, in between.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from anydoor.access.models import User
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import Family


def full_address(path: str) -> str:
    """A link that works from outside: the address this installation is reached by, and a path."""
    return f"{settings.ANYDOOR_ADDRESS}{path}"


def to_staff(
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
    """An e-mail to a colleague. Holds a reference and a link, never what a family told us."""
    message, _ = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={
            "channel": "staff",
            "address": user.email,
            "subject": subject,
            "body": body,
            "template": template,
            "family": family,
            "area_id": area_id,
            "created_at": at,
            "not_before": at,
        },
    )
    return message


def to_address(
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
    """An e-mail to a professional without an account (a referrer, a receiver outside). No story in it."""
    message, _ = OutboxMessage.objects.get_or_create(
        key=key,
        defaults={
            "channel": "email",
            "address": address,
            "subject": subject,
            "body": body,
            "template": template,
            "family": family,
            "area_id": area_id,
            "created_at": at,
            "not_before": at,
        },
    )
    return message
