"""An entry as a document of Open Referral UK version 3. Plain data in and out.

Field names are the standard's. Beyond the UK profile stand names of the base specification (`phones`,
`eligibility_description`, `application_process`), what the importer of the Department for Education insists
on (`link_entity`, `code`), and one object `anydoor` with what the standard has no words for.
"""

from __future__ import annotations

import hashlib
import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from math import ceil
from typing import Any

from anydoor.directory.content import Content
from anydoor.directory.models.places import ACCESSIBILITY
from anydoor.directory.open_referral import schedules, taxonomy
from anydoor.directory.open_referral.carrying import Document, carry, pruned
from anydoor.rules.eligibility_keys import ROUTES

STATISTICS = "http://statistics.data.gov.uk/id/statistical-geography/"
DAYS_A_YEAR = 365.25
OLDEST = 255  # the importer of the Department for Education keeps an age in one byte
KINDS = {
    "nhs_trust": "An NHS trust.",
    "gp_practice": "A GP practice.",
    "council": "A council.",
    "charity": "A charity.",
    "hub": "A family hub.",
    "private": "A private provider.",
    "other": "An organisation that helps families.",
}
# ISO 639-1, where a language is one that families often ask for.
_CODES = (
    "en english pl polish ro romanian lt lithuanian lv latvian pt portuguese ar arabic ur urdu uk ukrainian "
    "bg bulgarian ru russian ku kurdish bn bengali pa punjabi gu gujarati hi hindi fr french es spanish "
    "so somali tr turkish fa farsi ps pashto sk slovak cs czech hu hungarian it italian ta tamil kw cornish "
    "cy welsh de german zh chinese vi vietnamese ti tigrinya"
)
LANGUAGE_CODES = {name: code for code, name in re.findall(r"(\w+) (\w+)", _CODES)}
# What of an entry's content goes into `anydoor` as it is: the standard has no place for it.
OWN = (
    *("strand", "level", "needs", "audience", "routes_in", "modes", "trying_to_conceive", "pregnancy_weeks"),
    *("child_days", "after_loss", "loss_days", "eligibility", "not_for", "offers", "when", "capacity"),
    *("free_places", "wait_days", "next_start", "state", "state_from", "state_until", "closed_from"),
    *("closed_until", "footprint_note"),
)


@dataclass(frozen=True, slots=True)
class OrganisationFacts:
    """Who runs an entry. `carried` is what another directory says of it."""

    uid: uuid.UUID
    slug: str
    name: str
    kind: str
    ods_code: str = ""
    carried: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """Where. Degrees are of the place or of its postcode; `region` is its district's or area's name."""

    uid: uuid.UUID
    slug: str
    name: str
    kind: str
    address: str = ""
    postcode: str = ""
    opens: str = ""
    accessibility: tuple[str, ...] = ()
    latitude: float | None = None
    longitude: float | None = None
    region: str = ""
    carried: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """A service with all around it that is published. `page` is its address here, or nothing."""

    uid: uuid.UUID
    slug: str
    content: Content
    organisation: OrganisationFacts
    places: tuple[PlaceFacts, ...] = ()
    districts: Mapping[str, str] = field(default_factory=dict)  # names of the footprint by code
    last_checked: date | None = None
    modified: datetime | None = None
    invented: tuple[str, ...] = ()
    page: str = ""
    carried: Mapping[str, Any] = field(default_factory=dict)


# ---------------------------------------------------------------- documents


def service_document(entry: Entry, on: date, *, full: bool = True) -> Document:
    """The service as `/services/{id}` gives it, or as an item of `/services` with one-to-one fields alone."""
    kept = entry.carried
    if not full:
        values = kept.get("values", {}).items()
        plain = {key: each for key, each in values if not isinstance(each["theirs"], list | dict)}
        kept = {"values": plain}
    return carry(own_service_document(entry, on, full=full), kept)


def own_service_document(entry: Entry, on: date, *, full: bool = True) -> Document:
    """What we say ourselves, without what was carried along."""
    content = entry.content
    youngest, oldest = ages(content)
    closed = _is_closed(content, on)
    made: Document = {
        "id": str(entry.uid),
        "organization_id": str(entry.organisation.uid),
        "name": content["name"],
        "description": content["summary"] or content["name"],
        "url": entry.page,
        "email": content["email"],
        "status": "temporarily closed" if closed else "active",
        "fees": _fees(content),
        "minimum_age": youngest,
        "maximum_age": oldest,
        "assured_date": entry.last_checked.isoformat() if entry.last_checked else None,
        "alert": content["closed_note"] if closed else None,
        "last_modified": entry.modified.isoformat() if entry.modified else None,
        "eligibility_description": content["for_whom"],
        "application_process": _ways_in(content),
        "organization": organization_document(entry.organisation),
    }
    if full:
        made |= _nested(entry)
    found: Document = pruned(made)
    return found


def _nested(entry: Entry) -> Document:
    content, uid = entry.content, entry.uid
    links = {place.slug: str(link_uid(uid, place.uid)) for place in entry.places}
    return {
        "schedules": schedules.schedules_of(content["sessions"], uid, links),
        "service_areas": _service_areas(entry),
        "service_at_locations": [link_document(entry, place) for place in entry.places],
        "languages": [
            {
                "id": str(uuid.uuid5(uid, f"language/{language}")),
                "name": language,
                "code": LANGUAGE_CODES.get(language.casefold()),
            }
            for language in content["languages"]
        ],
        "cost_options": _cost_options(entry),
        "phones": [{"id": str(uuid.uuid5(uid, "phone")), "number": content["phone"]}]
        if content["phone"]
        else [],
        "contacts": _contacts(entry),
        "attributes": [_attribute(uid, each, term) for each, term in taxonomy.terms_of(content)],
        "anydoor": {name: content[name] for name in OWN}
        | {"slug": entry.slug, "closed_note": content["closed_note"], "invented": list(entry.invented)},
    }


def organization_document(organisation: OrganisationFacts) -> Document:
    uid = organisation.uid
    identifiers = [
        {
            "id": str(uuid.uuid5(uid, "ods")),
            "identifier_scheme": "https://fhir.nhs.uk/Id/ods-organization-code",
            "identifier_type": "ODS code",
            "identifier": organisation.ods_code,
        }
    ]
    made = pruned(
        {
            "id": str(uid),
            "name": organisation.name,
            "description": KINDS.get(organisation.kind, KINDS["other"]),
            "organization_identifiers": identifiers if organisation.ods_code else [],
            "anydoor": {"slug": organisation.slug, "kind": organisation.kind},
        }
    )
    return carry(made, organisation.carried)


def link_uid(service: uuid.UUID, place: uuid.UUID) -> uuid.UUID:
    """The id of a service at a location. PostgreSQL can work it out too: see `publishing.with_link_uid`."""
    marks = hashlib.md5(f"{service}/{place}".encode(), usedforsecurity=False).hexdigest()
    return uuid.UUID(f"{marks[:12]}3{marks[13:16]}a{marks[17:]}")


def link_document(entry: Entry, place: PlaceFacts) -> Document:
    return {
        "id": str(link_uid(entry.uid, place.uid)),
        "service_id": str(entry.uid),
        "location_id": str(place.uid),
        "location": location_document(place),
    }


def published_link(entry: Entry, place: PlaceFacts, on: date) -> Document:
    """A link as the service's own document has it, so that its id is the same wherever it stands."""
    for link in service_document(entry, on).get("service_at_locations", []):
        if link["location"]["id"] == str(place.uid):
            return dict(link)
    return link_document(entry, place)


def location_document(place: PlaceFacts, *, full: bool = True) -> Document:
    made: Document = {
        "id": str(place.uid),
        "location_type": "physical",
        "name": place.name,
        "latitude": place.latitude,
        "longitude": place.longitude,
    }
    if full:
        made |= {
            "addresses": [_address(place)] if place.postcode else [],
            "accessibility": [
                {
                    "id": str(uuid.uuid5(place.uid, f"accessibility/{key}")),
                    "location_id": str(place.uid),
                    "description": _said(ACCESSIBILITY[key]),
                    "accessibility": _said(ACCESSIBILITY[key]),
                }
                for key in place.accessibility
            ],
            "anydoor": {"slug": place.slug, "kind": place.kind, "opens": place.opens},
        }
    made = carry(pruned(made), place.carried)
    return made if full else {key: each for key, each in made.items() if not isinstance(each, list | dict)}


# ---------------------------------------------------------------- parts


def ages(content: Mapping[str, Any]) -> tuple[int | None, int | None]:
    """The child's age in whole years, from and to, as far as a service has one."""
    window = content["child_days"]
    if window is None:
        return None, None
    first = 0 if content["pregnancy_weeks"] else int(window[0] // DAYS_A_YEAR)
    return min(first, OLDEST), min(ceil(window[1] / DAYS_A_YEAR), OLDEST)


def _is_closed(content: Mapping[str, Any], on: date) -> bool:
    first, last = content["closed_from"], content["closed_until"]
    return bool(first) and first <= on.isoformat() and (not last or last >= on.isoformat())


def _fees(content: Mapping[str, Any]) -> str:
    if content["is_free"]:
        return "Free"
    return str(content["cost_note"])


def _ways_in(content: Mapping[str, Any]) -> str:
    who = [ROUTES[route] for route in content["routes_in"] if route in ROUTES]
    return f"Who can ask: {'; '.join(who)}." if who else ""


def _cost_options(entry: Entry) -> list[Document]:
    content = entry.content
    if content["is_free"] is None and not content["cost_note"]:
        return []
    made: Document = {
        "id": str(uuid.uuid5(entry.uid, "cost")),
        "service_id": str(entry.uid),
        "option": "Free" if content["is_free"] else "Cost",
        "amount_description": content["cost_note"],
    }
    return [made | {"amount": 0} if content["is_free"] else made]


def _contacts(entry: Entry) -> list[Document]:
    """How to reach the service: no person is ever named."""
    content = entry.content
    if not content["phone"] and not content["email"]:
        return []
    uid = entry.uid
    phone = {"id": str(uuid.uuid5(uid, "contact/phone")), "number": content["phone"]}
    return [
        {
            "id": str(uuid.uuid5(uid, "contact")),
            "service_id": str(uid),
            "name": entry.organisation.name,
            "title": "Enquiries",
            "email": content["email"],
            "phones": [phone] if content["phone"] else [],
        }
    ]


def _service_areas(entry: Entry) -> list[Document]:
    limits = entry.content["postcode_districts"]
    made = []
    for code in entry.content["footprint"]:
        outwards = limits.get(code, [])
        name = entry.districts.get(code, code)
        made.append(
            {
                "id": str(uuid.uuid5(entry.uid, f"area/{code}")),
                "service_id": str(entry.uid),
                "name": name,
                "service_area": f"{name}: {', '.join(outwards)}" if outwards else name,
                "extent": ",".join(outwards) or code,
                "extent_type": "postcode districts" if outwards else "local authority district",
                "uri": f"{STATISTICS}{code}",
            }
        )
    return made


def _attribute(service: uuid.UUID, each: taxonomy.Taxonomy, term: str) -> Document:
    return {
        "id": str(uuid.uuid5(service, f"attribute/{each.key}/{term}")),
        "link_id": str(service),
        "link_type": each.key,
        "link_entity": "service",
        "taxonomy_term_id": str(each.term_uid(term)),
        "taxonomy_term": taxonomy.term_document(each, term),
    }


def _address(place: PlaceFacts) -> Document:
    """The standard wants a street, a town and a county. Where we have no street, the place's name stands."""
    parts = [part.strip() for part in place.address.split(",") if part.strip()]
    town = parts[-1] if len(parts) > 1 else place.region or place.name
    return {
        "id": str(uuid.uuid5(place.uid, "address")),
        "location_id": str(place.uid),
        "address_1": parts[0] if parts else place.name,
        "address_2": ", ".join(parts[1:-1]),
        "city": town,
        "state_province": place.region or town,
        "postal_code": place.postcode,
        "country": "GB",
        "address_type": "physical",
    }


def _said(words: str) -> str:
    return words[:1].upper() + words[1:]


def envelope(contents: list[Document], *, total: int, page: int, size: int) -> Document:
    """A page with exactly the standard's eight fields. `size` is what a full page holds."""
    pages = -(-total // size)
    return {
        "total_items": total,
        "total_pages": pages,
        "page_number": page,
        "size": len(contents),
        "first_page": page == 1,
        "last_page": page >= pages,
        "empty": not contents,
        "contents": contents,
    }


def all_terms() -> Iterable[Document]:
    for each in taxonomy.TAXONOMIES:
        for term in each.terms:
            yield taxonomy.term_document(each, term)
