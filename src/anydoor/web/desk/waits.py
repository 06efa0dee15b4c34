"""Where each waiting thing is done: a way to the right page, or the page itself. And what is stuck."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from anydoor.access.policy import Facts, check, may
from anydoor.care import episode, events, scope, triage
from anydoor.care.models import FamilyCare, Wait
from anydoor.care.my_work import coordinated, stuck_for
from anydoor.care.scope import NO_SUCH
from anydoor.rules.errors import NotFound
from anydoor.ui.forms import Choice, ChoiceOfOne, Form, LongTextField
from anydoor.ui.times import day_time, short_day
from anydoor.ui.words import given_name
from anydoor.web.desk.chips import Chip, of_wait
from anydoor.web.desk.danger import alarm_of
from anydoor.web.desk.frame import page
from anydoor.web.desk.words import verb_of
from anydoor.web.shell import AnydoorRequest, attempt, signed_in

STUCK_PAGE = 50
HANDOVER_KINDS = frozenset({"answer", "introduce", "first_contact", "second_look", "meeting"})
# Done by saying so on a page of their own; all other kinds have pages where the thing itself is done.
TICKED = frozenset({"after_event", "moved_to_you", "message_not_delivered"})


class DangerForm(Form):
    words = LongTextField(
        label="What did you do?",
        hint="Whom you spoke with, how they are now, what you agreed, and who else knows.",
        missing="Say what you did: whom you spoke with, and how they are",
        limit=500,
        rows=5,
    )


class AnotherWayForm(Form):
    way = ChoiceOfOne(
        label="What do you do next?",
        missing="Choose what you do next",
        options=[
            Choice("another_way", "Try another way", "A text, a letter, a visit, another time of day"),
            Choice("another_person", "Ask another person to try", "Somebody they know already"),
            Choice("told_referrer", "Tell whoever referred them", "So that they can help to reach them"),
        ],
    )
    words = LongTextField(
        label="How, or whom did you ask?",
        hint="The family may read this.",
        missing="Say how, or whom you asked",
        limit=500,
        rows=3,
    )


class TaskForm(Form):
    words = LongTextField(
        label="What happened?",
        hint="A line for whoever reads this next.",
        missing="Say in a line what you did",
        limit=500,
        rows=3,
    )


def title_of(wait: Wait) -> str:
    """Whom a waiting thing is about: by the first name only, for a team that has not accepted yet."""
    title = wait.referral.title if wait.referral is not None else wait.family.care.title
    return title if getattr(wait, "in_full", True) else given_name(title)


def wait_chip(wait: Wait, at: datetime) -> Chip:
    """The clock of a waiting thing; a pause of its request is shown instead of the time."""
    until = wait.referral.paused_until if wait.referral is not None and not wait.urgent else None
    return Chip(f"Paused until {short_day(until)}", "paused") if until else of_wait(wait, at, named=False)


def page_of(wait: Wait) -> str:
    """The address of the page where this waiting thing is done."""
    if wait.kind == "objection" and hasattr(wait, "objection"):
        return reverse("desk:objection", args=[wait.objection.pk])
    if wait.kind == "own_record" and hasattr(wait, "access_request"):
        return reverse("desk:access", args=[wait.access_request.pk])
    if wait.kind in {"read", "decide"} and wait.referral_id:
        return reverse("desk:triage", args=[wait.referral_id])
    if wait.kind == "match" and wait.referral_id:
        return reverse("desk:match", args=[wait.referral_id])
    if wait.kind in HANDOVER_KINDS and wait.handover_id:
        return reverse("desk:handover", args=[wait.handover_id])
    if wait.kind == "danger_answer" and wait.alert_id:
        return reverse("desk:alert", args=[wait.alert_id])
    if wait.kind == "say_what_happened" and wait.contact_id:
        return reverse("desk:say_contact", args=[wait.contact_id])
    return reverse("desk:wait", args=[wait.pk])


@signed_in
def wait(request: AnydoorRequest, wait_id: int) -> HttpResponse:
    """One waiting thing: sent to its page, or done here (danger, not reached, a task after an event)."""
    thing = _find(request, wait_id)
    if thing.done_at is not None:
        return _already(request, thing)
    address = page_of(thing)
    if address != reverse("desk:wait", args=[thing.pk]):
        return redirect(address)
    facts = scope.facts_of(_care(thing))
    check(request.standing, "record_contact", facts)
    form = _form_of(thing)(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: _done(request, thing, form))
        if done:
            messages.success(request, done)
            if thing.kind == "danger" and thing.referral_id and may(request.standing, "triage", facts):
                return redirect("desk:triage", referral_id=thing.referral_id)
            return redirect("desk:home")
    scope.looked(
        what="see_wait", subject="wait", subject_id=thing.pk, family_id=thing.family_id,
        by=request.user, at=request.at, why=thing.verb,
    )  # fmt: skip
    return page(
        request,
        "desk/wait.jinja",
        "work",
        {
            "form": form,
            "wait": thing,
            "who": title_of(thing),
            "chip": wait_chip(thing, request.at),
            "verb": verb_of(thing),
            "alarm": alarm_of(thing, request.at) if thing.kind == "danger" else None,
            "contact": _contact_page(thing),
            "button": {"danger": "Record what you did", "not_reached": "Record the next step"}.get(
                thing.kind, "Say that it is done"
            ),
        },
        status=422 if request.method == "POST" else 200,
    )


def _find(request: AnydoorRequest, wait_id: int) -> Wait:
    """The thing if its family is seen in full, or if it asks a team of theirs to answer a handover."""
    try:
        return scope.wait_for(request.standing, wait_id, done_too=True)
    except NotFound:
        asked = (
            Wait.objects.on(request.standing)
            .filter(pk=wait_id, kind__in=HANDOVER_KINDS)
            .select_related("referral", "contact")
            .first()
        )
        if asked is None:
            raise
        return asked


def _care(thing: Wait) -> FamilyCare:
    care = FamilyCare.objects.select_related("area").filter(pk=thing.family_id).first()
    if care is None:
        raise NotFound(NO_SUCH)
    return care


def _form_of(thing: Wait) -> type[Form]:
    return {"danger": DangerForm, "not_reached": AnotherWayForm}.get(thing.kind, TaskForm)


def _done(request: AnydoorRequest, thing: Wait, form: Form) -> str:
    """Call the verb of this kind of thing. Returns what to say."""
    told: dict[str, Any] = form.cleaned_data
    by, at = request.user, request.at
    verbs: dict[str, Callable[[], object]] = {
        "danger": lambda: triage.acknowledge_danger(wait=thing, words=told["words"], by=by, at=at),
        "not_reached": lambda: episode.found_another_way(
            wait=thing, way=told["way"], words=told["words"], by=by, at=at
        ),
    }
    verb = verbs.get(
        thing.kind, lambda: events.task_done(wait_id=thing.pk, words=told["words"], by=by, at=at)
    )
    verb()
    return "Recorded. The clock has ended." if thing.kind == "danger" else "Recorded."


def _already(request: AnydoorRequest, thing: Wait) -> HttpResponse:
    """A stale page: who did it, when, and what was typed here."""
    typed = str(request.POST.get("words", ""))[:2000] if request.method == "POST" else ""
    assert thing.done_at is not None
    return page(
        request,
        "desk/wait_done.jinja",
        "work",
        {
            "who": title_of(thing),
            "what": f"{thing.done_by or 'Somebody'} did this {day_time(thing.done_at, request.at)}.",
            "verb": thing.verb,
            "kept": [("What you wrote", typed)] if typed.strip() else [],
            "family_href": reverse("desk:family", args=[thing.family_id]),
        },
        status=409 if request.method == "POST" else 200,
    )


def _contact_page(thing: Wait) -> str:
    if thing.episode_id:
        return reverse("desk:record_contact", args=["episode", thing.episode_id])
    return reverse("desk:record_contact", args=["referral", thing.referral_id]) if thing.referral_id else ""


# ---------------------------------------------------------------- stuck


@signed_in
def stuck(request: AnydoorRequest) -> HttpResponse:
    """Everything past its time that somebody was already asked about: one's own, and the area's."""
    check(request.standing, "see_team", Facts())
    skip = _whole(request.GET.get("after", ""))
    shown = stuck_for(request.standing, most=STUCK_PAGE + 1, skip=skip)
    return page(
        request,
        "desk/stuck.jinja",
        "work",
        {
            "rows": [stuck_row(one, request.at) for one in shown[:STUCK_PAGE]],
            "whole_area": bool(coordinated(request.standing)),
            "next": f"?after={skip + STUCK_PAGE}" if len(shown) > STUCK_PAGE else "",
            "previous": (f"?after={max(skip - STUCK_PAGE, 0)}" if skip > STUCK_PAGE else "?") if skip else "",
        },
    )


def _whole(text: str) -> int:
    return min(int(text), 10_000) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def stuck_row(wait: Wait, at: datetime) -> dict[str, Any]:
    """One stuck thing: whom it is about, what is past its time, on whom it waits, who was asked when."""
    on_whom = wait.user.name if wait.user is not None else wait.team.name
    asked = ""
    if wait.escalated_at is not None and wait.escalated_to is not None:
        asked = f"Coordinator asked {day_time(wait.escalated_at, at)}: {wait.escalated_to.name}"
    elif wait.nudged_at is not None:
        whom = given_name(on_whom) if wait.user is not None else on_whom
        asked = f"{whom} was asked {day_time(wait.nudged_at, at)}"
    return {
        "who": title_of(wait),
        "href": page_of(wait),
        "family_href": reverse("desk:family", args=[wait.family_id]),
        "verb": verb_of(wait),
        "why": _stuck_words(wait),
        "on": on_whom,
        "asked": asked,
        "chip": wait_chip(wait, at),
        "danger": wait.urgent,
    }


def _stuck_words(wait: Wait) -> str:
    if wait.kind == "answer" and wait.handover is not None:
        limit = wait.area.answer_days
        return (
            f"The handover to {wait.handover.service.name} has no answer. The limit is {limit} working days."
        )
    return wait.why


urls = [path("wait/<int:wait_id>", wait, name="wait"), path("stuck", stuck, name="stuck")]
