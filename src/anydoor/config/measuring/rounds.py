"""Measuring in rounds: each does a little of everything, in turns, so that what drifts drifts for all."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from statistics import median, quantiles

from django.conf import settings

from anydoor.config.measuring.browser import Browser
from anydoor.config.measuring.floors import Floors
from anydoor.config.measuring.machine import BARE_SETTINGS, Pages, Spent
from anydoor.config.measuring.operations import Operation, UnexpectedAnswer, Visitor
from anydoor.config.measuring.targets import Targets, choose, register

ROWS = "rows"
WARM_UP = 8
# How often in a round: pages are slow enough for the processor's clock, the floors are not.
OF_A_PAGE, OF_A_JOURNEY, OF_THE_BARE_PAGE, OF_A_FLOOR = 25, 10, 150, 60
JOURNEYS = frozenset({"form", "api"})


@dataclass
class Measured:
    """Sums over all rounds. Milliseconds; `times` holds the wall time of each journey."""

    times: list[float] = field(default_factory=list)
    requests: int = 0
    web: float = 0.0
    database: float = 0.0
    bytes: int = 0
    queries: int = 0

    def add(self, spent: Spent) -> None:
        self.web += spent.web
        self.database += spent.database

    @property
    def cpu(self) -> float:
        """Processor milliseconds of one journey, web and database together."""
        return (self.web + self.database) / len(self.times)

    @property
    def cpu_of_a_request(self) -> float:
        return (self.web + self.database) / max(self.requests, 1)

    @property
    def p50(self) -> float:
        return median(self.times)

    @property
    def p95(self) -> float:
        return quantiles(self.times, n=20)[-1] if len(self.times) > 1 else self.times[0]


class Site:
    """One seeded database with its pages, its bare page and its bare statements."""

    def __init__(self, people: int, database: str, stack: ExitStack, *, at: datetime) -> None:
        self.people, self.database = people, database
        register(database, database)
        self.targets: Targets = choose(database, at=at)
        self.pages = Pages(database)
        stack.callback(self.pages.stop)
        self.bare_pages = Pages(database, BARE_SETTINGS)
        stack.callback(self.bare_pages.stop)
        self.floors = Floors(database, self.targets)
        stack.callback(self.floors.close)
        self.visitor = Visitor(self.pages.port, self.targets)
        self.bare = Browser(self.bare_pages.port, {settings.SESSION_COOKIE_NAME: self.targets.worker_session})
        self.operations = self.visitor.operations()
        self.pages_measured = {operation.key: Measured() for operation in self.operations}
        self.floors_measured = {operation.floor: Measured() for operation in self.operations}
        self.bare_measured = Measured()
        self.plain_measured = Measured()

    def warm_up(self) -> None:
        """Do everything a few times, unmeasured: plans, templates and pages are then at hand."""
        for operation in self.operations:
            for _ in range(WARM_UP):
                operation.visit()
                self.floors.timed(operation.floor)
        for _ in range(WARM_UP * 4):
            self._bare_page("/rows")
            self._bare_page("/plain")

    def blocks(self) -> list[Callable[[], None]]:
        """What one round does here, in pieces that can be mixed."""
        pages = [self._page_block(operation) for operation in self.operations]
        floors = [self._floor_block(key) for key in self.floors_measured]
        bare = [
            self._bare_block("/rows", self.bare_measured),
            self._bare_block("/plain", self.plain_measured),
        ]
        return [*pages, *floors, *bare]

    def _page_block(self, operation: Operation) -> Callable[[], None]:
        measured = self.pages_measured[operation.key]

        def block() -> None:
            self.visitor.rest()
            with self._spent_by(self.pages, measured):
                for _ in range(OF_A_JOURNEY if operation.key in JOURNEYS else OF_A_PAGE):
                    answers = operation.visit()
                    measured.times.append(sum(answer.ms for answer in answers))
                    measured.requests += len(answers)
                    measured.bytes = max(measured.bytes, *(len(answer.body) for answer in answers))
                    measured.queries = max(measured.queries, *(answer.queries for answer in answers))

        return block

    def _floor_block(self, key: str) -> Callable[[], None]:
        measured = self.floors_measured[key]

        def block() -> None:
            before = self.floors.spent()
            for _ in range(OF_A_JOURNEY if key == "intake" else OF_A_FLOOR):
                measured.times.append(self.floors.timed(key))
            measured.add(Spent(0.0, self.floors.spent() - before))

        return block

    def _bare_block(self, path: str, measured: Measured) -> Callable[[], None]:
        def block() -> None:
            self.bare.rest()
            with self._spent_by(self.bare_pages, measured):
                for _ in range(OF_THE_BARE_PAGE):
                    measured.times.append(self._bare_page(path))
                    measured.requests += 1

        return block

    def _bare_page(self, path: str) -> float:
        answer = self.bare.get(path)
        if answer.status != 200 or answer.body.count(b"<td>") != 25 * 7:
            raise UnexpectedAnswer(f"the bare page answered {answer.status}")
        return answer.ms

    @contextmanager
    def _spent_by(self, pages: Pages, measured: Measured) -> Iterator[None]:
        before = pages.spent()
        yield
        measured.add(pages.spent().since(before))


def measure(sites: list[Site], rounds: int, said: Callable[[str], object]) -> None:
    """Warm up, then as many rounds as asked, each in another order."""
    for site in sites:
        site.warm_up()
    order = random.Random(1)
    for number in range(1, rounds + 1):
        blocks = [block for site in sites for block in site.blocks()]
        order.shuffle(blocks)
        for block in blocks:
            block()
        said(f"round {number} of {rounds}")
