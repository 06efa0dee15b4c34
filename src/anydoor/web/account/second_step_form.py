"""The forms that ask for the second step: the library's, and what did not fit is a row of the audit."""

from __future__ import annotations

from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn.forms import (
    AuthenticateWebAuthnForm,
    LoginWebAuthnForm,
    ReauthenticateWebAuthnForm,
)
from django.core.exceptions import ValidationError

from anydoor.web.account.adapter import wrong_passkey, wrong_step


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


class _Passkey:
    """Before a library's form: a passkey that does not fit is refused as there, and noted."""

    def clean_credential(self) -> Authenticator:
        try:
            return super().clean_credential()  # type: ignore[misc] # of the form beside it
        except (ValidationError, AttributeError, TypeError, KeyError) as problem:
            # The last three: what was sent is no passkey at all, but something odd that is JSON.
            wrong_passkey(self.user)  # type: ignore[attr-defined] # as above
            if isinstance(problem, ValidationError):
                raise
            raise ValidationError("That passkey did not fit. Try again.", code="incorrect_code") from None


class PasskeyForm(_Passkey, AuthenticateWebAuthnForm):  # type: ignore[misc] # the library brings no types
    """Named in settings as the form `authenticate_webauthn`: after a password."""


class PasskeyAgainForm(_Passkey, ReauthenticateWebAuthnForm):  # type: ignore[misc] # as above
    """Named in settings as the form `reauthenticate_webauthn`."""


class PasskeyAloneForm(_Passkey, LoginWebAuthnForm):  # type: ignore[misc] # as above
    """Named in settings as the form `login_webauthn`. Whom it names is not believed, so nobody is named."""
