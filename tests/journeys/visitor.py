"""One person at one browser: opens, writes, presses, reads. Each page they meet is looked at by machine.

The first time a page is met at a width, axe looks at all of it; each time, nothing may be wider than the
screen (and once, nothing wider than 320), the console may not complain, and nothing may be fetched from
elsewhere.
"""

from __future__ import annotations

import re
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import Resolver404, resolve
from playwright.sync_api import Browser, ConsoleMessage, Locator, Page, Request, Response, expect

from anydoor.access.models import User

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROW = 320
LOOKED_AT: set[tuple[str, int, int]] = set()  # (page, status, width): axe looks once a run
AXE = Axe().axe_script
WRONG = """options => axe.run(options).then(found => found.violations.flatMap(
    rule => rule.nodes.map(node => `${rule.id}: ${node.target} ${node.failureSummary}`)))"""
WIDE = "document.documentElement.scrollWidth"
# Chromium calls a page that answers 409 or 422 a failure to load; for us it is a page with a message.
ANSWERED = re.compile(r"Failed to load resource: the server responded with a status of (403|404|409|422|429)")


class Stage:
    """Opens browsers for visitors, and gathers what went wrong in any of them."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser, self.address = browser, address
        self.faults: list[str] = []
        self.contexts: list[Any] = []

    def visitor(
        self, width: int = 1280, *, script: bool = True, signed_in: User | None = None, kind: Any = None
    ) -> Any:
        """Somebody new, with a browser of their own; `signed_in`: they signed in before the story begins."""
        context = self.browser.new_context(
            viewport={"width": width, "height": 900}, java_script_enabled=script, bypass_csp=False
        )
        context.set_default_timeout(6_000)
        self.contexts.append(context)
        if signed_in is not None:
            client = Client()
            client.force_login(signed_in)
            key = client.cookies[settings.SESSION_COOKIE_NAME].value
            context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": self.address}])
        return (kind or Visitor)(self, context.new_page(), width, script)

    def close(self) -> None:
        for context in self.contexts:
            context.close()


class Visitor:
    """Somebody in front of a page."""

    def __init__(self, stage: Stage, page: Page, width: int, script: bool) -> None:
        self.stage, self.page, self.width, self.script = stage, page, width, script
        self.status = 0
        page.on("console", self._said)
        page.on("pageerror", lambda error: stage.faults.append(f"{self.here}: {error}"))
        page.on("request", self._fetched)
        page.on("response", self._answered)

    # ---- what they do

    def opens(self, address: str) -> None:
        self.page.goto(address if address.startswith("http") else self.stage.address + address)
        self.arrived()

    def writes(self, **answers: str) -> None:
        """Fill fields by their label: `What_is_going_on="..."`, the beginning of the label is enough."""
        for label, text in answers.items():
            self.field(label.replace("_", " ")).fill(text)

    def field(self, label: str) -> Locator:
        return self.page.get_by_label(re.compile(f"^{re.escape(label)}", re.IGNORECASE)).first

    def chooses(self, *labels: str) -> None:
        """Choose or tick by the beginning of a label."""
        for label in labels:
            box = self.page.get_by_role("radio", name=re.compile(f"^{re.escape(label)}"))
            if not box.count():
                box = self.page.get_by_role("checkbox", name=re.compile(f"^{re.escape(label)}"))
            box.first.check()

    def picks(self, label: str, option: str) -> None:
        """Pick from a list."""
        self.page.get_by_label(label).first.select_option(label=option)

    def unfolds(self, words: str) -> None:
        self.page.locator("summary", has_text=words).first.click()

    def presses(self, button: str, *, within: Locator | None = None) -> None:
        """Press a button that leads to a page."""
        place = within or self.page.locator("main")
        with self.page.expect_navigation():
            place.get_by_role("button", name=re.compile(f"^{re.escape(button)}")).first.click()
        self.arrived()

    def follows(self, link: str, *, within: Locator | None = None) -> None:
        place = within or self.page.locator("main")
        with self.page.expect_navigation():
            place.get_by_role("link", name=re.compile(re.escape(link))).first.click()
        self.arrived()

    def goes_back(self) -> None:
        self.page.go_back()

    # ---- what they see

    @property
    def here(self) -> str:
        return self.page.url.removeprefix(self.stage.address)

    @property
    def text(self) -> str:
        """What stands on the page, in one line of words."""
        return " ".join(self.page.locator("body").inner_text().split())

    def reads(self, *words: str) -> None:
        seen = self.text
        for one in words:
            assert one in seen, f"{one!r} is not on {self.here}: {seen[:3000]}"

    def does_not_read(self, *words: str) -> None:
        seen = self.text
        for one in words:
            assert one.lower() not in seen.lower(), f"{one!r} is on {self.here}"

    def heading(self) -> str:
        return " ".join(self.page.locator("h1").inner_text().split())

    def is_asked_again(self, **kept: str) -> None:
        """The form came back: the summary is there, and so is what was typed."""
        assert self.status in {409, 422}, f"{self.status} on {self.here}"
        expect(self.page.get_by_role("alert").first).to_be_visible()
        for label, text in kept.items():
            self.still_has(label.replace("_", " "), text)

    def still_has(self, label: str, text: str) -> None:
        """A field holds what was typed."""
        assert self.field(label).input_value() == text

    # ---- what the machine sees

    def arrived(self) -> None:
        """A page has come: look at it."""
        assert self.status < 500, f"{self.status} on {self.here}: {self.text[:500]}"
        seen = (self._page_name(), self.status, self.width)
        if self.page.evaluate(WIDE) > self.width:
            self.stage.faults.append(f"{self.here} is wider than {self.width}")
        if not self.script or seen in LOOKED_AT:
            return
        LOOKED_AT.add(seen)
        self.stage.faults += [f"{self.here} at {self.width}: {fault}" for fault in self.axe()]
        if self.width != NARROW and (seen[0], self.status, NARROW) not in LOOKED_AT:
            self._looks_on_a_phone()

    def axe(self) -> list[str]:
        """What axe finds wrong, in words. Only that crosses from the browser: all it checked is much."""
        self.page.evaluate(AXE)
        found: list[str] = self.page.evaluate(WRONG, {"runOnly": RULES, "resultTypes": ["violations"]})
        return found

    def _looks_on_a_phone(self) -> None:
        assert self.page.viewport_size
        height = self.page.viewport_size["height"]
        self.page.set_viewport_size({"width": NARROW, "height": height})
        if (wide := self.page.evaluate(WIDE)) > NARROW:
            self.stage.faults.append(f"{self.here} is {wide} wide on a screen of {NARROW}")
        self.page.set_viewport_size({"width": self.width, "height": height})

    def _page_name(self) -> str:
        try:
            match = resolve(self.here.split("?")[0].split("#")[0])
        except Resolver404:
            return self.here
        kind = str(match.kwargs.get("key", match.kwargs.get("said", "")))
        return f"{match.view_name} {kind}".strip()

    def _said(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not ANSWERED.match(message.text):
            self.stage.faults.append(f"{self.here} complained: {message.text}")

    def _fetched(self, request: Request) -> None:
        if not request.url.startswith((self.stage.address, "data:", "about:", "chrome-error:")):
            self.stage.faults.append(f"{self.here} reached outside: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.status = response.status
        elif response.status >= 400:
            self.stage.faults.append(f"{self.here} could not load {response.url}")
