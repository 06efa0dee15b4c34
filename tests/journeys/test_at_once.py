"""Two people at once, a double click, Back after sending: one outcome, and a clear message."""

from __future__ import annotations

import pytest
from tests.journeys.conftest import Clock
from tests.journeys.given import proposed, rosie_asked
from tests.journeys.people import STORY, WHY, parent, worker
from tests.journeys.visitor import Stage
from tests.world import World

from anydoor.care.models import Contact, Decision, Handover, Happening, Referral, Story, Wait

pytestmark = pytest.mark.journey


def test_two_workers_who_accept_at_once(stage: Stage, world: World, clock: Clock) -> None:
    row = proposed(world)
    grace, jo = worker(stage, world.grace), worker(stage, world.jo)
    for each in (grace, jo):
        each.opens(f"/desk/handover/{row.pk}/")
    clock.later(minutes=10)
    grace.accepts()
    grace.is_told("You have accepted")
    jo.accepts()
    jo.is_told_that_another_was_first("Grace Adeyemi accepted this")
    assert jo.status == 409
    row.refresh_from_db()
    assert row.to_user == world.grace
    jo.follows("See how it stands now")
    jo.reads("Grace")


def test_a_sender_who_takes_back_while_the_receiver_writes(stage: Stage, world: World, clock: Clock) -> None:
    row = proposed(world)
    grace, sunita = worker(stage, world.grace), worker(stage, world.sunita)
    grace.opens(f"/desk/handover/{row.pk}/")
    grace.follows("Propose another way")
    sunita.opens(f"/desk/handover/{row.pk}/")
    sunita.follows("Take this handover back")
    sunita.writes(Why_do_you_take_it_back="She has changed her mind.")
    sunita.presses("Take it back")
    grace.chooses("No place in time")
    grace.writes(Say_it_in_a_sentence="We are full until the end of June, I am sorry.")
    grace.picks("What could help instead?", "Stay and play")
    grace.presses("Propose it")
    assert grace.status in {404, 409}
    row.refresh_from_db()
    assert row.stage == "withdrawn"
    sunita.sees_holder(row.family_id, "Sunita Rao")


def test_a_danger_acknowledged_by_two_keeps_the_words_of_the_second(stage: Stage, world: World) -> None:
    world.refer(story="Some nights I think they would be better off without me.")
    wait = Wait.objects.get(kind="danger")
    sunita, tom = worker(stage, world.sunita), worker(stage, world.tom)
    for each in (sunita, tom):
        each.opens(f"/desk/wait/{wait.pk}")
    sunita.writes(What_did_you_do="I rang. He is with his sister.")
    sunita.presses("Record what you did")
    tom.writes(What_did_you_do="I spoke with his GP, who rings him at four.")
    tom.presses("Record what you did")
    assert tom.status == 409
    tom.is_told_that_another_was_first("Sunita Rao did this", "I spoke with his GP, who rings him at four.")
    assert Happening.objects.filter(words__contains="his GP").count() == 0


def test_a_page_that_grew_stale_keeps_what_was_written(stage: Stage, world: World) -> None:
    """Tom decides while Sunita writes; she reads so, and her words stand there to use again."""
    referral = rosie_asked(world, needs=("mood",))
    sunita, tom = worker(stage, world.sunita), worker(stage, world.tom)
    for each in (sunita, tom):
        each.opens(f"/desk/referral/{referral.pk}/")
    tom.decides("NHS Talking Therapies")
    world.therapies.state = "closed"
    world.therapies.save()
    sunita.decides("NHS Talking Therapies")
    sunita.is_asked_again()
    sunita.still_has("Why this, in words", WHY)
    sunita.reads("What could help has changed since you opened this page")
    assert Decision.objects.count() == 1


@pytest.mark.parametrize("script", [True, False])
def test_a_double_click_is_one_request(stage: Stage, world: World, script: bool) -> None:
    father = parent(stage, script=script)
    father.opens("/norfolk/")
    father.writes(What_is_going_on=STORY, How_can_we_reach_you="07700 900142", Where_are_you="Norwich")
    button = father.page.get_by_role("button", name="Send to a person")
    with father.page.expect_navigation(url="**/received/**"):
        button.dblclick(no_wait_after=True)
    father.is_told_who_holds("Sunita Rao")
    assert (Referral.objects.count(), Story.objects.count()) == (1, 1)


def test_a_double_click_at_the_desk_is_one_step(stage: Stage, world: World) -> None:
    row = proposed(world)
    grace = worker(stage, world.grace)
    grace.opens(f"/desk/handover/{row.pk}/")
    with grace.page.expect_navigation():
        grace.page.get_by_role("button", name="Accept").dblclick(no_wait_after=True)
    grace.is_told("You have accepted")
    assert Happening.objects.filter(kind="accepted").count() == 1
    assert Handover.objects.get().to_user == world.grace


def test_back_after_sending_brings_an_empty_page_and_back_after_a_look_elsewhere_the_words(
    stage: Stage, world: World
) -> None:
    father = parent(stage)
    father.opens("/norfolk/")
    father.writes(What_is_going_on=STORY, How_can_we_reach_you="07700 900142")
    father.follows("Other languages", within=father.page.locator("body"))
    father.goes_back()
    father.still_has("What is going on", STORY)
    father.presses("Send to a person")
    father.is_told_who_holds("Sunita Rao")
    father.goes_back()
    assert father.here == "/norfolk/"
    father.still_has("What is going on", "")
    father.presses("Send to a person")
    father.is_asked_again()
    assert Referral.objects.count() == 1


def test_back_after_a_contact_and_the_same_again_is_one_contact(stage: Stage, world: World) -> None:
    referral = rosie_asked(world)
    sunita = worker(stage, world.sunita)
    sunita.opens(f"/desk/work/referral/{referral.pk}/contact/")
    for _ in range(2):
        sunita.chooses("We met or spoke", "Phone")
        sunita.writes(What_you_talked_about="About sleep.")
        sunita.presses("Save")
        assert sunita.here == f"/desk/family/{referral.family_id}/"
        sunita.goes_back()
    assert Contact.objects.count() == 1


def test_the_same_words_later_are_a_second_contact(stage: Stage, world: World, clock: Clock) -> None:
    referral = rosie_asked(world)
    sunita = worker(stage, world.sunita)
    for _ in range(2):
        sunita.opens(f"/desk/work/referral/{referral.pk}/contact/")
        sunita.chooses("Tried, not reached", "Phone")
        sunita.presses("Save")
        clock.later(minutes=20)
    assert Contact.objects.count() == 2
