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
    "see_consent": "Looked at what was agreed",
    "see_own_work": "Looked at their team’s own work",
    "see_seal": "Looked at who may open the sealed record",
    "consent_given": "Recorded a yes to sharing",
    "consent_said_no": "Recorded a no to sharing",
    "consent_withdrawn": "Recorded a change of mind about sharing",
    "consent_ran_out": "An agreement ran out",
    "shared_without": "Shared without asking",
    "shared_without_ended": "Ended sharing without asking",
    "lawful_basis": "Recorded the lawful basis",
    "sealed": "Sealed the record",
    "seal_lifted": "Lifted the seal",
    "seal_named": "Named somebody for the sealed record",
    "seal_unnamed": "Took a name off the sealed record",
    "break_glass": "Opened the record in an emergency",
    "break_glass_ended": "Closed the record again",
    "break_glass_reviewed": "Reviewed an emergency",
    "break_glass_overdue": "Was reminded to review an emergency",
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
