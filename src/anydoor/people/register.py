"""Verbs of the register: add somebody, a way to reach them, an instruction; find who we may know already.

No transaction of their own: the verbs of `care` call them inside theirs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from anydoor.access.models import User
from anydoor.people.models import ContactPoint, Family, FamilyMember, Instruction, NameKey, Person
from anydoor.rules import identifiers


def add_person(*, at: datetime, **facts: object) -> Person:
    """A new person with the given fields, and the keys their name is found by."""
    person = Person.objects.create(created_at=at, **facts)
    index_names(person)
    return person


def index_names(person: Person) -> None:
    """Store anew the words a person is found by. Call it after a name changed."""
    wanted = {*identifiers.name_keys(person.name), *identifiers.name_keys(person.known_as)}
    stored = set(NameKey.objects.filter(person=person).values_list("key", flat=True)) if person.pk else set()
    if stored - wanted:
        NameKey.objects.filter(person=person, key__in=stored - wanted).delete()
    NameKey.objects.bulk_create(NameKey(person=person, key=key) for key in sorted(wanted - stored))


def add_to_family(
    *, family: Family, person: Person, role: str, at: datetime, apart: bool = False
) -> FamilyMember:
    """Link a person to a family in a role; the same link twice is one link."""
    member, _ = FamilyMember.objects.get_or_create(
        family=family,
        person=person,
        left_at=None,
        defaults={"role": role, "apart": apart, "joined_at": at},
    )
    return member


def add_contact_point(
    *,
    person: Person,
    contact: identifiers.Contact,
    typed: str,
    at: datetime,
    safe: str = "not_asked",
    uses: Iterable[str] = (),
    hours: str = "",
) -> ContactPoint:
    """A way to reach somebody. One already there keeps what was said of its safety, until said anew."""
    point, made = ContactPoint.objects.get_or_create(
        person=person,
        value=contact.normalised,
        ended_at=None,
        defaults={
            "kind": contact.kind,
            "typed": typed,
            "safe": safe,
            "uses": list(uses),
            "hours": hours,
            "added_at": at,
        },
    )
    if not made and safe != "not_asked":
        point.safe, point.uses, point.hours = safe, list(uses), hours
        point.save(update_fields=["safe", "uses", "hours"])
    return point


def add_instruction(
    *, person: Person, kind: str, words: str, said_by: str, recorded_by: User | None, at: datetime
) -> Instruction:
    """A sentence every worker must follow (`safety`) or a communication need (`need`)."""
    return Instruction.objects.create(
        person=person, kind=kind, words=words, said_by=said_by, recorded_by=recorded_by, at=at
    )


def known_by_nhs_number(number: str, born_on: date | None) -> Person | None:
    """The person with this NHS number and this birth date. Both, or it proves nothing."""
    if not number or born_on is None:
        return None
    return Person.objects.filter(nhs_number=number, born_on=born_on).first()


def known_by_proved_contact(value: str) -> Person | None:
    """The one person who proved this number or address by a code; None when nobody or several did."""
    people = list(
        Person.objects.filter(
            contact_points__value=value,
            contact_points__proved_at__isnull=False,
            contact_points__ended_at__isnull=True,
        ).distinct()[:2]
    )
    return people[0] if len(people) == 1 else None


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody this may be, and what speaks for it."""

    person: Person
    reasons: tuple[str, ...]


MOST_CANDIDATES = 5


def candidates(
    *, name: str, born_on: date | None, number: str, contact: str, postcode: str, but: int | None = None
) -> list[Candidate]:
    """People this may be: same NHS number, same contact point, or birth date with name or postcode.

    Three index look-ups. Never scans names. Strongest first, at most five.
    """
    reasons: dict[int, list[str]] = {}
    found: dict[int, Person] = {}

    def add(person: Person, reason: str) -> None:
        if person.pk != but:
            found[person.pk] = person
            reasons.setdefault(person.pk, []).append(reason)

    if number:
        for person in Person.objects.filter(nhs_number=number):
            add(person, "Same NHS number")
    if contact:
        for person in Person.objects.filter(
            contact_points__value=contact, contact_points__ended_at__isnull=True
        ).distinct()[:MOST_CANDIDATES]:
            add(person, "Same phone or email")
    if born_on is not None and (name or postcode):
        near = Q(name_keys__key__in=identifiers.name_keys(name)) if name else Q()
        if postcode:
            near |= Q(postcode=postcode)
        for person in Person.objects.filter(near, born_on=born_on).distinct()[: 2 * MOST_CANDIDATES]:
            if name and identifiers.loosely_same_name(name, person.name):
                add(person, "Same birth date, like name")
            elif postcode and person.postcode == postcode:
                add(person, "Same birth date and postcode")
    ranked = sorted(found.values(), key=lambda p: (-len(reasons[p.pk]), reasons[p.pk][0], p.pk))
    return [Candidate(person, tuple(reasons[person.pk])) for person in ranked[:MOST_CANDIDATES]]
