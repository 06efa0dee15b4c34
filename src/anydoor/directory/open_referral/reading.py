"""A document of Open Referral UK version 3 as an entry of ours. Plain data in and out.

What an entry must have and has wrongly is a fault, and the entry is then refused whole. What we cannot use
and need not (a telephone number nobody can dial, a rhythm our sessions cannot say) is a note: the entry is
taken, and the field is carried along as it came (see `carrying`).
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from math import floor
from typing import Any

from anydoor.access.models import ORGANISATION_KINDS
from anydoor.directory.area_keys import PLACE_KINDS
from anydoor.directory.content import Content, in_order
from anydoor.directory.models.places import ACCESSIBILITY
from anydoor.directory.open_referral import schedules, taxonomy
from anydoor.directory.open_referral.carrying import Document
from anydoor.directory.open_referral.documents import DAYS_A_YEAR, STATISTICS, OrganisationFacts, PlaceFacts
from anydoor.directory.open_referral.faults import EntryFaults, Fault, plain, shape_faults, shown
from anydoor.directory.open_referral.own_facts import own_facts
from anydoor.rules import identifiers
from anydoor.rules.errors import BadInput

LIVE, CLOSED_NOW, GONE = "active", "temporarily closed", ("inactive", "defunct")
GROWN_UP = 18
_DISTRICT = re.compile(r"(E0[6-9]|W06|S12|N09)\d{6}")


@dataclass(frozen=True, slots=True)
class Read:
    """An entry as it was told. In `content`, `organisation` and places stand by their ids, as text.

    `offered` is False where the feed says that the service is no more. `notes` are fields that we could not
    use; `said` are the names of the content that the document speaks of.
    """

    uid: uuid.UUID
    slug: str
    content: Content
    organisation: OrganisationFacts
    places: tuple[PlaceFacts, ...]
    districts: Mapping[str, str]
    offered: bool
    closed_now: bool
    last_checked: date | None
    invented: tuple[str, ...]
    notes: tuple[Fault, ...] = field(default=())


def read(document: Document, blank: Mapping[str, Any]) -> Read:
    """An entry from a pruned document. `blank` is the content of an entry that says nothing yet.

    Raises EntryFaults with everything that is wrong.
    """
    reader = _Reader(document)
    made = reader.whole(blank)
    if reader.faults:
        raise EntryFaults(reader.faults)
    return made


def read_organisation(payload: Document) -> OrganisationFacts:
    """The organisation of a document that was sound when it was kept."""
    return _Reader({"organization": payload}).organisation()


def read_place(payload: Document) -> PlaceFacts | None:
    """The place of a document that was sound when it was kept; None where it is none to go to."""
    return _Reader({}).place(payload, "")


class _Reader:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.faults = shape_faults(document)
        self.notes: list[Fault] = []

    def fault(self, path: str, words: str) -> None:
        if not any(each.path == path for each in self.faults):
            self.faults.append(Fault(path, words))

    def note(self, path: str, words: str) -> None:
        self.notes.append(Fault(path, words))

    def text(
        self, holder: Mapping[str, Any], key: str, path: str, limit: int, *, needed: bool = False
    ) -> str:
        """Words on one line. Too long, or missing where it is needed, is a fault."""
        value = holder.get(key)
        words = " ".join(plain(value).split()) if isinstance(value, str) else ""
        if needed and not words and not any(each.path == f"{path}{key}" for each in self.faults):
            self.fault(f"{path}{key}", "is missing")
        if len(words) > limit:
            self.fault(f"{path}{key}", f"is {len(words):,} characters long; there is room for {limit:,}")
        return words[:limit]

    def uid(self, holder: Mapping[str, Any], path: str) -> uuid.UUID:
        value = holder.get("id")
        if value is None:
            self.fault(f"{path}id", "is missing")
        try:
            return uuid.UUID(value) if isinstance(value, str) else uuid.UUID(int=0)
        except ValueError:
            return uuid.UUID(int=0)

    # ---- the whole

    def whole(self, blank: Mapping[str, Any]) -> Read:
        told = self.document
        own, wrong = own_facts(told.get("anydoor"))
        self.faults += wrong
        status = self._status()
        places = self._places()
        content: Content = dict(blank)
        content |= {
            "name": self.text(told, "name", "", 200, needed=True),
            "summary": self._summary(),
            "for_whom": self._long("eligibility_description", 2000),
            "email": self._email(told, ""),
            "phone": self._phone(),
            "languages": self._languages(),
            "organisation": str(told.get("organization", {}).get("id", ""))
            if isinstance(told.get("organization"), Mapping)
            else "",
            "places": [str(place.uid) for place in places],
        }
        content |= self._cost() | self._from_terms() | self._ages()
        districts, limits = self._areas()
        if districts:
            content |= {"footprint": sorted(districts), "postcode_districts": limits}
        content |= self._sessions(places)
        content |= own
        if status == CLOSED_NOW:
            content["closed_note"] = content["closed_note"] or self.text(told, "alert", "", 400)
        self._in_order(content)
        corner = told.get("anydoor")
        return Read(
            uid=self.uid(told, ""),
            slug=_slug(corner),
            content=content,
            organisation=self.organisation(),
            places=places,
            districts=districts,
            offered=status not in GONE,
            closed_now=status == CLOSED_NOW,
            last_checked=self._day("assured_date"),
            invented=_texts(corner, "invented"),
            notes=tuple(self.notes),
        )

    def _status(self) -> str:
        status = self.document.get("status")
        if status is None:
            self.fault("status", "is missing")
        elif isinstance(status, str) and status not in {LIVE, CLOSED_NOW, *GONE}:
            self.fault("status", f"{shown(status)} is none of: active, inactive, defunct, temporarily closed")
        return status if isinstance(status, str) else ""

    def _summary(self) -> str:
        value = self.document.get("description")
        words = plain(value) if isinstance(value, str) else ""
        if len(words) > identifiers.FREE_TEXT_LIMIT:
            self.fault("description", f"is {len(words):,} characters long; there is room for 20,000")
            return ""
        return words or self.text(self.document, "name", "", 200)

    def _long(self, key: str, limit: int) -> str:
        value = self.document.get(key)
        words = plain(value) if isinstance(value, str) else ""
        if len(words) > limit:
            self.note(key, f"is longer than {limit:,} characters; the beginning is shown")
        return words[:limit]

    def _day(self, key: str) -> date | None:
        value = self.document.get(key)
        if not isinstance(value, str):
            return None
        try:
            day = date.fromisoformat(value[:10])
        except ValueError:
            self.fault(key, f"{shown(value)} is no day, like 2026-03-10")
            return None
        if not 1990 <= day.year <= 2100:
            self.note(key, "is too long ago or too far off to be used")
            return None
        return day

    def _in_order(self, content: Mapping[str, Any]) -> None:
        for first, last in (("state_from", "state_until"), ("closed_from", "closed_until")):
            if content[first] and content[last] and content[last] < content[first]:
                self.fault(f"anydoor.{last}", f"is before {first}")
        if content["closed_until"] and not content["closed_from"]:
            self.fault("anydoor.closed_until", "needs closed_from")
        modified = self.document.get("last_modified")
        if isinstance(modified, str):
            try:
                datetime.fromisoformat(modified)
            except ValueError:
                self.fault("last_modified", f"{shown(modified)} is no date and time")

    # ---- who

    def organisation(self) -> OrganisationFacts:
        told = self.document.get("organization")
        if not isinstance(told, Mapping):
            self.fault("organization", "is missing: who runs the service must come with it")
            return OrganisationFacts(uuid.UUID(int=0), "", "", "other")
        uid = self.uid(told, "organization.")
        beside = self.document.get("organization_id")
        if isinstance(beside, str) and beside.lower() != str(uid) and uid.int:
            self.fault("organization_id", "is not the id of the organization that came with it")
        corner = told.get("anydoor")
        kind = corner.get("kind") if isinstance(corner, Mapping) else None
        return OrganisationFacts(
            uid=uid,
            slug=_slug(corner),
            name=self.text(told, "name", "organization.", 200, needed=True),
            kind=kind if isinstance(kind, str) and kind in ORGANISATION_KINDS else "other",
            ods_code=_ods(told),
        )

    def _email(self, holder: Mapping[str, Any], path: str) -> str:
        value = holder.get("email")
        if not isinstance(value, str):
            return ""
        try:
            return identifiers.email(value)
        except BadInput:
            self.note(f"{path}email", f"{shown(value)} is no e-mail address")
            return ""

    def _phone(self) -> str:
        told = [*_objects(self.document, "phones")]
        for contact in _objects(self.document, "contacts"):
            told += _objects(contact, "phones")
        for phone in told:
            number = phone.get("number")
            if not isinstance(number, str):
                continue
            if number.strip() in {"111", "999"}:
                return number.strip()
            try:
                identifiers.phone(number)
            except BadInput:
                self.note("phones", f"{shown(number)} cannot be dialled")
                continue
            if len(number) <= 40:
                return number.strip()
        return ""

    def _languages(self) -> list[str]:
        found: dict[str, None] = {}
        for each in _objects(self.document, "languages"):
            name = each.get("name") or each.get("language")
            words = " ".join(name.split())[:40] if isinstance(name, str) else ""
            if words and words.casefold() not in {"english", "en", "eng"}:
                found.setdefault(words)
        return list(found)[:60]

    # ---- what it costs, for whom, when

    def _cost(self) -> dict[str, Any]:
        options = [*_objects(self.document, "cost_options")]
        fees = self.text(self.document, "fees", "", 100_000)
        amounts = [each.get("amount") for each in options if isinstance(each.get("amount"), int | float)]
        free: bool | None = None
        if amounts:
            free = not any(amounts)
        elif fees.casefold().rstrip(".") in {"free", "no charge", "none", "no fee"}:
            free = True
        elif options and any(each.get("option") == "Cost" for each in options):
            free = False
        words = [
            each["amount_description"] for each in options if isinstance(each.get("amount_description"), str)
        ]
        note = next(iter(words), "" if free else fees)
        return {"is_free": free, "cost_note": " ".join(plain(note).split())[:200]}

    def _from_terms(self) -> dict[str, Any]:
        """What our own terms say, where somebody uses them."""
        found: dict[str, list[str]] = {}
        for at, attribute in enumerate(_objects(self.document, "attributes")):
            term = attribute.get("taxonomy_term")
            uid = term.get("id") if isinstance(term, Mapping) else attribute.get("taxonomy_term_id")
            if isinstance(term, Mapping):
                path = f"attributes[{at}].taxonomy_term."
                self.text(term, "name", path, 1000, needed=True)
            ours = taxonomy.TERMS.get(uid) if isinstance(uid, str) else None
            if ours is not None and ours[0].field:
                found.setdefault(ours[0].field, []).append(ours[1])
        online = any(each.get("location_type") == "virtual" for each in self._locations())
        modes = ["online"] * online + ["in_person"] * any(
            each.get("location_type") == "physical" for each in self._locations()
        )
        return {
            "strand": next(iter(found.get("strand", [])), ""),
            "level": next(iter(found.get("level", [])), "universal"),
            "needs": found.get("needs", []),
            "audience": found.get("audience", ["family"]),
            "routes_in": found.get("routes_in", ["self"]),
            "modes": found.get("modes", modes),
        }

    def _ages(self) -> dict[str, Any]:
        """A child's age where the oldest is a child; the last year counts whole."""
        low, high = (self._age(key) for key in ("minimum_age", "maximum_age"))
        if low is not None and high is not None and high < low:
            self.fault("maximum_age", "is lower than minimum_age")
        if high is None or high > GROWN_UP:
            return {}
        first = floor((low or 0) * DAYS_A_YEAR)
        return {"child_days": [first, max(floor((high + 1) * DAYS_A_YEAR), first + 1)]}

    def _age(self, key: str) -> float | None:
        value = self.document.get(key)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        if not 0 <= value <= 255:
            self.fault(key, "must be an age in years from 0 to 255")
            return None
        return float(value)

    # ---- where

    def _locations(self) -> list[Mapping[str, Any]]:
        links = _objects(self.document, "service_at_locations")
        return [each["location"] for each in links if isinstance(each.get("location"), Mapping)]

    def _places(self) -> tuple[PlaceFacts, ...]:
        found: dict[uuid.UUID, PlaceFacts] = {}
        for at, link in enumerate(_objects(self.document, "service_at_locations")):
            path = f"service_at_locations[{at}]."
            if "id" not in link:
                self.fault(f"{path}id", "is missing")
            location = link.get("location")
            if not isinstance(location, Mapping):
                self.fault(f"{path}location", "is missing")
                continue
            place = self.place(location, f"{path}location.")
            if place is not None:
                found.setdefault(place.uid, place)
        return tuple(found.values())

    def place(self, told: Mapping[str, Any], path: str) -> PlaceFacts | None:
        uid, kind = self.uid(told, path), told.get("location_type")
        if kind not in {"physical", "postal", "virtual"}:
            words = "is missing" if kind is None else "is none of: physical, postal, virtual"
            self.fault(f"{path}location_type", words)
        address, postcode = self._address(told, path)
        latitude, longitude = self._position(told, path)
        if kind != "physical":
            return None
        corner = told.get("anydoor")
        own = corner if isinstance(corner, Mapping) else {}
        given = own.get("kind")
        name = self.text(told, "name", path, 200) or address[:200] or postcode or "A place without a name"
        return PlaceFacts(
            uid=uid,
            slug=_slug(corner),
            name=name,
            kind=given if isinstance(given, str) and given in PLACE_KINDS else "venue",
            address=address,
            postcode=postcode,
            opens=" ".join(str(own.get("opens") or "").split())[:200],
            accessibility=self._accessibility(told),
            latitude=latitude,
            longitude=longitude,
        )

    def _address(self, told: Mapping[str, Any], path: str) -> tuple[str, str]:
        for at, each in enumerate(_objects(told, "addresses")):
            here = f"{path}addresses[{at}]."
            for key in (
                "id",
                "address_1",
                "city",
                "state_province",
                "postal_code",
                "country",
                "address_type",
            ):
                if key not in each:
                    self.fault(f"{here}{key}", "is missing")
        first = next(iter(_objects(told, "addresses")), {})
        parts = [self.text(first, key, path, 1000) for key in ("address_1", "address_2", "city")]
        name = " ".join(str(told.get("name") or "").split())
        words = [part for at, part in enumerate(parts) if part and part not in parts[:at]]
        if words[:1] == [name] and len(words) > 1:
            words = words[1:]  # where there was no street, the place's name stands for it
            words = [] if len(words) == 1 else words
        code = first.get("postal_code")
        try:
            postcode = identifiers.postcode(code) if isinstance(code, str) else ""
        except BadInput:
            self.note(f"{path}addresses.postal_code", f"{shown(code)} is no postcode")
            postcode = ""
        return ", ".join(words)[:300], postcode

    def _position(self, told: Mapping[str, Any], path: str) -> tuple[float | None, float | None]:
        latitude, longitude = told.get("latitude"), told.get("longitude")
        both = [each for each in (latitude, longitude) if isinstance(each, int | float)]
        if len(both) < 2 or not any(both):
            return None, None
        if not (-90 <= both[0] <= 90 and -180 <= both[1] <= 180):
            self.note(f"{path}latitude", "with its longitude is no place on earth")
            return None, None
        return float(both[0]), float(both[1])

    def _accessibility(self, told: Mapping[str, Any]) -> tuple[str, ...]:
        words = {each.casefold(): key for key, each in ACCESSIBILITY.items()}
        found: dict[str, None] = {}
        for each in _objects(told, "accessibility"):
            said = each.get("description") or each.get("accessibility")
            key = words.get(said.casefold()) if isinstance(said, str) else None
            if key is not None:
                found.setdefault(key)
        return tuple(found)

    def _areas(self) -> tuple[dict[str, str], dict[str, list[str]]]:
        """Districts that the service covers, by code, and the outward postcodes it is limited to."""
        found: dict[str, str] = {}
        limits: dict[str, list[str]] = {}
        for each in _objects(self.document, "service_areas"):
            uri = each.get("uri")
            code = uri.rsplit("/", 1)[-1] if isinstance(uri, str) and uri.startswith(STATISTICS) else ""
            if not _DISTRICT.fullmatch(code):
                continue
            name = each.get("name") or each.get("service_area")
            found[code] = " ".join(plain(name).split())[:100] if isinstance(name, str) else code
            if each.get("extent_type") == "postcode districts" and isinstance(each.get("extent"), str):
                limits[code] = sorted(_outwards(each["extent"]))
        return found, {code: each for code, each in limits.items() if each}

    # ---- times

    def _sessions(self, places: tuple[PlaceFacts, ...]) -> dict[str, Any]:
        by_link = {
            each.get("id"): str(each["location"].get("id"))
            for each in _objects(self.document, "service_at_locations")
            if isinstance(each.get("location"), Mapping)
        }
        told = [("schedules", at, "", each) for at, each in enumerate(_objects(self.document, "schedules"))]
        for at, link in enumerate(_objects(self.document, "service_at_locations")):
            place = by_link.get(link.get("id"), "")
            told += [
                (f"service_at_locations[{at}].schedules", n, place, each)
                for n, each in enumerate(_objects(link, "schedules"))
            ]
        known = {str(place.uid) for place in places}
        found, unsaid = [], []
        for path, at, place, schedule in told:
            where = place or by_link.get(schedule.get("service_at_location_id"), "")
            try:
                sessions = schedules.sessions_of(schedule, where if where in known else "")
            except BadInput as fault:
                self.fault(f"{path}[{at}].{fault.field}", fault.message)
                continue
            found += [each for each in sessions if each not in found]
            if not sessions and isinstance(schedule.get("description"), str):
                unsaid.append(" ".join(plain(schedule["description"]).split()))
        when = "; ".join(dict.fromkeys(words for words in unsaid if words))
        if len(found) > 60:
            self.note("schedules", "has more than 60 times; the first are shown")
        return {"sessions": in_order(found[:60])} | ({"when": when[:300]} if when else {})


# ---------------------------------------------------------------- small things


def _objects(holder: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = holder.get(key)
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def _slug(corner: Any) -> str:
    slug = corner.get("slug") if isinstance(corner, Mapping) else None
    fits = isinstance(slug, str) and len(slug) <= 80 and re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug)
    return str(slug) if fits else ""


def _texts(corner: Any, key: str) -> tuple[str, ...]:
    value = corner.get(key) if isinstance(corner, Mapping) else None
    return tuple(each[:20] for each in value if isinstance(each, str)) if isinstance(value, list) else ()


def _ods(told: Mapping[str, Any]) -> str:
    for each in _objects(told, "organization_identifiers"):
        code = each.get("identifier")
        if "ods" in str(each.get("identifier_scheme", "")) and isinstance(code, str) and len(code) <= 12:
            return code
    return ""


def _outwards(text: str) -> set[str]:
    found = set()
    for word in text.split(","):
        try:
            found.add(identifiers.outward(word))
        except BadInput:
            continue
    return found
