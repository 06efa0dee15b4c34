"""Run by the fault test as a process of its own: `found` makes the county, `count` tells what is there."""

from __future__ import annotations

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "anydoor.config.settings")
django.setup()


def found() -> None:
    from django.utils import timezone
    from tests.world import build

    from anydoor.access.audit import CLOCK
    from anydoor.care import receipts

    world = build()
    print(
        receipts.make_token(
            name="load", team=world.front_door, user=world.sunita, by=CLOCK, at=timezone.now()
        )
    )


def count() -> None:
    from django.db.models import Count
    from django.utils import timezone

    from anydoor.care import standing
    from anydoor.care.models import ApiReceipt, FamilyCare, Happening, Holding, Referral, Story, Wait
    from anydoor.messages.models import OutboxMessage

    per_referral = {
        name: list(
            rows.values("referral")
            .annotate(n=Count("pk"))
            .exclude(n=1)
            .values_list("referral__reference", "n")
        )
        for name, rows in (
            ("holding", Holding.objects.filter(to_at__isnull=True)),
            ("story", Story.objects.all()),
            ("received", Happening.objects.filter(kind="received")),
            ("read", Wait.objects.filter(kind="read")),
        )
    }
    families, now = FamilyCare.objects.select_related("family"), timezone.now()
    print(
        json.dumps(
            {
                "referrals": dict(Referral.objects.values_list("reference", "source_ref")),
                "receipts": dict(ApiReceipt.objects.values_list("key", "referral__reference")),
                "doubled": {name: rows for name, rows in per_referral.items() if rows},
                "unheld": [fault for care in families for fault in standing.compare(care.family, at=now)],
                "messages": dict(OutboxMessage.objects.values_list("pk", "state")),
            }
        )
    )


if __name__ == "__main__":
    {"found": found, "count": count}[sys.argv[1]]()
