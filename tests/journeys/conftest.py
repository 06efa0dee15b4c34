"""A running server with the small county and a clock that stands still."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from playwright.sync_api import Browser
from tests.conftest import NOW
from tests.journeys.visitor import Stage
from tests.world import World, build

# Everything that reads the clock by itself while a page is made.
READ_THE_CLOCK = ("anydoor.web.shell", "anydoor.web.public.refer_forms", "anydoor.ui.environment")


class Clock:
    """Stands where Django's `timezone` stood in the modules that ask it for now."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def now(self) -> datetime:
        return self.at

    def later(self, **span: float) -> datetime:
        """Move on by hours, days, minutes."""
        self.at += timedelta(**span)
        return self.at


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    made = Clock(NOW)
    for module in READ_THE_CLOCK:
        monkeypatch.setattr(f"{module}.timezone", made)
    return made


@pytest.fixture
def world(transactional_db: None) -> World:
    """The small county, with services that say what they help with."""
    cache.clear()
    made = build()
    for service, needs, days in (
        (made.therapies, ["mood", "anxiety"], 16),
        (made.pairs, ["bond"], 30),
        (made.group, ["isolation", "early_help", "mood"], 0),
        (made.outside, ["loss"], 5),
    ):
        service.needs, service.wait_days = needs, days
        service.save()
    return made


@pytest.fixture
def stage(browser: Browser, live_server: object, world: World, clock: Clock) -> Iterator[Stage]:
    """Where visitors come from. At the end: nothing complained, nothing was fetched from elsewhere."""
    made = Stage(browser, live_server.url)
    yield made
    made.close()
    assert made.faults == []
