"""Pages: proposals that wait, deciding on one, every version of an entry, an old one, bringing it back."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from anydoor.access.policy import Facts, check, may
from anydoor.directory import drafting, versions
from anydoor.directory.content import as_if, content_of
from anydoor.directory.difference import differences
from anydoor.directory.models import VERSION_STATES, Service, ServiceVersion
from anydoor.directory.versions import as_it_stands, facts_of_entry, facts_of_version
from anydoor.rules.errors import NotFound
from anydoor.ui.forms import ChoiceOfOne, Form, HiddenField, TextField
from anydoor.web.desk.acting import Tried, form_page, saved, today, tried
from anydoor.web.desk.entry_edit import entry_for, tried_context
from anydoor.web.desk.entry_words import as_families_see, closure_words
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in

NO_SUCH = "There is no such proposal, or it is about an entry of another area."
A_PAGE = 25
STATE_COLOURS = {"proposed": "due", "approved": "good", "declined": "grey", "withdrawn": "grey"}


class DecideForm(Form):
    """Yes, or no with a reason. `seen` is the version the page showed."""

    seen = HiddenField(required=False)
    answer = ChoiceOfOne(
        label="What do you decide?",
        options=[("approve", "Approve it: families and the match see it at once"), ("decline", "Decline it")],
        missing="Choose: approve or decline.",
    )
    why = TextField(
        label="If you decline: why, and what would help?",
        hint="They read this.",
        required=False,
        hide_optional=True,
        limit=400,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("answer") == "decline" and not (data.get("why") or "").strip():
            self.add_error("why", "Say why, so that they know what to do next.")
        return data


class RestoreForm(Form):
    """Why the old version is to come back."""

    why = TextField(label="Why should it come back?", limit=400, missing="Say in a few words why.")


# ---------------------------------------------------------------- proposals


@signed_in
def proposals(request: AnydoorRequest) -> HttpResponse:
    """What waits to be decided here, and what I sent or began."""
    check(request.standing, "see_directory")
    waiting = Paginator(versions.to_decide(request.standing), A_PAGE).get_page(request.GET.get("page"))
    mine = (
        ServiceVersion.objects.filter(proposed_by=request.user)
        .select_related("service__organisation", "area", "proposed_by")
        .order_by("-proposed_at")[:A_PAGE]
    )
    context = {
        "decides": bool(request.standing.front_doors)
        and any(
            may(request.standing, "decide_entry", Facts(area_team_id=door))
            for door in request.standing.front_doors
        ),
        "waiting": [_row(one, request) for one in waiting],
        "pages": waiting,
        "mine": [_row(one, request) for one in mine],
        "begun": [
            {
                "name": drafting.content_in(one)["name"] or "A new service",
                "href": reverse("desk:entry_edit", args=[one.pk]),
                "at": one.changed_at,
            }
            for one in drafting.begun_by(request.user)[:A_PAGE]
        ],
        "now": request.at,
        "adds": may(request.standing, "add_entry"),
    }
    return page(request, "desk/entry_proposals.jinja", "directory", context)


def _row(one: ServiceVersion, request: AnydoorRequest) -> dict[str, Any]:
    return {
        "href": reverse("desk:proposal", args=[one.pk]),
        "name": one.content["name"],
        "of": one.service.organisation.name if one.service is not None else "A new entry",
        "area": one.area.name,
        "by": one.proposed_by.name if one.proposed_by is not None else "",
        "mine": one.proposed_by_id == request.user.pk,
        "at": one.proposed_at,
        "why": one.why,
        "state": VERSION_STATES[one.state],
        "colour": STATE_COLOURS[one.state],
        "decided_why": one.decided_why,
    }


def proposal_for(request: AnydoorRequest, version_id: int) -> ServiceVersion:
    """A proposal that this person sent, may decide on, or whose entry they keep."""
    one = (
        ServiceVersion.objects.filter(pk=version_id, proposed_by__isnull=False)
        .select_related("area__front_door", "service__area", "service__organisation")
        .select_related("proposed_by", "decided_by")
        .first()
    )
    if one is None:
        raise NotFound(NO_SUCH)
    own = one.proposed_by_id == request.user.pk
    if not own and not may(request.standing, "edit_entry", facts_of_version(one)):
        raise NotFound(NO_SUCH)
    return one


@signed_in
def proposal(request: AnydoorRequest, version_id: int) -> HttpResponse:
    """One proposal: what changes, whom it would reach, and the decision."""
    one = proposal_for(request, version_id)
    form = DecideForm(request.POST or None)
    result: Tried[Any] = Tried()
    if request.method == "POST" and form.is_valid():
        result = tried(form, lambda: _decide(one, form.cleaned_data, request))
        if result.ok:
            approved = form.cleaned_data["answer"] == "approve"
            words = "Approved. Families and the match see it now." if approved else "Declined. They read why."
            return saved(request, words, "desk:proposal", one.pk)
        one = proposal_for(request, version_id)
    context = _proposal_context(one, request)
    form.initial["seen"] = str(context["number"])
    if result.conflict:
        form = DecideForm(initial={"seen": str(context["number"])})
    context |= {"form": form, "conflict": result.conflict}
    status = 409 if result.conflict else 422 if form.errors else 200
    return page(request, "desk/entry_proposal.jinja", "directory", context, status=status)


def _decide(one: ServiceVersion, data: dict[str, Any], request: AnydoorRequest) -> object:
    if data["answer"] == "decline":
        return versions.decline(version=one, why=data["why"], by=request.user, at=request.at)
    typed = data.get("seen") or ""
    seen = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else -1
    return versions.approve(version=one, seen=seen, by=request.user, at=request.at)


def _proposal_context(one: ServiceVersion, request: AnydoorRequest) -> dict[str, Any]:
    waits = one.state == "proposed"
    stands = as_it_stands(one) if waits else None
    base = (
        versions.content_at(one.service, one.based_on) if one.service is not None and one.based_on else None
    )
    before = (stands.now if one.service is not None else None) if stands is not None else base
    then = stands.then if stands is not None else versions.whole(one.content)
    row = as_if(then, area=one.area, like=one.service)
    own = one.proposed_by_id == request.user.pk
    return {
        "one": one,
        "name": then["name"],
        "state": VERSION_STATES[one.state],
        "colour": STATE_COLOURS[one.state],
        "is_new": before is None,
        "changes": differences(before, then) if before is not None else [],
        "rows": as_families_see(row, row.sessions.all()),
        "summary": then["summary"],
        "closed": closure_words(row, today(request)),
        "moved": stands is not None and stands.moved,
        "both": stands.both if stands is not None else (),
        "number": stands.number if stands is not None else 0,
        "waits": waits,
        "own": own,
        "decides": waits
        and not own
        and may(request.standing, "decide_entry", Facts(area_team_id=one.area.front_door_id)),
        "entry_href": reverse("desk:service", args=[one.service.slug]) if one.service is not None else "",
        "versions_href": reverse("desk:entry_versions", args=[one.service.slug])
        if one.service is not None
        else "",
        "now": request.at,
        **(tried_context(then, one.area, one.service, request) if waits else {}),
    }


@require_POST
@signed_in
def take_back(request: AnydoorRequest, version_id: int) -> HttpResponse:
    """Take one's own proposal back, to change it."""
    one = proposal_for(request, version_id)
    draft = drafting.take_back(version=one, by=request.user, at=request.at)
    return saved(request, "Taken back. Change it and send it again.", "desk:entry_edit", draft.pk)


# ---------------------------------------------------------------- versions


@signed_in
def history(request: AnydoorRequest, slug: str) -> HttpResponse:
    """Every version of an entry, with what became of proposals."""
    one = entry_for(request, slug, "edit_entry")
    kept = Paginator(versions.history(one), A_PAGE).get_page(request.GET.get("page"))
    context = {
        "one": one,
        "rows": [
            {
                "number": row.number,
                "href": reverse("desk:entry_version", args=[one.slug, row.number]),
                "by": row.proposed_by.name if row.proposed_by is not None else "",
                "decided_by": row.decided_by.name if row.decided_by is not None else "",
                "at": row.decided_at,
                "why": row.why,
                "restores": row.restores,
            }
            for row in kept
        ],
        "pages": kept,
        "others": [
            {
                "href": reverse("desk:proposal", args=[row.pk]),
                "by": row.proposed_by.name if row.proposed_by is not None else "",
                "at": row.proposed_at,
                "why": row.why,
                "state": VERSION_STATES[row.state],
                "colour": STATE_COLOURS[row.state],
                "decided_why": row.decided_why,
            }
            for row in versions.not_taken(one)[:A_PAGE]
        ],
        "newest": versions.newest_number(one),
        "now": request.at,
    }
    return page(request, "desk/entry_versions.jinja", "directory", context)


@signed_in
def version(request: AnydoorRequest, slug: str, number: int) -> HttpResponse:
    """An entry as it was, what differs from now, and asking for it back."""
    one = entry_for(request, slug, "edit_entry")
    content = versions.content_at(one, number)
    row = one.versions.select_related("proposed_by", "decided_by").get(number=number)
    then = as_if(content, area=one.area, like=one)
    before = one.versions.filter(number=number - 1).values_list("content", flat=True).first()
    context = {
        "one": one,
        "number": number,
        "row": row,
        "rows": as_families_see(then, then.sessions.all()),
        "then": then,
        "closed": closure_words(then, today(request)),
        "changes": differences(versions.whole(before), content) if before is not None else [],
        "back_changes": differences(content_of(one), versions.as_before(one, number)),
        "newest": versions.newest_number(one),
        "now": request.at,
    }
    return page(request, "desk/entry_version.jinja", "directory", context)


@signed_in
def restore(request: AnydoorRequest, slug: str, number: int) -> HttpResponse:
    """Ask for an old version back: a proposal like any other."""
    one: Service = entry_for(request, slug, "edit_entry")
    check(request.standing, "edit_entry", facts_of_entry(one))
    content = versions.content_at(one, number)
    form = RestoreForm(request.POST or None)
    result: Tried[Any] = Tried()
    if request.method == "POST" and form.is_valid():
        result = tried(
            form,
            lambda: versions.restore(
                service=one, number=number, why=form.cleaned_data["why"], by=request.user, at=request.at
            ),
        )
        if result.ok and result.done is not None:
            words = "Sent to be approved. Until then nothing changes."
            return saved(request, words, "desk:proposal", result.done.pk)
    back = reverse("desk:entry_version", args=[one.slug, number])
    return form_page(
        request,
        form,
        title=f"Bring version {number} back",
        lead="What is so today (waits, free places, a closure) stays as it is.",
        back=(f"Version {number}", back),
        button="Send it to be approved",
        current="directory",
        conflict=result.conflict,
        facts=[{"label": "Name then", "value": content["name"]}],
    )


urls = [
    path("entries/proposals/", proposals, name="proposals"),
    path("entries/proposals/<int:version_id>/", proposal, name="proposal"),
    path("entries/proposals/<int:version_id>/take-back/", take_back, name="proposal_take_back"),
    path("directory/<slug:slug>/versions/", history, name="entry_versions"),
    path("directory/<slug:slug>/versions/<int:number>/", version, name="entry_version"),
    path("directory/<slug:slug>/versions/<int:number>/restore/", restore, name="entry_restore"),
]
