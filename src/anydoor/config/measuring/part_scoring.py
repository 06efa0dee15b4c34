"""What scoring costs: answered questionnaires a second on one core, whole lines of `anydoor score`."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

from anydoor.config.measuring.parts import Figure
from anydoor.rules.instruments.contract import score_line
from anydoor.rules.instruments.definition import Format, Instrument
from anydoor.rules.instruments.form import line_up, on_paper, on_screen
from anydoor.rules.instruments.registry import PRESENT, SCORED

KINDS = 40  # answers of each instrument before they come round again


def measure(*, quick: bool) -> Iterator[Figure]:
    """Answers a second, read from text, scored and written as text; and scored alone, beside bare sums."""
    lines = [_line(PRESENT[name], turn) for turn in range(KINDS) for name in SCORED]
    texts = [json.dumps(line) for line in lines]
    seconds = 1.0 if quick else 4.0
    whole = _a_second(texts, lambda text: json.dumps(score_line(json.loads(text))), seconds)
    alone = _a_second(lines, score_line, seconds)
    sums = _a_second([_numbers(line) for line in lines], sum, seconds)
    yield Figure(
        "scoring",
        "Scored answers a second, one core",
        alone,
        "/s",
        sums,
        "a bare sum of the same answers, without checks, bands or reasons",
        sums / alone,
    )
    yield Figure("scoring", "The same from JSON lines to JSON lines", whole, "/s")


def _line(instrument: Instrument, turn: int) -> dict[str, object]:
    """One whole answer, or with every fifth turn one with an item left out."""
    written_as = (on_screen if turn % 2 else on_paper)(instrument) or Format.ITEM_SCORES
    given: dict[str, object] = {}
    for number, key in enumerate(instrument.item_keys(), 1):
        scores = [score for score in instrument.option_scores(number) if isinstance(score, int)]
        at = (turn * 7 + number * 3) % len(scores)
        if written_as is Format.YES_NO:
            given[key] = "yes" if scores[at] else "no"
        elif written_as in {Format.PRINTED_OPTION_INDEX, Format.RAW_FREQUENCY}:
            given[key] = at
        else:
            given[key] = scores[at]
    if turn % 5 == 4:
        given.pop(instrument.item_keys()[turn % instrument.size])
    return {
        "id": f"{instrument.name}-{turn}",
        "instrument": instrument.name,
        "respondent_role": "father" if turn % 3 == 2 else "mother",
        "format": written_as.value,
        "answers": line_up(instrument, written_as, given),
    }


def _numbers(line: dict[str, object]) -> list[int]:
    answers: Any = line["answers"]
    lists = answers.values() if isinstance(answers, dict) else [answers]
    return [one if isinstance(one, int) else one == "yes" for row in lists for one in row if one is not None]


def _a_second(given: list[Any], work: Callable[[Any], object], seconds: float) -> float:
    """How many of these, taken in turn, are done in a second of this core."""
    count = 0
    began = time.process_time()
    while True:
        for one in given:
            work(one)
        count += len(given)
        passed = time.process_time() - began
        if passed >= seconds:
            return count / passed
