"""The hazard log as a page, made from `docs/safety/hazards.toml`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

SEVERITIES = ("minor", "significant", "considerable", "major", "catastrophic")
LIKELIHOODS = ("very_low", "low", "medium", "high", "very_high")
# Risk from 1 to 5, a row for each likelihood from very low, a column for each severity (DCB0129's matrix).
MATRIX = (
    (1, 1, 2, 2, 3),
    (1, 2, 2, 3, 4),
    (2, 2, 3, 3, 4),
    (2, 3, 3, 4, 5),
    (3, 4, 4, 5, 5),
)
MEANS = {
    1: "acceptable",
    2: "acceptable where it is as low as reasonably practicable",
    3: "undesirable: only where further reduction is impractical",
    4: "mandatory to reduce",
    5: "unacceptable",
}


def hazards(path: Path) -> list[dict[str, Any]]:
    """The hazards of the file, each with its `controls`. Raises `KeyError` on an unknown word."""
    with path.open("rb") as file:
        found: list[dict[str, Any]] = tomllib.load(file)["hazard"]
    return found


def risk(severity: str, likelihood: str) -> int:
    """1 (acceptable) to 5 (unacceptable). Raises `ValueError` on an unknown word."""
    return MATRIX[LIKELIHOODS.index(likelihood)][SEVERITIES.index(severity)]


def draw(path: Path) -> str:
    """The log in Markdown: an overview, then each hazard with its controls and what proves them."""
    rows = hazards(path)
    lines = [
        "# Hazard log",
        "",
        "Made by `anydoor documents` from `hazards.toml`; change it there. Every control names the tests",
        "that prove it; `tests/house/test_safety_case.py` sees to it that they exist.",
        "",
        "**A draft.** Severity and likelihood are the developers' reading. The clinical safety officer of",
        "whoever makes or uses Anydoor checks them, adds those of their own place (DCB0160), and signs.",
        "",
        "Risk: " + "; ".join(f"{number} {words}" for number, words in MEANS.items()) + ".",
        "",
        "| | Hazard | Severity | Before | After | Risk before | Risk after |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        before, after = risk(row["severity"], row["before"]), risk(row["severity"], row["after"])
        words = [row["severity"], _said(row["before"]), _said(row["after"]), str(before), str(after)]
        lines.append(f"| {row['id']} | {row['name']} | {' | '.join(words)} |")
    for row in rows:
        lines += [
            "",
            f"## {row['id']} {row['name']}",
            "",
            f"**How.** {row['how']}",
            "",
            f"**Harm.** {row['harm']}",
            "",
        ]
        for control in row["controls"]:
            proofs = ", ".join(f"`{test}`" for test in control["tests"])
            lines.append(f"- {control['what']} Proof: {proofs}.")
        lines += ["", f"**What is left.** {row['left']}"]
    return "\n".join(lines) + "\n"


def _said(word: str) -> str:
    return word.replace("_", " ")
