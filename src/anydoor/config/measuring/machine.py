"""Servers to be measured: started on a free port, their processor time read, ended by their own numbers."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass

import psutil
import psycopg

from anydoor.config import embedded
from anydoor.config.lifeline import PARENT

START_SECONDS = 60.0
LOOK_SECONDS = 0.1
SETTINGS = "anydoor.config.measuring.settings"
BARE_SETTINGS = "anydoor.config.measuring.bare_settings"


@dataclass(frozen=True, slots=True)
class Spent:
    """Processor milliseconds: of the web server's processes and of its database connections."""

    web: float
    database: float

    def since(self, before: Spent) -> Spent:
        return Spent(self.web - before.web, self.database - before.database)


def environment(database: str, settings: str = SETTINGS, **more: str) -> dict[str, str]:
    """What a process of ours needs to work on one of the measured databases, embedded in any case."""
    kept = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**kept, "DJANGO_SETTINGS_MODULE": settings, "ANYDOOR_BENCH_DATABASE": database, **more}


def connect(database: str, name: str = "") -> psycopg.Connection[tuple[object, ...]]:
    """A plain connection to a database of the embedded server; each statement is its own transaction."""
    server = embedded.ensure_running()
    return psycopg.connect(
        host=str(server.socket_folder),
        user=embedded.SUPERUSER,
        dbname=database,
        autocommit=True,
        application_name=name,
    )


class Pages:
    """One worker of four threads, as `anydoor serve` starts it, on one database."""

    def __init__(self, database: str, settings: str = SETTINGS) -> None:
        self.name = f"{database}:{settings.rpartition('.')[2]}"
        self.port = _free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "anydoor", "serve", "--port", str(self.port), "--workers", "1"],
            env=environment(database, settings, PGAPPNAME=self.name, **{PARENT: str(os.getpid())}),
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.watcher = connect(database)
        self._wait()

    def _wait(self) -> None:
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up:
            if self.process.poll() is not None:
                raise RuntimeError(f"the pages of {self.name} ended with {self.process.returncode}")
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(LOOK_SECONDS)
        raise RuntimeError(f"the pages of {self.name} did not start")

    def spent(self) -> Spent:
        """So far, since it started (a process that ended meanwhile would be missing; none does)."""
        server = psutil.Process(self.process.pid)
        backends = self.watcher.execute(
            "SELECT pid FROM pg_stat_activity WHERE application_name = %s", [self.name]
        ).fetchall()
        return Spent(
            sum(map(processor_ms, [server, *server.children(recursive=True)])),
            sum(processor_ms(psutil.Process(int(str(pid)))) for (pid,) in backends),
        )

    def stop(self) -> None:
        self.watcher.close()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            for process in psutil.Process(self.process.pid).children(recursive=True):
                process.kill()
            self.process.kill()
            self.process.wait()


def processor_ms(process: psutil.Process) -> float:
    """Processor time of one process with all its threads, user and system."""
    times = process.cpu_times()
    return float(times.user + times.system) * 1000


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port
