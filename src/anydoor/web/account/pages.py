"""One page from which somebody looks after their own way in."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from anydoor.web.account.session_limits import MEANT_FOR, ended, kept, seconds_left
from anydoor.web.shell import AnydoorRequest, signed_in


@require_GET
@signed_in
def security(request: AnydoorRequest) -> HttpResponse:
    """Password, second step, and where this person is signed in now."""
    return render(
        request,
        "account/security.jinja",
        {
            "second_step": is_mfa_enabled(request.user),
            "sessions": len(UserSession.objects.purge_and_list(request.user)),
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def left(request: AnydoorRequest) -> HttpResponse:
    """For an open page: how many seconds this sign-in lasts.

    POST says that somebody is there and goes on, or brings what was typed on a page that was covered.
    """
    if request.method == "POST" and MEANT_FOR in request.POST:
        way_back = kept(request, request.POST[MEANT_FOR])
        return redirect(way_back or "desk:home") if seconds_left(request) else ended(request, way_back)
    return JsonResponse({"seconds": seconds_left(request, stay=request.method == "POST")})
