"""Every address is either listed here as open to all, or sends a stranger to sign in."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

# Names (with their namespace) or, with a star, all that begin so. Each line is a decision.
OPEN_TO_ALL = {
    "healthz",  # is the process alive: no data
    "readyz",  # can it serve: counts and seconds only
    "open_referral:*",  # the directory is for everybody; the feed holds what families see of it
    "open_referral_stub:*",
    "public:*",  # families and referrers need no account; what they see hangs on a link they hold
    "account_login",  # signing in and getting a password back come before being signed in
    "account_signup",
    "account_reset_password*",
    "account_first_password*",  # the first password, by a link that lives three days
    "account_confirm_email",
    "account_email_verification_sent",
    "account_inactive",
    "account_reauthenticate",
    "account_request_login_code",
    "account_confirm_login_code",
    "mfa_authenticate",
    "mfa_login_webauthn",
    "openid_connect_*",  # an organisation's own sign-in begins and ends outside
    "socialaccount_login_cancelled",
    "socialaccount_login_error",
    "socialaccount_signup",
}
ANSWERS_FOR_ITSELF = re.compile(r"^(api[:-].*|api)$")  # tokens, proved in tests/api

# Converters of a route, each with something that fits it and names nothing that exists.
FITTING = {
    "int": "9",
    "str": "x",
    "slug": "x",
    "uuid": "00000000-0000-4000-8000-000000000000",
    "path": "x",
}


def addresses(
    resolver: URLResolver, prefix: str = "", names: tuple[str, ...] = ()
) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = (*names, entry.namespace) if entry.namespace else names
            yield from addresses(entry, route, inner)
        elif isinstance(entry, URLPattern):
            yield ":".join([*names, entry.name or f"unnamed {route}"]), route


def is_open(name: str) -> bool:
    return any(
        name.startswith(allowed[:-1]) if allowed.endswith("*") else name == allowed for allowed in OPEN_TO_ALL
    )


def filled(route: str) -> str | None:
    """The route with its parts filled in; None for a regular expression that we cannot fill."""
    route = re.sub(r"<(?:(\w+):)?\w+>", lambda part: FITTING.get(part.group(1) or "str", "x"), route)
    return None if re.search(r"[\^$()?\\]", route) else "/" + route


def shut_addresses() -> list[tuple[str, str]]:
    found = []
    for name, route in addresses(get_resolver()):
        address = filled(route)
        if address is not None and not is_open(name) and not ANSWERS_FOR_ITSELF.match(name):
            found.append((name, address))
    return sorted(found)


@pytest.mark.django_db
def test_a_stranger_is_sent_to_sign_in_everywhere_else(client: Client) -> None:
    let_in = []
    for name, address in shut_addresses():
        for method in (client.get, client.post):
            answer = method(address)
            sent_away = answer.status_code == 302 and "sign-in" in answer["Location"]
            if not (sent_away or answer.status_code in {401, 403, 405}):
                let_in.append(f"{name} {address} -> {answer.status_code} {answer.get('Location', '')}")
    assert let_in == []


def test_every_address_has_a_name() -> None:
    assert [name for name, _ in addresses(get_resolver()) if "unnamed" in name] == []
