"""A person's own page: what is written about them, and saying that it is not right, or not wanted.

Only while their page is open in this browser, and only what is their own. Words of danger are not shown here:
somebody else could be reading along.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from anydoor.access.audit import Outsider
from anydoor.care import own_page
from anydoor.care.models import FamilyCare, Objection
from anydoor.care.record import SavedAlready, first_name
from anydoor.care.rights import objecting
from anydoor.care.rights.stated import Stated, find, on_their_page
from anydoor.people.models import Person
from anydoor.rules.errors import NotFound
from anydoor.ui.forms import Choice, ChoiceOfOne, Form, FormKeyField, LongTextField, TextField
from anydoor.web.public.frame import page
from anydoor.web.public.mine import Whose, gone, whose_page
from anydoor.web.shell import AnydoorRequest, attempt

OTHER = "other"  # in the address: something that is not in the list


NOT_SHARED = "I do not want this shared."


class SayForm(Form):
    """What they say of it, in their own words."""

    form_key = FormKeyField()
    about = TextField(label="What is it about?", limit=300, missing="Tell us what it is about.")
    kind = ChoiceOfOne(
        label="What would you like to tell us?",
        options=[
            Choice("wrong", "This is not right", reveals="should_be"),
            Choice(
                "share",
                "I do not want this shared",
                "We stop at once: nobody new is told anything about you. Then we look at it with you.",
            ),
            Choice("use", "I do not want you to use or keep this"),
        ],
        missing="Choose what you would like to tell us.",
    )
    should_be = LongTextField(label="What is right?", required=False, rows=2, limit=1000, hide_optional=True)
    words = LongTextField(
        label="Tell us in your own words",
        hint="A few words are enough. We keep them beside it. To stop sharing you need not say why.",
        rows=4,
        limit=1000,
        required=False,
        hide_optional=True,
    )

    def clean(self) -> None:
        """Nobody has to give a reason to stop sharing."""
        super().clean()
        if not self.cleaned_data.get("words"):
            if self.cleaned_data.get("kind") == "share":
                self.cleaned_data["words"] = NOT_SHARED
            elif "words" not in self.errors:
                self.add_error("words", "Tell us in a few words.")


@dataclass(frozen=True, slots=True)
class _Page:
    """Whose page is open here."""

    person: Person
    care: FamilyCare


def _open(request: AnydoorRequest) -> _Page | None:
    whose: Whose | None = whose_page(request)
    if whose is None:
        return None
    member = own_page.member_of(person_id=whose.person_id, family_id=whose.family_id)
    care = FamilyCare.objects.select_related("area", "lead").get(pk=whose.family_id)
    return _Page(member.person, care)


@require_safe
def written(request: AnydoorRequest) -> HttpResponse:
    """What is written about them, fact by fact."""
    try:
        opened = _open(request)
    except NotFound as fault:
        return gone(request, fault.message)
    if opened is None:
        return redirect("public:mine_ask")
    own_page.looked(
        "own_page_seen", person=opened.person, family_id=opened.care.pk, at=request.at, why="what is written"
    )
    rows = on_their_page(opened.person, opened.care.pk)
    asked = set(
        Objection.objects.open()
        .filter(person=opened.person, family=opened.care.pk)
        .values_list("of", flat=True)
    )
    sections: dict[str, list[tuple[Stated, bool]]] = {}
    for one in rows:
        sections.setdefault(one.section, []).append((one, one.key in asked))
    return page(
        request,
        "public/mine_written.jinja",
        opened.care.area,
        {"sections": list(sections.items()), "other": OTHER, "area": opened.care.area},
    )


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters()
def say(request: AnydoorRequest, stated: str) -> HttpResponse:
    """Say of one thing that it is not right, or that they do not want it."""
    try:
        opened = _open(request)
        if opened is None:
            return redirect("public:mine_ask")
        found = find(on_their_page(opened.person, opened.care.pk), stated)
        if found is None and stated != OTHER:
            raise NotFound("That is not on your page any more.")
    except NotFound as fault:
        return gone(request, fault.message)
    form = SayForm(request.POST or None)
    if found is not None:
        del form.fields["about"]
    if request.method == "POST" and form.is_valid():
        done = attempt(form, lambda: _say(form, opened, found, request))
        if done:
            return redirect(f"{reverse('public:mine')}?done=said")
    return page(
        request,
        "public/mine_say.jinja",
        opened.care.area,
        {"form": form, "one": found, "area": opened.care.area},
        status=422 if form.is_bound else 200,
    )


def _say(form: Form, opened: _Page, stated: Stated | None, request: AnydoorRequest) -> bool:
    data = form.cleaned_data
    person = opened.person
    with suppress(SavedAlready):  # sent twice: it is with us
        objecting.say(
            person_id=person.pk, family_id=opened.care.pk, kind=data["kind"], of=stated.key if stated else "",
            about=data.get("about", ""), words=data["words"], should_be=data["should_be"],
            said_by=person.called, how="web", own_page=True, by=Outsider(first_name(person.called), "family"),
            at=request.at, form_key=data["form_key"],
        )  # fmt: skip
    return True
