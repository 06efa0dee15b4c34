"""What somebody unlucky, odd or hostile does on the public pages."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO

import pytest
from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.test import Client, RequestFactory, override_settings
from tests.web.test_public_ask import form_key, send
from tests.world import NOW, World

from anydoor.care import episode, joining
from anydoor.care.models import Draft, FamilyCare, Holding, PossibleMatch, Referral, Story
from anydoor.directory.models import Area
from anydoor.rules import identifiers
from anydoor.web.public.expired import unreadable

NUMBER = f"999000001{identifiers.nhs_check_digit('999000001')}"


def test_other_words_in_the_same_form_from_a_browser_that_holds_nothing_are_another_request(
    client: Client, world: World
) -> None:
    key = form_key(client)
    send(client, form_key=key, story="The first person’s secret.")
    client.get("/exit")
    stranger = Client()
    for _ in range(2):
        stranger.cookies.clear()
        answer = send(stranger, form_key=key, story="Someone else.", contact="07700 900199")
        page = stranger.get(answer["Location"] + "words/").content.decode()
        assert "secret" not in page
        assert "Someone else." in page
    assert Referral.objects.count() == 2
    assert Story.objects.filter(referral=Referral.objects.earliest("pk")).count() == 1


def test_help_comes_first_also_when_something_is_missing(client: Client, world: World) -> None:
    answer = send(client, story="Some nights I want to kill myself.", contact="")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert page.count('id="help-now"') == 1
    assert page.index('id="help-now"') < page.index("<h1")
    assert "Some nights I want to kill myself." in page


def test_a_place_in_two_areas_stays_where_it_was_asked(client: Client, world: World) -> None:
    other = Area.objects.create(
        slug="anglia",
        name="Anglia",
        door_name="Anglia",
        reference_prefix="ANG",
        phone="01632 960551",
        text_number="07700 900551",
        email="hello@anglia.example",
        front_door=world.front_door,
        places_near=["Dereham"],
    )
    other.districts.set(world.area.districts.all())
    for place in ("Norwich", "Dereham", "norfolk"):
        assert send(client, place=place)["Location"].startswith("/norfolk/")
        assert send(client, "/anglia/", place=place)["Location"].startswith(
            "/norfolk/" if place == "norfolk" else "/anglia/"
        )


def test_a_referrer_learns_no_name_from_a_number(client: Client, world: World) -> None:
    world.refer(name="Zainab Quill", nhs_number=NUMBER, born_on=date(1994, 3, 27))
    client.post("/refer/?area=norfolk")
    for part, said in {
        "you": {
            "referrer_name": "A B",
            "referrer_organisation": "School",
            "referrer_contact": "a.b@school.example",
        },
        "person": {
            "name": "Xena Vale",
            "role": "mother",
            "born_on-day": "27",
            "born_on-month": "3",
            "born_on-year": "1994",
            "nhs_number": NUMBER,
        },
        "reach": {"contact": "07700 900142", "safe": "not_asked", "place": "Norwich"},
        "story": {"story": "She is low."},
        "agreed": {"family_knows": "yes", "agreed_words": "Yes."},
    }.items():
        assert client.post(f"/refer/{part}/", said).status_code == 302, part
    client.post("/refer/check/", {})
    assert Referral.objects.latest("pk").joined_by == "NHS number"
    assert Draft.objects.get().sent_reference
    page = client.get("/refer/sent/").content.decode()
    card = re.search(r"For ([A-Z.\s]+)\. ", page)
    assert "Zainab" not in page
    assert card is not None
    assert card[1].replace(".", "").replace(" ", "") == "XV"


@pytest.mark.parametrize("address", ["/norfolk/", "/norfolk/hubs/", "/crisis", "/bank-holidays", "/refer/"])
def test_what_only_asks_for_the_head_of_a_page_gets_it(client: Client, world: World, address: str) -> None:
    answer = client.head(address)
    assert (answer.status_code, answer.content) == (200, b"")


def test_a_form_in_another_writing_is_refused_in_words(world: World) -> None:
    for client in (Client(), Client(enforce_csrf_checks=True)):
        answer = client.generic(
            "POST", "/norfolk/", b"story=a", "application/x-www-form-urlencoded; charset=utf-7"
        )
        assert answer.status_code == 400
        assert "Go back" in answer.content.decode()


def test_what_is_too_large_is_read_to_its_end_so_that_the_browser_sees_the_answer() -> None:
    request = RequestFactory().post("/norfolk/", {"story": "x" * settings.DATA_UPLOAD_MAX_MEMORY_SIZE})
    with pytest.raises(RequestDataTooBig) as refused:
        len(request.POST)
    assert unreadable(request, refused.value).status_code == 400
    assert request.read() == b""


def test_a_file_is_not_kept_anywhere(client: Client, world: World) -> None:
    answer = client.post("/norfolk/", {"story": BytesIO(b"x" * 1_000), "contact": "07700 900142"})
    assert answer.status_code == 422
    assert not answer.wsgi_request.FILES


def test_a_page_whose_draft_went_in_another_tab_comes_back_with_what_was_typed(
    client: Client, world: World
) -> None:
    client.post("/refer/?area=norfolk")
    client.post("/refer/delete/")
    answer = client.post("/refer/story/", {"story": "A long story, typed with care."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "A long story, typed with care." in page
    assert "sent or deleted in the meantime" in page
    assert not Draft.objects.exists()


@override_settings(ASKS_AN_HOUR=2)
def test_many_messages_from_one_place_do_not_keep_out_a_cry_for_help(client: Client, world: World) -> None:
    assert [send(client).status_code for _ in range(3)] == [302, 302, 429]
    assert send(client, story="Some nights I want to kill myself.").status_code == 302


def test_the_page_names_no_worker_of_a_family_that_we_knew_before(client: Client, world: World) -> None:
    known = world.refer(name="Rosie Thackeray")
    answer = send(client, contact="07700 900123")
    joining.decide_match(match=PossibleMatch.objects.get(), same=True, by=world.sunita, at=NOW)
    Holding.objects.filter(referral=known).update(user=world.grace, team=world.therapies_team)
    Referral.objects.filter(pk=known.pk).update(holder=world.grace, holder_team=world.therapies_team)
    new = Referral.objects.latest("pk")
    episode.end(thing=new, reason="said_no", words="It is the same request.", by=world.sunita, at=NOW)
    FamilyCare.objects.filter(family=known.family).update(lead=world.grace, lead_team=world.therapies_team)
    page = client.get(answer["Location"]).content.decode()
    assert "Grace" not in page
    assert "Therapies" not in page
    assert "Norfolk Family Hubs" in page
