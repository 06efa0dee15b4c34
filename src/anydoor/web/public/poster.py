"""The map as a sheet of A3 to print and put on a wall."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from anydoor.care.schedule.local import schedule_of
from anydoor.directory.models import Area
from anydoor.directory.on_map import Checked, entries_of
from anydoor.rules import working_time
from anydoor.rules.pathway_map.contacts import contacts_of
from anydoor.rules.pathway_map.entry import Entry, shown_in
from anydoor.rules.pathway_map.layout import LaneBox, Part, Picture, Track, Words, poster
from anydoor.ui import paper, times
from anydoor.ui.words import phone_spaced
from anydoor.web.public.area_map import LEADS, foot_words, heading_of, view_of
from anydoor.web.public.frame import area_called
from anydoor.web.shell import AnydoorRequest

KEPT_FOR = 24 * 60 * 60
HELP_NOW = "Help now: 999, or 111 and the mental health option."
SCALE = "Time runs left to right, not to scale after birth."


@require_safe
def map_poster(request: AnydoorRequest, slug: str) -> HttpResponse:
    """The PDF. Made once for each state of the directory and kept for a day."""
    area, view = area_called(slug), view_of(request)
    entries, kept = entries_of(area, on=working_time.london_day(request.at))
    values = values_of(area, view, entries, kept) | {
        "address": request.build_absolute_uri(reverse("public:find", args=[slug])),
        "today": times.full_date(request.at) + ("." if view == "loss" else f". {SCALE}"),
    }
    key = f"poster:{hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()}"
    made = cache.get(key)
    if made is None:
        made = paper.pdf("map", values)
        cache.set(key, made, KEPT_FOR)
    response = HttpResponse(made, content_type="application/pdf")
    shown = "" if view == "everything" else f"-{view}"
    response["Content-Disposition"] = f'inline; filename="help-in-{area.slug}{shown}.pdf"'
    response["Cache-Control"] = "no-cache, private"
    return response


def values_of(area: Area, view: str, entries: list[Entry], kept: Checked) -> dict[str, Any]:
    """What the sheet shows, as plain values."""
    contacts = () if view == "loss" else contacts_of(schedule_of(area.slug))
    return {
        "title": heading_of(area, view),
        "lead": LEADS[view],
        "reach": f"{area.door_name}. Call {phone_spaced(area.phone)}. Text {phone_spaced(area.text_number)}.",
        "foot": f"Anydoor, {area.door_name}. {foot_words(kept, len(shown_in(view, entries)))} {HELP_NOW}",
        "loss": view == "loss",
        "query": "?stage=loss" if view == "loss" else "",
        "picture": _picture(poster(entries, contacts, view=view)),
    }


def _picture(made: Picture) -> dict[str, Any]:
    days = made.days and [_words(made.days[0]), made.days[1], made.days[2]]
    return {
        "width": made.width,
        "height": made.height,
        "days": days,
        "heads": [
            {**asdict(head), "name": _words(head.name), "ticks": [_words(tick) for tick in head.ticks]}
            for head in made.heads
        ],
        "seen": [_words(words) for words in made.seen],
        "tracks": [_track(track) for track in made.tracks],
        "lanes": [_lane(lane) for lane in made.lanes],
        "dotted": made.dotted,
        "dashed": made.dashed,
        "lines_from": made.lines_from,
        "lines_to": made.lines_to,
    }


def _words(words: Words) -> dict[str, Any]:
    return {**asdict(words), "wide": words.wide}


def _track(track: Track) -> dict[str, Any]:
    ticks = [
        {
            "x": tick.x,
            "y": tick.y,
            "review": tick.contact.review,
            "mood_x": tick.mood_x,
            "bond_x": tick.bond_x,
            "label": _words(tick.label),
        }
        for tick in track.ticks
    ]
    return {
        "name": _words(track.name),
        "first": track.first,
        "last": track.last,
        "y": track.y,
        "ticks": ticks,
    }


def _lane(lane: LaneBox) -> dict[str, Any]:
    return {
        "key": lane.lane.key,
        "y": lane.y,
        "high": lane.high,
        "name": _words(lane.name),
        "words": [_words(words) for words in lane.words],
        "parts": [_part(part) for part in lane.parts],
    }


def _part(part: Part) -> dict[str, Any]:
    return {
        "strand": part.strand,
        "name": part.name and _words(part.name),
        "top": part.top,
        "bottom": part.bottom,
        "bars": [{**asdict(placed.bar), "y": placed.y} for placed in part.bars],
    }
