"""What lists show of a request, in words: worked out once, when it is received."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from anydoor.care.told import Told
from anydoor.people.models import ROLES_IN_FAMILY
from anydoor.rules import working_time

EXCERPT = 200
SEEN_AT_ONCE = 90  # characters a row of the inbox surely shows before its two lines end
BEFORE = 60


def excerpt_of(story: str, words: Iterable[str] = ()) -> str:
    """The beginning of what was told, on one line; or, where `words` of danger stand further on, theirs."""
    flat = " ".join(story.split())
    found = min((at for at in (flat.find(" ".join(each.split())) for each in words) if at >= 0), default=0)
    if found > SEEN_AT_ONCE:
        begin = flat.find(" ", found - BEFORE) + 1
        flat = f"…{flat[begin:]}"
    return flat if len(flat) <= EXCERPT else flat[: EXCERPT - 1].rsplit(" ", 1)[0] + "…"


def who_words_of(told: Told) -> str:
    """Who it is about and where they are: `father, baby born 3 March`."""
    words = [ROLES_IN_FAMILY[told.role]] if told.role in ROLES_IN_FAMILY and told.role != "other" else []
    if told.lost_on or told.loss_kind:
        words.append("after a loss")
    elif told.due_on:
        words.append(f"due {told.due_on.day} {told.due_on:%B}")
    elif told.baby_born_on:
        words.append(f"baby born {told.baby_born_on.day} {told.baby_born_on:%B}")
    elif told.trying_to_conceive or told.assisted_conception:
        words.append("trying for a baby")
    return ", ".join(words)


def after_loss(who_words: str) -> str:
    """The same words once a loss is known: nothing about a baby to come, or born."""
    kept = [
        each
        for each in who_words.split(", ")
        if each and not each.startswith(("due ", "baby ", "after a loss"))
    ]
    return ", ".join([*kept, "after a loss"])


def tags_of(told: Told, in_danger: bool) -> list[str]:
    """What stands beside the name: danger first, then needs."""
    return (["danger"] if in_danger else []) + [need[:40] for need in told.needs[:4]]


def marks_of(told: Told, at: datetime) -> list[str]:
    """What the inbox can be filtered by."""
    marks = []
    if told.role in {"father", "co_parent"}:
        marks.append("father")
    if told.lost_on or told.loss_kind:
        marks.append("loss")
    if told.born_on is not None and (working_time.london_day(at) - told.born_on).days < 20 * 365.25:
        marks.append("under_20")
    if told.interpreter == "yes":
        marks.append("interpreter")
    return marks
