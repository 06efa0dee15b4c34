"""A service: everything the directory says of it, as families and colleagues see it now."""

from __future__ import annotations

import uuid
from datetime import date
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from anydoor.access.models import Organisation, Team, User
from anydoor.directory.models.places import Area, District, Place

STRANDS = {
    "pmh": "Mental health",
    "pir": "Parent and baby relationship",
    "": "Wider needs",
}
LEVELS = {"universal": "Universal", "targeted": "Targeted", "specialist": "Specialist"}
STATES = {
    "offered": "Offered",
    "pilot": "Pilot",
    "planned": "Planned",
    "closed": "Closed",
}
AUDIENCES = {
    "mother": "Mothers",
    "father": "Fathers",
    "co_parent": "Co-parents",
    "carer": "Carers",
    "baby": "Babies",
    "family": "The whole family",
}


def strands() -> list[tuple[str, str]]:
    return list(STRANDS.items())


def levels() -> list[tuple[str, str]]:
    return list(LEVELS.items())


def states() -> list[tuple[str, str]]:
    return list(STATES.items())


class ServiceQuerySet(models.QuerySet["Service"]):
    def live(self, on: date) -> ServiceQuerySet:
        """Offered or on trial, and shown, on that day. One that is closed for a time is still live."""
        return (
            self.visible(on)
            .filter(state__in=["offered", "pilot"])
            .filter(Q(state_from__isnull=True) | Q(state_from__lte=on))
            .filter(Q(state_until__isnull=True) | Q(state_until__gte=on))
        )

    def visible(self, on: date) -> ServiceQuerySet:
        """Shown to families on that day, in whatever state."""
        return self.filter(Q(visible_from__isnull=True) | Q(visible_from__lte=on)).filter(
            Q(visible_until__isnull=True) | Q(visible_until__gte=on)
        )

    def serving(self, area: Area) -> ServiceQuerySet:
        """Whose footprint touches the area: its own and its neighbours'."""
        return self.filter(footprint__in=area.districts.all()).distinct()

    def in_order(self) -> ServiceQuerySet:
        """By level as a family meets them, then by name."""
        rank = models.Case(
            *(models.When(level=level, then=n) for n, level in enumerate(LEVELS)),
            output_field=models.IntegerField(),
        )
        return self.order_by(rank, "name")

    def receiving(self) -> ServiceQuerySet:
        """Those a handover can be sent to: a team of ours, or a way to reach somebody outside."""
        return self.filter(Q(team__isnull=False) | ~Q(outside_email="") | ~Q(outside_phone=""))


class Service(models.Model):
    """Something a family can be helped by.

    Stage window: `trying_to_conceive`; `pregnancy_from_week` to `pregnancy_to_week` (completed weeks);
    `child_from_days` to `child_to_days` (age of the youngest child, up to but not including);
    `after_loss`, for `loss_days` days where the service limits it. An empty pair means not offered then.
    """

    slug = models.SlugField(max_length=80, unique=True)
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # published; never changes
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="services")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="services")
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.PROTECT, related_name="services")
    name = models.CharField(max_length=200)
    strand = models.CharField(max_length=3, blank=True, default="", choices=strands)
    needs = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    level = models.CharField(max_length=12, choices=levels)
    trying_to_conceive = models.BooleanField(default=False)
    pregnancy_from_week = models.PositiveSmallIntegerField(null=True, blank=True)
    pregnancy_to_week = models.PositiveSmallIntegerField(null=True, blank=True)
    child_from_days = models.PositiveIntegerField(null=True, blank=True)
    child_to_days = models.PositiveIntegerField(null=True, blank=True)
    after_loss = models.BooleanField(default=False)
    loss_days = models.PositiveIntegerField(null=True, blank=True)
    audience = ArrayField(models.CharField(max_length=12), default=list)
    routes_in = ArrayField(models.CharField(max_length=20), default=list)
    modes = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    summary = models.TextField()
    for_whom = models.TextField(blank=True, default="")
    not_for = models.TextField(blank=True, default="")
    offers = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    when = models.CharField(max_length=300, blank=True, default="")
    languages = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    capacity = models.PositiveIntegerField(null=True, blank=True)
    free_places = models.PositiveIntegerField(null=True, blank=True)
    next_start = models.DateField(null=True, blank=True)  # of the next group or course
    is_free = models.BooleanField(null=True, blank=True)  # None: nobody said
    cost_note = models.CharField(max_length=200, blank=True, default="")
    wait_days = models.PositiveIntegerField(null=True, blank=True)
    lead = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    lead_name = models.CharField(max_length=120, blank=True, default="")
    lead_title = models.CharField(max_length=120, blank=True, default="")
    last_checked = models.DateField(null=True, blank=True)
    checked_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    check_every_days = models.PositiveSmallIntegerField(default=180)
    state = models.CharField(max_length=10, choices=states, default="offered")
    state_from = models.DateField(null=True, blank=True)
    state_until = models.DateField(null=True, blank=True)
    state_note = models.CharField(max_length=400, blank=True, default="")
    # Closed for a time: from a day, until a day or until further notice; the entry stays and says so.
    closed_from = models.DateField(null=True, blank=True)
    closed_until = models.DateField(null=True, blank=True)
    closed_note = models.CharField(max_length=400, blank=True, default="")
    visible_from = models.DateField(null=True, blank=True)
    visible_until = models.DateField(null=True, blank=True)
    footprint = models.ManyToManyField(District, related_name="services")
    footprint_note = models.CharField(max_length=300, blank=True, default="")
    # Limits a district of the footprint to these outward postcodes: {"E07000244": ["NR32", "NR33"]}
    postcode_districts = models.JSONField(default=dict, blank=True)
    places = models.ManyToManyField(Place, related_name="services", blank=True)
    # What the columns above cannot say: {"only_if": ["birth_trauma"], "only_for": "fathers whose ...",
    # "comes_after": [slugs], "severity_from": "severe", "parent_age_under": 20, "care_leaver_under": 25}.
    # Every key may be missing; see `areas/README.md`.
    eligibility = models.JSONField(default=dict, blank=True)
    phone = models.CharField(max_length=40, blank=True, default="")
    email = models.EmailField(max_length=254, blank=True, default="")
    # How to reach a receiver who has no account here.
    outside_email = models.EmailField(max_length=254, blank=True, default="")
    outside_phone = models.CharField(max_length=40, blank=True, default="")
    invented = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    source = models.CharField(max_length=200)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(strand__in=list(STRANDS)), name="strand_known"),
            models.CheckConstraint(condition=Q(level__in=list(LEVELS)), name="level_known"),
            models.CheckConstraint(condition=Q(state__in=list(STATES)), name="state_known"),
            models.CheckConstraint(
                condition=Q(state_until__isnull=True)
                | Q(state_from__isnull=True)
                | Q(state_until__gte=F("state_from")),
                name="service_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=Q(pregnancy_from_week__isnull=True, pregnancy_to_week__isnull=True)
                | Q(pregnancy_to_week__gte=F("pregnancy_from_week")),
                name="pregnancy_window_in_order",
            ),
            models.CheckConstraint(
                condition=Q(child_from_days__isnull=True, child_to_days__isnull=True)
                | Q(child_to_days__gt=F("child_from_days")),
                name="child_window_in_order",
            ),
            models.CheckConstraint(
                condition=Q(closed_until__isnull=True)
                | Q(closed_from__isnull=False, closed_until__gte=F("closed_from")),
                name="service_reopens_after_it_closes",
            ),
            models.CheckConstraint(
                condition=Q(visible_until__isnull=True)
                | Q(visible_from__isnull=True)
                | Q(visible_until__gte=F("visible_from")),
                name="service_shown_in_order",
            ),
            models.CheckConstraint(
                condition=Q(check_every_days__gte=1, check_every_days__lte=1000),
                name="service_checked_now_and_then",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["area", "state"], name="service_by_area")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_inside(self) -> bool:
        """Whether a team of ours answers; otherwise the receiver answers by link or telephone."""
        return self.team_id is not None

    def is_closed_for_now(self, on: date) -> bool:
        """Whether it is closed for a time on that day."""
        if self.closed_from is None or self.closed_from > on:
            return False
        return self.closed_until is None or self.closed_until >= on
