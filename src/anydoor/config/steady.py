"""No one person, key or page takes everything: how fast somebody reads, and how much heavy work at once.

Counted in each web process by itself, without a query: a hot page stays as quick as it was. With two
processes somebody may therefore reach twice the number, which is still no machine's pace. It slows, for
seconds, and loses nothing: a form sent too fast is kept and shown again.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from threading import BoundedSemaphore
from typing import Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from anydoor.access import audit
from anydoor.access.models import User
from anydoor.api.problem import problem
from anydoor.rules.pace import Pace
from anydoor.web.account.session_limits import kept

# What takes a process long: a look over all families, a sheet to print, everything about somebody.
HEAVY = frozenset(
    {
        *("desk:outcomes", "desk:coverage", "desk:coverage_file", "desk:everything", "desk:staff_file"),
        *("desk:looks", "desk:access_print", "desk:stuck", "desk:replay", "public:map_poster"),
    }
)
ALWAYS = frozenset({"account_logout", "public:exit", "public:crisis", "public:mine_leave"})
HEAVY_COST = 6  # as much as so many plain pages
HEAVY_AT_ONCE = 2  # of the four threads of a process, so that the others go on
BUSY_SECONDS = 5
HELD = "anydoor_heavy_slot"


class KeepSteady:
    """Middleware, after who is signed in is known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.pages, self.calls = Pace(settings.PAGES_A_MINUTE), Pace(settings.CALLS_A_MINUTE)
        self.told = Pace(1)  # one row of the audit a minute is enough
        self.slots = BoundedSemaphore(HEAVY_AT_ONCE)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        try:
            return self.get_response(request)
        finally:
            if getattr(request, HELD, False):
                self.slots.release()

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        name = request.resolver_match.view_name if request.resolver_match else ""
        wait = 0 if name in ALWAYS else self._wait(request, HEAVY_COST if name in HEAVY else 1)
        if wait:
            return self._slower(request, wait)
        if name in HEAVY:
            if not self.slots.acquire(blocking=False):
                return _busy(request)
            setattr(request, HELD, True)
        return None

    def _wait(self, request: HttpRequest, cost: int) -> int:
        now = time.monotonic()
        if key := request.headers.get("Authorization", ""):
            return self.calls.take(hashlib.sha256(key.encode()).hexdigest(), now)
        who = request.session.get(SESSION_KEY) if hasattr(request, "session") else None
        return self.pages.take(str(who), now, cost) if who else 0

    def _slower(self, request: HttpRequest, wait: int) -> HttpResponse:
        if request.headers.get("Authorization"):
            answer: HttpResponse = problem(429, f"Too many calls with this key. Go on in {wait} seconds.")
        else:
            user = request.user
            if isinstance(user, User) and not self.told.take(str(user.pk), time.monotonic()):
                _tell(user)
            way_back = kept(request) if request.method == "POST" else ""
            lines = [
                _("Your account asked for more pages in a minute than a person reads."),
                _("Go on in %(seconds)s seconds.") % {"seconds": wait},
                _("If you did not do this, tell the person who looks after sign-ins."),
            ]
            if way_back:
                lines.append(_("What you just sent was not taken yet. It is kept for you."))
            answer = _say(request, 429, _("That was very fast"), lines, way_back)
        answer["Retry-After"] = str(wait)
        return answer


def _tell(user: User) -> None:
    audit.record(
        action="read_too_fast",
        subject="account",
        subject_id=user.pk,
        by=user,
        at=timezone.now(),
        purpose="service_management",
        allowed=False,
        why=f"More than {settings.PAGES_A_MINUTE} pages in a minute.",
    )


def _busy(request: HttpRequest) -> HttpResponse:
    answer = _say(
        request,
        503,
        _("Many people want this at once"),
        [_("This page takes a while to make, and others wait for theirs. Try again in a few seconds.")],
        "",
    )
    answer["Retry-After"] = str(BUSY_SECONDS)
    return answer


def _say(request: HttpRequest, status: int, heading: str, lines: list[str], way_back: str) -> HttpResponse:
    here = request.get_full_path() if request.method == "GET" else "/desk/"
    way_on = {
        "href": way_back or here,
        "label": _("See what you typed") if way_back else _("Try again"),
    }
    context = {"heading": heading, "lines": lines, "way_on": way_on, "exit_href": "/exit"}
    return render(request, "ui/message.jinja", context, status=status)
