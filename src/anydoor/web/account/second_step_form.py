"""The forms that ask for a code of the second step: the library's, and a wrong one is a row of the audit."""

from __future__ import annotations

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator

from anydoor.web.account.adapter import wrong_step


class CodeForm(AuthenticateForm):  # type: ignore[misc] # the library brings no types
    """Named in settings as the form `authenticate`."""

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)
        wrong_step(self.user)


class CodeAgainForm(ReauthenticateForm):  # type: ignore[misc] # the library brings no types
    """Named in settings as the form `reauthenticate`."""

    def _emit_authentication_failed(self, authenticator: Authenticator) -> None:
        super()._emit_authentication_failed(authenticator)
        wrong_step(self.user)
