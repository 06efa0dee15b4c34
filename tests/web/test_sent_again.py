"""The same answers again, from the same hand: by a double click, or by Back and another press."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from tests.world import NOW, World

from anydoor.care.models import Contact, Referral

ANSWERS = {"outcome": "attended", "mode": "phone", "words": "About sleep."}
KEYS = ("A" * 22, "B" * 22)


@pytest.fixture
def send(client: Client, world: World) -> Callable[..., int]:
    """Sends the contact form of one request and says how many contacts there are then."""
    referral = world.refer()
    client.force_login(world.sunita)

    def once(**answers: str) -> int:
        told = {**ANSWERS, "person": str(referral.person_id), **answers}
        assert client.post(f"/desk/work/referral/{referral.pk}/contact/", told).status_code == 302
        return Contact.objects.count()

    return once


def test_back_brings_the_answers_again_under_a_new_key(send: Callable[..., int]) -> None:
    assert [send(form_key=key) for key in KEYS] == [1, 1]


def test_answers_that_were_changed_are_kept_too(send: Callable[..., int]) -> None:
    assert [send(form_key=KEYS[0]), send(form_key=KEYS[0], words="About sleep, and his job.")] == [1, 2]


def test_later_the_same_words_are_said_again(
    send: Callable[..., int], at: Callable[[datetime], None]
) -> None:
    assert send() == 1
    at(NOW + timedelta(minutes=11))
    assert send() == 2


def test_a_request_written_down_twice_with_back_is_one(client: Client, world: World) -> None:
    client.force_login(world.sunita)
    told = {"door": "phone", "story": "I have nobody.", "contact": "01632 960123", "safe": "not_asked"}
    told |= {"interpreter": "not_asked", "family_knows": "not_asked", "babies": "1"}
    for key in KEYS:
        assert client.post("/desk/new/write", {**told, "form_key": key}).status_code == 302
    assert Referral.objects.count() == 1
    assert client.post("/desk/new/write", {**told, "story": "I have nobody here."}).status_code == 302
    assert Referral.objects.count() == 2
