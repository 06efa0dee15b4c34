"""The keys of an area file: for each table which there are, which are needed, and what a value must be.

A check takes a value as `tomllib` gave it and says what is wrong with it, or nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from anydoor.access.models import ORGANISATION_KINDS, TEAM_KINDS
from anydoor.directory.models import ACCESSIBILITY, AUDIENCES, LEVELS, STATES, STRANDS, WEEKDAYS
from anydoor.rules import eligibility_keys, identifiers
from anydoor.rules.errors import BadInput
from anydoor.rules.profile import NEEDS

ROUTES = frozenset({"self", "gp", "midwife", "health_visitor", "professional", "service", "drop_in"})
MODES = frozenset({"in_person", "home", "online", "phone", "text", "group"})
PLACE_KINDS = frozenset({"hub", "clinic", "ward", "venue", "mobile"})
SHORT_NUMBERS = frozenset({"111", "999"})

_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_DISTRICT = re.compile(r"[EWSN]\d{8}")
_PREFIX = re.compile(r"[A-HJ-NP-Z]{3}")
LONGEST_PREGNANCY = 45  # weeks

# ---------------------------------------------------------------- one value

Check = Callable[[Any], str]  # "" when the value is right, else what is wrong with it


def shown(value: object) -> str:
    return repr(value)[:60]


def _text(limit: int) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str):
            return "must be text in quotes"
        if len(value) > limit:
            return f"is {len(value)} characters long; there is room for {limit}"
        try:
            identifiers.free_text(value)
        except BadInput as problem:
            return problem.message
        return ""

    return check


def _shaped(pattern: re.Pattern[str], like: str, limit: int = 100) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str) or not pattern.fullmatch(value) or len(value) > limit:
            return f"{shown(value)} must be {like}"
        return ""

    return check


def _one_of(known: Iterable[str]) -> Check:
    words = sorted(known)

    def check(value: Any) -> str:
        if value not in words:
            return f"{shown(value)} is none of: {', '.join(word or 'empty' for word in words)}"
        return ""

    return check


def _some_of(known: Iterable[str], *, at_least: int = 0) -> Check:
    one = _one_of(known)

    def check(value: Any) -> str:
        if not isinstance(value, list):
            return "must be a list"
        if len(value) < at_least:
            return f"needs at least {at_least}"
        if len(set(map(repr, value))) < len(value):
            return "names something twice"
        return next((problem for problem in map(one, value) if problem), "")

    return check


def _texts(limit: int) -> Check:
    one = _text(limit)

    def check(value: Any) -> str:
        if not isinstance(value, list):
            return "must be a list"
        return next((problem for problem in map(one, value) if problem), "")

    return check


def _number(low: int, high: int = 1_000_000) -> Check:
    def check(value: Any) -> str:
        whole = isinstance(value, int) and not isinstance(value, bool)
        return "" if whole and low <= value <= high else f"must be a whole number from {low} to {high}"

    return check


def _window(high: int, *, last_counts: bool) -> Check:
    one = _number(0, high)

    def check(value: Any) -> str:
        if not isinstance(value, list) or len(value) != 2:
            return "must be two numbers: from and to"
        problem = one(value[0]) or one(value[1])
        if problem:
            return problem
        return "" if value[0] < value[1] + last_counts else "ends before it begins"

    return check


def _flag(value: Any) -> str:
    return "" if isinstance(value, bool) else "must be true or false"


def _day(value: Any) -> str:
    return "" if isinstance(value, date) and not isinstance(value, datetime) else "must be a date: 2026-09-14"


def clock_time(value: str) -> time | None:
    """`08:30` as a time, or None."""
    try:
        return time.fromisoformat(value) if re.fullmatch(r"\d\d:\d\d", value) else None
    except ValueError:
        return None


def _clock(value: Any) -> str:
    return "" if isinstance(value, str) and clock_time(value) else "must be a time: 08:30"


def _phone(value: Any) -> str:
    if not isinstance(value, str):
        return "must be text in quotes"
    if value in SHORT_NUMBERS or not value:
        return ""
    try:
        identifiers.phone(value)
    except BadInput as problem:
        return problem.message
    return "" if len(value) <= 40 else "is longer than 40 characters"


def _email(value: Any) -> str:
    if not isinstance(value, str):
        return "must be text in quotes"
    try:
        if value:
            identifiers.email(value)
    except BadInput as problem:
        return problem.message
    return ""


def _postcode(value: Any) -> str:
    if not isinstance(value, str):
        return "must be text in quotes"
    try:
        if value:
            identifiers.postcode(value)
    except BadInput as problem:
        return problem.message
    return ""


def _outwards(value: Any) -> str:
    if not isinstance(value, dict) or not all(isinstance(each, list) for each in value.values()):
        return 'must be like { E07000244 = ["NR32", "NR33"] }'
    return next((problem for each in value.values() for one in each if (problem := _half(one))), "")


def _eligibility(value: Any) -> str:
    try:
        eligibility_keys.check(value)
    except BadInput as problem:
        return problem.message
    return ""


def _towns(value: Any) -> str:
    if not isinstance(value, dict):
        return 'must be like { Dereham = "NR19" }'
    return next((problem for each in value.values() if (problem := _half(each))), "")


def _half(value: Any) -> str:
    try:
        fits = isinstance(value, str) and identifiers.outward(value) == value
    except BadInput:
        fits = False
    return "" if fits else f"{shown(value)} is not the first half of a postcode in capitals"


_SESSION_KEYS = frozenset(
    {"weekday", "on", "starts", "ends", "place", "online", "weeks", "from", "until", "note"}
)


def _sessions(value: Any) -> str:
    """Times: `{ weekday = "Saturday", starts = "10:00", ends = "11:30", place = "norwich-hub" }`."""
    if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
        return "must be a list of tables"
    return next((problem for problem in map(_session, value) if problem), "")


def _session(row: Mapping[str, Any]) -> str:
    unknown = row.keys() - _SESSION_KEYS
    if unknown:
        return f"{shown(min(unknown))} is not a key of a time"
    if ("weekday" in row) == ("on" in row):
        return "needs a weekday, or a date as on"
    checks = (
        *(("weekday", _one_of(WEEKDAYS)), ("on", _day), ("from", _day), ("until", _day), ("online", _flag)),
        *(("weeks", _number(1, 12)), ("note", _text(200)), ("place", _text(80))),
        *(("starts", _clock), ("ends", _clock)),
    )
    for key, check in checks:
        if key not in row and key in ("starts", "ends"):
            return f"needs {key}"
        problem = check(row[key]) if key in row else ""
        if problem:
            return f"{key} {problem}"
    if row["ends"] <= row["starts"]:
        return "ends before it starts"
    if row.get("weeks", 1) > 1 and "from" not in row:
        return "every few weeks needs the day it counts from"
    return ""


# ---------------------------------------------------------------- the keys of each table


@dataclass(frozen=True, slots=True)
class Key:
    """A key of an entry: how its value is checked, and whether it must be there."""

    check: Check
    needed: bool = True


def _maybe(check: Check) -> Key:
    return Key(check, needed=False)


_slug = Key(_shaped(_SLUG, "small letters, digits and hyphens, at most 60", 60))
_district = _shaped(_DISTRICT, "the ONS code of a district, like E07000148")
_source = Key(_text(200))

TABLES: Mapping[str, Mapping[str, Key]] = {
    "area": {
        "slug": _slug,
        "name": Key(_text(100)),
        "door_name": Key(_text(100)),
        "reference_prefix": Key(_shaped(_PREFIX, "three capital letters, without I and O")),
        "phone": Key(_phone),
        "text_number": Key(_phone),
        "email": Key(_email),
        "opens": Key(_clock),
        "closes": Key(_clock),
        "crisis_phone": _maybe(_phone),
        "crisis_name": _maybe(_text(120)),
        "districts": Key(_texts(9)),
        "places_near": _maybe(_texts(60)),
        "towns": _maybe(_towns),
        "source": _source,
        "limits": _maybe(lambda value: "" if isinstance(value, dict) else "must be a table, [area.limits]"),
    },
    "limits": {
        name: _maybe(_number(1, 365))
        for name in ("triage", "answer", "first_contact", "second_look", "tries")
    },
    "district": {"code": Key(_district), "name": Key(_text(100))},
    "organisation": {
        "slug": _slug,
        "name": Key(_text(200)),
        "kind": Key(_one_of(ORGANISATION_KINDS)),
        "source": _source,
    },
    "team": {
        "slug": _slug,
        "organisation": Key(_text(80)),
        "name": Key(_text(200)),
        "kind": Key(_one_of(TEAM_KINDS)),
        "phone": _maybe(_phone),
        "text_number": _maybe(_phone),
        "email": _maybe(_email),
        "source": _source,
    },
    "place": {
        "slug": _slug,
        "name": Key(_text(200)),
        "kind": Key(_one_of(PLACE_KINDS)),
        "district": Key(_district),
        "address": _maybe(_text(300)),
        "postcode": _maybe(_postcode),
        "opens": _maybe(_text(200)),
        "accessibility": _maybe(_some_of(ACCESSIBILITY)),
        "source": _source,
    },
    "service": {
        "slug": _slug,
        "name": Key(_text(200)),
        "organisation": Key(_text(80)),
        "team": _maybe(_text(80)),
        "outside_email": _maybe(_email),
        "outside_phone": _maybe(_phone),
        "strand": Key(_one_of(STRANDS)),
        "needs": Key(_some_of(NEEDS)),
        "level": Key(_one_of(LEVELS)),
        "trying_to_conceive": _maybe(_flag),
        "pregnancy_weeks": _maybe(_window(LONGEST_PREGNANCY, last_counts=True)),
        "child_days": _maybe(_window(36_525, last_counts=False)),
        "after_loss": _maybe(_flag),
        "loss_days": _maybe(_number(1, 36_525)),
        "audience": Key(_some_of(AUDIENCES, at_least=1)),
        "routes_in": Key(_some_of(ROUTES, at_least=1)),
        "modes": Key(_some_of(MODES, at_least=1)),
        "summary": Key(_text(2000)),
        "for_whom": _maybe(_text(2000)),
        "not_for": _maybe(_text(2000)),
        "offers": _maybe(_texts(300)),
        "languages": _maybe(_texts(40)),
        "when": _maybe(_text(300)),
        "when_source": _maybe(_text(200)),
        "capacity": _maybe(_number(0)),
        "capacity_source": _maybe(_text(200)),
        "wait_days": _maybe(_number(0, 3650)),
        "wait_source": _maybe(_text(200)),
        "lead_name": _maybe(_text(120)),
        "lead_title": _maybe(_text(120)),
        "last_checked": _maybe(_day),
        "state": _maybe(_one_of(STATES)),
        "state_from": _maybe(_day),
        "state_until": _maybe(_day),
        "state_note": _maybe(_text(400)),
        "footprint": Key(_texts(9)),
        "footprint_note": _maybe(_text(300)),
        "postcode_districts": _maybe(_outwards),
        "places": _maybe(_texts(80)),
        "is_free": _maybe(_flag),
        "cost_note": _maybe(_text(200)),
        "sessions": _maybe(_sessions),
        "eligibility": _maybe(_eligibility),
        "phone": _maybe(_phone),
        "email": _maybe(_email),
        "source": _source,
    },
}
LISTS = ("district", "organisation", "team", "place", "service")
PHONE_KEYS = ("phone", "text_number", "crisis_phone", "outside_phone")
EMAIL_KEYS = ("email", "outside_email")
