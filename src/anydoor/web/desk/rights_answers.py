"""Pages: one thing somebody says of their record, and its answer in words that they read."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse

from anydoor.access import audit, wall
from anydoor.access.policy import allow
from anydoor.care import scope
from anydoor.care.amend import CHOICES
from anydoor.care.models import FamilyCare, Objection, Story
from anydoor.care.models.rights import OBJECTIONS
from anydoor.care.rights import correcting, objecting
from anydoor.care.rights.holds import FOR, facts_governed, governed
from anydoor.people.consent import WAYS_OF_SAYING
from anydoor.rules.errors import NotFound
from anydoor.ui.forms import Choice, ChoiceOfOne, DayField, Form, LongTextField, SelectField, TextField
from anydoor.ui.times import date_words, day_time, full_date
from anydoor.ui.words import given_name
from anydoor.web.desk.acting import form_page, saved, to_family, today, tried
from anydoor.web.desk.rights import TimeForm, back
from anydoor.web.shell import AnydoorRequest, signed_in

TAKEN_BACK = "taken_back"


class AnswerForm(Form):
    """What becomes of it, and the answer they read."""

    outcome = ChoiceOfOne(label="What becomes of it?", missing="Choose what becomes of it.")
    words = LongTextField(
        label="The answer, in words that they read",
        hint="Plain and kind. If it is not changed: why, and that their words stay beside it.",
        rows=4,
        limit=1000,
        missing="Write the answer that they read.",
    )


def form_for(row: Objection, data: Any) -> Form:
    """The form that fits: what it says from now on is asked for by the kind of thing it is."""
    form = AnswerForm(data)
    outcome: Any = form.fields["outcome"]
    back_again = Choice(TAKEN_BACK, "They took it back", "Say below how they told you.")
    if row.kind != "wrong":
        outcome.options = [
            Choice("stopped", "Do as they ask"),
            Choice("kept", "Go on, and say why the law lets us"),
            back_again,
        ]
        return form
    now = _now_field(row)
    outcome.options = [
        Choice("corrected", "Put it right", correcting.how(row.of), reveals="now" if now else ""),
        Choice("kept", "It is not changed", "Their words stay beside it for good."),
        back_again,
    ]
    if now is not None:
        form.fields = {"outcome": outcome, "now": now, "words": form.fields["words"]}
    return form


def _now_field(row: Objection) -> Any:
    """The field for what it says from now on; None where it is only taken back. Needed to put it right."""
    may: dict[str, Any] = {"required": False, "hide_optional": True}
    kind, _, rest = row.of.partition(":")
    label, name = "What it says from now on", rest.partition(":")[2]
    if kind == "measure":
        return None
    if kind == "person" and name in {"born_on", "due_on"}:
        return DayField(label=label, **may)
    if kind == "person" and name in CHOICES:
        return SelectField(label=label, options=list(CHOICES[name].items()), **may)
    if kind == "person" and name != "address":
        return TextField(label=label, limit=200, **may, initial=row.should_be[:200])
    if kind in {"way", "instruction"}:
        return TextField(label=label, limit=300, **may, initial=row.should_be[:300])
    limit = 20_000 if kind == "story" else 1000
    if correcting.stands_beside(row.of):
        label = "What is right, in a sentence"
    text = row.should_be or (row.said if kind == "story" else "")
    return LongTextField(label=label, rows=4, limit=limit, **may, initial=text)


def objection_of(request: AnydoorRequest, objection_id: int) -> tuple[Objection, FamilyCare, bool, bool]:
    """The row, its family, whether the viewer may answer, and whether they work with the family.

    For those who see the person's record, and those who answer for it. `NotFound` for everybody else.
    """
    row = Objection.objects.filter(pk=objection_id).select_related("person", "by", "answered_by").first()
    if row is None:
        raise NotFound(scope.NO_SUCH)
    seen, works = None, False
    try:
        seen = scope.family_for(request.standing, row.family_id)
        facts = scope.facts_of(seen)
        hidden = scope.hidden_people(request.standing, facts)
        works = scope.sees_in_full(request.standing, facts) and row.person_id not in hidden
    except NotFound:
        pass
    if works and seen is not None:
        mine = allow(request.standing, "answer_objection", facts_governed(seen)).allowed
        return row, seen, mine, True
    return row, governed(request.standing, row.family_id, "answer_access"), True, False


@signed_in
@wall.behind("records somebody governs, which no team of theirs sees")
def objection(request: AnydoorRequest, objection_id: int) -> HttpResponse:
    """What they say, how it stands, by when it is answered; and the answer."""
    row, care, may_answer, works = objection_of(request, objection_id)
    form, conflict = form_for(row, request.POST or None), ""
    if request.method == "POST":
        if not may_answer:
            raise NotFound(scope.NO_SUCH)
        if form.is_valid():
            result = tried(form, lambda: _decide(request, row, form.cleaned_data))
            if result.ok:
                return saved(
                    request, "Answered. They are told that there is an answer.", "desk:objection", row.pk
                )
            conflict = result.conflict
            row.refresh_from_db()
    audit.record(
        action="see_objection", subject="person", subject_id=row.person_id, family_id=row.family_id,
        by=request.user, at=request.at, purpose=FOR if not works else "direct_care",
    )  # fmt: skip
    name = given_name(row.person.called)
    return form_page(
        request,
        form,
        title=f"{name} says: {OBJECTIONS[row.kind].lower() if row.kind == 'wrong' else 'I do not want this'}",
        back=to_family(care) if works else back(),
        button="Answer",
        current="families" if works else "work",
        conflict=conflict,
        template="desk/objection.jinja",
        row=row,
        name=name,
        facts=facts_of(row, request),
        may_answer=may_answer and row.is_open,
        late=row.is_open and row.due_on < today(request),
        due=full_date(row.due_on),
        longer_href="" if row.longer_why else reverse("desk:objection_longer", args=[row.pk]),
    )


def _decide(request: AnydoorRequest, row: Objection, data: dict[str, Any]) -> Objection:
    if data["outcome"] == TAKEN_BACK:
        return objecting.take_back(objection_id=row.pk, words=data["words"], by=request.user, at=request.at)
    return objecting.answer(
        objection_id=row.pk, outcome=data["outcome"], words=data["words"], now=data.get("now") or "",
        by=request.user, at=request.at,
    )  # fmt: skip


def facts_of(row: Objection, request: AnydoorRequest) -> list[dict[str, str]]:
    """What was said, in rows: what it is about, how it stood, what they say, who wrote it down."""
    how = WAYS_OF_SAYING[row.how].lower()
    wrote = f", written down by {row.by.name}" if row.by else ", on their own page"
    facts = [{"label": "About", "value": row.about}]
    if row.said:
        facts.append({"label": "It said then", "value": row.said})
    if row.kind != "wrong":
        facts.append({"label": "What they want", "value": OBJECTIONS[row.kind]})
    facts.append({"label": "In their words", "value": f"“{row.words}”"})
    if row.should_be:
        facts.append({"label": "They believe is right", "value": row.should_be})
    facts.append(
        {"label": "Said by", "value": f"{row.said_by}, {how}, {day_time(row.at, request.at)}{wrote}"}
    )
    if row.longer_why:
        facts.append({"label": "Takes longer", "value": row.longer_why})
    if row.answered_at is not None:
        by = row.answered_by.name if row.answered_by else row.said_by
        facts.append({"label": row.get_state_display(), "value": row.answer})
        if row.now_says:
            facts.append({"label": "Right is", "value": row.now_says})
        facts.append({"label": "Answered by", "value": f"{by}, {date_words(row.answered_at, request.at)}"})
    elif row.of.startswith("story:") and not _unchanged(row):
        facts.append({"label": "Since then", "value": "Somebody changed these words. Look at them first."})
    return facts


def _unchanged(row: Objection) -> bool:
    return Story.objects.filter(pk=int(row.of.split(":")[1]), words=row.said).exists()


@signed_in
@wall.behind("records somebody governs, which no team of theirs sees")
def objection_longer(request: AnydoorRequest, objection_id: int) -> HttpResponse:
    """Take one or two months more, once."""
    row, _, may_answer, _ = objection_of(request, objection_id)
    if not may_answer:
        raise NotFound(scope.NO_SUCH)
    form, conflict = TimeForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: objecting.more_time(
                objection_id=row.pk, months=int(data["months"]), why=data["why"], by=request.user,
                at=request.at,
            ),
        )  # fmt: skip
        if result.ok:
            return saved(request, "More time is taken.", "desk:objection", row.pk)
        conflict = result.conflict
    where = (f"What {given_name(row.person.called)} says", reverse("desk:objection", args=[row.pk]))
    return form_page(
        request, form, title="More time", back=where, button="Take more time", current="work",
        conflict=conflict,
        lead="The law allows it once, when it is hard to find out. Tell them before the first month is over.",
    )  # fmt: skip


urls = [
    path("rights/said/<int:objection_id>/", objection, name="objection"),
    path("rights/said/<int:objection_id>/longer/", objection_longer, name="objection_longer"),
]
