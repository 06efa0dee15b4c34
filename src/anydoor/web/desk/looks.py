"""The audit of one family in words: who looked or changed something, when, and why they may."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from anydoor.access.models import AuditEntry
from anydoor.ui.times import day_time

ACTION_WORDS: Mapping[str, str] = {
    "see_family": "Looked at the family's page",
    "see_everything": "Looked at the whole timeline",
    "see_person": "Looked at a person's page",
    "see_preview": "Looked at what a service sees before it answers",
    "see_handover": "Looked at a handover",
    "see_work": "Looked at a request or an episode",
    "see_triage": "Looked at a request",
    "see_outbox": "Looked at messages",
    "received": "A request was received",
    "read": "Read the request",
    "decided": "Decided what could help",
    "handover_proposed": "Asked a service to take over",
    "accepted": "Accepted a handover",
    "declined": "Proposed another way",
    "introduced": "Introduced the family",
    "introduction_planned": "Planned an introduction",
    "first_contact": "Recorded the first contact",
    "withdrawn": "Took a handover back",
    "holder_moved": "Moved who holds",
    "amended": "Corrected something",
    "safety_asked": "Recorded what is safe",
    "instruction_added": "Added an instruction",
    "instruction_ended": "Ended an instruction",
    "story_added": "Added to the story",
    "ended": "Ended something",
    "reopened": "Opened a request again",
}


def look_rows(entries: Iterable[AuditEntry], at: datetime) -> list[dict[str, Any]]:
    """Rows for the page; an action without words of its own is shown by its name made readable."""
    return [
        {
            "when": day_time(row.at, at),
            "who": row.actor,
            "what": ACTION_WORDS.get(row.action, row.action.replace("_", " ").capitalize()),
            "why": f"Because {row.why}" if row.why else "",
            "looked": row.action.startswith("see_"),
        }
        for row in entries
    ]
