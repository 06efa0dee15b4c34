"""Goals: what somebody wants to come of the help, in their own words, and how near they feel to it."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from anydoor.access.models import User
from anydoor.people.models import Family, Person

LOWEST, HIGHEST = 0, 10


class GoalQuerySet(models.QuerySet["Goal"]):
    def open(self) -> GoalQuerySet:
        return self.filter(ended_at__isnull=True)


class Goal(models.Model):
    """One goal of one person, in that person's own words. Words never change: a new aim is a new goal."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="goals")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="goals")
    episode = models.ForeignKey("care.Episode", null=True, on_delete=models.PROTECT, related_name="goals")
    words = models.CharField(max_length=300)
    set_at = models.DateTimeField()
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=300, blank=True, default="")

    objects = GoalQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["person", "set_at"], name="goals_of_person")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=~Q(words=""), name="goal_has_words"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | ~Q(ended_why=""), name="ended_goal_says_why"
            ),
        ]

    def __str__(self) -> str:
        return self.words


class GoalRating(models.Model):
    """How near somebody felt to a goal on a day: 0 is not begun, 10 is reached."""

    goal = models.ForeignKey(Goal, on_delete=models.PROTECT, related_name="ratings")
    rating = models.PositiveSmallIntegerField()
    rated_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    words = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["rated_at", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(rating__lte=HIGHEST), name="goal_rated_from_0_to_10"),
            models.UniqueConstraint(fields=["goal", "rated_at"], name="goal_rated_once_at_a_time"),
        ]
