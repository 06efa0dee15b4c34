"""What an organisation's directory must prove before anybody is let in by it.

It is who the site configured (its metadata name exactly that issuer), speaks by TLS in production, signs its
ID token with a key of its own by a public-key method, to us, now, and tells the same person twice. Whether
it asked for a second step is read from `amr` (RFC 8176) and `acr`, not taken for granted.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jwt
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from anydoor.messages import outbox

ENDPOINTS = ("authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
CLOCKS_DIFFER_SECONDS = 60
# RFC 8176: what somebody knows, and what they have or are.
KNOWN = frozenset({"pwd", "pin", "kba"})
HAD = frozenset({"otp", "hwk", "swk", "sc", "pop", "sms", "tel", "fpt", "face", "iris", "retina", "vbm"})


class NotBelieved(OAuth2Error):  # type: ignore[misc] # the library brings no types
    """What the directory said is not taken; the message says which rule it broke, and repeats nothing."""


class Believed(OpenIDConnectOAuth2Adapter):  # type: ignore[misc] # the library brings no types
    """The library's talk with the directory, each answer held against what it must be."""

    @property
    def openid_config(self) -> dict[str, Any]:
        if not hasattr(self, "_openid_config"):
            issuer = settings.OIDC_ISSUER
            told = self._fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration")
            if told.get("issuer") != issuer:
                raise NotBelieved("it calls itself otherwise than ANYDOOR_OIDC_ISSUER says")
            safe = ("https://",) if settings.PRODUCTION else ("https://", "http://")
            if not all(str(told.get(name, "")).startswith(safe) for name in ENDPOINTS):
                raise NotBelieved("an address of its own is missing or without TLS")
            self._openid_config = told
        return self._openid_config

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        """Where the directory sends people back to: us, whatever host the request named."""
        return outbox.full_address(
            reverse("openid_connect_callback", kwargs={"provider_id": self.provider_id})
        )

    def complete_login(
        self, request: HttpRequest, app: SocialApp, token: SocialToken, **kwargs: Any
    ) -> SocialLogin:
        signed = kwargs["response"].get("id_token")
        if not isinstance(signed, str):
            raise NotBelieved("it sent no ID token")
        claims = self._claims(app, signed)
        person = self._fetch(self.profile_url, Authorization=f"Bearer {token.token}")
        if person.get("sub") != claims["sub"]:
            raise NotBelieved("it told of two people")
        told = {"userinfo": {"email": claims.get("email"), **person}, "id_token": claims}
        login = self.get_provider().sociallogin_from_response(request, told)
        login.claims = claims
        return login

    def _claims(self, app: SocialApp, signed: str) -> dict[str, Any]:
        keys = self._fetch(self.openid_config["jwks_uri"])
        try:
            kid = jwt.get_unverified_header(signed).get("kid")
            fitting = [key for key in jwt.PyJWKSet.from_dict(keys).keys if kid in {None, key.key_id}]
            if len(fitting) != 1:
                raise NotBelieved("its ID token names no key of its own")
            claims: dict[str, Any] = jwt.decode(
                signed,
                fitting[0],
                algorithms=list(ALGORITHMS),
                audience=app.client_id,
                issuer=settings.OIDC_ISSUER,
                leeway=CLOCKS_DIFFER_SECONDS,
                options={"require": ["exp", "iat", "iss", "aud", "sub"]},
            )
        except jwt.PyJWTError as wrong:
            raise NotBelieved(f"its ID token is not right ({type(wrong).__name__})") from None
        if not claims["sub"] or claims.get("azp", app.client_id) != app.client_id:
            raise NotBelieved("its ID token was made for somebody else")
        return claims

    def _fetch(self, address: str, **headers: str) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            answer = session.get(address, headers=headers)
            answer.raise_for_status()
            told = answer.json()
        if not isinstance(told, dict):
            raise NotBelieved("it answered something that is no object")
        return told


def second_step(claims: Mapping[str, Any]) -> bool:
    """Whether the directory says that it asked for two different proofs of who this is."""
    kinds = claims.get("amr")
    told = {kind for kind in kinds if isinstance(kind, str)} if isinstance(kinds, list) else set()
    return "mfa" in told or bool(told & KNOWN and told & HAD) or claims.get("acr") in settings.OIDC_ACR
