"""Histories of people: who somebody is, how it is safe to reach them, what they said of sharing."""

from __future__ import annotations

from anydoor.access.history import kept
from anydoor.people.models import (
    Consent,
    ContactPoint,
    Family,
    FamilyMember,
    Instruction,
    LawfulBasis,
    Person,
    SharedWithout,
)

PersonChange = kept(
    Person,
    "name known_as nhs_number born_on due_on lost_on loss_kind language interpreter care_leaver gp_practice "
    "address_kind address postcode district_code",
)
ContactPointChange = kept(
    ContactPoint, "person kind typed value safe uses hours proved_at added_at ended_at", whose="person"
)
InstructionChange = kept(Instruction, "person kind words said_by recorded_by at ended_at", whose="person")
FamilyChange = kept(Family, "trying_to_conceive assisted_conception chosen_lead")
FamilyMemberChange = kept(FamilyMember, "family person role apart joined_at left_at", whose="family")
ConsentChange = kept(
    Consent,
    "person family purpose breadth organisation service_id to_words slices state given_by given_as how words "
    "at until judged_by judged_words recorded_by recorded_at ended_at ended_by ended_words",
    whose="family",
)
SharedWithoutChange = kept(
    SharedWithout,
    "person family breadth organisation service_id to_words authority reason decided_with family_told at "
    "until recorded_by ended_at",
    whose="family",
    giving=True,
)
LawfulBasisChange = kept(
    LawfulBasis, "family organisation article_6 article_9 words recorded_by at ended_at", whose="family"
)
