"""Outcomes by the rules of NHS Talking Therapies: worked cases, fall-back, both countings, cohorts."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from anydoor.rules.errors import BadInput
from anydoor.rules.outcomes import (
    KEYS,
    MEASURES_OF,
    Cohort,
    Course,
    Outcome,
    Pair,
    at_caseness,
    outcome,
    outcome_line,
    read_course,
)


def course(mood: Any, worry: Any, *, ended: bool = True, attended: int = 2, **more: Any) -> Course:
    scores = {
        "PHQ-9": Pair(*mood),
        "GAD-7": Pair(*worry),
        **{name: Pair(*pair) for name, pair in more.items()},
    }
    return Course(ended=ended, attended=attended, descriptor="depression", scores=scores)


@pytest.mark.parametrize(
    ("mood", "worry", "case", "recovered", "verdict"),
    [
        # A person can recover without reliable improvement, and improve reliably without recovery.
        ((10, 9), (0, 0), True, True, "none"),
        ((20, 12), (5, 5), True, False, "better"),
        ((15, 9), (12, 7), True, True, "better"),
        ((15, 9), (12, 8), True, False, "better"),
        ((9, 3), (7, 3), False, False, "better"),
        ((9, 9), (7, 7), False, False, "none"),
        ((10, 4), (0, 0), True, True, "better"),
        ((10, 5), (0, 0), True, True, "none"),  # 5 is one short of the index of 6
        ((0, 0), (8, 4), True, True, "better"),
        ((0, 0), (8, 5), True, True, "none"),
        ((0, 6), (0, 0), False, False, "worse"),
        ((0, 5), (0, 3), False, False, "none"),
        ((5, 5), (3, 7), False, False, "worse"),
        # One reliably down and one reliably up: no reliable change.
        ((20, 10), (4, 8), True, False, "none"),
        ((4, 10), (15, 5), True, False, "none"),
        ((20, 10), (4, 7), True, False, "better"),
    ],
)
def test_worked_cases(mood: Any, worry: Any, case: bool, recovered: bool, verdict: str) -> None:
    found = outcome(course(mood, worry))
    assert (found.case_at_start, found.recovered) == (case, recovered)
    told = {
        "better": found.reliable_improvement,
        "worse": found.reliable_deterioration,
        "none": found.no_reliable_change,
    }
    assert [name for name, met in told.items() if met] == [verdict]
    assert found.reliable_recovery is (recovered and verdict == "better")
    assert found.in_recovery_denominator is case
    assert found.in_improvement_denominator is True


@pytest.mark.parametrize(
    ("descriptor", "scores", "used"),
    [
        ("social_anxiety", {"SPIN": (30, 10), "GAD-7": (9, 3)}, "SPIN"),
        ("social_anxiety", {"SPIN": (30, None), "GAD-7": (9, 3)}, "GAD-7"),
        ("social_anxiety", {"SPIN": (30, None), "GAD-7": (None, 3)}, None),
        ("ptsd", {"PCL-5": (40, 20), "IES-R": (40, 20), "GAD-7": (9, 3)}, "PCL-5"),
        ("ptsd", {"PCL-5": (None, 20), "IES-R": (40, 20), "GAD-7": (9, 3)}, "IES-R"),
        ("ptsd", {"GAD-7": (9, 3)}, "GAD-7"),
        ("agoraphobia", {"MI": (Decimal(3), Decimal(2))}, "MI"),
        ("ocd", {"OCI": (60, 20), "GAD-7": (9, 3)}, "OCI"),
        ("panic_disorder", {"PDSS": (12, 2)}, "PDSS"),
        ("health_anxiety", {"HAI": (30, 10)}, "HAI"),
        # GAD takes GAD-7, whatever else was scored.
        ("gad", {"PSWQ": (60, 40), "SPIN": (30, 10), "GAD-7": (9, 3)}, "GAD-7"),
        ("gad", {"PSWQ": (60, 40)}, None),
        ("none_recorded", {"GAD-7": (9, 3)}, "GAD-7"),
    ],
)
def test_which_anxiety_measure(descriptor: str, scores: dict[str, Any], used: str | None) -> None:
    pairs = {name: Pair(*pair) for name, pair in scores.items()} | {"PHQ-9": Pair(5, 5)}
    found = outcome(Course(True, 2, descriptor, pairs))
    assert found.anxiety_measure_used == used
    assert found.outcome_calculable is (used is not None)


def test_both_ends_are_of_the_same_measure() -> None:
    """First on SPIN, last on GAD-7 is no pair: nothing can be told of it."""
    found = outcome(
        Course(True, 2, "social_anxiety", {"PHQ-9": Pair(9, 9), "SPIN": Pair(30), "GAD-7": Pair(None, 3)})
    )
    assert (found.outcome_calculable, found.case_at_start, found.recovered) == (False, None, None)


@pytest.mark.parametrize(
    ("measure", "below", "at"),
    [
        ("PHQ-9", 9, 10),
        ("GAD-7", 7, 8),
        ("SPIN", 18, 19),
        ("PCL-5", 31, 32),
        ("IES-R", 32, 33),
        ("MI", Decimal("2.3"), Decimal("2.31")),
        ("OCI", 39, 40),
        ("PDSS", 7, 8),
        ("HAI", 17, 18),
    ],
)
def test_caseness_to_the_point(measure: str, below: Any, at: Any) -> None:
    assert not at_caseness(measure, below)
    assert at_caseness(measure, at)


def test_a_measure_without_caseness_says_so() -> None:
    with pytest.raises(BadInput):
        at_caseness("PSWQ", 60)


def test_the_mobility_inventory_is_exact_to_the_hundredth() -> None:
    """3.03 less 2.30 is 0.73, which binary fractions would call less."""
    scores = {"PHQ-9": {"first": 5, "last": 5}, "MI": {"first": 3.03, "last": 2.3}}
    line = {"id": 1, "referral": referral(problem_descriptor="agoraphobia"), "scores": scores}
    found = outcome_line(line)
    assert (found["reliable_improvement"], found["recovered"]) == (True, True)


def test_without_a_pair_nothing_is_told_and_the_course_stays_in_the_rates() -> None:
    for mood, worry in (((15, None), (9, 3)), ((None, 5), (9, 3)), ((15, 5), (None, None))):
        found = outcome(course(mood, worry))
        assert found.outcome_calculable is False
        told = (found.case_at_start, found.recovered, found.reliable_improvement, found.no_reliable_change)
        assert told == (None,) * 4
        assert (found.in_recovery_denominator, found.in_improvement_denominator) == (True, True)


@pytest.mark.parametrize(
    ("ended", "attended", "national", "local"),
    [(True, 2, True, True), (False, 2, False, True), (True, 1, False, False), (False, 0, False, False)],
)
def test_the_two_countings_of_completed(ended: bool, attended: int, national: bool, local: bool) -> None:
    found = outcome(course((15, 5), (9, 3), ended=ended, attended=attended))
    assert (found.completed_course, found.attended_two_or_more) == (national, local)
    assert found.in_recovery_denominator is national
    assert found.recovered is True
    assert found.reliable_recovery is national  # within completed courses


def test_the_figures_of_norfolk_do_not_need_an_end() -> None:
    """3,750 reached, 2,551 with two or more sessions: 1,199 open. It is the local counting."""
    cohort = Cohort()
    for at in range(3750):
        cohort.add(outcome(course((12, 4), (9, 3), ended=False, attended=2 if at < 2551 else 1)))
    found = cohort.as_object()
    assert (found["referrals"], found["completed_course"]) == (3750, 0)
    local = found["two_or_more_attended"]
    assert isinstance(local, dict)
    assert local["attended_two_or_more"] == 2551
    assert 3750 - local["attended_two_or_more"] == 1199


def test_the_national_rate_of_april_2025() -> None:
    """26,457 recovered of 54,672 who completed and were at caseness: 48.4%, a hundredth of each here."""
    cohort = Cohort()
    for _ in range(265):
        cohort.add(outcome(course((15, 5), (9, 3))))
    for _ in range(547 - 265):
        cohort.add(outcome(course((15, 12), (9, 9))))
    for _ in range(100):
        cohort.add(outcome(course((3, 3), (3, 3))))  # below caseness: in the change rates alone
    found = cohort.as_object()
    assert (found["in_recovery_denominator"], found["in_improvement_denominator"]) == (547, 647)
    assert found["not_at_caseness"] == 100
    rate = found["reliable_recovery_rate"]
    assert isinstance(rate, float)
    assert round(rate * 100, 1) == 48.4
    assert found["reliable_improvement_rate"] == 265 / 647


def test_courses_without_a_pair_count_against_recovery() -> None:
    cohort = Cohort()
    cohort.add(outcome(course((15, 5), (9, 3))))
    cohort.add(outcome(course((15, None), (9, 3))))
    found = cohort.as_object()
    assert (found["recovery_rate"], found["outcome_not_calculable"], found["completed_course"]) == (0.5, 1, 2)


def test_no_rate_without_a_denominator() -> None:
    found = Cohort().as_object()
    assert found["recovery_rate"] is None
    assert found["reliable_improvement_rate"] is None


def referral(**changes: Any) -> dict[str, Any]:
    return {"ended": True, "attended_treatment_appointments": 3, "problem_descriptor": "gad"} | changes


@pytest.mark.parametrize(
    "changes",
    [
        {"ended": "yes"}, {"ended": 1}, {"ended": "2026-02-30"}, {"attended_treatment_appointments": -1},
        {"attended_treatment_appointments": 2.0}, {"attended_treatment_appointments": True},
        {"attended_treatment_appointments": None}, {"attended_treatment_appointments": 10**9},
        {"problem_descriptor": "sadness"}, {"problem_descriptor": 3},
    ],
)  # fmt: skip
def test_a_referral_that_cannot_be(changes: dict[str, Any]) -> None:
    with pytest.raises(BadInput):
        read_course({"id": 1, "referral": referral(**changes), "scores": {}})


@pytest.mark.parametrize(
    "scores",
    [
        None, [], {"PHQ-9": 3}, {"PHQ-9": {"first": 28}}, {"PHQ-9": {"first": -1}},
        {"PHQ-9": {"first": True}}, {"PHQ-9": {"first": 5.0}}, {"PHQ-9": {"first": "5"}},
        {"PHQ": {"first": 5}},
        {"MI": {"first": 0.5}}, {"MI": {"first": 5.01}}, {"MI": {"first": float("nan")}},
        {"MI": {"first": 10**400}}, {"HAI": {"last": 55}},
    ],
)  # fmt: skip
def test_scores_that_cannot_be(scores: Any) -> None:
    with pytest.raises(BadInput):
        read_course({"id": 1, "referral": referral(), "scores": scores})


def test_what_may_be_left_out() -> None:
    line = {
        "id": 1,
        "referral": referral(ended="2026-02-03", problem_descriptor=None),
        "scores": {"PHQ-9": None},
    }
    read = read_course(line)
    assert (read.ended, read.descriptor, read.scores) == (True, "none_recorded", {})
    assert read_course({"referral": referral(ended=None), "scores": {}}).ended is False
    with pytest.raises(BadInput):
        read_course({"referral": {"attended_treatment_appointments": 2}, "scores": {}})


TOPS = {"PHQ-9": 27, "GAD-7": 21, "SPIN": 68, "PCL-5": 80, "IES-R": 88, "OCI": 168, "PDSS": 28, "HAI": 54}


@st.composite
def courses(draw: st.DrawFn) -> Course:
    scores = {}
    for name, top in TOPS.items():
        end = st.none() | st.integers(0, top)
        scores[name] = Pair(draw(end), draw(end))
    return Course(
        draw(st.booleans()), draw(st.integers(0, 5)), draw(st.sampled_from(sorted(MEASURES_OF))), scores
    )


@given(courses())
def test_what_always_holds(course: Course) -> None:
    found = outcome(course)
    assert found.completed_course <= found.attended_two_or_more
    assert found.in_recovery_denominator <= found.in_improvement_denominator
    if not found.outcome_calculable:
        return
    verdicts = (found.reliable_improvement, found.reliable_deterioration, found.no_reliable_change)
    assert sum(bool(met) for met in verdicts) == 1
    assert bool(found.recovered) <= bool(found.case_at_start)
    assert bool(found.reliable_recovery) <= bool(found.recovered and found.reliable_improvement)


@given(courses())
def test_time_turned_round_turns_the_verdict(course: Course) -> None:
    back = Course(
        course.ended,
        course.attended,
        course.descriptor,
        {name: Pair(pair.last, pair.first) for name, pair in course.scores.items()},
    )
    forth, again = outcome(course), outcome(back)
    assert forth.reliable_improvement == again.reliable_deterioration
    assert forth.no_reliable_change == again.no_reliable_change


@given(st.lists(courses(), max_size=30))
def test_a_cohort_adds_up(several: list[Course]) -> None:
    cohort = Cohort()
    outcomes: list[Outcome] = [outcome(one) for one in several]
    for one in outcomes:
        cohort.add(one)
    found: dict[str, Any] = cohort.as_object()
    assert found["referrals"] == len(several)
    for name in (
        "completed_course",
        "in_recovery_denominator",
        "in_improvement_denominator",
        "reliable_recovery",
    ):
        assert found[name] == sum(getattr(one, name) is True for one in outcomes)
    done = [one for one in outcomes if one.completed_course]
    verdicts = ("reliable_improvement", "reliable_deterioration", "no_reliable_change")
    assert sum(found[name] for name in verdicts) + found["outcome_not_calculable"] == len(done)
    assert found["two_or_more_attended"]["attended_two_or_more"] >= found["completed_course"]


def test_every_key_is_known() -> None:
    assert {"PHQ-9", "GAD-7", *(name for names in MEASURES_OF.values() for name in names)} <= set(KEYS)
