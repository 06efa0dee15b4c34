"""The one way an audit row is written. Called inside the transaction of the verb or read it records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from anydoor.access.models import AuditEntry, User


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


def entry(
    *,
    action: str,
    subject: str,
    subject_id: int | None,
    by: User | Outsider,
    at: datetime,
    family_id: int | None = None,
    organisation_id: int | None = None,
    purpose: str = "direct_care",
    allowed: bool = True,
    why: str = "",
) -> AuditEntry:
    """One audit row, for the caller to store with its own. Never holds what was said, only who did what."""
    return AuditEntry(
        at=at,
        user=user_of(by),
        actor=name_of(by)[:200],
        organisation_id=organisation_id,
        action=action,
        subject=subject,
        subject_id=subject_id,
        family_id=family_id,
        purpose=purpose,
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
    purpose: str = "direct_care",
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


def of_family(family_id: int, before: int | None = None) -> QuerySet[AuditEntry]:
    """Who looked at a family or changed something, newest first, from behind the row `before` on."""
    rows = AuditEntry.objects.filter(family_id=family_id)
    if before is not None:
        place = rows.filter(pk=before).first()
        if place is not None:
            rows = rows.filter(Q(at__lt=place.at) | Q(at=place.at, pk__lt=place.pk))
    return rows.order_by("-at", "-pk")
