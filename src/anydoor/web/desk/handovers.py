"""Page: one handover: how far it is, who holds, what the receiver was given, what to do next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse

from anydoor.access.policy import Facts, may
from anydoor.care import scope
from anydoor.care.models import Handover
from anydoor.care.withheld import HeldBack, held_back, sentences
from anydoor.people.models import ADULT_ROLES, FamilyMember
from anydoor.rules.pathway import HandoverStage
from anydoor.ui.times import date_words
from anydoor.ui.words import given_name
from anydoor.web.desk.frame import page
from anydoor.web.desk.handover_page import (
    band_note,
    changed_since,
    clock_of,
    decline_facts,
    receiver_of,
    shared_of,
    short_receiver,
    steps_of,
    to_tell,
)
from anydoor.web.desk.handover_steps import handover_of, refusals_of
from anydoor.web.desk.own_work import own_page
from anydoor.web.desk.previews import preview_page
from anydoor.web.desk.second_look import LookForm
from anydoor.web.shell import AnydoorRequest, signed_in


@signed_in
def show(request: AnydoorRequest, handover_id: int) -> HttpResponse:
    """How far it is, who holds, and what comes next, for whoever it is to do."""
    handover, family, in_full = handover_of(request, handover_id)
    care = scope.family_for(request.standing, handover.family_id)
    held = held_back(request.standing, family)
    if in_full and handover.person_id in held.hidden:
        # They work with another of the family: of this person they read what anybody asked reads.
        return preview_page(request, care, handover)
    if not in_full and may(request.standing, "see_own_work", family):
        return own_page(request, care)
    if not in_full:
        return preview_page(request, care, handover)
    scope.looked(
        what="see_handover",
        subject="handover",
        subject_id=handover.pk,
        family_id=handover.family_id,
        by=request.user,
        at=request.at,
        why="your team works with the family",
    )
    context = _context(request, handover, family, care.title, held)
    return page(request, "desk/handover.jinja", "families", context)


def _context(
    request: AnydoorRequest, handover: Handover, family: Facts, title: str, held: HeldBack
) -> dict[str, Any]:
    refusals = refusals_of(request.standing, handover, family)
    at = request.at
    look = "look" in refusals
    return {
        "handover": handover,
        "back": (title, reverse("desk:family", args=[handover.family_id])),
        "heading": f"Handover to {handover.service.name}",
        "lead": _asked_by(handover, at),
        "clock": clock_of(handover, at),
        "steps": steps_of(handover, at),
        "now_name": handover.from_user.name,
        "next_name": receiver_of(handover),
        "name": given_name(handover.person.called),
        "receiver": short_receiver(handover),
        "note": band_note(handover),
        "stage": handover.stage,
        "can": {name for name, refusal in refusals.items() if refusal is None},
        "refusals": sorted({refusal for refusal in refusals.values() if refusal}),
        "outside": handover.to_team_id is None,
        "declined": decline_facts(handover, at) if look else [],
        "look_form": _look_form(handover) if look else None,
        "meeting": handover.meeting,
        "given": shared_of(handover, _other_adults(handover, held), at),
        "given_on": date_words(handover.proposed_at, at),
        "changed": [(date_words(row.at, at), row.headline) for row in changed_since(handover, held)],
        "held_back": sentences(held, [(handover.person_id, given_name(handover.person.called))]),
        "tell": to_tell(handover, at),
        "followed_by": _followed_by(handover),
        "link": _one_time_link(request, handover),
    }


def _asked_by(handover: Handover, at: datetime) -> str:
    when = date_words(handover.proposed_at, at)
    who = given_name(handover.from_user.name)
    if handover.agreement == "agreed":
        return f"Asked for by {handover.agreed_by} and {who} on {when}"
    return f"Asked for by {who} on {when}"


def _other_adults(handover: Handover, held: HeldBack) -> list[str]:
    members = FamilyMember.objects.filter(
        family=handover.family_id, left_at__isnull=True, role__in=ADULT_ROLES
    ).exclude(person=handover.person_id)
    return [
        one.person.called if one.person_id not in held.hidden else "another adult"
        for one in members.select_related("person")
    ]


def _look_form(handover: Handover) -> LookForm:
    form = LookForm()
    form.fit(handover)
    return form


def _followed_by(handover: Handover) -> Handover | None:
    """The handover that took the place of this one, after its alternative was taken."""
    if handover.stage != HandoverStage.REPLACED or handover.closed_at is None:
        return None
    thing = {"referral": handover.referral_id} if handover.referral_id else {"episode": handover.episode_id}
    return (
        Handover.objects.filter(proposed_at=handover.closed_at, **thing)
        .exclude(pk=handover.pk)
        .select_related("service")
        .first()
    )


def _one_time_link(request: AnydoorRequest, handover: Handover) -> str:
    """The secret link of a receiver outside, on the one page after it was made."""
    kept = request.session.get("one_time_link")
    if not kept or kept.get("handover") != handover.pk:
        return ""
    del request.session["one_time_link"]
    return request.build_absolute_uri(reverse("public:outside", args=[kept["secret"]]))


urls = [path("handover/<int:handover_id>/", show, name="handover")]
