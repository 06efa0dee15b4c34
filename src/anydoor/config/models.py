"""When each scheduled job last ended well, so that a silent safety net shows."""

from __future__ import annotations

from datetime import datetime

from django.db import models


class LastRunQuerySet(models.QuerySet["LastRun"]):
    def seconds_since(self, *, at: datetime) -> dict[str, int]:
        """Job name to whole seconds since it last ended well."""
        return {run.job: int((at - run.ended_at).total_seconds()) for run in self.order_by("job")}


class LastRun(models.Model):
    job = models.CharField(max_length=60, primary_key=True)
    ended_at = models.DateTimeField()

    objects = LastRunQuerySet.as_manager()

    def __str__(self) -> str:
        return self.job


class DemoLoad(models.Model):
    """That this database holds the synthetic county of `anydoor demo`, and whether it was loaded to the end.

    Written first and finished last: a load that was interrupted is seen and begun anew, and a database with
    people of its own, which has no such row, is never emptied.
    """

    seed = models.IntegerField()
    families = models.PositiveIntegerField()
    areas = models.JSONField(default=list)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"demo of {self.families} families"
