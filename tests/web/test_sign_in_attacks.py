"""Attacks on the way in: guessing, finding out who exists, forged forms, planted links, kept sessions."""

from __future__ import annotations

from typing import Any
from urllib.parse import urljoin, urlsplit

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.auth import hashers
from django.test import Client
from django.urls import reverse
from tests.web.marked import Marked, State
from tests.web.signing import PASSWORD, sign_in
from tests.web.test_hostile import TABLE
from tests.world import NOW, World

from anydoor.access.models import User
from anydoor.care import holding
from anydoor.care.models import Happening, Referral
from anydoor.messages.models import OutboxMessage

pytestmark = pytest.mark.django_db
EVIL = (
    "//evil.example/",
    "///evil.example",
    "https://evil.example/",
    "https:evil.example",
    "http:///evil.example",
    "\\\\evil.example",
    "/\\evil.example",
    "/\t/evil.example",
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,x",
    "%2f%2fevil.example",
    "https://anydoor@evil.example/",
    "https://testserver.evil.example/",
    "\u2044\u2044evil.example",
    "https%3A%2F%2Fevil.example",
    "/desk/\r\nLocation: https://evil.example",
)
NEW = {"password1": "four other plain words", "password2": "four other plain words"}


@pytest.fixture
def sunita(world: World) -> User:
    world.sunita.set_password(PASSWORD)
    world.sunita.save()
    return world.sunita


def says(answer: Any) -> str:
    """What a sign-in answered, without what was typed and without the form's mark."""
    page: str = answer.content.decode()
    lines = [line for line in page.splitlines() if 'value="' not in line]
    return f"{answer.status_code} " + "\n".join(lines)


# ---- guessing


def test_one_account_is_guessed_at_five_times_from_wherever(sunita: User) -> None:
    for turn in range(5):
        answer = Client(REMOTE_ADDR=f"192.0.2.{turn}").post(
            "/sign-in/", {"login": sunita.email, "password": f"wrong {turn}"}
        )
        assert "password is not right" in answer.content.decode()
    # The right one does not open it now either, so that guessing on is worth nothing.
    right = Client(REMOTE_ADDR="192.0.2.99").post("/sign-in/", {"login": sunita.email, "password": PASSWORD})
    page = right.content.decode()
    assert (right.status_code, "Too many" in page) == (200, True)
    assert Client(REMOTE_ADDR="192.0.2.98").get("/desk/").status_code == 302
    # Nobody is locked out without a way on: a person who looks after sign-ins, and the forgotten password.
    assert "/sign-in/forgotten/" in page


def test_a_colleague_is_not_locked_out_with_them(sunita: User, world: World) -> None:
    world.tom.set_password(PASSWORD)
    world.tom.save()
    for turn in range(6):
        Client(REMOTE_ADDR=f"192.0.2.{turn}").post("/sign-in/", {"login": sunita.email, "password": "no"})
    assert sign_in(Client(REMOTE_ADDR="192.0.2.50"), world.tom.email)["Location"] == "/desk/"


def test_one_address_tries_many_accounts_and_is_slowed(world: World) -> None:
    answers = [
        Client(REMOTE_ADDR="192.0.2.7").post(
            "/sign-in/", {"login": f"somebody{turn}@staff.example", "password": "spring 2026"}
        )
        for turn in range(40)
    ]
    stopped = [one for one in answers if one.status_code == 429 or "Too many" in one.content.decode()]
    assert len(stopped) >= 25
    last = answers[-1]
    assert last.status_code == 429
    assert "ask the person who looks after sign-ins" in last.content.decode()


def test_the_code_of_the_second_step_is_not_guessed(sunita: User) -> None:
    Authenticator.objects.create(user=sunita, type="totp", data={"secret": "JBSWY3DPEHPK3PXP"})
    client = Client()
    assert "authenticate" in sign_in(client, sunita.email)["Location"]
    answers = [client.post("/account/second-step/authenticate/", {"code": f"{n:06}"}) for n in range(15)]
    assert answers[-1].status_code == 429 or "Too many" in answers[-1].content.decode()
    assert client.get("/desk/").status_code == 302


# ---- who exists


def test_the_same_words_for_unknown_known_and_closed(sunita: User, world: World) -> None:
    world.jo.set_password(PASSWORD)
    world.jo.save()
    holding.close_account(user=world.jo, by=world.lead, at=NOW)
    answers = {
        email: says(sign_in(Client(), email, password))
        for email, password in (
            (sunita.email, "wrong words here"),
            ("nobody@staff.example", "wrong words here"),
            (world.jo.email, "wrong words here"),
        )
    }
    assert len(set(answers.values())) == 1


def test_a_closed_account_is_told_so_by_no_page(world: World) -> None:
    """Even the right password of a closed account opens nothing."""
    world.jo.set_password(PASSWORD)
    world.jo.save()
    holding.close_account(user=world.jo, by=world.lead, at=NOW)
    client = Client()
    sign_in(client, world.jo.email)
    assert client.get("/desk/")["Location"].startswith("/sign-in/")


def test_the_same_work_for_unknown_known_and_closed(
    sunita: User, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Time is not measured, the work is: one password hash, whoever is named."""
    world.jo.set_password(PASSWORD)
    world.jo.save()
    holding.close_account(user=world.jo, by=world.lead, at=NOW)
    world.tom.set_unusable_password()
    world.tom.save()
    done: list[str] = []
    hasher = type(hashers.get_hasher())
    real = hasher.encode

    def counted(self: Any, password: str, salt: str, *more: Any) -> str:
        done.append(password)
        return str(real(self, password, salt, *more))

    monkeypatch.setattr(hasher, "encode", counted)
    work = {}
    for email in (sunita.email, "nobody@staff.example", world.jo.email, world.tom.email):
        done.clear()
        sign_in(Client(), email, "wrong words here")
        work[email] = len(done)
    assert set(work.values()) == {1}, work


def test_a_forgotten_password_answers_alike_and_writes_to_those_it_knows(sunita: User, world: World) -> None:
    holding.close_account(user=world.jo, by=world.lead, at=NOW)
    pages = set()
    for email in (sunita.email, "nobody@staff.example", world.jo.email):
        pages.add(
            says(Client().post("/sign-in/forgotten/", {"email": email}, follow=True)).replace(email, "")
        )
    assert len(pages) == 1
    assert [one.address for one in OutboxMessage.objects.filter(template__contains="password")] == [
        sunita.email
    ]


# ---- forged forms


def test_no_form_is_taken_without_its_mark(world: World) -> None:
    """Every address of the table, sent from somewhere else by a signed-in browser: nothing changes."""
    marked = Marked(world, State(sealed=False, agreed=True, accepted=False))
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.sunita)
    before = (
        Happening.objects.count(),
        Referral.objects.count(),
        User.objects.filter(is_active=True).count(),
    )
    taken = []
    for name, parts in TABLE:
        if name.startswith("api-v1:"):
            continue  # no cookie opens these: a token is sent on purpose
        address = reverse(name, kwargs=marked.values(name, parts))
        answer = client.post(
            address,
            {"words": "Forged words.", "story": "Forged.", "why": "Because"},
            headers={"Origin": "https://evil.example"},
        )
        shown_again = name == "public:ask" and answer.status_code in {200, 403, 422}
        if answer.status_code not in {403, 404, 405} and not shown_again:
            taken.append(f"{name} answered {answer.status_code}")
    after = (Happening.objects.count(), Referral.objects.count(), User.objects.filter(is_active=True).count())
    assert taken == []
    assert after == before
    assert client.get("/desk/").status_code == 200, "nobody was signed out by it"


# ---- planted links


def lands_here(answer: Any) -> bool:
    """Whether a browser, which reads a backslash as a slash and drops a tab, stays with us."""
    where = answer.get("Location", "/").replace("\\", "/").replace("\t", "").strip()
    found = urlsplit(urljoin("http://testserver/sign-in/", where))
    return (found.scheme, found.netloc) == ("http", "testserver")


@pytest.mark.parametrize("where", EVIL)
def test_nobody_is_sent_elsewhere(sunita: User, where: str) -> None:
    signed_in = Client()
    answer = signed_in.post("/sign-in/", {"login": sunita.email, "password": PASSWORD, "next": where})
    assert (answer.status_code, lands_here(answer)) == (302, True), answer["Location"]
    again = signed_in.post("/sign-in/again/", {"password": PASSWORD, "next": where})
    assert lands_here(again), again["Location"]
    for address in ("/sign-in/", "/sign-in/again/", "/sign-out/", "/exit"):
        asked = signed_in.get(address, {"next": where})
        assert lands_here(asked), (address, asked["Location"])
        assert 'href="//evil' not in asked.content.decode()
    out = signed_in.post("/sign-out/", {"next": where})
    assert lands_here(out), out["Location"]
    asked = Client().get("/sign-in/", {"next": where})
    assert asked.status_code == 200
    assert 'href="javascript:' not in asked.content.decode().lower()


def test_a_way_back_of_our_own_is_kept(sunita: User) -> None:
    answer = Client().post("/sign-in/", {"login": sunita.email, "password": PASSWORD, "next": "/desk/inbox"})
    assert answer["Location"] == "/desk/inbox"


# ---- what every page says to the browser


def test_every_page_says_what_a_browser_may_do(world: World) -> None:
    marked = Marked(world, State(sealed=False, agreed=True, accepted=False))
    client = Client()
    client.force_login(world.sunita)
    pages = 0
    for name, parts in TABLE:
        for one in (client, Client()):
            answer = one.get(reverse(name, kwargs=marked.values(name, parts)))
            if name == "account_logout":
                client.force_login(world.sunita)
            if "html" not in answer.get("Content-Type", "") or answer.status_code in {301, 302}:
                continue
            pages += 1
            policy = answer["Content-Security-Policy"]
            assert "unsafe" not in policy, name
            for part in ("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action"):
                assert part in policy, (name, part)
            assert "http" not in policy.replace("'self'", ""), (name, "no other place is let in")
            assert answer["X-Content-Type-Options"] == "nosniff", name
            assert answer["Referrer-Policy"] in {"same-origin", "no-referrer"}, name
            assert answer["X-Frame-Options"] == "DENY", name
            page = answer.content.decode()
            assert [one for one in (" onclick=", "<script>", " style=") if one in page] == [], name
            if name.startswith(("desk:", "account:", "mfa_", "usersessions")) and one is client:
                assert "no-store" in answer["Cache-Control"], name
    assert pages > 150


# ---- sessions


def test_the_key_of_a_session_changes_at_sign_in(sunita: User, world: World) -> None:
    client = Client()
    client.get("/refer/?area=norfolk")
    client.post("/refer/")
    planted = client.session.session_key
    sign_in(client, sunita.email)
    assert client.session.session_key != planted
    thief = Client()
    thief.cookies["anydoor"] = planted or "x"
    assert thief.get("/desk/")["Location"].startswith("/sign-in/")


def test_signing_out_ends_the_session_and_not_only_the_cookie(sunita: User) -> None:
    client, copy = Client(), Client()
    sign_in(client, sunita.email)
    copy.cookies["anydoor"] = client.cookies["anydoor"].value
    assert copy.get("/desk/").status_code == 200
    client.post("/sign-out/")
    assert copy.get("/desk/").status_code == 302


@pytest.mark.parametrize("how", ["password", "closed"])
def test_sessions_die_with_the_password_and_with_the_account(sunita: User, world: World, how: str) -> None:
    here, there = Client(), Client()
    sign_in(here, sunita.email)
    sign_in(there, sunita.email)
    assert there.get("/desk/").status_code == 200
    if how == "password":
        assert here.post("/account/password/", {"oldpassword": PASSWORD, **NEW}).status_code == 302
    else:
        holding.close_account(user=sunita, by=world.lead, at=NOW)
    for one in (here, there):
        assert one.get("/desk/")["Location"].startswith("/sign-in/")


def test_ones_sessions_are_seen_and_ended(sunita: User) -> None:
    here = Client(headers={"User-Agent": "Firefox at the desk"})
    there = Client(headers={"User-Agent": "Phone on the bus"}, REMOTE_ADDR="192.0.2.44")
    sign_in(here, sunita.email)
    sign_in(there, sunita.email)
    page = here.get("/account/sessions/").content.decode()
    assert "192.0.2.44" in page or "Phone" in page
    asked = here.post("/account/sessions/")  # proved anew first: tests/web/test_desk_staff.py
    here.post(asked["Location"], {"password": PASSWORD})
    assert (here.get("/desk/").status_code, there.get("/desk/").status_code) == (200, 302)


def test_a_link_for_a_new_password_dies_with_its_use_and_with_a_change(sunita: User) -> None:
    Client().post("/sign-in/forgotten/", {"email": sunita.email})
    body = OutboxMessage.objects.get(address=sunita.email).body
    link = next(word for word in body.split() if "/sign-in/forgotten/" in word).split("testserver")[-1]
    link = link[link.index("/sign-in/") :]
    sunita.set_password("changed in the meantime")
    sunita.save()
    assert "no longer works" in Client().get(link, follow=True).content.decode()
