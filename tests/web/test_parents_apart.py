"""Two parents, each with a record and a word of their own: what one agreed to says nothing of the other."""

from __future__ import annotations

import pytest
from django.urls import reverse
from tests.web.scenes import client_of
from tests.web.test_hostile import TABLE
from tests.world import AGREED, NOW, World

from anydoor.access.models import User
from anydoor.care import amend, handover, triage
from anydoor.care.consenting import withdraw
from anydoor.care.intake import Told, receive
from anydoor.care.models import Episode, Referral
from anydoor.care.triage import Shown
from anydoor.directory.models import Service
from anydoor.people.models import Consent, FamilyMember

pytestmark = pytest.mark.django_db
SECRETS = ("Corvander", "Vane", "900777", "900 777", "emberstory")


def both(world: World) -> tuple[Episode, Episode]:
    """Maya with Talking Therapies, Corvander Vane with PAIRS; one family, two agreements."""
    maya = world.refer(name="Maya Reed", role="mother", contact="07700 900666", story="I am low: lakestory.")
    family_id = maya.family_id
    amend.add_member(
        family_id=family_id, name="Corvander Vane", role="father", apart=True, by=world.sunita, at=NOW
    )
    him = FamilyMember.objects.get(family=family_id, role="father").person
    amend.add_contact_point(
        person=him, family_id=family_id, typed="07700 900777", safe="yes", uses=["text", "call"],
        by=world.sunita, at=NOW,
    )  # fmt: skip
    triage.add_story(
        family_id=family_id,
        person_id=him.pk,
        kind="own",
        words="I am alone: emberstory.",
        by=world.sunita,
        at=NOW,
    )
    words = Told(
        story="Again: emberstory.", door="phone", contact="07700 900777", name="Corvander Vane", role="father"
    )
    his = receive(told=words, area=world.area, by=world.sunita, at=NOW, known=him).referral
    return _met(world, maya, world.therapies, world.grace), _met(world, his, world.pairs, world.marcus)


def _met(world: World, referral: Referral, service: Service, by: User) -> Episode:
    triage.decide(
        referral=referral,
        level="targeted",
        words="One person to talk to.",
        answer="yes",
        shown=[Shown(service.pk, service.name, "suits", ("Near you",), (), True)],
        by=world.sunita,
        at=NOW,
    )
    referral.refresh_from_db()
    row = handover.propose(
        thing=referral, service=service, agreement=AGREED, words="Please.", by=world.sunita, at=NOW
    ).handover
    handover.accept(handover=row, by=by, at=NOW)
    return handover.first_contact(handover=row, mode="phone", words="We spoke.", by=by, at=NOW)


def test_a_team_with_one_parents_word_meets_nothing_of_the_other(world: World) -> None:
    hers, his = both(world)
    assert hers.family_id == his.family_id
    grace = client_of(world.grace)
    values = {
        "family_id": hers.family_id, "person_id": hers.person_id, "thing_id": hers.pk, "kind": "episode",
        "episode_id": hers.pk,
    }  # fmt: skip
    shown = []
    for name, taken in TABLE:
        if name.startswith("desk:") and set(taken) <= set(values):
            answer = grace.get(reverse(name, kwargs={part: values[part] for part in taken}))
            body = b"".join(answer.streaming_content) if answer.streaming else answer.content
            page = body.decode(errors="replace")
            shown += [f"{name} shows {word}" for word in SECRETS if word in page]
    assert shown == [], shown
    him = FamilyMember.objects.get(family=hers.family_id, role="father").person_id
    for where in (f"family/{hers.family_id}/person/{him}/", f"family/{hers.family_id}/trend/{him}/"):
        assert grace.get(f"/desk/{where}").status_code == 404
    for text in ("Corvander", "Vane"):
        found = grace.post("/desk/families", {"q": text}).content.decode()
        assert "900777" not in found
        assert f"/desk/family/{hers.family_id}/" not in found
    page = grace.get(f"/desk/family/{hers.family_id}/").content.decode()
    assert "Maya" in page
    assert "lakestory" in page
    assert "Has a record of their own, which is not shared with your team." in page


def test_one_changes_their_mind_and_the_others_word_stands(world: World) -> None:
    hers, his = both(world)
    word = Consent.objects.get(person=hers.person_id, service_id=world.therapies.pk)
    withdraw(
        consent_id=word.pk,
        family_id=hers.family_id,
        given_by="Maya",
        words="No more.",
        by=world.sunita,
        at=NOW,
    )
    grace, marcus = client_of(world.grace), client_of(world.marcus)
    assert "lakestory" not in grace.get(f"/desk/family/{hers.family_id}/").content.decode()
    assert Consent.objects.filter(person=his.person_id, service_id=world.pairs.pk, state="given").exists()
    page = marcus.get(f"/desk/family/{his.family_id}/").content.decode()
    assert "emberstory" in page
    assert "lakestory" not in page
