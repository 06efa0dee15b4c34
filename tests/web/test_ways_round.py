"""Ways round the limits of signing in: spellings, made-up headers, all at once, used links, lost keys."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from urllib.parse import urlsplit

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from allauth.mfa.utils import encrypt
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core.management import call_command
from django.db import connection
from django.test import Client
from tests.web.signing import PASSWORD, code_for, sign_in
from tests.web.test_own_page import link_in, number_in, sent
from tests.world import NOW, World

from anydoor.access.models import AuditEntry, User
from anydoor.care import own_page
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import ContactPoint

pytestmark = pytest.mark.django_db
NEW = {"password1": "four other plain words", "password2": "four other plain words"}
OLD_KEY, NEW_KEY = "the key of before, long and random 4711", "the key of today, long and random 0815"


@pytest.fixture
def sunita(world: World) -> User:
    world.sunita.set_password(PASSWORD)
    world.sunita.save()
    return world.sunita


def guess(login: str, turn: int, **headers: str) -> str:
    """A wrong password, each time from another place."""
    client = Client(REMOTE_ADDR=f"192.0.2.{turn}")
    return client.post("/sign-in/", {"login": login, "password": "no"}, headers=headers).content.decode()


def is_waiting(email: str) -> bool:
    """Whether even the right password has to wait."""
    answer = Client(REMOTE_ADDR="198.51.100.1").post("/sign-in/", {"login": email, "password": PASSWORD})
    return answer.status_code != 302


# ---- counted anew by another spelling or header


@pytest.mark.parametrize(
    "spelling",
    [
        lambda email, n: "".join(
            mark.upper() if (n >> place) & 1 else mark for place, mark in enumerate(email)
        ),
        lambda email, n: " " * n + email + "\t" * n,
    ],
)
def test_spelling_an_address_otherwise_gives_no_new_tries(
    sunita: User, spelling: Callable[[str, int], str]
) -> None:
    for n in range(6):
        guess(spelling(sunita.email, n), n)
    assert is_waiting(sunita.email)


def test_letters_that_only_look_alike_are_another_address_and_open_nothing(sunita: User) -> None:
    for other in (
        sunita.email.replace("i", "\u0131"),
        sunita.email.replace("s", "\u017f"),
        sunita.email.replace("@", "\uff20"),
        sunita.email + "\u200b",
        sunita.email.replace("a", "\u0430"),
    ):
        client = Client()
        assert client.post("/sign-in/", {"login": other, "password": PASSWORD}).status_code == 200
        assert client.get("/desk/").status_code == 302
        # A letter for a new password would go to whoever has that other address.
        Client().post("/sign-in/forgotten/", {"email": other})
    assert not OutboxMessage.objects.filter(template__contains="password").exists()


def test_naming_another_port_or_host_gives_no_new_tries(sunita: User, settings: object) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "pages", "127.0.0.1"]
    hosts = ("testserver", "testserver:1", "TestServer:2", "pages", "127.0.0.1", "127.0.0.1:3", "testserver.")
    for n, host in enumerate(hosts):
        guess(sunita.email, n, Host=host)
    assert is_waiting(sunita.email)


def test_an_address_that_a_visitor_writes_into_a_header_is_not_theirs(world: World, settings: object) -> None:
    def last(proxies: int, before: str) -> int:
        settings.ALLAUTH_TRUSTED_PROXY_COUNT = proxies
        answers = [
            Client(REMOTE_ADDR="192.0.2.7").post(
                "/sign-in/",
                {"login": f"somebody{turn}@staff.example", "password": "no"},
                headers={
                    "X-Forwarded-For": before.format(turn),
                    "X-Real-IP": f"203.0.113.{turn}",
                    "Forwarded": f"for=203.0.113.{turn}",
                    "CF-Connecting-IP": f"203.0.113.{turn}",
                },
            )
            for turn in range(32)
        ]
        return answers[-1].status_code

    assert last(0, "203.0.113.{}") == 429, "no proxy is believed"
    assert last(1, "203.0.113.{}, 198.51.100.7") == 429, "only what our own proxy added"


def test_unknown_accounts_are_told_to_wait_just_the_same(sunita: User) -> None:
    def answers(email: str) -> list[str]:
        pages = [guess(email, n) for n in range(6)]
        return ["\n".join(line for line in page.splitlines() if 'value="' not in line) for page in pages]

    assert answers(sunita.email) == answers("nobody@staff.example")
    assert "Too many" in guess("nobody@staff.example", 9)


def test_a_new_password_from_ones_own_mailbox_ends_the_wait(sunita: User) -> None:
    for n in range(6):
        guess(sunita.email, n)
    assert is_waiting(sunita.email)
    client = Client()
    client.post(follow(client, reset_link(sunita.email)), NEW)
    assert sign_in(Client(), sunita.email, NEW["password1"])["Location"] == "/desk/"


# ---- all at once


def at_once(times: int, work: Callable[[int], object]) -> list[object]:
    gate = Barrier(times)

    def one(turn: int) -> object:
        try:
            gate.wait()
            return work(turn)
        finally:
            connection.close()

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(one, range(times)))


@pytest.mark.django_db(transaction=True)
def test_guessing_all_at_once_gives_no_more_tries(sunita: User) -> None:
    pages = at_once(12, lambda turn: guess(sunita.email, turn))
    assert sum("not correct" in str(page) for page in pages) <= 5
    assert is_waiting(sunita.email)


@pytest.mark.django_db(transaction=True)
def test_trying_the_numbers_of_a_link_all_at_once_gives_no_more_tries(world: World) -> None:
    referral = world.refer()
    ContactPoint.objects.filter(person=referral.person).update(safe="yes", uses=["call", "text", "email"])
    own_page.send_link(family_id=referral.family_id, person_id=referral.person_id, by=world.sunita, at=NOW)
    link = link_in(sent("own_page"))
    Client().post(link, {"act": "send"})
    right = number_in(sent("own_code"))
    wrong = [f"{(int(right) + 1 + n) % 1_000_000:06}" for n in range(12)]
    at_once(12, lambda turn: Client().post(link, {"act": "open", "code": wrong[turn]}).status_code)
    tried = AuditEntry.objects.filter(action="own_page_tried")
    assert tried.count() == own_page.MOST_TRIES
    late = Client().post(link, {"act": "open", "code": right})
    assert late.status_code == 404


# ---- links and codes used twice, or by somebody else


def reset_link(email: str, **headers: str) -> str:
    Client().post("/sign-in/forgotten/", {"email": email}, headers=headers)
    body = OutboxMessage.objects.filter(address=email).latest("pk").body
    return next(word for word in body.split() if "/sign-in/forgotten/" in word)


def follow(client: Client, link: str) -> str:
    """Open it; the page on which the new password is typed."""
    opened = client.get(urlsplit(link).path)
    assert opened.status_code == 302
    return str(opened["Location"])


def test_the_link_for_a_new_password_leads_to_us_whatever_a_request_says(
    sunita: User, settings: object
) -> None:
    settings.ANYDOOR_ADDRESS = "https://anydoor.example"
    for headers in (
        {"Host": "testserver:6666"},
        {"X-Forwarded-Host": "evil.example"},
        {"Host": "testserver", "Forwarded": "host=evil.example"},
    ):
        assert reset_link(sunita.email, **headers).startswith("https://anydoor.example/sign-in/forgotten/")
    before = OutboxMessage.objects.count()
    poisoned = Client().post("/sign-in/forgotten/", {"email": sunita.email}, headers={"Host": "evil.example"})
    assert poisoned.status_code == 400
    assert OutboxMessage.objects.count() == before


def test_a_link_for_a_new_password_is_for_one_use_and_one_account(sunita: User, world: World) -> None:
    link = reset_link(sunita.email)
    thief = Client()
    # The page it leads to is nothing without the link, and the link nothing for another account.
    assert (
        "no longer works"
        in thief.get(re.sub(r"-[^/]+/$", "-set-password/", urlsplit(link).path)).content.decode()
    )
    other = reset_link(world.tom.email)
    crossed = re.sub(r"forgotten/[^-]+-", re.search(r"forgotten/[^-]+-", other)[0], urlsplit(link).path)
    assert "no longer works" in thief.get(crossed, follow=True).content.decode()
    client = Client()
    page = follow(client, link)
    assert client.post(page, NEW)["Location"] == "/sign-in/forgotten/changed/"
    again = {"password1": "yet another phrase here", "password2": "yet another phrase here"}
    client.post(page, again)
    assert sunita.check_password(PASSWORD)
    sunita.refresh_from_db()
    assert sunita.check_password(NEW["password1"]), "the second use changed nothing"
    assert "no longer works" in Client().get(urlsplit(link).path, follow=True).content.decode()


def test_a_link_for_a_new_password_ends_with_a_sign_in_and_after_an_hour(
    sunita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = reset_link(sunita.email)
    later = datetime.now() + timedelta(minutes=61)  # noqa: DTZ005  # as Django reckons it
    with monkeypatch.context() as clock:
        clock.setattr(PasswordResetTokenGenerator, "_now", lambda self: later)
        assert "no longer works" in Client().get(urlsplit(link).path, follow=True).content.decode()
    sign_in(Client(), sunita.email)
    assert "no longer works" in Client().get(urlsplit(link).path, follow=True).content.decode()


def test_a_new_password_does_not_pass_the_second_step(sunita: User) -> None:
    TOTP.activate(sunita, "JBSWY3DPEHPK3PXP")
    client = Client()
    client.post(follow(client, reset_link(sunita.email)), NEW)
    assert client.get("/desk/").status_code == 302
    assert sign_in(client, sunita.email, NEW["password1"])["Location"] == "/account/second-step/authenticate/"
    assert client.get("/desk/").status_code == 302


def test_a_code_of_the_app_works_once(sunita: User) -> None:
    secret = "JBSWY3DPEHPK3PXP"
    TOTP.activate(sunita, secret)
    code, first, second = code_for(secret), Client(), Client()
    for client in (first, second):
        sign_in(client, sunita.email)
        client.post("/account/second-step/authenticate/", {"code": code})
    assert first.get("/desk/").status_code == 200
    assert second.get("/desk/").status_code == 302, "who looked over a shoulder"


@pytest.mark.parametrize(
    "sent",
    [[1], 5, "x", None, {}, {"id": 1}, {"response": "no"}, {"id": "AA", "rawId": "AA", "response": {}}],
)
def test_a_passkey_that_does_not_fit_is_refused_and_kept(sunita: User, sent: object) -> None:
    TOTP.activate(sunita, "JBSWY3DPEHPK3PXP")
    alone, after = Client(), Client()
    alone.get("/account/second-step/webauthn/login/", headers={"X-Requested-With": "XMLHttpRequest"})
    answer = alone.post("/account/second-step/webauthn/login/", {"credential": json.dumps(sent)})
    assert (answer.status_code, alone.get("/desk/").status_code) == (302, 302)
    sign_in(after, sunita.email)
    answer = after.post("/account/second-step/authenticate/", {"credential": json.dumps(sent)})
    assert (answer.status_code, after.get("/desk/").status_code) == (200, 302)
    rows = AuditEntry.objects.filter(action="sign_in", allowed=False)
    kept = [(row.subject_id, row.why) for row in rows]
    if sent not in (None, {}):  # nothing was sent: the field is asked for again, no passkey was tried
        assert kept == [(None, "The passkey did not fit."), (sunita.pk, "The passkey did not fit.")]


# ---- sessions and forged forms


def test_a_made_up_session_is_not_taken_over(sunita: User) -> None:
    client = Client()
    client.cookies["anydoor"] = "a" * 32
    sign_in(client, sunita.email)
    assert client.get("/desk/").status_code == 200
    assert client.cookies["anydoor"].value != "a" * 32


def test_signing_in_and_out_cannot_be_forged(sunita: User) -> None:
    """Neither without the form's mark, nor with the mark of another browser."""
    other, client = Client(enforce_csrf_checks=True), Client(enforce_csrf_checks=True)
    foreign = re.search(
        r'name="csrfmiddlewaretoken" value="([^"]+)"', other.get("/sign-in/").content.decode()
    )
    assert foreign is not None
    client.get("/sign-in/")
    for mark in ({}, {"csrfmiddlewaretoken": foreign[1]}, {"csrfmiddlewaretoken": "x"}):
        client.post("/sign-in/", {"login": sunita.email, "password": PASSWORD, **mark})
        assert client.get("/desk/").status_code == 302
    client.force_login(sunita)
    client.post("/sign-out/", {"csrfmiddlewaretoken": foreign[1]})
    client.get("/sign-out/")
    assert client.get("/desk/").status_code == 200


# ---- the key of the house changes


def second_steps(user: User) -> tuple[str, list[str]]:
    TOTP.activate(user, "JBSWY3DPEHPK3PXP")
    return "JBSWY3DPEHPK3PXP", RecoveryCodes.activate(user).generate_codes()


def test_a_lost_key_makes_no_second_step_guessable(sunita: User, settings: object) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD_KEY, []
    _, real = second_steps(sunita)
    settings.SECRET_KEY = NEW_KEY
    empty = Authenticator(user=sunita, type="recovery_codes", data={"seed": encrypt(""), "used_mask": 0})
    known_to_all = RecoveryCodes(empty).generate_codes()
    found = RecoveryCodes(Authenticator.objects.get(user=sunita, type="recovery_codes"))
    for code in (*known_to_all, *real):
        assert not found.validate_code(code)
    kept = Authenticator.objects.get(user=sunita, type="totp")
    assert not kept.wrap().validate_code(code_for(""))


def test_an_old_key_still_opens_and_rekey_moves_to_the_new(
    sunita: User, settings: object, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = OLD_KEY, []
    secret, codes = second_steps(sunita)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW_KEY, [OLD_KEY]
    client = Client()
    sign_in(client, sunita.email)
    client.post("/account/second-step/authenticate/", {"code": code_for(secret)})
    assert client.get("/desk/").status_code == 200
    call_command("rekey")
    assert "2 second steps sealed" in capsys.readouterr().out
    settings.SECRET_KEY_FALLBACKS = []
    found = RecoveryCodes(Authenticator.objects.get(user=sunita, type="recovery_codes"))
    assert found.generate_codes() == codes
    settings.SECRET_KEY = "a third key that knows nothing of these"
    with pytest.raises(SystemExit):
        call_command("rekey")
    assert "cannot be opened" in capsys.readouterr().err
    settings.SECRET_KEY = NEW_KEY
    assert found.generate_codes() == codes, "what could not be opened was left as it was"
