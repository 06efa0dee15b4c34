"""Pages of the governance lead: requests for one's own record, opened, looked through, given out."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from anydoor.access import audit, wall
from anydoor.access.policy import acting
from anydoor.care import scope
from anydoor.care.break_glass import family_named
from anydoor.care.models import AccessRequest, Erasure, Objection
from anydoor.care.models.rights import ASKED_AS, CHOICES, OBJECTIONS, REASONS_OUT, STATES_OF_ACCESS
from anydoor.care.rights import asking
from anydoor.care.rights.holds import FOR, governed, governed_by, governs, second_for
from anydoor.people.models import ADULT_ROLES, ROLES_IN_FAMILY, FamilyMember
from anydoor.rules.errors import NotFound, Refused
from anydoor.ui import paper
from anydoor.ui.forms import (
    Choice,
    ChoiceOfOne,
    DayField,
    Form,
    HiddenField,
    LongTextField,
    SelectField,
    TextField,
)
from anydoor.ui.times import date_words, day_time, full_date
from anydoor.web.desk.acting import form_page, saved, today, tried
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in


class FindForm(Form):
    """Whose record: exactly, so that nobody fishes for names."""

    nhs_number = TextField(label="NHS number", required=False, limit=20, width=20, spellcheck=False)
    name = TextField(label="Or their whole name", required=False, limit=200, width=30, autocomplete="off")
    born_on = DayField(label="with their birth date", required=False)
    code = TextField(
        label="Or the reference of a request", hint="Like NFK 7Q4 H2M", required=False, limit=20, width=20,
        spellcheck=False,
    )  # fmt: skip


class AskedForm(Form):
    """Who asks, for whom, in what right, and how we know."""

    person = SelectField(label="Whose record is it?", missing="Choose whose record it is.")
    asked_by = TextField(label="Who asks?", limit=200, missing="Say who asks.")
    asked_as = ChoiceOfOne(label="In what right?", options=list(ASKED_AS.items()), look="small")
    authority = TextField(
        label="If somebody they chose: what was shown",
        hint="Who signed it, and when",
        required=False,
        limit=500,
    )
    proof = TextField(
        label="How do you know that it is them?", limit=300, missing="Say how you know that it is them."
    )
    asked_on = DayField(label="When did they ask?", missing="Give the day they asked.")
    words = LongTextField(label="What do they ask for, in their words?", required=False, rows=2, limit=1000)


class ChoiceForm(Form):
    """What becomes of one entry."""

    of = HiddenField()
    choice = ChoiceOfOne(
        label="What becomes of it?",
        options=[
            Choice("in", CHOICES["in"]),
            Choice("part", CHOICES["part"], reveals="passages"),
            Choice("out", CHOICES["out"]),
        ],
        look="small",
    )
    passages = LongTextField(
        label="Passages to leave out",
        hint="Copied exactly, one on each line",
        required=False,
        rows=3,
        limit=5000,
    )
    reason = SelectField(label="Why is it left out?", required=False)
    words = LongTextField(
        label="In a sentence", hint="Kept with the request. They do not read this sentence.", required=False,
        rows=2, limit=500,
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["reason"]
        field.choices = [("", "Nothing is left out"), *REASONS_OUT.items()]


class TimeForm(Form):
    """More time, once."""

    months = ChoiceOfOne(
        label="How much longer?", options=[("1", "One month"), ("2", "Two months")], look="small"
    )
    why = LongTextField(label="Why, as you told them", rows=2, limit=500, missing="Say why it takes longer.")


class HowForm(Form):
    """How it was given, or why it is closed."""

    how = TextField(label="How was it given to them?", hint="Like: by hand, at the hub", limit=300,
                    missing="Say how it was given to them.")  # fmt: skip


class CloseForm(Form):
    """Why it is closed without an answer."""

    words = LongTextField(label="Why is it closed?", rows=2, limit=500, missing="Say why it is closed.")


def lead_only(request: AnydoorRequest, action: str = "answer_access") -> None:
    """For whoever governs records somewhere; to everybody else the page is not there."""
    acting(request.standing, action)
    if not governs(request.standing, action):
        raise NotFound(scope.NO_SUCH, of=Refused(action, "governs", "page"))


def request_of(request: AnydoorRequest, asked_id: int) -> AccessRequest:
    """A request about a family this lead answers for. `NotFound` for everybody else."""
    row = AccessRequest.objects.filter(pk=asked_id).select_related("person", "opened_by", "closed_by").first()
    if row is None:
        raise NotFound(scope.NO_SUCH)
    governed(request.standing, row.family_id, "answer_access")
    return row


DRAFT = "Not given yet; this is how it would look on"
RIGHTS_WORDS = (
    "This is what is kept about you here. Where something is left out, it says why. If anything is wrong, "
    "tell us and we will look at it with you. If you are not content with our answer, you can ask the "
    "Information Commissioner's Office: ico.org.uk, 0303 123 1113."
)
BACK = ("Rights over records", "desk:rights")


def back() -> tuple[str, str]:
    return BACK[0], reverse(BACK[1])


@signed_in
@require_safe
@wall.behind("records somebody governs, which no team of theirs sees")
def rights(request: AnydoorRequest) -> HttpResponse:
    """What waits on the governance lead: requests with their days, erasures that wait for a second person."""
    acting(request.standing, "confirm_erasure")
    asks = governs(request.standing)
    if not asks and not second_for(request.standing):
        raise NotFound(scope.NO_SUCH, of=Refused("answer_access", "governs", "page"))
    mine = governed_by(request.standing).values("pk")
    rows = AccessRequest.objects.filter(family__in=mine).select_related("person")
    erasures = Erasure.objects.filter(family__in=mine).select_related("asked_by", "decided_by")
    said = Objection.objects.filter(family__in=mine).select_related("person")
    return page(
        request,
        "desk/rights.jinja",
        "work",
        {
            "asks": asks,
            "said": [_said(one, request) for one in said.open().order_by("due_on", "pk")[:100]]
            if asks
            else [],
            "said_before": [
                _said(one, request) for one in said.exclude(state="open").order_by("-answered_at", "-pk")[:30]
            ]
            if asks
            else [],
            "open_requests": [_row(one, request) for one in rows.filter(state="open")[:100]] if asks else [],
            "closed": [_row(one, request) for one in rows.exclude(state="open").order_by("-closed_at")[:30]]
            if asks
            else [],
            "erasures": [
                {
                    "href": reverse("desk:erasure", args=[one.pk]),
                    "name": f"Record {one.family_id}",
                    "state": one.get_state_display(),
                    "waits": one.state == "asked",
                    "asked": f"Asked by {one.asked_by.name}, {date_words(one.asked_at, request.at)}",
                }
                for one in erasures[:50]
            ],
        },
    )


def _said(one: Objection, request: AnydoorRequest) -> dict[str, Any]:
    return {
        "href": reverse("desk:objection", args=[one.pk]),
        "name": one.person.called,
        "asked": f"{one.about}: {OBJECTIONS[one.kind].lower()}. Said {date_words(one.at, request.at)}",
        "due": date_words(one.due_on, request.at) if one.is_open else "",
        "late": one.is_open and one.due_on < today(request),
        "state": one.get_state_display(),
    }


def _row(one: AccessRequest, request: AnydoorRequest) -> dict[str, Any]:
    return {
        "href": reverse("desk:access", args=[one.pk]),
        "name": one.person.called,
        "asked": f"Asked {date_words(one.asked_on, request.at)} by {one.asked_by}",
        "due": date_words(one.due_on, request.at) if one.state == "open" else "",
        "late": one.state == "open" and one.due_on < today(request),
        "state": STATES_OF_ACCESS[one.state],
    }


@signed_in
@wall.behind("records somebody governs, which no team of theirs sees")
def find_record(request: AnydoorRequest) -> HttpResponse:
    """Find one record exactly: the way to a request, a hold or an erasure."""
    lead_only(request)
    form = FindForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        result = tried(form, lambda: _found(request, form))
        if result.done is not None:
            return saved(request, "This is the record.", "desk:record_kept", result.done)
    return form_page(
        request, form, title="Find a record",
        lead="By NHS number, by whole name and birth date, or by reference. Every search is recorded.",
        back=back(), button="Find it", current="work",
    )  # fmt: skip


def _found(request: AnydoorRequest, form: Form) -> int | None:
    data = form.cleaned_data
    try:
        family_id = family_named(
            request.standing, nhs_number=data["nhs_number"], name=data["name"], born_on=data["born_on"],
            code=data["code"],
        )  # fmt: skip
        governed(request.standing, family_id, "answer_access")
    except NotFound:
        form.add_error(None, "Nobody is found by that. Check each letter and number.")
        family_id = None
    audit.record(
        action="searched", subject="person", subject_id=None, by=request.user, at=request.at, purpose=FOR,
        why=f"{int(family_id is not None)} people found",
    )  # fmt: skip
    return family_id


@signed_in
@wall.behind("records somebody governs, which no team of theirs sees")
def ask_access(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """Begin to answer a person of this family."""
    governed(request.standing, family_id, "answer_access")
    form = AskedForm(request.POST or None)
    members = FamilyMember.objects.filter(family=family_id).select_related("person")
    field: Any = form.fields["person"]
    field.choices = [("", "Choose")] + [
        (str(one.person_id), f"{one.person.called}, {ROLES_IN_FAMILY[one.role]}") for one in members
    ]
    conflict = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: asking.open_request(
                person_id=int(data["person"]), family_id=family_id, asked_by=data["asked_by"],
                asked_as=data["asked_as"], authority=data["authority"], proof=data["proof"],
                asked_on=data["asked_on"], words=data["words"], by=request.user, at=request.at,
            ),
        )  # fmt: skip
        if result.done is not None:
            return saved(request, "The request is open.", "desk:access", result.done.pk)
        conflict = result.conflict
    adults = any(one.role in ADULT_ROLES for one in members)
    return form_page(
        request, form, title="Somebody asks for their own record",
        lead="A record is one person's. The other parent's is never part of it." if adults else "",
        back=("The record", reverse("desk:record_kept", args=[family_id])), button="Open the request",
        current="work", conflict=conflict,
    )  # fmt: skip


@signed_in
@wall.behind("records somebody governs, which no team of theirs sees")
def access(request: AnydoorRequest, asked_id: int) -> HttpResponse:
    """One request: every entry of the record with what becomes of it; giving it out."""
    row = request_of(request, asked_id)
    form, conflict = HowForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        result = tried(
            form,
            lambda: asking.send(
                request_id=row.pk, who=request.standing, how=form.cleaned_data["how"], by=request.user,
                at=request.at,
            ),
        )  # fmt: skip
        if result.ok:
            return saved(request, "Given, and kept as it was given.", "desk:access", row.pk)
        conflict = result.conflict
    lines = asking.bundle(row, request.standing) if row.state == "open" else []
    _looked(request, row)
    return form_page(
        request, form, title=f"{row.person.called}’s own record",
        lead=f"{STATES_OF_ACCESS[row.state]}. Due by {date_words(row.due_on, request.at)}.",
        back=back(), button="It was given to them", current="work", conflict=conflict,
        template="desk/access.jinja", row=row, facts=_facts(row, request),
        sections=_sections(lines, row, request), left=sum(one.stands == "look" for one in lines),
        given=sum(one.stands in {"in", "part"} for one in lines),
        out=sum(one.stands == "out" for one in lines),
    )  # fmt: skip


def _looked(request: AnydoorRequest, row: AccessRequest) -> None:
    audit.record(
        action="see_access", subject="person", subject_id=row.person_id, family_id=row.family_id,
        by=request.user, at=request.at, purpose=FOR,
    )  # fmt: skip


def _facts(row: AccessRequest, request: AnydoorRequest) -> list[dict[str, str]]:
    facts = [
        {"label": "Asked", "value": f"{row.asked_by}, {date_words(row.asked_on, request.at)}"},
        {"label": "In what right", "value": f"{ASKED_AS[row.asked_as]}. {row.authority}".strip()},
        {"label": "How we know", "value": row.proof},
        {"label": "Opened by", "value": f"{row.opened_by.name}, {day_time(row.opened_at, request.at)}"},
    ]
    if row.words:
        facts.append({"label": "In their words", "value": row.words})
    if row.longer_why:
        facts.append({"label": "Takes longer", "value": row.longer_why})
    if row.closed_by:
        done = f"{row.closed_by.name}, {day_time(row.closed_at, request.at)}. {row.closed_words}"
        facts.append({"label": STATES_OF_ACCESS[row.state], "value": done})
    if row.digest:
        facts.append({"label": "Digest of what was given", "value": row.digest})
    return facts


STANDS = {
    "look": ("Look at it", "warn"),
    "out": ("Left out", "grey"),
    "part": ("A part is left out", "grey"),
    "in": ("Given", "ok"),
}


def _sections(
    lines: list[asking.Line], row: AccessRequest, request: AnydoorRequest
) -> list[tuple[str, list[dict[str, Any]]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for one in lines:
        words, colour = STANDS[one.stands]
        found.setdefault(one.entry.section, []).append(
            {
                "heading": one.entry.heading,
                "when": date_words(one.entry.at, request.at) if one.entry.at else "",
                "lines": one.entry.lines if one.stands == "look" else one.lines,
                "stands": words,
                "colour": colour,
                "why": one.entry.why if one.choice is None else "",
                "reason": one.reason,
                "by": f"{one.choice.by.name}: {one.choice.words}" if one.choice and one.choice.words else "",
                "href": reverse("desk:access_entry", args=[row.pk, one.entry.key]),
            }
        )
    return list(found.items())


@signed_in
@wall.behind("records somebody governs, which no team of theirs sees")
def access_entry(request: AnydoorRequest, asked_id: int, entry: str) -> HttpResponse:
    """One entry: what it says, and what becomes of it."""
    row = request_of(request, asked_id)
    line = next((one for one in asking.bundle(row, request.standing) if one.entry.key == entry), None)
    if line is None:
        raise NotFound(scope.NO_SUCH)
    first = {"of": line.entry.digest, "choice": line.choice.choice if line.choice else "",
             "reason": line.choice.reason if line.choice else line.entry.reason}  # fmt: skip
    form = ChoiceForm(request.POST or None, initial=first)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: asking.choose(
                request_id=row.pk, who=request.standing, key=entry, of=data["of"], choice=data["choice"],
                reason=data["reason"], words=data["words"], passages=data["passages"].splitlines(),
                by=request.user, at=request.at,
            ),
        )  # fmt: skip
        if result.ok:
            return saved(request, "Decided.", "desk:access", row.pk)
        conflict = result.conflict
    _looked(request, row)
    return form_page(
        request, form, title=line.entry.heading, lead=line.entry.why,
        back=(f"{row.person.called}’s own record", reverse("desk:access", args=[row.pk])), button="Keep this",
        current="work", conflict=conflict,
        facts=[{"label": label, "value": text} for label, text in line.entry.lines],
    )  # fmt: skip


@signed_in
@require_safe
@wall.behind("records somebody governs, which no team of theirs sees")
def access_print(request: AnydoorRequest, asked_id: int) -> HttpResponse:
    """The bundle to print, or to download as a page: as it was given, or as it would be given now."""
    row = request_of(request, asked_id)
    sent = row.sent if row.state == "sent" else asking.preview(row, request.standing)
    for one in sent:
        one["when"] = full_date(date.fromisoformat(one["at"][:10])) if one["at"] else ""
    _looked(request, row)
    values = {
        "title": f"The record of {row.person.called}",
        "asked": f"Asked by {row.asked_by} on {full_date(row.asked_on)}.",
        "made": f"{DRAFT if row.state != 'sent' else 'Given'} {full_date(row.closed_at or request.at)}.",
        "foot": RIGHTS_WORDS,
        "digest": row.digest,
        "sections": [{"name": name, "entries": entries} for name, entries in asking.by_section(sent)],
    }
    if "file" in request.GET:
        response = HttpResponse(paper.pdf("record", values), content_type="application/pdf")
        response["Content-Disposition"] = f'attachment; filename="record-{row.pk}.pdf"'
    else:
        response = render(request, "desk/access_bundle.jinja", {**values, "row": row})
    response["Cache-Control"] = "no-store"
    return response


@signed_in
@wall.behind("records somebody governs, which no team of theirs sees")
def access_longer(request: AnydoorRequest, asked_id: int) -> HttpResponse:
    """Take one or two months more, once."""
    return _small(request, asked_id, TimeForm, "More time", "Take more time", "More time is taken.")


@signed_in
@wall.behind("records somebody governs, which no team of theirs sees")
def access_close(request: AnydoorRequest, asked_id: int) -> HttpResponse:
    """Close a request without an answer."""
    return _small(request, asked_id, CloseForm, "Close without an answer", "Close it", "It is closed.")


def _small(
    request: AnydoorRequest, asked_id: int, kind: type[Form], title: str, button: str, words: str
) -> HttpResponse:
    row = request_of(request, asked_id)
    form, conflict = kind(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        result = tried(form, lambda: _act(request, row, form.cleaned_data))
        if result.ok:
            return saved(request, words, "desk:access", row.pk)
        conflict = result.conflict
    where = (f"{row.person.called}’s own record", reverse("desk:access", args=[row.pk]))
    return form_page(request, form, title=title, back=where, button=button, current="work", conflict=conflict)


def _act(request: AnydoorRequest, row: AccessRequest, data: dict[str, Any]) -> AccessRequest:
    if "months" in data:
        return asking.more_time(
            request_id=row.pk, months=int(data["months"]), why=data["why"], by=request.user, at=request.at
        )
    return asking.close(request_id=row.pk, words=data["words"], by=request.user, at=request.at)


urls = [
    path("rights/", rights, name="rights"),
    path("rights/find/", find_record, name="find_record"),
    path("rights/record/<int:family_id>/ask/", ask_access, name="ask_access"),
    path("rights/asked/<int:asked_id>/", access, name="access"),
    path("rights/asked/<int:asked_id>/entry/<str:entry>/", access_entry, name="access_entry"),
    path("rights/asked/<int:asked_id>/bundle/", access_print, name="access_print"),
    path("rights/asked/<int:asked_id>/longer/", access_longer, name="access_longer"),
    path("rights/asked/<int:asked_id>/close/", access_close, name="access_close"),
]
