"""Pages: how many of those it was due for had each routine contact, and what was asked; and as a file."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from datetime import date
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from anydoor.access import audit
from anydoor.access.models import Team
from anydoor.access.policy import Standing, check
from anydoor.access.roles import Role
from anydoor.care.models import ScheduledContact
from anydoor.care.schedule.coverage import AskedOf, Line, Period, coverage
from anydoor.directory.models import Area
from anydoor.rules.schedule import EXCLUDED_WORDS
from anydoor.rules.schedule_contacts import ALL, BY_KEY
from anydoor.ui.forms import Form, SelectField
from anydoor.ui.times import full_date
from anydoor.web.desk.acting import today
from anydoor.web.desk.frame import page
from anydoor.web.desk.outcomes import Numbers, periods_on
from anydoor.web.desk.schedule import source_words
from anydoor.web.shell import AnydoorRequest, signed_in

APART = {**EXCLUDED_WORDS, "before_us": "Before they came to us", "reopened": "Opened again late"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SIGHTS = (Role.COMMISSIONER, Role.SERVICE_MANAGER)


class AskForm(Form):
    """Of whom, of which contact, and when."""

    area = SelectField(label="Area", required=False, hide_optional=True)
    team = SelectField(label="Team", required=False, hide_optional=True, nothing="All teams")
    contact = SelectField(label="Contact", required=False, hide_optional=True, nothing="Every contact")
    period = SelectField(label="In which period", required=False, hide_optional=True)


class Chosen:
    """What the address asks for, made sound."""

    def __init__(self, request: AnydoorRequest) -> None:
        asked, who = request.GET, request.standing
        self.areas = areas_seen(who)
        self.area = next((one for one in self.areas if str(one.pk) == asked.get("area")), None) or (
            self.areas[0] if self.areas else None
        )
        self.key = asked.get("contact", "") if asked.get("contact") in BY_KEY else ""
        self.teams = teams_seen(who, self.area)
        self.team = next((one for one in self.teams if str(one.pk) == asked.get("team")), None)
        periods = periods_on(today(request))
        self.period_key = asked.get("period", "") if asked.get("period") in periods else "quarter"
        self.periods = periods
        first, last = periods[self.period_key][1].first, periods[self.period_key][1].last
        self.period = Period(first, last, today(request))
        self.exact = is_exact(who, self.area, self.team)

    @property
    def query(self) -> str:
        wanted = {
            "area": str(self.area.pk) if self.area else "",
            "team": str(self.team.pk) if self.team else "",
            "contact": self.key,
            "period": self.period_key,
        }
        return urlencode({key: value for key, value in wanted.items() if value})

    def lines(self) -> list[Line]:
        if self.area is None:
            return []
        return coverage(
            self.period,
            areas=[self.area.pk],
            key=self.key,
            teams=[self.team.pk] if self.team else [],
        )

    def team_lines(self) -> list[Line]:
        """One contact by team, when all teams are asked for."""
        if self.area is None or not self.key or self.team is not None:
            return []
        return coverage(self.period, areas=[self.area.pk], by="team", key=self.key)


def areas_seen(who: Standing) -> list[Area]:
    """The areas whose numbers somebody may see: of their front doors, teams and offices."""
    if who.has(*SIGHTS):
        organisations = Team.objects.filter(pk__in=who.team_ids).values("organisation_id")
        own = Area.objects.filter(front_door__organisation__in=organisations)
        if own.exists():
            return list(own.order_by("name"))
    found = Area.objects.filter(front_door__in=who.front_doors) | Area.objects.filter(
        services__team__in=who.family_team_ids
    )
    return list(found.distinct().order_by("name"))


def teams_seen(who: Standing, area: Area | None) -> list[Team]:
    """The teams that make contacts in an area."""
    if area is None:
        return []
    making = ScheduledContact.objects.filter(area=area).order_by().values("team_id").distinct()
    return list(Team.objects.filter(pk__in=making).order_by("name"))


def is_exact(who: Standing, area: Area | None, team: Team | None) -> bool:
    """Whole numbers for those who know the people: the area's front door, and a team of its own contacts."""
    if area is not None and area.front_door_id in who.family_team_ids:
        return True
    return team is not None and team.pk in who.family_team_ids


@signed_in
@require_safe
def coverage_page(request: AnydoorRequest) -> HttpResponse:
    """Numbers drawn, with the table beneath, their definition, denominator and date."""
    check(request.standing, "see_coverage")
    chosen = Chosen(request)
    lines, numbers = chosen.lines(), Numbers(chosen.exact)
    _say_looked(request, chosen)
    context = {
        "ask": _form(chosen),
        "chosen": chosen,
        "exact": chosen.exact,
        "period": f"{full_date(chosen.period.start)} to {full_date(chosen.period.last)}",
        "rows": [line_row(line, numbers) for line in lines if line.people],
        "teams": [line_row(line, numbers) for line in chosen.team_lines() if line.people],
        "asked": [row for line in lines for row in asked_rows(line, numbers)],
        "partners": [row for line in lines for row in partner_rows(line, numbers)],
        "marks": [row for line in lines for row in mark_rows(line, numbers)],
        "apart": apart_rows(lines, numbers),
        "gap": gap_words(lines, numbers),
        "contact": BY_KEY.get(chosen.key),
        "source": source_words(BY_KEY[chosen.key]) if chosen.key else "",
        "csv_href": f"{reverse('desk:coverage_file')}?{chosen.query}",
    }
    return page(request, "desk/coverage.jinja", "schedule", context)


def _say_looked(request: AnydoorRequest, chosen: Chosen) -> None:
    audit.record(
        action="see_coverage",
        subject="area",
        subject_id=chosen.area.pk if chosen.area else None,
        by=request.user,
        at=request.at,
        purpose="service_management",
        why=f"{chosen.period.start} to {chosen.period.last} {chosen.key}"[:300],
    )


def _form(chosen: Chosen) -> AskForm:
    form = AskForm(
        initial={
            "area": str(chosen.area.pk) if chosen.area else "",
            "team": str(chosen.team.pk) if chosen.team else "",
            "contact": chosen.key,
            "period": chosen.period_key,
        }
    )
    fields: Any = form.fields
    fields["area"].options = [(str(one.pk), one.name) for one in chosen.areas]
    fields["team"].options = [(str(one.pk), one.name) for one in chosen.teams]
    fields["contact"].options = [(one.key, f"{one.name} ({one.key})") for one in ALL]
    fields["period"].options = [(key, words) for key, (words, _) in chosen.periods.items()]
    return form


# ---- rows


def line_row(line: Line, numbers: Numbers) -> dict[str, Any]:
    return {
        "label": line.label,
        "people": numbers.count(line.people),
        "done": numbers.count(line.done),
        "rate": numbers.rate(line.done, line.people),
        "width": numbers.width(line.done, line.people),
        "outside": numbers.count(line.outside),
        "declined": numbers.count(line.declined),
        "not_done": numbers.count(line.not_done),
        "wellbeing": numbers.rate(line.wellbeing, line.done) if line.done else "–",
    }


def asked_rows(line: Line, numbers: Numbers) -> list[dict[str, Any]]:
    """Each instrument asked of everybody at a contact; one that was never given stands there with nought."""
    contact = BY_KEY.get(line.group)
    names = list(contact.screens) if contact is not None else []
    names += [name for name in sorted(line.asked) if name not in names]
    return [_asked(line, name, line.asked.get(name, AskedOf()), line.people, numbers) for name in names]


def partner_rows(line: Line, numbers: Numbers) -> list[dict[str, Any]]:
    return [
        _asked(line, name, one, line.families_with_partner, numbers)
        for name, one in sorted(line.partners.items())
    ]


def _asked(line: Line, name: str, one: AskedOf, people: int, numbers: Numbers) -> dict[str, Any]:
    return {
        "label": line.label,
        "instrument": name,
        "people": numbers.count(people),
        "offered": numbers.count(one.offered),
        "completed": numbers.count(one.completed),
        "rate": numbers.rate(one.completed, people),
        "width": numbers.width(one.completed, people),
        "declined": numbers.count(one.declined),
        "positive": numbers.count(one.positive),
        "acted": numbers.count(one.acted),
    }


def mark_rows(line: Line, numbers: Numbers) -> list[dict[str, Any]]:
    contact = BY_KEY.get(line.group)
    found = []
    for mark in contact.marks if contact is not None else ():
        met, people = line.marks.get(mark.code, (0, 0))
        if people:
            found.append(
                {
                    "label": f"{line.label}, {mark.words}",
                    "code": mark.code,
                    "met": numbers.count(met),
                    "people": numbers.count(people),
                    "rate": numbers.rate(met, people),
                    "width": numbers.width(met, people),
                }
            )
    return found


def apart_rows(lines: Iterable[Line], numbers: Numbers) -> list[dict[str, str]]:
    """Who is counted apart, and why, over all lines."""
    sums: dict[str, int] = {}
    for line in lines:
        for why, number in line.excluded.items():
            sums[why] = sums.get(why, 0) + number
    return [
        {"why": APART.get(why, "Another reason"), "number": numbers.count(number)}
        for why, number in sorted(sums.items())
    ]


def gap_words(lines: Sequence[Line], numbers: Numbers) -> str:
    """The widest gap in one sentence: a screen that few of those it belongs to were given."""
    worst: tuple[float, str] | None = None
    for line in lines:
        contact = BY_KEY.get(line.group)
        for name in contact.screens if contact is not None else ():
            one = line.asked.get(name, AskedOf())
            rate = numbers.rate(one.completed, line.people)
            if line.people < 5 or not rate.endswith("%") or name not in {"Whooley", "GAD-2"}:
                continue
            share = one.completed / line.people
            if worst is None or share < worst[0]:
                worst = (share, f"{name} was answered at {rate} of contacts: {line.label.lower()}.")
    return f"The widest gap: {worst[1]}" if worst is not None else ""


# ---------------------------------------------------------------- as a file

HEADINGS = (
    *("contact", "group", "people_whose_window_closed", "done_in_time", "rate", "done_outside", "declined"),
    *("not_done", "respondent", "instrument", "offered", "completed", "completed_rate", "said_no"),
    *("positive", "action_recorded"),
)


@signed_in
@require_safe
def coverage_file(request: AnydoorRequest) -> HttpResponse:
    """The same numbers as CSV, protected in the same way, safe to open in a spreadsheet."""
    check(request.standing, "see_coverage")
    chosen = Chosen(request)
    _say_looked(request, chosen)
    text = StringIO(newline="")
    writer = csv.writer(text)
    area = chosen.area.name if chosen.area else ""
    writer.writerow(_safe(["Coverage", area, chosen.team.name if chosen.team else "all teams"]))
    writer.writerow(
        _safe(["Windows that closed", chosen.period.start, chosen.period.last, "made", chosen.period.today])
    )
    writer.writerow(_safe([DEFINITION]))
    writer.writerow(HEADINGS)
    for row in _file_rows(chosen.lines(), Numbers(chosen.exact)):
        writer.writerow(_safe(row))
    answer = HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"coverage-{chosen.period.start}-{chosen.period.last}.csv"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


DEFINITION = (
    "People whose window closed in the period and who were on caseload for it, known here. Bereaved, in "
    "neonatal care when it closed, moved: counted apart."
)


def _file_rows(lines: Iterable[Line], numbers: Numbers) -> Iterable[list[object]]:
    for line in lines:
        row = line_row(line, numbers)
        head = [line.group, line.label, row["people"], row["done"], row["rate"], row["outside"]]
        head += [row["declined"], row["not_done"]]
        asked = [("mother", one) for one in asked_rows(line, numbers)]
        asked += [("father or co-parent", one) for one in partner_rows(line, numbers)]
        for who, one in asked or [("", {})]:
            keys = ("instrument", "offered", "completed", "rate", "declined", "positive", "acted")
            yield [*head, who, *(one.get(key, "") for key in keys)]


def _safe(cells: Iterable[object]) -> list[str]:
    """Cells that a spreadsheet takes as text, whatever somebody named a team."""
    found = [cell.isoformat() if isinstance(cell, date) else str(cell) for cell in cells]
    return [f"'{cell}" if cell.startswith(FORMULA) else cell for cell in found]


urls = [
    path("coverage/", coverage_page, name="coverage"),
    path("coverage.csv", coverage_file, name="coverage_file"),
]
