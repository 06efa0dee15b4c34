"""How well a fact is known, and where it was read.

Every clinical number in this package travels as a `Cited`: the value, its source, and a tag that says whether
somebody read it there. What nobody read in a source must be shown as such and signed off by a clinician.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

# Ascending: (lowest score of the band, its name). A band reaches to the score before the next one.
Bands = tuple[tuple[int, str], ...]
Value = int | Decimal | Bands


class Tag(StrEnum):
    """How a fact is known. Only `READ` was read in the source that is named."""

    READ = "V"
    SECOND_HAND = "S"
    PARTLY_READ = "V/S"
    PROBABLE = "M-H"
    UNCERTAIN = "M-M"
    HOUSE = "house"


TAG_WORDS: dict[Tag, str] = {
    Tag.READ: "read in the source",
    Tag.SECOND_HAND: "read in a secondary source only",
    Tag.PARTLY_READ: "read in a source in part, the rest in a secondary source",
    Tag.PROBABLE: "not read in a source, held to be right; needs a clinician's sign-off",
    Tag.UNCERTAIN: "not read in a source, less sure; needs a clinician's sign-off",
    Tag.HOUSE: "a decision of this software, where no rule is published",
}


@dataclass(frozen=True, slots=True)
class Cited:
    """A value with its source and how well it is known."""

    value: Value
    source: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class Code:
    """A code of an instrument in a terminology, and whether it was read there."""

    system: str
    code: str
    what: str
    tag: Tag


@dataclass(frozen=True, slots=True)
class Licence:
    """On what terms an instrument may be used, and what of its wording this software carries.

    `wording` is "shipped" (exact, pinned by checksum), "pack" (a service loads its own licensed copy), or
    "free, pack" (it might be shipped, but no copy was verified letter by letter).
    """

    terms: str
    tag: Tag
    wording: str
