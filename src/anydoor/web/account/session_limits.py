"""How long somebody stays signed in, and what becomes of a form that was typed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from django.contrib.auth import SESSION_KEY, logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from anydoor.access.models import User
from anydoor.access.sessions import BEGAN, SEEN, is_over
from anydoor.care import drafts
from anydoor.web.account.adapter import timed_out

# The time of the last request is written down at most this often: a write a minute, not one a page.
NOTE_SECONDS = 60
UNSENT = "unsent"
NOT_KEPT = {"csrfmiddlewaretoken", "password", "oldpassword", "password1", "password2", "code", "credential"}


class SessionLimits:
    """Middleware: ends a sign-in after a time without a request, and after a day's work in any case.

    A form sent too late is kept as a draft of that person, and shown again once they are back.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if SESSION_KEY not in request.session:
            return self.get_response(request)
        now = timezone.now().timestamp()
        request.session.setdefault(BEGAN, now)
        seen = request.session.setdefault(SEEN, now)
        if is_over(request.session, now):
            return self._end(request)
        if now - seen > NOTE_SECONDS:
            request.session[SEEN] = now
        return self.get_response(request)

    def _end(self, request: HttpRequest) -> HttpResponse:
        way_back = kept(request) if request.method == "POST" else request.get_full_path()
        if isinstance(request.user, User):
            timed_out(request.user)
        logout(request)
        words = {"next": way_back, "ended": "yes"} if way_back else {"ended": "yes"}
        return redirect(f"{reverse('account_login')}?{urlencode(words)}")


def kept(request: HttpRequest) -> str:
    """Keep what was typed; returns where it will be shown again, or nothing when there is nothing to keep."""
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_KEPT}
    user = request.user
    if not typed or not isinstance(user, User) or len(repr(typed)) > drafts.MOST_BYTES:
        return ""
    if not request.path.startswith(("/desk/", "/board/")):
        return ""
    draft = drafts.begin(
        kind=UNSENT,
        user=user,
        data={"path": request.get_full_path(), "typed": typed},
        at=datetime.fromtimestamp(timezone.now().timestamp(), tz=timezone.get_current_timezone()),
    )
    return reverse("account:unsent", args=[draft.key])
