"""The result of a measure, by the rule and the thresholds it was begun with, and by nothing else."""

from __future__ import annotations

from dataclasses import asdict

from anydoor.care.measures.values import value_set
from anydoor.care.models import Measure
from anydoor.care.picture import child_of
from anydoor.people.models import Person
from anydoor.rules import working_time
from anydoor.rules.instruments.contract import as_object
from anydoor.rules.instruments.definition import Format, Instrument
from anydoor.rules.instruments.form import reading_of, score_in_words
from anydoor.rules.instruments.local import findings, of_words
from anydoor.rules.instruments.registry import find
from anydoor.rules.instruments.scoring import Score, score
from anydoor.rules.stage import StageKind, stage


def rate(measure: Measure, instrument: Instrument) -> Score | None:
    """Work the result out anew; None for an instrument of free words alone."""
    values = value_set(measure.value_set)
    if not instrument.formats:
        local = of_words(instrument, measure.words, values)
        measure.result = {"rule": instrument.key, "status": "words", "local": [asdict(one) for one in local]}
        measure.risk = "not_applicable"
        return None
    reading = reading_of(instrument, Format(measure.format), measure.answers)
    found = score(instrument, reading, role=measure.respondent_role, values=values)
    local = findings(
        instrument, reading, found, values, role=measure.respondent_role, antenatal=_in_pregnancy(measure)
    )
    measure.risk = found.risk.value
    measure.result = {
        **as_object(instrument.name, found),
        "rule": found.rule,
        "values": found.values,
        "missing": list(found.missing),
        "local": [asdict(one) for one in local],
    }
    return found


def _in_pregnancy(measure: Measure) -> bool:
    """Whether the family was expecting on the day it was answered."""
    children = Person.objects.filter(
        memberships__family_id=measure.family_id,
        memberships__role__in=["baby", "child"],
        memberships__left_at__isnull=True,
    )
    on = working_time.london_day(measure.taken_at)
    return stage([child_of(one) for one in children], on=on).kind is StageKind.PREGNANT


def in_words(measure: Measure, found: Score | None) -> str:
    """What the timeline says of it: the score, what was left out, and whether to ask about danger."""
    instrument = find(measure.rule)
    if found is None:
        return "Kept in their own words."
    text = f"{measure.instrument} {score_in_words(instrument, found)}."
    if found.missing and found.total is None:
        text += f" Not answered: {', '.join(instrument.key_of(item) for item in found.missing)}."
    if found.risk.value == "not_answered":
        text += " Ask about danger: that was left out."
    return text
