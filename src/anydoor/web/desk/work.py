"""Pages: one request or episode with its contacts and what can be done with it: end, re-open, pause, move."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from anydoor.access.policy import check, may, why_not
from anydoor.care import scope
from anydoor.care.episode import delivered, end, reopen
from anydoor.care.holding import choose_lead, colleagues, hold_teams, holders_of, move_holding
from anydoor.care.models import Contact, Episode, Handover, Offer, Referral
from anydoor.care.triage import answer_offer, pause
from anydoor.people.models import Family
from anydoor.rules.end_state import END_REASONS, END_STATE_WORDS, EndState, why_not_end
from anydoor.rules.errors import NotFound
from anydoor.rules.pathway import STAGE_WORDS, EpisodeStage, ReferralStage
from anydoor.ui.forms import Choice, ChoiceOfOne, DayField, Form, LongTextField, SelectField, TextField
from anydoor.ui.times import clock_time, date_words, day_words
from anydoor.ui.words import given_name
from anydoor.web.desk.acting import (
    called,
    family_in_full,
    form_page,
    kind_of,
    saved,
    thing_of,
    to_family,
    tried,
)
from anydoor.web.desk.chips import level_words
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in

ANSWERS = {
    "yes": "They say yes",
    "thinking": "Thinking about it",
    "no": "They say no",
    "not_asked": "Not asked yet",
}


def to_work(thing: Referral | Episode) -> tuple[str, str]:
    words = called(thing)
    return words[:1].upper() + words[1:], reverse("desk:work", args=[kind_of(thing), thing.pk])


# ---- the page


@signed_in
def work(request: AnydoorRequest, kind: str, thing_id: int) -> HttpResponse:
    """What was planned and what was done in one request or episode, and who holds it."""
    thing, facts = thing_of(request, kind, thing_id)
    care = scope.family_for(request.standing, thing.family_id)
    scope.looked(
        what="see_work",
        subject=kind,
        subject_id=thing.pk,
        family_id=thing.family_id,
        by=request.user,
        at=request.at,
        why="your team works with the family",
    )
    contacts = (
        Contact.objects.filter(**{kind: thing}, superseded_by__isnull=True)
        .select_related("by")
        .order_by("-happens_at", "-pk")[:100]
    )
    handovers = (
        Handover.objects.filter(**{kind: thing}).select_related("service").order_by("-proposed_at", "-pk")
    )
    context = {
        "care": care,
        "back": to_family(care),
        "kind": kind,
        "thing": thing,
        "heading": to_work(thing)[0],
        "lead": _lead(thing, request.at),
        "you": thing.holder_id == request.user.pk,
        "contacts": [_contact_row(row, request.at) for row in contacts],
        "handovers": [
            {
                "href": reverse("desk:handover", args=[row.pk]),
                "service": row.service.name,
                "words": f"{row.get_stage_display()}, asked {date_words(row.proposed_at, request.at)}",
            }
            for row in handovers
        ],
        "offers": _offers(thing),
        "answers": ANSWERS,
        "open": thing.holder_id is not None,
        "no_hand_over": why_not(request.standing, "propose_handover", facts),
        "may_triage": isinstance(thing, Referral) and may(request.standing, "triage", facts),
        "ended": END_STATE_WORDS[EndState(thing.end_state)] if thing.end_state else "",
    }
    return page(request, "desk/work.jinja", "families", context)


def _lead(thing: Referral | Episode, at: datetime) -> str:
    if isinstance(thing, Referral):
        words = STAGE_WORDS[ReferralStage(thing.stage)].capitalize()
        return f"{thing.get_door_display()}, {date_words(thing.received_at, at)}. {words}"
    since = f"{level_words(thing.level)}, since {date_words(thing.opened_at, at)}"
    return since if thing.stage == EpisodeStage.OPEN else f"{since}. Ended {date_words(thing.ended_at, at)}"


def _contact_row(row: Contact, at: datetime) -> dict[str, Any]:
    planned = row.outcome == "planned"
    return {
        "when": f"{day_words(row.happens_at, at)}, {clock_time(row.happens_at)}",
        "mode": row.get_mode_display(),
        "outcome": row.get_outcome_display(),
        "colour": {"attended": "good", "planned": "mental", "not_reached": "due"}.get(row.outcome, "grey"),
        "who": row.by_words,
        "words": row.words,
        "href": reverse("desk:say_contact", args=[row.pk]) if planned else "",
        "action": "Say what happened" if row.happens_at <= at else "Open or move it",
    }


def _offers(thing: Referral | Episode) -> list[Offer]:
    """The offers of the latest decision."""
    if not isinstance(thing, Referral):
        return []
    rows = list(
        Offer.objects.filter(referral=thing)
        .select_related("service")
        .order_by("-decision__at", "-decision_id", "pk")
    )
    return [row for row in rows if row.decision_id == rows[0].decision_id]


class AnswerForm(Form):
    """What the family says to one offer."""

    answer = ChoiceOfOne(label="What do they say?", options=list(ANSWERS.items()))


@signed_in
def answer(request: AnydoorRequest, offer_id: int) -> HttpResponse:
    """Record the family's answer to an offer."""
    offer = Offer.objects.filter(pk=offer_id).select_related("referral", "service").first()
    if offer is None:
        raise NotFound(scope.NO_SUCH)
    thing, facts = thing_of(request, "referral", offer.referral_id)
    check(request.standing, "record_contact", facts)
    form = AnswerForm(request.POST or None, initial={"answer": offer.answer})
    conflict = ""
    if request.method == "POST" and form.is_valid():
        result = tried(
            form,
            lambda: answer_offer(
                offer=offer, answer=form.cleaned_data["answer"], by=request.user, at=request.at
            ),
        )
        if result.ok:
            return saved(
                request,
                f"Their answer to {offer.service.name} is recorded.",
                "desk:work",
                "referral",
                thing.pk,
            )
        conflict = result.conflict
    return form_page(
        request,
        form,
        title=offer.service.name,
        back=to_work(thing),
        button="Save",
        conflict=conflict,
    )


# ---- ending and opening again


class EndForm(Form):
    """A person and a coded reason; the end state follows from what was delivered."""

    reason = ChoiceOfOne(label="Why does it end?", look="small")
    words = LongTextField(
        label="How it ended, in words the family could read",
        missing="Say how it ended, in words the family could read.",
        limit=500,
        rows=3,
    )


@signed_in
def end_page(request: AnydoorRequest, kind: str, thing_id: int) -> HttpResponse:
    """End a request or an episode. Reasons the facts do not bear are shown with what is missing."""
    thing, facts = thing_of(request, kind, thing_id)
    check(request.standing, "end", facts)
    form = EndForm(request.POST or None)
    refusals = {code: why_not_end(code, delivered(thing, reason=code)) for code in END_REASONS}
    form.fields["reason"].options = [
        Choice(code, reason.words, refusals[code] or "") for code, reason in END_REASONS.items()
    ]
    conflict = ""
    if request.method == "POST" and form.is_valid():
        result = tried(form, lambda: end(thing=thing, **form.cleaned_data, by=request.user, at=request.at))
        if result.ok:
            return saved(
                request,
                "It has ended. It can be opened again when they turn to us.",
                "desk:family",
                thing.family_id,
            )
        conflict = result.conflict
    met = delivered(thing, reason="finished")
    return form_page(
        request,
        form,
        title=f"End {called(thing)}",
        lead="Only a person ends this, never a clock.",
        back=to_work(thing),
        button="End it",
        conflict=conflict,
        facts=[
            {"label": "Met or spoke", "value": _times(met.attended)},
            {"label": "Tried, not reached", "value": _times(met.not_reached)},
        ],
    )


def _times(count: int) -> str:
    return "Never" if count == 0 else "Once" if count == 1 else f"{count} times"


class ReopenForm(Form):
    """Why a closed request is opened again, and in which team."""

    why = LongTextField(
        label="Why is it opened again?", missing="Say why it is opened again.", rows=3, limit=1000
    )
    team = SelectField(label="In which team do you hold it?", nothing="")


@signed_in
def reopen_page(request: AnydoorRequest, referral_id: int) -> HttpResponse:
    """Open a closed request again. Whoever opens it holds it from this moment."""
    thing, facts = thing_of(request, "referral", referral_id)
    check(request.standing, "reopen", facts)
    teams = {str(team.pk): team for team in hold_teams(request.user, request.at)}
    form = ReopenForm(request.POST or None)
    form.fields["team"].options = [(key, team.name) for key, team in teams.items()]
    conflict = ""
    if request.method == "POST" and form.is_valid() and isinstance(thing, Referral):
        data = form.cleaned_data
        result = tried(
            form,
            lambda: reopen(
                referral=thing, why=data["why"], team=teams[data["team"]], by=request.user, at=request.at
            ),
        )
        if result.ok:
            return saved(request, "It is open again, and you hold it.", "desk:family", thing.family_id)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title=f"Open {called(thing)} again",
        lead="You hold it from this moment.",
        back=to_work(thing),
        button="Open it again",
        conflict=conflict,
    )


class PauseForm(Form):
    """Until when the family asked us to wait."""

    until = DayField(label="Wait until which day?")
    words = TextField(label="What did they say?", required=False, limit=300)


@signed_in
def pause_page(request: AnydoorRequest, referral_id: int) -> HttpResponse:
    """They asked us to wait. The holder stays; the clock starts again on that day."""
    thing, facts = thing_of(request, "referral", referral_id)
    check(request.standing, "record_contact", facts)
    form = PauseForm(request.POST or None)
    conflict = ""
    if request.method == "POST" and form.is_valid() and isinstance(thing, Referral):
        result = tried(
            form, lambda: pause(referral=thing, **form.cleaned_data, by=request.user, at=request.at)
        )
        if result.ok:
            until = day_words(form.cleaned_data["until"])
            return saved(
                request, f"It waits until {until}. The holder stays.", "desk:family", thing.family_id
            )
        conflict = result.conflict
    return form_page(
        request,
        form,
        title=f"Pause {called(thing)}",
        lead="Only when they asked us to wait.",
        back=to_work(thing),
        button="Pause it",
        conflict=conflict,
    )


# ---- who holds


class MoveForm(Form):
    """A colleague who holds from now on, and why."""

    to = SelectField(
        label="Who holds from now on?", nothing="Choose a colleague", missing="Choose a colleague."
    )
    why = TextField(label="Why does it move?", limit=200, missing="Say why it moves.")


@signed_in
def move_page(request: AnydoorRequest, kind: str, thing_id: int) -> HttpResponse:
    """Give a request or an episode to a colleague of the same team."""
    thing, facts = thing_of(request, kind, thing_id)
    check(request.standing, "move_holding", facts)
    if thing.holder_team is None:
        return HttpResponseRedirect(to_work(thing)[1])
    team = thing.holder_team
    found = colleagues(team, request.at, family_id=thing.family_id)
    people = {str(one.pk): one for one in found if one.pk != thing.holder_id}
    form = MoveForm(request.POST or None)
    form.fields["to"].options = [(key, one.name) for key, one in people.items()]
    conflict = ""
    if request.method == "POST" and form.is_valid():
        to = people[form.cleaned_data["to"]]
        result = tried(
            form,
            lambda: move_holding(
                thing=thing, to=to, team=team, why=form.cleaned_data["why"], by=request.user, at=request.at
            ),
        )
        if result.ok:
            return saved(
                request,
                f"{to.name} holds now. {given_name(to.name)} is asked to let the family know.",
                "desk:family",
                thing.family_id,
            )
        conflict = result.conflict
    return form_page(
        request,
        form,
        title=f"Give {called(thing)} to a colleague",
        lead=f"In {team.name}. To another team it is a handover.",
        back=to_work(thing),
        button="Give it to them",
        conflict=conflict,
    )


class LeadForm(Form):
    """Whom the family turns to first, as it said."""

    lead = ChoiceOfOne(
        label="Who did the family choose?", missing="Choose somebody who holds this family now."
    )
    words = TextField(label="What did they say?", required=False, limit=300)


@signed_in
def lead_page(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """The family chose who is shown first."""
    care, _ = family_in_full(request, family_id, "choose_lead")
    holders = {str(one.pk): one for one in holders_of(family_id)}
    chosen = Family.objects.values_list("chosen_lead_id", flat=True).get(pk=family_id)
    form = LeadForm(request.POST or None, initial={"lead": str(chosen or care.lead_id or "")})
    form.fields["lead"].options = [Choice(key, one.name, one.job_title) for key, one in holders.items()]
    conflict = ""
    if request.method == "POST" and form.is_valid():
        lead = holders[form.cleaned_data["lead"]]
        result = tried(
            form,
            lambda: choose_lead(
                family_id=family_id,
                lead=lead,
                words=form.cleaned_data["words"],
                by=request.user,
                at=request.at,
            ),
        )
        if result.ok:
            return saved(request, f"{lead.name} is shown first.", "desk:family", family_id)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title="Choose who is shown first",
        lead="Everybody goes on holding what they hold.",
        back=to_family(care),
        button="Save",
        conflict=conflict,
    )


urls = [
    path("work/<str:kind>/<int:thing_id>/", work, name="work"),
    path("work/<str:kind>/<int:thing_id>/end/", end_page, name="end"),
    path("work/<str:kind>/<int:thing_id>/move/", move_page, name="move_holding"),
    path("work/referral/<int:referral_id>/reopen/", reopen_page, name="reopen"),
    path("work/referral/<int:referral_id>/pause/", pause_page, name="pause"),
    path("offer/<int:offer_id>/", answer, name="answer_offer"),
    path("family/<int:family_id>/lead/", lead_page, name="choose_lead"),
]
