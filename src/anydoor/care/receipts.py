"""Requests from partner systems: the same Idempotency-Key is the same request, however often it is sent."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from anydoor.access import audit, keys, rows, wall
from anydoor.access.models import ApiToken, Team, User
from anydoor.access.policy import check, standing_of
from anydoor.care.intake import Told, one_at_a_time, receive
from anydoor.care.models import ApiReceipt, Referral
from anydoor.directory.models import Area
from anydoor.rules import identifiers, working_time
from anydoor.rules.errors import BadInput, NotAllowed, NotFound, Refused, WrongMoment


@dataclass(frozen=True, slots=True)
class Receipt:
    """What was answered, and whether it was answered before."""

    answer: dict[str, str]
    again: bool


def receive_once(*, token: ApiToken, key: str, digest: str, told: Told, area: Area, at: datetime) -> Receipt:
    """Receive a request once per team and key. `digest` is of the body as it was sent.

    The same key with the same body gets the same answer; with another body it is a `WrongMoment`. Raises
    `NotAllowed` when the token's person may not refer for its team any more, and `BadInput`, pinned to its
    field, for the first fault; nothing is kept then.
    """
    check_sender(token, at)
    with wall.working():
        # Receipts are looked for and written under this lock: the key alone makes a request unique.
        one_at_a_time(f"receipt|{token.team_id}|{key}")
        earlier = (
            ApiReceipt.objects.filter(team_id=token.team_id, key=key)
            .values_list("body_digest", "answer")
            .first()
        )
        if earlier is not None:
            if not secrets.compare_digest(earlier[0], digest):
                raise WrongMoment(
                    "This Idempotency-Key was used for another request. Use a new key for a new request."
                )
            return Receipt(earlier[1], again=True)
        referral = receive(told=told, area=area, by=token.user, at=at).referral
        answer = answer_for(referral)
        rows.insert(
            [
                ApiReceipt(
                    team_id=token.team_id,
                    key=key,
                    body_digest=digest,
                    referral=referral,
                    answer=answer,
                    at=at,
                )
            ]
        )
        return Receipt(answer, again=False)


def check_sender(token: ApiToken, at: datetime) -> None:
    """The token's person must still be in its team, in a role that refers. Raises `NotAllowed`."""
    who = standing_of(token.user, working_time.london_day(at))
    if token.team_id not in who.team_ids:
        raise NotAllowed(
            "The person this key acts for is no longer in its team. Ask us for another key.",
            of=Refused("receive", "not_in_the_team_of_the_token", "token", token.pk),
        )
    check(who, "receive")


def answer_for(referral: Referral) -> dict[str, str]:
    """What a partner system is told. The same shape whether or not we know the person already."""
    assert referral.holder is not None
    assert referral.holder_team is not None
    return {
        "reference": referral.reference,
        "area": referral.area.slug,
        "holder": referral.holder.name,
        "team": referral.holder_team.name,
        "received_at": referral.received_at.isoformat(),
        "read_by": referral.read_by_time.isoformat(),
        "contact_by": referral.contact_by.isoformat(),
    }


@wall.behind("a partner system asks for a request it sent itself")
def own_referral(*, token: ApiToken, reference: str, at: datetime) -> Referral:
    """A request this team sent, by its reference. Any other looks like one that does not exist."""
    check_sender(token, at)
    receipt = (
        ApiReceipt.objects.filter(team_id=token.team_id, referral__reference=reference)
        .select_related("referral__holder", "referral__holder_team", "referral__area")
        .first()
    )
    if receipt is None:
        row = Referral.objects.filter(reference=reference).values_list("pk", "family_id").first()
        of = Refused("referral_status", "own_referral" if row else "not_there", "referral", *(row or ()))
        raise NotFound("There is no such referral of yours.", of=of)
    audit.record(
        action="referral_status",
        subject="referral",
        subject_id=receipt.referral_id,
        family_id=receipt.referral.family_id,
        by=token.user,
        at=at,
        why=f"asked by {token.name}",
    )
    return receipt.referral


def digest_of(secret: str) -> str:
    """How a token is kept: SHA-256 of its secret, which has 256 bits of chance in it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def make_token(*, name: str, team: Team, user: User, by: User | audit.Outsider, at: datetime) -> str:
    """A key for a partner system. Returns the secret, which is shown once and kept only as a digest.

    Raises `NotAllowed` when the person may not refer for that team, and `BadInput` for a name without words.
    """
    if not identifiers.one_line(name, 120).strip():
        raise BadInput("Give the key a name, so that the audit can say who sent something.", field="name")
    secret = f"anydoor_{secrets.token_urlsafe(32)}"
    token = ApiToken(name=name, digest=digest_of(secret), user=user, team=team, created_at=at)
    check_sender(token, at)
    token.save(force_insert=True)
    audit.record(action="token_made", subject="token", subject_id=token.pk, by=by, at=at)
    return secret


def end_token(*, token: ApiToken, by: User | audit.Outsider, at: datetime) -> None:
    """From now on the key opens nothing. Raises `WrongMoment` when it had ended."""
    keys.end_key(token=token, by=by, at=at)
    token.ended_at = at


def of_token(header: str) -> Refused:
    """What the audit says of a token that opens nothing: which, when it was live once. Of any other what was
    sent is kept nowhere."""
    scheme, _, secret = header.partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        return Refused("open_interface", "no_token", "token")
    row = ApiToken.objects.filter(digest=digest_of(secret.strip())).values_list("pk", flat=True).first()
    return Refused("open_interface", "token_ended" if row else "no_such_token", "token", row)


def token_for(secret: str) -> ApiToken | None:
    """The live token with this secret whose user still has an open account, or None."""
    return (
        ApiToken.objects.filter(digest=digest_of(secret), ended_at__isnull=True, user__is_active=True)
        .select_related("user", "team")
        .first()
    )
