"""Where: areas, districts, postcodes, and the places where help is given."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anydoor.access.models import Team

NAMES_OF_ENTRIES = uuid.UUID(
    "6f7c2a0e-3f0b-5a52-9d0c-0a7d00000d1e"
)  # never changes: published ids hang on it

# What a place has for people who need it, as words that complete "It has ...".
ACCESSIBILITY = {
    "step_free": "step-free access",
    "accessible_toilet": "an accessible toilet",
    "parking": "parking",
    "blue_badge": "blue badge parking",
    "bus": "a bus stop near by",
    "hearing_loop": "a hearing loop",
    "baby_change": "baby changing",
    "feeding_space": "a place to feed a baby",
    "buggy": "room for a buggy",
    "quiet_space": "a quiet space",
    "bsl": "a British Sign Language interpreter on request",
}


def uid_of(kind: str, slug: str) -> uuid.UUID:
    """The lasting id of an entry that has a slug: the same here and wherever the same file is loaded."""
    return uuid.uuid5(NAMES_OF_ENTRIES, f"{kind}/{slug}")


class District(models.Model):
    """A local authority district by its ONS code. Areas and footprints are sets of these."""

    code = models.CharField(max_length=9, primary_key=True)
    name = models.CharField(max_length=100)

    def __str__(self) -> str:
        return self.name


class Postcode(models.Model):
    """A live postcode: which district it lies in and, where a file told, its position and small areas.

    `lsoa_2011` and `lsoa_2021` are two vintages of small areas. A deprivation release fits one of them.
    """

    postcode = models.CharField(max_length=8, primary_key=True)
    district = models.ForeignKey(District, on_delete=models.PROTECT)
    latitude = models.FloatField(null=True)
    longitude = models.FloatField(null=True)
    lsoa_2011 = models.CharField(max_length=9, blank=True, default="")
    lsoa_2021 = models.CharField(max_length=9, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["postcode"],
                name="postcode_prefix",
                opclasses=["varchar_pattern_ops"],
            )
        ]


class Area(models.Model):
    """A county or district that runs one front door. A set of districts, and the settings of its clocks."""

    slug = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=100)
    door_name = models.CharField(max_length=100)  # the neutral name a family sees
    reference_prefix = models.CharField(max_length=3, unique=True)
    phone = models.CharField(max_length=40)
    text_number = models.CharField(max_length=40)
    email = models.EmailField(max_length=254)
    crisis_name = models.CharField(max_length=120, blank=True, default="")
    crisis_phone = models.CharField(max_length=40, blank=True, default="")
    districts = models.ManyToManyField(District, related_name="areas")
    places_near = ArrayField(models.CharField(max_length=60), default=list, blank=True)
    # Where its towns lie, as the first half of a postcode: {"Dereham": "NR19"}
    towns = models.JSONField(default=dict, blank=True)
    front_door = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="areas")
    # Working days each step may take before somebody is nudged. Local settings, no national standard.
    triage_days = models.PositiveSmallIntegerField(default=2)
    answer_days = models.PositiveSmallIntegerField(default=5)
    first_contact_days = models.PositiveSmallIntegerField(default=10)
    second_look_days = models.PositiveSmallIntegerField(default=2)
    tries = models.PositiveSmallIntegerField(default=3)
    danger_minutes = models.PositiveSmallIntegerField(default=15)
    source = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(triage_days__gte=1)
                & Q(answer_days__gte=1)
                & Q(first_contact_days__gte=1)
                & Q(second_look_days__gte=1)
                & Q(tries__gte=1)
                & Q(danger_minutes__gte=1),
                name="area_limits_positive",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """Somewhere help is given: a hub, a clinic, a ward, a stop of the mobile hub."""

    slug = models.SlugField(max_length=80, unique=True)
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)  # published; never changes
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="places")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    district = models.ForeignKey(District, null=True, on_delete=models.PROTECT)
    address = models.CharField(max_length=300, blank=True, default="")
    postcode = models.CharField(max_length=8, blank=True, default="")
    opens = models.CharField(max_length=200, blank=True, default="")
    accessibility = ArrayField(models.CharField(max_length=24), default=list, blank=True)
    latitude = models.FloatField(null=True, blank=True)  # where known more closely than the postcode
    longitude = models.FloatField(null=True, blank=True)
    source = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__gte=-90, latitude__lte=90, longitude__gte=-180, longitude__lte=180),
                name="place_position_on_earth",
            ),
            models.CheckConstraint(
                condition=Q(accessibility__contained_by=list(ACCESSIBILITY)),
                name="accessibility_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name
