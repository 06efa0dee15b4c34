"""A feed of another council, as others write them: version 3 and version 1, with what is really in them."""

from __future__ import annotations

import uuid
from typing import Any

Document = dict[str, Any]


def uid(name: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"https://other-council.example/{name}"))


def service(name: str = "Little Otters", /, **more: Any) -> Document:
    """A service of version 3 with nearly everything the standard has."""
    return {
        "id": uid(name),
        "organization_id": uid("Otter Trust"),
        "name": name,
        "description": "<p>A <b>warm</b> welcome for new parents &amp; babies.</p>"
        "<ul><li>Tea</li><li>Songs</li></ul>",
        "url": "https://otters.example/little",
        "email": "hello@otters.example",
        "status": "active",
        "fees": "Free",
        "accreditations": "Otter mark",
        "minimum_age": 0,
        "maximum_age": 4,
        "assured_date": "2026-01-20",
        "assurer_email": "checks@other-council.example",
        "alert": "New room from April.",
        "last_modified": "2026-02-01T09:30:00.123Z",
        "schedules": [
            {
                "id": uid(f"{name} schedule"),
                "freq": "WEEKLY",
                "interval": 1,
                "byday": "TH,MO",
                "opens_at": "10:00",
                "closes_at": "11:30:00",
                "valid_from": "2026-01-05",
                "description": "Mondays and Thursdays in term time",
                "schedule_link": "https://otters.example/times",
            },
            {
                "id": uid(f"{name} monthly"),
                "freq": "MONTHLY",
                "bymonthday": "1",
                "opens_at": "18:00:00",
                "closes_at": "19:00:00",
                "description": "First of the month, for dads",
            },
        ],
        "service_areas": [{"id": uid(f"{name} area"), "name": "Otterbourne", "service_area": "Otterbourne"}],
        "service_at_locations": [
            {
                "id": uid(f"{name} link"),
                "service_id": uid(name),
                "location_id": uid("Otter Hall"),
                "description": "Upstairs",
                "location": location(),
            }
        ],
        "languages": [{"id": uid(f"{name} language"), "name": "Polish", "code": "pl", "note": "Thursdays"}],
        "organization": organization(),
        "funding": [{"id": uid(f"{name} funding"), "source": "The lottery"}],
        "cost_options": [{"id": uid(f"{name} cost"), "option": "Everybody", "amount": 0}],
        "contacts": [
            {
                "id": uid(f"{name} contact"),
                "name": "Ann Persona",
                "title": "Organiser",
                "phones": [{"id": uid(f"{name} phone"), "number": "01632 960123"}],
            }
        ],
        "attributes": [
            {
                "id": uid(f"{name} attribute"),
                "link_type": "category",
                "taxonomy_term": {
                    "id": uid("term play"),
                    "name": "Play",
                    "description": "Playing together",
                    "taxonomy_id": uid("taxonomy"),
                    "taxonomy": "Otter list",
                    "parent_id": uid("term fun"),
                },
            }
        ],
        "metadata": [{"resource_id": "not-a-uuid", "last_action_type": "update"}],
        **more,
    }


def location(name: str = "Otter Hall", /, **more: Any) -> Document:
    return {
        "id": uid(name),
        "location_type": "physical",
        "name": name,
        "description": "By the river",
        "latitude": 52.63,
        "longitude": 1.29,
        "external_identifier": "10092008082",
        "external_identifier_type": "UPRN",
        "addresses": [
            {
                "id": uid(f"{name} address"),
                "attention": "Front desk",
                "address_1": "1 River Walk",
                "city": "Otterbourne",
                "region": "East",
                "state_province": "Ottershire",
                "postal_code": "NR1 3DD",
                "country": "GB",
                "address_type": "physical",
            }
        ],
        "accessibility": [
            {"id": uid(f"{name} ramp"), "description": "Step-free access", "accessibility": "Ramp"}
        ],
        **more,
    }


def organization(name: str = "Otter Trust", /, **more: Any) -> Document:
    return {
        "id": uid(name),
        "name": name,
        "description": "A charity for families by the river.",
        "website": "https://otters.example",
        "organization_identifiers": [
            {"id": uid(f"{name} number"), "identifier_type": "Charity number", "identifier": "1234567"}
        ],
        **more,
    }


def page(contents: list[Any], **more: Any) -> Document:
    return {
        "total_items": len(contents),
        "total_pages": 1,
        "page_number": 1,
        "size": len(contents),
        "first_page": True,
        "last_page": True,
        "empty": not contents,
        "contents": contents,
        **more,
    }


def version_one(number: int = 7, /, **more: Any) -> Document:
    """A service of version 1, with the ids and the gaps that suppliers' feeds have."""
    return {
        "id": str(number),
        "name": f"Toddler time {number}",
        "description": "Songs and snacks.",
        "url": "https://library.example",
        "email": None,
        "status": "active",
        "fees": "£2 a family",
        "deliverable_type": "",
        "attending_type": "venue",
        "assured_date": None,
        "organization": {
            "id": "org-1",
            "name": "Otterbourne Library",
            "description": "",
            "url": "https://library.example",
        },
        "contacts": [{"id": "c1", "name": "Front desk", "phones": [{"number": "01632 960777"}]}],
        "eligibilitys": [{"id": "e1", "eligibility": "Toddlers", "minimum_age": 1, "maximum_age": "3"}],
        "cost_options": [{"id": "co1", "amount": 2, "amount_description": "per family"}],
        "languages": [{"id": "l1", "language": "English"}],
        "regular_schedules": [
            {
                "id": "s1",
                "weekday": "Thursday",
                "opens_at": "09:30",
                "closes_at": "10:30",
                "dtstart": "2026-03-05T00:00:00.000Z",
                "freq": "week",
                "interval": "1",
                "byday": "TH",
            }
        ],
        "service_areas": [{"id": "a1", "service_area": "Otterbourne", "extent": "", "uri": ""}],
        "service_at_locations": [
            {
                "id": "sal-1",
                "location": {
                    "id": "loc-1",
                    "name": "The library",
                    "latitude": 52.6,
                    "longitude": 1.3,
                    "accessibility_for_disabilities": [{"accessibility": "Ramp"}],
                    "physical_addresses": [
                        {"address_1": "2 Book Lane", "city": "Otterbourne", "postal_code": "NR1 3DD"}
                    ],
                },
            }
        ],
        "service_taxonomys": [
            {
                "id": "t1",
                "taxonomy": {"id": "bcc:38", "name": "Play", "vocabulary": "BCC", "parent_id": "bcc:1"},
            }
        ],
        **more,
    }
