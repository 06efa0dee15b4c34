"""How one person has been: words, and places on a drawing. What is read, `care.measures.trend` reads."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.urls import reverse

from anydoor.care.measures.goals import GoalSoFar
from anydoor.care.measures.outcomes import EpisodeOutcome
from anydoor.care.measures.reading import result_in_words
from anydoor.care.measures.trend import CUT_OFFS, Answer, Series, Trend
from anydoor.care.models import Measure
from anydoor.care.models.measure import ALERT_ACTIONS
from anydoor.rules.change import Change, Verdict, high_is
from anydoor.rules.instruments.evidence import Tag
from anydoor.rules.instruments.values import ValueSet
from anydoor.ui import charts
from anydoor.ui.times import calendar_day, date_words
from anydoor.ui.words import given_name, plural, sentence

# What each is about, for headings: the plain thing first, then the name that workers know.
ABOUT = {
    "PHQ-9": "Low mood, PHQ-9",
    "GAD-7": "Worry, GAD-7",
    "EPDS": "Feelings around a birth, EPDS",
    "CORE-10": "Distress, CORE-10",
    "PCL-5": "After trauma, PCL-5",
    "City BiTS": "After a hard birth, City BiTS",
    "IES-R": "After trauma, IES-R",
    "KPCS": "Confidence as a parent, KPCS",
    "MORS-SF.warmth": "Warmth towards the baby, MORS-SF",
    "MORS-SF.invasion": "Feeling invaded by the baby, MORS-SF",
    "OCI": "Obsessions, OCI",
    "PDSS": "Panic, PDSS",
    "SPIN": "Fear of others’ judgement, SPIN",
    "HAI": "Worry about health, HAI",
    "PSWQ": "Worrying, PSWQ",
    "WSAS": "Daily life, WSAS",
    "PBQ": "Bonding, PBQ",
}
SIGNS = {
    Verdict.IMPROVED: ("good", "tick"),
    Verdict.WORSENED: ("worse", "warning"),
    Verdict.NO_RELIABLE_CHANGE: ("", "dash"),
    Verdict.NO_RULE: ("", "dash"),
}
HEADLINES = {
    Verdict.IMPROVED: "improved reliably",
    Verdict.WORSENED: "got reliably worse",
    Verdict.NO_RELIABLE_CHANGE: "no reliable change",
    Verdict.NO_RULE: "no rule for change",
}
SHORT_BANDS = {
    "moderately severe": "mod. severe",
    "moderate to severe": "mod. severe",
    "below the cut-off": "below",
}
SAID = 3
DRAWN_LIMITS = ("reliable_change", *(key.partition("}")[2] or key for key, _ in CUT_OFFS))
SIZES = (charts.WIDE, charts.NARROW)


def trend_context(trend: Trend, goals: Sequence[GoalSoFar], at: datetime) -> dict[str, Any]:
    """All that the page shows of answers and goals, in plain words."""
    lines = [one for one in trend.series if one.is_line]
    return {
        "span": span_words(trend, at),
        "said": said_rows(lines, trend.outcome),
        "charts": [chart_of(one, trend, at) for one in lines],
        "tables": tables_of(lines, at),
        "screens": screen_rows(trend, at),
        "free": [_measure_row(row, at) for row in trend.free],
        "drafts": [_measure_row(row, at) for row in trend.drafts],
        "goals": [goal_row(one, at) for one in goals],
        "rules": rules_words(lines),
    }


def span_words(trend: Trend, at: datetime) -> str:
    """ "6 January to 3 March, 5 times"; how often somebody answered, not how many forms."""
    moments = sorted({calendar_day(one.at) for row in trend.series for one in row.answers})
    if not moments:
        return "Nothing answered yet"
    if len(moments) == 1:
        return date_words(moments[0], at)
    return f"{date_words(moments[0], at)} to {date_words(moments[-1], at)}, {len(moments)} times"


# ---- three sentences


def said_rows(lines: Sequence[Series], outcome: EpisodeOutcome | None) -> list[dict[str, str]]:
    """What the charts prove: the change of the first two measures, then recovery."""
    recovery = recovery_row(outcome)
    room = SAID - bool(recovery)
    rows = [_change_row(one) for one in lines[:room]]
    return [*rows, recovery] if recovery else rows


def _change_row(one: Series) -> dict[str, str]:
    name = name_of(one)
    if one.change is None:
        if not one.scored:
            return _said("look", "question", f"{name}: not scored yet.", "An answer with a gap has no score.")
        points = one.scored[0].points
        return _said("", "dash", f"{name}: one score so far, {points}.", "A second one will show a change.")
    first, last = one.scored[0].points, one.scored[-1].points
    colour, icon = SIGNS[one.change.verdict]
    return _said(
        colour,
        icon,
        f"{name}: {HEADLINES[one.change.verdict]}.",
        f"{first} to {last}. {change_words(one.change)}",
    )


def change_words(change: Change) -> str:
    """ "A fall of 9; 6 or more is needed." """
    way = (
        "No change"
        if not change.points
        else f"A {'fall' if change.points < 0 else 'rise'} of {abs(change.points)}"
    )
    if change.index is None:
        return f"{way}. No published rule says how much is reliable."
    return f"{way}; {change.index} or more is needed."


def recovery_row(outcome: EpisodeOutcome | None) -> dict[str, str] | None:
    """Caseness and recovery by the rules of Talking Therapies, where there are scores of both kinds."""
    if outcome is None or "PHQ-9" not in outcome.pairs:
        return None
    found = outcome.outcome
    if not found.outcome_calculable or found.anxiety_measure_used is None:
        return _said(
            "look",
            "question",
            "Recovery cannot be told yet.",
            "It needs a first and a last score of PHQ-9 and of one anxiety measure.",
        )
    anxiety = found.anxiety_measure_used
    needs = sentence(f"{name} {_under(name, outcome.values)}" for name in ("PHQ-9", anxiety))
    last = sentence(f"{name} is {outcome.pairs[name].last}" for name in ("PHQ-9", anxiety))
    if not found.case_at_start:
        return _said("", "dash", "Below caseness at the start.", "So recovery is not counted. Change is.")
    if found.recovered and found.reliable_improvement:
        return _said("good", "tick", "Recovered, and reliably.", f"{last}. Both are below their cut-off.")
    if found.recovered:
        return _said("good", "tick", "Recovered.", f"{last}. The change itself is not reliable.")
    return _said("look", "clock", "Not yet recovered.", f"{last}. Recovery needs {needs}.")


def _under(measure: str, values: ValueSet) -> str:
    least = values.number(measure, "tt_caseness_from")
    return (
        f"under {least}" if least is not None else f"at {values.number(measure, 'tt_caseness_above')} or less"
    )


def _said(colour: str, icon: str, bold: str, text: str) -> dict[str, str]:
    return {"colour": colour, "icon": icon, "bold": bold, "text": text}


def name_of(one: Series) -> str:
    """A measure in a sentence: "PHQ-9", "MORS-SF warmth"."""
    return one.name.replace(".", " ")


# ---- charts


def chart_of(one: Series, trend: Trend, at: datetime) -> dict[str, Any]:
    """One chart in both sizes, with what those hear who cannot see it."""
    low, high = one.range
    scale = charts.Scale(
        lowest=low,
        highest=high,
        bands=[(least, SHORT_BANDS.get(words, words)) for least, words in one.bands],
        line=one.cut_off,
        index=one.change.index if one.change else one.values.number(one.name, "reliable_change"),
        worse=_high_is_worse(one),
    )
    marks = [_mark(answer) for answer in one.answers]
    notes = _changes_within(trend, one)
    return {
        "key": "of-" + one.name.lower().replace(" ", "-").replace(".", "-") + f"-{one.role}",
        "title": ABOUT.get(one.name, name_of(one)),
        "finding": finding_words(one, at),
        "drawings": [charts.draw(marks, scale, size, [day for day, _ in notes]) for size in SIZES],
        "notes": [
            {"letter": charts.letter(place), "when": date_words(day, at), "words": words}
            for place, (day, words) in enumerate(notes)
        ],
    }


def _high_is_worse(one: Series) -> bool:
    return high_is(one.name) == "worse"


def _mark(answer: Answer) -> charts.Mark:
    note = f"{len(answer.missing)} missing" if answer.points is None else ""
    raised = [item for item, score in answer.risk_items.items() if score > 0]
    return charts.Mark(
        day=calendar_day(answer.at),
        score=answer.points,
        note=note,
        risk=f"question {sentence(raised)}" if raised else "",
    )


def finding_words(one: Series, at: datetime) -> str:
    """The line in sentences: first, last, change, what was not scored, what was raised."""
    parts = []
    if one.scored:
        first, last = one.scored[0], one.scored[-1]
        parts.append(f"{_points_words(first)} on {date_words(first.at, at)}")
        if len(one.scored) > 1:
            parts[0] += f", {_points_words(last)} on {date_words(last.at, at)}"
        parts[0] += "."
    if one.change is not None:
        parts.append(f"{HEADLINES[one.change.verdict].capitalize()}. {change_words(one.change)}")
    for answer in one.answers:
        if answer.points is None:
            parts.append(f"Not scored on {date_words(answer.at, at)}: {missing_words(answer.missing)}.")
        raised = [item for item, score in answer.risk_items.items() if score > 0]
        if raised:
            parts.append(f"Question {sentence(raised)} above 0 on {date_words(answer.at, at)}.")
    return " ".join(parts) or "Nothing is scored yet."


def _points_words(answer: Answer) -> str:
    return f"{answer.points}, {answer.band}" if answer.band else str(answer.points)


def missing_words(missing: Sequence[int]) -> str:
    if not missing:
        return "not whole"
    shown = [str(item) for item in missing[:4]]
    rest = [f"{len(missing) - 4} more"] if len(missing) > 4 else []
    return f"question{'s' if len(missing) > 1 else ''} {sentence([*shown, *rest])} left out"


def _changes(trend: Trend) -> list[tuple[datetime, str]]:
    """Help that began and ended, in order: what was changed at the time."""
    found = []
    for row in trend.episodes:
        holder = f", with {row.holder.name}" if row.holder is not None else ""
        found.append((row.opened_at, f"{row.service.name} began{holder if row.ended_at is None else ''}"))
        if row.ended_at is not None:
            found.append((row.ended_at, f"{row.service.name} ended"))
    return sorted(found)


def _changes_within(trend: Trend, one: Series) -> list[tuple[Any, str]]:
    """Those between the first and the last answer of this line; the chart has no room for others."""
    first, last = calendar_day(one.answers[0].at), calendar_day(one.answers[-1].at)
    return [
        (calendar_day(when), words)
        for when, words in _changes(trend)
        if len(one.answers) > 1 and first <= calendar_day(when) <= last
    ]


# ---- the same numbers


def tables_of(lines: Sequence[Series], at: datetime) -> list[dict[str, Any]]:
    """Tables of two measures each: a row for each time, with who asked, score, band and risk question."""
    pairs = [lines[place : place + 2] for place in range(0, len(lines), 2)]
    return [_table(pair, at) for pair in pairs]


def _table(pair: Sequence[Series], at: datetime) -> dict[str, Any]:
    times: dict[tuple[Any, str], dict[str, Answer]] = {}
    for one in pair:
        for answer in one.answers:
            key = (calendar_day(answer.at), answered_with(answer.measure))
            times.setdefault(key, {})[one.name] = answer
    risky = {one.name: bool(one.instrument.risk_items) for one in pair}
    return {
        "names": [
            {"name": name_of(one), "risk": _risk_heading(one) if risky[one.name] else ""} for one in pair
        ],
        "rows": [
            {
                "when": date_words(day, at),
                "who": who,
                "cells": [_cell(found.get(one.name), risky[one.name]) for one in pair],
            }
            for (day, who), found in sorted(times.items(), key=lambda row: row[0][0])
        ],
    }


def _risk_heading(one: Series) -> str:
    return f"Question {sentence(str(item) for item in one.instrument.risk_items)}"


def _cell(answer: Answer | None, risky: bool) -> dict[str, Any]:
    if answer is None:
        return {"score": "", "band": "", "risky": risky, "risk": "", "told": "", "href": ""}
    return {
        "score": "not scored" if answer.points is None else answer.points,
        "scored": answer.points is not None,
        "band": missing_words(answer.missing) if answer.points is None else answer.band,
        "risky": risky,
        "raised": answer.risk == "raised",
        "risk": _risk_words(answer) if risky else "",
        "told": _told_words(answer),
        "href": reverse("desk:measure", args=[answer.measure.pk]),
        "alert": answer.alerts[0].pk if answer.alerts else None,
    }


def _risk_words(answer: Answer) -> str:
    """ "1, several days", "0", "not answered: ask"."""
    if not answer.risk_items:
        return "not answered: ask"
    words = {alert.item: alert.answer_words for alert in answer.alerts}
    return sentence(
        f"{score}, {words[str(item)].lower()}" if words.get(str(item)) and score else str(score)
        for item, score in answer.risk_items.items()
    )


def _told_words(answer: Answer) -> str:
    """What was done about a raised item, in few words; what is still open says so."""
    if not answer.alerts:
        return ""
    alert = answer.alerts[0]
    if alert.acknowledged_at is None:
        return "nobody has said yet what they did"
    who = given_name(alert.acknowledged_by.name) if alert.acknowledged_by is not None else ""
    same = calendar_day(alert.acknowledged_at) == calendar_day(alert.raised_at)
    done = ALERT_ACTIONS[alert.action].partition(".")[0].lower()
    return f"{who} {done}, {'same day' if same else date_words(alert.acknowledged_at)}"


def answered_with(measure: Measure) -> str:
    """ "Grace Adeyemi, asked aloud", "Shanelle, by link"."""
    name = given_name(measure.person.called)
    if measure.mode == "self_link":
        return f"{name}, by link"
    who = measure.practitioner.name if measure.practitioner is not None else ""
    how = {
        "self_here": f"{name}, on our screen",
        "interview": f"{who}, asked aloud",
        "interpreter": f"{who}, with an interpreter",
        "paper": f"{who}, from paper",
    }
    return how[measure.mode]


# ---- beside


def screen_rows(trend: Trend, at: datetime) -> list[dict[str, Any]]:
    """Short questions that only find a need: each answer on a line."""
    answers = [(one, answer) for one in trend.series if not one.is_line for answer in one.answers]
    return [
        {**_measure_row(answer.measure, at), "name": one.name}
        for one, answer in sorted(answers, key=lambda row: row[1].at, reverse=True)
    ]


def _measure_row(row: Measure, at: datetime) -> dict[str, Any]:
    return {
        "name": row.instrument,
        "when": date_words(row.taken_at, at),
        "result": "not finished" if row.state == "draft" else result_in_words(row),
        "href": reverse("desk:measure", args=[row.pk]),
    }


def goal_row(one: GoalSoFar, at: datetime) -> dict[str, Any]:
    """A goal with its first and last rating, and how far it has come."""
    first, last = (one.ratings[0], one.ratings[-1]) if one.ratings else (None, None)
    return {
        "id": one.goal.pk,
        "words": one.goal.words,
        "open": one.goal.ended_at is None,
        "ended": f"Ended {date_words(one.goal.ended_at, at)}: {one.goal.ended_why}"
        if one.goal.ended_at
        else "",
        "now": last.rating if last else None,
        "change": _goal_words(one),
        "ratings": [
            {"when": date_words(row.rated_at, at), "rating": row.rating, "words": row.words}
            for row in one.ratings
        ],
        "first": first.rating if first else None,
    }


def _goal_words(one: GoalSoFar) -> str:
    if one.change is None:
        return "Rated once so far"
    if one.change.reached:
        return "Reached"
    if not one.change.points:
        return "As it was at the start"
    way = "nearer" if one.change.points > 0 else "further away"
    return f"{plural(abs(one.change.points), 'point')} {way} than at the start"


def rules_words(lines: Sequence[Series]) -> str:
    """By which rules it is scored, and which limits nobody has read in a source."""
    if not lines:
        return ""
    names = sentence(
        dict.fromkeys(f"{one.instrument.name} version {one.instrument.version}" for one in lines)
    )
    sets = sentence(dict.fromkeys(one.values.name for one in lines))
    unsure = [name_of(one) for one in lines if _is_unverified(one.values, one)]
    text = f"Scored by the rules of {names}, thresholds {sets}."
    if unsure:
        text += f" Limits of {sentence(unsure)} are not verified in a source yet."
    return text


def _is_unverified(values: ValueSet, one: Series) -> bool:
    """Whether one of the limits that are drawn was not read in a source."""
    own = {key: cited for key, cited in values.cited.items() if key.startswith(f"{one.instrument.name}.")}
    return any(
        cited.tag in {Tag.PROBABLE, Tag.UNCERTAIN}
        for key, cited in own.items()
        if key.endswith(DRAWN_LIMITS) or ".bands" in key
    )
