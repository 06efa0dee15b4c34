"""Histories of care: who holds and who may open, what an area agreed, rights over records.

The timeline, the ledger of holding, answers, drafts, messages and the audit only grow, or keep their versions
themselves; they have no history here.
"""

from __future__ import annotations

from anydoor.access.history import kept
from anydoor.care.models import (
    AccessChoice,
    AccessRequest,
    AreaSharing,
    BreakGlass,
    Erasure,
    FamilyCare,
    LegalHold,
    Objection,
    Seal,
    SealName,
    VouchedDomain,
)

FamilyCareChange = kept(FamilyCare, "family area lead lead_team is_open level sealed", whose="family")
SealChange = kept(
    Seal, "family kind words by at lifted_at lifted_by lifted_words", whose="family", giving=True
)
SealNameChange = kept(SealName, "seal user added_by at ended_at", whose="seal", giving=True)
BreakGlassChange = kept(
    BreakGlass,
    "family user kind reason at until ended_at reviewer review_due_at nudged_at reviewed_at reviewed_by "
    "outcome outcome_words",
    whose="family",
    giving=True,
)
AreaSharingChange = kept(AreaSharing, "area opt_in past_days", whose="area", giving=True)
AreaCircleChange = kept(
    AreaSharing.circle.through,
    "areasharing organisation",
    whose="areasharing",
    giving=True,
    name="AreaCircle",
)
VouchedDomainChange = kept(
    VouchedDomain, "domain area who_they_are vouched_by at ended_at", whose="area", giving=True
)
LegalHoldChange = kept(
    LegalHold, "family reason words by at until lifted_at lifted_by lifted_words", whose="family", giving=True
)
ErasureChange = kept(
    Erasure,
    "family person basis why rule asked_by asked_at state decided_by decided_at decided_words digest",
    whose="family",
    giving=True,
)
AccessRequestChange = kept(
    AccessRequest,
    "family person asked_by asked_as authority proof words asked_on due_on longer_why opened_by opened_at "
    "state closed_at closed_by closed_words digest",
    whose="family",
)
AccessChoiceChange = kept(AccessChoice, "request key of choice reason words passages by at", whose="request")
ObjectionChange = kept(
    Objection,
    "family person kind of said about words should_be said_by how by at due_on longer_why state answer "
    "now_says answered_by answered_at",
    whose="family",
)
