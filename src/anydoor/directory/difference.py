"""Two contents of an entry, side by side in words, and three of them put together.

for change in differences(before, after): change.label, change.before, change.after
merged, both = merge(base, theirs, mine)
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from anydoor.access.models import Organisation, Team, User
from anydoor.directory.content import DAYS, FIELDS, NUMBERS, TEXTS, Content
from anydoor.directory.models import LEVELS, STATES, STRANDS, WEEKDAYS, District, Place, Service
from anydoor.rules import eligibility_keys
from anydoor.rules.eligibility_keys import KEYS, Key

GROUPS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "words": ("What it is", ("name", "strand", "level", "summary", "offers", "for_whom", "not_for")),
    "need": ("What it helps with", ("needs",)),
    "stage": (
        "When in a family's life",
        ("trying_to_conceive", "pregnancy_weeks", "child_days", "after_loss", "loss_days"),
    ),
    "who": ("Who it is for", ("audience",)),
    "where": ("Where", ("footprint", "postcode_districts", "footprint_note", "places")),
    "how": ("How to ask, and how it is given", ("routes_in", "modes", "languages", "is_free", "cost_note")),
    "times": ("Times", ("sessions", "when")),
    "room": (
        "Places and waiting",
        ("capacity", "free_places", "wait_days", "next_start", "closed_from", "closed_until", "closed_note"),
    ),
    "care": (
        "Who runs it and keeps it true",
        (
            *("organisation", "team", "lead", "lead_name", "lead_title", "check_every_days"),
            *("phone", "email", "outside_email", "outside_phone"),
            *("state", "state_from", "state_until", "state_note", "visible_from", "visible_until"),
        ),
    ),
}
LABELS: Mapping[str, str] = {
    "name": "Name",
    "strand": "Strand",
    "level": "Level",
    "summary": "In a sentence or two",
    "offers": "What they offer",
    "for_whom": "Who it is for, in words",
    "not_for": "Who it is not for, in words",
    "needs": "It helps with",
    "trying_to_conceive": "While trying for a baby",
    "pregnancy_weeks": "In pregnancy",
    "child_days": "After the birth",
    "after_loss": "After a loss",
    "loss_days": "For how long after a loss",
    "audience": "It is for",
    "footprint": "Districts it serves",
    "postcode_districts": "Only part of a district",
    "footprint_note": "Where, in words",
    "places": "Places",
    "routes_in": "Who can ask for it",
    "modes": "How it is given",
    "languages": "Languages besides English",
    "is_free": "Free",
    "cost_note": "What it costs",
    "sessions": "Times",
    "when": "Times, in words",
    "capacity": "Places in all",
    "free_places": "Free places now",
    "wait_days": "Wait now",
    "next_start": "Next start",
    "closed_from": "Closed for now, from",
    "closed_until": "Closed for now, until",
    "closed_note": "Why it is closed, and where to go",
    "organisation": "Run by",
    "team": "Team that answers handovers",
    "lead": "Owner of this entry",
    "lead_name": "Lead, in words",
    "lead_title": "Lead's job",
    "check_every_days": "Checked at least every",
    "phone": "Phone",
    "email": "E-mail",
    "outside_email": "E-mail for handovers",
    "outside_phone": "Phone for handovers",
    "state": "State",
    "state_from": "State, from",
    "state_until": "State, until",
    "state_note": "About the state",
    "visible_from": "Shown from",
    "visible_until": "Shown until",
}
NOTHING = "Nothing"
DAYS_COUNTED = {"wait_days", "loss_days", "check_every_days"}
WORD = re.compile(r"\s+|[^\s]+")


@dataclass(frozen=True, slots=True)
class Change:
    """One field that differs. `pieces` are (kind, text) for longer texts: same, gone or new."""

    name: str
    label: str
    before: str
    after: str
    pieces: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Names:
    """The names of what contents point at, read once."""

    districts: Mapping[str, str]
    places: Mapping[str, str]
    services: Mapping[str, str]
    organisations: Mapping[str, str]
    teams: Mapping[str, str]
    people: Mapping[int, str]


def names_in(*contents: Mapping[str, Any]) -> Names:
    """Six queries at most, however much the contents name."""
    codes = {code for each in contents for code in (*each["footprint"], *each["postcode_districts"])}
    places = {slug for each in contents for slug in each["places"]}
    places |= {row["place"] for each in contents for row in each["sessions"] if row["place"]}
    services = {
        slug
        for each in contents
        for name in ("comes_after", "not_beside")
        for slug in each["eligibility"].get(name, ())
    }
    organisations = {each["organisation"] for each in contents}
    teams = {each["team"] for each in contents if each["team"]}
    people = {each["lead"] for each in contents if each["lead"]}
    return Names(
        districts=dict(District.objects.filter(pk__in=codes).values_list("pk", "name")),
        places=dict(Place.objects.filter(slug__in=places).values_list("slug", "name")),
        services=dict(Service.objects.filter(slug__in=services).values_list("slug", "name")),
        organisations=dict(Organisation.objects.filter(slug__in=organisations).values_list("slug", "name")),
        teams=dict(Team.objects.filter(slug__in=teams).values_list("slug", "name")),
        people=dict(User.objects.filter(pk__in=people).values_list("pk", "name")),
    )


def differences(
    before: Mapping[str, Any], after: Mapping[str, Any], names: Names | None = None
) -> list[Change]:
    """What differs, in the order of the forms; nothing for fields that say the same."""
    names = names or names_in(before, after)
    found: list[Change] = []
    for _, fields in GROUPS.values():
        found += [
            _change(name, LABELS[name], before[name], after[name], names)
            for name in fields
            if before[name] != after[name]
        ]
    old, new = before["eligibility"], after["eligibility"]
    found += [
        Change(key.name, key.label, _rule(key, old, names), _rule(key, new, names))
        for key in KEYS
        if old.get(key.name) != new.get(key.name)
    ]
    return found


def _change(name: str, label: str, old: Any, new: Any, names: Names) -> Change:
    before, after = in_words(name, old, names), in_words(name, new, names)
    long = name in TEXTS and old and new and max(len(old), len(new)) > 40
    return Change(name, label, before, after, pieces(old, new) if long else ())


def _rule(key: Key, rules: Mapping[str, Any], names: Names) -> str:
    value = rules.get(key.name)
    return eligibility_keys.value_words(key, value, names.services) if value else NOTHING


def pieces(old: str, new: str) -> tuple[tuple[str, str], ...]:
    """Both texts in one: runs of words that stay ("same"), go ("gone") and come ("new")."""
    one, other = WORD.findall(old), WORD.findall(new)
    found: list[tuple[str, str]] = []
    for kind, low, high, first, last in difflib.SequenceMatcher(
        None, one, other, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            found.append(("same", "".join(one[low:high])))
            continue
        if high > low:
            found.append(("gone", "".join(one[low:high])))
        if last > first:
            found.append(("new", "".join(other[first:last])))
    return tuple(found)


# ---------------------------------------------------------------- in words


COLUMN_KEYS = {key.name: key for key in eligibility_keys.COLUMNS}
WORDS_OF: Mapping[str, Mapping[str, str]] = {"strand": STRANDS, "level": LEVELS, "state": STATES}


def in_words(name: str, value: Any, names: Names) -> str:
    """A value of the content as a person says it; `Nothing` where nothing is said."""
    if name in WORDS_OF:
        return WORDS_OF[name].get(value, NOTHING)
    if name == "is_free":
        return {None: "Not known", True: "Yes", False: "No"}[value]
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if value in (None, "", [], {}):
        return NOTHING
    if name in DAYS:
        return _day_words(value)
    if name in NUMBERS:
        return f"{value:,} days" if name in DAYS_COUNTED else f"{value:,}"
    if name in TEXTS:
        return str(value)
    return _of_many(name, value, names)


def _of_many(name: str, value: Any, names: Names) -> str:
    match name:
        case "pregnancy_weeks":
            return f"Week {value[0]} to {value[1]} of pregnancy"
        case "child_days":
            return f"Child from {age_words(value[0])} to under {age_words(value[1])}"
        case "organisation":
            return names.organisations.get(value, value)
        case "team":
            return names.teams.get(value, value)
        case "lead":
            return names.people.get(value, "An account that is gone")
        case "footprint":
            return _sorted(names.districts.get(code, code) for code in value)
        case "places":
            return _sorted(names.places.get(slug, slug) for slug in value)
        case "postcode_districts":
            return "; ".join(
                f"{names.districts.get(code, code)}: only {', '.join(parts)}" for code, parts in value.items()
            )
        case "sessions":
            return "; ".join(session_words(row, names.places) for row in value)
        case "offers":
            return "; ".join(value)
    key = COLUMN_KEYS.get(name)
    return eligibility_keys.value_words(key, value) if key is not None else ", ".join(value)


def _sorted(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))


def _day_words(text: str) -> str:
    day = date.fromisoformat(text)
    return f"{day.day} {day:%B %Y}"


def age_words(days: int) -> str:
    """`birth`, `6 weeks`, `9 months`, `2 years`: an age as people say it; else in days."""
    if days == 0:
        return "birth"
    for unit, length in (("year", 365.25), ("month", 30.4375)):
        count = round(days / length)
        if count >= (2 if unit == "month" else 1) and abs(days - count * length) < 1:
            return f"{count} {unit}{'' if count == 1 else 's'}"
    if days % 7 == 0:
        return f"{days // 7} week{'' if days == 7 else 's'}"
    return f"{days:,} day{'' if days == 1 else 's'}"


def session_words(row: Mapping[str, Any], places: Mapping[str, str]) -> str:
    """`Saturday 10:00 to 11:30, Dereham Hub, every 2 weeks from 3 March 2026, term time`."""
    day = WEEKDAYS[row["weekday"]] if row["weekday"] is not None else _day_words(row["on_date"])
    parts = [f"{day} {row['starts']} to {row['ends']}"]
    if row["place"]:
        parts.append(places.get(row["place"], row["place"]))
    if row["online"]:
        parts.append("online")
    if row["every_weeks"] > 1:
        parts.append(f"every {row['every_weeks']} weeks")
    if row["from_on"]:
        parts.append(f"from {_day_words(row['from_on'])}")
    if row["until_on"]:
        parts.append(f"until {_day_words(row['until_on'])}")
    if row["note"]:
        parts.append(row["note"])
    return ", ".join(parts)


# ---------------------------------------------------------------- two changes of one thing


def merge(
    base: Mapping[str, Any], theirs: Mapping[str, Any], mine: Mapping[str, Any]
) -> tuple[Content, tuple[str, ...]]:
    """My changes on top of theirs, and the labels of what both changed in different ways (mine stands).

    Rules of eligibility are put together one by one, so that two people can each add one.
    """
    merged, both = dict(theirs), []
    for name in FIELDS:
        if name == "eligibility" or mine[name] == base[name]:
            continue
        if theirs[name] not in (base[name], mine[name]):
            both.append(LABELS[name])
        merged[name] = mine[name]
    rules = dict(theirs["eligibility"])
    old, new = base["eligibility"], mine["eligibility"]
    for key in KEYS:
        if new.get(key.name) == old.get(key.name):
            continue
        if theirs["eligibility"].get(key.name) not in (old.get(key.name), new.get(key.name)):
            both.append(key.label)
        rules.pop(key.name, None)
        if key.name in new:
            rules[key.name] = new[key.name]
    merged["eligibility"] = rules
    return merged, tuple(both)
