"""Putting right what somebody said is not right: by the verb that changes that kind of thing, so that what it
said before stays to be seen. What has no such verb is put right beside: the record of a moment stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from anydoor.access.models import User
from anydoor.care import amend
from anydoor.care.measures import taking
from anydoor.care.models import Measure, Objection, Story
from anydoor.people.models import ContactPoint, Instruction, Person
from anydoor.rules.errors import BadInput, WrongMoment

# What becomes of it, said before somebody decides.
HOW: Mapping[str, str] = {
    "person": "The fact is changed. What it was before stays on the timeline.",
    "story": "The words are changed. What they were before stays on the timeline.",
    "way": "The old number or address is ended, and the new one is added. Ask again if it is safe to use.",
    "instruction": "The old sentence is ended, and the new one is added.",
    "measure": "It is taken back: it is kept, and counts nowhere.",
}
BESIDE = "What was written at the time stays. What is right is written beside it, for everybody who reads it."


def how(key: str) -> str:
    """What putting this right does, in a sentence."""
    return HOW.get(key.partition(":")[0], BESIDE)


def stands_beside(key: str) -> bool:
    """Whether what is right is written beside it, because what was written at the time stays."""
    return key.partition(":")[0] not in HOW


def put_right(row: Objection, now: Any, *, by: User, at: datetime) -> str:
    """Change what `row` is about to `now`. Returns what is to stand beside it, if it was not changed.

    Inside the transaction of the caller. Raises `BadInput` on `now`, `WrongMoment` when it changed meanwhile.
    """
    kind, _, rest = row.of.partition(":")
    why = "They said that it was not right."
    if kind not in HOW:
        if not str(now).strip():
            raise BadInput("Write what is right.", field="now")
        return str(now).strip()[:1000]
    if kind == "measure":
        _measure(row, int(rest), why, by, at)
        return ""
    if not now and kind != "person":
        raise BadInput("Write what it says from now on.", field="now")
    work: Mapping[str, Callable[[Objection, str, Any, str, User, datetime], None]] = {
        "person": _person, "story": _story, "way": _way, "instruction": _instruction,
    }  # fmt: skip
    try:
        work[kind](row, rest, now, why, by, at)
    except BadInput as fault:
        raise BadInput(fault.message, field="now") from fault
    return ""


GONE = "It was changed or ended after they said so. Look at what it says now."


def _person(row: Objection, rest: str, now: Any, why: str, by: User, at: datetime) -> None:
    field = rest.partition(":")[2]
    person = Person.objects.get(pk=row.person_id)
    if getattr(person, field) == now:
        raise BadInput("This is what it says already.")
    amend.amend_person(
        person=person, family_id=row.family_id, changes={field: now}, why=why, version=person.version,
        by=by, at=at,
    )  # fmt: skip


def _story(row: Objection, rest: str, now: Any, why: str, by: User, at: datetime) -> None:
    story = Story.objects.filter(pk=int(rest), family=row.family_id, person=row.person_id).first()
    if story is None:
        raise WrongMoment(GONE)
    amend.amend_story(story=story, words=str(now), why=why, by=by, at=at)


def _way(row: Objection, rest: str, now: Any, why: str, by: User, at: datetime) -> None:
    point = ContactPoint.objects.filter(pk=int(rest), person=row.person_id).first()
    if point is None:
        raise WrongMoment(GONE)
    person = Person.objects.get(pk=row.person_id)
    amend.add_contact_point(
        person=person, family_id=row.family_id, typed=str(now), safe="not_asked", uses=[], by=by, at=at
    )
    if point.ended_at is None:
        amend.end_contact_point(point=point, family_id=row.family_id, by=by, at=at)


def _instruction(row: Objection, rest: str, now: Any, why: str, by: User, at: datetime) -> None:
    old = Instruction.objects.filter(pk=int(rest), person=row.person_id, ended_at__isnull=True).first()
    if old is None:
        raise WrongMoment(GONE)
    amend.add_instruction(
        person=Person.objects.get(pk=row.person_id), family_id=row.family_id, kind=old.kind, words=str(now),
        by=by, at=at,
    )  # fmt: skip
    amend.end_instruction(row=old, family_id=row.family_id, why=why, by=by, at=at)


def _measure(row: Objection, measure_id: int, why: str, by: User, at: datetime) -> None:
    mine = Measure.objects.filter(pk=measure_id, family=row.family_id, person=row.person_id)
    if mine.exclude(state="withdrawn").exists():
        taking.withdraw(measure_id=measure_id, why=why, by=by, at=at)
