"""What somebody reads on the pages of their link: the questions one by one, who asked, who was told.

Nothing here is marked as read or changed; `links` has the verbs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from anydoor.access.audit import VISITOR
from anydoor.access.duty import reads_at
from anydoor.access.models import User
from anydoor.care.measures.alerts import thing_of
from anydoor.care.measures.taking import wording_of_measure
from anydoor.care.models import FamilyCare, Measure, MeasureAlert, MeasureLink
from anydoor.care.record import Pen
from anydoor.directory.models import Area
from anydoor.people.models import Family
from anydoor.rules import working_time
from anydoor.rules.instruments.definition import Instrument
from anydoor.rules.instruments.form import items_of
from anydoor.rules.instruments.registry import find
from anydoor.rules.instruments.wording import Wording


@dataclass(frozen=True, slots=True)
class Question:
    """One question on a page of its own.

    kind     item (scored, one of `options`), extra (asked and never scored, one of `options`), or words
    key      of the item or of the free answer
    stem     what stands above the items of this questionnaire, as printed; may be empty
    options  the words of each option as printed; its place from 0 is what is ticked
    given    the option that was ticked (its place), or the words that were written; None for nothing yet
    """

    place: int
    measure_id: int
    kind: str
    key: str
    text: str
    stem: str
    options: Sequence[str]
    given: int | str | None
    language: str
    credit: str
    title: str

    @property
    def given_words(self) -> str:
        """The answer as it reads on the page of all answers; "" for none."""
        if isinstance(self.given, int):
            return self.options[self.given]
        return self.given or ""


@dataclass(frozen=True, slots=True)
class Contact:
    """A worker as a family reads of them."""

    name: str
    role: str
    phone: str
    text: str


@dataclass(frozen=True, slots=True)
class Told:
    """Who was told of an answer that may mean danger, when they read it, and by when they try to reach them.

    `reads_at` is ahead while nobody reads: nothing may be said then that sounds as if somebody did.
    """

    who: str
    also: str
    reads_at: datetime
    by: datetime
    spoken: bool  # somebody has said meanwhile what they did


def questions_of(measures: Sequence[Measure]) -> list[Question]:
    """Every question of a link in the order it is asked."""
    found: list[Question] = []
    for measure in measures:
        wording = wording_of_measure(measure)
        if wording is not None:
            found += _of_measure(measure, find(measure.rule), wording, len(found))
    return found


def _of_measure(measure: Measure, instrument: Instrument, wording: Wording, before: int) -> list[Question]:
    rows: list[tuple[str, str, str, Sequence[str], int | str | None]] = []
    for item in items_of(instrument, wording):
        options = [option.words for option in item.options]
        rows.append(("item", item.key, item.words, options, measure.shown.get(item.key)))
    if not instrument.formats:
        for name, text in zip(instrument.unscored, wording.items, strict=False):
            rows.append(("words", name, text, (), measure.words.get(name)))
    for extra in wording.extras:
        if extra.options:
            rows.append(("extra", extra.name, extra.text, extra.options, measure.difficulty))
        else:
            rows.append(("words", extra.name, extra.text, (), measure.words.get(extra.name)))
    return [
        Question(
            place=before + at,
            measure_id=measure.pk,
            kind=kind,
            key=key,
            text=text,
            stem=wording.stem if kind == "item" else "",
            options=options,
            given=given,
            language=measure.language,
            credit=wording.credit,
            title=instrument.title,
        )
        for at, (kind, key, text, options, given) in enumerate(rows, 1)
    ]


def next_place(questions: Sequence[Question]) -> int:
    """Where somebody who comes back goes on: after the last answer, or one past the end."""
    return max((one.place for one in questions if one.given is not None), default=0) + 1


def told_of(link: MeasureLink) -> Told | None:
    """Who was told of an answer given by this link; None while none raised anything. The latest counts."""
    alert = (
        MeasureAlert.objects.filter(measure__link=link)
        .select_related("duty", "holder", "area__front_door")
        .order_by("-raised_at", "-pk")
        .first()
    )
    if alert is None:
        return None
    door = alert.area.front_door
    holder = alert.holder.name if alert.holder is not None and alert.holder_id != alert.duty_id else ""
    return Told(
        who=alert.duty.name,
        also=holder,
        reads_at=alert.reads_at,
        by=working_time.add_working_minutes(
            alert.raised_at, alert.area.danger_minutes, door.opens, door.closes
        ),
        spoken=alert.acknowledged_at is not None,
    )


def read_when(area: Area, at: datetime) -> datetime:
    """When the duty worker reads what arrives now."""
    return reads_at(area.front_door, at)


def holder_of(link: MeasureLink, at: datetime) -> Contact:
    """Who talks with them about their answers: the holder of this person's help, else the front door."""
    family = Family.objects.select_related("care__lead", "care__lead_team").get(pk=link.family_id)
    measure = Measure.objects.filter(link=link).order_by("pk").first()
    thing = thing_of(Pen(family=family, by=VISITOR, at=at), measure) if measure is not None else None
    user: User | None = thing.holder if thing is not None else _lead(family)
    area = link.area
    if user is None:
        return Contact(area.door_name, "", area.phone, area.text_number)
    team = thing.holder_team if thing is not None else family.care.lead_team
    return Contact(
        name=user.name,
        role=user.job_title,
        phone=user.phone or (team.phone if team is not None else "") or area.phone,
        text=user.text_number or (team.text_number if team is not None else "") or area.text_number,
    )


def _lead(family: Family) -> User | None:
    care: FamilyCare = family.care
    return care.lead
