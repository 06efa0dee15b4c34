"""Every request stands before the wall of row security, from before anybody knows who asks."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import cast

from django.http import HttpRequest, StreamingHttpResponse
from django.http.response import HttpResponseBase

from anydoor.access import wall


class BehindTheWall:
    """Middleware: the database answers this request as it would answer a stranger, until `wall.see_as`."""

    def __init__(self, respond: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.respond = respond

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        with wall.raised():
            response = self.respond(request)
            seen = wall.wanted()
        if isinstance(response, StreamingHttpResponse):
            # What is sent piece by piece is read after this returns.
            pieces = cast("Iterable[bytes]", response.streaming_content)
            response.streaming_content = _walled(iter(pieces), seen)
        return response


def _walled(pieces: Iterator[bytes], seen: wall.Wall | None) -> Iterator[bytes]:
    while True:
        with wall.raised(seen):
            try:
                piece = next(pieces)
            except StopIteration:
                return
        yield piece
