"""Pages: my families, finding one, a family's page, everything that happened, who looked and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse

from anydoor.access import audit
from anydoor.access.policy import check, may
from anydoor.care import picture as pictures
from anydoor.care import scope
from anydoor.care.withheld import happenings_shown
from anydoor.rules.errors import BadInput
from anydoor.ui.forms import Form, TextField
from anydoor.ui.times import calendar_day
from anydoor.web.desk.acting import family_in_full, to_family
from anydoor.web.desk.family_list import found_rows, list_context
from anydoor.web.desk.family_page import family_context, held_back_of, said_of_what_happened, why_seen
from anydoor.web.desk.family_rows import timeline_rows
from anydoor.web.desk.frame import page
from anydoor.web.desk.looks import look_rows
from anydoor.web.desk.measures import measures_beside
from anydoor.web.desk.own_work import own_page
from anydoor.web.desk.previews import preview_page
from anydoor.web.shell import AnydoorRequest, signed_in

PAGE = 50


class SearchForm(Form):
    """A name's beginnings, or an NHS number. Posted, so that neither ends in an address."""

    q = TextField(
        label="Name or NHS number",
        hint="The beginning of a name is enough: jo sm finds Joan Smith.",
        missing="Type at least two letters of a name, or a whole NHS number.",
        limit=100,
        spellcheck=False,
        width=30,
    )


@signed_in
def families(request: AnydoorRequest) -> HttpResponse:
    """GET: my families or my team's, next contact first. POST: find somebody."""
    check(request.standing, "search_people")
    if request.method == "POST":
        return _search(request, SearchForm(request.POST))
    show = request.GET.get("show", "")
    context = list_context(
        request.standing, show, request.GET.get("after", ""), request.GET.get("before", ""), request.at
    )
    return page(request, "desk/families.jinja", "families", {"form": SearchForm(), **context})


def _search(request: AnydoorRequest, form: SearchForm) -> HttpResponse:
    found: list[dict[str, Any]] | None = None
    if form.is_valid():
        try:
            people = scope.find_people(request.standing, form.cleaned_data["q"])
            scope.searched(found=len(people), by=request.user, at=request.at)
            found = found_rows(request.standing, people, request.at)
        except BadInput as fault:
            form.add_error("q", fault.message)
    context = {"form": form, "found": found, "most": scope.MOST_FOUND}
    return page(request, "desk/found.jinja", "families", context, status=200 if found is not None else 422)


@signed_in
def family(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """The page of one family.

    Before a handover is accepted, the little that a service asked may see; for a team whose work has ended,
    or with whom the family shares no more, its own work.
    """
    care = pictures.care_of(request.standing, family_id)
    facts = pictures.seen_facts(care)
    if not scope.sees_in_full(request.standing, facts):
        if may(request.standing, "see_own_work", facts):
            return own_page(request, care)
        check(request.standing, "see_preview", facts)
        return preview_page(request, care)
    picture = pictures.picture_of(care, calendar_day(request.at), request.standing)
    context = family_context(request.standing, picture, request.at)
    context["measures"] = measures_beside(picture.care, picture.main, request.at)
    scope.looked(
        what="see_family",
        subject="family",
        subject_id=care.pk,
        family_id=care.pk,
        by=request.user,
        at=request.at,
        why=context["why"],
    )
    return page(request, "desk/family.jinja", "families", context)


@signed_in
def everything(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """The whole timeline, page by page."""
    care, _ = family_in_full(request, family_id)
    whole = pictures.care_of(request.standing, family_id)
    picture = pictures.picture_of(whole, calendar_day(request.at), request.standing)
    before = _number(request.GET.get("before", ""))
    rows = happenings_shown(
        pictures.happenings_of(family_id, before=before, without=picture.hidden), picture.held
    )
    found = list(rows[: PAGE + 1])
    main_id = picture.main.person.pk if picture.main else None
    last = found[PAGE - 1] if len(found) > PAGE else None
    context = {
        "care": care,
        "back": to_family(care),
        "timeline": timeline_rows(found[:PAGE], picture.members, main_id, request.at, cut=20_000),
        "total": picture.happened,
        "held_back": held_back_of(picture),
        "said_of_what_happened": said_of_what_happened(picture, request.at),
        "first": reverse("desk:everything", args=[family_id]) if before else "",
        "next": f"?before={last.pk}" if last else "",
    }
    scope.looked(
        what="see_everything",
        subject="family",
        subject_id=family_id,
        family_id=family_id,
        by=request.user,
        at=request.at,
        why=why_seen(request.standing, picture),
    )
    return page(request, "desk/everything.jinja", "families", context)


@signed_in
def looks(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """Who looked at this family or changed something, when, and why they may."""
    care, facts = family_in_full(request, family_id, "see_looks")
    governed = replace(facts, organisation_id=care.area.front_door.organisation_id)
    before = _number(request.GET.get("before", ""))
    rows = audit.of_family(family_id, before=before)
    found = list(rows[: PAGE + 1])
    context = {
        "care": care,
        "back": to_family(care),
        "rows": look_rows(found[:PAGE], request.at),
        "changes": reverse("desk:changed", args=[family_id])
        if may(request.standing, "see_changes", governed)
        else "",
        "first": reverse("desk:looks", args=[family_id]) if before else "",
        "next": f"?before={found[PAGE - 1].pk}" if len(found) > PAGE else "",
    }
    scope.looked(
        what="see_looks", subject="family", subject_id=family_id, family_id=family_id, by=request.user,
        at=request.at, why="your team works with the family",
    )  # fmt: skip
    return page(request, "desk/looks.jinja", "families", context)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


urls = [
    path("families", families, name="families"),
    path("family/<int:family_id>/", family, name="family"),
    path("family/<int:family_id>/everything/", everything, name="everything"),
    path("family/<int:family_id>/looks/", looks, name="looks"),
]
