"""No text to an unsafe number, none about a baby after a loss, nothing at night."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anydoor.rules import safe_contact as rules
from anydoor.rules.safe_contact import Message, Point
from anydoor.rules.working_time import LONDON, in_london

SAFE_MOBILE: dict[str, Any] = {"kind": "mobile", "safe": "yes", "uses": ("call", "text")}
OWN_MOBILE: dict[str, Any] = {"kind": "mobile", "gave_it_themselves": True}
OWN_EMAIL: dict[str, Any] = {"kind": "email", "gave_it_themselves": True}


@pytest.mark.parametrize(
    ("point", "message", "says"),
    [
        # Safe, asked and answered.
        (SAFE_MOBILE, {"use": "text"}, None),
        (SAFE_MOBILE, {"use": "call"}, None),
        (SAFE_MOBILE, {"use": "text", "about_baby": True}, None),
        (SAFE_MOBILE, {"use": "voicemail"}, rules.NOT_FOR_THIS),
        (
            {"kind": "mobile", "safe": "yes", "uses": ("call",)},
            {"use": "text", "neutral": True},
            rules.NOT_FOR_THIS,
        ),
        ({"kind": "mobile", "safe": "yes"}, {"use": "text"}, rules.NOT_FOR_THIS),
        ({"kind": "mobile", "safe": "yes"}, {"use": "call"}, None),
        ({"kind": "landline", "safe": "yes", "uses": ("voicemail",)}, {"use": "voicemail"}, None),
        ({"kind": "email", "safe": "yes", "uses": ("email",)}, {"use": "email"}, None),
        ({"kind": "foreign", "safe": "yes", "uses": ("text",)}, {"use": "text"}, None),
        # Not safe: never, for nothing, in no hurry.
        ({**SAFE_MOBILE, "safe": "no"}, {"use": "text"}, rules.UNSAFE),
        ({**SAFE_MOBILE, "safe": "no"}, {"use": "call", "by_person": True, "urgent": True}, rules.UNSAFE),
        ({**OWN_MOBILE, "safe": "no"}, {"use": "text", "neutral": True}, rules.UNSAFE),
        # Not asked: speak to the person only, leave no message.
        ({"kind": "mobile"}, {"use": "call"}, None),
        ({"kind": "mobile"}, {"use": "voicemail"}, rules.NOT_ASKED),
        ({"kind": "mobile"}, {"use": "text"}, rules.NOT_ASKED),
        ({"kind": "mobile"}, {"use": "text", "neutral": True}, rules.NOT_ASKED),
        ({"kind": "mobile", "uses": ("text",)}, {"use": "text"}, rules.NOT_ASKED),
        (OWN_MOBILE, {"use": "text"}, rules.NOT_ASKED),
        (OWN_MOBILE, {"use": "text", "neutral": True}, None),
        (OWN_MOBILE, {"use": "voicemail", "neutral": True}, rules.NOT_ASKED),
        (OWN_EMAIL, {"use": "email", "neutral": True}, None),
        (OWN_EMAIL, {"use": "email"}, rules.NOT_ASKED),
        # The kind must fit.
        ({"kind": "landline", "safe": "yes", "uses": ("text",)}, {"use": "text"}, rules.WRONG_KIND["text"]),
        (SAFE_MOBILE, {"use": "email"}, rules.WRONG_KIND["email"]),
        ({"kind": "email", "safe": "yes", "uses": ("call",)}, {"use": "call"}, rules.WRONG_KIND["call"]),
        ({"kind": "email"}, {"use": "voicemail"}, rules.WRONG_KIND["voicemail"]),
        (SAFE_MOBILE, {"use": "letter"}, rules.NO_LETTER),
        # Ended, stopped, and their own hours.
        ({**SAFE_MOBILE, "ended": True}, {"use": "call"}, rules.ENDED),
        ({**OWN_MOBILE, "ended": True}, {"use": "text", "neutral": True}, rules.ENDED),
        ({**SAFE_MOBILE, "stopped": True}, {"use": "text", "urgent": True}, rules.STOPPED),
        ({**SAFE_MOBILE, "stopped": True}, {"use": "call"}, None),
        ({**SAFE_MOBILE, "hours": "after six"}, {"use": "text"}, rules.THEIR_HOURS),
        ({**SAFE_MOBILE, "hours": "after six"}, {"use": "text", "by_person": True}, None),
        ({**SAFE_MOBILE, "hours": "after six"}, {"use": "text", "urgent": True}, None),
        ({**SAFE_MOBILE, "hours": "  "}, {"use": "text"}, None),
        ({**OWN_MOBILE, "hours": "after six"}, {"use": "text", "neutral": True}, rules.THEIR_HOURS),
    ],
)
def test_what_may_be_sent_where(point: dict[str, Any], message: dict[str, Any], says: str | None) -> None:
    assert rules.why_not_send(Point(**point), Message(**message)) == says


def test_after_a_loss_nothing_about_a_baby_is_sent() -> None:
    point = Point(**SAFE_MOBILE)
    about = Message("text", about_baby=True, by_person=True, urgent=True)
    assert rules.why_not_send(point, about, says_baby=False) == rules.AFTER_LOSS
    assert rules.why_not_send(point, about, says_baby=False, ask_first=True) == rules.DECIDE_FIRST
    assert rules.why_not_send(point, Message("text"), says_baby=False) is None


POINTS = st.builds(
    Point,
    kind=st.sampled_from(["mobile", "landline", "foreign", "email"]),
    safe=st.sampled_from(["yes", "no", "not_asked"]),
    uses=st.frozensets(st.sampled_from(["call", "voicemail", "text", "email", "letter"])),
    hours=st.sampled_from(["", "after six"]),
    gave_it_themselves=st.booleans(),
    stopped=st.booleans(),
    ended=st.booleans(),
)
MESSAGES = st.builds(
    Message,
    use=st.sampled_from(["call", "voicemail", "text", "email", "letter"]),
    neutral=st.booleans(),
    about_baby=st.booleans(),
    by_person=st.booleans(),
    urgent=st.booleans(),
)


@given(POINTS, MESSAGES, st.booleans(), st.booleans())
def test_what_must_always_hold(point: Point, message: Message, says_baby: bool, ask_first: bool) -> None:
    refusal = rules.why_not_send(point, message, says_baby=says_baby, ask_first=ask_first)
    if refusal is not None:
        assert refusal.endswith(".")
        return
    assert point.safe != "no"
    assert not point.ended
    assert says_baby or not message.about_baby
    if message.use != "call":
        assert message.use in point.uses or (message.neutral and rules.neutral_only(point))
    if message.use == "text":
        assert point.kind in {"mobile", "foreign"}
        assert not point.stopped


@given(POINTS, MESSAGES)
def test_hurry_never_opens_what_safety_closes(point: Point, message: Message) -> None:
    calm = rules.why_not_send(point, Message(message.use, message.neutral, message.about_baby, True))
    hurried = rules.why_not_send(point, Message(message.use, message.neutral, message.about_baby, True, True))
    assert calm == hurried


# --- quiet hours


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


@pytest.mark.parametrize(
    ("written", "goes"),
    [
        ("2026-03-02 20:59", "2026-03-02 20:59"),
        ("2026-03-02 21:00", "2026-03-03 08:00"),
        ("2026-03-02 23:40", "2026-03-03 08:00"),
        ("2026-03-03 00:00", "2026-03-03 08:00"),
        ("2026-03-03 07:59", "2026-03-03 08:00"),
        ("2026-03-03 08:00", "2026-03-03 08:00"),
        ("2026-03-28 22:00", "2026-03-29 08:00"),
        ("2026-10-24 22:00", "2026-10-25 08:00"),
        ("2026-12-31 22:00", "2027-01-01 08:00"),
    ],
)
def test_nothing_goes_out_at_night(written: str, goes: str) -> None:
    found = rules.send_not_before(at(written))
    assert found == at(goes)
    assert found.tzinfo is UTC
    assert rules.send_not_before(at(written), urgent=True) == at(written)


@given(
    st.integers(0, 2 * 365 * 24 * 60).map(
        lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    )
)
def test_a_message_waits_for_the_morning_and_no_longer(written: datetime) -> None:
    goes = rules.send_not_before(written)
    assert rules.QUIET_UNTIL <= in_london(goes).time() < rules.QUIET_FROM
    assert timedelta() <= goes - written <= timedelta(hours=12)
    assert rules.send_not_before(goes) == goes
