"""People around a pregnancy, a baby or a loss; the families that link them; how it is safe to reach them.

Each parent has a record of their own. A family is a link between records, not a shared record.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now

from anydoor.access.models import User
from anydoor.people.consent import Consent, LawfulBasis, SharedWithout

__all__ = [  # Django looks for the tables of a room here
    "Consent",
    "ContactPoint",
    "Family",
    "FamilyMember",
    "Instruction",
    "LawfulBasis",
    "NameKey",
    "Person",
    "SharedWithout",
]

ROLES_IN_FAMILY = {
    "mother": "mother",
    "father": "father",
    "co_parent": "co-parent",
    "carer": "carer",
    "baby": "baby",
    "child": "child",
    "other": "other",
}
ADULT_ROLES = frozenset({"mother", "father", "co_parent", "carer", "other"})
LOSS_KINDS = {
    "miscarriage": "Miscarriage",
    "stillbirth": "Stillbirth",
    "neonatal_death": "Death of a newborn baby",
    "death_later": "Death of a baby or child",
    "termination": "Ending a pregnancy",
    "not_said": "A loss, not said more closely",
}
SAFE = {"yes": "Safe to use", "no": "Not safe", "not_asked": "Not asked yet"}
USES = {
    "call": "Call",
    "text": "Text",
    "voicemail": "Leave a message",
    "email": "Email",
    "letter": "Letter",
}
CONTACT_KINDS = {
    "mobile": "Mobile",
    "landline": "Landline",
    "foreign": "Phone abroad",
    "email": "Email",
}
ADDRESS_KINDS = {
    "not_asked": "Not asked",
    "usual": "Usual address",
    "no_fixed_abode": "No fixed address",
    "refuge": "Refuge, address kept back",
    "staying": "Staying with somebody",
}
YES_NO_ASKED = {"yes": "Yes", "no": "No", "not_asked": "Not asked"}


def _choices(words: dict[str, str]) -> list[tuple[str, str]]:
    return list(words.items())


def family_roles() -> list[tuple[str, str]]:
    return _choices(ROLES_IN_FAMILY)


def loss_kinds() -> list[tuple[str, str]]:
    return _choices(LOSS_KINDS)


def safe_choices() -> list[tuple[str, str]]:
    return _choices(SAFE)


def contact_kinds() -> list[tuple[str, str]]:
    return _choices(CONTACT_KINDS)


def address_kinds() -> list[tuple[str, str]]:
    return _choices(ADDRESS_KINDS)


def yes_no_asked() -> list[tuple[str, str]]:
    return _choices(YES_NO_ASKED)


class Person(models.Model):
    """Somebody with a record of their own: a parent, a carer, a child, a baby not yet born.

    `name` is kept exactly as typed. `due_on` marks a baby expected; `born_on` a birth; `lost_on` with
    `loss_kind` a loss. The NHS number is unique and carries its check digit (both in the database).
    """

    name = models.CharField(max_length=200, blank=True, default="")
    known_as = models.CharField(max_length=100, blank=True, default="")
    nhs_number = models.CharField(max_length=10, null=True, blank=True, unique=True)
    born_on = models.DateField(null=True, blank=True)
    due_on = models.DateField(null=True, blank=True)
    lost_on = models.DateField(null=True, blank=True)
    loss_kind = models.CharField(max_length=20, blank=True, default="", choices=loss_kinds)
    language = models.CharField(max_length=60, blank=True, default="")
    interpreter = models.CharField(max_length=10, default="not_asked", choices=yes_no_asked)
    care_leaver = models.CharField(max_length=10, default="not_asked", choices=yes_no_asked)
    gp_practice = models.CharField(max_length=200, blank=True, default="")
    address_kind = models.CharField(max_length=20, default="not_asked", choices=address_kinds)
    address = models.CharField(max_length=500, blank=True, default="")
    postcode = models.CharField(max_length=8, blank=True, default="")
    district_code = models.CharField(max_length=9, blank=True, default="")
    created_at = models.DateTimeField(db_default=Now())
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["born_on", "postcode"], name="person_birth_and_postcode"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(nhs_number__isnull=True) | Q(nhs_number__regex=r"^[0-9]{10}$"),
                name="nhs_number_ten_digits",
            ),
            models.CheckConstraint(
                condition=Q(lost_on__isnull=True) | ~Q(loss_kind=""),
                name="loss_has_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.called

    @property
    def called(self) -> str:
        """The name to show: what they like to be called, else the name as typed, else plain words."""
        if self.known_as or self.name:
            return self.known_as or self.name
        return "Baby" if self.due_on or self.lost_on else "Not named yet"

    def age_on(self, on: date) -> int | None:
        """Completed years of age, or None when the birth date is not known."""
        if self.born_on is None:
            return None
        return on.year - self.born_on.year - ((on.month, on.day) < (self.born_on.month, self.born_on.day))


class NameKey(models.Model):
    """One searchable word of a person's name, folded; prefix search reads this and never the names."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="name_keys")
    key = models.CharField(max_length=200, db_collation="C")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["key", "person"], name="name_key_prefix")]
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "key"], name="name_key_once")]


class ContactPoint(models.Model):
    """A number or address of one person, and whether, for what and when it is safe to use.

    Not asked means: speak to the person only, leave no message.
    """

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="contact_points")
    kind = models.CharField(max_length=10, choices=contact_kinds)
    typed = models.CharField(max_length=254)
    value = models.CharField(max_length=254)  # E.164 for numbers, lower case for e-mail
    safe = models.CharField(max_length=10, default="not_asked", choices=safe_choices)
    uses = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    hours = models.CharField(max_length=200, blank=True, default="")
    proved_at = models.DateTimeField(null=True, blank=True)
    added_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        indexes: ClassVar = [models.Index(fields=["value"], name="contact_point_value")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(safe__in=list(SAFE)), name="safe_is_an_answer"),
            models.CheckConstraint(
                condition=Q(kind__in=list(CONTACT_KINDS)),
                name="contact_point_kind_known",
            ),
            models.UniqueConstraint(
                fields=["person", "value"],
                condition=Q(ended_at__isnull=True),
                name="contact_point_once",
            ),
        ]


class Instruction(models.Model):
    """One sentence every worker must follow: to keep somebody safe, or to meet a communication need."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="instructions")
    kind = models.CharField(max_length=10)  # safety | need
    words = models.CharField(max_length=300)
    said_by = models.CharField(max_length=200)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=["safety", "need"]), name="instruction_kind_known")
        ]


class Family(models.Model):
    """The people around one pregnancy, baby or loss, linked. Everything that happens locks this row."""

    trying_to_conceive = models.BooleanField(default=False)
    assisted_conception = models.BooleanField(default=False)
    people = models.ManyToManyField(Person, through="FamilyMember", related_name="families")
    # The lead holder the family chose, if it chose one.
    chosen_lead = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name_plural = "families"


class FamilyMember(models.Model):
    """How a person belongs to a family. Parents who live apart are both in it, marked `apart`."""

    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="members")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=family_roles)
    apart = models.BooleanField(default=False)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(role__in=list(ROLES_IN_FAMILY)), name="family_role_known"),
            models.UniqueConstraint(
                fields=["family", "person"],
                condition=Q(left_at__isnull=True),
                name="person_once_in_family",
            ),
            models.CheckConstraint(
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("joined_at")),
                name="member_leaves_after_joining",
            ),
        ]
