"""Pages: who has access, what of it needs attention, who came and went; and the same as a file."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date, timedelta
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from anydoor.access import audit
from anydoor.access.models import Team
from anydoor.access.policy import Facts, check, may
from anydoor.access.register import ASKS, MARKS, Days, Entry, RoleRow, counts, entries, shown
from anydoor.access.reviewing import in_reach
from anydoor.rules import spreadsheet
from anydoor.rules.working_time import in_london
from anydoor.ui.forms import Form, SelectField, TextField
from anydoor.ui.times import full_date
from anydoor.ui.words import plural, sentence
from anydoor.web.desk.acting import looked_for, today
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in

PAGE = 25
PERIODS = {"30": "The last 30 days", "90": "The last 90 days", "365": "The last year"}
CAME_AND_WENT = ("joined", "moved", "left")
BEYOND = ("elsewhere", "named", "keys")
MARK_LOOKS = {"due": "due", "never": "due", "unused": "due", "no_step": "due", "soon": "due", "left": "grey"}
PURPOSE = "service_management"


class AskForm(Form):
    """Of which team, over how long, and who."""

    team = SelectField(label="Team", required=False, hide_optional=True, nothing="All I look after")
    period = SelectField(
        label="Came and went in", required=False, hide_optional=True, options=list(PERIODS.items())
    )
    find = TextField(label="Name or email", required=False, hide_optional=True, limit=60)


class Chosen:
    """What the address asks for, made sound, with the entries it stands for."""

    def __init__(self, request: AnydoorRequest) -> None:
        asked, on = request.GET, today(request)
        teams = Team.objects.filter(in_reach(request.standing, "")).select_related("organisation")
        self.teams = list(teams.order_by("organisation__name", "name", "pk"))
        self.team = next((one for one in self.teams if str(one.pk) == asked.get("team")), None)
        self.period = asked.get("period", "") if asked.get("period") in PERIODS else "90"
        self.show = asked.get("show", "") if asked.get("show") in {*MARKS, "asks"} else ""
        self.find = looked_for(request)
        self.days = Days(on - timedelta(days=int(self.period)), on)
        found = entries(
            request.standing,
            self.days,
            at=request.at,
            step_is_asked=step_is_asked(),
            team_id=self.team.pk if self.team else None,
        )
        wanted = self.find.casefold()
        self.everybody = [row for row in found if wanted in f"{row.name} {row.email}".casefold()]
        self.rows = shown(self.everybody, self.show)

    def href(self, name: str = "desk:staff", **other: str) -> str:
        """The address of the same list, with some of it asked otherwise."""
        said = {
            "team": str(self.team.pk) if self.team else "",
            "period": self.period if self.period != "90" else "",
            "find": self.find,
            "show": self.show,
            **other,
        }
        query = urlencode({key: value for key, value in said.items() if value})
        return reverse(name) + (f"?{query}" if query else "")


def step_is_asked() -> bool:
    """Whether this house asks everybody for a second step."""
    return bool(settings.SECOND_STEP == "required")


@signed_in
@require_safe
def access_page(request: AnydoorRequest) -> HttpResponse:
    """Everybody with access in one's reach, by name."""
    check(request.standing, "see_access")
    chosen = Chosen(request)
    _record(request, chosen, "see_register")
    many, on = counts(chosen.everybody), today(request)
    number, last = page_number(request.GET.get("page", ""), len(chosen.rows))
    rows = chosen.rows[(number - 1) * PAGE : number * PAGE]
    context = {
        "ask": _form(chosen),
        "chosen": chosen,
        "days": f"{full_date(chosen.days.first)} to {full_date(chosen.days.last)}",
        "asks": _bars(chosen, many, ASKS if step_is_asked() else [one for one in ASKS if one != "no_step"]),
        "flow": _bars(chosen, many, CAME_AND_WENT),
        "beyond": _bars(chosen, many, BEYOND),
        "tabs": _tabs(chosen, many),
        "rows": [entry_row(row, on) for row in rows],
        "previous": chosen.href(page=str(number - 1)) if number > 1 else "",
        "next": chosen.href(page=str(number + 1)) if number < last else "",
        "note": f"Page {number} of {last}, by name",
        "csv_href": chosen.href("desk:staff_file"),
        "may_add": may(request.standing, "add_colleague"),
        "many_due": many["due"],
    }
    return page(request, "desk/staff.jinja", "work", context)


def page_number(typed: str, rows: int) -> tuple[int, int]:
    """Which page is asked for, and the last there is; at least the first."""
    last = max((rows + PAGE - 1) // PAGE, 1)
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 7 else 1
    return min(max(number, 1), last), last


def _record(request: AnydoorRequest, chosen: Chosen, action: str) -> None:
    said = [chosen.show or "everybody", f"{len(chosen.rows)} people"]
    audit.record(
        action=action,
        subject="team" if chosen.team else "organisation",
        subject_id=chosen.team.pk if chosen.team else None,
        organisation_id=(chosen.team or chosen.teams[0]).organisation_id if chosen.teams else None,
        by=request.user,
        at=request.at,
        purpose=PURPOSE,
        why=", ".join(said),
    )


def _form(chosen: Chosen) -> AskForm:
    form = AskForm(
        initial={
            "team": str(chosen.team.pk) if chosen.team else "",
            "period": chosen.period,
            "find": chosen.find,
        }
    )
    several = len({one.organisation_id for one in chosen.teams}) > 1
    fields: Any = form.fields
    fields["team"].options = [
        (str(one.pk), f"{one.name}, {one.organisation.name}" if several else one.name) for one in chosen.teams
    ]
    return form


def _bars(chosen: Chosen, many: dict[str, int], marks: Sequence[str]) -> list[dict[str, Any]]:
    """Each mark with how many it fits, as a share of everybody in the list."""
    whole = max(many["all"], 1)
    return [
        {
            "label": MARKS[mark],
            "count": many[mark],
            "width": round(100 * many[mark] / whole, 1),
            "href": chosen.href(show=mark),
            "current": chosen.show == mark,
        }
        for mark in marks
    ]


def _tabs(chosen: Chosen, many: dict[str, int]) -> list[dict[str, Any]]:
    tabs = [("", "Everybody", many["all"]), ("asks", "Needs attention", many["asks"])]
    if chosen.show in MARKS:
        tabs.append((chosen.show, MARKS[chosen.show], many[chosen.show]))
    return [
        {"label": label, "count": count, "href": chosen.href(show=key), "current": chosen.show == key}
        for key, label, count in tabs
    ]


# ---- rows


def entry_row(row: Entry, on: date) -> dict[str, Any]:
    """One person, as the list shows them."""
    now, ahead = row.now(on), row.ahead(on)
    return {
        "id": row.user_id,
        "href": reverse("desk:colleague", args=[row.user_id]),
        "name": row.name,
        "local": row.email.rpartition("@")[0],
        "domain": f"@{row.email.rpartition('@')[2]}",
        "job": row.job_title,
        "roles": [role_words(one, on) for one in (now or ahead or row.roles[-1:])],
        "ahead": [role_words(one, on) for one in ahead] if now else [],
        "came": came_words(row),
        "last_in": last_in_words(row),
        "step": "Second step set" if row.second_step else "No second step",
        "places": f"Signed in now in {plural(row.places, 'place')}" if row.places else "",
        "beyond": beyond_words(row),
        "due": due_words(row, on),
        "due_now": "due" in row.marks,
        "tags": [
            {"text": MARKS[mark], "look": MARK_LOOKS.get(mark, "outline")}
            for mark in MARKS
            if mark in row.marks and mark in {*ASKS, "left", "joined"} and mark != "due"
        ],
    }


def role_words(one: RoleRow, on: date) -> str:
    """A role in words, with the days that matter: when it begins, or its last day."""
    words = f"{one.words}, {one.team}"
    if one.is_ahead(on):
        words += f", from {full_date(one.started_on)}"
    if one.ended_on is not None:
        words += f", {'until' if one.ended_on > on else 'ended'} {full_date(last_day(one))}"
    return words


def last_day(one: RoleRow) -> date:
    """The last day of a role with an end."""
    assert one.ended_on is not None
    return max(one.ended_on - timedelta(days=1), one.started_on)


def came_words(row: Entry) -> str:
    """When somebody joined, or left."""
    if row.left_on is not None:
        closed = "Account closed" if not row.is_open else "Last role ended"
        return f"{closed} {full_date(row.left_on)}"
    return f"Since {full_date(row.joined_on)}"


def last_in_words(row: Entry) -> str:
    """When somebody last signed in."""
    if row.last_in is not None:
        return f"Last signed in {full_date(in_london(row.last_in))}"
    return "Never signed in"


def beyond_words(row: Entry) -> str:
    """What somebody has beyond their roles here, counted. Which records and where is not told."""
    said = []
    if row.elsewhere:
        said.append(f"works for {plural(row.elsewhere, 'other organisation')} too")
    if row.named:
        said.append(f"sees {plural(row.named, 'record')} beyond their teams")
    if row.keys:
        said.append(plural(len(row.keys), "API key"))
    words = sentence(said)
    return words[:1].upper() + words[1:]


def due_words(row: Entry, on: date) -> str:
    """When somebody's access is to be looked at again."""
    if row.due_on is None or row.left_on is not None:
        return ""
    return f"Due since {full_date(row.due_on)}" if row.due_on <= on else f"By {full_date(row.due_on)}"


# ---------------------------------------------------------------- as a file

HEADINGS = (
    *("name", "email", "job_title", "account", "organisation", "team", "role", "first_day", "last_day"),
    *("given_by", "ended_by", "joined", "left", "last_signed_in", "second_step", "signed_in_places"),
    *("other_organisations", "records_beyond_teams", "api_keys", "review_due", "marks"),
)


@signed_in
@require_safe
def access_file(request: AnydoorRequest) -> HttpResponse:
    """The same list as CSV, a line for each role, safe to open in a spreadsheet. Who took it is recorded."""
    check(request.standing, "see_access")
    chosen = Chosen(request)
    _record(request, chosen, "export_register")
    text = StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEADINGS)
    for entry in chosen.rows:
        for one in entry.roles:
            writer.writerow(spreadsheet.row(_cells(entry, one)))
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="access-{today(request)}.csv"'
    return answer


def _cells(row: Entry, one: RoleRow) -> list[object]:
    last_in = in_london(row.last_in).strftime("%Y-%m-%d %H:%M") if row.last_in else ""
    return [
        *(row.name, row.email, row.job_title, "open" if row.is_open else "closed"),
        *(one.organisation, one.team, one.role.value, one.started_on),
        last_day(one) if one.ended_on else None,
        *(one.given_by, one.ended_by, row.joined_on, row.left_on, last_in),
        *("yes" if row.second_step else "no", row.places, row.elsewhere, row.named, len(row.keys)),
        *(row.due_on, "; ".join(MARKS[mark] for mark in MARKS if mark in row.marks)),
    ]


def facts_for(team: Team, user_id: int | None = None, role: str = "") -> Facts:
    """What the policy asks of a role in a team, or of its holder."""
    return Facts(team_id=team.pk, organisation_id=team.organisation_id, holder_id=user_id, role=role)


urls = [
    path("staff/", access_page, name="staff"),
    path("staff.csv", access_file, name="staff_file"),
]
