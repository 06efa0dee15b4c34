"""A stored result in sentences, each with the threshold it rests on, its source, and how well that is known.

A score is never without its rule, its missing items and a person to judge it. What is not known says so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from anydoor.rules.instruments.definition import Instrument, group_of
from anydoor.rules.instruments.evidence import TAG_WORDS, Cited
from anydoor.rules.instruments.form import band_in_words
from anydoor.rules.instruments.values import ValueSet

Result = Mapping[str, object]
UNVERIFIED = frozenset({"M-H", "M-M", "S", "V/S"})


@dataclass(frozen=True, slots=True)
class Line:
    """One sentence about a result. `source` and `known` are empty where no threshold stands behind it."""

    words: str
    source: str = ""
    known: str = ""
    tag: str = ""

    @property
    def is_verified(self) -> bool:
        """Whether the number behind it was read in its source, or is no number at all."""
        return self.tag not in UNVERIFIED


def _line(words: str, cited: Cited) -> Line:
    return Line(words, cited.source, TAG_WORDS[cited.tag], cited.tag.value)


def lines(instrument: Instrument, result: Result, values: ValueSet, role: str) -> tuple[Line, ...]:
    """What a result says, from the band down to what a change would mean."""
    said: list[Line] = []
    for part in (_screen, _band, _scales, _flags, _local, _change):
        said += part(instrument, result, values, role)
    return tuple(said)


def _screen(instrument: Instrument, result: Result, values: ValueSet, role: str) -> list[Line]:
    cited = values.cited.get(f"{instrument.name}.screen_from")
    if cited is None or result.get("screen") is None:
        return []
    what = {
        "positive": f"Positive: {cited.value} or more asks for a fuller look.",
        "negative": f"Negative: below {cited.value}.",
        "indeterminate": "What was answered does not decide it. Ask what is missing.",
    }[str(result["screen"])]
    return [_line(what, cited)]


def _band(instrument: Instrument, result: Result, values: ValueSet, role: str) -> list[Line]:
    total = result.get("total")
    bands, group = values.cited.get(f"{instrument.name}.bands"), group_of(role)
    own = bands is None and group is not None
    if own:
        bands = values.cited.get(f"{instrument.name}.bands.{group}")
    if not isinstance(total, int):
        return []
    highest = instrument.total_range()[1]
    if bands is None or not isinstance(bands.value, tuple):
        if values.asks_who(instrument.name):
            return [
                Line(f"{total} of {highest}. Its bands hold for mothers or fathers, and for nobody else.")
            ]
        if instrument.name in {"Whooley", "GAD-2", "PHQ-2"}:
            return []
        return [Line(f"{total} of {highest}. No bands are published for it.")]
    starts = [least for least, _ in bands.value]
    at = max(place for place, least in enumerate(starts) if total >= least)
    ends = starts[at + 1] - 1 if at + 1 < len(starts) else highest
    whose = f" for a {'father or partner' if group == 'father' else 'mother'}" if own else ""
    name = band_in_words(bands.value[at][1])
    span = "" if name[0].isdigit() or name.startswith("under") else f" ({starts[at]} to {ends})"
    return [_line(f"{total} of {highest}: {name}{span}{whose}.", bands)]


def _scales(instrument: Instrument, result: Result, values: ValueSet, role: str) -> list[Line]:
    scales = result.get("subscales")
    if not isinstance(scales, Mapping):
        return []
    highest = {scale.name: instrument.highest * scale.size for scale in instrument.scales}
    said = [
        Line(
            f"{name.capitalize()}: " + (f"{total} of {highest[name]}." if total is not None else "not whole.")
        )
        for name, total in scales.items()
    ]
    if instrument.has_total:
        return said
    warmth, invasion = (
        values.cited.get(f"{instrument.name}.{what}")
        for what in ("warmth_concern_max", "invasion_concern_min")
    )
    band = result.get("band")
    concern = band if isinstance(band, Mapping) else {}
    if warmth is None and invasion is None:
        said.append(Line("No thresholds are set here. None are published, so a service sets its own."))
    for name, cited, rule in (
        ("warmth", warmth, "{} or less is a concern"),
        ("invasion", invasion, "{} or more is a concern"),
    ):
        met = concern.get(f"{name}_concern")
        if cited is not None:
            judged = "" if met is None else " It is one." if met else " It is not one."
            said.append(_line(f"{name.capitalize()}: {rule.format(cited.value)}.{judged}", cited))
    said.append(Line("The two are never added together."))
    return said


def _yes_no(yes: str, no: str) -> Callable[[object], str]:
    return lambda met: yes if met else no


_FLAGS: tuple[tuple[str, str, Callable[[object], str]], ...] = (
    ("tt_caseness", "tt_caseness_from", _yes_no("At caseness: {} or more.", "Not at caseness: below {}.")),
    (
        "clinical_cutoff_met",
        "clinical_cutoff_from",
        _yes_no("Reaches the clinical cut-off of {}.", "Below the clinical cut-off of {}."),
    ),
    (
        "low_confidence",
        "low_confidence_to",
        _yes_no("Lower confidence: {} or less.", "Not in the range of lower confidence ({} or less)."),
    ),
    (
        "dsm5_cluster_rule_met",
        "cluster_item_from",
        _yes_no(
            "Each group of symptoms has enough at {} or more. A clinician judges what that means.",
            "Not every group of symptoms has enough at {} or more.",
        ),
    ),
    (
        "tt_caseness_32",
        "tt_caseness_from",
        _yes_no(
            "At caseness for Talking Therapies: {} or more.", "Below {}, the number Talking Therapies use."
        ),
    ),
    (
        "dsm5_rule_met",
        "symptom_from",
        _yes_no(
            "The rule of the scale is met (items count from {}). A clinician judges what that means.",
            "The rule of the scale is not met (items count from {}).",
        ),
    ),
    (
        "dissociation",
        "symptom_from",
        _yes_no("A symptom of dissociation is there (from {}).", "No symptom of dissociation (from {})."),
    ),
)


def _flags(instrument: Instrument, result: Result, values: ValueSet, role: str) -> list[Line]:
    said = []
    for flag, what, told in _FLAGS:
        met, cited = result.get(flag), values.cited.get(f"{instrument.name}.{what}")
        if met is not None and cited is not None:
            said.append(_line(told(met).format(cited.value), cited))
    if result.get("delayed_onset"):
        said.append(Line("It began late: more than six months after the birth."))
    return said


def _local(instrument: Instrument, result: Result, values: ValueSet, role: str) -> list[Line]:
    return local_lines(result)


def local_lines(result: Result) -> list[Line]:
    """What the service's own thresholds found, as it was found on the day."""
    local = result.get("local")
    return [
        Line(
            str(row["words"]),
            str(row["source"]),
            TAG_WORDS.get(row["tag"], str(row["tag"])),
            str(row["tag"]),
        )
        for row in (local if isinstance(local, list) else [])
        if isinstance(row, Mapping)
    ]


def _change(instrument: Instrument, result: Result, values: ValueSet, role: str) -> list[Line]:
    cited = values.cited.get(f"{instrument.name}.reliable_change")
    if cited is None or result.get("total") is None:
        return []
    return [_line(f"From one time to the next, a change of {cited.value} or more is reliable.", cited)]
