"""Pages: an edit of an entry, part by part; its times; what it would change; sending it to be approved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.datastructures import MultiValueDict
from django.views.decorators.http import require_POST

from anydoor.access.models import Membership, Organisation, Team, User
from anydoor.access.policy import Facts, check, may
from anydoor.directory import drafting, soundness
from anydoor.directory.content import as_if, content_of, empty
from anydoor.directory.difference import GROUPS, differences, names_in
from anydoor.directory.models import Area, District, EntryDraft, Place, Service
from anydoor.directory.preview import VERDICT_WORDS, try_out
from anydoor.directory.versions import facts_of_content, facts_of_entry, newest_number
from anydoor.rules.errors import BadInput, NotFound
from anydoor.ui.forms import Form, SelectField, TextField
from anydoor.web.desk.acting import form_page, saved, today
from anydoor.web.desk.entry_fields import Known, PartForm, plain
from anydoor.web.desk.entry_forms import FORM_FIELDS, PARTS, TIMES, part_of
from anydoor.web.desk.entry_words import as_families_see, closure_words
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, attempt, signed_in

NO_EDIT = "There is no such edit. It was sent or deleted, or it is somebody else’s."
TOO_ODD = "This has a hidden character in it, so the page was not kept. Type it again rather than pasting it."


class NewForm(Form):
    """For which area a new entry is."""

    area = SelectField(label="For which area?", missing="Choose the area.")


class SendForm(Form):
    """Why, in a line: it stands in the list of versions."""

    why = TextField(
        label="What changes, and why?",
        hint="The person who approves it reads this, and it stays beside the version.",
        limit=400,
        missing="Say in a few words what changes and why.",
    )


# ---------------------------------------------------------------- beginning


def entry_for(request: AnydoorRequest, slug: str, action: str = "see_directory") -> Service:
    """An entry, where this person may do `action` with it."""
    one = (
        Service.objects.filter(slug=slug)
        .select_related("area__front_door__lead", "organisation", "team__lead", "lead", "checked_by")
        .first()
    )
    if one is None:
        raise NotFound("There is no such service in the directory.")
    check(request.standing, action, facts_of_entry(one))
    return one


@require_POST
@signed_in
def begin(request: AnydoorRequest, slug: str) -> HttpResponse:
    """Begin an edit, or go on with one's own."""
    one = entry_for(request, slug, "edit_entry")
    draft = drafting.begin(service=one, by=request.user, at=request.at)
    return HttpResponseRedirect(reverse("desk:entry_edit", args=[draft.pk]))


@signed_in
def new(request: AnydoorRequest) -> HttpResponse:
    """A new entry: for which area, then the same pages."""
    check(request.standing, "add_entry")
    areas = {str(area.pk): area for area in Area.objects.select_related("front_door").order_by("name")}
    own = str(request.areas[0].pk) if request.areas else ""
    form = NewForm(request.POST or None, initial={"area": own})
    form.fields["area"].options = [(key, area.name) for key, area in areas.items()]  # type: ignore[attr-defined]  # choices
    if request.method == "POST" and form.is_valid():
        draft = drafting.begin_new(area=areas[form.cleaned_data["area"]], by=request.user, at=request.at)
        return HttpResponseRedirect(reverse("desk:entry_edit", args=[draft.pk]))
    return form_page(
        request,
        form,
        title="Add a service",
        lead="Nobody sees it before it is approved. You can stop at any page and go on later.",
        back=("Directory", reverse("desk:directory")),
        button="Begin",
        current="directory",
    )


def draft_for(request: AnydoorRequest, draft_id: int) -> EntryDraft:
    """One's own edit. `NotFound` for anybody else's."""
    draft = (
        EntryDraft.objects.filter(pk=draft_id, user=request.user)
        .select_related("area__front_door", "service__area", "service__organisation", "service__team")
        .first()
    )
    if draft is None:
        raise NotFound(NO_EDIT)
    return draft


def back_of(draft: EntryDraft) -> tuple[str, str]:
    if draft.service is None:
        return "Directory", reverse("desk:directory") + f"?area={draft.area.slug}"
    return draft.service.name, reverse("desk:service", args=[draft.service.slug])


def name_of(draft: EntryDraft) -> str:
    said = drafting.content_in(draft)["name"]
    return said or (draft.service.name if draft.service is not None else "A new service")


# ---------------------------------------------------------------- the parts


@signed_in
def edit(request: AnydoorRequest, draft_id: int) -> HttpResponse:
    """The pages of an edit, what stands on each, and what is missing."""
    draft = draft_for(request, draft_id)
    content = drafting.content_in(draft)
    before = content_of(draft.service) if draft.service is not None else None
    names = names_in(content, *([before] if before else []))
    changed = {part_of(one.name) for one in differences(before, content, names)} if before else None
    nothing = before or empty(draft.area)
    begun = {part for part, (_, fields) in GROUPS.items() if any(content[f] != nothing[f] for f in fields)}
    wrong = drafting.wrong_in(draft)
    fault = _fault(draft, content)
    at_fault = part_of(fault.field or "name") if fault is not None else ""
    context = {
        "draft": draft,
        "name": name_of(draft),
        "back": back_of(draft),
        "is_new": draft.service is None,
        "fault": plain(fault.message) if fault is not None else "",
        "fault_href": _href(draft, at_fault) if fault is not None else "",
        "parts": [
            {"label": label, "href": _href(draft, part), **_status(part, wrong, at_fault, changed, begun)}
            for part, (label, _) in GROUPS.items()
        ],
        "behind": _behind(draft),
    }
    return page(request, "desk/entry_edit.jinja", "directory", context)


def _status(
    part: str, wrong: Mapping[str, Any], at_fault: str, changed: set[str] | None, begun: set[str]
) -> dict[str, Any]:
    """How a page stands: in words, and whether it is done. `changed` is None for a new entry."""
    if part in wrong:
        return {"status": "Something is wrong", "done": False}
    if part == at_fault:
        return {"status": "Needs an answer", "done": False}
    if changed is None:
        return {"status": "", "done": part in begun}
    return {"status": "Changed" if part in changed else "As it was", "done": True}


def _href(draft: EntryDraft, part: str) -> str:
    if part == TIMES:
        return reverse("desk:entry_times", args=[draft.pk])
    return reverse("desk:entry_part", args=[draft.pk, part])


def _behind(draft: EntryDraft) -> str:
    """Who changed the entry since this edit was begun, in words; empty when nobody did."""
    if draft.service is None or newest_number(draft.service) <= draft.based_on:
        return ""
    newest = draft.service.versions.filter(state="approved").order_by("-number").first()
    who = newest.proposed_by.name if newest is not None and newest.proposed_by is not None else "Loading"
    return f"{who} changed this entry after you began."


def _fault(draft: EntryDraft, content: Mapping[str, Any]) -> BadInput | None:
    try:
        soundness.check(content, area=draft.area, service=draft.service)
    except BadInput as fault:
        return fault
    return None


@signed_in
def part(request: AnydoorRequest, draft_id: int, name: str) -> HttpResponse:
    """One page of an edit. What is typed is kept, also when something is wrong with it."""
    draft = draft_for(request, draft_id)
    kind = PARTS.get(name)
    if kind is None:
        raise NotFound("There is no such page.")
    content = drafting.content_in(draft)
    known = known_for(draft, content)
    if request.method == "POST":
        form = kind(request.POST, content=content, known=known)
        if _is_sound(form, draft, content, name):
            drafting.keep(draft=draft, part=name, said=form.said(), at=request.at)
            return HttpResponseRedirect(_next(draft, name, request.POST))
        typed = _typed(request.POST)
        if typed is not None:
            drafting.keep_wrong(draft=draft, part=name, typed=typed, at=request.at)
        else:
            form.add_error(None, TOO_ODD)
    else:
        kept = drafting.wrong_in(draft).get(name)
        form = kind(MultiValueDict(kept) if kept is not None else None, content=content, known=known)
        if kept is not None:
            _is_sound(form, draft, content, name)  # says again what was wrong
    answer = form_page(
        request,
        form,
        title=kind.title,
        lead=kind.lead,
        back=(name_of(draft), reverse("desk:entry_edit", args=[draft.pk])),
        button="Save and go on",
        current="directory",
        template="desk/entry_part.jinja",
    )
    if request.method != "POST":
        answer.status_code = 200  # a page that is only shown again, with what was typed before
    return answer


def _is_sound(form: PartForm, draft: EntryDraft, content: Mapping[str, Any], name: str) -> bool:
    """Whether the page is right by itself and beside the others; faults of other pages do not count."""
    if not form.is_valid():
        return False
    fault = _fault(draft, {**content, **form.said()})
    if fault is not None and fault.field and part_of(fault.field) == name:
        shown = FORM_FIELDS.get(fault.field, fault.field)
        form.add_error(shown if shown in form.fields else None, plain(fault.message))
        return False
    return True


def _typed(data: Any) -> dict[str, list[str]] | None:
    """A page as it was typed; None when the database could not keep it."""
    typed = {name: values for name, values in data.lists() if name != "csrfmiddlewaretoken"}
    text = "".join(value for values in typed.values() for value in values)
    if len(text) > 60_000 or "\x00" in text or any("\ud800" <= mark <= "\udfff" for mark in text):
        return None
    return typed


def _next(draft: EntryDraft, name: str, data: Any) -> str:
    """The page after this one for a new entry, else the list of pages."""
    order = list(GROUPS)
    place = order.index(name) + 1
    if draft.service is None and place < len(order) and "stop" not in data:
        return _href(draft, order[place])
    return reverse("desk:entry_edit", args=[draft.pk])


def known_for(draft: EntryDraft, content: Mapping[str, Any]) -> Known:
    """What can be chosen: what the area has, and whatever the entry names already."""
    area = draft.area
    districts = District.objects.filter(
        Q(areas=area) | Q(services__area=area) | Q(pk__in=content["footprint"])
    )
    places = Place.objects.filter(
        Q(area=area) | Q(slug__in=content["places"]) | Q(services__organisation__slug=content["organisation"])
    )
    rules = content["eligibility"]
    named = {*rules.get("comes_after", ()), *rules.get("not_beside", ())}
    services = Service.objects.filter(
        Q(area=area) & ~Q(state="closed") | Q(footprint__in=area.districts.all()) | Q(slug__in=named)
    ).exclude(pk=draft.service_id)
    organisations = Organisation.objects.filter(
        Q(services__area=area)
        | Q(teams__areas=area)
        | Q(slug=content["organisation"])
        | Q(teams__memberships__user=draft.user)
    )
    teams = Team.objects.filter(
        organisation__in=organisations.values("pk"), kind__in=["service", "hub", "front_door"]
    )
    people = User.objects.filter(
        Q(pk=content["lead"])
        | Q(
            is_active=True,
            pk__in=Membership.objects.filter(
                Q(team__organisation__slug=content["organisation"]) | Q(team=area.front_door_id),
                ended_on__isnull=True,
            ).values("user"),
        )
    )
    return Known(
        districts=list(districts.distinct().order_by("name").values_list("pk", "name")),
        places=list(places.distinct().order_by("name").values_list("slug", "name")),
        services=list(services.distinct().order_by("name").values_list("slug", "name")),
        organisations=list(organisations.distinct().order_by("name").values_list("slug", "name")),
        teams=[
            (slug, f"{name}, {of}")
            for slug, name, of in teams.distinct()
            .order_by("organisation__name", "name")
            .values_list("slug", "name", "organisation__name")
        ],
        people=[(str(pk), name) for pk, name in people.order_by("name").values_list("pk", "name")],
    )


# ---------------------------------------------------------------- what it would do, and sending it


@signed_in
def preview(request: AnydoorRequest, draft_id: int) -> HttpResponse:
    """What families would see, what changes, which example needs match differently; and sending it."""
    draft = draft_for(request, draft_id)
    content = drafting.content_in(draft)
    fault = _fault(draft, content)
    if fault is not None or drafting.wrong_in(draft):
        words = plain(fault.message) if fault is not None else "One page has something wrong on it."
        messages.info(request, f"Not yet: {words}")
        return HttpResponseRedirect(reverse("desk:entry_edit", args=[draft.pk]))
    form = SendForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        version = attempt(
            form,
            lambda: drafting.send(draft=draft, why=form.cleaned_data["why"], by=request.user, at=request.at),
        )
        if version is not None:
            return saved(
                request, "Sent to be approved. Until then nothing changes.", "desk:proposal", version.pk
            )
    on = today(request)
    row = as_if(content, area=draft.area, like=draft.service)
    before = content_of(draft.service) if draft.service is not None else None
    facts = facts_of_content(draft.area, content)
    context = {
        "draft": draft,
        "form": form,
        "name": content["name"],
        "back": (name_of(draft), reverse("desk:entry_edit", args=[draft.pk])),
        "one": row,
        "closed": closure_words(row, on),
        "rows": as_families_see(row, row.sessions.all()),
        "changes": differences(before, content) if before is not None else [],
        "is_new": before is None,
        "behind": _behind(draft),
        "decides": may(request.standing, "decide_entry", Facts(area_team_id=facts.area_team_id)),
        **tried_context(content, draft.area, draft.service, request),
    }
    return page(request, "desk/entry_preview.jinja", "directory", context, status=422 if form.errors else 200)


def tried_context(
    content: Mapping[str, Any], area: Area, service: Service | None, request: AnydoorRequest
) -> dict[str, Any]:
    """The example needs that match differently, and how many do not."""
    tried = try_out(content=content, area=area, service=service, on=today(request))
    return {
        "tried": [
            {
                "need": one.need,
                "before": VERDICT_WORDS[one.before],
                "after": VERDICT_WORDS[one.after],
                "before_kind": one.before,
                "after_kind": one.after,
                "came": one.came,
                "went": one.went,
            }
            for one in tried
            if one.differs
        ],
        "tried_count": len(tried),
        "same": [(one.need, VERDICT_WORDS[one.after]) for one in tried if not one.differs],
    }


@require_POST
@signed_in
def catch_up(request: AnydoorRequest, draft_id: int) -> HttpResponse:
    """Put what was approved meanwhile under one's own changes."""
    draft = draft_for(request, draft_id)
    both = drafting.catch_up(draft=draft, at=request.at)
    if both:
        messages.info(
            request,
            f"Both are here. You both changed: {', '.join(both)}. Yours stands: look whether it should.",
        )
    else:
        messages.success(request, "Both changes are here now. They touch different things.")
    return HttpResponseRedirect(reverse("desk:entry_preview", args=[draft.pk]))


@require_POST
@signed_in
def drop(request: AnydoorRequest, draft_id: int) -> HttpResponse:
    """Throw one's own edit away."""
    draft = draft_for(request, draft_id)
    back = back_of(draft)[1]
    drafting.drop(draft=draft)
    messages.success(request, "Your edit is deleted. The entry is as it was.")
    return HttpResponseRedirect(back)


urls = [
    path("entries/new/", new, name="entry_new"),
    path("directory/<slug:slug>/edit/", begin, name="entry_begin"),
    path("entries/edits/<int:draft_id>/", edit, name="entry_edit"),
    path("entries/edits/<int:draft_id>/part/<slug:name>/", part, name="entry_part"),
    path("entries/edits/<int:draft_id>/preview/", preview, name="entry_preview"),
    path("entries/edits/<int:draft_id>/catch-up/", catch_up, name="entry_catch_up"),
    path("entries/edits/<int:draft_id>/delete/", drop, name="entry_drop"),
]
