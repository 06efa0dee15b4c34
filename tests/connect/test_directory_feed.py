"""Fetching another directory: pages walked, each service in full, and nothing beyond the hosts we name."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer  # the council, played
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.directory import foreign

from anydoor.connect.directory_feed import Feed
from anydoor.rules.errors import BadInput, OutsideFailed

Answer = tuple[int, dict[str, str], bytes]
Council = Callable[[str, dict[str, list[str]]], Any]


class Played:
    """A council's server on this machine: `answer` gives JSON, a status, or a whole answer for a path."""

    def __init__(self) -> None:
        self.answer: Council = lambda path, asked: 404
        self.asked: list[str] = []
        played = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                played.asked.append(self.path)
                parts = urlsplit(self.path)
                found = played.answer(parts.path, parse_qs(parts.query))
                status, headers, body = _whole(found)
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.stub = f"http://127.0.0.1:{self.server.server_port}/o/v3"


def _whole(found: Any) -> Answer:
    if isinstance(found, tuple):
        return found
    if isinstance(found, int):
        return found, {}, b""
    return 200, {"Content-Type": "application/json"}, json.dumps(found).encode()


@pytest.fixture
def council() -> Iterator[Played]:
    played = Played()
    thread = threading.Thread(target=played.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield played
    played.server.shutdown()
    played.server.server_close()
    thread.join()


def version_three(services: list[dict[str, Any]], size: int = 2) -> Council:
    """Pages of one-to-one fields, and each service in full."""
    by_id = {f"/o/v3/services/{each['id']}": each for each in services}

    def answer(path: str, asked: dict[str, list[str]]) -> Any:
        if path in by_id:
            return by_id[path]
        if path != "/o/v3/services":
            return 404
        number = int(asked["page"][0])
        shown = services[(number - 1) * size : number * size]
        plain = [{key: value for key, value in each.items() if isinstance(value, str)} for each in shown]
        pages = -(-len(services) // size)
        return foreign.page(plain, page_number=number, total_pages=pages, last_page=number >= pages)

    return answer


def test_every_page_is_walked_and_every_service_asked_for(council: Played) -> None:
    services = [foreign.service(name) for name in ("One", "Two", "Three", "Four", "Five")]
    council.answer = version_three(services)
    for address in (council.stub, f"{council.stub}/", f"{council.stub}/services"):
        with Feed(address) as feed:
            assert [raw.document for raw in feed.documents()] == services
            assert [raw.number for raw in feed.documents()] == [1, 2, 3, 4, 5]  # a second time
            assert feed.name == council.stub


def test_version_one_has_other_names(council: Played) -> None:
    services = [foreign.version_one(number) for number in (1, 2)]

    def answer(path: str, asked: dict[str, list[str]]) -> Any:
        if path == "/o/v3/services":
            return {"totalElements": 2, "totalPages": 1, "number": 1, "last": True, "content": services}
        return services[int(path.rsplit("/", 1)[1]) - 1]

    council.answer = answer
    with Feed(council.stub) as feed:
        assert [raw.document for raw in feed.documents()] == services


def test_a_feed_that_takes_no_notice_of_the_page_ends(council: Played) -> None:
    council.answer = lambda path, asked: (
        {"contents": [{"id": "1"}]} if path.endswith("/services") else foreign.service()
    )
    with Feed(council.stub) as feed:
        assert len(list(feed.documents())) == 1


def test_a_service_that_cannot_be_had_is_told_and_the_rest_is_read(council: Played) -> None:
    services = [foreign.service(name) for name in ("One", "Two", "Three")]
    whole = version_three(services)
    council.answer = lambda path, asked: 404 if path.endswith(services[1]["id"]) else whole(path, asked)
    with Feed(council.stub) as feed:
        found = list(feed.documents())
    assert [bool(raw.fault) for raw in found] == [False, True, False]
    assert "is on the list and is not there" in found[1].fault


def test_a_feed_that_breaks_off_says_so(council: Played) -> None:
    whole = version_three([foreign.service(str(number)) for number in range(4)])
    council.answer = lambda path, asked: 500 if asked.get("page") == ["2"] else whole(path, asked)
    with Feed(council.stub) as feed:
        found = list(feed.documents())
    assert [raw.ends for raw in found] == [False, False, True]
    assert found[2].fault == "page 2: The feed answered 500 instead of a page of services."


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (404, "answered 404"),
        (503, "does not answer"),
        ((200, {}, b"<html>"), "no JSON"),
        ([1, 2], "no feed"),
        ({"services": 3}, "no feed"),
        ((302, {"Location": "http://elsewhere.example/services"}, b""), "another host"),
        ((302, {"Location": "services"}, b""), "in a circle"),
    ],
)
def test_what_is_no_feed(answer: Any, words: str, council: Played) -> None:
    council.answer = lambda path, asked: answer
    with pytest.raises(OutsideFailed, match=words), Feed(council.stub):
        pass


def test_sent_on_within_the_host(council: Played) -> None:
    whole = version_three([foreign.service()])
    council.answer = lambda path, asked: (
        whole(path, asked) if path.startswith("/o/v3") else (301, {"Location": f"/o/v3{path}?page=1"}, b"")
    )
    with Feed(council.stub.removesuffix("/o/v3")) as feed:
        assert len(list(feed.documents())) == 1


@pytest.mark.parametrize(
    "address",
    [
        "http://council.example/v3",
        "https://169.254.169.254/",
        "http://127.0.0.1.evil.example/",
        "http://10.0.0.1/",
    ],
)
def test_only_this_machine_and_the_hosts_that_are_named(address: str, settings: Any) -> None:
    with pytest.raises(BadInput, match="ANYDOOR_FEED_HOSTS"):
        Feed(address)
    settings.FEED_HOSTS = ["council.example"]
    if "council" in address:
        Feed(address).close()


@pytest.mark.parametrize("address", ["http://", "http://user:secret@127.0.0.1/", "http://127.0.0.1:port/"])
def test_what_is_no_address(address: str) -> None:
    with pytest.raises(BadInput):
        Feed(address)


def test_nobody_there() -> None:
    with pytest.raises(OutsideFailed, match="does not answer"), Feed("http://127.0.0.1:9/v3"):
        pass
