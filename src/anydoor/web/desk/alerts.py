"""Page: an answer that may mean danger. One named person says what they did; until then the clock runs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from anydoor.access import wall
from anydoor.access.policy import Facts, check
from anydoor.care import scope
from anydoor.care.measures import alerts, reading
from anydoor.care.models import MeasureAlert
from anydoor.care.models.measure import ALERT_ACTIONS
from anydoor.rules import working_time
from anydoor.rules.errors import NotFound
from anydoor.rules.instruments import signals
from anydoor.ui.forms import Choice, ChoiceOfOne, Form, LongTextField
from anydoor.ui.times import day_time
from anydoor.ui.words import given_name
from anydoor.web.desk.acting import form_page, kept, tried
from anydoor.web.desk.danger import alarms_of
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in


class ActedForm(Form):
    """What was done, coded and in words."""

    action = ChoiceOfOne(
        label="What did you do?",
        options=[
            Choice(key, words, "The clock goes on. Somebody else may try too" if key == "tried" else "")
            for key, words in ALERT_ACTIONS.items()
        ],
        look="small",
        missing="Choose what you did",
    )
    words = LongTextField(
        label="In your words",
        hint="Whom you spoke with, how they are now, what you agreed, and who else knows.",
        missing="Say what you did: whom you spoke with, and how they are",
        limit=2000,
        rows=5,
    )


@signed_in
def alert(request: AnydoorRequest, alert_id: int) -> HttpResponse:
    """What was answered, whom to call, and the form that ends the clock."""
    row = reading.alert_for(request.standing, alert_id)
    wall.see_also(row.family_id)
    check(request.standing, "acknowledge_alert", _facts(request, row))
    form = ActedForm(request.POST or None)
    conflict = ""
    if row.acknowledged_at is not None and request.method != "POST":
        return _done(request, row)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: alerts.acknowledge(
                alert_id=row.pk, action=data["action"], words=data["words"], by=request.user, at=request.at
            ),
        )
        if result.ok:
            ended = data["action"] != "tried"
            messages.success(
                request, "Recorded. The clock has ended." if ended else "Recorded. The clock goes on."
            )
            return HttpResponseRedirect(
                reverse("desk:home") if ended else reverse("desk:alert", args=[row.pk])
            )
        conflict = result.conflict
    if row.acknowledged_at is not None and conflict:
        return _done(request, row, typed=kept(form), status=409)
    scope.looked(
        what="see_alert",
        subject="measurealert",
        subject_id=row.pk,
        family_id=row.family_id,
        by=request.user,
        at=request.at,
        why="an answer that may mean danger",
    )
    found = alarms_of([row.pk], request.at)
    return form_page(
        request,
        form,
        title=f"An answer of {given_name(row.person.called)}’s may mean danger",
        lead="",
        back=("My work", reverse("desk:home")),
        button="Record what you did",
        current="work",
        conflict=conflict,
        template="desk/alert.jinja",
        alarm=found[0] if found else None,
        told=_told(row, request),
        answered=_shown(row, request),
        low_score=signals.LOW_SCORE,
        measure_href=_measure_href(request, row),
        family_href=_family_href(request, row),
    )


def _facts(request: AnydoorRequest, row: MeasureAlert) -> Facts:
    care = getattr(row.family, "care", None)
    if care is None:
        return Facts(area_team_id=row.area.front_door_id)
    found = scope.facts_of(care)
    return Facts(
        holder_id=found.holder_id,
        full_team_ids=found.full_team_ids,
        offered_team_ids=found.offered_team_ids,
        area_team_id=row.area.front_door_id,
        team_id=found.team_id,
    )


def _told(row: MeasureAlert, request: AnydoorRequest) -> str:
    """Who was asked to act, and the true hour at which the duty worker reads it."""
    names = [one.name for one in (row.holder, row.duty) if one is not None]
    asked = " and ".join(dict.fromkeys(names))
    if row.reads_at > row.raised_at:
        return (
            f"Asked to act: {asked}. Nobody reads at this hour: {row.duty.name} reads it "
            f"{working_time.moment_in_words(row.reads_at)}."
        )
    were = "were" if len(set(names)) > 1 else "was"
    return f"{asked} {were} asked to act, {day_time(row.raised_at, request.at)}."


def _shown(row: MeasureAlert, request: AnydoorRequest) -> list[dict[str, Any]]:
    return [
        {"label": "Answered", "bold": alerts.said(row)},
        {"label": "When", "value": day_time(row.raised_at, request.at)},
        {"label": "How", "value": row.measure.get_mode_display()},
        {
            "label": "The form",
            "value": "Not finished yet" if row.measure.state == "draft" else row.measure.get_state_display(),
        },
    ]


def _measure_href(request: AnydoorRequest, row: MeasureAlert) -> str:
    try:
        reading.measure_for(request.standing, row.measure_id)
    except NotFound:
        return ""
    return reverse("desk:measure", args=[row.measure_id])


def _family_href(request: AnydoorRequest, row: MeasureAlert) -> str:
    return reverse("desk:family", args=[row.family_id]) if _measure_href(request, row) else ""


def _done(
    request: AnydoorRequest,
    row: MeasureAlert,
    *,
    typed: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Somebody has said what they did: who, when, and what."""
    row.refresh_from_db()
    assert row.acknowledged_by is not None
    assert row.acknowledged_at is not None
    return page(
        request,
        "desk/alert_done.jinja",
        "work",
        {
            "who": row.person.called,
            "what": f"{row.acknowledged_by.name} acted on this {day_time(row.acknowledged_at, request.at)}.",
            "answered": alerts.said(row),
            "action": ALERT_ACTIONS[row.action],
            "words": row.action_words,
            "kept": typed or [],
            "measure_href": _measure_href(request, row),
            "family_href": _family_href(request, row),
        },
        status=status,
    )


urls = [path("alert/<int:alert_id>", alert, name="alert")]
