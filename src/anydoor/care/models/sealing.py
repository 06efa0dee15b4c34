"""Records closed to all but named people, emergencies that open one, and what an area agreed to share."""

from __future__ import annotations

from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length

from anydoor.access.models import Organisation, User
from anydoor.directory.models import Area
from anydoor.people.models import Family

SEAL_KINDS = {
    "abuse": "Somebody could be hurt if this were found",
    "colleague": "They work for one of our services",
    "adoption": "Adoption",
    "asked": "They asked for it",
}
GLASS_KINDS = {
    "life": "A life is in danger now",
    "child": "A child may be hurt",
    "adult": "An adult may be hurt",
    "holder_away": "Help cannot wait and nobody who holds them can be reached",
}
GLASS_MINUTES = 60
GLASS_REASON = 20  # characters
REVIEW_DAYS = 2  # working days
OUTCOMES_OF_REVIEW = {
    "right": "It was right",
    "right_but": "It was right, and something is to be learnt",
    "not_right": "It was not right: taken up with them and their organisation",
}


def seal_kinds() -> list[tuple[str, str]]:
    return list(SEAL_KINDS.items())


class Seal(models.Model):
    """A family's record is closed to everybody but those named and whoever holds it. One at a time."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="seals")
    kind = models.CharField(max_length=10)
    words = models.CharField(max_length=300)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_words = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(SEAL_KINDS)), name="seal_kind_known"),
            models.CheckConstraint(condition=~Q(words=""), name="seal_says_why"),
            models.UniqueConstraint(
                fields=["family"], condition=Q(lifted_at__isnull=True), name="one_seal_a_family"
            ),
        ]


class SealName(models.Model):
    """Somebody who may open a sealed record, from a time until a time."""

    seal = models.ForeignKey(Seal, on_delete=models.PROTECT, related_name="names")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    added_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["seal", "user"], condition=Q(ended_at__isnull=True), name="named_once_on_a_seal"
            )
        ]


class BreakGlassQuerySet(models.QuerySet["BreakGlass"]):
    def open(self, at: datetime) -> BreakGlassQuerySet:
        """Those that still open a record at that moment."""
        return self.filter(ended_at__isnull=True, until__gt=at)

    def to_review(self) -> BreakGlassQuerySet:
        return self.filter(reviewed_at__isnull=True)


class BreakGlass(models.Model):
    """Somebody opened, in an emergency, a record they have no other way to: why, how long, the review."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="break_glass")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="broke_glass")
    kind = models.CharField(max_length=12)
    reason = models.CharField(max_length=1000)
    at = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)  # ended by hand, before its time
    reviewer = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    review_due_at = models.DateTimeField()
    nudged_at = models.DateTimeField(null=True, blank=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    outcome = models.CharField(max_length=10, blank=True, default="")
    outcome_words = models.CharField(max_length=1000, blank=True, default="")

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(
                fields=["review_due_at"], condition=Q(reviewed_at__isnull=True), name="break_glass_to_review"
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(GLASS_KINDS)), name="break_glass_kind_known"),
            models.CheckConstraint(
                condition=models.lookups.GreaterThanOrEqual(Length("reason"), GLASS_REASON),
                name="break_glass_says_why",
            ),
            models.CheckConstraint(condition=Q(until__gt=F("at")), name="break_glass_has_a_time"),
            models.CheckConstraint(
                condition=Q(reviewed_at__isnull=True, outcome="")
                | (
                    Q(reviewed_at__isnull=False, outcome__in=list(OUTCOMES_OF_REVIEW))
                    & ~Q(outcome_words="")
                    & Q(reviewed_by__isnull=False)
                    & ~Q(reviewed_by=F("user"))
                ),
                name="break_glass_reviewed_by_another",
            ),
        ]

    def is_open(self, at: datetime) -> bool:
        return self.ended_at is None and self.until > at


class AreaSharing(models.Model):
    """What the organisations of an area agreed about sharing. No row: the front door's organisation alone.

    With `opt_in` a family's needs go beyond the agreed circle only once the family has said yes to it.
    `past_days`: how long a team keeps the record of its own work in sight after it ended.
    """

    area = models.OneToOneField(Area, on_delete=models.CASCADE, related_name="sharing", primary_key=True)
    opt_in = models.BooleanField(default=False)
    circle = models.ManyToManyField(Organisation, related_name="+", blank=True)
    past_days = models.PositiveSmallIntegerField(default=365)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(past_days__gte=1), name="past_days_positive")
        ]
