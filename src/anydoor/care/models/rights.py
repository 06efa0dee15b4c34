"""Rights over a record: asking for it, what is left out and why, what is not right in it, holds, erasures."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from anydoor.access.models import User
from anydoor.care.models.record import Wait
from anydoor.people.consent import WAYS_OF_SAYING
from anydoor.people.models import Family, Person

ASKED_AS = {
    "self": "The person themself",
    "parent": "A parent, for their child",
    "authority": "Somebody the person chose in writing",
}
STATES_OF_ACCESS = {"open": "To answer", "sent": "Sent", "closed": "Closed without an answer"}
CHOICES = {"in": "Give it", "part": "Give it without some passages", "out": "Leave it out"}
REASONS_OUT = {
    "third_party": "It is about somebody else",
    "confidential": "Somebody told it in confidence",
    "serious_harm": "It could seriously harm somebody; a health professional decided that",
    "privilege": "It is legal advice",
    "crime": "It could hinder the police or the courts",
    "social_work": "It could harm the work to keep a child or an adult safe",
}
HOLD_REASONS = {
    "claim": "A legal claim",
    "inquiry": "A public inquiry",
    "complaint": "A complaint",
    "police": "The police or a court",
    "review": "A safeguarding review",
    "other": "Another reason",
}
BASES = {
    "over": "It has been kept for as long as it must be",
    "asked": "The person asked, and nothing obliges us to keep it",
    "mistake": "It should never have been written here",
    "court": "A court ordered it",
}
# What a person says of something in their record. All but the first are objections in the law's sense.
OBJECTIONS = {
    "wrong": "It is not right",
    "share": "They do not want it shared",
    "use": "They do not want it used or kept",
}
STATES_OF_OBJECTION = {
    "open": "Being looked at",
    "corrected": "Put right",
    "stopped": "Done as they asked",
    "kept": "Not changed",
    "taken_back": "They took it back",
}
STATES_OF_ERASURE = {
    "asked": "Waits for a second person",
    "erasing": "Being erased",
    "done": "Erased",
    "turned_down": "Not erased",
}


def asked_as() -> list[tuple[str, str]]:
    return list(ASKED_AS.items())


def states_of_access() -> list[tuple[str, str]]:
    return list(STATES_OF_ACCESS.items())


def choices_of_line() -> list[tuple[str, str]]:
    return list(CHOICES.items())


def reasons_out() -> list[tuple[str, str]]:
    return list(REASONS_OUT.items())


def hold_reasons() -> list[tuple[str, str]]:
    return list(HOLD_REASONS.items())


def bases() -> list[tuple[str, str]]:
    return list(BASES.items())


def objections() -> list[tuple[str, str]]:
    return list(OBJECTIONS.items())


def states_of_objection() -> list[tuple[str, str]]:
    return list(STATES_OF_OBJECTION.items())


def ways_of_saying() -> list[tuple[str, str]]:
    return list(WAYS_OF_SAYING.items())


def states_of_erasure() -> list[tuple[str, str]]:
    return list(STATES_OF_ERASURE.items())


class AccessRequest(models.Model):
    """One person asks for their own record. What was sent is kept as it was, with its digest.

    `sent` is the list of entries as they were given; `digest` the SHA-256 of them.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="access_requests")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="access_requests")
    asked_by = models.CharField(max_length=200)
    asked_as = models.CharField(max_length=10, choices=asked_as)
    authority = models.CharField(max_length=500, blank=True, default="")
    proof = models.CharField(max_length=300)  # how we know who they are
    words = models.CharField(max_length=1000, blank=True, default="")
    asked_on = models.DateField()
    due_on = models.DateField()
    longer_why = models.CharField(max_length=500, blank=True, default="")
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=states_of_access, default="open")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    closed_words = models.CharField(max_length=500, blank=True, default="")  # how it was sent, or why not
    sent = models.JSONField(default=list, blank=True)
    wait = models.OneToOneField(Wait, null=True, on_delete=models.PROTECT, related_name="access_request")
    digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["due_on", "id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=list(STATES_OF_ACCESS)), name="access_request_state_known"
            ),
            models.CheckConstraint(
                condition=Q(asked_as="self") | Q(asked_as="parent") | ~Q(authority=""),
                name="access_for_another_has_authority",
            ),
            models.CheckConstraint(
                condition=Q(state="open", closed_at__isnull=True)
                | Q(state="closed", closed_at__isnull=False)
                | (Q(state="sent", closed_at__isnull=False) & ~Q(digest="")),
                name="access_sent_has_its_digest",
            ),
            models.CheckConstraint(condition=Q(due_on__gt=F("asked_on")), name="access_due_after_asked"),
            models.UniqueConstraint(
                fields=["person"], condition=Q(state="open"), name="one_open_access_request"
            ),
        ]


class AccessChoice(models.Model):
    """What somebody decided about one entry of a bundle. `of`: digest of the entry as it then was."""

    request = models.ForeignKey(AccessRequest, on_delete=models.PROTECT, related_name="choices")
    key = models.CharField(max_length=60)
    of = models.CharField(max_length=64)
    choice = models.CharField(max_length=4, choices=choices_of_line)
    reason = models.CharField(max_length=12, blank=True, default="", choices=reasons_out)
    words = models.CharField(max_length=500, blank=True, default="")
    passages = models.JSONField(default=list, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["request", "key"], name="one_choice_an_entry"),
            models.CheckConstraint(condition=Q(choice__in=list(CHOICES)), name="access_choice_known"),
            models.CheckConstraint(
                condition=Q(choice="in") | (Q(reason__in=list(REASONS_OUT)) & ~Q(words="")),
                name="left_out_says_why",
            ),
        ]


class ObjectionQuerySet(models.QuerySet["Objection"]):
    def open(self) -> ObjectionQuerySet:
        return self.filter(state="open")

    def beside(self) -> ObjectionQuerySet:
        """Those whose words stand beside what they are about: all but what was taken back."""
        return self.exclude(state="taken_back")


class Objection(models.Model):
    """What a person says of something in their record: that it is not right, or that they do not want it.

    Answered within the law's month. Their words stay beside what they are about, whatever the answer.
    `of` is the key of the entry (as in `rights.entries`; of a fact with its name, `person:7:born_on`), empty
    for something that is not listed; `said` how it stood when they spoke; `answer` what they read of us.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="objections")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="objections")
    kind = models.CharField(max_length=6, choices=objections, default="wrong")
    of = models.CharField(max_length=60, blank=True, default="")
    about = models.CharField(max_length=300)
    said = models.TextField(blank=True, default="")
    words = models.CharField(max_length=1000)
    should_be = models.CharField(max_length=1000, blank=True, default="")
    said_by = models.CharField(max_length=200)
    how = models.CharField(max_length=12, choices=ways_of_saying)
    by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")  # none: themself
    at = models.DateTimeField()
    due_on = models.DateField()
    longer_why = models.CharField(max_length=500, blank=True, default="")
    wait = models.OneToOneField(Wait, null=True, on_delete=models.PROTECT, related_name="objection")
    state = models.CharField(max_length=10, choices=states_of_objection, default="open")
    answer = models.CharField(max_length=1000, blank=True, default="")
    now_says = models.CharField(max_length=1000, blank=True, default="")  # put right beside, not in its place
    answered_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    objects = ObjectionQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=~Q(words="") & ~Q(about="") & ~Q(said_by=""), name="objection_in_words"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(OBJECTIONS)), name="objection_kind_known"),
            models.CheckConstraint(
                condition=Q(state__in=list(STATES_OF_OBJECTION)), name="objection_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True)
                | (Q(answered_at__isnull=False, answered_by__isnull=False) & ~Q(answer=""))
                | Q(state="taken_back", answered_at__isnull=False),
                name="objection_answered_in_words",
            ),
            models.UniqueConstraint(
                fields=["person", "of", "kind"],
                condition=Q(state="open") & ~Q(of=""),
                name="one_open_objection_a_fact",
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.state == "open"


class LegalHold(models.Model):
    """Nobody erases this family's record while it stands, however long it was kept."""

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="legal_holds")
    reason = models.CharField(max_length=10, choices=hold_reasons)
    words = models.CharField(max_length=500)
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    until = models.DateField(null=True, blank=True)  # the day to look at it again; it does not end by itself
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_words = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(reason__in=list(HOLD_REASONS)), name="hold_reason_known"),
            models.CheckConstraint(condition=~Q(words=""), name="hold_says_why"),
            models.UniqueConstraint(
                fields=["family"], condition=Q(lifted_at__isnull=True), name="one_legal_hold_a_family"
            ),
        ]


class Erasure(models.Model):
    """A record erased, or asked to be: by whom, why, and the certificate. Never by one alone.

    The whole record of a family, or with `person` what is that one person's of it, the others' left whole.
    `counts`: table -> rows emptied or taken away. While `erasing`, and only then, the database lets the
    words of that family's happenings go; no transaction can end in that state.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="erasures")
    person = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="erasures")
    basis = models.CharField(max_length=8, choices=bases)
    why = models.CharField(max_length=500)
    rule = models.CharField(max_length=20, blank=True, default="")  # a code of `rules.retention`
    asked_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    state = models.CharField(max_length=12, choices=states_of_erasure, default="asked")
    decided_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_words = models.CharField(max_length=500, blank=True, default="")
    counts = models.JSONField(default=dict, blank=True)
    digest = models.CharField(max_length=64, blank=True, default="")

    class Meta:
        ordering: ClassVar = ["-asked_at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(state__in=list(STATES_OF_ERASURE)), name="erasure_state_known"
            ),
            models.CheckConstraint(condition=Q(basis__in=list(BASES)), name="erasure_basis_known"),
            models.CheckConstraint(condition=~Q(why=""), name="erasure_says_why"),
            models.CheckConstraint(
                condition=~Q(state__in=["erasing", "done"])
                | (Q(decided_by__isnull=False) & ~Q(decided_by=F("asked_by"))),
                name="erased_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | (~Q(digest="") & Q(decided_at__isnull=False)),
                name="erased_has_a_certificate",
            ),
            models.UniqueConstraint(
                fields=["family"],
                condition=~Q(state="turned_down") & Q(person__isnull=True),
                name="one_erasure_a_family",
            ),
            models.UniqueConstraint(
                fields=["family", "person"],
                condition=~Q(state="turned_down") & Q(person__isnull=False),
                name="one_erasure_a_person",
            ),
        ]
