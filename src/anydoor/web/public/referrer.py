"""Referrers without an account: a number to their work address, and what became of whom they referred."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from anydoor.care import referrer_door
from anydoor.rules.pathway import ReferralStage
from anydoor.ui.forms import EmailField, Form, TextField
from anydoor.web.public.frame import area_meant, page
from anydoor.web.public.limits import too_often
from anydoor.web.shell import AnydoorRequest, attempt

ASKED, OPEN = "referrer_asked", "referrer"  # in the session: which address, and since when it is open
OPEN_SECONDS = 60 * 60
ASKS_AN_HOUR = 10
CODES_AN_HOUR = 6  # for one address, whoever asks: five tries each are no way in
TOO_OFTEN = "You asked several times in an hour. Please ring us: a person will help."
STAGES = {
    ReferralStage.RECEIVED: "We have it. Nobody has spoken with them yet.",
    ReferralStage.READ: "It was read. We are finding out what fits.",
    ReferralStage.DECIDED: "It is decided what could help. They were asked what they think.",
    ReferralStage.HANDING_OVER: "We are bringing them together with who can help.",
    ReferralStage.TAKEN_UP: "They are being helped.",
    ReferralStage.ENDED: "It has ended. Ring us if you are worried.",
}


class AddressForm(Form):
    """A work address."""

    email = EmailField(
        label="Your work email", hint="The one you gave us when you referred", missing="Write it."
    )


class NumberForm(Form):
    """What was sent there."""

    code = TextField(
        label="The number we sent",
        hint="Six numbers. They work for ten minutes.",
        missing="Write the number we sent.",
        limit=20,
        inputmode="numeric",
        autocomplete="one-time-code",
        width=10,
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def mine(request: AnydoorRequest) -> HttpResponse:
    """Who is in sees what became of whom they referred; anybody else asks for a number."""
    area, address = area_meant(request), _address(request)
    if address is not None:
        fates = [
            (fate, STAGES.get(ReferralStage(fate.stage), ""))
            for fate in referrer_door.referred_by(address=address, at=request.at)
        ]
        return page(request, "public/referrer.jinja", area, {"address": address, "fates": fates})
    form = AddressForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 0
        if form.is_valid() and not (status := _limited(request, form)):
            sent = attempt(form, lambda: _send(request, form.cleaned_data["email"]))
            if sent is not None:
                request.session[ASKED] = sent
                return redirect("public:referrer_code")
        status = status or 422
    return page(request, "public/referrer_ask.jinja", area, {"form": form}, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def code(request: AnydoorRequest) -> HttpResponse:
    """Take the number, in the browser that asked for it."""
    area, address = area_meant(request), request.session.get(ASKED)
    if not address:
        return redirect("public:referrer")
    form = NumberForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 0
        if form.is_valid() and not (status := _limited(request, form, most=30)):
            done = attempt(form, lambda: _take(request, address, form.cleaned_data["code"]))
            if done:
                return redirect("public:referrer")
        status = status or 422
    return page(
        request, "public/referrer_code.jinja", area, {"form": form, "address": address}, status=status
    )


def _send(request: AnydoorRequest, typed: str) -> str:
    """A number to this address, unless it had several in the hour; the answer is the same."""
    known = referrer_door.known_address(typed)
    if too_often(request, "referrer_code_to", CODES_AN_HOUR, about=known):
        return known
    return referrer_door.send_code(address=known, at=request.at)


def _take(request: AnydoorRequest, address: str, number: str) -> bool:
    referrer_door.take_code(address=address, number=number, at=request.at)
    request.session.cycle_key()
    request.session.pop(ASKED, None)
    request.session[OPEN] = {"address": address, "since": request.at.timestamp()}
    return True


def _limited(request: AnydoorRequest, form: Form, most: int = ASKS_AN_HOUR) -> int:
    """429 with the words when this network address asked too often, else 0."""
    if not too_often(request, f"referrer_{type(form).__name__}", most):
        return 0
    form.add_error(None, TOO_OFTEN)
    return 429


def _address(request: AnydoorRequest) -> str | None:
    told = request.session.get(OPEN)
    if not told or request.at.timestamp() - told["since"] > OPEN_SECONDS:
        request.session.pop(OPEN, None)
        return None
    return str(told["address"])


@require_POST
def leave(request: AnydoorRequest) -> HttpResponse:
    """Done."""
    request.session.pop(OPEN, None)
    return redirect("public:referrer")
