"""The small county for tests of pages, and the moment at which they are asked for."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core.cache import cache
from tests.world import NOW, World, build


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.fixture(autouse=True)
def _moment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages ask Django for the time once, in the middleware; here it stands still."""
    from django.utils import timezone

    monkeypatch.setattr(timezone, "now", lambda: NOW)


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> object:
    """Sets the clock of the pages to another moment."""
    from django.utils import timezone

    def move(moment: datetime) -> None:
        monkeypatch.setattr(timezone, "now", lambda: moment)

    return move


@pytest.fixture(autouse=True)
def _no_counts(db: None) -> None:
    """Each test begins with nobody counted as sending too often."""
    cache.clear()
