"""A referrer without an account: a number to a work address we know, and what became of their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from tests.world import NOW, World

from anydoor.access.models import AuditEntry
from anydoor.care import referrer_door, sealing
from anydoor.care.models import Referral, ReferrerCode
from anydoor.messages.models import OutboxMessage
from anydoor.rules import work_addresses
from anydoor.rules.errors import BadInput

KNOWN = "jo.midwife@hospital.nhs.uk"


@pytest.fixture
def referral(world: World) -> Referral:
    return world.refer(
        door="professional",
        referrer_name="Jo Midwife",
        referrer_organisation="The Hospital",
        referrer_contact=KNOWN.upper(),
        name="Rosie Thackeray",
        story="She told me she is scared.",
        family_knows="yes",
    )


def number() -> str:
    body = OutboxMessage.objects.filter(template="referrer_code").latest("pk").body
    found = re.search(r"\d{6}", body)
    assert found is not None
    return found[0]


def signs_in(client: Client, address: str = KNOWN) -> None:
    assert client.post("/refer/mine/", {"email": address})["Location"] == "/refer/mine/code/"
    assert client.post("/refer/mine/code/", {"code": number()})["Location"] == "/refer/mine/"


def test_they_see_how_far_it_is_and_nothing_of_the_family(client: Client, referral: Referral) -> None:
    signs_in(client)
    shown = client.get("/refer/mine/").content.decode()
    assert "We have it. Nobody has spoken with them yet." in shown
    assert "Norfolk front door has it." in shown
    for secret in ("Rosie", "Thackeray", "scared", "900123"):
        assert secret not in shown
    assert AuditEntry.objects.filter(action="see_own_referrals", actor=KNOWN).exists()


def test_another_address_sees_none_of_it(client: Client, referral: Referral) -> None:
    signs_in(client, "other@hospital.nhs.uk")
    assert "There is none with this address" in client.get("/refer/mine/").content.decode()


def test_a_sealed_family_looks_as_if_it_were_not_there(
    client: Client, world: World, referral: Referral
) -> None:
    sealing.seal(
        family_id=referral.family_id,
        kind="abuse",
        words="He must not know.",
        names=[world.lead],
        by=world.lead,
        at=NOW,
    )
    signs_in(client)
    assert "There is none with this address" in client.get("/refer/mine/").content.decode()


def test_an_address_of_nobody_we_know_gets_no_number_and_is_told_the_ways(
    client: Client, world: World
) -> None:
    answer = client.post("/refer/mine/", {"email": "jo@charity.example"})
    assert answer.status_code == 422
    assert "refer without signing in, or ring us" in answer.content.decode()
    referrer_door.vouch(
        area=world.area, domain="@Charity.Example", who_they_are="A charity", by=world.lead, at=NOW
    )
    assert client.post("/refer/mine/", {"email": "jo@charity.example"}).status_code == 302
    # of that very domain, not of one that ends alike
    assert client.post("/refer/mine/", {"email": "jo@notcharity.example"}).status_code == 422


@pytest.mark.parametrize("wrong", ["", "000000000", "abcdef", "\u0661\u0662\u0663\u0664\u0665\u0666"])
def test_a_wrong_number_opens_nothing(client: Client, referral: Referral, wrong: str) -> None:
    client.post("/refer/mine/", {"email": KNOWN})
    assert client.post("/refer/mine/code/", {"code": wrong}).status_code == 422
    assert "What became of it?" in client.get("/refer/mine/").content.decode()


def test_five_tries_then_even_the_right_one_is_not_taken(client: Client, referral: Referral) -> None:
    client.post("/refer/mine/", {"email": KNOWN})
    right = number()
    for _ in range(5):
        client.post("/refer/mine/code/", {"code": "12345"})
    assert client.post("/refer/mine/code/", {"code": right}).status_code == 422


def test_a_number_works_once_in_the_browser_that_asked_and_for_ten_minutes(
    client: Client, referral: Referral, at: Callable[[datetime], None]
) -> None:
    client.post("/refer/mine/", {"email": KNOWN})
    first = number()
    assert (
        Client().post("/refer/mine/code/", {"code": first})["Location"] == "/refer/mine/"
    )  # asks for the address
    at(NOW + timedelta(minutes=10, seconds=1))
    assert client.post("/refer/mine/code/", {"code": first}).status_code == 422
    signs_in(client)
    again = Client()
    again.post("/refer/mine/", {"email": KNOWN})  # within the minute: none is sent
    assert ReferrerCode.objects.count() == 1
    assert again.post("/refer/mine/code/", {"code": number()}).status_code == 422  # used
    at(NOW + timedelta(hours=1, minutes=11))
    assert "What became of it?" in client.get("/refer/mine/").content.decode()  # closed after an hour


def test_only_who_decides_on_the_directory_vouches(client: Client, world: World) -> None:
    for user, status in ((world.sunita, 403), (world.grace, 403), (world.lead, 200), (world.priya, 200)):
        client.force_login(user)
        assert client.get("/desk/areas/norfolk/vouched/").status_code == status
    client.post("/desk/areas/norfolk/vouched/", {"domain": "charity.example", "who_they_are": "A charity"})
    assert referrer_door.is_known("charity.example")
    page = client.get("/desk/areas/norfolk/vouched/").content.decode()
    assert "A charity" in page
    end = re.search(r"/desk/areas/norfolk/vouched/\d+/end/", page)
    assert end is not None
    assert client.post(end[0]).status_code == 302
    assert client.post(end[0]).status_code == 302  # pressed twice
    assert not referrer_door.is_known("charity.example")


@pytest.mark.parametrize(
    ("domain", "public"),
    [
        ("leeds.nhs.uk", True),
        ("nhs.net", True),
        ("norfolk.gov.uk", True),
        ("school.norfolk.sch.uk", True),
        ("nhs.uk.example", False),
        ("notnhs.uk", False),
        ("gov.uk.evil.example", False),
    ],
)
def test_endings_of_public_bodies(domain: str, public: bool) -> None:
    assert work_addresses.is_public_body(domain) is public


@pytest.mark.parametrize(
    "typed", ["", "charity", "a b.example", "@", "x" * 300 + ".example", "charity.example\x00"]
)
def test_what_is_no_domain_is_said(typed: str) -> None:
    with pytest.raises(BadInput):
        work_addresses.checked_domain(typed)


def test_an_address_gets_few_numbers_an_hour_from_wherever_they_are_asked(
    world: World, at: Callable[[datetime], None]
) -> None:
    """Otherwise five tries a number would be five a minute, for ever."""
    pages = []
    for turn in range(12):
        at(NOW + timedelta(minutes=2 * turn))
        asked = Client(REMOTE_ADDR=f"192.0.2.{turn}").post("/refer/mine/", {"email": KNOWN.upper()})
        pages.append((asked.status_code, asked["Location"]))
    assert set(pages) == {(302, "/refer/mine/code/")}, "nobody is told"
    assert OutboxMessage.objects.filter(template="referrer_code").count() == 6
    other = Client().post("/refer/mine/", {"email": "other@hospital.nhs.uk"})
    assert other.status_code == 302
    assert OutboxMessage.objects.filter(template="referrer_code").count() == 7
