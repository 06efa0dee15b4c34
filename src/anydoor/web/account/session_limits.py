"""How long somebody stays signed in, and what becomes of a form that was typed meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlencode

from django.conf import settings
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
MEANT_FOR = "ad_meant_for"  # beside what an open page sends to be kept: where its form would have sent it
NOT_KEPT = {
    MEANT_FOR,
    "csrfmiddlewaretoken",
    "password",
    "oldpassword",
    "password1",
    "password2",
    "code",
    "credential",
}


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
        if request.path == reverse("account:left"):
            return self.get_response(request)  # an open page asks by itself: nobody came, and nothing ends
        if is_over(request.session, now):
            return ended(request, kept(request) if request.method == "POST" else request.get_full_path())
        if now - seen > NOTE_SECONDS:
            request.session[SEEN] = now
        return self.get_response(request)


def ended(request: HttpRequest, way_back: str) -> HttpResponse:
    """End this sign-in, whose time is over; on to signing in, and from there back."""
    if isinstance(request.user, User):
        timed_out(request.user)
    logout(request)
    words = {"next": way_back, "ended": "yes"} if way_back else {"ended": "yes"}
    return redirect(f"{reverse('account_login')}?{urlencode(words)}")


def seconds_left(request: HttpRequest, *, stay: bool = False) -> int:
    """How long this sign-in lasts without another page. `stay` counts as one, while it is not over."""
    now = timezone.now().timestamp()
    whole = request.session[BEGAN] + settings.SIGNED_IN_HOURS * 3600 - now
    idle = request.session[SEEN] + settings.IDLE_MINUTES * 60 - now
    if stay and min(whole, idle) > 0:
        request.session[SEEN] = now
        idle = settings.IDLE_MINUTES * 60
    return max(int(min(whole, idle)), 0)


def kept(request: HttpRequest, meant_for: str = "") -> str:
    """Keep what was typed; returns where it will be shown again, or nothing when there is nothing to keep.

    `meant_for`: the address its form sends to, when it was sent elsewhere only to be kept.
    """
    path = meant_for or request.get_full_path()
    typed = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_KEPT}
    user = request.user
    if not typed or not isinstance(user, User) or len(repr(typed)) > drafts.MOST_BYTES:
        return ""
    if not path.startswith(("/desk/", "/board/")):
        return ""
    draft = drafts.begin(
        kind=UNSENT,
        user=user,
        data={"path": path, "typed": typed},
        at=datetime.fromtimestamp(timezone.now().timestamp(), tz=timezone.get_current_timezone()),
    )
    return reverse("account:unsent", args=[draft.key])
