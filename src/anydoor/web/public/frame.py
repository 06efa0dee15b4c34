"""What stands around every page for families and referrers."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from anydoor.directory.models import Area


def area_called(slug: str) -> Area:
    """The area of an address. 404 when there is none of that name."""
    area = Area.objects.select_related("front_door").filter(slug=slug).first()
    if area is None:
        raise Http404
    return area


def area_meant(request: HttpRequest) -> Area | None:
    """The area a plain page was opened from (`?area=`), or the only one there is."""
    slug = request.GET.get("area", "")
    if slug and slug.replace("-", "").isalnum():
        return Area.objects.select_related("front_door").filter(slug=slug).first()
    areas = list(Area.objects.select_related("front_door").order_by("name")[:2])
    return areas[0] if len(areas) == 1 else None


def about(area: Area | None, name: str) -> str:
    """The address of a plain page, which remembers the area it was opened from."""
    return reverse(f"public:{name}") + (f"?area={area.slug}" if area is not None else "")


def page(
    request: HttpRequest,
    template: str,
    area: Area | None,
    context: dict[str, Any],
    *,
    status: int = 200,
    private: bool = True,
) -> HttpResponse:
    """Render a public page. `private`: no browser or proxy keeps a copy, so that Back shows nothing later."""
    response = render(
        request,
        template,
        {
            "area": area,
            "area_name": area.door_name if area is not None else "",
            "home_href": reverse("public:ask", args=[area.slug])
            if area is not None
            else reverse("public:home"),
            "exit_href": reverse("public:exit"),
            "languages_href": about(area, "languages"),
            "footer_links": [
                {"label": "Privacy", "href": about(area, "privacy")},
                {"label": "Accessibility", "href": about(area, "accessibility")},
                {"label": "How to hide your visit", "href": about(area, "hide")},
            ],
            **context,
        },
        status=status,
    )
    response["Cache-Control"] = "no-store, private" if private else "no-cache, private"
    return response
