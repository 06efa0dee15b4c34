"""Messages: those of families I work with and those to me; why one was held back; no secret shown."""

from __future__ import annotations

import pytest
from tests.web.scenes import client_of, proposed, rosie
from tests.world import NOW, World

from anydoor.messages.models import OutboxMessage
from anydoor.people.models import Family
from anydoor.web.desk.messages_sent import masked

pytestmark = pytest.mark.django_db(transaction=True)


def message(family: Family | None, **more: object) -> OutboxMessage:
    return OutboxMessage.objects.create(
        **{
            "key": f"test:{OutboxMessage.objects.count()}",
            "channel": "text",
            "address": "+447700900123",
            "subject": "",
            "body": "Leanne rings you on Thursday.",
            "template": "test",
            "family": family,
            "created_at": NOW,
            "not_before": NOW,
            **more,
        }
    )


def shown(world: World, user: object, **asked: object) -> str:
    answer = client_of(user).get("/desk/messages", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_messages_of_my_families_are_there_with_why_one_was_held_back(world: World) -> None:
    referral = rosie(world)
    message(referral.family, state="held_back", reason="Nobody has asked yet if this is safe.")
    text = shown(world, world.tom)
    for words in ("Leanne rings you on Thursday.", "Held back", "Nobody has asked yet if this is safe."):
        assert words in text, words
    assert "Leanne rings you" not in shown(world, world.marcus)


def test_staff_mail_is_for_its_receiver_alone(world: World) -> None:
    rosie(world)
    assert "A request waits for you" in shown(world, world.sunita)
    assert "A request waits for you" not in shown(world, world.tom)


def test_a_team_only_asked_sees_no_message_of_the_family(world: World) -> None:
    message(proposed(world).family)
    assert "Leanne rings you" not in shown(world, world.grace)


def test_no_secret_of_a_link_is_shown(world: World) -> None:
    row = proposed(world, world.outside)
    text = shown(world, world.sunita)
    assert "/h/…" in text
    secret = OutboxMessage.objects.get(template="handover_link").body.split("/h/")[1].split()[0]
    assert secret not in text
    assert row.service.outside_email in text


def test_one_family_can_be_asked_for_and_others_are_not_found(world: World) -> None:
    mine, other = rosie(world), world.refer(name="Amina", contact="07700 900456")
    message(mine.family)
    message(other.family, body="Amina, we ring you.")
    text = shown(world, world.sunita, family=mine.family_id)
    assert "Leanne rings you" in text
    assert "Amina, we ring you." not in text
    assert client_of(world.marcus).get("/desk/messages", {"family": mine.family_id}).status_code == 404


def test_long_lists_are_walked_and_nonsense_keys_ignored(world: World) -> None:
    referral = rosie(world)
    rows = [message(referral.family, body=f"Message {n:02}") for n in range(45)]
    first = shown(world, world.tom)
    assert "Message 44" in first
    assert "Message 00" not in first
    assert "Message 00" in shown(world, world.tom, before=rows[5].pk)
    for typed in ("x", "\x00", "-1", "9" * 40):
        assert "Message 44" in shown(world, world.tom, before=typed, family=typed)


def test_only_the_secret_is_masked() -> None:
    assert masked("Open https://x.example/h/abcdefghijklmnopqrstuvwx now") == "Open https://x.example/h/… now"
    assert masked("See https://x.example/desk/families") == "See https://x.example/desk/families"
