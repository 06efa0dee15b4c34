"""Finding help in an area: what a visitor asked for, to services in an order that can be said.

    found = find(area, Asked(near="NR19", day=5, who="father"), on=today)

Three queries find and order every service that fits (words and filters; distances; what is nearest is worked
out in the database), then one page of them is read with its times and places. Nothing is judged here: this is
a list to look at, and matching with reasons is done with a person.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from heapq import nsmallest
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import Exists, F, FloatField, JSONField, OuterRef, Q, QuerySet, Value
from django.db.models.functions import NullIf

from anydoor.directory.models import Area, Service, ServiceWords, Session
from anydoor.directory.on_map import STALE
from anydoor.directory.whereabouts import Loaded, Position
from anydoor.rules.everyday import Meant, understand

PAGE = 20
NOT_READ: tuple[list[str], list[str], dict[str, object]] = ([], [], {})
FEW = 300  # services whose numbers are written into a statement
KM_IN_A_MILE = 1.609344
COMES_TO_YOU = ("home", "online", "phone", "text")
STAGES: Mapping[str, tuple[str, Q]] = {
    "trying": ("Trying to conceive", Q(trying_to_conceive=True)),
    "pregnant": ("Pregnant", Q(pregnancy_from_week__isnull=False)),
    "baby": ("With a baby under 1", Q(child_from_days__lt=365, child_to_days__gt=0)),
    "one": ("With a child of 1", Q(child_from_days__lt=730, child_to_days__gt=365)),
    "older": ("With a child of 2 to 5", Q(child_from_days__lt=1826, child_to_days__gt=730)),
    "loss": ("After a loss", Q(after_loss=True)),
}
WHO = {
    "mother": "Mother",
    "father": "Father",
    "co_parent": "Co-parent",
    "carer": "Grandparent or carer",
    "young": "Parent under 20",
}
WAYS = {
    "in_person": "In person",
    "group": "In a group",
    "home": "At my home",
    "online": "Online",
    "phone": "By phone",
    "text": "By text",
}
YOUNG = 25


@dataclass(frozen=True, slots=True)
class Where:
    """Where somebody is, as far as they said: never more than the first half of a postcode."""

    words: str = ""
    outward: str = ""
    districts: frozenset[str] = frozenset()
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody looks for. Empty and None mean: not asked for. `needs` and `words` are alternatives."""

    where: Where = Where()
    stage: str = ""
    needs: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    who: str = ""
    day: int | None = None
    way: str = ""
    language: str = ""
    accessible: str = ""
    free: bool = False
    within_miles: int | None = None

    @property
    def is_after_loss(self) -> bool:
        return self.stage == "loss"

    @property
    def has_words(self) -> bool:
        return bool(self.needs or self.words)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A service that fits, before it is read. `km` None: nobody travels, or it cannot be told."""

    pk: int
    fit: float
    km: float | None
    is_stale: bool
    for_them: bool
    level: int
    name: str

    def order(self, *, by_words: bool, by_distance: bool) -> tuple[object, ...]:
        far = self.km if self.km is not None else 1e6
        fit = -round(self.fit, 1) if by_words else 0.0
        return (
            self.is_stale,
            not self.for_them,
            fit,
            far if by_distance else 0.0,
            self.level,
            self.name,
            self.pk,
        )


@dataclass(frozen=True, slots=True)
class Result:
    """A service on the page, with how far its nearest place is."""

    service: Service
    km: float | None

    @property
    def miles(self) -> float | None:
        return None if self.km is None else self.km / KM_IN_A_MILE


@dataclass(frozen=True, slots=True)
class Time:
    """A time in the next seven days."""

    day: date
    session: Session
    km: float | None


@dataclass(frozen=True, slots=True)
class Near:
    """What there would be with one wish less: its field, how many, and the first names."""

    without: str
    count: int
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One page of what fits. `ordered_by` says the order in words."""

    count: int
    page: int
    pages: int
    results: tuple[Result, ...]
    ordered_by: str
    this_week: tuple[Time, ...] = ()
    near: tuple[Near, ...] = field(default=())


def where_is(area: Area, outward: str = "", town: str = "") -> Where:
    """A place of the area from the first half of a postcode, or from the name of a town of it."""
    folded = town.casefold()
    known = next((name for name in area.towns if name.casefold() == folded), "")
    half = outward or (area.towns[known] if known else "")
    if not half:
        return Where(known or town)
    districts, middle = Loaded().part(half)
    return Where(known or half, half, districts, middle)


def town_in(area: Area, text: str) -> str:
    """The first town of the area that a text names, or nothing."""
    folded = f" {' '.join(text.casefold().split())} "
    names = sorted({*area.towns, *area.places_near}, key=len, reverse=True)
    return next((name for name in names if f" {name.casefold()} " in folded), "")


def kept_words(words: Sequence[str]) -> tuple[str, ...]:
    """Those of the words that some entry of the directory has: no name of a person stays by chance."""
    if not words:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT word FROM unnest(%s::text[]) AS word WHERE numnode(plainto_tsquery('english', word)) > 0 "
            "AND EXISTS "
            "(SELECT 1 FROM directory_servicewords WHERE words @@ plainto_tsquery('english', word))",
            [list(words)],
        )
        there = {row[0] for row in cursor.fetchall()}
    return tuple(word for word in words if word in there)


def asked_for(asked: Asked, text: str) -> Asked:
    """The same wish with everyday words read into it; what was chosen in the form stays as chosen."""
    meant: Meant = understand(text)
    return replace(
        asked,
        needs=tuple(dict.fromkeys((*asked.needs, *(need for need in meant.needs if need != "loss")))),
        words=tuple(dict.fromkeys((*asked.words, *meant.left))),
        who=asked.who or meant.role,
        day=meant.day if asked.day is None else asked.day,
        way=asked.way or meant.way,
        stage=asked.stage or ("loss" if meant.is_after_loss else ""),
    )


# ---------------------------------------------------------------- what fits


def fitting(area: Area, asked: Asked, *, on: date) -> Any:
    """The live services that fit every wish, with `rank`. After a loss only those meant for it."""
    rows = Service.objects.live(on)
    rows = rows.filter(_serves(area, asked, service="pk"))
    if asked.stage in STAGES:
        rows = rows.filter(STAGES[asked.stage][1])
    if asked.who == "young":
        rows = rows.filter(audience__overlap=["mother", "father", "co_parent"])
    elif asked.who:
        rows = rows.filter(audience__overlap=[asked.who, "family"] if asked.who == "carer" else [asked.who])
    if asked.way:
        rows = rows.filter(modes__contains=[asked.way])
    if asked.language:
        rows = rows.filter(languages__contains=[asked.language])
    if asked.free:
        rows = rows.filter(is_free=True)
    if asked.accessible:
        rows = rows.filter(places__accessibility__contains=[asked.accessible]).distinct()
    if asked.day is not None:
        rows = rows.filter(Exists(_on_day(asked.day, on)))
    return _with_fit(rows, asked)


def _on_day(day: int, on: date) -> QuerySet[Session]:
    """Times on a weekday that are still going on: weekly ones, and dates in the next four weeks."""
    ahead = [on + timedelta(days=count) for count in range(28)]
    dates = [one for one in ahead if one.weekday() == day]
    return Session.objects.filter(service_id=OuterRef("pk")).filter(
        (Q(weekday=day) & (Q(until_on__isnull=True) | Q(until_on__gte=on))) | Q(on_date__in=dates)
    )


def _with_fit(rows: Any, asked: Asked) -> Any:
    """Each row with `rank`, how well its words fit; rows fit by a need or by a word."""
    if not asked.has_words:
        return rows.annotate(rank=Value(0.0, FloatField()))
    if not asked.words:
        return rows.filter(needs__overlap=list(asked.needs)).annotate(rank=Value(0.0, FloatField()))
    query = SearchQuery(asked.words[0], config="english")
    for word in asked.words[1:]:
        query |= SearchQuery(word, config="english")
    by_words = ServiceWords.objects.filter(words=query).values("service_id")
    wanted = Q(pk__in=by_words)
    if asked.needs:
        wanted |= Q(needs__overlap=list(asked.needs))
    return rows.filter(wanted).annotate(rank=SearchRank(F("search_words__words"), query))


def _candidates(area: Area, asked: Asked, on: date) -> list[Candidate]:
    # Of thousands of rows only what the order needs is read: an array or a JSON costs more than the row.
    read = ["pk", "rank", "last_checked", "level", "name", "parts"]
    if asked.needs or asked.who:
        read += ["needs", "audience", "eligibility"]
    rows = fitting(area, asked, on=on).annotate(parts=NullIf("postcode_districts", Value({}, JSONField())))
    far = _distances(area, asked)
    levels = ("universal", "targeted", "specialist")
    found = []
    for pk, rank, checked, level, name, parts, *said in rows.values_list(*read):
        if parts and not _in_part(parts, asked.where):
            continue
        needs, audience, eligibility = said or NOT_READ
        shared = set(needs) & set(asked.needs)
        fit = (
            2.0 * len(shared)
            + (1.5 if needs[:1] and needs[0] in asked.needs else 0.0)
            + 4.0 * float(rank or 0)
        )
        found.append(
            Candidate(
                pk=pk,
                fit=fit,
                km=far.get(pk),
                is_stale=checked is None or on - checked > STALE,
                for_them=_is_for_them(asked.who, audience, eligibility),
                level=levels.index(level),
                name=name.casefold(),
            )
        )
    if asked.within_miles is not None and asked.where.position is not None:
        most = asked.within_miles * KM_IN_A_MILE
        found = [one for one in found if one.km is None or one.km <= most]
    by_distance = asked.where.position is not None
    return sorted(found, key=lambda one: one.order(by_words=asked.has_words, by_distance=by_distance))


def _in_part(parts: Mapping[str, list[str]], where: Where) -> bool:
    """A district may be served in part, by first halves of postcodes."""
    if not where.outward:
        return True
    limited = [parts[code] for code in where.districts if code in parts]
    return len(limited) < len(where.districts) or any(where.outward in each for each in limited)


def _is_for_them(who: str, audience: Iterable[str], eligibility: Mapping[str, object]) -> bool:
    """Made for them: for fathers and not mothers, or for young parents. True for all where nobody asked."""
    if who == "young":
        under = eligibility.get("parent_age_under")
        return isinstance(under, int) and under <= YOUNG
    if who in ("father", "co_parent"):
        return "mother" not in set(audience)
    return True


def _serves(area: Area, asked: Asked, *, service: str = "service_id") -> Exists:
    """Whether the service that the row names is there for the place asked about."""
    through = Service.footprint.through.objects
    return Exists(through.filter(service_id=OuterRef(service), district_id__in=_districts(area, asked)))


def _districts(area: Area, asked: Asked) -> list[str]:
    return list(asked.where.districts or area.districts.values_list("pk", flat=True))


def _distances(area: Area, asked: Asked) -> dict[int, float]:
    """Kilometres as the crow flies to the nearest place of each service there, on the day asked for."""
    here = asked.where.position
    if here is None:
        return {}
    given: dict[str, Any] = {
        "districts": _districts(area, asked),
        "north": here[0],
        "east": here[1],
        "day": asked.day,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEAREST, given)
        return {pk: round(km, 1) for pk, km in cursor.fetchall() if km is not None}


def _far(places: set[int], here: Position | None) -> dict[int, float]:
    """Kilometres to each of these places, where that can be told."""
    if here is None or not places:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_AWAY_ONLY, {"places": list(places), "north": here[0], "east": here[1]})
        return {pk: round(km, 1) for pk, km in cursor.fetchall()}


_AWAY = """
WITH spot AS (
    SELECT place.id, COALESCE(place.latitude, code.latitude) AS north,
        COALESCE(place.longitude, code.longitude) AS east
    FROM directory_place AS place LEFT JOIN directory_postcode AS code ON code.postcode = place.postcode
), away AS (
    SELECT id, 12742.0 * asin(least(1.0, sqrt(
        sin(radians(north - %(north)s) / 2) ^ 2
        + cos(radians(%(north)s)) * cos(radians(north)) * sin(radians(east - %(east)s) / 2) ^ 2))) AS km
    FROM spot WHERE north IS NOT NULL AND east IS NOT NULL
)
"""
_AWAY_ONLY = _AWAY + "SELECT id, km FROM away WHERE id = ANY(%(places)s)"  # noqa: S608  # our own words
_NEAREST = (
    _AWAY  # noqa: S608  # as above
    + """, there AS (
    SELECT DISTINCT service_id FROM directory_service_footprint WHERE district_id = ANY(%(districts)s)
), at AS (
    SELECT service_id, place_id FROM directory_service_places WHERE %(day)s::int IS NULL
    UNION ALL SELECT service_id, place_id FROM directory_session
        WHERE place_id IS NOT NULL
        AND (%(day)s::int IS NULL OR weekday = %(day)s OR extract(isodow FROM on_date) = %(day)s + 1)
)
SELECT at.service_id, min(away.km) FROM at JOIN away ON away.id = at.place_id
    WHERE at.service_id IN (SELECT service_id FROM there) GROUP BY at.service_id
"""
)


# ---------------------------------------------------------------- one page


def find(area: Area, asked: Asked, *, on: date, page: int = 1) -> Found:
    """One page of what fits, its times of the week, and near misses where nothing fits."""
    everything = _candidates(area, asked, on)
    pages = max(1, -(-len(everything) // PAGE))
    page = min(max(page, 1), pages)
    shown = everything[(page - 1) * PAGE : page * PAGE]
    rows = {
        row.pk: row
        for row in Service.objects.filter(pk__in=[one.pk for one in shown])
        .select_related("organisation")
        .prefetch_related("places", "sessions__place")
    }
    results = tuple(Result(rows[one.pk], one.km) for one in shown)
    return Found(
        count=len(everything),
        page=page,
        pages=pages,
        results=results,
        ordered_by=ordered_by(asked),
        this_week=this_week(area, everything, on, asked) if page == 1 and not asked.is_after_loss else (),
        near=() if everything else near_misses(area, asked, on=on),
    )


def ordered_by(asked: Asked) -> str:
    """The order in words."""
    parts = []
    if asked.who in ("father", "co_parent", "young"):
        parts.append("what was made for you")
    if asked.has_words:
        parts.append("what fits your words best")
    if asked.where.position is not None:
        parts.append("what is nearest")
    parts.append("what is open to every family")
    return f"First {', then '.join(parts)}. What nobody checked for six months comes last."


def this_week(
    area: Area, candidates: Sequence[Candidate], on: date, asked: Asked, most: int = 8
) -> tuple[Time, ...]:
    """The times of the next seven days of these services, soonest first and then nearest."""
    last = on + timedelta(days=6)
    fits = {one.pk for one in candidates}
    shut = Service.objects.filter(closed_from__lte=on).filter(
        Q(closed_until__isnull=True) | Q(closed_until__gte=on)
    )
    # A few are named; of very many it is quicker to read the times of all that are there.
    among = Q(service__in=fits) if len(fits) <= FEW else Q(_serves(area, asked))
    # Of all times little is read, and of those that are shown everything.
    sessions = [
        session
        for session in Session.objects.filter(among)
        .exclude(service__in=shut)
        .filter(Q(on_date__isnull=True) | Q(on_date__range=(on, last)))
        .only(
            *("service_id", "place_id", "weekday", "on_date", "starts", "every_weeks", "from_on", "until_on")
        )
        .order_by()
        if session.service_id in fits
    ]
    times = [
        (day, session)
        for session in sessions
        for day in session.days(on, last)
        if asked.day is None or day.weekday() == asked.day
    ]
    far = _far({session.place_id for _, session in times if session.place_id}, asked.where.position)
    if asked.within_miles is not None:
        most_km = asked.within_miles * KM_IN_A_MILE
        times = [one for one in times if far.get(one[1].place_id or 0, 0.0) <= most_km]

    def order(one: tuple[date, Session]) -> tuple[object, ...]:
        day, session = one
        km = far.get(session.place_id or 0)
        return (day, km is None, km or 0.0, session.starts, session.pk)

    shown = nsmallest(most, times, key=order)
    whole = Session.objects.select_related("service", "place").in_bulk([session.pk for _, session in shown])
    return tuple(Time(day, whole[row.pk], far.get(row.place_id or 0)) for day, row in shown)


def near_misses(area: Area, asked: Asked, *, on: date) -> tuple[Near, ...]:
    """What there would be with one wish less; the one whose absence leaves the most alike comes first."""
    found = []
    for name, without in _one_less(asked):
        rows = _candidates(area, without, on)
        if rows:
            names = Service.objects.in_bulk([one.pk for one in rows[:3]])
            found.append(Near(name, len(rows), tuple(names[one.pk].name for one in rows[:3])))
    return tuple(sorted(found, key=lambda near: near.count))[:4]


def _one_less(asked: Asked) -> list[tuple[str, Asked]]:
    """The wish without one of its parts. After a loss that part stays: nothing else is shown then."""
    wishes = [
        ("day", replace(asked, day=None), asked.day is not None),
        ("way", replace(asked, way=""), bool(asked.way)),
        ("language", replace(asked, language=""), bool(asked.language)),
        ("accessible", replace(asked, accessible=""), bool(asked.accessible)),
        ("free", replace(asked, free=False), asked.free),
        ("within", replace(asked, within_miles=None), asked.within_miles is not None),
        ("who", replace(asked, who=""), bool(asked.who)),
        ("words", replace(asked, needs=(), words=()), asked.has_words),
        ("stage", replace(asked, stage=""), bool(asked.stage) and asked.stage != "loss"),
        ("near", replace(asked, where=Where()), bool(asked.where.words)),
    ]
    return [(name, without) for name, without, was_asked in wishes if was_asked]
