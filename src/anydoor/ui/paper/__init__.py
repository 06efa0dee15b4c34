"""Sheets to print, as PDF: a Typst page beside this file, plain values in, bytes out.

The typeface is Arimo (SIL Open Font License 1.1, `fonts/LICENSE.txt`), as wide as Arial letter by letter, so
that paper and screen break their lines alike. Nothing is fetched: no package, no font of the machine.
"""

from __future__ import annotations

import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import typst

HERE = Path(str(resources.files(__name__)))


@cache
def _compiler(sheet: str) -> typst.Compiler:
    return typst.Compiler(
        HERE / f"{sheet}.typ",
        root=HERE,
        font_paths=[HERE / "fonts"],
        ignore_system_fonts=True,
        package_path=HERE / "no-packages",
        package_cache_path=HERE / "no-packages",
    )


def pdf(sheet: str, values: dict[str, Any]) -> bytes:
    """The sheet of that name, filled. What people typed stays text: it is never read as Typst."""
    made = _compiler(sheet).compile(
        format="pdf", sys_inputs={"values": json.dumps(values)}, pdf_standards=["ua-1"]
    )
    assert isinstance(made, bytes)  # a list only when asked for pictures of several pages
    return made
