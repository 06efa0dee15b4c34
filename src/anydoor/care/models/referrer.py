"""Referrers without an account: the domains we send codes to, and the codes that stand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from anydoor.access.models import User
from anydoor.directory.models import Area


class VouchedDomainQuerySet(models.QuerySet["VouchedDomain"]):
    def standing(self) -> VouchedDomainQuerySet:
        return self.filter(ended_at__isnull=True)


class VouchedDomain(models.Model):
    """An e-mail domain that a colleague vouches for: people there refer. One area's word is enough."""

    domain = models.CharField(max_length=253)
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="vouched_domains")
    who_they_are = models.CharField(max_length=200)
    vouched_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = VouchedDomainQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["domain", "area"], condition=Q(ended_at__isnull=True), name="domain_vouched_once"
            ),
            models.CheckConstraint(
                condition=Q(domain__contains=".") & ~Q(domain__contains="@") & ~Q(who_they_are=""),
                name="vouched_domain_is_one",
            ),
        ]


class ReferrerCode(models.Model):
    """Six numbers sent to a referrer's work address. Only a keyed hash is kept, and only of the newest."""

    address = models.EmailField(max_length=254, unique=True)
    digest = models.CharField(max_length=64)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("sent_at")), name="referrer_code_runs_out")
        ]
