"""What an instrument is made of: items, the scores an item can have, scales, risk items, codes, licence.

A definition is data and holds no threshold: cut-offs, bands and reliable change are in `values`, where a
service can replace them. A definition never changes once a measure was taken with it; a correction is a new
`version`, and an old measure is for ever scored by the version it was taken with (`registry.find`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from anydoor.rules.instruments.evidence import Code, Licence


class Format(StrEnum):
    """How answers are written down.

    ITEM_SCORES           the score of each item, reversal already done (what a paper form's margin shows)
    ITEM_SCORES_OR_NA     the same, with "na" where the form has a "does not apply"
    PRINTED_OPTION_INDEX  which option was ticked, 0 for the first as printed
    RAW_FREQUENCY         how often, before reversal: 0 is the least often
    SUBSCALE_ITEM_SCORES  the item scores of each scale apart, as an object of lists
    YES_NO                "yes" or "no"
    """

    ITEM_SCORES = "item_scores"
    ITEM_SCORES_OR_NA = "item_scores_or_na"
    PRINTED_OPTION_INDEX = "printed_option_index"
    RAW_FREQUENCY = "raw_frequency"
    SUBSCALE_ITEM_SCORES = "subscale_item_scores"
    YES_NO = "yes_no"


NOT_APPLICABLE = "na"


@dataclass(frozen=True, slots=True)
class Scale:
    """A part with a sum of its own: `size` items, their printed numbers in `items`.

    `items` is empty where the allotment of items is not published; answers then come scale by scale.
    """

    name: str
    size: int
    items: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Instrument:
    """One version of one instrument. Items are numbered as printed, from 1.

    lowest, highest   the scores every item can have, but for those in `ranges`
    reversed_items    items whose score falls as the printed option rises: score = highest - ticked
    summed            the items of the total; empty means all of them
    has_total         False where scales must never be summed (MORS-SF) or nothing is scored at all
    not_applicable    items that may be "na", and what that is worth; None where no rule is published
    risk_items        a score above 0 is told at once, whatever the total and even in a partial answer
    look_items        worth a clinician's look where they are answered high; never a flag
    high_is           "worse" or "better": which way a higher total points
    unscored          what the form asks besides, kept and never scored
    recorded          what the worker writes down beside it (strengths, what was agreed), never scored
    printed           the scores of the options of an item that is not reversed, in printed order; empty where
                      they rise from the lowest to the highest
    missing_rule      what a missing answer does, in words; a missing answer is never counted as 0
    """

    name: str
    version: str
    title: str
    purpose: str
    answered_by: str
    recall: str
    size: int
    formats: frozenset[Format]
    licence: Licence
    source: str
    lowest: int = 0
    highest: int = 3
    reversed_items: frozenset[int] = frozenset()
    ranges: Mapping[int, tuple[int, int]] = field(default_factory=dict)
    summed: tuple[int, ...] = ()
    scales: tuple[Scale, ...] = ()
    has_total: bool = True
    not_applicable: Mapping[int, int | None] = field(default_factory=dict)
    risk_items: tuple[int, ...] = ()
    look_items: tuple[int, ...] = ()
    high_is: str = "worse"
    unscored: tuple[str, ...] = ()
    recorded: tuple[str, ...] = ()
    printed: tuple[int, ...] = ()
    missing_rule: str = "any missing item: no total and no band"
    codes: tuple[Code, ...] = ()

    @property
    def key(self) -> str:
        """`PHQ-9@1`: what a stored measure keeps to name its definition."""
        return f"{self.name}@{self.version}"

    def range_of(self, item: int) -> tuple[int, int]:
        """The lowest and the highest score of one item."""
        return self.ranges.get(item, (self.lowest, self.highest))

    def item_keys(self) -> tuple[str, ...]:
        """What each item is called in a stored measure: "1" to "9"; "warmth.1" where scales stand apart."""
        if Format.SUBSCALE_ITEM_SCORES in self.formats:
            return tuple(f"{scale.name}.{at}" for scale in self.scales for at in range(1, scale.size + 1))
        return tuple(str(item) for item in range(1, self.size + 1))

    def key_of(self, item: int) -> str:
        """The key of the item with this number, counted from 1 over all scales."""
        return self.item_keys()[item - 1]

    def option_scores(self, item: int) -> tuple[int | str, ...]:
        """The score of each option of an item as printed, first to last; "na" last where the form has it."""
        low, high = self.range_of(item)
        scores: tuple[int | str, ...] = self.printed or tuple(range(low, high + 1))
        if item in self.reversed_items:
            scores = scores[::-1]
        return (*scores, NOT_APPLICABLE) if item in self.not_applicable else scores

    def total_items(self) -> tuple[int, ...]:
        """The printed numbers of the items that make the total."""
        return self.summed or tuple(range(1, self.size + 1))

    def total_range(self) -> tuple[int, int]:
        """The lowest and the highest total. Scales that are never summed are counted each for itself."""
        if not self.has_total:
            most = max((scale.size for scale in self.scales), default=0)
            return self.lowest * most, self.highest * most
        ends = [self.range_of(item) for item in self.total_items()]
        return sum(low for low, _ in ends), sum(high for _, high in ends)


# Whose table of bands a respondent's score is read in. A cut-off found in mothers is not a father's.
MOTHER = "mother"
FATHER = "father"
GROUP_OF_ROLE: Mapping[str, str] = {
    "mother": MOTHER,
    "birthing_parent": MOTHER,
    "birth_mother": MOTHER,
    "pregnant_woman": MOTHER,
    "woman": MOTHER,
    "father": FATHER,
    "partner": FATHER,
    "co_parent": FATHER,
}


def group_of(role: str | None) -> str | None:
    """The group of a respondent's role ("Co-parent", "co_parent"), or None where none was validated."""
    if role is None:
        return None
    return GROUP_OF_ROLE.get(role.strip().casefold().replace("-", "_").replace(" ", "_"))
