"""Page: what came of the help of a service, a team or an area in a period, by both countings side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.views.decorators.http import require_safe

from anydoor.access import audit
from anydoor.care.measures.outcome_reach import Reach, reaches
from anydoor.care.measures.outcomes import Paired, Period, Report, report
from anydoor.care.measures.values import values_for
from anydoor.rules import small_numbers
from anydoor.rules.change import Verdict
from anydoor.rules.outcomes import Counting
from anydoor.ui.forms import Form, SelectField
from anydoor.ui.times import full_date
from anydoor.web.desk.acting import today
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in

# The rows of a counting: key, words, and the denominator of its rate ("" for a plain count).
ROWS = (
    ("case_at_start", "At caseness at the start", ""),
    ("in_recovery_denominator", "Not known to be below caseness at the start", ""),
    ("recovered", "Recovered", "in_recovery_denominator"),
    ("reliable_recovery", "Recovered, and reliably", "in_recovery_denominator"),
    ("reliable_improvement", "Improved reliably", "courses"),
    ("no_reliable_change", "No reliable change", "courses"),
    ("reliable_deterioration", "Got reliably worse", "courses"),
    ("outcome_not_calculable", "Cannot be told: no first and last score", "courses"),
)
COUNTINGS = {
    "national": (
        "Counted the national way",
        "The help ended in the period, and two or more treatment appointments were attended.",
    ),
    "local": (
        "Counted the local way",
        "The second treatment appointment was attended in the period, whether the help has ended or not.",
    ),
}


class AskForm(Form):
    """Of whom, and when."""

    of = SelectField(label="Of which service", required=False, hide_optional=True)
    period = SelectField(label="In which period", required=False, hide_optional=True)


@signed_in
@require_safe
def outcomes(request: AnydoorRequest) -> HttpResponse:
    """Counts and rates with their denominators; small ones hidden from who does not know the people."""
    choices = {one.key: one for one in reaches(request.standing)}
    periods = periods_on(today(request))
    chosen = choices.get(request.GET.get("of", "")) or next(iter(choices.values()), None)
    key = request.GET.get("period", "")
    words, period = periods.get(key) or periods["year"]
    form = AskForm(initial={"of": chosen.key if chosen else "", "period": key if key in periods else "year"})
    form.fields["of"].options = [(one.key, one.words) for one in choices.values()]  # type: ignore[attr-defined]  # the field is ours
    form.fields["period"].options = [(name, said) for name, (said, _) in periods.items()]  # type: ignore[attr-defined]  # the field is ours
    context: dict[str, Any] = {"ask": form, "chosen": chosen, "period": _days(period), "period_words": words}
    if chosen is not None:
        audit.record(
            action="see_outcomes",
            subject="service",
            subject_id=chosen.services[0].pk if chosen.services else None,
            by=request.user,
            at=request.at,
            purpose="service_management",
            why=f"{chosen.words}, {_days(period)}"[:300],
        )
        context |= _shown(_report(chosen, period), chosen.exact)
    return page(request, "desk/outcomes.jinja", "outcomes", context)


def _report(chosen: Reach, period: Period) -> Report:
    area = chosen.area or next((one.area for one in chosen.services), None)
    whole = chosen.key.startswith("area-")
    ids = [one.pk for one in chosen.services]
    if area is None:
        return Report(period)
    return report(ids, period, area_id=area.pk if whole else None, values=values_for(area))


def periods_on(day: date) -> dict[str, tuple[str, Period]]:
    """Periods to choose from, each of whole months up to today."""
    first = day.replace(day=1)
    last_month = first - timedelta(days=1)
    april = date(day.year if day.month >= 4 else day.year - 1, 4, 1)
    return {
        "year": ("The last 12 months", Period(_back(day, 12) + timedelta(days=1), day)),
        "quarter": ("The last 3 months", Period(_back(day, 3) + timedelta(days=1), day)),
        "month": ("This month", Period(first, day)),
        "last": ("Last month", Period(last_month.replace(day=1), last_month)),
        "financial": ("This financial year", Period(april, day)),
        "before": (
            "Last financial year",
            Period(april.replace(year=april.year - 1), april - timedelta(days=1)),
        ),
    }


def _back(day: date, months: int) -> date:
    """The same day so many months ago; the last of the month where it has no such day."""
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    following = date(year + (month == 11), (month + 1) % 12 + 1, 1)
    return min(date(year, month + 1, 1) + timedelta(days=day.day - 1), following - timedelta(days=1))


def _days(period: Period) -> str:
    return f"{full_date(period.first)} to {full_date(period.last)}"


# ---- what is shown


class Numbers:
    """Counts and rates as they may be shown: exact, or protected."""

    def __init__(self, exact: bool) -> None:
        self.exact = exact

    def count(self, number: int) -> str:
        return f"{number:,}" if self.exact else small_numbers.count(number)

    def rate(self, part: int, of: int) -> str:
        if not self.exact:
            return small_numbers.rate(part, of) or "–"
        return f"{100 * part / of:.1f}%" if of else "–"

    def width(self, part: int, of: int) -> int | None:
        """The length of the bar in per cent; None where nothing may be drawn."""
        shown = self.rate(part, of)
        return round(float(shown.rstrip("%"))) if shown.endswith("%") else None


def _shown(found: Report, exact: bool) -> dict[str, Any]:
    numbers = Numbers(exact)
    return {
        "exact": exact,
        "countings": [
            _counting(key, counting, numbers)
            for key, counting in (("national", found.national), ("local", found.local))
        ],
        "paired": [_paired(row, numbers) for row in _in_order(found.paired)],
        "goals": _goals(found, numbers),
        "flow": [
            ("Had a first treatment appointment in the period", numbers.count(found.entered)),
            ("The help ended in the period", numbers.count(found.ended)),
            ("Of these without any treatment appointment", numbers.count(found.ended_unseen)),
            ("Of these with one treatment appointment", numbers.count(found.ended_once)),
        ],
        "unsaid": f"{numbers.count(found.unsaid)} of {numbers.count(found.contacts)}" if found.unsaid else "",
    }


def _counting(key: str, counting: Counting, numbers: Numbers) -> dict[str, Any]:
    title, definition = COUNTINGS[key]
    counts: dict[str, int] = {
        **counting.counts,
        "courses": counting.courses,
        "outcome_not_calculable": counting.courses - counting.counts["outcome_calculable"],
    }
    rows = []
    for name, words, of in ROWS:
        row: dict[str, Any] = {"words": words, "count": numbers.count(counts[name]), "rate": "", "of": ""}
        if of:
            row["rate"] = numbers.rate(counts[name], counts[of])
            row["of"] = f"of {numbers.count(counts[of])}"
            row["width"] = numbers.width(counts[name], counts[of])
        rows.append(row)
    return {
        "key": key,
        "title": title,
        "definition": definition,
        "completed": numbers.count(counting.courses),
        "rows": rows,
        "any": counting.courses > 0,
    }


def _in_order(paired: Mapping[str, Paired]) -> Sequence[Paired]:
    return sorted(paired.values(), key=lambda row: (-row.people, row.measure))


def _paired(row: Paired, numbers: Numbers) -> dict[str, Any]:
    ruled = row.people - row.verdicts[Verdict.NO_RULE]
    return {
        "measure": row.measure.replace(".", " "),
        "people": numbers.count(row.people),
        "improved": numbers.count(row.verdicts[Verdict.IMPROVED]) if ruled else "no rule",
        "same": numbers.count(row.verdicts[Verdict.NO_RELIABLE_CHANGE]) if ruled else "no rule",
        "worse": numbers.count(row.verdicts[Verdict.WORSENED]) if ruled else "no rule",
    }


def _goals(found: Report, numbers: Numbers) -> list[tuple[str, str]]:
    return [
        ("Goals rated at least twice", numbers.count(found.goals_rated)),
        ("Nearer than at the start", numbers.count(found.goals_nearer)),
        ("Reached", numbers.count(found.goals_reached)),
    ]


urls = [path("outcomes/", outcomes, name="outcomes")]
