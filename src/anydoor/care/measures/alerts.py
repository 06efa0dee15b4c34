"""An answer that may mean danger: raised in the transaction of the answer, acknowledged by one named person.

Whatever the total, and in a draft too. The holder and the duty worker each get a clock of minutes in opening
hours; unacknowledged it climbs, as words of danger do. An item raises once for a measure: sending it again
raises nothing more, and an answer changed back keeps the alert, because it was given.
"""

from __future__ import annotations

from datetime import datetime

from anydoor.access.audit import name_of
from anydoor.access.duty import on_duty
from anydoor.access.models import Team, User
from anydoor.care.models import Episode, Holding, Measure, MeasureAlert, Referral, Wait
from anydoor.care.models.measure import ALERT_ACTIONS
from anydoor.care.record import Held, Pen, first_name, writing
from anydoor.directory.models import Area
from anydoor.messages import outbox
from anydoor.rules import danger, working_time
from anydoor.rules.errors import BadInput, NotFound, WrongMoment
from anydoor.rules.instruments.definition import Instrument
from anydoor.rules.instruments.form import items_of
from anydoor.rules.instruments.wording import Wording

LEAST_WORDS = 10
MOST_WORDS = 2000
ALERT_PATH = "/desk/alert/"  # the page where it is acknowledged
OWN_WORDS = "words."  # the item of an alert that free words raised: "words.biggest_fear"


def raise_for(
    pen: Pen,
    measure: Measure,
    instrument: Instrument,
    wording: Wording | None,
    raised: tuple[tuple[int, int], ...],
) -> list[MeasureAlert]:
    """Open an alert for each risk item above 0, and for words of danger among free answers, once each.

    Call it inside the transaction that keeps the answers, after they are kept. Returns the new ones.
    """
    found = {
        instrument.key_of(item): (score, _ticked(measure, instrument, wording, item))
        for item, score in raised
    }
    for name, words in measure.words.items():
        spans = danger.find(words) if isinstance(words, str) else ()
        if spans:
            found[f"{OWN_WORDS}{name}"] = (0, f"“{spans[0].words[:200]}”")
    known = (
        set(MeasureAlert.objects.filter(measure=measure).values_list("item", flat=True)) if found else set()
    )
    return [
        _raise(pen, measure, item, score, words)
        for item, (score, words) in found.items()
        if item not in known
    ]


def _ticked(measure: Measure, instrument: Instrument, wording: Wording | None, item: int) -> str:
    """The words of the option that was ticked; the score alone for one from paper."""
    key = instrument.key_of(item)
    index = measure.shown.get(key)
    row = next(one for one in items_of(instrument, wording) if one.key == key)
    return row.options[index].words if isinstance(index, int) and wording is not None else ""


def _raise(pen: Pen, measure: Measure, item: str, score: int, words: str) -> MeasureAlert:
    area = Area.objects.select_related("front_door").get(pk=measure.area_id)
    duty, reads_at = on_duty(area.front_door, pen.at)
    thing = thing_of(pen, measure)
    alert = MeasureAlert.objects.create(
        measure=measure,
        family=pen.family,
        person_id=measure.person_id,
        area=area,
        item=item,
        score=score,
        answer_words=words[:300],
        holder=thing.holder if thing is not None else None,
        duty=duty,
        reads_at=reads_at,
        raised_at=pen.at,
    )
    why = f"{first_name(measure.person.called)}: {said(alert)}"[: 400 - len(SPEAK_FIRST)] + SPEAK_FIRST
    if isinstance(thing, Referral) and "danger_answer" not in thing.tags:
        thing.tags = ["danger_answer", *thing.tags]
        thing.save(update_fields=["tags"])
    if thing is not None and thing.holder is not None and thing.holder_team is not None:
        _wait(pen, alert, thing.holder, thing.holder_team, why, thing)
    if thing is None or thing.holder_id != duty.pk:
        _wait(pen, alert, duty, area.front_door, why, None)
    told = " and ".join(dict.fromkeys(one.name for one in (alert.holder, duty) if one is not None))
    pen.note(
        "danger_answer",
        f"An answer of {first_name(measure.person.called)}’s may mean danger. Asked to act: {told}.",
        f"{said(alert)}.",
        facts={"person": measure.person_id, "measure": measure.pk, "alert": alert.pk},
    )
    return alert


def said(alert: MeasureAlert) -> str:
    """The answer in words: "PHQ-9, question 9: several days"."""
    name = alert.measure.instrument
    if alert.item.startswith(OWN_WORDS):
        return f"{name}, in their own words: {alert.answer_words}"
    words = alert.answer_words[:1].lower() + alert.answer_words[1:] if alert.answer_words else ""
    return f"{name}, question {alert.item}: {words or f'scored {alert.score}'}"


SPEAK_FIRST = ". Speak with them first, then say what you did."


def answer_of(wait: Wait) -> str:
    """Whose answer a wait is about, and which: "Callum: PHQ-9, question 9: several days"."""
    return wait.why.removesuffix(SPEAK_FIRST)


def thing_of(pen: Pen, measure: Measure) -> Held | None:
    """The open request or episode whose holder answers for this: the measure's, the person's, the lead's."""
    rows = (
        Holding.objects.filter(family=pen.family, to_at__isnull=True)
        .select_related(
            "referral__holder", "referral__holder_team", "episode__holder", "episode__holder_team"
        )
        .order_by("from_at", "pk")
    )
    held: list[Referral | Episode] = [row.episode or row.referral for row in rows]  # type: ignore[misc]  # a constraint: one of the two
    lead_id = pen.family.care.lead_id
    return min(
        held,
        key=lambda one: (
            not (isinstance(one, Episode) and one.pk == measure.episode_id),
            not (isinstance(one, Referral) and one.pk == measure.referral_id),
            one.person_id != measure.person_id,
            one.holder_id != lead_id,
        ),
        default=None,
    )


def _wait(pen: Pen, alert: MeasureAlert, user: User, team: Team, why: str, thing: Held | None) -> None:
    door = alert.area.front_door if thing is None else team
    due = working_time.add_working_minutes(pen.at, alert.area.danger_minutes, door.opens, door.closes)
    pen.add(
        Wait(
            kind="danger_answer",
            family=pen.family,
            area=alert.area,
            referral=thing if isinstance(thing, Referral) else None,
            episode=thing if isinstance(thing, Episode) else None,
            alert=alert,
            user=user,
            team=team,
            due_at=due,
            why=why[:400],
            urgent=True,
            opened_at=pen.at,
        )
    )
    outbox.to_staff(
        user=user,
        subject="An answer needs you now",
        body=(
            "Somebody's answer may mean danger. Speak with them, then say what you did, by "
            f"{working_time.moment_in_words(due)}. "
            f"Sign in to see it: {outbox.full_address(ALERT_PATH + str(alert.pk))}"
        ),
        template="danger_answer",
        key=f"danger_answer:{alert.pk}:{user.pk}",
        at=pen.at,
        family=pen.family,
        area_id=alert.area_id,
    )


def acknowledge(*, alert_id: int, action: str, words: str, by: User, at: datetime) -> MeasureAlert:
    """One named person says what they did. Only this ends the clocks; `tried` is kept and ends nothing.

    Raises `BadInput` on `action` or `words`, `WrongMoment` when somebody else has said it already.
    """
    if action not in ALERT_ACTIONS:
        raise BadInput("Choose what you did.", field="action")
    told = words.strip()
    if len(told) < LEAST_WORDS:
        raise BadInput("Say what you did: whom you spoke with, and how they are.", field="words")
    if len(told) > MOST_WORDS:
        raise BadInput(f"Make it shorter: at most {MOST_WORDS:,} characters.", field="words")
    family_id = MeasureAlert.objects.filter(pk=alert_id).values_list("family_id", flat=True).first()
    if family_id is None:
        raise NotFound("There is no such alert.")
    with writing(family_id, by=by, at=at) as pen:
        alert = (
            MeasureAlert.objects.select_for_update(of=("self",))
            .select_related("measure", "person", "acknowledged_by")
            .get(pk=alert_id)
        )
        if alert.acknowledged_by is not None:
            raise WrongMoment(
                f"{alert.acknowledged_by.name} already said what they did. Nothing was changed."
            )
        ended = action != "tried"
        if ended:
            _mark_request(alert)
            alert.acknowledged_at, alert.acknowledged_by = at, by
            alert.action, alert.action_words = action, told
            alert.save(update_fields=["acknowledged_at", "acknowledged_by", "action", "action_words"])
            Wait.objects.open().filter(alert=alert).update(
                done_at=at, done_by=name_of(by)[:200], done_words=f"{ALERT_ACTIONS[action]}. {told}"[:500]
            )
        who = first_name(alert.person.called)
        pen.note(
            "alert_acknowledged" if ended else "alert_tried",
            f"{by.name} acted on {who}’s answer." if ended else f"{by.name} tried to reach {who}.",
            f"{ALERT_ACTIONS[action]}. {told}",
            facts={
                "person": alert.person_id,
                "measure": alert.measure_id,
                "alert": alert.pk,
                "action": action,
            },
        )
        return alert


def _mark_request(alert: MeasureAlert) -> None:
    """Take the mark off the request it stood on, unless another answer of danger still stands on it."""
    waits = Wait.objects.open().filter(kind="danger_answer", referral__isnull=False)
    for wait in waits.filter(alert=alert).select_related("referral"):
        others = waits.filter(referral=wait.referral).exclude(alert=alert)
        if wait.referral is not None and not others.exists():
            wait.referral.tags = [tag for tag in wait.referral.tags if tag != "danger_answer"]
            wait.referral.save(update_fields=["tags"])
