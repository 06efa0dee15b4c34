"""A professional refers without an account: kept from page to page, found again, sent once."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest
from django.test import Client, override_settings
from django.urls import reverse
from tests.world import World

from anydoor.care.models import Draft, Referral, Story
from anydoor.people.models import ContactPoint, Instruction, Person

PAGES: Mapping[str, Mapping[str, object]] = {
    "you": {
        "referrer_name": "Joan Petch",
        "referrer_organisation": "Midwife, Norwich",
        "referrer_contact": "joan@clinic.example",
    },
    "person": {
        "name": "Rosie Thackeray",
        "role": "mother",
        "born_on-day": "27",
        "born_on-month": "March",
        "born_on-year": "1994",
        "nhs_number": "999 000 0018",
    },
    "reach": {
        "contact": "07700 900142",
        "safe": "yes",
        "uses": ["call", "text"],
        "hours": "before 3pm",
        "safety": "Never call the landline.",
        "place": "Norwich",
        "address_kind": "usual",
    },
    "needs": {"language": "Polish", "interpreter": "yes", "communication": "Send large print."},
    "baby": {
        "where": "expecting",
        "due_on-day": "1",
        "due_on-month": "June",
        "due_on-year": "2026",
        "babies": "2",
    },
    "story": {"story": "She feels nothing for the babies.", "needs": ["bond", "mood"], "asks_for": "A call."},
    "agreed": {"family_knows": "yes", "agreed_words": "Yes, tell them."},
}


def number() -> str:
    """An NHS number of the range for tests, with its check digit."""
    from anydoor.rules.identifiers import nhs_check_digit

    for first in range(999000001, 999000100):
        digit = nhs_check_digit(str(first))
        if digit is not None:
            return f"{first}{digit}"
    raise AssertionError


@pytest.fixture
def draft(client: Client, world: World) -> Draft:
    assert client.post("/refer/")["Location"] == "/refer/"
    return Draft.objects.get()


def fill(client: Client, *, but: str = "", **other: Mapping[str, object]) -> None:
    for key, said in {**PAGES, **other}.items():
        if key != but:
            typed = {**said, "nhs_number": number()} if key == "person" and key not in other else said
            assert client.post(f"/refer/{key}/", typed).status_code == 302, key


def test_all_pages_in_the_other_order_make_one_request(client: Client, draft: Draft, world: World) -> None:
    for key in reversed(PAGES):
        typed = {**PAGES[key], "nhs_number": number()} if key == "person" else PAGES[key]
        assert client.post(f"/refer/{key}/", typed)["Location"] == "/refer/"
    check = client.get("/refer/check/").content.decode()
    for shown in ("Rosie Thackeray", "27 March 1994", "Call and Text", "Yes, tell them.", "1 June 2026"):
        assert shown in check
    for _ in range(2):  # a double click
        assert client.post("/refer/check/")["Location"] == "/refer/sent/"
    referral = Referral.objects.get()
    assert (referral.door, referral.referrer_name, referral.family_knows, referral.agreed_words) == (
        "professional",
        "Joan Petch",
        "yes",
        "Yes, tell them.",
    )
    assert referral.needs == ["bond", "mood"]
    point = ContactPoint.objects.get()
    assert (point.safe, point.uses, point.hours) == ("yes", ["call", "text"], "before 3pm")
    assert {row.words for row in Instruction.objects.all()} == {
        "Never call the landline.",
        "Send large print.",
    }
    assert Person.objects.filter(due_on__isnull=False).count() == 2
    assert Story.objects.get().kind == "referrer"
    page = client.get("/refer/sent/").content.decode()
    assert referral.reference in page
    assert "Sunita Rao" in page
    assert "Rosie" not in page
    assert "For RT." in page
    assert Draft.objects.get().data == {}


def test_a_draft_is_found_again_by_its_code(client: Client, draft: Draft) -> None:
    client.post("/refer/you/", PAGES["you"])
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", client.get("/refer/").content.decode())
    assert code is not None
    other = Client()
    assert other.post("/refer/carry-on/", {"code": code[0].lower().replace("-", " ")}).status_code == 302
    assert "Joan Petch" in other.get("/refer/you/").content.decode()
    assert Client().post("/refer/carry-on/", {"code": "2222-2222-2222"}).status_code == 422


def test_codes_cannot_be_tried_for_long(world: World) -> None:
    tries = [Client().post("/refer/carry-on/", {"code": "2222-2222-2222"}).status_code for _ in range(11)]
    assert tries == [422] * 10 + [429]


def test_what_is_wrong_is_kept_and_said(client: Client, draft: Draft) -> None:
    answer = client.post("/refer/person/", {"name": "Rosie", "role": "mother", "nhs_number": "999 000 0000"})
    assert answer.status_code == 422
    assert "not an NHS number" in answer.content.decode()
    assert "Something to put right" in client.get("/refer/").content.decode()
    assert 'value="Rosie"' in client.get("/refer/person/").content.decode()
    assert client.get("/refer/check/")["Location"] == "/refer/"
    assert client.post("/refer/check/")["Location"] == "/refer/"
    assert not Referral.objects.exists()


@pytest.mark.parametrize("text", ["a\x00b", "x" * 30_000, "\ud800"])
def test_what_no_draft_can_hold_comes_back(client: Client, draft: Draft, text: str) -> None:
    answer = client.post("/refer/story/", {"story": text.encode("utf-8", "replace").decode()})
    assert answer.status_code in {302, 422}
    assert client.get("/refer/").status_code == 200


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("reach", {"contact": "07700 900142", "safe": "yes", "place": "Norwich"}),
        ("reach", {"contact": "call her", "safe": "not_asked", "place": "Norwich"}),
        ("baby", {"where": "expecting"}),
        (
            "baby",
            {
                "where": "born",
                "baby_born_on-day": "1",
                "baby_born_on-month": "1",
                "baby_born_on-year": "2030",
            },
        ),
        ("baby", {"babies": "40"}),
        ("agreed", {"family_knows": "yes"}),
        ("agreed", {"family_knows": "no"}),
        ("person", {"name": "Rosie", "role": "queen"}),
        ("you", {"referrer_name": "Joan", "referrer_organisation": "x", "referrer_contact": "nobody"}),
    ],
)
def test_each_page_says_what_is_missing(client: Client, draft: Draft, key: str, said: dict[str, str]) -> None:
    answer = client.post(f"/refer/{key}/", said)
    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_a_draft_can_be_deleted(client: Client, draft: Draft) -> None:
    fill(client)
    assert client.post("/refer/delete/").status_code == 302
    assert not Draft.objects.exists()
    assert "Start a referral" in client.get("/refer/").content.decode()
    assert client.get("/refer/you/")["Location"] == "/refer/"
    assert client.post("/refer/you/", PAGES["you"]).status_code == 409


def test_optional_pages_can_be_left_out(client: Client, draft: Draft) -> None:
    for key in ("you", "person", "reach", "story", "agreed"):
        typed = {**PAGES[key], "nhs_number": ""} if key == "person" else PAGES[key]
        client.post(f"/refer/{key}/", typed)
    assert client.post("/refer/check/")["Location"] == "/refer/sent/"
    assert Referral.objects.count() == 1


def test_who_does_not_know_yet_is_said_with_the_reason(client: Client, draft: Draft) -> None:
    fill(client, agreed={"family_knows": "no", "why_not": "She was not awake."})
    client.post("/refer/check/")
    referral = Referral.objects.get()
    assert (referral.family_knows, referral.agreed_words) == ("no", "She was not awake.")


def test_signed_in_staff_are_told_who_is_known_and_others_are_not(world: World) -> None:
    known = world.refer(name="Rosie Thackeray", contact="07700 900142", place="Norwich")
    for user, told in ((world.sunita, True), (world.grace, False), (None, False)):
        browser = Client()
        if user is not None:
            browser.force_login(user)
        browser.post("/refer/")
        fill(browser)
        page = browser.get("/refer/").content.decode()
        assert (f'href="{reverse("desk:family", args=[known.family_id])}"' in page) is told
        assert ("You may know this person already" in page) is told


def test_signed_in_staff_are_filled_in_and_find_their_drafts(world: World) -> None:
    browser = Client()
    browser.force_login(world.grace)
    browser.post("/refer/")
    assert "Grace Adeyemi" in browser.get("/refer/you/").content.decode()
    draft = Draft.objects.get()
    again = Client()
    again.force_login(world.grace)
    assert again.post("/refer/carry-on/", {"draft": str(draft.pk)}).status_code == 302
    assert "Grace Adeyemi" in again.get("/refer/you/").content.decode()
    other = Client()
    other.force_login(world.jo)
    assert other.post("/refer/carry-on/", {"draft": str(draft.pk)}).status_code == 404
    fill(again)
    again.post("/refer/check/")
    assert Referral.objects.get().referrer == world.grace


@override_settings(ASKS_AN_HOUR=1)
def test_too_many_drafts_from_one_place_wait(world: World) -> None:
    assert [Client().post("/refer/").status_code for _ in range(2)] == [302, 429]


def test_pages_that_are_not_there(client: Client, draft: Draft) -> None:
    assert client.get("/refer/nothing/").status_code == 404
    assert Client().get("/refer/you/")["Location"] == "/refer/"
    assert Client().get("/refer/sent/")["Location"] == "/refer/"
