"""What every page of every visitor needs: who asks, what time it is, and how a refusal becomes a page.

A view does four things: read the form, ask `may`, call one verb or one report, render. Verbs raise the
errors of `rules.errors`; only `Refusals` here turns them into pages, and `attempt` into form errors.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.contrib.auth import SESSION_KEY
from django.contrib.auth.decorators import login_required
from django.db import DatabaseError, IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from anydoor.access import audit, wall
from anydoor.access.accounts import let_work_for
from anydoor.access.models import User
from anydoor.access.policy import Standing, may_work_for, standing_of
from anydoor.access.purposes import PURPOSES
from anydoor.care import refusals
from anydoor.directory.models import Area
from anydoor.rules import working_time
from anydoor.rules.errors import AnydoorError, BadInput, NotFound, WrongMoment
from anydoor.ui.forms import Form

log = logging.getLogger("anydoor.web")
T = TypeVar("T")
PURPOSE = "works_for"  # where the session keeps what somebody said they work for, when it is not direct care

HEADINGS = {
    403: "You may not do that",
    404: "We cannot find that page",
    409: "Somebody was quicker",
    422: "That cannot be used",
    500: "Something went wrong on our side",
    502: "Another system did not answer",
}


class AnydoorRequest(HttpRequest):
    """A request as our views see it: somebody signed in, their standing today, and now."""

    user: User
    standing: Standing
    areas: Sequence[Area]
    at: datetime


class Arrive:
    """Middleware: gives each request `at` (now, read once) and, for who is signed in, `standing` and `areas`.

    `areas` are those whose front door they work at, each with its `front_door`, in the order they were made.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: Any) -> HttpResponse:
        request.at = timezone.now()
        self.take_purpose(request)
        request.standing = SimpleLazyObject(lambda: _stand(request))
        request.areas = SimpleLazyObject(lambda: areas_of(request.standing))
        return self.get_response(request)

    @staticmethod
    def take_purpose(request: Any) -> None:
        """What somebody said they work for, for as long as their roles let them say it."""
        said = request.session.get(PURPOSE) if SESSION_KEY in request.session else None
        if said is None or not request.user.is_authenticated:
            return
        if may_work_for(standing_of(request.user, working_time.london_day(request.at)), said):
            let_work_for(request.user, said)


def _stand(request: AnydoorRequest) -> Standing:
    """Who asks, and from now on the database shows what they see."""
    who = standing_of(request.user, working_time.in_london(request.at).date(), request.at)
    wall.see_as(who)
    return who


def areas_of(who: Standing) -> Sequence[Area]:
    """The areas whose front door somebody works at; no query for those who work at none."""
    if not who.front_doors:
        return []
    return list(
        Area.objects.filter(front_door__in=who.front_doors).select_related("front_door").order_by("pk")
    )


class Refusals:
    """Middleware: an `AnydoorError` that no form caught, or a constraint that spoke at commit, as a page.

    Whatever was refused is a row of the audit, in a transaction of its own after the refused one is undone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer = self.get_response(request)
        # The interface notes its own, except how fast it is called: that is answered before it is reached.
        if answer.status_code in refusals.BY_STATUS and (
            answer.status_code == 429 or not request.path.startswith("/api/")
        ):
            _noted(request, answer.status_code)
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, AnydoorError):
            noted(request, error)
            if works_for_something_else(request, error):
                return purpose_page(request)
            return message_page(request, error.status, HEADINGS[error.status], error.message)
        if isinstance(error, IntegrityError):
            log.warning("a constraint refused a change: %s", type(error.__cause__).__name__)
            return message_page(
                request,
                409,
                HEADINGS[409],
                "Somebody changed this at the same moment, so nothing was saved.",
                "Go back, look again, and try again.",
            )
        return None


def noted(request: Any, error: AnydoorError) -> None:
    """Note an error that was a refusal in the audit. For a view that answers one by itself, too."""
    _noted(request, error)


def _noted(request: Any, refusal: AnydoorError | int) -> None:
    place = request.resolver_match
    if getattr(request, "refusal_noted", False) or place is None:
        return
    asked = refusals.Asked(place.view_name, place.kwargs, request.method not in {"GET", "HEAD"})
    known = request.user.is_authenticated
    by, at = (request.user if known else audit.VISITOR), request.at
    try:
        if isinstance(refusal, int):
            request.refusal_noted = refusals.note_answer(refusal, asked=asked, by=by, at=at)
            return
        who = request.standing if known else None
        request.refusal_noted = refusals.note(refusal, asked=asked, by=by, at=at, who=who)
    except DatabaseError:
        # It stays refused; that it could not be written down is a fault of its own.
        request.refusal_noted = True
        log.exception("a refusal at %s could not be written to the audit", place.view_name)


def works_for_something_else(request: Any, error: AnydoorError) -> bool:
    """Whether somebody found a family shut because of what they said they work for, not of what they asked.

    The same for every number that can be asked for, so that it tells nothing of any.
    """
    if not request.user.is_authenticated or request.standing.in_care:
        return False
    if error.of is not None and error.of.rule == "wrong_purpose":
        return True
    place = request.resolver_match
    return isinstance(error, NotFound) and place is not None and bool(refusals.Asked("", place.kwargs).named)


def purpose_page(request: Any) -> HttpResponse:
    """Says kindly that the purpose of this session opens no family's record, and how to say another."""
    back = f"?{urlencode({'back': request.path})}" if request.method in {"GET", "HEAD"} else ""
    return message_page(
        request,
        403,
        "Not while you work on this",
        f"You work for this now: “{PURPOSES[request.standing.purpose]}”. That does not open this page.",
        "If you need it for something else, to help a family for instance, say so and come back. What a look "
        "was for is kept with every look.",
        way_on={"href": reverse("desk:purpose") + back, "label": "Say what I work for now"},
    )


def message_page(
    request: HttpRequest, status: int, heading: str, *lines: str, way_on: dict[str, str] | None = None
) -> HttpResponse:
    """A page that only says something, with a way on."""
    way_on = way_on or (
        {"href": "/desk/", "label": "To my work"}
        if request.user.is_authenticated
        else {
            "href": "/",
            "label": "To the first page",
        }
    )
    return render(
        request,
        "ui/message.jinja",
        {"heading": heading, "lines": lines, "way_on": way_on, "exit_href": "/exit"},
        status=status,
    )


def signed_in(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Only for people with an open account; others sign in first and come back.

    From here on the database shows what they see: a view may read a row before it asks about it.
    """

    @wraps(view)
    def seen_as_them(request: AnydoorRequest, *given: Any, **named: Any) -> HttpResponse:
        wall.see_as(request.standing)
        return view(request, *given, **named)

    return login_required(seen_as_them)


def attempt(form: Form, work: Callable[[], T]) -> T | None:
    """Call a verb; put its `BadInput` and `WrongMoment` into the form, keep what was typed, return None."""
    try:
        return work()
    except BadInput as fault:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
    except WrongMoment as fault:
        form.add_error(None, fault.message)
    return None
