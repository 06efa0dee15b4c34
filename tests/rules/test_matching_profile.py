"""A profile read from JSON: every fault by its key, nothing guessed; the level and what is urgent."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from anydoor.rules import stage
from anydoor.rules.errors import BadInput
from anydoor.rules.level import band_of, propose_level, severity_of
from anydoor.rules.matching import Concern, Moment, Profile, emergency, match, moment_of, read_profile
from anydoor.rules.profile import FLAGS
from anydoor.rules.stage import StageKind

DAY = {"as_of": "2026-03-10"}
TODAY = date(2026, 3, 10)


def test_a_whole_profile() -> None:
    profile = read_profile(
        DAY
        | {
            "stage": {"baby_birth_date": "2025-11-10"},
            "person": {"role": "father", "age": 31, "care_leaver": False},
            "concerns": [{"strand": "pmh", "severity": "unknown", "measures": {"PHQ-9": 12}}],
            "flags": ["birth_trauma"],
            "wider_needs": ["housing"],
            "postcode": "nr13dd",
            "language": "Polish",
            "mode": "not_group",
            "has_car": False,
        }
    )
    assert profile.moment == Moment(StageKind.BORN, days=120)
    assert (profile.role, profile.age, profile.care_leaver, profile.has_car) == ("father", 31, False, False)
    assert (profile.postcode, profile.outward) == ("NR1 3DD", "NR1")
    assert profile.wanted == {"mood", "birth_trauma", "housing"}
    assert profile.says_baby


def test_only_the_day_is_needed() -> None:
    profile = read_profile(DAY)
    assert profile == Profile(as_of=TODAY)
    assert profile.wanted == frozenset()
    assert match(profile, []) == ()


@pytest.mark.parametrize(
    ("told", "moment", "says_baby"),
    [
        ({"trying_to_conceive": True}, Moment(StageKind.TRYING), True),
        ({"trying_to_conceive": False}, Moment(), True),
        ({"pregnant_weeks": 20}, Moment(StageKind.PREGNANT, weeks=20), True),
        ({"due_date": "2026-07-28"}, Moment(StageKind.PREGNANT, weeks=20), True),
        ({"due_date": "2026-01-01"}, Moment(StageKind.PREGNANT, is_overdue=True), True),
        ({"baby_birth_date": "2026-03-10"}, Moment(StageKind.BORN, days=0), True),
        ({"loss_date": "2026-01-27"}, Moment(StageKind.LOSS, days=42), False),
        ({"loss_date": "2026-01-27", "pregnant_weeks": None}, Moment(StageKind.LOSS, days=42), False),
    ],
)
def test_each_stage(told: dict[str, Any], moment: Moment, says_baby: bool) -> None:
    profile = read_profile(DAY | {"stage": told})
    assert (profile.moment, profile.says_baby) == (moment, says_baby)


def test_a_loss_told_without_a_day_is_a_loss() -> None:
    profile = read_profile(DAY | {"flags": ["loss"]})
    assert profile.is_after_loss
    assert "loss" in profile.wanted


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({}, "as_of"),
        ({"as_of": "10/03/2026"}, "as_of"),
        ({"as_of": 5}, "as_of"),
        (DAY | {"colour": 1}, "colour"),
        (DAY | {"stage": []}, "stage"),
        (DAY | {"stage": {"weeks": 3}}, "stage.weeks"),
        (DAY | {"stage": {"pregnant_weeks": 20, "loss_date": "2026-01-01"}}, "stage"),
        (DAY | {"stage": {"pregnant_weeks": 60}}, "stage.pregnant_weeks"),
        (DAY | {"stage": {"pregnant_weeks": True}}, "stage.pregnant_weeks"),
        (DAY | {"stage": {"due_date": "2031-01-01"}}, "stage.due_date"),
        (DAY | {"stage": {"baby_birth_date": "2026-03-11"}}, "stage.baby_birth_date"),
        (DAY | {"stage": {"loss_date": "soon"}}, "stage.loss_date"),
        (DAY | {"stage": {"trying_to_conceive": "yes"}}, "stage.trying_to_conceive"),
        (DAY | {"person": {"role": "aunt"}}, "person.role"),
        (DAY | {"person": {"age": 4}}, "person.age"),
        (DAY | {"person": {"care_leaver": "no"}}, "person.care_leaver"),
        (DAY | {"concerns": {}}, "concerns"),
        (DAY | {"concerns": ["pmh"]}, "concerns[0]"),
        (DAY | {"concerns": [{}]}, "concerns[0].strand"),
        (DAY | {"concerns": [{"strand": "pmh", "severity": "bad"}]}, "concerns[0].severity"),
        (DAY | {"concerns": [{"strand": "pmh", "measures": {"PHQ-9": "12"}}]}, "concerns[0].measures.PHQ-9"),
        (DAY | {"concerns": [{"strand": "pmh", "measures": [1]}]}, "concerns[0].measures"),
        (DAY | {"flags": "loss"}, "flags"),
        (DAY | {"flags": [""]}, "flags[0]"),
        (DAY | {"flags": ["rain"]}, "flags[0]"),
        (DAY | {"wider_needs": ["rain"]}, "wider_needs[0]"),
        (DAY | {"postcode": "Norwich"}, "postcode"),
        (DAY | {"mode": "pigeon"}, "mode"),
        (DAY | {"language": "a\nb"}, "language"),
        (DAY | {"has_car": "no"}, "has_car"),
    ],
)
def test_a_fault_names_its_key(told: dict[str, Any], field: str | None) -> None:
    with pytest.raises(BadInput) as caught:
        read_profile(told)
    assert caught.value.field == field


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
_KEYS = ["stage", "person", "concerns", "flags", "wider_needs", "postcode", "language", "mode", "has_car"]


@given(st.dictionaries(st.sampled_from(_KEYS), _JSON, max_size=4))
@settings(deadline=None, max_examples=300)
def test_whatever_is_sent_is_a_profile_or_a_plain_refusal(told: dict[str, Any]) -> None:
    sent = DAY | json.loads(json.dumps(told))
    try:
        answer = read_profile(sent)
    except BadInput as problem:
        answer = problem
    assert answer.message.endswith(".") if isinstance(answer, BadInput) else answer.as_of == TODAY


@pytest.mark.parametrize(
    ("children", "trying", "moment"),
    [
        ([stage.Child(due_on=date(2026, 7, 28))], False, Moment(StageKind.PREGNANT, weeks=20)),
        ([stage.Child(born_on=date(2025, 11, 10))], False, Moment(StageKind.BORN, days=120)),
        ([stage.Child(lost_on=date(2026, 1, 27))], False, Moment(StageKind.LOSS, days=42)),
        ([stage.Child(loss_kind=stage.LossKind.NOT_SAID)], False, Moment(StageKind.LOSS)),
        ([], True, Moment(StageKind.TRYING)),
        ([], False, Moment()),
    ],
)
def test_the_moment_of_a_family(children: list[stage.Child], trying: bool, moment: Moment) -> None:
    assert moment_of(stage.stage(children, on=TODAY, trying=trying)) == moment


# ---------------------------------------------------------------- level


@pytest.mark.parametrize(
    ("measure", "score", "role", "band"),
    [
        ("PHQ-9", 4, "", "minimal"),
        ("PHQ-9", 5, "", "mild"),
        ("phq-9", 12, "father", "moderate"),
        ("PHQ-9", 15, "", "severe"),
        ("PHQ-9", 28, "", None),
        ("GAD-7", 15, "", "severe"),
        ("EPDS", 12, "mother", "mild"),
        ("EPDS", 13, "mother", "moderate"),
        ("EPDS", 13, "father", "mild"),
        ("EPDS", 10, "father", "minimal"),
        ("CORE-10", 20, "", "severe"),
        ("PCL-5", 31, "", "moderate"),
        ("MORS-SF", 3, "", None),
        ("PHQ-9", -1, "", None),
        ("PHQ-9", float("nan"), "", None),
    ],
)
def test_bands(measure: str, score: float, role: str, band: str | None) -> None:
    assert band_of(measure, score, role) == band


def test_the_greater_of_told_and_measured_counts() -> None:
    assert severity_of(Concern("pmh", "mild", {"PHQ-9": 16})) == "severe"
    assert severity_of(Concern("pmh", "severe", {"PHQ-9": 3})) == "severe"
    assert severity_of(Concern("pir", "unknown", {"MORS-SF": 3})) == "unknown"


@pytest.mark.parametrize(
    ("profile", "level", "says"),
    [
        ({}, "universal", "Nothing was told yet"),
        ({"wider_needs": frozenset({"housing"})}, "universal", "Practical help"),
        ({"concerns": (Concern("pmh"),)}, "targeted", "not asked yet"),
        ({"concerns": (Concern("pmh", measures={"PHQ-9": 3}),)}, "universal", "usual range (PHQ-9 3)"),
        ({"concerns": (Concern("pmh", measures={"PHQ-9": 12}),)}, "targeted", "moderate (PHQ-9 12)"),
        (
            {"concerns": (Concern("pmh", "moderate"),), "flags": frozenset({"self_harm"})},
            "specialist",
            "self-harm",
        ),
        ({"concerns": (Concern("pmh", "moderate"),), "flags": frozenset({"loss"})}, "targeted", "moderate"),
        ({"concerns": (Concern("pmh", "moderate"), Concern("pir", "severe"))}, "specialist", "severe"),
        (
            {"concerns": (Concern("pmh", "moderate"), Concern("pir", "moderate"))},
            "specialist",
            "more than one",
        ),
        ({"concerns": (Concern("pmh", "severe"),)}, "specialist", "severe"),
        ({"flags": frozenset({"psychosis_suspected"})}, "specialist", "urgent"),
        ({"flags": frozenset({"birth_trauma"})}, "targeted", "a traumatic birth"),
        ({"moment": Moment(StageKind.LOSS)}, "targeted", "There was a loss"),
        ({"age": 17}, "targeted", "Young parents"),
    ],
)
def test_a_level_is_proposed_with_its_reason(profile: dict[str, Any], level: str, says: str) -> None:
    proposed = propose_level(Profile(as_of=TODAY, **profile))
    assert proposed.level == level
    assert says in proposed.why
    assert proposed.why.endswith("This is a proposal: a person decides.")
    assert len(proposed.why) <= 300


@given(
    st.sampled_from(["mild", "moderate", "severe"]),
    st.frozensets(st.sampled_from(FLAGS)),
    st.sampled_from(FLAGS),
)
def test_another_sign_never_lowers_the_level(severity: str, flags: frozenset[str], more: str) -> None:
    order = ["universal", "targeted", "specialist"]
    one = Profile(as_of=TODAY, concerns=(Concern("pmh", severity),), flags=flags)
    other = Profile(as_of=TODAY, concerns=(Concern("pmh", severity),), flags=flags | {more})
    assert order.index(propose_level(other).level) >= order.index(propose_level(one).level)


# ---------------------------------------------------------------- urgent


def test_nothing_urgent_says_nothing() -> None:
    assert emergency(Profile(as_of=TODAY, flags=frozenset({"loss", "birth_trauma"}))) is None


def test_suspected_psychosis_names_the_routes_in_order() -> None:
    told = emergency(
        Profile(as_of=TODAY, flags=frozenset({"psychosis_suspected"})),
        crisis_name="Norfolk crisis team",
        crisis_phone="01632 960901",
    )
    assert told is not None
    assert "within 4 hours" in told.text
    assert [route.phone for route in told.routes] == ["999", "01632 960901", "111"]
    assert "Norfolk crisis team" in told.routes[1].words


def test_more_than_one_danger_names_each_route_once() -> None:
    told = emergency(Profile(as_of=TODAY, flags=frozenset({"psychosis_suspected", "self_harm", "abuse"})))
    assert told is not None
    phones = [route.phone for route in told.routes]
    assert phones == ["999", "111", "116 123", "999", "0808 2000 247"]
    assert len(set(told.routes)) == len(told.routes)


def test_no_word_of_a_baby_after_a_loss_even_when_urgent() -> None:
    after = Profile(as_of=TODAY, flags=frozenset({"psychosis_suspected", "loss"}), says_baby=False)
    told = emergency(after)
    assert told is not None
    assert "baby" not in told.text
