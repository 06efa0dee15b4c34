"""What a service that was asked may see before it accepts: the least that lets it answer, and no story."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse

from anydoor.access.policy import Standing
from anydoor.care import scope
from anydoor.care.models import FamilyCare, Handover
from anydoor.care.picture import members_of, stage_of
from anydoor.rules.errors import NotFound
from anydoor.ui.times import calendar_day, date_words
from anydoor.ui.words import given_name
from anydoor.web.desk.chips import chip, level_words
from anydoor.web.desk.frame import page
from anydoor.web.desk.words import NEED_TAGS, STRAND_COLOURS
from anydoor.web.shell import AnydoorRequest


def preview_page(request: AnydoorRequest, care: FamilyCare, handover: Handover | None = None) -> HttpResponse:
    """The page for a team that is only asked: each open question to it, with the way to answer."""
    asked = asked_of(request.standing, care)
    if handover is not None:
        asked = [row for row in asked if row.pk == handover.pk]
    if not asked:
        raise NotFound(scope.NO_SUCH)
    members = members_of(care.pk)
    about = next((one for one in members if one.person.pk == asked[0].person_id), None)
    # The first name and nothing more: enough to talk about them, not enough to look them up.
    name = given_name(about.person.called) if about else "Somebody"
    scope.looked(
        what="see_preview",
        subject="handover",
        subject_id=asked[0].pk,
        family_id=care.pk,
        by=request.user,
        at=request.at,
        why=f"your team is asked to take over: {asked[0].service.name}",
    )
    context = {
        "heading": f"{asked[0].from_user.name} asks you to take over",
        "name": name,
        "lead": stage_of(care, members, calendar_day(request.at)).words,
        "town": about.town if about else "",
        "holder": care.lead,
        "holder_team": care.lead_team,
        "asked": [question(row, request.at) for row in asked],
    }
    return page(request, "desk/preview.jinja", "families", context)


def asked_of(who: Standing, care: FamilyCare) -> list[Handover]:
    """Open handovers of this family to teams of mine, the nearest answer first."""
    return list(
        Handover.objects.for_user(who)
        .open()
        .filter(family_id=care.pk, to_team_id__in=who.family_team_ids)
        .select_related("service", "from_user", "from_team", "referral", "episode", "person")
        .order_by("answer_due_at", "pk")
    )


def question(handover: Handover, at: datetime) -> dict[str, Any]:
    """One question to my team, in words."""
    needs = list(handover.referral.needs) if handover.referral else []
    level = handover.episode.level if handover.episode else handover.service.level
    return {
        "id": handover.pk,
        "service": handover.service.name,
        "strand": STRAND_COLOURS[handover.service.strand],
        "level": level_words(level),
        "needs": [NEED_TAGS.get(need, need) for need in needs],
        "words": handover.words,
        "from": handover.from_user,
        "from_team": handover.from_team.name,
        "asked": date_words(handover.proposed_at, at),
        "put_back": handover.put_back_reason,
        "waits": handover.stage == "proposed",
        "stage": handover.get_stage_display(),
        "clock": chip(handover.answer_due_at, at, opened=handover.proposed_at, what="Answer")
        if handover.stage == "proposed"
        else None,
        "agreed": {
            "agreed": "They agreed that you are asked.",
            "reason": "They were not asked. The reason is recorded.",
            "same": "Inside one organisation.",
        }[handover.agreement],
    }
