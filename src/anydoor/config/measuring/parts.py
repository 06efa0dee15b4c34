"""Parts of the house measured by themselves, each beside the least it could cost in the same run.

A part is a module `part_<name>` with `measure(*, quick: bool) -> Iterator[Figure]`, run in a process of its
own on an empty database of ours, in the order below. What cannot be imported yet is left out.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import import_module
from importlib.util import find_spec
from statistics import quantiles

from anydoor.config.measuring.machine import environment

PARTS = ("scoring", "matching", "finder", "feed", "audit", "history")
DATABASE = "anydoor_bench_parts"


@dataclass(frozen=True, slots=True)
class Figure:
    """One thing measured. `ratio` is to the floor, `must` what it must not exceed; None where none is set."""

    part: str
    what: str
    value: float
    unit: str
    floor: float | None = None
    floor_words: str = ""
    ratio: float | None = None
    must: float | None = None

    @property
    def holds(self) -> bool:
        return self.must is None or (self.ratio is not None and self.ratio <= self.must)


def timed(work: Callable[[], object], *, times: int, warm: int = 1) -> list[float]:
    """Milliseconds of wall clock for each of `times` calls, after `warm` that do not count."""
    for _ in range(warm):
        work()
    spans = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        spans.append((time.perf_counter() - began) * 1000)
    return spans


def beside(
    work: Callable[[], object], floor: Callable[[], object], *, times: int, warm: int = 2
) -> tuple[list[float], list[float]]:
    """Milliseconds of both, taken in turns: what disturbs the machine disturbs both."""
    for _ in range(warm):
        work()
        floor()
    spans: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for one, spent in zip((work, floor), spans, strict=True):
            spent += timed(one, times=1, warm=0)
    return spans


def p50(spans: list[float]) -> float:
    """The middle one."""
    return sorted(spans)[len(spans) // 2]


def p95(spans: list[float]) -> float:
    """The one that 95 of 100 do not exceed."""
    return quantiles(spans, n=20)[-1] if len(spans) > 1 else spans[0]


def built() -> list[str]:
    """The parts that are there."""
    return [name for name in PARTS if find_spec(_module(name))]


def _module(name: str) -> str:
    return f"anydoor.config.measuring.part_{name}"


def measure_here(name: str, *, quick: bool) -> Iterator[Figure]:
    """Measure one part in this process, on the database the settings name."""
    yield from import_module(_module(name)).measure(quick=quick)


def measure_all(*, quick: bool, said: Callable[[str], object]) -> list[Figure]:
    """Each part in a process of its own, one after the other. Raises `CalledProcessError` when one breaks."""
    found = []
    for name in built():
        said(f"Measuring {name} by itself.")
        words = [sys.executable, "-m", "anydoor", "bench", "--part", name, *(["--quick"] if quick else [])]
        done = subprocess.run(words, env=environment(DATABASE), check=True, stdout=subprocess.PIPE, text=True)
        found += [Figure(**json.loads(line)) for line in done.stdout.splitlines() if line.startswith("{")]
    return found


def as_line(figure: Figure) -> str:
    """A figure for a machine to read."""
    return json.dumps(asdict(figure))


def table(figures: list[Figure]) -> Iterator[str]:
    """The figures in lines of words."""
    if not figures:
        return
    yield f"{'By themselves':58}{'':>14}{'floor':>14}{'ratio':>8}{'must':>7}"
    for figure in figures:
        floor = "" if figure.floor is None else f"{figure.floor:,.3g}"
        ratio = "" if figure.ratio is None else f"{figure.ratio:.2f}"
        must = "" if figure.must is None else f"{figure.must:g} {'yes' if figure.holds else 'NO'}"
        yield f"{figure.what:58}{figure.value:>9,.4g} {figure.unit:4}{floor:>14}{ratio:>8}{must:>9}"
        if figure.floor_words:
            yield f"{'':10}floor: {figure.floor_words}"
    yield ""
