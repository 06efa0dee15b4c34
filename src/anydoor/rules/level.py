"""Which level of help to think of first: a proposal from severity, measures and complexity, never automatic.

Bands, each at or above its score. PHQ-9: 5 mild, 10 moderate, 15 severe (moderately severe counts as
severe). GAD-7: 5, 10, 15. EPDS of a mother: 10 possible, 13 likely depression (Cox 1987); it has no bands of
severity, so 13 and more is taken as moderate. EPDS of a father: 11 (Edmondson 2010), taken as mild, since no
higher band is published; a mother's bands are never used for him. CORE-10: 11 mild, 15 moderate, 20 severe.
PCL-5: 31 is a provisional threshold, taken as moderate. Scales of the bond (MORS) have no published
cut-off, so their scores propose nothing. There is no agreed national line between mild to moderate and
moderate to severe, which is why the words say that a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from anydoor.rules.profile import Concern, Profile

ORDER: Mapping[str, int] = {"unknown": -1, "minimal": 0, "mild": 1, "moderate": 2, "severe": 3}
Bands = tuple[tuple[float, str], ...]

BANDS: Mapping[str, Bands] = {
    "PHQ-9": ((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "severe")),
    "GAD-7": ((0, "minimal"), (5, "mild"), (10, "moderate"), (15, "severe")),
    "EPDS": ((0, "minimal"), (10, "mild"), (13, "moderate")),
    "CORE-10": ((0, "minimal"), (11, "mild"), (15, "moderate"), (20, "severe")),
    "PCL-5": ((0, "minimal"), (31, "moderate")),
}
HIGHEST: Mapping[str, float] = {"PHQ-9": 27, "GAD-7": 21, "EPDS": 30, "CORE-10": 40, "PCL-5": 80}
FATHERS_EPDS: Bands = ((0, "minimal"), (11, "mild"))

# What makes a need more than its score: risk, and experiences that belong to maternity itself. Grief after a
# loss is not among them: how hard it is says more.
COMPLEX: Mapping[str, str] = {
    "psychosis_suspected": "signs of very serious illness",
    "self_harm": "thoughts of self-harm",
    "abuse": "not being safe",
    "child_removed": "a child who was removed",
    "birth_trauma": "a traumatic birth",
    "fear_of_birth": "great fear of birth",
}
YOUNG = 20  # postnatal depression is twice as common under this age (the Norfolk strategy)
SAID = "This is a proposal: a person decides."


class ProposedLevel(NamedTuple):
    """`level` is universal, targeted or specialist; `why` is what it rests on, in words."""

    level: str
    why: str


def band_of(measure: str, score: float, role: str = "") -> str | None:
    """The band of a score, or None where none is published or the score cannot be. Case does not matter."""
    name = measure.upper()
    bands = FATHERS_EPDS if name == "EPDS" and role in {"father", "co_parent"} else BANDS.get(name)
    if bands is None or not 0 <= score <= HIGHEST[name]:
        return None
    return [band for least, band in bands if score >= least][-1]


def severity_of(concern: Concern, role: str = "") -> str:
    """The greater of what was told and what the measures say; "unknown" when neither says anything."""
    bands = [band_of(name, score, role) for name, score in concern.measures.items()]
    return greatest([concern.severity, *(band for band in bands if band)])


def greatest(severities: Iterable[str]) -> str:
    return max(severities, key=lambda severity: ORDER[severity], default="unknown")


def complexity(profile: Profile) -> tuple[str, ...]:
    """In words, what makes this more than a score: flags, and both strands at moderate or more."""
    found = [words for flag, words in COMPLEX.items() if flag in profile.flags]
    hard = {c.strand for c in profile.concerns if ORDER[severity_of(c, profile.role)] >= ORDER["moderate"]}
    if len(hard) > 1:
        found.append("more than one kind of serious worry")
    return tuple(found)


def propose_level(profile: Profile) -> ProposedLevel:
    """The level to think of first, and why."""
    severity = greatest(severity_of(concern, profile.role) for concern in profile.concerns)
    signs = complexity(profile)
    measured = _measured(profile)
    if "psychosis_suspected" in profile.flags:
        level, why = "specialist", "There are signs of very serious illness. This is urgent."
    elif severity == "severe":
        level, why = "specialist", f"The need told is severe{measured}."
    elif severity == "moderate" and signs:
        level, why = "specialist", f"The need told is moderate{measured}, with {_joined(signs)}."
    elif severity in {"mild", "moderate"}:
        level, why = "targeted", f"The need told is {severity}{measured}."
    elif signs:
        level, why = "targeted", f"There is {_joined(signs)}. How hard things are was not asked yet."
    elif "loss" in profile.wanted:
        level, why = "targeted", "There was a loss. How hard things are was not asked yet."
    elif severity == "minimal":
        level, why = "universal", f"The answers so far are in the usual range{measured}."
    elif profile.concerns:
        level, why = "targeted", "How hard things are was not asked yet."
    elif profile.age is not None and profile.age < YOUNG:
        level, why = "targeted", "Young parents are offered more help early."
    elif profile.wanted:
        level, why = "universal", "Practical help was asked for."
    else:
        level, why = "universal", "Nothing was told yet that asks for more."
    return ProposedLevel(level, f"{why} {SAID}")


def _measured(profile: Profile) -> str:
    scores = [
        f"{name} {score:g}"
        for concern in profile.concerns
        for name, score in concern.measures.items()
        if band_of(name, score, profile.role)
    ]
    return f" ({', '.join(scores[:4])})" if scores else ""


def _joined(words: tuple[str, ...]) -> str:
    few = list(words[:3])
    return few[0] if len(few) == 1 else f"{', '.join(few[:-1])} and {few[-1]}"
