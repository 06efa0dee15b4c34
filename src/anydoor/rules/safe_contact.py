"""What may be sent to a family, to which number or address, and when: the guard in front of every message.

Not asked means: speak to the person only, leave no message. Nothing goes to a number that is not safe,
whatever the hurry: somebody else may hold the telephone. Nothing about a baby goes out after a loss unless a
person has decided it. `why_not_send` is asked when a message is written and again just before it is sent,
because a number can become unsafe, and a loss can happen, in between.

Sources: SafeLives and NHS guidance on safe contact where there is domestic abuse (ask, for each number, what
is safe and when; leave no voicemail without asking); GOV.UK Notify and NHS message guidance (no content that
another reader of the screen should not see). Quiet hours are a choice of ours: 21:00 to 08:00.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from anydoor.rules.working_time import in_london, london

Use = Literal["call", "voicemail", "text", "email", "letter"]

QUIET_FROM = time(21, 0)
QUIET_UNTIL = time(8, 0)

# What each use needs to go to. A letter goes to an address, which is no contact point.
_REACHED_BY: dict[str, frozenset[str]] = {
    "call": frozenset({"mobile", "landline", "foreign"}),
    "voicemail": frozenset({"mobile", "landline", "foreign"}),
    "text": frozenset({"mobile", "foreign"}),
    "email": frozenset({"email"}),
    "letter": frozenset(),
}

ENDED = "This number or address is no longer in use."
UNSAFE = "This is marked as not safe to use. Find another way to reach them."
STOPPED = "They asked us to stop messages here. A person may ring and ask if that is still so."
AFTER_LOSS = "There has been a loss in this family. Nothing about a baby is sent."
DECIDE_FIRST = (
    "There has been a loss in this family. Somebody who knows them decides first if this may be sent."
)
NOT_ASKED = "Nobody has asked yet if this is safe. Speak to the person themselves and leave no message."
NOT_FOR_THIS = "They said this is safe, but not for this. Ask them, or use another way."
THEIR_HOURS = "They said when it is safe to reach them. Somebody must read that and choose the time."
NO_LETTER = "A letter needs an address, and their word that letters are safe."
WRONG_KIND: dict[str, str] = {
    "text": "A text needs a mobile number.",
    "email": "An email needs an email address.",
    "call": "A call needs a phone number.",
    "voicemail": "A message can only be left on a phone number.",
}


@dataclass(frozen=True, slots=True)
class Point:
    """A number or an address and what the person said about it.

    `kind` is mobile, landline, foreign or email; `safe` is yes, no or not_asked.
    `uses` are what they said it is safe for; `hours` their own words on when, empty for any time.
    `gave_it_themselves`: the person wrote it as their one way to reach them, and nobody else did.
    `stopped`: they answered STOP.
    """

    kind: str
    safe: str = "not_asked"
    uses: Collection[str] = ()
    hours: str = ""
    gave_it_themselves: bool = False
    stopped: bool = False
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Message:
    """What is to go out.

    `neutral`: it holds nothing that anybody else could not read over a shoulder: no name, no service that
    says what it is about, nothing of the story. `about_baby`: it speaks of a baby, a birth or a pregnancy.
    `by_person`: a worker sends it by hand and has the person's words on hours in front of them.
    `urgent`: a crisis; it changes the hour, never the safety.
    """

    use: Use
    neutral: bool = False
    about_baby: bool = False
    by_person: bool = False
    urgent: bool = False


def why_not_send(
    point: Point, message: Message, *, says_baby: bool = True, ask_first: bool = False
) -> str | None:
    """None when it may go, else the sentence that says why not and what to do instead.

    `says_baby` and `ask_first` are those of the family's `stage.Stage` on the day of sending.
    """
    if message.about_baby and not says_baby:
        return DECIDE_FIRST if ask_first else AFTER_LOSS
    if message.use == "letter":
        return NO_LETTER
    if point.ended:
        return ENDED
    if point.safe == "no":
        return UNSAFE
    if point.kind not in _REACHED_BY[message.use]:
        return WRONG_KIND[message.use]
    if point.stopped and message.use in {"text", "email"}:
        return STOPPED
    if message.use != "call":
        refusal = _why_not_leave_words(point, message)
        if refusal is not None:
            return refusal
    if point.hours.strip() and not (message.by_person or message.urgent):
        return THEIR_HOURS
    return None


def _why_not_leave_words(point: Point, message: Message) -> str | None:
    """Whether words may stay where somebody else could read or hear them."""
    if point.safe == "yes":
        return None if message.use in point.uses else NOT_FOR_THIS
    if message.neutral and neutral_only(point) and message.use != "voicemail":
        return None
    return NOT_ASKED


def neutral_only(point: Point) -> bool:
    """Whether this takes neutral messages and no other: not asked yet, but given by the person themselves.

    Somebody who asks for help and leaves a number expects an answer there. That answer may say nothing.
    """
    return point.safe == "not_asked" and point.gave_it_themselves and not point.ended


def send_not_before(at: datetime, *, urgent: bool = False) -> datetime:
    """The earliest moment, in UTC, that a message written at `at` (aware) may go out: not in quiet hours.

    Quiet hours hold on every day of the year. A crisis message goes at once.
    """
    local = in_london(at)
    if urgent or QUIET_UNTIL <= local.time() < QUIET_FROM:
        return at.astimezone(UTC)
    day = local.date() + timedelta(days=1) if local.time() >= QUIET_FROM else local.date()
    return london(day, QUIET_UNTIL)
