"""The one way an audit row is written. Called inside the transaction of the verb or read it records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from anydoor.access.accounts import is_in_emergency, works_for
from anydoor.access.models import AuditEntry, User
from anydoor.access.purposes import DIRECT_CARE, EMERGENCY


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody who acts without an account: a visitor, an invited receiver, a partner system, the clock.

    `name` is what the timeline shows ("A visitor", "Thetford Surgery", "Anydoor's clock").
    """

    name: str
    kind: str = "visitor"  # visitor | receiver | partner | clock | import


CLOCK = Outsider("Anydoor's clock", "clock")
VISITOR = Outsider("A visitor", "visitor")


def name_of(by: User | Outsider) -> str:
    """The name to show for whoever acted."""
    return by.name


def user_of(by: User | Outsider) -> User | None:
    """The account that acted, or None when it was somebody without one."""
    return by if isinstance(by, User) else None


def purpose_of(by: User | Outsider, family_id: int | None, at: datetime, own: str | None = None) -> str:
    """What an audit row says it was for.

    An emergency, for a record that is open in one; then what the person said in this session; then `own`,
    what the act is for by itself (signing in, keeping the directory); otherwise direct care.
    """
    user = user_of(by)
    if user is None or own == EMERGENCY:
        return own or DIRECT_CARE
    if family_id is not None and is_in_emergency(user, family_id, at):
        return EMERGENCY
    said = works_for(user)
    return said if said != DIRECT_CARE else own or DIRECT_CARE


def entry(
    *,
    action: str,
    subject: str,
    subject_id: int | None,
    by: User | Outsider,
    at: datetime,
    family_id: int | None = None,
    organisation_id: int | None = None,
    purpose: str | None = None,
    allowed: bool = True,
    why: str = "",
) -> AuditEntry:
    """One audit row, for the caller to store with its own. Never holds what was said, only who did what.

    `purpose`: what the row is for by itself, if anything; see `purpose_of`.
    """
    return AuditEntry(
        at=at,
        user=user_of(by),
        actor=name_of(by)[:200],
        organisation_id=organisation_id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        family_id=family_id,
        purpose=purpose_of(by, family_id, at, own=purpose),
        allowed=allowed,
        why=why[:300],
    )


def record(
    *,
    action: str,
    subject: str,
    subject_id: int | None,
    by: User | Outsider,
    at: datetime,
    family_id: int | None = None,
    organisation_id: int | None = None,
    purpose: str | None = None,
    allowed: bool = True,
    why: str = "",
) -> None:
    """Add one audit row. Never holds what was said, only who did what to which record and why."""
    entry(
        action=action,
        subject=subject,
        subject_id=subject_id,
        by=by,
        at=at,
        family_id=family_id,
        organisation_id=organisation_id,
        purpose=purpose,
        allowed=allowed,
        why=why,
    ).save(force_insert=True)


# The same person refused the same thing for the same reason within this time is one row.
ONE_ROW = timedelta(minutes=1)


def refused(
    *,
    action: str,
    subject: str,
    subject_id: int | None,
    rule: str,
    address: str,
    by: User | Outsider,
    at: datetime,
    family_id: int | None = None,
) -> bool:
    """Add a row for something that was not allowed, by the id of the rule that said so; True when added.

    Somebody who is refused the same again within a minute adds no second row: each thing, reason, address and
    purpose has its own, so that what was tried is all there, and only how often in that minute is not (the
    log of requests has it).
    """
    why = f"{rule}, at {address}"[:300]
    user = user_of(by)
    same = AuditEntry.objects.filter(
        user=user, action=action, subject=subject, subject_id=subject_id, why=why,
        purpose=purpose_of(by, family_id, at),
    )  # fmt: skip
    if user is None:
        same = same.filter(actor=name_of(by)[:200])
    if same.filter(allowed=False, at__gt=at - ONE_ROW).exists():
        return False
    record(
        action=action, subject=subject, subject_id=subject_id, family_id=family_id, by=by, at=at, why=why,
        allowed=False,
    )  # fmt: skip
    return True


def rule_of(row: AuditEntry) -> str:
    """The id of the rule that refused what this row is about; empty for a row that was allowed."""
    return "" if row.allowed else row.why.partition(",")[0]


def of_family(family_id: int, before: int | None = None) -> QuerySet[AuditEntry]:
    """Who looked at a family or changed something, newest first, from behind the row `before` on."""
    rows = AuditEntry.objects.filter(family_id=family_id)
    if before is not None:
        place = rows.filter(pk=before).first()
        if place is not None:
            rows = rows.filter(Q(at__lt=place.at) | Q(at=place.at, pk__lt=place.pk))
    return rows.order_by("-at", "-pk")
