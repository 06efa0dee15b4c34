"""The package and the naive second writing agree, answer by answer, on a hundred thousand random ones."""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import replace
from typing import Any

from tests.rules.naive_scoring import naive, naive_outcome

from anydoor.rules.instruments.answers import read
from anydoor.rules.instruments.contract import score_line
from anydoor.rules.instruments.definition import Format
from anydoor.rules.instruments.evidence import Cited, Tag
from anydoor.rules.instruments.registry import PRESENT
from anydoor.rules.instruments.scoring import score
from anydoor.rules.instruments.values import DEFAULTS
from anydoor.rules.outcomes import outcome_line

ANSWERS = 100_000
SHAPES: dict[str, tuple[tuple[str, ...], int, int]] = {
    "PHQ-9": (("item_scores", "printed_option_index"), 9, 3),
    "GAD-7": (("item_scores", "printed_option_index"), 7, 3),
    "GAD-2": (("item_scores", "printed_option_index"), 2, 3),
    "Whooley": (("yes_no",), 2, 1),
    "EPDS": (("item_scores", "printed_option_index"), 10, 3),
    "CORE-10": (("item_scores", "raw_frequency"), 10, 4),
    "PCL-5": (("item_scores", "printed_option_index"), 20, 4),
    "KPCS": (("item_scores", "item_scores_or_na"), 15, 3),
    "MORS-SF": (("subscale_item_scores",), 14, 5),
}
ROLES = ("mother", "father", "partner", "co_parent", "carer", None)
WRONG: tuple[Any, ...] = (-1, 6, 99, True, False, "1", "", 1.0, 10**30, "na", "yes")


def an_answer(dice: random.Random, written_as: str, top: int, how: str) -> Any:
    roll = dice.random()
    if how == "gaps" and roll < 0.15:
        return None
    if how == "wrong" and roll < 0.1:
        return dice.choice(WRONG)
    if written_as == "yes_no":
        return dice.choice(("yes", "no"))
    if written_as == "item_scores_or_na" and roll > 0.9:
        return "na"
    if how == "low":
        return dice.choice((0, 0, 0, 1))
    return dice.randint(0, top)


def a_line(dice: random.Random, at: int) -> dict[str, Any]:
    name = dice.choice(tuple(SHAPES))
    formats, size, top = SHAPES[name]
    written_as = dice.choice(formats)
    how = dice.choice(("whole", "low", "gaps", "gaps", "wrong"))
    count = size if dice.random() < 0.97 else dice.randint(0, size + 2)
    answers: Any = [an_answer(dice, written_as, top, how) for _ in range(count)]
    line = {
        "id": at,
        "instrument": name,
        "format": written_as,
        "respondent_role": dice.choice(ROLES),
        "answers": answers,
    }
    if name == "MORS-SF":
        line["answers"] = {"warmth": answers[:7], "invasion": answers[7:]}
        if dice.random() < 0.5:
            limits = {"warmth_concern_max": dice.randint(0, 35), "invasion_concern_min": dice.randint(0, 35)}
            line["threshold_config"] = {key: limits[key] for key in limits if dice.random() < 0.8}
    return line


def test_both_agree_on_a_hundred_thousand_random_answers() -> None:
    dice = random.Random(20_261_121)
    seen: Counter[tuple[str, str]] = Counter()
    for at in range(ANSWERS):
        line = a_line(dice, at)
        found = score_line(line)
        assert found.pop("id") == at
        assert found.pop("instrument") == line["instrument"]
        found.pop("reasons")
        assert found == naive(line), line
        seen[line["instrument"], str(found["status"])] += 1
    # The dice must have thrown every kind of answer often enough to mean something.
    assert {name for name, _ in seen} == set(SHAPES)
    assert all(
        seen[name, status] > 300 for name in SHAPES for status in ("complete", "incomplete", "invalid")
    ), seen


def a_course(dice: random.Random, at: int) -> dict[str, Any]:
    tops = {"PHQ-9": 27, "GAD-7": 21, "SPIN": 68, "PCL-5": 80, "IES-R": 88, "OCI": 168, "PDSS": 28, "HAI": 54}
    scores: dict[str, dict[str, int | None]] = {}
    for name, top in tops.items():
        if dice.random() < 0.6 or name in {"PHQ-9", "GAD-7"}:
            ends = [None if dice.random() < 0.1 else dice.randint(0, top) for _ in range(2)]
            scores[name] = {"first": ends[0], "last": ends[1]}
    descriptors = ("depression", "gad", "none_recorded", "social_anxiety", "ptsd", "ocd", "panic_disorder")
    referral = {
        "ended": dice.random() < 0.8,
        "attended_treatment_appointments": dice.randint(0, 4),
        "problem_descriptor": dice.choice((*descriptors, "health_anxiety", "mixed_anxiety_depression")),
    }
    return {"id": at, "referral": referral, "scores": scores}


def test_both_agree_on_the_outcomes_of_twenty_thousand_courses() -> None:
    dice = random.Random(7)
    for at in range(20_000):
        line = a_course(dice, at)
        found = outcome_line(line)
        assert found.pop("id") == at
        assert found == naive_outcome(line), line


def test_a_planted_fault_is_found() -> None:
    """A cut-off one too high, and an item reversed that is not: the naive writing must notice both."""
    dice = random.Random(1)
    planted = DEFAULTS.replaced(
        "planted",
        {
            "GAD-7.bands": Cited(
                ((0, "minimal"), (5, "mild"), (11, "moderate"), (15, "severe")), "", Tag.HOUSE
            )
        },
    )
    lines = [a_line(dice, at) for at in range(5_000)]
    differ = [line for line in lines if score_line(line, planted)["band"] != naive(line)["band"]]
    assert differ
    assert {line["instrument"] for line in differ} == {"GAD-7"}

    wrong = replace(PRESENT["CORE-10"], reversed_items=frozenset({3, 4}))
    line = {"answers": [0, 0, 0, 4, 0, 0, 0, 0, 0, 0], "instrument": "CORE-10", "format": "raw_frequency"}
    found = score(wrong, read(wrong, Format.RAW_FREQUENCY, line["answers"]))
    assert found.total != naive(line)["total"]
