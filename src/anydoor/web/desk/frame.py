"""What the desk's layout shows around every page: area, navigation, who is signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from anydoor.access.policy import may
from anydoor.access.roles import Role
from anydoor.care.models import BreakGlass
from anydoor.care.rights.holds import governs
from anydoor.ui.times import clock_time
from anydoor.web.desk.what_for import bar, choices
from anydoor.web.shell import AnydoorRequest


def frame(request: AnydoorRequest, current: str) -> dict[str, Any]:
    """The layout's context. `current` is the place of the page: work, inbox, families, directory."""
    places = [("work", "My work", "desk:home")]
    if may(request.standing, "see_inbox"):
        places.append(("inbox", "Team inbox", "desk:inbox"))
    if may(request.standing, "search_people"):
        places.append(("families", "Families", "desk:families"))
    if may(request.standing, "see_schedule"):
        places.append(("schedule", "Contacts due", "desk:schedule"))
    elif may(request.standing, "see_coverage"):
        places.append(("schedule", "Coverage", "desk:coverage"))
    places.append(("directory", "Directory", "desk:directory"))
    return {
        "area_name": request.areas[0].door_name if request.areas else "",
        "home_href": reverse("desk:home"),
        "nav": [
            {"label": label, "href": reverse(name), "current": key == current} for key, label, name in places
        ],
        "me": request.user.name,
        "works_for": bar(request),
        "search_href": reverse("desk:families") if may(request.standing, "search_people") else None,
        "account_links": [
            {"label": "My team and leave", "href": reverse("desk:team")},
            *(
                [{"label": "Who has access", "href": reverse("desk:staff")}]
                if may(request.standing, "see_access")
                else []
            ),
            {"label": "Messages sent", "href": reverse("desk:outbox")},
            *(
                [{"label": "What came of the help", "href": reverse("desk:outcomes")}]
                if may(request.standing, "see_outcomes")
                else []
            ),
            *(
                [{"label": "What I work for now", "href": reverse("desk:purpose")}]
                if len(choices(request.standing)) > 1
                else []
            ),
            {"label": "People near to me", "href": reverse("desk:near")},
            *_emergencies(request),
            {"label": "Password and second step", "href": reverse("account:security")},
            {"label": "Sign out", "href": reverse("account_logout"), "post": True},
        ],
    }


def _emergencies(request: AnydoorRequest) -> list[dict[str, Any]]:
    """Ways to emergencies and their reviews, and to rights over records, for those who may."""
    found = []
    if may(request.standing, "break_glass"):
        found.append({"label": "Open in an emergency", "href": reverse("desk:emergency")})
    if may(request.standing, "review_break_glass"):
        found.append({"label": "Emergencies to review", "href": reverse("desk:reviews")})
    leads_door = any(
        request.standing.has(Role.TEAM_LEAD, team_id=one) for one in request.standing.front_doors
    )
    if leads_door or governs(request.standing):
        found.append({"label": "Rights over records", "href": reverse("desk:rights")})
    return found


def standing_notes(request: AnydoorRequest) -> list[dict[str, str]]:
    """What somebody has open in an emergency: a banner on every page until it is over. Nearly always none."""
    if not request.standing.in_emergency:
        return []
    rows = BreakGlass.objects.open(request.at).filter(user=request.user).select_related("family__care")
    return [
        {
            "heading": "You opened a record in an emergency",
            "text": f"{row.family.care.title}, until {clock_time(row.until)}. Every look is recorded, and "
            "somebody else will ask why.",
            "link": "To the record",
            "href": reverse("desk:family", args=[row.family_id]),
            "button": "Close it now",
            "post": reverse("desk:close_emergency", args=[row.pk]),
        }
        for row in rows.order_by("pk")
    ]


def page(
    request: AnydoorRequest, template: str, current: str, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    """Render a desk page in its frame."""
    around = {**frame(request, current), "standing_notes": standing_notes(request)}
    return render(request, template, {**around, **context}, status=status)
