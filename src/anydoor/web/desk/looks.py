"""The audit of one family in words: who looked or changed something, when, and why they may."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from anydoor.access import audit
from anydoor.access.models import AuditEntry
from anydoor.access.purposes import DIRECT_CARE, PURPOSES
from anydoor.ui.times import day_time

SAID_TO_THEM = re.compile(r"\b(you|your)\b")
EMERGENCY = "opened in an emergency."
ACTION_WORDS: Mapping[str, str] = {
    "see_family": "Looked at the family's page",
    "see_looks": "Looked at who looked",
    "referral_status": "Asked what became of a request",
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
    "see_emergency": "Looked at why it was opened in an emergency, and at what was done then",
    "break_glass_reviewed": "Reviewed an emergency",
    "break_glass_overdue": "Was reminded to review an emergency",
}


def look_rows(entries: Iterable[AuditEntry], at: datetime) -> list[dict[str, Any]]:
    """Rows for the page; an action without words of its own is shown by its name made readable."""
    return [_look(row, at) if row.allowed else _refused(row, at) for row in entries]


def _look(row: AuditEntry, at: datetime) -> dict[str, Any]:
    why = of_them(row.why)
    return {
        "when": day_time(row.at, at),
        "who": row.actor,
        "what": what_words(row),
        "why": f"Because {why}" if why[:1].islower() else why,
        "purpose": purpose_words(row),
        "looked": row.action.startswith("see_"),
        "refused": False,
    }


def of_them(why: str) -> str:
    """Why somebody saw it, which was said to them, as it is read by others beside their name."""
    if why.startswith(EMERGENCY):
        why = why.removeprefix(EMERGENCY).strip() or "you opened it in an emergency"
    return SAID_TO_THEM.sub(lambda found: "their" if found[0] == "your" else "they", why)


def purpose_words(row: AuditEntry) -> str:
    """What it was for, where that was not simply to help them."""
    words = PURPOSES.get(row.purpose, "") if row.purpose != DIRECT_CARE else ""
    return f"{words[:1].lower()}{words[1:]}"


def what_words(row: AuditEntry) -> str:
    return ACTION_WORDS.get(row.action, row.action.replace("_", " ").capitalize())


def _refused(row: AuditEntry, at: datetime) -> dict[str, Any]:
    """An attempt that was not let in: what for, and the reason in plain words; never what would be hidden."""
    tried = f"look at {THINGS.get(row.subject, 'this')}" if row.action.startswith("see_") else ""
    tried = tried or TRIED.get(row.action, row.action.replace("_", " "))
    return {
        **_look(row, at),
        "what": f"Tried to {tried}",
        "why": WHY_REFUSED.get(audit.rule_of(row), "This was not theirs to do"),
        "looked": False,
        "refused": True,
    }


THINGS: Mapping[str, str] = {
    "family": "the family's page",
    "person": "a person's page",
    "child": "a child's page",
    "referral": "a request",
    "episode": "an episode",
    "handover": "a handover",
    "wait": "something that waits",
    "contact": "a contact",
    "measure": "somebody's answers",
    "alert": "a signal of danger",
    "asked": "a request for a record",
}
TRIED: Mapping[str, str] = {
    "referral_status": "ask what became of a request",
    "answer_access": "open the record for a request",
    "hold_legally": "hold the record",
    "erase": "have the record erased",
    "confirm_erasure": "decide on an erasure",
}
# Why somebody was not let in, by the rule of the policy. Whose record is sealed to whom, and who is near to
# whom, is told to nobody here.
WHY_REFUSED: Mapping[str, str] = {
    **dict.fromkeys(
        ("sees_family", "sees_own_work", "sees_preview", "works_with_family"),
        "Their team does not work with this family",
    ),
    "wrong_purpose": "They worked for something else then",
    "not_there": "There was nothing by the number they asked for",
    "own_referral": "Another team sent the request",
}
