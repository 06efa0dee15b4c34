"""The settings of the pages that are measured: ours, with another database and a count of queries."""

from __future__ import annotations

import os

from anydoor.config.settings import *  # noqa: F403  # everything but what follows

DATABASES["default"]["NAME"] = os.environ["ANYDOOR_BENCH_DATABASE"]  # noqa: F405
MIDDLEWARE = ["anydoor.config.measuring.bare.CountQueries", *MIDDLEWARE]  # noqa: F405
# One machine sends all the forms here.
ASKS_AN_HOUR = 10**9
PAGES_A_MINUTE = CALLS_A_MINUTE = 0
