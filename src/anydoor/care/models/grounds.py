"""What a decision rested on, kept so that it can be judged again."""

from __future__ import annotations

from django.db import models

from anydoor.care.models.referral import Decision


class Grounds(models.Model):
    """The need, the facts of every service and the proposal, as they were when a decision was made.

    `rules` names the version of matching (`rules.matching.VERSION`). `profile` and `services` (by slug) are
    read back by `rules.kept`; `proposal` is {"level", "why", "ordered_by", "offers"}. What the person decided
    is the decision itself. Written once, never changed.
    """

    decision = models.OneToOneField(
        Decision, on_delete=models.CASCADE, primary_key=True, related_name="grounds"
    )
    rules = models.CharField(max_length=20)
    profile = models.JSONField()
    services = models.JSONField()
    proposal = models.JSONField()
