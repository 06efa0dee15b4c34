"""A visitor says that an entry is wrong."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.web.scenes import key_of
from tests.world import World

from anydoor.directory.models import Service, WrongReport

pytestmark = pytest.mark.django_db(transaction=True)
PAGE = "/norfolk/wrong/pairs/"
TOLD = {"about": "times", "words": "It is on Tuesdays now."}


def test_it_is_kept_for_the_owner_and_thanked_for(world: World, client: Client) -> None:
    key = key_of(client.get(PAGE).content.decode())
    for _ in range(2):
        answer = client.post(PAGE, {**TOLD, "form_key": key, "reply_to": "parent@home.example"}, follow=True)
        assert "Thank you for telling us" in answer.content.decode()
    report = WrongReport.objects.get()
    assert (report.service, report.owner, report.words) == (world.pairs, world.lead, TOLD["words"])


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"about": ""}, "Choose what is wrong."),
        ({"about": "<b>"}, "Choose from the answers"),
        ({"words": " "}, "Tell us in a few words"),
        ({"words": "x" * 5000}, "shorter"),
        ({"words": "a\x00b"}, "hidden character"),
        ({"reply_to": "me"}, "name@example.com"),
    ],
)
def test_what_is_wrongly_typed_is_said_and_kept(
    world: World, client: Client, typed: dict[str, str], words: str
) -> None:
    answer = client.post(PAGE, {**TOLD, **typed})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert words in text
    assert typed.get("words", TOLD["words"])[:20].replace("\x00", "\ufffd").strip() in text
    assert not WrongReport.objects.exists()


def test_words_of_danger_are_met_with_help_first(world: World, client: Client) -> None:
    answer = client.post(PAGE, {"about": "other", "words": "I want to kill myself."}, follow=True)
    text = answer.content.decode()
    assert "Are you safe?" in text
    assert "999" in text
    assert WrongReport.objects.count() == 1


def test_what_families_do_not_see_is_not_there(world: World, client: Client) -> None:
    assert client.get("/norfolk/wrong/nonsense/").status_code == 404
    assert client.get("/nowhere/wrong/pairs/").status_code == 404
    Service.objects.filter(pk=world.pairs.pk).update(visible_from=date(2026, 4, 1))
    assert client.get(PAGE).status_code == 404


def test_too_many_from_one_place_wait(world: World, client: Client) -> None:
    for _ in range(20):
        client.post(PAGE, TOLD)
    answer = client.post(PAGE, TOLD)
    assert answer.status_code == 429
    assert TOLD["words"] in answer.content.decode()
