"""Signed-in workers are told who is known; the public page gives everybody the same answer."""

from __future__ import annotations

import re

import pytest
from tests.journeys.given import TOLD, rosie_asked
from tests.journeys.people import Parent, parent, worker
from tests.journeys.visitor import Stage
from tests.world import World

from anydoor.care.models import PossibleMatch, Referral

pytestmark = pytest.mark.journey
RING = "07700 900142"


def answer_to(visitor: Parent) -> str:
    """What the page after asking says, without its reference."""
    return visitor.text.replace(visitor.reference(), "")


def test_the_public_page_answers_everybody_alike_and_a_worker_decides(stage: Stage, world: World) -> None:
    # given Rosie, known since yesterday with her number
    rosie_asked(world, contact=RING)
    mother, stranger = parent(stage), parent(stage)

    # when somebody asks with her number, and somebody with a number nobody knows
    mother.asks("It is worse today.", contact=RING)
    stranger.asks("It is worse today.", contact="01632 960142")

    # then both read the same, and the inbox says that they may be one
    assert answer_to(mother) == answer_to(stranger)
    sunita = worker(stage, world.sunita)
    sunita.opens("/desk/inbox")
    rows = sunita.page.locator(".ad-inbox__row", has_text="It is worse today")
    assert rows.count() == 2
    assert rows.filter(has_text="Possible match, 1").count() == 1
    sunita.follows("Not named yet", within=rows.filter(has_text="Possible match, 1"))
    sunita.follows("Compare and decide")
    sunita.reads("Rosie Thackeray", "Held by Sunita Rao", "What they told before is not shown here")
    sunita.does_not_read(TOLD)
    sunita.presses("Record decision")
    sunita.is_asked_again()
    sunita.chooses("The same person")
    sunita.writes(How_do_you_know="I rang the number, and she told me her birth date.")
    sunita.presses("Record decision")

    # and the request is with the family we know, with the words of both days
    sunita.is_told("The request is with the family we know now")
    assert not PossibleMatch.objects.filter(state="open").exists()
    joined = Referral.objects.order_by("pk")[:2]
    assert joined[0].family_id == joined[1].family_id
    sunita.sees_holder(joined[0].family_id, "Sunita Rao")
    sunita.reads(TOLD, "It is worse today.")


def test_a_worker_on_the_telephone_is_told_at_the_start(stage: Stage, world: World) -> None:
    # given Rosie, whose request is open
    referral = rosie_asked(world)
    sunita = worker(stage, world.sunita)

    # when somebody rings and the worker looks first
    sunita.opens("/desk/new/")
    sunita.writes(Do_we_know_them="Ros Tha")
    sunita.presses("Find")
    assert "q=" not in sunita.here

    # then she is told that they are known, what is open, and who holds
    sunita.reads("Found, 1", "Rosie Thackeray", referral.reference[:3], "held by Sunita Rao")
    assert re.search(r"is open, by", sunita.text)

    # and one whom nobody knows is written down, and held from that moment
    sunita.opens("/desk/new/")
    sunita.writes(Do_we_know_them="Zo")
    sunita.presses("Find")
    sunita.reads("Nobody found")
    sunita.presses("Write it down")
    sunita.chooses("They ring")
    sunita.writes(What_do_they_say="I have nobody to talk to.", A_way_to_reach_them="01632 960123")
    sunita.presses("Take the request in")
    sunita.is_told("You hold them now")
    sunita.reads("I have nobody to talk to.")


def test_colleagues_who_refer_are_told_only_what_they_may_see(stage: Stage, world: World) -> None:
    # given Rosie, known to the front door and to nobody else
    rosie_asked(world, born_on=None, contact=RING)
    told: dict[str, bool] = {}
    for user in (world.sunita, world.marcus):
        colleague = worker(stage, user)
        colleague.opens("/refer/?area=norfolk")
        colleague.presses("Start a referral")
        colleague.follows("About the person")
        colleague.writes(Their_whole_name="Rosie Thackeray")
        colleague.chooses("A mother")
        colleague.presses("Save and go on")
        colleague.follows("How to reach them")
        colleague.writes(Their_phone_number=RING, Where_they_live="Norwich")
        colleague.chooses("Not asked")
        colleague.presses("Save and go on")
        told[user.name] = "You may know this person already" in colleague.text

    # then she who may see her is told at the start, and he who may not is told nothing
    assert told == {"Sunita Rao": True, "Marcus Bell": False}


def test_a_search_from_the_bar_leaves_nothing_in_the_address(stage: Stage, world: World) -> None:
    referral = rosie_asked(world)
    sunita = worker(stage, world.sunita)
    sunita.opens("/desk/inbox")
    sunita.page.get_by_role("searchbox").first.fill("ros tha")
    with sunita.page.expect_navigation():
        sunita.page.keyboard.press("Enter")
    sunita.arrived()
    sunita.reads("Rosie Thackeray")
    assert "ros" not in sunita.here.lower()
    sunita.follows("Rosie Thackeray")
    assert sunita.here == f"/desk/family/{referral.family_id}/"
