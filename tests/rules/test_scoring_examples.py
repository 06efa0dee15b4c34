"""What the sources say, as tables: bands to the point, screens, risk, estimates, order of options."""

from __future__ import annotations

from typing import Any

import pytest

from anydoor.rules.errors import BadInput
from anydoor.rules.instruments.contract import score_line

UP_TO: dict[str, tuple[int, int]] = {"PHQ-9": (9, 3), "GAD-7": (7, 3), "EPDS": (10, 3), "CORE-10": (10, 4)}


def scored(
    instrument: str, answers: Any, written_as: str = "item_scores", role: str | None = "mother", **more: Any
) -> dict[str, Any]:
    line = {"id": "x", "instrument": instrument, "format": written_as, "respondent_role": role}
    return score_line({**line, "answers": answers, **more})


def making(total: int, size: int, top: int) -> list[int]:
    """Answers that add up to a total."""
    whole, rest = divmod(total, top)
    return ([top] * whole + [rest] * (whole < size) + [0] * size)[:size]


@pytest.mark.parametrize(
    ("instrument", "role", "bands"),
    [
        # Kroenke, Spitzer and Williams 2001
        (
            "PHQ-9",
            "father",
            {0: "minimal", 4: "minimal", 5: "mild", 9: "mild", 10: "moderate", 14: "moderate"}
            | {15: "moderately_severe", 19: "moderately_severe", 20: "severe", 27: "severe"},
        ),
        # Spitzer and others 2006
        (
            "GAD-7",
            None,
            {0: "minimal", 4: "minimal", 5: "mild", 9: "mild", 10: "moderate", 14: "moderate", 15: "severe"}
            | {21: "severe"},
        ),
        # Cox, Holden and Sagovsky 1987
        ("EPDS", "mother", {0: "lt10", 9: "lt10", 10: "10_12", 12: "10_12", 13: "ge13", 30: "ge13"}),
        # Edmondson and others 2010: a father's own, above 10
        ("EPDS", "father", {0: "lt11", 9: "lt11", 10: "lt11", 11: "ge11", 13: "ge11", 30: "ge11"}),
        ("EPDS", "co_parent", {10: "lt11", 11: "ge11"}),
        # No table was validated for anybody else
        ("EPDS", "carer", {9: None, 13: None}),
        ("EPDS", None, {9: None, 13: None}),
        # socasresourcehub, CORE System Trust
        (
            "CORE-10",
            "mother",
            {0: "below_cutoff", 10: "below_cutoff", 11: "mild", 14: "mild", 15: "moderate", 19: "moderate"}
            | {20: "moderate_severe", 24: "moderate_severe", 25: "severe", 40: "severe"},
        ),
    ],
)
def test_bands(instrument: str, role: str | None, bands: dict[int, str | None]) -> None:
    for total, band in bands.items():
        found = scored(instrument, making(total, *UP_TO[instrument]), role=role)
        assert (found["total"], found["band"], found["status"]) == (total, band, "complete")


@pytest.mark.parametrize(
    ("instrument", "total", "case"),
    [("PHQ-9", 9, False), ("PHQ-9", 10, True), ("GAD-7", 7, False), ("GAD-7", 8, True)],
)
def test_caseness_of_talking_therapies(instrument: str, total: int, case: bool) -> None:
    for role in ("mother", "father"):  # unchanged by sex
        assert scored(instrument, making(total, *UP_TO[instrument]), role=role)["tt_caseness"] is case


@pytest.mark.parametrize(
    ("answers", "screen", "status", "total"),
    [
        (["no", "no"], "negative", "complete", 0),
        (["no", "yes"], "positive", "complete", 1),
        (["yes", "yes"], "positive", "complete", 2),
        (["yes", None], "positive", "incomplete", None),
        ([None, "no"], "indeterminate", "incomplete", None),
        ([None, None], "indeterminate", "incomplete", None),
        (["Yes", "no"], None, "invalid", None),
        ([True, "no"], None, "invalid", None),
    ],
)
def test_whooley(answers: list[Any], screen: str | None, status: str, total: int | None) -> None:
    found = scored("Whooley", answers, "yes_no")
    assert (found["screen"], found["status"], found["total"]) == (screen, status, total)


@pytest.mark.parametrize(
    ("answers", "screen"),
    [
        ([1, 1], "negative"),
        ([1, 2], "positive"),
        ([0, 3], "positive"),
        ([3, None], "positive"),
        ([2, None], "indeterminate"),
        ([0, None], "indeterminate"),
        ([None, None], "indeterminate"),
        ([4, 3], None),
    ],
)
def test_gad_2(answers: list[Any], screen: str | None) -> None:
    assert scored("GAD-2", answers)["screen"] == screen


def test_the_first_options_of_the_epds_are_not_all_the_mildest() -> None:
    """Items 1, 2 and 4 are printed from least to most, the seven others from most to least."""
    assert scored("EPDS", [0] * 10, "printed_option_index")["total"] == 21
    assert scored("EPDS", [3] * 10, "printed_option_index")["total"] == 9
    well = [0, 0, 3, 0, 3, 3, 3, 3, 3, 3]
    found = scored("EPDS", well, "printed_option_index")
    assert (found["total"], found["risk_flag"]) == (0, "not_raised")


def test_items_two_and_three_of_core_10_are_reversed() -> None:
    assert scored("CORE-10", [0] * 10, "raw_frequency")["total"] == 8
    assert scored("CORE-10", [0, 4, 4, 0, 0, 0, 0, 0, 0, 0], "raw_frequency")["total"] == 0
    assert scored("CORE-10", [0] * 10, "item_scores")["total"] == 0
    assert scored("CORE-10", making(11, 10, 4))["clinical_cutoff_met"] is True
    assert scored("CORE-10", making(10, 10, 4))["clinical_cutoff_met"] is False


def test_pswq_and_pbq_in_printed_order() -> None:
    assert scored("PSWQ", [0] * 16, "printed_option_index")["total"] == 11 + 5 * 5
    assert scored("PBQ", [0] * 25, "printed_option_index")["total"] == 17 * 5  # always, on every item
    assert scored("PBQ", [5] * 25, "printed_option_index")["total"] == 8 * 5  # never
    harm = [5] * 25
    harm[23] = 4  # "rarely" where only "never" needs nobody at once
    assert scored("PBQ", harm, "printed_option_index")["risk_flag"] == "raised"


@pytest.mark.parametrize(("total", "low"), [(39, True), (40, False), (45, False), (0, True)])
def test_kpcs_below_forty_is_low_confidence(total: int, low: bool) -> None:
    found = scored("KPCS", making(total, 15, 3))
    assert (found["total"], found["low_confidence"], found["band"]) == (total, low, None)


def test_kpcs_does_not_apply_is_worth_two_on_two_items() -> None:
    answers: list[Any] = [3] * 15
    answers[0] = answers[8] = "na"
    assert scored("KPCS", answers, "item_scores_or_na")["total"] == 43
    assert scored("KPCS", answers, "item_scores")["status"] == "invalid"
    answers[1] = "na"
    assert scored("KPCS", answers, "item_scores_or_na")["status"] == "invalid"


@pytest.mark.parametrize(
    ("above", "met"),
    [
        ({1: 2, 6: 2, 8: 2, 9: 2, 15: 2, 16: 2}, True),
        ({5: 4, 7: 2, 13: 2, 14: 2, 19: 2, 20: 2}, True),
        ({6: 2, 8: 2, 9: 2, 15: 2, 16: 2}, False),  # no B
        ({1: 2, 8: 2, 9: 2, 15: 2, 16: 2}, False),  # no C
        ({1: 2, 6: 2, 8: 4, 15: 2, 16: 2}, False),  # one D
        ({1: 2, 6: 2, 8: 2, 9: 2, 15: 4}, False),  # one E
        ({1: 1, 6: 2, 8: 2, 9: 2, 15: 2, 16: 2}, False),  # B only "a little bit"
    ],
)
def test_pcl_5_clusters(above: dict[int, int], met: bool) -> None:
    answers = [above.get(item, 0) for item in range(1, 21)]
    assert scored("PCL-5", answers)["dsm5_cluster_rule_met"] is met


def test_pcl_5_caseness_has_its_number_in_its_name() -> None:
    assert scored("PCL-5", making(31, 20, 4))["tt_caseness_32"] is False
    found = scored("PCL-5", making(32, 20, 4))
    assert (found["tt_caseness_32"], found["tt_caseness"]) == (True, None)
    assert scored("PCL-5", [None, *making(32, 19, 4)])["tt_caseness_32"] is None


def test_city_bits_by_the_rule_of_dsm_5() -> None:
    answers = [0] * 29
    for item in (1, 3, 8, 10, 11, 17, 18, 26, 27):
        answers[item - 1] = 1
    found = scored("City BiTS", answers)
    assert (found["total"], found["dsm5_rule_met"], found["dissociation"], found["delayed_onset"]) == (
        6, True, False, False,
    )  # fmt: skip
    answers[28] = 1  # another cause
    answers[24] = 2
    answers[22] = 1
    found = scored("City BiTS", answers)
    assert (found["dsm5_rule_met"], found["dissociation"], found["delayed_onset"]) == (False, True, True)


def test_ies_r_scales() -> None:
    found = scored("IES-R", [1] * 22)
    assert found["subscales"] == {"avoidance": 8, "intrusion": 7, "arousal": 7}
    found = scored("IES-R", [1] * 4 + [None] + [1] * 17)
    assert (found["total"], found["subscales"]) == (None, {"avoidance": None, "intrusion": 7, "arousal": 7})


def test_wsas_without_work_has_no_total() -> None:
    found = scored("WSAS", ["na", 8, 8, 8, 8], "item_scores_or_na")
    assert (found["total"], found["status"]) == (None, "incomplete")
    assert "no rule" in found["reasons"][0]


# --- estimates ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "estimate"),
    [
        ([1, 1, 1, 1, 1, 1, 1, 1, None], 9.0),
        ([2, 0, 0, 0, 0, 0, 0, 0, None], 2.2),  # 2.25: the even tenth
        ([2, 2, 2, 0, 0, 0, 0, 0, None], 6.8),  # 6.75
        ([3, 3, 3, 3, 3, 3, 3, None, None], 27.0),
        ([1, 0, 0, 0, 0, 0, 0, None, None], 1.3),
        ([3, 3, 3, 3, 3, 3, None, None, None], None),
        ([None] * 9, None),
        ([1] * 9, None),
        ([1, 1, 1, 1, 1, 1, 1, 4, None], None),
    ],
)
def test_phq_9_estimate(answers: list[Any], estimate: float | None) -> None:
    found = scored("PHQ-9", answers)
    assert found["prorated_estimate"] == estimate
    if estimate is not None:
        assert (found["total"], found["band"], found["tt_caseness"]) == (None, None, None)


def test_core_10_estimate_is_of_what_is_scored_not_of_what_was_ticked() -> None:
    assert scored("CORE-10", [None, *[1] * 9])["prorated_estimate"] == 10.0
    # Two and three read 4 - 0 when nothing was ever true.
    assert scored("CORE-10", [None, *[0] * 9], "raw_frequency")["prorated_estimate"] == 8.9
    assert scored("CORE-10", [None, None, *[1] * 8])["prorated_estimate"] is None


@pytest.mark.parametrize(("instrument", "size"), [("GAD-7", 7), ("EPDS", 10), ("PCL-5", 20), ("KPCS", 15)])
def test_nothing_else_is_estimated(instrument: str, size: int) -> None:
    assert scored(instrument, [None, *[1] * (size - 1)])["prorated_estimate"] is None


# --- risk -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("instrument", "size", "item"), [("PHQ-9", 9, 9), ("EPDS", 10, 10), ("CORE-10", 10, 6), ("PBQ", 25, 18)]
)
def test_risk_is_told_whatever_the_total(instrument: str, size: int, item: int) -> None:
    answers: list[Any] = [0] * size
    assert scored(instrument, answers)["risk_flag"] == "not_raised"
    answers[item - 1] = 1
    assert scored(instrument, answers)["risk_flag"] == "raised"
    partial: list[Any] = [None] * size
    partial[item - 1] = 1
    found = scored(instrument, partial)
    assert (found["risk_flag"], found["status"]) == ("raised", "incomplete")
    spoiled = [*answers]
    spoiled[0] = 99
    found = scored(instrument, spoiled)
    assert (found["risk_flag"], found["status"], found["total"]) == ("raised", "invalid", None)


def test_no_answer_is_never_no_risk() -> None:
    for wrong in (None, 4, -1, True, "0", 0.0, "na"):
        assert scored("PHQ-9", [0] * 8 + [wrong])["risk_flag"] == "not_answered"
    assert scored("PHQ-9", [0] * 8)["risk_flag"] == "not_answered"
    assert scored("PHQ-9", [0] * 10)["risk_flag"] == "not_answered"  # nobody knows which is item 9
    assert scored("PHQ-9", [0] * 8 + [1, 0])["risk_flag"] == "raised"
    half: list[Any] = [0] * 25
    half[23] = None
    assert scored("PBQ", half)["risk_flag"] == "not_answered"  # one of two is not enough
    assert scored("GAD-7", [3] * 7)["risk_flag"] == "not_applicable"


# --- scales that are never added ------------------------------------------------------------------------


def test_mors_keeps_its_scales_apart() -> None:
    warm, cold = [5] * 7, [0] * 7
    found = scored("MORS-SF", {"warmth": warm, "invasion": cold}, "subscale_item_scores")
    assert (found["total"], found["band"], found["subscales"]) == (None, None, {"warmth": 35, "invasion": 0})
    assert found["status"] == "complete"
    limits = {"warmth_concern_max": 20, "invasion_concern_min": 12}
    for warmth, invasion, concern in (
        (20, 12, (True, True)),
        (21, 11, (False, False)),
        (0, 0, (True, False)),
    ):
        answers = {"warmth": making(warmth, 7, 5), "invasion": making(invasion, 7, 5)}
        band = scored("MORS-SF", answers, "subscale_item_scores", threshold_config=limits)["band"]
        assert band == {"warmth_concern": concern[0], "invasion_concern": concern[1]}


def test_mors_half_answered_has_half_its_scores() -> None:
    answers = {"warmth": [1] * 7, "invasion": [1] * 6 + [None]}
    limits = {"warmth_concern_max": 10}
    found = scored("MORS-SF", answers, "subscale_item_scores", threshold_config=limits)
    assert (found["status"], found["subscales"], found["band"]) == (
        "incomplete", {"warmth": 7, "invasion": None}, None,
    )  # fmt: skip
    assert any("warmth" in reason and "concern" in reason for reason in found["reasons"])


@pytest.mark.parametrize(
    "limits",
    [
        {"warmth_concern_max": 36},
        {"warmth_concern_max": True},
        {"warmth": 3},
        {"invasion_concern_min": -1},
        [],
        "20",
    ],
)
def test_mors_thresholds_must_be_thresholds(limits: Any) -> None:
    answers = {"warmth": [1] * 7, "invasion": [1] * 7}
    with pytest.raises(BadInput):
        scored("MORS-SF", answers, "subscale_item_scores", threshold_config=limits)


@pytest.mark.parametrize(
    "answers",
    [
        {"warmth": [1] * 7},
        {"warmth": [1] * 7, "invasion": [1] * 7, "total": []},
        {"warmth": [1] * 7, "invasion": [1] * 6},
        {"warmth": [1] * 7, "invasion": [1] * 6 + [6]},
        {"warmth": [1] * 7, "invasion": "1111111"},
    ],
)
def test_mors_answers_that_cannot_be(answers: Any) -> None:
    found = scored("MORS-SF", answers, "subscale_item_scores")
    assert (found["status"], found["subscales"]) == ("invalid", {"warmth": None, "invasion": None})
    with pytest.raises(BadInput):
        scored("MORS-SF", [1] * 14, "item_scores")  # which items belong to which scale is not known


# --- what is beside the point ---------------------------------------------------------------------------


def test_difficulty_is_never_scored() -> None:
    for difficulty in (None, 0, 3, 7, "very", True):
        found = scored("PHQ-9", [1] * 9, difficulty_item=difficulty)
        assert (found["total"], found["status"]) == (9, "complete")
        assert any("difficulty" in reason for reason in found["reasons"]) is (difficulty in (7, "very", True))


def test_a_line_that_is_no_line() -> None:
    good = {
        "id": 1,
        "instrument": "PHQ-9",
        "format": "item_scores",
        "respondent_role": None,
        "answers": [0] * 9,
    }
    assert score_line(good)["total"] == 0
    for wrong in (
        {"instrument": "PHQ9"}, {"instrument": None}, {"instrument": "LEAO"}, {"format": "scores"},
        {"format": "yes_no"}, {"format": None}, {"answers": None}, {"answers": {"1": 0}},
        {"answers": "000000000"}, {"respondent_role": 3}, {"id": None}, {"id": ""}, {"id": True}, {"id": 1.5},
        {"id": "x" * 201}, {"id": 2**80},
    ):  # fmt: skip
        with pytest.raises(BadInput):
            score_line({**good, **wrong})
    for missing in ("id", "instrument", "format", "answers"):
        with pytest.raises(BadInput):
            score_line({name: value for name, value in good.items() if name != missing})
