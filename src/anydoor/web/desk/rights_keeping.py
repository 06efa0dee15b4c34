"""Pages: what is kept of a record and until when, legal holds, what is due for review, and erasing."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from anydoor.access import audit, wall
from anydoor.access.policy import allow
from anydoor.care import scope
from anydoor.care.models import AccessRequest, Erasure, FamilyCare, LegalHold
from anydoor.care.models.rights import BASES, HOLD_REASONS
from anydoor.care.rights import erasing, holds, retaining
from anydoor.care.rights.columns import FATES
from anydoor.care.rights.holds import FOR, facts_governed, governed
from anydoor.people.models import ROLES_IN_FAMILY, FamilyMember
from anydoor.rules import retention
from anydoor.rules.errors import NotFound
from anydoor.ui.forms import ChoiceOfOne, DayField, Form, LongTextField, SelectField, TextField
from anydoor.ui.times import date_words, day_time, full_date
from anydoor.web.desk.acting import form_page, saved, today, tried
from anydoor.web.desk.frame import page
from anydoor.web.desk.rights import back, lead_only
from anydoor.web.shell import AnydoorRequest, signed_in


class HoldForm(Form):
    """Why nobody may erase it."""

    reason = ChoiceOfOne(label="Why must it be kept?", options=list(HOLD_REASONS.items()), look="small")
    words = LongTextField(label="What for?", rows=2, limit=500, missing="Say what it is kept for.")
    until = DayField(label="Look at it again on", hint="It does not end by itself.", required=False)


class LiftForm(Form):
    """Why it need not be held any more."""

    words = TextField(label="Why is the hold over?", limit=500, missing="Say why it is over.")


class AskForm(Form):
    """Whose record, and on what ground it is erased."""

    person = SelectField(label="Whose record?", nothing="The whole record of the family", required=False)
    basis = ChoiceOfOne(label="On what ground?", options=list(BASES.items()), look="small")
    why = LongTextField(
        label="Why?",
        hint="Name nobody: this stays in the certificate.",
        rows=2,
        limit=500,
        missing="Say why.",
    )


class DecideForm(Form):
    """The second person's word."""

    decision = ChoiceOfOne(
        label="What do you decide?",
        options=[("erase", "Erase it now. It cannot be undone."), ("keep", "Keep it")],
        look="small",
    )
    words = LongTextField(
        label="Why?",
        hint="Name nobody: this stays in the certificate.",
        rows=2,
        limit=500,
        missing="Say why.",
    )


@signed_in
@require_safe
@wall.behind("records somebody governs, which no team of theirs sees")
def record_kept(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """One record as its governance lead sees it: until when it is kept and what was asked of it. No story."""
    care = governed(request.standing, family_id, "answer_access")
    audit.record(
        action="see_retention", subject="family", subject_id=care.pk, family_id=care.pk, by=request.user,
        at=request.at, purpose=FOR,
    )  # fmt: skip
    until, hold = retaining.until_of(care), holds.standing_hold(care.pk)
    facts = [
        {"label": "Record", "value": f"{care.pk}, {care.title}"},
        {"label": "Open", "value": "Yes" if care.is_open else "No"},
    ]
    if until is not None:
        facts.append({"label": "Keep until", "value": full_date(until.due_on)})
        facts.append({"label": "Because of", "value": f"{until.period.words}, {until.years} years"})
        facts.append({"label": "Source", "value": _source(until.period)})
    if hold is not None:
        facts.append({"label": "Legal hold", "value": f"{HOLD_REASONS[hold.reason]}. {hold.words}"})
    erasures = Erasure.objects.filter(family=care.pk).select_related("asked_by")
    return page(
        request,
        "desk/record_kept.jinja",
        "work",
        {
            "care": care,
            "facts": facts,
            "hold": hold,
            "why_not": erasing.why_not_erase(care.pk),
            "may_ask": hold is None
            and not Erasure.objects.filter(family=care.pk, person=None, state="done").exists(),
            "requests": AccessRequest.objects.filter(family=care.pk).select_related("person"),
            "erasures": [
                (reverse("desk:erasure", args=[one.pk]), one.get_state_display(), one.asked_by.name)
                for one in erasures
            ],
            "asked": any(one.state == "asked" for one in erasures),
            "back": back(),
        },
    )


def _source(period: retention.Period) -> str:
    return period.source if period.verified else f"{period.source} Unverified: ask your records manager."


@signed_in
@wall.behind("records somebody governs, which no team of theirs sees")
def hold_record(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """Hold a record in law."""
    care = governed(request.standing, family_id, "hold_legally")
    form, conflict = HoldForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: holds.hold(
                family_id=care.pk, reason=data["reason"], words=data["words"], until=data["until"],
                by=request.user, at=request.at,
            ),
        )  # fmt: skip
        if result.ok:
            return saved(request, "The record is held. Nobody can erase it.", "desk:record_kept", care.pk)
        conflict = result.conflict
    return form_page(
        request, form, title="Hold this record", lead="Nobody can erase it until the hold is lifted.",
        back=_to(care), button="Hold it", current="work", conflict=conflict,
    )  # fmt: skip


@signed_in
@wall.behind("records somebody governs, which no team of theirs sees")
def lift_hold(request: AnydoorRequest, hold_id: int) -> HttpResponse:
    """The hold is over."""
    row = LegalHold.objects.filter(pk=hold_id).select_related("by").first()
    if row is None:
        raise NotFound(scope.NO_SUCH)
    care = governed(request.standing, row.family_id, "hold_legally")
    form, conflict = LiftForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        result = tried(
            form,
            lambda: holds.lift(
                hold_id=row.pk, words=form.cleaned_data["words"], by=request.user, at=request.at
            ),
        )
        if result.ok:
            return saved(request, "The hold is lifted.", "desk:record_kept", care.pk)
        conflict = result.conflict
    facts = [
        {"label": "Why", "value": f"{HOLD_REASONS[row.reason]}. {row.words}"},
        {"label": "Held by", "value": f"{row.by.name}, {date_words(row.at, request.at)}"},
    ]
    if row.until:
        facts.append({"label": "Look at it again on", "value": full_date(row.until)})
    return form_page(
        request, form, title="Lift the hold", back=_to(care), button="Lift the hold", current="work",
        conflict=conflict, facts=facts,
    )  # fmt: skip


def _to(care: FamilyCare) -> tuple[str, str]:
    return "The record", reverse("desk:record_kept", args=[care.pk])


@signed_in
@require_safe
@wall.behind("records somebody governs, which no team of theirs sees")
def retention_list(request: AnydoorRequest) -> HttpResponse:
    """Records kept for as long as they must be: a person decides about each."""
    lead_only(request)
    rows = retaining.due_for_review(request.standing, today(request))
    scope.looked_at_each(
        [one.care.pk for one in rows], what="see_retention", by=request.user, at=request.at,
        why="due for review",
    )  # fmt: skip
    return page(
        request,
        "desk/retention.jinja",
        "work",
        {
            "rows": [
                {
                    "href": reverse("desk:record_kept", args=[one.care.pk]),
                    "name": f"Record {one.care.pk}",
                    "last": full_date(one.last_contact_on),
                    "due": full_date(one.until.due_on),
                    "period": one.until.period.words,
                    "state": "On hold" if one.held else "Erasure asked for" if one.asked else "To decide",
                }
                for one in rows
            ],
            "periods": [
                (one.words, one.years, one.counted_from, _source(one)) for one in retention.PERIODS.values()
            ],
            "most": retaining.SHOWN,
            "back": back(),
        },
    )


@signed_in
@wall.behind("records somebody governs, which no team of theirs sees")
def ask_erasure(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """Ask for a record to be erased; a second person decides."""
    care = governed(request.standing, family_id, "erase")
    form, conflict = AskForm(request.POST or None), ""
    people: Any = form.fields["person"]
    members = FamilyMember.objects.filter(family=care.pk).select_related("person").order_by("pk")
    people.options = [
        (str(one.person_id), f"{one.person.called}’s part of it, {ROLES_IN_FAMILY[one.role]}")
        for one in members
        if one.person.name or one.person.known_as
    ]
    until = retaining.until_of(care)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: erasing.ask(
                family_id=care.pk, basis=data["basis"], why=data["why"],
                person_id=int(data["person"]) if data["person"] else None,
                rule=until.period.code if until and until.is_due(today(request)) else "",
                by=request.user, at=request.at,
            ),
        )  # fmt: skip
        if result.done is not None:
            return saved(request, "It waits for a second person.", "desk:erasure", result.done.pk)
        conflict = result.conflict
    notes = [
        "What the family said and every name, number and address go, for good. A stub without them stays."
    ]
    if until is not None and not until.is_due(today(request)):
        notes.append(f"It has not been kept for as long as the table says: until {full_date(until.due_on)}.")
    return form_page(
        request, form, title="Ask for this record to be erased", notes=notes, back=_to(care),
        button="Ask a second person", current="work", conflict=conflict,
    )  # fmt: skip


@signed_in
@wall.behind("records somebody governs, which no team of theirs sees")
def erasure(request: AnydoorRequest, erasure_id: int) -> HttpResponse:
    """One erasure: what was asked, the second person's word, and the certificate."""
    row = Erasure.objects.filter(pk=erasure_id).select_related("asked_by", "decided_by", "person").first()
    if row is None:
        raise NotFound(scope.NO_SUCH)
    care = governed(request.standing, row.family_id, "confirm_erasure")
    form, conflict = DecideForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        act = erasing.erase if data["decision"] == "erase" else erasing.turn_down
        result = tried(
            form,
            lambda: act(erasure_id=row.pk, words=data["words"], by=request.user, at=request.at),
        )
        if result.done is not None:
            words = "It is erased. This is the certificate." if act is erasing.erase else "It is kept."
            return saved(request, words, "desk:erasure", row.pk)
        conflict = result.conflict
    whole = row.person_id is None
    what = f"Person {row.person_id}, their part of it; the others’ stays" if not whole else "All of it"
    if row.person is not None and row.person.name:
        what = f"{row.person.called}, their part of it; the others’ stays"
    facts = [
        {"label": "Record", "value": str(row.family_id)},
        {"label": "What", "value": what},
        {"label": "Ground", "value": BASES[row.basis]},
        {"label": "Why", "value": row.why},
        {"label": "Asked by", "value": f"{row.asked_by.name}, {day_time(row.asked_at, request.at)}"},
    ]
    if row.decided_by is not None:
        decided = f"{row.decided_by.name}, {day_time(row.decided_at, request.at)}. {row.decided_words}"
        facts.append({"label": row.get_state_display(), "value": decided})
    if row.digest:
        facts.append({"label": "Digest", "value": row.digest})
    return form_page(
        request, form, title="Certificate of erasure" if row.state == "done" else "Erase this record?",
        lead=row.get_state_display(), back=back(), button="Decide", current="work", conflict=conflict,
        template="desk/erasure.jinja", facts=facts, row=row, counts=_counted(row),
        mine=row.asked_by_id == request.user.pk, why_not=erasing.why_not_erase(row.family_id, row.person_id),
        backups=erasing.BACKUPS, audit_stays=erasing.AUDIT_STAYS,
        to_record=_to(care)[1] if allow(request.standing, "erase", facts_governed(care)) else "",
    )  # fmt: skip


# What a table holds, in words; the others by their own name.
IN_WORDS = {
    "access_personalsight": "Who could open it",
    "anydoor_messages_outboxmessage": "Messages",
    "care_contact": "Contacts",
    "care_decision": "Decisions",
    "care_familycare": "How the family stands",
    "care_grounds": "What decisions rested on",
    "care_happening": "Lines of the timeline",
    "care_holding": "Who held them",
    "care_measure": "Answers to questions",
    "care_offer": "Offers",
    "care_referral": "Requests",
    "care_scheduledchild": "Children with routine contacts",
    "care_sight": "Teams that could see it",
    "care_story": "What was told",
    "care_wait": "What waited",
    "people_consent": "Agreements to share",
    "people_contactpoint": "Numbers and addresses",
    "people_family": "Families",
    "people_familymember": "Who is in the family",
    "people_instruction": "What everybody kept to",
    "people_namekey": "Names to find them by",
    "people_person": "People",
}


def _counted(row: Erasure) -> list[tuple[str, str, int]]:
    """What was emptied or taken away: in words, the table, how many rows."""
    names = {one.model._meta.db_table: str(one.model._meta.verbose_name).capitalize() for one in FATES}
    names |= IN_WORDS
    names |= {f"{table}change": f"{words}: what it said before" for table, words in IN_WORDS.items()}
    return [(names.get(table, table), table, number) for table, number in sorted(row.counts.items())]


urls = [
    path("rights/record/<int:family_id>/", record_kept, name="record_kept"),
    path("rights/record/<int:family_id>/hold/", hold_record, name="hold_record"),
    path("rights/record/<int:family_id>/erase/", ask_erasure, name="ask_erasure"),
    path("rights/hold/<int:hold_id>/lift/", lift_hold, name="lift_hold"),
    path("rights/retention/", retention_list, name="retention"),
    path("rights/erasure/<int:erasure_id>/", erasure, name="erasure"),
]
