"""Pages: a routine contact took place, they said no to it, it is not counted, it is open again."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse

from anydoor.access.policy import Facts
from anydoor.care.models import FamilyCare
from anydoor.care.models.schedule import ACTIONS, ANSWERS_TO_ASKING, DECLINE_REASONS
from anydoor.care.schedule import recording
from anydoor.care.schedule.reading import ChildSchedule, Entry, family_schedule
from anydoor.care.schedule.recording import REASONS, Told
from anydoor.care.scope import NO_SUCH
from anydoor.rules.errors import NotFound
from anydoor.rules.stage import day_in_words
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
from anydoor.web.desk.acting import family_in_full, form_page, saved, sending, today, tried
from anydoor.web.desk.schedule import source_words
from anydoor.web.shell import AnydoorRequest, signed_in

ASKED = "asked-"


class DoneForm(Form):
    """A routine contact that took place."""

    form_key = FormKeyField()
    on = DayField(label="On which day did it take place?")
    by_whom = TextField(
        label="Who did it, if not you?",
        hint="A name and what they are, like: Maya Lund, health visitor",
        required=False,
        limit=200,
        width=30,
    )
    wellbeing = ChoiceOfOne(
        label="Did somebody ask how they are in themselves?",
        options=[Choice("yes", "Yes"), Choice("no", "No"), Choice("not_asked", "I do not know")],
        look="inline",
        required=False,
    )
    action = SelectField(
        label="After a positive answer: what was done about it?", required=False, nothing="No positive answer"
    )
    action_words = TextField(label="What exactly?", required=False, limit=500, width=30)
    words = LongTextField(
        label="What should others know?",
        hint="In words the family could read. A line is enough.",
        required=False,
        limit=2000,
        rows=3,
    )
    both = TickField(label="It was for the other baby too", required=False)


class DeclineForm(Form):
    """What they said, in their own words."""

    form_key = FormKeyField()
    reason = ChoiceOfOne(label="What did they say?", missing="Choose what they said")
    words = TextField(label="In their words", required=False, limit=500, width=30)


class ExcludeForm(Form):
    """A reason that is nobody's failure, and since when."""

    form_key = FormKeyField()
    reason = ChoiceOfOne(label="Why is it not counted?", missing="Choose a reason")
    since = DayField(label="Since which day?")
    words = TextField(label="What should others know?", required=False, limit=500, width=30)
    all_open = TickField(label="All contacts of this child that are still open", required=False)


class ReopenForm(Form):
    """Why it is open again."""

    form_key = FormKeyField()
    why = TextField(label="Why is it open again?", missing="Say why it is opened again", limit=500, width=30)


class FirstBabyForm(Form):
    """Three appointments are only in a first pregnancy."""

    answer = ChoiceOfOne(
        label="Is this the mother’s first baby?",
        options=[Choice("yes", "Yes"), Choice("no", "No")],
        look="inline",
        missing="Choose yes or no",
    )


def _find(
    request: AnydoorRequest, family_id: int, child_id: int, key: str
) -> tuple[FamilyCare, Facts, ChildSchedule, Entry]:
    care, facts = family_in_full(request, family_id, "keep_schedule")
    for child in family_schedule(family_id, today(request)):
        if child.child.pk == child_id:
            for entry in child.entries:
                if entry.contact.key == key and not (child.is_lost and entry.contact.about != "mother"):
                    return care, facts, child, entry
    raise NotFound(NO_SUCH)


def _step(
    request: AnydoorRequest,
    form: Form,
    care: FamilyCare,
    entry: Entry,
    *,
    title: str,
    button: str,
    conflict: str,
    **more: Any,
) -> HttpResponse:
    held = entry.row or entry.planned
    assert held is not None
    on = today(request)
    return form_page(
        request,
        form,
        title=title,
        lead=f"{entry.contact.name}, {care.title}",
        back=("Routine contacts", reverse("desk:family_schedule", args=[care.pk])),
        button=button,
        current="schedule",
        conflict=conflict,
        notes=[
            f"Its time is {day_in_words(held.opens_on, on)} to {day_in_words(held.closes_on, on)}.",
            f"{source_words(entry.contact)}.",
            *more.pop("notes", ()),
        ],
        **more,
    )


def _saved(request: AnydoorRequest, words: str, family_id: int) -> HttpResponse:
    return saved(request, words, "desk:family_schedule", family_id)


# ---- done


def _done_form(request: AnydoorRequest, child: ChildSchedule, entry: Entry) -> tuple[DoneForm, list[str]]:
    """The form with a question for each instrument that no measure answers yet."""
    form = DoneForm(request.POST or None)
    taken = {one.instrument for one in entry.measures}
    names = [name for name in entry.contact.screens if name not in taken]
    options = [Choice(key, words) for key, words in ANSWERS_TO_ASKING.items()]
    fields = dict(form.fields)
    form.fields.clear()
    for name, field in fields.items():
        if name == "action":
            for place, instrument in enumerate(names):
                form.fields[f"{ASKED}{place}"] = ChoiceOfOne(
                    label=f"{instrument}: no answers are kept here for this contact",
                    options=options,
                    look="small",
                    required=False,
                )
        form.fields[name] = field
    form.fields["action"].options = [(key, words) for key, words in ACTIONS.items() if key]
    if not entry.contact.screens:
        del form.fields["action"], form.fields["action_words"]
    if not _twins(child, entry):
        del form.fields["both"]
    return form, names


def _twins(child: ChildSchedule, entry: Entry) -> list[int]:
    return list(child.twins) if entry.contact.about == "baby" else []


@signed_in
def done(request: AnydoorRequest, family_id: int, child_id: int, key: str) -> HttpResponse:
    """It took place: when, who, what was asked, and what was done after a positive answer."""
    care, _, child, entry = _find(request, family_id, child_id, key)
    form, names = _done_form(request, child, entry)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        told = Told(
            by_whom=data["by_whom"],
            words=data["words"],
            wellbeing=data["wellbeing"] or "not_asked",
            asked={
                name: data[f"{ASKED}{place}"]
                for place, name in enumerate(names)
                if data.get(f"{ASKED}{place}")
            },
            action=data.get("action", ""),
            action_words=data.get("action_words", ""),
        )
        result = tried(
            form,
            lambda: recording.record_contact_done(
                family_id=family_id,
                child_id=child_id,
                key=key,
                on=data["on"],
                told=told,
                also=_twins(child, entry) if data.get("both") else (),
                by=request.user,
                at=request.at,
                form_key=sending(request),
            ),
        )
        if result.ok:
            return _saved(request, "It is recorded as done.", family_id)
        conflict = result.conflict
    return _step(
        request,
        form,
        care,
        entry,
        title="It took place",
        button="Save",
        conflict=conflict,
        notes=[
            f"Answers to {' and '.join(names)} are kept with Take a measure. Do that first if you have them."
        ]
        if names
        else [],
        second={"label": "Take a measure", "href": reverse("desk:take_measure", args=[family_id])}
        if names
        else None,
    )


# ---- declined, excluded, open again


@signed_in
def declined(request: AnydoorRequest, family_id: int, child_id: int, key: str) -> HttpResponse:
    """They said no to this contact."""
    care, _, _, entry = _find(request, family_id, child_id, key)
    form = DeclineForm(request.POST or None)
    form.fields["reason"].options = [Choice(*one) for one in DECLINE_REASONS.items()]
    conflict = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: recording.decline(
                family_id=family_id,
                child_id=child_id,
                key=key,
                reason=data["reason"],
                words=data["words"],
                by=request.user,
                at=request.at,
                form_key=sending(request),
            ),
        )
        if result.ok:
            return _saved(request, "It is recorded. You can open it again at any time.", family_id)
        conflict = result.conflict
    return _step(request, form, care, entry, title="They said no to this", button="Save", conflict=conflict)


@signed_in
def excluded(request: AnydoorRequest, family_id: int, child_id: int, key: str) -> HttpResponse:
    """A reason that is nobody's failure: it is counted apart."""
    care, _, _, entry = _find(request, family_id, child_id, key)
    form = ExcludeForm(request.POST or None)
    form.fields["reason"].options = [Choice(*one) for one in REASONS.items()]
    conflict = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: recording.exclude(
                family_id=family_id,
                child_id=child_id,
                key=key,
                reason=data["reason"],
                since=data["since"],
                words=data["words"],
                all_open=data["all_open"],
                by=request.user,
                at=request.at,
                form_key=sending(request),
            ),
        )
        if result.ok:
            return _saved(request, "It is recorded and counted apart.", family_id)
        conflict = result.conflict
    return _step(
        request,
        form,
        care,
        entry,
        title="It is not counted",
        button="Save",
        conflict=conflict,
        notes=[
            "After a loss, record the loss under Something happened in the family. Everything stops then."
        ],
    )


@signed_in
def reopened(request: AnydoorRequest, family_id: int, child_id: int, key: str) -> HttpResponse:
    """Open again what was done by mistake, declined or excluded."""
    care, _, _, entry = _find(request, family_id, child_id, key)
    form = ReopenForm(request.POST or None)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        result = tried(
            form,
            lambda: recording.reopen(
                family_id=family_id,
                child_id=child_id,
                key=key,
                why=form.cleaned_data["why"],
                by=request.user,
                at=request.at,
                form_key=sending(request),
            ),
        )
        if result.ok:
            return _saved(request, "It is open again.", family_id)
        conflict = result.conflict
    return _step(request, form, care, entry, title="Open it again", button="Open it", conflict=conflict)


@signed_in
def first_baby(request: AnydoorRequest, family_id: int, child_id: int) -> HttpResponse:
    """Whether it is the first baby."""
    care, _ = family_in_full(request, family_id, "keep_schedule")
    form = FirstBabyForm(request.POST or None)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        result = tried(
            form,
            lambda: recording.say_first_baby(
                family_id=family_id,
                child_id=child_id,
                answer=form.cleaned_data["answer"],
                by=request.user,
                at=request.at,
            ),
        )
        if result.ok:
            return _saved(request, "It is recorded. The contacts follow from it.", family_id)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title="A first baby?",
        lead=care.title,
        back=("Routine contacts", reverse("desk:family_schedule", args=[family_id])),
        button="Save",
        current="schedule",
        conflict=conflict,
        notes=["Appointments at 25, 31 and 40 weeks are only in a first pregnancy."],
    )


ONE = "family/<int:family_id>/schedule/<int:child_id>"
urls = [
    path(f"{ONE}/first/", first_baby, name="first_baby"),
    path(f"{ONE}/<slug:key>/done/", done, name="contact_done"),
    path(f"{ONE}/<slug:key>/declined/", declined, name="contact_declined"),
    path(f"{ONE}/<slug:key>/excluded/", excluded, name="contact_excluded"),
    path(f"{ONE}/<slug:key>/open/", reopened, name="contact_reopened"),
]
