"""Taking a measure: begun, kept as it is answered, finished, taken back.

Each verb scores again on the server by the rule, thresholds and words the measure was begun with, raises what
an answer alarms in the same transaction, and writes the timeline. Partial answers are kept and may be
finished; a missing one is never taken for 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from anydoor.access import audit
from anydoor.access.models import Team, User
from anydoor.care.measures import alerts
from anydoor.care.measures.rating import in_words, rate
from anydoor.care.measures.values import values_for
from anydoor.care.measures.wording import words_for, words_shown
from anydoor.care.models import Episode, FamilyCare, Measure, MeasureAlert, MeasureLink
from anydoor.care.models.measure import MODES_OF_TAKING, RESPONDENTS, WHY_TAKEN
from anydoor.care.record import Actor, Held, Pen, first_name, writing
from anydoor.directory.models import Area
from anydoor.people.models import ADULT_ROLES, FamilyMember
from anydoor.rules import identifiers, working_time
from anydoor.rules.errors import BadInput, NotFound, WrongMoment
from anydoor.rules.instruments.definition import Format, Instrument
from anydoor.rules.instruments.form import (
    answer_of,
    on_paper,
    on_screen,
    paper_answer,
    raised,
    reading_of,
)
from anydoor.rules.instruments.registry import find, present
from anydoor.rules.instruments.wording import Wording

MOST_FREE = 5000  # characters of one free answer
EARLIEST = 366  # days a paper form may be old when it is entered
NO_SUCH = "There is no such measure, or it is not yours to see."


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be asked of whom, and why: the same for a worker's page and for a link.

    `instrument` is the exact name of the present version; `schedule_key` a contact of the schedule ("HV2",
    "MW-28") or empty; `follow_up_of` the measure whose answer asked for this one; `thing` the open request or
    episode it belongs to.
    """

    instrument: str
    why: str = "routine"
    schedule_key: str = ""
    language: str = "en"
    follow_up_of: Measure | None = None
    thing: Held | None = None


@dataclass(frozen=True, slots=True)
class Answers:
    """What came with a form. A key that is not there is left as it was; None takes an answer away.

    ticked      the index of the option as printed, by item key
    typed       item scores as typed from paper, by item key ("" for none)
    words       free answers by name
    difficulty  the unscored difficulty of PHQ-9, 0 to 3
    """

    ticked: Mapping[str, int | None] | None = None
    typed: Mapping[str, str] | None = None
    words: Mapping[str, str] | None = None
    difficulty: int | None = None


@dataclass(frozen=True, slots=True)
class Saved:
    """A measure as it is now, and the alerts this very saving raised."""

    measure: Measure
    raised: Sequence[MeasureAlert]


def begin(
    *,
    family_id: int,
    person_id: int,
    plan: Plan,
    mode: str,
    by: User,
    team: Team | None,
    at: datetime,
    form_key: str = "",
) -> Measure:
    """A draft with nothing answered, on the respondent's own record. The same `form_key` begins it once.

    Raises `BadInput` for an unknown instrument, mode or reason, for somebody who is no adult of the family,
    and where there are no words to show (then item scores are entered from paper).
    """
    if mode not in MODES_OF_TAKING or mode == "self_link":
        raise BadInput("Say how the answers are given.", field="mode")
    with writing(family_id, by=by, at=at) as pen:
        return begin_in(pen, person_id=person_id, plan=plan, mode=mode, team=team, form_key=form_key)


def begin_together(
    *,
    family_id: int,
    person_id: int,
    plans: Sequence[Plan],
    mode: str,
    by: User,
    team: Team | None,
    at: datetime,
    form_key: str = "",
) -> list[Measure]:
    """Drafts of several instruments that are asked together, like Whooley and GAD-2; as `begin`."""
    if mode not in MODES_OF_TAKING or mode == "self_link":
        raise BadInput("Say how the answers are given.", field="mode")
    with writing(family_id, by=by, at=at) as pen:
        return [
            begin_in(pen, person_id=person_id, plan=plan, mode=mode, team=team, form_key=form_key)
            for plan in plans
        ]


def begin_in(
    pen: Pen,
    *,
    person_id: int,
    plan: Plan,
    mode: str,
    team: Team | None,
    form_key: str = "",
    link: MeasureLink | None = None,
) -> Measure:
    """`begin` inside a transaction that is already open."""
    instrument = _present(plan.instrument)
    if plan.why not in WHY_TAKEN:
        raise BadInput("Say why it is asked.", field="why")
    if form_key:
        before = Measure.objects.filter(
            person_id=person_id, instrument=instrument.name, form_key=form_key, family=pen.family
        ).first()
        if before is not None:
            return before
    member = _respondent(pen, person_id)
    care = FamilyCare.objects.select_related("area").get(family=pen.family)
    if plan.follow_up_of is not None and plan.follow_up_of.person_id != person_id:
        raise BadInput("It can only follow what the same person answered.", field="follow_up_of")
    wording = _words_to_show(plan, mode, instrument, care.area)
    thing = plan.thing
    service = thing.service if isinstance(thing, Episode) else None
    written_as = on_paper(instrument) if mode == "paper" else on_screen(instrument)
    measure = Measure.objects.create(
        family=pen.family,
        person=member.person,
        respondent_role=member.role if member.role in RESPONDENTS else "other",
        area=care.area,
        instrument=instrument.name,
        rule=instrument.key,
        value_set=values_for(care.area, service).name,
        wording=wording.checksum() if wording else "",
        language=plan.language if wording else "en",
        mode=mode,
        format=written_as.value if written_as else "",
        why=plan.why,
        schedule_key=plan.schedule_key,
        follow_up_of=plan.follow_up_of,
        practitioner=audit.user_of(pen.by),
        team=team,
        referral=thing if thing is not None and not isinstance(thing, Episode) else None,
        episode=thing if isinstance(thing, Episode) else None,
        link=link,
        form_key=form_key,
        started_at=pen.at,
        saved_at=pen.at,
        taken_at=pen.at,
    )
    rate(measure, instrument)
    measure.save(update_fields=["result", "risk"])
    _audit(pen, "measure_begun", measure)
    return measure


def save(*, measure_id: int, answers: Answers, by: Actor, at: datetime, seen: int | None = None) -> Saved:
    """Keep what is answered so far. Raises `WrongMoment` when it was finished or taken back meanwhile.

    `seen` is the version the page was drawn from: a page that is older than a colleague's saving is stale.
    """
    with writing(_family_of(measure_id), by=by, at=at) as pen:
        return save_in(pen, open_draft(measure_id, seen), answers)


def save_in(pen: Pen, measure: Measure, answers: Answers) -> Saved:
    """`save` inside a transaction that is already open."""
    instrument = find(measure.rule)
    _fill(measure, instrument, answers)
    rate(measure, instrument)
    measure.saved_at = pen.at
    measure.version += 1
    measure.save()
    return Saved(measure, _alarm(pen, measure, instrument))


def finish(
    *,
    measure_id: int,
    by: Actor,
    at: datetime,
    answers: Answers | None = None,
    taken_on: date | None = None,
    seen: int | None = None,
) -> Saved:
    """Keep the last answers and end the draft; what is missing stays missing.

    `taken_on` is the day a paper form was filled in. Raises `BadInput` when nothing at all is
    answered, `WrongMoment` when it was finished already.
    """
    with writing(_family_of(measure_id), by=by, at=at) as pen:
        measure = open_draft(measure_id, seen)
        if taken_on is not None:
            measure.taken_at = _moment_taken(taken_on, at)
        elif measure.mode != "paper":
            measure.taken_at = at
        return finish_in(pen, measure, answers or Answers())


def finish_in(pen: Pen, measure: Measure, answers: Answers) -> Saved:
    """`finish` inside a transaction that is already open."""
    instrument = find(measure.rule)
    _fill(measure, instrument, answers)
    if not is_answered(measure):
        raise BadInput("Nothing is answered yet. Answer one question, or leave it for another day.")
    found = rate(measure, instrument)
    measure.state, measure.finished_at, measure.saved_at = "finished", pen.at, pen.at
    measure.version += 1
    measure.save()
    raised_now = _alarm(pen, measure, instrument)
    who = first_name(measure.person.called)
    pen.note(
        "measure_taken",
        f"{who} answered {instrument.name}.",
        in_words(measure, found),
        happened_at=measure.taken_at,
        facts={"person": measure.person_id, "measure": measure.pk},
    )
    return Saved(measure, raised_now)


def answer_together(
    *,
    family_id: int,
    given: Mapping[int, Answers],
    end: bool,
    by: Actor,
    at: datetime,
    taken_on: date | None = None,
    seen: Mapping[int, int] | None = None,
) -> list[Saved]:
    """Keep what one page brought for one or more measures of a family; with `end` finish those answered.

    All or nothing. Raises `BadInput` when it is to end and none has an answer, `WrongMoment` as `save` does.
    """
    with writing(family_id, by=by, at=at) as pen:
        saved = []
        for measure_id, answers in given.items():
            measure = open_draft(measure_id, (seen or {}).get(measure_id))
            if measure.family_id != family_id:
                raise NotFound(NO_SUCH)
            if taken_on is not None:
                measure.taken_at = _moment_taken(taken_on, at)
            elif measure.mode != "paper":
                measure.taken_at = at
            saved.append(save_in(pen, measure, answers))
        if not end:
            return saved
        whole = [one for one in saved if is_answered(one.measure)]
        if not whole:
            raise BadInput("Nothing is answered yet. Answer one question, or leave it for another day.")
        ended = {one.measure.pk: finish_in(pen, one.measure, Answers()).measure for one in whole}
        return [Saved(ended.get(one.measure.pk, one.measure), one.raised) for one in saved]


def withdraw(*, measure_id: int, why: str, by: Actor, at: datetime) -> Measure:
    """Take a measure back: the wrong person, or they ask for it. It is kept and counts nowhere.

    An alert that it raised stays: the answer was given, and somebody still has to speak with them.
    """
    if not why.strip():
        raise BadInput("Say why it is taken back.", field="why")
    with writing(_family_of(measure_id), by=by, at=at) as pen:
        measure = Measure.objects.select_for_update(of=("self",)).select_related("person").get(pk=measure_id)
        if measure.state == "withdrawn":
            raise WrongMoment("This was taken back already. Nothing was changed.")
        measure.state, measure.withdrawn_at, measure.withdrawn_why = "withdrawn", at, why.strip()[:300]
        measure.version += 1
        measure.save()
        pen.note(
            "measure_withdrawn",
            f"{measure.instrument} of {first_name(measure.person.called)} was taken back.",
            why.strip()[:300],
            facts={"person": measure.person_id, "measure": measure.pk},
        )
        return measure


def is_answered(measure: Measure) -> bool:
    """Whether anything at all was answered."""
    return bool(measure.answers) or any(str(words).strip() for words in measure.words.values())


# ---- parts


def _words_to_show(plan: Plan, mode: str, instrument: Instrument, area: Area) -> Wording | None:
    """The words it is asked in; none for scores from paper, nor for a conversation without a pack."""
    led_by_worker = not instrument.formats and mode != "self_link"
    if mode == "paper" and not led_by_worker:
        return None
    wording = words_for(instrument, language=plan.language, area=area)
    if wording is None and not led_by_worker:
        raise BadInput(
            f"There are no words of {instrument.name} in this language here. Enter scores from paper.",
            field="instrument",
        )
    return wording


def _present(name: str) -> Instrument:
    try:
        return present(name)
    except NotFound as fault:
        raise BadInput(fault.message, field="instrument") from None


def _respondent(pen: Pen, person_id: int) -> FamilyMember:
    member = (
        FamilyMember.objects.select_related("person")
        .filter(family=pen.family, person_id=person_id, left_at__isnull=True)
        .first()
    )
    if member is None or member.role not in ADULT_ROLES:
        raise BadInput("Choose an adult of this family.", field="person")
    return member


def _family_of(measure_id: int) -> int:
    found = Measure.objects.filter(pk=measure_id).values_list("family_id", flat=True).first()
    if found is None:
        raise NotFound(NO_SUCH)
    return found


def open_draft(measure_id: int, seen: int | None) -> Measure:
    """The draft, locked. Raises `WrongMoment` once it is finished, taken back, or changed since `seen`."""
    measure = Measure.objects.select_for_update(of=("self",)).select_related("person").get(pk=measure_id)
    if measure.state == "finished":
        raise WrongMoment("This was finished already. Nothing was changed.")
    if measure.state == "withdrawn":
        raise WrongMoment("This was taken back in the meantime. Nothing was changed.")
    if seen is not None and seen != measure.version:
        raise WrongMoment("Somebody else has added answers in the meantime. Look again before you go on.")
    return measure


def _fill(measure: Measure, instrument: Instrument, answers: Answers) -> None:
    keys = instrument.item_keys() if instrument.formats else ()
    kept, shown = dict(measure.answers), dict(measure.shown)
    for key, index in (answers.ticked or {}).items():
        number = _number_of(keys, key)
        kept.pop(key, None)
        shown.pop(key, None)
        if index is not None:
            kept[key], shown[key] = answer_of(instrument, Format(measure.format), number, index), index
    for key, text in (answers.typed or {}).items():
        answer = paper_answer(instrument, _number_of(keys, key), text)
        kept.pop(key, None)
        if answer is not None:
            kept[key] = answer
    measure.answers, measure.shown = kept, shown
    if answers.words is not None:
        measure.words = _free(measure, instrument, answers.words)
    if answers.difficulty is not None:
        if "difficulty" not in instrument.unscored or not 0 <= answers.difficulty <= 3:
            raise BadInput("That is not one of the answers.", field="difficulty")
        measure.difficulty = answers.difficulty


def _number_of(keys: Sequence[str], key: str) -> int:
    if key not in keys:
        raise BadInput("There is no such question in this form.")
    return keys.index(key) + 1


def _free(measure: Measure, instrument: Instrument, words: Mapping[str, str]) -> dict[str, str]:
    kept = dict(measure.words)
    for name, text in words.items():
        if name not in (*instrument.unscored, *instrument.recorded) or name == "difficulty":
            raise BadInput("There is no such question in this form.")
        try:
            said = identifiers.free_text(text).strip()
        except BadInput as fault:
            raise fault.at(name) from fault
        if len(said) > MOST_FREE:
            raise BadInput(f"Make it shorter: at most {MOST_FREE:,} characters.", field=name)
        kept.pop(name, None)
        if said:
            kept[name] = said
    return kept


def _alarm(pen: Pen, measure: Measure, instrument: Instrument) -> list[MeasureAlert]:
    above: tuple[tuple[int, int], ...] = ()
    if instrument.formats:
        above = raised(instrument, reading_of(instrument, Format(measure.format), measure.answers))
    if not above and not measure.words:
        return []
    return alerts.raise_for(pen, measure, instrument, wording_of_measure(measure), above)


def wording_of_measure(measure: Measure) -> Wording | None:
    """The words it was taken with; None for one from paper."""
    return words_shown(measure.rule, measure.wording)


def _moment_taken(day: date, at: datetime) -> datetime:
    today = working_time.london_day(at)
    if day > today:
        raise BadInput("That day is still to come.", field="taken_on")
    if (today - day).days > EARLIEST:
        raise BadInput("That is more than a year ago. Look at the year.", field="taken_on")
    return at if day == today else working_time.london(day, time(12))


def _audit(pen: Pen, action: str, measure: Measure, **more: Any) -> None:
    audit.record(
        action=action,
        subject="measure",
        subject_id=measure.pk,
        family_id=pen.family.pk,
        by=pen.by,
        at=pen.at,
        **more,
    )
