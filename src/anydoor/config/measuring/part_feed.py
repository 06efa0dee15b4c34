"""What the open feed costs: a page of 100 of 5,000 services, and one in full, beside the bare SQL as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from anydoor.api import open_referral
from anydoor.config.measuring.part_matching import AT, QUICK_SERVICES, QUICK_TIMES, SERVICES, TIMES, county
from anydoor.config.measuring.parts import Figure, beside, p50, p95, timed
from anydoor.directory.models import Service

# The goals of the house: times the floor in the same run, and queries however many services there are.
MUST_PAGE = 12.0
_PAGE = (
    "SELECT s.uid, o.uid, s.name, s.summary, s.email, s.state, s.cost_note, s.child_from_days, "
    "s.child_to_days, s.last_checked, s.for_whom, o.name, o.kind FROM directory_service s "
    "JOIN access_organisation o ON o.id = s.organisation_id WHERE s.state IN ('offered', 'pilot') "
    "ORDER BY s.name, s.uid LIMIT 100"
)


def measure(*, quick: bool) -> Iterator[Figure]:
    """A directory of so many services, and what a client waits for."""
    count, times = (QUICK_SERVICES, QUICK_TIMES) if quick else (SERVICES, TIMES)
    county(count)
    named = f"of {Service.objects.live(AT.date()).count():,} services"
    page = _asked("/openreferral/v3/services?per_page=100", open_referral.services)
    spans, plain = beside(page, _bare_page, times=times)
    floor = p50(plain)
    yield Figure(
        "feed",
        f"Feed page of 100 {named}, p95 ({_queries(page)} queries)",
        p95(spans),
        "ms",
        floor,
        "count and rows by bare SQL, as JSON",
        p50(spans) / floor,
        MUST_PAGE,
    )
    whole = _asked("/openreferral/v3/services?per_page=100&full=true", open_referral.services)
    spans = timed(whole, times=max(3, times // 4))
    yield Figure(
        "feed",
        f"The same with everything nested ({_queries(whole)} queries)",
        p95(spans),
        "ms",
        floor,
        "the same",
        p50(spans) / floor,
        None,
    )
    uid = str(Service.objects.live(AT.date()).order_by("pk")[0].uid)
    one = _asked(f"/openreferral/v3/services/{uid}", open_referral.service, uid)
    spans = timed(one, times=times)
    yield Figure("feed", f"One service in full, p95 ({_queries(one)} queries)", p95(spans), "ms")


def _asked(address: str, view: Callable[..., Any], *named: str) -> Callable[[], None]:
    """The view as a client asks it, without the server around."""
    asking = RequestFactory()

    def ask() -> None:
        request: Any = asking.get(address)
        request.at = AT
        answer = view(request, *named)
        if answer.status_code != 200:
            raise AssertionError(f"the feed answered {answer.status_code}")

    return ask


def _queries(work: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as found:
        work()
    return len(found)


def _bare_page() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM directory_service WHERE state IN ('offered', 'pilot')")
        total = cursor.fetchone()
        cursor.execute(_PAGE)
        names = [each[0] for each in cursor.description or ()]
        rows = [dict(zip(names, map(str, row), strict=True)) for row in cursor.fetchall()]
    json.dumps({"total_items": total, "contents": rows})
