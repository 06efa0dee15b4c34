"""Cells of a file that people open in a spreadsheet: always text, never a formula that runs.

Source: OWASP, CSV injection: a cell that begins with =, +, -, @, a tab or a line end may be taken for a
formula, also behind spaces. An apostrophe before it makes it text.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

BEGINS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def cell(value: object) -> str:
    """A value as one safe cell: nothing for None, a day as 2026-03-10, everything else as text."""
    if value is None:
        return ""
    text = value.isoformat() if isinstance(value, date) else str(value)
    text = text.replace("\x00", "")
    return f"'{text}" if text.lstrip(" \u00a0").startswith(BEGINS) else text


def row(values: Iterable[object]) -> list[str]:
    """A row of safe cells."""
    return [cell(value) for value in values]
