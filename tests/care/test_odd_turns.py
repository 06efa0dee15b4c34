"""Unlucky turns: covers in a circle, nobody left, two takeovers at once, a loss after a birth."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.world import AGREED, NOW, World

from anydoor.access.models import Leave, Membership, User
from anydoor.care import events, handover, holding, sweep, triage
from anydoor.care.holders import count_holders
from anydoor.care.models import Episode, Handover, Holding, Referral, Wait
from anydoor.care.triage import Shown
from anydoor.directory.models import Service
from anydoor.messages.models import OutboxMessage

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def ask(thing: Referral | Episode, service: Service, by: User, kind: str = "handover") -> Handover:
    return handover.propose(
        thing=thing, service=service, agreement=AGREED, words="", by=by, kind=kind, at=NOW
    ).handover


def meet(row: Handover, by: User) -> Episode:
    return handover.first_contact(handover=row, mode="phone", words="We spoke.", by=by, at=NOW)


def with_grace(world: World) -> Episode:
    referral = world.refer()
    triage.decide(
        referral=referral,
        level="targeted",
        words="You asked for it.",
        answer="yes",
        shown=[Shown(world.therapies.pk, world.therapies.name, "suits", (), (), True)],
        by=world.sunita,
        at=NOW,
    )
    row = ask(referral, world.therapies, world.sunita)
    handover.accept(handover=row, by=world.grace, at=NOW)
    return meet(row, world.grace)


def away(user: User, cover: User | None, days: int = 5) -> Leave:
    return Leave.objects.create(user=user, cover=cover, starts_on=NOW.date(), ends_on=NOW.date() + days * DAY)


def all_is_well() -> None:
    assert count_holders().all_well
    assert sweep.recheck(at=NOW) == []


def test_two_who_cover_for_each_other_do_not_pass_a_family_to_and_fro(world: World) -> None:
    episode = with_grace(world)
    away(world.grace, world.jo)
    away(world.jo, world.grace)
    for turn in range(4):
        sweep.run(at=NOW + turn * timedelta(minutes=5))
    episode.refresh_from_db()
    assert episode.holder == world.tom, "nobody of the team is there: the front door's fall-back"
    assert Holding.objects.filter(episode=episode).count() == 2
    all_is_well()


def test_a_cover_who_is_away_is_passed_over(world: World) -> None:
    episode = with_grace(world)
    away(world.jo, None)
    holding.record_leave(
        user=world.grace,
        starts_on=NOW.date(),
        ends_on=NOW.date() + DAY,
        cover=world.jo,
        by=world.grace,
        at=NOW,
    )
    episode.refresh_from_db()
    assert episode.holder == world.tom
    all_is_well()


def test_leave_without_a_cover_moves_what_was_taken_on_since(world: World) -> None:
    starts = NOW.date() + 2 * DAY
    holding.record_leave(
        user=world.grace, starts_on=starts, ends_on=starts + 20 * DAY, cover=None, by=world.grace, at=NOW
    )
    episode = with_grace(world)
    sweep.run(at=NOW + 2 * DAY)
    episode.refresh_from_db()
    assert episode.holder == world.jo
    all_is_well()


def test_a_cover_of_another_organisation_does_not_get_into_the_team(world: World) -> None:
    episode = with_grace(world)
    Membership.objects.create(
        user=world.grace, team=world.front_door, role="front_door", started_on=date(2025, 1, 1)
    )
    holding.record_leave(
        user=world.grace, starts_on=NOW.date(), ends_on=NOW.date(), cover=world.tom, by=world.grace, at=NOW
    )
    episode.refresh_from_db()
    assert (episode.holder, episode.holder_team) == (world.jo, world.therapies_team)
    assert not Membership.objects.filter(user=world.tom, team=world.therapies_team).exists()
    all_is_well()


def test_the_sweep_goes_on_when_nobody_can_take_over(world: World) -> None:
    referral = world.refer()
    for colleague in (world.sunita, world.priya, world.lead):
        holding.close_account(user=colleague, by=world.tom, at=NOW)
    away(world.tom, world.sunita)
    sweep.run(at=NOW)
    referral.refresh_from_db()
    assert referral.holder == world.tom
    all_is_well()


def test_who_leaves_for_good_is_followed_even_by_somebody_who_is_away(world: World) -> None:
    episode = with_grace(world)
    away(world.jo, None)
    away(world.tom, None)
    away(world.lead, None)
    away(world.priya, None)
    away(world.sunita, None)
    holding.close_account(user=world.grace, by=world.marcus, at=NOW)
    episode.refresh_from_db()
    assert episode.holder == world.jo
    all_is_well()


def test_an_episode_taken_over_by_two_ends_with_the_second(world: World) -> None:
    episode = with_grace(world)
    ola = User.objects.get(name="Ola Hart")
    first = ask(episode, world.pairs, world.grace, "step_up")
    second = ask(episode, world.group, world.grace)
    handover.accept(handover=first, by=world.marcus, at=NOW)
    handover.accept(handover=second, by=ola, at=NOW)
    meet(first, world.marcus)
    episode.refresh_from_db()
    assert episode.holder == world.grace, "she still hands over to the other"
    all_is_well()
    meet(second, ola)
    episode.refresh_from_db()
    assert episode.stage == "ended"
    assert {row.holder for row in Episode.objects.open()} == {world.marcus, ola}
    all_is_well()


def test_help_alongside_that_comes_last_ends_what_was_stepped_up(world: World) -> None:
    episode = with_grace(world)
    ola = User.objects.get(name="Ola Hart")
    up, beside = (
        ask(episode, world.pairs, world.grace, "step_up"),
        ask(episode, world.group, world.grace, "alongside"),
    )
    handover.accept(handover=up, by=world.marcus, at=NOW)
    handover.accept(handover=beside, by=ola, at=NOW)
    meet(up, world.marcus)
    meet(beside, ola)
    episode.refresh_from_db()
    assert episode.stage == "ended"
    all_is_well()


def test_after_a_loss_no_task_asks_to_see_to_the_baby(world: World) -> None:
    referral = world.refer(name="Rosie", due_on=date(2026, 3, 12))
    for kind in ("birth", "neonatal_admission"):
        events.record_event(family_id=referral.family_id, kind=kind, on=NOW.date(), by=world.sunita, at=NOW)
    events.record_event(
        family_id=referral.family_id,
        kind="loss",
        loss_kind="neonatal_death",
        on=NOW.date(),
        by=world.sunita,
        at=NOW,
    )
    referral.refresh_from_db()
    assert "due" not in referral.who_words
    assert referral.who_words.endswith("after a loss")
    assert "loss" in referral.about
    tasks = set(Wait.objects.open().filter(kind="after_event").values_list("why", flat=True))
    assert tasks == {words for words, _ in events.KINDS["loss"].tasks}
    all_is_well()


def test_a_clock_that_starts_again_is_nudged_about_again_and_once(world: World) -> None:
    referral = world.refer()
    nudges = OutboxMessage.objects.filter(template="nudge")
    sweep.run(at=NOW + 5 * DAY)
    assert nudges.count() == 1
    until = (NOW + 20 * DAY).date()
    triage.pause(referral=referral, until=until, words="", by=world.sunita, at=NOW + 5 * DAY)
    sweep.run(at=NOW + 19 * DAY)
    assert nudges.count() == 1
    for later in (25, 25, 26):
        sweep.run(at=NOW + later * DAY)
    assert nudges.count() == 2
