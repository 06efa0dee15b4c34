"""Words of danger: help at once, the request accepted all the same, and somebody asked to look now."""

from __future__ import annotations

import pytest
from tests.journeys.conftest import Clock
from tests.journeys.people import parent, worker
from tests.journeys.visitor import Stage
from tests.world import World

from anydoor.care.models import Wait

pytestmark = pytest.mark.journey
DARK = "Some nights I think they would be better off without me. I just want it to stop."


def test_words_of_danger_bring_help_up_and_stand_on_top_until_somebody_acted(
    stage: Stage, world: World, clock: Clock
) -> None:
    # given three requests, the last of them with words of danger
    for story, contact in (("I feel alone.", "07700 900400"), ("We have no cot.", "07700 900401")):
        world.refer(story=story, contact=contact)
    father = parent(stage)
    father.asks(DARK)

    # then help stands above everything, and the request is accepted
    father.is_told_who_holds("Sunita Rao")
    assert father.page.locator("#help-now").count() == 1
    help_now = father.page.locator("#help-now").bounding_box()
    holder = father.page.locator(".ad-holder-card").bounding_box()
    assert help_now
    assert holder
    assert help_now["y"] < holder["y"]
    father.reads("999", "116 123")
    father.does_not_read("risk assessment", "suicid")

    # and it stands on top of the inbox, and of what waits on the worker
    clock.later(minutes=5)
    sunita = worker(stage, world.sunita)
    sunita.opens("/desk/inbox")
    top = sunita.page.locator(".ad-inbox__row").first
    assert "better off without me" in top.inner_text()
    assert "Words of danger" in top.inner_text()
    sunita.opens("/desk/")
    assert sunita.page.locator(".ad-work__row").first.get_attribute("class") == (
        "ad-work__row ad-work__row--danger"
    )

    # when she says what she did, and only then, the clock ends
    sunita.follows("Acknowledge")
    sunita.reads("before anything else", "07700 900 142", "they would be better off without me")
    sunita.presses("Record what you did")
    sunita.is_asked_again()
    assert Wait.objects.open().filter(kind="danger").exists()
    sunita.writes(What_did_you_do="I rang him. He is with his sister tonight, and his GP knows.")
    sunita.presses("Record what you did")
    sunita.is_told("The clock has ended")
    assert not Wait.objects.open().filter(kind="danger").exists()
    family = Wait.objects.get(kind="danger").family_id
    sunita.sees_holder(family, "Sunita Rao")
    sunita.reads("He is with his sister tonight")
    sunita.opens("/desk/")
    assert sunita.page.locator(".ad-work__row--danger").count() == 0
