"""A referral being written: its cookie, its pages, and what was typed on each."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict

from anydoor.care import drafts
from anydoor.care.models import Draft
from anydoor.ui.forms import Form
from anydoor.web.public.refer_forms import PARTS, Part

KIND = "referral"
COOKIE = "__Host-anydoor-draft" if settings.PRODUCTION else "anydoor-draft"
KEPT_FOR = "30 days"


def current(request: HttpRequest) -> Draft | None:
    """The draft this browser is working on."""
    return drafts.find(kind=KIND, code=request.COOKIES.get(COOKIE, ""))


def remember(response: HttpResponse, draft: Draft) -> None:
    """Leave the code in the browser until it is closed; the note on paper lasts longer."""
    response.set_cookie(
        COOKIE, draft.key, httponly=True, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE
    )


def typed_in(data: MultiValueDict[str, str], part: Part) -> dict[str, list[str]]:
    """What was typed on one page, by field; anything that is not a field of it is left out."""
    names = tuple(part.form.base_fields)
    return {
        key: data.getlist(key)
        for key in data
        if key in names or any(key.startswith(f"{name}-") for name in names)
    }


def form_of(draft: Draft, part: Part) -> Form:
    """The page's form as it was left; blank when it was not begun."""
    kept = draft.data.get(part.key)
    return part.form(MultiValueDict(kept["typed"])) if kept else part.form()


def answers_of(draft: Draft) -> dict[str, dict[str, Any]]:
    """The cleaned answers of each page that is right; a page with faults or not begun is left out."""
    found: dict[str, dict[str, Any]] = {}
    for part in PARTS:
        if draft.data.get(part.key, {}).get("good"):
            form = form_of(draft, part)
            if form.is_valid():
                found[part.key] = form.cleaned_data
    return found


def can_be_kept(typed: dict[str, list[str]]) -> bool:
    """Whether a draft can hold it: the database keeps no null character and no half of one."""
    text = "".join(value for values in typed.values() for value in values)
    return (
        len(text) < 60_000 and "\x00" not in text and not any("\ud800" <= mark <= "\udfff" for mark in text)
    )
