"""Pages: each step of a handover: answer, introduce, meet, take back, write down what was heard."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.access.policy import Facts, Standing, check, why_not
from anydoor.care import handover as verbs
from anydoor.care import scope
from anydoor.care.models import Handover
from anydoor.care.models.episode import MODES
from anydoor.care.models.handover import decline_reasons
from anydoor.directory.models import Service
from anydoor.rules.errors import NotFound, WrongMoment
from anydoor.rules.pathway import HandoverStage
from anydoor.ui.forms import (
    ChoiceOfOne,
    DayField,
    Form,
    LongTextField,
    NumberField,
    SelectField,
    TextField,
    TimeField,
)
from anydoor.ui.words import given_name
from anydoor.web.desk.acting import Tried, form_page, moment, saved, today, tried
from anydoor.web.desk.frame import page
from anydoor.web.desk.handover_page import RUNNING
from anydoor.web.shell import AnydoorRequest, signed_in

H = HandoverStage

# ---- finding


def handover_of(request: AnydoorRequest, handover_id: int) -> tuple[Handover, Facts, bool]:
    """The handover, the facts of its family, and whether this person sees the family in full."""
    handover = scope.handover_for(request.standing, handover_id)
    facts = scope.facts_of(scope.family_for(request.standing, handover.family_id))
    return handover, facts, scope.sees_in_full(request.standing, facts)


def sender_facts(handover: Handover, family: Facts) -> Facts:
    """The facts for whoever hands over: the holder, and the holder's team."""
    return Facts(
        holder_id=handover.from_user_id,
        full_team_ids=family.full_team_ids,
        area_team_id=handover.area.front_door_id,
        team_id=handover.from_team_id,
    )


ACTIONS: dict[str, tuple[str, set[HandoverStage]]] = {
    # name: (action of the policy, stages at which it makes sense)
    "accept": ("answer_handover", {H.PROPOSED}),
    "decline": ("answer_handover", {H.PROPOSED, H.ACCEPTED, H.INTRODUCED}),
    "plan": ("introduce", {H.ACCEPTED}),
    "introduce": ("introduce", {H.ACCEPTED}),
    "met": ("first_contact", {H.ACCEPTED, H.INTRODUCED}),
    "heard": ("answer_for_outsider", RUNNING),
    "look": ("second_look", {H.DECLINED, H.AT_MEETING}),
    "withdraw": ("withdraw_handover", RUNNING | {H.DECLINED, H.AT_MEETING}),
}


def refusals_of(who: Standing, handover: Handover, family: Facts) -> dict[str, str | None]:
    """For each step that makes sense now: None when it is theirs to take, else why not."""
    answer = scope.facts_of_answer(handover)
    sender = sender_facts(handover, family)
    facts = {"answer_handover": answer, "first_contact": answer, "second_look": sender}
    outside = handover.to_team_id is None
    refusals: dict[str, str | None] = {}
    for name, (action, stages) in ACTIONS.items():
        if HandoverStage(handover.stage) not in stages:
            continue
        if (name in {"accept", "decline", "met"} and outside) or (name == "heard" and not outside):
            continue
        refusals[name] = why_not(who, action, facts.get(action, sender))
    return refusals


# ---- the steps


class DeclineForm(Form):
    """Another way: a coded reason, words, and what could help instead."""

    reason = ChoiceOfOne(label="Why not you, or not now?", options=decline_reasons(), look="small")
    words = LongTextField(
        label="Say it in a sentence the sender can use",
        missing="Say why, in a sentence the sender can use.",
        limit=500,
        rows=3,
    )
    alternative = SelectField(
        label="What could help instead?", required=False, nothing="Not in the list, I write it below"
    )
    alternative_words = TextField(label="Or another way, in your words", required=False, limit=300)


class PlanForm(Form):
    """When they meet together."""

    day = DayField(label="Day")
    clock = TimeField(label="Time")
    words = TextField(
        label="How, and what the family said", required=False, limit=300, hint="Like: three-way call. “Ok.”"
    )


class IntroduceForm(Form):
    """How the introduction went."""

    words = LongTextField(
        label="How did it go?", required=False, limit=2000, rows=3, hint="A line is enough."
    )


class MetForm(Form):
    """The first real contact."""

    mode = ChoiceOfOne(label="How did you meet or speak?", options=list(MODES.items()), look="small")
    day = DayField(label="Day", required=False, hint="Leave it empty if it was just now.")
    clock = TimeField(label="Time", required=False)
    minutes = NumberField(label="Minutes", required=False, min_value=1, max_value=720)
    words = LongTextField(
        label="What you talked about",
        hint="A line is enough. Write it so that the family could read it.",
        missing="Say in a line what you talked about.",
        limit=5000,
        rows=4,
    )


class WithdrawForm(Form):
    """Why it is taken back."""

    why = TextField(label="Why do you take it back?", limit=300, missing="Say why.")


class HeardForm(Form):
    """Who of the receiver's said it."""

    who = TextField(label="Who told you?", hint="Name and place, like: Ann at Time", limit=120, width=30)


class HeardDeclineForm(HeardForm, DeclineForm):
    """A no by telephone."""

    field_order = ("who", "reason", "words", "alternative", "alternative_words")


class HeardMetForm(HeardForm, MetForm):
    """A first contact told by telephone."""

    field_order = ("who", "mode", "day", "clock", "minutes", "words")


def _may_act(request: AnydoorRequest, handover_id: int, name: str) -> Handover:
    """The handover for one step; `NotFound` for strangers, `NotAllowed` for those whose step it is not."""
    handover, family, _ = handover_of(request, handover_id)
    action, _ = ACTIONS[name]
    answers = action in {"answer_handover", "first_contact"}
    check(
        request.standing,
        action,
        scope.facts_of_answer(handover) if answers else sender_facts(handover, family),
    )
    return handover


def _back(handover: Handover) -> tuple[str, str]:
    return f"Handover to {handover.service.name}", reverse("desk:handover", args=[handover.pk])


def _step(
    request: AnydoorRequest,
    handover: Handover,
    form: Form,
    work: Callable[[dict[str, Any]], Any],
    *,
    title: str,
    button: str,
    words: str,
    lead: str = "",
) -> HttpResponse:
    """Show the form of one step, or take the step."""
    result: Tried[Any] = Tried()
    if request.method == "POST" and form.is_valid():
        result = tried(
            form,
            lambda: work(form.cleaned_data),
            {"happened_at": "day", "when": "day", "introduction_at": "day"},
        )
        if result.ok:
            return saved(request, words, "desk:handover", handover.pk)
    return form_page(
        request,
        form,
        title=title,
        lead=lead or f"{given_name(handover.from_user.name)} holds until they have met.",
        back=_back(handover),
        button=button,
        conflict=result.conflict,
    )


def _alternatives(form: Form, handover: Handover, on: Any) -> dict[str, Service]:
    services = (
        Service.objects.serving(handover.area).live(on).receiving().exclude(pk=handover.service_id).in_order()
    )
    found = {one.slug: one for one in services}
    form.fields["alternative"].options = [(slug, one.name) for slug, one in found.items()]
    return found


@require_POST
@signed_in
def accept(request: AnydoorRequest, handover_id: int) -> HttpResponse:
    """We take over. A double click is one yes; a colleague who was quicker is named."""
    handover = _may_act(request, handover_id, "accept")
    try:
        verbs.accept(handover=handover, by=request.user, at=request.at)
    except WrongMoment as fault:
        now = scope.handover_for(request.standing, handover_id)
        if now.stage != H.ACCEPTED or now.to_user_id != request.user.pk:
            return page(
                request,
                "desk/conflict.jinja",
                "families",
                {"heading": "Somebody was quicker", "what": fault.message, "back": _back(handover)},
                status=409,
            )
    who = given_name(handover.from_user.name)
    return saved(
        request,
        f"You have accepted. {who} holds until you have met them and recorded it.",
        "desk:handover",
        handover_id,
    )


@signed_in
def decline(request: AnydoorRequest, handover_id: int) -> HttpResponse:
    """Propose another way."""
    handover = _may_act(request, handover_id, "decline")
    form = DeclineForm(request.POST or None)
    found = _alternatives(form, handover, today(request))
    return _step(
        request,
        handover,
        form,
        lambda data: verbs.decline(
            handover=handover,
            **{**data, "alternative": found.get(data["alternative"])},
            by=request.user,
            at=request.at,
        ),
        title="Propose another way",
        button="Propose it",
        words="It is proposed. The area’s coordinator looks again; nobody is without a holder.",
    )


@signed_in
def plan(request: AnydoorRequest, handover_id: int) -> HttpResponse:
    """Plan the introduction, or move it."""
    handover = _may_act(request, handover_id, "plan")
    return _step(
        request,
        handover,
        PlanForm(request.POST or None),
        lambda data: verbs.plan_introduction(
            handover=handover,
            when=moment(data["day"], data["clock"], request.at),
            words=data["words"],
            by=request.user,
            at=request.at,
        ),
        title="Move the introduction" if handover.introduction_at else "Plan the introduction",
        button="Save",
        words="The introduction is planned.",
    )


@signed_in
def introduced(request: AnydoorRequest, handover_id: int) -> HttpResponse:
    """They have met or spoken together."""
    handover = _may_act(request, handover_id, "introduce")
    return _step(
        request,
        handover,
        IntroduceForm(request.POST if request.method == "POST" else None),
        lambda data: verbs.introduce(handover=handover, words=data["words"], by=request.user, at=request.at),
        title="We have introduced them",
        button="Save",
        words="It is recorded. The first real contact comes next.",
    )


@signed_in
def met(request: AnydoorRequest, handover_id: int) -> HttpResponse:
    """The first real contact: in this moment holding moves."""
    handover = _may_act(request, handover_id, "met")
    name = given_name(handover.person.called)
    return _step(
        request,
        handover,
        MetForm(request.POST or None),
        lambda data: _first_contact(request, handover, data, request.user, None),
        title=f"Record the first contact with {name}",
        lead=f"When you save this, you hold {name}.",
        button="Save, and hold them",
        words=f"You hold {name} now.",
    )


def _first_contact(
    request: AnydoorRequest,
    handover: Handover,
    data: dict[str, Any],
    by: User | Outsider,
    heard_by: User | None,
) -> Any:
    return verbs.first_contact(
        handover=handover,
        mode=data["mode"],
        words=data["words"],
        minutes=data["minutes"],
        happened_at=moment(data["day"], data["clock"], request.at),
        by=by,
        heard_by=heard_by,
        at=request.at,
    )


@signed_in
def withdraw(request: AnydoorRequest, handover_id: int) -> HttpResponse:
    """Take a proposal back; the sender goes on holding."""
    handover = _may_act(request, handover_id, "withdraw")
    return _step(
        request,
        handover,
        WithdrawForm(request.POST or None),
        lambda data: verbs.withdraw(handover=handover, why=data["why"], by=request.user, at=request.at),
        title="Take this handover back",
        lead=f"{given_name(handover.from_user.name)} goes on holding.",
        button="Take it back",
        words="It is taken back. Nothing else has changed.",
    )


@signed_in
def heard(request: AnydoorRequest, handover_id: int, said: str) -> HttpResponse:
    """Write down what a receiver without an account said by telephone: yes, another way, or we have met."""
    handover = _may_act(request, handover_id, "heard")
    if said not in {"yes", "no", "met"} or handover.to_team_id is not None:
        raise NotFound(scope.NO_SUCH)
    shapes: dict[str, type[Form]] = {"yes": HeardForm, "no": HeardDeclineForm, "met": HeardMetForm}
    form = shapes[said](request.POST or None)
    found = _alternatives(form, handover, today(request)) if said == "no" else {}

    def work(data: dict[str, Any]) -> Any:
        by = Outsider(data.pop("who"), "receiver")
        if said == "yes":
            return verbs.accept(handover=handover, by=by, heard_by=request.user, at=request.at)
        if said == "met":
            return _first_contact(request, handover, data, by, request.user)
        data["alternative"] = found.get(data["alternative"])
        return verbs.decline(handover=handover, by=by, heard_by=request.user, at=request.at, **data)

    titles = {"yes": "They said yes", "no": "They propose another way", "met": "They have seen them"}
    return _step(
        request,
        handover,
        form,
        work,
        title=f"{handover.service.name}: {titles[said].lower()}",
        lead="By telephone, with who said so.",
        button="Save",
        words="It is recorded, with who said so.",
    )


BASE = "handover/<int:handover_id>/"
urls = [
    path(f"{BASE}accept/", accept, name="accept"),
    path(f"{BASE}another-way/", decline, name="decline"),
    path(f"{BASE}plan/", plan, name="plan_introduction"),
    path(f"{BASE}introduced/", introduced, name="introduced"),
    path(f"{BASE}met/", met, name="first_contact"),
    path(f"{BASE}take-back/", withdraw, name="withdraw"),
    path(f"{BASE}heard/<str:said>/", heard, name="heard"),
]
