"""What keeps an entry true: reminders that were sent, and what visitors say is wrong."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from anydoor.access.models import User
from anydoor.directory.models.entry import Service

REMINDER_STEPS = {
    "due": "The owner was asked to check it",
    "again": "The owner was asked again",
    "lead": "The area's lead was asked",
}
WRONG_ABOUT = {
    "contact": "The phone number, e-mail or address",
    "times": "The day, the time or the place",
    "who": "Who it is for",
    "gone": "It is closed or it is not there any more",
    "words": "Something is not clear",
    "other": "Something else",
}
ANSWERS = {
    "changed": "It was changed",
    "was_right": "It was right as it was",
    "closed": "The service is closed for now",
    "other": "Something else was done",
}


def wrong_about() -> list[tuple[str, str]]:
    return list(WRONG_ABOUT.items())


class EntryReminder(models.Model):
    """A reminder that an entry is due to be checked. One a step and due day, however often the sweep runs."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="reminders")
    step = models.CharField(max_length=5)
    due_on = models.DateField()
    sent_to = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    sent_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(step__in=list(REMINDER_STEPS)), name="reminder_step_known"),
            models.UniqueConstraint(fields=["service", "step", "due_on"], name="reminded_once"),
        ]


class WrongReport(models.Model):
    """A visitor says that an entry is wrong. It waits on the entry's owner until it is answered in words."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="wrong_reports")
    about = models.CharField(max_length=10, choices=wrong_about)
    words = models.TextField()
    reply_to = models.EmailField(max_length=254, blank=True, default="")
    reported_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    reported_at = models.DateTimeField()
    due_at = models.DateTimeField()
    owner = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    owner_told_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)  # the owner, when the time was up
    raised_at = models.DateTimeField(null=True, blank=True)  # to the area's lead
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, blank=True, default="")
    answer_words = models.CharField(max_length=600, blank=True, default="")
    reporter_told_at = models.DateTimeField(null=True, blank=True)
    token = models.UUIDField(unique=True)  # of the form it was sent with: sending twice is once

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["due_at"], condition=Q(answered_at__isnull=True), name="reports_to_answer"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(about__in=list(WRONG_ABOUT)), name="wrong_about_known"),
            models.CheckConstraint(condition=~Q(words=""), name="wrong_report_says_what"),
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, answered_by__isnull=True, answer="")
                | Q(answered_at__isnull=False, answered_by__isnull=False, answer__in=list(ANSWERS)),
                name="answer_is_whole",
            ),
        ]
