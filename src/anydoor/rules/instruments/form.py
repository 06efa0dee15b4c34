"""An instrument as a form: the options of each item, how a tick is stored, and what a score is in words.

A page shows options as printed and sends back which one was ticked. `answer_of` turns that into what the
format writes down, `line_up` turns stored answers into what `answers.read` reads. Nothing is preselected and
nothing is guessed: an item that is not there was not answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anydoor.rules.errors import BadInput
from anydoor.rules.instruments.answers import Reading, read
from anydoor.rules.instruments.definition import NOT_APPLICABLE, Format, Instrument
from anydoor.rules.instruments.scoring import Risk, Score, risk_of
from anydoor.rules.instruments.wording import Wording

Answer = int | str

# Of the formats an instrument has, the first of these is how ticks on a screen are written down.
_ON_SCREEN = (
    Format.PRINTED_OPTION_INDEX,
    Format.YES_NO,
    Format.RAW_FREQUENCY,
    Format.SUBSCALE_ITEM_SCORES,
    Format.ITEM_SCORES_OR_NA,
    Format.ITEM_SCORES,
)
# And how item scores from paper are.
_ON_PAPER = (Format.SUBSCALE_ITEM_SCORES, Format.ITEM_SCORES_OR_NA, Format.ITEM_SCORES)

BAND_WORDS: Mapping[str, str] = {
    "minimal": "minimal",
    "mild": "mild",
    "moderate": "moderate",
    "moderately_severe": "moderately severe",
    "moderate_severe": "moderate to severe",
    "severe": "severe",
    "lt10": "under 10",
    "10_12": "10 to 12",
    "ge13": "13 or more",
    "lt11": "under 11",
    "ge11": "11 or more",
    "below_cutoff": "below the cut-off",
}
NOT_SCORED = "not scored"
# What a free answer is about, where no words are shipped or loaded: our own, never an instrument's.
FREE_WORDS: Mapping[str, str] = {
    "relationship": "The relationship, in their words",
    "best_thing": "What they say is best",
    "biggest_fear": "What they say they fear most",
    "observation": "What you saw in the two minutes",
    "three_words": "Three words or phrases",
    "most_joy": "What brings most joy",
    "strengths": "Strengths you both see",
    "concerns": "What worries them, or you",
    "action": "What you agreed to do next",
    "local_score": "A score, if your training gives one",
}


@dataclass(frozen=True, slots=True)
class Option:
    """One option of an item: its place from 0 as printed, its words (or bare score), and what it scores."""

    index: int
    words: str
    score: int | str


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a form: its key, its number, its words ("" without a pack), its options.

    `place` is where it stands as printed, from 1; only where scales stand apart is that not its number.
    """

    key: str
    number: int
    place: int
    words: str
    options: tuple[Option, ...]
    is_risk: bool


def on_screen(instrument: Instrument) -> Format | None:
    """How ticks are written down; None for an instrument of free words alone."""
    return next((form for form in _ON_SCREEN if form in instrument.formats), None)


def on_paper(instrument: Instrument) -> Format | None:
    """How item scores copied from paper are written down; None for an instrument of free words alone."""
    return next((form for form in _ON_PAPER if form in instrument.formats), None)


def items_of(instrument: Instrument, wording: Wording | None = None) -> tuple[Item, ...]:
    """Every item in printed order, with its words where there are any."""
    if not instrument.formats:
        return ()
    made = []
    numbers = (wording.order if wording else ()) or range(1, len(instrument.item_keys()) + 1)
    for place, number in enumerate(numbers, 1):
        scores = instrument.option_scores(number)
        said = wording.options_of(number) if wording else ()
        made.append(
            Item(
                key=instrument.key_of(number),
                number=number,
                place=place,
                words=wording.items[number - 1] if wording else "",
                options=tuple(
                    Option(at, said[at] if at < len(said) and said[at] else _bare(score), score)
                    for at, score in enumerate(scores)
                ),
                is_risk=number in instrument.risk_items,
            )
        )
    return tuple(made)


def free_of(instrument: Instrument, wording: Wording | None = None) -> tuple[tuple[str, str], ...]:
    """The free answers of an instrument without a score: names and words to ask them with."""
    if instrument.formats:
        return ()
    said = dict(zip(instrument.unscored, wording.items if wording else (), strict=False))
    names = (*instrument.unscored, *instrument.recorded)
    return tuple((name, said.get(name) or FREE_WORDS[name]) for name in names)


def _bare(score: int | str) -> str:
    return "Does not apply" if score == NOT_APPLICABLE else str(score)


def answer_of(instrument: Instrument, written_as: Format, number: int, ticked: int) -> Answer:
    """What the format writes down for the option with this index. Raises BadInput when there is none."""
    scores = instrument.option_scores(number)
    if type(ticked) is not int or not 0 <= ticked < len(scores):
        raise BadInput("That is not one of the answers.", field=instrument.key_of(number))
    score = scores[ticked]
    if score == NOT_APPLICABLE:
        return NOT_APPLICABLE
    if written_as in {Format.PRINTED_OPTION_INDEX, Format.RAW_FREQUENCY}:
        return ticked
    if written_as is Format.YES_NO:
        return "yes" if score == 1 else "no"
    return score


def paper_answer(instrument: Instrument, number: int, typed: str) -> Answer | None:
    """An item score as typed from paper; None where nothing was typed. Raises BadInput naming the item."""
    text = typed.strip().casefold()
    key = instrument.key_of(number)
    low, high = instrument.range_of(number)
    if not text:
        return None
    if number in instrument.not_applicable:
        if text in {"na", "n/a"}:
            return NOT_APPLICABLE
        na = ', or "na" if it does not apply'
    else:
        na = ""
    if not (text.isascii() and text.isdigit() and len(text) <= 3 and low <= int(text) <= high):
        raise BadInput(f"Item {number}: write a whole number from {low} to {high}{na}.", field=key)
    return int(text)


def line_up(instrument: Instrument, written_as: Format, by_key: Mapping[str, object]) -> object:
    """Stored answers as the list, or the object of lists, that `answers.read` takes; None where none is."""
    if written_as is Format.SUBSCALE_ITEM_SCORES:
        return {
            scale.name: [by_key.get(f"{scale.name}.{at}") for at in range(1, scale.size + 1)]
            for scale in instrument.scales
        }
    return [by_key.get(key) for key in instrument.item_keys()]


def reading_of(instrument: Instrument, written_as: Format, by_key: Mapping[str, object]) -> Reading:
    """The score of each item of stored answers."""
    return read(instrument, written_as, line_up(instrument, written_as, by_key))


def raised(instrument: Instrument, reading: Reading) -> tuple[tuple[int, int], ...]:
    """The risk items above 0, each with its score: (9, 1). A partial answer is enough."""
    if risk_of(instrument, reading) is not Risk.RAISED:
        return ()
    found = []
    for item in instrument.risk_items:
        answer = reading.scores[item - 1]
        if answer is not None and answer > 0:
            found.append((item, answer))
    return tuple(found)


def band_in_words(band: object) -> str:
    """A band as a person reads it; "" where there is none."""
    if isinstance(band, Mapping):
        said = [
            f"{name.removesuffix('_concern')} {'is' if met else 'is not'} a concern"
            for name, met in band.items()
            if met is not None
        ]
        return ", ".join(said)
    return BAND_WORDS.get(band, band.replace("_", " ")) if isinstance(band, str) else ""


def score_in_words(instrument: Instrument, found: Score) -> str:
    """A result in short: "12, moderate", "positive, 2 of 2", "warmth 30, invasion 6", "not scored"."""
    if found.screen is not None and found.screen.value != "indeterminate":
        highest = instrument.total_range()[1]
        total = f", {found.total} of {highest}" if found.total is not None else ""
        return f"{found.screen.value}{total}"
    if found.total is not None:
        band = band_in_words(found.band)
        return f"{found.total}, {band}" if band else str(found.total)
    if not instrument.has_total and found.scales and None not in found.scales.values():
        return ", ".join(f"{name} {total}" for name, total in found.scales.items())
    return NOT_SCORED
