"""What must hold after a load, looked at in the rows themselves."""

from __future__ import annotations

from django.db.models import Count, Q
from django.utils import timezone

from anydoor.access.models import User
from anydoor.care import sweep
from anydoor.care.models import Episode, FamilyCare, Holding, Referral


def check() -> list[str]:
    """Everything that is not as it must be, in words. Empty when all is well."""
    return [*holding_faults(), *sweep.recheck(at=timezone.now())]


def holding_faults() -> list[str]:
    """What is open without a holder, with two, or held by a closed account; open families without a lead."""
    faults = []
    for name, rows in (("referrals", Referral.objects.open()), ("episodes", Episode.objects.open())):
        held = rows.annotate(held=Count("holdings", filter=Q(holdings__to_at__isnull=True)))
        for words, wrong in (
            ("without a holder", held.filter(held=0)),
            ("with two holders", held.filter(held__gt=1)),
        ):
            count = wrong.count()
            if count:
                faults.append(f"{count} open {name} {words}.")
    closed = Holding.objects.filter(to_at__isnull=True, user__is_active=False).count()
    if closed:
        faults.append(f"{closed} open things held by a closed account.")
    leaderless = FamilyCare.objects.filter(is_open=True, lead__isnull=True).count()
    if leaderless:
        faults.append(f"{leaderless} open families without a lead holder.")
    return faults


def counts() -> dict[str, int]:
    """How much there is, for the last line of a load."""
    return {
        "families": FamilyCare.objects.count(),
        "open requests": Referral.objects.open().count(),
        "open episodes": Episode.objects.open().count(),
        "accounts": User.objects.count(),
    }
