"""The table of OWASP ASVS 5.0.0 as a page, made from `docs/safety/asvs.toml`."""

from __future__ import annotations

import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

STATUSES = {
    "met": "met",
    "partly": "partly",
    "not_yet": "not yet",
    "site": "the site's",
    "not_applicable": "does not apply",
}


def chapters(path: Path) -> list[dict[str, Any]]:
    """The chapters of the file, each with `number`, `name` and its `requirements`."""
    with path.open("rb") as file:
        found: list[dict[str, Any]] = tomllib.load(file)["chapter"]
    return found


def requirements(path: Path) -> list[dict[str, Any]]:
    """All requirements, in the order of the standard: id, level, asks, status, and `by` or `note` or both."""
    return [row for chapter in chapters(path) for row in chapter["requirements"]]


def draw(path: Path) -> str:
    """The table in Markdown: the counts first, what is missing next, then every chapter."""
    rows = requirements(path)
    lines = [
        "# OWASP ASVS 5.0.0, levels 1 and 2",
        "",
        "Made by `anydoor documents` from `asvs.toml`; change it there. The words on what is asked are our",
        "own and short: read the [standard](https://github.com/OWASP/ASVS/tree/v5.0.0) beside it. Tests see",
        "to it that every requirement is here once and that every proof exists. **Our own reading**, not an",
        "assessment by somebody else: a penetration test is the organisation's to commission.",
        "",
        *_counts(rows),
        "",
        "*The site's*: what the organisation that runs Anydoor does, with what we give it. *Does not apply*:",
        "there is nothing in Anydoor that the requirement speaks of.",
        "",
        "## What is missing",
        "",
        *[
            f"- **{_number(row)}** {row['asks']} ({STATUSES[row['status']]}): {row['note']}"
            for row in rows
            if row["status"] in {"partly", "not_yet"}
        ],
    ]
    for chapter in chapters(path):
        lines += [
            "",
            f"## V{chapter['number']} {chapter['name']}",
            "",
            "| | Level | Asks | Status | By |",
            "| --- | --- | --- | --- | --- |",
            *[_line(row) for row in chapter["requirements"]],
        ]
    return "\n".join(lines) + "\n"


def _counts(rows: list[dict[str, Any]]) -> list[str]:
    """How many of each level stand how; the one requirement of level 3 is a line of its own."""
    levels = sorted({row["level"] for row in rows})
    lines = [
        "| | " + " | ".join(STATUSES.values()) + " | all |",
        "| --- " * (len(STATUSES) + 2) + "|",
    ]
    for level in levels:
        found = Counter(row["status"] for row in rows if row["level"] == level)
        numbers = [str(found[status]) for status in STATUSES]
        lines.append(f"| Level {level} | {' | '.join(numbers)} | {found.total()} |")
    first_two = Counter(row["status"] for row in rows if row["level"] < 3)
    numbers = [str(first_two[status]) for status in STATUSES]
    return [*lines, f"| Levels 1 and 2 | {' | '.join(numbers)} | {first_two.total()} |"]


def _number(row: dict[str, Any]) -> str:
    return f"{row['id']} at level 3" if row["level"] == 3 else str(row["id"])


def _line(row: dict[str, Any]) -> str:
    proofs = ", ".join(f"`{proof}`" for proof in row.get("by", []))
    told = " ".join(part for part in (row.get("note", ""), proofs) if part)
    return f"| {row['id']} | {row['level']} | {row['asks']} | {STATUSES[row['status']]} | {told} |"
