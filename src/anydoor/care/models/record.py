"""What every verb writes beside its state: who holds, what happened, what waits, who may see it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q, Value
from django.db.models.functions import Cast, Concat

from anydoor.access.models import Team, User
from anydoor.directory.models import Area
from anydoor.people.models import Family, Person

if TYPE_CHECKING:
    from anydoor.access.policy import Standing

WAIT_WORDS = {
    "danger": "Words of danger",
    "danger_answer": "An answer that may mean danger",
    "read": "Read a request",
    "decide": "Decide",
    "match": "Decide a possible match",
    "answer": "Answer a handover",
    "introduce": "Introduce",
    "first_contact": "Make the first contact",
    "second_look": "Take a second look",
    "meeting": "Decide at the meeting",
    "not_reached": "Not reached: find another way",
    "say_what_happened": "Say what happened",
    "moved_to_you": "Meet a family that came to you",
    "after_event": "Something happened in the family",
    "message_not_delivered": "A message did not arrive",
    "objection": "Answer what they say is not right",
    "own_record": "Give somebody their own record",
}

# Waits of these kinds end only when somebody says what they did.
DANGER_KINDS = frozenset({"danger", "danger_answer"})


class Holding(models.Model):
    """The ledger of holding: who held which referral or episode, from when until when.

    The open row of each open thing is its holder. One open row each is a unique index; that there is
    one, and that it agrees with the row it speaks of, is a trigger at commit.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="holdings")
    referral = models.ForeignKey(
        "care.Referral", null=True, on_delete=models.PROTECT, related_name="holdings"
    )
    episode = models.ForeignKey("care.Episode", null=True, on_delete=models.PROTECT, related_name="holdings")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="holdings")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="holdings")
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True, blank=True)
    why = models.CharField(max_length=200)

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["user"],
                condition=Q(to_at__isnull=True),
                name="holding_open_by_user",
            ),
            models.Index(
                fields=["family"],
                condition=Q(to_at__isnull=True),
                name="holding_open_by_family",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(referral__isnull=False, episode__isnull=True)
                | Q(referral__isnull=True, episode__isnull=False),
                name="holding_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["referral"],
                condition=Q(to_at__isnull=True),
                name="one_open_holding_per_referral",
            ),
            models.UniqueConstraint(
                fields=["episode"],
                condition=Q(to_at__isnull=True),
                name="one_open_holding_per_episode",
            ),
        ]


class Happening(models.Model):
    """One thing that happened, in words: the family's timeline and the state machine's history.

    Rows are only added (a trigger sees to it). A correction is another row that shows old, new, who, why.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="happenings")
    referral = models.ForeignKey("care.Referral", null=True, on_delete=models.PROTECT, related_name="+")
    handover = models.ForeignKey("care.Handover", null=True, on_delete=models.PROTECT, related_name="+")
    episode = models.ForeignKey("care.Episode", null=True, on_delete=models.PROTECT, related_name="+")
    contact = models.ForeignKey("care.Contact", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)
    from_stage = models.CharField(max_length=12, blank=True, default="")
    to_stage = models.CharField(max_length=12, blank=True, default="")
    headline = models.CharField(max_length=300)
    words = models.TextField(blank=True, default="")
    moved_holding = models.BooleanField(default=False)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    by_words = models.CharField(max_length=200)
    at = models.DateTimeField()
    facts = models.JSONField(default=dict, blank=True)  # for an amendment: field, old, new, why

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["family", "-at", "-id"], name="happenings_by_family")]


class Story(models.Model):
    """What somebody told us, in whose words, how and when. It stays that person's own."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="stories")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="stories")
    referral = models.ForeignKey("care.Referral", null=True, on_delete=models.PROTECT, related_name="stories")
    kind = models.CharField(max_length=10)  # own | worker | referrer | baby
    words = models.TextField()
    told_by = models.CharField(max_length=200)
    how = models.CharField(max_length=60)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    replaced_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="replaces")

    class Meta:
        ordering: ClassVar = ["at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=["own", "worker", "referrer", "baby"]),
                name="story_kind_known",
            )
        ]


class WaitQuerySet(models.QuerySet["Wait"]):
    def open(self) -> WaitQuerySet:
        return self.filter(done_at__isnull=True)

    def on(self, who: Standing) -> WaitQuerySet:
        """What waits on this person, or on a team of theirs with no person named yet."""
        return self.open().filter(
            Q(user_id=who.user_id) | Q(user__isnull=True, team_id__in=who.family_team_ids)
        )

    def overdue(self, at: datetime) -> WaitQuerySet:
        return self.open().filter(due_at__lt=at)

    def stuck(self) -> WaitQuerySet:
        """Those somebody was already nudged about."""
        return self.open().filter(nudged_at__isnull=False)

    def by_clock(self) -> WaitQuerySet:
        """Danger first, then the least time left."""
        return self.order_by("-urgent", "due_at", "id")


class Wait(models.Model):
    """Something that waits on a named person or team until a time. The sweep reads only this."""

    kind = models.CharField(max_length=24)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="waits")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="waits")
    referral = models.ForeignKey("care.Referral", null=True, on_delete=models.PROTECT, related_name="waits")
    handover = models.ForeignKey("care.Handover", null=True, on_delete=models.PROTECT, related_name="waits")
    episode = models.ForeignKey("care.Episode", null=True, on_delete=models.PROTECT, related_name="waits")
    contact = models.ForeignKey("care.Contact", null=True, on_delete=models.PROTECT, related_name="waits")
    alert = models.ForeignKey("care.MeasureAlert", null=True, on_delete=models.PROTECT, related_name="waits")
    user = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="waits")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="waits")
    why = models.CharField(max_length=400)
    urgent = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField()
    nudged_at = models.DateTimeField(null=True, blank=True)
    escalated_at = models.DateTimeField(null=True, blank=True)
    escalated_to = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.CharField(max_length=200, blank=True, default="")
    done_words = models.CharField(max_length=500, blank=True, default="")

    objects = WaitQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["user", "due_at"],
                condition=Q(done_at__isnull=True),
                name="waits_on_user",
            ),
            models.Index(
                fields=["team", "due_at"],
                condition=Q(done_at__isnull=True),
                name="waits_on_team",
            ),
            models.Index(
                fields=["due_at"],
                condition=Q(done_at__isnull=True),
                name="waits_by_clock",
            ),
            models.Index(
                fields=["team", "kind"],
                include=["referral"],
                condition=Q(done_at__isnull=True),
                name="waits_on_team_by_kind",
            ),
            models.Index(
                fields=["team"],
                include=["referral"],
                condition=Q(done_at__isnull=True, nudged_at__isnull=False),
                name="waits_stuck_by_team",
            ),
            models.Index(
                fields=["area", "due_at"],
                condition=Q(done_at__isnull=True, nudged_at__isnull=False),
                name="waits_stuck_by_area",
            ),
            models.Index(
                fields=["family"],
                condition=Q(done_at__isnull=True),
                name="waits_by_family",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=list(WAIT_WORDS)), name="wait_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind="danger_answer") | Q(alert__isnull=False),
                name="danger_answer_has_its_alert",
            ),
        ]

    @property
    def verb(self) -> str:
        return WAIT_WORDS[self.kind]


class SightQuerySet(models.QuerySet["Sight"]):
    def of_teams(self, team_ids: Iterable[int]) -> SightQuerySet:
        return self.filter(team_id__in=team_ids)


class Sight(models.Model):
    """Which team may see which family, and how much. Kept in the transaction that changes the reason.

    `full`: the family's page. `own`: the record of the team's own work and a line on what became of it,
    nothing that others wrote. `preview`: the least that lets a team answer a handover. A sealed family has
    no row at all: who may open it is named, person by person (`access.PersonalSight`). `without` are the
    people of the family whose own record this team does not see, `withheld` the slices of `rules.sharing`
    that were not agreed to, each with the person who did not (`measures:12`; `measures` alone: of everybody).
    `title` and `with_words` are what this team calls the family, where the family's own title would name
    somebody in `without`. At `until` the row is worked out anew.
    """

    family = models.ForeignKey(Family, on_delete=models.CASCADE, related_name="sights")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="sights")
    level = models.CharField(max_length=8)  # full | own | preview
    without = ArrayField(models.BigIntegerField(), default=list, db_default=[], blank=True)
    withheld = ArrayField(models.CharField(max_length=40), default=list, db_default=[], blank=True)
    title = models.CharField(max_length=200, blank=True, default="", db_default="")
    with_words = models.CharField(max_length=200, blank=True, default="", db_default="")
    until = models.DateTimeField(null=True, blank=True)

    objects = SightQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["family", "team"], name="sight_once"),
            models.CheckConstraint(
                condition=Q(level__in=["full", "own", "preview"]), name="sight_level_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["team", "family"], name="sight_by_team"),
            models.Index(fields=["until"], condition=Q(until__isnull=False), name="sights_that_run_out"),
        ]


def seen_by(who: Standing, *levels: str, family: str = "family") -> Q:
    """The condition that a row's family is seen by `who`, at one of `levels` (none named: at any).

    `family` is the name of the row's column. The one place where what teams see, what one person sees
    beside them and what is kept from one person come together; every list, search and count asks it.
    """
    rows = Sight.objects.filter(family=models.OuterRef(family), team_id__in=who.family_team_ids)
    seen = Q(models.Exists(rows.filter(level__in=levels) if levels else rows))
    alone = who.sees_alone(*levels)
    if alone:
        seen |= Q(**{f"{family}__in": alone})
    return seen & ~Q(**{f"{family}__in": who.kept_from}) if who.kept_from else seen


def shown_to(who: Standing, piece: str = "", *, person: str = "person_id", family: str = "family") -> Q:
    """The condition that a row about one person is shown to `who`, who sees the family in full.

    Not where that person's own record is not theirs to see; and with `piece`, a slice of `rules.sharing`,
    not where that person did not agree to it. `person` and `family` are the names of the row's columns.
    """
    about = models.OuterRef(person)
    rows = Sight.objects.filter(
        family=models.OuterRef(family), team_id__in=who.family_team_ids, level="full"
    ).exclude(without__contains=[about])
    if piece:
        of_them = Concat(Value(f"{piece}:"), Cast(about, models.CharField()))
        rows = rows.exclude(withheld__overlap=[Value(piece), of_them])
    shown = Q(models.Exists(rows))
    alone = who.sees_alone("full")
    if alone:
        shown |= Q(**{f"{family}__in": alone})
    return shown & ~Q(**{f"{family}__in": who.kept_from}) if who.kept_from else shown


class FamilyCareQuerySet(models.QuerySet["FamilyCare"]):
    def for_user(self, who: Standing) -> FamilyCareQuerySet:
        """Families `who` sees anything of: works with, worked with, or is asked to take over."""
        return self.filter(seen_by(who))

    def seen_in_full(self, who: Standing) -> FamilyCareQuerySet:
        """Families somebody in `who`'s teams works with; not those they are only asked about."""
        return self.filter(seen_by(who, "full"))

    def held_by(self, user_id: int) -> FamilyCareQuerySet:
        """Families of whom this person holds something open."""
        return self.filter(
            models.Exists(
                Holding.objects.filter(
                    family=models.OuterRef("family"),
                    user_id=user_id,
                    to_at__isnull=True,
                )
            )
        )

    def in_order(self) -> FamilyCareQuerySet:
        """Next contact first."""
        return self.order_by("sort_key")


class FamilyCare(models.Model):
    """How a family stands with us: area, lead holder, and what the lists show. One row a family.

    The lead holder is set exactly while something is open (compared by the trigger at commit).
    """

    family = models.OneToOneField(Family, on_delete=models.CASCADE, related_name="care", primary_key=True)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    lead = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lead_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    lead_since = models.DateTimeField(null=True, blank=True)
    lead_why = models.CharField(max_length=60, blank=True, default="")  # a phrase of `rules.lead`
    is_open = models.BooleanField(default=False)
    sealed = models.BooleanField(default=False, db_default=False)
    level = models.CharField(max_length=12, blank=True, default="")
    strand = models.CharField(max_length=3, blank=True, default="")
    title = models.CharField(max_length=260, default="")
    with_words = models.CharField(max_length=200, blank=True, default="")
    next_contact_at = models.DateTimeField(null=True, blank=True)
    next_contact_words = models.CharField(max_length=60, blank=True, default="")
    clock_at = models.DateTimeField(null=True, blank=True)
    clock_words = models.CharField(max_length=60, blank=True, default="")
    clock_urgent = models.BooleanField(default=False)
    tries = models.PositiveSmallIntegerField(default=0)  # tries since the family was last reached
    sort_key = models.CharField(max_length=60, db_collation="C", default="")

    objects = FamilyCareQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["is_open", "sort_key"], name="families_in_order")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(is_open=True, lead__isnull=False, lead_team__isnull=False)
                | Q(is_open=False, lead__isnull=True, lead_team__isnull=True),
                name="open_family_has_a_lead",
            )
        ]


class Draft(models.Model):
    """A form begun and not sent. It holds no foreign keys, so that it can be swept when it is old."""

    key = models.CharField(max_length=64, unique=True)  # secret, in the address or typed from a note
    kind = models.CharField(max_length=24)
    user_id = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)
    started_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    sent_reference = models.CharField(max_length=12, blank=True, default="")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["user_id", "-changed_at"], name="drafts_by_user")]
