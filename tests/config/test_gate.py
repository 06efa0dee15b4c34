"""Methods no page answers, and keys that came without encryption."""

from __future__ import annotations

import logging

import pytest
from django.test import Client
from django.urls import reverse
from tests.web.marked import Marked, State
from tests.web.test_hostile import TABLE
from tests.world import NOW, World, build

from anydoor.access.models import AuditEntry
from anydoor.care import receipts
from anydoor.config.gate import FEED

ODD = ("TRACE", "TRACK", "CONNECT", "PROPFIND", "GETS", "PURGE", "*")


@pytest.fixture
def world(db: None) -> World:
    return build()


def test_no_address_answers_a_method_it_does_not_know(world: World) -> None:
    marked = Marked(world, State(sealed=False, agreed=True, accepted=False))
    client = Client()
    client.force_login(world.sunita)
    wrong = []
    for turn, (name, parts) in enumerate(TABLE):
        address = reverse(name, kwargs=marked.values(name, parts))
        odd = [ODD[turn % len(ODD)], "TRACE"]
        odd += [] if address.startswith("/api/") else ["PUT", "DELETE", "PATCH"]
        # The open feed tells the pages of others what it takes.
        odd += [] if address.startswith(("/api/", FEED)) else ["OPTIONS"]
        for method in odd:
            answer = client.generic(method, address, "x-marked-by-us", headers={"X-Told": "x-marked-by-us"})
            if answer.status_code != 405 or b"x-marked-by-us" in answer.content or "Allow" not in answer:
                wrong.append(f"{method} {name}: {answer.status_code}")
    assert wrong == []
    assert client.get("/desk/").status_code == 200
    for path in ("/healthz", "/readyz", "/nowhere", "/static/ui/anydoor.js"):
        assert client.generic("TRACE", path).status_code == 405


@pytest.fixture
def key(world: World, settings: object) -> str:
    settings.PRODUCTION = settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_REDIRECT_EXEMPT = [r"^api/"]
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    return receipts.make_token(
        name="Thetford Surgery", team=world.front_door, user=world.sunita, by=world.lead, at=NOW
    )


def test_a_key_in_the_clear_is_refused_not_redirected_and_told_of(
    key: str, world: World, caplog: pytest.LogCaptureFixture
) -> None:
    client = Client()
    address = f"/api/v1/referrals/{world.refer().reference}"
    with caplog.at_level(logging.WARNING, "anydoor.sign_in"):
        answer = client.get(address, headers={"Authorization": f"Bearer {key}"})
    assert (answer.status_code, "Location" in answer) == (403, False)
    assert answer["Content-Type"] == "application/problem+json"
    assert "https only" in answer.json()["detail"]
    assert "with a live key" in caplog.text
    assert key not in caplog.text
    row = AuditEntry.objects.get(action="key_in_the_clear")
    assert (row.actor, row.allowed) == ("Thetford Surgery", False)
    safe = client.get(address, headers={"Authorization": f"Bearer {key}", "X-Forwarded-Proto": "https"})
    assert safe.status_code == 404
    assert client.get("/api/v1/openapi.json").status_code == 403
    assert client.get("/desk/")["Location"].startswith("https://"), "people are brought to https"


def test_nothing_is_kept_of_a_made_up_key(key: str) -> None:
    for sent in ("", "Bearer ", "Bearer made-up", "Basic eDp5", "\x00"):
        answer = Client().post("/api/v1/referrals", "{}", "application/json", headers={"Authorization": sent})
        assert answer.status_code == 403
    assert not AuditEntry.objects.filter(action="key_in_the_clear").exists()
