"""Pages: open a record in an emergency, close it again, and review what others opened."""

from __future__ import annotations

from typing import Any

from allauth.core import context, ratelimit
from allauth.mfa.models import Authenticator
from django.http import HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from anydoor.access import wall
from anydoor.access.models import User
from anydoor.access.policy import Facts, Standing, check, may
from anydoor.care import break_glass, scope
from anydoor.care.models import BreakGlass
from anydoor.care.models.sealing import GLASS_KINDS, GLASS_MINUTES, GLASS_REASON, OUTCOMES_OF_REVIEW
from anydoor.rules import working_time
from anydoor.rules.errors import NotFound
from anydoor.ui.forms import ChoiceOfOne, DayField, Form, LongTextField, PasswordField, TextField
from anydoor.ui.times import clock_time, date_words, day_time
from anydoor.web.desk.acting import form_page, saved, tried
from anydoor.web.desk.frame import page
from anydoor.web.desk.looks import ACTION_WORDS
from anydoor.web.shell import AnydoorRequest, signed_in


class EmergencyForm(Form):
    """Whose record, why, and once more who asks."""

    nhs_number = TextField(label="NHS number", required=False, limit=20, width=20, spellcheck=False)
    name = TextField(label="Or their whole name", required=False, limit=200, width=30, autocomplete="off")
    born_on = DayField(label="with their birth date", required=False)
    code = TextField(
        label="Or the reference of a request",
        hint="Like NFK 7Q4 H2M",
        required=False,
        limit=20,
        width=20,
        spellcheck=False,
    )
    kind = ChoiceOfOne(label="What is the emergency?", options=list(GLASS_KINDS.items()), look="small")
    reason = LongTextField(
        label="Why do you have to open it now?",
        hint=f"At least {GLASS_REASON} characters. The holder, their lead and the governance lead read this.",
        rows=3,
        limit=1000,
        missing="Say why.",
    )
    proof = PasswordField(
        label="Your password, or the code of your second step",
        missing="Type your password or a code.",
        autocomplete="current-password",
    )


class ReviewForm(Form):
    """What somebody else finds."""

    outcome = ChoiceOfOne(label="What did you find?", options=list(OUTCOMES_OF_REVIEW.items()), look="small")
    words = LongTextField(
        label="What did you look at, and what follows?",
        rows=3,
        limit=1000,
        missing="Say what you looked at and what follows.",
    )


@signed_in
def emergency(request: AnydoorRequest) -> HttpResponse:
    """The form; sent, with proof of who asks, it opens the record for an hour."""
    check(request.standing, "break_glass")
    form = EmergencyForm(request.POST or None)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        if not proved(request, form.cleaned_data["proof"]):
            break_glass.tried(by=request.user, at=request.at, why="The password or code was not right.")
            form.add_error("proof", "That is not your password or your code. Nothing was opened.")
        else:
            result = tried(form, lambda: _open(request, form))
            if result.done is not None:
                return saved(
                    request,
                    f"Open until {clock_time(result.done.until)}. Every look is recorded.",
                    "desk:family",
                    result.done.family_id,
                )
            conflict = result.conflict
    return form_page(
        request,
        form,
        title="Open a record in an emergency",
        lead="Only when somebody could come to harm and nothing else is quick enough. It opens for "
        f"{GLASS_MINUTES} minutes. Whoever holds the family and the governance lead are told at once, and "
        "somebody else looks at it afterwards.",
        back=("My work", reverse("desk:home")),
        button="Open it now",
        current="work",
        conflict=conflict,
    )


def _open(request: AnydoorRequest, form: Form) -> BreakGlass | None:
    data: dict[str, Any] = form.cleaned_data
    try:
        family_id = break_glass.family_named(
            request.standing,
            nhs_number=data["nhs_number"],
            name=data["name"],
            born_on=data["born_on"],
            code=data["code"],
        )
    except NotFound as fault:
        break_glass.tried(by=request.user, at=request.at, why=f"Nobody found. {data['reason']}"[:300])
        form.add_error(None, fault.message)
        return None
    return break_glass.break_glass(
        family_id=family_id, kind=data["kind"], reason=data["reason"], by=request.user, at=request.at
    )


def proved(request: AnydoorRequest, typed: str) -> bool:
    """Whether this is the password of who is signed in, or a code of their second factor, just now.

    Tried too often, nothing is right for a while; each try counts, as on the page of signing in.
    """
    user: User = request.user
    with context.request_context(request):
        if not ratelimit.consume(request, action="reauthenticate", user=user):
            return False
        if user.has_usable_password() and user.check_password(typed):
            return True
        factor = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
        return factor is not None and bool(factor.wrap().validate_code(typed.strip()))


@signed_in
@require_POST
def close(request: AnydoorRequest, glass_id: int) -> HttpResponse:
    """Close the record again before the hour is over."""
    break_glass.end(break_glass_id=glass_id, by=request.user, at=request.at)
    return saved(request, "The record is closed again.", "desk:home")


@wall.behind("what others opened is looked at by who sees nothing of it otherwise")
def how_many_to_review(who: Standing) -> int:
    """How many emergencies wait for somebody's review; no query for who reviews none."""
    if not may(who, "review_break_glass"):
        return 0
    return break_glass.for_reviewer(who).to_review().count()


def opened_in_my_families(request: AnydoorRequest) -> list[dict[str, str]]:
    """For the first page of who holds a family: who opened its record in an emergency, when and why."""
    if not request.standing.in_care:
        return []
    return [
        {
            "href": reverse("desk:looks", args=[row.family_id]),
            "family": row.family.care.title,
            "who": row.user.name,
            "when": day_time(row.at, request.at),
            "kind": GLASS_KINDS[row.kind][:1].lower() + GLASS_KINDS[row.kind][1:],
            "reason": row.reason,
        }
        for row in break_glass.in_families_held(request.standing, request.at)[:5]
    ]


@signed_in
@wall.behind("what others opened is looked at by who sees nothing of it otherwise")
def reviews(request: AnydoorRequest) -> HttpResponse:
    """What was opened in an emergency and is mine to look at: still to review first."""
    check(request.standing, "see_home")
    rows = break_glass.for_reviewer(request.standing)
    found = [
        {
            "href": reverse("desk:review", args=[row.pk]),
            "who": row.user.name,
            "kind": GLASS_KINDS[row.kind],
            "when": day_time(row.at, request.at),
            "due": date_words(row.review_due_at, request.at),
            "late": row.reviewed_at is None and row.review_due_at < request.at,
            "outcome": OUTCOMES_OF_REVIEW[row.outcome] if row.outcome else "",
            "by": row.reviewed_by.name if row.reviewed_by else "",
        }
        for row in rows.order_by("reviewed_at", "-at")[:100]
    ]
    waiting = [row for row in found if not row["outcome"]]
    done = [row for row in found if row["outcome"]]
    return page(request, "desk/reviews.jinja", "work", {"waiting": waiting, "done": done})


@signed_in
@wall.behind("what others opened is looked at by who sees nothing of it otherwise")
def review(request: AnydoorRequest, glass_id: int) -> HttpResponse:
    """What was opened, why, what was looked at; and the form that closes the review."""
    row = break_glass.for_reviewer(request.standing).filter(pk=glass_id).first()
    if row is None:
        raise NotFound(scope.NO_SUCH)
    scope.looked(
        what="see_emergency", subject="break_glass", subject_id=row.pk, family_id=row.family_id,
        by=request.user, at=request.at, why="you say whether the emergency was right",
    )  # fmt: skip
    form = ReviewForm(request.POST or None)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        # Which ones are theirs to review was decided when it was found.
        check(
            request.standing, "review_break_glass", Facts(holder_id=row.user_id, reviewer_id=row.reviewer_id)
        )
        result = tried(
            form,
            lambda: break_glass.review(
                break_glass_id=row.pk,
                outcome=form.cleaned_data["outcome"],
                words=form.cleaned_data["words"],
                by=request.user,
                at=request.at,
            ),
        )
        if result.done is not None:
            return saved(request, "The review is closed.", "desk:reviews")
        conflict = result.conflict
    until = row.ended_at or row.until
    facts = [
        {"label": "Opened by", "bold": row.user.name},
        {"label": "When", "value": f"{day_time(row.at, request.at)} to {clock_time(until)}"},
        {"label": "Emergency", "value": GLASS_KINDS[row.kind]},
        {"label": "Why", "value": row.reason},
        {"label": "Family", "value": f"Record {row.family_id}"},
        {"label": "Review by", "value": working_time.day_in_words(row.review_due_at)},
    ]
    if row.outcome:
        name = row.reviewed_by.name if row.reviewed_by else ""
        facts.append({"label": "Found", "value": f"{OUTCOMES_OF_REVIEW[row.outcome]}. {row.outcome_words}"})
        facts.append({"label": "By", "value": f"{name}, {date_words(row.reviewed_at, request.at)}"})
    return form_page(
        request,
        form,
        title="Was it right?",
        lead="What was looked at is listed by what was done, not by what it said.",
        back=("Opened in an emergency", reverse("desk:reviews")),
        button="Close the review",
        current="work",
        conflict=conflict,
        template="desk/review.jinja",
        facts=facts,
        done=bool(row.outcome),
        looks=[
            (clock_time(at), ACTION_WORDS.get(action, action.replace("_", " ").capitalize()))
            for at, action in break_glass.looks_under(row)
        ],
    )


urls = [
    path("emergency/", emergency, name="emergency"),
    path("emergency/<int:glass_id>/close/", close, name="close_emergency"),
    path("emergency/reviews/", reviews, name="reviews"),
    path("emergency/reviews/<int:glass_id>/", review, name="review"),
]
