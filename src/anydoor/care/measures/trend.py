"""How one person has been: every answer of theirs, measure by measure, and the change since the first.

A score is shown by the rule and the thresholds it was taken with. The limits drawn behind a line are those of
its last answer; only answers of the same version of an instrument, by the same role, make one line. Nothing
is averaged, smoothed or filled in, and what was not whole is there, not scored.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from anydoor.care.measures.outcomes import EpisodeOutcome, of_episode, whole_scores
from anydoor.care.measures.values import value_sets, values_for
from anydoor.care.models import Episode, FamilyCare, Measure, MeasureAlert
from anydoor.people.models import Person
from anydoor.rules.change import Change, Points, paired
from anydoor.rules.instruments.definition import Format, Instrument, group_of
from anydoor.rules.instruments.form import band_in_words, reading_of
from anydoor.rules.instruments.registry import find
from anydoor.rules.instruments.values import ValueSet

# What is drawn first; the others follow in the order of their first answer.
FIRST = ("PHQ-9", "GAD-7")
# The values that draw a line across a chart, the first that is set.
CUT_OFFS = (
    ("tt_caseness_from", "caseness, {} or more"),
    ("clinical_cutoff_from", "cut-off, {} or more"),
    ("low_confidence_to", "lower confidence, {} or less"),
    ("{scale}_concern_max", "a concern, {} or less"),
    ("{scale}_concern_min", "a concern, {} or more"),
)


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer of one measure. `points` is None where it is not whole; `missing` are the items left out.

    `risk` is the flag; `risk_items` the score of each risk item that was answered, by its number.
    """

    measure: Measure
    points: Points | None
    band: str
    missing: Sequence[int]
    risk: str
    risk_items: Mapping[int, int] = field(default_factory=dict)
    alerts: Sequence[MeasureAlert] = ()

    @property
    def at(self) -> datetime:
        return self.measure.taken_at


@dataclass(frozen=True, slots=True)
class Series:
    """All answers of one measure, oldest first. `name` is the instrument, or a scale of it."""

    name: str
    instrument: Instrument
    role: str
    values: ValueSet
    answers: Sequence[Answer]
    change: Change | None  # None until there are two whole ones

    @property
    def scored(self) -> list[Answer]:
        return [one for one in self.answers if one.points is not None]

    @property
    def is_line(self) -> bool:
        """Whether scores over time say something: not so for two questions that only find a need."""
        return self.values.number(self.instrument.name, "screen_from") is None

    @property
    def bands(self) -> tuple[tuple[int, str], ...]:
        """Rising, in words; empty where none is set for who answered."""
        found = self.values.bands(self.name, group_of(self.role)) or ()
        return tuple((least, band_in_words(name)) for least, name in found)

    @property
    def cut_off(self) -> tuple[Points, str] | None:
        """The score at which something is said to begin, with its words; None where none is set."""
        for key, words in CUT_OFFS:
            scale = key.format(scale=self.name.rpartition(".")[2])
            found = self.values.number(self.instrument.name, scale)
            if found is not None:
                return found, words.format(found)
        return None

    @property
    def range(self) -> tuple[int, int]:
        return self.instrument.total_range()


@dataclass(frozen=True, slots=True)
class Trend:
    """One person's answers, their help at the time, and what came of the latest of it."""

    series: Sequence[Series]
    free: Sequence[Measure]  # answers in words, never scored
    drafts: Sequence[Measure]
    episodes: Sequence[Episode]
    outcome: EpisodeOutcome | None


def trend_of(person: Person, care: FamilyCare) -> Trend:
    """Read everything one person answered in this family: five queries however much that is."""
    rows = list(
        Measure.objects.kept()
        .filter(person=person, family_id=care.pk)
        .select_related("practitioner")
        .order_by("taken_at", "pk")
    )
    alerts: dict[int, list[MeasureAlert]] = {}
    for alert in MeasureAlert.objects.filter(person=person, family_id=care.pk).select_related(
        "acknowledged_by"
    ):
        alerts.setdefault(alert.measure_id, []).append(alert)
    sets = value_sets({row.value_set for row in rows})
    episodes = list(
        Episode.objects.filter(family_id=care.pk, person=person)
        .select_related("service", "holder", "area")
        .order_by("opened_at", "pk")
    )
    done = [row for row in rows if row.state == "finished"]
    return Trend(
        series=_in_order(_series(done, alerts, sets)),
        free=[row for row in done if not find(row.rule).formats],
        drafts=[row for row in rows if row.state == "draft"],
        episodes=episodes,
        outcome=_outcome(episodes),
    )


def _outcome(episodes: Sequence[Episode]) -> EpisodeOutcome | None:
    """Of the help that is going on, else of the last."""
    last = max(episodes, key=lambda row: (row.ended_at is None, row.opened_at), default=None)
    return of_episode(last, values=values_for(last.area, last.service)) if last is not None else None


def _series(
    rows: Iterable[Measure], alerts: Mapping[int, Sequence[MeasureAlert]], sets: Mapping[str, ValueSet]
) -> list[Series]:
    groups: dict[tuple[str, str, str], list[Answer]] = {}
    for row in rows:
        instrument = find(row.rule)
        if not instrument.formats:
            continue
        scales = [f"{row.instrument}.{scale.name}" for scale in instrument.scales]
        for name in [row.instrument] if instrument.has_total else scales:
            answer = _answer(row, instrument, name, alerts.get(row.pk, ()))
            groups.setdefault((name, row.rule, group_of(row.respondent_role) or ""), []).append(answer)
    found = []
    for (name, rule, _), answers in groups.items():
        values = sets[answers[-1].measure.value_set]
        whole = [one.points for one in answers if one.points is not None]
        found.append(
            Series(
                name=name,
                instrument=find(rule),
                role=answers[-1].measure.respondent_role,
                values=values,
                answers=answers,
                change=paired(name, whole[0], whole[-1], values=values) if len(whole) > 1 else None,
            )
        )
    return found


def _answer(row: Measure, instrument: Instrument, name: str, alerts: Sequence[MeasureAlert]) -> Answer:
    result: dict[str, Any] = row.result
    points = whole_scores(row.instrument, result.get("total"), result.get("subscales"))
    band = result.get("band") if instrument.has_total else _scale_band(result.get("band"), name)
    scores = reading_of(instrument, Format(row.format), row.answers).scores if instrument.risk_items else ()
    return Answer(
        measure=row,
        points=points.get(name),
        band=band_in_words(band) or _screen_words(result),
        missing=result.get("missing", ()),
        risk=row.risk,
        risk_items={item: score for item in instrument.risk_items if (score := scores[item - 1]) is not None},
        alerts=alerts,
    )


def _screen_words(result: Mapping[str, Any]) -> str:
    return str(result.get("screen") or "")


def _scale_band(band: object, name: str) -> object:
    """Of the findings of an instrument with scales, the one about this scale."""
    scale = name.rpartition(".")[2]
    return (
        {key: met for key, met in band.items() if key == f"{scale}_concern"}
        if isinstance(band, dict)
        else None
    )


def _in_order(series: Iterable[Series]) -> list[Series]:
    return sorted(
        series,
        key=lambda one: (FIRST.index(one.name) if one.name in FIRST else len(FIRST), one.answers[0].at),
    )
