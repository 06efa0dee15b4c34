"""Short pages that say how things are, and the way out."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from anydoor.rules import working_time
from anydoor.ui import times
from anydoor.web.public import tickets
from anydoor.web.public.frame import area_called, area_meant, page
from anydoor.web.public.mine import OPEN as OWN_PAGE
from anydoor.web.public.questions import DONE_COOKIE
from anydoor.web.public.refer_draft import COOKIE as DRAFT_COOKIE
from anydoor.web.shell import AnydoorRequest


@require_safe
def leave(request: AnydoorRequest) -> HttpResponse:
    """The Exit button: what this browser held is dropped, and a page that tells nothing is shown."""
    request.session.pop(OWN_PAGE, None)
    response = redirect("public:holidays")
    for name in (tickets.COOKIE, DRAFT_COOKIE, DONE_COOKIE):
        response.delete_cookie(name)
    response["Cache-Control"] = "no-store, private"
    return response


@require_safe
def holidays(request: AnydoorRequest) -> HttpResponse:
    """Where the Exit button ends: the bank holidays, which nobody looks at twice."""
    year = working_time.london_day(request.at).year
    years = [
        (shown, [times.day_words(day) for day in sorted(working_time.bank_holidays(shown))])
        for shown in (year, year + 1)
    ]
    return render(request, "public/holidays.jinja", {"years": years})


@require_safe
def privacy(request: AnydoorRequest) -> HttpResponse:
    """What we keep, who sees it, and what you can ask for."""
    return page(request, "public/privacy.jinja", area_meant(request), {}, private=False)


@require_safe
def accessibility(request: AnydoorRequest) -> HttpResponse:
    """What works, what we know does not, and whom to tell."""
    return page(request, "public/accessibility.jinja", area_meant(request), {}, private=False)


@require_safe
def hide(request: AnydoorRequest) -> HttpResponse:
    """How to hide that you were here."""
    return page(request, "public/hide.jinja", area_meant(request), {}, private=False)


@require_safe
def crisis(request: AnydoorRequest) -> HttpResponse:
    """Help now."""
    return page(request, "public/crisis.jinja", area_meant(request), {"crisis_moved": True}, private=False)


@require_safe
def languages(request: AnydoorRequest) -> HttpResponse:
    """Asking in another language, or in another way."""
    return page(request, "public/languages.jinja", area_meant(request), {}, private=False)


@require_safe
def hubs(request: AnydoorRequest, slug: str) -> HttpResponse:
    """Places to walk in, with their opening times."""
    area = area_called(slug)
    found = list(area.places.filter(kind="hub").select_related("district").order_by("name"))
    return page(
        request,
        "public/hubs.jinja",
        area,
        {"hubs": found, "back": reverse("public:ask", args=[slug])},
        private=False,
    )
