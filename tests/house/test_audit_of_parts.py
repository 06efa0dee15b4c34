"""`make audit` tells a fault, a clean answer and no answer apart; no advisory service is asked here."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from anydoor.config.environ import CHECKOUT

CLEAN = {"name": "django", "version": "5.2.19", "vulns": []}
FAULT = {
    "name": "jinja2",
    "version": "3.1.1",
    "vulns": [
        {"id": "PYSEC-1", "fix_versions": ["3.1.2"], "aliases": [], "description": ""},
        {"id": "PYSEC-2", "fix_versions": [], "aliases": [], "description": ""},
    ],
}
PASSED_OVER = {"name": "anydoor", "skip_reason": "not on the index"}


def audit(folder: Path, answer: list[dict[str, Any]] | None, complaint: str = "") -> tuple[int, str]:
    """Run the script with a tool that answers so (or does not), and give its exit code and words."""
    told = None if answer is None else json.dumps({"dependencies": answer, "fixes": []})
    tool = folder / "pip-audit"
    tool.write_text(
        f"#!{sys.executable}\n"
        "import sys\n"
        f"told = {told!r}\n"
        "if told is not None:\n"
        "    open(sys.argv[sys.argv.index('--output') + 1], 'w').write(told)\n"
        f"sys.stderr.write({complaint!r})\n"
        "sys.exit(1 if told is None or 'PYSEC' in told else 0)\n"
    )
    tool.chmod(0o755)
    words = [sys.executable, str(CHECKOUT / "scripts" / "audit.py"), "--tool", str(tool)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout + done.stderr


def test_nothing_known_is_said_with_how_many_were_asked(tmp_path: Path) -> None:
    assert audit(tmp_path, [CLEAN]) == (0, "1 packages asked, 0 with a known fault, 0 not asked.\n")


def test_a_fault_is_named_with_what_mends_it(tmp_path: Path) -> None:
    code, said = audit(tmp_path, [CLEAN, FAULT])
    assert code == 1
    assert "jinja2 3.1.1: PYSEC-1; mended in 3.1.2\n" in said
    assert "jinja2 3.1.1: PYSEC-2; mended in nothing yet\n" in said
    assert "2 packages asked, 1 with a known fault" in said


@pytest.mark.parametrize("answer", [None, []], ids=["no answer", "an empty answer"])
def test_no_answer_is_never_taken_for_a_clean_one(
    tmp_path: Path, answer: list[dict[str, Any]] | None
) -> None:
    code, said = audit(tmp_path, answer, "ERROR: could not reach the service\n")
    assert code == 3
    assert "known fault" in said or "Not asked: The advisory service did not answer. ERROR: could not" in said


def test_a_package_that_was_passed_over_is_said(tmp_path: Path) -> None:
    code, said = audit(tmp_path, [CLEAN, PASSED_OVER])
    assert code == 3
    assert "anydoor: not asked (not on the index)\n" in said
    assert "1 packages asked, 0 with a known fault, 1 not asked.\n" in said


def test_a_service_that_knows_none_of_them_was_not_asked(tmp_path: Path) -> None:
    code, said = audit(tmp_path, [PASSED_OVER, {**PASSED_OVER, "name": "other"}])
    assert code == 3
    assert said.startswith("Not asked: the advisory service knows none of these packages")


def test_a_tool_that_is_not_there_is_said(tmp_path: Path) -> None:
    words = [sys.executable, str(CHECKOUT / "scripts" / "audit.py"), "--tool", str(tmp_path / "nothing")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stdout.splitlines()[0]) == (
        3,
        "Not asked: pip-audit did not answer: FileNotFoundError.",
    )


def test_neither_tests_nor_checks_ask_the_network() -> None:
    rules = (CHECKOUT / "Makefile").read_text(encoding="utf-8")
    callers = [line for line in rules.splitlines() if "scripts/audit.py" in line]
    assert callers == ["\t@$(BIN)/python scripts/audit.py"]
    assert "audit.py" not in (CHECKOUT / "scripts" / "check").read_text(encoding="utf-8")
    assert "pip-audit" not in (CHECKOUT / "requirements" / "dev.txt").read_text(encoding="utf-8")
