"""Handovers: proposed, accepted or declined, introduced, completed. The sender holds until the end.

Holding moves at one moment only: when the receiver records a real contact with the family.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.crypto import constant_time_compare

from anydoor.access import wall
from anydoor.access.audit import Outsider, name_of, user_of
from anydoor.access.models import User
from anydoor.access.policy import works_in
from anydoor.care import coordination, kept_apart, telling
from anydoor.care.episode import begin_after_handover
from anydoor.care.models import Contact, Episode, Handover, Referral, Wait
from anydoor.care.proposing import Agreement, digest, propose_in, withdraw_in
from anydoor.care.record import Actor, fresh_episode, fresh_handover, fresh_referral, writing
from anydoor.directory.models import Service
from anydoor.rules import working_time
from anydoor.rules.errors import BadInput, NotAllowed, NotFound, WrongMoment
from anydoor.rules.pathway import DECLINE_WORDS, RUNNING_HANDOVER, DeclineReason, Event, HandoverStage


@dataclass(frozen=True, slots=True)
class Proposed:
    """A handover just proposed. `link` is the one-time secret for a receiver outside the house, or empty.

    The secret is shown once and sent; only its hash is kept.
    """

    handover: Handover
    link: str = ""


def propose(
    *,
    thing: Referral | Episode,
    service: Service,
    agreement: Agreement,
    words: str,
    by: User,
    at: datetime,
    kind: str = "handover",
    to_user: User | None = None,
    introduction_at: datetime | None = None,
) -> Proposed:
    """Ask a service to take over. The sender holds on.

    To another organisation it needs the family's agreement, or a recorded reason for going without.
    Raises `BadInput` pinned to its field, or `WrongMoment` when the thing is closed or the same service is
    already asked.
    """
    with writing(thing.family_id, by=by, at=at) as pen:
        thing = fresh_referral(thing.pk) if isinstance(thing, Referral) else fresh_episode(thing.pk)
        handover, link = propose_in(
            pen,
            thing,
            service,
            agreement,
            words=words,
            kind=kind,
            to_user=to_user,
            introduction_at=introduction_at,
        )
        return Proposed(handover, link)


def by_link(secret: str, at: datetime) -> Handover:
    """The handover that a one-time link opens. `NotFound` when it is wrong, used up or out of date."""
    wanted = digest(secret)
    with wall.lifted("the secret finds the handover; whose it is is known only then"):
        handover = Handover.objects.filter(link_digest=wanted).first()
    if (
        handover is None
        or not constant_time_compare(handover.link_digest or "", wanted)
        or (handover.link_until is not None and handover.link_until < at)
        or not handover.is_open
    ):
        raise NotFound("This link is no longer in use. Ring the person who sent it to you.")
    wall.see_also(handover.family_id)
    return fresh_handover(handover.pk)


def accept(*, handover: Handover, by: Actor, at: datetime, heard_by: User | None = None) -> Handover:
    """The receiver says yes. The sender still holds, until the first real contact.

    Inside the house `by` must work in the team asked. A receiver outside is an `Outsider`; `heard_by`
    is the colleague who wrote it down when they answered by telephone.
    """
    with writing(handover.family_id, by=heard_by or by, at=at) as pen:
        handover = fresh_handover(handover.pk)
        _check_answers_for(handover, by, at)
        _not_answered_yet(handover, Event.ACCEPTED)
        person = user_of(by)
        handover.accepted_at = at
        handover.accepted_by_words = _answered_words(by, heard_by)
        handover.to_user = person or handover.to_user
        handover.first_contact_due_at = working_time.due_after_working_days(
            at, handover.area.first_contact_days
        )
        pen.move(
            handover, Event.ACCEPTED, f"{handover.accepted_by_words} accepted for {handover.service.name}."
        )
        pen.done("answer", subject=handover, words="accepted")
        pen.wait(
            "introduce",
            subject=handover,
            user=handover.from_user,
            team=handover.from_team,
            due_at=handover.introduction_at or handover.first_contact_due_at,
            why=f"{handover.accepted_by_words} accepted. Introduce them to the family, together if you can.",
        )
        receiver_team = handover.to_team or handover.from_team
        pen.wait(
            "first_contact",
            subject=handover,
            user=person or (handover.from_user if handover.to_team is None else None),
            team=receiver_team,
            due_at=handover.first_contact_due_at,
            why="Speak with the family. You become their holder when you record it.",
        )
        telling.accepted(pen, handover)
        return handover


def decline(
    *,
    handover: Handover,
    reason: str,
    words: str,
    by: Actor,
    at: datetime,
    alternative: Service | None = None,
    alternative_words: str = "",
    heard_by: User | None = None,
) -> Handover:
    """The receiver proposes another way: a coded reason and an alternative. The coordinator looks again.

    A second decline goes to the next interface meeting. The sender holds all along.
    """
    if reason not in {r.value for r in DeclineReason}:
        raise BadInput("Choose a reason.", field="reason")
    if not words.strip():
        raise BadInput("Say why, in a sentence the sender can use.", field="words")
    if alternative is None and not alternative_words.strip():
        raise BadInput("Name another way that could help.", field="alternative")
    if alternative is not None and alternative.pk == handover.service_id:
        raise BadInput("Name another service than your own.", field="alternative")
    with writing(handover.family_id, by=heard_by or by, at=at) as pen:
        handover = fresh_handover(handover.pk)
        _check_answers_for(handover, by, at)
        _not_answered_yet(handover, Event.DECLINED)
        handover.declined_at = at
        handover.declined_by_words = _answered_words(by, heard_by)
        handover.decline_reason, handover.decline_words = reason, words.strip()
        handover.alternative, handover.alternative_words = alternative, alternative_words.strip()
        handover.second_look_due_at = working_time.due_after_working_days(at, handover.area.second_look_days)
        instead = alternative.name if alternative else alternative_words.strip()
        pen.move(
            handover,
            Event.DECLINED,
            f"{handover.declined_by_words} proposes another way: {instead}.",
            f"{DECLINE_WORDS[DeclineReason(reason)]}. {words.strip()}",
        )
        pen.all_done(handover, "declined")
        if handover.round == 1:
            coordination.ask_second_look(pen, handover)
        else:
            coordination.put_on_meeting(pen, handover)
        return handover


def introduce(*, handover: Handover, words: str, by: User, at: datetime) -> Handover:
    """Sender, receiver and family have met or spoken together. The sender still holds."""
    with writing(handover.family_id, by=by, at=at) as pen:
        handover = fresh_handover(handover.pk)
        handover.introduced_at = at
        receiver = handover.to_user.name if handover.to_user else handover.accepted_by_words
        pen.move(handover, Event.INTRODUCED, f"{by.name} introduced {receiver} to the family.", words)
        pen.done("introduce", subject=handover, words="introduced")
        telling.introduced(pen, handover)
        return handover


def plan_introduction(*, handover: Handover, when: datetime, words: str, by: User, at: datetime) -> Handover:
    """Set or move the joint call or visit. A moved one is kept on the timeline."""
    if when <= at:
        raise BadInput("Choose a time in the future.", field="when")
    with writing(handover.family_id, by=by, at=at) as pen:
        handover = fresh_handover(handover.pk)
        if handover.stage != HandoverStage.ACCEPTED:
            raise WrongMoment(
                "An introduction is planned once the handover is accepted, and before they have met."
            )
        moved = handover.introduction_at is not None
        handover.introduction_at = when
        handover.save(update_fields=["introduction_at"])
        Wait.objects.open().filter(handover=handover, kind="introduce").update(
            due_at=when, nudged_at=None, escalated_at=None
        )
        pen.note(
            "introduction_planned",
            f"Joint call {'moved to' if moved else 'planned for'} {working_time.moment_in_words(when)}.",
            words,
            subject=handover,
        )
        return handover


def first_contact(
    *,
    handover: Handover,
    mode: str,
    words: str,
    by: Actor,
    at: datetime,
    happened_at: datetime | None = None,
    heard_by: User | None = None,
    minutes: int | None = None,
) -> Episode:
    """The receiver has really met or spoken with the family. In this moment, and no other, holding moves.

    A referral is taken up, an episode begins with the receiver as holder; when an episode is handed over
    (not alongside), the sender's episode ends. A receiver outside the house has no account: the episode
    begins, and the sender keeps in touch as its holder.
    """
    with writing(handover.family_id, by=heard_by or by, at=at) as pen:
        handover = fresh_handover(handover.pk)
        _check_answers_for(handover, by, at)
        when = happened_at or at
        if when > at:
            raise BadInput("A contact that is still to come cannot be recorded as made.", field="happened_at")
        if handover.accepted_at is None:
            raise WrongMoment("Accept the handover first. Nothing was changed.")
        if when < handover.proposed_at:
            raise BadInput("That is before you were asked to take over. Check the day.", field="happened_at")
        handover.completed_at = handover.closed_at = at
        handover.to_user = user_of(by) or handover.to_user
        receiver = _answered_words(by, heard_by)
        pen.move(
            handover,
            Event.FIRST_CONTACT,
            f"{receiver} and the family have spoken."
            + (f" {name_of(by)} holds them now." if user_of(by) is not None else ""),
            words,
            moved_holding=user_of(by) is not None,
        )
        pen.all_done(handover, "first contact made")
        episode = begin_after_handover(pen, handover, receiver=user_of(by))
        Contact.objects.create(
            family=pen.family,
            person=handover.person,
            episode=episode,
            handover=handover,
            team=handover.to_team or handover.from_team,
            by=user_of(by),
            by_words=receiver,
            mode=mode,
            outcome="attended",
            happens_at=when,
            minutes=minutes,
            words=words,
            recorded_at=at,
        )
        if user_of(by) is not None:
            telling.new_holder(pen, episode)
        return episode


def withdraw(*, handover: Handover, why: str, by: Actor, at: datetime) -> Handover:
    """The sender takes a proposal back (the family said no, or it no longer fits). The sender holds on."""
    if not why.strip():
        raise BadInput("Say why.", field="why")
    with writing(handover.family_id, by=by, at=at) as pen:
        handover = fresh_handover(handover.pk)
        withdraw_in(pen, handover, why)
        return handover


def _check_answers_for(handover: Handover, by: Actor, at: datetime) -> None:
    """Only the team asked answers; a receiver outside answers only for a service outside."""
    person = user_of(by)
    if person is None:
        if handover.to_team is not None:
            raise NotAllowed("This handover is answered by the team that was asked, signed in.")
        return
    if handover.to_team is None:
        raise NotAllowed("The receiver has no account here. Write down what they said by telephone.")
    if not works_in(person, handover.to_team, at):
        raise NotAllowed(f"Only {handover.to_team.name} can answer this handover.")
    if person.pk in kept_apart.kept_users(handover.family_id):
        raise NotAllowed("A colleague answers this handover.")


def _not_answered_yet(handover: Handover, event: Event) -> None:
    """A clear sentence for the second of two people who answer at once."""
    running = handover.stage in {stage.value for stage in RUNNING_HANDOVER}
    if event == Event.ACCEPTED and handover.accepted_at is not None and running:
        local = working_time.in_london(handover.accepted_at)
        when = f"{local:%H:%M} on {local.day} {local:%B}"
        raise WrongMoment(f"{handover.accepted_by_words} accepted this at {when}. Nothing was changed.")
    if event == Event.DECLINED and handover.stage in {HandoverStage.DECLINED, HandoverStage.AT_MEETING}:
        raise WrongMoment(f"{handover.declined_by_words} already answered this. Nothing was changed.")


def _answered_words(by: Actor, heard_by: User | None) -> str:
    if isinstance(by, Outsider) and heard_by is not None:
        return f"{by.name} (by telephone, heard by {heard_by.name})"[:200]
    return name_of(by)[:200]
