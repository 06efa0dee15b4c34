"""When: the regular times of a service, and single dates, in local time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from anydoor.directory.models.entry import Service
from anydoor.directory.models.places import Place

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Session(models.Model):
    """A time at which a service takes place: every week or every few weeks on a weekday, or on one date.

    Times are those on the clock at the place (Europe/London). `every_weeks` above one counts from
    `from_on`, which is then needed. `from_on` and `until_on` are the first and the last day it may fall on.
    """

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="sessions")
    place = models.ForeignKey(Place, null=True, blank=True, on_delete=models.PROTECT, related_name="sessions")
    weekday = models.PositiveSmallIntegerField(null=True, blank=True)  # Monday is 0
    on_date = models.DateField(null=True, blank=True)
    starts = models.TimeField()
    ends = models.TimeField()
    online = models.BooleanField(default=False)
    every_weeks = models.PositiveSmallIntegerField(default=1)
    from_on = models.DateField(null=True, blank=True)
    until_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=200, blank=True, default="")  # "term time", "book first"
    source = models.CharField(max_length=200, blank=True, default="")
    invented = models.BooleanField(default=False)

    class Meta:
        ordering: ClassVar = ["weekday", "on_date", "starts", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(weekday__isnull=False, on_date__isnull=True)
                | Q(weekday__isnull=True, on_date__isnull=False, every_weeks=1),
                name="session_weekly_or_once",
            ),
            models.CheckConstraint(
                condition=Q(weekday__isnull=True) | Q(weekday__lte=6), name="session_weekday_of_seven"
            ),
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="session_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(every_weeks=1)
                | Q(every_weeks__lte=12, every_weeks__gte=1, from_on__isnull=False),
                name="session_rhythm_has_a_start",
            ),
            models.CheckConstraint(
                condition=Q(until_on__isnull=True) | Q(from_on__isnull=True) | Q(until_on__gte=F("from_on")),
                name="session_days_in_order",
            ),
        ]

    def days(self, first: date, last: date) -> list[date]:
        """The days it falls on from `first` to `last`, both counted."""
        low = max(first, self.from_on or first)
        high = min(last, self.until_on or last)
        if self.on_date is not None:
            return [self.on_date] if low <= self.on_date <= high else []
        if self.weekday is None:
            return []
        step = timedelta(weeks=self.every_weeks)
        anchor = self.from_on or low
        day = anchor + timedelta(days=(self.weekday - anchor.weekday()) % 7)
        if day < low:
            day += step * -((day - low) // step)
        found = []
        while day <= high:
            found.append(day)
            day += step
        return found
