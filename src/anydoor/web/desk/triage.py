"""A request at the front door: what they told us, what could help and why, and the decision with its reasons.

Looking does not stop a clock: the look is recorded, and the request counts as read when somebody says so or
acts on it (a browser that loads a page ahead, or a colleague who peeks, has read nothing).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from anydoor.access.policy import Facts, check, may
from anydoor.care import deciding, scope, triage
from anydoor.care.models import Decision, FamilyCare, Offer, PossibleMatch, Referral, Story, Wait
from anydoor.care.picture import Member, members_of, stage_of
from anydoor.directory.matching import Matched, help_for
from anydoor.directory.models import LEVELS
from anydoor.rules import working_time
from anydoor.rules.pathway import OPEN_REFERRAL, ReferralStage
from anydoor.rules.stage import Stage
from anydoor.ui.forms import Choice, ChoiceOfMany, ChoiceOfOne, Form, HiddenField, LongTextField, SelectField
from anydoor.ui.words import given_name
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


class OnePage:
    """Everything read for one showing of the page: a request, its family, and what could help."""

    def __init__(self, request: AnydoorRequest, referral: Referral) -> None:
        self.request, self.referral, self.at = request, referral, request.at
        self.today = working_time.in_london(request.at).date()
        self.care: FamilyCare = scope.family_for(request.standing, referral.family_id)
        self.members: list[Member] = members_of(referral.family_id)
        self.teller = next((one for one in self.members if one.person.pk == referral.person_id), None)
        self.stage: Stage = stage_of(self.care, self.members, self.today)
        self.is_open = ReferralStage(referral.stage) in OPEN_REFERRAL
        self.matched: Matched = help_for(
            area=referral.area,
            profile=deciding.profile_of(
                referral, family=self.care.family, teller=self.teller, stage=self.stage, on=self.today
            ),
        )
        self.waits = list(
            Wait.objects.open()
            .filter(referral=referral)
            .select_related("referral")
            .order_by("-urgent", "due_at", "id")
        )
        self.danger = next((wait for wait in self.waits if wait.kind == "danger"), None)
        self.stories: Sequence[Story] = list(
            Story.objects.filter(
                family_id=referral.family_id, person_id=referral.person_id, replaced_by__isnull=True
            )
        )
        self.decision = (
            Decision.objects.filter(referral=referral).select_related("by").order_by("-at", "-pk").first()
        )
        self.offers = (
            list(Offer.objects.filter(decision=self.decision).select_related("service").order_by("pk"))
            if self.decision
            else []
        )
        self.draft = deciding.kept_for_later(referral) if self.is_open else None
        self.matches = PossibleMatch.objects.filter(referral=referral, state="open").count()

    @property
    def first(self) -> str:
        """What to call the person in a sentence."""
        name = self.referral.title
        return given_name(name) if name != "Not named yet" else "they"

    def slugs(self) -> set[str]:
        """The services that can be ticked."""
        return set(self.matched.services)


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
    one = OnePage(request, referral)
    if request.method == "POST":
        form = _decide_form(one, request.POST)
        answered = _keep(one, form) if "later" in request.POST else _decide(one, form)
        return answered or _draw(one, form, status=409 if form.non_field_errors() else 422)
    scope.looked(
        what="see_request",
        subject="referral",
        subject_id=referral.pk,
        family_id=referral.family_id,
        by=request.user,
        at=request.at,
        why="Triage at the front door",
    )
    return _draw(one, _decide_form(one, None))


def _decide_form(one: OnePage, given: Any) -> DecideForm:
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


def _decide(one: OnePage, form: DecideForm) -> HttpResponse | None:
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
            by=one.request.user,
            at=one.at,
            level_why=one.matched.level.why[:300],
        ),
    )
    if done is None:
        return None
    deciding.forget_draft(referral)
    holder = (
        "You go on holding them" if referral.holder_id == one.request.user.pk else "Their holder holds on"
    )
    messages.success(one.request, f"Decision recorded. {holder} until somebody has met them.")
    if told["answer"] in {"yes", "some"}:
        address = reverse("desk:hand_over", args=["referral", referral.pk])
        only = f"?service={told['offers'][0]}" if len(told["offers"]) == 1 else ""
        return redirect(address + only)
    return redirect("desk:triage", referral_id=referral.pk)


def _keep(one: OnePage, form: DecideForm) -> HttpResponse | None:
    """Keep what was typed, right or wrong, and go back to the inbox."""
    typed = {
        "offers": [slug for slug in one.request.POST.getlist("offers") if slug in one.slugs()],
        "words": one.request.POST.get("words", ""),
        **{
            name: value
            for name in ("level", "answer")
            if (value := one.request.POST.get(name, "")) in dict(form.fields[name].choices)
        },
    }
    words_fault = "words" in form.errors and typed["words"].strip()
    form.errors.clear()
    if words_fault:
        form.add_error("words", "Take out hidden characters, or make it shorter, so that it can be kept.")
        return None

    def keep() -> bool:
        deciding.keep_for_later(referral=one.referral, typed=typed, by=one.request.user, at=one.at)
        return True

    if not attempt(form, keep):
        return None
    messages.success(one.request, f"Kept for later. {one.referral.title} stays with its holder.")
    return redirect("desk:inbox")


def _draw(one: OnePage, form: DecideForm, status: int = 200) -> HttpResponse:
    raised = alarm(one.danger, one.referral, one.referral.person, one.stories, one.at) if one.danger else None
    heard = HeardForm(
        initial={
            "needs": one.referral.needs,
            "severity": one.referral.heard.get("severity", "unknown"),
            "mode": one.referral.heard.get("mode", ""),
        },
        prefix="heard",
    )
    return page(
        one.request,
        "desk/triage.jinja",
        "inbox",
        {**triage_page.context(one, form), "alarm": raised, "form": form, "heard": heard},
        status=status,
    )


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
    one = OnePage(request, referral)
    return page(
        request,
        "desk/triage.jinja",
        "inbox",
        {
            **triage_page.context(one, form),
            "alarm": None,
            "form": _decide_form(one, None),
            "heard": form,
        },
        status=422,
    )


urls = [
    path("referral/<int:referral_id>/", one_request, name="triage"),
    path("referral/<int:referral_id>/read", read, name="read_request"),
    path("referral/<int:referral_id>/take", take, name="take_request"),
    path("referral/<int:referral_id>/heard", heard, name="heard"),
]
