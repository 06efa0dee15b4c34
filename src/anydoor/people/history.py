"""Histories of people: who somebody is, how it is safe to reach them, what they said of sharing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from anydoor.access import changes
from anydoor.access.history import KEPT, kept
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

MOST = 1_000  # changes of one person that are looked through
NOTHING: tuple[Any, ...] = (None, "", "not_asked")  # nobody had said it yet

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


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a fact of somebody said until it was changed: by whom, when and why, if the audit knows."""

    value: Any
    until: datetime
    by: str = ""
    why: str = ""


def before(person: Person, field: str) -> list[Earlier]:
    """What this fact of a person said before, newest first; empty when it was never changed.

    `field` is the name of a column of `Person` that has a history. Raises `KeyError` for any other.
    """
    if field not in KEPT[Person].fields:
        raise KeyError(field)
    found = [
        one
        for one in changes.read([(Person, "id", [person.pk])], most=MOST)
        if field in one.before and one.before[field] not in NOTHING
    ]
    did = changes.who_did(found)
    return [
        Earlier(
            one.before[field],
            until=did[one.number].at if one.number in did else one.written_at,
            by=did[one.number].actor if one.number in did else "",
            why=did[one.number].why if one.number in did else "",
        )
        for one in found
    ]
