"""The object `anydoor` of a document: what another Anydoor says of an entry beyond the standard's words.

Anybody can write into it, so each value is checked like a form's. What is not there is not said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from anydoor.directory.models.entry import LEVELS, STATES, STRANDS
from anydoor.directory.open_referral.documents import OWN
from anydoor.directory.open_referral.faults import Fault
from anydoor.directory.soundness import CHOICES, MOST, RANGES, WINDOW_LIMITS
from anydoor.rules import eligibility_keys, identifiers
from anydoor.rules.errors import BadInput

WORDS: Mapping[str, Mapping[str, str]] = {"strand": STRANDS, "level": LEVELS, "state": STATES}
TICKS = ("trying_to_conceive", "after_loss")
DAYS = ("next_start", "state_from", "state_until", "closed_from", "closed_until")
LINES = {"when": 300, "footprint_note": 300, "closed_note": 400}
LONG = {"not_for": 2000}
KNOWN = frozenset({*OWN, "closed_note"})


def own_facts(given: Any) -> tuple[dict[str, Any], list[Fault]]:
    """The sound facts by the names of an entry's content, and what is wrong with the others."""
    if given is None:
        return {}, []
    if not isinstance(given, Mapping):
        return {}, [Fault("anydoor", "must be an object")]
    found = {key: value for key, value in given.items() if key in KNOWN and value is not None}
    faults = [Fault(f"anydoor.{key}", words) for key, value in found.items() if (words := _fault(key, value))]
    return (found, []) if not faults else ({}, faults)


def _fault(key: str, value: Any) -> str:
    if key in WORDS:
        return (
            "" if isinstance(value, str) and value in WORDS[key] else f"is none of: {', '.join(WORDS[key])}"
        )
    if key in TICKS:
        return "" if isinstance(value, bool) else "must be true or false"
    if key in CHOICES:
        return _choices(value, CHOICES[key])
    if key in RANGES:
        low, high = RANGES[key]
        return "" if _whole(value, low, high) else f"must be a whole number from {low} to {high}"
    if key in DAYS:
        return "" if is_day(value) else "is no day, like 2026-03-10"
    if key in WINDOW_LIMITS:
        return _window(key, value)
    if key == "eligibility":
        return _said_by(lambda: eligibility_keys.check(value))
    if key == "offers":
        return next(_offers(value), "")
    return _text(key, value)


def _choices(value: Any, known: frozenset[str]) -> str:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        return "must be a list of words"
    if len(set(value)) < len(value):
        return "names something twice"
    return "" if set(value) <= known else f"has something that is none of: {', '.join(sorted(known))}"


def _offers(value: Any) -> Iterator[str]:
    if not isinstance(value, list) or len(value) > MOST:
        yield f"must be a list of at most {MOST} lines"
        return
    for each in value:
        if not isinstance(each, str) or not each.strip():
            yield "must be a list of lines"
        elif words := _said_by(lambda each=each: identifiers.one_line(each, 300)):  # type: ignore[misc]  # bound now
            yield words
    if len(set(map(str, value))) < len(value):
        yield "says something twice"


def _window(key: str, value: Any) -> str:
    high = WINDOW_LIMITS[key][0]
    if not isinstance(value, list) or len(value) != 2 or not all(_whole(each, 0, high) for each in value):
        return f"must be two whole numbers from 0 to {high}"
    least = value[0] + 1 if key == "child_days" else value[0]
    return "" if value[1] >= least else "ends before it begins"


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        return "must be text"
    if key in LONG:
        return _said_by(lambda: identifiers.free_text(value, LONG[key]))
    return _said_by(lambda: identifiers.one_line(value, LINES.get(key, 200)))


def _said_by(work: Callable[[], object]) -> str:
    try:
        work()
    except BadInput as problem:
        return problem.message
    return ""


def _whole(value: Any, low: int, high: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def is_day(value: Any) -> bool:
    if not isinstance(value, str) or len(value) != 10:
        return False
    try:
        return 1990 <= date.fromisoformat(value).year <= 2100
    except ValueError:
        return False
