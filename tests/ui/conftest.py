"""A browser that sees the gallery without a server: each address is answered from memory."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Route

from anydoor import ui
from anydoor.ui import gallery

STATIC = Path(ui.__file__).parent / "static"
ORIGIN = "http://gallery.example"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# the policy of the real pages
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self';"
    " connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Window:
    """One tab on the gallery, with what it complained about, fetched and posted."""

    def __init__(self, browser: Browser, width: int, **options: Any) -> None:
        self.context = browser.new_context(viewport={"width": width, "height": 900}, **options)
        self.page = self.context.new_page()
        self.complaints: list[str] = []
        self.fetched: list[str] = []
        self.posted: list[str] = []
        self.silent = False  # a server that takes what is sent and shows no other page
        self.page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type == "error" else None
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.route("**/*", self.answer)

    def answer(self, route: Route) -> None:
        address = urlsplit(route.request.url)
        self.fetched.append(route.request.url)
        if route.request.method == "POST":
            self.posted.append(route.request.post_data or "")
            if self.silent:
                route.fulfill(status=204)
                return
        if f"{address.scheme}://{address.netloc}" != ORIGIN:
            route.abort()
        elif address.path == "/exit":
            route.fulfill(body="<title>Weather</title><h1>Weather</h1>", content_type="text/html")
        elif address.path.startswith("/static/"):
            file = STATIC / address.path.removeprefix("/static/")
            route.fulfill(body=file.read_bytes(), content_type=KINDS[file.suffix])
        else:
            asked = parse_qs(address.query, keep_blank_values=True)
            html = gallery.render(address.path.strip("/"), asked.get("in", ["en-gb"])[0], "wrong" in asked)
            route.fulfill(body=html, content_type="text/html", headers={"content-security-policy": POLICY})

    def open(self, name: str, query: str = "") -> None:
        self.page.goto(f"{ORIGIN}/{name}?{query}")


@pytest.fixture
def window(browser: Browser) -> Iterator[Any]:
    """Opens windows: `window(390)`, `window(1280, java_script_enabled=False)`; closes them afterwards."""
    opened: list[Window] = []

    def open_one(width: int, **options: Any) -> Window:
        opened.append(Window(browser, width, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        one.context.close()
