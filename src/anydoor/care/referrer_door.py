"""Referrers without an account: a code to a work address we know, and what became of whom they referred.

Somebody with the address sees of each request its reference, how far it is, which team has it and whether the
family was reached: nothing a family said, and nothing of a sealed record.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.crypto import constant_time_compare, salted_hmac

from anydoor.access import audit, wall
from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.care.models import Contact, Holding, Referral, ReferrerCode, Seal, VouchedDomain
from anydoor.directory.models import Area
from anydoor.messages import outbox
from anydoor.rules import identifiers, work_addresses
from anydoor.rules.errors import BadInput, NotFound, WrongMoment

CODE_MINUTES, MOST_TRIES, BETWEEN = 10, 5, timedelta(minutes=1)
MOST_SHOWN = 200
UNKNOWN_PLACE = (
    "We send codes to the work addresses of organisations we know, and this is not one of them yet. You can "
    "refer without signing in, or ring us and ask to be added."
)
WRONG = "That is not the number we sent, or it is too old. Ask for a new one."


@dataclass(frozen=True, slots=True)
class Fate:
    """What a referrer sees of one request."""

    reference: str
    received_at: datetime
    area: str
    stage: str
    team: str
    reached: bool


def is_known(domain: str) -> bool:
    """Whether we send codes to this domain: a public body's, or one that a colleague vouched for."""
    return (
        work_addresses.is_public_body(domain)
        or VouchedDomain.objects.standing().filter(domain=domain).exists()
    )


def known_address(typed: str) -> str:
    """A work address as it is compared. Raises `BadInput` on `email`: no address, or of an unknown place."""
    known = identifiers.email(typed)
    if not is_known(work_addresses.domain_of(known)):
        raise BadInput(UNKNOWN_PLACE, field="email")
    return known


def send_code(*, address: str, at: datetime) -> str:
    """Send six numbers to a work address; returns the address as it is compared.

    Raises as `known_address`. A second one within a minute is not sent; the answer is the same.
    """
    known = known_address(address)
    with wall.working():
        row = ReferrerCode.objects.select_for_update().filter(address=known).first()
        if row is not None and row.sent_at > at - BETWEEN:
            return known
        number = f"{secrets.randbelow(1_000_000):06}"
        facts = {
            "digest": _digest(known, number),
            "sent_at": at,
            "expires_at": at + timedelta(minutes=CODE_MINUTES),
            "tries": 0,
            "used_at": None,
        }
        ReferrerCode.objects.update_or_create(address=known, defaults=facts)
        outbox.to_address(
            address=known,
            subject="Your number",
            body=(
                f"{number} is your number to see what became of the people you referred. It works for "
                f"{CODE_MINUTES} minutes. If you did not ask for it, do nothing: it opens nothing by itself."
            ),
            template="referrer_code",
            key=f"referrer_code:{secrets.token_urlsafe(16)}",
            at=at,
        )
    return known


def _digest(address: str, number: str) -> str:
    return salted_hmac("anydoor.referrer.code", f"{address}:{number}", algorithm="sha256").hexdigest()


def take_code(*, address: str, number: str, at: datetime) -> None:
    """The number that was sent, once and within ten minutes. Raises `BadInput` on `code`, always alike."""
    typed = "".join(mark for mark in number if mark.isdigit())
    with wall.working():
        row = ReferrerCode.objects.select_for_update().filter(address=address).first()
        right = (
            row is not None
            and row.used_at is None
            and row.tries < MOST_TRIES
            and at <= row.expires_at
            and constant_time_compare(row.digest, _digest(address, typed))
        )
        if row is not None:
            row.tries += 0 if right else 1
            row.used_at = at if right else row.used_at
            row.save(update_fields=["tries", "used_at"])
        audit.record(
            action="referrer_signed_in" if right else "referrer_tried",
            subject="referrer",
            subject_id=row.pk if row is not None else None,
            by=Outsider(address, "referrer"),
            at=at,
            allowed=right,
        )
    if not right:
        raise BadInput(WRONG, field="code")


@wall.behind("what became of whom they referred, and nothing of the families")
def referred_by(*, address: str, at: datetime) -> Sequence[Fate]:
    """What became of whom somebody at this address referred, newest first; each is recorded as looked at."""
    sealed = Seal.objects.filter(lifted_at__isnull=True).values("family_id")
    rows = list(
        Referral.objects.filter(referrer_contact__iexact=address)
        .exclude(referrer_contact="")
        .exclude(family_id__in=sealed)
        .select_related("area")
        .order_by("-received_at", "-pk")[:MOST_SHOWN]
    )
    families = {row.family_id for row in rows}
    teams = {
        held.family_id: held.team.name
        for held in Holding.objects.filter(family_id__in=families, to_at__isnull=True)
        .select_related("team")
        .order_by("-pk")
    }
    reached = set(
        Contact.objects.filter(family_id__in=families, outcome="attended").values_list("family_id", flat=True)
    )
    audit.record(
        action="see_own_referrals",
        subject="referrer",
        subject_id=None,
        by=Outsider(address, "referrer"),
        at=at,
        why=f"{len(rows)} requests",
    )
    return [
        Fate(
            reference=row.reference,
            received_at=row.received_at,
            area=row.area.door_name,
            stage=row.stage,
            team=teams.get(row.family_id, ""),
            reached=row.family_id in reached,
        )
        for row in rows
    ]


def vouch(*, area: Area, domain: str, who_they_are: str, by: User, at: datetime) -> VouchedDomain:
    """Send codes to people of this domain from now on. Raises `BadInput`."""
    wanted = work_addresses.checked_domain(domain)
    if not who_they_are.strip():
        raise BadInput("Say who they are.", field="who_they_are")
    with wall.working():
        standing = VouchedDomain.objects.standing().filter(area=area, domain=wanted).first()
        if standing is not None:
            raise BadInput(f"{standing.vouched_by.name} vouched for {wanted} already.", field="domain")
        row = VouchedDomain.objects.create(
            area=area, domain=wanted, who_they_are=who_they_are.strip()[:200], vouched_by=by, at=at
        )
        audit.record(action="vouched", subject="domain", subject_id=row.pk, by=by, at=at, why=wanted[:300])
    return row


def end_vouching(*, row_id: int, area: Area, by: User, at: datetime) -> None:
    """Send no more codes there. Raises `NotFound`, and `WrongMoment` when it had ended."""
    with wall.working():
        row = VouchedDomain.objects.select_for_update().filter(pk=row_id, area=area).first()
        if row is None:
            raise NotFound("There is no such entry.")
        if row.ended_at is not None:
            raise WrongMoment("This had ended already. Nothing was changed.")
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        audit.record(action="vouching_ended", subject="domain", subject_id=row.pk, by=by, at=at)
