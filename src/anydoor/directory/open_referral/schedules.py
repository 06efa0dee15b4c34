"""Sessions of an entry and schedules of the standard (iCalendar recurrence), each as the other. Pure.

A session is what `directory.content` has: a weekday every so many weeks, or one date, in local time. The
standard counts weeks from Monday of the week of `dtstart` (RFC 5545, INTERVAL with WKST=MO), we count them
from the first session; so a rhythm is always written with `dtstart` on a day that it takes place.
What a session cannot say (monthly, past midnight) gives none: the schedule is then carried as it is.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Mapping
from datetime import date, time, timedelta
from typing import Any

from anydoor.rules.errors import BadInput

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MOST_WEEKS = 12
SessionData = dict[str, Any]

_TIME = re.compile(r"(?:\d{4}-\d\d-\d\d[T ])?(\d\d?):(\d\d)(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?")
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?:[T ].*)?")


# ---------------------------------------------------------------- out


def schedules_of(
    sessions: Iterable[Mapping[str, Any]], service: uuid.UUID, link_of: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Schedules of an entry. Days of the same time and place are one. `link_of` has the
    service-at-location id by the slug of a place."""
    groups: dict[str, list[Mapping[str, Any]]] = {}
    for one in sessions:
        groups.setdefault(_same(one), []).append(one)
    return [_schedule(same, each, service, link_of) for same, each in groups.items()]


def _same(one: Mapping[str, Any]) -> str:
    """What sessions share that are one schedule; each rhythm of several weeks is one of its own."""
    facts = {name: value for name, value in one.items() if name not in {"weekday", "source"}}
    if one["every_weeks"] > 1:
        facts["weekday"] = one["weekday"]
    return json.dumps(facts, sort_keys=True)


def _schedule(
    same: str, sessions: list[Mapping[str, Any]], service: uuid.UUID, link_of: Mapping[str, str]
) -> dict[str, Any]:
    one = sessions[0]
    weekdays = sorted({each["weekday"] for each in sessions if each["weekday"] is not None})
    made = {
        "id": str(uuid.uuid5(service, f"schedule/{same}/{weekdays}")),
        "service_at_location_id": link_of.get(one["place"], ""),
        "opens_at": f"{one['starts']}:00",
        "closes_at": f"{one['ends']}:00",
        "attending_type": "online" if one["online"] else "in person",
        "timezone": "Europe/London",
        "notes": one["note"],
        "description": in_words(weekdays, one),
        "anydoor": {"invented": True} if one["invented"] else {},
    }
    if one["on_date"]:
        return made | dict.fromkeys(("dtstart", "valid_from", "valid_to"), one["on_date"])
    first = one["from_on"]
    if first and one["every_weeks"] > 1:
        first = _first_on(date.fromisoformat(first), one["weekday"]).isoformat()
    return made | {
        "freq": "WEEKLY",
        "interval": one["every_weeks"],
        "byday": ",".join(DAYS[weekday] for weekday in weekdays),
        "dtstart": first,
        "valid_from": first,
        "valid_to": one["until_on"],
    }


def _first_on(day: date, weekday: int) -> date:
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def in_words(weekdays: list[int], one: Mapping[str, Any]) -> str:
    """`Mondays and Thursdays, 10:00 to 12:00, every 2 weeks`."""
    hours = f"{one['starts']} to {one['ends']}"
    if one["on_date"]:
        day = date.fromisoformat(one["on_date"])
        return f"{NAMES[day.weekday()]} {day.day} {day:%B %Y}, {hours}"
    names = [f"{NAMES[weekday]}s" for weekday in weekdays]
    days = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    rhythm = f", every {one['every_weeks']} weeks" if one["every_weeks"] > 1 else ""
    return f"{days}, {hours}{rhythm}"


# ---------------------------------------------------------------- in


def sessions_of(schedule: Mapping[str, Any], place: str) -> list[SessionData]:
    """The sessions that say the same as a schedule; none where sessions cannot say it.

    Raises BadInput whose `field` is the key with a value that is no time, date, day or number.
    """
    starts, ends = _time(schedule, "opens_at"), _time(schedule, "closes_at")
    dtstart, first, last = (_date(schedule, key) for key in ("dtstart", "valid_from", "valid_to"))
    if first and last and last < first:
        raise BadInput("is before valid_from", field="valid_to")
    interval, days = _interval(schedule), _weekdays(schedule)
    monthly = str(schedule.get("freq", "")).upper().startswith("MONTH") or schedule.get("bymonthday")
    if starts is None or ends is None or ends <= starts or monthly or days is None:
        return []
    made: SessionData = {
        "place": place,
        "weekday": None,
        "on_date": None,
        "starts": f"{starts:%H:%M}",
        "ends": f"{ends:%H:%M}",
        "online": "online" in str(schedule.get("attending_type", "")).casefold(),
        "every_weeks": 1,
        "from_on": None,
        "until_on": last.isoformat() if last else None,
        "note": _note(schedule),
        "source": "",
        "invented": bool(_own(schedule).get("invented")),
    }
    begins = max((day for day in (dtstart, first) if day), default=None)
    if not schedule.get("freq") and not days:
        if dtstart is None or (first and last and first != last):
            return []
        return [made | {"on_date": dtstart.isoformat(), "until_on": None}]
    if not days:
        if dtstart is None:
            return []
        days = [dtstart.weekday()]
    if interval == 1:
        from_on = begins.isoformat() if begins else None
        return [made | {"weekday": weekday, "from_on": from_on} for weekday in days]
    if interval > MOST_WEEKS or begins is None:
        return []
    return _in_rhythm(made, days, interval, dtstart or begins, begins, last)


def _in_rhythm(
    made: SessionData, days: list[int], interval: int, anchor: date, begins: date, last: date | None
) -> list[SessionData]:
    """One session a weekday, each from the first day it takes place."""
    monday = anchor - timedelta(days=anchor.weekday())
    found = []
    for weekday in days:
        day = monday + timedelta(days=weekday)
        while day < begins or day < anchor:
            day += timedelta(weeks=interval)
        if last is None or day <= last:
            found.append(made | {"weekday": weekday, "every_weeks": interval, "from_on": day.isoformat()})
    return found


def _own(schedule: Mapping[str, Any]) -> Mapping[str, Any]:
    own = schedule.get("anydoor")
    return own if isinstance(own, Mapping) else {}


def _note(schedule: Mapping[str, Any]) -> str:
    words = schedule.get("notes", "")
    plain = " ".join(words.split()) if isinstance(words, str) else ""
    return plain if len(plain) <= 200 else f"{plain[:199]}…"


def _time(schedule: Mapping[str, Any], key: str) -> time | None:
    value = schedule.get(key)
    if value is None:
        return None
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        if found:
            return time(int(found[1]), int(found[2]))
    except ValueError:
        found = None
    raise BadInput("is no time, like 10:00:00", field=key)


def _date(schedule: Mapping[str, Any], key: str) -> date | None:
    value = schedule.get(key)
    if value is None:
        return None
    found = _DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    try:
        if found:
            return date.fromisoformat(found[1])
    except ValueError:
        found = None
    raise BadInput("is no day, like 2026-03-10", field=key)


def _interval(schedule: Mapping[str, Any]) -> int:
    value = schedule.get("interval", 1)
    if isinstance(value, str) and value.strip().isdigit() and len(value) < 6:
        value = int(value)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= 10_000:
        raise BadInput("is no number of weeks", field="interval")
    return value


def _weekdays(schedule: Mapping[str, Any]) -> list[int] | None:
    """The weekdays in order; none told is empty; None where they are days of a month (1MO)."""
    value = schedule.get("byday") or schedule.get("weekday") or ""
    if not isinstance(value, str):
        raise BadInput("is no list of days, like MO,TH", field="byday")
    found = set()
    for word in re.split(r"[,\s;]+", value.strip()):
        if not word:
            continue
        if re.fullmatch(r"[+-]?\d+[A-Za-z]{2}", word) and word[-2:].upper() in DAYS:
            return None
        short = word[:2].upper()
        if short not in DAYS or not (
            len(word) == 2 or NAMES[DAYS.index(short)].upper().startswith(word.upper())
        ):
            raise BadInput("is no list of days, like MO,TH", field="byday")
        found.add(DAYS.index(short))
    return sorted(found)
