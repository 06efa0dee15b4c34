"""The environment decides; what it leaves open or gets wrong is told in one line."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password

from anydoor.config import environ
from anydoor.config.passwords import Argon2id

PRODUCTION = {
    "ANYDOOR_ENV": "production",
    "ANYDOOR_SECRET_KEY": "Qz7-only-for-this-test-k2Wm9Xr4Tn8Vb3Hp6Lc1Yd5Fg0Js-aUeIo",
    "ANYDOOR_HOSTS": "anydoor.example",
    "ANYDOOR_ADDRESS": "https://anydoor.example",
}


def anydoor(home: Path, *words: str, **more: str) -> subprocess.CompletedProcess[str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ANYDOOR_", "DJANGO_"))}
    return subprocess.run(
        [sys.executable, "-m", "anydoor", *words],
        env={**kept, "ANYDOOR_HOME": str(home), **more},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def test_the_production_settings_pass_djangos_own_check(tmp_path: Path) -> None:
    done = anydoor(tmp_path, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (done.returncode, "no issues" in done.stdout) == (0, True), done.stderr


def test_production_without_a_key_is_refused_in_one_line(tmp_path: Path) -> None:
    done = anydoor(tmp_path, "check", **{**PRODUCTION, "ANYDOOR_SECRET_KEY": ""})
    assert done.returncode == 2
    assert "ANYDOOR_SECRET_KEY" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("key", "why"),
    [
        ("hunter2", "too short"),
        ("x" * 80, "repeats itself"),
        ("abc123" * 12, "repeats itself"),
        ("k9T4mQ7xZ2pL" * 6, "repeats itself"),
        ("django-insecure-k9T4mQ7xZ2pLr8Vw3nYb6Hc1Jd5Fg0Ss-uAeIoKqM", "example"),
    ],
)
def test_a_weak_key_is_refused_in_production_and_taken_at_a_desk(
    monkeypatch: pytest.MonkeyPatch, key: str, why: str
) -> None:
    monkeypatch.setenv("ANYDOOR_SECRET_KEY", key)
    with pytest.raises(environ.SettingMissing, match=why) as told:
        environ.secret_key(production=True)
    assert key not in str(told.value)
    assert environ.secret_key(production=False) == key


def test_a_weak_old_key_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANYDOOR_SECRET_KEY", PRODUCTION["ANYDOOR_SECRET_KEY"])
    assert environ.secret_key(production=True) == PRODUCTION["ANYDOOR_SECRET_KEY"]
    monkeypatch.setenv("ANYDOOR_OLD_SECRET_KEYS", "old")
    with pytest.raises(environ.SettingMissing, match="ANYDOOR_OLD_SECRET_KEYS"):
        environ.secret_key(production=True)


def test_production_refuses_a_weak_key_at_the_start_in_one_line(tmp_path: Path) -> None:
    done = anydoor(tmp_path, "check", **{**PRODUCTION, "ANYDOOR_SECRET_KEY": "letmein"})
    assert done.returncode == 2
    assert "ANYDOOR_SECRET_KEY is too short" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


COOKIES = """
from django.conf import settings as s
print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)
print(s.SESSION_COOKIE_HTTPONLY, s.CSRF_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.CSRF_COOKIE_SAMESITE)
from django.test import Client
import django
django.setup()
plain = Client().get("/accessibility/", headers={"host": "anydoor.example"})
print(plain.status_code, plain["Location"])
safe = Client().get("/healthz", secure=True, headers={"host": "anydoor.example"})
print(safe.status_code, safe["Strict-Transport-Security"])
print(s.SESSION_COOKIE_DOMAIN, s.CSRF_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH, s.CSRF_COOKIE_PATH)
"""


def test_in_production_cookies_and_the_connection_are_shut(tmp_path: Path) -> None:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("ANYDOOR_", "DJANGO_"))}
    module = {"ANYDOOR_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "anydoor.config.settings"}
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", COOKIES],
        env={**kept, **module, **PRODUCTION},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    names, flags, plain, safe, scope = done.stdout.splitlines()
    assert names == "__Host-anydoor __Host-anydoor-form True True"
    assert flags == "True True Lax Lax"
    assert plain == "301 https://anydoor.example/accessibility/"
    assert safe.endswith("max-age=31536000; includeSubDomains; preload")
    assert scope == "None None / /", "what the prefix __Host- asks for"


def test_a_port_that_is_no_number_is_refused_in_one_line(tmp_path: Path) -> None:
    done = anydoor(tmp_path, "check", PORT="http")
    assert (done.returncode, done.stderr.strip()) == (2, "anydoor: PORT must be a whole number.")


def test_in_development_a_key_is_made_once_and_kept_private(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ANYDOOR_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("ANYDOOR_SECRET_KEY", raising=False)
    key = environ.secret_key(production=False)
    assert len(key) > 50
    assert environ.secret_key(production=False) == key
    assert stat.S_IMODE((tmp_path / "home" / "secret-key").stat().st_mode) == 0o600


def test_a_database_address_is_read_with_its_odd_characters() -> None:
    read = environ.database("postgresql://any%40door:p%2Fw@db.example:6432/county%20one?sslmode=require")
    assert (read["USER"], read["PASSWORD"], read["HOST"], read["PORT"]) == (
        "any@door",
        "p/w",
        "db.example",
        "6432",
    )
    assert (read["NAME"], read["OPTIONS"]) == ("county one", {"sslmode": "require"})


def test_a_database_address_may_name_a_socket_folder() -> None:
    read = environ.database("postgresql:///county?host=/run/postgresql")
    assert (read["HOST"], read["NAME"], read["OPTIONS"]) == ("/run/postgresql", "county", {})


@pytest.mark.parametrize("address", ["mysql://db/county", "postgresql://db", "county"])
def test_another_kind_of_address_is_refused(address: str) -> None:
    with pytest.raises(environ.SettingMissing, match="DATABASE_URL"):
        environ.database(address)


def test_passwords_are_kept_by_argon2id_at_the_advised_cost() -> None:
    kept = Argon2id().encode("a long enough password", "saltsaltsalt")
    assert "argon2id$v=19$m=19456,t=2,p=1$" in kept
    assert check_password("a long enough password", kept)
    assert not check_password("another password", kept)
