"""The outbox: what is to be sent, written in the transaction of the verb that caused it."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from anydoor.people.models import Family, Person

CHANNELS = {"text": "Text", "email": "Email", "staff": "Email to staff"}
STATES = {
    "queued": "Waiting to be sent",
    "sending": "Being sent",
    "sent": "Sent",
    "failed": "Not delivered",
    "held_back": "Held back",
    "cancelled": "Cancelled",
}


def channels() -> list[tuple[str, str]]:
    return list(CHANNELS.items())


def message_states() -> list[tuple[str, str]]:
    return list(STATES.items())


class OutboxQuerySet(models.QuerySet["OutboxMessage"]):
    def due(self, at: datetime) -> OutboxQuerySet:
        """Those to send at `at`: their time has come, and nobody holds them, or nobody any longer."""
        return (
            self.filter(state__in=["queued", "sending"], not_before__lte=at)
            .filter(Q(leased_until__isnull=True) | Q(leased_until__lte=at))
            .order_by("not_before", "pk")
        )


class OutboxMessage(models.Model):
    """One message to one address. `key` makes it the same message however often it is asked for.

    `held_back` with `reason` is what becomes of a message that is not safe to send: kept, shown to
    staff, never sent.
    """

    key = models.CharField(max_length=200, unique=True)
    channel = models.CharField(max_length=10, choices=channels)
    address = models.CharField(max_length=254)
    subject = models.CharField(max_length=200, blank=True, default="")
    body = models.TextField()
    template = models.CharField(max_length=60)
    about_baby = models.BooleanField(default=False)
    family = models.ForeignKey(Family, null=True, on_delete=models.PROTECT, related_name="messages")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="messages")
    area_id = models.BigIntegerField(null=True)
    state = models.CharField(max_length=10, default="queued", choices=message_states)
    reason = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    # A worker that dies leaves its lease to run out; the message is then taken up again.
    leased_until = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True, blank=True)

    objects = OutboxQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["not_before"],
                condition=Q(state__in=["queued", "sending"]),
                name="outbox_to_send",
            ),
            models.Index(fields=["family", "-created_at"], name="outbox_by_family"),
            models.Index(fields=["address", "-id"], condition=Q(channel="staff"), name="outbox_to_staff"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="message_state_known"),
            models.CheckConstraint(condition=Q(channel__in=list(CHANNELS)), name="channel_known"),
            models.CheckConstraint(
                condition=~Q(state="sent") | Q(sent_at__isnull=False),
                name="sent_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="held_back") | ~Q(reason=""),
                name="held_back_says_why",
            ),
        ]
