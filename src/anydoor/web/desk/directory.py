"""Pages: the area's services, filtered, and one service with everything known of it and where it is from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import path, reverse

from anydoor.access.policy import Facts, check, may
from anydoor.directory.models import AUDIENCES, LEVELS, STATES, STRANDS, Area, Service, ServiceVersion
from anydoor.directory.stewardship import is_stale, owner_of
from anydoor.directory.versions import facts_of_entry, to_decide
from anydoor.rules.errors import NotFound
from anydoor.ui.times import full_date
from anydoor.ui.words import sentence
from anydoor.web.desk.acting import looked_for, today
from anydoor.web.desk.chips import level_words, strand_words
from anydoor.web.desk.entry_words import (
    MODES,
    ROUTES,
    checked_words,
    closure_words,
    cost_words,
    linked,
    rule_rows,
    session_line,
    stage_words,
    stale_words,
)
from anydoor.web.desk.frame import page
from anydoor.web.desk.proposing import wait_words
from anydoor.web.desk.words import NEED_TAGS, STRAND_COLOURS, level_colour
from anydoor.web.shell import AnydoorRequest, signed_in

STAGES: Mapping[str, tuple[str, Q]] = {
    "trying": ("Trying to conceive", Q(trying_to_conceive=True)),
    "pregnancy": ("Pregnancy", Q(pregnancy_from_week__isnull=False)),
    "year_1": ("Birth to first birthday", Q(child_from_days__lt=365, child_to_days__gt=0)),
    "year_2": ("First to second birthday", Q(child_from_days__lt=730, child_to_days__gt=365)),
    "later": ("After the second birthday", Q(child_to_days__gt=730)),
    "loss": ("After a loss", Q(after_loss=True)),
}
STATE_COLOURS = {"offered": "good", "pilot": "due", "planned": "outline", "closed": "grey"}


def _areas(request: AnydoorRequest) -> list[Area]:
    """All areas, my own first."""
    mine = Q(front_door__in=request.standing.front_doors) | Q(services__team__in=request.standing.team_ids)
    own = set(Area.objects.filter(mine).values_list("pk", flat=True))
    return sorted(Area.objects.all(), key=lambda area: (area.pk not in own, area.name))


@signed_in
def directory(request: AnydoorRequest) -> HttpResponse:
    """Services of an area by level, with planned and closed ones shown as such."""
    check(request.standing, "see_directory")
    areas = _areas(request)
    asked = {key: request.GET.get(key, "") for key in ("area", "level", "stage", "audience", "state")}
    strand = request.GET.get("strand", "any")
    area = next((one for one in areas if one.slug == asked["area"]), areas[0] if areas else None)
    rows = Service.objects.none() if area is None else Service.objects.serving(area)
    if asked["level"] in LEVELS:
        rows = rows.filter(level=asked["level"])
    if strand in STRANDS:
        rows = rows.filter(strand=strand)
    if asked["stage"] in STAGES:
        rows = rows.filter(STAGES[asked["stage"]][1])
    if asked["audience"] in AUDIENCES:
        rows = rows.filter(audience__contains=[asked["audience"]])
    if asked["state"] in STATES:
        rows = rows.filter(state=asked["state"])
    find = looked_for(request)
    if find:
        rows = rows.filter(Q(name__icontains=find) | Q(organisation__name__icontains=find))
    on = today(request)
    services = [_list_row(one, on) for one in rows.select_related("organisation").in_order()]
    context = {
        "area": area,
        "groups": [
            {"level": label, "key": key, "rows": [row for row in services if row["key"] == key]}
            for key, label in LEVELS.items()
        ],
        "count": len(services),
        "find": find,
        "adds": may(request.standing, "add_entry"),
        "keeps": bool(request.standing.roles),
        "to_decide": to_decide(request.standing).count() if _decides(request) else None,
        "choices": [
            ("area", "Area", [(one.slug, one.name) for one in areas], area.slug if area else ""),
            ("level", "Level", [("", "Any level"), *LEVELS.items()], asked["level"]),
            ("strand", "Strand", [("any", "Any strand"), *STRANDS.items()], strand),
            (
                "stage",
                "Stage",
                [("", "Any stage"), *((key, row[0]) for key, row in STAGES.items())],
                asked["stage"],
            ),
            ("audience", "For", [("", "Anybody"), *AUDIENCES.items()], asked["audience"]),
            ("state", "State", [("", "Any state"), *STATES.items()], asked["state"]),
        ],
    }
    return page(request, "desk/directory.jinja", "directory", context)


def _decides(request: AnydoorRequest) -> bool:
    """Whether somebody decides on changes of any area's entries."""
    doors = request.standing.front_doors
    return any(may(request.standing, "decide_entry", Facts(area_team_id=door)) for door in doors)


def _list_row(one: Service, on: date) -> dict[str, Any]:
    return {
        "key": one.level,
        "slug": one.slug,
        "name": one.name,
        "by": one.organisation.name,
        "strand": strand_words(one.strand),
        "colour": STRAND_COLOURS[one.strand],
        "state": STATES[one.state] if one.state != "offered" else "",
        "state_colour": STATE_COLOURS[one.state],
        "summary": one.summary,
        "wait": "" if one.wait_days is None else wait_words(one.wait_days),
        "stale": stale_words(one, on),
        "closed": "Closed for now" if one.is_closed_for_now(on) else "",
    }


@signed_in
def service(request: AnydoorRequest, slug: str) -> HttpResponse:
    """One service: for whom, how to get there, what it offers, how long it takes, and where this is from."""
    check(request.standing, "see_directory")
    one = (
        Service.objects.filter(slug=slug)
        .select_related("organisation", "team__lead", "lead", "checked_by")
        .select_related("area__front_door__lead", "area__front_door__fallback")
        .prefetch_related("footprint", "places", "sessions__place")
        .first()
    )
    if one is None:
        raise NotFound("There is no such service in the directory.")
    on = today(request)
    keeps = may(request.standing, "edit_entry", facts_of_entry(one))
    first = linked(one)
    names = dict(Service.objects.filter(slug__in=first).values_list("slug", "name")) if first else {}
    context = {
        "one": one,
        "tags": [
            (level_words(one.level), level_colour(one.level, one.strand)),
            (strand_words(one.strand), STRAND_COLOURS[one.strand]),
            (STATES[one.state], STATE_COLOURS[one.state]),
        ],
        "state_words": _state_words(one),
        "shown_words": _shown_words(one, on),
        "stale": stale_words(one, on),
        "closed": closure_words(one, on),
        "rules": rule_rows(one, names),
        "sessions": [session_line(row) for row in one.sessions.all()],
        "keeps": keeps,
        "is_stale": is_stale(one, on),
        "waiting": _waiting(one, request) if keeps else [],
        "facts": [row for row in _facts(one) if row["value"]],
        "reach": [row for row in _reach(one) if row["value"]],
        "needs": [NEED_TAGS.get(need, need) for need in one.needs],
        "source": source_words(one.source),
        "invented": sentence([name.replace("_", " ") for name in one.invented]),
        "sites": list(one.places.all()),
    }
    return page(request, "desk/service.jinja", "directory", context)


def _state_words(one: Service) -> str:
    parts = []
    if one.state_from:
        parts.append(f"from {full_date(one.state_from)}")
    if one.state_until:
        parts.append(f"until {full_date(one.state_until)}")
    words = f"{STATES[one.state]} {' '.join(parts)}".strip()
    return f"{words}. {one.state_note}".strip() if one.state_note else words


def _shown_words(one: Service, on: date) -> str:
    """Why families do not see it now; empty when they do."""
    if one.visible_from is not None and one.visible_from > on:
        return f"Families see it from {full_date(one.visible_from)}."
    if one.visible_until is not None and one.visible_until < on:
        return f"Families have not seen it since {full_date(one.visible_until)}."
    return ""


def _waiting(one: Service, request: AnydoorRequest) -> list[dict[str, Any]]:
    """Changes of this entry that wait for approval; what anybody sees meanwhile is what was approved last."""
    rows = ServiceVersion.objects.filter(service=one, state="proposed").select_related("proposed_by")
    return [
        {
            "href": reverse("desk:proposal", args=[row.pk]),
            "by": "you" if row.proposed_by_id == request.user.pk else row.proposed_by.name,
            "why": row.why,
        }
        for row in rows.order_by("proposed_at")
        if row.proposed_by is not None
    ]


def _facts(one: Service) -> list[dict[str, str]]:
    districts = sentence([district.name for district in one.footprint.all()])
    return [
        {"label": "For whom", "value": one.for_whom},
        {"label": "Not for", "value": one.not_for},
        {"label": "People", "value": sentence([AUDIENCES.get(key, key) for key in one.audience])},
        {"label": "Stage", "value": stage_words(one)},
        {"label": "Ways in", "value": sentence([ROUTES.get(key, key) for key in one.routes_in], "or")},
        {"label": "How", "value": sentence([MODES.get(key, key) for key in one.modes]).capitalize()},
        {"label": "Times, in words", "value": one.when},
        {"label": "Cost", "value": cost_words(one)},
        {"label": "Languages", "value": sentence(one.languages)},
        {"label": "Where", "value": ". ".join(part for part in (districts, one.footprint_note) if part)},
    ]


def _reach(one: Service) -> list[dict[str, str]]:
    lead = one.lead.name if one.lead else one.lead_name
    answers = one.team.name if one.team else "Answers by a one-time link or by telephone"
    return [
        {"label": "Wait", "value": "Not known" if one.wait_days is None else wait_words(one.wait_days)},
        {"label": "Places", "value": "" if one.capacity is None else f"{one.capacity}"},
        {"label": "Free now", "value": "" if one.free_places is None else f"{one.free_places}"},
        {"label": "Next start", "value": full_date(one.next_start) if one.next_start else ""},
        {"label": "Lead", "value": ", ".join(part for part in (lead, one.lead_title) if part)},
        {"label": "Handovers", "value": answers},
        {"label": "Phone", "value": one.phone},
        {"label": "Email", "value": one.email},
        {"label": "Last checked", "value": checked_words(one)},
        {"label": "Kept true by", "value": owner_of(one).name},
    ]


def source_words(source: str) -> str:
    """`norfolk-strategy:412` as `Norfolk strategy, line 412`; several stand in a row."""
    parts = []
    for one in source.split(","):
        name, _, lines = one.strip().partition(":")
        words = name.replace("-", " ").strip()
        words = words[:1].upper() + words[1:]
        noun = "lines" if "-" in lines else "line"
        parts.append(f"{words}, {noun} {lines}" if lines else words)
    return "; ".join(parts)


urls = [
    path("directory", directory, name="directory"),
    path("directory/<slug:slug>/", service, name="service"),
]
