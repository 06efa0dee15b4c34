"""Pages: one measure with its result in plain words, what it asks next, and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from anydoor.access.policy import check
from anydoor.care import scope
from anydoor.care.measures import links, reading, taking
from anydoor.care.measures.reading import Answered, Page
from anydoor.care.measures.taking import Plan
from anydoor.care.measures.values import value_set
from anydoor.care.measures.wording import name_of
from anydoor.care.models import FamilyCare, Measure, MeasureAlert
from anydoor.care.models.measure import ALERT_ACTIONS, WHY_TAKEN
from anydoor.care.picture import members_of, stage_of
from anydoor.rules.instruments import choosing, explain, signals
from anydoor.rules.instruments.definition import Instrument
from anydoor.rules.instruments.form import free_of
from anydoor.ui.forms import Form, FormKeyField, LongTextField, TextField
from anydoor.ui.times import calendar_day, day_time
from anydoor.ui.words import given_name, plural, sentence
from anydoor.web.desk.acting import Tried, form_page, saved, tried
from anydoor.web.desk.danger import alarms_of_person
from anydoor.web.desk.frame import page
from anydoor.web.desk.measures import contact_name, measure_row, team_of
from anydoor.web.shell import AnydoorRequest, signed_in


@signed_in
def measure(request: AnydoorRequest, measure_id: int) -> HttpResponse:
    """The result: the band with its rule and source, what was left out, what to ask, what may come next."""
    row = reading.measure_for(request.standing, measure_id)
    if row.state == "draft" and row.link_id is None:
        return HttpResponseRedirect(reverse("desk:measure_questions", args=[row.pk]))
    care = scope.family_for(request.standing, row.family_id)
    scope.looked(
        what="see_measure",
        subject="measure",
        subject_id=row.pk,
        family_id=row.family_id,
        by=request.user,
        at=request.at,
        why="your team works with the family",
    )
    where = stage_of(care, members_of(row.family_id), calendar_day(request.at))
    says_baby = where.says_baby or where.ask_first
    name = given_name(row.person.called)
    alarms = alarms_of_person(row.family_id, row.person_id, request.at)
    pages = [
        reading.page_of(one) for one in reading.together(row) if one.state != "withdrawn" or one.pk == row.pk
    ]
    return page(
        request,
        "desk/measure.jinja",
        "families",
        {
            "care": care,
            "back": ("Measures", reverse("desk:measures", args=[care.pk])),
            "heading": f"{sentence([one.instrument.name for one in pages])}: {row.person.called}",
            "lead": _lead(row, request),
            "name": name,
            "alarm": alarms[0] if alarms else None,
            "parts": [_part(one, request) for one in pages],
            "row": row,
            "signals": signals.shown(says_baby=says_baby),
            "signal_words": signals.SIGNAL_WORDS,
            "routes": signals.routes(care.area.crisis_name, care.area.crisis_phone),
            "low_score": signals.LOW_SCORE,
            "form_key": FormKeyField.new(),
            "others": [
                measure_row(one, request.at)
                for one in reading.measures_of(request.standing, row.family_id)
                if one.person_id == row.person_id
                and one.state == "finished"
                and one.instrument == row.instrument
                and one.pk != row.pk
            ],
        },
    )


def _lead(row: Measure, request: AnydoorRequest) -> str:
    parts = [row.get_respondent_role_display().capitalize(), day_time(row.taken_at, request.at)]
    parts.append(row.get_mode_display().lower())
    if row.practitioner is not None and row.mode != "self_link":
        parts.append(f"with {row.practitioner.name}")
    if row.language != "en":
        parts.append(f"in {name_of(row.language)}")
    first = ", ".join(parts)
    more = [WHY_TAKEN[row.why]] if row.why else []
    if row.schedule_key:
        more.insert(0, contact_name(row.schedule_key))
    return f"{first}. {'. '.join(more)}."


# ---- one instrument of the page


def _part(one: Page, request: AnydoorRequest) -> dict[str, Any]:
    row, instrument = one.measure, one.instrument
    result: Mapping[str, Any] = row.result
    follow = choosing.next_after(instrument.name, result.get("screen")) if row.state == "finished" else None
    taken = (
        follow is not None
        and row.follow_ups.filter(instrument=follow.instrument).exclude(state="withdrawn").exists()
    )
    risk_items = [str(item) for item in instrument.risk_items]
    lines = (
        explain.local_lines(result)
        if one.is_free
        else explain.lines(instrument, result, value_set(row.value_set), row.respondent_role)
    )
    return {
        "pk": row.pk,
        "name": instrument.name,
        "title": instrument.title,
        "short": reading.result_in_words(row),
        "state": row.state,
        "draft": row.state == "draft",
        "by_link": row.link_id is not None,
        "withdrawn": row.withdrawn_why,
        "plain": [line for line in lines if not line.source],
        "cited": [line for line in lines if line.source],
        "estimate": result.get("prorated_estimate"),
        "missing": _missing(one),
        "risk": row.risk,
        "risk_words": sentence([f"question {item}" for item in risk_items]),
        "acted": [_acted(alert, request) for alert in one.alerts if alert.acknowledged_at is not None],
        "items": [_item_row(item, instrument) for item in one.items],
        "difficulty": _difficulty(one),
        "free": [
            (words, row.words[name]) for name, words in free_of(instrument, one.wording) if name in row.words
        ],
        "rule": f"Scored by {instrument.name}, version {instrument.version}"
        + ("" if one.is_free else f", with the thresholds {row.value_set}"),
        "credit": one.wording.credit if one.wording else "",
        "follow": None if follow is None or taken else follow,
        "ask": choosing.still_to_ask(instrument.name, result.get("screen")),
        "whose": _whose(row),
    }


def _missing(one: Page) -> str:
    missing = one.measure.result.get("missing") or []
    if not missing:
        return ""
    keys = [one.instrument.key_of(item) for item in missing]
    said = f"{plural(len(keys), 'question')} not answered: {sentence(keys)}."
    if one.measure.result.get("total") is None and one.instrument.has_total:
        said += " So there is no score. A missing answer is never counted as 0."
    return said


def _acted(alert: MeasureAlert, request: AnydoorRequest) -> str:
    assert alert.acknowledged_by is not None
    when = day_time(alert.acknowledged_at, request.at)
    return f"{alert.acknowledged_by.name}, {when}: {ALERT_ACTIONS[alert.action]}. {alert.action_words}"


def _item_row(one: Answered, instrument: Instrument) -> dict[str, Any]:
    return {
        "number": one.item.key if "." in one.item.key else str(one.item.place),
        "words": one.item.words,
        "answer": one.option or ("Does not apply" if one.score == "na" else ""),
        "score": "" if one.score is None else str(one.score),
        "risk": one.item.is_risk,
        "raised": one.item.is_risk and isinstance(one.score, int) and one.score > 0,
        "look": one.item.number in instrument.look_items and isinstance(one.score, int) and one.score > 1,
    }


def _difficulty(one: Page) -> tuple[str, str] | None:
    value = one.measure.difficulty
    if value is None:
        return None
    extra = next(
        (row for row in (one.wording.extras if one.wording else ()) if row.name == "difficulty"), None
    )
    return (extra.text, extra.options[value]) if extra else ("Difficulty", str(value))


def _whose(row: Measure) -> str:
    """A father's or co-parent's score is read by his own table, or by none: never by a mother's."""
    if row.instrument == "EPDS" and row.respondent_role in {"father", "co_parent"}:
        return "Read by the cut-off found for fathers, not by a mother’s."
    return ""


# ---- what follows


@signed_in
@require_POST
def follow(request: AnydoorRequest, measure_id: int) -> HttpResponse:
    """The longer form at once after a positive screen: of the same person, in the same way."""
    row = reading.measure_for(request.standing, measure_id)
    care, facts = _may_take(request, row)
    asked = choosing.next_after(row.instrument, row.result.get("screen"))
    name = request.POST.get("instrument", "")
    wanted = name if asked is not None and name == asked.instrument else ""
    form = Form(request.POST)
    result: Tried[Measure] = tried(
        form,
        lambda: taking.begin(
            family_id=row.family_id,
            person_id=row.person_id,
            plan=Plan(
                wanted,
                why="follow_up",
                schedule_key=row.schedule_key,
                language=row.language,
                follow_up_of=row,
                thing=row.episode or row.referral,
            ),
            mode="interview" if row.mode == "self_link" else row.mode,
            by=request.user,
            team=team_of(request, facts),
            at=request.at,
            form_key=f"follow:{row.pk}:{wanted}",
        ),
    )
    if result.done is None:
        return saved(request, "It was not begun. Choose it from the list.", "desk:take_measure", care.pk)
    return HttpResponseRedirect(reverse("desk:measure_questions", args=[result.done.pk]))


def _may_take(request: AnydoorRequest, row: Measure) -> tuple[FamilyCare, Any]:
    care = scope.family_for(request.standing, row.family_id)
    facts = scope.facts_of(care)
    check(request.standing, "take_measure", facts)
    return care, facts


class WithdrawForm(Form):
    """Why a measure is taken back."""

    why = TextField(
        label="Why is it taken back?",
        hint="Like: it was entered for the wrong person",
        missing="Say why it is taken back",
        limit=300,
    )


@signed_in
def withdraw(request: AnydoorRequest, measure_id: int) -> HttpResponse:
    """Take a measure back: it is kept, counts nowhere, and an alert it raised stays open."""
    row = reading.measure_for(request.standing, measure_id)
    care, _ = _may_take(request, row)
    form = WithdrawForm(request.POST or None)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        result = tried(
            form,
            lambda: taking.withdraw(
                measure_id=row.pk, why=form.cleaned_data["why"], by=request.user, at=request.at
            ),
        )
        if result.ok:
            return saved(request, "It is taken back and counts nowhere.", "desk:measures", care.pk)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title=f"Take back {row.instrument} of {given_name(row.person.called)}",
        back=(row.instrument, reverse("desk:measure", args=[row.pk])),
        button="Take it back",
        conflict=conflict,
        notes=[
            "It is kept, with your reason, and counts nowhere. An alert that it raised stays until acted on."
        ],
    )


class EndLinkForm(Form):
    """Why a link ends before it was used up."""

    why = LongTextField(
        label="Why does it end?",
        missing="Say why it ends",
        limit=200,
        rows=2,
        hint="Like: it went to an old number",
    )


@signed_in
def end_link(request: AnydoorRequest, link_id: int) -> HttpResponse:
    """End a link that was sent. What was answered through it is kept."""
    link = reading.link_for(request.standing, link_id)
    care = scope.family_for(request.standing, link.family_id)
    check(request.standing, "take_measure", scope.facts_of(care))
    form = EndLinkForm(request.POST or None)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        result = tried(
            form,
            lambda: links.end_link(
                link_id=link.pk, why=form.cleaned_data["why"], by=request.user, at=request.at
            ),
        )
        if result.ok:
            return saved(request, "The link no longer works.", "desk:measures", care.pk)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title=f"End the link sent to {given_name(link.person.called)}",
        back=("Measures", reverse("desk:measures", args=[care.pk])),
        button="End it",
        conflict=conflict,
    )


urls = [
    path("measure/<int:measure_id>/", measure, name="measure"),
    path("measure/<int:measure_id>/follow", follow, name="follow_measure"),
    path("measure/<int:measure_id>/withdraw", withdraw, name="withdraw_measure"),
    path("measure-link/<int:link_id>/end", end_link, name="end_measure_link"),
]
