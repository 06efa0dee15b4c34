"""A request at the front door: what they told us, what could help and why, and the decision with its reasons.

Looking does not stop a clock: the look is recorded, and the request counts as read when somebody says so or
acts on it (a browser that loads a page ahead, or a colleague who peeks, has read nothing).
"""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from anydoor.access.policy import Facts, check, may
from anydoor.care import deciding, scope, triage
from anydoor.care.models import Referral
from anydoor.care.one_request import OneRequest, read_request
from anydoor.directory.models import LEVELS
from anydoor.ui.forms import Choice, ChoiceOfMany, ChoiceOfOne, Form, HiddenField, LongTextField, SelectField
from anydoor.web.desk import triage_page
from anydoor.web.desk.danger import alarm
from anydoor.web.desk.frame import page
from anydoor.web.desk.words import NEED_TAGS
from anydoor.web.shell import AnydoorRequest, attempt, signed_in

CHANGED = (
    "What could help has changed since you opened this page. Look at it again, then record your decision. "
    "What you wrote is kept."
)


class DecideForm(Form):
    """Level, answer and why. The offers to tick are drawn by the page itself; here only what was ticked."""

    offers = ChoiceOfMany(label="What could help", required=False)
    level = ChoiceOfOne(label="Level", look="small", missing="Choose a level")
    answer = ChoiceOfOne(
        label="What do they say?",
        look="small",
        missing="Say what they say, or that you have not asked yet",
        options=[
            Choice("yes", "Yes to all you ticked"),
            Choice("some", "Yes to some", "write each answer down afterwards"),
            Choice("not_asked", "Not asked yet", "offers stay proposed, you keep holding"),
            Choice("no", "No, not now"),
        ],
    )
    words = LongTextField(
        label="Why this, in words they could read",
        missing="Say why, in words they could read",
        rows=3,
        limit=4000,
    )
    seal = HiddenField(required=False, limit=40)


class HeardForm(Form):
    """What the request is about, as somebody heard it: what could help follows from it."""

    needs = ChoiceOfMany(
        label="What is it about?",
        hint="Tick what they told you. Leave out what nobody said.",
        required=False,
        look="small",
        options=[Choice(need, label) for need, label in NEED_TAGS.items()],
    )
    severity = ChoiceOfOne(
        label="How hard is it, as far as they told?",
        look="small",
        initial="unknown",
        options=[
            Choice("unknown", "Not asked yet"),
            Choice("mild", "Mild"),
            Choice("moderate", "Moderate"),
            Choice("severe", "Severe"),
        ],
    )
    mode = SelectField(
        label="How would they like help?",
        nothing="Not asked yet",
        required=False,
        options=[
            Choice("home", "At home"),
            Choice("in_person", "At a hub or clinic"),
            Choice("phone", "By phone"),
            Choice("online", "Online or video"),
            Choice("text", "By text"),
            Choice("group", "In a group"),
            Choice("not_group", "Not in a group"),
        ],
    )


# ---------------------------------------------------------------- one request


def referral_here(request: AnydoorRequest, referral_id: int) -> Referral:
    """The request, for somebody of its front door. Raises `NotFound`, or `NotAllowed` with the reason."""
    referral = scope.referral_for(request.standing, referral_id)
    check(request.standing, "triage", Facts(area_team_id=referral.front_door_id))
    return referral


@signed_in
def one_request(request: AnydoorRequest, referral_id: int) -> HttpResponse:
    """The page of one request; POST records a decision, or keeps it for later."""
    referral = scope.referral_for(request.standing, referral_id)
    if not may(request.standing, "triage", Facts(area_team_id=referral.front_door_id)):
        return redirect("desk:family", family_id=referral.family_id)
    one = read_request(request.standing, referral, at=request.at)
    if request.method == "POST":
        form = _decide_form(one, request.POST)
        answered = _keep(request, one, form) if "later" in request.POST else _decide(request, one, form)
        return answered or _draw(request, one, form, status=409 if form.non_field_errors() else 422)
    scope.looked(
        what="see_request",
        subject="referral",
        subject_id=referral.pk,
        family_id=referral.family_id,
        by=request.user,
        at=request.at,
        why="Triage at the front door",
    )
    return _draw(request, one, _decide_form(one, None))


def _decide_form(one: OneRequest, given: Any) -> DecideForm:
    """The form with what a draft kept, or the proposed level where nothing speaks against it."""
    proposed = one.matched.level
    start: dict[str, Any] = {"seal": deciding.seal_of(one.matched), "offers": []}
    if one.matched.profile.wanted and one.danger is None:
        start["level"] = proposed.level
    if given is None:
        kept = one.draft.data if one.draft is not None else {}
        start |= {name: kept[name] for name in ("offers", "level", "answer", "words") if name in kept}
    form = DecideForm(given, initial=start)
    form.fields["offers"].options = [
        Choice(slug, service.name) for slug, service in one.matched.services.items()
    ]
    form.fields["level"].options = [
        Choice(level, label, f"proposed: {_because(proposed.why)}" if level == proposed.level else "")
        for level, label in LEVELS.items()
    ]
    form.fields["answer"].label = f"What {'do they' if one.first == 'they' else 'does ' + one.first} say?"
    form.fields["words"].label = f"Why this, in words {one.first} could read"
    return form


def _because(why: str) -> str:
    sentence = why.split(". ", maxsplit=1)[0].rstrip(".")
    return sentence[:1].lower() + sentence[1:]


def _decide(request: AnydoorRequest, one: OneRequest, form: DecideForm) -> HttpResponse | None:
    """Record the decision. None when the page has to be shown again."""
    seal = deciding.seal_of(one.matched)
    whole = form.is_valid()
    if form.data.get("seal", "") != seal:
        # What was ticked may not stand on the page any more; to look again is the answer to that too.
        form.errors.pop("offers", None)
        form.add_error(None, CHANGED)
        form.data = form.data.copy()
        form.data["seal"] = seal
        return None
    if not whole:
        return None
    told, referral = form.cleaned_data, one.referral
    done = attempt(
        form,
        lambda: triage.decide(
            referral=referral,
            level=told["level"],
            words=told["words"],
            answer=told["answer"],
            shown=deciding.shown_of(one.matched, told["offers"]),
            by=request.user,
            at=one.at,
            level_why=one.matched.level.why[:300],
            grounds=deciding.grounds_of(one.matched),
        ),
    )
    if done is None:
        return None
    deciding.forget_draft(referral)
    holder = "You go on holding them" if referral.holder_id == request.user.pk else "Their holder holds on"
    messages.success(request, f"Decision recorded. {holder} until somebody has met them.")
    if told["answer"] in {"yes", "some"}:
        address = reverse("desk:hand_over", args=["referral", referral.pk])
        only = f"?service={told['offers'][0]}" if len(told["offers"]) == 1 else ""
        return redirect(address + only)
    return redirect("desk:triage", referral_id=referral.pk)


def _keep(request: AnydoorRequest, one: OneRequest, form: DecideForm) -> HttpResponse | None:
    """Keep what was typed, right or wrong, and go back to the inbox."""
    typed = {
        "offers": [slug for slug in request.POST.getlist("offers") if slug in one.matched.services],
        "words": request.POST.get("words", ""),
        **{
            name: value
            for name in ("level", "answer")
            if (value := request.POST.get(name, "")) in dict(form.fields[name].choices)
        },
    }
    words_fault = "words" in form.errors and typed["words"].strip()
    form.errors.clear()
    if words_fault:
        form.add_error("words", "Take out hidden characters, or make it shorter, so that it can be kept.")
        return None

    def keep() -> bool:
        deciding.keep_for_later(referral=one.referral, typed=typed, by=request.user, at=one.at)
        return True

    if not attempt(form, keep):
        return None
    messages.success(request, f"Kept for later. {one.referral.title} stays with its holder.")
    return redirect("desk:inbox")


def _draw(
    request: AnydoorRequest,
    one: OneRequest,
    form: DecideForm,
    *,
    told: HeardForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page, with the form that was sent and what is wrong in it."""
    danger, referral = one.danger, one.referral
    context = triage_page.context(one, form, request.user)
    if told is not None:
        context["problems"] = told.problems()
    context |= {
        "alarm": alarm(danger, referral, referral.person, one.stories, one.at, one.answers)
        if danger
        else None,
        "form": form,
        "heard": told
        or HeardForm(
            initial={
                "needs": referral.needs,
                "severity": referral.heard.get("severity", "unknown"),
                "mode": referral.heard.get("mode", ""),
            },
            prefix="heard",
        ),
    }
    return page(request, "desk/triage.jinja", "inbox", context, status=status)


# ---------------------------------------------------------------- small things done from the page


@signed_in
@require_POST
def read(request: AnydoorRequest, referral_id: int) -> HttpResponse:
    """ "I have read this": the clock of reading ends, the clock of deciding begins."""
    triage.read(referral=referral_here(request, referral_id), by=request.user, at=request.at)
    messages.success(request, "Marked as read.")
    return redirect("desk:triage", referral_id=referral_id)


@signed_in
@require_POST
def take(request: AnydoorRequest, referral_id: int) -> HttpResponse:
    """A colleague takes the request over, and holds it from now on."""
    referral = referral_here(request, referral_id)
    triage.take(referral=referral, by=request.user, at=request.at)
    messages.success(request, f"You hold {referral.title} now.")
    return redirect("desk:triage", referral_id=referral_id)


@signed_in
@require_POST
def heard(request: AnydoorRequest, referral_id: int) -> HttpResponse:
    """What it is about, as heard: the offers are looked for anew."""
    referral = referral_here(request, referral_id)
    form = HeardForm(request.POST, prefix="heard")
    if form.is_valid():
        told = form.cleaned_data
        done = attempt(
            form,
            lambda: deciding.hear(
                referral=referral,
                needs=told["needs"],
                severity=told["severity"],
                mode=told["mode"],
                by=request.user,
                at=request.at,
            ),
        )
        if done is not None:
            return redirect(f"{reverse('desk:triage', args=[referral_id])}#could-help")
    one = read_request(request.standing, referral, at=request.at)
    return _draw(request, one, _decide_form(one, None), told=form, status=422)


urls = [
    path("referral/<int:referral_id>/", one_request, name="triage"),
    path("referral/<int:referral_id>/read", read, name="read_request"),
    path("referral/<int:referral_id>/take", take, name="take_request"),
    path("referral/<int:referral_id>/heard", heard, name="heard"),
]
