"""What every page of every visitor needs: who asks, what time it is, and how a refusal becomes a page.

A view does four things: read the form, ask `may`, call one verb or one report, render. Verbs raise the
errors of `rules.errors`; only `Refusals` here turns them into pages, and `attempt` into form errors.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from anydoor.access.models import User
from anydoor.access.policy import Standing, standing_of
from anydoor.directory.models import Area
from anydoor.rules import working_time
from anydoor.rules.errors import AnydoorError, BadInput, WrongMoment
from anydoor.ui.forms import Form

log = logging.getLogger("anydoor.web")
T = TypeVar("T")

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
        request.standing = SimpleLazyObject(
            lambda: standing_of(request.user, working_time.in_london(request.at).date(), request.at)
        )
        request.areas = SimpleLazyObject(lambda: areas_of(request.standing))
        return self.get_response(request)


def areas_of(who: Standing) -> Sequence[Area]:
    """The areas whose front door somebody works at; no query for those who work at none."""
    if not who.front_doors:
        return []
    return list(
        Area.objects.filter(front_door__in=who.front_doors).select_related("front_door").order_by("pk")
    )


class Refusals:
    """Middleware: an `AnydoorError` that no form caught, or a constraint that spoke at commit, as a page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if isinstance(error, AnydoorError):
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


def message_page(request: HttpRequest, status: int, heading: str, *lines: str) -> HttpResponse:
    """A page that only says something, with a way on."""
    way_on = (
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
    """Only for people with an open account; others sign in first and come back."""
    return login_required(view)


def attempt(form: Form, work: Callable[[], T]) -> T | None:
    """Call a verb; put its `BadInput` and `WrongMoment` into the form, keep what was typed, return None."""
    try:
        return work()
    except BadInput as fault:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
    except WrongMoment as fault:
        form.add_error(None, fault.message)
    return None
