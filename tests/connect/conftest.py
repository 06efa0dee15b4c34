"""The small county, with an outbox folder of its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings
from tests.world import World, build


@pytest.fixture
def world(db: None) -> World:
    return build()


class Folder:
    """What lies in the outbox folder."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def messages(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text()) for path in sorted(self.path.glob("*.json"))]

    def names(self) -> list[str]:
        return sorted(path.name for path in self.path.iterdir()) if self.path.exists() else []


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Folder:
    settings.HOME = tmp_path
    settings.OUTBOX = "file"
    return Folder(tmp_path / "outbox")
