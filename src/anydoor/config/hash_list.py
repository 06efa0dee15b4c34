"""A list of SHA-1 digests in a file, one a line and ordered, as the well-known list of breached passwords is.

A line is forty hexadecimal digits, and may go on with a colon and how often it was seen. The file may have
tens of gigabytes: it is never read whole, a look-up reads some seventy lines. Knows no Django.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import BinaryIO

LINE = re.compile(rb"([0-9A-Fa-f]{40})(:[0-9]{1,12})?\r?\n?")
NTLM = re.compile(rb"[0-9A-Fa-f]{32}(:[0-9]+)?\r?\n?")
LONGEST_LINE = 80
PLACES_TRIED = 16


class ListUnusable(Exception):
    """The file is no such list; the message says why, in words for whoever set it up."""


def holds(path: Path, digest: str) -> bool:
    """Whether the list has this digest. Raises `OSError` or `ListUnusable`."""
    wanted = digest.upper().encode()
    with path.open("rb") as file:
        low, high = 0, path.stat().st_size
        while low < high:
            middle = (low + high) // 2
            found = _first_from(file, middle)
            if found is None or found >= wanted:
                high = middle
            else:
                low = middle + 1
        return _first_from(file, low) == wanted


def check(path: Path) -> None:
    """Look at some places of the file, the first and last line among them. Raises `ListUnusable`."""
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            found = [_first_from(file, size * place // PLACES_TRIED) for place in range(PLACES_TRIED)]
            file.seek(max(size - LONGEST_LINE, 0))
            last = file.read().rstrip(b"\r\n").rpartition(b"\n")[2]
    except OSError as problem:
        raise ListUnusable(f"it cannot be read ({problem.strerror})") from None
    if not size:
        raise ListUnusable("it is empty")
    ordered = [one for one in (*found, _digest(last)) if one is not None]
    if ordered != sorted(ordered):
        raise ListUnusable("it is not ordered by digest")


def _first_from(file: BinaryIO, place: int) -> bytes | None:
    """The digest of the first line that begins at this byte or later; None at the end."""
    if place:
        file.seek(place - 1)
        rest = file.readline(LONGEST_LINE)
        if rest and not rest.endswith(b"\n") and len(rest) == LONGEST_LINE:
            raise ListUnusable("a line of it is too long to be a digest")
    else:
        file.seek(0)
    line = file.readline(LONGEST_LINE)
    return _digest(line) if line else None


def _digest(line: bytes) -> bytes:
    told = LINE.fullmatch(line)
    if told is not None:
        return told[1].upper()
    if NTLM.fullmatch(line):
        raise ListUnusable("it is a list of NTLM digests; the one of SHA-1 digests is needed")
    raise ListUnusable("a line of it is not forty hexadecimal digits, a colon and a number")
