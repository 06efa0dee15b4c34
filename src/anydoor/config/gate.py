"""Refused before anything looks at it: a method no page answers, and a key sent without encryption."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.utils import timezone

from anydoor.access import audit
from anydoor.access.audit import Outsider
from anydoor.api.problem import problem
from anydoor.care import receipts

log = logging.getLogger("anydoor.sign_in")
PAGES, API = ("GET", "HEAD", "POST"), ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
FEED = "/openreferral/"  # open to everybody, and to the pages of others: it answers for its methods itself
IN_THE_CLEAR = (
    "Send this over https only. Nothing was done. A key that was sent without encryption may have been read "
    "on its way: end it and ask for another."
)


class Gate:
    """Middleware, before sessions are opened."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_api = request.path.startswith("/api/")
        if request.method not in (API if is_api or request.path.startswith(FEED) else PAGES):
            return self._no_such_method(is_api)
        if is_api and settings.PRODUCTION and not request.is_secure():
            _tell_of(request.headers.get("Authorization", ""))
            return problem(403, IN_THE_CLEAR)
        return self.get_response(request)

    def _no_such_method(self, is_api: bool) -> HttpResponse:
        if not is_api:
            return HttpResponseNotAllowed(PAGES)
        answer = problem(405, "This address does not do that.")
        answer["Allow"] = ", ".join(API)
        return answer


def _tell_of(sent: str) -> None:
    """Whose key it was, if it is one of ours: a row of the audit, and a line of the log without the key."""
    token = receipts.token_for(sent.removeprefix("Bearer ").strip()) if sent else None
    log.warning("a call to the interface came without encryption%s", ", with a live key" if token else "")
    if token is not None:
        audit.record(
            action="key_in_the_clear",
            subject="token",
            subject_id=token.pk,
            by=Outsider(token.name, "partner"),
            at=timezone.now(),
            purpose="service_management",
            allowed=False,
            why="The key was sent without encryption. End it and make another.",
        )
