"""Short words the desk's lists use: the colour and the name of a need, a level, a door, a thing to do."""

from __future__ import annotations

from collections.abc import Mapping

from anydoor.care.models import Wait
from anydoor.rules.pathway import ReferralStage
from anydoor.rules.profile import STRAND_NEEDS
from anydoor.web.desk.chips import STRAND_COLOURS

# A need as a worker says it, in the order of the lists to tick.
NEED_TAGS: Mapping[str, str] = {
    "mood": "Low mood",
    "anxiety": "Worry, anxiety",
    "trauma": "Trauma",
    "psychosis": "Psychosis, mania",
    "birth_fear": "Fear of birth",
    "birth_trauma": "A frightening birth",
    "bond": "Bond with baby",
    "crying_sleep": "Crying, sleep",
    "feeding": "Feeding",
    "parenting": "Being a parent",
    "relationship": "Being a couple",
    "isolation": "Feeling alone",
    "loss": "Loss, grief",
    "fertility": "Trying to conceive",
    "neonatal": "Neonatal care",
    "child_removed": "A child not living with them",
    "physical_health": "Health",
    "housing": "Housing",
    "money": "Money, debt",
    "childcare": "Childcare",
    "english": "English",
    "domestic_abuse": "Not safe at home",
    "substance": "Drinking, drugs",
    "disability": "Disability",
    "early_help": "Finding the right help",
}
DOOR_ICONS: Mapping[str, str] = {
    "web": "globe",
    "phone": "phone",
    "text": "text",
    "walk_in": "walk",
    "email": "email",
    "messaging": "text",
    "professional": "document",
    "partner": "link",
    "file": "document",
    "event": "people",
}
# What the button of a waiting thing says; all of them as wide as each other.
ACTIONS: Mapping[str, str] = {
    "danger": "Acknowledge",
    "danger_answer": "Acknowledge",
    "read": "Read",
    "decide": "Decide",
    "match": "Compare",
    "answer": "Answer",
    "introduce": "Open",
    "first_contact": "Open",
    "second_look": "Look again",
    "meeting": "Open",
    "not_reached": "Find a way",
    "say_what_happened": "Record",
    "moved_to_you": "Open",
    "after_event": "Open",
    "message_not_delivered": "Open",
    "objection": "Answer",
    "own_record": "Open",
}


def need_colour(need: str) -> str:
    """The tint of a need: its strand, or wider needs."""
    return next((STRAND_COLOURS[strand] for strand, needs in STRAND_NEEDS.items() if need in needs), "wider")


def level_colour(level: str, strand: str) -> str:
    """The tint of a level: universal is always grey, the others carry their strand."""
    return "grey" if level in {"", "universal"} else STRAND_COLOURS[strand]


def verb_of(wait: Wait) -> str:
    """What to do, as the beginning of a line: "Answer a handover"."""
    if wait.referral is not None and wait.referral.paused_until is not None and not wait.urgent:
        return "Nothing to do yet"
    return wait.verb


def action_of(wait: Wait) -> str:
    """The word on the button of a waiting thing."""
    return "See plan" if verb_of(wait) == "Nothing to do yet" else ACTIONS[wait.kind]


def action_of_request(
    stage: str, *, paused: bool, danger: bool, match: bool, not_reached: bool
) -> tuple[str, str]:
    """The word on a request's button and which page it opens: triage or match."""
    if danger:
        return "Answer", "triage"
    if not_reached:
        return "Find a way", "triage"
    if paused:
        return "See plan", "triage"
    if stage == ReferralStage.RECEIVED:
        return "Read", "triage"
    if match:
        return "Compare", "match"
    return {ReferralStage.READ: "Decide", ReferralStage.DECIDED: "Hand over"}.get(
        ReferralStage(stage), "Open"
    ), "triage"
