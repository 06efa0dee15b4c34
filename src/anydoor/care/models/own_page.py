"""Somebody of a family comes to their own page: a link to what is on file, and a code to their number."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from anydoor.access.models import User
from anydoor.directory.models import Area
from anydoor.people.models import ContactPoint, Family, Person


class OwnPageLinkQuerySet(models.QuerySet["OwnPageLink"]):
    def open(self) -> OwnPageLinkQuerySet:
        return self.filter(ended_at__isnull=True)


class OwnPageLink(models.Model):
    """A link that opens one person's own page once, with a code. Only hashes of both are kept.

    The code belongs to the link: it is asked for from it, lasts ten minutes, and a few wrong ones end it.
    """

    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="own_page_links")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="own_page_links")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    contact_point = models.ForeignKey(ContactPoint, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64, unique=True)
    sent_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    code_digest = models.CharField(max_length=64, blank=True, default="")
    code_sent_at = models.DateTimeField(null=True, blank=True)
    codes_sent = models.PositiveSmallIntegerField(default=0)
    tries = models.PositiveSmallIntegerField(default=0)  # of the code that stands
    used_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_why = models.CharField(max_length=100, blank=True, default="")

    objects = OwnPageLinkQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["person"], condition=Q(ended_at__isnull=True), name="open_own_page_links")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="own_page_link_runs_out"),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(ended_at__isnull=False), name="own_page_link_once"
            ),
            models.CheckConstraint(
                condition=Q(code_digest="") | Q(code_sent_at__isnull=False), name="own_page_code_has_a_time"
            ),
        ]
