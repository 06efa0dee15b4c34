"""Page: send somebody the way to their own page, where it is safe."""

from __future__ import annotations

from datetime import timedelta

from django.http import HttpResponse
from django.urls import path, reverse

from anydoor.care import own_page
from anydoor.messages import texts
from anydoor.ui.forms import Form, FormKeyField
from anydoor.ui.words import given_name
from anydoor.web.desk.acting import form_page, saved, tried
from anydoor.web.desk.people import member_in
from anydoor.web.shell import AnydoorRequest, signed_in


class SendForm(Form):
    """Nothing to fill: where it is safe is known, or it is not sent."""

    form_key = FormKeyField()


@signed_in
def send_own_page(request: AnydoorRequest, family_id: int, person_id: int) -> HttpResponse:
    """See the very words that go out, and send them."""
    care, one = member_in(request, family_id, person_id, "record_contact")
    name = given_name(one.person.called)
    form = SendForm(request.POST or None)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        result = tried(
            form,
            lambda: own_page.send_link(
                family_id=family_id,
                person_id=person_id,
                by=request.user,
                at=request.at,
                form_key=form.cleaned_data["form_key"],
            ),
        )
        if result.ok:
            return saved(request, "The link is on its way.", "desk:person", family_id, person_id)
        conflict = result.conflict
    until = request.at + timedelta(days=own_page.LINK_DAYS)
    words = texts.own_page(door=care.area.door_name, link="(the link)", until=until, phone=care.area.phone)
    return form_page(
        request,
        form,
        title=f"Send {name} the way to their page",
        lead=f"{name} sees who holds them, who looked and what is shared, and can stop the sharing.",
        back=(one.person.called, reverse("desk:person", args=[family_id, person_id])),
        button="Send the link",
        conflict=conflict,
        template="desk/send_own_page.jinja",
        words=words[1],
        name=name,
    )


urls = [path("family/<int:family_id>/person/<int:person_id>/page/", send_own_page, name="send_own_page")]
