"""A request from the desk: are they known, then their words, then somebody holds them."""

from __future__ import annotations

import re
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from tests.world import World, person

from anydoor.access.models import User
from anydoor.access.roles import Role
from anydoor.care.models import Referral, Story, Wait
from anydoor.people.models import ContactPoint, Instruction, Person

FIND = "/desk/new/"
WRITE = "/desk/new/write"
STORY = "My landlord wants us out by Friday and I have no nappies."


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def form_key(client: Client, address: str = WRITE) -> str:
    found = re.search(r'name="form_key" value="([^"]+)"', client.get(address).content.decode())
    assert found is not None
    return found[1]


def written(user: User, address: str = WRITE, **typed: object) -> object:
    client = signed_in(user)
    given = {
        "form_key": form_key(client, address),
        "door": "phone",
        "story": STORY,
        "contact": "07700 900461",
        "safe": "not_asked",
        "stage": "not_said",
        "interpreter": "not_asked",
        "family_knows": "not_asked",
        **typed,
    }
    return client.post(address, given)


# ---------------------------------------------------------------- do we know them


def test_the_first_question_is_whether_we_know_them(world: World) -> None:
    known = world.refer(name="Rosie Thackeray", born_on=date(1998, 2, 3))
    html = signed_in(world.sunita).post(FIND, {"q": "ros tha"}).content.decode()
    assert "Rosie Thackeray" in html
    assert "is open, by web on Tuesday 10 March, held by Sunita Rao." in html
    assert reverse("desk:triage", args=[known.pk]) in html
    assert "Track it" in html
    assert f"{WRITE}?person={known.person_id}" in html


def test_the_search_never_stands_in_an_address(world: World) -> None:
    html = signed_in(world.sunita).get(FIND, {"q": "Rosie"}).content.decode()
    assert "Rosie" not in html
    assert re.search(r'<form method="post"[^>]*>', html)


def test_those_one_may_not_see_are_not_found(world: World) -> None:
    world.refer(name="Rosie Thackeray")
    html = signed_in(world.grace).post(FIND, {"q": "rosie"}).content.decode()
    assert "Nobody found" in html
    assert "Thackeray" not in html


@pytest.mark.parametrize("text", ["", " ", "a", "\x00\x00", "9" * 10, "%%%", "x" * 500])
def test_odd_searches_say_what_to_type(world: World, text: str) -> None:
    answer = signed_in(world.sunita).post(FIND, {"q": text})
    assert answer.status_code in {200, 422}


def test_what_was_typed_is_carried_on(world: World) -> None:
    client = signed_in(world.sunita)
    html = client.post(WRITE, {"begin": "1", "q": "Renata Oliveira"}).content.decode()
    assert re.search(r'name="name"[^>]*value="Renata Oliveira"', html)
    html = client.post(WRITE, {"begin": "1", "q": "999 000 0018"}).content.decode()
    assert re.search(r'name="nhs_number"[^>]*value="999 000 0018"', html)
    assert not Referral.objects.exists()


# ---------------------------------------------------------------- write it down


def test_whoever_hears_it_at_the_front_door_holds_it(world: World) -> None:
    answer = written(world.tom, name="Renata Oliveira", role="mother")
    referral = Referral.objects.get()
    assert answer["Location"] == reverse("desk:triage", args=[referral.pk])
    assert (referral.holder, referral.stage, referral.door) == (world.tom, "read", "phone")
    assert Story.objects.get().words == STORY
    assert ContactPoint.objects.get().safe == "not_asked"


def test_a_pasted_email_goes_to_the_duty_worker_with_its_referrer(world: World) -> None:
    written(
        world.tom,
        door="email",
        contact="",
        name="Ellie Baker",
        stage="pregnant",
        **{"due_on-day": "14", "due_on-month": "June", "due_on-year": "2026"},
        referrer_organisation="Thetford Surgery",
        referrer_contact="surgery@thetford.example",
        family_knows="yes",
        needs=["mood"],
    )
    referral = Referral.objects.get()
    assert (referral.holder, referral.stage) == (world.sunita, "received")
    assert (referral.referrer_organisation, referral.family_knows) == ("Thetford Surgery", "yes")
    assert referral.who_words == "due 14 June"
    assert Story.objects.get().kind == "referrer"


def test_everything_told_is_kept(world: World) -> None:
    written(
        world.sunita,
        door="walk_in",
        name="Siân O'Dwyer-Ōe",
        role="co_parent",
        safe="yes",
        uses=["text"],
        hours="after 3pm",
        place="Norwich",
        stage="loss",
        loss_kind="miscarriage",
        language="Portuguese",
        interpreter="yes",
        safety="Do not ring the house.",
        communication="Say it, then send a short text.",
        asks_for="Somebody to talk to",
        needs=["loss", "housing"],
        **{"lost_on-day": "24", "lost_on-month": "1", "lost_on-year": "2026"},
    )
    referral = Referral.objects.select_related("person").get()
    point = ContactPoint.objects.get()
    assert referral.person.name == "Siân O'Dwyer-Ōe"
    assert (point.safe, point.uses, point.hours) == ("yes", ["text"], "after 3pm")
    assert {row.words for row in Instruction.objects.all()} == {
        "Do not ring the house.",
        "Say it, then send a short text.",
    }
    assert (referral.needs, referral.about) == (["loss", "housing"], ["father", "loss", "interpreter"])
    lost = Person.objects.get(loss_kind="miscarriage")
    assert lost.lost_on == date(2026, 1, 24)


def test_for_somebody_we_know_the_request_joins_by_the_workers_word(world: World) -> None:
    known = world.refer(name="Rosie Thackeray")
    address = f"{WRITE}?person={known.person_id}"
    html = signed_in(world.sunita).get(address).content.decode()
    assert "Write it down for Rosie Thackeray" in html
    assert 'name="born_on-day"' not in html
    written(world.sunita, address)
    new = Referral.objects.exclude(pk=known.pk).get()
    assert (new.person, new.family, new.joined_by) == (known.person, known.family, "a worker's word")


def test_somebody_who_may_not_be_seen_cannot_be_joined(world: World) -> None:
    known = world.refer(name="Rosie Thackeray")
    for given in (known.person_id, 10**15, "1'--", "९"):
        answer = signed_in(world.grace).get(WRITE, {"person": given})
        assert answer.status_code == 404


def test_a_possible_match_is_told_of_after_writing(world: World) -> None:
    world.refer(name="Kayleigh Brundle", contact="07700 900461")
    written(world.sunita, name="Kayleigh Brundel")
    assert Wait.objects.open().filter(kind="match").count() == 1


def test_words_of_danger_open_on_the_banner(world: World) -> None:
    client = signed_in(world.sunita)
    answer = written(world.sunita, story="He says they would be better off without me.")
    html = client.get(answer["Location"]).content.decode()
    assert "ad-emergency" in html


def test_the_same_showing_sent_twice_is_one_request(world: World) -> None:
    client = signed_in(world.sunita)
    given = {
        "form_key": form_key(client),
        "door": "phone",
        "story": STORY,
        "contact": "07700 900461",
        "safe": "not_asked",
        "interpreter": "not_asked",
        "family_knows": "not_asked",
    }
    first, second = client.post(WRITE, given), client.post(WRITE, given)
    assert first["Location"] == second["Location"]
    assert Referral.objects.count() == 1


def test_a_practitioners_request_is_held_by_the_front_door(world: World) -> None:
    answer = written(world.grace, name="Renata Oliveira")
    assert answer["Location"] == "/desk/"
    assert Referral.objects.get().holder == world.sunita
    html = signed_in(world.grace).get("/desk/")
    assert html.status_code == 200


def test_somebody_who_only_refers_writes_without_searching(world: World) -> None:
    referrer = person("Jo Peart", world.therapies_team, Role.REFERRER)
    assert signed_in(referrer).get(FIND)["Location"] == WRITE
    assert written(referrer).status_code == 302


def test_somebody_without_a_team_writes_nothing(world: World) -> None:
    nobody = User.objects.create(email="no.team@staff.example", name="No Team", password="!")
    assert signed_in(nobody).get(FIND).status_code == 403
    assert signed_in(nobody).post(WRITE, {"story": STORY}).status_code == 403
    assert not Referral.objects.exists()


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"story": " "}, "Write what they say. One sentence is enough"),
        ({"door": ""}, "Say how it came"),
        ({"door": "api"}, "Choose from the answers that are listed"),
        ({"contact": ""}, "Give us one way to reach you"),
        ({"contact": "12"}, "phone number"),
        ({"nhs_number": "999 000 0019"}, "NHS number"),
        ({"story": "a\x00b"}, "hidden character"),
        ({"story": "x" * 30_000}, "shorter"),
        ({"babies": "99", "stage": "pregnant"}, "how many babies"),
        (
            {"due_on-day": "1", "due_on-month": "6", "due_on-year": "2026"},
            "Say if it is a pregnancy, a baby or a loss",
        ),
        ({"stage": "pregnant", "loss_kind": "stillbirth"}, "Only the pregnancy is written here."),
        ({"safe": "yes"}, "Say what it is safe for"),
        ({"born_on-day": "31", "born_on-month": "2", "born_on-year": "1994"}, "There is no such day"),
        ({"born_on-day": "1", "born_on-month": "2", "born_on-year": "2020"}, "date of birth of a child"),
    ],
)
def test_what_cannot_be_used_is_said_and_what_was_typed_stays(
    world: World, typed: dict[str, str], said: str
) -> None:
    answer = written(world.sunita, **{"name": "Zoë <b>", **typed})
    assert answer.status_code == 422
    html = answer.content.decode()
    assert said in html
    assert "Zoë &lt;b&gt;" in html
    if "story" not in typed:
        assert STORY in html
    assert not Referral.objects.exists()


def test_emoji_and_right_to_left_are_kept_exactly(world: World) -> None:
    story = "لا أنام 😢 \u200fI am tired\u202e"
    written(world.sunita, story=story, name="عائشة")
    assert Story.objects.get().words == story
    assert Person.objects.filter(name="عائشة").exists()
