"""A receiver without an account answers by a one-time link."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from tests.world import AGREED, NOW, World

from anydoor.access.models import AuditEntry
from anydoor.care import handover, triage
from anydoor.care.handover import Proposed
from anydoor.care.models import Contact, Episode, Handover
from anydoor.care.triage import Shown
from anydoor.people.models import Instruction

STORY = "We lost our son in the spring and the house is quiet."


@pytest.fixture
def asked(world: World) -> Proposed:
    referral = world.refer(
        name="Rosie Thackeray",
        place="Norwich",
        story=STORY,
        loss_kind="stillbirth",
        safety=("Never call the landline.",),
    )
    triage.decide(
        referral=referral,
        level="targeted",
        words="You asked for somebody who knows loss.",
        answer="yes",
        shown=[Shown(world.outside.pk, "Time", "suits", (), (), True)],
        by=world.sunita,
        at=NOW,
    )
    referral.refresh_from_db()
    return handover.propose(
        thing=referral,
        service=world.outside,
        agreement=AGREED,
        words="One person, at home, not a group.",
        by=world.sunita,
        at=NOW,
    )


def test_before_the_answer_only_little_is_shown(client: Client, asked: Proposed) -> None:
    answer = client.get(f"/h/{asked.link}")
    page = answer.content.decode()
    assert answer["Cache-Control"] == "no-store, private"
    assert "Rosie" in page
    assert "One person, at home, not a group." in page
    for kept in ("Thackeray", STORY, "Never call the landline", "07700"):
        assert kept not in page.replace("07700 900482", "")
    assert AuditEntry.objects.get(action="see_preview_by_link").actor == "Time"


def test_yes_then_seen(client: Client, asked: Proposed, at: Callable[[datetime], None]) -> None:
    address = f"/h/{asked.link}"
    assert client.post(address, {"act": "accept", "who": "Ann, Time"})["Location"] == address
    page = client.get(address).content.decode()
    for shown in ("Rosie Thackeray", STORY, "Never call the landline."):
        assert shown in page
    assert AuditEntry.objects.filter(action="see_story_by_link").count() == 1
    at(NOW + timedelta(days=2))
    seen = {
        "act": "seen",
        "who": "Ann, Time",
        "mode": "home",
        "day-day": "11",
        "day-month": "3",
        "day-year": "2026",
    }
    assert client.post(address, seen)["Location"] == "/h/done"
    assert "Rosie" not in client.get("/h/done").content.decode()
    contact = Contact.objects.get()
    assert (contact.mode, contact.by_words, contact.happens_at.day) == ("home", "Ann, Time (Time)", 11)
    assert Episode.objects.get().holder is not None
    again = client.post(address, seen)
    assert again.status_code == 404
    assert "it has arrived" in again.content.decode()


def test_what_they_need_to_be_understood_is_passed_on(client: Client, world: World) -> None:
    referral = world.refer(name="Rosie Thackeray", story=STORY, loss_kind="stillbirth")
    Instruction.objects.create(
        person=referral.person, kind="need", words="A Polish interpreter, a woman.", said_by="Rosie", at=NOW
    )
    triage.decide(
        referral=referral,
        level="targeted",
        words="You asked for somebody who knows loss.",
        answer="yes",
        shown=[Shown(world.outside.pk, "Time", "suits", (), (), True)],
        by=world.sunita,
        at=NOW,
    )
    referral.refresh_from_db()
    made = handover.propose(
        thing=referral, service=world.outside, agreement=AGREED, words="One person.", by=world.sunita, at=NOW
    )
    desk = Client()
    desk.force_login(world.sunita)
    assert (
        "A Polish interpreter, a woman." in desk.get(f"/desk/family/{referral.family_id}/").content.decode()
    )
    client.post(f"/h/{made.link}", {"act": "accept", "who": "Ann, Time"})
    assert "A Polish interpreter, a woman." in client.get(f"/h/{made.link}").content.decode()


def test_seen_on_the_very_day_and_not_before_or_after(client: Client, asked: Proposed) -> None:
    address = f"/h/{asked.link}"
    client.post(address, {"act": "accept", "who": "Ann"})
    for day, status in (("9", 422), ("11", 422), ("10", 302)):
        seen = {
            "act": "seen",
            "who": "Ann",
            "mode": "phone",
            "day-day": day,
            "day-month": "3",
            "day-year": "2026",
        }
        assert client.post(address, seen).status_code == status
    assert Contact.objects.count() == 1


def test_another_way(client: Client, asked: Proposed, world: World) -> None:
    address = f"/h/{asked.link}"
    said = {
        "act": "decline",
        "who": "Ann",
        "reason": "no_capacity",
        "words": "Full until June.",
        "alternative_words": "The hub's own group",
    }
    assert client.post(address, {**said, "alternative_words": ""}).status_code == 422
    assert client.post(address, said)["Location"] == address
    page = client.get(address).content.decode()
    assert "Thank you for your answer" in page
    assert "Rosie" not in page
    row = Handover.objects.get()
    assert (row.stage, row.decline_reason, row.from_user) == ("declined", "no_capacity", world.sunita)
    assert client.post(address, said).status_code == 200
    assert Handover.objects.get().stage == "declined"


def test_what_is_missing_is_said_and_what_was_typed_is_kept(client: Client, asked: Proposed) -> None:
    page = client.post(
        f"/h/{asked.link}", {"act": "decline", "who": "Ann <b>", "words": "Full.", "alternative_words": "x"}
    )
    assert page.status_code == 422
    assert "Ann &lt;b&gt;" in page.content.decode()
    assert client.post(f"/h/{asked.link}", {"act": "accept", "who": "a\x00"}).status_code == 422
    assert client.post(f"/h/{asked.link}", {"act": "nonsense"}).status_code == 200
    assert Handover.objects.get().stage == "proposed"


@pytest.mark.parametrize("secret", ["x", "a" * 500, "%F0%9F%98%80", "done2"])
def test_a_link_that_opens_nothing(client: Client, asked: Proposed, secret: str) -> None:
    assert client.get(f"/h/{secret}").status_code == 404
    assert client.post(f"/h/{secret}", {"act": "accept", "who": "x"}).status_code == 404


def test_a_link_ends(client: Client, asked: Proposed, at: Callable[[datetime], None]) -> None:
    at(NOW + timedelta(days=29))
    answer = client.get(f"/h/{asked.link}")
    assert answer.status_code == 404
    assert "no longer in use" in answer.content.decode()
