"""Page: whose work addresses an area vouches for, so that people there may look after their referrals."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from anydoor.access.policy import Facts, check
from anydoor.care import referrer_door
from anydoor.care.models import VouchedDomain
from anydoor.care.scope import NO_SUCH
from anydoor.directory.models import Area
from anydoor.rules.errors import NotFound, WrongMoment
from anydoor.ui.forms import Form, TextField
from anydoor.web.desk.acting import form_page, saved, tried
from anydoor.web.shell import AnydoorRequest, signed_in


class VouchForm(Form):
    """A domain, and who is behind it."""

    domain = TextField(
        label="What stands behind the @?", hint="Like charity.example", missing="Write the domain.", limit=253
    )
    who_they_are = TextField(label="Who are they?", missing="Say who they are.", limit=200)


def _area(request: AnydoorRequest, slug: str) -> Area:
    area = Area.objects.select_related("front_door").filter(slug=slug).first()
    if area is None:
        raise NotFound(NO_SUCH)
    check(request.standing, "vouch", Facts(area_team_id=area.front_door_id))
    return area


@signed_in
def vouching(request: AnydoorRequest, slug: str) -> HttpResponse:
    """Those vouched for now, and one more."""
    area = _area(request, slug)
    form = VouchForm(request.POST or None)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: referrer_door.vouch(
                area=area,
                domain=data["domain"],
                who_they_are=data["who_they_are"],
                by=request.user,
                at=request.at,
            ),
        )
        if result.ok:
            return saved(request, "People there can ask for a number now.", "desk:vouching", slug)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title="Whose work addresses we vouch for",
        lead="Public bodies (nhs.uk, gov.uk and the like) need nobody's word. People at these others may see "
        "what became of those they referred.",
        back=("My work", reverse("desk:home")),
        button="Vouch for them",
        conflict=conflict,
        template="desk/vouching.jinja",
        area=area,
        now=request.at,
        rows=VouchedDomain.objects.standing()
        .filter(area=area)
        .select_related("vouched_by")
        .order_by("domain"),
    )


@require_POST
@signed_in
def end_vouching(request: AnydoorRequest, slug: str, row_id: int) -> HttpResponse:
    """No more numbers are sent there."""
    area = _area(request, slug)
    words = "No more numbers are sent there."
    try:
        referrer_door.end_vouching(row_id=row_id, area=area, by=request.user, at=request.at)
    except WrongMoment as refusal:
        words = refusal.message
    answer: HttpResponseRedirect = saved(request, words, "desk:vouching", slug)
    return answer


urls = [
    path("areas/<slug:slug>/vouched/", vouching, name="vouching"),
    path("areas/<slug:slug>/vouched/<int:row_id>/end/", end_vouching, name="end_vouching"),
]
