"""Signing in by an organisation's directory: a small OpenID provider on this machine, real requests to it."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pytest
from django.test import Client
from tests.web.signing import PASSWORD
from tests.world import NOW, World

from anydoor.access.models import User


class Directory(ThreadingHTTPServer):
    """Answers as whoever `claims` says."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.claims: dict[str, object] = {}
        self.broken = False
        self.secrets: list[str] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Answer(BaseHTTPRequestHandler):
    server: Directory

    def log_message(self, *words: object) -> None:
        """Says nothing."""

    def do_GET(self) -> None:
        base = self.server.address
        if self.server.broken:
            self._say(b"<html>", 500)
        elif self.path.startswith("/.well-known"):
            told = {
                "issuer": base,
                "authorization_endpoint": f"{base}/authorize",
                "token_endpoint": f"{base}/token",
                "userinfo_endpoint": f"{base}/userinfo",
                "jwks_uri": f"{base}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }
            self._say(json.dumps(told).encode())
        else:
            self._say(json.dumps(self.server.claims).encode())

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.secrets += sent.get("client_secret", [])
        assert "code_verifier" in sent  # PKCE
        self._say(json.dumps({"access_token": "t", "token_type": "Bearer"}).encode())

    def _say(self, body: bytes, status: int = 200) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


@pytest.fixture
def directory(settings: object) -> Iterator[Directory]:
    made = Directory()
    threading.Thread(target=made.serve_forever, daemon=True).start()
    settings.OIDC_ISSUER = made.address
    settings.OIDC_NAME = "County sign-in"
    settings.OIDC_DOMAINS = {"staff.example"}
    settings.SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "own",
                    "name": "County sign-in",
                    "client_id": "anydoor",
                    "secret": "hush",
                    "settings": {"server_url": made.address, "verified_email": ["staff.example"]},
                }
            ],
        }
    }
    yield made
    made.shutdown()
    made.server_close()


def come_back(client: Client, directory: Directory, **claims: object) -> object:
    """Press the button, be sent to the directory, and come back with its answer."""
    directory.claims = {"sub": "1", **claims}
    sent = client.post("/sign-in/with/own/")
    assert sent.status_code == 302, sent.content.decode()[:500]
    assert sent["Location"].startswith(f"{directory.address}/authorize?")
    state = parse_qs(urlsplit(sent["Location"]).query)["state"][0]
    return client.get("/sign-in/with/own/back/", {"code": "c", "state": state})


def test_who_has_an_account_here_is_let_in(client: Client, world: World, directory: Directory) -> None:
    assert "Sign in with County sign-in" in client.get("/sign-in/").content.decode()
    back = come_back(client, directory, email=world.sunita.email)
    assert back["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200
    assert directory.secrets == ["hush"]
    # and again, now that both are known to belong together
    assert come_back(Client(), directory, email=world.sunita.email)["Location"] == "/desk/"


@pytest.mark.parametrize(
    "email",
    ["nobody@staff.example", "sunita.rao@elsewhere.example", "", "sunita.rao@staff.example.evil.example"],
)
def test_nobody_else_is(client: Client, world: World, directory: Directory, email: str) -> None:
    """No account is made, and an address of another organisation opens nothing, whatever is claimed of it."""
    User.objects.create_user(email="sunita.rao@elsewhere.example", name="Another", password=PASSWORD)
    before = User.objects.count()
    back = come_back(client, directory, email=email, email_verified=True)
    assert "There is no account for you here yet" in back.content.decode() or back.status_code == 302
    assert client.get("/desk/")["Location"].startswith("/sign-in/")
    assert User.objects.count() == before


def test_a_closed_account_stays_closed(client: Client, world: World, directory: Directory) -> None:
    User.objects.filter(pk=world.sunita.pk).update(is_active=False, closed_at=NOW)
    come_back(client, directory, email=world.sunita.email)
    assert client.get("/desk/")["Location"].startswith("/sign-in/")


def test_an_answer_nobody_asked_for_opens_nothing(client: Client, world: World, directory: Directory) -> None:
    directory.claims = {"sub": "1", "email": world.sunita.email}
    client.get("/sign-in/with/own/back/", {"code": "c", "state": "made-up"})
    assert client.get("/desk/")["Location"].startswith("/sign-in/")


def test_a_directory_that_does_not_answer_is_said(client: Client, world: World, directory: Directory) -> None:
    directory.broken = True
    page = client.post("/sign-in/with/own/")
    assert page.status_code == 502
    assert "did not answer" in page.content.decode()


def test_without_one_there_is_no_button_and_no_way(client: Client, world: World) -> None:
    assert "/sign-in/with/" not in client.get("/sign-in/").content.decode()
    assert client.post("/sign-in/with/own/").status_code == 404


def test_its_own_second_step_counts_where_the_house_says_so(
    client: Client, world: World, directory: Directory, settings: object
) -> None:
    settings.SECOND_STEP, settings.OIDC_HAS_SECOND_STEP = "required", False
    come_back(client, directory, email=world.sunita.email)
    assert client.get("/desk/")["Location"].startswith("/account/second-step/")
    settings.OIDC_HAS_SECOND_STEP = True
    assert client.get("/desk/").status_code == 200
