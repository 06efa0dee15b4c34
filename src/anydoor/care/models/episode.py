"""A service working with a family, and every contact: planned, kept or missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import Q

from anydoor.access.models import Team, User
from anydoor.care.models.record import seen_by
from anydoor.directory.models import Area, Service, levels
from anydoor.people.models import Family, Person
from anydoor.rules.pathway import STAGE_WORDS, EpisodeStage

if TYPE_CHECKING:
    from anydoor.access.policy import Standing

MODES = {
    "phone": "Phone",
    "video": "Video",
    "home": "Home visit",
    "clinic": "Clinic or hub",
    "text": "Text conversation",
    "group": "Group",
    "joint": "Joint call or visit",
    "letter": "Letter",
}
OUTCOMES = {
    "planned": "Planned",
    "attended": "We met or spoke",
    "not_reached": "Tried, not reached",
    "could_not_come": "They could not come",
    "cancelled_family": "They moved or cancelled it",
    "cancelled_us": "We moved or cancelled it",
}

# What a contact was for, as outcomes count it. Not said counts as treatment; pages say how many those are.
PURPOSES = {
    "": "Not said",
    "assessment": "Assessment only",
    "treatment": "Treatment, or the help itself",
    "both": "Assessment and treatment in one",
    "follow_up": "Follow-up, after the help had ended",
    "other": "Something else",
}
# What the help is about, which decides the anxiety measure of its outcome (`rules.outcomes`).
DESCRIPTORS = {
    "none_recorded": "Not recorded",
    "depression": "Depression",
    "gad": "General anxiety",
    "mixed_anxiety_depression": "Anxiety and depression together",
    "ptsd": "After trauma, also a hard birth (PTSD)",
    "ocd": "Obsessive thoughts or acts (OCD)",
    "panic_disorder": "Panic",
    "agoraphobia": "Fear of going out (agoraphobia)",
    "social_anxiety": "Fear of others' judgement (social anxiety)",
    "health_anxiety": "Worry about health (health anxiety)",
}


def purposes() -> list[tuple[str, str]]:
    return list(PURPOSES.items())


def descriptors() -> list[tuple[str, str]]:
    return list(DESCRIPTORS.items())


def modes() -> list[tuple[str, str]]:
    return list(MODES.items())


def outcomes() -> list[tuple[str, str]]:
    return list(OUTCOMES.items())


def episode_stages() -> list[tuple[str, str]]:
    return [(stage.value, STAGE_WORDS[stage]) for stage in EpisodeStage]


class EpisodeQuerySet(models.QuerySet["Episode"]):
    def open(self) -> EpisodeQuerySet:
        return self.filter(stage=EpisodeStage.OPEN.value)

    def for_user(self, who: Standing) -> EpisodeQuerySet:
        """Those of families that `who` works with."""
        return self.filter(seen_by(who, "full"))


class Episode(models.Model):
    """A service working with a person or family. Its end state follows from what was delivered."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="episodes")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="episodes")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="episodes")
    referral = models.ForeignKey(
        "care.Referral", null=True, on_delete=models.PROTECT, related_name="episodes"
    )
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="episodes")
    stage = models.CharField(max_length=8, choices=episode_stages, default=EpisodeStage.OPEN)
    level = models.CharField(max_length=12, choices=levels)
    holder = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    holder_team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    # A receiver outside the house works with the family; the holder here stays in touch with them.
    outside_words = models.CharField(max_length=200, blank=True, default="")
    descriptor = models.CharField(max_length=24, choices=descriptors, default="none_recorded")
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    end_reason = models.CharField(max_length=40, blank=True, default="")
    end_state = models.CharField(max_length=24, blank=True, default="")
    end_words = models.CharField(max_length=500, blank=True, default="")

    objects = EpisodeQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(stage__in=["open", "ended"]), name="episode_stage_known"),
            models.CheckConstraint(
                condition=Q(
                    stage="open",
                    holder__isnull=False,
                    holder_team__isnull=False,
                    ended_at__isnull=True,
                    end_state="",
                )
                | (
                    Q(
                        stage="ended",
                        holder__isnull=True,
                        holder_team__isnull=True,
                        ended_at__isnull=False,
                    )
                    & ~Q(end_state="")
                ),
                name="open_episode_has_a_holder",
            ),
            models.CheckConstraint(
                condition=Q(descriptor__in=list(DESCRIPTORS)), name="episode_descriptor_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} since {self.opened_at:%d %B %Y}"


class ContactQuerySet(models.QuerySet["Contact"]):
    def kept(self) -> ContactQuerySet:
        """Those in which the family and a worker really met or spoke."""
        return self.filter(outcome="attended")

    def planned(self) -> ContactQuerySet:
        return self.filter(outcome="planned")


class Contact(models.Model):
    """An appointment, call, visit, text conversation or group; planned first or recorded at once.

    A moved appointment is kept and points to the one that took its place.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="contacts")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="contacts")
    referral = models.ForeignKey(
        "care.Referral", null=True, on_delete=models.PROTECT, related_name="contacts"
    )
    episode = models.ForeignKey(Episode, null=True, on_delete=models.PROTECT, related_name="contacts")
    handover = models.ForeignKey(
        "care.Handover", null=True, on_delete=models.PROTECT, related_name="contacts"
    )
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="contacts")
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="contacts")
    by_words = models.CharField(max_length=200)
    mode = models.CharField(max_length=8, choices=modes)
    purpose = models.CharField(max_length=10, choices=purposes, blank=True, default="")
    outcome = models.CharField(max_length=18, choices=outcomes)
    happens_at = models.DateTimeField()  # when it took place, or is planned to
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)
    words = models.TextField(blank=True, default="")
    place = models.CharField(max_length=200, blank=True, default="")
    recorded_at = models.DateTimeField()
    superseded_by = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="supersedes")
    version = models.PositiveIntegerField(default=1)

    objects = ContactQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["family", "-happens_at"], name="contacts_by_family"),
            models.Index(
                fields=["happens_at"],
                condition=Q(outcome="planned"),
                name="contacts_planned",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(mode__in=list(MODES)), name="contact_mode_known"),
            models.CheckConstraint(condition=Q(purpose__in=list(PURPOSES)), name="contact_purpose_known"),
            models.CheckConstraint(condition=Q(outcome__in=list(OUTCOMES)), name="contact_outcome_known"),
        ]
