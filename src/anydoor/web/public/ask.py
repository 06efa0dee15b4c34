"""Asking for help: choose where you are, say it in your own words, and a person has it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from anydoor.access import duty
from anydoor.access.audit import VISITOR
from anydoor.care import own_words
from anydoor.care.asked_about import ask_about
from anydoor.care.intake import Told, receive
from anydoor.care.models import Referral
from anydoor.directory import places
from anydoor.directory.models import Area, Service
from anydoor.rules import danger
from anydoor.ui import times
from anydoor.ui.forms import Form, FormKeyField, HiddenField, LongTextField, TextField
from anydoor.ui.words import phone_spaced
from anydoor.web.public import tickets
from anydoor.web.public.frame import area_called, page
from anydoor.web.public.limits import too_often
from anydoor.web.shell import AnydoorRequest, attempt

MOST_READ = 40_000  # characters of a story that was not taken, to see if help must be shown first
TOO_OFTEN = (
    "Many messages came from where you are in the last hour, so this one waits. Your words are still here. "
    "Please call {phone}, or send it again later."
)
TOO_OLD = (
    "This page was open for a long time, so nothing was sent yet. Your words are still here. "
    "Please send them again, or call {phone}."
)


class AskForm(Form):
    """The three answers: a story, one way to reach you, where you are."""

    form_key = FormKeyField()
    story = LongTextField(
        label="What is going on?",
        hint="For you, your partner or someone you care for. With a baby, without one, or after a loss. "
        "One sentence is enough.",
        rows=6,
        missing="Tell us what is going on. One sentence is enough.",
    )
    contact = TextField(
        label="How can we reach you?",
        hint="A mobile number or an email address. We speak only to you. "
        "We leave no message unless you tell us it is safe.",
        limit=254,
        spellcheck=False,
        missing="Give us one way to reach you: a phone number or an email address.",
    )
    place = TextField(
        label="Where are you?",
        hint="A town or postcode is fine. It helps us find someone near you.",
        width=20,
        required=False,
        hide_optional=True,
    )
    about = HiddenField(required=False)


class WhereForm(Form):
    """One box: a town or a postcode."""

    place = TextField(
        label="Your town or postcode",
        width=20,
        missing="Write a town or a postcode, or choose a place from the list.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
def home(request: AnydoorRequest) -> HttpResponse:
    """Where are you? With one area there is nothing to choose."""
    areas = list(Area.objects.select_related("front_door").order_by("name"))
    if len(areas) == 1:
        return redirect("public:ask", slug=areas[0].slug)
    form = WhereForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        found = places.locate(form.cleaned_data["place"]).area
        if found is not None:
            return redirect("public:ask", slug=found.slug)
        form.add_error("place", "We do not know this place. Choose the one nearest to you from the list.")
    return page(request, "public/home.jinja", None, {"form": form, "areas": areas}, private=False)


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: AnydoorRequest, slug: str) -> HttpResponse:
    """The ask page of an area, and what becomes of what is sent."""
    area = area_called(slug)
    if request.method != "POST":
        return _shown(request, area, AskForm(initial={"about": request.GET.get("about", "")[:80]}))
    form = AskForm(request.POST)
    if not form.is_valid():
        return _shown(request, area, form, status=422)
    # Counted apart: many ordinary messages from one place must not keep out a cry for help.
    if too_often(request, "ask-in-danger" if danger.find(form.cleaned_data["story"]) else "ask"):
        form.add_error(None, TOO_OFTEN.format(phone=unbroken(area)))
        return _shown(request, area, form, status=429)
    seen_before = tickets.COOKIE in request.COOKIES
    referral = attempt(form, lambda: _take(form, area, request.at, seen_before=seen_before))
    if referral is None:
        return _shown(request, area, form, status=422)
    return _to_received(request, referral, area)


def shown_again(request: AnydoorRequest, area: Area) -> HttpResponse:
    """The ask page with what was typed, after its safety mark was too old."""
    form = AskForm(request.POST)
    form.is_valid()
    form.add_error(None, TOO_OLD.format(phone=unbroken(area)))
    return _shown(request, area, form, status=403)


def unbroken(area: Area) -> str:
    """The area's number, kept on one line."""
    return phone_spaced(area.phone).replace(" ", "\u00a0")


def _take(form: AskForm, area: Area, at: datetime, *, seen_before: bool) -> Referral:
    """Hand the request in, in the area where they are. The same form again only adds what is new in it.

    From a browser that holds nothing of ours (somebody pressed Exit, another sat down and went back) other
    words in the same form are another person's request.
    """
    said = form.cleaned_data
    source_ref = f"web:{said['form_key']}"
    told = Told(story=said["story"], door="web", contact=said["contact"], place=said["place"])
    before = own_words.sent_before(source_ref)
    if before is not None and not seen_before and not own_words.says_the_same(before, told):
        source_ref = f"{source_ref}:{own_words.digest_of(told)}"
        before = own_words.sent_before(source_ref)
    where = before.area if before is not None else places.area_of(said["place"], here=area)
    done = receive(told=told, area=where, by=VISITOR, at=at, source_ref=source_ref)
    service = looked_at(area, said["about"])
    if service is not None:
        ask_about(referral=done.referral, service=service, at=at)
    if done.already:
        own_words.send_again(referral=done.referral, told=told, at=at)
    return done.referral


def looked_at(area: Area, slug: object) -> Service | None:
    """The service whose page somebody came from to ask; None when it is none of the area's."""
    known = str(slug or "")
    if not known.replace("-", "").isalnum():
        return None
    return Service.objects.serving(area).filter(slug=known).first()


def _to_received(request: AnydoorRequest, referral: Referral, area: Area) -> HttpResponseRedirect:
    key = tickets.browser_key(request)
    came_from = area.slug if area.pk != referral.area_id else ""
    text = tickets.issue(tickets.Ticket(referral.pk, came_from), key)
    response = redirect("public:received", slug=referral.area.slug, token=text)
    tickets.remember(response, key)
    return response


def _shown(request: AnydoorRequest, area: Area, form: AskForm, status: int = 200) -> HttpResponse:
    about = looked_at(area, form["about"].value())
    in_danger = form.is_bound and bool(danger.find(form.data.get("story", "")[:MOST_READ]))
    return page(
        request,
        "public/ask.jinja",
        area,
        {
            "form": form,
            "reads": reading_promise(area, request.at),
            "doors": doors_of(area),
            "about": about,
            "find_href": reverse("public:find", args=[area.slug]),
            "map_href": reverse("public:map", args=[area.slug]),
            "in_danger": in_danger,
            "crisis_moved": in_danger,
        },
        status=status,
        private=False,
    )


def reading_promise(area: Area, at: datetime) -> str:
    """When a person reads what is sent now: today, or the real day and hour."""
    reads_at = duty.reads_at(area.front_door, at)
    if times.calendar_day(reads_at) == times.calendar_day(at) and reads_at <= at:
        return "A person reads this today. You get their name."
    if times.calendar_day(reads_at) == times.calendar_day(at):
        return f"A person reads this today from {times.time_words(reads_at)}. You get their name now."
    return (
        f"A person reads this on {times.day_words(reads_at)}, from {times.time_words(reads_at)}. "
        "You get their name now."
    )


def doors_of(area: Area) -> list[dict[str, Any]]:
    """The other ways in, as equals."""
    door = area.front_door
    hours = f"{times.time_words(door.opens)} to {times.time_words(door.closes)}, Monday to Friday"
    hubs = area.places.filter(kind="hub").count()
    doors: list[dict[str, Any]] = [
        {"icon": "phone", "name": "Call", "way": "tel", "number": area.phone, "note": hours},
        {"icon": "text", "name": "Text", "way": "sms", "number": area.text_number, "note": f"Read {hours}"},
    ]
    if hubs:
        doors.append({"icon": "walk", "name": "Walk in", "hubs": hubs, "note": "Places and opening times"})
    return doors
