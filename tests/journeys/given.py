"""What stands before a story begins, made by the verbs and not by hand."""

from __future__ import annotations

from datetime import timedelta

from tests.world import AGREED, NOW, World

from anydoor.care import handover as handovers
from anydoor.care import triage
from anydoor.care.models import Handover, Referral
from anydoor.care.triage import Shown
from anydoor.directory.models import Service

EARLIER = NOW - timedelta(days=1)
TOLD = "I feel low and alone since he was born."


def rosie_asked(world: World, **told: object) -> Referral:
    """Rosie asked yesterday, by the public page."""
    facts = {"name": "Rosie Thackeray", "role": "mother", "place": "Norwich", "story": TOLD, **told}
    return world.refer(at=EARLIER, **facts)


def decided(world: World, *services: Service, **told: object) -> Referral:
    """Sunita decided, and Rosie said yes."""
    referral = rosie_asked(world, **told)
    triage.decide(
        referral=referral,
        level="targeted",
        words="You asked for one person to talk to.",
        answer="yes",
        shown=[Shown(one.pk, one.name, "suits", ("Near you",), (), True) for one in services],
        by=world.sunita,
        at=EARLIER,
    )
    referral.refresh_from_db()
    return referral


def proposed(world: World, service: Service | None = None, **told: object) -> Handover:
    """A service, by default Talking Therapies, was asked with her agreement."""
    asked = service or world.therapies
    return handovers.propose(
        thing=decided(world, asked, **told),
        service=asked,
        agreement=AGREED,
        words="She has read nothing yet.",
        by=world.sunita,
        at=NOW,
    ).handover


def taken_up(world: World, **told: object) -> Handover:
    """Grace accepted and has met Rosie: she holds."""
    row = proposed(world, **told)
    handovers.accept(handover=row, by=world.grace, at=NOW)
    handovers.first_contact(handover=row, mode="phone", words="We spoke about sleep.", by=world.grace, at=NOW)
    row.refresh_from_db()
    return row
