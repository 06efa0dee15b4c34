"""Rosie changes her mind; a record is sealed; somebody opens one in an emergency and answers for it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect
from tests.journeys.conftest import Clock
from tests.journeys.given import proposed, rosie_asked
from tests.journeys.people import worker
from tests.journeys.visitor import Stage
from tests.world import World, person

from anydoor.access.roles import Role
from anydoor.care import holding
from anydoor.care.models import BreakGlass, FamilyCare

pytestmark = pytest.mark.journey
PASSWORD = "correct-horse-battery-9"


def test_she_changes_her_mind_and_sharing_stops_at_once(stage: Stage, world: World, clock: Clock) -> None:
    # given Talking Therapies asked, with her yes
    row = proposed(world)
    grace = worker(stage, world.grace)
    grace.opens(f"/desk/family/{row.family_id}/")
    grace.reads("asks you to take over")
    clock.later(hours=1)

    # when she says to Sunita that she would rather not
    sunita = worker(stage, world.sunita)
    sunita.opens(f"/desk/family/{row.family_id}/")
    sunita.reads("Rosie agreed to share with NHS Talking Therapies")
    sunita.opens(f"/desk/family/{row.family_id}/sharing/")
    sunita.follows("Changed their mind")
    sunita.writes(In_their_words="I would rather not.")
    sunita.presses("Stop sharing now")

    # then the handover is taken back, and to Grace the family is not there any more
    sunita.is_told("Nothing more is shared with NHS Talking Therapies")
    sunita.reads("Not with NHS Talking Therapies")
    grace.opens(f"/desk/family/{row.family_id}/")
    assert grace.heading() == "We cannot find that page"
    grace.opens(f"/desk/handover/{row.pk}/")
    assert grace.heading() == "We cannot find that page"
    row.refresh_from_db()
    assert row.stage == "withdrawn"


def test_a_sealed_record_is_there_for_those_named_alone(stage: Stage, world: World, clock: Clock) -> None:
    # given a request that the whole front door sees
    referral = rosie_asked(world)
    lead = worker(stage, world.lead)
    lead.opens("/desk/inbox")
    lead.reads("Rosie Thackeray")

    # when Sunita, who holds it, seals it and names Priya
    sunita = worker(stage, world.sunita)
    sunita.opens(f"/desk/family/{referral.family_id}/seal/")
    sunita.chooses("Somebody could be hurt if this were found")
    sunita.writes(In_a_sentence="He knows people here.")
    sunita.chooses("Priya Sandhu")
    sunita.presses("Seal it")
    sunita.is_told("This record is sealed")

    # then to her lead it is not there, and Priya and she go on
    lead.opens("/desk/inbox")
    expect(lead.page.locator("main")).not_to_contain_text("Rosie")
    lead.opens(f"/desk/family/{referral.family_id}/")
    assert lead.heading() == "We cannot find that page"
    priya = worker(stage, world.priya)
    priya.sees_holder(referral.family_id, "Sunita Rao")
    sunita.sees_holder(referral.family_id, "Sunita Rao")


def test_an_emergency_opens_a_record_for_an_hour_and_somebody_asks_why(
    stage: Stage, world: World, clock: Clock
) -> None:
    # given a family that nothing ties Marcus to
    referral = rosie_asked(world)
    world.marcus.set_password(PASSWORD)
    world.marcus.save()
    ivy = person("Ivy Gale", world.front_door, Role.IG_LEAD)
    marcus = worker(stage, world.marcus)
    marcus.opens(f"/desk/family/{referral.family_id}/")
    assert marcus.heading() == "We cannot find that page"

    # when he says why, and proves once more who he is
    marcus.opens("/desk/emergency/")
    marcus.writes(Or_the_reference_of_a_request=referral.reference)
    marcus.chooses("A child may be hurt")
    marcus.writes(Why_do_you_have_to_open_it_now="The school rang. She is not reached, he is alone.")
    marcus.writes(Your_password="not the right one")
    marcus.presses("Open it now")
    marcus.reads("Nothing was opened")
    marcus.writes(Your_password=PASSWORD)
    marcus.presses("Open it now")

    # then it is open, the banner stays, and a colleague has to say whether it was right
    marcus.reads("You opened a record in an emergency", "Rosie Thackeray")
    marcus.opens("/desk/")
    marcus.reads("You opened a record in an emergency")
    clock.later(hours=1)
    marcus.opens(f"/desk/family/{referral.family_id}/")
    assert marcus.heading() == "We cannot find that page"
    reviewer = worker(stage, ivy)
    reviewer.opens("/desk/emergency/reviews/")
    reviewer.follows("Marcus Bell")
    reviewer.reads("The school rang", "Opened the record in an emergency")
    reviewer.chooses("It was right")
    reviewer.writes(What_did_you_look_at="The times and what was opened. He told Sunita himself.")
    reviewer.presses("Close the review")
    reviewer.is_told("The review is closed")
    row = BreakGlass.objects.get()
    assert (row.outcome, row.reviewed_by) == ("right", ivy)
    assert FamilyCare.objects.get().lead == world.sunita
    assert holding.holders_of(referral.family_id) == [world.sunita]
