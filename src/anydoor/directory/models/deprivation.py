"""How deprived a small area is, by release. A release belongs to one vintage of small areas, never both."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

# Release: the vintage of the LSOAs it speaks of, how many there are, its name.
RELEASES = {
    "2019": ("2011", 32_844, "English Indices of Deprivation 2019"),
    "2025": ("2021", 33_755, "English Indices of Deprivation 2025"),
}


class DeprivationArea(models.Model):
    """A small area (LSOA) in one release of the Index of Multiple Deprivation; decile 1 is most deprived.

    `synthetic` rows are invented, for demonstrations: whoever shows one says so.
    """

    release = models.CharField(max_length=4)
    lsoa_vintage = models.CharField(max_length=4)
    lsoa = models.CharField(max_length=9)
    rank = models.PositiveIntegerField(null=True)
    decile = models.PositiveSmallIntegerField()
    synthetic = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "lsoa"], name="deprivation_once_a_release"),
            models.CheckConstraint(
                condition=Q(release="2019", lsoa_vintage="2011") | Q(release="2025", lsoa_vintage="2021"),
                name="deprivation_release_fits_vintage",
            ),
            models.CheckConstraint(condition=Q(decile__gte=1, decile__lte=10), name="decile_of_ten"),
            models.CheckConstraint(
                condition=Q(rank__isnull=True) | Q(rank__gte=1, rank__lte=33_755), name="rank_of_a_release"
            ),
        ]
