"""The four example areas, loaded into the test's own transaction; and the small county with its staff."""

from __future__ import annotations

from datetime import datetime

import pytest
from tests.world import World, build

from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.directory.area_files import area_slugs
from anydoor.directory.loading import Loaded, load_areas
from anydoor.directory.postcodes import SAMPLE, load_postcodes

BY = Outsider("A test", "import")


@pytest.fixture
def fallback(db: None) -> User:
    return User.objects.create_user("fallback@norfolk-hubs.example", name="Petra Marsh")


@pytest.fixture
def four_areas(fallback: User, now: datetime) -> list[Loaded]:
    return load_areas(areas=area_slugs(), by=BY, at=now, fallback=fallback)


@pytest.fixture
def postcodes(four_areas: list[Loaded], now: datetime) -> None:
    load_postcodes(path=SAMPLE, by=BY, at=now)


@pytest.fixture
def world(db: None) -> World:
    return build()
