"""The four example areas, loaded into the test's own transaction; and the small county with its staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import connection, transaction
from pytest_django import DjangoDbBlocker
from tests.conftest import NOW
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


@pytest.fixture(scope="module")
def areas_once(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[list[Loaded]]:
    """The four areas, loaded once for a module: its tests are savepoints in this transaction.

    For modules all of whose tests stand on them; the others load them for themselves.
    """
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        fallback = User.objects.create_user("fallback@norfolk-hubs.example", name="Petra Marsh")
        loaded = load_areas(areas=area_slugs(), by=BY, at=NOW, fallback=fallback)
        connection.check_constraints()
    yield loaded
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


@pytest.fixture(scope="module")
def postcodes_once(areas_once: list[Loaded], django_db_blocker: DjangoDbBlocker) -> None:
    with django_db_blocker.unblock():
        load_postcodes(path=SAMPLE, by=BY, at=NOW)
        connection.check_constraints()


@pytest.fixture
def world(db: None) -> World:
    return build()
