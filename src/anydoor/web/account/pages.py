"""One page from which somebody looks after their own way in."""

from __future__ import annotations

from allauth.mfa.utils import is_mfa_enabled
from allauth.usersessions.models import UserSession
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

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
