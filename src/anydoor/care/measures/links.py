"""A parent answers from a one-time link: sent by text or e-mail, resumed, finished or ended. No account.

Only a hash of the secret is kept. The message goes through the outbox: to a way the person said is safe, in
words anybody may read, not in quiet hours. A link opens what it was sent for and nothing else; it ends when
everything is finished, when it runs out, or when a worker ends it.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.utils.crypto import constant_time_compare

from anydoor.access import wall
from anydoor.access.audit import Outsider
from anydoor.access.models import Team, User
from anydoor.care.measures import taking
from anydoor.care.measures.taking import Answers, Plan, Saved, begin_in, finish_in, is_answered, save_in
from anydoor.care.models import FamilyCare, Measure, MeasureAlert, MeasureLink
from anydoor.care.proposing import digest
from anydoor.care.record import Pen, first_name, writing
from anydoor.messages import outbox, texts
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import ContactPoint, Person
from anydoor.rules.errors import BadInput, NotFound, WrongMoment

LINK_PATH = "/q/"
LINK_DAYS = 14
MOST_AT_ONCE = 4
GONE = "This link is no longer in use. Ring the number in the message that brought it."


@dataclass(frozen=True, slots=True)
class Sent:
    """A link just sent. `secret` is nowhere else but in the message."""

    link: MeasureLink
    measures: Sequence[Measure]
    message: OutboxMessage
    secret: str


@dataclass(frozen=True, slots=True)
class Finished:
    """What became of a link: the measures that were finished, and the alerts their last answers raised."""

    link: MeasureLink
    measures: Sequence[Measure]
    raised: Sequence[MeasureAlert]


def send_link(
    *,
    family_id: int,
    person_id: int,
    plans: Sequence[Plan],
    contact_point_id: int,
    by: User,
    team: Team | None,
    at: datetime,
    form_key: str = "",
) -> Sent:
    """Send one person a link to one or more measures, to a number or address of their own that is safe.

    Raises `BadInput` on `contact_point` with the reason when nothing may be sent there, and on `instrument`
    when one has no words in the language; then nothing is kept.
    """
    if not 1 <= len(plans) <= MOST_AT_ONCE:
        raise BadInput(f"Choose one to {MOST_AT_ONCE} questionnaires.", field="instrument")
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        point = ContactPoint.objects.filter(
            pk=contact_point_id, person_id=person_id, ended_at__isnull=True
        ).first()
        if point is None:
            raise BadInput("Choose a number or an address of theirs.", field="contact_point")
        care = FamilyCare.objects.select_related("area").get(family_id=family_id)
        secret = secrets.token_urlsafe(32)
        link = MeasureLink.objects.create(
            family=pen.family,
            person_id=person_id,
            area=care.area,
            digest=digest(secret),
            contact_point=point,
            language=plans[0].language,
            sent_by=by,
            team=team,
            sent_at=at,
            expires_at=at + timedelta(days=LINK_DAYS),
        )
        measures = [
            begin_in(pen, person_id=person_id, plan=plan, mode="self_link", team=team, link=link)
            for plan in plans
        ]
        message = _post(pen, link, care, secret, point)
        if message.state != "queued":
            raise BadInput(f"It was not sent. {message.reason}", field="contact_point")
        link.message = OutboxMessage.objects.get(key=message.key)
        link.save(update_fields=["message"])
        names = ", ".join(one.instrument for one in measures)
        pen.note(
            "measure_link_sent",
            f"{by.name} sent {first_name(link.person.called)} questions by {_channel(message)}.",
            f"{names}. The link works for {LINK_DAYS} days.",
            facts={"person": person_id, "link": link.pk},
        )
        return Sent(link, measures, link.message, secret)


def _channel(message: OutboxMessage) -> str:
    return "text" if message.channel == "text" else "email"


def _post(pen: Pen, link: MeasureLink, care: FamilyCare, secret: str, point: ContactPoint) -> OutboxMessage:
    subject, body = texts.questions(
        door=care.area.door_name,
        link=outbox.full_address(f"{LINK_PATH}{secret}"),
        until=link.expires_at,
        phone=care.area.phone,
    )
    message = outbox.for_person(
        person=link.person,
        template="measure_link",
        body=body,
        purpose=subject,
        key=f"measure_link:{link.pk}",
        at=pen.at,
        family=pen.family,
        area_id=care.area_id,
        points=[point],
    )
    if message.state == "queued":
        outbox.post(message)
    return message


def find_link(secret: str, *, at: datetime) -> MeasureLink:
    """The link in use that this secret opens, without marking it. Raises `NotFound` in the same words for one
    that is wrong, ended or out of date.
    """
    wanted = digest(secret)
    with wall.lifted("the secret finds the link; whose it is is known only then"):
        link = MeasureLink.objects.select_related("area", "person", "sent_by").filter(digest=wanted).first()
    if (
        link is None
        or not constant_time_compare(link.digest, wanted)
        or link.ended_at is not None
        or link.expires_at <= at
    ):
        raise NotFound(GONE)
    wall.see_also(link.family_id)
    return link


def open_link(*, secret: str, at: datetime) -> MeasureLink:
    """They opened it. The first time is kept; what was begun goes on where it was left."""
    link = find_link(secret, at=at)
    if link.opened_at is None:
        MeasureLink.objects.filter(pk=link.pk, opened_at__isnull=True).update(opened_at=at)
        link.refresh_from_db(fields=["opened_at"])
    return link


def measures_of_link(link: MeasureLink) -> list[Measure]:
    """What it was sent for, in the order to ask."""
    return list(Measure.objects.filter(link=link).select_related("person").order_by("pk"))


def save_answer(*, secret: str, measure_id: int, answers: Answers, at: datetime) -> Saved:
    """Keep what they answered so far. An answer of danger is told at once, whether they finish or not.

    Raises `NotFound` for a measure that is not of this link, `WrongMoment` once it is finished.
    """
    link = find_link(secret, at=at)
    with writing(link.family_id, by=_themselves(link.person), at=at) as pen:
        return save_in(pen, _of_link(link, measure_id), answers)


def finish_measure(*, secret: str, measure_id: int, at: datetime, answers: Answers | None = None) -> Saved:
    """End one questionnaire of a link that has several. What is missing stays missing."""
    link = find_link(secret, at=at)
    with writing(link.family_id, by=_themselves(link.person), at=at) as pen:
        measure = _of_link(link, measure_id)
        measure.taken_at = at
        return finish_in(pen, measure, answers or Answers())


def finish_link(*, secret: str, at: datetime) -> Finished:
    """They are done: what has an answer is finished, what has none is put away, the link ends."""
    link = find_link(secret, at=at)
    with writing(link.family_id, by=_themselves(link.person), at=at) as pen:
        link = _locked(link)
        finished: list[Measure] = []
        raised: list[MeasureAlert] = []
        for measure in Measure.objects.select_for_update(of=("self",)).filter(link=link, state="draft"):
            if is_answered(measure):
                measure.taken_at = at
                saved = finish_in(pen, measure, Answers())
                finished.append(saved.measure)
                raised += saved.raised
            else:
                _put_away(measure, at, "Sent by link and left empty.")
        finished += [one for one in measures_of_link(link) if one.state == "finished" and one not in finished]
        link.finished_at = link.ended_at = at
        link.ended_why = "Answered." if finished else "Nothing was answered."
        link.save(update_fields=["finished_at", "ended_at", "ended_why"])
        if finished and link.sent_by is not None:
            outbox.to_staff(
                user=link.sent_by,
                subject="Answers have come",
                body="Somebody has answered the questions you sent. Sign in to see what they say.",
                template="measure_answered",
                key=f"measure_answered:{link.pk}",
                at=at,
                family=pen.family,
                area_id=link.area_id,
            )
        return Finished(link, finished, raised)


def end_link(*, link_id: int, why: str, by: User, at: datetime) -> MeasureLink:
    """A worker ends a link: the wrong number, another way was found. What was answered is finished."""
    if not why.strip():
        raise BadInput("Say why it ends.", field="why")
    found = MeasureLink.objects.filter(pk=link_id).first()
    if found is None:
        raise NotFound(taking.NO_SUCH)
    with writing(found.family_id, by=by, at=at) as pen:
        link = _locked(found)
        for measure in Measure.objects.select_for_update(of=("self",)).filter(link=link, state="draft"):
            if is_answered(measure):
                finish_in(pen, measure, Answers())
            else:
                _put_away(measure, at, "The link was ended.")
        link.ended_at, link.ended_why = at, why.strip()[:200]
        link.save(update_fields=["ended_at", "ended_why"])
        if link.message_id is not None:
            OutboxMessage.objects.filter(pk=link.message_id, state="queued").update(
                state="cancelled", reason="The link was ended before it was sent."
            )
        pen.note(
            "measure_link_ended",
            f"{by.name} ended the link sent to {first_name(link.person.called)}.",
            why.strip()[:200],
            facts={"person": link.person_id, "link": link.pk},
        )
        return link


def _locked(link: MeasureLink) -> MeasureLink:
    row = (
        MeasureLink.objects.select_for_update(of=("self",))
        .select_related("person", "sent_by")
        .get(pk=link.pk)
    )
    if row.ended_at is not None:
        raise WrongMoment("This link has ended already. Nothing was changed.")
    return row


def _of_link(link: MeasureLink, measure_id: int) -> Measure:
    if not Measure.objects.filter(pk=measure_id, link=link).exists():
        raise NotFound(GONE)
    return taking.open_draft(measure_id, None)


def _put_away(measure: Measure, at: datetime, why: str) -> None:
    measure.state, measure.withdrawn_at, measure.withdrawn_why = "withdrawn", at, why
    measure.save(update_fields=["state", "withdrawn_at", "withdrawn_why"])


def _themselves(person: Person) -> Outsider:
    return Outsider(person.called, "visitor")


def plans(names: Sequence[str], like: Plan) -> list[Plan]:
    """The same plan for several instruments."""
    return [replace(like, instrument=name) for name in names]
