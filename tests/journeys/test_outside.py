"""A small charity without accounts answers by a one-time link, and says "we have seen them"."""

from __future__ import annotations

import re

import pytest
from tests.journeys.conftest import Clock
from tests.journeys.given import TOLD, decided
from tests.journeys.people import parent, worker
from tests.journeys.visitor import Stage
from tests.world import World

pytestmark = pytest.mark.journey


def test_somebody_outside_accepts_and_says_that_they_have_seen_them(
    stage: Stage, world: World, clock: Clock
) -> None:
    # given Sunita who asks a charity that has no account here
    referral = decided(world, world.outside)
    sunita = worker(stage, world.sunita)
    sunita.opens(f"/desk/work/referral/{referral.pk}/hand-over/?service=time")
    sunita.hands_over("Time")
    link = re.search(r"http\S+/h/\S+", sunita.text)
    assert link, sunita.text
    sunita.page.reload()
    sunita.does_not_read("/h/")  # shown this once

    # when Ann opens it, she reads enough to answer and no more
    ann = parent(stage, 390)
    ann.opens(link[0])
    ann.reads("Sunita Rao", "Rosie", "Sunita holds the family until you have really met or spoken")
    ann.does_not_read("Thackeray", TOLD, "07700 900")
    ann.presses("Accept")
    ann.is_asked_again()
    ann.writes(Your_name="Ann Buck, Time")
    ann.presses("Accept")
    ann.reads("Rosie Thackeray", TOLD, "We have seen them")
    sunita.sees_holder(referral.family_id, "Sunita Rao")

    # and two days later says that they have met
    clock.later(days=2)
    ann.page.reload()
    ann.chooses("Phone")
    ann.writes(Day="12", Month="3", Year="2026")
    ann.page.locator("#seen_who").fill("Ann Buck, Time")
    ann.presses("Say that we have seen them")
    assert ann.heading() == "Thank you"
    ann.does_not_read("Rosie")

    # then the link has done its work, and Sunita keeps in touch as the holder
    ann.opens(link[0])
    assert ann.status == 404
    ann.reads("no longer in use")
    sunita.opens("/desk/")
    sunita = worker(stage, world.sunita)
    sunita.sees_holder(referral.family_id, "Sunita Rao")
    sunita.reads("Time", "Ann Buck")
