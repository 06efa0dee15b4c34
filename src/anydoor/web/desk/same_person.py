"""A possible match: the person of a new request beside somebody we know. A worker decides.

Only what identity rests on is shown, never what the other was told: their story may be somebody else's.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from anydoor.access import wall
from anydoor.access.policy import Facts, check
from anydoor.care import scope
from anydoor.care.joining import decide_match, to_decide
from anydoor.care.models import FamilyCare, PossibleMatch, Referral
from anydoor.directory.models import District
from anydoor.people.models import FamilyMember, Person
from anydoor.rules import identifiers
from anydoor.rules.errors import NotFound
from anydoor.ui.forms import Choice, ChoiceOfOne, Form, HiddenField, LongTextField
from anydoor.ui.times import full_date
from anydoor.ui.words import nhs_spaced, phone_spaced
from anydoor.web.desk.acting import Tried, kept, tried
from anydoor.web.desk.frame import page
from anydoor.web.desk.triage import referral_here
from anydoor.web.shell import AnydoorRequest, signed_in


class MatchForm(Form):
    match = HiddenField(limit=20)
    same = ChoiceOfOne(
        label="Are they the same person?",
        look="small",
        missing="Decide whether they are the same person",
        options=[
            Choice(
                "yes", "The same person", "The request goes to the family we know, with its words and holder"
            ),
            Choice("no", "Not the same", "Both stay as they are, each with their own words"),
        ],
    )
    why = LongTextField(
        label="How do you know?",
        hint="For example: she told me her birth date and the street.",
        missing="Say how you know",
        rows=2,
        limit=500,
    )


@signed_in
def match(request: AnydoorRequest, referral_id: int) -> HttpResponse:
    """Side by side: the request's person and each person it may be."""
    referral = referral_here(request, referral_id)
    check(request.standing, "decide_match", Facts(area_team_id=referral.front_door_id))
    with wall.lifted("the front door compares a new request with whom we know, wherever they are held"):
        return _compare(request, referral)


def _compare(request: AnydoorRequest, referral: Referral) -> HttpResponse:
    shown = to_decide(request.standing).filter(referral=referral)
    rows = list(shown.select_related("candidate").order_by("pk"))
    bound: MatchForm | None = None
    result: Tried[PossibleMatch] = Tried()
    if request.method == "POST":
        bound = MatchForm(request.POST)
        row = _asked(bound, referral)
        if row.state == "open" and row not in rows:
            raise NotFound(scope.NO_SUCH)
        if bound.is_valid():
            told = bound.cleaned_data
            result = tried(
                bound,
                lambda: decide_match(
                    match=row, same=told["same"] == "yes", by=request.user, at=request.at, why=told["why"]
                ),
            )
            if result.ok:
                return _after(request, referral, told["same"] == "yes")
    for row in rows:
        scope.looked(
            what="see_possible_match", subject="person", subject_id=row.candidate_id,
            family_id=referral.family_id, by=request.user, at=request.at, why="Possible match of a request",
        )  # fmt: skip
    return page(
        request,
        "desk/match.jinja",
        "inbox",
        {
            "referral": referral,
            "pairs": [_pair(request, referral, row, bound) for row in rows],
            "problems": bound.problems() if bound is not None and not result.conflict else [],
            "conflict": result.conflict,
            "kept": kept(bound) if bound is not None and result.conflict else [],
        },
        status=409 if result.conflict else 422 if bound is not None else 200,
    )


def _asked(form: MatchForm, referral: Referral) -> PossibleMatch:
    """The match a form speaks of, decided or not; only of this request."""
    given = form.data.get("match", "")
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise NotFound(scope.NO_SUCH)
    row = (
        PossibleMatch.objects.filter(pk=int(given), referral=referral)
        .select_related("candidate", "referral")
        .first()
    )
    if row is None:
        raise NotFound(scope.NO_SUCH)
    return row


def _after(request: AnydoorRequest, referral: Referral, same: bool) -> HttpResponse:
    messages.success(
        request,
        "The request is with the family we know now. Nothing that was told is lost."
        if same
        else "Kept apart: they are two people.",
    )
    more = not same and to_decide(request.standing).filter(referral=referral).exists()
    return redirect("desk:match" if more else "desk:triage", referral_id=referral.pk)


# ---------------------------------------------------------------- side by side


def _pair(
    request: AnydoorRequest, referral: Referral, row: PossibleMatch, bound: MatchForm | None
) -> dict[str, Any]:
    this = _identity(referral.person, {**referral.claimed, "place": referral.place_words})
    other = _identity(row.candidate, {})
    mine = bound is not None and str(bound.data.get("match", "")) == str(row.pk)
    form = bound if mine else MatchForm(initial={"match": row.pk}, auto_id=f"match-{row.pk}-%s")
    return {
        "id": row.pk,
        "name": row.candidate.called,
        "reasons": row.reasons,
        "form": form,
        "lines": [
            {
                "label": label,
                "this": this[label],
                "other": other[label],
                "same": _same(this[label], other[label], names=label == "Name"),
            }
            for label in this
            if this[label] or other[label]
        ],
        **_where(request, row.candidate),
    }


def _identity(person: Person, claimed: Mapping[str, str]) -> dict[str, list[str]]:
    """What identity rests on, as lines; what was only claimed stands beside what is recorded."""
    place = District.objects.filter(code=person.district_code).values_list("name", flat=True).first() or ""
    points = person.contact_points.filter(ended_at__isnull=True)
    return {
        "Name": [text for text in (person.name, claimed.get("name", "")) if text],
        "Date of birth": [full_date(person.born_on)] if person.born_on else [],
        "NHS number": [
            nhs_spaced(text) for text in (person.nhs_number or "", claimed.get("nhs_number", "")) if text
        ],
        "Phone or email": [
            point.typed if point.kind in {"email", "foreign"} else phone_spaced(point.value)
            for point in points
        ],
        "Postcode": [person.postcode] if person.postcode and person.address_kind != "refuge" else [],
        "Place": [text for text in dict.fromkeys((place, claimed.get("place", ""))) if text],
    }


def _same(this: list[str], other: list[str], *, names: bool = False) -> str:
    """same, like (names that are nearly the same), different, or empty when one side says nothing."""
    if not this or not other:
        return ""
    fold = [{text.casefold().replace(" ", "") for text in side} for side in (this, other)]
    if fold[0] & fold[1]:
        return "same"
    like = names and any(identifiers.loosely_same_name(one, two) for one in this for two in other)
    return "like" if like else "different"


def _where(request: AnydoorRequest, person: Person) -> dict[str, str]:
    """Where the known person is held, and a way there for those who may see it."""
    member = FamilyMember.objects.filter(person=person, left_at__isnull=True).order_by("-joined_at").first()
    care = (
        FamilyCare.objects.filter(pk=member.family_id).select_related("lead", "lead_team").first()
        if member is not None
        else None
    )
    if care is None:
        return {"held": "Nobody holds them now.", "href": ""}
    held = (
        f"Held by {care.lead.name}, {care.lead_team.name}."
        if care.lead is not None and care.lead_team is not None
        else "Nobody holds them now."
    )
    seen = FamilyCare.objects.seen_in_full(request.standing).filter(pk=care.pk).exists()
    return {"held": held, "href": reverse("desk:family", args=[care.pk]) if seen else ""}


urls = [path("referral/<int:referral_id>/match", match, name="match")]
