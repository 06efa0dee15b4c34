"""What was measured, laid beside what it must reach: as a table for people and as JSON for machines."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from anydoor.config.measuring.operations import Operation
from anydoor.config.measuring.parts import Figure
from anydoor.config.measuring.rounds import Measured, Site

DEEP_TO_FIRST, NOBODY_TO_HIT, AGAIN_TO_FIRST, GROWTH = 1.3, 2.0, 1.0, 1.5


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold: in words, what was found, what it must not exceed."""

    people: int
    words: str
    found: float
    must: float

    @property
    def holds(self) -> bool:
        return self.found <= self.must


def checks(sites: list[Site]) -> list[Check]:
    """Every goal, for each size and between the sizes."""
    return [*(check for site in sites for check in _of_site(site)), *_growth(sites)]


def of_parts(figures: list[Figure]) -> Iterator[Check]:
    """The goals of the parts measured by themselves."""
    for figure in figures:
        if figure.must is not None and figure.ratio is not None:
            yield Check(0, f"{figure.what}: times its floor", figure.ratio, figure.must)


def _of_site(site: Site) -> Iterator[Check]:
    bare = site.bare_measured.cpu
    for operation in site.operations:
        measured = site.pages_measured[operation.key]
        if operation.must is not None:
            ratio = measured.cpu_of_a_request / bare
            yield Check(site.people, f"{operation.words}: times the bare page", ratio, operation.must)
        if operation.most_bytes is not None:
            yield Check(site.people, f"{operation.words}: bytes", measured.bytes, operation.most_bytes)
        if operation.most_queries is not None:
            yield Check(site.people, f"{operation.words}: queries", measured.queries, operation.most_queries)
    yield from _between(site, "deep", "list", DEEP_TO_FIRST)
    yield from _between(site, "nobody", "name", NOBODY_TO_HIT)
    yield from _between(site, "again", "api", AGAIN_TO_FIRST)


def _between(site: Site, one: str, other: str, must: float) -> Iterator[Check]:
    words = {operation.key: operation.words for operation in site.operations}
    if one in words and other in words:
        ratio = site.pages_measured[one].cpu / site.pages_measured[other].cpu
        yield Check(site.people, f"{words[one]}: times “{words[other]}”", ratio, must)


def _growth(sites: list[Site]) -> Iterator[Check]:
    if len(sites) < 2:
        return
    small, large = min(sites, key=lambda site: site.people), max(sites, key=lambda site: site.people)
    for operation in small.operations:
        if not operation.compared:
            continue
        grown = large.pages_measured[operation.key].cpu / small.pages_measured[operation.key].cpu
        words = f"{operation.words}: times the same with {small.people:,} people"
        yield Check(large.people, words, grown, GROWTH)


def table(sites: list[Site]) -> Iterator[str]:
    """The measurements in lines of words."""
    for site in sites:
        bare = site.bare_measured
        yield ""
        yield f"{site.people:,} people"
        yield (
            f"{'':34}{'p50 ms':>8}{'p95 ms':>8}{'CPU ms':>8}{'web':>7}{'db':>6}{'x bare':>8}"
            f"{'anybody':>9}{'must':>6}{'':>5}{'SQL ms':>8}{'CPU':>6}{'kB':>6}{'queries':>9}"
        )
        plain = site.plain_measured
        yield f"{'The bare page, 25 x 7 values':34}{_costs(bare)}{1.0:>8.1f}{bare.cpu / plain.cpu:>9.1f}"
        yield f"{'The same for anybody, no session':34}{_costs(plain)}{plain.cpu / bare.cpu:>8.1f}{1.0:>9.1f}"
        for operation in site.operations:
            yield _line(site, operation)
    yield ""


def _line(site: Site, operation: Operation) -> str:
    measured, floor = site.pages_measured[operation.key], site.floors_measured[operation.floor]
    ratio = measured.cpu_of_a_request / site.bare_measured.cpu
    must = "" if operation.must is None else f"{operation.must:g}"
    answer = "" if operation.must is None else "yes" if ratio <= operation.must else "NO"
    return (
        f"{operation.words:34}{_costs(measured)}{ratio:>8.1f}"
        f"{measured.cpu_of_a_request / site.plain_measured.cpu:>9.1f}{must:>6}{answer:>5}"
        f"{floor.p50:>8.2f}{floor.cpu:>6.2f}{measured.bytes / 1000:>6.0f}{measured.queries:>9}"
    )


def _costs(measured: Measured) -> str:
    count = len(measured.times)
    return (
        f"{measured.p50:>8.1f}{measured.p95:>8.1f}{measured.cpu:>8.1f}"
        f"{measured.web / count:>7.1f}{measured.database / count:>6.1f}"
    )


def check_lines(found: list[Check]) -> Iterator[str]:
    """Each check with its answer; those that fail last, so that they are seen."""
    for check in sorted(found, key=lambda one: not one.holds):
        answer = "yes" if check.holds else "NO "
        numbers = f"{check.found:.5g}, must be at most {check.must:g}"
        size = f"{check.people:,} people" if check.people else "by itself"
        yield f"{answer} {size:>17}  {check.words}: {numbers}"


def as_json(sites: list[Site], found: list[Check], figures: list[Figure], *, when: str) -> dict[str, Any]:
    """Everything, for a file."""
    return {
        "when": when,
        "machine": {
            "cores": os.cpu_count(),
            "system": platform.platform(),
            "python": platform.python_version(),
        },
        "sizes": [
            {
                "people": site.people,
                "bare_page": _numbers(site.bare_measured),
                "bare_page_for_anybody": _numbers(site.plain_measured),
                "operations": {
                    operation.key: {
                        "words": operation.words,
                        **_numbers(site.pages_measured[operation.key]),
                        "times_bare_page": round(
                            site.pages_measured[operation.key].cpu_of_a_request / site.bare_measured.cpu, 2
                        ),
                        "must": operation.must,
                        "floor_sql": _numbers(site.floors_measured[operation.floor]),
                    }
                    for operation in site.operations
                },
            }
            for site in sites
        ],
        "parts": [asdict(figure) for figure in figures],
        "checks": [
            {
                "people": c.people,
                "what": c.words,
                "found": round(c.found, 3),
                "must": c.must,
                "holds": c.holds,
            }
            for c in found
        ],
    }


def _numbers(measured: Measured) -> dict[str, float]:
    count = len(measured.times)
    return {
        "journeys": count,
        "requests": measured.requests,
        "p50_ms": round(measured.p50, 3),
        "p95_ms": round(measured.p95, 3),
        "cpu_ms": round(measured.cpu, 3),
        "web_cpu_ms": round(measured.web / count, 3),
        "database_cpu_ms": round(measured.database / count, 3),
        "bytes": measured.bytes,
        "queries": measured.queries,
    }
