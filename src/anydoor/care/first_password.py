"""The first password of an account that a colleague made: by a one-time link, at most 72 hours old.

No password is ever made up and sent. Whoever can read the work address sets their own, once; then the second
step is asked for as of everybody.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.db.models import QuerySet

from anydoor.access import audit, sessions, wall
from anydoor.access.audit import Outsider
from anydoor.access.models import FirstLink, User
from anydoor.messages import outbox
from anydoor.rules.errors import BadInput, NotFound, WrongMoment
from anydoor.rules.working_time import moment_in_words

HOURS = 72
LINK_PATH = "/sign-in/first/"
GONE = (
    "This link does not open anything any more. It works once and for three days. Ask the colleague who "
    "added you for another, or use “forgotten password” on the sign-in page."
)


def digest_of(secret: str) -> str:
    """What is kept of a link's secret."""
    return hashlib.sha256(secret.encode()).hexdigest()


def send_link(*, user: User, words: str, by: User, at: datetime) -> FirstLink:
    """Send somebody without a password the link to set one; an earlier link ends. `words` say what it is for.

    Raises `WrongMoment` when the account is closed or has a password.
    """
    with wall.working():
        row, link = make_link(user=user, by=by, at=at)
        outbox.to_staff(
            user=row.user,
            subject="Your account: set a password",
            body=(
                f"{words} Set your password here: {link} "
                f"The link works once, until {moment_in_words(row.expires_at)}. After that ask {by.name} for "
                "another. If this is not for you, do nothing: the link opens nothing by itself."
            ),
            template="first_password",
            key=f"first_password:{row.pk}",
            at=at,
        )
    return row


def make_link(*, user: User, by: User | Outsider, at: datetime) -> tuple[FirstLink, str]:
    """A new link, with its whole address, for the caller to hand over. Raises as `send_link` does."""
    with wall.working():
        locked = User.objects.select_for_update().get(pk=user.pk)
        if not locked.is_active:
            raise WrongMoment(f"{locked.name}'s account is closed.")
        if locked.has_usable_password():
            raise WrongMoment(f"{locked.name} has set a password. Nothing was sent.")
        FirstLink.objects.filter(user=locked, used_at__isnull=True, ended_at__isnull=True).update(ended_at=at)
        secret = secrets.token_urlsafe(32)
        row = FirstLink.objects.create(
            user=locked,
            digest=digest_of(secret),
            sent_by=audit.user_of(by),
            sent_at=at,
            expires_at=at + timedelta(hours=HOURS),
        )
        audit.record(
            action="first_link_sent",
            subject="account",
            subject_id=locked.pk,
            by=by,
            at=at,
            purpose="service_management",
        )
    return row, f"{outbox.full_address(LINK_PATH + secret)}/"


def find_link(secret: str, *, at: datetime) -> FirstLink:
    """The link that opens by this secret now. Raises `NotFound`, always alike."""
    row = _opens(at).filter(digest=digest_of(secret)).select_related("user").first()
    if row is None or row.user.has_usable_password():
        raise NotFound(GONE)
    return row


def _opens(at: datetime) -> QuerySet[FirstLink]:
    return FirstLink.objects.filter(
        used_at__isnull=True, ended_at__isnull=True, expires_at__gt=at, user__is_active=True
    )


def set_first(*, secret: str, password: str, at: datetime) -> User:
    """Set the password, once. The caller has judged it by the house's rules for passwords.

    Raises `NotFound` when the link opens nothing any more, `BadInput` for an empty password.
    """
    if not password.strip():
        raise BadInput("Write a password.", field="password1")
    with wall.working():
        found = find_link(secret, at=at)
        # Account before link, the order in which a link is sent: two at once wait and do not lock each other.
        user = User.objects.select_for_update().get(pk=found.user_id)
        row = _opens(at).select_for_update(of=("self",)).filter(pk=found.pk).first()
        if row is None or user.has_usable_password():
            raise NotFound(GONE)
        user.set_password(password)
        user.save(update_fields=["password"])
        row.used_at = at
        row.save(update_fields=["used_at"])
        sessions.end_all(user=user, by=user, at=at)
        audit.record(
            action="first_password_set",
            subject="account",
            subject_id=user.pk,
            by=user,
            at=at,
            purpose="service_management",
        )
    return user
