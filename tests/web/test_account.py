"""Signing in and out, a forgotten password, the second step."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.web.signing import PASSWORD, code_for, sign_in, turn_on
from tests.world import World

from anydoor.access.models import AuditEntry, User
from anydoor.messages.models import OutboxMessage


@pytest.fixture
def sunita(world: World) -> User:
    world.sunita.set_password(PASSWORD)
    world.sunita.save()
    return world.sunita


def test_signing_in_lands_on_my_work(client: Client, sunita: User) -> None:
    assert client.get("/sign-in/").status_code == 200
    assert sign_in(client, sunita.email.upper())["Location"] == "/desk/"
    assert client.get("/account/").status_code == 200
    assert client.get("/sign-out/").status_code == 200
    assert client.post("/sign-out/")["Location"] == "/sign-in/"
    assert client.get("/account/")["Location"].startswith("/sign-in/")


def test_a_wrong_password_and_a_wrong_address_sound_the_same(client: Client, sunita: User) -> None:
    pages = [
        sign_in(client, email, "wrong").content.decode() for email in (sunita.email, "nobody@staff.example")
    ]
    said = [re.findall(r"<li>(.*?)</li>", page) for page in pages]
    assert said[0] == said[1]
    assert "not right" in said[0][0]


def test_tries_are_counted(sunita: User) -> None:
    for _ in range(6):
        last = sign_in(Client(), sunita.email, "wrong")
    assert "Too many" in last.content.decode()
    assert sign_in(Client(), sunita.email).status_code == 200


def test_signing_in_and_out_and_a_wrong_password_are_rows_of_the_audit(client: Client, sunita: User) -> None:
    for email in (sunita.email.upper(), "nobody@staff.example", "a\x00b'--", "x" * 3000):
        sign_in(Client(), email, "not my secret")
    sign_in(client, sunita.email)
    client.post("/sign-out/")
    rows = AuditEntry.objects.filter(subject="account").order_by("pk")
    told = [(row.action, row.allowed, row.user_id, row.subject_id, row.why) for row in rows]
    assert told[:2] == [
        ("sign_in", False, None, sunita.pk, "The password was not right."),
        ("sign_in", False, None, None, "There is no such account."),
    ]
    assert told[-2:] == [
        ("sign_in", True, sunita.pk, sunita.pk, "By password"),
        ("sign_out", True, sunita.pk, sunita.pk, ""),
    ]
    kept = " ".join(f"{row.actor} {row.why}" for row in rows)
    assert "secret" not in kept
    assert "nobody@" not in kept


def test_a_closed_account_does_not_sign_in(client: Client, sunita: User, world: World) -> None:
    from tests.world import NOW

    from anydoor.care import holding

    holding.close_account(user=sunita, by=world.lead, at=NOW)
    answer = sign_in(client, sunita.email)
    assert client.get("/account/").status_code == 302
    assert answer.status_code in {200, 302}


def test_nobody_signs_up(client: Client, world: World) -> None:
    assert client.get("/accounts/signup/").status_code == 404
    assert client.get("/sign-up/").status_code == 404
    assert "sign up" not in client.get("/sign-in/").content.decode().lower()


def test_a_forgotten_password_tells_nobody_who_has_an_account(client: Client, sunita: User) -> None:
    answers = []
    for email in (sunita.email, "nobody@staff.example"):
        answer = client.post("/sign-in/forgotten/", {"email": email}, follow=True)
        answers.append(re.sub(r'value="[^"]*"', "", answer.content.decode()))
    assert answers[0] == answers[1]
    message = OutboxMessage.objects.get()
    assert (message.address, message.family_id) == (sunita.email, None)
    link = re.search(r"http://[^/]+(/\S+)", message.body)
    assert link is not None
    form = client.get(link[1], follow=True)
    assert form.status_code == 200
    weak = client.post(form.redirect_chain[-1][0], {"password1": "short", "password2": "short"})
    assert "There is a problem" in weak.content.decode()
    done = client.post(
        form.redirect_chain[-1][0],
        {"password1": "four other plain words", "password2": "four other plain words"},
    )
    assert done["Location"] == "/sign-in/forgotten/changed/"
    assert client.get(done["Location"]).status_code == 200
    assert sign_in(Client(), sunita.email, "four other plain words")["Location"] == "/desk/"
    used = client.get(link[1], follow=True)
    assert "no longer works" in used.content.decode()


def test_the_password_is_changed_with_the_old_one(client: Client, sunita: User) -> None:
    sign_in(client, sunita.email)
    new = {"password1": "four other plain words", "password2": "four other plain words"}
    assert client.post("/account/password/", {"oldpassword": "wrong", **new}).status_code == 200
    assert client.post("/account/password/", {"oldpassword": PASSWORD, **new}).status_code == 302
    assert client.get("/account/")["Location"].startswith("/sign-in/")
    assert sign_in(client, sunita.email, "four other plain words")["Location"] == "/desk/"


def test_the_second_step_is_turned_on_asked_for_and_turned_off(client: Client, sunita: User) -> None:
    secret = turn_on(client, sunita)
    assert client.post("/account/second-step/totp/activate/", {"code": "000000"}).status_code == 200
    on = client.post("/account/second-step/totp/activate/", {"code": code_for(secret)}, follow=True)
    codes = re.findall(r"<code>([0-9]{8})</code>", on.content.decode())
    assert len(codes) == 10
    assert client.get("/account/second-step/").status_code == 200
    assert "On. After your password" in client.get("/account/").content.decode()
    assert client.get("/account/second-step/recovery-codes/download/").status_code == 200
    assert client.get("/account/second-step/recovery-codes/generate/").status_code == 200

    other = Client()
    assert sign_in(other, sunita.email)["Location"] == "/account/second-step/authenticate/"
    assert other.get("/desk/")["Location"].startswith("/sign-in/")
    assert other.get("/account/second-step/authenticate/").status_code == 200
    wrong = other.post("/account/second-step/authenticate/", {"code": "12345678"})
    assert "There is a problem" in wrong.content.decode()
    assert other.post("/account/second-step/authenticate/", {"code": codes[0]})["Location"] == "/desk/"

    assert client.get("/account/second-step/totp/deactivate/").status_code == 200
    client.post("/account/second-step/totp/deactivate/")
    assert sign_in(Client(), sunita.email)["Location"] == "/desk/"


def test_a_second_step_without_its_code_is_asked_again(client: Client, sunita: User) -> None:
    secret = turn_on(client, sunita)
    client.post("/account/second-step/totp/activate/", {"code": code_for(secret)})
    other = Client()
    sign_in(other, sunita.email)
    assert other.post("/account/second-step/authenticate/", {}).status_code == 200
    right = code_for(secret)
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    assert other.post("/account/second-step/authenticate/", {"code": wrong}).status_code == 200
    row = AuditEntry.objects.filter(action="sign_in").latest("pk")
    assert (row.allowed, row.subject_id) == (False, sunita.pk)
    assert row.why == "The code of the second step was not right."
    assert other.get("/desk/").status_code == 302


def test_signed_in_elsewhere_is_ended(sunita: User) -> None:
    here, there = Client(), Client()
    sign_in(here, sunita.email)
    sign_in(there, sunita.email)
    assert "Sign out everywhere else" in here.get("/account/sessions/").content.decode()
    asked = here.post("/account/sessions/", {"session": "all"})["Location"]
    assert asked.startswith("/sign-in/again/")
    assert here.post(asked, {"password": PASSWORD})["Location"] == "/account/sessions/"
    assert here.get("/account/").status_code == 200
    assert there.get("/account/").status_code == 302
