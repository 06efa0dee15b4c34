"""Where somebody is signed in now, and ending that: one sign-in, all of a person, or everybody's at once.

A session lies in the database and nowhere else, so one that is taken away there is of no use from that
moment on. The sign-in library's rows say where each began; what is in the session says how long it lasts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session

from anydoor.access import audit, wall
from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.rules.errors import WrongMoment

BEGAN, SEEN = "began", "seen"  # in a session: when it began and when a page was last asked for
SECOND_STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@dataclass(frozen=True, slots=True)
class SignedIn:
    """One place where somebody is signed in now. `id` names it; the key that opens it is never shown."""

    id: int
    user_id: int
    since: datetime
    seen_at: datetime | None
    browser: str
    address: str
    here: bool = False


def is_over(data: Any, now: float) -> bool:
    """Whether a session is past its time: too long without a page, or a day's work old (seconds)."""
    idle, signed_in = now - float(data.get(SEEN, now)), now - float(data.get(BEGAN, now))
    return idle > settings.IDLE_MINUTES * 60 or signed_in > settings.SIGNED_IN_HOURS * 3600


def signed_in_now(user_ids: Collection[int], at: datetime, here: str = "") -> dict[int, list[SignedIn]]:
    """Where each of these people is signed in, newest first; `here` is the key of the session that asks.

    Two queries however many people.
    """
    rows = {row.session_key: row for row in UserSession.objects.filter(user_id__in=list(user_ids))}
    found: dict[int, list[SignedIn]] = {}
    for session in Session.objects.filter(session_key__in=rows, expire_date__gt=at):
        row, data = rows[session.session_key], session.get_decoded()
        if data.get(SESSION_KEY) != str(row.user_id) or is_over(data, at.timestamp()):
            continue
        seen = data.get(SEEN)
        found.setdefault(row.user_id, []).append(
            SignedIn(
                id=row.pk,
                user_id=row.user_id,
                since=row.created_at,
                seen_at=datetime.fromtimestamp(seen, at.tzinfo) if seen else None,
                browser=row.user_agent,
                address=row.ip,
                here=bool(here) and session.session_key == here,
            )
        )
    for places in found.values():
        places.sort(key=lambda one: (one.since, one.id), reverse=True)
    return found


def end_one(*, user: User, session_id: int, by: User, at: datetime) -> None:
    """End one sign-in of somebody. Raises `WrongMoment` when it is over already."""
    with wall.working():
        row = UserSession.objects.select_for_update().filter(pk=session_id, user_id=user.pk).first()
        gone = 0
        if row is not None:
            gone, _ = Session.objects.filter(session_key=row.session_key).delete()
            row.delete()
        if not gone:
            raise WrongMoment("That sign-in was over already. Nothing was changed.")
        _record(user, by, at, "One sign-in was ended.")


def end_all(*, user: User, by: User | Outsider, at: datetime, but: str = "") -> int:
    """End every sign-in of somebody, but that with key `but`; returns how many there were.

    Every session is looked into: one that the library has no row of ends as well.
    """
    with wall.working():
        keys = {key for key in _keys_of(user.pk) if key != but}
        gone, _ = Session.objects.filter(session_key__in=keys).delete()
        UserSession.objects.filter(user_id=user.pk).exclude(session_key=but).delete()
        if gone:
            _record(user, by, at, f"{gone} sign-ins were ended.")
    return gone


def _keys_of(user_id: int) -> Iterator[str]:
    for session in Session.objects.iterator():
        if session.get_decoded().get(SESSION_KEY) == str(user_id):
            yield session.session_key


def end_everybodys(*, by: User | Outsider, at: datetime, why: str) -> int:
    """End every session of everybody, staff and visitors alike; returns how many there were.

    Who typed something and had not sent it signs in and types it again: nothing else is lost.
    """
    with wall.working():
        gone, _ = Session.objects.all().delete()
        UserSession.objects.all().delete()
        audit.record(
            action="sessions_ended",
            subject="everybody",
            subject_id=None,
            by=by,
            at=at,
            purpose="service_management",
            why=f"{gone} sessions: {why}",
        )
    return gone


def _record(user: User, by: User | Outsider, at: datetime, why: str) -> None:
    audit.record(
        action="sessions_ended",
        subject="account",
        subject_id=user.pk,
        by=by,
        at=at,
        purpose="service_management",
        why=why,
    )


def with_second_step(user_ids: Collection[int]) -> set[int]:
    """Who of these people has a second step of signing in."""
    rows = Authenticator.objects.filter(user_id__in=list(user_ids), type__in=SECOND_STEPS)
    return set(rows.values_list("user_id", flat=True))


def forget_ways_in(user: User) -> None:
    """Password, second step and passkeys of an account that begins anew. The caller stores the account."""
    user.set_unusable_password()
    user.last_login = None
    Authenticator.objects.filter(user_id=user.pk).delete()
