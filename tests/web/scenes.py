"""Families at the points of their way that the desk's pages show, made by the verbs."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.test import Client
from tests.world import AGREED, NOW, World

from anydoor.access.models import User
from anydoor.care import handover, triage
from anydoor.care.models import Episode, Handover, Referral
from anydoor.care.triage import Shown
from anydoor.directory.models import Service
from anydoor.people.models import FamilyMember, Person

STORY = "Everyone is excited and I just feel scared."


def client_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def rosie(world: World, **told: object) -> Referral:
    """Rosie, 31 weeks, read and decided: she says yes to Talking Therapies."""
    referral = world.refer(
        **{
            "name": "Rosie Thackeray",
            "role": "mother",
            "story": STORY,
            "place": "Norwich",
            "due_on": date(2026, 5, 12),
            "needs": ("mood",),
            **told,
        }
    )
    triage.decide(
        referral=referral,
        level="targeted",
        words="You asked for one person to talk to.",
        answer="yes",
        shown=[Shown(world.therapies.pk, world.therapies.name, "suits", ("Near you",), (), True)],
        by=world.sunita,
        at=NOW,
    )
    referral.refresh_from_db()
    return referral


def proposed(world: World, service: Service | None = None, **told: object) -> Handover:
    return handover.propose(
        thing=rosie(world, **told),
        service=service or world.therapies,
        agreement=AGREED,
        words="She would like one person to talk to.",
        by=world.sunita,
        at=NOW,
    ).handover


def accepted(world: World) -> Handover:
    return handover.accept(handover=proposed(world), by=world.grace, at=NOW)


def held_by_grace(world: World) -> Episode:
    """After the first contact: an episode that Grace holds."""
    return handover.first_contact(
        handover=accepted(world), mode="phone", words="We spoke about sleep.", by=world.grace, at=NOW
    )


def declined(world: World) -> Handover:
    return handover.decline(
        handover=proposed(world),
        reason="no_capacity",
        words="Full until June.",
        alternative=world.group,
        by=world.grace,
        at=NOW + timedelta(minutes=1),
    )


def someone(family: object, role: str) -> Person:
    """The first person with a role in a family."""
    return FamilyMember.objects.filter(family=family, role=role).order_by("pk").first().person


def key_of(page: str) -> str:
    """The key of the form a page showed."""
    return page.split('name="form_key" value="')[1].split('"', maxsplit=1)[0]


def day(name: str, moment: datetime) -> dict[str, str]:
    """A day as its three boxes send it."""
    return {
        f"{name}-day": str(moment.day),
        f"{name}-month": str(moment.month),
        f"{name}-year": str(moment.year),
    }
