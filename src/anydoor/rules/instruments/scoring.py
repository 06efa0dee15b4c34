"""One answered instrument in, its score out: total, band, screen, risk, and why each may be missing.

The rules of the house, where no published rule exists, are these.

- A *complete* answer has every item of the total (or of every scale) answered and alone has a total, a band
  and flags of thresholds. An *incomplete* one has none of them, and no missing item is ever taken for 0. An
  *invalid* one has a value that an item cannot have, or the wrong number of answers.
- *Risk* looks at its items alone. Above 0 is `raised`, in a partial answer and in an invalid one too. What
  was not answered, or cannot be read, is `not_answered`: a prompt to ask, never "no risk". Where the number
  of answers is wrong nobody knows which answer belongs to which item, so such an answer can raise the flag
  and can never clear it.
- A *screen* is decided early when what was answered is enough by itself (one yes; one answer of 3).
  Otherwise a missing item makes it `indeterminate`, never negative.
- An *estimate* exists only where a rule was published (PHQ-9 with one or two missing, CORE-10 with one): the
  mean of the answered items times the number of all items, to one decimal place, a tie going to the even
  tenth. It never becomes a band, a caseness or an outcome.
- *Scales* that stand apart (MORS-SF) are summed each for itself, and one that is complete has its sum though
  the other is not. Bands of such an instrument wait until all of it is answered.
- `tt_caseness` is the caseness of NHS Talking Therapies. PCL-5 has its own flag instead, named by its number,
  because that number was not read in a source.

Everything here supports a person's judgement. A low score never overrides concern.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

from anydoor.rules.instruments import clusters
from anydoor.rules.instruments.answers import Reading
from anydoor.rules.instruments.definition import Instrument, group_of
from anydoor.rules.instruments.values import DEFAULTS, ValueSet, band_of

PCL_5_CASENESS = 32


class Status(StrEnum):
    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
    INVALID = "invalid"


class Screen(StrEnum):
    POSITIVE = "positive"
    NEGATIVE = "negative"
    INDETERMINATE = "indeterminate"


class Risk(StrEnum):
    RAISED = "raised"
    NOT_RAISED = "not_raised"
    NOT_ANSWERED = "not_answered"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """A service's own for MORS-SF: warmth at or below, invasion at or above, is a concern. None: not set."""

    warmth_concern_max: int | None = None
    invasion_concern_min: int | None = None


@dataclass(frozen=True, slots=True)
class Score:
    """A score with the rule it was made by (`rule` and `values`), what was missing, and why, in words.

    `flags` holds what only some instruments have (`clinical_cutoff_met`, `low_confidence` and so on), each
    None unless it can be told.
    """

    rule: str
    values: str
    status: Status
    total: int | None = None
    band: str | Mapping[str, bool | None] | None = None
    screen: Screen | None = None
    scales: Mapping[str, int | None] | None = None
    risk: Risk = Risk.NOT_APPLICABLE
    estimate: float | None = None
    tt_caseness: bool | None = None
    flags: Mapping[str, bool | None] = field(default_factory=dict)
    missing: tuple[int, ...] = ()
    reasons: tuple[str, ...] = ()


def score(
    instrument: Instrument,
    reading: Reading,
    *,
    role: str | None = None,
    values: ValueSet = DEFAULTS,
    thresholds: Thresholds | None = None,
) -> Score:
    """The score of one reading. `role` is who answered: some bands hold for mothers or for fathers alone."""
    risk = risk_of(instrument, reading)
    reasons = _risk_words(instrument, reading, risk)
    if reading.faults:
        return Score(
            rule=instrument.key,
            values=values.name,
            status=Status.INVALID,
            scales=_no_scales(instrument),
            risk=risk,
            flags=_flags(instrument, reading, None, values),
            missing=reading.missing,
            reasons=(*reasons, *reading.faults),
        )
    scales = _scales(instrument, reading)
    total = _total(instrument, reading)
    whole = total is not None or (not instrument.has_total and None not in (scales or {}).values())
    screen = _screen(instrument, reading, values)
    band, band_words = _band(instrument, total, scales, whole, role, values, thresholds or Thresholds())
    estimate = None if whole else _estimate(instrument, reading, values)
    return Score(
        rule=instrument.key,
        values=values.name,
        status=Status.COMPLETE if whole else Status.INCOMPLETE,
        total=total,
        band=band,
        screen=screen,
        scales=scales,
        risk=risk,
        estimate=estimate,
        tt_caseness=_caseness(instrument, total, values),
        flags=_flags(instrument, reading, total, values),
        missing=reading.missing,
        reasons=(*reasons, *_missing_words(instrument, reading, screen, estimate), *band_words),
    )


def risk_of(instrument: Instrument, reading: Reading) -> Risk:
    """The risk flag, from the risk items alone. May be asked of a draft, after every answer."""
    if not instrument.risk_items:
        return Risk.NOT_APPLICABLE
    found = [reading.scores[item - 1] for item in instrument.risk_items]
    if any(answer is not None and answer > 0 for answer in found):
        return Risk.RAISED
    if None in found or not reading.count_fits:
        return Risk.NOT_ANSWERED
    return Risk.NOT_RAISED


def _total(instrument: Instrument, reading: Reading) -> int | None:
    if not instrument.has_total:
        return None
    return _sum(tuple(reading.scores[item - 1] for item in instrument.total_items()))


def _sum(scores: tuple[int | None, ...]) -> int | None:
    answered = [score for score in scores if score is not None]
    return sum(answered) if len(answered) == len(scores) else None


def _scales(instrument: Instrument, reading: Reading) -> Mapping[str, int | None] | None:
    if not instrument.scales:
        return None
    return {scale.name: _sum(reading.by_scale[scale.name]) for scale in instrument.scales}


def _no_scales(instrument: Instrument) -> Mapping[str, int | None] | None:
    return {scale.name: None for scale in instrument.scales} or None


def _screen(instrument: Instrument, reading: Reading, values: ValueSet) -> Screen | None:
    least = values.number(instrument.name, "screen_from")
    if least is None:
        return None
    if sum(score for score in reading.scores if score is not None) >= least:
        return Screen.POSITIVE
    return Screen.INDETERMINATE if None in reading.scores else Screen.NEGATIVE


def _caseness(instrument: Instrument, total: int | None, values: ValueSet) -> bool | None:
    least = values.number(instrument.name, "tt_caseness_from")
    if total is None or least is None or instrument.name == "PCL-5":
        return None
    return total >= least


def _estimate(instrument: Instrument, reading: Reading, values: ValueSet) -> float | None:
    most = values.number(instrument.name, "prorate_missing_to")
    scores = [reading.scores[item - 1] for item in instrument.total_items()]
    answered = [score for score in scores if score is not None]
    if most is None or not answered or len(scores) - len(answered) > most:
        return None
    return round(sum(answered) * len(scores) / len(answered), 1)


def _band(
    instrument: Instrument,
    total: int | None,
    scales: Mapping[str, int | None] | None,
    whole: bool,
    role: str | None,
    values: ValueSet,
    thresholds: Thresholds,
) -> tuple[str | Mapping[str, bool | None] | None, tuple[str, ...]]:
    """The band, and words where there should be one and is none."""
    if instrument.name == "MORS-SF":
        return _concern(scales or {}, whole, values, thresholds)
    if total is None:
        return None, ()
    group = group_of(role)
    bands = values.bands(instrument.name, group)
    if bands is not None:
        return band_of(bands, total), ()
    if values.asks_who(instrument.name):
        return None, ("The bands depend on who answered, and there are none for this role.",)
    return None, ()


def _concern(
    scales: Mapping[str, int | None], whole: bool, values: ValueSet, thresholds: Thresholds
) -> tuple[Mapping[str, bool | None] | None, tuple[str, ...]]:
    """MORS-SF: low warmth, high invasion, each against the service's own threshold; never added together."""
    warmth, invasion = scales.get("warmth"), scales.get("invasion")
    at_most = thresholds.warmth_concern_max
    if at_most is None:
        at_most = _whole(values.number("MORS-SF", "warmth_concern_max"))
    at_least = thresholds.invasion_concern_min
    if at_least is None:
        at_least = _whole(values.number("MORS-SF", "invasion_concern_min"))
    if at_most is None and at_least is None:
        return None, ("No thresholds are set: none are published, so a service sets its own.",)
    concern = {
        "warmth_concern": None if at_most is None or warmth is None else warmth <= at_most,
        "invasion_concern": None if at_least is None or invasion is None else invasion >= at_least,
    }
    if whole:
        return concern, ()
    said = [
        name
        for name, met in (("warmth", concern["warmth_concern"]), ("invasion", concern["invasion_concern"]))
        if met
    ]
    return None, tuple(
        f"The {name} that was answered is a concern by the service's threshold." for name in said
    )


def _whole(number: int | Decimal | None) -> int | None:
    """A threshold of whole points, however its file wrote it ("20", 20.0)."""
    return None if number is None else int(number)


def _flags(
    instrument: Instrument, reading: Reading, total: int | None, values: ValueSet
) -> Mapping[str, bool | None]:
    """What only some instruments have. The keys are always there, a value only when it can be told."""
    name = instrument.name

    def compared(what: str, at_least: bool) -> bool | None:
        limit = values.number(name, what)
        if limit is None or total is None:
            return None
        return total >= limit if at_least else total <= limit

    if name in {"CORE-10", "PBQ"}:
        return {"clinical_cutoff_met": compared("clinical_cutoff_from", at_least=True)}
    if name == "KPCS":
        return {"low_confidence": compared("low_confidence_to", at_least=False)}
    if name not in {"PCL-5", "City BiTS"}:
        return {}
    sound = not reading.faults
    if name == "PCL-5":
        least = _whole(values.number(name, "cluster_item_from"))
        told = sound and least is not None
        return {
            "dsm5_cluster_rule_met": clusters.pcl_5_rule(reading.scores, least or 0) if told else None,
            "tt_caseness_32": None if total is None else total >= PCL_5_CASENESS,
        }
    least = _whole(values.number(name, "symptom_from"))
    told = sound and least is not None
    return {
        "dsm5_rule_met": clusters.city_bits_rule(reading.scores, least or 0) if told else None,
        "dissociation": clusters.city_bits_dissociation(reading.scores, least or 0) if told else None,
        "delayed_onset": clusters.city_bits_delayed(reading.scores) if told else None,
    }


def _risk_words(instrument: Instrument, reading: Reading, risk: Risk) -> tuple[str, ...]:
    if risk is Risk.RAISED:
        above = tuple(item for item in instrument.risk_items if (reading.scores[item - 1] or 0) > 0)
        return (
            f"{_items(above)}: an answer above 0. Speak with the person about it now, whatever the total.",
        )
    if risk is Risk.NOT_ANSWERED:
        empty = tuple(item for item in instrument.risk_items if reading.scores[item - 1] is None)
        items = _items(empty or instrument.risk_items)
        return (f"{items}: no answer that can be relied on. Ask; it does not mean that there is no risk.",)
    return ()


def _missing_words(
    instrument: Instrument, reading: Reading, screen: Screen | None, estimate: float | None
) -> tuple[str, ...]:
    said = []
    needed = set(instrument.total_items()) if instrument.has_total else set()
    if instrument.has_total and needed & set(reading.missing):
        said.append(
            f"{_items(tuple(sorted(needed & set(reading.missing))))} not answered, so there is no total."
        )
    for name, scores in reading.by_scale.items():
        if None in scores:
            said.append(f"The scale {name} has {scores.count(None)} not answered, so it has no score.")
    if reading.does_not_apply:
        items = _items(tuple(sorted(reading.does_not_apply)))
        said.append(f"{items} does not apply, and no rule for a total without it is known.")
    if screen is Screen.INDETERMINATE:
        said.append("What was answered does not decide the screen. Ask what is missing.")
    if screen is Screen.POSITIVE and None in reading.scores:
        said.append("What was answered is enough for a positive screen.")
    if estimate is not None:
        said.append(
            "The estimate is the mean of what was answered. It is never a band, a caseness or an outcome."
        )
    return tuple(said)


def _items(items: tuple[int, ...]) -> str:
    """`Item 9`, `Items 18 and 24`, `Items 1, 2 and 3`."""
    if len(items) == 1:
        return f"Item {items[0]}"
    return f"Items {', '.join(map(str, items[:-1]))} and {items[-1]}"
