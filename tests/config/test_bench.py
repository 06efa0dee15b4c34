"""Measuring: whole at a small size, honest about what is over its goal, and gone afterwards."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, cast

import psutil
import pytest
from django.conf import settings

from anydoor.config.measuring.bench import bench
from anydoor.config.measuring.browser import hidden_fields
from anydoor.config.measuring.findings import check_lines, checks
from anydoor.config.measuring.machine import Spent, connect
from anydoor.config.measuring.operations import Operation
from anydoor.config.measuring.rounds import Measured, Site
from anydoor.rules.errors import NotAllowed

SMALL = ("--people", "1000", "--rounds", "1", "--quick")


def test_a_small_county_is_measured_from_end_to_end_and_nothing_is_left(tmp_path: Path) -> None:
    file = tmp_path / "found.json"
    done = subprocess.run(
        [sys.executable, "-m", "anydoor", "bench", *SMALL, "--json", str(file)],
        capture_output=True,
        text=True,
        check=False,
        timeout=420,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "anydoor.config.settings"},
    )
    assert done.returncode in {0, 1}, done.stderr
    assert file.exists(), done.stderr
    found = json.loads(file.read_text())
    size = found["sizes"][0]
    assert size["people"] == 1000
    assert {"list", "home", "family", "number", "name", "nobody", "form", "api", "again"} <= set(
        size["operations"]
    )
    for one in (size["bare_page"], size["bare_page_for_anybody"], *size["operations"].values()):
        assert one["cpu_ms"] > 0
        assert one["p50_ms"] <= one["p95_ms"]
    assert size["operations"]["form"]["requests"] == 3 * size["operations"]["form"]["journeys"]
    assert (done.returncode == 0) is all(check["holds"] for check in found["checks"])
    with connect("postgres") as line:
        assert line.execute("SELECT 1 FROM pg_database WHERE datname = 'anydoor_bench_1000'").fetchall() == []
    left = [
        process.pid
        for process in psutil.process_iter(["cmdline", "environ"])
        if (process.info["environ"] or {}).get("ANYDOOR_BENCH_DATABASE") == "anydoor_bench_1000"
    ]
    assert left == []


def measured(cpu: float, *, journeys: int = 10, requests: int = 10, **more: int) -> Measured:
    made = Measured(times=[1.0] * journeys, requests=requests, **more)
    made.add(Spent(cpu * journeys, 0.0))
    return made


class Found:
    """A site that was measured: the bare page took 1 ms."""

    def __init__(self, people: int, **pages: Measured) -> None:
        self.people = people
        self.bare_measured = self.plain_measured = measured(1.0)
        self.pages_measured = pages
        self.operations = [
            Operation(key, key, list, key, must=20, most_bytes=45_000, most_queries=5) for key in pages
        ]


def failing(*sites: Found) -> list[str]:
    return [check.words for check in checks(cast("list[Site]", sites)) if not check.holds]


def test_what_reaches_its_goals_passes() -> None:
    assert failing(Found(10, list=measured(20.0, bytes=45_000, queries=5))) == []


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (measured(20.1), "list: times the bare page"),
        (measured(1.0, bytes=45_001), "list: bytes"),
        (measured(1.0, queries=6), "list: queries"),
    ],
)
def test_each_goal_can_be_missed(page: Measured, said: str) -> None:
    assert failing(Found(10, list=page)) == [said]


def test_a_journey_is_judged_by_its_requests() -> None:
    assert failing(Found(10, form=measured(60.0, requests=30))) == []
    assert failing(Found(10, form=measured(63.0, requests=30))) == ["form: times the bare page"]


def test_a_deep_page_and_a_larger_county_may_cost_little_more() -> None:
    deep = Found(10, list=measured(10.0), deep=measured(13.5))
    assert failing(deep) == ["deep: times “list”"]
    grown = failing(Found(1000, list=measured(15.5)), Found(10, list=measured(10.0)))
    assert grown == ["list: times the same with 10 people"]


def test_the_lines_say_yes_and_no() -> None:
    found: Any = [Found(10, list=measured(30.0, queries=5))]
    lines = list(check_lines(checks(found)))
    assert any(line.startswith("yes") and "queries" in line for line in lines)
    assert lines[-1].startswith("NO")


def test_hidden_fields_are_read_whatever_their_order() -> None:
    page = b'<input name="a" type="hidden" value="1"><input type="hidden" value="2" name="b"><input name="c">'
    assert hidden_fields(page) == {"a": "1", "b": "2"}


def test_a_production_installation_is_not_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PRODUCTION", True)
    with pytest.raises(NotAllowed):
        bench(sizes=[10], rounds=1, keep=False, at=None, said=print, done=print)  # type: ignore[arg-type]  # never used
