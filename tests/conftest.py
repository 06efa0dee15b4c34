"""What every test stands on: its own database home, one fixed moment, no network but this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright
from pytest_django import DjangoDbBlocker
from tests import chromium

from anydoor.config.environ import CHECKOUT

# Set before anything asks for the database, which starts only then.
os.environ.setdefault("ANYDOOR_HOME", str(CHECKOUT / "var" / "test"))
# A browser's driver keeps a loop in its thread, and Django takes whatever follows there for asynchronous
# code. Nothing of ours is; with tests side by side any test may follow one with a browser.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

NOW = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)  # a Tuesday in winter time: 11:00 in Norfolk too


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    from django.conf import settings
    from django.test import TransactionTestCase
    from tests import emptying

    from anydoor.config import environ

    settings.HOME = environ.home()
    # A name that a template uses and nobody gave is a fault here, a blank in production.
    settings.TEMPLATES_LOUD = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    # Where they would be collected to: whitenoise warns when the folder is not there at all.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    # Collected and hashed files are what `serve` makes; tests read them where they lie.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # A test reads as fast as it can; how fast people may is tested by itself.
    settings.PAGES_A_MINUTE = settings.CALLS_A_MINUTE = 0
    TransactionTestCase._fixture_teardown = emptying.empty
    # The real hash costs 29 ms a time and is tested by itself.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


LONG = ("walk", "faults")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, so that with several at work none of them is left over at the end."""
    items.sort(key=lambda item: not any(item.get_closest_marker(name) for name in LONG))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings_parallel_suffix: None, django_db_blocker: DjangoDbBlocker
) -> None:
    """Have the test database made as a copy of one that is migrated already."""
    from django.db import connection
    from tests import template_database

    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = template_database.ready()


@pytest.fixture
def now() -> datetime:
    """The moment at which tests happen."""
    return NOW


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for every test that needs one: a thread can hold one driver at a time."""
    found = chromium.path()
    if found is None:
        pytest.fail("no Chromium: python -m tests.chromium")
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=found, args=list(chromium.FLAGS))
        yield opened
        opened.close()
