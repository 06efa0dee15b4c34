"""What a receiver is given of somebody's record, as lines to read: what goes along and what stays."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from anydoor.ui.words import sentence


def given_rows(shared: Mapping[str, Any], others: Sequence[str]) -> list[dict[str, Any]]:
    """Lines for `ui.given_list` from a handover's frozen `shared`; `others` are adults whose records stay."""
    stories = [row["kind"] for row in shared.get("stories", ())]
    own, worker = stories.count("own"), len([kind for kind in stories if kind in {"worker", "referrer"}])
    safety = [row for row in shared.get("instructions", ()) if row["kind"] == "safety"]
    needs = [row for row in shared.get("instructions", ()) if row["kind"] == "need"]
    parts = [
        _parts(own, "their story, in their own words"),
        _parts(worker, "what workers wrote"),
        "what this may be like for the baby" if "baby" in stories else "",
        "what keeps them safe" if safety else "",
        "what they need from us" if needs or shared.get("language") else "",
    ]
    said = sentence(parts) or "only the name: nothing else is written down yet"
    rows: list[dict[str, Any]] = [{"yes": True, "icon": "lock", "text": said[:1].upper() + said[1:]}]
    if others:
        names = sentence([f"{name}’s record" for name in others])
        rows.append({"yes": False, "text": f"Not given: {names}"})
    return rows


def _parts(count: int, words: str) -> str:
    return f"{words} ({count} parts)" if count > 1 else words if count else ""
