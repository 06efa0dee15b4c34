"""Whether a service fits a family: every rule there is, in the order its reason is read.

A rule looks at a `Case` (a profile and what follows from it) and at the facts of a service, and gives a
`Reason` or nothing. A reason speaks for, against, or of something not asked yet; `allows` is the best
verdict an offer can still have with it. Adding a rule is adding a function to `RULES`; adding a pathway is
adding data: `eligibility_keys` lists what a service can say. After a loss no reason speaks of a baby.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from anydoor.rules.eligibility_keys import COLUMNS, KEYS
from anydoor.rules.eligibility_need import (
    Rule,
    is_about_your_need,
    is_checked_by_a_person,
    is_meant_for_this,
    is_not_meant_for_this,
    is_safe_for_you,
    is_the_level,
    is_urgent_first,
)
from anydoor.rules.eligibility_there import is_kept_true, is_open, is_there_room, is_where_you_live
from anydoor.rules.eligibility_time import is_gentle_after_loss, is_the_time
from anydoor.rules.eligibility_ways import (
    how_to_ask,
    is_beside_others,
    is_in_your_language,
    is_preferred_mode,
    is_reachable,
)
from anydoor.rules.eligibility_you import is_for_you, is_old_enough, is_your_age
from anydoor.rules.reasons import MOST_KEPT, Case, Reason, ServiceFacts

__all__ = ["ABOUT", "COLUMNS", "KEYS", "RULES", "Rule", "is_about_your_need", "weigh"]

# What each rule is about, as kept in `Reason.about`; the order is the order in which reasons are read.
ABOUT: Mapping[str, Rule] = {
    "open": is_open,
    "loss": is_gentle_after_loss,
    "urgent": is_urgent_first,
    "safe": is_safe_for_you,
    "need": is_about_your_need,
    "only_if": is_meant_for_this,
    "not_if": is_not_meant_for_this,
    "level": is_the_level,
    "time": is_the_time,
    "whom": is_for_you,
    "age": is_your_age,
    "adult": is_old_enough,
    "place": is_where_you_live,
    "checked_by": is_checked_by_a_person,
    "beside": is_beside_others,
    "route": how_to_ask,
    "mode": is_preferred_mode,
    "travel": is_reachable,
    "language": is_in_your_language,
    "room": is_there_room,
    "kept": is_kept_true,
}
RULES: tuple[Rule, ...] = tuple(ABOUT.values())
_NAMED: Sequence[tuple[str, Rule]] = tuple(ABOUT.items())


def weigh(case: Case, service: ServiceFacts) -> tuple[Reason, ...]:
    """Every reason the rules give, in their order, each with what it is about."""
    found = []
    for about, rule in _NAMED:
        one = rule(case, service)
        if one is not None:
            found.append(_named(one, about))
    return tuple(found)


@lru_cache(maxsize=MOST_KEPT)
def _named(one: Reason, about: str) -> Reason:
    return replace(one, about=about)
