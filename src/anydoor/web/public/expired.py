"""Forms that cannot be taken as they came: without their safety mark, too large, or in unreadable writing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, UnreadablePostError
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


# What still comes in after a refusal is read and dropped up to here: a browser that cannot finish sending
# shows its own error in place of our words.
MOST_DROPPED = 100_000_000
PIECE = 65_536


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Named in `config.urls` for status 400. Looks at nothing that was sent, which cannot be read."""
    try:
        for _ in range(MOST_DROPPED // PIECE):
            if not request.read(PIECE):
                break
    except UnreadablePostError:
        pass  # they have gone
    return render(request, "400.html", status=400)
