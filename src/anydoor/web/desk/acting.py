"""What the forms of the desk share: find the thing, ask `may`, try the verb, say what became of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Generic, TypeVar

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from anydoor.access import wall
from anydoor.access.policy import Facts, acting, check
from anydoor.care import scope
from anydoor.care.models import Episode, FamilyCare, Referral
from anydoor.care.record import SavedAlready
from anydoor.rules import working_time
from anydoor.rules.errors import BadInput, NotFound, WrongMoment
from anydoor.ui.fields import CONTROLS
from anydoor.ui.forms import Form
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest

T = TypeVar("T")
KEPT = 600  # characters of one answer that a conflict shows again above the form


# ---- finding


def family_in_full(
    request: AnydoorRequest, family_id: int, action: str = "see_family"
) -> tuple[FamilyCare, Facts]:
    """A family this person works with, and the facts of it. `NotFound` for everybody else."""
    seer = acting(request.standing, action)
    wall.see_as(seer)  # what another purpose opens by name, the second wall lets through too
    care = scope.family_for(seer, family_id)
    facts = scope.facts_of(care)
    if not scope.sees_in_full(seer, facts):
        raise NotFound(scope.NO_SUCH)
    check(request.standing, action, facts)
    return care, facts


def thing_of(request: AnydoorRequest, kind: str, thing_id: int) -> tuple[Referral | Episode, Facts]:
    """A request or an episode of a family this person works with, and the facts of it."""
    if kind not in {"referral", "episode"}:
        raise NotFound(scope.NO_SUCH)
    thing: Referral | Episode = (
        scope.referral_for(request.standing, thing_id)
        if kind == "referral"
        else scope.episode_for(request.standing, thing_id)
    )
    care = scope.family_for(request.standing, thing.family_id)
    return thing, scope.facts_of_thing(thing, scope.facts_of(care))


def kind_of(thing: Referral | Episode) -> str:
    return "referral" if isinstance(thing, Referral) else "episode"


def called(thing: Referral | Episode) -> str:
    """A request or an episode in the middle of a sentence."""
    return f"request {thing.reference}" if isinstance(thing, Referral) else thing.service.name


# ---- trying


def sending(request: AnydoorRequest) -> str:
    """What names one sending of a form: the same answers, from the same person, to the same page.

    The key of one showing is not enough here: with Back, browsers bring the answers back under a new key,
    or bring the old key back under answers that were changed since.
    """
    answers = sorted(
        (name, value)
        for name, values in request.POST.lists()
        if name not in {"csrfmiddlewaretoken", "form_key"}
        for value in values
    )
    whole = json.dumps([request.user.pk, request.path, answers])
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


@dataclass(slots=True)
class Tried(Generic[T]):
    """What became of a verb: `ok` with `done`, or a `conflict` in words, or errors in the form."""

    ok: bool = False
    done: T | None = None
    conflict: str = ""


def tried(form: Form, work: Callable[[], T], fields: Mapping[str, str] | None = None) -> Tried[T]:
    """Call a verb. What was typed wrongly goes into the form; what somebody else did first is a conflict.

    `fields` maps a name the verb uses to the form's own. The same showing of a form sent twice counts as
    done, without `done`.
    """
    try:
        return Tried(ok=True, done=work())
    except SavedAlready:
        return Tried(ok=True)
    except BadInput as fault:
        name = (fields or {}).get(fault.field or "", fault.field)
        form.add_error(name if name in form.fields else None, fault.message)
    except WrongMoment as fault:
        return Tried(conflict=fault.message)
    return Tried()


def kept(form: Form) -> list[tuple[str, str]]:
    """What was typed, as (label, text): shown when somebody else decided first."""
    found = []
    for bound in form:
        value = None if bound.is_hidden else bound.value()
        if isinstance(value, str) and value.strip() and not hasattr(bound.field, "options"):
            found.append((str(bound.label), value[:KEPT]))
    return found


def form_page(
    request: AnydoorRequest,
    form: Form,
    *,
    title: str,
    back: tuple[str, str],
    button: str,
    current: str = "families",
    lead: str = "",
    conflict: str = "",
    template: str = "desk/form.jinja",
    **more: Any,
) -> HttpResponse:
    """One form on a page of its own. `back` is (words, address) of the place it is under."""
    status = 409 if conflict else 422 if form.is_bound and form.errors else 200
    return page(
        request,
        template,
        current,
        {
            "form": form,
            "heading": title,
            "lead": lead,
            "back": back,
            "button": button,
            "conflict": conflict,
            "kept": kept(form) if conflict else [],
            **more,
        },
        status=status,
    )


def saved(request: AnydoorRequest, words: str, name: str, *args: Any) -> HttpResponse:
    """Say what was done, on the page it is now to be seen on."""
    messages.success(request, words)
    return HttpResponseRedirect(reverse(name, args=args))


def to_family(care: FamilyCare) -> tuple[str, str]:
    """The way back to a family: (words, address)."""
    return f"{care.title} and family" if care.with_words else care.title, reverse(
        "desk:family", args=[care.pk]
    )


def looked_for(request: AnydoorRequest, name: str = "find") -> str:
    """What a list is filtered by, from the address: one line, at most 60 characters, none of them hidden."""
    return " ".join(CONTROLS.sub(" ", request.GET.get(name, "")).split())[:60]


# ---- moments


def moment(day: date | None, clock: time | None, otherwise: datetime) -> datetime:
    """A day and a time as typed, in London; `otherwise` when no day was given, midday when no time was."""
    if day is None:
        return otherwise
    return working_time.london(day, clock or time(12))


def today(request: AnydoorRequest) -> date:
    return working_time.in_london(request.at).date()
