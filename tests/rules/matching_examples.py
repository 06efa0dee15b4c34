"""One family and two services that the matching tests change a little at a time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from anydoor.rules.matching import Concern, Moment, Offer, Profile, ServiceFacts, match
from anydoor.rules.profile import ROLES
from anydoor.rules.stage import StageKind

TODAY = date(2026, 3, 10)
NORWICH, LOWESTOFT = "E07000148", "E07000244"

LOW = Profile(
    as_of=TODAY,
    moment=Moment(StageKind.BORN, days=120),
    role="mother",
    age=30,
    concerns=(Concern("pmh", "moderate"),),
    district_code=NORWICH,
    outward="NR1",
)
TALKING = ServiceFacts(
    slug="talking",
    name="Talking Therapies",
    strand="pmh",
    level="targeted",
    needs=frozenset({"mood", "anxiety"}),
    main_need="mood",
    pregnancy=(0, 42),
    child_days=(0, 730),
    audience=frozenset({"mother", "father", "co_parent"}),
    routes_in=frozenset({"self", "professional"}),
    modes=frozenset({"in_person", "phone"}),
    wait_days=16,
    footprint={NORWICH: "Norwich"},
)
HUB = ServiceFacts(
    slug="hub",
    name="Family hub",
    needs=frozenset({"early_help", "isolation"}),
    main_need="early_help",
    trying_to_conceive=True,
    pregnancy=(0, 42),
    child_days=(0, 1826),
    after_loss=True,
    audience=frozenset({*ROLES, "family"}),
    routes_in=frozenset({"self", "drop_in"}),
    modes=frozenset({"in_person"}),
    wait_days=0,
    footprint={NORWICH: "Norwich"},
)


def judged(profile: Profile, service: ServiceFacts) -> Offer:
    """The verdict on one service, beside a universal one, so that it is not kept for want of another."""
    found = named(profile, service)
    assert found is not None
    return found


def named(profile: Profile, service: ServiceFacts) -> Offer | None:
    """The same, or None where the family is not shown the service at all."""
    beside = replace(HUB, slug="beside", child_days=(0, 7001))
    offers = match(profile, [service, beside])
    return next((each for each in offers if each.service_slug == service.slug), None)


def verdict(profile: Profile, service: ServiceFacts) -> str:
    """The verdict; "not" where the service is not even named."""
    offer = named(profile, service)
    return offer.verdict if offer is not None else "not"
