"""Who signs in to a measured database, and whom they look for. Read by Django under an alias."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import connections
from django.db.models import Count, Q

from anydoor.access.models import ApiToken, Team, User
from anydoor.care.models import Happening, Referral, Sight
from anydoor.directory.models import Area
from anydoor.people.models import Person

EVENTS = 12  # a family page shows this many; a measured family has at least as many
FAMILIES, PEOPLE = 25, 40
DEEP_PAGE, PAGE = 42, 25


@dataclass(frozen=True, slots=True)
class Targets:
    """What one database is asked. Sessions are cookie values; `deep_key` is empty in a short list."""

    hub_slug: str
    hub_team: int
    worker: int
    worker_session: str
    small_team: int
    small_session: str
    token: str
    families: list[int]
    numbers: list[str]
    names: list[str]
    small_names: list[str]  # of people the small team works with
    short_names: list[str]
    deep_key: str


def register(alias: str, database: str) -> None:
    """Make a database known to Django under `alias`."""
    connections.settings[alias] = {**connections.settings["default"], "NAME": database}


def choose(alias: str, *, at: datetime) -> Targets:
    """Choose them in the seeded database `alias`, and let the two workers and a partner system in."""
    hub = Area.objects.using(alias).get(slug="norfolk")
    plain = (
        User.objects.using(alias)
        .filter(memberships__team=hub.front_door_id)
        .annotate(roles=Count("memberships"))
        .filter(roles=1)
        .order_by("pk")[0]
    )
    small = _small_team(alias, hub)
    colleague = User.objects.using(alias).filter(memberships__team=small).order_by("-pk")[0]
    people = _people(alias, hub.front_door_id)
    return Targets(
        hub_slug=hub.slug,
        hub_team=hub.front_door_id,
        worker=plain.pk,
        worker_session=_sign_in(alias, plain, at),
        small_team=small.pk,
        small_session=_sign_in(alias, colleague, at),
        token=_token(alias, plain, hub.front_door_id, at),
        families=_families(alias, hub.front_door_id),
        numbers=[str(person.nhs_number) for person in people],
        names=list(map(_beginnings, people)),
        small_names=list(map(_beginnings, _people(alias, small.pk))),
        short_names=[_beginnings(person).split()[1][:3] for person in people],
        deep_key=_deep_key(alias, hub.front_door_id),
    )


def _families(alias: str, team: int) -> list[int]:
    """Families with as many events as a page shows, or a few more; in a tiny county those with the most."""
    sights = Sight.objects.using(alias).filter(team=team, level="full")
    counted = (
        Happening.objects.using(alias)
        .filter(family__in=sights.values("family"))
        .order_by()
        .values("family_id")
        .annotate(events=Count("pk"))
    )
    enough = counted.filter(events__gte=EVENTS).order_by("events", "family_id")
    rows = list(enough[:FAMILIES]) or list(counted.order_by("-events", "family_id")[:FAMILIES])
    return [row["family_id"] for row in rows]


def _people(alias: str, team: int) -> list[Person]:
    """Some people with a number whose families a team works with."""
    return list(
        Person.objects.using(alias)
        .filter(families__sights__team=team, families__sights__level="full", nhs_number__isnull=False)
        .order_by("pk")
        .distinct()[: PEOPLE * 3 : 3]
    )


def _beginnings(person: Person) -> str:
    """How a worker in a hurry types a name."""
    first, last = person.name.lower().split()
    return f"{first[:3]} {last[:5]}"


def _small_team(alias: str, hub: Area) -> Team:
    """A service team of the hub's area, the one with the fewest families but some."""
    return (
        Team.objects.using(alias)
        .filter(services__area=hub, kind="service", memberships__isnull=False)
        .annotate(seen=Count("sights", filter=Q(sights__level="full"), distinct=True))
        .filter(seen__gt=0)
        .order_by("seen", "pk")[0]
    )


def _deep_key(alias: str, team: int) -> str:
    """The sort key before page 42, or nothing when the list is shorter."""
    keys = Referral.objects.using(alias).in_inbox([team]).values_list("sort_key", flat=True)
    skip = (DEEP_PAGE - 1) * PAGE - 1
    found = list(keys[skip : skip + PAGE + 1])
    return found[0] if len(found) > PAGE else ""


def _sign_in(alias: str, user: User, at: datetime) -> str:
    engine = import_module(settings.SESSION_ENGINE)
    key = secrets.token_hex(16)
    data = {
        SESSION_KEY: str(user.pk),
        BACKEND_SESSION_KEY: settings.AUTHENTICATION_BACKENDS[0],
        HASH_SESSION_KEY: user.get_session_auth_hash(),
    }
    engine.SessionStore.get_model_class().objects.using(alias).create(
        session_key=key,
        session_data=engine.SessionStore().encode(data),
        expire_date=at + timedelta(hours=12),
    )
    return key


def _token(alias: str, user: User, team: int, at: datetime) -> str:
    token = secrets.token_urlsafe(32)
    ApiToken.objects.using(alias).create(
        name="anydoor bench",
        digest=hashlib.sha256(token.encode()).hexdigest(),
        user=user,
        team_id=team,
        created_at=at,
    )
    return token
