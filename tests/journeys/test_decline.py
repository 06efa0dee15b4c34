"""A service proposes another way. The coordinator looks again, and nobody is without a holder."""

from __future__ import annotations

import pytest
from tests.journeys.conftest import Clock
from tests.journeys.given import proposed
from tests.journeys.people import Worker, worker
from tests.journeys.visitor import Stage
from tests.world import World

from anydoor.care.models import Handover

pytestmark = pytest.mark.journey


def grace_declines(stage: Stage, world: World, row: Handover) -> Worker:
    grace = worker(stage, world.grace)
    grace.opens(f"/desk/handover/{row.pk}/")
    grace.declines("No place in time", "We are full until June.", "Stay and play")
    return grace


def test_a_decline_needs_a_reason_and_another_way_and_the_coordinator_takes_it(
    stage: Stage, world: World, clock: Clock
) -> None:
    # given a handover that Grace cannot take: without another way she is asked again
    row = proposed(world)
    clock.later(hours=3)
    grace = worker(stage, world.grace)
    grace.opens(f"/desk/handover/{row.pk}/")
    grace.follows("Propose another way")
    grace.chooses("No place in time")
    grace.writes(Say_it_in_a_sentence="We are full until June.")
    grace.presses("Propose it")
    grace.is_asked_again(Say_it_in_a_sentence="We are full until June.")
    grace.reads("Name another way that could help")

    # when she names one, the coordinator is asked to look again, and Sunita goes on holding
    grace.picks("What could help instead?", "Stay and play")
    grace.presses("Propose it")
    grace.is_told("The area’s coordinator looks again")
    clock.later(days=1)
    priya = worker(stage, world.priya)
    priya.opens("/desk/")
    priya.reads("second look")
    priya.follows("Look again")
    priya.reads("No place in time for this family", "We are full until June.", "Sunita Rao holds")
    priya.sees_holder(row.family_id, "Sunita Rao")

    # then taking the alternative asks the other service, and she still holds
    priya.opens(f"/desk/handover/{row.pk}/")
    priya.chooses("Take the alternative")
    priya.presses("Record second look")
    priya.is_told("Stay and play is asked instead. Sunita holds until they have met")
    assert priya.heading() == "Handover to Stay and play"
    priya.sees_holder(row.family_id, "Sunita Rao")
    sunita = worker(stage, world.sunita)
    sunita.opens(f"/desk/handover/{row.pk}/")
    sunita.reads("This handover is closed", "Stay and play")


def test_put_back_once_and_a_second_decline_goes_to_the_meeting(
    stage: Stage, world: World, clock: Clock
) -> None:
    # given a decline that the coordinator puts back, with a reason
    row = proposed(world)
    grace = grace_declines(stage, world, row)
    clock.later(days=1)
    priya = worker(stage, world.priya)
    priya.opens(f"/desk/handover/{row.pk}/")
    priya.chooses("Put it back")
    priya.unfolds("Another service, the reason")
    priya.writes(Because="She asked for you by name, and can wait.")
    priya.presses("Record second look")
    priya.is_told("NHS Talking Therapies is asked once more")
    priya.sees_holder(row.family_id, "Sunita Rao")

    # when Grace reads why and says no again
    grace.opens(f"/desk/handover/{row.pk}/")
    grace.reads("Asked once more, because", "She asked for you by name")
    grace.declines("No place in time", "We cannot, not before June.", "Stay and play")

    # then it stands on the agenda of the next meeting; it cannot be put back a second time
    priya.opens(f"/desk/handover/{row.pk}/")
    priya.reads("Decide together", "On the agenda of the interface meeting", "We cannot, not before June.")
    assert not priya.page.get_by_role("radio", name="Put it back").count()
    priya.sees_holder(row.family_id, "Sunita Rao")
