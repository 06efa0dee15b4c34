"""A parent asks for help: no account, one box, and a page that says who has it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.test import Client, override_settings
from tests.world import World

from anydoor.access.models import Team
from anydoor.care.models import Referral, Story, Wait
from anydoor.directory.models import Area, District
from anydoor.people.models import ContactPoint

STORY = "I have a three week old and I cannot stop crying."


def form_key(client: Client, address: str = "/norfolk/") -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', client.get(address).content.decode())
    assert found is not None
    return found[1]


def send(client: Client, address: str = "/norfolk/", **said: str) -> object:
    return client.post(
        address,
        {
            "form_key": form_key(client, address),
            "story": STORY,
            "contact": "07700 900142",
            "place": "Norwich",
            **said,
        },
    )


@pytest.fixture
def cornwall(world: World) -> Area:
    door = Team.objects.create(
        organisation=world.front_door.organisation,
        slug="cornwall-door",
        name="Cornwall front door",
        kind="front_door",
        fallback=world.tom,
    )
    area = Area.objects.create(
        slug="cornwall",
        name="Cornwall",
        door_name="Cornwall Family Hubs",
        reference_prefix="CWL",
        phone="01632 960551",
        text_number="07700 900551",
        email="hello@cornwall.example",
        front_door=door,
        places_near=["Truro"],
    )
    area.districts.add(District.objects.create(code="E06000052", name="Cornwall"))
    return area


def test_the_page_asks_three_things_and_helps_in_a_crisis(client: Client, world: World) -> None:
    page = client.get("/norfolk/").content.decode()
    assert re.findall(r'<(?:input|textarea)[^>]* name="([a-z_]+)"', page) == [
        "csrfmiddlewaretoken",
        "form_key",
        "story",
        "contact",
        "place",
    ]
    assert page.index('href="/exit"') < page.index("<h1")
    assert 'href="tel:999"' in page
    assert "A person reads this today." in page
    assert "noindex" not in page
    assert "mum" not in page.lower()


def test_what_is_sent_is_held_by_a_named_person(client: Client, world: World) -> None:
    answer = send(client)
    assert answer.status_code == 302
    page = client.get(answer["Location"]).content.decode()
    referral = Referral.objects.get()
    assert (referral.door, referral.holder, referral.stage) == ("web", world.sunita, "received")
    assert Story.objects.get().words == STORY
    for shown in (
        "We have your message",
        referral.reference,
        "Sunita Rao",
        "ending 142",
        "Today, before 6pm",
    ):
        assert shown in page
    assert STORY not in page
    assert page.count('id="help-now"') == 1


def test_at_night_the_page_says_when_it_will_be_read(
    client: Client, world: World, at: Callable[[datetime], None]
) -> None:
    at(datetime(2026, 3, 13, 23, 40, tzinfo=UTC))
    assert "A person reads this on Monday 16 March, from 8am." in client.get("/norfolk/").content.decode()
    page = client.get(send(client)["Location"]).content.decode()
    assert "Monday 16 March, before 6pm" in page
    assert "By Wednesday 18 March" in page


def test_a_double_click_and_back_are_one_request(client: Client, world: World) -> None:
    key = form_key(client)
    first = send(client, form_key=key)
    again = send(client, form_key=key)
    changed = send(client, form_key=key, story="And I do not sleep.", contact="rosie@home.example")
    assert Referral.objects.count() == 1
    assert {client.get(answer["Location"]).status_code for answer in (first, again, changed)} == {200}
    assert [story.words for story in Story.objects.all()] == [STORY, "And I do not sleep."]
    assert ContactPoint.objects.filter(person=Referral.objects.get().person).count() == 2


def test_another_browser_and_a_reference_open_nothing(client: Client, world: World) -> None:
    address = send(client)["Location"]
    stranger = Client()
    answer = stranger.get(address)
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Sunita" not in page
    assert Referral.objects.get().reference not in page
    for more in ("safe/", "needs/", "about/", "words/"):
        assert stranger.get(address + more).status_code == 403
        assert stranger.post(address + more, {"words": "x", "safe": "yes"}).status_code == 403
    reference = Referral.objects.get().reference.replace(" ", "")
    assert client.get(f"/norfolk/received/{reference}/").status_code == 403


def test_exit_closes_the_page_and_shows_nothing_of_it(client: Client, world: World) -> None:
    address = send(client)["Location"]
    assert client.get(address)["Cache-Control"] == "no-store, private"
    gone = client.get("/exit", follow=True)
    assert gone.redirect_chain == [("/bank-holidays", 302)]
    assert "Norfolk" not in gone.content.decode()
    assert client.get(address).status_code == 403


def test_words_of_danger_move_the_help_up_and_the_request_is_accepted(client: Client, world: World) -> None:
    page = client.get(send(client, story="Some nights I want to kill myself.")["Location"]).content.decode()
    assert "We have your message" in page
    assert page.count('id="help-now"') == 1
    assert page.index('id="help-now"') < page.index("Who is holding this for you")
    assert Wait.objects.filter(kind="danger").count() == 1


def test_a_place_elsewhere_goes_to_the_people_there(client: Client, world: World, cornwall: Area) -> None:
    key = form_key(client)
    answer = send(client, place="Truro", form_key=key)
    assert answer["Location"].startswith("/cornwall/received/")
    page = client.get(answer["Location"]).content.decode()
    assert "Where you are belongs to Cornwall Family Hubs" in page
    assert Referral.objects.get().holder == world.tom
    # The same form with another place is still the same request, where it is.
    assert send(client, place="Norwich", form_key=key)["Location"].startswith("/cornwall/received/")
    assert Referral.objects.count() == 1


def test_the_first_page_finds_the_place(client: Client, world: World, cornwall: Area) -> None:
    page = client.get("/").content.decode()
    assert 'href="/norfolk/"' in page
    assert 'href="/cornwall/"' in page
    assert client.post("/", {"place": "truro"})["Location"] == "/cornwall/"
    lost = client.post("/", {"place": "Atlantis"})
    assert lost.status_code == 200
    assert "We do not know this place" in lost.content.decode()


def test_with_one_area_there_is_nothing_to_choose(client: Client, world: World) -> None:
    assert client.get("/")["Location"] == "/norfolk/"


ODD = {
    "nothing": "",
    "null": "a\x00b",
    "too long": "x" * 20_001,
    "spaces": "   \n ",
}


@pytest.mark.parametrize("story", ODD.values(), ids=ODD.keys())
def test_what_cannot_be_kept_comes_back_with_what_was_typed(client: Client, world: World, story: str) -> None:
    answer = send(client, story=story)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a problem" in page
    assert 'value="07700 900142"' in page
    assert "\x00" not in page
    assert Referral.objects.count() == 0


HOSTILE = (
    "<script>alert(1)</script>",
    "'; DROP TABLE care_referral; --",
    "=cmd|' /C calc'!A0",
    "\u202eevil\u202c text",
    "I need help \U0001f9d1\u200d\U0001f37c " * 50,
)


@pytest.mark.parametrize("story", HOSTILE)
def test_hostile_and_odd_words_are_kept_and_never_run(client: Client, world: World, story: str) -> None:
    answer = send(client, story=story)
    assert answer.status_code == 302
    assert Story.objects.get().words == story.strip()
    page = client.get(answer["Location"] + "words/").content.decode()
    assert "<script>alert" not in page


@pytest.mark.parametrize(
    ("contact", "status"),
    [
        ("rosie@home.example", 302),
        ("+48 601 234 567", 302),
        ("01632 960 001", 302),
        ("call me", 422),
        ("123", 422),
    ],
)
def test_one_way_to_reach_you(client: Client, world: World, contact: str, status: int) -> None:
    answer = send(client, contact=contact)
    assert answer.status_code == status
    assert Referral.objects.count() == (status == 302)


def test_ten_megabytes_come_back_with_the_reason(client: Client, world: World) -> None:
    page = send(client, story="x" * 10_000_000)
    assert page.status_code == 422
    assert "shorter: at most 20,000 characters" in page.content.decode()
    assert Referral.objects.count() == 0


def test_more_than_a_form_may_hold_is_refused_in_words(client: Client, world: World) -> None:
    answer = send(client, story="x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1))
    assert answer.status_code == 400
    assert "Go back" in answer.content.decode()


@override_settings(ASKS_AN_HOUR=2)
def test_too_many_from_one_place_are_told_the_telephone(client: Client, world: World) -> None:
    assert [send(client).status_code for _ in range(3)] == [302, 302, 429]
    page = send(client, story="My own words.").content.decode()
    assert "01632\u00a0960\u00a0214" in page
    assert "My own words." in page
    assert Referral.objects.count() == 2


@override_settings(ASKS_AN_HOUR=2)
def test_a_cry_for_help_is_taken_when_ordinary_messages_are_not_any_more(
    client: Client, world: World
) -> None:
    assert [send(client).status_code for _ in range(3)] == [302, 302, 429]
    assert send(Client(), story="I think they would be better off without me.").status_code == 302
    assert Wait.objects.filter(kind="danger").count() == 1


def test_a_page_that_was_open_too_long_keeps_the_words(world: World) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/norfolk/", {"story": "Kept words.", "contact": "07700 900142", "place": ""})
    page = answer.content.decode()
    assert answer.status_code == 403
    assert "Kept words." in page
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    again = strict.post(
        "/norfolk/",
        {"story": "Kept words.", "contact": "07700 900142", "place": "", "csrfmiddlewaretoken": token[1]},
    )
    assert again.status_code == 302
    assert strict.post("/refer/").status_code == 403


def test_the_answer_is_the_same_for_somebody_we_know(client: Client, world: World) -> None:
    send(client)
    other = Client()
    page = other.get(send(other)["Location"]).content.decode()
    assert Wait.objects.filter(kind="match").count() == 1
    for word in ("already", "know you", "match", "again"):
        assert word not in page.lower().replace("be told again", "")


def test_an_area_that_is_not_there(client: Client, world: World) -> None:
    assert client.get("/atlantis/").status_code == 404
    assert client.get("/atlantis/received/x/").status_code == 404


def test_short_pages_say_how_things_are(client: Client, world: World) -> None:
    for address in (
        "/privacy",
        "/accessibility",
        "/hide-your-visit",
        "/crisis",
        "/other-languages",
        "/norfolk/hubs/",
    ):
        for query in ("", "?area=norfolk", "?area=nowhere", "?area=%00"):
            answer = client.get(address + query)
            page = answer.content.decode()
            assert answer.status_code == 200
            assert "noindex" in page
            assert page.count('id="help-now"') == 1
            assert 'href="/exit"' in page
