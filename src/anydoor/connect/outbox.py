"""Draining the outbox: each message is taken under a lease, looked at once more, carried, and marked.

A worker that is killed leaves its lease to run out, and the message is taken up again by the next: it goes
out at least once, and carriers that know a message by its id make that exactly once. Two workers never hold
the same message.
"""

from __future__ import annotations

import logging
import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from anydoor.care.undelivered import give_up
from anydoor.connect.carriers import Carrier, carrier
from anydoor.messages import outbox
from anydoor.messages.models import OutboxMessage
from anydoor.rules.errors import OutsideFailed
from anydoor.rules.safe_contact import send_not_before

log = logging.getLogger("anydoor.connect")

LEASE = timedelta(seconds=60)
# Well inside the lease of the message in hand; the next run goes on from there.
LONGEST_RUN_SECONDS = 30.0
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60))
GIVE_UP_AFTER = timedelta(hours=72)
LIMIT = 500


@dataclass(frozen=True, slots=True)
class Drained:
    """How many messages went out, wait for another try, were given up, or were held back at the last."""

    sent: int = 0
    put_off: int = 0
    given_up: int = 0
    held_back: int = 0


def drain(*, at: datetime, limit: int = LIMIT) -> Drained:
    """Send what is due at `at`, one by one, at most `limit`. Safe beside another worker, and to run again."""
    began = time.monotonic()
    by = carrier()
    counts = {"sent": 0, "put_off": 0, "given_up": 0, "held_back": 0}
    for _ in range(limit):
        passed = time.monotonic() - began
        if passed > LONGEST_RUN_SECONDS:
            break
        now = at + timedelta(seconds=passed)
        message = _take(now)
        if message is None:
            break
        counts[_deal_with(message, by, now)] += 1
    return Drained(**counts)


def _take(at: datetime) -> OutboxMessage | None:
    """The next message that is due, leased to us; those that another worker holds are passed over."""
    with transaction.atomic():
        message = (
            OutboxMessage.objects.due(at)
            .select_for_update(of=("self",), skip_locked=True)
            .select_related("person", "family")
            .first()
        )
        if message is not None:
            message.state, message.leased_until = "sending", at + LEASE
            message.tries += 1
            message.save(update_fields=["state", "leased_until", "tries"])
    return message


def _deal_with(message: OutboxMessage, by: Carrier, at: datetime) -> str:
    """Send a message that is ours for the time of the lease; one word for what became of it."""
    reason = outbox.why_not_now(message, at=at)
    if reason is not None:
        _mark(message, state="held_back", reason=reason)
        return "held_back"
    morning = send_not_before(at) if message.person_id is not None else at
    if morning > at:
        # Not a try: the hour was wrong, not the address.
        _mark(message, state="queued", not_before=morning, tries=message.tries - 1)
        return "put_off"
    if message.tries > 1 and at - message.created_at > GIVE_UP_AFTER:
        return _give_up(message, at)
    try:
        by.carry(message)
    except OutsideFailed as problem:
        log.warning("message not carried", extra={"fields": {"id": message.pk, "try": message.tries}})
        again = at + WAITS[min(message.tries, len(WAITS)) - 1]
        if again - message.created_at > GIVE_UP_AFTER:
            return _give_up(message, at)
        _mark(message, state="queued", not_before=again, reason=problem.message)
        return "put_off"
    _mark(message, state="sent", sent_at=at, reason="")
    return "sent"


def _give_up(message: OutboxMessage, at: datetime) -> str:
    give_up(message_id=message.pk, at=at)
    return "given_up"


def _mark(message: OutboxMessage, **facts: object) -> None:
    """Say what became of it, if it is still ours: nobody took it up after the lease ran out."""
    OutboxMessage.objects.filter(pk=message.pk, state="sending", tries=message.tries).update(
        leased_until=None, **facts
    )
