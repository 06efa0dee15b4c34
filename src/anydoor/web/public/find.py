"""Finding help without an account: a form, a list with times and distances, and a picture of where.

The form is sent by POST and answered by an address that can be shared. That address keeps the first half of a
postcode and never the whole; of the words typed it keeps the needs understood and those words that entries of
the directory have, so that no name or story of a visitor comes to stand in it.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from anydoor.directory.finding import (
    STAGES,
    WAYS,
    WHO,
    Asked,
    Found,
    Near,
    Result,
    Time,
    asked_for,
    find,
    kept_words,
    town_in,
    where_is,
)
from anydoor.directory.models import ACCESSIBILITY, WEEKDAYS, Area, Service
from anydoor.directory.on_map import is_stale, note_of
from anydoor.rules import danger, identifiers, working_time
from anydoor.rules.errors import BadInput
from anydoor.rules.everyday import speaks_of_a_baby, without_a_baby
from anydoor.rules.profile import NEED_WORDS
from anydoor.ui import times
from anydoor.web.public.frame import area_called, page
from anydoor.web.public.where_picture import where_picture
from anydoor.web.shell import AnydoorRequest

MILES = (2, 5, 10, 20)
MOST_TYPED = 400  # characters of the words are read
WISHES = {
    "day": "the day",
    "way": "the way",
    "language": "the language",
    "accessible": "the access",
    "free": "being free",
    "within": "how far",
    "who": "who it is for",
    "words": "what it helps with",
    "stage": "the stage",
    "near": "the place",
}


@require_http_methods(["GET", "HEAD", "POST"])
def finder(request: AnydoorRequest, slug: str) -> HttpResponse:
    """The form with what was found. A sent form is answered by the address of its list."""
    area = area_called(slug)
    if request.method == "POST":
        return _to_list(area, request.POST)
    data = request.GET
    if _outward(data.get("near", "")) not in ("", data.get("near", "").strip()):
        return _to_list(area, data)  # a whole postcode was written into the address: take it out
    on = working_time.london_day(request.at)
    asked = asked_of(area, data)
    found = find(area, asked, on=on, page=_number(data.get("page")) or 1)
    context = _context(area, data, asked, found) | {
        "rows": [_row(area, result, asked, request) for result in found.results],
        "week": [_time(area, one) for one in found.this_week],
        "picture": where_picture(area, found.results, asked.where),
        "in_danger": data.get("now") == "1",
        "crisis_moved": data.get("now") == "1",
    }
    return page(request, "public/find.jinja", area, context, private=False)


# ---------------------------------------------------------------- what was asked


def _to_list(area: Area, data: QueryDict) -> HttpResponseRedirect:
    """The address of the list for what was typed, without what belongs to the visitor alone."""
    typed = data.get("q", "")[:MOST_TYPED]
    near = " ".join(data.get("near", "").split())[:60]
    near = _outward(near) or near or town_in(area, typed)
    town = {name.casefold(): name for name in (*area.towns, *area.places_near)}.get(near.casefold(), "")
    meant = asked_for(Asked(needs=_needs(data)), typed)
    in_town = {word.casefold() for word in near.split()}
    left = tuple(word for word in meant.words if word not in in_town)
    kept: dict[str, Any] = {
        "near": town or _outward(near),
        "stage": data.get("stage") or meant.stage,
        "need": [] if meant.stage == "loss" and not meant.needs else list(meant.needs),
        "q": " ".join(kept_words(left)),
        "who": data.get("who") or meant.who,
        "day": data.get("day") or ("" if meant.day is None else WEEKDAYS[meant.day].lower()),
        "way": data.get("way") or meant.way,
        "language": data.get("language", "")[:40],
        "access": data.get("access", ""),
        "free": "yes" if data.get("free") else "",
        "within": data.get("within", ""),
        "unknown": "1" if near and not town and not _outward(near) else "",
        "now": "1" if danger.find(typed) else "",
    }
    query = urlencode({key: value for key, value in kept.items() if value}, doseq=True)
    return HttpResponseRedirect(reverse("public:find", args=[area.slug]) + (f"?{query}" if query else ""))


def asked_of(area: Area, data: QueryDict) -> Asked:
    """What an address asks for; what it says wrongly is left out."""
    near = " ".join(data.get("near", "").split())[:60]
    outward = _outward(near)
    day = data.get("day", "").title()
    asked = Asked(
        where=where_is(area, outward, "" if outward else near),
        stage=_one_of(data.get("stage"), STAGES),
        needs=_needs(data),
        who=_one_of(data.get("who"), WHO),
        day=WEEKDAYS.index(day) if day in WEEKDAYS else None,
        way=_one_of(data.get("way"), WAYS),
        language=_clean(data.get("language", ""))[:40],
        accessible=_one_of(data.get("access"), ACCESSIBILITY),
        free=bool(data.get("free")),
        within_miles=next((each for each in MILES if str(each) == data.get("within")), None),
    )
    return asked_for(asked, _clean(data.get("q", ""))[:MOST_TYPED])


def _clean(text: str) -> str:
    return text.replace("\x00", " ")


def _needs(data: QueryDict) -> tuple[str, ...]:
    return tuple(dict.fromkeys(need for need in data.getlist("need")[:10] if need in NEED_WORDS))


def _one_of(value: str | None, known: Any) -> str:
    return value if value and value in known else ""


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 5 else None


def _outward(text: str) -> str:
    """The first half of a postcode, when the text is one or a half of one."""
    try:
        return identifiers.outward(_clean(text)) if text.strip() else ""
    except BadInput:
        return ""


# ---------------------------------------------------------------- what is shown


def _context(area: Area, data: QueryDict, asked: Asked, found: Found) -> dict[str, Any]:
    here = reverse("public:find", args=[area.slug])
    languages = sorted(
        {one for row in Service.objects.filter(area=area).values_list("languages", flat=True) for one in row}
    )
    return {
        "asked": asked,
        "found": found,
        "here": here,
        "words": " ".join((*(NEED_WORDS[need] for need in asked.needs), *asked.words)),
        "looked_for": [NEED_WORDS[need] for need in asked.needs] + [f"“{word}”" for word in asked.words],
        "unknown": data.get("unknown") == "1",
        "is_asked": any(key in data for key in data if key not in ("page", "now")),
        "says_baby": not asked.is_after_loss,
        "choices": _choices(asked, languages),
        "near_misses": [_near(here, data, near) for near in found.near],
        "pages": _pages(here, data, found),
        "map_href": reverse("public:map", args=[area.slug]) + ("?show=loss" if asked.is_after_loss else ""),
        "entry_query": "?stage=loss" if asked.is_after_loss else "",
        "share": _address(here, data, "page", "now", "unknown"),
    }


def _choices(asked: Asked, languages: list[str]) -> list[tuple[str, str, list[tuple[str, str]], str]]:
    """The selects of the form: name, label, options, chosen."""
    stages = [(key, row[0]) for key, row in STAGES.items()]
    days = [(day.lower(), day) for day in WEEKDAYS]
    miles = [(str(each), f"Within {each} miles") for each in MILES]
    access = [
        (key, words.removeprefix("a ").removeprefix("an ").capitalize())
        for key, words in ACCESSIBILITY.items()
    ]
    day = "" if asked.day is None else WEEKDAYS[asked.day].lower()
    return [
        ("stage", "Where are you now?", [("", "Any stage"), *stages], asked.stage),
        ("who", "Who is it for?", [("", "Anybody"), *WHO.items()], asked.who),
        ("day", "Which day?", [("", "Any day"), *days], day),
        ("way", "How?", [("", "Any way"), *WAYS.items()], asked.way),
        ("within", "How far?", [("", "Any distance"), *miles], str(asked.within_miles or "")),
        ("language", "Language", [("", "Any"), *((each, each) for each in languages)], asked.language),
        ("access", "The place has", [("", "Anything"), *access], asked.accessible),
    ]


def _address(here: str, data: QueryDict, *without: str) -> str:
    left = [(key, value) for key in data for value in data.getlist(key) if key not in without and value]
    return f"{here}?{urlencode(left)}" if left else here


def _near(here: str, data: QueryDict, near: Near) -> dict[str, Any]:
    keys = {"words": ("q", "need"), "accessible": ("access",)}.get(near.without, (near.without,))
    return {
        "words": WISHES[near.without],
        "count": near.count,
        "names": near.names,
        "href": _address(here, data, "page", *keys),
    }


def _pages(here: str, data: QueryDict, found: Found) -> dict[str, str]:
    base = _address(here, data, "page")
    joint = "&" if "?" in base else "?"
    return {
        "previous": f"{base}{joint}page={found.page - 1}" if found.page > 1 else "",
        "next": f"{base}{joint}page={found.page + 1}" if found.page < found.pages else "",
        "note": f"Page {found.page} of {found.pages}",
    }


def _row(area: Area, result: Result, asked: Asked, request: AnydoorRequest) -> dict[str, Any]:
    """One service of the list. After a loss no words about a baby."""
    service, on = result.service, working_time.london_day(request.at)
    loss = asked.is_after_loss
    summary = without_a_baby(service.summary) if loss else service.summary
    sessions = [] if loss else [session_words(one) for one in service.sessions.all()][:3]
    when = "" if sessions or (loss and speaks_of_a_baby(service.when)) else service.when
    return {
        "slug": service.slug,
        "name": service.name,
        "by": service.organisation.name,
        "summary": summary,
        "times": sessions or ([when] if when else []),
        "far": far_words(result.km),
        "tags": _tags(service, asked),
        "note": note_of(service, on=on),
        "stale": checked_words(service),
        "is_stale": is_stale(service, on=on),
        "wait": wait_words(service.wait_days),
        "ask_href": f"{reverse('public:ask', args=[area.slug])}?about={service.slug}",
    }


def checked_words(service: Service) -> str:
    """When the entry was last seen to be true."""
    if service.last_checked is None:
        return "Never checked"
    return f"Last checked {times.full_date(service.last_checked)}"


def _tags(service: Service, asked: Asked) -> list[str]:
    tags = ["for fathers"] if "father" in service.audience and "mother" not in service.audience else []
    under = service.eligibility.get("parent_age_under")
    tags += [f"for parents under {under}"] if under else []
    tags += ["free"] if service.is_free else []
    tags += ["you can just go along"] if "drop_in" in service.routes_in else []
    tags += (
        ["you can ask yourself"] if "self" in service.routes_in and "drop_in" not in service.routes_in else []
    )
    return tags + [WAYS[mode].lower() for mode in ("online", "phone", "home") if mode in service.modes]


def far_words(km: float | None) -> str:
    """`about 3 miles (5 km)`, from the middle of the place that was told."""
    if km is None:
        return ""
    miles = max(1, round(km / 1.609344))
    return f"about {miles} {'mile' if miles == 1 else 'miles'} ({max(1, round(km))} km)"


def wait_words(days: int | None) -> str:
    """The wait now, in words."""
    if days is None:
        return ""
    if days == 0:
        return "No wait now"
    if days < 14:
        return f"About {days} {'day' if days == 1 else 'days'} to wait"
    return f"About {round(days / 7)} weeks to wait"


def session_words(session: Any) -> str:
    """`Saturdays, 10am to 11.30am, Lantern Yard community room, Dereham`."""
    if session.on_date is not None:
        day = times.day_words(session.on_date)
    else:
        every = {1: "", 2: ", every second week"}.get(
            session.every_weeks, f", every {session.every_weeks} weeks"
        )
        day = f"{WEEKDAYS[session.weekday]}s{every}"
    hours = f"{times.time_words(session.starts)} to {times.time_words(session.ends)}"
    where = "online" if session.online else session.place.name if session.place else ""
    return ", ".join(part for part in (day, hours, where, session.note) if part)


def _time(area: Area, one: Time) -> dict[str, str]:
    session = one.session
    return {
        "day": times.day_words(one.day),
        "hours": f"{times.time_words(session.starts)} to {times.time_words(session.ends)}",
        "name": session.service.name,
        "href": reverse("public:entry", args=[area.slug, session.service.slug]),
        "where": "online" if session.online else session.place.name if session.place else "",
        "far": far_words(one.km),
    }
