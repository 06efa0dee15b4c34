"""What a service's own thresholds say of a score, beside the bands everybody has.

None of these thresholds has a default (`values.NOT_SHIPPED`), so without a service's own values nothing is
found. Each finding carries the source and the evidence tag of the value it rests on, and is for a person to
judge; none becomes a band, a caseness or an outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anydoor.rules.instruments.answers import Reading
from anydoor.rules.instruments.definition import MOTHER, Instrument, group_of
from anydoor.rules.instruments.evidence import Cited
from anydoor.rules.instruments.scoring import Score
from anydoor.rules.instruments.values import ValueSet

EPDS_3A = (3, 4, 5)


@dataclass(frozen=True, slots=True)
class Finding:
    """A sentence about a score, whether it is a concern, and the value it rests on."""

    words: str
    concern: bool
    source: str
    tag: str


def findings(
    instrument: Instrument,
    reading: Reading,
    found: Score,
    values: ValueSet,
    *,
    role: str | None = None,
    antenatal: bool = False,
) -> tuple[Finding, ...]:
    """What the service's own thresholds say; nothing for an answer that has no total."""
    if instrument.name == "EPDS":
        return (*_epds_antenatal(found, values, role, antenatal), *_epds_3a(reading, values))
    return ()


def of_words(instrument: Instrument, words: Mapping[str, str], values: ValueSet) -> tuple[Finding, ...]:
    """What a local score among free answers says, where a service set from when it is a concern."""
    cited, written = values.cited.get(f"{instrument.name}.concern_from"), words.get("local_score", "").strip()
    if cited is None or not (written.isascii() and written.isdigit() and len(written) <= 3):
        return ()
    reached = int(written) >= _number(cited)
    said = "reaches" if reached else "is below"
    return (_finding(f"The local score of {written} {said} the service's {cited.value}.", reached, cited),)


def _epds_antenatal(found: Score, values: ValueSet, role: str | None, antenatal: bool) -> tuple[Finding, ...]:
    """In pregnancy another cut-off is told of; a father is not measured by it."""
    cited = values.cited.get("EPDS.antenatal_from")
    if not antenatal or cited is None or found.total is None or group_of(role) != MOTHER:
        return ()
    reached = found.total >= _number(cited)
    said = "reaches" if reached else "is below"
    return (
        _finding(
            f"In pregnancy: {found.total} {said} the service's cut-off of {cited.value}.", reached, cited
        ),
    )


def _epds_3a(reading: Reading, values: ValueSet) -> tuple[Finding, ...]:
    """Items 3, 4 and 5 as a look at anxiety."""
    cited = values.cited.get("EPDS.anxiety_3a_from")
    scores = [reading.scores[item - 1] for item in EPDS_3A]
    answered = [score for score in scores if score is not None]
    if cited is None or len(answered) < len(scores) or reading.faults:
        return ()
    total = sum(answered)
    reached = total >= _number(cited)
    said = "reaches" if reached else "is below"
    words = f"Anxiety (items 3, 4 and 5): {total} {said} the service's cut-off of {cited.value}."
    return (_finding(words, reached, cited),)


def _number(cited: Cited) -> int:
    return int(cited.value) if not isinstance(cited.value, tuple) else 0


def _finding(words: str, concern: bool, cited: Cited) -> Finding:
    return Finding(words, concern, cited.source, cited.tag.value)
