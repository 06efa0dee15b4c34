"""Goals in people's own words: set, rated from 0 to 10, ended, and the way they have come."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.care.measures.given import family_of_two
from tests.world import NOW, World

from anydoor.care.measures.goals import MOST_OPEN, end_goal, goals_of, rate_goal, set_goal
from anydoor.care.models import Goal, GoalRating, Happening
from anydoor.care.record import SavedAlready
from anydoor.people.models import Person
from anydoor.rules.errors import BadInput, NotFound, WrongMoment

PARK = "Take him to the park without being scared"


@pytest.fixture
def shanelle(world: World) -> tuple[int, Person]:
    family_id, mother, _ = family_of_two(world)
    return family_id, mother


def put(world: World, family_id: int, person: Person, words: str = PARK, rating: int = 2) -> Goal:
    return set_goal(person=person, family_id=family_id, words=words, rating=rating, by=world.sunita, at=NOW)


def test_a_goal_keeps_its_words_and_every_rating(world: World, shanelle: tuple[int, Person]) -> None:
    family_id, person = shanelle
    goal = put(world, family_id, person)
    for week, rating in ((1, 3), (2, 6)):
        rate_goal(goal=goal, rating=rating, words="", by=world.sunita, at=NOW + timedelta(weeks=week))
    (found,) = goals_of(person, family_id)
    assert (found.goal.words, [row.rating for row in found.ratings]) == (PARK, [2, 3, 6])
    assert found.change is not None
    assert (found.change.points, found.change.reached) == (4, False)


def test_its_words_stay_off_the_headline_of_the_family(world: World, shanelle: tuple[int, Person]) -> None:
    put(world, *shanelle)
    row = Happening.objects.get(kind="goal_set")
    assert PARK not in row.headline
    assert PARK in row.words
    assert row.facts["person"] == shanelle[1].pk


@pytest.mark.parametrize("rating", [-1, 11, 10**12])
def test_a_rating_beyond_the_scale_changes_nothing(
    world: World, shanelle: tuple[int, Person], rating: int
) -> None:
    goal = put(world, *shanelle)
    with pytest.raises(BadInput) as fault:
        rate_goal(goal=goal, rating=rating, words="", by=world.sunita, at=NOW)
    assert fault.value.field == "rating"
    assert GoalRating.objects.count() == 1


@pytest.mark.parametrize("words", ["", "  \n", "a" * 301])
def test_a_goal_needs_words(world: World, shanelle: tuple[int, Person], words: str) -> None:
    with pytest.raises(BadInput) as fault:
        put(world, *shanelle, words=words)
    assert fault.value.field == "words"
    assert not Goal.objects.exists()


def test_an_ended_goal_is_kept_and_rated_no_more(world: World, shanelle: tuple[int, Person]) -> None:
    family_id, person = shanelle
    goal = put(world, family_id, person)
    end_goal(goal=goal, why="Reached, we went twice.", by=world.sunita, at=NOW)
    with pytest.raises(WrongMoment):
        rate_goal(goal=goal, rating=5, words="", by=world.sunita, at=NOW)
    with pytest.raises(WrongMoment):
        end_goal(goal=goal, why="Again", by=world.sunita, at=NOW)
    assert goals_of(person, family_id)[0].goal.ended_why == "Reached, we went twice."


def test_five_goals_are_enough(world: World, shanelle: tuple[int, Person]) -> None:
    for number in range(MOST_OPEN):
        put(world, *shanelle, words=f"Goal {number}")
    with pytest.raises(WrongMoment):
        put(world, *shanelle, words="One more")


def test_nobody_of_another_family_gets_a_goal_here(world: World, shanelle: tuple[int, Person]) -> None:
    stranger = world.refer(name="Jo Bloggs", contact="07700 900777")
    with pytest.raises(NotFound):
        put(world, shanelle[0], stranger.person)


def test_the_same_sending_twice_is_one_goal(world: World, shanelle: tuple[int, Person]) -> None:
    family_id, person = shanelle
    facts = {"person": person, "family_id": family_id, "words": PARK, "rating": 2, "form_key": "k" * 32}
    set_goal(**facts, by=world.sunita, at=NOW)  # type: ignore[arg-type]  # one dict for both
    with pytest.raises(SavedAlready):
        set_goal(**facts, by=world.sunita, at=NOW)  # type: ignore[arg-type]  # one dict for both
    assert Goal.objects.count() == 1
