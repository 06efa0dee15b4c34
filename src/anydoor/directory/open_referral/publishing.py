"""Entries as rows, read for the feed: who is in it, in what order, and each as the facts that are published.

In the feed are entries that families can see and use today. Names of staff, who holds what, how a receiver
outside is reached, notes on the state of an entry and its source are no part of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    F,
    FloatField,
    IntegerField,
    OuterRef,
    Prefetch,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import MD5, Cast, Ceil, Coalesce, Concat, Floor, Substr

from anydoor.access.models import Organisation
from anydoor.directory.content import DAYS, LISTS, NUMBERS, TEXTS, TICKS, WINDOWS, WORDS, in_order
from anydoor.directory.models import (
    District,
    ImportedEntry,
    Place,
    Postcode,
    Service,
    ServiceVersion,
    Session,
)
from anydoor.directory.open_referral.documents import DAYS_A_YEAR, Entry, OrganisationFacts, PlaceFacts

PageOf = Callable[[str], str]


def published(on: date) -> QuerySet[Service]:
    """The entries of the feed on that day, in its order."""
    return _with_others(Service.objects.live(on))


def _with_others(services: QuerySet[Service]) -> QuerySet[Service]:
    return (
        services.select_related("organisation__imported", "imported", "area")
        .annotate(
            modified=Subquery(
                ServiceVersion.objects.filter(
                    service=OuterRef("pk"), state="approved", proposed_by__isnull=False
                )
                .order_by("-number")
                .values("decided_at")[:1]
            )
        )
        .order_by("name", "uid")
    )


def with_all(services: QuerySet[Service]) -> QuerySet[Service]:
    """With footprint, places and sessions: four queries more, however many entries."""
    places = places_in_full()
    return services.prefetch_related(
        Prefetch("footprint", District.objects.order_by("pk")),
        Prefetch("places", places.order_by("name", "uid")),
        Prefetch("sessions", Session.objects.order_by("pk")),
        Prefetch("sessions__place", places),
    )


def places_in_full() -> QuerySet[Place]:
    """Places with all that `place_facts` says of them."""
    return _with_positions(Place.objects.select_related("imported", "district", "area"))


def _with_positions(places: QuerySet[Place]) -> QuerySet[Place]:
    """Degrees of the place where they are known, else of its postcode."""
    code = Postcode.objects.filter(pk=OuterRef("postcode"))
    return places.annotate(
        lat=Coalesce("latitude", Subquery(code.values("latitude")[:1])),
        long=Coalesce("longitude", Subquery(code.values("longitude")[:1])),
    )


def with_ages(services: QuerySet[Service]) -> QuerySet[Service]:
    """With `youngest` and `oldest` as the feed shows them, to filter by."""

    def shown(key: str, ours: Any) -> Coalesce:
        values = KeyTransform(key, KeyTransform("values", "imported__carried"))
        theirs = Cast(KeyTextTransform("theirs", values), FloatField())
        return Coalesce(theirs, Cast(ours, FloatField()))

    return services.annotate(
        youngest=shown(
            "minimum_age",
            Case(
                When(child_from_days__isnull=True, then=Value(None)),
                When(pregnancy_from_week__isnull=False, then=Value(0)),
                default=Cast(Floor(F("child_from_days") / Value(DAYS_A_YEAR)), IntegerField()),
                output_field=IntegerField(),
            ),
        ),
        oldest=shown("maximum_age", Ceil(F("child_to_days") / Value(DAYS_A_YEAR))),
    )


def places_to_publish(ids: Iterable[int]) -> Mapping[int, PlaceFacts]:
    """Places as they are published, by key."""
    rows = places_in_full()
    return {row.pk: place_facts(row) for row in rows.filter(pk__in=list(ids))}


def positions() -> Iterator[tuple[int, float, float]]:
    """Key and degrees of every place whose position is known."""
    for row in _with_positions(Place.objects.only("pk", "latitude", "longitude")):
        facts = place_position(row)
        if facts[0] is not None and facts[1] is not None:
            yield row.pk, facts[0], facts[1]


def place_position(row: Place) -> tuple[float | None, float | None]:
    """Degrees as `_with_positions` worked them out, else the place's own."""
    return getattr(row, "lat", row.latitude), getattr(row, "long", row.longitude)


# ---------------------------------------------------------------- facts


def entry_of(service: Service, *, full: bool = True, page_of: PageOf | None = None) -> Entry:
    """A row of `published` (and of `with_all` where it is wanted in full) as facts."""
    imported = getattr(service, "imported", None)
    places = _places(service) if full else ()
    return Entry(
        uid=service.uid,
        slug=service.slug,
        content=content(service, full=full),
        organisation=organisation_facts(service.organisation),
        places=places,
        districts={row.pk: row.name for row in service.footprint.all()} if full else {},
        last_checked=service.last_checked,
        modified=getattr(service, "modified", None),
        invented=tuple(service.invented),
        page=page_of(service.slug) if page_of is not None else "",
        carried=imported.carried if imported is not None else {},
    )


def content(service: Service, *, full: bool = True) -> dict[str, Any]:
    """What `directory.content.content_of` says, from what was read already."""
    made: dict[str, Any] = {name: getattr(service, name) for name in (*TEXTS, *NUMBERS, *TICKS, *WORDS)}
    made |= {name: _iso(getattr(service, name)) for name in DAYS}
    made |= {name: list(getattr(service, name)) for name in LISTS}
    for name, (first, last) in WINDOWS.items():
        pair = [getattr(service, first), getattr(service, last)]
        made[name] = None if None in pair else pair
    made |= {
        "eligibility": dict(service.eligibility),
        "postcode_districts": {code: sorted(each) for code, each in service.postcode_districts.items()},
    }
    if full:
        made |= {
            "footprint": [row.pk for row in service.footprint.all()],
            "sessions": in_order([_session(row) for row in service.sessions.all()]),
        }
    return made


def _session(row: Session) -> dict[str, Any]:
    return {
        "place": row.place.slug if row.place is not None else "",
        "weekday": row.weekday,
        "on_date": _iso(row.on_date),
        "starts": f"{row.starts:%H:%M}",
        "ends": f"{row.ends:%H:%M}",
        "online": row.online,
        "every_weeks": row.every_weeks,
        "from_on": _iso(row.from_on),
        "until_on": _iso(row.until_on),
        "note": row.note,
        "source": "",
        "invented": row.invented,
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


def _places(service: Service) -> tuple[PlaceFacts, ...]:
    """Where it is given: its places and those of its sessions, each once, by name."""
    rows = {row.pk: row for row in service.places.all()}
    rows |= {row.place.pk: row.place for row in service.sessions.all() if row.place is not None}
    found = sorted(rows.values(), key=lambda row: (row.name, str(row.uid)))
    return tuple(map(place_facts, found))


def place_facts(row: Place) -> PlaceFacts:
    imported = getattr(row, "imported", None)
    latitude, longitude = place_position(row)
    return PlaceFacts(
        uid=row.uid,
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        address=row.address,
        postcode=row.postcode,
        opens=row.opens,
        accessibility=tuple(row.accessibility),
        latitude=latitude,
        longitude=longitude,
        region=row.district.name if row.district is not None else row.area.name,
        carried=imported.carried if imported is not None else {},
    )


def organisation_facts(row: Organisation) -> OrganisationFacts:
    imported = getattr(row, "imported", None)
    return OrganisationFacts(
        uid=row.uid,
        slug=row.slug,
        name=row.name,
        kind=row.kind,
        ods_code=row.ods_code,
        carried=imported.carried if imported is not None else {},
    )


def entries(services: Iterable[Service], *, full: bool, page_of: PageOf | None = None) -> Sequence[Entry]:
    return [entry_of(service, full=full, page_of=page_of) for service in services]


def whole(pk: int) -> Service:
    """An entry with everything, whether it is published or not."""
    return with_all(_with_others(Service.objects.filter(pk=pk))).get()


def named(uid: uuid.UUID, on: date) -> Service | None:
    """One published entry with everything, by its lasting id."""
    return with_all(published(on)).filter(uid=uid).first()


# ---------------------------------------------------------------- services at locations

LINK = ("service__name", "service__uid", "place__uid", "service_id", "place_id")


def links(services: QuerySet[Service], within: Iterable[int] | None = None) -> QuerySet[Any]:
    """Pairs of service and place as (name, uid, uid, key, key): its places and those of its sessions."""
    both = _link_rows(services)
    if within is not None:
        wanted = list(within)
        both = [rows.filter(place__in=wanted) for rows in both]
    first, second = (rows.values_list(*LINK) for rows in both)
    return first.union(second).order_by("service__name", "service__uid", "place__uid")


def _link_rows(services: QuerySet[Service]) -> list[QuerySet[Any]]:
    keys = services.order_by().values("pk")
    return [
        Service.places.through._default_manager.filter(service__in=keys),
        Session.objects.filter(service__in=keys, place__isnull=False).order_by(),
    ]


def link_named(uid: uuid.UUID, on: date) -> tuple[Service, PlaceFacts] | None:
    """The published service and place of a link, by our id of it or by the one it came with."""
    found = _their_link(uid) or _our_link(uid, on)
    if found is None:
        return None
    row = named(found[0], on)
    place = next((one for one in _places(row) if one.uid == found[1]), None) if row is not None else None
    return (row, place) if row is not None and place is not None else None


def _our_link(uid: uuid.UUID, on: date) -> tuple[uuid.UUID, uuid.UUID] | None:
    marks = MD5(
        Concat(
            Cast("service__uid", CharField()),
            Value("/"),
            Cast("place__uid", CharField()),
            output_field=CharField(),
        )
    )
    made = Concat(
        Substr(marks, 1, 12),
        Value("3"),
        Substr(marks, 14, 3),
        Value("a"),
        Substr(marks, 18),
        output_field=CharField(),
    )
    for rows in _link_rows(Service.objects.live(on)):
        found = (
            rows.annotate(link=made).filter(link=uid.hex).values_list("service__uid", "place__uid").first()
        )
        if found is not None:
            service, place = found
            return service, place
    return None


def _their_link(uid: uuid.UUID) -> tuple[uuid.UUID, uuid.UUID] | None:
    for row in ImportedEntry.objects.filter(kind="service", inner_ids__contains=[uid])[:1]:
        for link in row.payload.get("service_at_locations", []):
            if link.get("id") == str(uid):
                return row.uid, uuid.UUID(link["location"]["id"])
    return None


# ---------------------------------------------------------------- what others brought


def their_terms() -> list[dict[str, Any]]:
    """Terms of other directories' taxonomies that came with imported entries, each once, by id."""
    found: dict[str, dict[str, Any]] = {}
    for kept in ImportedEntry.objects.filter(kind="service", carried__has_key="terms").values_list(
        "carried__terms", flat=True
    ):
        for attribute in kept:
            term = attribute.get("taxonomy_term") if isinstance(attribute, dict) else None
            if isinstance(term, dict) and isinstance(term.get("id"), str):
                found.setdefault(term["id"], term)
    return [found[uid] for uid in sorted(found)]


def their_taxonomies() -> list[dict[str, Any]]:
    """The taxonomies that those terms name, as far as they are told: id, and the name where it is given."""
    found: dict[str, dict[str, Any]] = {}
    for term in their_terms():
        uid = term.get("taxonomy_id")
        if isinstance(uid, str) and uid not in found:
            name = term.get("taxonomy") or "A taxonomy of another directory"
            found[uid] = {"id": uid, "name": name, "description": f"Came with imported services: {name}"}
    return [found[uid] for uid in sorted(found)]


def organisations(on: date) -> QuerySet[Organisation]:
    """Those that run an entry of the feed, by name."""
    return (
        Organisation.objects.filter(pk__in=Service.objects.live(on).values("organisation"))
        .select_related("imported")
        .order_by("name", "uid")
    )
