"""Finding help without an account: what is found, what the address keeps, what a loss leaves out."""

from __future__ import annotations

from datetime import date, time

import pytest
from django.test import Client
from tests.web.scenes import key_of
from tests.world import World

from anydoor.care.models import Happening
from anydoor.directory.models import District, Place, Postcode, Session

FIND = "/norfolk/find/"


@pytest.fixture
def dereham(world: World) -> World:
    """A group for fathers near Dereham on Saturdays, and its postcode."""
    district = District.objects.get(code="E07000148")
    Postcode.objects.create(postcode="NR19 1AH", district=district, latitude=52.68, longitude=0.94)
    Postcode.objects.create(postcode="NR1 1AA", district=district, latitude=52.63, longitude=1.30)
    world.area.towns = {"Dereham": "NR19", "Norwich": "NR1"}
    world.area.save()
    room = Place.objects.create(
        slug="room", area=world.area, name="Lantern Yard", kind="venue", postcode="NR19 1AH",
        accessibility=["step_free"],
    )  # fmt: skip
    world.group.audience = ["father", "co_parent"]
    world.group.name = "Dads on Saturday"
    world.group.needs = ["isolation"]
    world.group.is_free = True
    world.group.save()
    world.group.places.add(room)
    Session.objects.create(service=world.group, place=room, weekday=5, starts=time(10), ends=time(11, 30))
    return world


def test_a_form_is_answered_by_an_address_without_the_whole_postcode(client: Client, dereham: World) -> None:
    sent = client.post(FIND, {"near": "nr19 1ah", "q": "Emma Smith feels low", "day": "saturday"})
    assert sent.status_code == 302
    assert "near=NR19" in sent["Location"]
    for private in ("1AH", "1ah", "Emma", "emma", "mith"):
        assert private not in sent["Location"]
    assert "need=mood" in sent["Location"]


def test_a_whole_postcode_in_an_address_is_taken_out(client: Client, dereham: World) -> None:
    answer = client.get(f"{FIND}?near=NR19+1AH&who=father")
    assert answer.status_code == 302
    assert answer["Location"] == f"{FIND}?near=NR19&who=father"


def test_everyday_words_find_the_dads_group_with_its_distance(client: Client, dereham: World) -> None:
    sent = client.post(FIND, {"q": "a dads group near Dereham on a Saturday"})
    page = client.get(sent["Location"]).content.decode()
    assert "near=Dereham" in sent["Location"]
    assert "Dads on Saturday" in page
    assert "Saturdays, 10am to 11:30am, Lantern Yard" in page
    assert "About 1 mile (1 km)" in page
    assert "PAIRS" not in page


def test_filters_leave_out_what_does_not_fit(client: Client, dereham: World) -> None:
    def listed(query: str) -> list[str]:
        page = client.get(f"{FIND}?{query}").content.decode()
        return [slug for slug in ("hub-group", "therapies") if f'href="/norfolk/find/{slug}/"' in page]

    assert listed("") == ["hub-group", "therapies"]
    assert listed("free=yes") == ["hub-group"]
    assert listed("access=step_free") == ["hub-group"]
    assert listed("day=monday") == []
    assert listed("day=saturday") == ["hub-group"]
    assert listed("who=mother") == ["therapies"]
    assert listed("within=2&near=Dereham&day=saturday") == ["hub-group"]
    assert listed("within=10&near=Norwich&day=saturday") == []


def test_nothing_found_offers_one_wish_less_and_a_person(client: Client, dereham: World) -> None:
    page = client.get(f"{FIND}?who=father&day=monday&free=yes").content.decode()
    assert "Nothing fits all of that" in page
    assert "Without the day" in page
    assert "Ask for help" in page
    assert "116 123" in page


def test_after_a_loss_only_what_is_for_it_and_no_word_of_a_baby(client: Client, dereham: World) -> None:
    dereham.outside.summary = "Somebody listens. Your baby may come too."
    dereham.outside.save()
    page = client.get(client.post(FIND, {"q": "we had a miscarriage"})["Location"]).content.decode()
    listed = page[page.index('id="found"') :]
    assert "Time" in listed
    assert "Somebody listens." in listed
    assert "Stay and play" not in listed
    assert "PAIRS" not in listed
    assert "baby" not in listed.lower()


def test_words_of_danger_bring_help_to_the_top(client: Client, dereham: World) -> None:
    sent = client.post(FIND, {"q": "I want to kill myself"})
    page = client.get(sent["Location"]).content.decode()
    assert "kill" not in sent["Location"]
    assert page.index("999") < page.index("<h1")


@pytest.mark.parametrize(
    "query",
    [
        "page=99999999999",
        "page=-1",
        "near=%00",
        "q=%F0%9F%98%80%00'%3B--",
        "day=x",
        "who=x",
        "within=x",
        "need=x",
    ],
)
def test_odd_addresses_are_read_as_far_as_they_make_sense(client: Client, dereham: World, query: str) -> None:
    assert client.get(f"{FIND}?{query}").status_code == 200


def test_few_queries_however_many(
    client: Client, dereham: World, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(22):  # type: ignore[operator]  # a fixture of pytest-django
        client.get(f"{FIND}?near=Dereham&q=talk&who=father")


def test_an_entry_says_how_to_get_in_and_carries_the_service_into_asking(
    client: Client, dereham: World
) -> None:
    page = client.get(f"{FIND}hub-group/").content.decode()
    for words in ("Ask for it yourself", "any professional", "step-free access", "This is wrong", "<path d="):
        assert words in page
    assert "/norfolk/?about=hub-group" in page
    form = client.get("/norfolk/?about=hub-group").content.decode()
    assert "Dads on Saturday" in form
    client.post(
        "/norfolk/",
        {
            "form_key": key_of(form),
            "story": "I would like to go.",
            "contact": "07700 900123",
            "about": "hub-group",
        },
    )
    assert Happening.objects.get(kind="asked_about").facts == {"service": "hub-group"}


def test_an_entry_closed_for_a_time_says_so(client: Client, dereham: World) -> None:
    dereham.group.closed_from = date(2026, 3, 1)
    dereham.group.closed_until = date(2026, 5, 4)
    dereham.group.save()
    assert "Closed until 4 May" in client.get(f"{FIND}hub-group/").content.decode()
    assert "Closed until 4 May" in client.get(FIND).content.decode()


def test_what_nobody_may_see_is_not_there(client: Client, dereham: World) -> None:
    dereham.group.visible_until = date(2026, 1, 1)
    dereham.group.save()
    assert client.get(f"{FIND}hub-group/").status_code == 404
    assert "Dads on Saturday" not in client.get(FIND).content.decode()
    assert client.get(f"{FIND}no-such-entry/").status_code == 404


def test_words_follow_a_change_at_once(client: Client, dereham: World) -> None:
    dereham.therapies.summary = "Trampolining for grown-ups."
    dereham.therapies.save()
    assert "NHS Talking Therapies" in client.get(f"{FIND}?q=trampolining").content.decode()


@pytest.mark.parametrize("view", ["", "?show=fathers", "?show=loss", "?show=young", "?show=%00"])
def test_map_list_and_poster(client: Client, dereham: World, view: str) -> None:
    for path in ("map/", "map/list/"):
        page = client.get(f"/norfolk/{path}{view}")
        assert page.status_code == 200
    poster = client.get(f"/norfolk/map/poster.pdf{view}")
    assert poster["Content-Type"] == "application/pdf"
    assert poster.content.startswith(b"%PDF-")


def test_the_map_has_every_service_as_a_link(client: Client, dereham: World) -> None:
    page = client.get("/norfolk/map/").content.decode()
    for slug in ("therapies", "pairs", "hub-group", "time"):
        assert f'href="/norfolk/find/{slug}/"' in page
