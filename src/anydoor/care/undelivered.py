"""A message that could not be delivered, however often it was tried, becomes somebody's to deal with."""

from __future__ import annotations

from datetime import datetime

from anydoor.access.audit import CLOCK
from anydoor.care.models import FamilyCare, Holding
from anydoor.care.record import Held, Pen, writing
from anydoor.messages.models import OutboxMessage
from anydoor.rules import working_time

UNDELIVERED = "It could not be delivered in three days."


def give_up(*, message_id: int, at: datetime) -> OutboxMessage:
    """Mark a message as not delivered; the lead holder of the family, if it is open, finds another way.

    Giving up the same message again changes nothing.
    """
    message = OutboxMessage.objects.get(pk=message_id)
    if message.family_id is None:
        OutboxMessage.objects.filter(pk=message_id, state="sending").update(
            state="failed", reason=UNDELIVERED, leased_until=None
        )
        message.refresh_from_db()
        return message
    with writing(message.family_id, by=CLOCK, at=at) as pen:
        message = OutboxMessage.objects.select_for_update(of=("self",)).get(pk=message_id)
        if message.state != "sending":
            return message
        message.state, message.reason, message.leased_until = "failed", UNDELIVERED, None
        message.save(update_fields=["state", "reason", "leased_until"])
        headline = f"{_what(message)} did not arrive."
        pen.note("message_not_delivered", headline, message.subject, subject=_held_by_lead(pen))
        ask_holder(pen, f"{headline} Find another way to reach them, and see whether what we have is right.")
        return message


def ask_holder(pen: Pen, why: str) -> None:
    """Ask the lead holder, where something is open, to find another way to reach them; once at a time."""
    thing = _held_by_lead(pen)
    if thing is None or pen.waits("message_not_delivered", thing):
        return
    assert thing.holder is not None
    assert thing.holder_team is not None
    pen.wait(
        "message_not_delivered",
        subject=thing,
        user=thing.holder,
        team=thing.holder_team,
        due_at=working_time.due_after_working_days(pen.at, 1),
        why=why,
    )


def _what(message: OutboxMessage) -> str:
    if message.person_id is not None:
        return "A text to the family" if message.channel == "text" else "An email to the family"
    return "An email to a colleague" if message.channel == "staff" else "An email to the referrer or receiver"


def _held_by_lead(pen: Pen) -> Held | None:
    """What the lead holder holds of the family; None when nothing is open."""
    lead_id = FamilyCare.objects.values_list("lead_id", flat=True).get(family=pen.family)
    row = (
        Holding.objects.filter(family=pen.family, user_id=lead_id, to_at__isnull=True)
        .select_related("referral", "episode")
        .order_by("from_at", "pk")
        .first()
    )
    return None if row is None else row.episode or row.referral
