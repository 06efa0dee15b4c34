"""A professional's referral without an account: a task list, kept as it is written, sent once.

Signed-in colleagues use the same pages; they are told what they may see of somebody known already.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from anydoor.access import wall
from anydoor.access.audit import VISITOR
from anydoor.access.models import Membership, User
from anydoor.access.policy import may
from anydoor.care import drafts
from anydoor.care.intake import Told
from anydoor.care.known import Known, known_to
from anydoor.care.models import Draft, Referral
from anydoor.directory import places
from anydoor.directory.models import Area
from anydoor.rules import identifiers
from anydoor.rules.errors import WrongMoment
from anydoor.ui.forms import Choice, Form, FormKeyField, SelectField, TextField
from anydoor.ui.words import phone_spaced
from anydoor.web.public import refer_draft
from anydoor.web.public.frame import area_meant, page
from anydoor.web.public.limits import too_often
from anydoor.web.public.received import holder_of, steps
from anydoor.web.public.refer_answers import lines_of
from anydoor.web.public.refer_forms import BY_KEY, PARTS, Part
from anydoor.web.shell import AnydoorRequest, attempt

CODE_TRIES = 10
GONE = (
    "This draft was sent or deleted in the meantime, so this page was not kept. What you typed still stands "
    "here. Copy what you need. “Your referral” at the top shows what was sent, or begins a new one."
)


class CodeForm(Form):
    """The code of a draft, from a note."""

    code = TextField(
        label="Your code",
        hint="Three groups of four, like 7KXM-Q2RT-9BWD",
        width=20,
        limit=60,
        spellcheck=False,
        missing="Write the code that you noted.",
    )


class SendForm(Form):
    """The last step. `area` is asked only when the place did not tell it."""

    form_key = FormKeyField()
    area = SelectField(label="Which area do they live in?", options=[], required=False, hide_optional=True)


@require_http_methods(["GET", "HEAD", "POST"])
def refer(request: AnydoorRequest) -> HttpResponse:
    """The task list of the draft in hand; without one, the page to begin or to carry on."""
    draft = refer_draft.current(request)
    if request.method == "POST":
        return _begin(request)
    if draft is None:
        return _start_page(request, CodeForm())
    if draft.sent_reference:
        return redirect("public:refer_sent")
    return page(request, "public/refer_list.jinja", _area_of(request, draft), _list_context(request, draft))


def _start_page(request: AnydoorRequest, form: CodeForm, status: int = 200) -> HttpResponse:
    area = area_meant(request)
    mine = list(drafts.begun_by(kind=refer_draft.KIND, user=request.user)) if _staff(request) else []
    context = {
        "form": form,
        "mine": [(one, _who(one)) for one in mine],
        "now": request.at,
        "kept_for": refer_draft.KEPT_FOR,
    }
    return page(request, "public/refer_start.jinja", area, context, status=status)


def _who(draft: Draft) -> str:
    """Whom a draft is about, for the list of one's own drafts."""
    return str(refer_draft.answers_of(draft).get("person", {}).get("name", "")) or "No name yet"


def _begin(request: AnydoorRequest) -> HttpResponse:
    staff = _staff(request)
    area = area_meant(request)
    if staff is None and too_often(request, "refer"):
        return _too_often(request, area)
    data: dict[str, Any] = {"area": area.slug} if area is not None else {}
    if staff is not None:
        data["you"] = {"typed": _about_staff(request, staff), "good": True}
    draft = drafts.begin(kind=refer_draft.KIND, user=staff, data=data, at=request.at)
    response = redirect("public:refer")
    refer_draft.remember(response, draft)
    return response


def _too_often(request: AnydoorRequest, area: Area | None) -> HttpResponse:
    lines = ["Many referrals were begun from where you are in the last hour. Please wait, or call instead."]
    if area is not None:
        lines.append(f"Call {phone_spaced(area.phone)}.")
    return page(
        request, "public/say.jinja", area, {"heading": "Please wait a little", "lines": lines}, status=429
    )


def _staff(request: AnydoorRequest) -> User | None:
    """The colleague signed in, when their account may refer; everybody else refers without an account."""
    if request.user.is_authenticated and may(request.standing, "receive"):
        return request.user
    return None


def _about_staff(request: AnydoorRequest, user: User) -> dict[str, list[str]]:
    job = (
        Membership.objects.current(request.at.date())
        .filter(user=user)
        .select_related("team__organisation")
        .order_by("pk")
        .first()
    )
    where = job.team.organisation.name if job is not None else ""
    return {
        "referrer_name": [user.name],
        "referrer_organisation": [", ".join(one for one in (user.job_title, where) if one)],
        "referrer_contact": [user.email],
    }


@require_POST
def carry_on(request: AnydoorRequest) -> HttpResponse:
    """Open a draft by the code on a note, or one's own by its number when signed in."""
    staff = _staff(request)
    if staff is not None and request.POST.get("draft", "").isdecimal():
        own = (
            drafts.begun_by(kind=refer_draft.KIND, user=staff)
            .filter(pk=int(request.POST["draft"][:18]))
            .first()
        )
        if own is None:
            raise Http404
        response = redirect("public:refer")
        refer_draft.remember(response, own)
        return response
    form = CodeForm(request.POST)
    if not form.is_valid():
        return _start_page(request, form, status=422)
    if too_often(request, "code", CODE_TRIES):
        form.add_error("code", "That was many tries in one hour. Please wait, or begin again.")
        return _start_page(request, form, status=429)
    draft = drafts.find(kind=refer_draft.KIND, code=form.cleaned_data["code"])
    if draft is None:
        form.add_error("code", "No draft has this code. It may be sent, deleted or older than 30 days.")
        return _start_page(request, form, status=422)
    response = redirect("public:refer")
    refer_draft.remember(response, draft)
    return response


@require_POST
def delete(request: AnydoorRequest) -> HttpResponse:
    """Delete the draft in hand, or put a sent one away, and begin anew."""
    draft = refer_draft.current(request)
    if draft is not None and not draft.sent_reference:
        drafts.remove(draft=draft)
    response = redirect("public:refer")
    response.delete_cookie(refer_draft.COOKIE)
    return response


@require_http_methods(["GET", "HEAD", "POST"])
def part(request: AnydoorRequest, key: str) -> HttpResponse:
    """One page of the draft. What was typed is kept, right or not."""
    found = BY_KEY.get(key)
    if found is None:
        raise Http404
    draft = refer_draft.current(request)
    if draft is None or draft.sent_reference:
        return _gone(request, found) if request.method == "POST" else redirect("public:refer")
    if request.method != "POST":
        return _part_page(request, draft, found, refer_draft.form_of(draft, found))
    form = found.form(request.POST)
    good = form.is_valid()
    typed = refer_draft.typed_in(request.POST, found)
    if good or refer_draft.can_be_kept(typed):
        kept = attempt(
            form, lambda: drafts.keep(draft=draft, part=key, typed=typed, good=good, at=request.at)
        )
        if good and kept is not None:
            return redirect("public:refer")
    return _part_page(request, draft, found, form)


def _gone(request: AnydoorRequest, found: Part) -> HttpResponse:
    """A page sent when its draft was sent or deleted already, in another tab: what was typed comes back."""
    form = found.form(request.POST)
    form.is_valid()
    form.add_error(None, GONE)
    context = {"form": form, "heading": found.heading, "needed": found.needed}
    return page(request, "public/refer_part.jinja", area_meant(request), context, status=409)


def _part_page(request: AnydoorRequest, draft: Draft, found: Part, form: Form) -> HttpResponse:
    status = 422 if request.method == "POST" and form.errors else 200
    context = {"form": form, "heading": found.heading, "needed": found.needed}
    return page(request, "public/refer_part.jinja", _area_of(request, draft), context, status=status)


def _area_of(request: AnydoorRequest, draft: Draft) -> Area | None:
    slug = draft.data.get("area")
    if slug:
        return Area.objects.select_related("front_door").filter(slug=slug).first()
    return area_meant(request)


def _list_context(request: AnydoorRequest, draft: Draft) -> dict[str, Any]:
    tasks, todo = [], 0
    for one in PARTS:
        kept = draft.data.get(one.key)
        done = bool(kept and kept["good"])
        if kept and not done:
            status = "Something to put right"
        elif done:
            status = "Done"
        else:
            status = "To do" if one.needed else "If you know"
        todo += 0 if done or (not one.needed and not kept) else 1
        tasks.append(
            {
                "label": one.heading,
                "href": reverse("public:refer_part", args=[one.key]),
                "done": done,
                "status": status,
            }
        )
    ready = todo == 0
    tasks.append(
        {
            "label": "Check and send",
            "href": reverse("public:refer_check") if ready else "",
            "done": False,
            "status": "Ready" if ready else "Not yet",
        }
    )
    return {
        "draft": draft,
        "tasks": tasks,
        "ready": ready,
        "known": _known(request, draft),
        "kept_for": refer_draft.KEPT_FOR,
    }


def _known(request: AnydoorRequest, draft: Draft) -> list[Known]:
    """Whom this may be, for signed-in staff, of those they may see. Nobody else is told anything."""
    if _staff(request) is None:
        return []
    answers = refer_draft.answers_of(draft)
    person, reach = answers.get("person", {}), answers.get("reach", {})
    if not person:
        return []
    contact = reach.get("contact") or ""
    return known_to(
        request.standing,
        name=person["name"],
        born_on=person["born_on"],
        number=identifiers.nhs_number(person["nhs_number"]) if person["nhs_number"] else "",
        contact=identifiers.contact(contact).normalised if contact else "",
        postcode=places.locate(reach.get("place") or "").postcode,
    )


def told_of(answers: dict[str, dict[str, Any]]) -> Told:
    """The answers of the pages as what came through the door."""
    you, person, reach = answers["you"], answers["person"], answers["reach"]
    story, agreed = answers["story"], answers["agreed"]
    needs, baby = answers.get("needs", {}), answers.get("baby", {})
    where = baby.get("where", "")
    return Told(
        story=story["story"],
        door="professional",
        contact=reach["contact"],
        place=reach["place"],
        name=person["name"],
        role=person["role"],
        born_on=person["born_on"],
        nhs_number=person["nhs_number"],
        trying_to_conceive=where == "trying",
        assisted_conception=baby.get("assisted_conception") == "yes",
        due_on=baby.get("due_on") if where == "expecting" else None,
        baby_born_on=baby.get("baby_born_on") if where == "born" else None,
        loss_kind=(baby.get("loss_kind") or "not_said") if where == "loss" else "",
        babies=baby.get("babies") or 1,
        baby_name=baby.get("baby_name", ""),
        safe=reach["safe"] if reach["contact"] else "not_asked",
        uses=tuple(reach["uses"]) if reach["safe"] == "yes" and reach["contact"] else (),
        hours=reach["hours"],
        safety=(reach["safety"],) if reach["safety"] else (),
        address_kind=reach["address_kind"] or "not_asked",
        language=needs.get("language", ""),
        interpreter=needs.get("interpreter") or "not_asked",
        communication=(needs["communication"],) if needs.get("communication") else (),
        needs=tuple(story["needs"]),
        asks_for=story["asks_for"],
        referrer_name=you["referrer_name"],
        referrer_organisation=you["referrer_organisation"],
        referrer_contact=you["referrer_contact"],
        family_knows=agreed["family_knows"],
        agreed_words=agreed["agreed_words"] if agreed["family_knows"] == "yes" else agreed["why_not"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: AnydoorRequest) -> HttpResponse:
    """Everything that was answered, to check and to send."""
    draft = refer_draft.current(request)
    if draft is None:
        return redirect("public:refer")
    if draft.sent_reference:
        return redirect("public:refer_sent")
    answers = refer_draft.answers_of(draft)
    if any(one.needed and one.key not in answers for one in PARTS):
        return redirect("public:refer")
    begun = _area_of(request, draft)
    place = answers["reach"]["place"]
    where = places.area_of(place, here=begun) if begun is not None else places.locate(place).area
    form = SendForm(request.POST if request.method == "POST" else None)
    areas = list(Area.objects.order_by("name"))
    form.fields["area"].options = [Choice(one.slug, one.name) for one in areas]
    if where is not None:
        del form.fields["area"]
    if request.method == "POST" and form.is_valid():
        area = where or next((one for one in areas if one.slug == form.cleaned_data["area"]), None)
        if area is None:
            form.add_error("area", "Choose the area, so that it reaches the right people.")
        else:
            return _send(request, draft, answers, area, form)
    return _check_page(request, draft, answers, form)


def _send(
    request: AnydoorRequest, draft: Draft, answers: dict[str, dict[str, Any]], area: Area, form: SendForm
) -> HttpResponse:
    staff = _staff(request)
    done = attempt(
        form,
        lambda: drafts.send(
            draft=draft, told=told_of(answers), area=area, by=staff or VISITOR, at=request.at
        ),
    )
    if done is None:
        return _check_page(request, draft, answers, form)
    return redirect("public:refer_sent")


def _check_page(
    request: AnydoorRequest, draft: Draft, answers: dict[str, dict[str, Any]], form: SendForm
) -> HttpResponse:
    context = {"form": form, "draft": draft, "sections": lines_of(answers)}
    return page(
        request,
        "public/refer_check.jinja",
        _area_of(request, draft),
        context,
        status=422 if form.errors else 200,
    )


@require_safe
def sent(request: AnydoorRequest) -> HttpResponse:
    """It arrived: the reference, who holds it, what happens next, and words for the referrer's own record."""
    draft = refer_draft.current(request)
    if draft is None or not draft.sent_reference:
        return redirect("public:refer")
    with wall.lifted("who has the draft sent this request"):
        referral = (
            Referral.objects.select_related("area", "front_door", "holder", "holder_team", "person")
            .filter(reference=draft.sent_reference)
            .first()
        )
    if referral is None:
        raise WrongMoment("This draft was sent, but its request is not here any more. Call us about it.")
    context = {
        "referral": referral,
        # As they typed it: the name we hold would tell that we knew the person.
        "called": referral.claimed.get("name") or referral.person.name,
        "holder": holder_of(referral),
        "first": steps(referral, request)[0],
        "now": request.at,
        "in_danger": bool(referral.danger_words),
        "crisis_moved": bool(referral.danger_words),
        "signed_in": _staff(request) is not None,
    }
    return page(request, "public/refer_sent.jinja", referral.area, context)
