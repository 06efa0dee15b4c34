"""How long a sign-in lasts, what it takes, and that nothing typed is lost when it ends."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from tests.web.signing import PASSWORD, code_for, sign_in, turn_on
from tests.world import World

from anydoor.access.models import AuditEntry, User
from anydoor.care.models import Contact, Draft

START = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)


@pytest.fixture
def sunita(world: World) -> User:
    world.sunita.set_password(PASSWORD)
    world.sunita.save()
    return world.sunita


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[timedelta], None]:
    """Lets time pass for the limits of a sign-in."""
    moment = [START]

    class Stands:
        @staticmethod
        def now() -> datetime:
            return moment[0]

        @staticmethod
        def get_current_timezone() -> object:
            return UTC

    monkeypatch.setattr("anydoor.web.account.session_limits.timezone", Stands)

    def later(span: timedelta) -> None:
        moment[0] += span

    return later


def test_half_an_hour_without_a_page_ends_it(
    client: Client, sunita: User, clock: Callable[[timedelta], None]
) -> None:
    sign_in(client, sunita.email)
    assert client.get("/desk/").status_code == 200
    clock(timedelta(minutes=30))
    assert client.get("/desk/").status_code == 200
    clock(timedelta(minutes=31))
    gone = client.get("/desk/inbox/?tab=all")
    assert gone["Location"] == "/sign-in/?next=%2Fdesk%2Finbox%2F%3Ftab%3Dall&ended=yes"
    assert "You were signed out" in client.get(gone["Location"]).content.decode()
    ended = AuditEntry.objects.filter(action="sign_out").get()
    assert (ended.user_id, ended.why) == (sunita.pk, "Its time was over.")
    assert client.get("/desk/")["Location"].startswith("/sign-in/")


def test_a_day_of_work_ends_it_however_busy(
    client: Client, sunita: User, clock: Callable[[timedelta], None]
) -> None:
    sign_in(client, sunita.email)
    for _ in range(12 * 3):
        assert client.get("/desk/").status_code == 200
        clock(timedelta(minutes=20))
    clock(timedelta(minutes=1))
    assert client.get("/desk/")["Location"].startswith("/sign-in/")


def test_what_was_typed_too_late_is_there_after_signing_in(
    client: Client, world: World, sunita: User, clock: Callable[[timedelta], None]
) -> None:
    referral = world.refer()
    sign_in(client, sunita.email)
    page = f"/desk/work/referral/{referral.pk}/contact/"
    typed = {
        "outcome": "attended",
        "mode": "phone",
        "words": "About sleep, \u202eand <his> job.\r\nHe slept.",
    }
    typed["person"] = str(referral.person_id)
    client.get(page)
    clock(timedelta(hours=2))
    too_late = client.post(page, typed)
    assert Contact.objects.count() == 0
    back = client.post(too_late["Location"], {"login": sunita.email, "password": PASSWORD})
    assert back["Location"].startswith("/account/unsent/")
    shown = client.get(back["Location"]).content.decode()
    assert "This was not sent yet" in shown
    assert "&lt;his&gt; job." in shown
    fields = dict(re.findall(r'<input type="hidden" name="([a-z_]+)" value="([^"]*)">', shown))
    assert f'action="{page}"' in shown
    assert fields["mode"] == "phone"
    assert client.post(page, typed).status_code == 302
    assert Contact.objects.count() == 1
    # who shares the computer sees nothing of it
    other = Client()
    other.force_login(world.tom)
    assert other.get(back["Location"]).status_code == 404
    client.post(back["Location"])
    assert not Draft.objects.filter(kind="unsent").exists()


def test_a_password_is_never_kept(client: Client, sunita: User, clock: Callable[[timedelta], None]) -> None:
    sign_in(client, sunita.email)
    clock(timedelta(hours=2))
    client.post("/account/password/", {"oldpassword": PASSWORD, "password1": "x" * 20, "password2": "x" * 20})
    assert not Draft.objects.exists()


def test_where_it_is_asked_for_nobody_works_without_a_second_step(
    client: Client, sunita: User, settings: object
) -> None:
    settings.SECOND_STEP = "required"
    sign_in(client, sunita.email)
    for path in ("/desk/", "/desk/inbox/", "/desk/families/", "/"):
        assert client.get(path)["Location"] == "/account/second-step/?first=yes"
    assert (
        "asks everybody who works with families"
        in client.get("/account/second-step/?first=yes").content.decode()
    )
    assert client.get("/account/").status_code == 200
    secret = turn_on(client, sunita)
    client.post("/account/second-step/totp/activate/", {"code": code_for(secret)})
    assert client.get("/desk/").status_code == 200
    # and the last one is not taken away
    client.post("/account/second-step/totp/deactivate/")
    assert Authenticator.objects.filter(user=sunita, type="totp").exists()


def test_a_visitor_is_asked_for_no_second_step(client: Client, world: World, settings: object) -> None:
    settings.SECOND_STEP = "required"
    assert client.get("/norfolk/").status_code == 200
    assert client.get("/sign-in/").status_code == 200


def test_the_secret_of_a_second_step_lies_encrypted(client: Client, sunita: User) -> None:
    secret = turn_on(client, sunita)
    client.post("/account/second-step/totp/activate/", {"code": code_for(secret)})
    kept = str(Authenticator.objects.get(user=sunita, type="totp").data)
    assert secret not in kept
    assert "fernet:" in kept
