"""Pages: the times of an entry that is being edited, one by one, and the times in words."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from anydoor.directory import drafting, soundness
from anydoor.directory.content import SESSION_DAYS, in_order
from anydoor.directory.difference import names_in, session_words
from anydoor.directory.models import WEEKDAYS
from anydoor.rules.errors import BadInput, NotFound
from anydoor.ui.forms import (
    ChoiceOfOne,
    DayField,
    Form,
    NumberField,
    SelectField,
    TextField,
    TickField,
    TimeField,
)
from anydoor.web.desk.acting import form_page
from anydoor.web.desk.entry_edit import draft_for, known_for, name_of
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in

ONCE = "once"


class TimeOfServiceForm(Form):
    """One time."""

    day = ChoiceOfOne(
        label="On which day?",
        options=[*((str(number), name) for number, name in enumerate(WEEKDAYS)), (ONCE, "Once, on one date")],
        missing="Choose a day of the week, or one date.",
    )
    on_date = DayField(label="The date, when it is once", required=False)
    starts = TimeField(label="From", missing="Write when it starts, like 9:30.")
    ends = TimeField(label="Until", missing="Write when it ends, like 11:00.")
    place = SelectField(label="Where?", nothing="No place", required=False)
    online = TickField(label="It can be joined online", required=False)
    every_weeks = NumberField(
        label="Every how many weeks?", hint="1 is every week.", required=False, min_value=1, max_value=12
    )
    from_on = DayField(label="First day", hint="Needed when it is not every week.", required=False)
    until_on = DayField(label="Last day", required=False)
    note = TextField(label="Anything else", hint="“Term time”, “book first”.", required=False, limit=200)

    def row(self, before: dict[str, Any]) -> dict[str, Any]:
        """The time as a version keeps it. Where the old one came from a file, this one no longer does."""
        data = self.cleaned_data
        once = data["day"] == ONCE
        found = {
            "place": data["place"] or "",
            "weekday": None if once else int(data["day"]),
            "on_date": _iso(data["on_date"]) if once else None,
            "starts": f"{data['starts']:%H:%M}",
            "ends": f"{data['ends']:%H:%M}",
            "online": data["online"],
            "every_weeks": 1 if once else data["every_weeks"] or 1,
            "from_on": None if once else _iso(data["from_on"]),
            "until_on": None if once else _iso(data["until_on"]),
            "note": (data["note"] or "").strip(),
        }
        same = all(before.get(name) == value for name, value in found.items())
        kept = {"source": before["source"], "invented": before["invented"]} if same else {}
        return {"source": "", "invented": False} | found | kept


class WordsOfTimesForm(Form):
    """Times that cannot be said as a day and a time."""

    when = TextField(
        label="Times, in words",
        hint="For what the list cannot say, like “evenings, by agreement”.",
        required=False,
        hide_optional=True,
        limit=300,
    )


@signed_in
def times(request: AnydoorRequest, draft_id: int) -> HttpResponse:
    """The times so far; add, change, take out; and in words."""
    draft = draft_for(request, draft_id)
    content = drafting.content_in(draft)
    form = WordsOfTimesForm(request.POST or None, initial={"when": content["when"]})
    if request.method == "POST" and form.is_valid():
        drafting.keep(draft=draft, part="times", said={"when": form.cleaned_data["when"]}, at=request.at)
        return HttpResponseRedirect(reverse("desk:entry_edit", args=[draft.pk]))
    names = names_in(content)
    context = {
        "form": form,
        "draft": draft,
        "back": (name_of(draft), reverse("desk:entry_edit", args=[draft.pk])),
        "rows": [
            {"words": session_words(row, names.places), "number": number}
            for number, row in enumerate(content["sessions"], start=1)
        ],
    }
    return page(request, "desk/entry_times.jinja", "directory", context, status=422 if form.errors else 200)


@signed_in
def one_time(request: AnydoorRequest, draft_id: int, number: int = 0) -> HttpResponse:
    """Add a time (number 0) or change one."""
    draft = draft_for(request, draft_id)
    content = drafting.content_in(draft)
    rows = content["sessions"]
    if number > len(rows):
        raise NotFound("There is no such time any more.")
    before = rows[number - 1] if number else {}
    form = TimeOfServiceForm(request.POST or None, initial=_initial(before))
    form.fields["place"].options = known_for(draft, content).places  # type: ignore[attr-defined]  # choices
    if request.method == "POST" and form.is_valid():
        row = form.row(before)
        try:
            soundness.check_session(row)
        except BadInput as fault:
            shown = fault.field
            if shown == "weekday":
                shown = "on_date" if row["weekday"] is None else "day"
            form.add_error(shown if shown in form.fields else None, fault.message)
        else:
            others = rows[: number - 1] + rows[number:] if number else rows
            drafting.keep(
                draft=draft, part="times", said={"sessions": in_order([*others, row])}, at=request.at
            )
            return HttpResponseRedirect(reverse("desk:entry_times", args=[draft.pk]))
    return form_page(
        request,
        form,
        title="Change a time" if number else "Add a time",
        lead=name_of(draft),
        back=("Times", reverse("desk:entry_times", args=[draft.pk])),
        button="Save this time",
        current="directory",
    )


def _initial(row: dict[str, Any]) -> dict[str, Any]:
    if not row:
        return {"every_weeks": 1}
    days = {name: date.fromisoformat(row[name]) if row[name] else None for name in SESSION_DAYS}
    clocks = {name: time.fromisoformat(row[name]) for name in ("starts", "ends")}
    return {**row, **days, **clocks, "day": ONCE if row["weekday"] is None else str(row["weekday"])}


@require_POST
@signed_in
def take_out(request: AnydoorRequest, draft_id: int) -> HttpResponse:
    """Take a time out of the edit: the one whose words are sent, so that an old page takes no other."""
    draft = draft_for(request, draft_id)
    content = drafting.content_in(draft)
    rows, names = content["sessions"], names_in(content)
    meant = request.POST.get("words", "")
    place = next((at for at, row in enumerate(rows) if session_words(row, names.places) == meant), -1)
    if place >= 0:
        drafting.keep(
            draft=draft, part="times", said={"sessions": rows[:place] + rows[place + 1 :]}, at=request.at
        )
    return HttpResponseRedirect(reverse("desk:entry_times", args=[draft.pk]))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None


urls = [
    path("entries/edits/<int:draft_id>/times/", times, name="entry_times"),
    path("entries/edits/<int:draft_id>/times/add/", one_time, name="entry_time_new"),
    path("entries/edits/<int:draft_id>/times/<int:number>/", one_time, name="entry_time"),
    path("entries/edits/<int:draft_id>/times/out/", take_out, name="entry_time_out"),
]
