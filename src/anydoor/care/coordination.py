"""After a decline: the coordinator's second look, and the interface meeting. The sender holds all along."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from anydoor.access.duty import cover_on
from anydoor.access.models import Membership, User
from anydoor.access.roles import Role
from anydoor.care.models import Episode, Handover, Meeting, Referral
from anydoor.care.proposing import (
    LINK_DAYS,
    Agreement,
    after_stopping,
    ask_receiver,
    digest,
    new_link,
    propose_in,
    wait_for_answer,
)
from anydoor.care.record import Pen, fresh_episode, fresh_handover, fresh_referral, writing
from anydoor.directory.models import Area, Service
from anydoor.people.consent import SharedWithout
from anydoor.rules import working_time
from anydoor.rules.errors import BadInput, WrongMoment
from anydoor.rules.pathway import Event, HandoverStage

MEETING_EVERY_DAYS = 14


def coordinator_of(area: Area, at: datetime) -> User:
    """The area's coordinator on that day, their cover when away, else the front door's named fall-back."""
    rows = (
        Membership.objects.current(working_time.london_day(at))
        .filter(team=area.front_door, role=Role.COORDINATOR.value, user__is_active=True)
        .select_related("user")
        .order_by("started_on", "pk")
    )
    for row in rows:
        away = cover_on(row.user, at)
        return away or row.user
    fallback = area.front_door.fallback
    assert fallback is not None  # a constraint keeps it so for every front door
    return fallback


def ask_second_look(pen: Pen, handover: Handover) -> None:
    """A decline waits on the coordinator, who looks again within the area's limit."""
    assert handover.second_look_due_at is not None
    area = Area.objects.select_related("front_door__fallback").get(pk=handover.area_id)
    instead = handover.alternative.name if handover.alternative else handover.alternative_words
    pen.wait(
        "second_look",
        subject=handover,
        user=coordinator_of(area, pen.at),
        team=area.front_door,
        due_at=handover.second_look_due_at,
        why=(
            f"{handover.service.name} proposes {instead} instead. "
            "Take it, put it back once, or decide together."
        ),
    )


def put_on_meeting(pen: Pen, handover: Handover) -> None:
    """A second decline goes to the next interface meeting, where agencies decide together."""
    area = Area.objects.select_related("front_door__fallback").get(pk=handover.area_id)
    handover.meeting = next_meeting(area, pen.at)
    day = working_time.day_in_words(handover.meeting.starts_at)
    pen.move(
        handover,
        Event.TO_MEETING,
        f"On the agenda of the interface meeting on {day}.",
    )
    pen.done("second_look", subject=handover, words="to the meeting")
    pen.wait(
        "meeting",
        subject=handover,
        user=coordinator_of(area, pen.at),
        team=area.front_door,
        due_at=handover.meeting.starts_at + timedelta(hours=2),
        why="Agencies decide together who helps this family.",
    )


def next_meeting(area: Area, at: datetime) -> Meeting:
    """The area's next interface meeting. When none is planned, one is: two weeks on, a working day, 13:00."""
    meeting = Meeting.objects.filter(area=area, starts_at__gt=at).order_by("starts_at").first()
    if meeting is not None:
        return meeting
    day = working_time.next_working_day(working_time.london_day(at + timedelta(days=MEETING_EVERY_DAYS)))
    meeting, _ = Meeting.objects.get_or_create(area=area, starts_at=working_time.london(day, time(13)))
    return meeting


def take_alternative(
    *,
    handover: Handover,
    by: User,
    at: datetime,
    service: Service | None = None,
    words: str = "",
    agreement: Agreement | None = None,
    authority: str = "",
) -> Handover:
    """Ask the alternative (or another `service`) at once, with the same story. The sender holds on.

    `agreement` is what the family says to it now. Without one, an agreement to the same organisation is
    carried over; for another organisation the coordinator's `words` are the recorded reason and `authority`
    says on what it rests. Without them `BadInput` is raised: an agreement to one is not one to all.
    """
    with writing(handover.family_id, by=by, at=at) as pen:
        handover = fresh_handover(handover.pk)
        chosen = service or handover.alternative
        if chosen is None:
            raise BadInput("The alternative is not in the directory. Choose a service.", field="service")
        handover.closed_at, handover.closed_words = at, f"replaced by {chosen.name}"[:300]
        pen.move(
            handover,
            Event.ALTERNATIVE_TAKEN,
            f"{by.name} took the second look: {chosen.name} is asked instead.",
            words,
        )
        pen.all_done(handover, "alternative taken")
        thing = (
            fresh_referral(handover.referral_id)
            if handover.referral_id is not None
            else fresh_episode(handover.episode_id or 0)
        )
        new, _ = propose_in(
            pen,
            thing,
            chosen,
            agreement or _carried_over(handover, thing, chosen, words, authority),
            words=handover.words,
            kind=handover.kind,
        )
        after_stopping(pen, handover)
        return new


def _carried_over(
    handover: Handover, thing: Referral | Episode, chosen: Service, words: str, authority: str
) -> Agreement:
    """Why the story may go to `chosen`, from what was recorded for the service asked before."""
    if thing.holder_team is not None and chosen.organisation_id == thing.holder_team.organisation_id:
        return Agreement("same")
    if chosen.organisation_id == handover.service.organisation_id and handover.agreement != "same":
        return Agreement(
            handover.agreement,
            handover.agreed_by,
            handover.agreed_words,
            handover.agreed_at,
            handover.sharing_reason,
            authority=_authority_of(handover),
        )
    if len(words.strip()) < 10:
        raise BadInput(
            "This is another organisation. Say what the family says to it, or why you share without asking.",
            field="words",
        )
    return Agreement("reason", reason=words, authority=authority)


def _authority_of(handover: Handover) -> str:
    """On what the sharing with the service that was asked before rests; empty where they agreed."""
    rows = SharedWithout.objects.filter(person=handover.person_id, service_id=handover.service_id)
    return rows.values_list("authority", flat=True).order_by("-at", "-pk").first() or ""


def put_back(*, handover: Handover, reason: str, by: User, at: datetime) -> Handover:
    """Ask the same service once more, with a reason. A second no goes to the interface meeting."""
    if not reason.strip():
        raise BadInput("Say why it fits after all.", field="reason")
    with writing(handover.family_id, by=by, at=at) as pen:
        handover = fresh_handover(handover.pk)
        if handover.round != 1:
            raise WrongMoment("It was put back once already. It is decided at the interface meeting.")
        handover.round = 2
        handover.put_back_reason = reason.strip()[:500]
        handover.answer_due_at = working_time.due_after_working_days(at, handover.area.answer_days)
        handover.accepted_at, handover.accepted_by_words = None, ""
        link = new_link(handover.service)
        if link:
            handover.link_digest, handover.link_until = digest(link), at + timedelta(days=LINK_DAYS)
        pen.move(
            handover,
            Event.PUT_BACK,
            f"{by.name} took the second look and asks {handover.service.name} once more.",
            reason.strip(),
        )
        pen.all_done(handover, "put back")
        wait_for_answer(pen, handover)
        ask_receiver(pen, handover, link)
        return handover


def decide_together(*, handover: Handover, by: User, at: datetime) -> Handover:
    """Straight to the next interface meeting, without putting it back first."""
    with writing(handover.family_id, by=by, at=at) as pen:
        handover = fresh_handover(handover.pk)
        if handover.stage != HandoverStage.DECLINED:
            raise WrongMoment("Only a declined handover goes to the meeting. Nothing was changed.")
        put_on_meeting(pen, handover)
        return handover
