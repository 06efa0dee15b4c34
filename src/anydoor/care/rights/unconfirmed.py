"""Sharing without asking that nobody has confirmed: what is shared for a reason, decided with nobody named.

That is so of reasons taken over from before there was a record of who decided (they came as child safety),
and of a reason given in a hurry since. A governance lead confirms each, with whom it was decided and until
when it is looked at again; or ends it.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import QuerySet

from anydoor.access.models import User
from anydoor.access.policy import Standing
from anydoor.care.record import writing
from anydoor.care.rights.holds import governed_by
from anydoor.people.consent import SharedWithout
from anydoor.rules import working_time
from anydoor.rules.errors import BadInput, NotFound, WrongMoment
from anydoor.rules.sharing import AUTHORITIES

MOST = 100


def unconfirmed(who: Standing) -> QuerySet[SharedWithout]:
    """Those of the records that somebody answers for, oldest first."""
    return (
        SharedWithout.objects.filter(
            ended_at__isnull=True, decided_with="", family__in=governed_by(who).values("pk")
        )
        .select_related("person", "recorded_by")
        .order_by("at", "pk")
    )


def confirm(
    *,
    row_id: int,
    family_id: int,
    authority: str,
    decided_with: str,
    until: date | None,
    by: User,
    at: datetime,
) -> SharedWithout:
    """It is still right: on whose authority, decided with whom, and the day to look at it again.

    Raises `BadInput` per field, `WrongMoment` when somebody confirmed or ended it already.
    """
    if authority not in AUTHORITIES:
        raise BadInput("Choose on whose authority it is shared.", field="authority")
    if not decided_with.strip():
        raise BadInput("Say whom you decided it with, by name.", field="decided_with")
    if until is None or until <= working_time.london_day(at):
        raise BadInput("Choose a day to look at it again that is still to come.", field="until")
    with writing(family_id, by=by, at=at) as pen:
        row = SharedWithout.objects.select_for_update().filter(pk=row_id, family_id=family_id).first()
        if row is None:
            raise NotFound("There is no such record in this family.")
        if row.ended_at is not None or row.decided_with:
            raise WrongMoment("Somebody confirmed or ended this already. Nothing was changed.")
        row.authority, row.decided_with, row.until = authority, decided_with.strip()[:200], until
        row.save(update_fields=["authority", "decided_with", "until"])
        pen.note(
            "shared_confirmed",
            f"{by.name} looked at sharing with {row.to_words} without asking: it goes on.",
            f"{AUTHORITIES[authority]}. Decided with {row.decided_with}.",
            facts={"person": row.person_id},
        )
        return row
