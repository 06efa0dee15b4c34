"""What the desk's layout shows around every page: area, navigation, who is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from anydoor.access.policy import may
from anydoor.web.shell import AnydoorRequest


def frame(request: AnydoorRequest, current: str) -> dict[str, Any]:
    """The layout's context. `current` is the place of the page: work, inbox, families, directory."""
    places = [("work", "My work", "desk:home")]
    if may(request.standing, "see_inbox"):
        places.append(("inbox", "Team inbox", "desk:inbox"))
    if may(request.standing, "search_people"):
        places.append(("families", "Families", "desk:families"))
    places.append(("directory", "Directory", "desk:directory"))
    return {
        "area_name": request.areas[0].door_name if request.areas else "",
        "home_href": reverse("desk:home"),
        "nav": [
            {"label": label, "href": reverse(name), "current": key == current} for key, label, name in places
        ],
        "me": request.user.name,
        "search_href": reverse("desk:families") if may(request.standing, "search_people") else None,
        "account_links": [
            {"label": "My team and leave", "href": reverse("desk:team")},
            {"label": "Messages sent", "href": reverse("desk:outbox")},
            {"label": "Password and second factor", "href": reverse("account:security")},
            {"label": "Sign out", "href": reverse("account_logout"), "post": True},
        ],
    }


def page(
    request: AnydoorRequest, template: str, current: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a desk page in its frame."""
    return render(request, template, {**frame(request, current), **context}, status=status)
