"""The partner's own assessment, for partners of those in specialist perinatal care (NHS partner ambition).

It is his own, on his own record, by his own agreement. That it is due is no row: an open episode with a
service that counts, and nobody asked yet, says so by itself, so that nobody can be missed.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from anydoor.access.models import Team, User
from anydoor.directory.models import Area
from anydoor.people.models import Family, Person

# Nothing stored means due (a partner is known) or not known (nobody has asked who there is).
STATES_OF_PARTNER = {
    "offered": "Offered, waiting for an answer",
    "agreed": "Said yes, still to be taken",
    "taken": "Taken",
    "declined": "Said no to this",
    "no_partner": "There is no partner",
    "not_safe": "Not safe to ask now",
}
HOW_OFFERED = {
    "in_person": "In person",
    "phone": "By phone",
    "text": "By text or email",
    "letter": "By letter",
    "through_her": "Through the person we work with",
}


def partner_states() -> list[tuple[str, str]]:
    return list(STATES_OF_PARTNER.items())


def how_offered() -> list[tuple[str, str]]:
    return list(HOW_OFFERED.items())


class PartnerAssessment(models.Model):
    """What became of offering one partner an assessment, because of one episode of the other parent.

    `agreed_words` are the partner's own; without them nothing is taken. `signpost_words`: where they were
    told they can turn, above all when they did not want an assessment.
    """

    episode = models.ForeignKey("care.Episode", on_delete=models.PROTECT, related_name="partner_assessments")
    family = models.ForeignKey(Family, on_delete=models.PROTECT, related_name="partner_assessments")
    partner = models.ForeignKey(
        Person, null=True, on_delete=models.PROTECT, related_name="partner_assessments"
    )
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    team = models.ForeignKey(Team, null=True, on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=10, choices=partner_states)
    how = models.CharField(max_length=12, blank=True, default="", choices=how_offered)
    offered_on = models.DateField(null=True, blank=True)
    agreed_words = models.CharField(max_length=500, blank=True, default="")
    agreed_at = models.DateTimeField(null=True, blank=True)
    taken_on = models.DateField(null=True, blank=True)
    declined_on = models.DateField(null=True, blank=True)
    words = models.CharField(max_length=500, blank=True, default="")  # why, as they said it
    signpost_words = models.CharField(max_length=500, blank=True, default="")
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)

    class Meta:
        indexes: ClassVar = [models.Index(fields=["family"], name="partner_by_family")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["episode", "partner"], nulls_distinct=False, name="partner_once_in_an_episode"
            ),
            models.CheckConstraint(
                condition=Q(state__in=list(STATES_OF_PARTNER)), name="partner_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["no_partner", "not_safe"]) | Q(partner__isnull=False),
                name="partner_is_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["agreed", "taken"])
                | (Q(agreed_at__isnull=False) & ~Q(agreed_words="")),
                name="partner_agreed_in_words",
            ),
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(taken_on__isnull=False), name="partner_taken_has_a_day"
            ),
        ]
