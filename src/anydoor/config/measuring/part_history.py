"""What row histories cost: asking for help, a correction, a bare update; with their triggers and without."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count

from django.db import connection

from anydoor.access.audit import VISITOR
from anydoor.access.history import KEPT
from anydoor.care.amend import amend_person
from anydoor.care.intake import receive
from anydoor.care.told import Told
from anydoor.config.measuring.part_matching import county
from anydoor.config.measuring.parts import Figure, p50, timed
from anydoor.people.models import Person

AT = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
TURNS, QUICK_TURNS = 12, 3
AT_A_TURN = 25
MUST = 1.25  # times the same verb without histories; a house goal with room for an unquiet machine
WITHOUT = "the same with no history kept"


def measure(*, quick: bool) -> Iterator[Figure]:
    """Milliseconds of each, beside the same without a history, in turns: both meet the same machine."""
    area, numbers = county(0), count()
    worker = area.front_door.fallback
    assert worker is not None  # the door has one, by a constraint

    def ask() -> int:
        told = Told(story="I feel low and alone.", door="web", contact=f"07700 9{next(numbers):05}")
        return receive(told=told, area=area, by=VISITOR, at=AT).referral.pk

    ask()
    person = Person.objects.latest("pk")
    family_id = person.memberships.get().family_id

    def correct() -> None:
        turn = next(numbers)
        row = Person.objects.get(pk=person.pk)
        amend_person(
            person=row, family_id=family_id, changes={"gp_practice": f"Practice {turn}"}, why="Told us so.",
            version=row.version, by=worker, at=AT + timedelta(seconds=turn),
        )  # fmt: skip

    def update() -> None:
        Person.objects.filter(pk=person.pk).update(gp_practice=f"Practice {next(numbers)}")

    turns = QUICK_TURNS if quick else TURNS
    for words, work, must in (
        ("Asking for help, p50", ask, MUST),
        ("A correction, p50", correct, MUST),
        ("A bare update of one row, p50", update, None),
    ):
        kept, bare = _in_turns(work, turns)
        yield Figure("history", f"{words}, with histories", kept, "ms", bare, WITHOUT, kept / bare, must)


def _in_turns(work: Callable[[], object], turns: int) -> tuple[float, float]:
    """The middle of what it costs with histories and without."""
    spans: dict[bool, list[float]] = {True: [], False: []}
    try:
        for _ in range(turns):
            for on in (True, False):
                _turn(on=on)
                spans[on] += timed(work, times=AT_A_TURN, warm=5)
    finally:
        _turn(on=True)
    return p50(spans[True]), p50(spans[False])


def _turn(*, on: bool) -> None:
    """Turn the triggers that keep histories on or off."""
    tables = sorted(model._meta.db_table for model in KEPT)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT format('ALTER TABLE %%s %%s TRIGGER %%I', tgrelid::regclass, %s::text, tgname)"
            " FROM pg_trigger WHERE tgname LIKE 'pgtrigger%%' AND tgrelid::regclass::text = ANY(%s)",
            ["ENABLE" if on else "DISABLE", tables],
        )
        for (statement,) in cursor.fetchall():
            cursor.execute(statement)
