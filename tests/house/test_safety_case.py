"""The safety case names proofs that exist."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from anydoor.config.environ import CHECKOUT
from anydoor.config.safety_page import LIKELIHOODS, MATRIX, SEVERITIES, draw, hazards, risk

LOG = CHECKOUT / "docs" / "safety" / "hazards.toml"
STARTERS = {f"H{number}" for number in range(1, 16)}  # those a system of this kind must at least speak of


def is_there(proof: str) -> bool:
    """Whether `path` or `path::test` is in the checkout."""
    path, _, name = proof.partition("::")
    file = CHECKOUT / path
    if not file.is_file():
        return False
    if not name:
        return True
    found = ast.walk(ast.parse(file.read_text()))
    return any(isinstance(node, ast.FunctionDef) and node.name == name for node in found)


@pytest.mark.parametrize("hazard", hazards(LOG), ids=lambda one: one["id"])
def test_every_control_is_proved_by_a_test_that_exists(hazard: dict) -> None:
    assert hazard["controls"], hazard["id"]
    for control in hazard["controls"]:
        assert control["tests"], control["what"]
        assert [proof for proof in control["tests"] if not is_there(proof)] == []


def test_no_hazard_is_left_at_a_risk_that_must_be_reduced() -> None:
    left = {one["id"]: risk(one["severity"], one["after"]) for one in hazards(LOG)}
    assert {name for name, number in left.items() if number >= 5} == set()
    for one in hazards(LOG):
        assert risk(one["severity"], one["after"]) <= risk(one["severity"], one["before"])


def test_the_hazards_every_such_system_has_are_there_once() -> None:
    names = [one["id"] for one in hazards(LOG)]
    assert len(names) == len(set(names))
    assert set(names) >= STARTERS


def test_more_severe_or_more_likely_is_never_less_risk() -> None:
    for row in MATRIX:
        assert list(row) == sorted(row)
    for column in zip(*MATRIX, strict=True):
        assert list(column) == sorted(column)
    assert (len(MATRIX), len(MATRIX[0])) == (len(LIKELIHOODS), len(SEVERITIES))


def test_a_proof_that_is_not_there_is_seen(tmp_path: Path) -> None:
    assert not is_there("tests/nowhere.py")
    assert not is_there("tests/house/test_safety_case.py::test_nothing")
    assert "## H1 " in draw(LOG)
