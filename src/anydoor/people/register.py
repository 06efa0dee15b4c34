"""Verbs of the register: add somebody, a way to reach them, an instruction; find who we may know already.

No transaction of their own: the verbs of `care` call them inside theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from anydoor.access.models import User
from anydoor.people.models import ContactPoint, Family, FamilyMember, Instruction, NameKey, Person
from anydoor.rules import identifiers


def add_person(*, at: datetime, **facts: object) -> Person:
    """A new person with the given fields, and the keys their name is found by."""
    person = Person(created_at=at, **facts)
    add_people([person])
    return person


def add_people(people: Sequence[Person]) -> None:
    """Store new people, and the keys their names are found by."""
    Person.objects.bulk_create(people)
    NameKey.objects.bulk_create(row for person in people for row in name_rows(person))


def name_rows(person: Person) -> list[NameKey]:
    """The keys a person's name is found by, not stored yet. The person has a key."""
    return [NameKey(person=person, key=key) for key in sorted(_keys_of(person))]


def _keys_of(person: Person) -> set[str]:
    return {*identifiers.name_keys(person.name), *identifiers.name_keys(person.known_as)}


def index_names(person: Person) -> None:
    """Store anew the words a person is found by. Call it after a name changed."""
    wanted = _keys_of(person)
    stored = set(NameKey.objects.filter(person=person).values_list("key", flat=True))
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


def contact_point(
    *,
    person: Person,
    contact: identifiers.Contact,
    typed: str,
    at: datetime,
    safe: str = "not_asked",
    uses: Iterable[str] = (),
    hours: str = "",
) -> ContactPoint:
    """A way to reach somebody, not stored yet."""
    return ContactPoint(
        person=person,
        kind=contact.kind,
        typed=typed,
        value=contact.normalised,
        safe=safe,
        uses=list(uses),
        hours=hours,
        added_at=at,
    )


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
    return keep_contact_point(
        contact_point(person=person, contact=contact, typed=typed, at=at, safe=safe, uses=uses, hours=hours)
    )


def keep_contact_point(new: ContactPoint, *, asked_again: bool = True) -> ContactPoint:
    """Store `new`, or take what it says of safety over to the same one that is there already.

    What was said to be unsafe stays so unless a person `asked_again`: whoever knows an NHS number and a
    birth date, or sends a file, must not open the way to a number that somebody else may hold.
    """
    point, made = ContactPoint.objects.get_or_create(
        person=new.person,
        value=new.value,
        ended_at=None,
        defaults={
            "kind": new.kind,
            "typed": new.typed,
            "safe": new.safe,
            "uses": new.uses,
            "hours": new.hours,
            "added_at": new.added_at,
        },
    )
    loosens = point.safe == "no" and new.safe == "yes"
    if not made and new.safe != "not_asked" and (asked_again or not loosens):
        point.safe, point.uses, point.hours = new.safe, new.uses, new.hours
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


# One look-up of each kind on its own index; every branch is bounded. Names are never scanned.
CANDIDATES = """
SELECT id, 'number' FROM people_person WHERE nhs_number = %(number)s
UNION ALL
(SELECT DISTINCT person_id, 'contact' FROM people_contactpoint
  WHERE value = %(contact)s AND ended_at IS NULL ORDER BY person_id LIMIT %(most)s)
UNION ALL
(SELECT id, 'born' FROM people_person AS p
  WHERE born_on = %(born_on)s AND (
    postcode = %(postcode)s
    OR EXISTS (SELECT 1 FROM people_namekey AS k WHERE k.person_id = p.id AND k.key = ANY(%(keys)s::text[])))
  ORDER BY (postcode = %(postcode)s) DESC NULLS LAST, id LIMIT 4 * %(most)s)
"""


def candidates(
    *, name: str, born_on: date | None, number: str, contact: str, postcode: str
) -> list[Candidate]:
    """People this may be: same NHS number, same contact point, or birth date with name or postcode.

    Strongest first, at most five. One query when nobody is like them.
    """
    place = None if not postcode or identifiers.says_no_place(postcode) else postcode
    with connection.cursor() as cursor:
        cursor.execute(
            CANDIDATES,
            {
                "number": number or None,
                "contact": contact or None,
                "born_on": born_on,
                "postcode": place,
                "keys": list(identifiers.name_keys(name)),
                "most": MOST_CANDIDATES,
            },
        )
        found = cursor.fetchall()
    if not found:
        return []
    people = Person.objects.in_bulk({pk for pk, _ in found})
    reasons: dict[int, list[str]] = {}
    for pk, how in found:
        reason = {"number": "Same NHS number", "contact": "Same phone or email"}.get(how)
        if reason is None and name and identifiers.loosely_same_name(name, people[pk].name):
            reason = "Same birth date, like name"
        elif reason is None and place and people[pk].postcode == place:
            reason = "Same birth date and postcode"
        if reason is not None:
            reasons.setdefault(pk, []).append(reason)
    ranked = sorted(reasons, key=lambda pk: (-len(reasons[pk]), reasons[pk][0], pk))
    return [Candidate(people[pk], tuple(reasons[pk])) for pk in ranked[:MOST_CANDIDATES]]
