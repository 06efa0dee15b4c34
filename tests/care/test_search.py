"""Finding people by the beginnings of names: the right ones, in order, and nobody who is not ours to see."""

from __future__ import annotations

import pytest
from tests.world import NOW, World

from anydoor.access.policy import Standing, standing_of
from anydoor.care.scope import MOST_FOUND, find_people
from anydoor.rules.errors import BadInput


def worker(world: World) -> Standing:
    return standing_of(world.sunita, NOW.date())


def names(world: World, text: str) -> list[str]:
    return [person.name for person in find_people(worker(world), text)]


def test_one_word_finds_its_beginnings_in_any_place_of_the_name(world: World) -> None:
    for name in ("Rosie Thackeray", "Ann Rosewood", "Tom Ardley"):
        world.refer(name=name, role="mother")
    assert names(world, "ros") == ["Ann Rosewood", "Rosie Thackeray"]
    assert names(world, "thackeray") == ["Rosie Thackeray"]


def test_several_words_must_all_be_there_in_any_order(world: World) -> None:
    for name in ("Rosie Thackeray", "Rosie Thorn", "Rosa Thackeray-Moor"):
        world.refer(name=name, role="mother")
    assert names(world, "ros thack") == ["Rosa Thackeray-Moor", "Rosie Thackeray"]
    assert names(world, "thack ros moor") == ["Rosa Thackeray-Moor"]
    assert names(world, "rosie moor") == []


def test_somebody_with_two_such_words_is_found_once(world: World) -> None:
    world.refer(name="Rosie Rosewood", role="mother")
    assert names(world, "ros") == ["Rosie Rosewood"]


def test_the_first_by_the_word_come_when_there_are_many(world: World) -> None:
    for number in range(MOST_FOUND + 3):
        world.refer(name=f"Ann Ros{chr(97 + number // 5)}{chr(97 + number % 5)}", role="mother")
    found = names(world, "ros")
    assert len(found) == MOST_FOUND
    assert found == sorted(found)
    assert "Ann Rosaa" in found
    assert "Ann Rosfc" not in found


def test_nobody_else_s_families_are_found(world: World) -> None:
    world.refer(name="Rosie Thackeray", role="mother", nhs_number="999 000 0018")
    other = standing_of(world.grace, NOW.date())
    for text in ("ros", "rosie thackeray", "999 000 0018"):
        assert find_people(other, text) == []
    assert names(world, "999 000 0018") == ["Rosie Thackeray"]


def test_one_letter_is_too_little(world: World) -> None:
    with pytest.raises(BadInput):
        find_people(worker(world), "r")
