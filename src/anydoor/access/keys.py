"""Ending the keys of partner systems: each acts as one person in one team, and not longer than they do."""

from __future__ import annotations

from datetime import datetime

from anydoor.access import audit, wall
from anydoor.access.audit import Outsider
from anydoor.access.models import ApiToken, Team, User
from anydoor.rules.errors import WrongMoment


def end_key(*, token: ApiToken, by: User | Outsider, at: datetime) -> None:
    """From now on the key opens nothing. Raises `WrongMoment` when it had ended."""
    with wall.working():
        row = ApiToken.objects.select_for_update(of=("self",)).select_related("team").get(pk=token.pk)
        if row.ended_at is not None:
            raise WrongMoment("This key had ended already. Nothing was changed.")
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        audit.record(
            action="token_ended",
            subject="token",
            subject_id=row.pk,
            by=by,
            at=at,
            organisation_id=row.team.organisation_id,
            purpose="service_management",
        )


def end_keys(*, user: User, by: User | Outsider, at: datetime, team: Team | None = None) -> int:
    """End the keys that act as somebody (in one team, or in all); how many there were."""
    keys = ApiToken.objects.filter(user=user, ended_at__isnull=True).order_by("pk")
    rows = list(keys if team is None else keys.filter(team=team))
    for row in rows:
        end_key(token=row, by=by, at=at)
    return len(rows)
