"""What is closed in the example county: a sealed record, a change of mind, an emergency to be reviewed.

By the verbs the pages use, on families that the course of the months has left open.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from anydoor.access.models import Membership, User
from anydoor.access.roles import Role
from anydoor.care import break_glass, conflict, consenting, sealing
from anydoor.care.conflict import Near
from anydoor.care.models import AreaSharing, Episode, FamilyCare, Referral
from anydoor.care.models.record import FamilyCareQuerySet
from anydoor.config.demo.drawn_families import HELD, TOLD
from anydoor.directory.models import Area
from anydoor.people.models import Consent
from anydoor.rules.errors import WrongMoment

OPT_IN = "north-lincolnshire"


def agree_on_sharing(slugs: Iterable[str]) -> None:
    """North Lincolnshire asks first: beyond the front door's organisation only who said yes."""
    for area in Area.objects.filter(slug__in=list(slugs)).select_related("front_door"):
        sharing, _ = AreaSharing.objects.get_or_create(area=area, defaults={"opt_in": area.slug == OPT_IN})
        sharing.circle.add(area.front_door.organisation_id)


def close_some(slugs: Iterable[str], now: datetime) -> None:
    """One of each, in the first area that has such families."""
    for area in Area.objects.filter(slug__in=list(slugs)).order_by("pk").select_related("front_door__lead"):
        drawn = {one.name for one in (*HELD, *TOLD)}
        _change_of_mind(area, drawn, now - timedelta(hours=26))
        _emergency(area, drawn, now - timedelta(hours=5))
        _seal(area, drawn, now - timedelta(hours=3))
        return


def _change_of_mind(area: Area, drawn: set[str], at: datetime) -> None:
    rows = (
        Consent.objects.filter(state="given", family__care__area=area, family__care__is_open=True, at__lt=at)
        .exclude(person__name__in=drawn)
        .select_related("person", "family__care")
        .order_by("-at", "pk")
    )
    for row in rows:
        works = Episode.objects.open().filter(family=row.family_id, service=row.service_id, opened_at__lt=at)
        if works.exists() and row.recorded_by is not None:
            consenting.withdraw(
                consent_id=row.pk,
                family_id=row.family_id,
                given_by=row.person.called,
                words="I would rather keep what I told you between us for now.",
                by=row.recorded_by,
                at=at,
            )
            return


def _emergency(area: Area, drawn: set[str], at: datetime) -> None:
    care = _quiet(area, drawn).exclude(lead_team=area.front_door).first()
    worker = _worker_of_another_team(area, care)
    if care is None or worker is None:
        return
    try:
        break_glass.break_glass(
            family_id=care.pk,
            kind="child",
            reason="The nursery rang: nobody came for the baby at six, and neither parent answers the phone.",
            by=worker,
            at=at,
        )
    except WrongMoment:
        return


def _seal(area: Area, drawn: set[str], at: datetime) -> None:
    referral = (
        Referral.objects.open()
        .filter(area=area, stage="decided", received_at__lt=at - timedelta(days=1))
        .exclude(person__name__in=drawn)
        .select_related("holder")
        .order_by("-received_at")
        .first()
    )
    if referral is None or referral.holder is None:
        return
    names = [area.front_door.lead] if area.front_door.lead is not None else []
    sealing.seal(
        family_id=referral.family_id,
        kind="colleague",
        words="She is a nurse on one of our wards and asked that nobody there can read it.",
        names=names,
        by=referral.holder,
        at=at,
    )
    conflict.declare(
        near=Near("relative", words="my sister", contact="01632 960999"), by=referral.holder, at=at
    )


def _quiet(area: Area, drawn: set[str]) -> FamilyCareQuerySet:
    return (
        FamilyCare.objects.filter(area=area, is_open=True, clock_urgent=False, sealed=False)
        .exclude(title__in=drawn)
        .order_by("sort_key")
    )


def _worker_of_another_team(area: Area, care: FamilyCare | None) -> User | None:
    if care is None:
        return None
    seen = care.family.sights.values("team_id")
    rows = (
        Membership.objects.filter(role=Role.PRACTITIONER.value, user__is_active=True, ended_on__isnull=True)
        .filter(team__services__area=area)
        .exclude(team__in=seen)
        .select_related("user")
        .order_by("pk")
    )
    found = rows.first()
    return found.user if found is not None else None
