"""Whether one organisation may be told what a person told another: consent, in order, by published rules.

Facts in, answer out. What somebody said of sharing is a list of `Said`; the newest word and the narrowest
word count. A yes opens, a no shuts, and a no can never be outweighed by a wider yes:

1. Whoever the person turned to knows what they were told: nobody can unsay it to them.
2. Sharing without consent, with its recorded reason and authority, while it runs: shared, and marked so.
3. A yes that names the receiver (or an organisation or circle it belongs to) and that no later or narrower
   no takes back: shared, as much as was agreed. Of several, the narrowest, then the newest.
4. No word at all: the area's agreed circle may know.
5. Else: not shared.

Adding a no, ending a yes or letting a day pass never shows more (tests/rules/test_sharing.py says so for
generated histories). Whether an organisation may keep a record of its own work is another question: that
is its lawful basis, and withdrawing consent to share does not undo it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

# What can be shared, each in words that finish "They may know ...".
SLICES = {
    "contact": "name and how to reach them",
    "needs": "what would help",
    "story": "what they told us",
    "measures": "answers to questions about mood and bond",
    "record": "what was done to help",
}
EVERYTHING = frozenset(SLICES)
# Who can be agreed to, narrowest first.
BREADTH = {"service": 0, "organisation": 1, "circle": 2}
PURPOSES = {
    "help": "to help the family",
    "safety": "to keep somebody safe",
    "learning": "to learn what helps, without names",
}
# On whose authority a story goes on without consent. Words for staff; a family may read them.
AUTHORITIES = {
    "child_safety": "To keep a child safe",
    "adult_safety": "To keep an adult safe",
    "life_in_danger": "A life is in danger now",
    "court_or_law": "A court or the law asks for it",
}
COMPETENT_FROM = 16  # from this age somebody decides for themself without a recorded judgement


@dataclass(frozen=True, slots=True)
class Said:
    """One word about sharing. `state` is given, said_no, withdrawn or expired; `key` the receiver's id.

    `at` is when that state began: of a yes when it was given, of a withdrawal when it was withdrawn. A yes
    with `until` counts up to and including that day.
    """

    state: str
    breadth: str  # service | organisation | circle
    key: int | None  # None for the circle
    at: datetime
    slices: frozenset[str] = EVERYTHING
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Without:
    """Sharing without consent, for a reason and on an authority, until a day it is looked at again."""

    breadth: str
    key: int | None
    until: date | None = None


@dataclass(frozen=True, slots=True)
class Receiver:
    """Who might be told: an organisation, and those of its services that are meant.

    `told` when the person turned to them; `in_circle` when the area's agreement names the organisation.
    """

    organisation_id: int
    service_ids: frozenset[int] = field(default_factory=frozenset)
    told: bool = False
    in_circle: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What may be shared, the rule that says so, and the last day it holds (None: no end)."""

    slices: frozenset[str]
    rule: str  # without_consent | agreed | told | circle | said_no | not_asked
    until: date | None = None

    @property
    def is_shared(self) -> bool:
        return bool(self.slices)


NOT_ASKED = Answer(frozenset(), "not_asked")


def may_share(said: Iterable[Said], without: Iterable[Without], to: Receiver, *, on: date) -> Answer:
    """What `to` may be told on a day of what one person told others."""
    if to.told:
        return Answer(EVERYTHING, "told")
    for reason in without:
        if _matches(reason.breadth, reason.key, to) and _runs(reason.until, on):
            return Answer(EVERYTHING, "without_consent", reason.until)
    about = [one for one in said if _matches(one.breadth, one.key, to)]
    noes = [one for one in about if not _is_yes(one, on)]
    yeses = [one for one in about if _is_yes(one, on) and not any(_shuts(no, one) for no in noes)]
    if yeses:
        best = max(yeses, key=lambda one: (-BREADTH[one.breadth], one.at, sorted(one.slices)))
        return Answer(best.slices & EVERYTHING, "agreed", best.until)
    if any(one.state in {"said_no", "withdrawn"} for one in noes):
        return Answer(frozenset(), "said_no")
    return Answer(EVERYTHING, "circle") if to.in_circle and not noes else NOT_ASKED


def _matches(breadth: str, key: int | None, to: Receiver) -> bool:
    if breadth == "service":
        return key in to.service_ids
    if breadth == "organisation":
        return key == to.organisation_id
    return breadth == "circle"


def _runs(until: date | None, on: date) -> bool:
    return until is None or on <= until


def _is_yes(one: Said, on: date) -> bool:
    return one.state == "given" and _runs(one.until, on)


def _shuts(no: Said, yes: Said) -> bool:
    """Whether a no takes a yes back: said later (or at the same moment), or of something narrower.

    A yes that ran out is a no from then on: else a wider, older yes would show more than the newer one did.
    """
    return no.at >= yes.at or BREADTH[no.breadth] < BREADTH[yes.breadth]


def who_decides(age: int | None) -> str:
    """Who can agree to sharing about somebody of this age: `self`, or `judge` (a recorded judgement).

    From 16 a person decides alone. Under 16 a worker records why they understand enough to decide for
    themself; else somebody with parental responsibility does.
    """
    return "judge" if age is not None and age < COMPETENT_FROM else "self"


def in_words(slices: Iterable[str]) -> str:
    """Slices in the middle of a sentence, in their own order: `what they told us and what would help`."""
    words: Sequence[str] = [text for key, text in SLICES.items() if key in set(slices)]
    if len(words) == len(SLICES):
        return "everything they need to know to help"
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)
