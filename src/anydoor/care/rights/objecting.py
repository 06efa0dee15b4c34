"""Somebody says that something in their record is not right, or that they do not want it shared or used.

It reaches whoever holds them and whoever answers for the record, with the law's clock: one month. While it
is looked at, it is marked wherever it is read and goes into no new handover. It ends with an answer in words:
put right, done as they asked, or not changed and why. Their words stay beside it, whatever the answer.
Sharing that they do not want stops in the moment they say so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from anydoor.access import audit
from anydoor.access.audit import user_of
from anydoor.access.models import User
from anydoor.care import consenting, own_words
from anydoor.care.consenting import Receiver, Word
from anydoor.care.models import FamilyCare, Objection, Wait
from anydoor.care.models.rights import OBJECTIONS
from anydoor.care.record import Actor, Pen, first_name, writing
from anydoor.care.rights import correcting, governors
from anydoor.care.rights.holds import FOR
from anydoor.care.rights.stated import Stated, find, on_their_page, stated_of
from anydoor.care.undelivered import ask_holder
from anydoor.messages import outbox, texts
from anydoor.people.consent import WAYS_OF_SAYING, Consent
from anydoor.people.models import FamilyMember, Person
from anydoor.rules import working_time
from anydoor.rules.errors import BadInput, NotFound, WrongMoment
from anydoor.rules.retention import month_later

NOT_LISTED = "Something else in the record"
STOP_WORDS = "I do not want this shared."
OUTCOMES = {"wrong": ("corrected", "kept"), "share": ("stopped", "kept"), "use": ("stopped", "kept")}
MOST_MONTHS_MORE = 2
NO_SUCH = "There is no such page, or it is not yours to see."


def say(
    *,
    person_id: int,
    family_id: int,
    kind: str,
    of: str = "",
    about: str = "",
    words: str,
    should_be: str = "",
    said_by: str,
    how: str,
    own_page: bool = False,
    by: Actor,
    at: datetime,
    form_key: str = "",
) -> Objection:
    """Write down what somebody says of something in their record. Due one calendar month from now.

    `of` is the key of what it is about (`rights.stated`), or empty with `about` in words. With `own_page` it
    must be something that their own page shows. Raises `BadInput` per field, `NotFound` for what is not
    theirs, `WrongMoment` when the same is being looked at already.
    """
    _check(kind, words, said_by, how, of, about)
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        person = _member(family_id, person_id)
        one = _stated(person, family_id, of, own_page=own_page) if of else None
        if of and Objection.objects.open().filter(person=person, of=of, kind=kind).exists():
            raise WrongMoment("This is being looked at already. You will have an answer.")
        care = FamilyCare.objects.select_related("area__front_door__lead", "lead").get(family=pen.family)
        if kind == "share":
            _stop_sharing(pen, person, words, said_by, how, own_page=own_page)
        today = working_time.london_day(at)
        due_on = month_later(today)
        row = Objection.objects.create(
            family=pen.family, person=person, kind=kind, of=of,
            about=(one.about if one else about.strip() or NOT_LISTED)[:300], said=one.text if one else "",
            words=words.strip()[:1000], should_be=should_be.strip()[:1000] if kind == "wrong" else "",
            said_by=said_by.strip()[:200], how=how, by=user_of(by), at=at, due_on=due_on,
            wait=_clock(pen, care, person, kind, due_on),
        )  # fmt: skip
        pen.note(
            "objection",
            _headline(person, kind),
            f"About: {row.about}. “{row.words}”",
            facts={"person": person.pk, "objection": row.pk},
        )
        _tell(row, care, pen)
        own_words.watch_for_danger(pen, person.pk, f"{words}\n\n{should_be}")
        return row


def _check(kind: str, words: str, said_by: str, how: str, of: str, about: str) -> None:
    if kind not in OBJECTIONS:
        raise BadInput("Choose what it is about.", field="kind")
    if not words.strip():
        raise BadInput("Write it in a sentence.", field="words")
    if len(words.strip()) > 1000:
        raise BadInput("Write at most 1,000 characters.", field="words")
    if not said_by.strip():
        raise BadInput("Say who said it.", field="said_by")
    if how not in WAYS_OF_SAYING:
        raise BadInput("Choose how they said it.", field="how")
    if not of and kind == "wrong" and not about.strip():
        raise BadInput("Say what it is about.", field="about")


def _member(family_id: int, person_id: int) -> Person:
    member = FamilyMember.objects.filter(family=family_id, person=person_id).select_related("person").first()
    if member is None:
        raise NotFound("There is no such person in this family.")
    return member.person


def _stated(person: Person, family_id: int, of: str, *, own_page: bool) -> Stated:
    found = find((on_their_page if own_page else stated_of)(person, family_id), of)
    if found is None:
        raise NotFound(NO_SUCH)
    return found


def _headline(person: Person, kind: str) -> str:
    name = first_name(person.called)
    return {
        "wrong": f"{name} says that something written here is not right.",
        "share": f"{name} does not want this shared. Sharing has stopped.",
        "use": f"{name} does not want this used or kept.",
    }[kind]


def _clock(pen: Pen, care: FamilyCare, person: Person, kind: str, due_on: date) -> Wait:
    verb = {"wrong": "says something is not right", "share": "wants nothing shared", "use": "objects"}[kind]
    why = f"{first_name(person.called)} {verb}. The law wants an answer by {_day(due_on)}."
    return governors.wait_for_answer("objection", pen.family, care, due_on=due_on, why=why, at=pen.at)


def _day(day: date) -> str:
    return f"{day.day} {day:%B}"


def _stop_sharing(pen: Pen, person: Person, words: str, said_by: str, how: str, *, own_page: bool) -> None:
    """Every yes ends, and a no to all stands in its place: at once, before anybody has looked."""
    live = Consent.objects.live(working_time.london_day(pen.at)).filter(
        person=person, family=pen.family, purpose="help"
    )
    for row in live:
        consenting.withdraw(
            consent_id=row.pk, family_id=pen.family.pk, given_by=said_by, words=words.strip()[:500],
            by=pen.by, at=pen.at,
        )  # fmt: skip
    today = working_time.london_day(pen.at)
    judged = "They said it on their own page." if own_page else "They said it themself; a no needs no more."
    consenting.say_no(
        person=person, family_id=pen.family.pk, to=Receiver(),
        word=Word(
            given_by=said_by, words=words.strip()[:500], how=how, at=pen.at,
            judged=judged if (person.age_on(today) or 99) < 16 else "",
        ),
        by=pen.by, at=pen.at,
    )  # fmt: skip


def _tell(row: Objection, care: FamilyCare, pen: Pen) -> None:
    """The holder and whoever answers for the record hear of it; what was said is not in the message."""
    to: dict[int, User] = {one.pk: one for one in governors.governance_leads(care, pen.at)}
    if care.lead is not None and care.lead.is_active:
        to[care.lead.pk] = care.lead
    for user in to.values():
        outbox.to_staff(
            user=user,
            subject="Somebody says that their record is not right",
            body=(
                "Somebody of a family that you answer for says something of their record. The law wants an "
                f"answer by {_day(row.due_on)}. Sign in to see it."
            ),
            template="objection",
            key=f"objection:{row.pk}:{user.pk}",
            at=pen.at,
            family=pen.family,
            area_id=care.area_id,
        )


# ---------------------------------------------------------------- the answer


def answer(
    *, objection_id: int, outcome: str, words: str, now: Any = "", by: User, at: datetime, form_key: str = ""
) -> Objection:
    """Answer in words that the person reads. `corrected` puts it right as `now` says.

    Raises `BadInput` per field, `WrongMoment` when it was answered already.
    """
    with writing(_family_of(objection_id), by=by, at=at, form_key=form_key) as pen:
        row = _open(objection_id)
        if outcome not in OUTCOMES[row.kind]:
            raise BadInput("Choose what becomes of it.", field="outcome")
        if not words.strip():
            raise BadInput("Write the answer that they read.", field="words")
        if outcome == "corrected":
            row.now_says = correcting.put_right(row, now, by=by, at=at)
            row.refresh_from_db(fields=["of"])
        row.state, row.answer, row.answered_by, row.answered_at = outcome, words.strip()[:1000], by, at
        row.save()
        _close_clock(row, pen, row.get_state_display())
        name = first_name(row.person.called)
        done = {
            "corrected": f"{by.name} put right what {name} said is not right.",
            "stopped": f"{by.name} did as {name} asked.",
            "kept": f"{by.name} answered {name}: it is not changed. Their words stay beside it.",
        }[outcome]
        pen.note(
            "objection_answered",
            done,
            f"About: {row.about}. {row.answer}",
            facts={"person": row.person_id, "objection": row.pk},
        )
        _tell_them(row, pen)
        return row


def _tell_them(row: Objection, pen: Pen) -> None:
    """Say that there is an answer, where it is safe; the holder tells them where nothing may be sent."""
    care = FamilyCare.objects.select_related("area").get(family=pen.family)
    subject, body = texts.answered(door=care.area.door_name, phone=care.area.phone)
    message = outbox.to_person(
        person=row.person,
        template="objection_answered",
        body=body,
        purpose=subject,
        key=f"objection_answered:{row.pk}",
        at=pen.at,
        family=pen.family,
        area_id=care.area_id,
    )
    if message.state != "queued":
        name = first_name(row.person.called)
        ask_holder(
            pen, f"Tell {name} our answer about their record, where it is safe. Nothing could be sent."
        )


def take_back(*, objection_id: int, words: str, by: Actor, at: datetime) -> Objection:
    """They take it back. It is kept in their record, and stands beside nothing."""
    if not words.strip():
        raise BadInput("Say how they took it back.", field="words")
    with writing(_family_of(objection_id), by=by, at=at) as pen:
        row = _open(objection_id)
        row.state, row.answer = "taken_back", words.strip()[:1000]
        row.answered_at, row.answered_by = at, user_of(by)
        row.save()
        _close_clock(row, pen, row.get_state_display())
        pen.note(
            "objection_taken_back",
            f"{first_name(row.person.called)} took back what they said of their record.",
            row.answer,
            facts={"person": row.person_id, "objection": row.pk},
        )
        return row


def more_time(*, objection_id: int, months: int, why: str, by: User, at: datetime) -> Objection:
    """One or two months more, once, with the reason that the person is told."""
    if months not in {1, MOST_MONTHS_MORE}:
        raise BadInput("One or two months more can be taken.", field="months")
    if not why.strip():
        raise BadInput("Say why it takes longer, as you told them.", field="why")
    with writing(_family_of(objection_id), by=by, at=at) as pen:
        row = _open(objection_id)
        if row.longer_why:
            raise WrongMoment("More time was taken once already.")
        said_on = working_time.london_day(row.at)
        row.due_on, row.longer_why = month_later(said_on, 1 + months), why.strip()[:500]
        row.save(update_fields=["due_on", "longer_why"])
        Wait.objects.filter(pk=row.wait_id or 0).update(
            due_at=governors.asked_about_at(row.due_on, at), nudged_at=None, escalated_at=None
        )
        audit.record(
            action="objection_longer", subject="objection", subject_id=row.pk, family_id=row.family_id, by=by,
            at=pen.at, purpose=FOR,
        )  # fmt: skip
        return row


def _family_of(objection_id: int) -> int:
    found = Objection.objects.filter(pk=objection_id).values_list("family_id", flat=True).first()
    if found is None:
        raise NotFound(NO_SUCH)
    return found


def _open(objection_id: int) -> Objection:
    row = Objection.objects.select_for_update(of=("self",)).select_related("person").get(pk=objection_id)
    if row.state != "open":
        raise WrongMoment("This was answered already. Nothing was changed.")
    return row


def _close_clock(row: Objection, pen: Pen, words: str) -> None:
    Wait.objects.filter(pk=row.wait_id or 0, done_at__isnull=True).update(
        done_at=pen.at, done_by=audit.name_of(pen.by)[:200], done_words=words[:500]
    )


# ---------------------------------------------------------------- beside what it is about


def objections_of(person_id: int, family_id: int) -> list[Objection]:
    """What one person said of their record, newest first, for their own page."""
    rows = Objection.objects.filter(person=person_id, family=family_id).order_by("-at", "-pk")
    return list(rows.select_related("answered_by"))


def beside(family_id: int, without: Iterable[int] = ()) -> list[Objection]:
    """What people of a family said of their record, oldest first: stands beside what it is about."""
    rows = Objection.objects.beside().filter(family=family_id).exclude(person__in=list(without))
    return list(rows.select_related("person"))
