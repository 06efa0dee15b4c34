"""Pages: entries that need care, "still right", what is so today, and what visitors say is wrong."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from anydoor.access.policy import check, may
from anydoor.directory import stewardship
from anydoor.directory.models import ANSWERS, WRONG_ABOUT, Service, WrongReport
from anydoor.directory.versions import facts_of_entry
from anydoor.rules import danger
from anydoor.rules.errors import NotFound
from anydoor.ui.forms import ChoiceOfOne, DayField, Form, LongTextField, NumberField, TextField
from anydoor.ui.times import full_date
from anydoor.web.desk.acting import Tried, form_page, saved, today, tried
from anydoor.web.desk.chips import chip
from anydoor.web.desk.entry_edit import entry_for
from anydoor.web.desk.entry_words import checked_words, closure_words
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in

A_PAGE = 50
SHOWN = {"": "All that need something", "all": "Every entry"}


class TodayForm(Form):
    """What is so today."""

    wait_days = NumberField(
        label="Wait now, in days",
        hint="0 when there is none. Empty when you do not know.",
        required=False,
        hide_optional=True,
        min_value=0,
        max_value=3650,
    )
    free_places = NumberField(
        label="Free places now", required=False, hide_optional=True, min_value=0, max_value=1_000_000
    )
    next_start = DayField(label="Next start of a group or course", required=False, hide_optional=True)
    closed_from = DayField(
        label="Closed for now, from",
        hint="Empty when it is open. The entry stays, says so, and is proposed to nobody meanwhile.",
        required=False,
        hide_optional=True,
    )
    closed_until = DayField(
        label="Closed for now, until", hint="Empty: until you say so.", required=False, hide_optional=True
    )
    closed_note = TextField(
        label="Why, and where families can go meanwhile", required=False, hide_optional=True, limit=400
    )


class AnswerForm(Form):
    """What was done about it."""

    answer = ChoiceOfOne(
        label="What did you do?", options=list(ANSWERS.items()), missing="Choose what was done."
    )
    words = LongTextField(
        label="In a sentence",
        hint="Whoever asked for an answer by e-mail gets these words.",
        rows=3,
        limit=600,
        missing="Say in a sentence what was done.",
    )


# ---------------------------------------------------------------- the list


@signed_in
def care(request: AnydoorRequest) -> HttpResponse:
    """The entries I keep: to check, never checked, and reports that wait for an answer."""
    check(request.standing, "see_directory")
    on = today(request)
    kept = stewardship.kept_by(request.standing)
    everything = request.GET.get("show") == "all"
    rows: QuerySet[Service] = stewardship.by_care(kept)
    if not everything:
        rows = stewardship.needing(rows, on)
    shown = Paginator(
        rows.select_related("organisation", "area__front_door", "lead", "team__lead", "checked_by"), A_PAGE
    ).get_page(request.GET.get("page"))
    reports = list(stewardship.open_reports(kept)[:A_PAGE])
    counts = stewardship.care_of(kept, on)
    context = {
        "counts": counts,
        "shown": "all" if everything else "",
        "rows": [_row(one, request) for one in shown],
        "pages": shown,
        "reports": [_report_row(one, request) for one in reports],
        "share": round(100 * counts.in_time / counts.entries) if counts.entries else 0,
        "tabs": [
            {"label": words, "href": f"?show={key}", "current": (key == "all") == everything}
            for key, words in SHOWN.items()
        ],
        "on": on,
    }
    return page(request, "desk/entry_care.jinja", "directory", context)


def _row(one: Service, request: AnydoorRequest) -> dict[str, Any]:
    on = today(request)
    due = stewardship.due_on(one)
    return {
        "slug": one.slug,
        "name": one.name,
        "of": one.organisation.name,
        "owner": stewardship.owner_of(one).name,
        "checked": checked_words(one),
        "due": "Never checked" if due is None else f"Due {full_date(due)}",
        "late": due is None or due < on,
        "closed": closure_words(one, on),
        "wrong": getattr(one, "wrong", 0),
        "may": stewardship.may_keep(request.standing, one),
    }


def _report_row(one: WrongReport, request: AnydoorRequest) -> dict[str, Any]:
    return {
        "href": reverse("desk:entry_report", args=[one.pk]),
        "name": one.service.name,
        "about": WRONG_ABOUT[one.about],
        "owner": one.owner.name if one.owner is not None else "",
        "mine": one.owner_id == request.user.pk,
        "chip": chip(one.due_at, request.at, opened=one.reported_at),
        "at": one.reported_at,
    }


# ---------------------------------------------------------------- one entry


@require_POST
@signed_in
def right(request: AnydoorRequest, slug: str) -> HttpResponse:
    """I looked at it today and it is right."""
    one = entry_for(request, slug, "edit_entry")
    stewardship.still_right(service=one, by=request.user, at=request.at)
    messages.success(request, f"Thank you. {one.name} was checked today, by you.")
    back = request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.startswith("/desk/")
    return redirect(back if safe else reverse("desk:service", args=[one.slug]))


@signed_in
def of_today(request: AnydoorRequest, slug: str) -> HttpResponse:
    """Wait, free places, next start and closure: shown at once."""
    one = entry_for(request, slug, "edit_entry")
    form = TodayForm(
        request.POST or None, initial={name: getattr(one, name) for name in TodayForm.base_fields}
    )
    result: Tried[Any] = Tried()
    if request.method == "POST" and form.is_valid():
        told = {
            name: value.isoformat() if hasattr(value, "isoformat") else value
            for name, value in form.cleaned_data.items()
        }
        result = tried(
            form,
            lambda: stewardship.say_today(service=one, told=told, by=request.user, at=request.at),
        )
        if result.ok:
            return saved(request, "Saved. Families and the match see it now.", "desk:service", one.slug)
    return form_page(
        request,
        form,
        title="What is so today",
        lead=one.name,
        back=(one.name, reverse("desk:service", args=[one.slug])),
        button="Save",
        current="directory",
        conflict=result.conflict,
        notes=("This is shown at once, without approval. Everything else goes through “Change this entry”.",),
    )


# ---------------------------------------------------------------- "this is wrong"


@signed_in
def report(request: AnydoorRequest, report_id: int) -> HttpResponse:
    """What somebody says is wrong, and the answer to it."""
    one = (
        WrongReport.objects.filter(pk=report_id)
        .select_related("service__area", "service__organisation", "owner", "answered_by")
        .first()
    )
    if one is None or (
        one.owner_id != request.user.pk
        and not may(request.standing, "edit_entry", facts_of_entry(one.service))
    ):
        raise NotFound("There is no such report.")
    form = AnswerForm(request.POST or None)
    result: Tried[Any] = Tried()
    if request.method == "POST" and form.is_valid():
        result = tried(
            form,
            lambda: stewardship.answer(
                report=one,
                answer=form.cleaned_data["answer"],
                words=form.cleaned_data["words"],
                by=request.user,
                at=request.at,
            ),
        )
        if result.ok:
            return saved(request, "Answered. Thank you.", "desk:entry_report", one.pk)
    context = {
        "one": one,
        "about": WRONG_ABOUT[one.about],
        "answer": ANSWERS.get(one.answer, ""),
        "danger": bool(danger.find(one.words)),
        "form": form,
        "conflict": result.conflict,
        "chip": chip(one.due_at, request.at, opened=one.reported_at),
        "may_edit": may(request.standing, "edit_entry", facts_of_entry(one.service)),
        "now": request.at,
    }
    status = 409 if result.conflict else 422 if form.errors else 200
    return page(request, "desk/entry_report.jinja", "directory", context, status=status)


urls = [
    path("entries/care/", care, name="entry_care"),
    path("entries/reports/<int:report_id>/", report, name="entry_report"),
    path("directory/<slug:slug>/still-right/", right, name="entry_right"),
    path("directory/<slug:slug>/today/", of_today, name="entry_today"),
]
