"""A request for support, what was decided of it, and whether we may know the person already."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Upper

from anydoor.access.models import Team, User
from anydoor.care.models.record import seen_by
from anydoor.directory.models import Area, Service, levels
from anydoor.people.models import Family, Person
from anydoor.rules.pathway import OPEN_REFERRAL, STAGE_WORDS, ReferralStage

if TYPE_CHECKING:
    from anydoor.access.policy import Standing

DOORS = {
    "web": "Web",
    "phone": "Phone",
    "text": "Text",
    "walk_in": "Walk-in",
    "email": "Email",
    "messaging": "Messaging app",
    "professional": "Professional",
    "partner": "Partner system",
    "file": "File",
    "event": "Community event",
}


def doors() -> list[tuple[str, str]]:
    return list(DOORS.items())


def referral_stages() -> list[tuple[str, str]]:
    return [(stage.value, STAGE_WORDS[stage]) for stage in ReferralStage]


class ReferralQuerySet(models.QuerySet["Referral"]):
    def open(self) -> ReferralQuerySet:
        """Those that still wait on somebody here."""
        return self.filter(stage__in=[s.value for s in OPEN_REFERRAL])

    def for_user(self, who: Standing) -> ReferralQuerySet:
        """Those whose family `who` works with, or is asked to take over."""
        return self.filter(seen_by(who))

    def in_inbox(self, team_ids: Iterable[int]) -> ReferralQuerySet:
        """The open ones at these front doors, in reading order (one index, keyset by `sort_key`)."""
        return self.open().filter(front_door_id__in=team_ids).order_by("sort_key")

    def after(self, sort_key: str) -> ReferralQuerySet:
        """The ones behind `sort_key` in reading order."""
        return self.filter(sort_key__gt=sort_key)


class Referral(models.Model):
    """A request for support for a family, through any door. Free text first, structure after.

    While it is open it has exactly one holder, a worker and a team (checked here, in the ledger
    `Holding`, and by a deferred trigger that compares the two at commit).
    """

    reference = models.CharField(max_length=12, unique=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="referrals")
    front_door = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="+")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="referrals")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="referrals")
    door = models.CharField(max_length=12, choices=doors)
    stage = models.CharField(max_length=12, choices=referral_stages, default=ReferralStage.RECEIVED)
    holder = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    holder_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    received_at = models.DateTimeField()
    read_by_time = models.DateTimeField()  # when it will be read, told to whoever asked
    due_at = models.DateTimeField()  # the clock of the next step
    contact_by = models.DateTimeField()  # by when the family hears from a person
    paused_until = models.DateField(null=True, blank=True)  # the family asked us to wait
    danger_words = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    # Who asked on the family's behalf; empty when they asked themselves.
    referrer_name = models.CharField(max_length=200, blank=True, default="")
    referrer_organisation = models.CharField(max_length=200, blank=True, default="")
    referrer_contact = models.CharField(max_length=254, blank=True, default="")
    referrer = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="referred")
    family_knows = models.CharField(max_length=10, default="not_asked")  # yes | no | not_asked
    agreed_words = models.CharField(max_length=500, blank=True, default="")  # what they said yes to
    needs = ArrayField(models.CharField(max_length=30), default=list, blank=True)
    # What triage heard beside the needs: {"severity": "moderate", "mode": "phone"}; empty when not asked.
    heard = models.JSONField(default=dict, blank=True)
    asks_for = models.CharField(max_length=500, blank=True, default="")
    # What was claimed of identity but not proved, kept for the person who decides a possible match.
    claimed = models.JSONField(default=dict, blank=True)
    joined_by = models.CharField(max_length=40, blank=True, default="")  # "NHS number" and the like
    # The same row of a file, or the same form sent twice, is the same referral.
    source_ref = models.CharField(max_length=200, null=True, blank=True)
    end_state = models.CharField(max_length=24, blank=True, default="")
    end_reason = models.CharField(max_length=40, blank=True, default="")
    ended_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    # What the work list shows, kept in the same transaction so that a page of it is one query.
    title = models.CharField(max_length=260, default="")
    who_words = models.CharField(max_length=120, blank=True, default="")
    excerpt = models.CharField(max_length=240, blank=True, default="")
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    about = ArrayField(models.CharField(max_length=20), default=list, blank=True)  # filter marks
    place_words = models.CharField(max_length=100, blank=True, default="")
    district_code = models.CharField(max_length=9, blank=True, default="")
    sort_key = models.CharField(max_length=60, db_collation="C", default="")
    # A sealed family's requests stand in no list of a team; kept with `FamilyCare.sealed`.
    sealed = models.BooleanField(default=False, db_default=False)

    objects = ReferralQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["front_door", "sort_key"],
                condition=Q(stage__in=sorted(s.value for s in OPEN_REFERRAL)),
                name="inbox_in_order",
            ),
            models.Index(
                fields=["front_door", "stage", "sort_key"],
                condition=Q(stage__in=sorted(s.value for s in OPEN_REFERRAL)),
                name="inbox_by_stage",
            ),
            models.Index(fields=["referrer", "-received_at"], name="referrals_by_referrer"),
            models.Index(
                Upper("referrer_contact"),
                condition=~Q(referrer_contact=""),
                name="referrals_by_referrers_address",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stage__in=[s.value for s in ReferralStage]),
                name="referral_stage_known",
            ),
            models.CheckConstraint(condition=Q(door__in=list(DOORS)), name="door_known"),
            models.CheckConstraint(
                condition=Q(
                    stage__in=sorted(s.value for s in OPEN_REFERRAL),
                    holder__isnull=False,
                    holder_team__isnull=False,
                    ended_at__isnull=True,
                )
                | (
                    ~Q(stage__in=sorted(s.value for s in OPEN_REFERRAL))
                    & Q(
                        holder__isnull=True,
                        holder_team__isnull=True,
                        ended_at__isnull=False,
                    )
                ),
                name="open_referral_has_a_holder",
            ),
            models.UniqueConstraint(fields=["area", "source_ref"], name="same_row_same_referral"),
        ]

    def __str__(self) -> str:
        return self.reference


class Decision(models.Model):
    """What triage decided, why, and what was on the table then, so that it can be replayed."""

    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="decisions")
    level = models.CharField(max_length=12, choices=levels)
    level_why = models.CharField(max_length=300, blank=True, default="")
    words = models.TextField()  # why this, in words the family could read
    answer = models.CharField(max_length=10)  # yes | some | not_asked | no
    shown = models.JSONField(default=list)  # every offer shown, with its verdict and reasons
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["at"], name="decisions_by_time")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answer__in=["yes", "some", "not_asked", "no"]),
                name="decision_answer_known",
            )
        ]


class Offer(models.Model):
    """A service proposed for a need, with the reasons for and against."""

    decision = models.ForeignKey(Decision, on_delete=models.PROTECT, related_name="offers")
    referral = models.ForeignKey(Referral, on_delete=models.PROTECT, related_name="offers")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="+")
    verdict = models.CharField(max_length=10)  # suits | possible | not
    reasons_for = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    reasons_against = ArrayField(models.CharField(max_length=300), default=list, blank=True)
    answer = models.CharField(max_length=10, default="not_asked")  # yes | no | thinking | not_asked
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(answer__in=["yes", "no", "thinking", "not_asked"]),
                name="offer_answer_known",
            ),
            models.UniqueConstraint(fields=["decision", "service"], name="service_once_in_decision"),
        ]


class PossibleMatch(models.Model):
    """Somebody we may already know. A front-door worker decides; nothing is joined by itself on this."""

    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="possible_matches")
    candidate = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    reasons = ArrayField(models.CharField(max_length=100), default=list)
    state = models.CharField(max_length=10, default="open")  # open | joined | not_same
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["referral", "candidate"], name="match_once"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at__isnull=True)
                | Q(state__in=["joined", "not_same"], decided_at__isnull=False),
                name="match_decided_has_a_time",
            ),
        ]


class ApiReceipt(models.Model):
    """The answer given to one Idempotency-Key: the same key and body get it again, another body a 409."""

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    body_digest = models.CharField(max_length=64)
    referral = models.ForeignKey(Referral, on_delete=models.CASCADE, related_name="+")
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["team", "key"], name="receipt_once")]
