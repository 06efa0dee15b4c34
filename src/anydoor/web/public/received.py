"""We have your message: who has it, what happens next and when, and what more you may tell us."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

from anydoor.access import wall
from anydoor.care import own_words
from anydoor.care.models import FamilyCare, Referral
from anydoor.directory.models import Area
from anydoor.rules import working_time
from anydoor.rules.pathway import ReferralStage
from anydoor.ui import times
from anydoor.ui.words import given_name
from anydoor.web.public import tickets
from anydoor.web.public.frame import area_called, page
from anydoor.web.shell import AnydoorRequest

# The optional pages: name of the address, icon, what the link says.
MORE = (
    ("safe", "shield", "When and how it is safe to reach you"),
    ("needs", "ear", "Language, hearing, reading"),
    ("about_you", "people", "About you and your family"),
    ("words", "document", "See or change what you wrote"),
)
DONE = {"safe": "safe", "needs": "needs", "about_you": "about"}


def opened(request: AnydoorRequest, slug: str, token: str) -> tuple[Area, Referral | None, str]:
    """The area of the address, the request its ticket opens here (or None), and where it was written from."""
    area = area_called(slug)
    ticket = tickets.read(request, token)
    if ticket is None:
        return area, None, ""
    with wall.lifted("the ticket finds the request; whose it is is known only then"):
        referral = (
            Referral.objects.select_related("area", "front_door", "holder", "holder_team", "person", "family")
            .filter(pk=ticket.referral_id, area=area)
            .first()
        )
    if referral is not None:
        wall.see_also(referral.family_id)
    return area, referral, ticket.came_from


def shut(request: AnydoorRequest, area: Area) -> HttpResponse:
    """The one answer to every ticket that opens nothing here, whatever the reason."""
    return page(request, "public/shut.jinja", area, {}, status=403)


@require_safe
def received(request: AnydoorRequest, slug: str, token: str) -> HttpResponse:
    """The page after asking."""
    area, referral, came_from = opened(request, slug, token)
    if referral is None:
        return shut(request, area)
    told = own_words.told_already(referral)
    context: dict[str, Any] = {
        "referral": referral,
        "holder": holder_of(referral),
        "steps": steps(referral, request),
        "hear_by": referral.contact_by,
        "in_danger": bool(referral.danger_words),
        "crisis_moved": bool(referral.danger_words),
        "moved_from": Area.objects.filter(slug=came_from).first() if came_from else None,
        "more": [
            {
                "icon": icon,
                "href": reverse(f"public:{name}", args=[slug, token]),
                "label": f"{label} (told)" if DONE.get(name) in told else label,
            }
            for name, icon, label in MORE
        ],
    }
    return page(request, "public/received.jinja", area, context)


def holder_of(referral: Referral) -> dict[str, str]:
    """Who has it now, by name, with numbers that are answered."""
    area = referral.area
    user, team = referral.holder, referral.holder_team
    # Of a family we knew before, who leads may tell what somebody is helped with: the front door answers.
    if (user is None or team is None) and not referral.joined_by:
        care = FamilyCare.objects.select_related("lead", "lead_team").get(family_id=referral.family_id)
        user, team = care.lead, care.lead_team
    if user is None or team is None:
        return {"name": area.door_name, "given": area.door_name, "role": "", "phone": area.phone, "text": ""}
    where = area.door_name if team.pk == referral.front_door_id else team.name
    return {
        "name": user.name,
        "given": given_name(user.name),
        "role": f"{user.job_title or 'Front door worker'}, {where}",
        "phone": user.phone or team.phone or area.phone,
        "text": user.text_number or team.text_number or area.text_number,
    }


def steps(referral: Referral, request: AnydoorRequest) -> list[dict[str, Any]]:
    """What happens next, with real days and hours."""
    name = holder_of(referral)["given"]
    closes = referral.front_door.closes
    read_by = working_time.due_after_working_days(referral.read_by_time, 0, closes)
    is_read = referral.stage != ReferralStage.RECEIVED
    first = {
        "when": "Done" if is_read else f"{_day(read_by, request)}, before {times.time_words(read_by)}",
        "title": f"{name} has read what you wrote" if is_read else f"{name} reads what you wrote",
        "now": not is_read,
    }
    second = {
        "when": f"By {times.day_words(referral.contact_by, request.at)}",
        "title": f"{name} contacts you",
        "text": _how(referral, name),
        "now": is_read,
    }
    third = {
        "when": "When you talk",
        "title": "You choose together",
        "text": f"{name} tells you what is near you, how long it takes, and why it may fit. You decide.",
    }
    return [first, second, third]


def _day(moment: Any, request: AnydoorRequest) -> str:
    today = times.calendar_day(moment) == times.calendar_day(request.at)
    return "Today" if today else times.day_words(moment, request.at)


def _how(referral: Referral, name: str) -> str:
    point = own_words.point_of(referral)
    if point is None:
        return "In the way you told us."
    if point.kind == "email":
        return (
            "By email, to the address you gave. It says nothing about you or your family, "
            "until you tell us that is safe."
        )
    return (
        f"On the number ending {point.value[-3:]}. {name} gives only a first name, and says nothing else "
        "until it is clear that it is you."
    )
