"""A handover in words: how far it is, who holds, what the receiver was given, what to tell the family."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from anydoor.care.models import Handover, Happening
from anydoor.care.picture import happenings_of
from anydoor.care.withheld import HeldBack, happenings_shown
from anydoor.rules import working_time
from anydoor.rules.pathway import DECLINE_WORDS, DeclineReason, HandoverStage
from anydoor.ui.times import clock_time, date_words, day_words
from anydoor.ui.words import given_name
from anydoor.web.desk.chips import Chip, chip
from anydoor.web.desk.family_rows import shortened
from anydoor.web.desk.given import given_rows

RUNNING = {HandoverStage.PROPOSED, HandoverStage.ACCEPTED, HandoverStage.INTRODUCED}
BAND_ROOM = 24  # characters of a name that fit on the band
# What may be new since the story was frozen.
CHANGES = (
    "story_added",
    "instruction_added",
    "instruction_ended",
    "amended",
    "safety_asked",
    "birth",
    "loss",
)


def receiver_of(handover: Handover) -> str:
    """Who holds next: a person when one is named, else the service, short and kept together as one name."""
    if handover.to_user is not None:
        return handover.to_user.name
    name = handover.service.name.partition(",")[0]
    return shortened(name, BAND_ROOM).replace(" ", "\u00a0")


def short_receiver(handover: Handover) -> str:
    return given_name(handover.to_user.name) if handover.to_user is not None else handover.service.name


# ---- how far


def clock_of(handover: Handover, at: datetime) -> Chip | None:
    """The one clock of the step it is at."""
    due: Mapping[str, tuple[str, datetime | None, datetime | None]] = {
        HandoverStage.PROPOSED: ("Answer", handover.answer_due_at, handover.proposed_at),
        HandoverStage.ACCEPTED: ("First contact", handover.first_contact_due_at, handover.accepted_at),
        HandoverStage.INTRODUCED: ("First contact", handover.first_contact_due_at, handover.accepted_at),
        HandoverStage.DECLINED: ("Second look", handover.second_look_due_at, handover.declined_at),
    }
    what, when, begun = due.get(handover.stage, ("", None, None))
    return chip(when, at, opened=begun, what=what) if when is not None else None


def steps_of(handover: Handover, at: datetime) -> list[dict[str, str]]:
    """The four steps: proposed, accepted, introduced, first real contact."""
    return [_proposed(handover, at), _accepted(handover, at), _introduced(handover, at), _met(handover, at)]


def _proposed(handover: Handover, at: datetime) -> dict[str, str]:
    text = {
        "agreed": f"Story shared as it was that day. {handover.agreed_by} agreed",
        "reason": "Story shared as it was that day, without asking, with a reason",
        "same": "Story shared as it was that day, inside one organisation",
    }[handover.agreement]
    who = f"{date_words(handover.proposed_at, at)}, {given_name(handover.from_user.name)}"
    again = ". Asked once more after a no" if handover.round == 2 else ""
    return {"name": "Proposed", "who": who, "text": text + again, "state": "done"}


def _accepted(handover: Handover, at: datetime) -> dict[str, str]:
    if handover.accepted_at is not None and handover.stage not in {
        HandoverStage.DECLINED,
        HandoverStage.AT_MEETING,
    }:
        took = working_time.working_days_between(
            working_time.in_london(handover.proposed_at).date(),
            working_time.in_london(handover.accepted_at).date(),
        )
        who = given_name(handover.to_user.name) if handover.to_user else handover.accepted_by_words
        days = "On the same day" if took == 0 else f"After {took} working {'day' if took == 1 else 'days'}"
        return {
            "name": "Accepted",
            "who": f"{date_words(handover.accepted_at, at)}, {who}",
            "text": days,
            "state": "done",
        }
    if handover.declined_at is not None:
        return {
            "name": "Another way proposed",
            "who": f"{date_words(handover.declined_at, at)}, {given_name(handover.declined_by_words)}",
            "text": "Looked at again, see below",
            "state": "current",
        }
    return {
        "name": "Accepted",
        "who": f"by {day_words(handover.answer_due_at, at)}",
        "text": f"Waits for {short_receiver(handover)}",
        "state": "current",
    }


def _introduced(handover: Handover, at: datetime) -> dict[str, str]:
    row = {"name": "Introduced", "state": "later", "who": "", "text": "Together, if they can"}
    if handover.introduced_at is not None:
        return row | {
            "state": "done",
            "who": date_words(handover.introduced_at, at),
            "text": _together(handover),
        }
    if handover.completed_at is not None:
        return row | {"state": "done", "who": "Not together", "text": "They met without an introduction"}
    if handover.introduction_at is not None:
        row["who"] = f"{day_words(handover.introduction_at, at)}, {clock_time(handover.introduction_at)}"
        row["text"] = _together(handover)
    if handover.stage == HandoverStage.ACCEPTED:
        row["state"] = "current"
        row["who"] = row["who"] or "No day yet"
    return row


def _together(handover: Handover) -> str:
    person, sender = given_name(handover.person.called), given_name(handover.from_user.name)
    return f"{person}, {sender} and {short_receiver(handover)}"


def _met(handover: Handover, at: datetime) -> dict[str, str]:
    row = {
        "name": "First real contact",
        "state": "later",
        "who": "",
        "text": f"Recorded by {short_receiver(handover)}",
    }
    if handover.completed_at is not None:
        return row | {"state": "done", "who": date_words(handover.completed_at, at)}
    if handover.first_contact_due_at is not None and handover.stage in RUNNING:
        row["who"] = f"by {day_words(handover.first_contact_due_at, at)}"
    if handover.stage == HandoverStage.INTRODUCED:
        row["state"] = "current"
    return row


def band_note(handover: Handover) -> str:
    """What the band means, in a sentence."""
    who, person = given_name(handover.from_user.name), given_name(handover.person.called)
    receiver = short_receiver(handover)
    if handover.to_team is None:
        return (
            f"{handover.service.name} has no account here. {who} goes on holding {person} and keeps in touch "
            "with them, also after they have met."
        )
    if handover.kind == "alongside":
        return f"{who} goes on holding. {receiver} holds their own part from the first contact on."
    if handover.completed_at is not None:
        return f"It changed hands when {receiver} recorded the first contact, and at no other moment."
    return (
        f"The band never breaks. It changes hands when {receiver} records a real contact with {person}, "
        "and at no other moment."
    )


# ---- what was said no to


def decline_facts(handover: Handover, at: datetime) -> list[dict[str, Any]]:
    """Who proposed another way, why, what instead, and who holds."""
    instead = handover.alternative.name if handover.alternative is not None else handover.alternative_words
    return [
        {
            "label": "Said by",
            "value": f"{handover.declined_by_words}, {date_words(handover.declined_at, at)}",
        },
        {
            "label": "Reason",
            "bold": DECLINE_WORDS[DeclineReason(handover.decline_reason)],
            "value": f"“{handover.decline_words}”",
        },
        {
            "label": "Alternative",
            "bold": instead,
            "value": handover.alternative_words if handover.alternative is not None else "",
        },
    ]


# ---- what went along


def shared_of(handover: Handover, others: list[str], at: datetime) -> dict[str, Any]:
    """What the receiver was given, frozen, and on whose word."""
    stories = [
        {
            "own": row["kind"] == "own",
            "words": row["words"],
            "who": row["told_by"],
            "how": row["how"],
            "when": date_words(datetime.fromisoformat(row["at"]), at),
        }
        for row in handover.shared.get("stories", ())
    ]
    return {
        "rows": given_rows(handover.shared, others),
        "stories": stories,
        "instructions": [row["words"] for row in handover.shared.get("instructions", ())],
        "agreement": handover.agreement,
        "said": handover.agreed_words,
        "by": handover.agreed_by,
        "heard": f"agreed, heard by {handover.from_user.name}",
        "when": f"{date_words(handover.agreed_at, at)}, {clock_time(handover.agreed_at)}"
        if handover.agreed_at
        else "",
        "reason": handover.sharing_reason,
    }


def changed_since(handover: Handover, held: HeldBack) -> list[Happening]:
    """What is new in the record since the story was frozen, as far as it is shown to whoever looks."""
    rows = happenings_of(handover.family_id, without=held.hidden)
    return list(happenings_shown(rows, held).filter(kind__in=CHANGES, at__gt=handover.proposed_at)[:20])


# ---- what to tell them


def to_tell(handover: Handover, at: datetime) -> str:
    """What the family can be told today: who is with them, and what comes next. No baby, no level."""
    who, next_one = given_name(handover.from_user.name), short_receiver(handover)
    stage = HandoverStage(handover.stage)
    if stage == HandoverStage.COMPLETED:
        if handover.to_team is None:
            return f"You have met {handover.service.name}. {who} stays in touch with you."
        return f"{next_one} is with you now. You can always turn to {who} too."
    if stage in {HandoverStage.DECLINED, HandoverStage.AT_MEETING}:
        return f"{who} is with you. {who} is finding the right place. Nothing you told us is lost."
    if stage in {HandoverStage.REPLACED, HandoverStage.WITHDRAWN}:
        return f"{who} is with you, and tells you what comes next."
    if stage == HandoverStage.PROPOSED:
        due = day_words(handover.answer_due_at, at)
        return f"{who} is with you. {who} has asked {handover.service.name}. They answer by {due}."
    stay = f"You stay with {who} until you have met {next_one} and it feels all right."
    if (
        stage == HandoverStage.ACCEPTED
        and handover.introduction_at is not None
        and handover.introduction_at > at
    ):
        day = f"{day_words(handover.introduction_at, at)} at {clock_time(handover.introduction_at)}"
        return f"{who} is with you. On {day} you, {who} and {next_one} talk together. {stay}"
    return f"{who} is with you. {next_one} gets in touch with you next. {stay}"
