"""Triage: read a request, decide with reasons what could help, hear the family's answer, set it aside."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from anydoor.access.audit import name_of
from anydoor.access.models import User
from anydoor.care import telling
from anydoor.care.clocks import wait_to_decide
from anydoor.care.models import Decision, Grounds, Offer, Referral, Story, Wait
from anydoor.care.record import Pen, first_name, fresh_referral, writing
from anydoor.directory.models import LEVELS
from anydoor.people.models import FamilyMember
from anydoor.rules import working_time
from anydoor.rules.errors import BadInput, WrongMoment
from anydoor.rules.pathway import OPEN_REFERRAL, Event, ReferralStage


@dataclass(frozen=True, slots=True)
class Shown:
    """One offer as it was shown when the decision was made; kept so that it can be replayed."""

    service_id: int
    name: str
    verdict: str
    reasons_for: tuple[str, ...] = ()
    reasons_against: tuple[str, ...] = ()
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Grounded:
    """What a proposal rested on, as JSON values (see `care.models.Grounds`)."""

    rules: str
    profile: dict[str, Any]
    services: dict[str, Any]
    proposal: dict[str, Any]


def read(*, referral: Referral, by: User, at: datetime) -> Referral:
    """Somebody at the front door has read the request. Reading it twice changes nothing."""
    with writing(referral.family_id, by=by, at=at) as pen:
        referral = fresh_referral(referral.pk)
        read_in(pen, referral)
        return referral


def read_in(pen: Pen, referral: Referral) -> None:
    """`read` inside a transaction that is already open: whoever acts on a request has read it."""
    if referral.stage == ReferralStage.RECEIVED:
        pen.move(referral, Event.READ, f"{name_of(pen.by)} read the request.")
        pen.done("read", subject=referral, words="read")
        wait_to_decide(pen, referral)


def take(*, referral: Referral, by: User, at: datetime) -> Referral:
    """A front-door colleague takes a request over from the one on duty, and holds it now."""
    with writing(referral.family_id, by=by, at=at) as pen:
        referral = fresh_referral(referral.pk)
        _must_be_open(referral)
        if referral.holder_id == by.pk:
            return referral
        before = referral.holder.name if referral.holder else "nobody"
        pen.hold(referral, by, referral.front_door, "taken over at the front door")
        pen.rest_on(referral, by, referral.front_door)
        pen.note(
            "holder_moved",
            f"{by.name} took this over from {before}.",
            subject=referral,
            moved_holding=True,
        )
        telling.new_holder(pen, referral)
        return referral


def decide(
    *,
    referral: Referral,
    level: str,
    words: str,
    answer: str,
    shown: Sequence[Shown],
    by: User,
    at: datetime,
    level_why: str = "",
    grounds: Grounded | None = None,
) -> Decision:
    """Record what could help and why, in words the family could read, and what the family says to it.

    `shown` is every offer that was on the page; those `chosen` become offers. `grounds` is what the proposal
    rested on: it is kept beside the decision, which can then be judged again. Whatever the answer, the
    holder goes on holding. Raises `BadInput` for a missing level, reason or answer, and `WrongMoment`
    when the request is closed.
    """
    if level not in LEVELS:
        raise BadInput("Choose a level.", field="level")
    if answer not in {"yes", "some", "not_asked", "no"}:
        raise BadInput("Say what the family says, or that you have not asked yet.", field="answer")
    if not words.strip():
        raise BadInput("Say why, in words the family could read.", field="words")
    chosen = [offer for offer in shown if offer.chosen]
    if not chosen and answer in {"yes", "some"}:
        raise BadInput("Choose at least one offer the family said yes to.", field="offers")
    with writing(referral.family_id, by=by, at=at) as pen:
        referral = fresh_referral(referral.pk)
        _must_be_open(referral)
        decision = Decision.objects.create(
            referral=referral,
            level=level,
            level_why=level_why,
            words=words.strip(),
            answer=answer,
            shown=[asdict(offer) for offer in shown],
            by=by,
            at=at,
        )
        _keep_offers(decision, chosen, answer, at)
        if grounds is not None:
            Grounds.objects.create(decision=decision, **asdict(grounds))
        referral.paused_until = None
        names = ", ".join(offer.name for offer in chosen) or "no service for now"
        pen.move(
            referral,
            Event.DECIDED,
            f"{by.name} decided: {names}.",
            words.strip(),
            facts={"level": level, "answer": answer, "decision": decision.pk},
        )
        pen.done("read", "decide", subject=referral, words="decided")
        # Until a handover is on its way the request waits on its holder, whatever the family said.
        wait_to_decide(pen, referral)
        return decision


def _keep_offers(decision: Decision, chosen: Sequence[Shown], answer: str, at: datetime) -> None:
    """The offers that were ticked, each with the family's answer as far as it is known."""
    said = {"yes": "yes", "some": "thinking", "no": "no", "not_asked": "not_asked"}[answer]
    Offer.objects.bulk_create(
        Offer(
            decision=decision,
            referral=decision.referral,
            service_id=offer.service_id,
            verdict=offer.verdict,
            reasons_for=list(offer.reasons_for),
            reasons_against=list(offer.reasons_against),
            answer=said,
            answered_at=at if said in {"yes", "no"} else None,
        )
        for offer in chosen
    )


def answer_offer(*, offer: Offer, answer: str, by: User, at: datetime) -> Offer:
    """The family's answer to one offer: yes, no, or thinking about it."""
    if answer not in {"yes", "no", "thinking", "not_asked"}:
        raise BadInput("Choose yes, no or thinking about it.", field="answer")
    with writing(offer.referral.family_id, by=by, at=at) as pen:
        offer = Offer.objects.select_related("service", "referral").get(pk=offer.pk)
        offer.answer = answer
        offer.answered_at = at if answer in {"yes", "no"} else None
        offer.save(update_fields=["answer", "answered_at"])
        said = {"yes": "said yes to", "no": "said no to", "thinking": "is thinking about"}.get(
            answer, "has not been asked about"
        )
        pen.note("offer_answered", f"The family {said} {offer.service.name}.", subject=offer.referral)
        return offer


def pause(*, referral: Referral, until: date, words: str, by: User, at: datetime) -> Referral:
    """The family asked us to wait. The holder stays; the clock starts again on that day."""
    if until <= working_time.london_day(at):
        raise BadInput("Choose a day in the future.", field="until")
    if (until - working_time.london_day(at)).days > 183:
        raise BadInput("Choose a day within six months. End the request if they want to stop.", field="until")
    with writing(referral.family_id, by=by, at=at) as pen:
        referral = fresh_referral(referral.pk)
        _must_be_open(referral)
        referral.paused_until = until
        referral.save(update_fields=["paused_until"])
        Wait.objects.open().filter(referral=referral, kind__in=["read", "decide", "not_reached"]).update(
            due_at=_morning_of(until), nudged_at=None, escalated_at=None
        )
        pen.note(
            "paused", f"Paused until {until.day} {until:%B}: they asked us to wait.", words, subject=referral
        )
        return referral


def acknowledge_danger(*, wait: Wait, words: str, by: User, at: datetime) -> Wait:
    """One named person says what they did about words of danger. Only this ends the danger clock."""
    if len(words.strip()) < 10:
        raise BadInput("Say what you did: whom you spoke with, and how they are.", field="words")
    with writing(wait.family_id, by=by, at=at) as pen:
        wait = Wait.objects.select_for_update(of=("self",)).select_related("referral").get(pk=wait.pk)
        if wait.done_at is not None:
            raise WrongMoment(f"{wait.done_by} already said what they did. Nothing was changed.")
        wait.done_at, wait.done_by, wait.done_words = at, by.name, words.strip()[:500]
        wait.save(update_fields=["done_at", "done_by", "done_words"])
        if wait.referral is not None:
            wait.referral.tags = [tag for tag in wait.referral.tags if tag != "danger"]
            wait.referral.save(update_fields=["tags"])
        pen.note(
            "danger_acknowledged",
            f"{by.name} acted on words of danger.",
            words.strip(),
            subject=wait.referral,
        )
        return wait


def add_story(
    *,
    family_id: int,
    person_id: int,
    kind: str,
    words: str,
    by: User,
    at: datetime,
    how: str = "added",
    form_key: str = "",
) -> Story:
    """Add to what we know: `own` words, a `worker`'s, or what it may be like for the `baby`."""
    if kind not in {"own", "worker", "baby"}:
        raise BadInput("Say whose words these are.", field="kind")
    if not words.strip():
        raise BadInput("Write what was said.", field="words")
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        member = FamilyMember.objects.select_related("person").get(
            family_id=family_id, person_id=person_id, left_at__isnull=True
        )
        teller = member.person.called if kind == "own" else by.name
        story = Story.objects.create(
            family=pen.family,
            person=member.person,
            kind=kind,
            words=words.strip(),
            told_by=teller,
            how=how,
            recorded_by=by,
            at=at,
        )
        pen.note(
            "story_added",
            f"{by.name} added to the story of {first_name(member.person.called)}.",
            facts={"person": member.person_id},
        )
        return story


def _must_be_open(referral: Referral) -> None:
    if referral.stage not in {stage.value for stage in OPEN_REFERRAL}:
        raise WrongMoment(
            f"This request is {referral.get_stage_display()}, so that cannot be done now. "
            "Nothing was changed."
        )


def _morning_of(day: date) -> datetime:
    return working_time.london(working_time.next_working_day(day), time(9))
