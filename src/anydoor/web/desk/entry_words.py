"""An entry in words: as a family sees it, and its rules, closures and checks as a colleague does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from anydoor.directory.difference import age_words
from anydoor.directory.models import AUDIENCES, WEEKDAYS, Service, Session
from anydoor.directory.stewardship import due_on
from anydoor.rules import eligibility_keys
from anydoor.ui.times import clock_time, full_date
from anydoor.ui.words import sentence

ROUTES = {
    "self": "You ask yourself",
    "gp": "GP",
    "midwife": "Midwife",
    "health_visitor": "Health visitor",
    "professional": "Any professional",
    "service": "Another service",
    "drop_in": "Drop in",
}
MODES = {
    "in_person": "in person",
    "home": "at home",
    "online": "online",
    "phone": "by phone",
    "text": "by text",
    "group": "in a group",
}


def stage_words(one: Service) -> str:
    """The stage window: `Pregnancy, week 8 to 42; child from birth to 2 years; after a loss`."""
    parts = ["trying to conceive"] if one.trying_to_conceive else []
    if one.pregnancy_from_week is not None:
        parts.append(f"pregnancy, week {one.pregnancy_from_week} to {one.pregnancy_to_week}")
    if one.child_from_days is not None and one.child_to_days is not None:
        parts.append(f"child from {age_words(one.child_from_days)} to {age_words(one.child_to_days)}")
    if one.after_loss:
        parts.append("after a loss" + (f", for {age_words(one.loss_days)}" if one.loss_days else ""))
    words = "; ".join(parts)
    return words[:1].upper() + words[1:]


def session_line(row: Session) -> str:
    """`Saturdays, 10am to 11:30am, at Dereham Hub, every 2 weeks. Term time.`"""
    day = f"{WEEKDAYS[row.weekday]}s" if row.weekday is not None else full_date(row.on_date)
    parts = [f"{day}, {clock_time(row.starts)} to {clock_time(row.ends)}"]
    if row.place is not None:
        parts.append(f"at {row.place.name}")
    if row.online:
        parts.append("online")
    if row.every_weeks > 1:
        parts.append(f"every {row.every_weeks} weeks")
    if row.from_on is not None and row.weekday is not None:
        parts.append(f"from {full_date(row.from_on)}")
    if row.until_on is not None:
        parts.append(f"until {full_date(row.until_on)}")
    words = ", ".join(parts)
    return f"{words}. {row.note}" if row.note else words


def cost_words(one: Service) -> str:
    """`Free`, `£2 a family`, or nothing when nobody said."""
    if one.is_free:
        return f"Free. {one.cost_note}" if one.cost_note else "Free"
    return one.cost_note or ("Not free" if one.is_free is False else "")


def closure_words(one: Service, on: date) -> str:
    """`Closed from 3 March 2026 until 20 March 2026. Builders.`; empty when it is open and stays so."""
    if one.closed_from is None or (one.closed_until is not None and one.closed_until < on):
        return ""
    since = "since" if one.closed_from <= on else "from"
    words = f"Closed {since} {full_date(one.closed_from)}"
    words += f" until {full_date(one.closed_until)}" if one.closed_until else ", until further notice"
    return f"{words}. {one.closed_note}" if one.closed_note else f"{words}."


def stale_words(one: Service, on: date) -> str:
    """Empty while the last check still counts."""
    due = due_on(one)
    if due is None or one.last_checked is None:
        return "Never checked"
    return "" if due >= on else f"Not checked since {full_date(one.last_checked)}"


def checked_words(one: Service) -> str:
    if one.last_checked is None:
        return "Never"
    by = f" by {one.checked_by.name}" if one.checked_by is not None else ""
    return f"{full_date(one.last_checked)}{by}"


def rule_rows(one: Service, names: Mapping[str, str]) -> list[dict[str, str]]:
    """What else must hold, rule by rule. `names` has services by slug."""
    return [
        {"label": label, "value": words} for label, words in eligibility_keys.in_words(one.eligibility, names)
    ]


def linked(one: Service) -> list[str]:
    """Slugs of services that its rules name."""
    return [slug for key in ("comes_after", "not_beside") for slug in one.eligibility.get(key, ())]


def as_families_see(one: Service, sessions: Iterable[Session]) -> list[dict[str, Any]]:
    """An entry as label and value in the words of a family; empty ones are left out."""
    places = [
        ", ".join(part for part in (place.name, place.address, place.postcode) if part)
        for place in one.places.all()
    ]
    times = [session_line(row) for row in sessions] or ([one.when] if one.when else [])
    rows = [
        {"label": "Who it is for", "value": one.for_whom or sentence(_people(one)).capitalize()},
        {"label": "Who it is not for", "value": one.not_for},
        {"label": "When", "value": stage_words(one)},
        {"label": "Times", "value": ". ".join(times)},
        {"label": "Where", "value": "; ".join(places) or one.footprint_note},
        {"label": "How", "value": sentence([MODES.get(key, key) for key in one.modes]).capitalize()},
        {"label": "How to ask", "value": ask_words(one)},
        {"label": "Languages", "value": sentence(["English", *one.languages]) if one.languages else ""},
        {"label": "Cost", "value": cost_words(one)},
        {"label": "Phone", "value": one.phone},
        {"label": "E-mail", "value": one.email},
    ]
    return [row for row in rows if row["value"]]


ASKERS = {
    "gp": "your GP",
    "midwife": "your midwife",
    "health_visitor": "your health visitor",
    "professional": "another professional",
    "service": "a service that you see already",
}


def ask_words(one: Service) -> str:
    """`You can ask yourself. Your GP or your midwife can ask for you too.`"""
    routes = set(one.routes_in)
    alone = {"self", "drop_in"} & routes
    own = {
        frozenset({"self"}): "You can ask yourself.",
        frozenset({"drop_in"}): "You can just come along.",
        frozenset({"self", "drop_in"}): "You can just come along, or ask first.",
    }.get(frozenset(alone), "")
    others = sentence([words for route, words in ASKERS.items() if route in routes], "or")
    asked = f"{others[:1].upper()}{others[1:]} can ask for you{' too' if alone else ''}." if others else ""
    return " ".join(part for part in (own, asked) if part)


def _people(one: Service) -> list[str]:
    return [AUDIENCES.get(key, key).lower() for key in one.audience]
