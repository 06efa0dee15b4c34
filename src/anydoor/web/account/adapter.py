"""How the sign-in library behaves in this house: nobody signs up, its e-mail goes by the outbox, and every
sign-in, sign-out and wrong password is a row of the audit.
"""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from anydoor.access import audit
from anydoor.access.audit import VISITOR
from anydoor.access.models import User
from anydoor.messages import outbox
from anydoor.web.shell import PURPOSE

METHODS = (
    "account_authentication_methods"  # where the library notes in the session how somebody proved themself
)
# On the request back from an organisation's directory, then in the session: it asked for two steps.
DIRECTORY_PROVED = "directory_proved"


class AccountAdapter(DefaultAccountAdapter):
    """Named in settings as `ACCOUNT_ADAPTER`."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("The email address or the password is not right."),
        "too_many_login_attempts": _(
            "Too many tries. Wait five minutes, or choose a new password. If you cannot wait, "
            "ask the person who looks after sign-ins where you work."
        ),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Write the e-mail to the outbox: no request waits for a mail server, and none is lost with it."""
        subject = render_to_string(f"{template_prefix}_subject.txt", context)
        outbox.to_address(
            address=email,
            subject=" ".join(subject.split())[:200],
            body=render_to_string(f"{template_prefix}_message.txt", context).strip(),
            template=template_prefix.rpartition("/")[2][:60],
            key=f"account:{secrets.token_urlsafe(16)}",
            at=timezone.now(),
        )

    def is_safe_url(self, url: str) -> bool:
        """A way back is a path of ours, never another host, not even one of our own by another name."""
        return bool(url_has_allowed_host_and_scheme(url, allowed_hosts=None))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """Where the link of a forgotten password leads: to us, whatever host the request named."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return outbox.full_address(path.replace("UID-KEY", key))

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        # The library counts for each host name and port a request claims to be sent to: endless counts.
        typed = credentials.get("email") or credentials.get("username") or ""
        return f"account:{str(typed).strip().lower()}"

    def login(self, request: HttpRequest, user: Any) -> None:
        """Once every step is done. Which steps they were is kept, not what was typed."""
        super().login(request, user)
        request.session.pop(PURPOSE, None)  # who signs in anew, even in the same browser, begins with care
        request.session[DIRECTORY_PROVED] = getattr(request, DIRECTORY_PROVED, False)
        proofs = request.session.get(METHODS, [])
        steps = " and ".join(str(one.get("type") or one.get("method")) for one in proofs)
        _record("sign_in", user, why=f"By {steps}" if steps else "")

    def logout(self, request: HttpRequest) -> None:
        if isinstance(request.user, User):
            _record("sign_out", request.user)
        super().logout(request)

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> Any:
        """Everything was right, and the account is closed."""
        _not_let_in(user.pk, "The account is closed.")
        return super().respond_user_inactive(request, user)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong password. What was typed for an address is not kept: people type passwords there."""
        typed = str(credentials.get("email") or credentials.get("username") or "")
        known = User.objects.filter(email__iexact=typed[:254]).values_list("pk", flat=True).first()
        _not_let_in(known, "The password was not right." if known else "There is no such account.")


def wrong_step(user: User) -> None:
    """A code of the second step that was not right, after a password that was."""
    _not_let_in(user.pk, "The code of the second step was not right.")


def wrong_passkey(user: User | None) -> None:
    """A passkey that did not fit: after a password (`user`), or instead of one (nobody is named)."""
    _not_let_in(user.pk if user else None, "The passkey did not fit.")


def no_from_directory(account: int | None, why: str) -> None:
    """The organisation's directory let nobody in, or was not believed."""
    _not_let_in(account, why)


def timed_out(user: User) -> None:
    """A sign-in that ended by itself."""
    _record("sign_out", user, why="Its time was over.")


def _not_let_in(account: int | None, why: str) -> None:
    audit.record(
        action="sign_in",
        subject="account",
        subject_id=account,
        by=VISITOR,
        at=timezone.now(),
        purpose="service_management",
        allowed=False,
        why=why,
    )


def _record(action: str, user: User, why: str = "") -> None:
    audit.record(
        action=action,
        subject="account",
        subject_id=user.pk,
        by=user,
        at=timezone.now(),
        purpose="service_management",
        why=why,
    )
