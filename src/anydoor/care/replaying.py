"""A decision judged again from what was kept beside it: do today's rules and services say the same?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from anydoor.care.models import Decision, Grounds
from anydoor.directory.matching import help_for
from anydoor.rules.errors import NotFound
from anydoor.rules.kept import facts_from, profile_from
from anydoor.rules.matching import VERSION, Profile
from anydoor.rules.replay import Replay, replay


@dataclass(frozen=True, slots=True)
class Judged:
    """A decision with its grounds, and what judging them again gives. `names` are services by slug."""

    decision: Decision
    grounds: Grounds
    profile: Profile
    replay: Replay
    names: Mapping[str, str]
    chosen: frozenset[str]

    @property
    def district(self) -> str:
        """The name of the district the family lived in, where one of the services served it."""
        served = (kept.get("footprint", {}) for kept in self.grounds.services.values())
        code = self.profile.district_code
        return next((str(names[code]) for names in served if code in names), "")

    @property
    def rules_are_the_same(self) -> bool:
        """Whether the rules bear the version they had then."""
        return self.grounds.rules == VERSION


def judge_again(decision: Decision) -> Judged:
    """Judge a kept decision again: on the facts kept with it, and on the services as they are now.

    Nothing is written. Raises NotFound where nothing was kept with the decision (older ones), BadInput
    where what was kept cannot be read any more.
    """
    grounds = Grounds.objects.filter(decision=decision).first()
    if grounds is None:
        raise NotFound("Nothing was kept with this decision that could be judged again.")
    profile = profile_from(grounds.profile)
    facts = {slug: facts_from(kept) for slug, kept in grounds.services.items()}
    now = help_for(area=decision.referral.area, profile=profile)
    proposal = grounds.proposal
    names = {slug: each.name for slug, each in now.facts.items()}
    names |= {slug: each.name for slug, each in facts.items()}
    return Judged(
        decision=decision,
        grounds=grounds,
        profile=profile,
        replay=replay(
            profile=profile,
            facts=facts,
            level=str(proposal.get("level", "")),
            offers=proposal.get("offers", ()),
            now=now.facts,
        ),
        names=names,
        chosen=frozenset(decision.offers.values_list("service__slug", flat=True)),
    )
