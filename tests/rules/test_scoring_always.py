"""What must hold for every answer to every instrument: bounds, direction, and that a gap is never a 0."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from anydoor.rules.instruments.answers import read
from anydoor.rules.instruments.contract import score_line
from anydoor.rules.instruments.definition import Format, Instrument
from anydoor.rules.instruments.registry import PRESENT
from anydoor.rules.instruments.scoring import Risk, Screen, Status, score

FLAT = [one for one in PRESENT.values() if Format.ITEM_SCORES in one.formats]
TICKED = [one for one in PRESENT.values() if Format.PRINTED_OPTION_INDEX in one.formats]
flat = st.sampled_from(FLAT)
Answered = tuple[Instrument, list[int]]
ROLES = st.sampled_from(["mother", "father", "carer", None])


def answers_of(one: Instrument) -> st.SearchStrategy[list[int]]:
    ranges = [one.range_of(item) for item in range(1, one.size + 1)]
    return st.tuples(*(st.integers(low, high) for low, high in ranges)).map(list)


@st.composite
def answered(draw: st.DrawFn) -> Answered:
    one = draw(flat)
    return one, draw(answers_of(one))


@given(answered(), ROLES)
def test_a_whole_answer_has_a_total_within_bounds(
    pair: tuple[Instrument, list[int]], role: str | None
) -> None:
    one, answers = pair
    found = score(one, read(one, Format.ITEM_SCORES, answers), role=role)
    low, high = one.total_range()
    assert found.status is Status.COMPLETE
    assert found.total is not None
    assert low <= found.total <= high
    assert found.missing == ()
    assert found.rule == one.key
    assert found.estimate is None


@given(answered(), st.data())
def test_one_more_on_an_item_is_one_more_in_the_total(pair: Answered, data: st.DataObject) -> None:
    one, answers = pair
    item = data.draw(st.sampled_from(one.total_items()))
    if answers[item - 1] == one.range_of(item)[1]:
        return
    higher = [*answers]
    higher[item - 1] += 1
    before = score(one, read(one, Format.ITEM_SCORES, answers))
    after = score(one, read(one, Format.ITEM_SCORES, higher))
    assert after.total == (before.total or 0) + 1
    order = [Screen.NEGATIVE, Screen.POSITIVE]
    if before.screen and after.screen:
        assert order.index(after.screen) >= order.index(before.screen)


@given(st.sampled_from(TICKED), st.data())
def test_ticking_one_option_on_moves_the_total_the_way_the_item_points(
    one: Instrument, data: st.DataObject
) -> None:
    ticks = [data.draw(st.integers(0, high - low)) for low, high in map(one.range_of, range(1, one.size + 1))]
    item = data.draw(st.integers(1, one.size))
    low, high = one.range_of(item)
    if ticks[item - 1] == high - low:
        return
    further = [*ticks]
    further[item - 1] += 1
    before = score(one, read(one, Format.PRINTED_OPTION_INDEX, ticks)).total
    after = score(one, read(one, Format.PRINTED_OPTION_INDEX, further)).total
    assert before is not None
    assert after == before + (-1 if item in one.reversed_items else 1)


@given(answered(), st.data())
def test_a_gap_is_never_a_zero(pair: Answered, data: st.DataObject) -> None:
    one, answers = pair
    gaps = data.draw(st.sets(st.sampled_from(one.total_items()), min_size=1))
    holes: list[int | None] = [None if item in gaps else answer for item, answer in enumerate(answers, 1)]
    found = score(one, read(one, Format.ITEM_SCORES, holes), role="mother")
    assert found.status is Status.INCOMPLETE
    assert (found.total, found.band, found.tt_caseness) == (None, None, None)
    assert set(found.missing) == gaps
    assert found.screen is not Screen.NEGATIVE
    if found.estimate is not None:
        known = [answer for answer in holes if answer is not None]
        low, high = one.total_range()
        assert low <= found.estimate <= high
        assert min(known) * one.size <= found.estimate + 0.05
        assert found.estimate - 0.05 <= max(known) * one.size


@given(answered(), st.data())
def test_what_was_decided_early_stays_decided(pair: Answered, data: st.DataObject) -> None:
    """A partial answer's positive screen and raised risk hold however the rest is answered."""
    one, answers = pair
    holes: list[int | None] = [data.draw(st.sampled_from([answer, None])) for answer in answers]
    part = score(one, read(one, Format.ITEM_SCORES, holes))
    whole = score(one, read(one, Format.ITEM_SCORES, answers))
    if part.screen is Screen.POSITIVE:
        assert whole.screen is Screen.POSITIVE
    if part.risk is Risk.RAISED:
        assert whole.risk is Risk.RAISED
    if part.risk is Risk.NOT_RAISED:
        assert whole.risk is Risk.NOT_RAISED


ANYTHING: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(answered(), st.data(), ANYTHING)
def test_nothing_but_its_own_values_is_an_answer(pair: Answered, data: st.DataObject, strange: Any) -> None:
    one, answers = pair
    item = data.draw(st.integers(1, one.size))
    low, high = one.range_of(item)
    if strange is None or (type(strange) is int and low <= strange <= high):
        return
    spoiled: list[Any] = [*answers]
    spoiled[item - 1] = strange
    line = {"id": 1, "instrument": one.name, "format": "item_scores", "respondent_role": "mother"}
    found = score_line({**line, "answers": spoiled})
    assert (found["status"], found["total"], found["band"], found["screen"]) == ("invalid", None, None, None)
    assert all(str(strange) not in str(reason) for reason in found["reasons"]) or len(str(strange)) < 4
