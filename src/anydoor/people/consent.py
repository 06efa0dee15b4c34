"""What a person said of sharing, to whom, by whom, in what words; what was shared without; and by what law.

Three things that are often mixed and are kept apart here: consent to share (`Consent`), sharing without it
(`SharedWithout`), and the lawful basis on which an organisation keeps a record at all (`LawfulBasis`).
"""

from __future__ import annotations

from datetime import date, datetime
from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from anydoor.access.models import Organisation, User
from anydoor.rules.sharing import AUTHORITIES, PURPOSES, SLICES

# A refusal is said in kind words: nobody refuses here.
CONSENT_STATES = {
    "given": "Said yes",
    "said_no": "Said no to this",
    "withdrawn": "Changed their mind",
    "expired": "Ran out",
}
WAYS_OF_SAYING = {
    "together": "When we met",
    "phone": "By phone",
    "text": "By text",
    "web": "By web form",
    "letter": "In a letter",
    "interpreter": "Through an interpreter",
}
GIVEN_AS = {
    "self": "For themself",
    "parent": "As the parent",
    "guardian": "With parental responsibility",
    "advocate": "As their advocate",
}
ARTICLE_6 = {
    "public_task": "It is our public task (Article 6(1)(e))",
    "legal_obligation": "The law obliges us (Article 6(1)(c))",
    "legitimate_interests": "Legitimate interests (Article 6(1)(f))",
    "vital_interests": "To save a life (Article 6(1)(d))",
    "consent": "Consent to keep it (Article 6(1)(a))",
}
ARTICLE_9 = {
    "health_care": "Health or social care (Article 9(2)(h))",
    "public_health": "Public health (Article 9(2)(i))",
    "safeguarding": "Safeguarding of children and people at risk (Article 9(2)(g))",
    "explicit_consent": "Explicit consent (Article 9(2)(a))",
    "vital_interests": "To save a life (Article 9(2)(c))",
}
# What each kind of body usually relies on, until its own is recorded. To be checked by its own adviser.
USUAL_BASIS = {
    "nhs_trust": ("public_task", "health_care"),
    "gp_practice": ("public_task", "health_care"),
    "council": ("public_task", "health_care"),
    "hub": ("public_task", "health_care"),
    "charity": ("legitimate_interests", "health_care"),
    "private": ("legitimate_interests", "health_care"),
    "other": ("legitimate_interests", "explicit_consent"),
}


class ConsentQuerySet(models.QuerySet["Consent"]):
    def live(self, on: date) -> ConsentQuerySet:
        """Every yes that counts on that day."""
        return self.filter(state="given").filter(Q(until__isnull=True) | Q(until__gte=on))


class Consent(models.Model):
    """One word of one person about sharing: a yes, or a kind no, with who said it, how, when, in what words.

    A change ends the row and adds another; nothing is written over. `service_id` is a plain number, since
    the directory stands beside this room. `until` is the last day that counts.
    """

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="consents")
    family = models.ForeignKey("people.Family", on_delete=models.PROTECT, related_name="consents")
    purpose = models.CharField(max_length=10, default="help")
    breadth = models.CharField(max_length=12)  # service | organisation | circle
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    service_id = models.BigIntegerField(null=True)
    to_words = models.CharField(max_length=200)  # the receiver by name, as it was said
    slices = ArrayField(models.CharField(max_length=10))
    state = models.CharField(max_length=10, default="given")
    given_by = models.CharField(max_length=200)
    given_as = models.CharField(max_length=10, default="self")
    how = models.CharField(max_length=12)
    words = models.CharField(max_length=500)
    at = models.DateTimeField()
    until = models.DateField(null=True, blank=True)
    # Under 16 and deciding for themself: who judged that they understand enough, and why.
    judged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    judged_words = models.CharField(max_length=500, blank=True, default="")
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.CharField(max_length=200, blank=True, default="")
    ended_words = models.CharField(max_length=500, blank=True, default="")

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [
            models.Index(fields=["family"], name="consents_by_family"),
            models.Index(
                fields=["until"],
                condition=Q(state="given", until__isnull=False),
                name="consents_that_run_out",
            ),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(state__in=list(CONSENT_STATES)), name="consent_state_known"),
            models.CheckConstraint(condition=Q(purpose__in=list(PURPOSES)), name="consent_purpose_known"),
            models.CheckConstraint(
                condition=Q(breadth="service", service_id__isnull=False, organisation__isnull=False)
                | Q(breadth="organisation", service_id__isnull=True, organisation__isnull=False)
                | Q(breadth="circle", service_id__isnull=True, organisation__isnull=True),
                name="consent_names_a_receiver",
            ),
            models.CheckConstraint(
                condition=Q(slices__contained_by=list(SLICES)) & ~Q(slices=[]), name="consent_slices_known"
            ),
            models.CheckConstraint(
                condition=~Q(given_by="") & ~Q(words=""), name="consent_says_who_and_in_what_words"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["given", "said_no"], ended_at__isnull=True)
                | Q(state__in=["withdrawn", "expired"], ended_at__isnull=False),
                name="consent_ended_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(judged_by__isnull=True, judged_words="")
                | (Q(judged_by__isnull=False) & ~Q(judged_words="")),
                name="judgement_has_its_words",
            ),
        ]

    @property
    def key(self) -> int | None:
        """The receiver's id at its breadth, as `rules.sharing` asks for it."""
        return self.service_id if self.breadth == "service" else self.organisation_id

    @property
    def counts_from(self) -> datetime:
        """When its state began: the yes or the no, or the end of it."""
        return self.ended_at or self.at


class SharedWithout(models.Model):
    """Something shared without consent: the reason, on whose authority, decided with whom, looked at when."""

    person = models.ForeignKey("people.Person", on_delete=models.PROTECT, related_name="shared_without")
    family = models.ForeignKey("people.Family", on_delete=models.PROTECT, related_name="shared_without")
    breadth = models.CharField(max_length=12)
    organisation = models.ForeignKey(Organisation, null=True, on_delete=models.PROTECT, related_name="+")
    service_id = models.BigIntegerField(null=True)
    to_words = models.CharField(max_length=200)
    authority = models.CharField(max_length=14)
    reason = models.CharField(max_length=500)
    decided_with = models.CharField(max_length=200, blank=True, default="")
    family_told = models.CharField(max_length=200, blank=True, default="")  # empty: not told, see the reason
    at = models.DateTimeField()
    until = models.DateField(null=True, blank=True)
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        indexes: ClassVar = [models.Index(fields=["family"], name="shared_without_by_family")]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(authority__in=list(AUTHORITIES)), name="authority_known"),
            models.CheckConstraint(condition=~Q(reason=""), name="shared_without_has_a_reason"),
            models.CheckConstraint(
                condition=Q(breadth="service", service_id__isnull=False, organisation__isnull=False)
                | Q(breadth="organisation", service_id__isnull=True, organisation__isnull=False),
                name="shared_without_names_a_receiver",
            ),
        ]

    @property
    def key(self) -> int | None:
        return self.service_id if self.breadth == "service" else self.organisation_id


class LawfulBasis(models.Model):
    """On what legal ground an organisation keeps a record of a family. Not the same as consent to share."""

    family = models.ForeignKey("people.Family", on_delete=models.PROTECT, related_name="lawful_bases")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    article_6 = models.CharField(max_length=20)
    article_9 = models.CharField(max_length=20)
    words = models.CharField(max_length=300, blank=True, default="")
    recorded_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering: ClassVar = ["-at", "-id"]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(article_6__in=list(ARTICLE_6)), name="article_6_known"),
            models.CheckConstraint(condition=Q(article_9__in=list(ARTICLE_9)), name="article_9_known"),
            models.UniqueConstraint(
                fields=["family", "organisation"],
                condition=Q(ended_at__isnull=True),
                name="one_lawful_basis_each",
            ),
        ]
