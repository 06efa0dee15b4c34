"""What finding help costs: 5,000 services, by everyday words and by distance, beside the bare query."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import connection

from anydoor.config.measuring.part_matching import QUICK_SERVICES, SERVICES, county
from anydoor.config.measuring.parts import Figure, p50, p95, timed
from anydoor.directory.finding import Asked, asked_for, find, where_is

TIMES, QUICK_TIMES = 20, 5
ON = date(2026, 11, 20)
WORDS = "a group for dads who feel low, on Saturdays"
MUST = 40.0  # a house goal: times the bare full-text query


def measure(*, quick: bool) -> Iterator[Figure]:
    """The finder's first page by words near a town, and by distance alone."""
    count, times = (QUICK_SERVICES, QUICK_TIMES) if quick else (SERVICES, TIMES)
    area = county(count)
    here = where_is(area, "NR19")
    floor = p50(timed(_bare, times=times))
    for name, asked in (
        ("by words and distance", asked_for(Asked(where=here), WORDS)),
        ("by distance", Asked(where=here)),
    ):
        spent = timed(lambda asked=asked: find(area, asked, on=ON), times=times)  # type: ignore[misc]  # mypy cannot type a default
        yield Figure(
            "finder",
            f"Finder, {count:,} services, {name}, p95",
            p95(spent),
            "ms",
            floor,
            "the bare full-text query with its rank",
            p50(spent) / floor,
            MUST,
        )


def _bare() -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT service_id, ts_rank(words, query) FROM directory_servicewords, "
            "to_tsquery('english', 'group | dad | low | saturday') AS query WHERE words @@ query"
        )
        return cursor.fetchall()
