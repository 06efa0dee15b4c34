"""The heart's tables, split by noun. Import from here: `from anydoor.care.models import Referral`."""

from anydoor.care.models.episode import Contact, Episode
from anydoor.care.models.goal import Goal, GoalRating
from anydoor.care.models.grounds import Grounds
from anydoor.care.models.handover import Handover, Meeting
from anydoor.care.models.measure import (
    LocalValues,
    Measure,
    MeasureAlert,
    MeasureLink,
    WordingPack,
)
from anydoor.care.models.own_page import OwnPageLink
from anydoor.care.models.partner import PartnerAssessment
from anydoor.care.models.record import (
    Draft,
    FamilyCare,
    Happening,
    Holding,
    Sight,
    Story,
    Wait,
)
from anydoor.care.models.referral import (
    ApiReceipt,
    Decision,
    Offer,
    PossibleMatch,
    Referral,
)
from anydoor.care.models.referrer import ReferrerCode, VouchedDomain
from anydoor.care.models.rights import AccessChoice, AccessRequest, Erasure, LegalHold, Objection
from anydoor.care.models.schedule import ScheduledChild, ScheduledContact
from anydoor.care.models.sealing import AreaSharing, BreakGlass, Seal, SealName

__all__ = [
    "AccessChoice",
    "AccessRequest",
    "ApiReceipt",
    "AreaSharing",
    "BreakGlass",
    "Contact",
    "Decision",
    "Draft",
    "Episode",
    "Erasure",
    "FamilyCare",
    "Goal",
    "GoalRating",
    "Grounds",
    "Handover",
    "Happening",
    "Holding",
    "LegalHold",
    "LocalValues",
    "Measure",
    "MeasureAlert",
    "MeasureLink",
    "Meeting",
    "Objection",
    "Offer",
    "OwnPageLink",
    "PartnerAssessment",
    "PossibleMatch",
    "Referral",
    "ReferrerCode",
    "ScheduledChild",
    "ScheduledContact",
    "Seal",
    "SealName",
    "Sight",
    "Story",
    "VouchedDomain",
    "Wait",
    "WordingPack",
]
