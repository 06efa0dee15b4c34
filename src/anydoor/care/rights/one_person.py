"""What is one person's of a family's record, table by table: erased without touching what is another's.

Every table of `columns.FATES` is either found here by the person it is about, or named as the family's own;
a test fails for one that is neither.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, Q
from django.db.models.functions import Coalesce

from anydoor.access.history import PersonalSightChange
from anydoor.access.models import PersonalSight
from anydoor.care import history as care_history
from anydoor.care import models as care
from anydoor.care.rights.columns import AT_ERASURE, Fate, Reach
from anydoor.messages.models import OutboxMessage
from anydoor.people import history as people_history
from anydoor.people import models as people
from anydoor.rules import identifiers


@dataclass(frozen=True, slots=True)
class PersonReach(Reach):
    """The reach of an erasure of one person's part. `names`: words of their name, of nobody else's there."""

    person_id: int
    names: frozenset[str]


# By which columns a row is about one person. Those with `person`, and of people themselves, need no line.
ABOUT: Mapping[type[Model], tuple[str, ...]] = {
    care.AccessChoice: ("request__person",),
    care_history.AccessChoiceChange: ("request",),
    care.ApiReceipt: ("referral__person",),
    care.Decision: ("referral__person",),
    care.GoalRating: ("goal__person",),
    care.Grounds: ("decision__referral__person",),
    care.Holding: ("referral__person", "episode__person"),
    care.Offer: ("referral__person",),
    care.PartnerAssessment: ("partner",),
    care.PossibleMatch: ("referral__person", "candidate"),
    care.ScheduledChild: ("child",),
    care.ScheduledContact: ("child",),
    care.Wait: (
        "referral__person", "episode__person", "handover__person", "contact__person", "alert__person",
        "objection__person", "access_request__person",
    ),
}  # fmt: skip
# What is the family's as a whole, and stays while another of them is there.
OF_THE_FAMILY: frozenset[type[Model]] = frozenset(
    {
        care.BreakGlass,
        care.Erasure,
        care.FamilyCare,
        care.LegalHold,
        care.Seal,
        care.SealName,
        care.Sight,
        care_history.BreakGlassChange,
        care_history.ErasureChange,
        care_history.FamilyCareChange,
        care_history.LegalHoldChange,
        care_history.SealChange,
        care_history.SealNameChange,
        people.Family,
        people.LawfulBasis,
        people_history.FamilyChange,
        people_history.LawfulBasisChange,
        PersonalSight,
        PersonalSightChange,
    }
)
# In columns that are emptied of one person alone, beside those of the whole family.
MORE_EMPTIED: Mapping[type[Model], Mapping[str, Any]] = {people.FamilyMember: {"left_at": AT_ERASURE}}


def rows_of(fate: Fate, whose: PersonReach) -> Q | None:
    """The condition that finds the rows of one person's part in a table; None for what is the family's."""
    model, person = fate.model, whose.person_id
    if model in OF_THE_FAMILY:
        return None
    if fate.reach.startswith("people:") or fate.reach == "references":
        return fate.rows_of(whose)
    if model is care_history.AccessChoiceChange:
        mine = care.AccessRequest.objects.filter(family=whose.family_id, person=person)
        return Q(request__in=mine.values("pk"))
    if model is care.Happening:
        return Q(pk__in=_happenings(whose))
    if model is care.Contact:
        nobody = Q(person__isnull=True) & (Q(referral__person=person) | Q(episode__person=person))
        return Q(family=whose.family_id) & (Q(person=person) | nobody)
    if model is OutboxMessage:
        return Q(family=whose.family_id) & (Q(person=person) | Q(pk__in=_messages(whose)))
    if model in ABOUT:
        found = Q()
        for column in ABOUT[model]:
            found |= Q(**{column: person})
        # Found now: what a row is about may be taken away before the row itself is emptied.
        rows = model._default_manager.filter(found & fate.rows_of(whose))
        return Q(pk__in=list(rows.values_list("pk", flat=True)))
    return Q(person=person) & fate.rows_of(whose)


def is_decided(fate: Fate) -> bool:
    """Whether it is said here, or plain from its columns, what of a table is one person's."""
    plain = fate.reach.startswith("people:") or fate.reach == "references"
    columns = {one.name for one in fate.model._meta.concrete_fields}
    special = {care.Happening, OutboxMessage}
    return fate.model in OF_THE_FAMILY or plain or fate.model in special | set(ABOUT) or "person" in columns


def _happenings(whose: PersonReach) -> list[int]:
    """Rows of the timeline that are about them; and those about nobody that name them."""
    rows = care.Happening.objects.filter(family=whose.family_id).annotate(
        about=Coalesce(
            "contact__person_id", "handover__person_id", "episode__person_id", "referral__person_id"
        )
    )
    found = []
    for pk, about, headline, words, facts in rows.values_list("pk", "about", "headline", "words", "facts"):
        named = facts.get("person") or facts.get("baby")
        if (about or named) == whose.person_id or (
            about is None and named is None and _names(whose, f"{headline} {words}")
        ):
            found.append(pk)
    return found


def _messages(whose: PersonReach) -> list[int]:
    """Messages to colleagues that name them."""
    rows = OutboxMessage.objects.filter(family=whose.family_id, person__isnull=True)
    return [
        pk
        for pk, subject, body, address in rows.values_list("pk", "subject", "body", "address")
        if _names(whose, f"{subject} {body} {address}")
    ]


def _names(whose: PersonReach, text: str) -> bool:
    return bool(whose.names & set(identifiers.name_keys(text)))


def emptied_of(fate: Fate) -> dict[str, Any]:
    """What of a row is emptied when one person's part is erased."""
    return {**fate.emptied, **MORE_EMPTIED.get(fate.model, {})}
