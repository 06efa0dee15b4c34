"""`kill -9` of web and worker at random points: nothing acknowledged is lost, doubled or unheld.

Real processes: gunicorn and the job worker of this checkout, on an embedded database of their own. Partner
systems send referrals the whole time and, as real ones do, send again with the same key until answered.
"""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]
KILLS = int(os.environ.get("ANYDOOR_KILLS", "50"))
SENDERS = 3
PATIENCE = 60.0  # seconds anything may take before the test gives up on it


def until(ready: Callable[[], bool], what: str) -> None:
    """Wait for another process, by asking it."""
    pause, end = threading.Event(), time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < end, f"waited too long for {what}"
        pause.wait(0.05)


def free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        return int(trial.getsockname()[1])


def children(pid: int) -> list[int]:
    try:
        return [int(p) for p in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except FileNotFoundError:
        return []


class County:
    """The processes under fire. Ended by their own ids."""

    def __init__(self, home: Path) -> None:
        self.port = free_port()
        self.env = {
            **os.environ,
            "ANYDOOR_HOME": str(home),
            "PORT": str(self.port),
            "ANYDOOR_OUTBOX": "file",
            "ANYDOOR_CALLS_A_MINUTE": "0",
            "PYTHONPATH": str(CHECKOUT),
        }
        self.env.pop("DATABASE_URL", None)
        self.running: dict[str, subprocess.Popen[bytes]] = {}

    def run(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, *words], env=self.env, cwd=CHECKOUT, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout

    def start(self, name: str) -> None:
        self.running[name] = subprocess.Popen(
            [sys.executable, "-m", "anydoor", name],
            env=self.env,
            cwd=CHECKOUT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def answers(self) -> bool:
        try:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            line.request("GET", "/healthz")
            return line.getresponse().status == 200
        except OSError:
            return False

    def kill_one(self, chance: random.Random) -> None:
        """One process of the web or the worker, without warning; whoever kept it starts it again."""
        if chance.random() < 0.7:
            below = children(self.running["serve"].pid)
            if below:
                os.kill(chance.choice(below), signal.SIGKILL)
        else:
            self.running["worker"].kill()
            self.running["worker"].wait()
            self.start("worker")

    def stop(self) -> None:
        for process in self.running.values():
            process.send_signal(signal.SIGTERM)
        for process in self.running.values():
            try:
                process.wait(30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


@pytest.fixture
def county() -> Iterator[County]:
    with tempfile.TemporaryDirectory(prefix="ad") as home:
        place = County(Path(home))
        place.run("-m", "anydoor", "migrate", "--verbosity", "0")
        yield place
        place.stop()


class Sender(threading.Thread):
    """A partner system: the same request with the same key until it has an answer."""

    def __init__(self, number: int, county: County, token: str, stop: threading.Event) -> None:
        super().__init__()
        self.number, self.county, self.token, self.stop_sending = number, county, token, stop
        self.acknowledged: dict[str, str] = {}
        self.faults: list[str] = []

    def run(self) -> None:
        count = 0
        while not self.stop_sending.is_set():
            count += 1
            self.send(f"{self.number}-{count}")

    def send(self, key: str) -> None:
        body = json.dumps(
            {
                "area": "norfolk",
                "story": f"Request {key}. I feel low.",
                "contact": {"value": f"0770090{self.number}{len(self.acknowledged) % 1000:03}"},
            }
        )
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Idempotency-Key": key,
            "Content-Type": "application/json",
        }
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                line = http.client.HTTPConnection("127.0.0.1", self.county.port, timeout=10)
                line.request("POST", "/api/v1/referrals", body, headers)
                answer = line.getresponse()
                said = json.loads(answer.read())
            except (OSError, http.client.HTTPException, ValueError):
                threading.Event().wait(0.02)
                continue
            if answer.status == 201:
                self.acknowledged[key] = said["reference"]
            else:
                self.faults.append(f"{key}: {answer.status} {said}")
            return
        self.faults.append(f"{key}: no answer")


@pytest.mark.faults
def test_kill_nine_loses_doubles_and_drops_nothing(county: County) -> None:
    token = county.run("tests/faults/county.py", "found").split()[-1]
    county.start("serve")
    county.start("worker")
    until(county.answers, "the pages")
    stop, chance, pause = threading.Event(), random.Random(20260310), threading.Event()
    senders = [Sender(number, county, token, stop) for number in range(1, SENDERS + 1)]
    for sender in senders:
        sender.start()
    for _ in range(KILLS):
        pause.wait(chance.uniform(0.05, 0.6))
        county.kill_one(chance)
    stop.set()
    for sender in senders:
        sender.join()
    assert [fault for sender in senders for fault in sender.faults] == []

    def counted() -> dict[str, object]:
        found: dict[str, object] = json.loads(county.run("tests/faults/county.py", "count"))
        return found

    until(lambda: set(counted()["messages"].values()) <= {"sent", "held_back"}, "the outbox")  # type: ignore[attr-defined]
    found = counted()
    acknowledged = {key: ref for sender in senders for key, ref in sender.acknowledged.items()}
    assert len(acknowledged) >= KILLS
    assert found["receipts"] == acknowledged
    assert set(found["referrals"]) == set(acknowledged.values())  # type: ignore[call-overload]
    assert found["doubled"] == {}
    assert found["unheld"] == []
    assert json.loads(county.run("-m", "anydoor", "holders", "--json"))["without_holder"] == 0
    sent = [pk for pk, state in found["messages"].items() if state == "sent"]  # type: ignore[attr-defined]
    written = list(Path(county.env["ANYDOOR_HOME"], "outbox").glob("*.json"))
    assert len(written) == len(sent) == len(acknowledged)
