"""Another directory's feed, fetched over the network: its pages walked, each service asked for in full.

Only this machine and the hosts of `ANYDOOR_FEED_HOSTS` are asked, also after a redirect. What was fetched
lies in a temporary file, so that a county's directory does not fill the memory and can be read twice.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPException, HTTPSConnection  # noqa: TID251  # the one way out
from types import TracebackType
from typing import Any
from urllib.parse import quote, urlencode, urljoin, urlsplit, urlunsplit

from django.conf import settings

from anydoor.directory.open_referral.stream import Raw
from anydoor.rules.errors import BadInput, OutsideFailed

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
SECONDS, TRIES, REDIRECTS = 30, 3, 5
LARGEST_ANSWER = 60_000_000  # bytes
PER_PAGE, MOST_PAGES = 100, 20_000
GONE = frozenset({404, 410})


def is_address(text: str) -> bool:
    """Whether it is an address to fetch rather than a file."""
    return text.lower().startswith(("http://", "https://"))


class Feed:
    """A feed at an address: `with Feed(url) as feed: feed.documents()`. `name` is what entries came from.

    Raises BadInput for an address that may not be asked, OutsideFailed when it does not answer at all.
    """

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        try:
            port = parts.port
        except ValueError:
            raise BadInput("This is not an address of a feed.") from None
        if not parts.hostname or parts.username is not None:
            raise BadInput("Give the address of a feed, like https://council.example/openreferral/v3.")
        _must_be_allowed(parts.hostname)
        stub = parts.path.rstrip("/")
        self.services = stub if stub.endswith("/services") else f"{stub}/services"
        self.origin = (parts.scheme.lower(), parts.hostname, port)
        self.asked = parts.query
        self.name = urlunsplit((parts.scheme.lower(), parts.netloc, stub.removesuffix("/services"), "", ""))
        self.file = tempfile.TemporaryFile("w+", encoding="utf-8")  # noqa: SIM115  # closed at the end of `with`
        self.line: HTTPConnection | None = None

    def __enter__(self) -> Feed:
        try:
            for number, (document, fault, ends) in enumerate(self._walk(), 1):
                row = {"number": number, "document": document, "fault": fault, "ends": ends}
                self.file.write(json.dumps(row) + "\n")
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        self.file.close()
        if self.line is not None:
            self.line.close()

    def documents(self) -> Iterator[Raw]:
        """What was fetched, from the first."""
        self.file.seek(0)
        for line in self.file:
            row = json.loads(line)
            yield Raw("", row["number"], row["document"], row["fault"], row["ends"])

    # ---- walking

    def _walk(self) -> Iterator[tuple[Any, str, bool]]:
        """Document, or what is wrong with it, and whether the rest is lost."""
        seen: set[str] = set()
        for number in range(1, MOST_PAGES + 1):
            try:
                page = self._page(number)
            except OutsideFailed as problem:
                if number == 1:
                    raise
                yield None, f"page {number}: {problem.message}", True
                return
            items = page.get("contents", page.get("content"))
            if not isinstance(items, list):
                if number == 1:
                    raise OutsideFailed("This address answers with something that is no feed of services.")
                yield None, f"page {number} has no list of services", True
                return
            fresh = [item for item in items if _mark(item) not in seen]
            for item in fresh:
                yield self._in_full(item)
            seen.update(map(_mark, fresh))
            if not fresh or _is_last(page, number):
                return

    def _page(self, number: int) -> dict[str, Any]:
        asked = f"{self.asked}&" if self.asked else ""
        status, body = self._get(
            f"{self.services}?{asked}{urlencode({'page': number, 'per_page': PER_PAGE, 'full': 'true'})}"
        )
        if status == 400 and not asked:  # somebody strict, who knows no `full`
            status, body = self._get(f"{self.services}?{urlencode({'page': number, 'per_page': PER_PAGE})}")
        if status != 200:
            raise OutsideFailed(f"The feed answered {status} instead of a page of services.")
        found = _json(body)
        if not isinstance(found, dict):
            raise OutsideFailed("This address answers with something that is no feed of services.")
        return found

    def _in_full(self, item: Any) -> tuple[Any, str, bool]:
        uid = item.get("id") if isinstance(item, dict) else None
        if not isinstance(uid, str | int) or isinstance(uid, bool) or "anydoor" in item:
            return item, "", False  # the reader says what is wrong; another Anydoor gives all at once
        try:
            status, body = self._get(f"{self.services}/{quote(str(uid), safe='')}")
            document = _json(body) if status == 200 else None
        except OutsideFailed as problem:
            return None, f"the service {str(uid)[:40]} could not be fetched: {problem.message}", False
        if status in GONE:
            return None, f"the service {str(uid)[:40]} is on the list and is not there", False
        if status != 200:
            return (
                None,
                f"the service {str(uid)[:40]} could not be fetched: the feed answered {status}",
                False,
            )
        return document, "", False

    # ---- asking

    def _get(self, path: str) -> tuple[int, bytes]:
        """Status and body; redirects within the same host are followed."""
        for _ in range(REDIRECTS):
            status, place, body = self._once(path)
            if status not in {301, 302, 303, 307, 308}:
                return status, body
            target = urlsplit(urljoin(urlunsplit((self.origin[0], self._netloc(), path, "", "")), place))
            if (target.hostname, target.port or self.origin[2]) != (self.origin[1], self.origin[2]):
                raise OutsideFailed("The feed sends us on to another host. Give that address yourself.")
            path = urlunsplit(("", "", target.path or "/", target.query, ""))
        raise OutsideFailed("The feed sends us in a circle.")

    def _netloc(self) -> str:
        _, host, port = self.origin
        name = f"[{host}]" if ":" in host else host
        return f"{name}:{port}" if port else name

    def _once(self, path: str) -> tuple[int, str, bytes]:
        problem = ""
        for _ in range(TRIES):
            try:
                line = self._line()
                line.request("GET", path, headers={"Accept": "application/json", "User-Agent": "Anydoor"})
                answer = line.getresponse()
                body = answer.read(LARGEST_ANSWER + 1)
            except (OSError, HTTPException) as failed:
                problem = type(failed).__name__
                self._hang_up()
                continue
            if len(body) > LARGEST_ANSWER:
                self._hang_up()
                raise OutsideFailed("The feed sends more at once than we take.")
            if answer.status in {429, 502, 503, 504}:
                problem = str(answer.status)
                continue
            return answer.status, answer.headers.get("Location", ""), body
        raise OutsideFailed(f"The feed does not answer ({problem}).")

    def _line(self) -> HTTPConnection:
        if self.line is None:
            scheme, host, port = self.origin
            kind = HTTPSConnection if scheme == "https" else HTTPConnection
            self.line = kind(host, port, timeout=SECONDS)
        return self.line

    def _hang_up(self) -> None:
        if self.line is not None:
            self.line.close()
            self.line = None


def _must_be_allowed(host: str) -> None:
    if host not in LOOPBACK and host not in settings.FEED_HOSTS:
        raise BadInput(
            "Only feeds on this machine are fetched. To fetch from another, name its host in "
            "ANYDOOR_FEED_HOSTS, or download the feed and import the file."
        )


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise OutsideFailed("it answered with something that is no JSON") from None


def _mark(item: Any) -> str:
    uid = item.get("id") if isinstance(item, dict) else None
    return json.dumps(uid if uid is not None else item, sort_keys=True)


def _is_last(page: dict[str, Any], number: int) -> bool:
    if page.get("last_page", page.get("last")) is True:
        return True
    pages = page.get("total_pages", page.get("totalPages"))
    return isinstance(pages, int) and number >= pages
