"""What finding help costs: a page over 5,000 services, beside a bare page with the SQL that each needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from jinja2 import Environment

from anydoor.config.measuring.part_matching import QUICK_SERVICES, SERVICES, county
from anydoor.config.measuring.parts import Figure, beside, p50, p95
from anydoor.directory.finding import PAGE, Asked, asked_for, where_is
from anydoor.directory.models import Area

TIMES, QUICK_TIMES = 20, 9
NEAR = "NR19"
WORDS = "a singing group, I feel low"
MUST = 24.0  # times the bare page: the goal of the house for a page of the finder
_BARE = Environment(autoescape=True).from_string(
    "<!doctype html><title>{{ count }}</title><table>"
    "{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>{% endfor %}</table>"
    "<ul>{% for time in times %}<li>{% for value in time %}{{ value }} {% endfor %}</li>{% endfor %}</ul>"
)
_AWAY = """
12742.0 * asin(least(1.0, sqrt(sin(radians(coalesce(p.latitude, c.latitude) - %(north)s) / 2) ^ 2
    + cos(radians(%(north)s)) * cos(radians(coalesce(p.latitude, c.latitude)))
    * sin(radians(coalesce(p.longitude, c.longitude) - %(east)s) / 2) ^ 2)))
"""
# Both ask for what is offered in the district, each with its nearest place; one for what fits words or needs.
_LIST = """
SELECT s.id, s.name, s.summary, s.level, s.last_checked, o.name, near.km, count(*) OVER ()
FROM directory_service s JOIN access_organisation o ON o.id = s.organisation_id
{join}LEFT JOIN (SELECT v.service_id, min({away}) AS km FROM directory_service_places v
    JOIN directory_place p ON p.id = v.place_id LEFT JOIN directory_postcode c ON c.postcode = p.postcode
    GROUP BY v.service_id) near ON near.service_id = s.id
WHERE s.state IN ('offered', 'pilot') AND EXISTS (SELECT 1 FROM directory_service_footprint f
    WHERE f.service_id = s.id AND f.district_id = ANY(%(districts)s)) {fits}
ORDER BY {first}near.km, s.name LIMIT %(page)s
"""
_BY_DISTANCE = _LIST.format(away=_AWAY, join="", fits="", first="")
_BY_WORDS = _LIST.format(
    away=_AWAY,
    join="JOIN directory_servicewords w ON w.service_id = s.id ",
    fits="AND (w.words @@ to_tsquery('english', %(words)s) OR s.needs && %(needs)s::varchar[])",
    first="ts_rank(w.words, to_tsquery('english', %(words)s)) DESC, ",
)
_TIMES = """
SELECT t.service_id, t.weekday, t.on_date, t.starts, t.ends, p.name FROM directory_session t
LEFT JOIN directory_place p ON p.id = t.place_id WHERE t.service_id = ANY(%(shown)s)
"""


def measure(*, quick: bool) -> Iterator[Figure]:
    """The finder's first page by words near a town, and by distance alone."""
    # Pages name their style sheets by what is in them, which has to be collected once.
    call_command("collectstatic", interactive=False, verbosity=0)
    count, times = (QUICK_SERVICES, QUICK_TIMES) if quick else (SERVICES, TIMES)
    area = county(count)
    for name, words, plain in (
        ("by words and distance", WORDS, _BY_WORDS),
        ("by distance", "", _BY_DISTANCE),
    ):
        spent, floor = beside(_page(area, words), _bare(area, words, plain), times=times)
        yield Figure(
            "finder",
            f"Finder's page, {count:,} services, {name}, p95",
            p95(spent),
            "ms",
            p50(floor),
            "a bare page of the same rows by one plain statement, with their times",
            p50(spent) / p50(floor),
            MUST,
        )


def _page(area: Area, words: str) -> Callable[[], None]:
    """The page as a visitor asks for it, with everything around it but the server."""
    client = Client(headers={"host": "localhost"})
    asked = _wish(area, words)
    query = [("near", NEAR), *(("need", need) for need in asked.needs), ("q", " ".join(asked.words))]
    address = f"{reverse('public:find', args=[area.slug])}?{urlencode(query)}"

    def ask() -> None:
        answer = client.get(address)
        if answer.status_code != 200 or answer.content.count(b"km)") < PAGE // 2:
            raise AssertionError(f"the finder answered {answer.status_code} without a list")

    return ask


def _wish(area: Area, words: str) -> Asked:
    return asked_for(Asked(where=where_is(area, NEAR)), words)


def _bare(area: Area, words: str, plain: str) -> Callable[[], None]:
    """The same list by one statement and the times of what it shows by another, as a bare page."""
    asked = _wish(area, words)
    position = asked.where.position
    assert position is not None  # the postcodes of the example lie in the database
    given: dict[str, Any] = {
        "north": position[0], "east": position[1], "districts": list(asked.where.districts), "page": PAGE,
        "words": " | ".join(asked.words), "needs": list(asked.needs),
    }  # fmt: skip

    def ask() -> None:
        with connection.cursor() as cursor:
            cursor.execute(plain, given)
            rows = cursor.fetchall()
            cursor.execute(_TIMES, {"shown": [row[0] for row in rows]})
            times = cursor.fetchall()
        page = _BARE.render(count=rows[0][-1], rows=rows, times=times)
        if page.count("<tr>") != PAGE:
            raise AssertionError("the bare page is not full")

    return ask
