"""One log line a request, without what a person sent; and nothing private left in a browser."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

log = logging.getLogger("anydoor.access")

Respond = Callable[[HttpRequest], HttpResponse]


class AccessLog:
    """Logs method, route template, status and milliseconds.

    The path itself may hold a reference, a token or a mistyped telephone number, so only the route
    that it matched is written. Each request gets an id, sent back as `X-Request-ID`, so that a person
    who reports a fault can be helped without the log knowing who they are.
    """

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        started = time.perf_counter()
        request_id = uuid.uuid4().hex[:16]
        response = self.respond(request)
        matched = request.resolver_match
        response["X-Request-ID"] = request_id
        if request.method == "HEAD" and not response.streaming:
            # Its length is told already; the server would complain of each page that it has to cut off.
            response.content = b""
        log.info(
            "request",
            extra={
                "fields": {
                    "method": request.method if request.method in KNOWN_METHODS else "other",
                    "route": matched.route if matched else None,
                    "view": matched.view_name if matched else None,
                    "status": response.status_code,
                    "ms": round((time.perf_counter() - started) * 1000, 1),
                    "request": request_id,
                }
            },
        )
        return response


KNOWN_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class KeepPrivate:
    """Tells browsers and proxies to keep no copy of what a signed-in person saw."""

    def __init__(self, respond: Respond) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.respond(request)
        # Asking the session, not the user, spares public pages a query.
        if request.session.accessed and not request.session.is_empty():
            response["Cache-Control"] = "no-store, private"
        return response
