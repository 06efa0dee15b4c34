"""Which level of help to think of first: a proposal from severity, measures and complexity, never automatic.

The line between mild, moderate and severe comes from the bands of the value set (`rules.instruments.values`),
read here as severity. PHQ-9: moderately severe counts as severe. EPDS has no bands of severity: 10 to 12 is
taken as mild, 13 and more as moderate; of a father 11 and more as mild, since no higher band is published,
and a mother's bands are never used for him. PCL-5 has no bands: its provisional threshold of 31 is taken as
moderate. Scales of the bond (MORS) have no published cut-off, so their scores propose nothing, and a person
weighs them. There is no agreed national line between mild to moderate and moderate to severe, which is why
the words say that a person decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from anydoor.rules.instruments import values
from anydoor.rules.instruments.definition import FATHER, MOTHER
from anydoor.rules.profile import Concern, Profile
from anydoor.rules.profile_measures import measure_of

ORDER: Mapping[str, int] = {"unknown": -1, "minimal": 0, "mild": 1, "moderate": 2, "severe": 3}

# The names of bands in the value set, as severity.
SEVERITY_OF_BAND: Mapping[str, str] = {
    "minimal": "minimal",
    "below_cutoff": "minimal",
    "lt10": "minimal",
    "lt11": "minimal",
    "mild": "mild",
    "10_12": "mild",
    "ge11": "mild",
    "moderate": "moderate",
    "ge13": "moderate",
    "moderately_severe": "severe",
    "moderate_severe": "severe",
    "severe": "severe",
}
PCL_MODERATE = 31

# What makes a need more than its score: risk, and experiences that belong to maternity itself. Grief after a
# loss is not among them: how hard it is says more.
COMPLEX: Mapping[str, str] = {
    "psychosis_suspected": "signs of very serious illness",
    "self_harm": "thoughts of self-harm",
    "abuse": "a risk to somebody's safety",
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
    """The severity of a score, or None where none is published or the score cannot be."""
    known = measure_of(measure)
    if known is None or not known.lowest <= score <= known.highest:
        return None
    if known.name == "PCL-5":
        return "moderate" if score >= PCL_MODERATE else "minimal"
    bands = values.DEFAULTS.bands(known.name, FATHER if role in {"father", "co_parent"} else MOTHER)
    return None if bands is None else SEVERITY_OF_BAND.get(values.band_of(bands, int(score)))


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
        weighed = _weighed(profile)
        level, why = "targeted", weighed or "How hard things are was not asked yet."
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


def _weighed(profile: Profile) -> str:
    """Scores that no published line judges: they were asked all the same."""
    names = sorted({name for concern in profile.concerns for name in concern.measures})
    return f"No line is published for {_joined(tuple(names))}: a person weighs it." if names else ""


def _joined(words: tuple[str, ...]) -> str:
    few = list(words[:3])
    return few[0] if len(few) == 1 else f"{', '.join(few[:-1])} and {few[-1]}"
