"""A browser of the simplest kind, to measure with: keeps cookies and its connection, follows nothing."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from http.client import HTTPConnection  # noqa: TID251  # to our own server, on this machine
from http.cookies import SimpleCookie
from urllib.parse import urlencode

_INPUT = re.compile(r"<input\b[^>]*>")
_ATTRIBUTE = re.compile(r'([a-z-]+)="([^"]*)"')


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, and after how many milliseconds the last of it."""

    status: int
    body: bytes
    place: str  # where a redirect leads
    queries: int
    ms: float


class Browser:
    def __init__(self, port: int, cookies: Mapping[str, str]) -> None:
        self.cookies = dict(cookies)
        self.line = HTTPConnection("127.0.0.1", port, timeout=60)

    def rest(self) -> None:
        """Hang up; the next request dials again. A server hangs up by itself after some seconds."""
        self.line.close()

    def get(self, path: str) -> Answer:
        return self._send("GET", path, b"", {})

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        return self._send(
            "POST",
            path,
            urlencode(fields).encode(),
            {"Content-Type": "application/x-www-form-urlencoded"},
        )

    def post_json(self, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        return self._send("POST", path, body, {"Content-Type": "application/json", **headers})

    def _send(self, method: str, path: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        sent = {"Cookie": cookie, **headers} if cookie else dict(headers)
        began = time.perf_counter()
        self.line.request(method, path, body or None, sent)
        answer = self.line.getresponse()
        content = answer.read()
        ms = (time.perf_counter() - began) * 1000
        for given in answer.headers.get_all("Set-Cookie", []):
            for name, crumb in SimpleCookie(given).items():
                self.cookies[name] = crumb.value
        return Answer(
            answer.status,
            content,
            answer.headers.get("Location", ""),
            int(answer.headers.get("X-Queries", 0)),
            ms,
        )


def hidden_fields(page: bytes) -> dict[str, str]:
    """The hidden inputs of a page, the safety mark among them."""
    found = {}
    for tag in _INPUT.findall(page.decode()):
        given = dict(_ATTRIBUTE.findall(tag))
        if given.get("type") == "hidden" and "name" in given:
            found[given["name"]] = given.get("value", "")
    return found
