"""The floor that pages are compared with: a Django page that reads and writes 25 rows of 7 values.

`/rows` knows who is signed in and checks nothing else; `/plain` does not even know that. Mounted by
`bare_settings` alone, never where people are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.urls import path
from jinja2 import Environment

from anydoor.access.models import User
from anydoor.care.models import Referral

COLUMNS = ("pk", "reference", "title", "door", "stage", "received_at", "due_at")
_PAGE = Environment(autoescape=True).from_string(
    "<!doctype html><title>{{ name }}</title><table>"
    "{% for row in rows %}<tr>{% for value in row %}<td>{{ value }}</td>{% endfor %}</tr>{% endfor %}</table>"
)


def rows(request: HttpRequest) -> HttpResponse:
    """25 requests as they lie in the table."""
    assert isinstance(request.user, User)
    return _page(request.user.name)


def plain(request: HttpRequest) -> HttpResponse:
    """The same for anybody."""
    return _page("anybody")


def _page(name: str) -> HttpResponse:
    found = Referral.objects.order_by("pk").values_list(*COLUMNS)[:25]
    return HttpResponse(_PAGE.render(name=name, rows=found))


class CountQueries:
    """Middleware: how many statements a request sent, in a header."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponse]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count = 0

        def counted(execute: Callable[..., Any], *given: Any) -> Any:
            nonlocal count
            count += 1
            return execute(*given)

        with connection.execute_wrapper(counted):
            response = self.respond(request)
        response["X-Queries"] = str(count)
        return response


urlpatterns = [path("rows", rows), path("plain", plain)]
