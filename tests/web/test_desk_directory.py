"""The directory and one service of it."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client
from tests.web.scenes import client_of
from tests.world import World

from anydoor.directory.models import Service
from anydoor.web.desk.directory import source_words, stage_words

pytestmark = pytest.mark.django_db(transaction=True)


def listed(world: World, **asked: str) -> str:
    answer = client_of(world.marcus).get("/desk/directory", asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_services_stand_by_level_with_their_provider(world: World) -> None:
    text = listed(world)
    assert text.index("Stay and play") < text.index("NHS Talking Therapies") < text.index("PAIRS")
    assert "NHS Trust" in text
    assert "4 services" in text


@pytest.mark.parametrize(
    ("asked", "there", "gone"),
    [
        ({"level": "specialist"}, "PAIRS", "Stay and play"),
        ({"strand": "pir"}, "PAIRS", "NHS Talking Therapies"),
        ({"strand": ""}, "Stay and play", "PAIRS"),
        ({"stage": "loss"}, "Time", "PAIRS"),
        ({"find": "talking"}, "NHS Talking Therapies", "PAIRS"),
        ({"find": "small charity"}, "Time", "PAIRS"),
    ],
)
def test_each_filter_narrows(world: World, asked: dict[str, str], there: str, gone: str) -> None:
    text = listed(world, **asked)
    assert f"<b>{there}</b>" in text
    assert f"<b>{gone}</b>" not in text


@pytest.mark.parametrize("typed", ["\x00", "<script>", "'; --", "x" * 3000, "\u202e"])
def test_nonsense_filters_do_no_harm(world: World, typed: str) -> None:
    text = listed(
        world, find=typed, area=typed, level=typed, strand=typed, stage=typed, audience=typed, state=typed
    )
    assert "<script>" not in text.replace("<script type", "")


def test_planned_and_closed_are_said_as_such(world: World) -> None:
    Service.objects.filter(pk=world.pairs.pk).update(
        state="closed", state_until=date(2021, 3, 31), state_note="The money ended."
    )
    assert "Closed" in listed(world, level="specialist")
    text = client_of(world.sunita).get("/desk/directory/pairs/").content.decode()
    assert "Nobody can be sent here now" in text
    assert "Closed until 31 March 2021. The money ended." in text


def test_an_entry_not_checked_for_half_a_year_says_so(world: World) -> None:
    Service.objects.filter(pk=world.pairs.pk).update(last_checked=date(2025, 9, 1))
    Service.objects.filter(pk=world.group.pk).update(last_checked=date(2026, 1, 5))
    client = client_of(world.sunita)
    assert "Not checked since 1 September 2025" in client.get("/desk/directory/pairs/").content.decode()
    assert "Not checked since" not in client.get("/desk/directory/hub-group/").content.decode()
    assert "Never checked" in client.get("/desk/directory/time/").content.decode()


def test_one_service_tells_where_it_is_from_and_unknown_ones_are_not_found(world: World) -> None:
    client = client_of(world.sunita)
    text = client.get("/desk/directory/therapies/").content.decode()
    for words in (
        "From: Test, line 1",
        "You ask yourself or Any professional",
        "Norwich",
        "Talking Therapies",
    ):
        assert words in text, words
    assert client.get("/desk/directory/nonsense/").status_code == 404


def test_strangers_sign_in_first(client: Client) -> None:
    for path in (
        "/desk/directory",
        "/desk/directory/pairs/",
        "/desk/team",
        "/desk/messages",
        "/desk/families",
    ):
        assert client.get(path).status_code == 302


def test_sources_and_stages_in_words() -> None:
    assert source_words("norfolk-strategy:412") == "Norfolk strategy, line 412"
    assert source_words("cornwall:5, cornwall:94-100") == "Cornwall, line 5; Cornwall, lines 94-100"
    one = Service(
        trying_to_conceive=True,
        pregnancy_from_week=8,
        pregnancy_to_week=42,
        child_from_days=0,
        child_to_days=730,
        after_loss=True,
        loss_days=42,
    )
    words = stage_words(one)
    assert words.startswith("Trying to conceive; pregnancy, week 8 to 42; child from birth to 2 years")
    assert words.endswith("; after a loss, for 6 weeks")
