"""Nobody opens their own record, that of their own address, or of somebody they declared to be near.

A member of staff declares whom they must not meet here; of what they type only keyed hashes are kept. A
record that carries one of these marks is kept from them from the moment either side is written, by whatever
door; their teams see it as before. To them it looks like a record that does not exist. What they had of it
goes to somebody else (`apart`), and the governance lead hears that there is a conflict, and no more.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Q

from anydoor.access import audit, wall
from anydoor.access.models import Declaration, PersonalSight, User
from anydoor.care.kept_apart import house, keep_apart, keep_from, mark, name_and_birth, values_of
from anydoor.care.record import writing
from anydoor.people.models import FamilyMember, NameKey, Person
from anydoor.rules import identifiers
from anydoor.rules.errors import BadInput, NotFound


@dataclass(frozen=True, slots=True)
class Near:
    """Somebody a member of staff must not meet here, as typed: any part may be empty, not all of them."""

    kind: str
    words: str = ""
    nhs_number: str = ""
    name: str = ""
    born_on: date | None = None
    contact: str = ""
    address: str = ""
    postcode: str = ""


def declare(*, near: Near, by: User, at: datetime) -> Declaration:
    """Keep the marks of somebody, and keep every record that carries one from `by`, at once.

    Raises `BadInput`, pinned to its field, when nothing that can be compared was given.
    """
    told = _told(near)
    if not told:
        raise BadInput(
            "Give an NHS number, a whole name with a birth date, a private number, or an address.",
            field="nhs_number",
        )
    with wall.working():
        row = Declaration.objects.create(
            user=by,
            kind=near.kind,
            words=near.words.strip()[:120],
            marks=[mark(value) for value in sorted(told)],
            at=at,
        )
        people = Person.objects.filter(_like(near)).prefetch_related("contact_points")
        found = [one.pk for one in people if told & values_of(one, one.contact_points.all())]
        families = FamilyMember.objects.filter(person__in=found, left_at__isnull=True)
        new = keep_from({(by.pk, family) for family in families.values_list("family_id", flat=True)}, at)
        for _, family_id in sorted(new):
            # What they had of it goes to somebody else: `writing` sees to it when it ends.
            with writing(family_id, by=audit.CLOCK, at=at):
                pass
        audit.record(action="declared", subject="user", subject_id=by.pk, by=by, at=at, why=near.kind)
    return row


def take_back(*, declaration_id: int, by: User, at: datetime) -> None:
    """A declaration was wrong or is over. What no other declaration keeps away may be seen again."""
    with wall.working():
        row = Declaration.objects.filter(pk=declaration_id, user=by, ended_at__isnull=True).first()
        if row is None:
            raise NotFound("There is no such declaration.")
        row.ended_at = at
        row.save(update_fields=["ended_at"])
        kept = PersonalSight.objects.filter(user=by, why="conflict")
        families = list(kept.values_list("family_id", flat=True))
        kept.delete()
        for family_id in families:
            keep_apart(family_id, at=None)
        audit.record(action="declaration_ended", subject="user", subject_id=by.pk, by=by, at=at)


def declared_by(user: User) -> Sequence[Declaration]:
    """What somebody declared and did not take back, in the order they did."""
    return list(Declaration.objects.filter(user=user, ended_at__isnull=True).order_by("pk"))


# ---------------------------------------------------------------- marks


def _told(near: Near) -> set[str]:
    found = set()
    if near.nhs_number.strip():
        try:
            found.add(f"nhs:{identifiers.nhs_number(near.nhs_number)}")
        except BadInput as fault:
            raise BadInput(fault.message, field="nhs_number") from None
    if near.contact.strip():
        try:
            found.add(f"contact:{identifiers.contact(near.contact).normalised}")
        except BadInput as fault:
            raise BadInput(fault.message, field="contact") from None
    return found | name_and_birth(near.name, near.born_on) | house(near.address, near.postcode)


def _like(near: Near) -> Q:
    """People who may carry these marks: a wide net by indexes, looked through by `values_of`."""
    wanted = Q()
    if near.nhs_number.strip():
        wanted |= Q(nhs_number=identifiers.nhs_number(near.nhs_number))
    if near.born_on is not None and near.name.strip():
        keys = NameKey.objects.filter(key__in=identifiers.name_keys(near.name)).values("person_id")
        wanted |= Q(born_on=near.born_on, pk__in=keys)
    if near.contact.strip():
        value = identifiers.contact(near.contact).normalised
        wanted |= Q(contact_points__value=value, contact_points__ended_at__isnull=True)
    if near.postcode.strip():
        code = re.sub(r"\W", "", near.postcode).upper()
        wanted |= Q(postcode__in=[code, f"{code[:-3]} {code[-3:]}"])
    return wanted
