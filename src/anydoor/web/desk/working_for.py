"""What somebody works for in this session: said on a small page, kept until they sign out."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from anydoor.access import audit
from anydoor.access.accounts import let_work_for
from anydoor.access.policy import check
from anydoor.access.purposes import DIRECT_CARE, PURPOSES
from anydoor.ui.forms import Choice, ChoiceOfOne, Form
from anydoor.web.desk.acting import form_page
from anydoor.web.desk.what_for import choices
from anydoor.web.shell import PURPOSE, AnydoorRequest, signed_in


class PurposeForm(Form):
    """One of the purposes that somebody's roles let them say."""

    purpose = ChoiceOfOne(
        label="What do you work for now?", options=[], look="small", missing="Choose what you work for now."
    )

    def __init__(self, *args: Any, options: list[Choice], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["purpose"]
        field.options = options


@signed_in
def working_for(request: AnydoorRequest) -> HttpResponse:
    """GET: the choice. POST: keep it for this session, note it in the audit, and go back."""
    check(request.standing, "say_purpose")
    now = request.standing.purpose
    back = way_back(request.POST.get("back") or request.GET.get("back", ""))  # the address goes with the form
    form = PurposeForm(request.POST or None, initial={"purpose": now}, options=choices(request.standing))
    if request.method == "POST" and form.is_valid():
        if form.cleaned_data["purpose"] != now:
            _say(request, form.cleaned_data["purpose"])
        return HttpResponseRedirect(back)
    return form_page(
        request,
        form,
        title="What do you work for now?",
        lead="It is kept with everything you look at or do from here on, until you change it or sign out. "
        "What is not for families opens no family's record.",
        back=("Back", back),
        button="Keep this",
        current="work",
    )


def _say(request: AnydoorRequest, purpose: str) -> None:
    before = PURPOSES[request.standing.purpose]
    if purpose == DIRECT_CARE:
        request.session.pop(PURPOSE, None)
    else:
        request.session[PURPOSE] = purpose
    let_work_for(request.user, purpose)
    audit.record(
        action="purpose_said", subject="session", subject_id=request.user.pk, by=request.user, at=request.at,
        why=f"Before: {before}",
    )  # fmt: skip


def way_back(wanted: str) -> str:
    """The page of the desk somebody came from; my work for anything else that stands in its place."""
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) and wanted.startswith("/desk/")
    safe = safe and wanted.isprintable() and ".." not in wanted and len(wanted) <= 300
    return wanted if safe else reverse("desk:home")


urls = [path("working-for/", working_for, name="purpose")]
