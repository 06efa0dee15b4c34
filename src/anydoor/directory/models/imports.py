"""Where an entry came from when it came from somebody else's directory."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from anydoor.access.models import Organisation
from anydoor.directory.models.entry import Service
from anydoor.directory.models.places import Area, Place

IMPORTED_KINDS = {"service": "Service", "organization": "Organisation", "location": "Place"}


class ImportedEntry(models.Model):
    """An entry of another directory, as it was when we last read it.

    `uid` is the published id of our row: theirs where theirs is a UUID, else made from `feed` and
    `external_id`. `payload` is what they said, as version 3; `digest` its SHA-256. `carried` is what they
    say and our columns cannot (see `open_referral.carrying`). `inner_ids` are ids of the payload that
    somebody may ask the feed for. `missing_since` is when a whole reading of the feed no longer had it.
    """

    uid = models.UUIDField()
    kind = models.CharField(max_length=12)
    feed = models.CharField(max_length=300)
    external_id = models.CharField(max_length=200)
    version = models.CharField(max_length=3)  # of Open Referral UK: 1 or 3
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="imported_entries")
    service = models.OneToOneField(Service, null=True, on_delete=models.CASCADE, related_name="imported")
    organisation = models.OneToOneField(
        Organisation, null=True, on_delete=models.CASCADE, related_name="imported"
    )
    place = models.OneToOneField(Place, null=True, on_delete=models.CASCADE, related_name="imported")
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    carried = models.JSONField(default=dict)
    inner_ids = ArrayField(models.UUIDField(), default=list)
    first_seen = models.DateTimeField()
    last_seen = models.DateTimeField()
    last_changed = models.DateTimeField()
    missing_since = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "uid"], name="imported_once"),
            models.CheckConstraint(
                condition=Q(
                    kind="service", service__isnull=False, organisation__isnull=True, place__isnull=True
                )
                | Q(kind="organization", service__isnull=True, organisation__isnull=False, place__isnull=True)
                | Q(kind="location", service__isnull=True, organisation__isnull=True, place__isnull=False),
                name="imported_as_one_thing",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["feed", "last_seen"], name="imported_by_feed"),
            GinIndex(fields=["inner_ids"], name="imported_inner_ids"),
        ]
