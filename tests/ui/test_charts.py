"""Where everything of a chart of scores stands."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anydoor.ui.charts import NARROW, WIDE, Drawing, Mark, Scale, Size, draw, reliable_box

PHQ_9 = Scale(
    0,
    27,
    bands=((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "mod. severe"), (20, "severe")),
    line=(10, "caseness, 10 or more"),
    index=6,
)
FIRST = date(2026, 1, 6)


def days(*scores: int | None, apart: int = 14) -> list[Mark]:
    return [
        Mark(FIRST + timedelta(days=apart * at), score, "1 missing" if score is None else "")
        for at, score in enumerate(scores)
    ]


def test_a_higher_score_stands_higher_and_the_ends_of_the_scale_at_the_edges() -> None:
    drawn = draw(days(0, 27), PHQ_9, WIDE)
    low, high = drawn.points
    assert low.y == drawn.plot.y + drawn.plot.height
    assert high.y == drawn.plot.y


def test_time_runs_true() -> None:
    marks = [Mark(FIRST, 1), Mark(FIRST + timedelta(days=10), 2), Mark(FIRST + timedelta(days=40), 3)]
    a, b, c = (point.x for point in draw(marks, PHQ_9, WIDE).points)
    assert c - b == pytest.approx(3 * (b - a), abs=0.3)


def test_what_was_not_scored_is_hollow_and_the_line_past_it_dashed() -> None:
    drawn = draw(days(14, None, 13, 11), PHQ_9, WIDE)
    assert [point.is_scored for point in drawn.points] == [True, False, True, True]
    assert [stroke.dashed for stroke in drawn.strokes] == [True, False]
    assert drawn.points[1].note is not None
    assert "not scored, 1 missing" in drawn.points[1].told


@pytest.mark.parametrize(
    ("first", "index", "box"),
    [
        (17, 6, (12, 22)),  # a fall of 6, to 11, is reliable: 11 is outside
        (3, 6, (0, 8)),
        (27, 6, (22, 27)),
        (5, 1, (5, 5)),
        (Decimal("3.00"), Decimal("0.73"), (Decimal("2.28"), Decimal("3.72"))),
    ],
)
def test_the_box_ends_one_point_before_a_reliable_change(
    first: int, index: int, box: tuple[int, int]
) -> None:
    assert reliable_box(first, index, PHQ_9) == box


def test_the_box_is_around_the_first_whole_score_and_says_its_ends() -> None:
    drawn = draw(days(None, 17, 8), PHQ_9, WIDE)
    assert drawn.unsure is not None
    assert drawn.unsure_label is not None
    assert drawn.unsure_label.words == "no reliable change, 12 to 22"
    inside = drawn.unsure.y <= drawn.points[1].y <= drawn.unsure.y + drawn.unsure.height
    outside = drawn.points[2].y > drawn.unsure.y + drawn.unsure.height
    assert inside
    assert outside


def test_without_a_rule_or_a_score_there_is_no_box() -> None:
    assert draw(days(5, 6), Scale(0, 27), WIDE).unsure is None
    assert draw(days(None), PHQ_9, WIDE).unsure is None


def test_a_narrow_chart_has_room_for_its_longest_words() -> None:
    drawn = draw(days(17, 8), PHQ_9, NARROW)
    assert drawn.unsure_label is not None
    assert drawn.unsure_label.words == "no reliable change, 12 to 22"
    beside = NARROW.width - (drawn.plot.x + drawn.plot.width)
    assert beside >= len("mod. severe") * 6 + 6


def test_bands_get_deeper_towards_worse() -> None:
    worse = draw(days(5), PHQ_9, WIDE).bands
    better = draw(days(5), Scale(0, 45, bands=((0, "low"), (40, "confident")), worse=False), WIDE).bands
    assert [band.depth for band in worse] == [1, 2, 3, 4, 5]
    assert [band.depth for band in better] == [2, 1]
    assert worse[0].box.y > worse[-1].box.y


@pytest.mark.parametrize("score", [0, 13, 27])
def test_a_raised_item_has_its_triangle_inside_the_drawing(score: int) -> None:
    drawn = draw([Mark(FIRST, score, risk="question 9")], PHQ_9, WIDE)
    point = drawn.points[0]
    assert point.risk_at is not None
    assert point.risk is not None
    assert point.risk_at[1] - 6 > 0
    assert point.risk_at[1] + 6 < WIDE.height
    assert "question 9 above 0" in point.told


def test_a_chart_of_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="at least one mark"):
        draw([], PHQ_9, WIDE)


def everything(drawn: Drawing) -> list[tuple[float, float]]:
    places = [(point.x, point.y) for point in drawn.points]
    places += [(stroke.x1, stroke.y1) for stroke in drawn.strokes]
    places += [(label.x, label.y) for _, label in drawn.words()]
    return places


@settings(max_examples=40)
@given(
    scores=st.lists(st.none() | st.integers(0, 27), min_size=1, max_size=30),
    apart=st.integers(0, 60),
    risk=st.booleans(),
    size=st.sampled_from([WIDE, NARROW]),
)
def test_no_point_is_lost_or_stands_outside(
    scores: list[int | None], apart: int, risk: bool, size: Size
) -> None:
    marks = days(*scores, apart=apart)
    if risk:
        marks[0] = Mark(marks[0].day, marks[0].score, marks[0].note, "question 9")
    drawn = draw(marks, PHQ_9, size, [FIRST])
    assert [point.score for point in drawn.points] == ["" if one is None else str(one) for one in scores]
    for x, y in everything(drawn):
        assert 0 <= x <= size.width
        assert 0 <= y <= size.height
    first, *_ = drawn.days
    assert first.words == "6 Jan" or "26" in first.words
