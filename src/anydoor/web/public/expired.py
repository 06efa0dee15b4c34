"""A form that came without its safety mark: too old, or no cookies kept. Nothing typed is lost."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import Resolver404, resolve

from anydoor.directory.models import Area
from anydoor.web.public import ask
from anydoor.web.shell import AnydoorRequest


def form_expired(request: AnydoorRequest, reason: str = "") -> HttpResponse:
    """Named in settings. The ask page comes back with the words in it; other pages say what to do."""
    try:
        match = resolve(request.path_info)
    except Resolver404:
        match = None
    if match is not None and match.view_name == "public:ask":
        area = Area.objects.select_related("front_door").filter(slug=match.kwargs["slug"]).first()
        if area is not None:
            return ask.shown_again(request, area)
    return render(request, "403_csrf.html", status=403)
