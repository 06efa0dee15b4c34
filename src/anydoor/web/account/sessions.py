"""Where somebody is signed in: seen by themself, and ended, one or all, after proving who they are anew.

Whoever finds a desk unlocked could otherwise throw its owner out everywhere else and have the account alone.
"""

from __future__ import annotations

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from anydoor.access import sessions
from anydoor.rules.errors import WrongMoment
from anydoor.web.shell import AnydoorRequest, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def own_sessions(request: AnydoorRequest) -> HttpResponse:
    """GET lists; POST ends one other sign-in, or all others, once somebody has just proved who they are.

    What was pressed is carried out after the proof: nobody presses twice.
    """
    here = request.session.session_key or ""
    places = sessions.signed_in_now([request.user.pk], request.at, here).get(request.user.pk, [])
    if request.method != "POST":
        return render(
            request,
            "usersessions/usersession_list.html",
            {"open_now": places, "others": [one for one in places if not one.here], "now": request.at},
        )
    raise_if_reauthentication_required(request, app="account")
    wanted = request.POST.get("session", "")
    other = next((one for one in places if str(one.id) == wanted and not one.here), None)
    try:
        if other is not None:
            sessions.end_one(user=request.user, session_id=other.id, by=request.user, at=request.at)
            messages.success(request, "That sign-in is ended.")
        elif wanted in {"", "all"}:
            sessions.end_all(user=request.user, by=request.user, at=request.at, but=here)
            messages.success(request, "You are signed out everywhere else.")
        else:
            messages.info(request, "That sign-in was over already.")
    except WrongMoment as fault:
        messages.info(request, fault.message)
    return redirect("usersessions_list")
