"""What opens the page of a request: a signed ticket in the address and a cookie in the browser, both.

The ticket alone (in a history, over a shoulder, forwarded) opens nothing, and a reference opens nothing at
all. Both end after a day; the Exit button ends them at once.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

SALT = "anydoor.public.ticket"
LASTS = 24 * 60 * 60
COOKIE = "__Host-anydoor-asked" if settings.PRODUCTION else "anydoor-asked"


@dataclass(frozen=True, slots=True)
class Ticket:
    """A request (its id) and the page it was written from, when that was another area's (its slug)."""

    referral_id: int
    came_from: str = ""


def browser_key(request: HttpRequest) -> str:
    """The secret this browser holds, or a new one; give it to `remember`."""
    held = request.COOKIES.get(COOKIE, "")
    return held if len(held) == 43 else secrets.token_urlsafe(32)


def remember(response: HttpResponse, key: str) -> None:
    """Leave the secret in the browser, for a day."""
    response.set_cookie(
        COOKIE, key, max_age=LASTS, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def issue(ticket: Ticket, key: str) -> str:
    """The signed text for the address."""
    return signing.dumps([ticket.referral_id, ticket.came_from, _fingerprint(key)], salt=SALT)


def read(request: HttpRequest, text: str) -> Ticket | None:
    """The ticket, when it is ours, not a day old, and this is the browser it was given to."""
    try:
        referral_id, came_from, fingerprint = signing.loads(text, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if not constant_time_compare(fingerprint, _fingerprint(request.COOKIES.get(COOKIE, ""))):
        return None
    return Ticket(referral_id, came_from)


def _fingerprint(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()[:24]
