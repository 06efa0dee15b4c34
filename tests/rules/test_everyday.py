"""Everyday words: what is understood, and what nobody keeps."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anydoor.rules.everyday import speaks_of_a_baby, understand, without_a_baby
from anydoor.rules.profile import NEEDS


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("I can’t stop crying", "mood"),
        ("skint and no nappies", "money"),
        ("she won't stop crying", "crying_sleep"),
        ("lonely, no friends here", "isolation"),
        ("the birth trauma won't leave me", "birth_trauma"),
        ("my partner hits me", "domestic_abuse"),
        ("we had a miscarriage", "loss"),
        ("breastfeeding hurts", "feeding"),
    ],
)
def test_needs(text: str, need: str) -> None:
    assert need in understand(text).needs


def test_who_and_when() -> None:
    meant = understand("a dads' group on a Saturday")
    assert (meant.role, meant.day) == ("father", 5)
    assert understand("I am 17, a young mum").role == "young"
    assert understand("anything online").way == "online"


def test_what_is_left_is_searched_for() -> None:
    assert understand("please some yoga for me").left == ("yoga",)


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    meant = understand(text)
    assert set(meant.needs) <= NEEDS
    assert len(meant.left) <= 8


def test_nothing_about_a_baby() -> None:
    assert speaks_of_a_baby("Help with your newborn")
    assert without_a_baby("We listen. Bring your baby. Any time.") == "We listen. Any time."
