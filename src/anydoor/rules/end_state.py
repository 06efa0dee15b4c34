"""How a request or an episode ended, derived from what was delivered, and the reasons a person may choose.

Nobody picks an end state. A person picks a coded reason; the contacts say what it amounts to. The idea of
deriving it is from services that found a chosen end state tells little of what a family really got.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class EndState(StrEnum):
    """What it came to."""

    TAKEN_UP = "taken_up"
    NOT_STARTED = "not_started"
    ADVISED = "advised"
    STARTED_NOT_FINISHED = "started_not_finished"
    FINISHED = "finished"
    MOVED_ON = "moved_on"
    MOVED_AWAY = "moved_away"
    SAID_NO = "said_no"
    NOT_REACHED = "not_reached"
    IN_ERROR = "in_error"


END_STATE_WORDS: Mapping[EndState, str] = {
    EndState.TAKEN_UP: "Taken up by a service",
    EndState.NOT_STARTED: "Ended before help began",
    EndState.ADVISED: "Spoke once, and that was enough",
    EndState.STARTED_NOT_FINISHED: "Help began and stopped early",
    EndState.FINISHED: "Help finished as agreed",
    EndState.MOVED_ON: "Moved on to another service",
    EndState.MOVED_AWAY: "Moved away",
    EndState.SAID_NO: "Said no to this",
    EndState.NOT_REACHED: "Not reached",
    EndState.IN_ERROR: "Recorded in error",
}


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was delivered: contacts in which the family and a worker met or spoke; all that were offered
    (met, missed, moved or planned); tries that reached nobody; and the coded reason for ending.
    """

    attended: int
    offered: int
    not_reached: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason a person may end with, in words, and the contacts it cannot be without."""

    words: str
    attended: int = 0
    tries: int = 0


END_REASONS: Mapping[str, Reason] = {
    "finished": Reason("We did what we agreed to do", attended=1),
    "enough": Reason("They say this is enough for now", attended=1),
    "said_no": Reason("They say no to this"),
    "not_reached": Reason("We could not reach them, in more ways than one", tries=2),
    "moved_away": Reason("They moved away and have been seen there"),
    "other_help": Reason("They have other help that fits better"),
    "moved_on": Reason("Another service works with them now"),
    "in_error": Reason("It was recorded in error, or twice"),
}


def why_not_end(reason: str, delivered: Delivered) -> str | None:
    """None when the facts bear the reason, else a sentence that says what is missing."""
    wanted = END_REASONS.get(reason)
    if wanted is None:
        return "Choose a reason from the list."
    if delivered.attended < wanted.attended:
        return "Nobody has met or spoken with them yet, so it cannot have been done. Choose another reason."
    if delivered.not_reached < wanted.tries:
        return f"Record at least {wanted.tries} tries first, each with how you tried."
    return None


def derive(delivered: Delivered) -> EndState:
    """The end state. Total: every reason and every count has one."""
    fixed = {
        "in_error": EndState.IN_ERROR,
        "moved_away": EndState.MOVED_AWAY,
        "moved_on": EndState.MOVED_ON,
        "other_help": EndState.MOVED_ON,
    }
    if delivered.reason in fixed:
        return fixed[delivered.reason]
    if delivered.reason == "finished" and delivered.attended:
        return EndState.FINISHED
    if delivered.reason == "enough" and delivered.attended:
        return EndState.ADVISED if delivered.attended == 1 else EndState.FINISHED
    if delivered.attended:
        return EndState.STARTED_NOT_FINISHED
    if delivered.reason == "said_no":
        return EndState.SAID_NO
    return EndState.NOT_REACHED if delivered.not_reached else EndState.NOT_STARTED
