"""What a team keeps in sight of its own work, after it ended or when the family shares no more with it.

Its own requests, episodes and contacts, what was told to it, and one line on what became of them: nothing
that others wrote, and nothing that happened after its own work was over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from anydoor.access.models import Membership
from anydoor.access.policy import Standing
from anydoor.care.models import (
    Contact,
    Episode,
    FamilyCare,
    Handover,
    Happening,
    Holding,
    Referral,
    Sight,
    Story,
)

MOST = 50


@dataclass(frozen=True, slots=True)
class OwnRecord:
    """A team's own work with a family. `until` is when it goes out of sight; `works_now` while it goes on."""

    episodes: Sequence[Episode]
    referrals: Sequence[Referral]
    stories: Sequence[Story]
    contacts: Sequence[Contact]
    happenings: Sequence[Happening]
    accepted: Sequence[Handover]  # on their way to my team
    works_now: bool
    until: datetime | None


def own_record(who: Standing, care: FamilyCare) -> OwnRecord:
    """Read it: eight small queries."""
    teams = who.family_team_ids
    held = list(Holding.objects.filter(family=care.pk, team_id__in=teams).order_by("from_at", "pk"))
    episodes = {row.episode_id for row in held if row.episode_id}
    referrals = {row.referral_id for row in held if row.referral_id}
    works_now = any(row.to_at is None for row in held)
    last = None if works_now else max((row.to_at for row in held if row.to_at), default=None)
    people = Membership.objects.filter(team_id__in=teams).values("user_id")
    stories = Story.objects.filter(family=care.pk, replaced_by__isnull=True).filter(
        Q(recorded_by__in=people) | Q(referral_id__in=referrals)
    )
    contacts = Contact.objects.filter(family=care.pk, superseded_by__isnull=True).filter(
        Q(team_id__in=teams) | Q(episode_id__in=episodes) | Q(referral_id__in=referrals, by__in=people)
    )
    happenings = Happening.objects.filter(family=care.pk, by__in=people)
    if last is not None:
        stories = stories.filter(at__lte=last)
        contacts = contacts.filter(recorded_at__lte=last)
        happenings = happenings.filter(at__lte=last)
    sight = Sight.objects.filter(family=care.pk, team_id__in=teams, level="own").order_by("-until").first()
    return OwnRecord(
        episodes=list(Episode.objects.filter(pk__in=episodes).select_related("service", "person", "holder")),
        referrals=list(Referral.objects.filter(pk__in=referrals).select_related("person", "holder")),
        stories=list(stories.select_related("person").order_by("at", "pk")[:MOST]),
        contacts=list(contacts.select_related("person").order_by("-happens_at", "-pk")[:MOST]),
        happenings=list(happenings.order_by("-at", "-pk")[:MOST]),
        accepted=list(
            Handover.objects.running()
            .filter(family=care.pk, to_team_id__in=teams, accepted_at__isnull=False)
            .select_related("person", "service")
        ),
        works_now=works_now,
        until=sight.until if sight is not None else None,
    )
