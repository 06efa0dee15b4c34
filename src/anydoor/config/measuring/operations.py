"""What is measured: each operation as a person or a system does it, its floor, and what it must reach.

`must` is a multiple of the bare page's processor time, for each request of the operation. The numbers are
the house's own goals, set from a prototype on the same kind of machine.
"""

from __future__ import annotations

import itertools
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.urls import Resolver404, resolve, reverse

from anydoor.config.measuring.browser import Answer, Browser, hidden_fields
from anydoor.config.measuring.targets import Targets

API_REFERRALS = "/api/v1/referrals"
STORY = "I feel low most days and I cannot say why. I do not sleep, even when the baby does."


class UnexpectedAnswer(Exception):
    """A page answered otherwise than a person who does this would see."""


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing somebody does. `visit` does it once and gives its answers; `floor` is a key of `Floors`."""

    key: str
    words: str
    visit: Callable[[], list[Answer]]
    floor: str
    must: float | None
    most_bytes: int | None = None
    most_queries: int | None = None
    compared: bool = True  # between sizes: not where a larger county has more to show


class Visitor:
    """Does the operations at one running server."""

    def __init__(self, port: int, targets: Targets) -> None:
        self.targets = targets
        self.turn = itertools.count()
        self.run = secrets.token_hex(3)
        name = settings.SESSION_COOKIE_NAME
        self.worker = Browser(port, {name: targets.worker_session})
        self.colleague = Browser(port, {name: targets.small_session})
        self.partner = Browser(port, {})
        self.parent = Browser(port, {})
        self.marks: dict[int, dict[str, str]] = {}

    def rest(self) -> None:
        for browser in (self.worker, self.colleague, self.partner, self.parent):
            browser.rest()

    def operations(self) -> list[Operation]:
        """Those that this house has built so far."""
        found = [
            Operation("list", "Work list, page 1", self.inbox, "list", 20, most_bytes=45_000, most_queries=5),
            Operation("home", "My work, after signing in", self.home, "home", None),
            Operation("family", "Family page, 12 events", self.family, "family", 34, most_queries=14),
            Operation("number", "Search by NHS number", self.by_number, "number", 18),
            Operation("name", "Search by two names' beginnings", self.by_name, "name", 18),
            Operation("short", "Search by three letters", self.by_letters, "short", 18),
            Operation("small", "Two names in a small team", self.in_small_team, "small", 18),
            Operation(
                "few", "Three letters in a small team", self.letters_in_small_team, "few", 18, compared=False
            ),
            Operation("nobody", "Search that finds nobody", self.nobody, "nobody", 18),
            Operation("form", "Asking for help, 3 requests", self.ask, "intake", 14),
        ]
        if self.targets.deep_key:
            deep = Operation("deep", "Work list, page 42", self.deep, "deep", 20, most_bytes=45_000)
            found.insert(1, deep)
        if has_api():
            found += [
                Operation("api", "Referral by API", self.refer, "intake", 18),
                Operation("again", "The same once more", self.refer_again, "number", 18),
            ]
        return found

    # ---- the desk

    def inbox(self) -> list[Answer]:
        return [_good(self.worker.get(reverse("desk:inbox")))]

    def deep(self) -> list[Answer]:
        path = f"{reverse('desk:inbox')}?after={self.targets.deep_key.replace('|', '%7C')}"
        return [_good(self.worker.get(path))]

    def home(self) -> list[Answer]:
        return [_good(self.worker.get(reverse("desk:home")))]

    def family(self) -> list[Answer]:
        families = self.targets.families
        family = families[next(self.turn) % len(families)]
        return [_good(self.worker.get(reverse("desk:family", args=[family])))]

    def by_number(self) -> list[Answer]:
        return self._search(self.worker, self.targets.numbers)

    def by_name(self) -> list[Answer]:
        return self._search(self.worker, self.targets.names)

    def by_letters(self) -> list[Answer]:
        return self._search(self.worker, self.targets.short_names)

    def in_small_team(self) -> list[Answer]:
        return self._search(self.colleague, self.targets.small_names)

    def letters_in_small_team(self) -> list[Answer]:
        return self._search(self.colleague, self.targets.short_names)

    def nobody(self) -> list[Answer]:
        return self._search(self.worker, ["zzqx yqzz"])

    def _search(self, browser: Browser, texts: list[str]) -> list[Answer]:
        path = reverse("desk:families")
        if id(browser) not in self.marks:
            self.marks[id(browser)] = hidden_fields(_good(browser.get(path)).body)
        text = texts[next(self.turn) % len(texts)]
        return [_good(browser.post(path, {**self.marks[id(browser)], "q": text}))]

    # ---- the doors

    def ask(self) -> list[Answer]:
        """The public form: look, send, read what happens next. A new browser each time."""
        self.parent.cookies.clear()
        path = reverse("public:ask", args=[self.targets.hub_slug])
        shown = _good(self.parent.get(path))
        sent = self.parent.post(
            path,
            {**hidden_fields(shown.body), "story": STORY, "contact": self._address(), "place": ""},
        )
        return [shown, _good(sent, 302), _good(self.parent.get(sent.place))]

    def refer(self) -> list[Answer]:
        return [self._refer(secrets.token_hex(16), self._address())]

    def refer_again(self) -> list[Answer]:
        """The same key and body as the first time, which is not counted."""
        return [self._refer(f"again-{self.run}", f"again.{self.run}@post.example")]

    def _refer(self, key: str, contact: str) -> Answer:
        body = {
            "area": self.targets.hub_slug,
            "story": STORY,
            "contact": {"value": contact},
            "person": {"name": "Rosie Thackeray", "role": "mother"},
            "sender": {"name": "Ann Field", "organisation": "Field Surgery", "contact": "ann@field.example"},
            "family_knows": "yes",
        }
        headers = {"Authorization": f"Bearer {self.targets.token}", "Idempotency-Key": key}
        return _good(self.partner.post_json(API_REFERRALS, json.dumps(body).encode(), headers), 201)

    def _address(self) -> str:
        return f"asked.{self.run}.{next(self.turn)}@post.example"


def has_api() -> bool:
    """Whether the interface for partner systems is there."""
    try:
        resolve(API_REFERRALS)
    except Resolver404:
        return False
    return True


def _good(answer: Answer, *wanted: int) -> Answer:
    if answer.status not in (wanted or (200,)):
        words = answer.body[:300].decode(errors="replace")
        raise UnexpectedAnswer(f"answered {answer.status} instead of {wanted or (200,)}: {words}")
    return answer
