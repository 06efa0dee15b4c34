"""A father asks for help; from the first second until another has met him, somebody holds his family."""

from __future__ import annotations

import pytest
from tests.journeys.conftest import Clock
from tests.journeys.people import STORY, WHY, parent, worker
from tests.journeys.visitor import Stage
from tests.world import World

from anydoor.care.models import Handover, Referral

pytestmark = pytest.mark.journey


def test_a_father_without_script_is_held_until_another_has_met_him(
    stage: Stage, world: World, clock: Clock
) -> None:
    # given a father with a small phone and no script
    father = parent(stage, script=False)
    father.asks()
    father.is_told_who_holds("Sunita Rao")
    father.reads("Today, before 6pm", "ending 142", "Sunita contacts you")
    reference = father.reference()
    assert STORY not in father.page.content(), "the next page says nothing of what he wrote"

    # when the worker on duty signs in, she finds him, reads and decides with reasons
    world.sunita.set_password("a long and quiet pass phrase")
    world.sunita.save()
    sunita = worker(stage)
    sunita.signs_in(world.sunita, "a long and quiet pass phrase")
    assert "Sunita" in sunita.heading()
    sunita.reads("Waits on me", "You hold 1 family")
    sunita.opens("/desk/inbox")
    sunita.reads("1 open request", "My wife cries at night", "Sunita Rao")
    sunita.opens_from_inbox("Not named yet")
    sunita.reads(STORY, reference)
    sunita.presses("I have read this")
    sunita.is_told("Marked as read")
    sunita.hears("Low mood")
    family = Referral.objects.get().family_id
    sunita.decides("NHS Talking Therapies")
    sunita.sees_holder(family, "Sunita Rao")

    # and hands over with his agreement: she still holds
    sunita.opens_from_inbox("Not named yet")
    sunita.reads(WHY, "Decided")
    sunita.follows("Hand over")
    sunita.follows("Ask them", within=sunita.page.get_by_role("row", name="NHS Talking Therapies"))
    sunita.hands_over("NHS Talking Therapies")
    sunita.is_told("Sunita holds until they have met")
    sunita.sees_holder(family, "Sunita Rao")

    # then the receiver sees only what she needs in order to answer, and who holds
    clock.later(hours=2)
    grace = worker(stage, world.grace)
    grace.opens("/desk/")
    grace.reads("Answer a handover", "You hold no family")
    grace.sees_holder_before_accepting(family, "Sunita Rao")
    grace.does_not_read(STORY, "07700 900142")
    grace.accepts()
    grace.is_told("Sunita holds until you have met them")
    grace.sees_holder(family, "Sunita Rao")
    grace.reads(STORY)
    sunita.sees_holder(family, "Sunita Rao")

    # and the introduction does not move it either
    clock.later(hours=1)
    handover = Handover.objects.get()
    sunita.opens(f"/desk/handover/{handover.pk}/")
    sunita.follows("We have introduced them")
    sunita.writes(How_did_it_go="A call with the three of us.")
    sunita.presses("Save")
    sunita.sees_holder(family, "Sunita Rao")

    # but the first contact does, in that moment
    clock.later(hours=1)
    grace.opens(f"/desk/handover/{handover.pk}/")
    grace.records_first_contact("We spoke about the nights, and about him.")
    grace.is_told("You hold")
    grace.sees_holder(family, "Grace Adeyemi")
    sunita.opens(f"/desk/family/{family}/")
    sunita.reads("Grace Adeyemi at Talking Therapies holds them now.", STORY)
    grace.opens("/desk/")
    grace.reads("You hold 1 family")
    sunita.opens("/desk/")
    sunita.reads("You hold no family", "going well")

    # and the father's own page says it too, in the browser he used
    father.page.reload()
    father.is_told_who_holds("Grace Adeyemi")
