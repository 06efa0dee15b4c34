"""How tests sign in, and make a second step."""

from __future__ import annotations

import re

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client

from anydoor.access.models import User

PASSWORD = "three plain words"


def sign_in(client: Client, email: str, password: str = PASSWORD) -> object:
    return client.post("/sign-in/", {"login": email, "password": password})


def code_for(secret: str) -> str:
    counter = next(iter(yield_hotp_counters_from_time()))
    return format_hotp_value(hotp_value(secret, counter))


def turn_on(client: Client, user: User) -> str:
    """Sign in and turn the second step on, up to the secret that the app would hold."""
    sign_in(client, user.email)
    asked = client.get("/account/second-step/totp/activate/")["Location"]
    assert asked.startswith("/sign-in/again/")
    assert "Is it still you?" in client.get(asked).content.decode()
    assert client.post(asked, {"password": "wrong"}).status_code == 200
    assert client.post(asked, {"password": PASSWORD})["Location"] == "/account/second-step/totp/activate/"
    page = client.get("/account/second-step/totp/activate/").content.decode()
    assert "<svg" in page
    secret = re.search(r"<code>([A-Z2-7]+)</code>", page)
    assert secret is not None
    return secret[1]
