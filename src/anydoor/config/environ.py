"""What the environment says, read once and answered in plain types.

Nothing here knows Django; `settings.py` and `embedded.py` both read from it.
"""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from anydoor.config import hash_list

CHECKOUT = Path(__file__).resolve().parents[3]


class SettingMissing(Exception):
    """An environment variable is missing or cannot be used; the message says which and what to do."""


def flag(name: str, default: bool = False) -> bool:
    """Whether the variable says yes (1, true, yes, on)."""
    said = os.environ.get(name, "").strip().lower()
    return said in {"1", "true", "yes", "on"} if said else default


def number(name: str, default: int) -> int:
    """The whole number in the variable, or the default."""
    said = os.environ.get(name, "").strip()
    if not said:
        return default
    try:
        return int(said)
    except ValueError:
        raise SettingMissing(f"{name} must be a whole number.") from None


def choice(name: str, default: str, *others: str) -> str:
    """One of a few words, the first when the variable is not set."""
    said = os.environ.get(name, "").strip().lower() or default
    if said not in {default, *others}:
        raise SettingMissing(f"{name} must be {' or '.join((default, *others))}.")
    return said


def listed(name: str) -> list[str]:
    """The comma-separated parts of the variable, without blanks."""
    return [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]


def breach_list(name: str) -> str:
    """The file of digests of breached passwords that the variable names; empty when it names none."""
    said = os.environ.get(name, "").strip()
    if said:
        try:
            hash_list.check(Path(said).expanduser())
        except hash_list.ListUnusable as problem:
            raise SettingMissing(
                f"{name} names {said}, and {problem}. Give the list of SHA-1 digests, ordered by digest."
            ) from None
    return str(Path(said).expanduser().absolute()) if said else ""


def home() -> Path:
    """Where Anydoor keeps what it writes: ANYDOOR_HOME, else `var/` of the checkout or current folder."""
    said = os.environ.get("ANYDOOR_HOME", "").strip()
    if said:
        return Path(said).expanduser().absolute()
    root = CHECKOUT if (CHECKOUT / "pyproject.toml").is_file() else Path.cwd()
    return root / "var"


def secret_key(*, production: bool) -> str:
    """The key that signs sessions and links: given in production, else made once and kept in the home."""
    said = os.environ.get("ANYDOOR_SECRET_KEY", "").strip()
    if said:
        if production:
            _check_strength("ANYDOOR_SECRET_KEY", said)
            for old in listed("ANYDOOR_OLD_SECRET_KEYS"):
                _check_strength("ANYDOOR_OLD_SECRET_KEYS", old)
        return said
    if production:
        raise SettingMissing(
            "ANYDOOR_SECRET_KEY is not set. In production give a random text of 50 or more characters."
        )
    kept = home() / "secret-key"
    try:
        kept.parent.mkdir(parents=True, exist_ok=True)
        # The text is written whole before it gets its name, so two first starts agree on one key.
        draft = kept.with_name(f"secret-key.{os.getpid()}")
        if not kept.exists():
            draft.touch(mode=0o600)
            draft.write_text(secrets.token_urlsafe(64))
            with suppress(FileExistsError):
                os.link(draft, kept)
            draft.unlink()
        return kept.read_text().strip()
    except OSError as problem:
        raise SettingMissing(
            f"Anydoor cannot write in {kept.parent} ({problem.strerror}). "
            "Set ANYDOOR_HOME to a folder it may use."
        ) from None


MOST_LIKELY = ("django-insecure", "changeme", "change-me", "password", "example", "your-secret", "secret-key")
SHORTEST, FEWEST_MARKS = 50, 12


def _check_strength(name: str, key: str) -> None:
    """A key that somebody could guess opens every session and every link: none such in production."""
    how = "Give a random text of 50 or more characters, as secrets.token_urlsafe(64) of Python makes one."
    if len(key) < SHORTEST:
        raise SettingMissing(f"{name} is too short ({len(key)} characters). {how}")
    if len(set(key)) < FEWEST_MARKS or any(key == key[:size] * (len(key) // size) for size in range(1, 26)):
        raise SettingMissing(f"{name} repeats itself. {how}")
    if any(word in key.lower() for word in MOST_LIKELY):
        raise SettingMissing(f"{name} looks like an example from a page. {how}")


def embedded_database() -> dict[str, Any]:
    """Django's database settings for the server in ANYDOOR_HOME."""
    return {"ENGINE": "anydoor.config.postgres", "NAME": "anydoor", "EMBEDDED": True}


def database(url: str) -> dict[str, Any]:
    """Django's database settings for a `postgresql://user:password@host:port/name?option=value` address."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"} or not parts.path.strip("/"):
        raise SettingMissing("DATABASE_URL must look like postgresql://user:password@host:5432/name.")
    options = dict(parse_qsl(parts.query))
    host = options.pop("host", "") or unquote(parts.hostname or "")
    return {
        "ENGINE": "anydoor.config.postgres",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": host,
        "PORT": str(parts.port or ""),
        "OPTIONS": options,
    }
