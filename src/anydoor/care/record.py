"""The one place that changes a stage or a holder, and writes what goes with it.

A verb opens `writing(family, by=, at=)`, which locks the family row for the length of one transaction,
and uses the pen it gets: `move`, `hold`, `release`, `note`, `wait`, `done`. When the block ends, the
family's standing (lead holder, who may see it, what the lists show) is worked out anew from its rows, in
the same transaction. Two people acting at once are therefore two people in turn.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from anydoor.access import rows, wall
from anydoor.care import apart, kept_apart, standing
from anydoor.care.models import Happening, Holding, Referral, Wait
from anydoor.care.pen import (
    Actor,
    Held,
    Pen,
    Subject,
    first_name,
    fresh_episode,
    fresh_handover,
    fresh_referral,
)
from anydoor.care.sights import Picture
from anydoor.people.models import Family, FamilyMember
from anydoor.rules.errors import NotFound, WrongMoment

# What verbs ask for beside `writing` comes from here too.
__all__ = [
    "Actor", "Held", "Pen", "SavedAlready", "Subject", "beginning", "first_name", "fresh_episode",
    "fresh_handover", "fresh_referral", "writing",
]  # fmt: skip

# The same answers twice within this time are one sending; later they are said again, and mean it.
SENT_AGAIN = timedelta(minutes=10)


class SavedAlready(WrongMoment):
    """The same form came twice (a double click, Back and send): the first is kept as it is."""

    def __init__(self) -> None:
        super().__init__("This was saved already. Nothing was added twice.")


@contextmanager
def writing(family: Family | int, *, by: Actor, at: datetime, form_key: str = "") -> Iterator[Pen]:
    """Lock a family, give the pen, and afterwards work its standing out anew. One transaction.

    `form_key` names one sending of a form: a second write with it, within `SENT_AGAIN`, raises
    `SavedAlready`. Raises `NotFound` when there is no such family. Rows the caller read before are stale:
    read them again inside the block (`fresh_row`).
    """
    family_id = family if isinstance(family, int) else family.pk
    with wall.working():
        locked = Family.objects.select_for_update().filter(pk=family_id).first()
        if locked is None:
            raise NotFound("There is no such family.")
        before = Happening.objects.filter(family=locked, facts__form=form_key, at__gte=at - SENT_AGAIN)
        if form_key and before.exists():
            raise SavedAlready
        pen = Pen(family=locked, by=by, at=at, form_key=form_key)
        yield pen
        if standing.refresh(locked, at=at):
            _settle(locked, at)


def _settle(family: Family, at: datetime) -> None:
    """See that nobody has anything of a family that is kept from them."""
    if apart.settle(family, at=at):
        standing.refresh(family, at=at)


@contextmanager
def beginning(family: Family, *, by: Actor, at: datetime) -> Iterator[Pen]:
    """As `writing`, for a family that begins with this: it has its key and is not stored yet.

    Nothing of it is read back. Its rows are kept until the block ends, its standing is worked out from them,
    and all are stored in one statement. What is pointed at must have its key by then.
    """
    pen = Pen(family=family, by=by, at=at, fresh=True, rows=[family])
    yield pen
    picture = Picture(
        family_id=family.pk,
        members=pen.added(FamilyMember),
        requests=pen.added(Referral),
        episodes=[],
        handovers=[],
        holdings=pen.added(Holding),
        waits=pen.added(Wait),
        planned=None,
    )
    rows.insert([*pen.rows, *standing.first(family, picture)])
    kept = pen.kept_from()
    if kept:
        kept_apart.keep_apart_first(family.pk, kept, at=at)
        _settle(Family.objects.get(pk=family.pk), at)
