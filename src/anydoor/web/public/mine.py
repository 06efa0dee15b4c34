"""A person's own page: ask for the way in, link and number, who holds them, who looked, what is shared.

Nothing of anybody else in the family is shown. The page is open for half an hour in the browser that typed
the number, and no longer than a visit.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from itertools import groupby

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anydoor.access import wall
from anydoor.care import own_page
from anydoor.care.rights.objecting import objections_of
from anydoor.rules.errors import NotFound, WrongMoment
from anydoor.ui.forms import Form, TextField
from anydoor.web.public.frame import about, area_meant, page
from anydoor.web.public.limits import too_often
from anydoor.web.shell import AnydoorRequest, attempt

OPEN = "own_page"  # in the session: whose page is open here, and since when
OPEN_SECONDS = 30 * 60
ASKS_AN_HOUR, MISSES_AN_HOUR = 6, 30


class AskForm(Form):
    """What a person knows of their own request."""

    code = TextField(
        label="Your reference",
        hint="We gave it to you when you asked, like NFK 7Q4 H2M.",
        missing="Write the reference.",
        limit=20,
    )
    contact = TextField(
        label="A number or an email address you gave us",
        missing="Write a number or an email address.",
        limit=254,
    )


class CodeForm(Form):
    """The number we just sent."""

    code = TextField(
        label="The number we sent",
        hint="Six numbers. They work for ten minutes.",
        missing="Write the number we sent.",
        limit=20,
        inputmode="numeric",
        autocomplete="one-time-code",
        width=10,
    )


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose page is open in this browser."""

    person_id: int
    family_id: int


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def ask_in(request: AnydoorRequest) -> HttpResponse:
    """Ask for a link. The answer is the same for everybody."""
    area = area_meant(request)
    form = AskForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if too_often(request, "own_page", ASKS_AN_HOUR):
            form.add_error(None, "You asked several times in an hour. Please ring us: a person will help.")
            return page(request, "public/mine_ask.jinja", area, {"form": form}, status=429)
        own_page.ask_for_link(
            code=form.cleaned_data["code"], contact=form.cleaned_data["contact"], at=request.at
        )
        return redirect(about(area if request.GET.get("area") else None, "mine_asked"))
    return page(request, "public/mine_ask.jinja", area, {"form": form}, status=422 if form.is_bound else 200)


@require_safe
def asked(request: AnydoorRequest) -> HttpResponse:
    """If they belong together, a link is on its way."""
    return page(request, "public/mine_asked.jinja", area_meant(request), {})


@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def by_link(request: AnydoorRequest, secret: str) -> HttpResponse:
    """GET says what will happen and sends nothing; POST sends a number, or takes it."""
    try:
        link = own_page.find_link(secret, at=request.at)
        form = None
        if request.method == "POST":
            act = request.POST.get("act", "")
            if act == "send":
                own_page.send_code(secret=secret, at=request.at)
                return redirect(f"{reverse('public:mine_link', args=[secret])}?sent=yes")
            form = CodeForm(request.POST)
            if form.is_valid():
                opened = attempt(
                    form,
                    lambda: own_page.open_page(
                        secret=secret, number=form.cleaned_data["code"], at=request.at
                    ),
                )
                if opened is not None:
                    request.session.cycle_key()
                    request.session[OPEN] = {
                        "person": opened.person_id,
                        "family": opened.family_id,
                        "since": request.at.timestamp(),
                    }
                    return redirect("public:mine")
    except NotFound as fault:
        return gone(request, fault.message)
    except WrongMoment as refusal:
        return page(request, "public/mine_gone.jinja", link.area, {"why": refusal.message}, status=409)
    asked_for = link.code_sent_at is not None
    return page(
        request,
        "public/mine_link.jinja",
        link.area,
        {"form": form or CodeForm(), "secret": secret, "asked_for": asked_for, "bound": form is not None},
        status=422 if form is not None else 200,
    )


def gone(request: AnydoorRequest, why: str) -> HttpResponse:
    """It is not there, or not any more."""
    status = 429 if too_often(request, "own_page_miss", MISSES_AN_HOUR) else 404
    return page(request, "public/mine_gone.jinja", area_meant(request), {"why": why}, status=status)


@sensitive_variables("secret")
@require_http_methods(["GET", "HEAD", "POST"])
def not_me(request: AnydoorRequest, secret: str) -> HttpResponse:
    """This is not for me: say so, and nothing is sent here again."""
    try:
        link = own_page.find_link(secret, at=request.at)
        if request.method == "POST":
            own_page.not_me(secret=secret, at=request.at)
            return page(request, "public/mine_not_me.jinja", link.area, {"done": True})
    except NotFound as fault:
        return gone(request, fault.message)
    return page(request, "public/mine_not_me.jinja", link.area, {"done": False, "secret": secret})


def whose_page(request: AnydoorRequest) -> Whose | None:
    """Whose page is open in this browser now, if any."""
    told = request.session.get(OPEN)
    if not told or request.at.timestamp() - told["since"] > OPEN_SECONDS:
        request.session.pop(OPEN, None)
        return None
    wall.see_also(told["family"])
    return Whose(told["person"], told["family"])


@require_safe
def mine(request: AnydoorRequest) -> HttpResponse:
    """The page itself."""
    whose = whose_page(request)
    if whose is None:
        return redirect("public:mine_ask")
    try:
        found = own_page.see(person_id=whose.person_id, family_id=whose.family_id, at=request.at)
    except NotFound as fault:
        request.session.pop(OPEN, None)
        return gone(request, fault.message)
    said = objections_of(whose.person_id, whose.family_id)
    days = [(day, list(looks)) for day, looks in groupby(found.looks, key=lambda look: look.day)]
    return page(
        request,
        "public/mine.jinja",
        found.care.area,
        {
            "mine": found,
            "area": found.care.area,
            "days": days,
            "said": said,
            "done": request.GET.get("done", ""),
            "seconds_left": int(OPEN_SECONDS - request.at.timestamp() + request.session[OPEN]["since"]),
        },
    )


@require_POST
def take_back(request: AnydoorRequest, consent_id: int) -> HttpResponse:
    """Stop sharing, at once."""
    whose = whose_page(request)
    if whose is None:
        return redirect("public:mine_ask")
    # Pressed twice, or a worker was quicker: it has stopped, which is what they want.
    with suppress(WrongMoment):
        own_page.take_back(
            consent_id=consent_id, person_id=whose.person_id, family_id=whose.family_id, at=request.at
        )
    return redirect(f"{reverse('public:mine')}?done=taken_back")


@require_POST
def leave(request: AnydoorRequest) -> HttpResponse:
    """Close the page in this browser."""
    request.session.pop(OPEN, None)
    return redirect("public:mine_ask")
