"""Helen looks into who looked: she says so, meets a shut record, and goes back to helping families."""

from __future__ import annotations

import pytest
from tests.journeys.given import rosie_asked
from tests.journeys.people import worker
from tests.journeys.visitor import Stage
from tests.world import World

from anydoor.access.models import AuditEntry

pytestmark = pytest.mark.journey


def test_a_lead_says_what_she_works_for_and_families_are_shut_meanwhile(stage: Stage, world: World) -> None:
    # given Rosie's request, which Helen's team sees and Marcus, of another, tried to open
    referral = rosie_asked(world)
    family = f"/desk/family/{referral.family_id}/"
    marcus = worker(stage, world.marcus)
    marcus.opens(family)
    assert marcus.heading() == "We cannot find that page"

    # when Helen says that she looks into looks now
    helen = worker(stage, world.lead)
    helen.opens("/desk/")
    helen.does_not_read("You work for")
    helen.opens("/desk/working-for/")
    helen.chooses("To see that looks were right")
    helen.presses("Keep this")
    helen.reads("You work for: To see that looks were right", "Records of families are shut")

    # then Rosie's record is shut, and the page says how to open it; who looked stands open
    helen.opens(family)
    assert helen.heading() == "Not while you work on this"
    helen.does_not_read("Rosie")
    helen.opens(f"{family}looks/")
    helen.reads("Not let in", "Tried to look at the family's page", "Marcus Bell")

    # when she helps the family again, from the page that was shut
    helen.opens(family)
    helen.follows("Say what I work for now")
    helen.chooses("To help the family")
    helen.presses("Keep this")

    # then she is on Rosie's page, and each row says what it was for
    assert helen.here == family
    helen.reads("Rosie Thackeray")
    helen.does_not_read("You work for")
    rows = AuditEntry.objects.filter(user=world.lead, family_id=referral.family_id).order_by("pk")
    assert [(row.action, row.allowed, row.purpose) for row in rows] == [
        ("see_family", False, "audit"),
        ("see_looks", True, "audit"),
        ("see_family", True, "direct_care"),
    ]
