"""Somebody could not be reached three times: it comes back to its holder, and a person finds another way."""

from __future__ import annotations

import pytest
from tests.journeys.conftest import Clock
from tests.journeys.given import rosie_asked
from tests.journeys.people import worker
from tests.journeys.visitor import Stage
from tests.world import World

pytestmark = pytest.mark.journey


def test_after_three_tries_another_way_is_found_and_nothing_ends(
    stage: Stage, world: World, clock: Clock
) -> None:
    referral = rosie_asked(world)
    sunita = worker(stage, world.sunita)

    # given three tries, each recorded as a contact of its own
    for _ in range(3):
        clock.later(hours=1)
        sunita.opens(f"/desk/work/referral/{referral.pk}/contact/")
        sunita.reads("Leave no message")
        sunita.chooses("Tried, not reached", "Phone")
        sunita.presses("Save")
        sunita.is_told("The try is recorded")
    sunita.does_not_read("failed", "DNA", "did not attend", "refused")

    # when it comes back to her, she says what is done next
    sunita.opens("/desk/")
    sunita.follows("Find a way")
    sunita.presses("Record the next step")
    sunita.is_asked_again()
    sunita.chooses("Ask another person to try")
    sunita.field("How, or whom").fill("Ola from the hub knows her, and calls round on Friday.")
    sunita.presses("Record the next step")

    # then it is on the timeline, still open, and still held by her
    sunita.sees_holder(referral.family_id, "Sunita Rao")
    sunita.reads("Ola from the hub knows her")
    sunita.opens("/desk/inbox")
    sunita.reads("1 open request")
