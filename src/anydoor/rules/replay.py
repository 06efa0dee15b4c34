"""Judging again what was judged before: with the same facts under today's rules, and with today's facts.

Where the first differs from what was kept, the rules have changed; where only the second does, the services.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from anydoor.rules.level import propose_level
from anydoor.rules.matching import Offer, Profile, ServiceFacts, match

VERDICT_WORDS = {"suits": "suits", "possible": "possible", "not": "does not fit", "": "not there"}


@dataclass(frozen=True, slots=True)
class Judgement:
    """One service in one judging. `verdict` is empty where the service was not there."""

    verdict: str = ""
    reasons_for: tuple[str, ...] = ()
    reasons_against: tuple[str, ...] = ()
    near_miss: str = ""

    @property
    def words(self) -> str:
        return VERDICT_WORDS.get(self.verdict, self.verdict)

    @property
    def reasons(self) -> tuple[str, ...]:
        near = (self.near_miss,) if self.near_miss else ()
        return (*self.reasons_for, *self.reasons_against, *near)


@dataclass(frozen=True, slots=True)
class Replayed:
    """A service then, judged again on the same facts, and judged on the facts of now."""

    slug: str
    then: Judgement
    again: Judgement
    now: Judgement

    @property
    def rules_differ(self) -> bool:
        """The same facts give another answer: a rule has changed."""
        return self.then != self.again

    @property
    def facts_differ(self) -> bool:
        """The facts of now give another answer than the facts of then, under the same rules."""
        return self.again != self.now

    @property
    def came(self) -> tuple[str, ...]:
        """Reasons said now that were not said then."""
        return tuple(words for words in self.now.reasons if words not in self.then.reasons)

    @property
    def went(self) -> tuple[str, ...]:
        """Reasons said then that are not said now."""
        return tuple(words for words in self.then.reasons if words not in self.now.reasons)


@dataclass(frozen=True, slots=True)
class Replay:
    """Everything judged again. `level_then` and `level_again` are proposals for the same need."""

    level_then: str
    level_again: str
    services: tuple[Replayed, ...]

    @property
    def same_under_the_rules(self) -> bool:
        """Whether the same facts still give the same answer throughout."""
        return self.level_then == self.level_again and not any(one.rules_differ for one in self.services)

    @property
    def differing(self) -> tuple[Replayed, ...]:
        """The services that anything differs in, in the order in which they were shown."""
        return tuple(one for one in self.services if one.rules_differ or one.facts_differ)


def replay(
    *,
    profile: Profile,
    facts: Mapping[str, ServiceFacts],
    level: str,
    offers: Sequence[Mapping[str, Any]],
    now: Mapping[str, ServiceFacts],
) -> Replay:
    """Judge a kept need again. `facts`, `level` and `offers` are what was kept, `now` the facts of today."""
    then = {each["slug"]: _kept(each) for each in offers}
    again = {each.service_slug: _judged(each) for each in match(profile, facts.values())}
    today = {each.service_slug: _judged(each) for each in match(profile, now.values())}
    order = [*then, *(slug for slug in again if slug not in then)]
    order += [slug for slug in today if slug not in then and slug not in again]
    nothing = Judgement()
    return Replay(
        level_then=level,
        level_again=propose_level(profile).level,
        services=tuple(
            Replayed(slug, then.get(slug, nothing), again.get(slug, nothing), today.get(slug, nothing))
            for slug in order
        ),
    )


def _kept(offer: Mapping[str, Any]) -> Judgement:
    return Judgement(
        str(offer.get("verdict", "")),
        tuple(offer.get("for", ())),
        tuple(offer.get("against", ())),
        str(offer.get("near_miss", "")),
    )


def _judged(offer: Offer) -> Judgement:
    return Judgement(offer.verdict, offer.reasons_for, offer.reasons_against, offer.near_miss)
