"""Somebody in the example county asks for their own record; it waits on the governance lead."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from anydoor.access.models import User
from anydoor.access.roles import Role
from anydoor.care.models import Episode
from anydoor.care.rights import asking
from anydoor.config.demo.drawn_families import HELD, TOLD


def ask_for_a_record(slugs: Iterable[str], now: datetime) -> None:
    """One open request, nine days old, in the first area with a governance lead and a family that fits."""
    drawn = {one.name for one in (*HELD, *TOLD)}
    rows = (
        Episode.objects.filter(area__slug__in=list(slugs), family__care__sealed=False, ended_at__isnull=False)
        .exclude(person__name__in=drawn)
        .select_related("person", "area__front_door")
        .order_by("area", "pk")
    )
    for row in rows[:20]:
        lead = User.objects.filter(
            memberships__role=Role.IG_LEAD.value,
            memberships__team__organisation=row.area.front_door.organisation_id,
            is_active=True,
        ).first()
        if lead is not None and row.person.name:
            at = now - timedelta(days=9)
            asking.open_request(
                person_id=row.person_id, family_id=row.family_id, asked_by=row.person.name, asked_as="self",
                proof="They rang from the number on file and gave the code we sent.",
                words="Everything you wrote about me, please.", asked_on=at.date(), by=lead, at=at,
            )  # fmt: skip
            return
