"""Stages in words, with twins, losses, overdue births and dates that cannot be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anydoor.rules import stage as rules
from anydoor.rules.errors import BadInput
from anydoor.rules.stage import Child, LossKind, StageKind

ON = date(2026, 3, 10)


def due(day: date | str) -> Child:
    return Child(due_on=date.fromisoformat(day) if isinstance(day, str) else day)


def born(day: str) -> Child:
    return Child(born_on=date.fromisoformat(day))


def lost(day: str | None, kind: str = LossKind.NOT_SAID) -> Child:
    return Child(lost_on=date.fromisoformat(day) if day else None, loss_kind=kind)


@pytest.mark.parametrize(
    ("children", "kind", "words", "family"),
    [
        ([], StageKind.UNKNOWN, "Stage not known yet", ""),
        ([due("2026-05-12")], StageKind.PREGNANT, "31 weeks, due 12 May", "Expecting a baby, due 12 May"),
        ([due("2026-03-10")], StageKind.PREGNANT, "40 weeks, due 10 March", "Expecting a baby, due 10 March"),
        (
            [due("2026-12-01")],
            StageKind.PREGNANT,
            "2 weeks, due 1 December",
            "Expecting a baby, due 1 December",
        ),
        ([due("2026-03-03")], StageKind.PREGNANT, "Due 3 March, birth not recorded", "Expecting a baby"),
        ([due("2025-03-03")], StageKind.PREGNANT, "Due 3 March 2025, birth not recorded", "Expecting a baby"),
        ([Child()], StageKind.PREGNANT, "Expecting, due date not known", "Expecting a baby"),
        ([Child(), Child()], StageKind.PREGNANT, "Twins, due date not known", "Expecting twins"),
        (
            [due("2026-10-13"), due("2026-10-13")],
            StageKind.PREGNANT,
            "Twins, 9 weeks, due 13 October",
            "Expecting twins, due 13 October",
        ),
        (
            [due("2026-05-12")] * 3,
            StageKind.PREGNANT,
            "Triplets, 31 weeks, due 12 May",
            "Expecting triplets, due 12 May",
        ),
        (
            [due("2026-05-12")] * 4,
            StageKind.PREGNANT,
            "4 babies, 31 weeks, due 12 May",
            "Expecting 4 babies, due 12 May",
        ),
        ([born("2026-02-03")], StageKind.BORN, "Born 3 February, 5 weeks", "A baby, 5 weeks old"),
        ([born("2026-03-10")], StageKind.BORN, "Born 10 March, today", "A baby, born today"),
        ([born("2026-03-09")], StageKind.BORN, "Born 9 March, 1 day", "A baby, 1 day old"),
        ([born("2025-09-20")], StageKind.BORN, "Born 20 September, 5 months", "A baby, 5 months old"),
        ([born("2024-03-11")], StageKind.BORN, "Born 11 March 2024, 23 months", "A baby, 23 months old"),
        ([born("2024-03-10")], StageKind.BORN, "Born 10 March 2024, 2 years", "A child, 2 years old"),
        (
            [born("2026-02-03"), born("2026-02-04")],
            StageKind.BORN,
            "Twins, born 4 February, 4 weeks",
            "Twins, 4 weeks old",
        ),
        (
            [born("2026-02-03"), born("2021-01-01")],
            StageKind.BORN,
            "Born 3 February, 5 weeks",
            "A baby, 5 weeks old",
        ),
        (
            [due("2026-05-12"), born("2024-01-01")],
            StageKind.PREGNANT,
            "31 weeks, due 12 May",
            "Expecting a baby, due 12 May",
        ),
        ([born("2026-04-01")], StageKind.PREGNANT, "Expecting, due date not known", "Expecting a baby"),
        ([lost("2026-01-27")], StageKind.LOSS, "6 weeks since a loss", ""),
        ([lost("2026-03-10", LossKind.STILLBIRTH)], StageKind.LOSS, "A loss today", ""),
        ([lost(None, LossKind.MISCARRIAGE)], StageKind.LOSS, "After a loss, date not known", ""),
        ([lost("2024-01-27"), lost("2026-01-27")], StageKind.LOSS, "6 weeks since a loss", ""),
        ([lost("2023-01-27")], StageKind.LOSS, "3 years since a loss", ""),
    ],
)
def test_the_stage_in_words(children: list[Child], kind: StageKind, words: str, family: str) -> None:
    found = rules.stage(children, on=ON)
    assert (found.kind, found.words, found.words_family) == (kind, words, family)


@pytest.mark.parametrize(
    ("trying", "assisted", "words"),
    [(True, False, "Trying to conceive"), (False, True, "Trying to conceive, with assisted conception")],
)
def test_trying_is_the_first_stage(trying: bool, assisted: bool, words: str) -> None:
    found = rules.stage([], on=ON, trying=trying, assisted=assisted)
    assert (found.kind, found.words, found.says_baby) == (StageKind.TRYING, words, True)


def test_trying_again_after_a_loss_is_still_the_loss_stage() -> None:
    found = rules.stage([lost("2026-01-27")], on=ON, trying=True)
    assert (found.kind, found.words, found.says_baby) == (
        StageKind.LOSS,
        "6 weeks since a loss, trying again",
        False,
    )


def test_weeks_and_days_of_a_pregnancy_count_back_from_forty_weeks() -> None:
    found = rules.stage([due("2026-05-09")], on=ON)
    assert (found.weeks, found.days, found.babies) == (31, 3, 1)


def test_an_overdue_pregnancy_keeps_its_weeks_only_while_they_make_sense() -> None:
    late = rules.stage([due(ON - timedelta(days=21))], on=ON)
    assert (late.weeks, late.days, late.is_overdue) == (43, 0, True)
    too_late = rules.stage([due(ON - timedelta(days=22))], on=ON)
    assert (too_late.weeks, too_late.days, too_late.is_overdue) == (None, None, True)


def test_after_the_loss_of_one_twin_both_are_said_and_a_person_decides() -> None:
    found = rules.stage([due("2026-05-12"), lost("2026-02-24", LossKind.STILLBIRTH)], on=ON)
    assert (found.kind, found.words) == (StageKind.PREGNANT, "31 weeks, due 12 May; 2 weeks since a loss")
    assert (found.says_baby, found.ask_first, found.words_family) == (False, True, "")
    newborn = rules.stage([born("2026-02-24"), lost("2026-02-25", LossKind.NEONATAL_DEATH)], on=ON)
    assert newborn.words == "Born 24 February, 2 weeks; 13 days since a loss"
    assert newborn.ask_first


@pytest.mark.parametrize("decided", [True, False])
def test_what_a_person_decided_beside_a_loss_holds(decided: bool) -> None:
    found = rules.stage([due("2026-05-12"), lost("2026-02-24")], on=ON, may_say_baby=decided)
    assert (found.says_baby, found.ask_first) == (decided, False)
    assert found.words_family == ("Expecting a baby, due 12 May" if decided else "")


def test_nobody_can_decide_to_speak_of_a_baby_when_there_is_none() -> None:
    found = rules.stage([lost("2026-02-24")], on=ON, may_say_baby=True)
    assert (found.says_baby, found.ask_first) == (False, False)


DAYS = st.integers(-900, 300).map(lambda shift: ON + timedelta(days=shift))
CHILDREN = st.lists(
    st.builds(Child, st.none() | DAYS, st.none() | DAYS, st.none() | DAYS, st.sampled_from(["", *LossKind])),
    max_size=4,
)


@given(CHILDREN, st.booleans(), st.booleans(), st.none() | st.booleans())
def test_after_a_loss_nothing_is_said_of_a_baby_unless_a_person_decided(
    children: list[Child], trying: bool, assisted: bool, decided: bool | None
) -> None:
    found = rules.stage(children, on=ON, trying=trying, assisted=assisted, may_say_baby=decided)
    losses = [child for child in children if child.is_lost]
    others = [child for child in children if not child.is_lost]
    assert found.words
    assert found.words[0] == found.words[0].upper()
    if losses and not others:
        assert (found.kind, found.says_baby, found.words_family) == (StageKind.LOSS, False, "")
    elif losses:
        assert found.says_baby == (decided is True)
        assert found.ask_first == (decided is None)
        assert "loss" in found.words
    else:
        assert found.says_baby
        assert not found.ask_first
    if not found.says_baby:
        assert found.words_family == ""


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(-280, 0))
def test_gestation_counts_up_one_day_a_day(due_on: date, before: int) -> None:
    on = due_on + timedelta(days=before)
    found = rules.stage([due(due_on)], on=on)
    assert found.weeks is not None
    assert found.days is not None
    assert found.weeks * 7 + found.days == 280 + before


# --- checks


@pytest.mark.parametrize("shift", [-44 * 7, -1, 0, 280, 301])
def test_a_due_date_that_can_be(shift: int) -> None:
    day = ON + timedelta(days=shift)
    assert rules.check_due_on(day, ON) == day


@pytest.mark.parametrize(("shift", "says"), [(302, "more than ten months"), (-44 * 7 - 1, "long past")])
def test_a_due_date_that_cannot_be(shift: int, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        rules.check_due_on(ON + timedelta(days=shift), ON)


@pytest.mark.parametrize(
    ("day", "whose", "says"),
    [
        ("2026-03-11", "baby", "in the future"),
        ("2026-03-11", "adult", "in the future"),
        ("1905-03-10", "adult", "120 years"),
        ("2016-03-11", "adult", "of a child"),
        ("2007-03-10", "baby", "of an adult"),
        ("0001-01-01", "adult", "120 years"),
    ],
)
def test_a_date_of_birth_that_cannot_be(day: str, whose: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        rules.check_born_on(date.fromisoformat(day), ON, whose=whose)  # type: ignore[arg-type]  # a table of plain words


@pytest.mark.parametrize(
    ("day", "whose"),
    [
        ("2026-03-10", "baby"),
        ("2007-03-11", "baby"),
        ("2016-03-10", "adult"),
        ("2012-02-29", "adult"),
        ("1906-03-10", "adult"),
    ],
)
def test_a_date_of_birth_that_can_be(day: str, whose: str) -> None:
    assert rules.check_born_on(date.fromisoformat(day), ON, whose=whose)  # type: ignore[arg-type]  # a table of plain words


def test_the_day_of_a_loss() -> None:
    assert rules.check_lost_on(ON, ON) == ON
    assert rules.check_lost_on(ON, ON, born_on=ON) == ON
    with pytest.raises(BadInput, match="in the future"):
        rules.check_lost_on(ON + timedelta(days=1), ON)
    with pytest.raises(BadInput, match="before the date of birth"):
        rules.check_lost_on(ON - timedelta(days=1), ON, born_on=ON)


def test_each_kind_of_loss_has_words() -> None:
    assert set(rules.LOSS_WORDS) == set(LossKind)
