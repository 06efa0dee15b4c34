"""From whom a family is kept: marks of people compared with marks that were declared (`conflict`).

A mark is a keyed hash of something comparable: an NHS number, a name with a birth date, a number, a house.
Everybody whose declaration carries a mark of somebody in a family is kept from that family.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime

from django.conf import settings
from django.db.models import Exists
from django.utils.crypto import salted_hmac

from anydoor.access import audit
from anydoor.access.models import Declaration, Membership, PersonalSight, User
from anydoor.access.roles import Role
from anydoor.messages import outbox
from anydoor.people.models import ContactPoint, Person
from anydoor.rules import identifiers
from anydoor.rules.errors import BadInput
from anydoor.rules.working_time import london_day

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
    found |= name_and_birth(person.name, person.born_on)
    found |= name_and_birth(person.known_as, person.born_on)
    found |= {f"contact:{point.value}" for point in points if point.ended_at is None}
    return found | house(person.address, person.postcode)


def name_and_birth(name: str, born_on: date | None) -> set[str]:
    words = sorted(identifiers.name_keys(name))
    return {f"born:{' '.join(words)}:{born_on.isoformat()}"} if born_on and len(words) > 1 else set()


def house(address: str, postcode: str) -> set[str]:
    """One house: the postcode with the numbers of the first line, or with all its words when it has none."""
    code = re.sub(r"\W", "", postcode).upper()
    first = re.split(r"[,\n]", address.strip())[0] if address.strip() else ""
    numbers = sorted(re.findall(r"\d+[a-z]?", " ".join(re.split(r"[,\n]", address)[:2]).casefold()))
    words = numbers or sorted(re.findall(r"\w+", first.casefold()))
    return {f"house:{code}:{' '.join(words)}"} if code and words else set()


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
    keep_from({(user, family_id) for user in _declared(values)}, at)


def declared_near(people: Iterable[Person], points: Sequence[ContactPoint]) -> frozenset[int]:
    """Who declared somebody of a family that begins with these people: one query, and nothing is stored."""
    values: set[str] = set()
    for one in people:
        values |= values_of(one, [point for point in points if point.person_id == one.pk])
    return _declared(values)


def keep_apart_first(family_id: int, users: Iterable[int], *, at: datetime) -> None:
    """Keep a family that has begun from those who declared somebody in it."""
    keep_from({(user, family_id) for user in users}, at)


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


def keep_from(pairs: set[tuple[int, int]], at: datetime | None) -> set[tuple[int, int]]:
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
