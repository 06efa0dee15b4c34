# ruff: noqa: INP001  # a file to run, not a package to import
"""Ask the advisory service of PyPI whether anything we pin has a known fault: `make audit`.

    python scripts/audit.py [--tool PROGRAM] [--of FILE]

The asking is done by pip-audit, which lives in an environment of its own (`.venv/audit`), so that neither
running nor testing Anydoor needs it. It needs a network. Ends with

    0  asked, and nothing known is wrong
    1  asked, and something is: each package, its fault, and the version that mends it
    3  could not be asked: this says nothing about the packages
"""

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
HOUSE = ROOT / ".venv" / "audit"
SECONDS = 600


class NotAsked(Exception):
    """The advisory service could not be asked; the message says why in one sentence."""


def tool() -> Path:
    """The path of pip-audit, installed from its hashed pins if it is not there yet. Raises `NotAsked`."""
    program = HOUSE / "bin" / "pip-audit"
    if program.is_file():
        return program
    venv.create(HOUSE, with_pip=True, clear=True)
    words = [str(HOUSE / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    words += ["--require-hashes", "-r", str(ROOT / "requirements" / "audit.txt")]
    done = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, check=False)
    if done.returncode:
        raise NotAsked(f"pip-audit could not be installed. {_last(done.stderr)}")
    return program


def ask(program: Path, pins: Path) -> list[dict[str, object]]:
    """Every pinned package as the service answers: name, version, vulns. Raises `NotAsked`."""
    with tempfile.TemporaryDirectory() as folder:
        answer = Path(folder) / "answer.json"
        words = [str(program), "--requirement", str(pins), "--require-hashes", "--disable-pip"]
        words += ["--progress-spinner", "off", "--format", "json", "--output", str(answer)]
        try:
            done = subprocess.run(words, capture_output=True, text=True, timeout=SECONDS, check=False)
        except (OSError, subprocess.TimeoutExpired) as problem:
            raise NotAsked(f"pip-audit did not answer: {type(problem).__name__}.") from None
        try:
            found: list[dict[str, object]] = json.loads(answer.read_text(encoding="utf-8"))["dependencies"]
        except (OSError, ValueError, KeyError):
            raise NotAsked(f"The advisory service did not answer. {_last(done.stderr)}") from None
    return found


def _last(said: str) -> str:
    """The last line of what a program complained of."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    return lines[-1][:300] if lines else ""


def main() -> int:
    parser = argparse.ArgumentParser(description="Whether anything we pin has a known fault.")
    parser.add_argument("--tool", type=Path, help="a pip-audit that is there already")
    parser.add_argument(
        "--of", type=Path, default=ROOT / "requirements" / "run.txt", help="the pins to ask of"
    )
    chosen = parser.parse_args()
    try:
        packages = ask(chosen.tool or tool(), chosen.of)
    except NotAsked as problem:
        print(f"Not asked: {problem}\nThis says nothing about the packages. Try again with a network.")
        return 3
    if packages and all("skip_reason" in package for package in packages):
        print(
            "Not asked: the advisory service knows none of these packages, or is a mirror that does not tell."
        )
        print("This says nothing about the packages.")
        return 3
    passed_over = [package for package in packages if "skip_reason" in package]
    faulty = [package for package in packages if package.get("vulns")]
    for package in faulty:
        for fault in package["vulns"]:  # type: ignore[attr-defined]  # a list, as pip-audit's own format says
            mended = ", ".join(fault.get("fix_versions") or []) or "nothing yet"
            print(f"{package['name']} {package['version']}: {fault['id']}; mended in {mended}")
    for package in passed_over:
        print(f"{package['name']}: not asked ({package['skip_reason']})")
    asked = len(packages) - len(passed_over)
    print(f"{asked} packages asked, {len(faulty)} with a known fault, {len(passed_over)} not asked.")
    if faulty:
        return 1
    return 3 if passed_over or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
