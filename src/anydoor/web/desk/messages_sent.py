"""Page: messages of families I work with, and those sent to me: to whom, when, and why one was held back."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse

from anydoor.access.policy import check
from anydoor.care import scope
from anydoor.care.withheld import name_for
from anydoor.messages.models import CHANNELS, STATES, OutboxMessage
from anydoor.ui.times import day_time
from anydoor.web.desk.acting import family_in_full, to_family
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in

PAGE = 40
# A secret in a link opens a record without signing in: it is shown to nobody but its receiver.
SECRET = re.compile(r"(/[a-z]{1,12}/)[A-Za-z0-9_-]{20,}")
COLOURS: Mapping[str, str] = {
    "queued": "grey",
    "sending": "grey",
    "sent": "good",
    "failed": "danger",
    "held_back": "due",
    "cancelled": "grey",
}


def masked(text: str) -> str:
    """The text with the secret part of every link hidden."""
    return SECRET.sub(r"\1…", text)


@signed_in
def messages_sent(request: AnydoorRequest) -> HttpResponse:
    """Newest first; of one family with `?family=`."""
    check(request.standing, "see_home")
    back = None
    family = _number(request.GET.get("family", ""))
    if family is not None:
        care, _ = family_in_full(request, family)
        back = to_family(care)
    before = _number(request.GET.get("before", ""))
    found = scope.messages_for(
        request.standing, request.user.email, most=PAGE + 1, before=before, family_id=family
    )
    families = [message.family for message in found if message.family is not None]
    name_for(request.standing, [one.care for one in families if hasattr(one, "care")])
    base = f"?family={family}&" if back else "?"
    context = {
        "back": back,
        "rows": [_row(message, request) for message in found[:PAGE]],
        "first": reverse("desk:outbox") + (f"?family={family}" if back else "") if before is not None else "",
        "next": f"{base}before={found[PAGE - 1].pk}" if len(found) > PAGE else "",
    }
    scope.looked_at_each(
        {message.family_id for message in found[:PAGE] if message.channel != "staff" and message.family_id},
        what="see_outbox",
        by=request.user,
        at=request.at,
        why="your team works with the family",
    )
    return page(request, "desk/messages.jinja", "work", context)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _row(message: OutboxMessage, request: AnydoorRequest) -> dict[str, Any]:
    care = getattr(message.family, "care", None) if message.family else None
    return {
        "state": STATES[message.state],
        "colour": COLOURS[message.state],
        "reason": message.reason,
        "channel": CHANNELS[message.channel],
        "to": message.address,
        "subject": masked(message.subject),
        "body": masked(message.body),
        "when": day_time(message.sent_at or message.created_at, request.at),
        "sent": message.sent_at is not None,
        "family": care.title if care and message.channel != "staff" else "",
        "href": reverse("desk:family", args=[message.family_id])
        if care and message.channel != "staff"
        else "",
    }


urls = [path("messages", messages_sent, name="outbox")]
