"""Handovers: from one holder to the next, with no moment between."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

from anydoor.access.models import Team, User
from anydoor.care.models.record import seen_by, shown_to
from anydoor.directory.models import Area, Service
from anydoor.people.models import Family, Person
from anydoor.rules.pathway import (
    DECLINE_WORDS,
    OPEN_HANDOVER,
    RUNNING_HANDOVER,
    STAGE_WORDS,
    DeclineReason,
    HandoverStage,
)

if TYPE_CHECKING:
    from anydoor.access.policy import Standing


def handover_stages() -> list[tuple[str, str]]:
    return [(stage.value, STAGE_WORDS[stage]) for stage in HandoverStage]


def decline_reasons() -> list[tuple[str, str]]:
    return [(reason.value, DECLINE_WORDS[reason]) for reason in DeclineReason]


class Meeting(models.Model):
    """An interface meeting: agencies decide together."""

    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="meetings")
    starts_at = models.DateTimeField()
    place = models.CharField(max_length=200, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["starts_at"]
        constraints: ClassVar = [models.UniqueConstraint(fields=["area", "starts_at"], name="meeting_once")]


class HandoverQuerySet(models.QuerySet["Handover"]):
    def open(self) -> HandoverQuerySet:
        """Those that still wait on somebody."""
        return self.filter(stage__in=[s.value for s in OPEN_HANDOVER])

    def running(self) -> HandoverQuerySet:
        """Those on their way to a receiver."""
        return self.filter(stage__in=[s.value for s in RUNNING_HANDOVER])

    def for_user(self, who: Standing) -> HandoverQuerySet:
        """Those of families `who` works with; those they are asked, and those of their own past work.

        A team that is only asked sees what it is asked. Who sees no more than their own work sees the
        handovers it came by and went on by. Those of other teams are part of what was done to help.
        """
        mine = Q(to_team_id__in=who.family_team_ids)
        asked = mine | Q(family__in=who.asked) if who.asked else mine
        own = mine | Q(from_team_id__in=who.family_team_ids)
        full = shown_to(who, "record") | (own & shown_to(who)) | (mine & seen_by(who, "full"))
        return self.filter(full | (asked & seen_by(who, "preview")) | (own & seen_by(who, "own")))


class Handover(models.Model):
    """One proposal that a service takes over a referral or an episode.

    The sender stays holder until the receiver records a real contact with the family. To another
    organisation it needs the family's recorded agreement, or a recorded reason for going without.
    `shared` is what the receiver was given, frozen as it was that day.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="handovers")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="handovers")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="handovers")
    referral = models.ForeignKey(
        "care.Referral", null=True, on_delete=models.PROTECT, related_name="handovers"
    )
    episode = models.ForeignKey("care.Episode", null=True, on_delete=models.PROTECT, related_name="handovers")
    kind = models.CharField(max_length=12, default="handover")  # handover | step_up | step_down | alongside
    stage = models.CharField(max_length=12, choices=handover_stages, default=HandoverStage.PROPOSED)
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="handovers")
    to_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="handovers_in")
    to_user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="handovers_in")
    from_user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="handovers_out")
    from_team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="handovers_out")
    words = models.TextField(blank=True, default="")  # from sender to receiver
    agreement = models.CharField(max_length=10)  # agreed | reason | same (same organisation)
    agreed_by = models.CharField(max_length=200, blank=True, default="")
    agreed_words = models.CharField(max_length=500, blank=True, default="")
    agreed_at = models.DateTimeField(null=True, blank=True)
    sharing_reason = models.CharField(max_length=500, blank=True, default="")
    shared = models.JSONField(default=dict)
    proposed_at = models.DateTimeField()
    answer_due_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by_words = models.CharField(max_length=200, blank=True, default="")
    introduction_at = models.DateTimeField(null=True, blank=True)  # planned
    introduced_at = models.DateTimeField(null=True, blank=True)
    first_contact_due_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(null=True, blank=True)
    declined_at = models.DateTimeField(null=True, blank=True)
    decline_reason = models.CharField(max_length=24, blank=True, default="", choices=decline_reasons)
    decline_words = models.CharField(max_length=500, blank=True, default="")
    declined_by_words = models.CharField(max_length=200, blank=True, default="")
    alternative = models.ForeignKey(Service, null=True, on_delete=models.PROTECT, related_name="+")
    alternative_words = models.CharField(max_length=300, blank=True, default="")
    second_look_due_at = models.DateTimeField(null=True, blank=True)
    round = models.PositiveSmallIntegerField(default=1)  # 2 after it was put back
    put_back_reason = models.CharField(max_length=500, blank=True, default="")
    meeting = models.ForeignKey(Meeting, null=True, on_delete=models.PROTECT, related_name="handovers")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_words = models.CharField(max_length=300, blank=True, default="")
    # A receiver outside the house answers by a one-time link; only the hash of its secret is kept.
    link_digest = models.CharField(max_length=64, null=True, blank=True, unique=True)
    link_until = models.DateTimeField(null=True, blank=True)

    objects = HandoverQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["to_team", "stage"],
                condition=Q(stage__in=sorted(s.value for s in OPEN_HANDOVER)),
                name="handover_incoming",
            )
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stage__in=[s.value for s in HandoverStage]),
                name="handover_stage_known",
            ),
            models.CheckConstraint(
                condition=Q(referral__isnull=False, episode__isnull=True)
                | Q(referral__isnull=True, episode__isnull=False),
                name="handover_of_one_thing",
            ),
            models.CheckConstraint(
                condition=(Q(agreement="agreed", agreed_at__isnull=False) & ~Q(agreed_words=""))
                | (Q(agreement="reason") & ~Q(sharing_reason=""))
                | Q(agreement="same"),
                name="handover_agreed_or_reasoned",
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["declined", "at_meeting"]) | ~Q(decline_reason=""),
                name="decline_has_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(stage="completed", completed_at__isnull=False)
                | (~Q(stage="completed") & Q(completed_at__isnull=True)),
                name="completed_has_a_time",
            ),
            models.CheckConstraint(condition=Q(round__in=[1, 2]), name="put_back_once"),
            models.UniqueConstraint(
                fields=["referral", "service"],
                condition=Q(stage__in=sorted(s.value for s in OPEN_HANDOVER)),
                name="one_open_handover_per_referral_and_service",
            ),
            models.UniqueConstraint(
                fields=["episode", "service"],
                condition=Q(stage__in=sorted(s.value for s in OPEN_HANDOVER)),
                name="one_open_handover_per_episode_and_service",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.stage in {s.value for s in OPEN_HANDOVER}
