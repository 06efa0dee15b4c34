"""A child process that must not outlive its parent."""

from __future__ import annotations

import ctypes
import os
import signal
import sys

PARENT = "ANYDOOR_PARENT"
_PR_SET_PDEATHSIG = 1


def end_with_parent() -> None:
    """Asks Linux to end this process when the `anydoor up` that started it is gone, even by `kill -9`."""
    parent = os.environ.get(PARENT)
    if parent is None or not sys.platform.startswith("linux"):
        return
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        sys.exit(0)  # it was gone before we could ask
