"""What a client may ask the feed for: the parameters of the standard, read, and turned into a query.

A parameter that cannot be read is refused by name; one that the standard does not know is passed over.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import time
from math import asin, cos, radians, sin, sqrt

from django.db.models import Avg, Q, QuerySet

from anydoor.directory.models import Postcode, Service
from anydoor.directory.open_referral import publishing, taxonomy
from anydoor.directory.open_referral.schedules import DAYS, NAMES
from anydoor.rules import identifiers
from anydoor.rules.errors import BadInput

PAGE, LARGEST_PAGE, LAST_PAGE = 100, 100, 1_000_000
FURTHEST_METRES = 1_000_000
EARTH_METRES = 6_371_000
MOST_WORDS = 10
Given = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Asked:
    """The filters of `/services` and `/service_at_locations`. None and empty: not asked for."""

    words: tuple[str, ...] = ()
    term: uuid.UUID | None = None
    of_taxonomy: uuid.UUID | None = None
    organisation: uuid.UUID | None = None
    youngest: float | None = None
    oldest: float | None = None
    starts: time | None = None
    ends: time | None = None
    weekday: int | None = None
    full: bool = False

    @classmethod
    def read(cls, given: Given) -> Asked:
        return cls(
            words=_words(given),
            term=_uid(given, "taxonomy_term_id"),
            of_taxonomy=_uid(given, "taxonomy_id"),
            organisation=_uid(given, "organization_id"),
            youngest=number(given, "minimum_age", 0, 255),
            oldest=number(given, "maximum_age", 0, 255),
            starts=_clock(given, "start_time"),
            ends=_clock(given, "end_time"),
            weekday=_weekday(given),
            full=_flag(given, "full"),
        )


def paging(given: Given) -> tuple[int, int]:
    """Page number from 1, and how many a page holds: at most 100, also when more are asked for."""
    page = number(given, "page", 1, LAST_PAGE, whole=True)
    size = number(given, "per_page", 1, 10**9, whole=True)
    return int(page or 1), min(int(size or PAGE), LARGEST_PAGE)


def number(given: Given, key: str, low: int, high: int, *, whole: bool = False) -> float | None:
    text = given.get(key, "").strip()
    if not text:
        return None
    shape = r"[0-9]{1,12}" if whole else r"[0-9]{1,12}(\.[0-9]{1,6})?"
    if not re.fullmatch(shape, text) or not low <= float(text) <= high:
        kind = "whole number" if whole else "number"
        raise BadInput(f"{key} must be a {kind} from {low} to {high}.", field=key)
    return float(text)


def _words(given: Given) -> tuple[str, ...]:
    text = given.get("search", "")
    try:
        words = identifiers.one_line(text.strip(), 200).split()
    except BadInput as fault:
        raise BadInput(f"search: {fault.message}", field="search") from fault
    return tuple(words[:MOST_WORDS])


def _uid(given: Given, key: str) -> uuid.UUID | None:
    text = given.get(key, "").strip()
    if not text:
        return None
    try:
        return uuid.UUID(text)
    except ValueError:
        raise BadInput(f"{key} must be a UUID.", field=key) from None


def _clock(given: Given, key: str) -> time | None:
    text = given.get(key, "").strip()
    if not text:
        return None
    try:
        found = time.fromisoformat(text) if re.fullmatch(r"\d\d:\d\d(:\d\d)?", text) else None
    except ValueError:
        found = None
    if found is None:
        raise BadInput(f"{key} must be a time of day, like 09:30 or 09:30:00.", field=key)
    return found


def _weekday(given: Given) -> int | None:
    text = given.get("day", "").strip()
    if not text:
        return None
    days = {code: at for at, code in enumerate(DAYS)} | {name.upper(): at for at, name in enumerate(NAMES)}
    days |= {name[:3].upper(): at for at, name in enumerate(NAMES)}
    if text.upper() not in days:
        raise BadInput("day must be one of MO, TU, WE, TH, FR, SA, SU, or its name.", field="day")
    return days[text.upper()]


def _flag(given: Given, key: str) -> bool:
    text = given.get(key, "").strip().lower()
    if text not in {"", "true", "false", "1", "0"}:
        raise BadInput(f"{key} must be true or false.", field=key)
    return text in {"true", "1"}


# ---------------------------------------------------------------- as a query


def matching(rows: QuerySet[Service], asked: Asked) -> QuerySet[Service]:
    """The services that fit every filter."""
    for word in asked.words:
        rows = rows.filter(
            Q(name__icontains=word)
            | Q(summary__icontains=word)
            | Q(for_whom__icontains=word)
            | Q(organisation__name__icontains=word)
        )
    if asked.term is not None:
        rows = rows.filter(_has_term(str(asked.term)))
    if asked.of_taxonomy is not None:
        rows = rows.filter(_has_taxonomy(str(asked.of_taxonomy)))
    if asked.organisation is not None:
        rows = rows.filter(organisation__uid=asked.organisation)
    if asked.youngest is not None or asked.oldest is not None:
        rows = publishing.with_ages(rows)
    if asked.youngest is not None:
        rows = rows.filter(youngest__gte=asked.youngest)
    if asked.oldest is not None:
        rows = rows.filter(oldest__lte=asked.oldest)
    return _at_a_time(rows, asked)


def _at_a_time(rows: QuerySet[Service], asked: Asked) -> QuerySet[Service]:
    """Those with one session that begins, ends and falls as asked."""
    when = Q()
    if asked.starts is not None:
        when &= Q(sessions__starts__gte=asked.starts)
    if asked.ends is not None:
        when &= Q(sessions__ends__lte=asked.ends)
    if asked.weekday is not None:
        once = Q(sessions__on_date__iso_week_day=asked.weekday + 1)
        when &= Q(sessions__weekday=asked.weekday) | once
    if not when:
        return rows
    return rows.filter(pk__in=Service.objects.filter(when).values("pk"))


def _has_term(uid: str) -> Q:
    theirs = Q(imported__payload__attributes__contains=[{"taxonomy_term": {"id": uid}}])
    if uid not in taxonomy.TERMS:
        return theirs
    return _says(*taxonomy.TERMS[uid])


def _has_taxonomy(uid: str) -> Q:
    each = taxonomy.BY_UID.get(uid)
    if each is None:
        return Q(imported__payload__attributes__contains=[{"taxonomy_term": {"taxonomy_id": uid}}])
    found = Q(pk__in=[])
    for term in each.terms:
        found |= _says(each, term)
    return found


def _says(each: taxonomy.Taxonomy, term: str) -> Q:
    if each.key == "stage":
        return {
            "trying_to_conceive": Q(trying_to_conceive=True),
            "pregnancy": Q(pregnancy_from_week__isnull=False, pregnancy_to_week__isnull=False),
            "after_birth": Q(child_from_days__isnull=False, child_to_days__isnull=False),
            "after_loss": Q(after_loss=True),
        }[term]
    if each.field in {"strand", "level"}:
        return Q(**{each.field: term})
    return Q(**{f"{each.field}__contains": [term]})


# ---------------------------------------------------------------- near by


def near(given: Given) -> tuple[Q | None, list[int] | None]:
    """Of `postcode` and `proximity`: which services cover it, and which places lie so many metres from it.

    With `proximity` it is the places that count; without, the districts a service covers.
    """
    text, metres = given.get("postcode", "").strip(), number(given, "proximity", 0, FURTHEST_METRES)
    if not text:
        if metres is not None:
            raise BadInput("proximity needs a postcode to measure from.", field="proximity")
        return None, None
    outward, here, district = _whereabouts(text)
    if metres is None:
        if district is None:
            raise BadInput("We do not know the district of this postcode.", field="postcode")
        limited = f"postcode_districts__{district}"
        covered = Q(footprint=district) & (
            ~Q(postcode_districts__has_key=district) | Q(**{f"{limited}__contains": [outward]})
        )
        return Q(pk__in=Service.objects.filter(covered).values("pk")), None
    if here is None:
        raise BadInput("We do not know where this postcode is.", field="postcode")
    return None, list(_within(here, metres))


def _whereabouts(text: str) -> tuple[str, tuple[float, float] | None, str | None]:
    """Outward half, position and district of a postcode; of its outward half where we know no more."""
    try:
        full = identifiers.postcode(text)
    except BadInput as fault:
        raise fault.at("postcode") from fault
    outward = full.split()[0]
    row = Postcode.objects.filter(pk=full).first()
    if row is not None and row.latitude is not None and row.longitude is not None:
        return outward, (row.latitude, row.longitude), row.district_id
    beside = Postcode.objects.filter(postcode__startswith=f"{outward} ", latitude__isnull=False)
    middle = beside.aggregate(lat=Avg("latitude"), long=Avg("longitude"))
    codes = set(beside.values_list("district_id", flat=True)) if row is None else {row.district_id}
    here = (middle["lat"], middle["long"]) if middle["lat"] is not None else None
    return outward, here, codes.pop() if len(codes) == 1 else None


def _within(here: tuple[float, float], metres: float) -> Iterable[int]:
    rows = publishing.positions()
    return (pk for pk, lat, long in rows if _metres(here, (lat, long)) <= metres)


def _metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the great circle."""
    (lat, long), (to_lat, to_long) = one, other
    north, east = radians(to_lat - lat), radians(to_long - long)
    half = sin(north / 2) ** 2 + cos(radians(lat)) * cos(radians(to_lat)) * sin(east / 2) ** 2
    return 2 * EARTH_METRES * asin(sqrt(min(half, 1)))
