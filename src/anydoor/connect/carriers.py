"""Where messages go: a folder or the terminal. Providers of texts and e-mail will stand beside these two.

A carrier is given the same message again when a worker died between sending and saying so. It must know it
by its id: the folder keeps one file a message, however often it comes.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Protocol

from django.conf import settings

from anydoor.messages.models import OutboxMessage
from anydoor.rules.errors import OutsideFailed


class Carrier(Protocol):
    """Takes one message where it is to go. Raises `OutsideFailed` when it may be tried again later."""

    def carry(self, message: OutboxMessage) -> None: ...


class Folder:
    """One file a message, whole or not there at all: `<id>.json`, readable by this account alone."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def carry(self, message: OutboxMessage) -> None:
        draft = self.path / f".{message.pk}.{os.getpid()}"
        try:
            self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
                file.write(as_text(message))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path / f"{message.pk}.json")
        except OSError as problem:
            raise OutsideFailed(f"The outbox folder cannot be written: {problem.strerror}.") from problem


class Terminal:
    """Prints messages, for trying out. What is printed twice is read twice; use the folder to be sure."""

    def carry(self, message: OutboxMessage) -> None:
        print(
            f"[{message.get_channel_display()} to {message.address}] {message.subject}\n{message.body}",
            file=sys.stdout,
            flush=True,
        )


def as_text(message: OutboxMessage) -> str:
    """The message as JSON: the same for the same message, whenever it is written."""
    said = {
        "id": message.pk,
        "key": message.key,
        "channel": message.channel,
        "to": message.address,
        "subject": message.subject,
        "body": message.body,
        "template": message.template,
        "written_at": message.created_at.isoformat(),
    }
    return json.dumps(said, indent=1) + "\n"


def carrier() -> Carrier:
    """The one that ANYDOOR_OUTBOX names: `file` or `console`."""
    return Terminal() if settings.OUTBOX == "console" else Folder(Path(settings.HOME) / "outbox")
