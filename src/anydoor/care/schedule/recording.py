"""The verbs of the schedule: a contact done, declined, excluded, open again; and whether it is a first baby.

Each finds its row inside the family's lock and says so on the timeline. A contact whose window had closed
before the family came here has no row until somebody records something on it; then it is made, not counted.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NoReturn

from anydoor.access.models import User
from anydoor.care.models import Contact, ScheduledChild, ScheduledContact
from anydoor.care.models.schedule import (
    ACTIONS,
    ANSWERS_TO_ASKING,
    DECLINE_REASONS,
    FIRST_BABY,
    WELLBEING,
)
from anydoor.care.record import Pen, writing
from anydoor.care.schedule.keeping import (
    CHILD_ROLES,
    courses_of,
    district_codes,
    keep,
    new_row,
)
from anydoor.care.schedule.local import makers, schedule_of
from anydoor.people.models import FamilyMember, Person
from anydoor.rules import working_time
from anydoor.rules.errors import BadInput, NotFound, WrongMoment
from anydoor.rules.schedule import EXCLUDED_WORDS, Planned, plan
from anydoor.rules.schedule_contacts import BY_KEY
from anydoor.rules.schedule_contacts import Contact as Routine
from anydoor.rules.stage import day_in_words

NO_SUCH = "There is no such contact, or it is not yours to see."
# What a worker may exclude for. A loss is recorded as what it is, so that everything else stops too.
REASONS = {key: words for key, words in EXCLUDED_WORDS.items() if key != "bereaved"} | {
    "before_us": "Its time was over before they came to us",
}
LONGEST_PREGNANCY = timedelta(weeks=44)


@dataclass(frozen=True, slots=True)
class Told:
    """What is recorded with a contact that was done.

    `by_whom`: who did it, when that is not whoever records it. `wellbeing`: yes, no or not_asked (whether
    they were asked how they are in themselves). `asked`: for questions that belong to the contact and that no
    measure answers, an instrument's name to offered, declined or not_offered. `action`: after a positive
    answer, what was done about it. `contact`: the meeting it happened at.
    """

    by_whom: str = ""
    words: str = ""
    wellbeing: str = "not_asked"
    asked: Mapping[str, str] | None = None
    action: str = ""
    action_words: str = ""
    contact: Contact | None = None


def record_contact_done(
    *,
    family_id: int,
    child_id: int,
    key: str,
    on: date,
    told: Told = Told(),
    also: Collection[int] = (),
    by: User,
    at: datetime,
    form_key: str = "",
) -> ScheduledContact:
    """A routine contact took place on a day. `also`: other children of the family it counted for (twins).

    Raises `BadInput` for a day that cannot be, `WrongMoment` when it is recorded already or after a loss.
    """
    _check_told(told)
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        first = _one_done(pen, child_id, key, on, told)
        for other in also:
            if other != child_id and not _is_done(other, key):
                _one_done(pen, other, key, on, told)
        contact = _routine(key)
        pen.note(
            "contact_done",
            f"{first.done_by_words}: {contact.name}, {day_in_words(on, working_time.london_day(at))}.",
            told.words.strip(),
            contact=told.contact,
            facts={"baby": child_id, "scheduled": first.pk, "on": on.isoformat()},
        )
        return first


def _is_done(child_id: int, key: str) -> bool:
    return ScheduledContact.objects.filter(child_id=child_id, key=key, state="done").exists()


def _check_told(told: Told) -> None:
    if told.wellbeing not in WELLBEING:
        raise BadInput("Choose yes, no or not recorded.", field="wellbeing")
    if told.action not in ACTIONS:
        raise BadInput("Choose what was done from the list.", field="action")
    for name, answer in (told.asked or {}).items():
        if answer not in ANSWERS_TO_ASKING:
            raise BadInput(f"Choose what became of {name[:30]} from the list.", field="asked")
    for field_name, text, limit in (
        ("words", told.words, 2000),
        ("by_whom", told.by_whom, 200),
        ("action_words", told.action_words, 500),
    ):
        if len(text.strip()) > limit:
            raise BadInput(f"Keep it to {limit} characters.", field=field_name)


def _one_done(pen: Pen, child_id: int, key: str, on: date, told: Told) -> ScheduledContact:
    row, child = _row(pen, child_id, key)
    today = working_time.london_day(pen.at)
    if row.state == "done":
        _already(row, today)
    _check_day(_routine(key), child, on, today)
    screens = {name for ask in _routine(key).asks for name in ask.instruments}
    row.state, row.by_hand = "done", True
    row.done_on, row.done_words = on, told.words.strip()
    row.done_by = None if told.by_whom.strip() else _user(pen)
    row.done_by_words = told.by_whom.strip() or pen.by.name
    row.wellbeing_asked = told.wellbeing
    row.asked = {name: answer for name, answer in (told.asked or {}).items() if name in screens}
    row.action, row.action_words = told.action, told.action_words.strip()
    row.contact = told.contact
    row.why, row.why_words = ("", "") if row.counted else (row.why, row.why_words)
    return _save(pen, row)


def _check_day(contact: Routine, child: Person, on: date, today: date) -> None:
    if on > today:
        raise BadInput("That day is still to come. Record it when it has taken place.", field="on")
    if contact.is_antenatal:
        if child.born_on is not None and on > child.born_on:
            raise BadInput("That day is after the birth. This contact is before it.", field="on")
        if child.due_on is not None and on < child.due_on - LONGEST_PREGNANCY:
            raise BadInput("That day is before this pregnancy. Check the year.", field="on")
    elif child.born_on is not None and on < child.born_on:
        raise BadInput("That day is before the birth. Check the date.", field="on")


def decline(
    *,
    family_id: int,
    child_id: int,
    key: str,
    reason: str,
    words: str = "",
    by: User,
    at: datetime,
    form_key: str = "",
) -> ScheduledContact:
    """They said no to this contact: a reason as they gave it, without judgement. It can be opened again."""
    if reason not in DECLINE_REASONS:
        raise BadInput("Choose what they said.", field="reason")
    if len(words.strip()) > 500:
        raise BadInput("Keep it to 500 characters.", field="words")
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        row, _ = _row(pen, child_id, key)
        today = working_time.london_day(at)
        if row.state == "done":
            _already(row, today)
        if row.state == "declined":
            raise WrongMoment("Somebody already recorded that they said no. Nothing was changed.")
        row.state, row.by_hand, row.why, row.why_words = "declined", True, reason, words.strip()
        row.since = today
        pen.note(
            "contact_declined",
            f"They said no to this: {_routine(key).name}.",
            words.strip() or DECLINE_REASONS[reason],
            facts={"baby": child_id, "scheduled": row.pk, "reason": reason},
        )
        return _save(pen, row)


def exclude(
    *,
    family_id: int,
    child_id: int,
    key: str,
    reason: str,
    since: date,
    words: str = "",
    all_open: bool = False,
    by: User,
    at: datetime,
    form_key: str = "",
) -> ScheduledContact:
    """A reason that is nobody's failure, from a day on. `all_open`: every open contact of this child too.

    It leaves the count when the reason began on or before the day the window closed; what had been missed
    before stays counted.
    """
    if reason not in REASONS:
        raise BadInput("Choose a reason.", field="reason")
    if since > working_time.london_day(at):
        raise BadInput("That day is still to come.", field="since")
    if len(words.strip()) > 500:
        raise BadInput("Keep it to 500 characters.", field="words")
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        row, _ = _row(pen, child_id, key)
        if row.state == "done":
            _already(row, working_time.london_day(at))
        if row.state == "excluded" and row.why == reason and row.since == since:
            raise WrongMoment("This was recorded already. Nothing was changed.")
        rows = [row]
        if all_open:
            rows += (
                ScheduledContact.objects.open()
                .filter(family=pen.family, child_id=child_id, area_id=row.area_id)
                .exclude(pk=row.pk)
            )
        for one in rows:
            _exclude_one(pen, one, reason, since, words.strip())
        more = f" and {len(rows) - 1} more" if len(rows) > 1 else ""
        pen.note(
            "contact_excluded",
            f"Not counted: {_routine(key).name}{more}. {REASONS[reason]}.",
            words.strip(),
            facts={"baby": child_id, "scheduled": row.pk, "reason": reason, "since": since.isoformat()},
        )
        return row


def _exclude_one(pen: Pen, row: ScheduledContact, reason: str, since: date, words: str) -> None:
    row.state, row.by_hand, row.why, row.why_words, row.since = "excluded", True, reason, words, since
    row.counted = since > row.closes_on and reason not in {"in_error", "before_us"}
    _save(pen, row)


def reopen(
    *, family_id: int, child_id: int, key: str, why: str, by: User, at: datetime, form_key: str = ""
) -> ScheduledContact:
    """Open a contact again that was done by mistake, declined or excluded.

    After a loss only the mother's own checks can be opened again, by a person who has agreed it with her.
    """
    if not why.strip():
        raise BadInput("Say why it is opened again.", field="why")
    if len(why.strip()) > 500:
        raise BadInput("Keep it to 500 characters.", field="why")
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        row, child = _row(pen, child_id, key, after_loss=True)
        if row.state == "open":
            raise WrongMoment("This is open already. Nothing was changed.")
        _refuse_after_loss(child, key)
        if row.state == "not_needed":
            raise WrongMoment("This is not needed, so there is nothing to open. Record it if it took place.")
        was, today = row.get_state_display(), working_time.london_day(at)
        if row.state == "excluded":
            row.counted = row.closes_on >= today
        _clear(row)
        row.state, row.by_hand, row.why = "open", True, "reopened"
        row.why_words, row.since = why.strip(), today
        pen.note(
            "contact_reopened",
            f"Open again: {_routine(key).name}. It was: {was.lower()}.",
            why.strip(),
            facts={"baby": child_id, "scheduled": row.pk},
        )
        return _save(pen, row)


def _clear(row: ScheduledContact) -> None:
    row.done_on = row.done_by = row.contact = None
    row.done_by_words = row.done_words = row.action = row.action_words = ""
    row.wellbeing_asked, row.asked = "not_asked", {}


def say_first_baby(*, family_id: int, child_id: int, answer: str, by: User, at: datetime) -> None:
    """Whether this is the mother's first baby: three appointments are only for first pregnancies."""
    if answer not in FIRST_BABY:
        raise BadInput("Choose yes or no.", field="answer")
    with writing(family_id, by=by, at=at) as pen:
        changed = ScheduledChild.objects.filter(pk=child_id, family=pen.family).update(first_baby=answer)
        if not changed:
            raise NotFound(NO_SUCH)
        keep(pen.family, at=at)
        pen.note(
            "first_baby",
            f"{by.name} asked whether this is the first baby: {FIRST_BABY[answer].lower()}.",
            facts={"baby": child_id},
        )


# ---- finding the row


def _row(pen: Pen, child_id: int, key: str, *, after_loss: bool = False) -> tuple[ScheduledContact, Person]:
    """The row of a child's contact in the area it lives in; made now when its time was over before they came.

    Raises `NotFound` when this child has no such contact, `WrongMoment` before the birth and after a loss.
    """
    record = (
        ScheduledChild.objects.filter(pk=child_id, family=pen.family).select_related("child", "area").first()
    )
    if record is None or key not in BY_KEY:
        raise NotFound(NO_SUCH)
    if not after_loss:
        _refuse_after_loss(record.child, key, own_too=True, row_open=_is_open(record, key))
    row = (
        ScheduledContact.objects.select_for_update()
        .filter(child_id=child_id, key=key, area=record.area)
        .first()
    )
    if row is not None:
        return row, record.child
    wanted = _planned(pen, record, key)
    if wanted is None:
        raise NotFound(NO_SUCH)
    if wanted.estimated:
        raise WrongMoment("The birth is not recorded yet. Record it first: the dates follow from it.")
    done = ScheduledContact.objects.filter(child_id=child_id, key=key, state="done").first()
    if done is not None:
        _already(done, working_time.london_day(pen.at))
    members = FamilyMember.objects.filter(family=pen.family, left_at__isnull=True).select_related("person")
    codes = district_codes(member.person for member in members if member.role not in CHILD_ROLES)
    row = new_row(record, wanted, makers(record.area.slug, codes))
    row.save(force_insert=True)
    return row, record.child


def _is_open(record: ScheduledChild, key: str) -> bool:
    return ScheduledContact.objects.open().filter(child_id=record.pk, key=key, area=record.area).exists()


def _planned(pen: Pen, record: ScheduledChild, key: str) -> Planned | None:
    records = list(ScheduledChild.objects.filter(family=pen.family).select_related("child").order_by("pk"))
    courses = courses_of([(one.child, one) for one in records])
    course = next(course for one, course in zip(records, courses, strict=True) if one.pk == record.pk)
    return next((one for one in plan(course, schedule_of(record.area.slug)) if one.key == key), None)


def _refuse_after_loss(child: Person, key: str, *, own_too: bool = False, row_open: bool = False) -> None:
    if child.lost_on is None and not child.loss_kind:
        return
    if BY_KEY[key].about == "mother" and (not own_too or row_open):
        return
    raise WrongMoment("This stopped with the loss. Nothing was changed.")


def _already(row: ScheduledContact, today: date) -> NoReturn:
    assert row.done_on is not None
    raise WrongMoment(
        f"This was recorded already: {row.done_by_words}, {day_in_words(row.done_on, today)}. "
        "Nothing was changed."
    )


def _save(pen: Pen, row: ScheduledContact) -> ScheduledContact:
    row.recorded_by, row.recorded_at = _user(pen), pen.at
    row.version += 1
    row.save()
    return row


def _user(pen: Pen) -> User | None:
    return pen.by if isinstance(pen.by, User) else None


def _routine(key: str) -> Routine:
    return BY_KEY[key]


__all__ = ["REASONS", "Told", "decline", "exclude", "record_contact_done", "reopen", "say_first_baby"]
