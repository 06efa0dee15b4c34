"""Pages: what was changed in a family's record, and in a colleague's access: by whom and why."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from anydoor.access import audit, wall
from anydoor.access.history import ADDED, CHANGED, REMOVED
from anydoor.access.models import User
from anydoor.access.policy import may
from anydoor.care import scope
from anydoor.care.rights.holds import governed
from anydoor.care.what_changed import Line, of_colleague, of_family
from anydoor.rules.errors import NotFound, Refused
from anydoor.ui.times import day_time
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in

PAGE = 25
LABELS = {ADDED: ("Added", "good"), CHANGED: ("Changed", "outline"), REMOVED: ("Taken out", "grey")}
BY_NOBODY = "Who did it is not written down: it was loaded, or changed from outside this software."


@signed_in
@require_safe
@wall.behind("records somebody governs, which no team of theirs sees")
def changed(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """What was changed in one family's record, for whoever answers for it."""
    care = governed(request.standing, family_id, "see_changes")
    audit.record(
        action="see_changes", subject="family", subject_id=care.pk, family_id=care.pk, by=request.user,
        at=request.at, purpose="audit", why="answers for the record",
    )  # fmt: skip
    before = _number(request)
    found = of_family(care.pk, before=before, most=PAGE + 1)
    context = {
        "title": "What was changed",
        "lead": f"In the record of {care.title}, newest first: what it said before, and what it said then.",
        "back": ("The record", reverse("desk:record_kept", args=[care.pk])),
        **_listed(found, before, request.at),
    }
    return page(request, "desk/changed.jinja", "work", context)


@signed_in
@require_safe
@wall.behind("records somebody governs, which no team of theirs sees")
def role_changes(request: AnydoorRequest, user_id: int) -> HttpResponse:
    """What was changed in one colleague's account, roles and keys."""
    if not may(request.standing, "see_role_changes"):
        raise NotFound(scope.NO_SUCH, of=Refused("see_role_changes", "leads", "account"))
    before = _number(request)
    found = of_colleague(request.standing, user_id, before=before, most=PAGE + 1)
    audit.record(
        action="see_role_changes", subject="account", subject_id=user_id, by=request.user, at=request.at,
        purpose="service_management",
    )  # fmt: skip
    name = User.objects.get(pk=user_id).name
    context = {
        "title": "What was changed",
        "lead": f"In the access of {name}, newest first: who gave it, and who ended it.",
        "back": ("Their access", reverse("desk:colleague", args=[user_id])),
        **_listed(found, before, request.at),
    }
    return page(request, "desk/changed.jinja", "work", context)


def _number(request: AnydoorRequest) -> int | None:
    text = request.GET.get("before", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _listed(found: list[Line], before: int | None, at: datetime) -> dict[str, Any]:
    return {
        "rows": [_row(one, at) for one in found[:PAGE]],
        "first": "?" if before else "",
        "next": f"?before={found[PAGE - 1].number}" if len(found) > PAGE else "",
    }


def _row(one: Line, at: datetime) -> dict[str, Any]:
    words, look = LABELS[one.label]
    when = day_time(one.at, at)
    return {
        "thing": one.thing,
        "label": words,
        "look": look,
        "when": when[:1].upper() + when[1:],
        "by": one.by,
        "nobody": "" if one.by else BY_NOBODY,
        "deed": one.deed,
        "why": one.why,
        "fields": one.fields if one.label == CHANGED else (),
        "facts": [{"label": field.label, "value": field.before or field.after} for field in one.fields]
        if one.label != CHANGED
        else [],
    }


urls = [
    path("rights/record/<int:family_id>/changes/", changed, name="changed"),
    path("staff/<int:user_id>/changes/", role_changes, name="role_changes"),
]
