"""Who may sign in, and who a request comes from."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from anydoor.access.accounts import account_with_roles
from anydoor.access.models import User


class SignedIn(AuthenticationBackend):
    """The library's way of signing in; the account of each later request brings its roles along."""

    def get_user(self, user_id: Any) -> User | None:
        user = account_with_roles(user_id)
        return user if user is not None and self.user_can_authenticate(user) else None
