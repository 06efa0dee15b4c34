"""A receiver outside the house answers by a one-time link: yes, another way, or "we have seen them"."""

from __future__ import annotations

from datetime import date, datetime, time

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_safe

from anydoor.access.audit import Outsider
from anydoor.care import for_outsider, handover
from anydoor.care.models import Handover
from anydoor.care.models.episode import MODES
from anydoor.rules import working_time
from anydoor.rules.errors import NotFound
from anydoor.rules.pathway import DECLINE_WORDS, HandoverStage
from anydoor.ui.forms import Choice, ChoiceOfOne, DayField, Form, FormKeyField, LongTextField, TextField
from anydoor.web.public.frame import page
from anydoor.web.shell import AnydoorRequest, attempt

WHO = "Your name, and where you work"


class AcceptForm(Form):
    """Yes."""

    form_key = FormKeyField()
    who = TextField(label=WHO, missing="Write your name, so that the sender knows who said yes.", limit=120)


class DeclineForm(Form):
    """Another way: a reason, a sentence, and what could help instead."""

    form_key = FormKeyField()
    reason = ChoiceOfOne(
        label="Why does this not fit?",
        options=[Choice(reason.value, words) for reason, words in DECLINE_WORDS.items()],
        missing="Choose the nearest reason.",
    )
    words = LongTextField(
        label="In a sentence that the sender can use", rows=3, limit=500, missing="Say why, in a sentence."
    )
    alternative_words = TextField(
        label="What could help instead?",
        hint="Another service, person or time",
        limit=300,
        missing="Name another way that could help.",
    )
    who = TextField(label=WHO, missing="Write your name.", limit=120)


class SeenForm(Form):
    """We have seen them."""

    form_key = FormKeyField()
    mode = ChoiceOfOne(
        label="How did you meet or speak?",
        options=[
            Choice(key, MODES[key]) for key in ("phone", "video", "home", "clinic", "text", "group", "joint")
        ],
        missing="Choose how you met.",
    )
    day = DayField(label="On which day?", missing="Write the day.")
    words = LongTextField(label="Anything the sender should know", rows=3, limit=2000, required=False)
    who = TextField(label=WHO, missing="Write your name.", limit=120)


FORMS: dict[str, type[Form]] = {"accept": AcceptForm, "decline": DeclineForm, "seen": SeenForm}


@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def outside(request: AnydoorRequest, secret: str) -> HttpResponse:
    """Read what is asked, and answer."""
    try:
        row = handover.by_link(secret, request.at)
    except NotFound as refusal:
        return _gone(request, refusal)
    answers = ways_on(row)
    act = request.POST.get("act", "") if request.method == "POST" else ""
    form = FORMS[act](request.POST) if act in answers else None
    if form is not None and form.is_valid():
        done = attempt(form, lambda: _answer(row, act, form, request.at))
        if done is not None:
            return (
                redirect("public:outside_done")
                if act == "seen"
                else redirect("public:outside", secret=secret)
            )
        row = handover.by_link(secret, request.at)
    return _shown(request, row, form, act)


def ways_on(row: Handover) -> tuple[str, ...]:
    """What can be answered now."""
    if row.stage == HandoverStage.PROPOSED:
        return ("accept", "decline")
    if row.stage in {HandoverStage.ACCEPTED, HandoverStage.INTRODUCED}:
        return ("seen", "decline")
    return ()


def _answer(row: Handover, act: str, form: Form, at: datetime) -> object:
    said = form.cleaned_data
    by = Outsider(f"{said['who']} ({row.service.name})"[:200], "receiver")
    if act == "accept":
        return handover.accept(handover=row, by=by, at=at)
    if act == "decline":
        return handover.decline(
            handover=row,
            reason=said["reason"],
            words=said["words"],
            alternative_words=said["alternative_words"],
            by=by,
            at=at,
        )
    return handover.first_contact(
        handover=row,
        mode=said["mode"],
        words=said["words"],
        by=by,
        at=at,
        happened_at=_when(row, said["day"], at),
    )


def _when(row: Handover, day: date, at: datetime) -> datetime:
    """A day without an hour: its midday, kept between the asking and now where the day allows both."""
    noon = working_time.london(day, time(12))
    if working_time.london_day(at) == day:
        return at
    if working_time.london_day(row.proposed_at) == day:
        return max(noon, row.proposed_at)
    return noon


def _shown(request: AnydoorRequest, row: Handover, form: Form | None, act: str) -> HttpResponse:
    accepted = row.accepted_at is not None and row.stage in {HandoverStage.ACCEPTED, HandoverStage.INTRODUCED}
    for_outsider.looked(row, in_full=accepted, at=request.at)
    open_to = ways_on(row)
    forms = {key: FORMS[key](auto_id=f"{key}_%s") for key in open_to}
    if form is not None and act in forms:
        form.auto_id = f"{act}_%s"
        forms[act] = form
    context = {
        "handover": row,
        "accepted": accepted,
        "preview": for_outsider.preview(row, on=working_time.london_day(request.at)),
        "told": for_outsider.story(row) if accepted else None,
        "forms": forms,
        "form": form,
        "now": request.at,
    }
    status = 422 if form is not None and form.errors else 200
    return page(request, "public/outside.jinja", row.area, context, status=status)


@require_safe
def outside_done(request: AnydoorRequest) -> HttpResponse:
    """Thank you. Nothing on it tells whom it was about."""
    return page(
        request,
        "public/say.jinja",
        None,
        {
            "heading": "Thank you",
            "lines": [
                "We have written down that you have seen them.",
                "The person who asked you knows it now, and keeps in touch.",
                "Your link has done its work and is closed.",
            ],
        },
    )


def _gone(request: AnydoorRequest, refusal: NotFound) -> HttpResponse:
    """A link that is used up, too old or mistyped: one answer for all."""
    return page(
        request,
        "public/say.jinja",
        None,
        {
            "heading": "This link is no longer in use",
            "lines": [refusal.message, "If you have just sent an answer, it has arrived."],
        },
        status=404,
    )
