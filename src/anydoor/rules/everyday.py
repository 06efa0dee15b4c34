"""What somebody means who types a few everyday words: needs, who it is for, a day, a way, after a loss.

A list of phrases, not a model: each can be read and put right. A star stands for any ending. Where a phrase
is understood its words are used up; the rest is searched for as it stands. No personal data is looked for
and none is kept here. After a loss nothing about a baby is shown, so `speaks_of_a_baby` is broad on purpose.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from anydoor.rules.everyday_phrases import DAYS, LITTLE, NEEDS, ROLES, WAYS

_BABY = re.compile(
    r"\b(bab(y|ies)|newborn\w*|infants?|toddlers?|breast\w*|bump|births?|pregnan\w*|maternity|midwi\w*|unborn|"
    r"expecting|antenatal|postnatal|perinatal|nursery|cot|nappies|feeding|bottle|child(ren)?|parenting)\b",
    re.IGNORECASE,
)
_LITTLE = frozenset(LITTLE.split())
MOST_WORDS = 40  # of what was typed are read
MOST_LEFT = 8  # words are searched for


@dataclass(frozen=True, slots=True)
class Meant:
    """What was understood. `left` are the words that no phrase used up, in the order they were typed."""

    needs: tuple[str, ...] = ()
    role: str = ""
    day: int | None = None
    way: str = ""
    left: tuple[str, ...] = ()

    @property
    def is_after_loss(self) -> bool:
        return "loss" in self.needs


def understand(text: str) -> Meant:
    """Everyday words as needs, a role, a day, a way, and the words that are left."""
    words = _words(text)[:MOST_WORDS]
    used = [False] * len(words)
    needs = [need for need, phrases in NEEDS.items() if _says(phrases, words, used)]
    role = next((role for role in ("young", *ROLES) if _says(ROLES[role], words, used)), "")
    day = next((n for n, phrases in enumerate(DAYS) if _says(phrases, words, used)), None)
    way = next((way for way, phrases in WAYS.items() if _says(phrases, words, used)), "")
    left = [word for word, gone in zip(words, used, strict=True) if not gone and _worth_a_search(word)]
    return Meant(tuple(needs), role, day, way, tuple(dict.fromkeys(left))[:MOST_LEFT])


def _worth_a_search(word: str) -> bool:
    return word not in _LITTLE and len(word) > 2 and word.isalpha()


def _words(text: str) -> list[str]:
    plain = text.casefold().replace("\u2019", "'").replace("\x00", " ")
    return re.findall(r"[^\W_]+(?:['-][^\W_]+)*'?", plain)


def _says(phrases: str, words: list[str], used: list[bool]) -> bool:
    """Whether any of the phrases stands in the words; those that do are used up."""
    found = False
    for pattern in _patterns(phrases):
        for at in range(len(words) - len(pattern) + 1):
            if all(one.fullmatch(words[at + n]) for n, one in enumerate(pattern)):
                used[at : at + len(pattern)] = [True] * len(pattern)
                found = True
    return found


@cache
def _patterns(phrases: str) -> tuple[tuple[re.Pattern[str], ...], ...]:
    return tuple(
        tuple(re.compile(re.escape(word).replace(r"\*", r"[^\W_]*")) for word in phrase.split())
        for phrase in phrases.split("; ")
    )


def speaks_of_a_baby(text: str) -> bool:
    """Whether a text has a word that a family after a loss should not meet unasked."""
    return _BABY.search(text) is not None


def without_a_baby(text: str) -> str:
    """Those sentences of a text that have no such word."""
    sentences = re.split(r"(?<=[.!?])\s+", text.strip())
    return " ".join(one for one in sentences if not speaks_of_a_baby(one))
