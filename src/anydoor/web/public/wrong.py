"""A visitor says that an entry of the directory is wrong. It reaches whoever keeps the entry true."""

from __future__ import annotations

import uuid

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from anydoor.access.audit import VISITOR
from anydoor.directory.models import WRONG_ABOUT, Area, Service
from anydoor.directory.models.places import NAMES_OF_ENTRIES
from anydoor.directory.stewardship import ANSWER_DAYS, report_wrong
from anydoor.rules import danger
from anydoor.rules.working_time import in_london
from anydoor.ui.forms import ChoiceOfOne, EmailField, Form, FormKeyField, LongTextField
from anydoor.ui.words import phone_spaced
from anydoor.web.public.frame import area_called, page
from anydoor.web.public.limits import too_often
from anydoor.web.shell import AnydoorRequest, attempt

AN_HOUR = 20
TOO_OFTEN = (
    "Many messages came from where you are in the last hour, so this one waits. Your words are still here. "
    "Please send it again later, or call {phone}."
)


class WrongForm(Form):
    """What is wrong, in a few words, and where an answer may go."""

    form_key = FormKeyField()
    about = ChoiceOfOne(
        label="What is wrong?", options=list(WRONG_ABOUT.items()), missing="Choose what is wrong."
    )
    words = LongTextField(
        label="Tell us in a few words",
        hint="Please write nothing about yourself or your family here.",
        rows=4,
        limit=2000,
        missing="Tell us in a few words what is wrong.",
    )
    reply_to = EmailField(
        label="Your e-mail, if you would like an answer", required=False, hide_optional=True, limit=254
    )


def entry_shown(area: Area, slug: str, request: AnydoorRequest) -> Service:
    """An entry that families of the area can see. 404 for others."""
    one = (
        Service.objects.visible(in_london(request.at).date())
        .serving(area)
        .filter(slug=slug)
        .select_related("area__front_door__lead", "area__front_door__fallback", "lead", "team__lead")
        .select_related("organisation")
        .first()
    )
    if one is None:
        raise Http404
    return one


@require_http_methods(["GET", "HEAD", "POST"])
def wrong(request: AnydoorRequest, slug: str, entry: str) -> HttpResponse:
    """The form, and sending it."""
    area = area_called(slug)
    one = entry_shown(area, entry, request)
    form = WrongForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if too_often(request, "wrong", AN_HOUR):
                form.add_error(None, TOO_OFTEN.format(phone=phone_spaced(area.phone)))
                status = 429
            else:
                sent = attempt(form, lambda: _take(form, one, slug, request))
                if sent is not None:
                    return HttpResponseRedirect(sent)
    context = {"form": form, "one": one, "danger": _is_danger(form)}
    context["crisis_moved"] = context["danger"]
    return page(request, "public/wrong.jinja", area, context, status=status)


def _take(form: Form, one: Service, slug: str, request: AnydoorRequest) -> str:
    data = form.cleaned_data
    report_wrong(
        service=one,
        about=data["about"],
        words=data["words"],
        reply_to=data["reply_to"],
        token=uuid.uuid5(NAMES_OF_ENTRIES, f"wrong/{one.pk}/{data['form_key']}"),
        by=VISITOR,
        at=request.at,
    )
    name = "public:wrong_sent_help" if danger.find(data["words"]) else "public:wrong_sent"
    return reverse(name, args=[slug])


def _is_danger(form: Form) -> bool:
    """Whether words that were not taken speak of danger: then help is shown first."""
    return form.is_bound and bool(danger.find(str(form.data.get("words", ""))[:4000]))


@require_safe
def wrong_sent(request: AnydoorRequest, slug: str) -> HttpResponse:
    """Thank you."""
    return _sent(request, area_called(slug), first=False)


@require_safe
def wrong_sent_help(request: AnydoorRequest, slug: str) -> HttpResponse:
    """Thank you, with help first: the words may have spoken of danger."""
    return _sent(request, area_called(slug), first=True)


def _sent(request: AnydoorRequest, area: Area, *, first: bool) -> HttpResponse:
    ask = reverse("public:ask", args=[area.slug])
    context = {"days": ANSWER_DAYS, "danger": first, "crisis_moved": first, "ask_href": ask}
    return page(request, "public/wrong_sent.jinja", area, context)
