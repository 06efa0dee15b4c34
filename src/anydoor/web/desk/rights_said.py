"""Pages: writing down what somebody says is not right in their record, or what they do not want."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse

from anydoor.access import wall
from anydoor.care import scope
from anydoor.care.models import FamilyCare, Objection
from anydoor.care.models.rights import OBJECTIONS
from anydoor.care.picture import Member, happenings_about
from anydoor.care.rights import objecting
from anydoor.care.rights.stated import Stated, find, stated_of
from anydoor.care.withheld import entry_shown, happenings_shown, held_back
from anydoor.people.consent import WAYS_OF_SAYING
from anydoor.rules.errors import NotFound
from anydoor.ui.forms import Choice, ChoiceOfOne, Form, FormKeyField, LongTextField, SelectField, TextField
from anydoor.ui.times import date_words, full_date
from anydoor.ui.words import given_name
from anydoor.web.desk.acting import form_page, saved, sending, tried
from anydoor.web.desk.family_rows import shortened
from anydoor.web.desk.frame import page
from anydoor.web.desk.people import member_in, to_person
from anydoor.web.shell import AnydoorRequest, signed_in

CUT = 280
OTHER = "other"  # in the address: something that is not listed


class SaidForm(Form):
    """What they said of it, in their words, and how."""

    form_key = FormKeyField()
    about = TextField(
        label="What is it about?", hint="Like: the letter to the school", limit=300, required=False
    )
    kind = ChoiceOfOne(
        label="What do they say?",
        options=[
            Choice("wrong", OBJECTIONS["wrong"], reveals="should_be"),
            Choice("share", OBJECTIONS["share"], "Sharing stops at once, before anybody looks at it."),
            Choice("use", OBJECTIONS["use"]),
        ],
        missing="Choose what they say.",
    )
    should_be = LongTextField(
        label="What do they believe is right?", required=False, rows=2, limit=1000, hide_optional=True
    )
    words = LongTextField(
        label="In their words", hint="They stay beside it for good.", rows=3, limit=1000,
        missing="Write it in their words.",
    )  # fmt: skip
    said_by = TextField(label="Who said it?", limit=200, width=30, missing="Say who said it.")
    how = SelectField(
        label="How?",
        options=[(key, words) for key, words in WAYS_OF_SAYING.items() if key != "web"],
        missing="Choose how they said it.",
    )


@signed_in
@wall.behind("records somebody governs, which no team of theirs sees")
def not_right(request: AnydoorRequest, family_id: int, person_id: int) -> HttpResponse:
    """Everything stated of one person, to find what they mean."""
    care, one = member_in(request, family_id, person_id, "amend")
    scope.looked(
        what="see_person", subject="person", subject_id=person_id, family_id=family_id, by=request.user,
        at=request.at, why="they say something is not right",
    )  # fmt: skip
    open_on = set(Objection.objects.open().filter(person=person_id).values_list("of", flat=True))
    sections: dict[str, list[dict[str, Any]]] = {}
    for stated in _shown(request, care, one):
        sections.setdefault(_section(stated.section, one), []).append(
            {
                "heading": stated.heading,
                "text": shortened(stated.text, CUT),
                "when": date_words(stated.at, request.at) if stated.at else "",
                "open": stated.key in open_on,
                "href": reverse("desk:say_not_right", args=[family_id, person_id, stated.key]),
            }
        )
    return page(
        request,
        "desk/not_right.jinja",
        "families",
        {
            "back": to_person(one, family_id),
            "name": given_name(one.person.called),
            "sections": list(sections.items()),
            "other_href": reverse("desk:say_not_right", args=[family_id, person_id, OTHER]),
        },
    )


def _section(name: str, one: Member) -> str:
    """The sections of the record speak to the person; here they speak of them."""
    who = given_name(one.person.called)
    return name.replace("about you", f"about {who}").replace("reach you", f"reach {who}").replace(
        "with you", f"with {who}"
    ).replace("how you feel", f"how {who} feels").replace("Your goals", f"Goals of {who}")  # fmt: skip


@signed_in
@wall.behind("records somebody governs, which no team of theirs sees")
def say_not_right(request: AnydoorRequest, family_id: int, person_id: int, stated: str) -> HttpResponse:
    """Write down what they said of one thing. It goes to the holder and the governance lead."""
    care, one = member_in(request, family_id, person_id, "amend")
    found = _stated(_shown(request, care, one), stated)
    form = SaidForm(request.POST or None, initial={"said_by": one.person.called if one.is_adult else ""})
    if found is not None:
        del form.fields["about"]
    conflict = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: objecting.say(
                person_id=person_id, family_id=family_id, kind=data["kind"], of=found.key if found else "",
                about=data.get("about", ""), words=data["words"], should_be=data["should_be"],
                said_by=data["said_by"], how=data["how"], by=request.user, at=request.at,
                form_key=sending(request),
            ),
        )  # fmt: skip
        if result.ok:
            return saved(request, _done(data["kind"], result.done), "desk:person", family_id, person_id)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title=f"What {given_name(one.person.called)} says of this",
        lead="They will have an answer within a month. Until then this is marked, and goes into no handover.",
        back=("What is written", reverse("desk:not_right", args=[family_id, person_id])),
        button="Write it down",
        conflict=conflict,
        facts=[{"label": found.heading, "value": found.text}] if found else None,
    )


def _shown(request: AnydoorRequest, care: FamilyCare, one: Member) -> list[Stated]:
    """What is stated of them, as far as it is shared with whoever looks."""
    held = held_back(request.standing, scope.facts_of(care))
    told = {row.pk for row in happenings_shown(happenings_about(care.pk, one.person.pk), held)}
    return [row for row in stated_of(one.person, care.pk) if entry_shown(row.key, one.person.pk, held, told)]


def _stated(shown: Sequence[Stated], key: str) -> Stated | None:
    if key == OTHER:
        return None
    found = find(shown, key)
    if found is None:
        raise NotFound(scope.NO_SUCH)
    return found


def _done(kind: str, row: Objection | None) -> str:
    by = f" They have an answer by {full_date(row.due_on)}." if row is not None else ""
    return f"{'Sharing has stopped. ' if kind == 'share' else ''}It is written down and with the lead.{by}"


urls = [
    path("family/<int:family_id>/person/<int:person_id>/not-right/", not_right, name="not_right"),
    path(
        "family/<int:family_id>/person/<int:person_id>/not-right/<str:stated>/",
        say_not_right,
        name="say_not_right",
    ),
]
