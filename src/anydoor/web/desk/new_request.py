"""A request that comes by voice, at the door, or in somebody else's words: found first, then written down.

The first question is whether we know them: a story told before is not asked for again. Whoever writes down
a spoken request has heard it, so at the front door they hold it; all else goes to the duty worker.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse

from anydoor.access.policy import Facts, Standing, check, may
from anydoor.care import scope
from anydoor.care.intake import Told, faults_in, receive
from anydoor.care.models import Referral
from anydoor.care.models.referral import DOORS
from anydoor.directory.models import Area
from anydoor.people.models import LOSS_KINDS, Person
from anydoor.rules import working_time
from anydoor.rules.errors import BadInput, NotFound
from anydoor.ui.forms import (
    Choice,
    ChoiceOfMany,
    ChoiceOfOne,
    DayField,
    Form,
    FormKeyField,
    LongTextField,
    NumberField,
    SelectField,
    TextField,
)
from anydoor.ui.times import clock_time, day_words
from anydoor.ui.words import spoken_reference
from anydoor.web.desk.acting import sending, today
from anydoor.web.desk.family_list import found_rows
from anydoor.web.desk.frame import page
from anydoor.web.desk.words import NEED_TAGS
from anydoor.web.shell import AnydoorRequest, attempt, signed_in

SPOKEN_DOORS = frozenset({"phone", "walk_in", "event"})
DESK_DOORS = {
    "phone": "They ring",
    "walk_in": "They walked in",
    "email": "An email, pasted",
    "text": "A text message",
    "messaging": "A messaging app",
    "event": "A community event",
}


class FindForm(Form):
    q = TextField(
        label="Do we know them already?",
        hint="The beginning of a name, or a whole NHS number. Only families you may see are found.",
        missing="Type at least two letters of a name, or a whole NHS number.",
        label_size="m",
        limit=100,
        width=30,
        spellcheck=False,
    )


class RequestForm(Form):
    """Everything a desk can write down. Only the words and one way to reach somebody are needed."""

    def __init__(self, *given: Any, **more: Any) -> None:
        super().__init__(*given, **more)
        for field in self.fields.values():
            # nearly all are; the page says so once
            field.hide_optional = True

    form_key = FormKeyField()
    door = ChoiceOfOne(
        label="How did it come?", look="small", missing="Say how it came", options=list(DESK_DOORS.items())
    )
    story = LongTextField(
        label="What do they say?",
        hint="In their own words, as near as you can. Paste an email or a message whole.",
        missing="Write what they say. One sentence is enough",
        rows=6,
    )
    area = SelectField(label="Which area?", missing="Choose the area")
    contact = TextField(
        label="A way to reach them",
        hint="A phone number or an email address",
        required=False,
        limit=254,
        width=30,
    )
    safe = ChoiceOfOne(
        label="Is it safe to use?",
        hint="Not asked means: speak to the person only, leave no message.",
        look="small",
        initial="not_asked",
        options=[
            Choice("not_asked", "Not asked"),
            Choice("yes", "Yes", "say for what", reveals="uses"),
            Choice("no", "No, do not use it"),
        ],
    )
    uses = ChoiceOfMany(
        label="Safe for what?",
        required=False,
        look="small",
        options=[
            Choice("call", "Call"),
            Choice("text", "Text"),
            Choice("voicemail", "Leave a message"),
            Choice("email", "Email"),
        ],
    )
    hours = TextField(label="When is it safe?", hint="For example, after 3pm", required=False, width=20)
    place = TextField(label="Where do they live?", hint="A postcode, or a town", required=False, width=20)
    name = TextField(label="Name, as they say it", required=False, width=30, spellcheck=False)
    role = SelectField(
        label="Who are they?",
        nothing="Not said",
        required=False,
        options=[
            Choice("mother", "Mother"),
            Choice("father", "Father"),
            Choice("co_parent", "Co-parent"),
            Choice("carer", "Carer"),
        ],
    )
    born_on = DayField(label="Their date of birth", hint="For example, 27 3 1994", required=False)
    nhs_number = TextField(label="NHS number", required=False, limit=40, width=20, spellcheck=False)
    stage = ChoiceOfOne(
        label="Is there a pregnancy, a baby, or a loss?",
        look="small",
        initial="not_said",
        required=False,
        options=[
            Choice("not_said", "Not said"),
            Choice("trying", "Trying for a baby"),
            Choice("pregnant", "A pregnancy", reveals="due_on"),
            Choice("baby", "A baby or child", reveals="baby_born_on"),
            Choice("loss", "A loss", reveals="loss_kind"),
        ],
    )
    due_on = DayField(label="Due date", required=False)
    baby_born_on = DayField(label="Born on", required=False)
    loss_kind = SelectField(
        label="What kind of loss, if they said?",
        nothing="Not said more closely",
        required=False,
        options=[Choice(kind, words) for kind, words in LOSS_KINDS.items() if kind != "not_said"],
    )
    lost_on = DayField(label="Day of the loss, if they said", required=False)
    babies = NumberField(label="How many babies?", initial=1, required=False, width=2)
    baby_name = TextField(label="The baby's name", required=False, width=20, spellcheck=False)
    needs = ChoiceOfMany(
        label="What is it about?",
        hint="Tick what they told you. You can do this later too.",
        look="small",
        required=False,
        options=[Choice(need, label) for need, label in NEED_TAGS.items()],
    )
    asks_for = TextField(label="What would they like?", required=False, limit=500)
    language = TextField(label="Language", required=False, limit=60, width=20)
    interpreter = ChoiceOfOne(
        label="Interpreter?",
        look="small",
        initial="not_asked",
        options=[Choice("not_asked", "Not asked"), Choice("yes", "Yes"), Choice("no", "No")],
    )
    communication = TextField(
        label="What do they need from us?",
        hint="One sentence, as something to do: Say it, then send a short text.",
        required=False,
        limit=300,
    )
    safety = TextField(
        label="What keeps them safe?",
        hint="One sentence, as something to do: Do not ring the house.",
        required=False,
        limit=300,
    )
    referrer_name = TextField(label="Who wrote or rang for them?", required=False, width=30)
    referrer_organisation = TextField(label="From where?", required=False, width=30)
    referrer_contact = TextField(
        label="Their phone or email", required=False, limit=254, width=30, spellcheck=False
    )
    family_knows = ChoiceOfOne(
        label="Does the family know?",
        look="small",
        initial="not_asked",
        options=[Choice("not_asked", "Not said"), Choice("yes", "Yes"), Choice("no", "No")],
    )

    def clean(self) -> dict[str, Any]:
        """Nothing that was written down may be dropped in silence: a date needs its choice."""
        data = super().clean() or {}
        stage = data.get("stage")
        dates = [
            name for name in ("due_on", "baby_born_on", "lost_on", "loss_kind", "baby_name") if data.get(name)
        ]
        if dates and stage in {"", "not_said", "trying"}:
            self.add_error("stage", "Say if it is a pregnancy, a baby or a loss, or take the words below out")
        elif stage == "pregnant":
            for name in ("baby_born_on", "lost_on", "loss_kind"):
                if data.get(name):
                    self.add_error(
                        name, "Only the pregnancy is written here. Add the rest on the family's page"
                    )
        if data.get("safe") == "yes" and not data.get("uses") and "uses" not in self.errors:
            self.add_error("uses", "Say what it is safe for")
        return data


# ---------------------------------------------------------------- find


@signed_in
def find(request: AnydoorRequest) -> HttpResponse:
    """The first question: do we know them? Posted, so that no name stands in an address."""
    check(request.standing, "receive")
    if not may(request.standing, "search_people"):
        return redirect("desk:write_request")
    form = FindForm(request.POST if request.method == "POST" else None)
    found: list[dict[str, Any]] | None = None
    if request.method == "POST" and form.is_valid():
        people = attempt(form, lambda: scope.find_people(request.standing, form.cleaned_data["q"]))
        if people is not None:
            found = _found(request, people)
    return page(
        request,
        "desk/new_request.jinja",
        "inbox",
        {"form": form, "found": found, "most": scope.MOST_FOUND, "typed": form["q"].value() or ""},
        status=422 if form.is_bound and form.errors else 200,
    )


def _found(request: AnydoorRequest, people: Sequence[Person]) -> list[dict[str, Any]]:
    """Each person found with their family, and the request that is open already, if there is one."""
    opened: dict[int, Referral] = {}
    for referral in (
        Referral.objects.open()
        .for_user(request.standing)
        .filter(person__in=people)
        .select_related("holder")
        .order_by("received_at")
    ):
        opened[referral.person_id] = referral
    rows: list[dict[str, Any]] = []
    for person in people:
        referral = opened.get(person.pk)
        for row in found_rows(request.standing, [person], request.at)[:1]:
            row["person_id"] = person.pk
            row["open"] = (
                {
                    "href": reverse("desk:triage", args=[referral.pk]),
                    "words": f"Request {spoken_reference(referral.reference)} is open, "
                    f"by {DOORS[referral.door].lower()} on {day_words(referral.received_at, request.at)}, "
                    f"held by {referral.holder.name if referral.holder else 'the front door'}.",
                }
                if referral is not None
                else None
            )
            rows.append(row)
    return rows


# ---------------------------------------------------------------- write down


@signed_in
def write(request: AnydoorRequest) -> HttpResponse:
    """Write the request down; every door ends in the same verb."""
    check(request.standing, "receive")
    known = _known(request)
    areas = areas_of(request.standing)
    beginning = request.method == "POST" and "begin" in request.POST
    given = request.POST if request.method == "POST" and not beginning else None
    form = RequestForm(given, initial=_begun(request) if beginning else {})
    form.fields["area"].options = [Choice(area.slug, area.name) for area in areas]
    if len(areas) == 1:
        del form.fields["area"]
    if known is not None:
        for name in ("name", "role", "born_on", "nhs_number"):
            del form.fields[name]
    if given is not None and form.is_valid():
        area = areas[0] if len(areas) == 1 else next(a for a in areas if a.slug == form.cleaned_data["area"])
        done = _receive(request, form, area, known)
        if done is not None:
            return done
    return page(
        request,
        "desk/write_request.jinja",
        "inbox",
        {"form": form, "known": known},
        status=422 if form.is_bound else 200,
    )


def _known(request: AnydoorRequest) -> Person | None:
    """The person chosen from what was found, if this worker may see them."""
    given = request.GET.get("person", "")
    if not given:
        return None
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise NotFound(scope.NO_SUCH)
    person = scope.people_for(request.standing).filter(pk=int(given)).first()
    if person is None:
        raise NotFound(scope.NO_SUCH)
    return person


def _begun(request: AnydoorRequest) -> dict[str, str]:
    """What was typed into the search, carried on: a number or a name."""
    typed = " ".join(request.POST.get("q", "").split())[:100]
    is_number = sum(mark.isdigit() for mark in typed) >= 5
    return {"nhs_number" if is_number else "name": typed} if typed else {}


def areas_of(who: Standing) -> list[Area]:
    """Where somebody's requests may go: their front doors' areas, else their services', else any."""
    mine = Area.objects.filter(front_door__in=who.front_doors).order_by("name")
    theirs = Area.objects.filter(Q(services__team__in=who.team_ids)).distinct().order_by("name")
    return list(mine) or list(theirs) or list(Area.objects.order_by("name"))


def _receive(
    request: AnydoorRequest, form: RequestForm, area: Area, known: Person | None
) -> HttpResponse | None:
    told = told_of(form)
    for fault in faults_in(told, on=working_time.in_london(request.at).date()):
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
    if form.errors:
        return None
    triages = may(request.standing, "triage", Facts(area_team_id=area.front_door_id))
    heard_it = told.door in SPOKEN_DOORS and triages
    try:
        done = receive(
            told=told,
            area=area,
            by=request.user,
            at=request.at,
            source_ref=f"desk:{today(request)}:{sending(request)}",
            holder=request.user if heard_it else None,
            known=known,
        )
    except BadInput as fault:
        form.add_error(fault.field if fault.field in form.fields else None, fault.message)
        return None
    referral = done.referral
    holder = referral.holder.name if referral.holder is not None else "the front door"
    said = "You hold them now." if referral.holder_id == request.user.pk else f"{holder} holds them now."
    if not heard_it:
        read_at = referral.read_by_time
        said += f" It will be read {day_words(read_at, request.at)} by {clock_time(referral.due_at)}."
    messages.success(request, f"Request {spoken_reference(referral.reference)} is in. {said}")
    if triages:
        return redirect("desk:triage", referral_id=referral.pk)
    return redirect("desk:home")


def told_of(form: RequestForm) -> Told:
    """What the form says, in the words of the intake."""
    given = form.cleaned_data
    stage = given["stage"] or "not_said"
    sentences = {name: (given[name],) if given[name] else () for name in ("communication", "safety")}
    plain = (
        *("story", "door", "contact", "place", "safe", "hours", "language", "interpreter", "asks_for"),
        *("referrer_name", "referrer_organisation", "referrer_contact", "family_knows"),
    )
    own = ("name", "role", "born_on", "nhs_number")  # not asked of somebody we know
    loss_kind = given["loss_kind"] or ("not_said" if stage == "loss" else "")
    return Told(
        **{name: given[name] for name in plain},
        **{name: given[name] for name in own if name in given},
        **sentences,
        uses=tuple(given["uses"]) if given["safe"] == "yes" else (),
        needs=tuple(given["needs"]),
        trying_to_conceive=stage == "trying",
        due_on=given["due_on"],
        baby_born_on=given["baby_born_on"],
        lost_on=given["lost_on"],
        loss_kind=loss_kind,
        babies=given["babies"] if given["babies"] is not None else 1,
        baby_name=given["baby_name"],
    )


urls = [
    path("new/", find, name="new_request"),
    path("new/write", write, name="write_request"),
]
