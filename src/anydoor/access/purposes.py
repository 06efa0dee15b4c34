"""What a look at a record is for, what each purpose opens, and what is visible of a family's record. Data."""

from __future__ import annotations

from collections.abc import Mapping

from anydoor.access.roles import WORKS_WITH_FAMILIES, Role

DIRECT_CARE = "direct_care"
EMERGENCY = "break_glass"
# Why somebody asks. Whoever works with families helps, or keeps somebody safe; the others are for rooms of
# their own, and open no record of a family by themselves.
PURPOSES: Mapping[str, str] = {
    DIRECT_CARE: "To help the family",
    "safeguarding": "To keep somebody safe",
    EMERGENCY: "In an emergency",
    "service_management": "To run the service",
    "audit": "To see that looks were right",
    "subject_access": "To answer a person who asks for their own record",
}
CARE = frozenset({DIRECT_CARE, "safeguarding", EMERGENCY})
# What a session may be for, and the roles that may say so; everybody's begins with direct care. An emergency
# is nobody's to choose: it comes with the record that was opened in one.
_LEADS = frozenset({Role.TEAM_LEAD, Role.COORDINATOR, Role.SERVICE_MANAGER})
CHOSEN_BY: Mapping[str, frozenset[Role]] = {
    "safeguarding": WORKS_WITH_FAMILIES,
    "service_management": _LEADS | {Role.COMMISSIONER, Role.ADMIN},
    "audit": frozenset({Role.IG_LEAD, Role.TEAM_LEAD}),
    "subject_access": frozenset({Role.IG_LEAD, Role.TEAM_LEAD}),
}
# Actions that serve another purpose too; all others serve care alone.
ALSO_FOR: Mapping[str, frozenset[str]] = {
    "see_home": frozenset({"service_management", "audit", "subject_access"}),
    "see_directory": frozenset({"service_management", "audit", "subject_access"}),
    "see_team": frozenset({"service_management"}),
    "see_outcomes": frozenset({"service_management"}),
    "manage_rota": frozenset({"service_management"}),
    "record_leave": frozenset({"service_management"}),
    "close_account": frozenset({"service_management"}),
    "see_access": frozenset({"service_management", "audit"}),
    "see_role_changes": frozenset({"service_management", "audit"}),
    "review_access": frozenset({"service_management", "audit"}),
    "end_sessions": frozenset({"service_management", "audit"}),
    "add_colleague": frozenset({"service_management"}),
    "give_role": frozenset({"service_management"}),
    "end_role": frozenset({"service_management", "audit"}),
    "see_changes": frozenset({"audit", "subject_access"}),
    "see_looks": frozenset({"audit", "subject_access"}),
    "see_consent": frozenset({"audit", "subject_access"}),
    "review_break_glass": frozenset({"audit"}),
    "answer_access": frozenset({"subject_access"}),
    "answer_objection": frozenset({"subject_access"}),
    "hold_legally": frozenset({"subject_access", "audit"}),
    "erase": frozenset({"subject_access", "audit"}),
    "confirm_erasure": frozenset({"subject_access", "audit"}),
    "declare": frozenset({"service_management", "audit", "subject_access"}),
    "say_purpose": frozenset({"service_management", "audit", "subject_access"}),
}
# What is visible of a family's record, from the least to the whole.
PREVIEW_FIELDS = frozenset({"first_name", "stage", "town", "needs", "why_asked", "language", "holder"})
FATE_FIELDS = frozenset({"reference", "stage_of_request", "holder_team", "reached"})
OWN_FIELDS = frozenset(
    {"name", "stage", "holder", "contact", "safety", "communication", "own_record", "fate"}
)
FULL_FIELDS = PREVIEW_FIELDS | OWN_FIELDS | frozenset({"story", "people", "timeline", "measures", "record"})
# Which fields a slice of consent stands for.
FIELDS_OF_SLICE: Mapping[str, frozenset[str]] = {
    "contact": frozenset({"contact"}),
    "needs": frozenset({"needs"}),
    "story": frozenset({"story"}),
    "measures": frozenset({"measures"}),
    "record": frozenset({"record", "timeline"}),
}
ALWAYS_SEEN = frozenset({"safety", "communication"})  # what keeps people safe is never held back
