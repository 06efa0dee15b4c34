"""Pages: ways to reach somebody, whether they are safe to use, and sentences every worker must follow."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.urls import path

from anydoor.care import amend, scope
from anydoor.care.picture import Member, Rule, Way
from anydoor.people.models import SAFE, USES, ContactPoint, Instruction
from anydoor.rules.errors import NotFound
from anydoor.ui.forms import (
    Choice,
    ChoiceOfMany,
    ChoiceOfOne,
    Form,
    FormKeyField,
    LongTextField,
    TextField,
)
from anydoor.ui.words import given_name
from anydoor.web.desk.acting import Tried, form_page, saved, sending, tried
from anydoor.web.desk.people import member_in, to_person
from anydoor.web.desk.safety import shown_way
from anydoor.web.shell import AnydoorRequest, signed_in


class SafetyForm(Form):
    """Whether, for what and when a number or address is safe, as the person said it."""

    safe = ChoiceOfOne(
        label="Is it safe to use?",
        options=[
            Choice("yes", SAFE["yes"], reveals="uses"),
            Choice("no", SAFE["no"], "Nothing is sent and nobody calls."),
            Choice("not_asked", SAFE["not_asked"], "Speak to the person only, leave no message."),
        ],
    )
    uses = ChoiceOfMany(label="Safe for what?", options=list(USES.items()), required=False, look="small")
    hours = TextField(
        label="When?", hint="In their words, like: after 3pm, or not at weekends", required=False, limit=200
    )


class WayForm(SafetyForm):
    """A number or address to add."""

    typed = TextField(
        label="Phone number or email", limit=254, width=30, autocomplete="off", spellcheck=False
    )
    field_order = ("typed", "safe", "uses", "hours")


class InstructionForm(Form):
    """One sentence to follow."""

    form_key = FormKeyField()
    kind = ChoiceOfOne(
        label="What is it about?",
        options=[
            Choice("safety", "To keep them safe", "Like: Do not ring the home number."),
            Choice("need", "What they need from us", "Like: Say it first, then send a short text."),
        ],
    )
    words = LongTextField(
        label="Write it as something to do, in one sentence",
        rows=2,
        limit=2000,
        missing="Write the sentence.",
    )


class WhyForm(Form):
    """Why an instruction no longer holds."""

    why = TextField(label="Why does it no longer hold?", limit=300, missing="Say why it no longer holds.")


@signed_in
def add_way(request: AnydoorRequest, family_id: int, person_id: int) -> HttpResponse:
    """Add a way to reach somebody."""
    _, one = member_in(request, family_id, person_id, "amend")
    form = WayForm(request.POST or None, initial={"safe": "not_asked"})
    return _answer(
        request,
        form,
        one,
        family_id,
        title=f"Add a way to reach {one.person.called}",
        button="Add it",
        words="It is added.",
        work=lambda data: amend.add_contact_point(
            person=one.person, family_id=family_id, by=request.user, at=request.at, **data
        ),
    )


@signed_in
def way(request: AnydoorRequest, family_id: int, person_id: int, way_id: int) -> HttpResponse:
    """Ask and record what is safe; or end a number that is no longer used."""
    _, one = member_in(request, family_id, person_id, "amend")
    found = next((row for row in one.ways if row.id == way_id), None)
    if found is None:
        raise NotFound(scope.NO_SUCH)
    point = ContactPoint.objects.get(pk=way_id)
    if request.POST.get("end") == "yes":
        amend.end_contact_point(point=point, family_id=family_id, by=request.user, at=request.at)
        return saved(request, "It is no longer used.", "desk:person", family_id, person_id)
    form = SafetyForm(request.POST or None, initial=_begun(found))
    return _answer(
        request,
        form,
        one,
        family_id,
        title=shown_way(found),
        lead=f"Ask {given_name(one.person.called)}, not somebody else.",
        button="Save",
        words="It is recorded.",
        template="desk/way.jinja",
        work=lambda data: amend.set_contact_safety(
            point=point, family_id=family_id, by=request.user, at=request.at, **data
        ),
    )


def _begun(found: Way) -> dict[str, Any]:
    return {"safe": found.safe, "uses": list(found.uses), "hours": found.hours}


@signed_in
def add_instruction(request: AnydoorRequest, family_id: int, person_id: int) -> HttpResponse:
    """Add a sentence every worker must follow."""
    _, one = member_in(request, family_id, person_id, "amend")
    form = InstructionForm(request.POST or None, initial={"kind": request.GET.get("kind", "")})
    return _answer(
        request,
        form,
        one,
        family_id,
        title=f"Add an instruction for {one.person.called}",
        lead="Something to do, not something that happened.",
        button="Add it",
        words="It stands on the page now.",
        work=lambda data: amend.add_instruction(
            person=one.person,
            family_id=family_id,
            by=request.user,
            at=request.at,
            **{**data, "form_key": sending(request)},
        ),
    )


@signed_in
def end_instruction(request: AnydoorRequest, family_id: int, person_id: int, rule_id: int) -> HttpResponse:
    """An instruction no longer holds; it stays on the timeline."""
    _, one = member_in(request, family_id, person_id, "amend")
    found: Rule | None = next((row for row in one.rules if row.id == rule_id), None)
    if found is None:
        raise NotFound(scope.NO_SUCH)
    form = WhyForm(request.POST or None)
    return _answer(
        request,
        form,
        one,
        family_id,
        title="End an instruction",
        lead=found.words,
        button="End it",
        words="It no longer stands on the page.",
        work=lambda data: amend.end_instruction(
            row=Instruction.objects.get(pk=rule_id),
            family_id=family_id,
            by=request.user,
            at=request.at,
            **data,
        ),
    )


def _answer(
    request: AnydoorRequest,
    form: Form,
    one: Member,
    family_id: int,
    *,
    title: str,
    button: str,
    words: str,
    work: Callable[[dict[str, Any]], Any],
    lead: str = "",
    template: str = "desk/form.jinja",
) -> HttpResponse:
    """Show the form, or do the work with what was typed and go back to the person."""
    result: Tried[Any] = Tried()
    if request.method == "POST" and form.is_valid():
        result = tried(form, lambda: work(form.cleaned_data))
        if result.ok:
            return saved(request, words, "desk:person", family_id, one.person.pk)
    return form_page(
        request,
        form,
        title=title,
        lead=lead,
        back=to_person(one, family_id),
        button=button,
        conflict=result.conflict,
        template=template,
    )


PERSON = "family/<int:family_id>/person/<int:person_id>"
urls = [
    path(f"{PERSON}/ways/", add_way, name="add_way"),
    path(f"{PERSON}/ways/<int:way_id>/", way, name="way"),
    path(f"{PERSON}/instructions/", add_instruction, name="add_instruction"),
    path(f"{PERSON}/instructions/<int:rule_id>/end/", end_instruction, name="end_instruction"),
]
