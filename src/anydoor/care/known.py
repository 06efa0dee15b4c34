"""Somebody a signed-in colleague may know already, told at the start: only people they may see anyway."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from anydoor.access.policy import Standing, may
from anydoor.care.scope import people_for
from anydoor.people import register
from anydoor.people.models import FamilyMember, Person


@dataclass(frozen=True, slots=True)
class Known:
    """A person this may be, the family to open, and what speaks for it."""

    person: Person
    family_id: int
    reasons: tuple[str, ...]


def known_to(
    who: Standing,
    *,
    name: str = "",
    born_on: date | None = None,
    number: str = "",
    contact: str = "",
    postcode: str = "",
) -> list[Known]:
    """People this may be, strongest first, out of those `who` may see. Empty when `who` may not search.

    `number` and `contact` in comparable form, as `rules.identifiers` makes them.
    """
    if not may(who, "search_people"):
        return []
    found = register.candidates(name=name, born_on=born_on, number=number, contact=contact, postcode=postcode)
    seen = set(people_for(who).filter(pk__in=[one.person.pk for one in found]).values_list("pk", flat=True))
    families = dict(
        FamilyMember.objects.filter(person_id__in=seen, left_at__isnull=True)
        .order_by("joined_at", "pk")
        .values_list("person_id", "family_id")
    )
    return [
        Known(one.person, families[one.person.pk], one.reasons) for one in found if one.person.pk in families
    ]
