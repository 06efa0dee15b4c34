"""Signing in by an organisation's own directory (OpenID Connect), for accounts that are here already.

The directory is believed about the addresses of its own domains and nobody else's, and makes no accounts.
This is the one page whose answer waits on a network: the directory must be asked before anybody is let in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from allauth.account.views import LoginView
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.openid_connect import views
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from anydoor.web.shell import message_page

PROVIDER = "own"


@dataclass(frozen=True, slots=True)
class OwnDirectory:
    """A button on the sign-in page."""

    label: str
    href: str


class ByOwnDirectory(DefaultSocialAccountAdapter):
    """Named in settings as `SOCIALACCOUNT_ADAPTER`."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def can_authenticate_by_email(self, login: SocialLogin, email: str) -> bool:
        return email.rpartition("@")[2].lower() in settings.OIDC_DOMAINS


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
    return _asked(request, lambda: views.login(request, provider_id))


def from_directory(request: HttpRequest, provider_id: str) -> HttpResponse:
    """Back from the directory, with its answer."""
    return _asked(request, lambda: views.callback(request, provider_id))


def _asked(request: HttpRequest, ask: Any) -> HttpResponse:
    try:
        answer: HttpResponse = ask()
    except OSError:  # what the library's client raises when nobody answers, or answers nonsense
        return message_page(
            request,
            502,
            _("Your organisation's sign-in did not answer"),
            _("Nothing is wrong with your account. Wait a minute and try again, or use your password."),
        )
    return answer
