"""A whole entry as plain data: read from its row, checked, written to a row, or shown as if it were one.

The data is what a version keeps and a form fills, made of text, numbers, true and false, lists and None:

    every name in TEXTS ("" when empty), NUMBERS, DAYS ("2026-03-10") and TICKS (None when not known),
    and the lists; strand, level, state; organisation and team (slugs), lead (id of an account);
    pregnancy_weeks and child_days as [from, to] or None; eligibility as in `rules.eligibility_keys`;
    footprint (district codes), postcode_districts {code: [outward]}, places (slugs);
    sessions [{place, weekday, on_date, starts, ends, online, every_weeks, from_on, until_on, note, source,
    invented}].

Slug, lasting id, source, and who checked it when are no part of it: they belong to the entry, not to what
it says.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from django.db.models import Model

from anydoor.access.models import Organisation, Team
from anydoor.directory.models import Area, District, Place, Service, Session

Content = dict[str, Any]

TEXTS = (
    *("name", "summary", "for_whom", "not_for", "when", "footprint_note", "cost_note"),
    *("lead_name", "lead_title", "state_note", "closed_note"),
    *("phone", "email", "outside_email", "outside_phone"),
)
NUMBERS = ("loss_days", "capacity", "free_places", "wait_days", "check_every_days")
DAYS = (
    *("next_start", "state_from", "state_until"),
    *("closed_from", "closed_until", "visible_from", "visible_until"),
)
TICKS = ("trying_to_conceive", "after_loss", "is_free")
LISTS = ("needs", "audience", "routes_in", "modes", "offers", "languages")
WORDS = ("strand", "level", "state")
WINDOWS = {
    "pregnancy_weeks": ("pregnancy_from_week", "pregnancy_to_week"),
    "child_days": ("child_from_days", "child_to_days"),
}
LINKS = ("organisation", "team", "lead")
OTHERS = ("eligibility", "postcode_districts", "footprint", "places", "sessions")
FIELDS = (*TEXTS, *NUMBERS, *DAYS, *TICKS, *LISTS, *WORDS, *WINDOWS, *LINKS, *OTHERS)
# What is true of today and changes by the day: said at once, and not brought back with an old version.
OF_TODAY = ("free_places", "wait_days", "next_start", "closed_from", "closed_until", "closed_note")
SESSION_DAYS = ("on_date", "from_on", "until_on")


# ---------------------------------------------------------------- from a row


def content_of(service: Service) -> Content:
    """Everything an entry says now. Reads footprint, places and sessions: three queries."""
    content: Content = {name: getattr(service, name) for name in (*TEXTS, *NUMBERS, *TICKS, *WORDS)}
    content |= {name: _iso(getattr(service, name)) for name in DAYS}
    content |= {name: list(getattr(service, name)) for name in LISTS}
    for name, (first, last) in WINDOWS.items():
        pair = [getattr(service, first), getattr(service, last)]
        content[name] = None if None in pair else pair
    content |= {
        "organisation": service.organisation.slug,
        "team": service.team.slug if service.team is not None else "",
        "lead": service.lead_id,
        "eligibility": dict(service.eligibility),
        "postcode_districts": {code: sorted(each) for code, each in service.postcode_districts.items()},
        "footprint": sorted(district.pk for district in service.footprint.all()),
        "places": sorted(place.slug for place in service.places.all()),
        "sessions": in_order([_session(row) for row in service.sessions.select_related("place")]),
    }
    return content


def _session(row: Session) -> dict[str, Any]:
    return {
        "place": row.place.slug if row.place is not None else "",
        "weekday": row.weekday,
        "starts": f"{row.starts:%H:%M}",
        "ends": f"{row.ends:%H:%M}",
        "online": row.online,
        "every_weeks": row.every_weeks,
        "note": row.note,
        "source": row.source,
        "invented": row.invented,
        **{name: _iso(getattr(row, name)) for name in SESSION_DAYS},
    }


def in_order(sessions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Sessions by weekday and time, then single dates: the same times are the same list."""

    def key(one: Mapping[str, Any]) -> tuple[Any, ...]:
        weekday = one["weekday"]
        return (
            7 if weekday is None else weekday,
            one["on_date"] or "",
            one["starts"],
            one["ends"],
            one["place"],
            sorted((name, str(value)) for name, value in one.items()),
        )

    return [dict(one) for one in sorted(sessions, key=key)]


def empty(area: Area) -> Content:
    """A new entry before anything is said of it: everywhere in the area, free to say, open now."""
    content: Content = dict.fromkeys(TEXTS, "")
    content |= dict.fromkeys((*NUMBERS, *DAYS, "is_free", "lead", *WINDOWS))
    content |= {name: [] for name in (*LISTS, "places", "sessions")}
    return content | {
        "trying_to_conceive": False,
        "after_loss": False,
        "check_every_days": 180,
        "strand": "",
        "level": "",
        "state": "offered",
        "organisation": "",
        "team": "",
        "eligibility": {},
        "postcode_districts": {},
        "footprint": sorted(area.districts.values_list("pk", flat=True)),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


# ---------------------------------------------------------------- to a row


def columns_of(content: Mapping[str, Any]) -> dict[str, Any]:
    """The plain columns of a row; links and lists of other rows are not among them."""
    columns: dict[str, Any] = {name: content[name] for name in (*TEXTS, *NUMBERS, *TICKS, *LISTS, *WORDS)}
    columns |= {name: _day(content[name]) for name in DAYS}
    for name, pair in WINDOWS.items():
        columns |= dict(zip(pair, content[name] or (None, None), strict=True))
    return columns | {
        "eligibility": dict(content["eligibility"]),
        "postcode_districts": {code: list(each) for code, each in content["postcode_districts"].items()},
        "lead_id": content["lead"],
    }


def put(service: Service, content: Mapping[str, Any]) -> None:
    """Make a row say what the content says, with its footprint, places and sessions. Inside a transaction."""
    columns = columns_of(content)
    columns["organisation_id"] = Organisation.objects.values_list("pk", flat=True).get(
        slug=content["organisation"]
    )
    team = content["team"]
    columns["team_id"] = Team.objects.values_list("pk", flat=True).get(slug=team) if team else None
    for name, value in columns.items():
        setattr(service, name, value)
    service.save()
    service.footprint.set(content["footprint"])
    places = {place.slug: place for place in Place.objects.filter(slug__in=places_of(content))}
    service.places.set([places[slug] for slug in content["places"]])
    service.sessions.all().delete()
    Session.objects.bulk_create(session_row(service, one, places) for one in content["sessions"])


def places_of(content: Mapping[str, Any]) -> set[str]:
    """Slugs of every place it names, with those of its sessions."""
    return {*content["places"], *(one["place"] for one in content["sessions"] if one["place"])}


def session_row(service: Service, one: Mapping[str, Any], places: Mapping[str, Place]) -> Session:
    """One time of an entry as a row that is not saved. `places` has them by slug."""
    return Session(
        service=service,
        place=places[one["place"]] if one["place"] else None,
        weekday=one["weekday"],
        starts=time.fromisoformat(one["starts"]),
        ends=time.fromisoformat(one["ends"]),
        online=one["online"],
        every_weeks=one["every_weeks"],
        note=one["note"],
        source=one["source"],
        invented=one["invented"],
        **{name: _day(one[name]) for name in SESSION_DAYS},
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def as_if(content: Mapping[str, Any], *, area: Area, like: Service | None = None) -> Service:
    """A row that is not saved and says what the content says, to show or to match as if it were there.

    `like` is the entry it would change. Its footprint and places can be read; nothing else of it can.
    """
    row = Service(
        pk=like.pk if like is not None else 0,
        slug=like.slug if like is not None else NOT_YET,
        area=area,
        last_checked=like.last_checked if like is not None else None,
        source=like.source if like is not None else "",
        **columns_of(content),
    )
    row.organisation = Organisation.objects.filter(slug=content["organisation"]).first() or Organisation(
        name="(not chosen yet)"
    )
    row.team = Team.objects.filter(slug=content["team"]).first() if content["team"] else None
    places = list(Place.objects.filter(slug__in=places_of(content)).order_by("name", "pk"))
    by_slug = {place.slug: place for place in places}
    known: dict[str, list[Model]] = {
        "footprint": list(District.objects.filter(pk__in=content["footprint"]).order_by("name")),
        "places": [place for place in places if place.slug in content["places"]],
        "sessions": [session_row(row, one, by_slug) for one in content["sessions"]],
    }
    answered(row, known)
    return row


def answered(row: Service, known: Mapping[str, Sequence[Model]]) -> None:
    """Let a row answer for its footprint, places and sessions from rows in hand: it asks nothing."""
    # Where Django keeps what `prefetch_related` has read.
    row._prefetched_objects_cache = {name: _read(rows) for name, rows in known.items()}  # type: ignore[attr-defined]  # Django's own


NOT_YET = "new-entry"


def _read(rows: Sequence[Model]) -> Any:
    """Rows as a query that was answered already."""
    query = (type(rows[0]) if rows else District)._default_manager.none()
    query._result_cache = list(rows)
    return query
