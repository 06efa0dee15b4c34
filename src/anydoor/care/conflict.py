"""Nobody opens their own record, that of their own address, or of somebody they declared to be near.

A member of staff declares whom they must not meet here; of what they type only keyed hashes are kept. A
record that carries one of these marks is kept from them from the moment either side is written, by whatever
door; their teams see it as before. To them it looks like a record that does not exist. What they had of it
goes to somebody else (`apart`), and the governance lead hears that there is a conflict, and no more.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Q
from django.utils.crypto import salted_hmac

from anydoor.access import audit
from anydoor.access.models import Declaration, Membership, PersonalSight, User
from anydoor.access.roles import Role
from anydoor.messages import outbox
from anydoor.people.models import ContactPoint, FamilyMember, NameKey, Person
from anydoor.rules import identifiers
from anydoor.rules.errors import BadInput, NotFound
from anydoor.rules.working_time import london_day


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
    with transaction.atomic():
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
        new = _keep_from({(by.pk, family) for family in families.values_list("family_id", flat=True)}, at)
        for _, family_id in sorted(new):
            _let_go(family_id, at)
        audit.record(action="declared", subject="user", subject_id=by.pk, by=by, at=at, why=near.kind)
    return row


def take_back(*, declaration_id: int, by: User, at: datetime) -> None:
    """A declaration was wrong or is over. What no other declaration keeps away may be seen again."""
    with transaction.atomic():
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


def mark(value: str, *, key: str | None = None) -> str:
    """The keyed hash of a comparable value."""
    return salted_hmac("anydoor.declared", value, secret=key, algorithm="sha256").hexdigest()


def _marks(values: Iterable[str]) -> list[str]:
    """The hashes under the key of today and under the older ones, so that a new key forgets nobody."""
    keys = [None, *settings.SECRET_KEY_FALLBACKS]
    return [mark(value, key=key) for value in sorted(values) for key in keys]


def values_of(person: Person, points: Iterable[ContactPoint]) -> set[str]:
    """What a record can be recognised by, in comparable form."""
    found = {f"nhs:{person.nhs_number}"} if person.nhs_number else set()
    found |= _name_and_birth(person.name, person.born_on)
    found |= _name_and_birth(person.known_as, person.born_on)
    found |= {f"contact:{point.value}" for point in points if point.ended_at is None}
    return found | _house(person.address, person.postcode)


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
    return found | _name_and_birth(near.name, near.born_on) | _house(near.address, near.postcode)


def _name_and_birth(name: str, born_on: date | None) -> set[str]:
    words = sorted(identifiers.name_keys(name))
    return {f"born:{' '.join(words)}:{born_on.isoformat()}"} if born_on and len(words) > 1 else set()


def _house(address: str, postcode: str) -> set[str]:
    """One house: the postcode with the numbers of the first line, or with all its words when it has none."""
    code = re.sub(r"\W", "", postcode).upper()
    first = re.split(r"[,\n]", address.strip())[0] if address.strip() else ""
    numbers = sorted(re.findall(r"\d+[a-z]?", " ".join(re.split(r"[,\n]", address)[:2]).casefold()))
    words = numbers or sorted(re.findall(r"\w+", first.casefold()))
    return {f"house:{code}:{' '.join(words)}"} if code and words else set()


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


# ---------------------------------------------------------------- keeping apart


def anybody_declared() -> Exists:
    """Whether anybody declared anything at all: where nobody did, nothing is compared."""
    return Exists(Declaration.objects.filter(ended_at__isnull=True))


def keep_apart(family_id: int, *, at: datetime | None) -> None:
    """Keep a family from everybody who declared somebody in it. Call it when the people in it changed.

    Without `at` it is not news to anybody.
    """
    people = Person.objects.filter(
        memberships__family=family_id, memberships__left_at__isnull=True
    ).prefetch_related("contact_points")
    values: set[str] = set()
    for one in people:
        values |= values_of(one, one.contact_points.all())
    _keep_from({(user, family_id) for user in _declared(values)}, at)


def declared_near(people: Iterable[Person], points: Sequence[ContactPoint]) -> frozenset[int]:
    """Who declared somebody of a family that begins with these people: one query, and nothing is stored."""
    values: set[str] = set()
    for one in people:
        values |= values_of(one, [point for point in points if point.person_id == one.pk])
    return _declared(values)


def keep_apart_first(family_id: int, users: Iterable[int], *, at: datetime) -> None:
    """Keep a family that has begun from those who declared somebody in it."""
    _keep_from({(user, family_id) for user in users}, at)


def kept_users(family_id: int) -> frozenset[int]:
    """From whom a family is kept."""
    rows = PersonalSight.objects.filter(family_id=family_id, why="conflict")
    return frozenset(rows.values_list("user_id", flat=True))


def check_not_kept(user: User, family_id: int, *, field: str) -> None:
    """Raise `BadInput` when somebody cannot be given this family, without a word of why."""
    if PersonalSight.objects.filter(family_id=family_id, user=user, why="conflict").exists():
        raise BadInput(f"{user.name} cannot take this on. Choose a colleague.", field=field)


def _declared(values: set[str]) -> frozenset[int]:
    if not values:
        return frozenset()
    rows = Declaration.objects.filter(ended_at__isnull=True, marks__overlap=_marks(values))
    return frozenset(rows.values_list("user_id", flat=True))


def _keep_from(pairs: set[tuple[int, int]], at: datetime | None) -> set[tuple[int, int]]:
    """Keep each family from each user (user, family). Returns which of them are new."""
    if not pairs:
        return set()
    known = PersonalSight.objects.filter(
        user__in={user for user, _ in pairs}, family_id__in={one for _, one in pairs}, why="conflict"
    )
    new = pairs - set(known.values_list("user_id", "family_id"))
    PersonalSight.objects.bulk_create(
        [
            PersonalSight(user_id=user, family_id=family, level="none", why="conflict")
            for user, family in sorted(new)
        ],
        ignore_conflicts=True,
    )
    if at is not None:
        for user_id, family_id in sorted(new):
            _raise_alert(User.objects.get(pk=user_id), family_id, at)
    return new


# ---------------------------------------------------------------- what follows


def _let_go(family_id: int, at: datetime) -> None:
    """What they had of the family goes to somebody else; `writing` sees to it when it ends."""
    from anydoor.care.record import writing  # it asks this room for everybody a family is kept from

    with writing(family_id, by=audit.CLOCK, at=at):
        pass


def _raise_alert(user: User, family_id: int, at: datetime) -> None:
    """The governance leads of their organisations hear that there is a conflict; of whom with whom, they ask.

    Where there is none, the leads of the teams hear it.
    """
    audit.record(
        action="kept_apart", subject="user", subject_id=user.pk, family_id=family_id, by=audit.CLOCK, at=at
    )
    today = london_day(at)
    theirs = Membership.objects.current(today).filter(user=user).values("team__organisation_id")
    colleagues = Membership.objects.current(today).filter(team__organisation__in=theirs, user__is_active=True)
    leads = colleagues.filter(role=Role.IG_LEAD.value).exclude(user=user)
    if not leads.exists():
        mine = Membership.objects.current(today).filter(user=user).values("team_id")
        leads = colleagues.filter(role=Role.TEAM_LEAD.value, team__in=mine).exclude(user=user)
    kept = kept_users(family_id)
    for lead in User.objects.filter(pk__in=leads.values("user_id")).exclude(pk__in=kept).order_by("pk"):
        outbox.to_staff(
            user=lead,
            subject="A conflict of interest was found",
            body=(
                f"{user.name} and one family are kept apart from now on. What {user.name} held of it, if "
                "anything, is with a colleague. Nobody did anything wrong. If you need to know more, "
                "ask them."
            ),
            template="conflict_found",
            key=f"conflict:{user.pk}:{family_id}:{lead.pk}:{at.isoformat()}",
            at=at,
        )
