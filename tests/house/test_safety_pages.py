"""The table of the security standard is whole and honest, and the pages of the safety case lead somewhere."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.house.test_safety_case import is_there

from anydoor.config.asvs_page import STATUSES, draw, requirements
from anydoor.config.environ import CHECKOUT

SAFETY = CHECKOUT / "docs" / "safety"
TABLE = SAFETY / "asvs.toml"
# The levels of ASVS 5.0.0's requirements, section by section, in order: facts of the standard.
LEVELS = """
    1.1 22  1.2 1111122223  1.3 112222222223  1.4 222  1.5 123
    2.1 122  2.2 112  2.3 12223  2.4 23
    3.1 3  3.2 113  3.3 12223  3.4 11222233  3.5 11122333  3.6 3  3.7 22333
    4.1 12233  4.2 23333  4.3 22  4.4 1222
    5.1 2  5.2 112333  5.3 113  5.4 222
    6.1 122  6.2 111111112222  6.3 11223333  6.4 112233  6.5 22222333  6.6 2223  6.7 33  6.8 2222
    7.1 222  7.2 1111  7.3 22  7.4 11222  7.5 223  7.6 22
    8.1 1233  8.2 1123  8.3 133  8.4 23
    9.1 111  9.2 1222
    10.1 22  10.2 223  10.3 22223  10.4 1111122222233333  10.5 22222  10.6 22  10.7 222
    11.1 2233  11.2 22233  11.3 11233  11.4 1222  11.5 23  11.6 23  11.7 33
    12.1 12233  12.2 11  12.3 22223
    13.1 2333  13.2 222223  13.3 2233  13.4 1222233
    14.1 22  14.2 12223333  14.3 122
    15.1 12233  15.2 12233  15.3 1222222  15.4 3333
    16.1 2  16.2 22222  16.3 2222  16.4 222  16.5 2223
    17.1 23  17.2 22223333  17.3 22
"""


def published() -> Iterator[tuple[str, int]]:
    """Each requirement of the standard: its id and its level."""
    words = LEVELS.split()
    for section, levels in zip(words[::2], words[1::2], strict=True):
        for number, level in enumerate(levels, 1):
            yield f"{section}.{number}", int(level)


def test_the_standard_has_as_many_requirements_as_it_says() -> None:
    assert Counter(level for _, level in published()) == {1: 70, 2: 183, 3: 92}


def test_every_requirement_of_two_levels_is_there_once_and_one_of_the_third() -> None:
    asked = [(one, level) for one, level in published() if level < 3]
    assert len(asked) == 253
    said = [(row["id"], row["level"]) for row in requirements(TABLE)]
    assert len(said) == len(set(said))
    assert sorted(said) == sorted([*asked, ("16.3.2", 3)])


@pytest.mark.parametrize("row", requirements(TABLE), ids=lambda row: f"{row['id']}-{row['level']}")
def test_each_says_what_answers_it(row: dict[str, Any]) -> None:
    assert row["status"] in STATUSES
    assert row["asks"]
    assert [proof for proof in row.get("by", []) if not is_there(proof)] == []
    if row["status"] in {"met", "partly"}:
        assert row["by"], "nothing is met without a proof"
    if row["status"] != "met":
        assert row["note"], "what is missing, whose it is, or why it does not apply"
    assert set(row) <= {"id", "level", "asks", "status", "by", "note"}


def test_the_page_counts_at_its_top() -> None:
    top, _, rest = draw(TABLE).partition("## What is missing")
    found = Counter(row["status"] for row in requirements(TABLE) if row["level"] < 3)
    counts = [str(found[status]) for status in STATUSES]
    assert f"| Levels 1 and 2 | {' | '.join(counts)} | 253 |" in top
    for row in requirements(TABLE):
        assert f"| {row['id']} | {row['level']} | " in rest


def test_what_is_not_met_is_told_before_what_is() -> None:
    missing = draw(TABLE).partition("## What is missing")[2].partition("## V1 ")[0]
    told = re.findall(r"^- \*\*(\d+\.\d+\.\d+)", missing, re.MULTILINE)
    assert told == [row["id"] for row in requirements(TABLE) if row["status"] in {"partly", "not_yet"}]


@pytest.mark.parametrize("page", sorted(SAFETY.glob("*.md")), ids=lambda page: page.name)
def test_every_link_and_every_file_named_is_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
        if "://" not in target:
            assert (page.parent / target).exists(), target
    named = re.findall(r"`((?:src|tests|docs|scripts|deploy|requirements)/[^`\s]+)`", text)
    assert [name for name in named if not (is_there(name) or (CHECKOUT / name).is_dir())] == []


@pytest.mark.parametrize("name", ["dpia.md", "dtac.md"])
def test_a_draft_says_what_an_area_has_to_fill_in(name: str) -> None:
    text = (SAFETY / name).read_text(encoding="utf-8")
    assert "draft" in text.casefold()
    assert text.count("**To fill in:**") >= 8


def test_the_safety_case_leads_to_its_parts_and_is_led_to() -> None:
    text = (SAFETY / "README.md").read_text(encoding="utf-8")
    parts = {"hazard-log.md", "asvs.md", "dpia.md", "dtac.md", "security.md", "sbom.cdx.json"}
    assert {name for name in parts if f"({name})" in text} == parts
    assert "docs/safety/README.md" in (CHECKOUT / "SECURITY.md").read_text(encoding="utf-8")
