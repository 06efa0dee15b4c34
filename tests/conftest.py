"""What every test stands on: its own database home, one fixed moment, no network but this machine."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from anydoor.config.environ import CHECKOUT

# Set before anything asks for the database, which starts only then.
os.environ.setdefault("ANYDOOR_HOME", str(CHECKOUT / "var" / "test"))

NOW = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)  # a Tuesday in winter time: 11:00 in Norfolk too


@pytest.hookimpl(trylast=True)
def pytest_configure() -> None:
    from django.conf import settings

    from anydoor.config import environ

    settings.HOME = environ.home()
    # A name that a template uses and nobody gave is a fault here, a blank in production.
    settings.TEMPLATES_LOUD = True
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    # Where they would be collected to: whitenoise warns when the folder is not there at all.
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    # Collected and hashed files are what `serve` makes; tests read them where they lie.
    settings.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # The real hash costs 29 ms a time and is tested by itself.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher", *settings.PASSWORD_HASHERS]


@pytest.fixture
def now() -> datetime:
    """The moment at which tests happen."""
    return NOW
