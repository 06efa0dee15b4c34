"""Who is shown first when several people hold something of one family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

LEVEL_RANK = {"specialist": 3, "targeted": 2, "universal": 1, "": 0}


@dataclass(frozen=True, slots=True)
class Holding:
    """One thing somebody holds of the family. `level` is empty for a request not yet with a service."""

    worker_id: int
    team_id: int
    level: str
    since: datetime


def lead_holder(chosen: int | None, holdings: Sequence[Holding]) -> Holding | None:
    """The lead: the one the family chose while they still hold, else the highest level, else the longest.

    None when nothing is held. Equal in everything: the lower worker's id, so that the answer is one.
    """

    def rank(holding: Holding) -> tuple[int, datetime, int, int]:
        return -LEVEL_RANK[holding.level], holding.since, holding.worker_id, holding.team_id

    theirs = [holding for holding in holdings if holding.worker_id == chosen]
    return min(theirs or holdings, key=rank, default=None)
