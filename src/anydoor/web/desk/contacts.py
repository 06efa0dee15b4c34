"""Pages: record a contact or plan one, say what became of a planned one, move it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from anydoor.access.policy import Facts, check
from anydoor.care import scope
from anydoor.care.episode import move_contact, record_contact
from anydoor.care.models import Contact, Episode, FamilyCare, Referral
from anydoor.care.models.episode import MODES, OUTCOMES, PURPOSES
from anydoor.care.picture import Member, members_at_work
from anydoor.care.withheld import held_back
from anydoor.rules import working_time
from anydoor.rules.errors import NotFound
from anydoor.ui.forms import (
    Choice,
    ChoiceOfOne,
    DayField,
    Form,
    FormKeyField,
    LongTextField,
    NumberField,
    SelectField,
    TextField,
    TimeField,
)
from anydoor.ui.times import day_words
from anydoor.web.desk.acting import (
    called,
    family_in_full,
    form_page,
    kind_of,
    moment,
    saved,
    sending,
    thing_of,
    to_family,
    tried,
)
from anydoor.web.desk.safety import safety_lines
from anydoor.web.shell import AnydoorRequest, signed_in

# The commonest first, what is to come last.
OUTCOME_ORDER = sorted(OUTCOMES, key=lambda value: value == "planned")
OUTCOME_HINTS: Mapping[str, str] = {
    "attended": "It counts as a real contact.",
    "not_reached": "Each try counts. After a few it comes back to its holder to find another way.",
    "planned": "An appointment to come.",
}
DONE_WORDS: Mapping[str, str] = {
    "planned": "The appointment is planned.",
    "attended": "The contact is recorded.",
    "not_reached": "The try is recorded.",
    "could_not_come": "It is recorded that they could not come. Plan the next one with them.",
    "cancelled_family": "It is recorded that they moved or cancelled it.",
    "cancelled_us": "It is recorded that we moved or cancelled it.",
}


class ContactForm(Form):
    """What happened, or is to happen."""

    form_key = FormKeyField()
    person = ChoiceOfOne(label="With whom", look="small")
    outcome = ChoiceOfOne(
        label="What happened?",
        options=[Choice(value, OUTCOMES[value], OUTCOME_HINTS.get(value, "")) for value in OUTCOME_ORDER],
        look="small",
    )
    mode = ChoiceOfOne(label="How?", options=list(MODES.items()), look="small")
    day = DayField(
        label="Day", required=False, hint="Leave it empty if it was just now. Needed for an appointment."
    )
    clock = TimeField(label="Time", required=False)
    minutes = NumberField(label="Minutes", required=False, min_value=1, max_value=720)
    place = TextField(label="Place", required=False, limit=200, width=30)
    purpose = SelectField(
        label="What was it for?",
        hint="Outcomes count appointments by it.",
        options=[(value, words) for value, words in PURPOSES.items() if value],
        required=False,
        nothing="Not said",
    )
    words = LongTextField(
        label="What you talked about",
        hint="A line is enough. Write it so that the family could read it.",
        required=False,
        limit=5000,
        rows=4,
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == "planned":
            for name, missing in (("day", "Say on which day."), ("clock", "Say at what time.")):
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, missing)
        return data


class MoveForm(Form):
    """A new day and time for an appointment."""

    day = DayField(label="New day")
    clock = TimeField(label="New time")
    why = TextField(label="Why it moves", required=False, limit=300)


@signed_in
def record(request: AnydoorRequest, kind: str, thing_id: int) -> HttpResponse:
    """Record what happened just now or earlier, or plan what is to come."""
    thing, facts = thing_of(request, kind, thing_id)
    check(request.standing, "record_contact", facts)
    care = scope.family_for(request.standing, thing.family_id)
    members = members_at_work(request.standing, facts, thing.person_id)
    form = ContactForm(request.POST or None, initial=_initial(request, thing))
    _offer_people(form, members)
    _ask_purpose(form, thing)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: record_contact(
                thing=thing,
                mode=data["mode"],
                outcome=data["outcome"],
                words=data["words"],
                happens_at=moment(data["day"], data["clock"], request.at),
                minutes=data["minutes"],
                person_id=int(data["person"]),
                place=data["place"],
                purpose=data.get("purpose", ""),
                form_key=sending(request),
                by=request.user,
                at=request.at,
            ),
            {"happens_at": "day"},
        )
        if result.ok:
            return saved(request, DONE_WORDS[data["outcome"]], "desk:family", care.pk)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title="Record a contact",
        lead=f"{care.title}, {called(thing)}",
        back=to_family(care),
        button="Save",
        conflict=conflict,
        template="desk/contact.jinja",
        safety=_safety(members, thing.person_id),
        others=_other_things(request, care, thing),
    )


def _initial(request: AnydoorRequest, thing: Referral | Episode) -> dict[str, Any]:
    begun = {"person": str(thing.person_id)}
    return begun | ({"outcome": "planned"} if request.GET.get("plan") else {})


def _offer_people(form: ContactForm, members: list[Member]) -> None:
    adults = [one for one in members if one.is_adult] or members
    form.fields["person"].options = [Choice(str(one.person.pk), one.person.called) for one in adults]


def _ask_purpose(form: ContactForm, thing: Referral | Episode) -> None:
    """Only the help itself has treatment to count."""
    if not isinstance(thing, Episode):
        del form.fields["purpose"]


def _safety(members: list[Member], person_id: int) -> list[dict[str, Any]]:
    one = next((one for one in members if one.person.pk == person_id), None)
    return safety_lines(one) if one else []


def _other_things(
    request: AnydoorRequest, care: FamilyCare, thing: Referral | Episode
) -> list[tuple[str, str]]:
    """Other open work with this family that the contact may be for instead."""
    things: list[Referral | Episode] = list(
        scope.episodes_for(request.standing, care.pk).open().select_related("service")
    )
    things += list(scope.referrals_for(request.standing, care.pk).open())
    return [
        (called(one), reverse("desk:record_contact", args=[kind_of(one), one.pk]))
        for one in things
        if (kind_of(one), one.pk) != (kind_of(thing), thing.pk)
    ]


def _planned(request: AnydoorRequest, contact_id: int) -> tuple[Contact, FamilyCare, Facts]:
    contact = (
        Contact.objects.filter(pk=contact_id)
        .select_related("referral__area", "episode__area", "episode__service", "person")
        .first()
    )
    if contact is None:
        raise NotFound(scope.NO_SUCH)
    care, facts = family_in_full(request, contact.family_id, "record_contact")
    held = held_back(request.standing, facts)
    person_id = contact.person_id or getattr(contact.referral or contact.episode, "person_id", None)
    ours = contact.team_id in held.teams and person_id not in held.hidden
    if not ours and not held.shows("record", person_id):
        raise NotFound(scope.NO_SUCH)
    return contact, care, facts


@signed_in
def say(request: AnydoorRequest, contact_id: int) -> HttpResponse:
    """Say what became of an appointment."""
    contact, care, facts = _planned(request, contact_id)
    thing = contact.referral or contact.episode
    if thing is None:
        raise NotFound(scope.NO_SUCH)
    if request.method == "GET" and contact.outcome != "planned":
        if contact.superseded_by_id is not None:
            return HttpResponseRedirect(reverse("desk:say_contact", args=[contact.superseded_by_id]))
        messages.info(request, f"Somebody already said: {contact.get_outcome_display()}.")
        return HttpResponseRedirect(reverse("desk:family", args=[care.pk]))
    members = members_at_work(request.standing, facts, contact.person_id or thing.person_id)
    form = ContactForm(request.POST or None, initial=_initial_of(contact))
    form.fields["outcome"].options = [one for one in form.fields["outcome"].options if one.value != "planned"]
    del form.fields["place"]
    _offer_people(form, members)
    _ask_purpose(form, thing)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: record_contact(
                thing=thing,
                planned=contact,
                mode=data["mode"],
                outcome=data["outcome"],
                words=data["words"],
                happens_at=_when(contact, data["day"], data["clock"], request.at),
                minutes=data["minutes"],
                purpose=data.get("purpose", ""),
                form_key=sending(request),
                by=request.user,
                at=request.at,
            ),
            {"happens_at": "day"},
        )
        if result.ok:
            return saved(request, DONE_WORDS[data["outcome"]], "desk:family", care.pk)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title="Say what happened",
        lead=f"{contact.get_mode_display()}, {_day_and_time(contact)}",
        back=to_family(care),
        button="Save",
        conflict=conflict,
        template="desk/contact.jinja",
        safety=_safety(members, contact.person_id or thing.person_id),
        move=reverse("desk:move_contact", args=[contact.pk]),
    )


def _initial_of(contact: Contact) -> dict[str, Any]:
    local = working_time.in_london(contact.happens_at)
    return {
        "person": str(contact.person_id or ""),
        "mode": contact.mode,
        "day": local.date(),
        "clock": f"{local:%H:%M}",
    }


def _when(contact: Contact, day: date | None, clock: Any, at: datetime) -> datetime:
    """The time typed; an appointment that ended early was at the latest now."""
    planned = working_time.in_london(contact.happens_at)
    typed = moment(day, clock or planned.time(), contact.happens_at)
    return min(typed, at) if typed == contact.happens_at else typed


def _day_and_time(contact: Contact) -> str:
    return f"{day_words(contact.happens_at)}, {working_time.in_london(contact.happens_at):%H:%M}"


@signed_in
def move(request: AnydoorRequest, contact_id: int) -> HttpResponse:
    """Move an appointment; the old one stays on the timeline."""
    contact, care, _ = _planned(request, contact_id)
    form = MoveForm(request.POST or None)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: move_contact(
                contact=contact,
                to=moment(data["day"], data["clock"], request.at),
                why=data["why"],
                by=request.user,
                at=request.at,
            ),
            {"happens_at": "day"},
        )
        if result.ok:
            return saved(request, "The appointment is moved.", "desk:family", care.pk)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title="Move an appointment",
        lead=f"{contact.get_mode_display()}, {_day_and_time(contact)}",
        back=to_family(care),
        button="Move it",
        conflict=conflict,
    )


urls = [
    path("work/<str:kind>/<int:thing_id>/contact/", record, name="record_contact"),
    path("contact/<int:contact_id>/", say, name="say_contact"),
    path("contact/<int:contact_id>/move/", move, name="move_contact"),
]
