"""One service as families read it: what it is, for whom, when, how to get in; and for professionals."""

from __future__ import annotations

from typing import Any

import segno
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from anydoor.directory.models import ACCESSIBILITY, Place, Service
from anydoor.directory.on_map import entry_of, is_stale, note_of
from anydoor.rules import working_time
from anydoor.rules.everyday import speaks_of_a_baby, without_a_baby
from anydoor.rules.pathway_map.listing import when_words
from anydoor.ui import times
from anydoor.ui.words import sentence
from anydoor.web.public.find import session_words, wait_words
from anydoor.web.public.frame import area_called, page
from anydoor.web.shell import AnydoorRequest

WHOM = {
    "mother": "mothers",
    "father": "fathers",
    "co_parent": "co-parents",
    "carer": "grandparents and carers",
    "family": "the whole family",
}
WAYS_IN = {
    "drop_in": "Just go along. You need no appointment.",
    "self": "Ask for it yourself.",
    "midwife": "Your midwife can ask for you.",
    "health_visitor": "Your health visitor can ask for you.",
    "gp": "Your GP can ask for you.",
    "professional": "Another professional can ask for you.",
    "service": "A service you already see can ask for you.",
}
REFERRERS = {
    "gp": "GPs",
    "midwife": "midwives",
    "health_visitor": "health visitors",
    "professional": "any professional",
    "service": "another service, after it has met the family",
}
LEVELS = {
    "universal": "Universal: open to every family",
    "targeted": "Targeted: mild to moderate need",
    "specialist": "Specialist: moderate to severe need",
}
HOW = {
    "in_person": "face to face",
    "home": "at your home",
    "online": "online",
    "phone": "by phone",
    "text": "by text",
    "group": "in a group",
}


@require_safe
def entry(request: AnydoorRequest, slug: str, entry: str) -> HttpResponse:
    """The page of a service. `?stage=loss` leaves out everything about a baby."""
    area = area_called(slug)
    on = working_time.london_day(request.at)
    one = (
        Service.objects.visible(on)
        .serving(area)
        .filter(slug=entry)
        .select_related("organisation", "area")
        .prefetch_related("places", "sessions__place", "footprint")
        .first()
    )
    if one is None:
        raise Http404
    loss = request.GET.get("stage") == "loss"
    address = request.build_absolute_uri(reverse("public:entry", args=[slug, one.slug]))
    context = {
        "one": one,
        "says_baby": not loss,
        "name": one.name,
        "summary": without_a_baby(one.summary) if loss else one.summary,
        "is_open": one.state in ("offered", "pilot") and Service.objects.live(on).filter(pk=one.pk).exists(),
        "state_words": _state_words(one),
        "closed": note_of(one, on=on),
        "closed_why": one.closed_note if one.is_closed_for_now(on) else "",
        "stale": is_stale(one, on=on),
        "checked": times.full_date(one.last_checked) if one.last_checked else "",
        "facts": [row for row in _facts(one, loss=loss, on=on) if row["value"]],
        "offers": [] if loss else one.offers,
        "sessions": [] if loss else [session_words(session) for session in one.sessions.all()],
        "sites": [_site(place) for place in _places(one)],
        "ways_in": [words for key, words in WAYS_IN.items() if key in one.routes_in],
        "work": [row for row in _work(one) if row["value"]],
        "invented": "when" in one.invented or any(session.invented for session in one.sessions.all()),
        "address": address,
        "qr": square(address),
        "ask_href": f"{reverse('public:ask', args=[slug])}?about={one.slug}",
        "wrong_href": reverse("public:wrong", args=[slug, one.slug]),
        "refer_href": f"{reverse('public:refer')}?area={slug}",
        "back": reverse("public:find", args=[slug]) + ("?stage=loss" if loss else ""),
        "map_href": reverse("public:map", args=[slug]) + ("?show=loss" if loss else ""),
    }
    return page(request, "public/entry.jinja", area, context, private=False)


def _state_words(one: Service) -> str:
    if one.state == "planned":
        return "This is planned. It has not started yet."
    return "This has closed." if one.state == "closed" else "This is not offered at the moment."


def _facts(one: Service, *, loss: bool, on: Any) -> list[dict[str, Any]]:
    """What it is for families; after a loss without stages and without words about a baby."""
    said = without_a_baby if loss else str
    people = sentence([WHOM[key] for key in WHOM if key in one.audience])
    cost = {True: "Free", False: "Not free"}.get(one.is_free, "") if one.is_free is not None else ""
    start = times.full_date(one.next_start) if one.next_start and one.next_start >= on else ""
    stage = "" if loss else when_words(entry_of(one, on=on))
    return [
        {"label": "For whom", "value": said(one.for_whom)},
        {"label": "People", "value": f"For {people}" if people else ""},
        {"label": "From when", "value": stage},
        {"label": "Not for", "value": said(one.not_for)},
        {"label": "When", "value": "" if loss and speaks_of_a_baby(one.when) else one.when},
        {"label": "Next start", "value": start},
        {"label": "How", "value": sentence([HOW[key] for key in HOW if key in one.modes]).capitalize()},
        {"label": "Cost", "value": ". ".join(part for part in (cost, one.cost_note) if part)},
        {"label": "Languages", "value": _languages(one)},
        {"label": "Wait", "value": wait_words(one.wait_days)},
        {"label": "Who runs it", "value": one.organisation.name},
    ]


def _languages(one: Service) -> str:
    also = f"English, {sentence(one.languages)}" if one.languages else "English"
    return f"{also}. An interpreter costs you nothing: ask for one."


def _places(one: Service) -> list[Place]:
    places = {place.pk: place for place in one.places.all()}
    places |= {session.place.pk: session.place for session in one.sessions.all() if session.place}
    return sorted(places.values(), key=lambda place: place.name)


def _site(place: Place) -> dict[str, str]:
    has = sentence([words for key, words in ACCESSIBILITY.items() if key in place.accessibility])
    return {
        "name": place.name,
        "address": ", ".join(part for part in (place.address, place.postcode) if part),
        "opens": place.opens,
        "has": f"It has {has}." if has else "Ask us about access: we do not know yet what there is.",
    }


def _work(one: Service) -> list[dict[str, str]]:
    """What a professional needs in order to refer."""
    more = one.eligibility
    under = more.get("parent_age_under")
    referrers = sentence([REFERRERS[key] for key in REFERRERS if key in one.routes_in])
    limits = [f"parents under {under}" if under else "", str(more.get("only_for", ""))]
    if more.get("severity_from") == "severe":
        limits.append("severe need")
    return [
        {"label": "Level", "value": LEVELS[one.level]},
        {"label": "Who may refer", "value": referrers},
        {"label": "Families may ask", "value": "Yes" if {"self", "drop_in"} & set(one.routes_in) else "No"},
        {"label": "Only for", "value": sentence([limit for limit in limits if limit])},
        {"label": "Serves", "value": sentence([district.name for district in one.footprint.all()])},
        {"label": "Note", "value": one.footprint_note},
    ]


def square(address: str) -> dict[str, Any]:
    """A QR picture of an address, as a path: `side` modules wide with its quiet zone."""
    code = segno.make(address, error="m", micro=False)
    rows = [list(row) for row in code.matrix_iter(border=4)]
    path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return {"side": len(rows), "path": path}
