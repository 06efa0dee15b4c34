"""A service of the older standard (Open Referral UK 1.0) as a document of version 3. Plain data in and out.

There ids may be any text, and nested objects may have none: such get ids made from the feed's name and what
they stand in, so the same feed gives the same ids each time. What is named alike in both is left as it is.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

from anydoor.directory.models.places import NAMES_OF_ENTRIES
from anydoor.directory.open_referral.carrying import Document, digest, pruned
from anydoor.directory.open_referral.faults import is_uuid

# Names that only version 1 has.
SIGNS = frozenset(
    {
        *("service_taxonomys", "eligibilitys", "regular_schedules", "holiday_schedules", "fundings"),
        *("deliverable_type", "attending_access", "reviews"),
    }
)
RENAMED = frozenset(
    {*SIGNS, "attending_type", "organization", "service_at_locations", "languages", "contacts"}
)
STATUSES = {
    "active": "active",
    "inactive": "inactive",
    "defunct": "defunct",
    "temporarily closed": "temporarily closed",
}
FREQUENCIES = {"week": "WEEKLY", "weekly": "WEEKLY", "month": "MONTHLY", "monthly": "MONTHLY"}


def is_version_one(document: Mapping[str, Any]) -> bool:
    """By names that version 3 does not know, in the service or its places."""
    if SIGNS & document.keys():
        return True
    links = document.get("service_at_locations")
    for link in links if isinstance(links, list) else []:
        location = link.get("location") if isinstance(link, Mapping) else None
        if isinstance(location, Mapping) and "physical_addresses" in location:
            return True
    return False


def lasting_id(feed: str, kind: str, value: Any) -> Any:
    """Theirs where it is a UUID, else one made from feed, kind and theirs. What is no id stays wrong."""
    if is_uuid(value):
        return value.lower()
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not value.strip():
        return value
    return str(uuid.uuid5(NAMES_OF_ENTRIES, f"{feed}\n{kind}\n{value.strip()}"))


def as_version_three(document: Mapping[str, Any], feed: str) -> Document:
    """The service as version 3 says it. Wrong types are left for the reader to find."""
    told = pruned(document)
    service = lasting_id(feed, "service", told.get("id"))
    within = _Within(feed, service)
    made: Document = {key: value for key, value in told.items() if key not in RENAMED} | {"id": service}
    made["status"] = _status(told.get("status"))
    if "organization" in told:
        made["organization"] = _organization(told["organization"], within)
    made |= _ages(told.get("eligibilitys"))
    made["languages"] = within.each(told.get("languages"), "language", _language)
    made["contacts"] = within.each(told.get("contacts"), "contact", _contact)
    made["schedules"] = within.each(
        told.get("regular_schedules"), "schedule", _schedule(told.get("attending_type"))
    )
    made["funding"] = within.each(told.get("fundings"), "funding")
    made["attributes"] = within.each(told.get("service_taxonomys"), "attribute", _attribute(within))
    made["service_at_locations"] = within.each(
        told.get("service_at_locations"), "service_at_location", _link(within, told.get("attending_type"))
    )
    for key in ("service_areas", "cost_options"):
        made[key] = within.each(told.get(key), key[:-1])
    found: Document = pruned(made)
    return found


class _Within:
    """Ids of what stands in one service."""

    def __init__(self, feed: str, service: Any) -> None:
        self.feed, self.service = feed, service

    def id_of(self, kind: str, told: Mapping[str, Any]) -> Any:
        if "id" in told:
            return lasting_id(self.feed, kind, told["id"])
        return lasting_id(self.feed, kind, f"{self.service} {digest(told)}")

    def each(self, told: Any, kind: str, change: Any = None) -> Any:
        """A list of objects, each with its id; anything else as it is, for the reader to refuse."""
        if not isinstance(told, list):
            return told
        made = []
        for one in told:
            if not isinstance(one, Mapping):
                made.append(one)
                continue
            whole = dict(one) | {"id": self.id_of(kind, one)}
            if "service_id" in whole:
                whole["service_id"] = self.service
            made.append(change(whole) if change is not None else whole)
        return made


def _status(value: Any) -> Any:
    if value is None:
        return "active"  # version 1 did not ask for it
    return STATUSES.get(value.strip().lower(), value) if isinstance(value, str) else value


def _organization(told: Any, within: _Within) -> Any:
    if not isinstance(told, Mapping):
        return told
    made = {key: value for key, value in told.items() if key != "url"}
    made["id"] = within.id_of("organization", told)
    if "url" in told:
        made["website"] = told["url"]
    if not told.get("description"):
        made["description"] = told.get("name")
    return made


def _ages(told: Any) -> Document:
    """The youngest and the oldest of all that may come, and the words."""
    rows = [each for each in told if isinstance(each, Mapping)] if isinstance(told, list) else []
    lows, highs = (_numbers(rows, key) for key in ("minimum_age", "maximum_age"))
    words = [each["eligibility"] for each in rows if isinstance(each.get("eligibility"), str)]
    made: Document = {}
    if lows:
        made["minimum_age"] = min(lows)
    if highs:
        made["maximum_age"] = max(highs)
    return made | ({"eligibility_description": "; ".join(words)} if words else {})


def _numbers(rows: Iterable[Mapping[str, Any]], key: str) -> list[float]:
    found = []
    for each in rows:
        value = each.get(key)
        if isinstance(value, str) and value.strip().isdigit() and len(value) < 6:
            value = int(value)
        if isinstance(value, int | float) and not isinstance(value, bool):
            found.append(int(value) if float(value).is_integer() else value)
    return found


def _language(told: Document) -> Document:
    return {key: value for key, value in told.items() if key != "language"} | {"name": told.get("language")}


def _contact(told: Document) -> Document:
    phones = told.get("phones")
    if not isinstance(phones, list):
        return told
    made = []
    for at, phone in enumerate(phones):
        if not isinstance(phone, Mapping):
            made.append(phone)
            continue
        uid = phone.get("id", f"{told['id']} {at}")
        made.append(dict(phone) | {"id": lasting_id("phone", str(told["id"]), uid)})
    return told | {"phones": made}


def _schedule(attending: Any) -> Any:
    def change(told: Document) -> Document:
        made = {key: value for key, value in told.items() if key != "weekday"}
        freq = told.get("freq")
        if isinstance(freq, str):
            made["freq"] = FREQUENCIES.get(freq.strip().lower(), freq)
        if "byday" not in made and isinstance(told.get("weekday"), str):
            made["byday"] = told["weekday"][:2].upper()
        if "attending_type" not in made and isinstance(attending, str):
            made["attending_type"] = attending
        return made

    return change


def _attribute(within: _Within) -> Any:
    def change(told: Document) -> Document:
        term = told.get("taxonomy")
        if not isinstance(term, Mapping):
            return told
        made = {key: value for key, value in told.items() if key != "taxonomy"}
        name = term.get("name")
        words = {
            "id": within.id_of("taxonomy_term", term),
            "code": term.get("id"),
            "name": name,
            "description": term.get("description") or name,
            "taxonomy": term.get("vocabulary"),
        }
        if term.get("parent_id"):
            words["parent_id"] = lasting_id(within.feed, "taxonomy_term", term["parent_id"])
        return made | {"link_type": "taxonomy", "link_entity": "service", "taxonomy_term": pruned(words)}

    return change


def _link(within: _Within, attending: Any) -> Any:
    def change(told: Document) -> Document:
        made = {
            key: value
            for key, value in told.items()
            if key not in {"regular_schedule", "regular_schedules", "location", "holidayScheduleCollection"}
        }
        location = told.get("location")
        if isinstance(location, Mapping):
            made["location"] = _location(location, within)
            made["location_id"] = made["location"]["id"]
        rows = told.get("regular_schedule") or told.get("regular_schedules")
        if rows:
            made["schedules"] = within.each(rows, "schedule", _schedule(attending))
        return made

    return change


def _location(told: Mapping[str, Any], within: _Within) -> Document:
    made = {
        key: value
        for key, value in told.items()
        if key not in {"physical_addresses", "accessibility_for_disabilities"}
    }
    made["id"] = within.id_of("location", told)
    made["location_type"] = "physical"
    own = _Within(within.feed, made["id"])
    made["addresses"] = own.each(told.get("physical_addresses"), "address", _address)
    made["accessibility"] = own.each(
        told.get("accessibility_for_disabilities"), "accessibility", _accessibility
    )
    found: Document = pruned(made)
    return found


def _address(told: Document) -> Document:
    """Version 3 wants street, town, county and postcode; version 1 often has only some of them."""
    town = told.get("city") or told.get("state_province") or "not known"
    return (
        {"city": town, "state_province": town, "country": "GB", "address_type": "physical"}
        | {
            "address_1": told.get("address_1") or town,
            "postal_code": told.get("postal_code") or "not known",
        }
        | {key: value for key, value in told.items() if key not in {"address_1", "postal_code"}}
    )


def _accessibility(told: Document) -> Document:
    return told | {"description": told.get("description") or told.get("accessibility")}
