"""The file a backup is: a tar with a manifest first, then the dump and what is kept beside the database.

Nothing in it is trusted before all of it was read: each member must have the length and the SHA-256 the
manifest gives, none may be missing and none more than it names. A backup holds everything families told us
and the keys of the house; it is written readable by its owner alone, and belongs where that is true of the
disk as well.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

FORMAT = 1
MANIFEST = "anydoor-backup.json"
DUMP = "database.dump"
MOST_MANIFEST_BYTES = 16 * 1024 * 1024
MOST_MEMBERS = 64
MOST_BESIDE_BYTES = 4 * 1024**3  # of what is not the dump: heads and keys
SPARE_BYTES = 256 * 1024**2  # what a disk keeps free beside what is laid out
CHUNK = 1024 * 1024


class NotABackup(Exception):
    """The file cannot be restored; the message says what is wrong with it, in one sentence."""


@dataclass(slots=True)
class Manifest:
    """What a backup says of itself.

    `migrations`: "app.name" of each that was applied. `tables`: rows by table, in the backup's snapshot.
    `holders`: the counts of `anydoor holders`. `chains`: the last seal's number and head by organisation key.
    `key_print`: tells whether two places have the same secret key, without telling the key.
    """

    made_at: str
    anydoor: str
    server_version: int
    migrations: list[str]
    tables: dict[str, int]
    holders: dict[str, int]
    chains: dict[str, list[Any]]
    key_print: str
    format: int = FORMAT
    members: dict[str, list[Any]] = field(default_factory=dict)  # name: [bytes, SHA-256]


def print_of(path: Path) -> tuple[int, str]:
    """Length in bytes and SHA-256 of a file."""
    seen, length = hashlib.sha256(), 0
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            seen.update(chunk)
            length += len(chunk)
    return length, seen.hexdigest()


def write(target: Path, manifest: Manifest, members: Mapping[str, Path]) -> None:
    """Write the backup whole or not at all. Raises `OSError`."""
    manifest.members = {name: list(print_of(path)) for name, path in members.items()}
    told = json.dumps(asdict(manifest), indent=1, sort_keys=True).encode()
    number, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(number, "wb") as file:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
                _add(tar, MANIFEST, io.BytesIO(told), len(told))
                for member, path in members.items():
                    with path.open("rb") as source:
                        _add(tar, member, source, path.stat().st_size)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, name: str, source: Any, size: int) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = size, 0o600
    tar.addfile(member, source)


def unpack(source: Path, folder: Path) -> Manifest:
    """Check the whole backup and lay its members into `folder`. Raises `NotABackup` or `OSError`."""
    if source.stat().st_size % tarfile.RECORDSIZE:
        raise NotABackup("This is not a backup of Anydoor, or it was cut short.")
    try:
        with tarfile.open(source, mode="r:") as tar:
            first = tar.next()
            if first is None or first.name != MANIFEST or first.size > MOST_MANIFEST_BYTES:
                raise NotABackup("This is not a backup of Anydoor.")
            manifest = _read_manifest(_content(tar, first).read())
            wanted = dict(manifest.members)
            _check_room(wanted, source.stat().st_size, folder)
            while (member := tar.next()) is not None:
                if member.name not in wanted or not member.isreg():
                    raise NotABackup(f"The backup holds {member.name!r}, which its manifest does not name.")
                _unpack_one(tar, member, folder / Path(member.name).name, wanted.pop(member.name))
    except (tarfile.TarError, EOFError):
        raise NotABackup("This is not a backup of Anydoor, or it was cut short.") from None
    if wanted:
        raise NotABackup(f"The backup was cut short: {', '.join(sorted(wanted))} missing.")
    return manifest


def _check_room(wanted: Mapping[str, list[Any]], file_bytes: int, folder: Path) -> None:
    """Before a byte is laid out. Nothing is packed here: all parts together are no longer than the file."""
    lengths = [int(length) for length, _ in wanted.values()]
    if len(wanted) > MOST_MEMBERS or min(lengths) < 0 or sum(lengths) > file_bytes:
        raise NotABackup("The manifest of this backup names more than the file holds.")
    if any(int(length) > MOST_BESIDE_BYTES for name, (length, _) in wanted.items() if name != DUMP):
        raise NotABackup("A part of this backup is larger than it can be.")
    if sum(lengths) + SPARE_BYTES > shutil.disk_usage(folder).free:
        raise NotABackup("There is not enough room on this disk to lay the backup out. Nothing was touched.")


def _content(tar: tarfile.TarFile, member: tarfile.TarInfo) -> Any:
    found = tar.extractfile(member)
    if found is None:
        raise NotABackup("This is not a backup of Anydoor.")
    return found


def _read_manifest(told: bytes) -> Manifest:
    try:
        read = json.loads(told)
        if read.get("format") != FORMAT:
            raise NotABackup(
                f"This backup is of format {read.get('format')!r}; this Anydoor reads {FORMAT}. "
                "Restore it with the Anydoor that made it."
            )
        manifest = Manifest(**read)
        names = {name: (int(size), str(digest)) for name, (size, digest) in manifest.members.items()}
    except (ValueError, TypeError, AttributeError):
        raise NotABackup("The manifest of this backup cannot be read.") from None
    if DUMP not in names or any(Path(name).name != name for name in names):
        raise NotABackup("The manifest of this backup cannot be read.")
    return manifest


def _unpack_one(tar: tarfile.TarFile, member: tarfile.TarInfo, target: Path, wanted: list[Any]) -> None:
    seen, length = hashlib.sha256(), 0
    if member.size != wanted[0]:
        raise NotABackup(f"{member.name} in the backup was cut short or changed.")
    content = _content(tar, member)
    with target.open("wb") as file:
        target.chmod(0o600)
        while chunk := content.read(CHUNK):
            seen.update(chunk)
            length += len(chunk)
            file.write(chunk)
    if [length, seen.hexdigest()] != wanted:
        raise NotABackup(f"{member.name} in the backup was cut short or changed.")
