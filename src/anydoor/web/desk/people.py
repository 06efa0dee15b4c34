"""Pages: one person with the facts of their own, correcting them, adding somebody, living apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from anydoor.care import picture as pictures
from anydoor.care import scope
from anydoor.care.amend import FIELDS, add_member, amend_person, set_apart
from anydoor.care.models import FamilyCare, Happening, Story
from anydoor.care.picture import Member
from anydoor.care.rights.objecting import beside
from anydoor.care.withheld import HeldBack, happenings_shown, held_back, sentences
from anydoor.people.models import (
    ADDRESS_KINDS,
    ADULT_ROLES,
    LOSS_KINDS,
    ROLES_IN_FAMILY,
    SAFE,
    USES,
    YES_NO_ASKED,
    FamilyMember,
    Person,
)
from anydoor.rules.errors import NotFound
from anydoor.ui.forms import (
    Choice,
    ChoiceOfOne,
    DayField,
    Form,
    FormKeyField,
    HiddenField,
    LongTextField,
    SelectField,
    TextField,
    TickField,
)
from anydoor.ui.times import calendar_day, date_words, full_date
from anydoor.ui.words import given_name, nhs_spaced, sentence
from anydoor.web.desk.acting import family_in_full, form_page, saved, sending, to_family, tried
from anydoor.web.desk.family_page import story_rows
from anydoor.web.desk.family_rows import amended_words, shortened
from anydoor.web.desk.frame import page
from anydoor.web.desk.safety import need_lines, safety_lines, shown_way
from anydoor.web.desk.said_beside import marks_of, names_of, of_kinds, of_person
from anydoor.web.shell import AnydoorRequest, signed_in

HISTORY = 30


def member_in(
    request: AnydoorRequest, family_id: int, person_id: int, action: str
) -> tuple[FamilyCare, Member]:
    """Somebody of a family this person works with. `NotFound` when they are not in it."""
    care, facts = family_in_full(request, family_id, action)
    if person_id in scope.hidden_people(request.standing, facts):
        # Their own record was not shared with this team.
        raise NotFound(scope.NO_SUCH)
    members = pictures.members_seen(request.standing, facts)
    found = next((one for one in members if one.person.pk == person_id), None)
    if found is None:
        raise NotFound(scope.NO_SUCH)
    return care, found


def to_person(one: Member, family_id: int) -> tuple[str, str]:
    return one.person.called, reverse("desk:person", args=[family_id, one.person.pk])


# ---- the page


@signed_in
def person(request: AnydoorRequest, family_id: int, person_id: int) -> HttpResponse:
    """Everything of one person: what keeps them safe, facts with where they are from, their own story."""
    care, one = member_in(request, family_id, person_id, "see_family")
    held = held_back(request.standing, scope.facts_of(care))
    scope.looked(
        what="see_person",
        subject="person",
        subject_id=person_id,
        family_id=family_id,
        by=request.user,
        at=request.at,
        why="your team works with the family",
    )
    stories = (
        Story.objects.filter(family_id=family_id, person_id=person_id, replaced_by__isnull=True)
        if held.shows("story", person_id)
        else Story.objects.none()
    )
    name = given_name(one.person.called)
    context = {
        "care": care,
        "back": to_family(care),
        "one": one,
        "person": one.person,
        "name": name,
        "lead": _lead(one, request.at),
        "safety": safety_lines(one) if one.is_adult else [],
        "needs": need_lines(one) if one.is_adult else [],
        "facts": _facts(one, request.at),
        "ways": [_way_row(way) for way in one.ways],
        "rules": one.rules,
        "stories": story_rows(stories, request.at),
        "history": _history(family_id, one, held, request.at),
        "held_back": sentences(held, [(person_id, name)]),
        "shows_ways": held.shows("contact", person_id),
        **_said(family_id, one, request.at),
    }
    return page(request, "desk/person.jinja", "families", context)


def _said(family_id: int, one: Member, at: datetime) -> dict[str, Any]:
    """What they say is not right, beside what it is about."""
    rows = [row for row in beside(family_id) if row.person_id == one.person.pk]
    marks = marks_of(rows, names_of(rows), at)
    shown = {"story", "way", "instruction", "person", "other"}
    return {
        "said": marks,
        "said_of_facts": of_person(marks, one.person.pk),
        "said_of_what_happened": of_kinds(marks, *({key.partition(":")[0] for key in marks} - shown)),
    }


def _lead(one: Member, at: datetime) -> str:
    age = one.person.age_on(calendar_day(at)) if one.is_adult else None
    role = ROLES_IN_FAMILY[one.role] if one.role != "other" else ""
    parts = [
        role.capitalize(),
        f"{age} years old" if age else "",
        "lives apart" if one.apart else "",
        one.town,
    ]
    return ", ".join(part for part in parts if part)


def _facts(one: Member, at: datetime) -> list[dict[str, Any]]:
    """Facts of the record; only those that mean something for an adult or for a child."""
    person = one.person
    rows: list[tuple[str, str]] = [
        ("Name as typed", person.name),
        ("Likes to be called", person.known_as),
        ("NHS number", nhs_spaced(person.nhs_number) if person.nhs_number else ""),
    ]
    if one.is_adult:
        rows += [
            ("Birth date", full_date(person.born_on)),
            ("Language", person.language),
            ("Interpreter", YES_NO_ASKED[person.interpreter]),
            ("Care leaver", YES_NO_ASKED[person.care_leaver]),
            ("GP practice", person.gp_practice),
        ]
    elif one.is_lost:
        rows += [("Loss", LOSS_KINDS[person.loss_kind or "not_said"]), ("On", full_date(person.lost_on))]
        rows += [("Born", full_date(person.born_on))] if person.born_on else []
    else:
        rows += [("Due", full_date(person.due_on)), ("Born", full_date(person.born_on))]
    return [{"label": label, "value": value or "Not known"} for label, value in rows]


def _way_row(way: pictures.Way) -> dict[str, Any]:
    uses = sentence([USES[use].lower() for use in way.uses if use in USES])
    return {
        "id": way.id,
        "shown": shown_way(way),
        "safe": SAFE[way.safe],
        "colour": {"yes": "good", "no": "danger", "not_asked": "due"}[way.safe],
        "uses": uses,
        "hours": way.hours,
    }


def _history(family_id: int, one: Member, held: HeldBack, at: datetime) -> list[dict[str, Any]]:
    """What happened with this person: the rows about them, words and corrections in full."""
    told = happenings_shown(pictures.happenings_about(family_id, one.person.pk), held)
    rows: Sequence[Happening] = told[:HISTORY]
    return [
        {
            "when": date_words(row.at, at),
            "title": row.headline,
            "text": " ".join(
                part
                for part in (
                    amended_words(row.facts.get("lines", ()), with_address=True),
                    shortened(row.words, 2000),
                )
                if part
            ),
            "kind": "held" if row.moved_holding else "",
        }
        for row in rows
    ]


# ---- correcting


class FactsForm(Form):
    """The facts of a person, with the version that was read."""

    version = HiddenField()
    name = TextField(label="Name as they write it", required=False, limit=200, width=30, autocomplete="off")
    known_as = TextField(label="Likes to be called", required=False, limit=100, width=20, autocomplete="off")
    nhs_number = TextField(
        label="NHS number", required=False, limit=40, width=20, inputmode="numeric", spellcheck=False
    )
    born_on = DayField(label="Birth date", required=False)
    due_on = DayField(label="Due date", required=False)
    language = TextField(label="Language they like to speak", required=False, limit=60, width=20)
    interpreter = ChoiceOfOne(
        label="Do they want an interpreter?", options=list(YES_NO_ASKED.items()), look="inline"
    )
    care_leaver = ChoiceOfOne(
        label="Were they in care as a child?", options=list(YES_NO_ASKED.items()), look="inline"
    )
    gp_practice = TextField(label="GP practice", required=False, limit=200, width=30)
    address_kind = ChoiceOfOne(
        label="Where do they live?",
        options=[
            Choice("not_asked", ADDRESS_KINDS["not_asked"]),
            Choice("usual", ADDRESS_KINDS["usual"]),
            Choice("staying", ADDRESS_KINDS["staying"]),
            Choice("no_fixed_abode", ADDRESS_KINDS["no_fixed_abode"]),
            Choice(
                "refuge", ADDRESS_KINDS["refuge"], "Shown on this page only, never in a list or on paper."
            ),
        ],
        look="small",
    )
    address = LongTextField(label="Address", required=False, limit=500, rows=3)
    postcode = TextField(label="Postcode", required=False, limit=12, width=10, spellcheck=False)
    why = TextField(
        label="Why does it change?",
        hint="Needed when something was there before. Old, new and why stay on the timeline.",
        required=False,
        limit=300,
    )


WHERE = ("address_kind", "address", "postcode")
ADULT_ONLY = ("language", "interpreter", "care_leaver", "gp_practice", *WHERE)


@signed_in
def change(request: AnydoorRequest, family_id: int, person_id: int) -> HttpResponse:
    """Correct facts. Somebody who changed them in the meantime is told, and nothing typed is lost."""
    care, one = member_in(request, family_id, person_id, "amend")
    form = FactsForm(request.POST or None, initial=_stored(one.person))
    for name in ("due_on",) if one.is_adult else ADULT_ONLY:
        del form.fields[name]
    if one.is_adult and not held_back(request.standing, scope.facts_of(care)).shows("contact", person_id):
        # What is not shown is not written over either.
        for name in WHERE:
            del form.fields[name]
    conflict = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        version = data["version"]
        result = tried(
            form,
            lambda: amend_person(
                person=one.person,
                family_id=family_id,
                changes={name: data[name] for name in FIELDS if name in data},
                why=data["why"],
                version=int(version) if version.isascii() and version.isdigit() else 0,
                by=request.user,
                at=request.at,
            ),
        )
        if result.ok:
            return saved(
                request,
                f"The record of {one.person.called} is corrected.",
                "desk:person",
                family_id,
                person_id,
            )
        conflict = result.conflict
    if conflict:
        # What was typed stays; it may be saved over what is shown above it now.
        form.data = form.data.copy()
        form.data["version"] = str(one.person.version)
    return form_page(
        request,
        form,
        title=f"Facts about {one.person.called}",
        lead="Names are kept exactly as typed.",
        back=to_person(one, family_id),
        button="Save",
        conflict=conflict,
        facts=_facts(one, request.at) if conflict else None,
    )


def _stored(person: Person) -> dict[str, Any]:
    return {name: getattr(person, name) for name in FIELDS} | {"version": str(person.version)}


# ---- who belongs to the family


class MemberForm(Form):
    """Somebody to add to a family."""

    form_key = FormKeyField()
    role = SelectField(label="Who is it?", options=list(ROLES_IN_FAMILY.items()), missing="Say who it is.")
    name = TextField(label="Name, as they write it", required=False, limit=200, width=30, autocomplete="off")
    born_on = DayField(label="Birth date", required=False)
    due_on = DayField(label="Due date, for a baby not born yet", required=False)
    apart = TickField(label="Lives apart from the family", required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        role = data.get("role", "")
        if role in ADULT_ROLES and not data.get("name") and "name" not in self.errors:
            self.add_error("name", "Write a name, or what they are called.")
        if role in ADULT_ROLES and data.get("due_on"):
            self.add_error("due_on", "Only a baby has a due date.")
        return data


@signed_in
def add(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """Add somebody to the family, with a record of their own."""
    care, _ = family_in_full(request, family_id, "amend")
    form = MemberForm(request.POST or None)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        dates: Mapping[str, date] = {name: data[name] for name in ("born_on", "due_on") if data[name]}
        result = tried(
            form,
            lambda: add_member(
                family_id=family_id,
                name=data["name"],
                role=data["role"],
                apart=data["apart"],
                form_key=sending(request),
                by=request.user,
                at=request.at,
                **dates,
            ),
        )
        if result.ok:
            return saved(request, "They are added, with a record of their own.", "desk:family", family_id)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title="Add somebody to the family",
        lead=care.title,
        back=to_family(care),
        button="Add them",
        conflict=conflict,
    )


@require_POST
@signed_in
def apart(request: AnydoorRequest, family_id: int, person_id: int) -> HttpResponse:
    """They live apart, or no longer do. Each keeps a record of their own either way."""
    _, one = member_in(request, family_id, person_id, "amend")
    wanted = request.POST.get("apart") == "yes"
    if wanted != one.apart:
        member = FamilyMember.objects.select_related("person").get(pk=one.id)
        set_apart(member=member, apart=wanted, by=request.user, at=request.at)
        messages.success(request, f"It is recorded: {'lives apart' if wanted else 'lives with the family'}.")
    return HttpResponseRedirect(reverse("desk:person", args=[family_id, person_id]))


urls = [
    path("family/<int:family_id>/person/<int:person_id>/", person, name="person"),
    path("family/<int:family_id>/person/<int:person_id>/change/", change, name="amend_person"),
    path("family/<int:family_id>/person/<int:person_id>/apart/", apart, name="set_apart"),
    path("family/<int:family_id>/add/", add, name="add_member"),
]
