"""Somebody goes on leave, and an account is closed: every family has a holder, and the lead sees who."""

from __future__ import annotations

import pytest
from tests.journeys.given import rosie_asked
from tests.journeys.people import worker
from tests.journeys.visitor import Stage
from tests.world import World

from anydoor.care.models import FamilyCare

pytestmark = pytest.mark.journey


def test_leave_moves_what_somebody_holds_to_the_cover_and_the_lead_sees_it(
    stage: Stage, world: World
) -> None:
    # given Sunita, who holds Rosie and goes on leave today
    referral = rosie_asked(world)
    helen = worker(stage, world.lead)
    helen.opens("/desk/team")
    helen.follows("Leave of Sunita Rao")
    starts, ends = (
        helen.page.get_by_role("group", name=name) for name in ("First day away", "Last day away")
    )
    for group, day in ((starts, "20"), (ends, "10")):
        group.get_by_label("Day").fill(day)
        group.get_by_label("Month").fill("3")
        group.get_by_label("Year").fill("2026")
    helen.presses("Save")
    helen.is_asked_again()
    starts.get_by_label("Day").fill("10")
    ends.get_by_label("Day").fill("20")
    helen.picks("Who covers?", "Tom Ardley")
    helen.presses("Save")

    # then the lead reads what moved to whom, and the family's page says who holds
    helen.is_told("The leave is recorded")
    moved = helen.page.get_by_role("region", name="Moved in the last 30 days")
    for words in ("Rosie Thackeray", "Sunita Rao", "Tom Ardley"):
        assert words in moved.inner_text()
    helen.reads("Away until", "Tom Ardley covers")
    helen.sees_holder(referral.family_id, "Tom Ardley")
    tom = worker(stage, world.tom)
    tom.opens("/desk/")
    tom.reads("Rosie Thackeray")


def test_a_closed_account_loses_its_families_to_colleagues_and_its_session_at_once(
    stage: Stage, world: World
) -> None:
    # given Sunita at work with five families
    first = rosie_asked(world)
    for number in range(4):
        world.refer(story="We have no cot.", contact=f"07700 90050{number}")
    sunita = worker(stage, world.sunita)
    sunita.opens("/desk/")

    # when the lead closes her account: a tick is asked for first
    helen = worker(stage, world.lead)
    helen.opens("/desk/team")
    helen.follows("close account of Sunita Rao")
    helen.reads("Sunita Rao holds 5 families")
    helen.presses("Close the account")
    helen.is_asked_again()
    helen.chooses("Close this account now")
    helen.picks("Who takes over what they hold?", "Tom Ardley")
    helen.presses("Close the account")

    # then each of the five has a holder, listed; and she reads nothing more
    assert helen.text.count("Tom Ardley") >= 5
    helen.sees_holder(first.family_id, "Tom Ardley")
    assert not FamilyCare.objects.filter(is_open=True).exclude(lead=world.tom).exists()
    sunita.page.goto(stage.address + f"/desk/family/{first.family_id}/")
    assert "/sign-in/" in sunita.here
    sunita.does_not_read("Rosie")
