"""With the keyboard alone: each stop can be seen, comes in the order of the page, and everything is done."""

from __future__ import annotations

import re

import pytest
from tests.journeys.given import rosie_asked
from tests.journeys.people import STORY, WHY, Parent, parent, worker
from tests.journeys.visitor import Stage, Visitor
from tests.world import World

from anydoor.care.models import Decision, Referral

pytestmark = pytest.mark.journey

# How the place that has the focus looks, and how it looks once it has not: the two must differ.
STEP = """() => {
  const looks = (one) => [[one, null], [one.parentElement, null], [one.labels?.[0], "::before"]]
    .filter(([part]) => part)
    .map(([part, pseudo]) => getComputedStyle(part, pseudo))
    .map((style) => [style.outlineStyle, style.outlineWidth, style.boxShadow, style.backgroundColor])
    .join(" ");
  const words = (one) => one.outerHTML.slice(0, 120);
  const before = window.lastStop, now = document.activeElement;
  const faults = [];
  if (before && before.one !== now) {
    if (before.looks === looks(before.one)) faults.push("cannot be seen: " + words(before.one));
    if (!(before.one.compareDocumentPosition(now) & Node.DOCUMENT_POSITION_FOLLOWING))
      faults.push("out of order: " + words(now));
  }
  window.lastStop = { one: now, looks: looks(now) };
  return faults;
}"""
NAME = """() => {
  const one = document.activeElement;
  const by = document.getElementById(one.getAttribute("aria-labelledby") ?? "");
  const said = by?.textContent || one.labels?.[0]?.textContent || one.textContent || "";
  return said.replace(/\\s+/g, " ").trim();
}"""


class Keys:
    """A visitor's keyboard, from the top of a page."""

    def __init__(self, visitor: Visitor) -> None:
        self.page = visitor.page
        self.stops: list[str] = []

    def tab_to(self, name: str, most: int = 90) -> None:
        """Press Tab until a stop of this name has the focus."""
        for _ in range(most):
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(STEP) == []
            self.stops.append(self.page.evaluate(NAME))
            if re.match(name, self.stops[-1]):
                return
        raise AssertionError(f"Tab never came to {name}: {self.stops}")

    def press(self, key: str) -> None:
        self.page.keyboard.press(key)

    def write(self, text: str) -> None:
        self.page.keyboard.type(text)

    def enter(self) -> None:
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.stops.clear()


def test_a_mother_asks_with_the_keyboard_alone(stage: Stage, world: World) -> None:
    mother: Parent = parent(stage, 1280)
    mother.opens("/norfolk/")
    keys = Keys(mother)
    keys.tab_to("What is going on")
    assert keys.stops[0] == "Exit this page"
    assert keys.stops[1] == "Skip to main content"
    keys.write(STORY)
    keys.tab_to("How can we reach you")
    keys.write("07700 900142")
    keys.tab_to("Where are you")
    keys.tab_to("Send to a person")
    assert keys.stops[-4:] == [
        "What is going on?",
        "How can we reach you?",
        "Where are you?",
        "Send to a person",
    ]
    keys.enter()
    mother.is_told_who_holds("Sunita Rao")
    assert Referral.objects.count() == 1


def test_a_mistake_takes_the_focus_and_leads_to_its_field(stage: Stage, world: World) -> None:
    mother = parent(stage, 1280)
    mother.opens("/norfolk/")
    keys = Keys(mother)
    keys.tab_to("Send to a person")
    keys.enter()
    mother.arrived()
    assert mother.page.evaluate("document.activeElement.className") == "nhsuk-error-summary"
    keys.tab_to("Tell us what is going on")
    keys.press("Enter")
    assert mother.page.evaluate("document.activeElement.name") == "story"


def test_a_worker_decides_with_the_keyboard_alone(stage: Stage, world: World) -> None:
    referral = rosie_asked(world, needs=("mood",))
    sunita = worker(stage, world.sunita)
    sunita.opens(f"/desk/referral/{referral.pk}/")
    keys = Keys(sunita)
    keys.tab_to("NHS Talking Therapies")  # its box stands before its name
    keys.press("Space")
    keys.tab_to("(Universal|Targeted|Specialist)")
    keys.press("ArrowDown")
    keys.press("ArrowUp")
    keys.tab_to("Yes to all")
    keys.press("Space")
    keys.tab_to("Why this")
    keys.write(WHY)
    keys.tab_to("Record decision")
    keys.enter()
    sunita.is_told("Decision recorded")
    decision = Decision.objects.get()
    assert (decision.words, decision.by) == (WHY, world.sunita)
