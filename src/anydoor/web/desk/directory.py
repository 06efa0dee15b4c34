"""Pages: the area's services, filtered, and one service with everything known of it and where it is from."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db.models import Q
from django.http import HttpResponse
from django.urls import path

from anydoor.access.policy import check
from anydoor.directory.models import AUDIENCES, LEVELS, STATES, STRANDS, Area, Service
from anydoor.rules.errors import NotFound
from anydoor.ui.times import full_date
from anydoor.ui.words import sentence
from anydoor.web.desk.acting import looked_for, today
from anydoor.web.desk.chips import level_words, strand_words
from anydoor.web.desk.frame import page
from anydoor.web.desk.proposing import wait_words
from anydoor.web.desk.words import NEED_TAGS, STRAND_COLOURS, level_colour
from anydoor.web.shell import AnydoorRequest, signed_in

STALE = timedelta(days=183)
STAGES: Mapping[str, tuple[str, Q]] = {
    "trying": ("Trying to conceive", Q(trying_to_conceive=True)),
    "pregnancy": ("Pregnancy", Q(pregnancy_from_week__isnull=False)),
    "year_1": ("Birth to first birthday", Q(child_from_days__lt=365, child_to_days__gt=0)),
    "year_2": ("First to second birthday", Q(child_from_days__lt=730, child_to_days__gt=365)),
    "later": ("After the second birthday", Q(child_to_days__gt=730)),
    "loss": ("After a loss", Q(after_loss=True)),
}
ROUTES = {
    "self": "You ask yourself",
    "gp": "GP",
    "midwife": "Midwife",
    "health_visitor": "Health visitor",
    "professional": "Any professional",
    "service": "Another service",
    "drop_in": "Drop in",
}
MODES = {
    "in_person": "in person",
    "home": "at home",
    "online": "online",
    "phone": "by phone",
    "text": "by text",
    "group": "in a group",
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
    }


def stale_words(one: Service, on: date) -> str:
    """Empty while the entry was checked in the last six months."""
    if one.last_checked is None:
        return "Never checked"
    return "" if on - one.last_checked <= STALE else f"Not checked since {full_date(one.last_checked)}"


@signed_in
def service(request: AnydoorRequest, slug: str) -> HttpResponse:
    """One service: for whom, how to get there, what it offers, how long it takes, and where this is from."""
    check(request.standing, "see_directory")
    one = (
        Service.objects.filter(slug=slug)
        .select_related("organisation", "team", "area", "lead")
        .prefetch_related("footprint", "places")
        .first()
    )
    if one is None:
        raise NotFound("There is no such service in the directory.")
    on = today(request)
    context = {
        "one": one,
        "tags": [
            (level_words(one.level), level_colour(one.level, one.strand)),
            (strand_words(one.strand), STRAND_COLOURS[one.strand]),
            (STATES[one.state], STATE_COLOURS[one.state]),
        ],
        "state_words": _state_words(one),
        "stale": stale_words(one, on),
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


def _facts(one: Service) -> list[dict[str, str]]:
    districts = sentence([district.name for district in one.footprint.all()])
    return [
        {"label": "For whom", "value": one.for_whom},
        {"label": "Not for", "value": one.not_for},
        {"label": "People", "value": sentence([AUDIENCES.get(key, key) for key in one.audience])},
        {"label": "Stage", "value": stage_words(one)},
        {"label": "Ways in", "value": sentence([ROUTES.get(key, key) for key in one.routes_in], "or")},
        {"label": "How", "value": sentence([MODES.get(key, key) for key in one.modes]).capitalize()},
        {"label": "When", "value": one.when},
        {"label": "Languages", "value": sentence(one.languages)},
        {"label": "Where", "value": ". ".join(part for part in (districts, one.footprint_note) if part)},
    ]


def _reach(one: Service) -> list[dict[str, str]]:
    lead = one.lead.name if one.lead else one.lead_name
    answers = one.team.name if one.team else "Answers by a one-time link or by telephone"
    return [
        {"label": "Wait", "value": "Not known" if one.wait_days is None else wait_words(one.wait_days)},
        {"label": "Places", "value": "" if one.capacity is None else f"{one.capacity}"},
        {"label": "Lead", "value": ", ".join(part for part in (lead, one.lead_title) if part)},
        {"label": "Handovers", "value": answers},
        {"label": "Phone", "value": one.phone},
        {"label": "Email", "value": one.email},
        {
            "label": "Last checked",
            "value": full_date(one.last_checked) if one.last_checked else "Never",
        },
    ]


def stage_words(one: Service) -> str:
    """The stage window: `Pregnancy from week 8 to 42; child from birth to 2 years; after a loss`."""
    parts = ["trying to conceive"] if one.trying_to_conceive else []
    if one.pregnancy_from_week is not None:
        parts.append(f"pregnancy, week {one.pregnancy_from_week} to {one.pregnancy_to_week}")
    if one.child_from_days is not None and one.child_to_days is not None:
        begins = "birth" if one.child_from_days == 0 else _age(one.child_from_days)
        parts.append(f"child from {begins} to {_age(one.child_to_days)}")
    if one.after_loss:
        parts.append("after a loss" + (f", for {_age(one.loss_days)}" if one.loss_days else ""))
    words = "; ".join(parts)
    return words[:1].upper() + words[1:]


def _age(days: int) -> str:
    if days >= 365:
        years = round(days / 365.25, 1)
        return f"{years:g} {'year' if years == 1 else 'years'}"
    return f"{days // 7} weeks" if days >= 14 else f"{days} days"


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
