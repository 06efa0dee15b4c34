"""Signed heads of the audit, kept in files outside the database, so that a cut or rewritten chain shows.

    FOLDER/signing.key     Ed25519, readable by this account alone; made once
    FOLDER/signing.pub     to check signatures with, anywhere
    FOLDER/heads.jsonl     a line an hour and organisation, only added to
    FOLDER/newest.jsonl    the newest head of each, replaced whenever something was sealed

Who can write here and in the database can rewrite both; so an organisation that wants more copies
`heads.jsonl` to somebody else, by whatever carries files there.
"""

from __future__ import annotations

import base64
import binascii
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from anydoor.access.models import AuditSeal

HOURLY = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Head:
    """The end of one organisation's chain at a moment. `signed` tells whether the signature is ours."""

    organisation: int
    number: int
    head: str  # hexadecimal
    at: str  # ISO 8601
    where: str  # file and line, for people
    signed: bool


class HeadsUnreadable(Exception):
    """The folder of heads cannot be used; the message says why."""


def _told(organisation: int, number: int, head: str, at: str) -> bytes:
    return json.dumps([organisation, number, head, at], separators=(",", ":")).encode()


def _own_key(folder: Path) -> Ed25519PrivateKey:
    """The signing key, made the first time. Raises `HeadsUnreadable`."""
    path = folder / "signing.key"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            made = Ed25519PrivateKey.generate()
            pem = made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            public = made.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
            _replace(folder / "signing.pub", public)
            _replace(path, pem)
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError) as problem:
        raise HeadsUnreadable(f"The key that signs the audit cannot be used: {problem}") from None
    if not isinstance(key, Ed25519PrivateKey):
        raise HeadsUnreadable("The key that signs the audit is of another kind than Ed25519.")
    return key


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, readable by this account alone."""
    draft, name = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(draft, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    Path(name).replace(path)


def newest_seals() -> list[AuditSeal]:
    """The last seal of each organisation."""
    return list(
        AuditSeal.objects.order_by("organisation_key", "-number")
        .distinct("organisation_key")
        .only("organisation_key", "number", "head")
    )


def sign(folder: Path, *, at: datetime) -> int:
    """Write the newest heads, and once an hour add those that moved to the lasting file. Returns how many
    lines were added to it. Raises `HeadsUnreadable`."""
    key = _own_key(folder)
    lines = []
    for seal in newest_seals():
        head, when = bytes(seal.head).hex(), at.isoformat()
        signature = key.sign(_told(seal.organisation_key, seal.number, head, when))
        lines.append(
            json.dumps(
                {
                    "organisation": seal.organisation_key,
                    "number": seal.number,
                    "head": head,
                    "at": when,
                    "signature": base64.b64encode(signature).decode(),
                }
            )
        )
    try:
        _add(folder / "heads.jsonl", _not_reached(folder / "newest.jsonl"))
        _replace(folder / "newest.jsonl", "".join(line + "\n" for line in lines).encode())
        return _add_hourly(folder / "heads.jsonl", lines, at)
    except OSError as problem:
        raise HeadsUnreadable(f"The heads of the audit cannot be written: {problem}") from None


def _add_hourly(path: Path, lines: list[str], at: datetime) -> int:
    last: dict[int, tuple[int, datetime]] = {}
    for line in path.read_text().splitlines() if path.exists() else []:
        try:
            told = json.loads(line)
            last[told["organisation"]] = (told["number"], datetime.fromisoformat(told["at"]))
        except (ValueError, KeyError, TypeError):
            continue  # a spoilt line is named when the audit is checked; adding goes on
    due = []
    for line in lines:
        told = json.loads(line)
        number, when = last.get(told["organisation"], (0, None))
        if told["number"] > number and (when is None or at - when >= HOURLY):
            due.append(line)
    _add(path, due)
    return len(due)


def _not_reached(newest: Path) -> list[str]:
    """The heads signed last time that the chains do not reach: kept, so that what is sealed after a cut does
    not hide it."""
    signed: dict[tuple[int, int], tuple[str, str]] = {}
    for line in newest.read_text(errors="replace").splitlines() if newest.exists() else []:
        try:
            told = json.loads(line)
            signed[int(told["organisation"]), int(told["number"])] = str(told["head"]), line
        except (ValueError, KeyError, TypeError):
            continue  # as in the lasting file
    seals = AuditSeal.objects.filter(
        organisation_key__in={organisation for organisation, _ in signed},
        number__in={number for _, number in signed},
    )
    stored = {
        (organisation, number): bytes(head).hex()
        for organisation, number, head in seals.values_list("organisation_key", "number", "head")
    }
    return [line for place, (head, line) in signed.items() if stored.get(place) != head]


def _add(path: Path, lines: list[str]) -> None:
    """Add lines to a file, and wait until they are on the disk."""
    if not lines:
        return
    with path.open("a") as file:
        file.write("".join(line + "\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())


def read(folder: Path) -> Iterator[Head | str]:
    """Every head kept in the folder; for a line that cannot be read, a sentence that names it.

    Raises `HeadsUnreadable` when there are heads and no key to check them with.
    """
    files = [path for path in (folder / "heads.jsonl", folder / "newest.jsonl") if path.exists()]
    if not files:
        return
    try:
        key = load_pem_public_key((folder / "signing.pub").read_bytes())
    except (OSError, ValueError) as problem:
        raise HeadsUnreadable(f"The signatures of the audit cannot be checked: {problem}") from None
    if not isinstance(key, Ed25519PublicKey):
        raise HeadsUnreadable("The key that checks the audit's signatures is of another kind than Ed25519.")
    for path in files:
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), start=1):
            where = f"{path.name}, line {number}"
            try:
                told = json.loads(line)
                organisation, seal = int(told["organisation"]), int(told["number"])
                head, when = str(told["head"]), str(told["at"])
                signature = base64.b64decode(told["signature"], validate=True)
            except (ValueError, KeyError, TypeError, binascii.Error):
                yield f"{where} cannot be read."
                continue
            try:
                key.verify(signature, _told(organisation, seal, head, when))
                signed = True
            except InvalidSignature:
                signed = False
            yield Head(organisation, seal, head, when, where, signed)


def forget(folder: Path) -> None:
    """Take away the heads of a database that was emptied on purpose, as the demo is; the key stays."""
    for name in ("heads.jsonl", "newest.jsonl"):
        (folder / name).unlink(missing_ok=True)
