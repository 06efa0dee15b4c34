"""Keeps a few `anydoor` commands running together: starts them, starts a killed one again, stops all."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import FrameType

from anydoor.config.lifeline import PARENT

LOOK_SECONDS = 0.25
STOP_SECONDS = 30.0
# A part that ends this soon never worked; after so many in a row it is not going to.
SHORT_LIFE_SECONDS = 5.0
SHORT_LIVES = 3


class _Part:
    """One command: its words and the process that runs them now."""

    def __init__(self, name: str, words: Sequence[str]) -> None:
        self.name, self.words, self.short_lives = name, list(words), 0
        self.process: subprocess.Popen[bytes] | None = None
        self.started = self.not_before = 0.0

    def start(self) -> None:
        self.started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "anydoor", *self.words],
            env={**os.environ, PARENT: str(os.getpid())},
            # Ctrl-C reaches us alone; the parts are told by us, in order.
            start_new_session=True,
        )

    def ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None


class Household:
    """`Household({"pages": ["serve"], ...}, report=print).run()` returns True when it was asked to stop."""

    def __init__(self, parts: Mapping[str, Sequence[str]], *, report: Callable[[str], object]) -> None:
        self.parts = [_Part(name, words) for name, words in parts.items()]
        self.report = report
        self.stopping = threading.Event()

    def run(self) -> bool:
        """Runs until SIGINT or SIGTERM (True), or until a part will not stay up (False)."""
        with self._told_to_stop():
            for part in self.parts:
                part.start()
            kept = True
            while kept and not self.stopping.wait(LOOK_SECONDS):
                looked_after = [self._look_after(part) for part in self.parts]
                kept = all(looked_after)
            self._stop()
        return kept

    def _look_after(self, part: _Part) -> bool:
        """Starts the part again if it ended; False when that is of no use."""
        now = time.monotonic()
        if part.process is None:
            if now >= part.not_before:
                part.start()
            return True
        if not part.ended():
            return True
        part.short_lives = part.short_lives + 1 if now - part.started < SHORT_LIFE_SECONDS else 0
        if part.short_lives >= SHORT_LIVES or part.process.returncode == 2:
            return False
        self.report(f"The {part.name} ended ({part.process.returncode}); starting again.")
        part.process, part.not_before = None, now + min(part.short_lives, 3)
        return True

    def _stop(self) -> None:
        alive = [
            part.process for part in self.parts if part.process is not None and part.process.poll() is None
        ]
        for process in alive:
            process.send_signal(signal.SIGTERM)
        give_up = time.monotonic() + STOP_SECONDS
        for process in alive:
            try:
                process.wait(max(0.1, give_up - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @contextmanager
    def _told_to_stop(self) -> Iterator[None]:
        def stop(number: int, frame: FrameType | None) -> None:
            self.stopping.set()

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)
