"""Signing in by an organisation's directory: a small OpenID provider on this machine, real requests to it.

It signs what it says with a key of its own; the attacks are what a false or broken one would say.
"""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from tests.web.signing import PASSWORD
from tests.web.test_sign_in_attacks import EVIL, lands_here
from tests.world import NOW, World

from anydoor.access.models import AuditEntry, User
from anydoor.web.account.directory_proof import second_step

KEY, FALSE_KEY = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())


class Directory(ThreadingHTTPServer):
    """Answers as whoever `claims` says, in its metadata and its ID token as `told` and `signed` add to it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.claims: dict[str, object] = {}
        self.broken = False
        self.secrets: list[str] = []
        self.told: dict[str, object] = {}
        self.signed: dict[str, object] = {}
        self.nonce = ""
        self.sign: Callable[[dict[str, object]], object] = lambda claims: jwt.encode(
            claims, KEY, algorithm="ES256", headers={"kid": "one"}
        )

    def id_token(self) -> object:
        now = int(time.time())
        claims = {"iss": self.address, "aud": "anydoor", "iat": now, "exp": now + 60, "nonce": self.nonce}
        claims |= {**self.claims, **self.signed}
        return self.sign({name: value for name, value in claims.items() if value is not None})

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
            self._say(json.dumps({**told, **self.server.told}).encode())
        elif self.path == "/elsewhere":
            self.send_response(302)
            self.send_header("Location", f"{base}/.well-known/openid-configuration")
            self.end_headers()
        elif self.path == "/keys":
            public = jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
            self._say(json.dumps({"keys": [{**public, "kid": "one", "alg": "ES256"}]}).encode())
        else:
            self._say(json.dumps(self.server.claims).encode())

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.server.secrets += sent.get("client_secret", [])
        assert "code_verifier" in sent  # PKCE
        told = {"access_token": "t", "token_type": "Bearer", "id_token": self.server.id_token()}
        self._say(json.dumps({name: value for name, value in told.items() if value}).encode())

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
    settings.ANYDOOR_ADDRESS = "http://testserver"
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


def asked(client: Client, directory: Directory, query: str = "", **form: str) -> dict[str, str]:
    """Press the button: what the directory is asked."""
    sent = client.post(f"/sign-in/with/own/{query}", form)
    assert sent.status_code == 302, sent.content.decode()[:500]
    assert sent["Location"].startswith(f"{directory.address}/authorize?")
    told = {name: values[0] for name, values in parse_qs(urlsplit(sent["Location"]).query).items()}
    directory.nonce = told["nonce"]
    return told


def come_back(client: Client, directory: Directory, **claims: object) -> object:
    """Press the button, be sent to the directory, and come back with its answer."""
    directory.claims = {"sub": "1", **claims}
    state = asked(client, directory)["state"]
    return client.get("/sign-in/with/own/back/", {"code": "c", "state": state})


def last_no() -> AuditEntry:
    return AuditEntry.objects.filter(action="sign_in", allowed=False).latest("pk")


def is_out(client: Client) -> bool:
    return str(client.get("/desk/").get("Location", "")).startswith("/sign-in/")


def test_who_has_an_account_here_is_let_in(client: Client, world: World, directory: Directory) -> None:
    assert "Sign in with County sign-in" in client.get("/sign-in/").content.decode()
    back = come_back(client, directory, email=world.sunita.email)
    assert back["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200
    assert directory.secrets == ["hush"]
    # and again, now that both are known to belong together
    assert come_back(Client(), directory, email=world.sunita.email)["Location"] == "/desk/"
    assert SocialAccount.objects.get().extra_data == {"sub": "1"}, "nothing of the directory's is kept"


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
    directory.signed = {"amr": ["pwd", "mfa"]}
    come_back(client, directory, email=world.sunita.email)
    assert client.get("/desk/")["Location"].startswith("/account/second-step/")
    settings.OIDC_HAS_SECOND_STEP = True
    assert client.get("/desk/").status_code == 200


def test_a_second_step_that_the_directory_does_not_tell_of_is_asked_for_here(
    client: Client, world: World, directory: Directory, settings: object
) -> None:
    settings.SECOND_STEP, settings.OIDC_HAS_SECOND_STEP = "required", True
    come_back(client, directory, email=world.sunita.email)
    assert client.get("/desk/")["Location"].startswith("/account/second-step/")
    # Whoever came that way once does not keep it for a sign-in that was weaker.
    directory.signed = {"amr": ["pwd", "otp"]}
    come_back(client, directory, email=world.sunita.email)
    assert client.get("/desk/").status_code == 200
    directory.signed = {}
    come_back(client, directory, email=world.sunita.email)
    assert client.get("/desk/")["Location"].startswith("/account/second-step/")


@pytest.mark.parametrize(
    ("claims", "strong"),
    [
        ({}, False),
        ({"amr": ["pwd"]}, False),
        ({"amr": ["pwd", "pin"]}, False),
        ({"amr": ["otp", "hwk"]}, False),
        ({"amr": "mfa"}, False),
        ({"amr": [["mfa"], 7, None]}, False),
        ({"amr": ["mfa"]}, True),
        ({"amr": ["pin", "hwk"]}, True),
        ({"acr": "1"}, False),
        ({"acr": ["urn:site:strong"]}, False),
        ({"acr": "urn:site:strong"}, True),
    ],
)
def test_what_counts_as_two_steps(claims: dict[str, object], strong: bool, settings: object) -> None:
    settings.OIDC_ACR = ["urn:site:strong"]
    assert second_step(claims) is strong


def test_what_is_asked_of_the_directory_is_ours_alone(
    client: Client, world: World, directory: Directory, settings: object
) -> None:
    settings.OIDC_ACR = ["urn:site:strong"]
    planted = "?auth_params=redirect_uri%3Dhttps%3A%2F%2Fevil.example%26nonce%3Dmine&scope=everything"
    told = asked(client, directory, planted + "&process=connect&action=reauthenticate")
    assert told["redirect_uri"] == "http://testserver/sign-in/with/own/back/"
    assert set(told["scope"].split()) == {"openid", "profile", "email"}
    assert told["acr_values"] == "urn:site:strong"
    assert told["code_challenge_method"] == "S256"
    assert len(told["nonce"]) > 40
    assert told["nonce"] != asked(Client(), directory)["nonce"]
    assert told["response_type"] == "code"


def test_nobodys_directory_account_is_joined_to_who_is_signed_in(
    client: Client, world: World, directory: Directory
) -> None:
    client.force_login(world.tom)
    directory.claims = {"sub": "9", "email": "stranger@staff.example"}
    state = asked(client, directory, "?process=connect")["state"]
    client.get("/sign-in/with/own/back/", {"code": "c", "state": state})
    assert not SocialAccount.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"nonce": None},
        {"nonce": "another"},
        {"nonce": ""},
        {"nonce": ["x"]},
        {"iss": "https://evil.example"},
        {"aud": "another client"},
        {"aud": ["anydoor", "another"], "azp": "another"},
        {"exp": 1},
        {"exp": None},
        {"iat": None},
        {"nbf": 99999999999},
        {"sub": None},
        {"sub": ""},
        {"sub": "2"},  # userinfo tells of sub 1
    ],
)
def test_an_id_token_that_is_not_right_opens_nothing(
    client: Client, world: World, directory: Directory, wrong: dict[str, object]
) -> None:
    directory.signed = wrong
    back = come_back(client, directory, email=world.sunita.email)
    assert back.status_code == 401
    assert "You were not signed in" in back.content.decode()
    assert is_out(client)
    row = last_no()
    assert (row.user_id, row.subject_id) == (None, None)
    assert row.why.startswith("The directory's answer was not")


@pytest.mark.parametrize(
    "sign",
    [
        lambda claims: jwt.encode(claims, FALSE_KEY, algorithm="ES256", headers={"kid": "one"}),
        lambda claims: jwt.encode(claims, KEY, algorithm="ES256", headers={"kid": "two"}),
        lambda claims: jwt.encode(claims, None, algorithm="none", headers={"kid": "one"}),
        lambda claims: jwt.encode(claims, "x" * 40, algorithm="HS256", headers={"kid": "one"}),
        lambda claims: jwt.encode(claims, KEY, algorithm="ES256", headers={"kid": "one"})[:-8],
        lambda claims: "not.a.token",
        lambda claims: ["no", "text"],
        lambda claims: None,
    ],
)
def test_a_signature_that_is_not_the_directorys_opens_nothing(
    client: Client, world: World, directory: Directory, sign: Callable[[dict[str, object]], object]
) -> None:
    directory.sign = sign
    assert come_back(client, directory, email=world.sunita.email).status_code == 401
    assert is_out(client)


@pytest.mark.parametrize(
    "told",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"token_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"jwks_uri": "file:///etc/passwd"},
    ],
)
def test_a_directory_that_calls_itself_otherwise_is_not_asked(
    client: Client, world: World, directory: Directory, told: dict[str, object]
) -> None:
    directory.told = told
    page = client.post("/sign-in/with/own/")
    assert (page.status_code, "did not answer" in page.content.decode()) == (502, True)


def test_a_directory_is_not_followed_elsewhere(
    client: Client, world: World, directory: Directory, settings: object
) -> None:
    directory.told = {"userinfo_endpoint": f"{directory.address}/elsewhere"}
    assert come_back(client, directory, email=world.sunita.email).status_code == 401
    settings.PRODUCTION = True
    assert client.post("/sign-in/with/own/").status_code == 502, "in production not without TLS"


def test_an_answer_is_taken_once_in_the_browser_that_asked(
    client: Client, world: World, directory: Directory
) -> None:
    directory.claims = {"sub": "1", "email": world.sunita.email}
    state = asked(client, directory)["state"]
    answer = {"code": "c", "state": state}
    other = Client()
    for query in (answer, {"code": "c"}, {"state": state}, {"code": "c", "state": ""}, {}):
        assert other.get("/sign-in/with/own/back/", query).status_code == 401
        assert is_out(other)
    assert client.get("/sign-in/with/own/back/", answer)["Location"] == "/desk/"
    assert Client().get("/sign-in/with/own/back/", answer).status_code == 401
    client.post("/sign-out/")
    assert client.get("/sign-in/with/own/back/", answer).status_code == 401
    assert is_out(client)


@pytest.mark.parametrize("error", ["access_denied", "login_required", "<script>alert(1)</script>"])
def test_a_no_of_the_directory_is_said_kindly_and_kept(
    client: Client, world: World, directory: Directory, error: str
) -> None:
    state = asked(client, directory)["state"]
    query = {"error": error, "error_description": "<b>Your account</b> is on fire", "state": state}
    back = client.get("/sign-in/with/own/back/", query)
    assert back.status_code == 401
    page = back.content.decode()
    assert "Your organisation&#39;s sign-in did not say yes" in page or "did not say yes" in page
    assert "fire" not in page
    assert "script>alert" not in page
    row = last_no()
    assert "directory" in row.why
    assert "fire" not in row.why


def test_who_is_known_there_and_not_here_and_who_is_closed_are_rows(
    client: Client, world: World, directory: Directory
) -> None:
    come_back(client, directory, email="nobody@staff.example")
    assert last_no().why == "The directory knows them; there is no account here."
    User.objects.filter(pk=world.sunita.pk).update(is_active=False, closed_at=NOW)
    come_back(Client(), directory, email=world.sunita.email)
    assert (last_no().why, last_no().subject_id) == ("The account is closed.", world.sunita.pk)


def test_answers_are_tried_as_rarely_as_passwords(world: World, directory: Directory) -> None:
    answers = [
        Client(REMOTE_ADDR="192.0.2.9").get("/sign-in/with/own/back/", {"code": "c", "state": str(n)})
        for n in range(40)
    ]
    assert answers[-1].status_code == 429
    assert AuditEntry.objects.filter(action="sign_in").count() <= 30


@pytest.mark.parametrize("where", EVIL)
def test_the_way_back_from_the_directory_stays_here(
    client: Client, world: World, directory: Directory, where: str
) -> None:
    directory.claims = {"sub": "1", "email": world.sunita.email}
    state = asked(client, directory, next=where)["state"]
    back = client.get("/sign-in/with/own/back/", {"code": "c", "state": state, "next": where})
    assert (back.status_code, lands_here(back)) == (302, True), back["Location"]


def test_a_host_that_a_request_made_up_is_not_where_the_directory_sends_people(
    client: Client, world: World, directory: Directory
) -> None:
    sent = client.post("/sign-in/with/own/", headers={"Host": "testserver:8443"})
    told = parse_qs(urlsplit(sent["Location"]).query)
    assert told["redirect_uri"] == ["http://testserver/sign-in/with/own/back/"]
