"""Faults as problem+json (RFC 9457): what is wrong, in which field, and nothing of what was sent."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from http import HTTPStatus
from typing import Any

from django.db import DatabaseError, IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from ninja import NinjaAPI, Schema
from ninja.errors import AuthenticationError, HttpError, ValidationError

from anydoor.access.audit import Outsider
from anydoor.care import refusals
from anydoor.care.receipts import of_token
from anydoor.rules.errors import AnydoorError, BadInput, NotAllowed

log = logging.getLogger("anydoor.api")
MEDIA = "application/problem+json"
STRANGER = Outsider("Somebody without a token", "partner")
LARGEST = 1_000_000  # bytes of a body


class FieldFault(Schema):
    """One fault, at one place of the body."""

    field: str
    message: str


class Problem(Schema):
    """RFC 9457."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: list[FieldFault] = []


class Unusable(BadInput):
    """Everything that is wrong with a body, not only the first of it."""

    def __init__(self, faults: Sequence[BadInput]) -> None:
        super().__init__(faults[0].message, field=faults[0].field)
        self.faults = tuple(faults)


def problem(status: int, detail: str, errors: list[dict[str, str]] | None = None) -> JsonResponse:
    """A problem document with its media type."""
    body: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors or [],
    }
    answer = JsonResponse(body, status=status, content_type=MEDIA)
    if status == 401:
        answer["WWW-Authenticate"] = 'Bearer realm="anydoor"'
    return answer


def handle_on(api: NinjaAPI, field_names: dict[str, str]) -> None:
    """Every error an operation can raise, as a problem. `field_names` maps our names to those of the body."""

    @api.exception_handler(AuthenticationError)
    def unknown(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
        _note(request, NotAllowed("No live token.", of=of_token(request.headers.get("Authorization", ""))))
        return problem(401, "Send a live token: Authorization: Bearer …")

    @api.exception_handler(ValidationError)
    def malformed(request: HttpRequest, error: ValidationError) -> HttpResponse:
        errors = [
            {
                "field": ".".join(
                    str(part) for part in fault["loc"] if part not in {"body", "sent", "header"}
                )
                or "body",
                "message": plain(fault),
            }
            for fault in error.errors
        ]
        return problem(422, "Some fields cannot be used. Nothing was kept.", errors)

    @api.exception_handler(BadInput)
    def unusable(request: HttpRequest, error: BadInput) -> HttpResponse:
        faults = error.faults if isinstance(error, Unusable) else (error,)
        errors = [
            {"field": field_names.get(one.field or "", one.field or "body"), "message": one.message}
            for one in faults
        ]
        return problem(422, "Some fields cannot be used. Nothing was kept.", errors)

    @api.exception_handler(AnydoorError)
    def refused(request: HttpRequest, error: AnydoorError) -> HttpResponse:
        _note(request, error)
        return problem(error.status, error.message)

    @api.exception_handler(IntegrityError)
    def at_once(request: HttpRequest, error: IntegrityError) -> HttpResponse:
        log.warning("a constraint refused a change: %s", type(error.__cause__).__name__)
        return problem(409, "Somebody changed this at the same moment. Nothing was kept. Send it again.")

    @api.exception_handler(HttpError)
    def other(request: HttpRequest, error: HttpError) -> HttpResponse:
        return problem(error.status_code, error.message)


def _note(request: HttpRequest, error: AnydoorError) -> None:
    """A refusal as a row of the audit, once what was refused is undone; by whoever the token acts for."""
    place = request.resolver_match
    token = getattr(request, "auth", None)
    asked = refusals.Asked(place.view_name if place else "api", sent=request.method != "GET")
    try:
        refusals.note(error, asked=asked, by=token.user if token else STRANGER, at=timezone.now())
    except DatabaseError:
        log.exception("a refusal at %s could not be written to the audit", asked.address)


PLAIN = {
    "missing": "This is needed.",
    "extra_forbidden": "We do not know this field.",
    "string_type": "Send text.",
    "string_too_short": "This is needed.",
    "int_type": "Send a whole number.",
    "bool_type": "Send true or false.",
    "list_type": "Send a list.",
    "too_long": "That is too many.",
    "model_attributes_type": "Send an object.",
    "dict_type": "Send an object.",
    "literal_error": "Send one of the values the description lists.",
}


def plain(fault: dict[str, Any]) -> str:
    """A sentence for a developer, without what was sent."""
    if fault["type"] == "value_error":
        return str(fault["ctx"]["error"]) if "ctx" in fault else "This cannot be used."
    return PLAIN.get(fault["type"], "This cannot be used.")


class Problems:
    """Middleware: what is refused before an operation under /api/ is reached, as a problem too."""

    SENTENCES: dict[int, str] = {
        400: "That is not a request we can read.",
        404: "There is no such address.",
        405: "This address does not do that.",
        500: "Something went wrong on our side. Nothing was kept. Send it again with the same key.",
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        is_ours = request.path.startswith("/api/")
        length = request.headers.get("Content-Length") or "0"
        # More digits than any length has are refused unread: Python turns no such text into a number.
        is_count = length.isascii() and length.isdigit() and len(length) < 20
        if is_ours and (not is_count or int(length) > LARGEST):
            return problem(413, f"A body may have {LARGEST} bytes at most.")
        unreadable = is_ours and request.method == "POST" and request.content_type != "application/json"
        if unreadable:
            # Nothing of it is looked at; the address only says whether it is there and takes anything.
            request._body = b""  # type: ignore[attr-defined]  # Django's own place for it
        answer = self.get_response(request)
        if unreadable and answer.status_code not in {404, 405}:
            return problem(415, "Send JSON, with Content-Type: application/json.")
        if not is_ours or answer.status_code not in self.SENTENCES or answer.get("Content-Type") == MEDIA:
            return answer
        mended = problem(answer.status_code, self.SENTENCES[answer.status_code])
        if "Allow" in answer:
            mended["Allow"] = answer["Allow"]
        return mended
