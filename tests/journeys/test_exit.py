"""Leaving at once: the button, or Shift three times; Back shows nothing of what was there."""

from __future__ import annotations

import pytest
from tests.journeys.people import STORY, Parent, parent
from tests.journeys.visitor import Stage
from tests.world import World

pytestmark = pytest.mark.journey
PRESS = """() => {
  document.querySelector("[data-ad-exit]").click();
  return [document.body.innerText.trim(), document.title];
}"""


def nothing_is_left(mother: Parent) -> None:
    mother.page.wait_for_url("**/bank-holidays")
    mother.does_not_read("Norfolk", "help", "message", "Sunita")
    for _ in range(2):
        mother.goes_back()
        page = mother.page.content()
        assert "We have your message" not in page
        assert "Sunita" not in page
        for box in mother.page.get_by_role("textbox").all():
            assert box.input_value() == ""


def test_the_button_leaves_at_once_and_back_does_not_return(stage: Stage, world: World) -> None:
    mother = parent(stage, 390)
    mother.asks()
    received = mother.page.url
    left = mother.page.evaluate(PRESS)  # in the same moment, before any network has answered
    assert left == ["", ""]
    nothing_is_left(mother)
    mother.opens(received)
    assert mother.status == 403
    mother.does_not_read("Sunita", STORY)


@pytest.mark.parametrize("where", ["ask", "received", "words"])
def test_shift_three_times_leaves_from_every_page(stage: Stage, world: World, where: str) -> None:
    mother = parent(stage, 1280)
    if where == "ask":
        mother.opens("/norfolk/")
        mother.writes(What_is_going_on=STORY)
    else:
        mother.asks()
    if where == "words":
        mother.follows("See or change what you wrote")
        mother.reads(STORY)
        mother.writes(Would_you_like_to_add="It is worse at night.")
        mother.presses("Add this")
        mother.reads("It is worse at night.")
    for _ in range(3):
        mother.page.keyboard.press("Shift")
    nothing_is_left(mother)


def test_without_script_the_way_out_is_a_plain_link(stage: Stage, world: World) -> None:
    mother = parent(stage, script=False)
    mother.asks()
    mother.presses_exit()
    mother.page.wait_for_url("**/bank-holidays")
    mother.goes_back()
    mother.does_not_read("Sunita", STORY)
    mother.reads("This page is closed")
