"""Signing in by an organisation's directory (OpenID Connect), for accounts that are here already.

The directory is believed about the addresses of its own domains and nobody else's, and makes no accounts.
What it must prove is in `directory_proof`; here are the pages and what becomes of its answer.
These are the only pages whose answer waits on a network: the directory is asked before anybody is let in.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from allauth.account.views import LoginView
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.core.internal import ratelimit
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.socialaccount.providers.base import AuthError, AuthProcess
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from anydoor.web.account import directory_proof
from anydoor.web.account.adapter import DIRECTORY_PROVED, no_from_directory
from anydoor.web.account.directory_proof import Believed, NotBelieved
from anydoor.web.shell import message_page

log = logging.getLogger("anydoor.sign_in")
PROVIDER = "own"


@dataclass(frozen=True, slots=True)
class OwnDirectory:
    """A button on the sign-in page."""

    label: str
    href: str


class OwnProvider(OpenIDConnectProvider):  # type: ignore[misc] # the library brings no types
    """The directory as the library knows it: asked with a nonce, in our words only, and only to sign in."""

    oauth2_adapter_class = Believed

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        return dict(self.get_auth_params())  # a link somebody planted adds nothing to what is asked

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        return list(self.get_scope())

    def get_redirect_from_request_kwargs(self, request: HttpRequest) -> dict[str, Any]:
        # Never to join another's directory account to whoever is signed in at a computer left open.
        return {**super().get_redirect_from_request_kwargs(request), "process": AuthProcess.LOGIN}

    def redirect(self, request: HttpRequest, process: str, *more: Any, **kwargs: Any) -> HttpResponse:
        nonce = secrets.token_urlsafe(32)
        asked = {**(kwargs.pop("auth_params", None) or self.get_auth_params()), "nonce": nonce}
        if settings.OIDC_ACR:
            asked["acr_values"] = " ".join(settings.OIDC_ACR)
        answer: HttpResponse = super().redirect(
            request, process, *more, auth_params=asked, nonce=nonce, **kwargs
        )
        return answer

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"sub": data["userinfo"]["sub"]}  # who it is; names and pictures stay in the directory


class ByOwnDirectory(DefaultSocialAccountAdapter):
    """Named in settings as `SOCIALACCOUNT_ADAPTER`."""

    def get_provider(self, request: HttpRequest, provider: str, client_id: str | None = None) -> Any:
        found = super().get_provider(request, provider, client_id)
        return OwnProvider(request, app=found.app) if isinstance(found, OpenIDConnectProvider) else found

    def get_requests_session(self) -> Any:
        session = super().get_requests_session()
        session.max_redirects = 0  # what the directory said is where we go, nowhere else
        return session

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        return email.rpartition("@")[2].lower() in settings.OIDC_DOMAINS

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """The answer belongs to what this browser asked just now; whether it was a strong one is noted."""
        claims = sociallogin.claims
        asked, told = sociallogin.state.get("nonce"), claims.get("nonce")
        if not asked or not isinstance(told, str) or not constant_time_compare(asked, told):
            no_from_directory(None, "The directory's answer was not to what was asked.")
            raise ImmediateHttpResponse(_page(request, "authentication_error", 401))
        if not sociallogin.is_existing:
            no_from_directory(None, "The directory knows them; there is no account here.")
        setattr(request, DIRECTORY_PROVED, directory_proof.second_step(claims))

    def on_authentication_error(self, request: HttpRequest, provider: Any, **told: Any) -> None:
        """A no, a cancelled sign-in, or an answer that is not believed: a row of the audit, and a page."""
        problem = told.get("exception")
        if problem is not None:
            why = problem if isinstance(problem, NotBelieved) else type(problem).__name__
            log.warning("an answer of the own directory was not taken: %s", why)
        if told.get("error") == AuthError.CANCELLED:
            no_from_directory(None, "The directory said no, or it was cancelled there.")
            raise ImmediateHttpResponse(_page(request, "login_cancelled", 401))
        no_from_directory(None, "The directory's answer was not right, or nobody had asked for it.")


def _page(request: HttpRequest, name: str, status: int) -> HttpResponse:
    return render(request, f"socialaccount/{name}.html", status=status)


class SignIn(LoginView):  # type: ignore[misc] # the library brings no types
    """The sign-in page, with a button for the organisation's directory where there is one."""

    def get_context_data(self, **more: Any) -> dict[str, Any]:
        found: dict[str, Any] = super().get_context_data(**more)
        found["ended"] = self.request.GET.get("ended") == "yes"
        found["own_directory"] = (
            OwnDirectory(
                label=_("Sign in with %(name)s") % {"name": settings.OIDC_NAME},
                href=reverse("openid_connect_login", kwargs={"provider_id": PROVIDER}),
            )
            if settings.OIDC_ISSUER
            else None
        )
        return found


def to_directory(request: HttpRequest, provider_id: str) -> HttpResponse:
    """On to the directory's own page."""
    return _asked(request, OAuth2LoginView, provider_id)


def from_directory(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the directory, with its answer. Tried as often as a password may be, from one address."""
    if not ratelimit.consume(request, app="allauth.account", action="login", limit_get=True):
        slowed: HttpResponse = ratelimit.respond_429(request)
        return slowed
    return _asked(request, OAuth2CallbackView, provider_id)


def _asked(request: HttpRequest, view: Any, provider_id: str) -> HttpResponse:
    try:
        ask: Callable[[HttpRequest], HttpResponse] = view.adapter_view(Believed(request, provider_id))
        return ask(request)
    except SocialApp.DoesNotExist:
        raise Http404 from None
    except (OSError, OAuth2Error) as problem:  # nobody answered, or what was said of itself is not believed
        log.warning("the own directory: %s", problem if isinstance(problem, NotBelieved) else "no answer")
        return message_page(
            request,
            502,
            _("Your organisation's sign-in did not answer"),
            _("Nothing is wrong with your account. Wait a minute and try again, or use your password."),
        )
