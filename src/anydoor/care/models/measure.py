"""Measures: an instrument answered once by one person, the link it went out by, and what an answer alarmed.

A measure names the very rules, thresholds and words it was taken with, and is for ever read by them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from anydoor.access.models import Team, User
from anydoor.care.models.record import seen_by
from anydoor.directory.models import Area, Service
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import ContactPoint, Family, Person

if TYPE_CHECKING:
    from anydoor.access.policy import Standing

RESPONDENTS = {
    "mother": "mother",
    "father": "father",
    "co_parent": "co-parent",
    "carer": "carer",
    "other": "other",
}
MODES_OF_TAKING = {
    "self_link": "By themselves, from a link",
    "self_here": "By themselves, on our screen",
    "interview": "Asked aloud",
    "interpreter": "Asked with an interpreter",
    "paper": "On paper, entered after",
}
WHY_TAKEN = {
    "routine": "Asked of everybody at this contact",
    "follow_up": "After an answer that asks for more",
    "concern": "Somebody is concerned, or they are themselves",
    "start": "At the start of working together",
    "review": "To see how it goes",
    "end": "At the end of working together",
    "asked": "They asked for it",
}
STATES_OF_MEASURE = {"draft": "Not finished", "finished": "Finished", "withdrawn": "Taken back"}
RISKS = ("", "raised", "not_raised", "not_answered", "not_applicable")
# What somebody did about an answer of danger. All but `tried` end the clock.
ALERT_ACTIONS = {
    "safe_plan": "Spoke with them. Safe for now, and we agreed a plan",
    "urgent_help": "Spoke with them. Urgent mental health help is arranged",
    "emergency": "Called 999, or they are at A&E",
    "safeguarding": "Spoke with safeguarding about it",
    "known_plan": "Spoke with them. It is known, and the plan they have still holds",
    "not_meant": "Spoke with them. The answer was not meant like that",
    "tried": "Tried, and did not reach them yet",
}


def respondents() -> list[tuple[str, str]]:
    return list(RESPONDENTS.items())


def modes_of_taking() -> list[tuple[str, str]]:
    return list(MODES_OF_TAKING.items())


def why_taken() -> list[tuple[str, str]]:
    return list(WHY_TAKEN.items())


def states_of_measure() -> list[tuple[str, str]]:
    return list(STATES_OF_MEASURE.items())


def alert_actions() -> list[tuple[str, str]]:
    return list(ALERT_ACTIONS.items())


class WordingPack(models.Model):
    """The licensed words of one instrument in one language, as a service loaded them. Never changed."""

    rule = models.CharField(max_length=40)  # "EPDS@1": the definition it was found to fit
    instrument = models.CharField(max_length=30)
    language = models.CharField(max_length=20)
    version = models.CharField(max_length=60)
    title = models.CharField(max_length=200)
    licence = models.CharField(max_length=1000)
    questionnaire = models.JSONField()  # the FHIR R4 Questionnaire as it came
    checksum = models.CharField(max_length=64, unique=True)  # SHA-256 of its words, as `Wording.checksum`
    area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="wording_packs"
    )
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["rule", "language", "area"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="one_pack_in_use",
            ),
            models.CheckConstraint(condition=~Q(licence=""), name="pack_says_its_licence"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} in {self.language}, {self.version}"


class LocalValues(models.Model):
    """Thresholds an area or a service set for itself, on top of a shipped set. A name is never used twice."""

    name = models.CharField(max_length=60, unique=True)
    base = models.CharField(max_length=60)  # the shipped set it changes
    changes = models.JSONField()  # {"MORS-SF.warmth_concern_max": {"value", "source", "tag"}}
    area = models.ForeignKey(
        Area, null=True, blank=True, on_delete=models.PROTECT, related_name="local_values"
    )
    service = models.ForeignKey(
        Service, null=True, blank=True, on_delete=models.PROTECT, related_name="local_values"
    )
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=200)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["area", "service"],
                condition=Q(ended_at__isnull=True),
                nulls_distinct=False,
                name="one_set_of_values_in_use",
            )
        ]

    def __str__(self) -> str:
        return self.name


class MeasureLinkQuerySet(models.QuerySet["MeasureLink"]):
    def open(self) -> MeasureLinkQuerySet:
        return self.filter(ended_at__isnull=True)


class MeasureLink(models.Model):
    """A one-time link to one or more measures of one person. Only a hash of its secret is kept."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="measure_links")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="measure_links")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    contact_point = models.ForeignKey(ContactPoint, null=True, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey(OutboxMessage, null=True, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=20, default="en")
    sent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=200, blank=True, default="")

    objects = MeasureLinkQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["family"], condition=Q(ended_at__isnull=True), name="open_measure_links")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("sent_at")), name="measure_link_runs_out_later"
            ),
            models.CheckConstraint(
                condition=Q(finished_at__isnull=True) | Q(ended_at__isnull=False),
                name="finished_measure_link_is_ended",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_why=""), name="ended_measure_link_says_why"
            ),
        ]


class MeasureQuerySet(models.QuerySet["Measure"]):
    def finished(self) -> MeasureQuerySet:
        return self.filter(state="finished")

    def drafts(self) -> MeasureQuerySet:
        return self.filter(state="draft")

    def kept(self) -> MeasureQuerySet:
        """All but those taken back."""
        return self.exclude(state="withdrawn")

    def for_user(self, who: Standing) -> MeasureQuerySet:
        """Those of families somebody in `who`'s teams works with in full."""
        return self.filter(seen_by(who, "full"))

    def newest_first(self) -> MeasureQuerySet:
        return self.order_by("-taken_at", "-pk")


class Measure(models.Model):
    """An instrument answered once, by one person, on that person's own record.

    `answers` are raw, by item key ("1" to "9"; "warmth.1" where scales stand apart), in the way of `format`;
    an item that is not there was not answered. `shown` has the index of the option ticked, as printed.
    `words` are free answers by name, never scored. `result` is worked out by the rules named here, and by
    nobody else; `risk` is the flag of its risk items, in a draft too.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="measures")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="measures")
    respondent_role = models.CharField(max_length=10, choices=respondents)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    instrument = models.CharField(max_length=30)  # "PHQ-9"
    rule = models.CharField(max_length=40)  # "PHQ-9@1"
    value_set = models.CharField(max_length=60)  # "anydoor-2026-11", or a name of `LocalValues`
    wording = models.CharField(max_length=64, blank=True, default="")  # checksum of what was shown
    language = models.CharField(max_length=20, default="en")
    mode = models.CharField(max_length=12, choices=modes_of_taking)
    state = models.CharField(max_length=10, choices=states_of_measure, default="draft")
    format = models.CharField(max_length=24, blank=True, default="")
    answers = models.JSONField(default=dict, blank=True)
    shown = models.JSONField(default=dict, blank=True)
    words = models.JSONField(default=dict, blank=True)
    difficulty = models.PositiveSmallIntegerField(null=True, blank=True)
    result = models.JSONField(default=dict, blank=True)
    risk = models.CharField(max_length=14, blank=True, default="")
    why = models.CharField(max_length=12, choices=why_taken, default="routine")
    schedule_key = models.CharField(max_length=12, blank=True, default="")  # "HV2", "MW-28"
    follow_up_of = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="follow_ups")
    practitioner = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(
        "care.Referral", null=True, on_delete=models.PROTECT, related_name="measures"
    )
    episode = models.ForeignKey("care.Episode", null=True, on_delete=models.PROTECT, related_name="measures")
    link = models.ForeignKey(MeasureLink, null=True, on_delete=models.PROTECT, related_name="measures")
    form_key = models.CharField(max_length=64, blank=True, default="")
    started_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    taken_at = models.DateTimeField()  # when it was answered: on paper that may be earlier
    finished_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField(max_length=300, blank=True, default="")
    version = models.PositiveIntegerField(default=1)

    objects = MeasureQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["family", "-taken_at", "-id"], name="measures_by_family"),
            models.Index(fields=["person", "instrument", "-taken_at"], name="measures_by_person"),
            models.Index(
                fields=["schedule_key", "person"], condition=~Q(schedule_key=""), name="measures_at_contacts"
            ),
            models.Index(
                fields=["episode", "instrument", "taken_at"],
                condition=Q(state="finished", episode__isnull=False),
                name="measures_of_episode",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(respondent_role__in=list(RESPONDENTS)), name="respondent_known"
            ),
            models.CheckConstraint(condition=Q(mode__in=list(MODES_OF_TAKING)), name="mode_of_taking_known"),
            models.CheckConstraint(condition=Q(why__in=list(WHY_TAKEN)), name="why_taken_known"),
            models.CheckConstraint(condition=Q(risk__in=list(RISKS)), name="risk_known"),
            models.CheckConstraint(
                condition=Q(state="draft", finished_at__isnull=True, withdrawn_at__isnull=True)
                | Q(state="finished", finished_at__isnull=False, withdrawn_at__isnull=True)
                | (Q(state="withdrawn", withdrawn_at__isnull=False) & ~Q(withdrawn_why="")),
                name="measure_state_has_its_time",
            ),
            models.CheckConstraint(
                condition=~Q(state="finished") | ~Q(result={}), name="finished_measure_has_a_result"
            ),
            models.CheckConstraint(
                condition=Q(difficulty__isnull=True) | Q(difficulty__lte=3), name="difficulty_of_four"
            ),
            models.CheckConstraint(
                condition=Q(follow_up_of__isnull=True) | ~Q(follow_up_of=F("id")), name="follows_another"
            ),
            models.UniqueConstraint(
                fields=["person", "instrument", "form_key"],
                condition=~Q(form_key=""),
                name="measure_begun_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument} of {self.taken_at:%d %B %Y}"


class MeasureAlertQuerySet(models.QuerySet["MeasureAlert"]):
    def open(self) -> MeasureAlertQuerySet:
        return self.filter(acknowledged_at__isnull=True)


class MeasureAlert(models.Model):
    """An answer that may mean danger. One for each item of a measure, whatever is answered afterwards.

    One named person acknowledges it with what they did; until then the waits it opened go on and climb.
    """

    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="alerts")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="measure_alerts")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="measure_alerts")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    item = models.CharField(max_length=24)  # the item's key
    score = models.SmallIntegerField()
    answer_words = models.CharField(max_length=300, blank=True, default="")  # "Several days"
    holder = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    duty = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    reads_at = models.DateTimeField()  # when the duty worker reads it: ahead when the door is shut
    raised_at = models.DateTimeField()
    acknowledged_at = models.DateTimeField(null=True, blank=True)
    acknowledged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    action = models.CharField(max_length=12, blank=True, default="", choices=alert_actions)
    action_words = models.CharField(max_length=2000, blank=True, default="")

    objects = MeasureAlertQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["family"], condition=Q(acknowledged_at__isnull=True), name="open_measure_alerts"
            )
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["measure", "item"], name="one_alert_per_item"),
            models.CheckConstraint(
                condition=Q(
                    acknowledged_at__isnull=True, acknowledged_by__isnull=True, action="", action_words=""
                )
                | (
                    Q(acknowledged_at__isnull=False, acknowledged_by__isnull=False)
                    & Q(action__in=[one for one in ALERT_ACTIONS if one != "tried"])
                    & ~Q(action_words="")
                ),
                name="alert_acknowledged_by_somebody",
            ),
        ]
