"""Outcomes from rows: which scores count, which appointments, and the two countings."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.care.measures.given import family_of_two
from tests.world import NOW, World

from anydoor.care import standing
from anydoor.care.measures import taking
from anydoor.care.measures.goals import rate_goal, set_goal
from anydoor.care.measures.outcomes import Period, Report, of_episode, report
from anydoor.care.measures.taking import Answers, Plan
from anydoor.care.models import Contact, Episode, Holding, Referral
from anydoor.rules.change import Verdict

YEAR = Period(date(2025, 3, 11), date(2026, 3, 10))
START = NOW - timedelta(weeks=12)


@pytest.fixture
def episode(world: World) -> Episode:
    """Talking Therapies with Shanelle since twelve weeks ago."""
    family_id, mother, _ = family_of_two(world, at=START - timedelta(days=3), baby_born_on=date(2025, 11, 25))
    made = Episode.objects.create(
        family_id=family_id,
        person=mother,
        area=world.area,
        referral=Referral.objects.get(family_id=family_id),
        service=world.therapies,
        level="targeted",
        holder=world.grace,
        holder_team=world.therapies_team,
        opened_at=START,
    )
    Holding.objects.create(
        family_id=family_id,
        episode=made,
        user=world.grace,
        team=world.therapies_team,
        from_at=START,
        why="The first contact",
    )
    return made


def met(episode: Episode, week: int, outcome: str = "attended", **more: str) -> Contact:
    when = START + timedelta(weeks=week)
    facts = {"mode": "clinic", "by_words": "Grace Adeyemi", **more}
    return Contact.objects.create(
        family=episode.family, episode=episode, outcome=outcome, happens_at=when, recorded_at=when, **facts
    )


def answered(
    world: World, episode: Episode, name: str, total: int, at: datetime, *, thing: Episode | None, items: int
) -> None:
    """A whole answer with this total, of items from 0 to 3."""
    measure = taking.begin(
        family_id=episode.family_id,
        person_id=episode.person_id,
        plan=Plan(name, thing=thing),
        mode="interview",
        by=world.grace,
        team=world.therapies_team,
        at=at,
    )
    scores = {str(item): min(3, max(0, total - 3 * (item - 1))) for item in range(1, items + 1)}
    taking.finish(measure_id=measure.pk, answers=Answers(ticked=dict(scores)), by=world.grace, at=at)


def both(world: World, episode: Episode, phq: int, gad: int, week: int, *, loose: bool = False) -> None:
    at = START + timedelta(weeks=week)
    thing = None if loose else episode
    answered(world, episode, "PHQ-9", phq, at, thing=thing, items=9)
    answered(world, episode, "GAD-7", gad, at, thing=thing, items=7)


def end(episode: Episode, week: int) -> None:
    episode.stage, episode.ended_at = "ended", START + timedelta(weeks=week)
    episode.holder = episode.holder_team = None
    episode.end_state = "completed"
    Holding.objects.filter(episode=episode).update(to_at=episode.ended_at)
    episode.save()
    standing.refresh(episode.family, at=NOW)


def test_recovery_and_reliable_improvement_of_one_episode(world: World, episode: Episode) -> None:
    both(world, episode, 17, 14, 1)
    both(world, episode, 8, 9, 8)
    found = of_episode(episode).outcome
    assert (found.case_at_start, found.recovered, found.reliable_improvement) == (True, False, True)
    both(world, episode, 8, 7, 9)
    assert of_episode(episode).outcome.recovered is True


def test_a_score_with_a_gap_is_no_last_score(world: World, episode: Episode) -> None:
    both(world, episode, 17, 14, 1)
    both(world, episode, 9, 7, 4)
    measure = taking.begin(
        family_id=episode.family_id,
        person_id=episode.person_id,
        plan=Plan("PHQ-9", thing=episode),
        mode="interview",
        by=world.grace,
        team=world.therapies_team,
        at=NOW,
    )
    taking.finish(measure_id=measure.pk, answers=Answers(ticked={"1": 3}), by=world.grace, at=NOW)
    assert of_episode(episode).pairs["PHQ-9"].last == 9


def test_a_score_before_the_help_counts_from_the_request_on_and_none_after_its_end(
    world: World, episode: Episode
) -> None:
    both(world, episode, 20, 12, 0, loose=True)
    both(world, episode, 9, 7, 5)
    end(episode, 6)
    both(world, episode, 21, 20, 8, loose=True)
    pair = of_episode(episode).pairs["PHQ-9"]
    assert (pair.first, pair.last) == (20, 9)


def test_what_was_taken_back_counts_nowhere(world: World, episode: Episode) -> None:
    both(world, episode, 17, 14, 1)
    both(world, episode, 8, 7, 3)
    last = episode.measures.filter(instrument="PHQ-9").latest("taken_at")
    taking.withdraw(measure_id=last.pk, why="The wrong person", by=world.grace, at=NOW)
    assert of_episode(episode).pairs["PHQ-9"].last is None
    assert of_episode(episode).outcome.outcome_calculable is False


def test_the_measure_of_the_descriptor_counts_when_it_is_paired(world: World, episode: Episode) -> None:
    episode.descriptor = "ptsd"
    episode.save()
    both(world, episode, 12, 7, 1)
    assert of_episode(episode).outcome.anxiety_measure_used is None
    both(world, episode, 9, 7, 6)
    assert of_episode(episode).outcome.anxiety_measure_used == "GAD-7"
    for week, total in ((2, 40), (6, 20)):
        at = START + timedelta(weeks=week, hours=1)
        answered(world, episode, "PCL-5", total, at, thing=episode, items=20)
    assert of_episode(episode).outcome.anxiety_measure_used == "PCL-5"


@pytest.mark.parametrize(
    ("contact", "counts"),
    [
        ({}, True),
        ({"purpose": "treatment"}, True),
        ({"purpose": "both"}, True),
        ({"purpose": "assessment"}, False),
        ({"purpose": "follow_up"}, False),
        ({"purpose": "other"}, False),
        ({"mode": "letter"}, False),
        ({"mode": "text"}, False),
        ({"outcome": "could_not_come"}, False),
        ({"outcome": "not_reached"}, False),
    ],
)
def test_which_contacts_are_treatment_appointments(
    world: World, episode: Episode, contact: dict[str, str], counts: bool
) -> None:
    met(episode, 1, **contact)
    assert len(of_episode(episode).attended) == int(counts)


def of(world: World, period: Period = YEAR) -> Report:
    return report([world.therapies.pk], period)


def test_the_two_countings_are_two_sets_of_people(world: World, episode: Episode) -> None:
    both(world, episode, 17, 14, 1)
    both(world, episode, 8, 7, 4)
    met(episode, 1)
    assert (of(world).national.courses, of(world).local.courses) == (0, 0)
    met(episode, 3)
    assert (of(world).national.courses, of(world).local.courses) == (0, 1)
    end(episode, 6)
    found = of(world)
    assert (found.national.courses, found.local.courses) == (1, 1)
    assert found.national.counts["recovered"] == 1
    assert found.national.counts["reliable_recovery"] == 1
    later = Period(date(2026, 1, 20), date(2026, 3, 10))
    assert (of(world, later).national.courses, of(world, later).local.courses) == (1, 0)
    assert of(world, Period(date(2024, 1, 1), date(2024, 12, 31))).national.courses == 0


def test_who_is_not_paired_stays_in_the_denominators(world: World, episode: Episode) -> None:
    both(world, episode, 17, 14, 1)
    met(episode, 1)
    met(episode, 2)
    end(episode, 6)
    counts = of(world).national.counts
    assert (counts["outcome_calculable"], counts["in_recovery_denominator"]) == (0, 1)
    assert counts["in_improvement_denominator"] == 1


def test_every_measure_changes_by_its_own_rule(world: World, episode: Episode) -> None:
    both(world, episode, 17, 14, 1)
    both(world, episode, 12, 10, 4)
    met(episode, 1)
    met(episode, 2)
    paired = of(world).paired
    assert paired["PHQ-9"].verdicts[Verdict.NO_RELIABLE_CHANGE] == 1
    assert paired["GAD-7"].verdicts[Verdict.IMPROVED] == 1


def test_goals_of_the_help_and_contacts_nobody_said_the_purpose_of(world: World, episode: Episode) -> None:
    goal = set_goal(
        person=episode.person,
        family_id=episode.family_id,
        words="Sleep",
        rating=3,
        episode=episode,
        by=world.grace,
        at=NOW - timedelta(weeks=3),
    )
    rate_goal(goal=goal, rating=10, words="", by=world.grace, at=NOW - timedelta(weeks=1))
    met(episode, 1)
    met(episode, 2, purpose="treatment")
    found = of(world)
    assert (found.goals_rated, found.goals_nearer, found.goals_reached) == (1, 1, 1)
    assert (found.contacts, found.unsaid) == (2, 1)


def test_ended_without_being_seen(world: World, episode: Episode) -> None:
    met(episode, 1, outcome="not_reached")
    end(episode, 2)
    found = of(world)
    assert (found.ended, found.ended_unseen, found.ended_once, found.entered) == (1, 1, 0, 0)


def test_a_report_costs_the_same_however_many(
    world: World, episode: Episode, django_assert_max_num_queries: object
) -> None:
    both(world, episode, 17, 14, 1)
    with django_assert_max_num_queries(5):  # type: ignore[operator]  # pytest-django's own
        of(world)
