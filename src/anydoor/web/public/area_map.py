"""The map of help in an area: as a picture, as a list, and as a poster to print."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from anydoor.care.schedule.local import schedule_of
from anydoor.directory.models import Area
from anydoor.directory.on_map import Checked, entries_of
from anydoor.rules import working_time
from anydoor.rules.pathway_map.contacts import contacts_of
from anydoor.rules.pathway_map.entry import STRAND_NAMES, VIEWS, Entry, lane_of, shown_in
from anydoor.rules.pathway_map.layout import picture
from anydoor.rules.pathway_map.listing import as_list, mark_words, when_words
from anydoor.ui import times
from anydoor.ui.words import plural, sentence
from anydoor.web.public.frame import area_called, page
from anydoor.web.shell import AnydoorRequest

LEADS = {
    "everything": "From trying for a baby to starting school",
    "fathers": "What is there for fathers and co-parents, in their own right",
    "loss": "At any stage, from the first day. You can ask now, or years later",
    "young": "Made for young parents, and what is open to every family",
}
LEVELS = {
    "universal": "open to every family",
    "targeted": "mild to moderate",
    "specialist": "moderate to severe",
}


def view_of(request: AnydoorRequest) -> str:
    """Which view was asked for; everything when it is none we know."""
    shown = request.GET.get("show", "")
    return shown if shown in VIEWS else "everything"


@require_safe
def area_map(request: AnydoorRequest, slug: str) -> HttpResponse:
    """The picture, with the same as a list for narrow screens."""
    area, view = area_called(slug), view_of(request)
    entries, kept = entries_of(area, on=working_time.london_day(request.at))
    context = _context(request, area, view, entries, kept) | {
        "picture": picture(entries, contacts_of(schedule_of(area.slug)), view=view),
        "names": {entry.slug: link_name(entry) for entry in entries},
    }
    return page(request, "public/map.jinja", area, context, private=False)


@require_safe
def map_list(request: AnydoorRequest, slug: str) -> HttpResponse:
    """The same services and contacts, in the order a family meets them."""
    area, view = area_called(slug), view_of(request)
    entries, kept = entries_of(area, on=working_time.london_day(request.at))
    return page(
        request, "public/map_list.jinja", area, _context(request, area, view, entries, kept), private=False
    )


def _context(
    request: AnydoorRequest, area: Area, view: str, entries: list[Entry], kept: Checked
) -> dict[str, Any]:
    shown = shown_in(view, entries)
    contacts = contacts_of(schedule_of(area.slug)) if view != "loss" else ()
    query = "" if view == "everything" else f"?show={view}"
    return {
        "view": view,
        "views": [(key, words, key == view) for key, words in VIEWS.items()],
        "heading": f"Help after a loss in {area.name}"
        if view == "loss"
        else f"Help for families in {area.name}",
        "lead": LEADS[view],
        "stages": as_list(entries, contacts, view=view),
        "count": plural(len(shown), "service"),
        "contacts": len(contacts),
        "foot": foot_words(kept, len(shown)),
        "today": times.full_date(request.at),
        "when": when_words,
        "says_more": view != "loss",
        "map_href": reverse("public:map", args=[area.slug]) + query,
        "list_href": reverse("public:map_list", args=[area.slug]) + query,
        "poster_href": reverse("public:map_poster", args=[area.slug]) + query,
        "find_href": reverse("public:find", args=[area.slug]) + ("?stage=loss" if view == "loss" else ""),
        "entry_query": "?stage=loss" if view == "loss" else "",
    }


def heading_of(area: Area, view: str) -> str:
    """What the map is called."""
    return f"Help after a loss in {area.name}" if view == "loss" else f"Help for families in {area.name}"


def foot_words(kept: Checked, shown: int) -> str:
    """How many services, and how well they were kept: `26 services, each checked since 1 February 2026.`"""
    words = plural(shown, "service")
    if kept.since is None:
        return f"{words}. Nobody has checked these entries in the last six months."
    if not kept.stale:
        return f"{words}, each checked by its owner since {times.full_date(kept.since)}."
    return (
        f"{words}. {plural(kept.stale, 'entry', 'entries')} of {kept.count} not checked for six months, "
        f"the others since {times.full_date(kept.since)}."
    )


def link_name(entry: Entry) -> str:
    """What the link of a bar says when it is read aloud: the name, the level, and its marks."""
    lane = lane_of(entry)
    about = {"loss": "after a loss", "life": "life around it"}.get(lane) or LEVELS[entry.level]
    strand = (
        f", {STRAND_NAMES[entry.strand].lower()}"
        if lane in ("targeted", "specialist") and entry.strand
        else ""
    )
    parts = [
        f"{entry.name}: {about}{strand}",
        when_words(entry) if lane != "loss" else "",
        sentence(mark_words(entry)),
    ]
    return ". ".join(part for part in parts if part)
