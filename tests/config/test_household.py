"""`anydoor up`, as a person runs it: pages and worker together, killed and stopped."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest
import requests

PATIENCE = 40.0


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


def until(true: Callable[[], bool]) -> bool:
    """Asks every tenth of a second, and gives up in the end."""
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        if true():
            return True
        select.select([], [], [], 0.1)
    return False


class Up:
    """A running `anydoor up` in a home of its own."""

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        self.surroundings = {
            **os.environ,
            "ANYDOOR_HOME": str(home),
            "DATABASE_URL": "",
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "1",
        }
        self.command("migrate", "--verbosity", "0")
        self.process = subprocess.Popen([sys.executable, "-m", "anydoor", "up"], env=self.surroundings)

    def command(self, *words: str) -> None:
        subprocess.run([sys.executable, "-m", "anydoor", *words], env=self.surroundings, check=True)

    def answer(self, path: str) -> dict[str, object]:
        """The JSON behind the path; empty while nobody answers."""
        try:
            answer = requests.get(f"http://127.0.0.1:{self.port}{path}", timeout=5)
            told: dict[str, object] = answer.json()
        except requests.RequestException:
            return {}
        return told

    def part(self, word: str) -> psutil.Process | None:
        """The child that runs `anydoor WORD`."""
        for child in psutil.Process(self.process.pid).children():
            try:
                if child.cmdline()[-1:] == [word] and child.status() != psutil.STATUS_ZOMBIE:
                    return child
            except psutil.Error:
                continue
        return None


@pytest.fixture(scope="module")
def up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Up]:
    running = Up(tmp_path_factory.mktemp("up"))
    yield running
    if running.process.poll() is None:
        running.process.send_signal(signal.SIGTERM)
        running.process.wait(PATIENCE)


def test_both_come_up(up: Up) -> None:
    assert until(lambda: up.answer("/healthz") == {"alive": True})
    assert until(lambda: up.answer("/readyz").get("worker") is True)


@pytest.mark.parametrize("word", ["worker", "serve"])
def test_a_killed_part_is_started_again(up: Up, word: str) -> None:
    assert until(lambda: up.part(word) is not None)
    killed = up.part(word)
    assert killed is not None
    killed.send_signal(signal.SIGKILL)

    def another() -> bool:
        now = up.part(word)
        return now is not None and now.pid != killed.pid

    assert until(another)
    assert until(lambda: up.answer("/healthz") == {"alive": True})


def test_a_taken_port_is_told_in_one_line(up: Up) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "anydoor", "serve"],
        env=up.surroundings,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert done.returncode == 2
    assert f"Port {up.port}" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_all_stop_together(up: Up) -> None:
    assert until(lambda: up.part("worker") is not None and up.answer("/healthz") == {"alive": True})
    family = psutil.Process(up.process.pid).children(recursive=True)
    up.process.send_signal(signal.SIGINT)
    assert up.process.wait(PATIENCE) == 0
    left = [one for one in family if one.is_running() and one.status() != psutil.STATUS_ZOMBIE]
    assert left == []
    note = Path(up.surroundings["ANYDOOR_HOME"]) / "postgres" / "data" / "postmaster.pid"
    assert not note.exists()
