"""The browser of the journeys: Debian's Chromium, found, or installed when we are root.

`python -m tests.chromium` is a step of `make test`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")
# As root in a small machine, and asking nobody outside for anything.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


def path() -> str | None:
    """Where the browser is; CHROMIUM may say so. None when there is none."""
    given = os.environ.get("CHROMIUM", "")
    if given:
        return given if os.access(given, os.X_OK) else None
    return next((found for found in map(shutil.which, NAMES) if found), None)


def install() -> str | None:
    """Installs it by apt; returns what stood in the way, in words, or None."""
    if shutil.which("apt-get") is None:
        return "there is no apt-get here"
    if os.geteuid() != 0:
        return "only root may install it"
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for words in (
        ["apt-get", "update", "-qq"],
        ["apt-get", "install", "-qq", "-y", "--no-install-recommends", "chromium", "fonts-liberation"],
    ):
        done = subprocess.run(words, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode:
            return (done.stderr.strip().splitlines() or ["apt-get ended with an error"])[-1]
    return None if path() else "apt-get installed it, but it is not on the path"


def main() -> int:
    if path():
        return 0
    print("Chromium is missing; installing it for the journeys.")
    problem = install()
    if problem is None:
        return 0
    print(
        f"The journeys need a Chromium and none could be installed: {problem}.\n"
        "Install the package `chromium`, or set CHROMIUM to a browser, then run make test again.",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
