"""Pages: something happened in a family, more of its story, and trying for a baby."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.http import HttpResponse
from django.urls import path

from anydoor.care.amend import amend_story, set_trying
from anydoor.care.events import KINDS, record_event
from anydoor.care.models import FamilyCare, Story
from anydoor.care.picture import Member, members_seen, stage_of
from anydoor.care.scope import NO_SUCH
from anydoor.care.triage import add_story
from anydoor.care.withheld import held_back
from anydoor.directory.models import Area
from anydoor.people.models import LOSS_KINDS
from anydoor.rules.errors import NotFound
from anydoor.rules.stage import Stage
from anydoor.ui.forms import (
    Choice,
    ChoiceOfOne,
    DayField,
    Form,
    FormKeyField,
    LongTextField,
    SelectField,
    TextField,
    TickField,
)
from anydoor.ui.times import full_date
from anydoor.ui.words import given_name
from anydoor.web.desk.acting import family_in_full, form_page, saved, sending, to_family, today, tried
from anydoor.web.shell import AnydoorRequest, signed_in

LATER = {
    "birth": "The birth is recorded. What follows from it waits on the holder.",
    "loss": "It is recorded. What no longer fits is stopped, and the holder is asked to speak with them.",
    "moved_away": "The move is recorded. You hold until they have been seen there.",
}


ABOUT_ONE_BABY = frozenset({"birth", "loss", "neonatal_admission", "neonatal_discharge"})


class EventForm(Form):
    """One thing that happened, on one day, to one baby or to the family."""

    form_key = FormKeyField()
    kind = ChoiceOfOne(label="What happened?")
    baby = ChoiceOfOne(label="Which baby?", required=False, look="small")
    baby_name = TextField(label="The baby’s name, if they have told you", required=False, limit=200, width=30)
    loss_kind = ChoiceOfOne(label="What kind of loss, as they say it?", required=False, look="small")
    new_area = SelectField(label="The area they move to", required=False, nothing="Choose an area")
    day = DayField(label="On which day?")
    words = LongTextField(
        label="What should others know?",
        hint="In words the family could read. A line is enough.",
        required=False,
        limit=5000,
        rows=4,
    )


@signed_in
def happened(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """A birth, a neonatal stay, a loss, a move or a discharge."""
    care, facts = family_in_full(request, family_id, "record_event")
    members = members_seen(request.standing, facts)
    form = EventForm(request.POST or None)
    _fit(form, members, stage_of(care, members, today(request)), care)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        babies = {str(one.person.pk): one.person for one in members}
        result = tried(
            form,
            lambda: record_event(
                family_id=family_id,
                kind=data["kind"],
                on=data["day"],
                words=data["words"],
                baby=babies.get(data.get("baby", "")) if data["kind"] in ABOUT_ONE_BABY else None,
                baby_name=data.get("baby_name", ""),
                loss_kind=data.get("loss_kind", ""),
                new_area=Area.objects.filter(slug=data["new_area"]).first() if data["new_area"] else None,
                form_key=sending(request),
                by=request.user,
                at=request.at,
            ),
            {"on": "day"},
        )
        if result.ok:
            return saved(
                request,
                LATER.get(data["kind"], "It is recorded. What follows from it waits on the holder."),
                "desk:family",
                family_id,
            )
        conflict = result.conflict
    return form_page(
        request,
        form,
        title="Something happened in the family",
        lead=care.title,
        back=to_family(care),
        button="Save",
        conflict=conflict,
        notes=[
            "Saving opens the tasks that follow and stops what no longer fits. Nothing is sent by itself."
        ],
    )


def _fit(form: EventForm, members: Sequence[Member], where: Stage, care: FamilyCare) -> None:
    """Offer only words that fit: after a loss nothing about a baby, unless another child is here."""
    babies = [one for one in members if one.role == "baby" and not one.is_lost]
    expects = [one for one in babies if one.person.born_on is None]
    says_baby = where.says_baby or where.ask_first or bool(babies)
    kinds = [
        kind
        for kind in KINDS
        if says_baby or kind not in {"birth", "neonatal_admission", "neonatal_discharge"}
    ]
    reveals = {"birth": "baby_name" if says_baby else "", "loss": "loss_kind", "moved_away": "new_area"}
    labels = {"loss": KINDS["loss"].label if says_baby else "Another loss"}
    form.fields["kind"].options = [
        Choice(kind, labels.get(kind, KINDS[kind].label), reveals=reveals.get(kind, "")) for kind in kinds
    ]
    form.fields["loss_kind"].options = list(LOSS_KINDS.items())
    form.fields["new_area"].options = [
        (area.slug, area.name) for area in Area.objects.exclude(pk=care.area_id).order_by("name")
    ]
    if not says_baby:
        del form.fields["baby_name"]
    if len(babies) > 1 or (babies and not expects):
        form.fields["baby"].options = [Choice(str(one.person.pk), _baby_words(one)) for one in babies]
    else:
        del form.fields["baby"]


def _baby_words(one: Member) -> str:
    person = one.person
    if person.born_on is not None:
        return f"{person.called}, born {full_date(person.born_on)}"
    due = f"due {full_date(person.due_on)}" if person.due_on else "not born yet"
    return f"{person.called}, {due}, record {person.pk}"


class StoryForm(Form):
    """More of what somebody told, in their words or a worker's."""

    form_key = FormKeyField()
    person = ChoiceOfOne(label="Whose story?", look="small")
    kind = ChoiceOfOne(
        label="Whose words are these?",
        options=[
            Choice("own", "Their own words, as they said them"),
            Choice("worker", "Mine: what I saw or was told"),
            Choice("baby", "What this may be like for the baby", "Write it so that a parent may read it."),
        ],
        look="small",
    )
    words = LongTextField(label="The words", missing="Write what was said.", rows=6)
    how = TextField(label="How did you hear it?", required=False, limit=60, width=20, hint="Like: on a visit")


@signed_in
def story(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """Add to the story of one person in the family. It stays that person's own."""
    care, facts = family_in_full(request, family_id, "add_story")
    members = [one for one in members_seen(request.standing, facts) if not one.is_closed]
    adults = [one for one in members if one.is_adult] or members
    form = StoryForm(request.POST or None, initial={"person": request.GET.get("person", "")})
    form.fields["person"].options = [Choice(str(one.person.pk), one.person.called) for one in adults]
    if len(adults) == 1:
        form.initial["person"] = str(adults[0].person.pk)
    if not stage_of(care, members, today(request)).says_baby and not _has_baby(members):
        form.fields["kind"].options = form.fields["kind"].options[:2]
    conflict = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: add_story(
                family_id=family_id,
                person_id=int(data["person"]),
                kind=data["kind"],
                words=data["words"],
                how=data["how"] or "added",
                form_key=sending(request),
                by=request.user,
                at=request.at,
            ),
        )
        if result.ok:
            return saved(request, "It is added to the story.", "desk:family", family_id)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title="Add to the story",
        lead=care.title,
        back=to_family(care),
        button="Add it",
        conflict=conflict,
    )


def _has_baby(members: Sequence[Member]) -> bool:
    return any(one.role in {"baby", "child"} and not one.is_lost for one in members)


class CorrectForm(Form):
    """What a story should say instead, and why."""

    words = LongTextField(label="What it should say", missing="Write what it should say.", rows=6)
    why = TextField(label="Why it changes", limit=300, missing="Say why it changes.")


@signed_in
def correct(request: AnydoorRequest, family_id: int, story_id: int) -> HttpResponse:
    """Correct what was written down; the first version stays on the timeline."""
    care, facts = family_in_full(request, family_id, "amend")
    row = Story.objects.filter(family_id=family_id, pk=story_id).select_related("person").first()
    if row is None or not held_back(request.standing, facts).shows("story", row.person_id):
        raise NotFound(NO_SUCH)
    form = CorrectForm(request.POST or None, initial={"words": row.words})
    conflict = ""
    if request.method == "POST" and form.is_valid():
        result = tried(
            form, lambda: amend_story(story=row, **form.cleaned_data, by=request.user, at=request.at)
        )
        if result.ok:
            return saved(
                request,
                "It is corrected. What it said before stays on the timeline.",
                "desk:person",
                family_id,
                row.person_id,
            )
        conflict = result.conflict
    return form_page(
        request,
        form,
        title=f"Correct what was written of {given_name(row.person.called)}",
        lead="Correct slips of writing. What somebody told us stays as they told it.",
        back=to_family(care),
        button="Correct it",
        conflict=conflict,
    )


class TryingForm(Form):
    """Whether the family hopes for a baby, and whether with help."""

    trying = TickField(label="They are trying for a baby", required=False)
    assisted = TickField(label="With assisted conception, like IVF", required=False)


@signed_in
def trying(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """The first stage of all: trying for a baby."""
    care, _ = family_in_full(request, family_id, "amend")
    family = care.family
    begun: dict[str, Any] = {"trying": family.trying_to_conceive, "assisted": family.assisted_conception}
    form = TryingForm(request.POST if request.method == "POST" else None, initial=begun)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if begun != data:
            set_trying(
                family=family,
                trying=data["trying"] or data["assisted"],
                assisted=data["assisted"],
                by=request.user,
                at=request.at,
            )
        return saved(request, "It is recorded.", "desk:family", family_id)
    return form_page(
        request,
        form,
        title="Trying for a baby",
        lead=care.title,
        back=to_family(care),
        button="Save",
    )


urls = [
    path("family/<int:family_id>/happened/", happened, name="record_event"),
    path("family/<int:family_id>/story/", story, name="add_story"),
    path("family/<int:family_id>/story/<int:story_id>/", correct, name="amend_story"),
    path("family/<int:family_id>/trying/", trying, name="set_trying"),
]
