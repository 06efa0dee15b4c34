"""From what was ticked or written to the score of each item, without guessing.

None is not answered. A value that an item cannot have is a fault, and one fault makes the whole answer
invalid: nothing is clamped, rounded or taken for 0. True is not 1, 2.0 is not 2, "2" is not 2.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from anydoor.rules.errors import BadInput
from anydoor.rules.instruments.definition import NOT_APPLICABLE, Format, Instrument, Scale

YES_OR_NO: Mapping[object, int] = {"no": 0, "yes": 1}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read: the score of each item in printed order (None: not answered, or no score can be given).

    by_scale        the same, scale by scale, for an instrument that has scales
    does_not_apply  items answered "na" for which no value is published
    wrong           items with a fault; `faults` says it in words
    count_fits      whether there were as many answers as items
    """

    scores: tuple[int | None, ...]
    by_scale: Mapping[str, tuple[int | None, ...]] = field(default_factory=dict)
    does_not_apply: frozenset[int] = frozenset()
    wrong: frozenset[int] = frozenset()
    faults: tuple[str, ...] = ()
    count_fits: bool = True

    @property
    def missing(self) -> tuple[int, ...]:
        """The items nobody answered."""
        unknown = self.wrong | self.does_not_apply
        return tuple(at for at, score in enumerate(self.scores, 1) if score is None and at not in unknown)


def read(instrument: Instrument, written_as: Format, answers: object) -> Reading:
    """The scores of each item. Raises BadInput when the answers are not of the form's shape at all."""
    if written_as not in instrument.formats:
        fits = ", ".join(sorted(form.value for form in instrument.formats)) or "none: it has no score"
        raise BadInput(f"This instrument is not written in that format. It takes: {fits}.")
    if written_as is Format.SUBSCALE_ITEM_SCORES:
        if not isinstance(answers, Mapping):
            raise BadInput("The answers must be an object with a list for each scale.")
        return _read_scales(instrument, answers)
    if not _is_list(answers):
        raise BadInput("The answers must be a list, one for each item.")
    return _read_items(instrument, written_as, answers)


def _is_list(answers: object) -> bool:
    return isinstance(answers, list | tuple)


def _read_items(instrument: Instrument, written_as: Format, answers: object) -> Reading:
    assert isinstance(answers, Sequence)
    scores: list[int | None] = []
    does_not_apply, wrong, faults = set[int](), set[int](), list[str]()
    for item, answer in enumerate(answers[: instrument.size], 1):
        if answer is None:
            scores.append(None)
            continue
        if (
            answer == NOT_APPLICABLE
            and written_as is Format.ITEM_SCORES_OR_NA
            and item in instrument.not_applicable
        ):
            worth = instrument.not_applicable[item]
            scores.append(worth)
            if worth is None:
                does_not_apply.add(item)
            continue
        score = _score_of(instrument, written_as, item, answer)
        scores.append(score)
        if score is None:
            wrong.add(item)
            faults.append(f"Item {item}: {_what_it_can_be(instrument, written_as, item)}.")
    fits = len(answers) == instrument.size
    if not fits:
        faults.insert(0, f"There are {len(answers)} answers where the form has {instrument.size} items.")
    scores += [None] * (instrument.size - len(scores))
    return Reading(
        scores=tuple(scores),
        by_scale={scale.name: tuple(scores[at - 1] for at in scale.items) for scale in instrument.scales},
        does_not_apply=frozenset(does_not_apply),
        wrong=frozenset(wrong),
        faults=tuple(faults),
        count_fits=fits,
    )


def _read_scales(instrument: Instrument, answers: Mapping[str, object]) -> Reading:
    by_scale: dict[str, tuple[int | None, ...]] = {}
    faults = []
    names = {scale.name for scale in instrument.scales}
    if set(answers) != names:
        faults.append(f"The scales must be {' and '.join(sorted(names))}.")
    for scale in instrument.scales:
        by_scale[scale.name], wrong = _read_one_scale(instrument, scale, answers.get(scale.name))
        faults += wrong
    return Reading(
        scores=tuple(score for scale in instrument.scales for score in by_scale[scale.name]),
        by_scale=by_scale,
        faults=tuple(faults),
        count_fits=not faults,
    )


def _read_one_scale(
    instrument: Instrument, scale: Scale, answers: object
) -> tuple[tuple[int | None, ...], list[str]]:
    nothing = (None,) * scale.size
    if not isinstance(answers, list | tuple):
        return nothing, [f"{scale.name}: it must be a list of {scale.size} answers."]
    if len(answers) != scale.size:
        return nothing, [f"{scale.name}: there are {len(answers)} answers where it has {scale.size} items."]
    scores: list[int | None] = []
    faults = []
    for at, answer in enumerate(answers, 1):
        whole = _whole(answer, instrument.lowest, instrument.highest)
        scores.append(whole)
        if whole is None and answer is not None:
            low, high = instrument.lowest, instrument.highest
            faults.append(f"{scale.name} {at}: it must be a whole number from {low} to {high}.")
    return tuple(scores), faults


def _score_of(instrument: Instrument, written_as: Format, item: int, answer: object) -> int | None:
    """The score of one answer, or None when the item cannot have it."""
    low, high = instrument.range_of(item)
    if written_as is Format.YES_NO:
        return YES_OR_NO.get(answer) if isinstance(answer, str) else None
    if written_as is Format.PRINTED_OPTION_INDEX:
        ticked = _whole(answer, 0, high - low)
        if ticked is None:
            return None
        return high - ticked if item in instrument.reversed_items else low + ticked
    whole = _whole(answer, low, high)
    if whole is not None and written_as is Format.RAW_FREQUENCY and item in instrument.reversed_items:
        return low + high - whole
    return whole


def _whole(answer: object, low: int, high: int) -> int | None:
    """A whole number in its range. Booleans are integers to Python, and are not to us."""
    if type(answer) is int and low <= answer <= high:
        return answer
    return None


def _what_it_can_be(instrument: Instrument, written_as: Format, item: int) -> str:
    low, high = instrument.range_of(item)
    if written_as is Format.YES_NO:
        return "it must be yes or no"
    if written_as is Format.PRINTED_OPTION_INDEX:
        return f"it must be an option from 0 to {high - low}"
    na = ' or "na"' if written_as is Format.ITEM_SCORES_OR_NA and item in instrument.not_applicable else ""
    return f"it must be a whole number from {low} to {high}{na}"
