"""The main job: a request is held by a named person until another has really taken over."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from tests.world import AGREED, NOW, World

from anydoor.care import episode, handover, holding, standing, sweep, triage
from anydoor.care.models import FamilyCare, Happening, Holding, Sight, Wait
from anydoor.care.triage import Shown
from anydoor.rules.errors import BadInput, NotAllowed, WrongMoment

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOW + timedelta(hours=1)


def decided(world: World, *services: object, answer: str = "yes") -> object:
    referral = world.refer(name="Rosie Thackeray", role="mother", place="Norwich")
    triage.decide(
        referral=referral,
        level="targeted",
        words="You asked for one person to talk to.",
        answer=answer,
        shown=[Shown(s.pk, s.name, "suits", ("Near you",), (), True) for s in services or (world.therapies,)],
        by=world.sunita,
        at=NOW,
    )
    referral.refresh_from_db()
    return referral


def proposed(world: World) -> object:
    return handover.propose(
        thing=decided(world),
        service=world.therapies,
        agreement=AGREED,
        words="She has read nothing yet.",
        by=world.sunita,
        at=NOW,
    ).handover


def holder_of(family: object) -> str:
    row = FamilyCare.objects.get(family=family)
    assert standing.compare(row.family, at=LATER) == []
    return row.lead.name if row.lead else "nobody"


def test_a_request_is_held_by_the_duty_worker_from_the_first_second(world: World) -> None:
    referral = world.refer()
    assert referral.holder == world.sunita
    assert holder_of(referral.family) == "Sunita Rao"
    assert Holding.objects.get(referral=referral).from_at == NOW


def test_at_2340_the_next_duty_worker_holds_it_and_the_page_can_say_when(world: World) -> None:
    friday_night = datetime(2026, 3, 13, 23, 40, tzinfo=UTC)
    referral = world.refer(at=friday_night)
    assert referral.holder == world.sunita
    assert referral.read_by_time == datetime(2026, 3, 16, 8, 0, tzinfo=UTC)


def test_the_sender_holds_until_the_receiver_records_a_real_contact(world: World) -> None:
    row = proposed(world)
    assert holder_of(row.family) == "Sunita Rao"
    handover.accept(handover=row, by=world.grace, at=LATER)
    assert holder_of(row.family) == "Sunita Rao"
    handover.introduce(handover=row, words="A joint call.", by=world.sunita, at=LATER)
    assert holder_of(row.family) == "Sunita Rao"
    begun = handover.first_contact(
        handover=row, mode="phone", words="We spoke about sleep.", by=world.grace, at=LATER
    )
    assert begun.holder == world.grace
    assert holder_of(row.family) == "Grace Adeyemi"
    row.referral.refresh_from_db()
    assert row.referral.stage == "taken_up"
    assert Holding.objects.filter(family=row.family, to_at__isnull=True).count() == 1


def test_two_people_accepting_at_once_are_told_apart(world: World) -> None:
    row = proposed(world)
    handover.accept(handover=row, by=world.grace, at=LATER)
    with pytest.raises(WrongMoment, match="Grace Adeyemi accepted this"):
        handover.accept(handover=row, by=world.jo, at=LATER)


def test_only_the_team_asked_answers(world: World) -> None:
    with pytest.raises(NotAllowed):
        handover.accept(handover=proposed(world), by=world.marcus, at=LATER)


def test_a_decline_needs_a_reason_and_an_alternative_and_is_looked_at_again(world: World) -> None:
    row = proposed(world)
    with pytest.raises(BadInput):
        handover.decline(handover=row, reason="no_capacity", words="Full.", by=world.grace, at=LATER)
    handover.decline(
        handover=row,
        reason="no_capacity",
        words="Full until June.",
        by=world.grace,
        at=LATER,
        alternative=world.group,
    )
    assert holder_of(row.family) == "Sunita Rao"
    assert Wait.objects.open().get(kind="second_look").user == world.priya


def test_a_second_decline_goes_to_the_meeting(world: World) -> None:
    from anydoor.care import coordination

    row = proposed(world)
    no = {"reason": "need_milder", "words": "Milder.", "by": world.grace, "alternative": world.group}
    handover.decline(handover=row, at=LATER, **no)
    coordination.put_back(handover=row, reason="MORS is low.", by=world.priya, at=LATER)
    row.refresh_from_db()
    handover.decline(handover=row, at=LATER, **no)
    row.refresh_from_db()
    assert (row.stage, row.meeting is not None) == ("at_meeting", True)
    new = coordination.take_alternative(handover=row, by=world.priya, at=LATER, words="All agreed on this.")
    assert (new.service, new.stage) == (world.group, "proposed")
    assert holder_of(row.family) == "Sunita Rao"


def test_a_receiver_outside_answers_by_link_and_the_sender_keeps_in_touch(world: World) -> None:
    from anydoor.access.audit import Outsider

    done = handover.propose(
        thing=decided(world, world.outside),
        service=world.outside,
        agreement=AGREED,
        words="",
        by=world.sunita,
        at=NOW,
    )
    time = Outsider("Ann at Time", "receiver")
    row = handover.by_link(done.link, LATER)
    handover.accept(handover=row, by=time, at=LATER)
    begun = handover.first_contact(handover=row, mode="phone", words="We met.", by=time, at=LATER)
    assert begun.holder == world.sunita
    assert begun.outside_words == "Time"
    assert holder_of(row.family) == "Sunita Rao"


def test_closing_an_account_moves_what_it_holds_and_lists_it(world: World) -> None:
    referral = world.refer()
    moved = holding.close_account(user=world.sunita, by=world.lead, at=LATER)
    referral.refresh_from_db()
    assert referral.holder in {world.lead, world.tom}
    assert [m.to_name for m in moved] == [referral.holder.name]
    world.sunita.refresh_from_db()
    assert not world.sunita.is_active


def test_not_reached_three_times_goes_back_to_its_holder(world: World) -> None:
    referral = world.refer()
    for hour in (1, 2, 3):
        episode.record_contact(
            thing=referral,
            mode="phone",
            outcome="not_reached",
            by=world.sunita,
            at=NOW + timedelta(hours=hour),
        )
    assert Wait.objects.open().get(kind="not_reached").user == world.sunita


def test_an_end_state_is_derived_and_a_reason_must_fit_the_facts(world: World) -> None:
    referral = world.refer()
    with pytest.raises(BadInput):
        episode.end(thing=referral, reason="finished", words="Done.", by=world.sunita, at=LATER)
    episode.end(
        thing=referral, reason="said_no", words="They have changed their mind.", by=world.sunita, at=LATER
    )
    referral.refresh_from_db()
    assert (referral.stage, referral.end_state, referral.holder) == ("ended", "said_no", None)
    episode.reopen(referral=referral, why="They rang.", by=world.tom, team=world.front_door, at=LATER)
    assert holder_of(referral.family) == "Tom Ardley"


def test_words_of_danger_open_a_clock_that_only_a_person_ends(world: World) -> None:
    referral = world.refer(story="Some nights I think they would be better off without me.")
    wait = Wait.objects.open().get(kind="danger")
    assert (wait.user, wait.urgent) == (world.sunita, True)
    assert referral.sort_key == "" or referral.sort_key.startswith("0")
    triage.acknowledge_danger(wait=wait, words="I rang. He is with his sister.", by=world.sunita, at=LATER)
    assert not Wait.objects.open().filter(kind="danger").exists()


def test_the_sweep_nudges_then_escalates_once(world: World) -> None:
    world.refer()
    first = sweep.run(at=NOW + timedelta(days=2))
    again = sweep.run(at=NOW + timedelta(days=2))
    assert (first.nudged, again.nudged) == (1, 0)
    assert sweep.run(at=NOW + timedelta(days=4)).escalated == 1
    assert Wait.objects.stuck().count() == 1


def test_sight_follows_the_handover(world: World) -> None:
    row = proposed(world)
    team = world.therapies_team
    assert Sight.objects.get(family=row.family, team=team).level == "preview"
    handover.accept(handover=row, by=world.grace, at=LATER)
    assert Sight.objects.get(family=row.family, team=team).level == "full"


def test_the_timeline_says_when_holding_moved(world: World) -> None:
    row = proposed(world)
    handover.accept(handover=row, by=world.grace, at=LATER)
    handover.first_contact(handover=row, mode="home", words="Met at home.", by=world.grace, at=LATER)
    moves = Happening.objects.filter(family=row.family, moved_holding=True).values_list("kind", flat=True)
    assert list(moves) == ["first_contact", "received"]
