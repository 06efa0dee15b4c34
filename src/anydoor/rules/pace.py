"""How fast one person or key may go on: a bucket of tokens that fills again by itself.

Told the time, knows no clock. One `Pace` serves all threads of a process.
"""

from __future__ import annotations

from collections import OrderedDict
from math import ceil
from threading import Lock

MOST_KEPT = 5_000


class Pace:
    """`a_minute` tokens at once, and that many again in a minute. 0: no limit."""

    def __init__(self, a_minute: int) -> None:
        self.a_minute = a_minute
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()  # who: (tokens, at that second)
        self._lock = Lock()

    def take(self, who: str, at: float, cost: int = 1) -> int:
        """Take `cost` tokens at a moment in seconds. Returns 0, or the seconds until there are enough."""
        if self.a_minute <= 0:
            return 0
        cost = min(cost, self.a_minute)
        with self._lock:
            tokens, since = self._left.pop(who, (float(self.a_minute), at))
            tokens = min(self.a_minute, tokens + max(at - since, 0) * self.a_minute / 60)
            missing = cost - tokens
            self._left[who] = (tokens if missing > 0 else tokens - cost, at)
            while len(self._left) > MOST_KEPT:
                self._left.popitem(last=False)  # who was here least lately, and so has most of theirs back
        return max(ceil(missing * 60 / self.a_minute), 1) if missing > 0 else 0
