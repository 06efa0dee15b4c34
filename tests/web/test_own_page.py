"""Somebody comes to their own page by a link and a code; nobody else does, and nobody learns who is known."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client
from tests.world import NOW, World

from anydoor.access.models import AuditEntry
from anydoor.care import consenting, own_page
from anydoor.care.consenting import Receiver, Word
from anydoor.care.models import Objection, OwnPageLink, Referral, Story, Wait
from anydoor.care.rights import objecting
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import Consent, ContactPoint


@pytest.fixture
def referral(world: World) -> Referral:
    made = world.refer()
    ContactPoint.objects.filter(person=made.person).update(safe="yes", uses=["call", "text", "email"])
    return made


def sent(template: str) -> str:
    return OutboxMessage.objects.filter(template=template, state="queued").latest("pk").body


def link_in(body: str) -> str:
    found = re.search(r"(/mine/link/\S+)", body)
    assert found is not None
    return found[1]


def number_in(body: str) -> str:
    found = re.search(r"\b(\d{6})\b", body)
    assert found is not None
    return found[1]


def comes_in(client: Client, world: World, referral: Referral) -> None:
    """A worker sends the link; they open it, ask for the number and type it."""
    own_page.send_link(family_id=referral.family_id, person_id=referral.person_id, by=world.sunita, at=NOW)
    link = link_in(sent("own_page"))
    assert "Send me the numbers" in client.get(link).content.decode()
    assert client.post(link, {"act": "send"}).status_code == 302
    back = client.post(link, {"act": "open", "code": number_in(sent("own_code"))})
    assert back["Location"] == "/mine/"


def test_they_see_who_holds_them_and_who_looked(client: Client, world: World, referral: Referral) -> None:
    desk = Client()
    desk.force_login(world.sunita)
    assert desk.get(f"/desk/family/{referral.family_id}/").status_code == 200
    comes_in(client, world, referral)
    shown = client.get("/mine/").content.decode()
    assert world.sunita.name in shown
    assert "Sunita (Norfolk front door) read your family&#39;s page." in shown.replace("&#x27;", "&#39;")
    assert "Rao (" not in shown  # first names of workers
    assert AuditEntry.objects.filter(action="own_page_seen", subject_id=referral.person_id).exists()
    assert "no-store" in client.get("/mine/")["Cache-Control"]


def test_sharing_stops_when_they_press(client: Client, world: World, referral: Referral) -> None:
    row = consenting.say_yes(
        person=referral.person,
        family_id=referral.family_id,
        to=Receiver(service=world.pairs),
        word=Word(given_by="Asha", words="Yes, tell them.", how="phone", at=NOW),
        by=world.sunita,
        at=NOW,
    )
    comes_in(client, world, referral)
    assert "Stop sharing" in client.get("/mine/").content.decode()
    assert client.post(f"/mine/sharing/{row.pk}/")["Location"] == "/mine/?done=taken_back"
    row.refresh_from_db()
    assert row.state == "withdrawn"
    assert client.post(f"/mine/sharing/{row.pk}/").status_code == 302  # pressed twice
    assert "It has stopped" in client.get("/mine/?done=taken_back").content.decode()


def test_what_another_agreed_to_is_theirs(client: Client, world: World, referral: Referral) -> None:
    other = world.refer(contact="07700 900777", story="I am alone with this.")
    row = consenting.say_yes(
        person=other.person,
        family_id=other.family_id,
        to=Receiver(service=world.pairs),
        word=Word(given_by="Ben", words="Yes.", how="phone", at=NOW),
        by=world.sunita,
        at=NOW,
    )
    comes_in(client, world, referral)
    assert client.post(f"/mine/sharing/{row.pk}/").status_code == 404
    row.refresh_from_db()
    assert row.state == "given"


def test_a_link_alone_opens_nothing_and_works_once(client: Client, world: World, referral: Referral) -> None:
    own_page.send_link(family_id=referral.family_id, person_id=referral.person_id, by=world.sunita, at=NOW)
    link = link_in(sent("own_page"))
    assert client.post(link, {"act": "open", "code": ""}).status_code == 422
    assert client.get("/mine/")["Location"] == "/mine/ask/"
    client.post(link, {"act": "send"})
    number = number_in(sent("own_code"))
    assert client.post(link, {"act": "open", "code": f"{number[:3]} {number[3:]}"}).status_code == 302
    another = Client()
    assert another.get(link).status_code == 404
    assert another.get("/mine/")["Location"] == "/mine/ask/"


def test_five_wrong_numbers_end_the_link(client: Client, world: World, referral: Referral) -> None:
    own_page.send_link(family_id=referral.family_id, person_id=referral.person_id, by=world.sunita, at=NOW)
    link = link_in(sent("own_page"))
    client.post(link, {"act": "send"})
    right = number_in(sent("own_code"))
    wrong = "000000" if right != "000000" else "000001"
    answers = [client.post(link, {"act": "open", "code": wrong}).status_code for _ in range(5)]
    assert answers == [422, 422, 422, 422, 404]
    assert client.post(link, {"act": "open", "code": right}).status_code == 404
    assert AuditEntry.objects.filter(action="own_page_tried", allowed=False).count() == 5


def test_a_number_is_too_old_after_ten_minutes(
    client: Client, world: World, referral: Referral, at: Callable[[datetime], None]
) -> None:
    own_page.send_link(family_id=referral.family_id, person_id=referral.person_id, by=world.sunita, at=NOW)
    link = link_in(sent("own_page"))
    client.post(link, {"act": "send"})
    number = number_in(sent("own_code"))
    at(NOW + timedelta(minutes=10, seconds=1))
    assert client.post(link, {"act": "open", "code": number}).status_code == 422
    client.post(link, {"act": "send"})
    assert client.post(link, {"act": "open", "code": number_in(sent("own_code"))}).status_code == 302
    at(NOW + timedelta(minutes=41, seconds=1))
    assert client.get("/mine/")["Location"] == "/mine/ask/"  # half an hour, and it has closed by itself


def test_who_asks_is_answered_alike_known_or_not(client: Client, world: World, referral: Referral) -> None:
    point = ContactPoint.objects.get(person=referral.person)
    for code, contact, known in (
        (referral.reference, point.typed, True),
        (referral.reference, "07700 900999", False),
        ("NFK 222 222", point.typed, False),
        ("rubbish \x00", "not a number", False),
    ):
        before = OutboxMessage.objects.filter(template="own_page").count()
        answer = client.post("/mine/ask/", {"code": code.replace("\x00", ""), "contact": contact})
        assert answer["Location"] == "/mine/asked/", code
        assert (OutboxMessage.objects.filter(template="own_page").count() > before) is known
    assert client.get("/mine/asked/").status_code == 200


def test_nothing_is_sent_where_it_is_not_safe(client: Client, world: World, referral: Referral) -> None:
    ContactPoint.objects.filter(person=referral.person).update(safe="no", uses=[])
    typed = ContactPoint.objects.get(person=referral.person).typed
    assert client.post("/mine/ask/", {"code": referral.reference, "contact": typed}).status_code == 302
    assert not OwnPageLink.objects.exists()
    desk = Client()
    desk.force_login(world.sunita)
    page = f"/desk/family/{referral.family_id}/person/{referral.person_id}/page/"
    answer = desk.post(page, {"form_key": "A" * 22})
    assert "It was not sent." in answer.content.decode()
    assert not OwnPageLink.objects.exists()


def test_asking_too_often_leads_to_a_person(client: Client, world: World, referral: Referral) -> None:
    for _ in range(6):
        client.post("/mine/ask/", {"code": "NFK 222 222", "contact": "07700 900999"})
    answer = client.post("/mine/ask/", {"code": "NFK 222 222", "contact": "07700 900999"})
    assert answer.status_code == 429
    assert "Please ring us" in answer.content.decode()


def test_this_is_not_for_me(client: Client, world: World, referral: Referral) -> None:
    own_page.send_link(family_id=referral.family_id, person_id=referral.person_id, by=world.sunita, at=NOW)
    link = link_in(sent("own_page"))
    assert client.get(f"{link}/not-me").status_code == 200
    assert "Thank you for telling us" in client.post(f"{link}/not-me").content.decode()
    assert client.get(link).status_code == 404
    assert ContactPoint.objects.get(person=referral.person).ended_at is not None
    wait = Wait.objects.open().get(kind="message_not_delivered")
    assert wait.user == world.sunita
    assert "not theirs" in wait.why


def test_exit_closes_it(client: Client, world: World, referral: Referral) -> None:
    comes_in(client, world, referral)
    client.get("/exit")
    assert client.get("/mine/")["Location"] == "/mine/ask/"


def test_only_who_works_with_the_family_sends_it(client: Client, world: World, referral: Referral) -> None:
    page = f"/desk/family/{referral.family_id}/person/{referral.person_id}/page/"
    client.force_login(world.sunita)
    assert "What" in client.get(page).content.decode()
    assert client.post(page, {"form_key": "A" * 22}).status_code == 302
    assert OwnPageLink.objects.get().sent_by == world.sunita
    assert OwnPageLink.objects.get().expires_at.date() == date(2026, 3, 13)


# ---- what is written, and saying that it is not right


def test_they_read_what_is_written_and_say_what_is_not_right(
    client: Client, world: World, referral: Referral
) -> None:
    comes_in(client, world, referral)
    shown = client.get("/mine/written/").content.decode()
    assert "I feel low and alone." in shown
    story = Story.objects.get(referral=referral)
    where = f"/mine/written/story:{story.pk}/"
    assert where in shown
    empty = client.post(
        where, {"form_key": "A" * 22, "kind": "wrong", "words": "", "should_be": "I was <b>."}
    )
    assert empty.status_code == 422
    assert "I was &lt;b&gt;." in empty.content.decode()
    sent_once = {
        "form_key": "A" * 22,
        "kind": "wrong",
        "words": "I was tired, not low.",
        "should_be": "Tired.",
    }
    for _ in range(2):  # pressed twice
        assert client.post(where, sent_once)["Location"] == "/mine/?done=said"
    row = Objection.objects.get()
    assert (row.said, row.by, row.how) == ("I feel low and alone.", None, "web")
    page = client.get("/mine/?done=said").content.decode()
    assert "Thank you" in page
    assert "I was tired, not low." in page
    assert "You have an answer by 10 April 2026" in page
    assert "We are looking at it." in client.get("/mine/written/").content.decode()
    objecting.answer(
        objection_id=row.pk, outcome="kept", words="You wrote it so yourself.", by=world.lead, at=NOW
    )
    page = client.get("/mine/").content.decode()
    assert "You wrote it so yourself." in page
    assert "Your words stay beside it." in page


def test_nobody_reads_or_says_it_of_anothers_record(client: Client, world: World, referral: Referral) -> None:
    other = world.refer(contact="07700 900777", story="I am alone with this.")
    theirs = Story.objects.get(referral=other)
    for where in ("/mine/written/", f"/mine/written/story:{theirs.pk}/", "/mine/written/other/"):
        assert client.get(where)["Location"] == "/mine/ask/"
    comes_in(client, world, referral)
    assert "alone with this" not in client.get("/mine/written/").content.decode()
    for key in (f"story:{theirs.pk}", f"person:{other.person_id}:name", "x", "story:", "person:1:password"):
        assert client.get(f"/mine/written/{key}/").status_code == 404, key
        assert client.post(f"/mine/written/{key}/", {"kind": "wrong", "words": "x"}).status_code == 404, key
    assert not Objection.objects.exists()


def test_sharing_nothing_from_the_own_page_stops_it(client: Client, world: World, referral: Referral) -> None:
    comes_in(client, world, referral)
    typed = {
        "form_key": "B" * 22,
        "kind": "share",
        "words": "Tell nobody.",
        "about": "All of it",
        "should_be": "",
    }
    assert client.post("/mine/written/other/", typed)["Location"] == "/mine/?done=said"
    assert Objection.objects.get().kind == "share"
    assert Consent.objects.get(person=referral.person).state == "said_no"


def test_the_way_to_it_is_public_and_the_same_for_everybody(client: Client, world: World) -> None:
    for where in ("/", "/norfolk/"):
        assert "See who is helping you" in client.get(where, follow=True).content.decode()
    assert "See who is helping you" in client.get("/mine/ask/?area=norfolk").content.decode()
