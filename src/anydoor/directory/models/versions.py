"""What was proposed for an entry, what became of it, and what an entry said before."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from anydoor.access.models import User
from anydoor.directory.models.entry import Service
from anydoor.directory.models.places import Area

VERSION_STATES = {
    "proposed": "Waiting for approval",
    "approved": "Approved",
    "declined": "Declined",
    "withdrawn": "Taken back",
}


def version_states() -> list[tuple[str, str]]:
    return list(VERSION_STATES.items())


class ServiceVersion(models.Model):
    """A whole entry as it was, or as somebody would like it to be.

    `content` is everything of the entry (see `directory.content`). Approved versions are numbered from 1;
    the highest is what the entry's own columns say, which is what everybody sees. A version nobody
    proposed is what was there before: loaded from a file. `based_on` is the number the proposer started
    from (0: a new service, which has no row until it is approved), `restores` one that is brought back.
    """

    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="versions")
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.CASCADE, related_name="versions"
    )
    number = models.PositiveIntegerField(null=True, blank=True)
    based_on = models.PositiveIntegerField(default=0)
    restores = models.PositiveIntegerField(null=True, blank=True)
    content = models.JSONField()
    state = models.CharField(max_length=10, choices=version_states, default="proposed")
    proposed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    why = models.CharField(max_length=400, blank=True, default="")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_why = models.CharField(max_length=400, blank=True, default="")
    # When the sweep told those who decide, and then whoever proposed it.
    asked_at = models.DateTimeField(null=True, blank=True)
    told_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["area", "proposed_at"], condition=Q(state="proposed"), name="versions_to_decide"
            ),
            models.Index(fields=["service", "-number"], name="versions_of_service"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(VERSION_STATES)), name="version_state_known"),
            models.CheckConstraint(
                condition=Q(state="approved", number__isnull=False, number__gte=1, service__isnull=False)
                | (~Q(state="approved") & Q(number__isnull=True)),
                name="approved_versions_are_numbered",
            ),
            models.UniqueConstraint(fields=["service", "number"], name="one_version_per_number"),
            models.UniqueConstraint(
                fields=["service", "proposed_by"],
                condition=Q(state="proposed"),
                name="one_open_proposal_each",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "declined"], proposed_by=F("decided_by")),
                name="nobody_decides_their_own",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=True) | Q(state="proposed") | Q(decided_at__isnull=False),
                name="decided_has_a_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(decided_why=""), name="declined_says_why"
            ),
        ]


class EntryDraft(models.Model):
    """An edit begun and not sent: what was typed, as it was typed. One a person and entry."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="entry_drafts")
    area = models.ForeignKey(Area, on_delete=models.CASCADE, related_name="+")
    service = models.ForeignKey(Service, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    based_on = models.PositiveIntegerField(default=0)
    restores = models.PositiveIntegerField(null=True, blank=True)
    typed = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "service"], name="one_draft_each"),
        ]
