"""What a session may be for, in words, and what the bar says of it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from anydoor.access.policy import Standing, may_work_for
from anydoor.access.purposes import CARE, DIRECT_CARE, PURPOSES
from anydoor.ui.forms import Choice
from anydoor.web.shell import AnydoorRequest

HINTS = {
    "direct_care": "You see the families you work with. Every session begins with this.",
    "safeguarding": "You see the same families, and it is kept that you looked to keep somebody safe.",
    "service_management": "Rotas, colleagues, entries and numbers. No record of a family.",
    "audit": "Who looked at what, and emergencies to review. No record of a family.",
    "subject_access": "Requests by people a record is about, holds and erasures. No other page of a record.",
}


def choices(who: Standing) -> list[Choice]:
    """What this person may say, direct care first."""
    return [Choice(key, words, HINTS[key]) for key, words in PURPOSES.items() if may_say(who, key)]


def may_say(who: Standing, purpose: str) -> bool:
    """An emergency is said by opening one, and in no other way."""
    return purpose in HINTS and may_work_for(who, purpose)


def bar(request: AnydoorRequest) -> dict[str, Any] | None:
    """What the bar says of it: nothing while it is direct care."""
    purpose = request.standing.purpose
    if purpose == DIRECT_CARE:
        return None
    back = f"?{urlencode({'back': request.path})}" if request.method == "GET" else ""
    return {"words": PURPOSES[purpose], "shut": purpose not in CARE, "href": reverse("desk:purpose") + back}
