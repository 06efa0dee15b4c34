"""Who leads for a family held by several: the one it chose, else the highest level, else the longest.

Each open referral and episode has one holder. A family with several of them still has one person shown
first. The rule looks only at holdings that are open now; it never leaves a held family without a lead, and
it answers the same whatever order the holdings come in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

# How intense the help is. A holding without a level (a new request, a wider need) counts lowest.
LEVEL_RANK = {"": 0, "universal": 1, "targeted": 2, "specialist": 3}


@dataclass(frozen=True, slots=True)
class Holding:
    """One open referral or episode in somebody's hands: who, in which team, at what level, since when.

    `level` is a key of `LEVEL_RANK`.
    """

    worker_id: int
    team_id: int
    level: str
    since: datetime
    is_referral: bool = False
    of_id: int = 0


CHOSEN = "chosen by the family"
HIGHEST = "the highest level of those who help"
LONGEST = "has helped the longest"
ONLY = "the only one who helps"


@dataclass(frozen=True, slots=True)
class Lead:
    """The holding whose worker leads, and why, as a phrase."""

    holding: Holding
    why: str


def lead(chosen: int | None, holdings: Sequence[Holding]) -> Lead | None:
    """The family's lead holder with the reason; None only when nobody holds anything.

    `chosen` is the worker the family chose: it counts while that worker holds something. Of one worker's
    holdings the weightiest stands for them. Ties end with the lowest worker id, then team and record id.
    """
    if not holdings:
        return None
    ranked = sorted(holdings, key=_rank)
    first = next((each for each in ranked if each.worker_id == chosen), ranked[0])
    return Lead(first, _why(first, ranked, chosen))


def _rank(held: Holding) -> tuple[int, datetime, int, int, bool, int]:
    return (-LEVEL_RANK[held.level], held.since, held.worker_id, held.team_id, held.is_referral, held.of_id)


def lead_holder(chosen: int | None, holdings: Sequence[Holding]) -> Holding | None:
    """`lead` without its reason."""
    found = lead(chosen, holdings)
    return found.holding if found else None


def _why(first: Holding, ranked: Sequence[Holding], chosen: int | None) -> str:
    others = [each for each in ranked if each.worker_id != first.worker_id]
    if first.worker_id == chosen:
        return CHOSEN
    if not others:
        return ONLY
    strongest = max(LEVEL_RANK[each.level] for each in others)
    return HIGHEST if LEVEL_RANK[first.level] > strongest else LONGEST
