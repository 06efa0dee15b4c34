"""The team's inbox: every door of the front doors somebody works at, shortest time left first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, QueryDict
from django.urls import path, reverse

from anydoor.access.duty import duty_line, told_rota
from anydoor.access.policy import check, may
from anydoor.care.inbox import MOST_COUNTED, NOWHERE, PAGE, TABS, Inbox, Row, Wanted, inbox_teams, read_inbox
from anydoor.care.models.record import DANGER_KINDS
from anydoor.care.models.referral import DOORS
from anydoor.directory.models import Area
from anydoor.rules.errors import NotAllowed
from anydoor.ui.icons import Sprite
from anydoor.ui.times import clock_time, length, short_day
from anydoor.web.desk.chips import Chip, chip
from anydoor.web.desk.frame import page
from anydoor.web.desk.words import DOOR_ICONS, NEED_TAGS, action_of_request, need_colour
from anydoor.web.shell import AnydoorRequest, signed_in

WHO_FOR = {
    "father": "Fathers, co-parents",
    "loss": "After a loss",
    "under_20": "Under 20",
    "interpreter": "Interpreter needed",
}
MOST_PLACES = 6
TWO_LINES = 125


@signed_in
def inbox(request: AnydoorRequest) -> HttpResponse:
    """A page of the inbox, filtered by what the address says."""
    check(request.standing, "see_inbox")
    wanted = wanted_of(request.GET)
    found = read_inbox(request.standing, wanted, at=request.at)
    areas = list(
        Area.objects.filter(front_door__in=inbox_teams(request.standing))
        .select_related("front_door")
        .annotate(rota=told_rota('"directory_area"."front_door_id"', request.at))
        .order_by("pk")
    )
    if not areas:
        raise NotAllowed("Your front door serves no area yet.")
    request.areas = areas  # the frame shows the first of them and need not ask again
    duty = duty_line(areas[0].front_door, request.at, areas[0].rota)
    until, shut = duty.until, duty.reads_at > request.at
    return page(
        request,
        "desk/inbox.jinja",
        "inbox",
        {
            "title": f"Front door, {' and '.join(area.name for area in areas)}",
            "lead": _lead(found, request.at),
            "duty_before": "Next on duty:" if shut else "On duty:",
            "duty_name": duty.worker.name,
            "duty_note": f"from {short_day(duty.reads_at)}, {clock_time(duty.reads_at)}"
            if shut
            else f"until {clock_time(until)}" + (f", then {duty.then.name}" if duty.then else ""),
            "may_receive": may(request.standing, "receive"),
            "tab": wanted.tab,
            "tabs": _tabs(found, wanted),
            "groups": _groups(found, wanted),
            "filtered": bool(wanted.doors or wanted.about or wanted.places or wanted.mine),
            "clear": _address(Wanted(tab=wanted.tab)),
            "bounded": found.all_here > MOST_COUNTED,
            "most": f"{MOST_COUNTED:,}",
            "rows": [_row(row, request.at) for row in found.rows],
            "previous": _address(wanted, before=found.before) if found.before else "",
            "next": _address(wanted, after=found.after) if found.after else "",
            "page_size": PAGE,
            "sprite": Sprite(),
        },
    )


# ---------------------------------------------------------------- the address


def wanted_of(given: QueryDict) -> Wanted:
    """What an address asks for; anything it cannot mean is left out."""
    tab = given.get("tab", "open")
    return Wanted(
        tab=tab if tab in TABS else "open",
        doors=[door for door in given.getlist("door") if door in DOORS],
        about=[mark for mark in given.getlist("who") if mark in WHO_FOR],
        places=[place for place in given.getlist("place")[:20] if place == NOWHERE or _is_code(place)],
        mine=given.get("held") == "me",
        after=_key(given.get("after", "")),
        before=_key(given.get("before", "")),
    )


def _is_code(text: str) -> bool:
    return len(text) == 9 and text.isascii() and text.isalnum()


def _key(text: str) -> str:
    return text if len(text) <= 60 and text.isascii() and text.isprintable() else ""


def _address(wanted: Wanted, **more: str) -> str:
    parts: list[tuple[str, str]] = [("tab", wanted.tab)] if wanted.tab != "open" else []
    parts += [("door", door) for door in wanted.doors] + [("who", mark) for mark in wanted.about]
    parts += [("place", place) for place in wanted.places] + ([("held", "me")] if wanted.mine else [])
    parts += list(more.items())
    return reverse("desk:inbox") + (f"?{urlencode(parts)}" if parts else "")


# ---------------------------------------------------------------- around the rows


def _lead(found: Inbox, at: datetime) -> str:
    total = found.tabs["open"]
    words = f"{_counted(total)} open requests" if total != 1 else "1 open request"
    if not total:
        return "No open requests."
    oldest = found.oldest_unread
    unread = f" Oldest unread: {length(at - oldest)}." if oldest is not None else " All are read."
    return f"{words}. Every one has a holder.{unread}"


def _counted(count: int) -> str:
    return f"{MOST_COUNTED}+" if count > MOST_COUNTED else str(count)


def _tabs(found: Inbox, wanted: Wanted) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "count": _counted(found.tabs[name]),
            "href": _address(Wanted(tab=name)),
            "current": name == wanted.tab,
        }
        for name, label in TABS.items()
    ]


def _groups(found: Inbox, wanted: Wanted) -> list[dict[str, Any]]:
    doors = {code: name for code, name in DOORS.items() if code in found.doors or code in wanted.doors}
    ranked = sorted(
        ((code, name, count) for code, (name, count) in found.places.items() if code),
        key=lambda place: (-place[2], place[1]),
    )
    shown = ranked[:MOST_PLACES] + [place for place in ranked[MOST_PLACES:] if place[0] in wanted.places]
    places = {code: name for code, name, _ in shown}
    if "" in found.places or NOWHERE in wanted.places:
        places[NOWHERE] = "Not said, elsewhere"
    place_counts = {code or NOWHERE: count for code, (_, count) in found.places.items()}
    held = [
        {"value": "me", "label": "Me", "count": _counted(found.mine), "checked": wanted.mine},
        {"value": "", "label": "Anyone here", "count": _counted(found.all_here), "checked": not wanted.mine},
    ]
    groups = [
        {"name": "door", "legend": "Door", "options": _ticks(doors, found.doors, wanted.doors)},
        {"name": "who", "legend": "Who for", "options": _ticks(WHO_FOR, found.about, wanted.about)},
        {"name": "place", "legend": "Place", "options": _ticks(places, place_counts, wanted.places)},
    ]
    return [{**group, "kind": "checkbox"} for group in groups if group["options"]] + [
        {"name": "held", "legend": "Held by", "options": held, "kind": "radio"}
    ]


def _ticks(
    names: Mapping[str, str], counts: Mapping[str, int], chosen: Iterable[str]
) -> list[dict[str, Any]]:
    return [
        {"value": code, "label": name, "count": counts.get(code, 0), "checked": code in chosen}
        for code, name in names.items()
    ]


# ---------------------------------------------------------------- one row


def _row(row: Row, at: datetime) -> dict[str, Any]:
    danger = bool(DANGER_KINDS & set(row.tags))
    action, opens = action_of_request(
        row.stage, paused=row.paused_until is not None, danger=danger, match=row.matches > 0,
        not_reached=row.not_reached,
    )  # fmt: skip
    name = f"desk:{opens}"
    return {
        "door": DOORS[row.door],
        "door_icon": DOOR_ICONS[row.door],
        "name": row.title,
        "href": reverse("desk:triage", args=[row.pk]),
        "after": row.who_words,
        "words": _words(row, danger),
        "tags": _tags(row),
        "chip": _chip(row, at, danger),
        "age": f"{length(at - row.received_at)} old",
        "holder": row.holder or "Closed",
        "action": action,
        "action_href": reverse(name, args=[row.pk]),
        "danger": danger,
    }


def _words(row: Row, danger: bool) -> str:
    """Own words in quotation marks, a referrer's after who wrote; words of danger told later stand first."""
    referrer = row.referrer_organisation or row.referrer_name
    told_later = danger and row.danger_words and not any(one in row.excerpt for one in row.danger_words)
    before = f"“…{row.danger_words[-1]}…” " if told_later else ""
    words = _shortened(row.excerpt, TWO_LINES - len(before) - len(referrer))
    return before + (f"{referrer}: {words}" if referrer else f"“{words}”")


def _shortened(text: str, most: int) -> str:
    """As much as the lines of a row hold; the rest would be sent and never seen."""
    return text if len(text) <= most else text[: max(most, 40) - 1].rsplit(" ", 1)[0] + "…"


def _chip(row: Row, at: datetime, danger: bool) -> Chip:
    if row.holder is None:
        return Chip("Closed", "later", 1.0)
    if row.paused_until is not None and not danger:
        return Chip(f"Paused until {short_day(row.paused_until)}", "paused")
    return chip(row.due_at, at, opened=row.received_at, urgent=danger)


def _tags(row: Row) -> list[tuple[str, str, str]]:
    """(words, colour, icon) of each tag: danger first, then needs, then what is known of who it is."""
    tags = [("Words of danger", "danger", "")] if "danger" in row.tags else []
    tags += [("An answer of danger", "danger", "")] if "danger_answer" in row.tags else []
    needs = [need for need in row.tags if need not in DANGER_KINDS]
    tags += [(NEED_TAGS.get(need, need), need_colour(need), "") for need in needs]
    if row.not_reached:
        tags.append(("Not reached", "due", ""))
    if row.matches:
        tags.append((f"Possible match, {row.matches}", "due", "match"))
    if row.joined_by:
        tags.append((f"Joined: {row.joined_by}", "good", "tick"))
    return tags


urls = [path("inbox", inbox, name="inbox")]
