"""Words of danger as the desk shows them: the exact words, whom to call, and the route if it is worse.

A display with a clock, never a label. It stands above everything and blocks nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from anydoor.care.measures.alerts import answer_of, said
from anydoor.care.models import MeasureAlert, Referral, Story, Wait
from anydoor.care.record import first_name
from anydoor.directory.models import Area
from anydoor.people.models import ContactPoint, Person
from anydoor.rules import danger, safe_contact
from anydoor.ui.times import day_time
from anydoor.web.desk.chips import Chip, of_wait

AROUND = 70  # characters shown before and after the words themselves
MOST_QUOTES = 3
WORSE = "If they may act on it, or you cannot reach them"
SPOKEN = {"by phone", "in person", "at a community event"}


@dataclass(frozen=True, slots=True)
class Alarm:
    """What the emergency banner shows. `raised` with `spans` is the sentence with the words to underline."""

    wait: Wait
    heading: str
    raised: str
    spans: tuple[tuple[int, int], ...]
    phone: str
    phone_note: str
    chip: Chip
    worse_heading: str
    worse: tuple[str, ...]
    href: str = ""  # where to say what one did


def alarm_of(wait: Wait, at: datetime) -> Alarm | None:
    """The alarm of an open danger wait of a request; None when it is about no request."""
    if wait.alert_id is not None:
        return next(iter(alarms_of([wait.alert_id], at)), None)
    referral = wait.referral
    if referral is None:
        return None
    person = Person.objects.get(pk=referral.person_id)
    stories = list(Story.objects.filter(referral=referral, replaced_by__isnull=True))
    return alarm(wait, referral, person, stories, at)


def alarm(
    wait: Wait,
    referral: Referral,
    person: Person,
    stories: Sequence[Story],
    at: datetime,
    answers: Sequence[Wait] = (),
) -> Alarm:
    """The same from rows already read; `answers` are the open waits of answers that may mean danger."""
    called = first_name(person.called) if person.name or person.known_as else ""
    phone, note = phone_of(person.contact_points.filter(ended_at__isnull=True))
    raised, spans = (
        _raised(stories, called, referral, at) if wait.kind == "danger" or not answers else ("", ())
    )
    for one in answers:
        told = answer_of(one)
        begin = len(raised) + (1 if raised else 0)
        raised += f"{' ' if raised else ''}{told}."
        spans += ((begin, begin + len(told)),)
    return Alarm(
        wait=wait,
        heading=f"Speak with {called or 'them'} before anything else",
        raised=raised,
        spans=spans,
        phone=phone,
        phone_note=note,
        chip=of_wait(wait, at, named=False),
        worse_heading=WORSE,
        worse=_routes(referral.area),
        href=reverse("desk:wait", args=[wait.pk]),
    )


def _routes(area: Area) -> tuple[str, ...]:
    """Where to turn, the area's own team last, because its hours are its own."""
    team = f"{area.crisis_name}: {area.crisis_phone}." if area.crisis_phone else ""
    lines = (
        "999 if life is at risk, or anyone is not safe right now.",
        "111, mental health option, day or night.",
        team,
    )
    return tuple(line for line in lines if line)


def alarms_of_person(family_id: int, person_id: int, at: datetime) -> list[Alarm]:
    """The answers of one person that may mean danger and that nobody has acted on yet, oldest first."""
    open_ones = MeasureAlert.objects.open().filter(family_id=family_id, person_id=person_id)
    return alarms_of(list(open_ones.values_list("pk", flat=True)), at)


def alarms_of(alert_ids: Sequence[int], at: datetime) -> list[Alarm]:
    """The alarm of each open alert: what was answered, whom to call, the clock, the route if it is worse."""
    alerts = (
        MeasureAlert.objects.open()
        .filter(pk__in=alert_ids)
        .select_related("measure", "person", "area")
        .order_by("pk")
    )
    return [_alarm_of(alert, at) for alert in alerts]


def _alarm_of(alert: MeasureAlert, at: datetime) -> Alarm:
    called = first_name(alert.person.called)
    wait = Wait.objects.open().filter(alert=alert).order_by("due_at", "pk").first()
    phone, note = phone_of(alert.person.contact_points.filter(ended_at__isnull=True))
    told = said(alert)
    before = f"{day_time(alert.raised_at, at).capitalize()}, {called} answered "
    return Alarm(
        wait=wait
        or Wait(kind="danger_answer", due_at=alert.raised_at, opened_at=alert.raised_at, urgent=True),
        heading=f"Speak with {called} before anything else",
        raised=f"{before}{told}.",
        spans=((len(before), len(before) + len(told)),),
        phone=phone,
        phone_note=note,
        chip=of_wait(wait, at, named=False) if wait else Chip("Nobody has acted yet", "danger", 1.0),
        worse_heading=WORSE,
        worse=_routes(alert.area),
        href=reverse("desk:alert", args=[alert.pk]),
    )


def phone_of(points: Iterable[ContactPoint]) -> tuple[str, str]:
    """The number to ring in a hurry and what to mind; no number when none is safe to ring."""
    urgent = safe_contact.Message("call", by_person=True, urgent=True)
    unsafe = False
    for point in sorted(points, key=lambda row: (row.safe != "yes", row.pk)):
        said = safe_contact.Point(kind=point.kind, safe=point.safe, uses=point.uses, hours=point.hours)
        if safe_contact.why_not_send(said, urgent) is None:
            if point.safe == "not_asked":
                return (
                    point.typed,
                    "Nobody has asked yet if it is safe: speak to them only, leave no message.",
                )
            return point.typed, f"Safe to call. {point.hours}".strip()
        unsafe = unsafe or point.safe == "no"
    if unsafe:
        return "", "Their number is marked as not safe. Reach them another way."
    return "", "We have no telephone number for them."


def _raised(
    stories: Sequence[Story], called: str, referral: Referral, at: datetime
) -> tuple[str, tuple[tuple[int, int], ...]]:
    """One sentence per story with words of danger: who, when, and the words in what stands around them."""
    text, spans = "", []
    for story in [one for one in stories if one.kind in {"own", "referrer"}][-10:]:
        found = danger.find(story.words)
        if not found or len(spans) >= MOST_QUOTES:
            continue
        who = called or "they" if story.kind == "own" else story.told_by or "the referrer"
        verb = "said" if story.how in SPOKEN else "wrote"
        text += f"{' ' if text else ''}{day_time(story.at, at).capitalize()}, {who} {verb}: “"
        begin, end = _window(story.words, found[0].start, found[0].end)
        offset = len(text) + (1 if begin else 0)
        text += ("…" if begin else "") + story.words[begin:end].replace("\n", " ")
        spans += [
            (offset + span.start - begin, offset + min(span.end, end) - begin)
            for span in found
            if begin <= span.start < end
        ]
        text += "…”." if end < len(story.words) else "”" if text[-1] in ".!?" else "”."
    if not text and referral.danger_words:
        text = "These words were written: “" + "”, “".join(referral.danger_words[:MOST_QUOTES]) + "”."
    return text, tuple(spans)


def _window(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch of text around a place, cut where words end."""
    begin, stop = max(start - AROUND, 0), min(end + AROUND, len(text))
    if begin > 0:
        space = text.find(" ", begin, start)
        begin = space + 1 if space >= 0 else begin
    if stop < len(text):
        space = text.rfind(" ", end, stop)
        stop = space if space > end else stop
    return begin, stop
