"""Whether the content of an entry can be kept: what a form, a restored version and a script must obey.

`check` raises `BadInput` whose `field` is the name of the content. The database has the same limits as
constraints; here they have words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any

from anydoor.access.models import Organisation, Team, User
from anydoor.directory import area_keys
from anydoor.directory.content import DAYS, FIELDS, LISTS, NUMBERS, OF_TODAY, TEXTS, TICKS
from anydoor.directory.models import LEVELS, STATES, STRANDS, WEEKDAYS, Area, District, Place, Service
from anydoor.rules import eligibility_keys, identifiers
from anydoor.rules.errors import BadInput
from anydoor.rules.profile import NEEDS

LIMITS = {"name": 200, "phone": 40, "outside_phone": 40, "email": 254, "outside_email": 254}
LONG = {"summary": 2000, "for_whom": 2000, "not_for": 2000}
RANGES: Mapping[str, tuple[int, int]] = {
    "loss_days": (1, 36_525),
    "capacity": (0, 1_000_000),
    "free_places": (0, 1_000_000),
    "wait_days": (0, 3650),
    "check_every_days": (7, 1000),
}
MOST = 60  # entries of one list
WINDOW_LIMITS = {
    "pregnancy_weeks": (eligibility_keys.LONGEST_PREGNANCY, "weeks of pregnancy"),
    "child_days": (eligibility_keys.OLDEST_CHILD_DAYS, "the child's age"),
}
CHOICES: Mapping[str, frozenset[str]] = {
    "needs": NEEDS,
    "audience": frozenset(eligibility_keys.AUDIENCE),
    "routes_in": frozenset(eligibility_keys.ROUTES),
    "modes": frozenset(eligibility_keys.MODES),
}
NEEDED = {
    "name": "Give the service a name.",
    "summary": "Say in a sentence or two what the service does.",
    "level": "Choose the level.",
    "organisation": "Choose the organisation that runs it.",
    "audience": "Choose who the help is for.",
    "routes_in": "Choose who can ask for it.",
    "footprint": "Choose the districts it serves.",
    "state": "Choose the state.",
}
ORDER = (
    ("state_from", "state_until", "It ends before it begins."),
    ("closed_from", "closed_until", "It opens again before it closes."),
    ("visible_from", "visible_until", "It is hidden again before it is shown."),
)


def check(content: Mapping[str, Any], *, area: Area, service: Service | None = None) -> None:
    """Raise `BadInput`, pinned to its field, for the first thing that cannot be kept."""
    unknown, missing = set(content) - set(FIELDS), set(FIELDS) - set(content)
    if unknown or missing:
        raise BadInput(f"This is no entry: {', '.join(sorted(unknown | missing))[:100]}.")
    for name in TEXTS:
        _text(content[name], name)
    for name, words in NEEDED.items():
        if not content[name]:
            raise BadInput(words, field=name)
    _numbers(content)
    _days(content)
    _lists(content)
    for name, known in (("strand", STRANDS), ("level", LEVELS), ("state", STATES)):
        if content[name] not in known:
            raise BadInput("Choose from the answers that are listed.", field=name)
    for name in WINDOW_LIMITS:
        _window(name, content[name])
    if not _offered_at_some_time(content):
        raise BadInput(
            "Say when it is offered: before, in pregnancy, after the birth, or after a loss.",
            field="pregnancy_weeks",
        )
    _at("eligibility", eligibility_keys.check, content["eligibility"])
    _links(content, area, service)
    _where(content, area)
    _sessions(content, area)


def of_today(told: Mapping[str, Any]) -> dict[str, Any]:
    """The facts of today alone, checked. Raises `BadInput` as `check` does."""
    found = {name: told.get(name, "" if name in TEXTS else None) for name in OF_TODAY}
    _text(found["closed_note"], "closed_note")
    for name in ("free_places", "wait_days"):
        _number(name, found[name])
    for name in ("next_start", "closed_from", "closed_until"):
        _day(name, found[name])
    _closure(found)
    return found


# ---------------------------------------------------------------- plain values


def _at(name: str, work: Callable[..., object], *facts: Any) -> None:
    try:
        work(*facts)
    except BadInput as fault:
        raise (fault if fault.field else fault.at(name)) from fault


def _text(value: Any, name: str) -> None:
    if not isinstance(value, str):
        raise BadInput("This must be text.", field=name)
    if name in LONG:
        _at(name, identifiers.free_text, value, LONG[name])
    else:
        _at(name, identifiers.one_line, value, LIMITS.get(name, 0) or _room(name))
    if name in {"email", "outside_email"} and value:
        _at(name, identifiers.email, value)
    if name in {"phone", "outside_phone"} and value and value not in area_keys.SHORT_NUMBERS:
        _at(name, identifiers.phone, value)


def _room(name: str) -> int:
    """How many characters the column holds."""
    return int(getattr(Service._meta.get_field(name), "max_length", 0) or 0)


def _number(name: str, value: Any) -> None:
    low, high = RANGES[name]
    whole = isinstance(value, int) and not isinstance(value, bool)
    if value is not None and not (whole and low <= value <= high):
        raise BadInput(f"Use a whole number from {low} to {high:,}.", field=name)


def _numbers(content: Mapping[str, Any]) -> None:
    for name in NUMBERS:
        _number(name, content[name])
    if content["check_every_days"] is None:
        raise BadInput("Say how often it is checked.", field="check_every_days")
    for name in TICKS:
        if not isinstance(content[name], bool) and (name != "is_free" or content[name] is not None):
            raise BadInput("Answer yes or no.", field=name)
    if content["loss_days"] is not None and not content["after_loss"]:
        raise BadInput("A limit after a loss needs help after a loss.", field="loss_days")
    free, places = content["free_places"], content["capacity"]
    if free is not None and places is not None and free > places:
        raise BadInput(f"There are only {places} places in all.", field="free_places")


def _day(name: str, value: Any) -> None:
    if value is None:
        return
    try:
        day = date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        day = None
    if day is None or not 1990 <= day.year <= 2100:
        raise BadInput("There is no such day.", field=name)


def _days(content: Mapping[str, Any]) -> None:
    for name in DAYS:
        _day(name, content[name])
    for first, last, words in ORDER:
        if content[first] and content[last] and content[last] < content[first]:
            raise BadInput(words, field=last)
    _closure(content)


def _closure(content: Mapping[str, Any]) -> None:
    first, last = content["closed_from"], content["closed_until"]
    if last and not first:
        raise BadInput("Say from when it is closed.", field="closed_from")
    if first and last and last < first:
        raise BadInput("It opens again before it closes.", field="closed_until")
    if content["closed_note"] and not first:
        raise BadInput("Say from when it is closed.", field="closed_from")


def _lists(content: Mapping[str, Any]) -> None:
    for name in LISTS:
        value = content[name]
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise BadInput("This must be a list.", field=name)
        if len(value) > MOST:
            raise BadInput(f"This has {len(value)} entries; there is room for {MOST}.", field=name)
        if len(set(value)) < len(value):
            raise BadInput("Something stands here twice.", field=name)
        if name in CHOICES:
            if not set(value) <= CHOICES[name]:
                raise BadInput("Choose from the answers that are listed.", field=name)
        else:
            for one in value:
                _at(
                    name,
                    lambda one=one, name=name: identifiers.one_line(one, 40 if name == "languages" else 300),
                )


def _window(name: str, value: Any) -> None:
    if value is None:
        return
    high, words = WINDOW_LIMITS[name]
    whole = isinstance(value, list) and len(value) == 2
    if not whole or not all(isinstance(one, int) and not isinstance(one, bool) for one in value):
        raise BadInput("This must be two whole numbers: from and to.", field=name)
    first, last = value
    if not (0 <= first <= high and 0 <= last <= high):
        raise BadInput(f"Give {words} from 0 to {high:,}.", field=name)
    if last < first or (name == "child_days" and last == first):
        raise BadInput("It ends before it begins.", field=name)


def _offered_at_some_time(content: Mapping[str, Any]) -> bool:
    return bool(
        content["trying_to_conceive"]
        or content["pregnancy_weeks"] is not None
        or content["child_days"] is not None
        or content["after_loss"]
    )


# ---------------------------------------------------------------- what it points at


def _links(content: Mapping[str, Any], area: Area, service: Service | None) -> None:
    organisation = Organisation.objects.filter(slug=str(content["organisation"])[:80]).first()
    if organisation is None:
        raise BadInput("Choose the organisation that runs it.", field="organisation")
    team = content["team"]
    if team and not Team.objects.filter(slug=str(team)[:80], organisation=organisation).exists():
        raise BadInput(f"{organisation.name} has no such team. Choose another.", field="team")
    lead = content["lead"]
    if lead is not None:
        stays = service is not None and service.lead_id == lead
        known = isinstance(lead, int) and User.objects.filter(pk=lead, is_active=True).exists()
        if not (known or stays):
            raise BadInput("This person has no open account. Choose another.", field="lead")
    first = {*content["eligibility"].get("comes_after", ()), *content["eligibility"].get("not_beside", ())}
    there = set(Service.objects.filter(slug__in=first).values_list("slug", flat=True))
    own = service.slug if service is not None else ""
    for name in ("comes_after", "not_beside"):
        wrong = [slug for slug in content["eligibility"].get(name, ()) if slug not in there or slug == own]
        if wrong:
            raise BadInput("Choose services of the directory, other than this one.", field=name)


def _where(content: Mapping[str, Any], area: Area) -> None:
    codes, limits = content["footprint"], content["postcode_districts"]
    if not isinstance(codes, list) or len(set(codes)) < len(codes):
        raise BadInput("Choose districts from the list.", field="footprint")
    if District.objects.filter(pk__in=codes).count() < len(codes):
        raise BadInput("Choose districts from the list.", field="footprint")
    if not isinstance(limits, dict) or not set(limits) <= set(codes):
        raise BadInput("Postcodes can only limit a district that is chosen.", field="postcode_districts")
    problem = area_keys.TABLES["service"]["postcode_districts"].check(limits)
    if problem or not all(limits.values()):
        raise BadInput(
            "Write first halves of postcodes, like NR32, with commas between.", field="postcode_districts"
        )
    slugs = content["places"]
    if not isinstance(slugs, list) or Place.objects.filter(slug__in=slugs).count() < len(set(slugs)):
        raise BadInput("Choose places from the list.", field="places")


SESSION_KEYS = {
    *("place", "weekday", "on_date", "starts", "ends", "online", "every_weeks"),
    *("from_on", "until_on", "note", "source", "invented"),
}


def _sessions(content: Mapping[str, Any], area: Area) -> None:
    rows = content["sessions"]
    if not isinstance(rows, list) or len(rows) > MOST:
        raise BadInput(f"There is room for {MOST} times.", field="sessions")
    for row in rows:
        _at("sessions", check_session, row)
    slugs = {row["place"] for row in rows if row["place"]}
    if Place.objects.filter(slug__in=slugs).count() < len(slugs):
        raise BadInput("Choose the place of each time from the list.", field="sessions")


def check_session(row: Any) -> None:
    """Raise `BadInput`, pinned to its field, when one time cannot be kept."""
    if not isinstance(row, dict) or set(row) != SESSION_KEYS:
        raise BadInput("This is no time of a service.")
    weekday, once = row["weekday"], row["on_date"]
    if (weekday is None) == (once is None):
        raise BadInput("Choose a day of the week, or one date.", field="weekday")
    if weekday is not None and not (isinstance(weekday, int) and 0 <= weekday < len(WEEKDAYS)):
        raise BadInput("Choose a day of the week.", field="weekday")
    for name in ("on_date", "from_on", "until_on"):
        _day(name, row[name])
    try:
        starts, ends = time.fromisoformat(row["starts"]), time.fromisoformat(row["ends"])
    except (TypeError, ValueError):
        raise BadInput("Write times like 9:30.", field="starts") from None
    if ends <= starts:
        raise BadInput("It ends before it starts.", field="ends")
    every = row["every_weeks"]
    if not isinstance(every, int) or not 1 <= every <= 12:
        raise BadInput("Use a whole number of weeks from 1 to 12.", field="every_weeks")
    if every > 1 and (once is not None or not row["from_on"]):
        raise BadInput("Give a first day, so that we know which weeks it is.", field="from_on")
    if row["from_on"] and row["until_on"] and row["until_on"] < row["from_on"]:
        raise BadInput("It ends before it begins.", field="until_on")
    for name in ("note", "source"):
        _at(name, identifiers.one_line, row[name], 200)
    if not isinstance(row["online"], bool) or not isinstance(row["invented"], bool):
        raise BadInput("Answer yes or no.", field="online")
