"""Words of danger in what people write: found so that somebody looks sooner.

This is a display with a clock, never a label. It says "these words stand here, read this first"; it does
not say that anybody is at risk, is never stored as a fact about a person, never counted against one, and
never decides anything. A text without such words is not a safe text: no software can say that.

It errs on the side of showing. It does not understand "not": "no thoughts of self-harm" is shown, because
a machine that skips negations will one day skip the wrong one. It forgives spelling, texting and spacing;
it finds whole words only ("deadline" and "skill myself" are left alone).

The phrases, their kinds and sources are data in `danger_phrases`, `danger_around` and
`danger_languages`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate

from anydoor.rules.danger_around import AROUND
from anydoor.rules.danger_languages import OTHER_LANGUAGES
from anydoor.rules.danger_phrases import INSIDE, Kind, Phrase
from anydoor.rules.identifiers import one_slip_apart, without_accents

__all__ = ["PHRASES", "Kind", "Phrase", "Span", "find", "plain_words"]


PHRASES: tuple[Phrase, ...] = INSIDE + AROUND + OTHER_LANGUAGES


@dataclass(frozen=True, slots=True)
class Span:
    """Where words of danger stand: `text[start:end] == words`, and of what kind they may be."""

    start: int
    end: int
    words: str
    kind: Kind


def find(text: str) -> tuple[Span, ...]:
    """Every place where a phrase of danger stands, in order; places of one kind do not overlap.

    A text may say two things at once, so places of different kinds may overlap.
    """
    words, places = plain_words(text)
    if not words:
        return ()
    starts = list(accumulate((len(word) + 1 for word in words[:-1]), initial=0))
    line = " ".join(words)
    found: list[tuple[int, int, Kind]] = []
    for pattern, kind in _patterns():
        for match in pattern.finditer(line):
            first, last = bisect_right(starts, match.start()) - 1, bisect_right(starts, match.end() - 1) - 1
            found.append((places[first][0], places[last][1], kind))
    return tuple(Span(start, end, text[start:end], kind) for start, end, kind in _without_overlaps(found))


def _without_overlaps(found: list[tuple[int, int, Kind]]) -> list[tuple[int, int, Kind]]:
    """Places of one kind that touch become one; sorted by where they start, then by kind."""
    merged: list[tuple[int, int, Kind]] = []
    latest: dict[Kind, int] = {}
    for start, end, kind in sorted(found, key=lambda each: (each[0], -each[1], each[2])):
        at = latest.get(kind)
        if at is not None and start < merged[at][1]:
            merged[at] = (merged[at][0], max(end, merged[at][1]), kind)
        else:
            latest[kind] = len(merged)
            merged.append((start, end, kind))
    return merged


# --- spelling ---------------------------------------------------------------------------------------

# How people text, and common slips, as the plain word or words they stand for.
PLAIN_SPELLING: dict[str, str] = {
    "bout": "about", "abt": "about",
    "2": "to", "b": "be", "u": "you", "ur": "your", "r": "are", "n": "and", "y": "why", "wnt": "want",
    "wan": "want", "wana": "want to", "wanna": "want to", "dnt": "dont", "dnot": "dont", "dony": "dont",
    "cnt": "cant", "cannot": "cant", "cany": "cant", "gonna": "going to", "gunna": "going to",
    "gona": "going to", "gna": "going to", "hav": "have", "wiv": "with", "widout": "without",
    "wivout": "without", "withut": "without", "witout": "without", "babys": "baby", "bby": "baby",
    "bubba": "baby", "lil": "little", "myslef": "myself", "mself": "myself", "myselfs": "myself",
    "mysel": "myself", "myelf": "myself", "meself": "myself", "herslef": "herself", "hisself": "himself",
    "nemore": "anymore", "anymor": "anymore", "nomore": "anymore", "anymoor": "anymore", "al": "all",
    "liv": "live", "kil": "kill", "killl": "kill", "kiling": "killing", "hert": "hurt", "hurtin": "hurting",
    "harmin": "harming", "selfharm": "self harm", "selfharming": "self harming", "sucide": "suicide",
    "suiside": "suicide", "suisid": "suicide", "sueside": "suicide", "suacide": "suicide",
    "suside": "suicide", "su1cide": "suicide", "suisidal": "suicidal", "suicidle": "suicidal",
    "sucidal": "suicidal", "suisidle": "suicidal", "sucicidal": "suicidal", "susidal": "suicidal",
    "overdoze": "overdose", "breething": "breathing", "brething": "breathing", "breding": "breathing",
    "breathin": "breathing", "halucinating": "hallucinating", "halucinations": "hallucinations",
    "strangeld": "strangled", "stangled": "strangled", "chokd": "choked", "punchd": "punched",
    "thretened": "threatened", "threatend": "threatened", "threating": "threatening",
    "frightend": "frightened", "scard": "scared", "hubbie": "hubby", "rly": "really", "jst": "just",
    "bin": "been", "tho": "though", "thort": "thought", "thorts": "thoughts", "thougts": "thoughts",
    "thoughs": "thoughts",
}  # fmt: skip

# Long words where one slip is forgiven, and real words one slip away from them that are not meant.
FORGIVEN = ("suicide", "suicidal", "overdose", "strangled", "breathing", "hallucinating", "hallucinations")
NOT_MEANT = frozenset({"overdone", "overdoes", "strangler", "wreathing"})


# --- plain words ------------------------------------------------------------------------------------

_IN_WORDS = "'\u2018\u2019\u02bc`\u00b4\u0300-\u036f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff"
_TOKEN = re.compile(rf"(?P<word>[^\W_](?:[^\W_]|[{_IN_WORDS}])*)|(?P<end>[.!?;\u2026]+|\n\s*\n)")
_DROPPED = re.compile("['\u2018\u2019\u02bc`\u00b4]")
_RUN = re.compile(r"(.)\1{2,}")


def plain_words(text: str) -> tuple[list[str], list[tuple[int, int]]]:
    """The text as plain words, and for each the place in `text` it was read from.

    Plain: lower case, no accents, no apostrophes, texting and common slips spelled out; `|` where a
    sentence ends. One typed word may give two plain ones ("wanna" gives "want to").
    """
    words: list[str] = []
    places: list[tuple[int, int]] = []
    for token in _TOKEN.finditer(text):
        if token["end"]:
            if not _is_decimal_point(text, token.start(), token.end()):
                words.append("|")
                places.append(token.span())
            continue
        for word in _plain(token["word"]).split():
            words.append(word)
            places.append(token.span())
    return words, places


def _is_decimal_point(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start].isdigit() and text[end : end + 1].isdigit()


@lru_cache(maxsize=8192)
def _plain(token: str) -> str:
    word = without_accents(_DROPPED.sub("", token).casefold())
    if word in _vocabulary():
        return PLAIN_SPELLING.get(word, word)
    if _RUN.search(word):
        for shorter in (_RUN.sub(r"\1\1", word), _RUN.sub(r"\1", word)):
            if shorter in _vocabulary():
                return PLAIN_SPELLING.get(shorter, shorter)
    for meant in FORGIVEN:
        if word[:1] == meant[0] and word not in NOT_MEANT and one_slip_apart(word, meant):
            return meant
    return word


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    """Every word a phrase or the spelling table knows, to tell "killll" from a word of its own."""
    in_phrases = (word for phrase in PHRASES for word in re.findall(r"[a-z]{2,}", phrase.pattern))
    return frozenset(in_phrases) | frozenset(PLAIN_SPELLING)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], Kind], ...]:
    return tuple((re.compile(rf"(?<![^ ])(?:{phrase.pattern})(?![^ ])"), phrase.kind) for phrase in PHRASES)
