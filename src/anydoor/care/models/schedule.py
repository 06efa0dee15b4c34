"""The routine contacts of each pregnancy and baby, as rows with their windows, and what became of each.

A row says what was planned and what happened. How it stands today (not yet due, due, overdue) follows from
its window and the day one looks; it is not stored, so that no job has to run for it to be true.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from django.db import models
from django.db.models import F, Q

from anydoor.access.models import Team, User
from anydoor.directory.models import Area
from anydoor.people.models import Family, Person

if TYPE_CHECKING:
    from anydoor.access.policy import Standing

STATES_OF_SCHEDULED = {
    "open": "Not done yet",
    "done": "Done",
    "declined": "They said no to this",
    "excluded": "Not counted",
    "not_needed": "Not needed",
}
PROVIDERS = {
    "midwife": "Midwife",
    "health_visitor": "Health visitor",
    "gp": "GP",
    "sonographer": "Scan",
}
DECLINE_REASONS = {
    "not_wanted": "They do not want this contact",
    "not_now": "Not now; they want to be asked again",
    "seen_elsewhere": "They see somebody else for this",
    "not_said": "They did not say why",
}
FIRST_BABY = {"yes": "Yes", "no": "No", "not_asked": "Not asked yet"}
WELLBEING = {"yes": "Yes", "no": "No", "not_asked": "Not recorded"}
# What became of a question that belongs to the contact, where no measure says so.
ANSWERS_TO_ASKING = {
    "offered": "Given, not answered yet",
    "declined": "They did not want to answer",
    "not_offered": "Not asked this time",
}
ACTIONS = {
    "": "Nothing recorded",
    "longer_form": "A longer form was taken",
    "plan": "We agreed a plan together",
    "gp": "Spoke with the GP",
    "referred": "Asked another service for help",
    "specialist": "Spoke with the specialist team",
    "in_hand": "Already getting help for it",
}


def scheduled_states() -> list[tuple[str, str]]:
    return list(STATES_OF_SCHEDULED.items())


def providers() -> list[tuple[str, str]]:
    return list(PROVIDERS.items())


def first_baby() -> list[tuple[str, str]]:
    return list(FIRST_BABY.items())


def wellbeing() -> list[tuple[str, str]]:
    return list(WELLBEING.items())


def actions() -> list[tuple[str, str]]:
    return list(ACTIONS.items())


class ScheduledChild(models.Model):
    """What the schedule of one child depends on beside its dates: area, since when, stays, first or not.

    `stays` are days in neonatal care: [["2026-03-01", "2026-03-20"], ["2026-04-02", null]].
    """

    child = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="scheduled", primary_key=True)
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="scheduled_children")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    known_from = models.DateField()
    left_on = models.DateField(null=True, blank=True)  # moved to nobody's area that we know
    told_lost_on = models.DateField(null=True, blank=True)  # when no day of the loss is known
    first_baby = models.CharField(max_length=10, default="not_asked", choices=first_baby)
    stays = models.JSONField(default=list, blank=True)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["family"], name="scheduled_child_by_family")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(first_baby__in=list(FIRST_BABY)), name="first_baby_known"),
        ]


class ScheduledContactQuerySet(models.QuerySet["ScheduledContact"]):
    def open(self) -> ScheduledContactQuerySet:
        return self.filter(state="open")

    def due(self, on: date) -> ScheduledContactQuerySet:
        """Those whose window is open on the day."""
        return self.open().filter(opens_on__lte=on, closes_on__gte=on)

    def overdue(self, on: date) -> ScheduledContactQuerySet:
        """Those whose window has closed, and that are still worth catching up on."""
        return self.open().filter(closes_on__lt=on, lapses_on__gte=on)

    def for_user(self, who: Standing) -> ScheduledContactQuerySet:
        """Those of families somebody in `who`'s teams works with in full."""
        from anydoor.care.models.record import FamilyCare

        return self.filter(family_id__in=FamilyCare.objects.seen_in_full(who).values("pk"))

    def of_teams(self, team_ids: Iterable[int]) -> ScheduledContactQuerySet:
        """Those these teams are to make."""
        return self.filter(team_id__in=team_ids)


class ScheduledContact(models.Model):
    """One routine contact of one child: planned, and what became of it.

    `area` and `team` are those it was planned for; after a move the new area has a row of its own. `counted`:
    coverage is out of this one, once its window has closed. `why`: the reason it is declined, excluded or not
    needed; of an open or done one, why it is not counted. `by_hand`: a person decided the state, and working
    it out anew leaves that alone.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="scheduled_contacts")
    child = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="scheduled_contacts")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    key = models.CharField(max_length=12)  # "HV2", "MW-28": the keys of `rules.schedule_contacts`
    provider = models.CharField(max_length=16, choices=providers)
    opens_on = models.DateField()
    closes_on = models.DateField()
    counts_from = models.DateField()
    lapses_on = models.DateField()
    state = models.CharField(max_length=10, choices=scheduled_states, default="open")
    counted = models.BooleanField(default=True)
    by_hand = models.BooleanField(default=False)
    why = models.CharField(max_length=20, blank=True, default="")
    why_words = models.CharField(max_length=500, blank=True, default="")
    since = models.DateField(null=True, blank=True)  # of an exclusion or a "no": from which day
    done_on = models.DateField(null=True, blank=True)
    done_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    done_by_words = models.CharField(max_length=200, blank=True, default="")
    done_words = models.CharField(max_length=2000, blank=True, default="")
    contact = models.ForeignKey("care.Contact", null=True, on_delete=models.PROTECT, related_name="scheduled")
    wellbeing_asked = models.CharField(max_length=10, choices=wellbeing, default="not_asked")
    asked = models.JSONField(default=dict, blank=True)  # {"GAD-2": "declined"}, see ANSWERS_TO_ASKING
    action = models.CharField(max_length=12, blank=True, default="", choices=actions)
    action_words = models.CharField(max_length=500, blank=True, default="")
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = ScheduledContactQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["area", "closes_on", "id"], condition=Q(state="open"), name="scheduled_open_by_area"
            ),
            models.Index(
                fields=["team", "closes_on", "id"], condition=Q(state="open"), name="scheduled_open_by_team"
            ),
            models.Index(fields=["area", "closes_on"], name="scheduled_by_closing"),
            models.Index(fields=["family"], name="scheduled_by_family"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["child", "key", "area"], name="scheduled_once_in_an_area"),
            models.UniqueConstraint(
                fields=["child", "key"], condition=Q(state="done"), name="scheduled_done_once"
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(STATES_OF_SCHEDULED)), name="scheduled_state_known"
            ),
            models.CheckConstraint(condition=Q(provider__in=list(PROVIDERS)), name="provider_known"),
            models.CheckConstraint(
                condition=Q(opens_on__lte=F("closes_on"), closes_on__lte=F("lapses_on")),
                name="scheduled_window_in_order",
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False, recorded_at__isnull=False)
                | (~Q(state="done") & Q(done_on__isnull=True)),
                name="scheduled_done_has_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "done"]) | ~Q(why=""), name="scheduled_closed_says_why"
            ),
            models.CheckConstraint(
                condition=Q(wellbeing_asked__in=list(WELLBEING)), name="wellbeing_answer_known"
            ),
            models.CheckConstraint(condition=Q(action__in=list(ACTIONS)), name="scheduled_action_known"),
        ]

    def __str__(self) -> str:
        return f"{self.key}, {self.opens_on} to {self.closes_on}"
