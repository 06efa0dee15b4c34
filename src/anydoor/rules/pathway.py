"""The one table of moves: what may happen to a referral, a handover and an episode, and when.

A move is `(stage, event) -> stage`. Nothing else in Anydoor changes a stage: `care.record.move` looks
here first and writes what it finds. `draw()` turns the same table into the diagram in
`docs/reference/pathway.md`, so the picture cannot drift from the code.

The shape comes from the published strategies: any door is a start, the sender stays holder until the
receiver has really met the family, and a decline is a proposal that somebody looks at again.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar, cast

from anydoor.rules.errors import WrongMoment


class ReferralStage(StrEnum):
    """Where a request for support stands. `TAKEN_UP` and `ENDED` are the two closed ones."""

    RECEIVED = "received"
    READ = "read"
    DECIDED = "decided"
    HANDING_OVER = "handing_over"
    TAKEN_UP = "taken_up"
    ENDED = "ended"


class HandoverStage(StrEnum):
    """A handover: `COMPLETED`, `REPLACED` and `WITHDRAWN` are closed, all others wait on somebody."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    INTRODUCED = "introduced"
    COMPLETED = "completed"
    DECLINED = "declined"
    AT_MEETING = "at_meeting"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


class EpisodeStage(StrEnum):
    """A service working with a family."""

    OPEN = "open"
    ENDED = "ended"


class Event(StrEnum):
    """Everything that can move a stage. Facts that move none (a note, a contact) are not here."""

    READ = "read"
    DECIDED = "decided"
    HANDOVER_PROPOSED = "handover_proposed"
    HANDOVER_STOPPED = "handover_stopped"
    TAKEN_UP = "taken_up"
    ENDED = "ended"
    REOPENED = "reopened"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    INTRODUCED = "introduced"
    FIRST_CONTACT = "first_contact"
    ALTERNATIVE_TAKEN = "alternative_taken"
    PUT_BACK = "put_back"
    TO_MEETING = "to_meeting"
    WITHDRAWN = "withdrawn"


R, H, E = ReferralStage, HandoverStage, EpisodeStage

REFERRAL_MOVES: Mapping[tuple[ReferralStage, Event], ReferralStage] = {
    (R.RECEIVED, Event.READ): R.READ,
    (R.RECEIVED, Event.DECIDED): R.DECIDED,
    (R.READ, Event.DECIDED): R.DECIDED,
    (R.DECIDED, Event.DECIDED): R.DECIDED,
    (R.DECIDED, Event.HANDOVER_PROPOSED): R.HANDING_OVER,
    (R.HANDING_OVER, Event.DECIDED): R.HANDING_OVER,
    (R.HANDING_OVER, Event.HANDOVER_PROPOSED): R.HANDING_OVER,
    (R.HANDING_OVER, Event.HANDOVER_STOPPED): R.DECIDED,
    (R.HANDING_OVER, Event.TAKEN_UP): R.TAKEN_UP,
    (R.RECEIVED, Event.ENDED): R.ENDED,
    (R.READ, Event.ENDED): R.ENDED,
    (R.DECIDED, Event.ENDED): R.ENDED,
    (R.TAKEN_UP, Event.REOPENED): R.READ,
    (R.ENDED, Event.REOPENED): R.READ,
}

HANDOVER_MOVES: Mapping[tuple[HandoverStage, Event], HandoverStage] = {
    (H.PROPOSED, Event.ACCEPTED): H.ACCEPTED,
    (H.PROPOSED, Event.DECLINED): H.DECLINED,
    (H.PROPOSED, Event.WITHDRAWN): H.WITHDRAWN,
    (H.ACCEPTED, Event.INTRODUCED): H.INTRODUCED,
    (H.ACCEPTED, Event.FIRST_CONTACT): H.COMPLETED,
    (H.ACCEPTED, Event.DECLINED): H.DECLINED,
    (H.ACCEPTED, Event.WITHDRAWN): H.WITHDRAWN,
    (H.INTRODUCED, Event.FIRST_CONTACT): H.COMPLETED,
    (H.INTRODUCED, Event.DECLINED): H.DECLINED,
    (H.INTRODUCED, Event.WITHDRAWN): H.WITHDRAWN,
    (H.DECLINED, Event.ALTERNATIVE_TAKEN): H.REPLACED,
    (H.DECLINED, Event.PUT_BACK): H.PROPOSED,
    (H.DECLINED, Event.TO_MEETING): H.AT_MEETING,
    (H.DECLINED, Event.WITHDRAWN): H.WITHDRAWN,
    (H.AT_MEETING, Event.ALTERNATIVE_TAKEN): H.REPLACED,
    (H.AT_MEETING, Event.WITHDRAWN): H.WITHDRAWN,
}

EPISODE_MOVES: Mapping[tuple[EpisodeStage, Event], EpisodeStage] = {
    (E.OPEN, Event.ENDED): E.ENDED,
    (E.ENDED, Event.REOPENED): E.OPEN,
}

OPEN_REFERRAL = frozenset({R.RECEIVED, R.READ, R.DECIDED, R.HANDING_OVER})
CLOSED_REFERRAL = frozenset({R.TAKEN_UP, R.ENDED})
OPEN_HANDOVER = frozenset({H.PROPOSED, H.ACCEPTED, H.INTRODUCED, H.DECLINED, H.AT_MEETING})
RUNNING_HANDOVER = frozenset({H.PROPOSED, H.ACCEPTED, H.INTRODUCED})
CLOSED_HANDOVER = frozenset({H.COMPLETED, H.REPLACED, H.WITHDRAWN})

Stage = ReferralStage | HandoverStage | EpisodeStage

STAGE_WORDS: Mapping[Stage, str] = {
    R.RECEIVED: "received, not read yet",
    R.READ: "read, to decide",
    R.DECIDED: "decided, with the family",
    R.HANDING_OVER: "being handed over",
    R.TAKEN_UP: "taken up by a service",
    R.ENDED: "ended",
    H.PROPOSED: "waiting for an answer",
    H.ACCEPTED: "accepted",
    H.INTRODUCED: "introduced",
    H.COMPLETED: "completed",
    H.DECLINED: "declined, second look",
    H.AT_MEETING: "for the interface meeting",
    H.REPLACED: "replaced by the alternative",
    H.WITHDRAWN: "withdrawn",
    E.OPEN: "open",
    E.ENDED: "ended",
}


class DeclineReason(StrEnum):
    """Why a receiver proposes another way. Coded, because unmet need is counted from them."""

    NEED_MILDER = "need_milder"
    NEED_GREATER = "need_greater"
    OUTSIDE_STAGE = "outside_stage"
    OUTSIDE_PLACE = "outside_place"
    NO_CAPACITY = "no_capacity"
    WITH_ANOTHER = "with_another"
    FAMILY_SAID_NO = "family_said_no"
    NOT_REACHED = "not_reached"
    OTHER_NEED_FIRST = "other_need_first"


DECLINE_WORDS: Mapping[DeclineReason, str] = {
    DeclineReason.NEED_MILDER: "Need is milder than we are for",
    DeclineReason.NEED_GREATER: "Need is greater than we can safely meet",
    DeclineReason.OUTSIDE_STAGE: "Outside the stage we work with",
    DeclineReason.OUTSIDE_PLACE: "Outside the places we cover",
    DeclineReason.NO_CAPACITY: "No place in time for this family",
    DeclineReason.WITH_ANOTHER: "Already with a service that fits better",
    DeclineReason.FAMILY_SAID_NO: "The family said no to this",
    DeclineReason.NOT_REACHED: "We could not reach the family",
    DeclineReason.OTHER_NEED_FIRST: "Another need has to be met first",
}


S = TypeVar("S", ReferralStage, HandoverStage, EpisodeStage)


def _moves(stage: Stage) -> Mapping[tuple[Stage, Event], Stage]:
    if isinstance(stage, ReferralStage):
        return cast(Mapping[tuple[Stage, Event], Stage], REFERRAL_MOVES)
    if isinstance(stage, HandoverStage):
        return cast(Mapping[tuple[Stage, Event], Stage], HANDOVER_MOVES)
    return cast(Mapping[tuple[Stage, Event], Stage], EPISODE_MOVES)


_NOUN: Mapping[type, str] = {
    ReferralStage: "request",
    HandoverStage: "handover",
    EpisodeStage: "episode",
}


def can_move(stage: Stage, event: Event) -> bool:
    """Whether `event` may happen at `stage`."""
    return (stage, event) in _moves(stage)


def next_stage(stage: S, event: Event) -> S:
    """The stage after `event`.

    Raises `WrongMoment`, in words a worker can act on, when the event cannot happen now: usually because
    somebody else has moved it on since the page was opened.
    """
    if not can_move(stage, event):
        noun = _NOUN[type(stage)]
        raise WrongMoment(
            f"This {noun} is {STAGE_WORDS[stage]}, so that cannot be done now. "
            "Somebody may have moved it on since you opened the page. Nothing was changed."
        )
    return cast(S, _moves(stage)[(stage, event)])


def draw() -> str:
    """The tables as Mermaid state diagrams, in the order they are written (for the reference page)."""
    parts: list[str] = []
    tables: tuple[tuple[str, Stage, Mapping[tuple[Stage, Event], Stage]], ...] = (
        ("Referral", R.RECEIVED, _moves(R.RECEIVED)),
        ("Handover", H.PROPOSED, _moves(H.PROPOSED)),
        ("Episode", E.OPEN, _moves(E.OPEN)),
    )
    for title, first, moves in tables:
        lines = [
            f"## {title}",
            "",
            "```mermaid",
            "stateDiagram-v2",
            f"    [*] --> {first}",
        ]
        lines += [f"    {old} --> {new}: {event}" for (old, event), new in moves.items()]
        closed = set(moves.values()) - {old for old, event in moves if event != Event.REOPENED}
        lines += [f"    {stage} --> [*]" for stage in sorted(closed)]
        lines += ["```", "", "| stage | in words |", "| --- | --- |"]
        stages = dict.fromkeys([first, *(s for (old, _), new in moves.items() for s in (old, new))])
        lines += [f"| `{stage}` | {STAGE_WORDS[stage]} |" for stage in stages]
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"
