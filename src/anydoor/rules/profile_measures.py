"""Scores as people name them in a profile: `PHQ-9`, `phq9`, `MORS warmth`; each within what it can be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from anydoor.rules.errors import BadInput
from anydoor.rules.instruments.definition import Instrument
from anydoor.rules.instruments.registry import PRESENT


class Measure(NamedTuple):
    """A score that can be told: its name, and the lowest and highest total."""

    name: str
    lowest: int
    highest: int


def _plain(name: str) -> str:
    """`PHQ-9`, `phq 9` and `phq_9` are one name."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def _measures(instrument: Instrument) -> Iterator[Measure]:
    items = instrument.summed or tuple(range(1, instrument.size + 1))
    ranges = [instrument.range_of(item) for item in items]
    if instrument.has_total:
        yield Measure(instrument.name, sum(low for low, _ in ranges), sum(high for _, high in ranges))
        return
    for scale in instrument.scales:
        low, high = scale.size * instrument.lowest, scale.size * instrument.highest
        yield Measure(f"{instrument.name} {scale.name}", low, high)
    yield Measure(instrument.name, 0, max((high for _, high in ranges), default=0) * max(1, instrument.size))


KNOWN: Mapping[str, Measure] = {
    _plain(measure.name): measure for instrument in PRESENT.values() for measure in _measures(instrument)
}
# Other names that are in use.
ALSO: Mapping[str, str] = {
    "mors": "morssf",
    "morswarmth": "morssfwarmth",
    "morsinvasion": "morssfinvasion",
    "morssfinvasiveness": "morssfinvasion",
    "morsinvasiveness": "morssfinvasion",
    "warmth": "morssfwarmth",
    "invasion": "morssfinvasion",
    "bits": "citybits",
    "pdsssr": "pdss",
    "core": "core10",
    "eao": "leao",
}


def measure_of(name: str) -> Measure | None:
    """The score of that name, however it is written, or None."""
    plain = _plain(name)
    return KNOWN.get(ALSO.get(plain, plain))


def read_measures(told: object, where: str) -> dict[str, float]:
    """Scores by name, as told in a profile. Raises BadInput whose `field` is `where` and the name.

    A score is a whole number within what the instrument can give. Of one with scales apart the scales can be
    told by name, or together: `{"MORS-SF": {"warmth": 11, "invasion": 20}}`.
    """
    if told is None:
        return {}
    if not isinstance(told, Mapping):
        raise BadInput(f'{where} must be scores by name, like {{"PHQ-9": 12}}.', field=where)
    found: dict[str, float] = {}
    for name, score in told.items():
        parts = {name: score}
        if isinstance(score, Mapping):
            parts = {f"{name} {scale}": each for scale, each in score.items()}
        for part, value in parts.items():
            measure = measure_of(str(part))
            if measure is None:
                known = ", ".join(sorted(each.name for each in KNOWN.values()))
                shown = str(part)[:40]
                raise BadInput(
                    f"{where} has no instrument called {shown!r}. Known are: {known}.", field=where
                )
            if measure.name in found:
                raise BadInput(f"{where} has {measure.name} twice.", field=where)
            found[measure.name] = _score(value, measure, f"{where}.{measure.name}")
    return found


def _score(told: object, measure: Measure, where: str) -> float:
    number = isinstance(told, int | float) and not isinstance(told, bool)
    # What is no number at all (NaN) lies in no range.
    if number and isinstance(told, int | float) and measure.lowest <= told <= measure.highest:
        if told == int(told):
            return float(told)
        raise BadInput(f"{where} must be a whole number: a total has no part.", field=where)
    raise BadInput(f"{where} must be a whole number from {measure.lowest} to {measure.highest}.", field=where)
