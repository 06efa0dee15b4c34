"""A professional refers without an account, stops half way, and carries on with a code."""

from __future__ import annotations

import pytest
from tests.journeys.people import parent, worker
from tests.journeys.visitor import Stage
from tests.world import World

from anydoor.care.models import Draft, Referral, Story

pytestmark = pytest.mark.journey
STORY = "Kasia told me she cannot sleep even when the baby sleeps. She asked me to write to you."


def test_a_midwife_refers_in_two_sittings_and_sees_who_holds(stage: Stage, world: World) -> None:
    # given a midwife who begins and has to stop
    midwife = parent(stage, 1280)
    midwife.opens("/refer/?area=norfolk")
    midwife.presses("Start a referral")
    assert midwife.heading() == "Your referral"
    midwife.reads("About you", "To do", "Not yet")
    midwife.follows("About you")
    midwife.writes(
        Your_name="Ann O’Hare", Where_you_work="Midwife, Small Hospital", Your_email="ann@hospital.example"
    )
    midwife.presses("Save and go on")
    midwife.follows("About the person")
    midwife.writes(Their_whole_name="Kasia Żółkowska", Their_NHS_number="999 000 0000")
    midwife.presses("Save and go on")
    midwife.is_asked_again(Their_whole_name="Kasia Żółkowska", Their_NHS_number="999 000 0000")
    midwife.follows("Your referral")
    midwife.reads("Something to put right")
    code = midwife.page.locator(".ad-card--tight b").inner_text()
    assert Referral.objects.count() == 0

    # when she carries on with the code, on another computer
    later = parent(stage, 390)
    later.opens("/refer/?area=norfolk")
    later.writes(Your_code=code.lower())
    later.presses("Carry on")
    later.reads("Something to put right")
    later.follows("About the person")
    assert later.field("Their whole name").input_value() == "Kasia Żółkowska"
    later.writes(Their_NHS_number="")
    later.chooses("A mother")
    later.presses("Save and go on")
    later.follows("How to reach them")
    later.writes(Their_phone_number="07700 900321", Where_they_live="Norwich")
    later.chooses("Yes, for what is ticked", "Call")
    later.presses("Save and go on")
    later.follows("What is going on")
    later.writes(What_is_going_on=STORY)
    later.presses("Save and go on")
    later.follows("What they agreed to")
    later.chooses("Yes")
    later.writes(What_did_they_say_yes_to="“Please write to them for me.”")
    later.presses("Save and go on")
    later.reads("Ready")
    later.follows("Check and send")
    later.reads("Kasia Żółkowska", STORY, "Please write to them for me")
    later.presses("Send to a person")

    # then she sees reference and holder, and the first computer says that it is sent
    referral = Referral.objects.get()
    assert later.heading() == "We have your referral"
    later.reads("Sunita Rao", "To copy into your own record", "For KŻ.")
    assert referral.reference.replace(" ", "") in later.text.replace(" ", "")
    assert Story.objects.get().words == STORY
    midwife.opens("/refer/")
    assert midwife.heading() == "We have your referral"
    assert Referral.objects.count() == 1

    # and the one at the front door reads who asked, and that she knows
    sunita = worker(stage, world.sunita)
    sunita.opens_from_inbox("Kasia Żółkowska")
    sunita.reads(STORY, "Ann O’Hare")


def test_a_wrong_code_says_so_and_opens_nothing(stage: Stage, world: World) -> None:
    somebody = parent(stage)
    somebody.opens("/refer/")
    somebody.writes(Your_code="AAAA-AAAA-AAAA")
    somebody.presses("Carry on")
    somebody.is_asked_again(Your_code="AAAA-AAAA-AAAA")
    somebody.reads("No draft has this code")
    assert Draft.objects.count() == 0
