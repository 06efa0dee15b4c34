"""The second step of signing in: who must have one, and how its secrets are kept."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from functools import cache

from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from anydoor.web.account.adapter import DIRECTORY_PROVED

STEPS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)
SEALED = "fernet:"
SECRETS = ("secret", "seed")  # of an app and of recovery codes, in the library's rows
HAS_ONE = "second_step"  # in the session: it was seen that this account has a second step
# What somebody without a second step may still do: make one, change the password, leave.
OPEN_PATHS = ("/account/", "/sign-in/", "/sign-out/", "/static/", "/exit", "/healthz", "/readyz")


def required() -> bool:
    """Whether this house asks everybody who works with families for a second step."""
    return bool(settings.SECOND_STEP == "required")


class SecondStep(DefaultMFAAdapter):
    """Named in settings as `MFA_ADAPTER`. Secrets lie encrypted in the database; the last step stays."""

    def _get_site_name(self) -> str:
        return "Anydoor"

    def encrypt(self, text: str) -> str:
        return SEALED + _lock().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        if not encrypted_text.startswith(SEALED):
            return encrypted_text  # kept before secrets were encrypted
        try:
            return _lock().decrypt(encrypted_text.removeprefix(SEALED).encode()).decode()
        except InvalidToken:
            # Another secret key: no code fits, a recovery by the lead is the way. Never an empty secret,
            # whose codes anybody can reckon.
            return base64.b32encode(secrets.token_bytes(20)).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        if not required() or authenticator.type not in STEPS:
            return True
        others = Authenticator.objects.filter(user=authenticator.user, type__in=STEPS)
        return others.exclude(pk=authenticator.pk).exists()


def sealed_anew(text: str) -> str:
    """A kept secret under the newest key. Raises `InvalidToken` when no key opens it."""
    plain = _lock().decrypt(text.removeprefix(SEALED).encode()) if text.startswith(SEALED) else text.encode()
    return SEALED + _lock().encrypt(plain).decode()


def _lock() -> MultiFernet:
    """Seals with the key of today, and opens with those of before too."""
    return MultiFernet([_key(one) for one in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


@cache
def _key(secret: str) -> Fernet:
    made = HKDF(SHA256(), 32, salt=None, info=b"anydoor second step").derive(secret.encode())
    return Fernet(base64.urlsafe_b64encode(made))


class AskForSecondStep:
    """Middleware: who has none and must have one is brought to where it is made, whatever they asked for."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if required() and self._lacks_one(request) and not request.path.startswith(OPEN_PATHS):
            return redirect(f"{reverse('mfa_index')}?first=yes")
        return self.get_response(request)

    def _lacks_one(self, request: HttpRequest) -> bool:
        # By the session first: a visitor has none, and for most the answer is kept there.
        if "_auth_user_id" not in request.session or request.session.get(HAS_ONE):
            return False
        if not request.user.is_authenticated:
            return False
        if not (self._by_own_directory(request) or is_mfa_enabled(request.user, STEPS)):
            return True
        request.session[HAS_ONE] = True
        return False

    def _by_own_directory(self, request: HttpRequest) -> bool:
        return bool(settings.OIDC_HAS_SECOND_STEP and request.session.get(DIRECTORY_PROVED))
