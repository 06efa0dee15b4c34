"""Every page that an address shows, on the smallest phone: nothing breaks a rule, nothing is too wide."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse
from tests.journeys.visitor import LOOKED_AT, NARROW, Stage, Visitor
from tests.web.test_hostile import TABLE, Scene, everywhere
from tests.world import World

pytestmark = pytest.mark.journey
ROOMS = ("public:", "desk:", "account", "mfa", "usersessions")

SPOILT = """() => {
  const box = document.querySelector("main").appendChild(document.createElement("input"));
  box.style.width = "900px";
  console.error("something broke");
}"""

__all__ = ["everywhere"]  # the fixture


def sits_down(visitor: Visitor, scene: Scene, name: str) -> None:
    """Give the browser what the scene's own holds: asked, signed in, a draft in hand."""
    scene.sits_down(name)
    held: Any = scene.client.cookies
    visitor.page.context.clear_cookies()
    visitor.page.context.add_cookies(
        [{"name": key, "value": one.value, "url": visitor.stage.address} for key, one in held.items()]
    )


@pytest.mark.parametrize("room", ROOMS)
def test_every_page_at_320(stage: Stage, world: World, everywhere: object, room: str) -> None:
    scene, visitor, met = Scene(world, everywhere), stage.visitor(NARROW), 0
    for name, taken in TABLE:
        if not name.startswith(room) or name in {"account_logout", "public:exit"}:
            continue
        address = reverse(name, kwargs=scene.values(name, taken))
        sits_down(visitor, scene, name)
        shown = scene.client.get(address)
        if shown.status_code != 200 or "html" not in shown["Content-Type"]:
            continue
        met += 1
        if any(one[0].split()[0] == name and one[2] == NARROW for one in LOOKED_AT):
            continue
        visitor.opens(address)
        assert visitor.status == 200, address
        assert visitor.page.locator("h1").count() == 1, address
    assert met


def test_the_machine_sees_what_is_wrong(stage: Stage) -> None:
    visitor = stage.visitor(NARROW)
    visitor.opens("/bank-holidays")
    visitor.page.evaluate(SPOILT)
    assert any(fault.startswith("label:") for fault in visitor.axe())
    visitor.arrived()
    assert any("wider than 320" in fault for fault in stage.faults)
    assert any("something broke" in fault for fault in stage.faults)
    stage.faults.clear()
