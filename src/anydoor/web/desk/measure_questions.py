"""Page: the questions of one measure, or of those asked together, on one page; and item scores from paper.

Nothing is chosen beforehand. "Keep and go on later" saves what is answered; so does a page with something
wrong in it, because an answer that may mean danger is told at once, whatever stands beside it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse

from anydoor.access.policy import check
from anydoor.care import scope
from anydoor.care.measures import reading, taking
from anydoor.care.measures.taking import Answers
from anydoor.care.measures.wording import name_of
from anydoor.care.models import Measure
from anydoor.care.picture import members_of, stage_of
from anydoor.rules.errors import BadInput
from anydoor.rules.instruments import signals
from anydoor.rules.instruments.definition import Instrument
from anydoor.rules.instruments.form import Item, free_of, items_of, paper_answer
from anydoor.rules.instruments.registry import find
from anydoor.rules.instruments.wording import Wording
from anydoor.ui.forms import Choice, ChoiceOfOne, DayField, Form, HiddenField, LongTextField, TextField
from anydoor.ui.times import calendar_day
from anydoor.web.desk.acting import Tried, tried
from anydoor.web.desk.danger import alarms_of_person
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in

TAKE_BACK = "none"  # the value of "Leave this one", shown where an answer was kept before
SHORT = 48  # characters that all options of a question may have to stand on one line


@dataclass(frozen=True, slots=True)
class Part:
    """One measure of the page: its form's fields by item, and what stands around them."""

    measure: Measure
    instrument: Instrument
    wording: Wording | None
    items: Sequence[Item]
    free: Sequence[tuple[str, str]]

    def field(self, key: str) -> str:
        """The name of the field of an item or a free answer."""
        return f"m{self.measure.pk}-{key.replace('.', '-')}"


class ScoreField(TextField):
    """The score of one question as it stands on paper."""

    def __init__(self, instrument: Instrument, number: int, **options: Any) -> None:
        super().__init__(**options)
        self.instrument, self.number = instrument, number

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            paper_answer(self.instrument, self.number, text)
        except BadInput as fault:
            raise ValidationError(fault.message) from fault
        return text


class QuestionsForm(Form):
    """The fields of every part; made from the instruments, so it has none of its own."""


@signed_in
def questions(request: AnydoorRequest, measure_id: int) -> HttpResponse:
    """The questions. A finished measure shows its answers instead."""
    measure = reading.measure_for(request.standing, measure_id)
    facts = scope.facts_of(scope.family_for(request.standing, measure.family_id))
    check(request.standing, "take_measure", facts)
    drafts = [row for row in reading.together(measure) if row.state == "draft"]
    if measure.state != "draft" or measure.link_id is not None:
        return HttpResponseRedirect(reverse("desk:measure", args=[measure.pk]))
    parts = [_part(row) for row in drafts]
    conflict = ""
    form = _form(parts, request)
    if request.method == "POST":
        result = _keep(request, form, parts)
        if result is not None and result.ok:
            return _after(request, parts, ended=request.POST.get("do") == "finish")
        conflict = result.conflict if result is not None else ""
        if conflict:
            form = _form([_part(row) for row in reading.together(measure)], request, renew=True)
    scope.looked(
        what="see_measure",
        subject="measure",
        subject_id=measure.pk,
        family_id=measure.family_id,
        by=request.user,
        at=request.at,
        why="takes the measure",
    )
    return page(
        request,
        "desk/measure_questions.jinja",
        "families",
        _context(request, measure, parts, form, conflict),
        status=409 if conflict else 422 if request.method == "POST" else 200,
    )


def _part(measure: Measure) -> Part:
    instrument = find(measure.rule)
    wording = taking.wording_of_measure(measure)
    return Part(measure, instrument, wording, items_of(instrument, wording), free_of(instrument, wording))


# ---- the form


def _form(parts: Sequence[Part], request: AnydoorRequest, *, renew: bool = False) -> QuestionsForm:
    data = request.POST.copy() if request.method == "POST" else None
    if data is not None and renew:
        # What was typed stays; the page now stands on what a colleague has saved.
        for part in parts:
            data[part.field("seen")] = str(part.measure.version)
    form = QuestionsForm(data)
    for part in parts:
        _add_fields(form, part)
    if any(part.measure.mode == "paper" for part in parts):
        form.fields["taken_on"] = DayField(
            label="On which day was it filled in?", hint="Leave it empty if it was today.", required=False
        )
    return form


def _add_fields(form: QuestionsForm, part: Part) -> None:
    measure = part.measure
    form.fields[part.field("seen")] = HiddenField(required=False, initial=str(measure.version), limit=12)
    for item in part.items:
        name = part.field(item.key)
        if measure.mode == "paper":
            form.fields[name] = _score_field(part.instrument, item)
            form.initial[name] = measure.answers.get(item.key, "")
        else:
            form.fields[name] = _choice_field(item, answered=item.key in measure.shown)
            form.initial[name] = measure.shown.get(item.key, "")
    for extra in part.wording.extras if part.wording and measure.mode != "paper" else ():
        form.fields[part.field(extra.name)] = ChoiceOfOne(
            label=extra.text,
            hint="Asked, and never scored",
            hide_optional=True,
            required=False,
            look="inline" if _is_short(extra.options) else "small",
            options=[Choice(str(at), words) for at, words in enumerate(extra.options)],
        )
        form.initial[part.field(extra.name)] = "" if measure.difficulty is None else measure.difficulty
    for name, words in part.free:
        form.fields[part.field(name)] = LongTextField(
            label=words, required=False, hide_optional=True, rows=2, limit=taking.MOST_FREE
        )
        form.initial[part.field(name)] = measure.words.get(name, "")


def _choice_field(item: Item, *, answered: bool) -> ChoiceOfOne:
    options = [Choice(str(one.index), one.words) for one in item.options]
    if answered:
        options.append(Choice(TAKE_BACK, "Take this answer away"))
    return ChoiceOfOne(
        label=f"{item.place}. {item.words}",
        required=False,
        hide_optional=True,
        look="inline" if _is_short([one.label for one in options]) else "small",
        options=options,
    )


def _score_field(instrument: Instrument, item: Item) -> TextField:
    low, high = instrument.range_of(item.number)
    na = ', or "na"' if item.number in instrument.not_applicable else ""
    scale = item.key.partition(".")
    label = f"Question {item.number}" if not scale[2] else f"{scale[0].capitalize()} {scale[2]}"
    return ScoreField(
        instrument,
        item.number,
        label=label,
        hint=f"{low} to {high}{na}",
        required=False,
        hide_optional=True,
        limit=20,
        width=3,
        inputmode="text" if na else "numeric",
        spellcheck=False,
        autocomplete="off",
    )


def _is_short(words: Sequence[Any]) -> bool:
    return len(words) <= 5 and sum(len(str(one)) for one in words) <= SHORT + 24


# ---- keeping


def _keep(request: AnydoorRequest, form: QuestionsForm, parts: Sequence[Part]) -> Tried[Any] | None:
    """Keep what is right; finish when asked and nothing is wrong. None when something is wrong."""
    right = form.is_valid()
    data = dict(form.cleaned_data)  # only what is right is in it
    family_id = parts[0].measure.family_id
    given = {part.measure.pk: _answers(part, data) for part in parts}
    result = tried(
        form,
        lambda: taking.answer_together(
            family_id=family_id,
            given=given,
            end=right and request.POST.get("do") == "finish",
            taken_on=data.get("taken_on"),
            seen={part.measure.pk: _seen(part, data) for part in parts},
            by=request.user,
            at=request.at,
        ),
    )
    if right or result.conflict:
        return result
    for part in parts:
        part.measure.refresh_from_db()
    return None


def _seen(part: Part, data: Mapping[str, Any]) -> int:
    typed = str(data.get(part.field("seen"), ""))
    return int(typed) if typed.isascii() and typed.isdigit() else -1


def _answers(part: Part, data: Mapping[str, Any]) -> Answers:
    """What the form brought for one measure; a question without an answer takes none away."""
    ticked: dict[str, int | None] = {}
    typed: dict[str, str] = {}
    for item in part.items:
        name = part.field(item.key)
        if name not in data:
            continue
        if part.measure.mode == "paper":
            typed[item.key] = data[name]
        elif data[name] == TAKE_BACK:
            ticked[item.key] = None
        elif data[name] != "":
            ticked[item.key] = int(data[name])
    difficulty = data.get(part.field("difficulty"), "")
    return Answers(
        ticked=ticked,
        typed=typed,
        words={name: data[part.field(name)] for name, _ in part.free if part.field(name) in data},
        difficulty=int(difficulty) if difficulty else None,
    )


def _after(request: AnydoorRequest, parts: Sequence[Part], *, ended: bool) -> HttpResponse:
    first = parts[0].measure
    if not ended:
        messages.success(request, "What is answered so far is kept.")
        return HttpResponseRedirect(reverse("desk:measure_questions", args=[first.pk]))
    done = [row for row in reading.together(first) if row.state == "finished"]
    return HttpResponseRedirect(reverse("desk:measure", args=[(done or [first])[0].pk]))


# ---- the page


def _context(
    request: AnydoorRequest, measure: Measure, parts: Sequence[Part], form: QuestionsForm, conflict: str
) -> dict[str, Any]:
    care = scope.family_for(request.standing, measure.family_id)
    alarms = alarms_of_person(measure.family_id, measure.person_id, request.at)
    return {
        "measure": measure,
        "form": form,
        "conflict": conflict,
        "heading": " and ".join(part.instrument.name for part in parts),
        "lead": _lead(measure),
        "alarm": alarms[0] if alarms else None,
        "parts": [_shown(part, form) for part in parts],
        "paper": measure.mode == "paper",
        "signals": signals.shown(says_baby=_says_baby(measure, request)),
        "signal_words": signals.SIGNAL_WORDS,
        "routes": signals.routes(care.area.crisis_name, care.area.crisis_phone),
        "low_score": signals.LOW_SCORE,
    }


def _says_baby(measure: Measure, request: AnydoorRequest) -> bool:
    care = scope.family_for(request.standing, measure.family_id)
    where = stage_of(care, members_of(measure.family_id), calendar_day(request.at))
    return where.says_baby or where.ask_first


def _lead(measure: Measure) -> str:
    language = "" if measure.language == "en" else f" In {name_of(measure.language)}."
    how = measure.get_mode_display()
    return f"{measure.person.called}. {how}.{language}"


def _shown(part: Part, form: QuestionsForm) -> dict[str, Any]:
    names = [part.field(item.key) for item in part.items]
    names += [part.field(extra.name) for extra in (part.wording.extras if part.wording else ())]
    names += [part.field(name) for name, _ in part.free]
    return {
        "name": part.instrument.name,
        "title": part.instrument.title,
        "recall": part.instrument.recall,
        "stem": part.wording.stem if part.wording else "",
        "credit": part.wording.credit if part.wording else part.instrument.licence.terms,
        "language": part.measure.language,
        "seen": form[part.field("seen")],
        "fields": [form[name] for name in names if name in form.fields],
        "scores": part.measure.mode == "paper",
    }


urls = [path("measure/<int:measure_id>/questions/", questions, name="measure_questions")]
