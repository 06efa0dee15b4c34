"""What of people's rights waits on whoever answers for their records: for the first page after signing in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Min, Q, QuerySet

from anydoor.access import wall
from anydoor.access.policy import Standing
from anydoor.care.models import AccessRequest, Erasure, Objection, Wait
from anydoor.care.rights.holds import governed_by, governs, second_for

KINDS = ("objection", "own_record")
MOST = 10


@dataclass(frozen=True, slots=True)
class Waiting:
    """How much waits, and the law's first day of it."""

    objections: int = 0
    requests: int = 0
    erasures: int = 0
    first_on: date | None = None
    late: int = 0

    @property
    def anything(self) -> bool:
        return bool(self.objections or self.requests or self.erasures)


@wall.behind("records somebody governs, which no team of theirs sees")
def named_waits(who: Standing) -> list[Wait]:
    """What waits on somebody by name because they govern the record: the family itself they need not see."""
    if not governs(who):
        return []
    rows = Wait.objects.open().filter(
        user=who.user_id, kind__in=KINDS, family__in=governed_by(who).values("pk")
    )
    return list(
        rows.select_related("objection__person", "access_request__person", "family__care")
        .order_by("due_at", "pk")[:MOST]
    )  # fmt: skip


@wall.behind("records somebody governs, which no team of theirs sees")
def waits_on(who: Standing, on: date) -> Waiting:
    """What waits on somebody who governs records; nothing, and no query, for everybody else."""
    if not governs(who) and not second_for(who):
        return Waiting()
    mine = governed_by(who).values("pk")
    said = asked = _NOTHING
    if governs(who):
        said = _count(Objection.objects.open().filter(family__in=mine), on)
        asked = _count(AccessRequest.objects.filter(family__in=mine, state="open"), on)
    # Of an erasure the second person is somebody else than who asked.
    second = Erasure.objects.filter(family__in=mine, state="asked").exclude(asked_by=who.user_id)
    return Waiting(
        objections=said.how_many,
        requests=asked.how_many,
        erasures=second.count(),
        first_on=min((one.first for one in (said, asked) if one.first is not None), default=None),
        late=said.late + asked.late,
    )


@dataclass(frozen=True, slots=True)
class _Counted:
    how_many: int = 0
    first: date | None = None
    late: int = 0


_NOTHING = _Counted()


def _count(rows: QuerySet[Objection] | QuerySet[AccessRequest], on: date) -> _Counted:
    return _Counted(
        **rows.aggregate(how_many=Count("pk"), first=Min("due_on"), late=Count("pk", filter=Q(due_on__lt=on)))
    )
