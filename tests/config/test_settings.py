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
    "ANYDOOR_SECRET_KEY": "k9" * 40 + "-only-for-this-test-!",
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
