from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anydoor.rules import reference
from anydoor.rules.errors import BadInput
from anydoor.rules.reference import ALPHABET, CAPACITY

KEY = b"sixteen bytes or more, never changed"
NUMBERS = st.integers(0, CAPACITY - 1)
PREFIXES = st.sampled_from(["NFK", "NLI", "NNH", "COR", "AB", "OIUA"])


def test_a_reference_never_changes() -> None:
    made = [reference.make("NFK", number, key=KEY) for number in (0, 1, 2, CAPACITY - 1)]
    assert made == ["NFK 6MG KWJ", "NFK N2C F6T", "NFK ZNT ST9", "NFK M95 KDT"]


@given(PREFIXES, NUMBERS)
def test_what_is_made_can_be_read_however_it_is_typed(prefix: str, number: int) -> None:
    made = reference.make(prefix, number, key=KEY)
    squeezed = made.replace(" ", "")
    for typed in (
        made,
        made.lower(),
        squeezed,
        f" {made.replace(' ', '-')} ",
        made.replace(" ", ". "),
        made + ".",
    ):
        assert reference.read(typed) == made
    assert len(squeezed) == len(prefix) + 6


@given(PREFIXES, NUMBERS, st.data())
def test_one_wrong_character_is_always_noticed(prefix: str, number: int, data: st.DataObject) -> None:
    made = reference.make(prefix, number, key=KEY).replace(" ", "")
    place = data.draw(st.integers(0, len(made) - 1))
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ" if place < len(prefix) else ALPHABET
    wrong = data.draw(st.sampled_from(letters).filter(lambda mark: mark != made[place]))
    with pytest.raises(BadInput):
        reference.read(made[:place] + wrong + made[place + 1 :])


@given(PREFIXES, NUMBERS, st.integers(0, 8))
def test_two_swapped_neighbours_are_always_noticed(prefix: str, number: int, place: int) -> None:
    made = reference.make(prefix, number, key=KEY).replace(" ", "")
    place = min(place, len(made) - 2)
    swapped = made[:place] + made[place + 1] + made[place] + made[place + 2 :]
    if swapped != made and place != len(prefix) - 1:
        with pytest.raises(BadInput):
            reference.read(swapped)


def test_no_two_numbers_share_a_reference() -> None:
    numbers = [*range(2_000), *range(CAPACITY - 2_000, CAPACITY)]
    assert len({reference.make("NFK", number, key=KEY) for number in numbers}) == len(numbers)


def test_references_do_not_tell_how_many_there_are() -> None:
    made = [reference.make("NFK", number, key=KEY)[4:] for number in range(2_000)]
    assert made != sorted(made)
    places = [ALPHABET.index(each[0]) for each in made]
    assert len(set(places)) == len(ALPHABET)
    assert all(places.count(first) < 3 * len(made) / len(ALPHABET) for first in set(places))


def test_another_key_or_another_area_gives_another_reference() -> None:
    one = {reference.make("NFK", number, key=KEY)[4:] for number in range(100)}
    assert one.isdisjoint(reference.make("NFK", number, key=KEY[::-1])[4:] for number in range(100))
    assert one.isdisjoint(reference.make("COR", number, key=KEY)[4:] for number in range(100))


def test_no_reference_spells_a_word_or_has_two_marks_alike() -> None:
    assert not set("AEIOU01") & set(ALPHABET)
    assert len(ALPHABET) == len(set(ALPHABET)) == 29


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "like NFK"),
        ("NFK", "like NFK"),
        ("7Q4 H2M", "like NFK"),
        ("NFK 7Q4 H2", "Check each one"),
        ("NFKXX 7Q4 H2M", "like NFK"),
        ("12 7Q4 H2M", "like NFK"),
        ("NFK 7Q4 H2é", "like NFK"),
        ("NFK 7Q0 H2M", "never has"),
        ("NFK 7QO H2M", "never has"),
        ("NFK 7Q1 H2M", "never has"),
        ("NFK 7QI H2M", "never has"),
        ("NFK 7QU H2M", "never has"),
        ("x" * 100_000, "like NFK"),
    ],
)
def test_what_cannot_be_a_reference_is_refused_in_words(typed: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        reference.read(typed)


@given(st.text(max_size=20))
def test_reading_refuses_or_gives_the_written_form(typed: str) -> None:
    try:
        found = reference.read(typed)
    except BadInput:
        return
    assert reference.read(found) == found


@pytest.mark.parametrize(
    ("prefix", "number", "key"),
    [
        ("nfk", 1, KEY),
        ("N", 1, KEY),
        ("NFKXX", 1, KEY),
        ("NFK", -1, KEY),
        ("NFK", CAPACITY, KEY),
        ("NFK", 1, b"short"),
    ],
)
def test_what_cannot_be_made_is_a_mistake_of_ours(prefix: str, number: int, key: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        reference.make(prefix, number, key=key)
