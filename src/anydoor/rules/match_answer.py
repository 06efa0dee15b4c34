"""What `anydoor match` answers, as plain JSON values: the emergency first, every offer, a person to ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anydoor.rules.matching import Emergency, HumanRoute, Offer, ProposedLevel, ServiceFacts


def answer(
    *,
    emergency: Emergency | None,
    offers: Sequence[Offer],
    facts: Mapping[str, ServiceFacts],
    human_route: HumanRoute,
    level: ProposedLevel,
    ordered_by: str,
    notes: Sequence[str] = (),
) -> dict[str, Any]:
    """The whole answer. `facts` are those of the services of `offers`, by slug.

    `emergency` is null, or `text` and `routes` (each `text` and `phone`, in the order to try them).
    Of an offer `near_miss` is null where more than one thing would have to differ or nothing can;
    `wait_days` and `distance_km` are null where they are not known. `strand` is pmh, pir, or empty for
    wider needs.
    """
    return {
        "emergency": None if emergency is None else _emergency(emergency),
        "offers": [_offer(offer, facts[offer.service_slug]) for offer in offers],
        "human_route": {
            "text": human_route.words,
            "name": human_route.name,
            "phone": human_route.phone,
            "text_number": human_route.text_number,
            "hours": human_route.hours,
        },
        "proposed_level": {"level": level.level, "why": level.why},
        "ordered_by": ordered_by,
        "notes": list(notes),
    }


def _emergency(told: Emergency) -> dict[str, Any]:
    return {
        "text": told.text,
        "routes": [{"text": route.words, "phone": route.phone} for route in told.routes],
    }


def _offer(offer: Offer, facts: ServiceFacts) -> dict[str, Any]:
    return {
        "service_id": offer.service_slug,
        "service": facts.name,
        "organisation": facts.organisation,
        "strand": facts.strand,
        "level": facts.level,
        "verdict": offer.verdict,
        "for": list(offer.reasons_for),
        "against": list(offer.reasons_against),
        "near_miss": offer.near_miss or None,
        "wait_days": facts.wait_days,
        "distance_km": facts.distance_km,
    }
