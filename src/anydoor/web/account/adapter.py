"""How the sign-in library behaves in this house: nobody signs up, and its e-mail goes by the outbox."""

from __future__ import annotations

import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from anydoor.messages import outbox


class AccountAdapter(DefaultAccountAdapter):
    """Named in settings as `ACCOUNT_ADAPTER`."""

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
