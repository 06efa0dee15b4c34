"""The one policy. `allow` decides; `why_not`, `may` and `check` are thin uses of it.

The same rule draws the button, guards the POST and writes the message. Deny by default: an action that
is not in the table (`policy_rules`) is refused. Facts about a record are handed in as plain values
(`standing.Facts`), so that this room need not know the rooms above it; which rows are seen at all is decided
by the `for_user` scopes of `care`, which read the same standing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from anydoor.access.models import Membership, Team, User
from anydoor.access.policy_rules import OPENS_SEALED, RULES
from anydoor.access.purposes import (
    ALSO_FOR,
    ALWAYS_SEEN,
    CARE,
    CHOSEN_BY,
    DIRECT_CARE,
    FATE_FIELDS,
    FIELDS_OF_SLICE,
    FULL_FIELDS,
    OWN_FIELDS,
    PREVIEW_FIELDS,
)
from anydoor.access.standing import Facts, Standing, personal_of, standing_of
from anydoor.rules.errors import NotAllowed, Refused
from anydoor.rules.working_time import london_day

# What callers ask the policy with comes from here too.
__all__ = [
    "RULES", "Decision", "Facts", "Standing", "acting", "allow", "check", "fields_seen", "may",
    "may_work_for", "personal_of", "slices_held_back", "standing_of", "why_not", "works_in",
]  # fmt: skip


WRONG_PURPOSE = "What you work for now does not open this. You can say that you work for something else."


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something may be done, by which rule, what is visible of the record, and why (not).

    `rule` names the line of the policy that spoke: for the audit, and for whoever asks.
    """

    allowed: bool
    rule: str
    fields: frozenset[str]
    why: str

    def __bool__(self) -> bool:
        return self.allowed


def allow(who: Standing, action: str, facts: Facts | None = None, purpose: str | None = None) -> Decision:
    """The one decision: organisation, role, relationship, purpose, consent and seal. Deny by default.

    Consent and seal are in the facts: they shape which teams see a family, and what is held back from them
    (`care.sights`); what concerns one person alone is in their standing. `purpose` is for pages that have one
    of their own; without it, what the session is for counts. `why_not`, `may` and `check` are thin uses of
    this.
    """
    facts = facts or Facts()
    purpose = who.purpose if purpose is None else purpose
    if not who.active:
        return _no("account_closed", "Your account is closed.")
    rule = RULES.get(action)
    if rule is None:
        return _no("nobody_may", "Nobody may do that.")
    if not serves(purpose, action):
        return _no("wrong_purpose", WRONG_PURPOSE)
    if purpose != who.purpose:
        who = replace(who, purpose=purpose)
    sees, who = who, who.for_care()  # what another purpose opens by name is still asked by its rule
    if facts.family_id is not None and facts.family_id in who.kept_from:
        return _no("conflict_of_interest", "There is no such page, or it is not yours to see.")
    if _is_sealed_from(who, facts) and action not in OPENS_SEALED:
        return _no("sealed", "Only the people named for this record can do that.")
    reason = rule(who, facts)
    name = rule.__name__.strip("_")
    if reason is not None:
        return _no(name, reason)
    return Decision(True, name, fields_seen(sees, facts), _relationship(who, facts))


def _is_sealed_from(who: Standing, facts: Facts) -> bool:
    """Whether a seal keeps somebody out, whatever they are in the team or at the front door."""
    if not facts.sealed or facts.holder_id == who.user_id:
        return False
    return facts.family_id not in who.sees_alone()


def _no(rule: str, why: str) -> Decision:
    return Decision(False, rule, frozenset(), why)


def fields_seen(who: Standing, facts: Facts, about: int | None = None) -> frozenset[str]:
    """What of a family's record is visible to somebody: the whole, their own work, a preview, or nothing.

    `about`: of which person of the family. Without it, what is visible of everybody in it.
    """
    if not who.in_care or (facts.family_id is not None and facts.family_id in who.kept_from):
        return frozenset()
    full = who.family_team_ids & facts.full_team_ids
    if facts.family_id is not None and facts.family_id in who.sees_alone("full"):
        return FULL_FIELDS
    if full:
        return FULL_FIELDS - _held_back(facts, full, about)
    own = who.family_team_ids & facts.own_team_ids
    if own:
        return OWN_FIELDS - _held_back(facts, own, about)
    if who.family_team_ids & facts.offered_team_ids or facts.family_id in who.sees_alone("preview"):
        return PREVIEW_FIELDS
    return FATE_FIELDS if facts.referrer_id is not None and facts.referrer_id == who.user_id else frozenset()


def slices_held_back(facts: Facts, teams: Iterable[int], about: int | None = None) -> frozenset[str]:
    """The slices of `rules.sharing` that none of these teams sees of a person; of anybody without `about`."""
    found = [
        frozenset(
            piece
            for piece, _, person in (one.partition(":") for one in facts.withheld.get(team, ()))
            if not person or about is None or int(person) == about
        )
        for team in teams
    ]
    return frozenset.intersection(*found) if found else frozenset()


def _held_back(facts: Facts, teams: Iterable[int], about: int | None) -> frozenset[str]:
    kept = slices_held_back(facts, teams, about)
    return frozenset().union(*(FIELDS_OF_SLICE.get(name, frozenset()) for name in kept)) - ALWAYS_SEEN


def _relationship(who: Standing, facts: Facts) -> str:
    """What ties somebody to the record, in words for the audit."""
    if facts.family_id is not None and facts.family_id in who.in_emergency:
        return "opened in an emergency"
    if facts.holder_id is not None and facts.holder_id == who.user_id:
        return "holds it"
    if facts.family_id is not None and facts.family_id in who.named:
        return "named for a sealed record"
    if who.family_team_ids & facts.full_team_ids:
        return "their team works with the family"
    if who.family_team_ids & facts.own_team_ids:
        return "their team's own work"
    if who.family_team_ids & facts.offered_team_ids:
        return "their team is asked to take over"
    if facts.referrer_id is not None and facts.referrer_id == who.user_id:
        return "referred them"
    return "by role"


def serves(purpose: str, action: str) -> bool:
    """Whether somebody who works for `purpose` does such a thing at all."""
    return purpose in CARE or purpose in ALSO_FOR.get(action, frozenset())


def acting(who: Standing, action: str) -> Standing:
    """Who asks for the rows of `action`, once what they work for allows it: then as if they helped families.

    Raises `NotAllowed`, in the same words whatever was asked for.
    """
    if not serves(who.purpose, action):
        raise NotAllowed(WRONG_PURPOSE, of=Refused(action, "wrong_purpose"))
    return who.for_care()


def may_work_for(who: Standing, purpose: str) -> bool:
    """Whether somebody's roles let them say that this session is for `purpose`."""
    return purpose == DIRECT_CARE or who.has(*CHOSEN_BY.get(purpose, ()))


def why_not(who: Standing, action: str, facts: Facts | None = None) -> str | None:
    """None when `who` may do `action`; otherwise a sentence that says why not."""
    decision = allow(who, action, facts)
    return None if decision.allowed else decision.why


def may(who: Standing, action: str, facts: Facts | None = None) -> bool:
    """Whether `who` may do `action`."""
    return allow(who, action, facts).allowed


def check(who: Standing, action: str, facts: Facts | None = None) -> None:
    """Raise `NotAllowed`, with the reason, when `who` may not do `action`."""
    decision = allow(who, action, facts)
    if not decision.allowed:
        family_id = facts.family_id if facts is not None else None
        raise NotAllowed(decision.why, of=Refused(action, decision.rule, family_id=family_id))


def works_in(user: User, team: Team, at: datetime) -> bool:
    """Whether somebody with an open account works with families in this team on that day."""
    return (
        Membership.objects.current(london_day(at))
        .working_with_families()
        .filter(user=user, team=team)
        .exists()
    )
