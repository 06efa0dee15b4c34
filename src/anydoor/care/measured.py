"""What questionnaires and services already say of a need: the latest scores, and who sees the family."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta

from anydoor.care.measures.outcomes import whole_scores
from anydoor.care.models import Episode, Measure
from anydoor.rules import working_time
from anydoor.rules.level import ORDER, band_of
from anydoor.rules.matching import Concern
from anydoor.rules.profile_measures import measure_of

COUNTS_FOR = timedelta(days=92)  # an older score says little of how things are now
OF_THE_BOND = frozenset({"MORS-SF", "KPCS", "PBQ", "LEAO"})

Scores = Mapping[str, Mapping[str, float]]  # by strand, then by the name of the score


def latest_scores(person_id: int, *, on: date) -> Scores:
    """The latest whole score of each instrument that this person answered in the last three months.

    One query. What was not finished, taken back or not scored is not there.
    """
    rows = (
        Measure.objects.finished()
        .filter(person_id=person_id, taken_at__gte=working_time.london(on - COUNTS_FOR, time()))
        .order_by("taken_at", "pk")
        .values_list("instrument", "result__total", "result__subscales")
    )
    found: dict[str, dict[str, float]] = {"pmh": {}, "pir": {}}
    for instrument, total, subscales in rows:
        strand = "pir" if instrument in OF_THE_BOND else "pmh"
        for name, points in whole_scores(instrument, total, subscales).items():
            known = measure_of(name)
            if known is not None and known.lowest <= float(points) <= known.highest:
                found[strand][known.name] = float(points)
    return {strand: scores for strand, scores in found.items() if scores}


def concerns_of(told: Mapping[str, bool], severity: str, scores: Scores, role: str) -> tuple[Concern, ...]:
    """The concern of each strand: where a need was ticked (`told`), or where a score says mild or more."""
    found = []
    for strand, ticked in told.items():
        measured = scores.get(strand, {})
        bands = [band_of(name, score, role) for name, score in measured.items()]
        raised = any(band is not None and ORDER[band] >= ORDER["mild"] for band in bands)
        if ticked or raised:
            found.append(Concern(strand, severity if ticked else "unknown", dict(measured)))
    return tuple(found)


def seen_by(family_id: int) -> frozenset[str] | None:
    """Slugs of the services that work with the family now; None while none of ours does. One query."""
    slugs = Episode.objects.open().filter(family_id=family_id).values_list("service__slug", flat=True)
    return frozenset(slugs) or None
