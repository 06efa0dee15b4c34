"""What pages read of measures: a family's list, one measure with its items, an alert, what to choose from.

Every read goes through who may see the family in full; an alert is also read by the front door of its area,
because whoever is on duty there is asked to act.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from anydoor.access import wall
from anydoor.access.policy import Facts as PolicyFacts
from anydoor.access.policy import Standing, may
from anydoor.care.measures.taking import wording_of_measure
from anydoor.care.measures.wording import rules_with_words
from anydoor.care.models import Episode, FamilyCare, Holding, Measure, MeasureAlert, MeasureLink
from anydoor.care.models.record import shown_to
from anydoor.care.record import Held
from anydoor.care.scope import NO_SUCH
from anydoor.care.withheld import measures_shown
from anydoor.directory.models import Area
from anydoor.rules.errors import NotFound
from anydoor.rules.instruments.definition import Format, Instrument
from anydoor.rules.instruments.form import Item, band_in_words, items_of
from anydoor.rules.instruments.registry import PRESENT, find
from anydoor.rules.instruments.wording import Wording

FEW = 6  # instruments on the family page


@dataclass(frozen=True, slots=True)
class Answered:
    """One item of a measure as it was answered: `option` is the words ticked, `score` what they score."""

    item: Item
    option: str
    score: int | str | None
    index: int | None


@dataclass(frozen=True, slots=True)
class Page:
    """One measure with all that its page shows."""

    measure: Measure
    instrument: Instrument
    wording: Wording | None
    items: Sequence[Answered]
    alerts: Sequence[MeasureAlert]

    @property
    def is_free(self) -> bool:
        """Whether it has free words alone and no score."""
        return not self.instrument.formats


def measure_for(who: Standing, measure_id: int) -> Measure:
    """The measure, if what this person answers is shared, or one's own team took it. Raises `NotFound`."""
    found = (
        Measure.objects.filter(measures_shown(who), pk=measure_id)
        .select_related("person", "area__front_door", "practitioner", "link", "follow_up_of")
        .first()
    )
    if found is None:
        raise NotFound(NO_SUCH)
    return found


def link_for(who: Standing, link_id: int) -> MeasureLink:
    """A link that was sent, if what this person answers is shared, or it is one's own. Raises `NotFound`."""
    found = MeasureLink.objects.filter(measures_shown(who), pk=link_id).select_related("person").first()
    if found is None:
        raise NotFound(NO_SUCH)
    return found


@wall.behind("the front door acts on danger, whoever works with the family")
def alert_for(who: Standing, alert_id: int) -> MeasureAlert:
    """The alert, for those who work with the family and for the front door of its area. Raises `NotFound`.

    A signal in a sealed record is for the people named alone: those who hold it are among them.
    """
    found = (
        MeasureAlert.objects.filter(pk=alert_id)
        .select_related(
            "measure", "person", "area__front_door", "holder", "duty", "acknowledged_by", "family__care"
        )
        .first()
    )
    if found is None:
        raise NotFound(NO_SUCH)
    care = found.family.care
    facts = PolicyFacts(
        family_id=care.pk,
        holder_id=care.lead_id,
        area_team_id=found.area.front_door_id,
        sealed=care.sealed,
    )
    if may(who, "triage", facts) or MeasureAlert.objects.filter(shown_to(who), pk=alert_id).exists():
        return found
    raise NotFound(NO_SUCH)


def page_of(measure: Measure) -> Page:
    """The measure with its items in printed order, its answers, and what they alarmed."""
    instrument = find(measure.rule)
    wording = wording_of_measure(measure)
    return Page(
        measure=measure,
        instrument=instrument,
        wording=wording,
        items=[_answered(measure, instrument, item) for item in items_of(instrument, wording)],
        alerts=list(
            MeasureAlert.objects.filter(measure=measure).select_related("acknowledged_by").order_by("pk")
        ),
    )


def _answered(measure: Measure, instrument: Instrument, item: Item) -> Answered:
    index = measure.shown.get(item.key)
    if index is not None:
        option = item.options[index]
        return Answered(item, option.words, option.score, index)
    raw = measure.answers.get(item.key)
    if raw is None:
        return Answered(item, "", None, None)
    if measure.format == Format.YES_NO:
        return Answered(item, str(raw).capitalize(), 1 if raw == "yes" else 0, None)
    return Answered(item, "", raw, None)


def together(measure: Measure) -> list[Measure]:
    """The measures begun with one form, in the order they were begun; else this one alone."""
    if not measure.form_key:
        return [measure]
    rows = Measure.objects.filter(
        family_id=measure.family_id, person_id=measure.person_id, form_key=measure.form_key
    ).select_related("person", "area__front_door", "practitioner")
    return list(rows.order_by("pk")) or [measure]


def measures_of(who: Standing, family_id: int) -> list[Measure]:
    """Every measure of a family that `who` may see, newest first, those taken back too.

    Each comes with person and practitioner.
    """
    return list(
        Measure.objects.filter(measures_shown(who), family_id=family_id)
        .select_related("person", "practitioner", "link")
        .defer("shown", "words")
        .newest_first()
    )


def open_links(who: Standing, family_id: int) -> list[MeasureLink]:
    """Links that are still in use, of people whose answers `who` may see."""
    rows = MeasureLink.objects.open().filter(measures_shown(who), family_id=family_id)
    return list(rows.select_related("person").order_by("-sent_at"))


def latest_of(care: FamilyCare, person_id: int) -> list[Measure]:
    """The newest finished measure of each instrument of one person, newest first, from what came with `care`.

    `care` comes from `picture.care_of`, so that this costs no query.
    """
    told = care.measured  # type: ignore[attr-defined]  # annotated in `picture.cares`
    newest = [
        Measure(
            pk=row["id"],
            instrument=row["instrument"],
            rule=row["rule"],
            taken_at=datetime.fromisoformat(row["at"]),
            result=row["result"],
            risk=row["risk"],
        )
        for row in told
        if row["person"] == person_id
    ]
    return sorted(newest, key=lambda row: (row.taken_at, row.pk), reverse=True)[:FEW]


def newest_of(family_id: int, person_id: int) -> list[Measure]:
    """As `latest_of`, read by itself: one query."""
    rows = (
        Measure.objects.finished()
        .filter(family_id=family_id, person_id=person_id)
        .order_by("instrument", "-taken_at", "-pk")
        .distinct("instrument")
    )
    return sorted(rows, key=lambda row: (row.taken_at, row.pk), reverse=True)[:FEW]


def result_in_words(measure: Measure) -> str:
    """A stored result in short: "12, moderate", "positive, 2 of 2", "not scored", "in their words"."""
    result: Mapping[str, object] = measure.result
    if result.get("status") == "words":
        return "in their words"
    screen, total = result.get("screen"), result.get("total")
    if screen in {"positive", "negative"}:
        highest = find(measure.rule).total_range()[1]
        return f"{screen}, {total} of {highest}" if total is not None else str(screen)
    if total is not None:
        band = band_in_words(result.get("band"))
        return f"{total}, {band}" if band else str(total)
    scales = result.get("subscales")
    if isinstance(scales, Mapping) and result.get("status") == "complete":
        return ", ".join(f"{name} {sum_}" for name, sum_ in scales.items())
    return "not scored"


def thing_for(family_id: int, person_id: int, user_id: int) -> Held | None:
    """The open episode or request about this person that a measure belongs to; the user's own first."""
    rows = Holding.objects.filter(family_id=family_id, to_at__isnull=True).select_related(
        "referral", "episode__service"
    )
    held = [thing for row in rows if (thing := row.episode or row.referral) and thing.person_id == person_id]
    return min(
        held,
        key=lambda one: (one.holder_id != user_id, not isinstance(one, Episode), one.pk),
        default=None,
    )


def can_be_shown(area: Area) -> dict[str, set[str]]:
    """For each instrument with words here, its languages; instruments that are not there go from paper."""
    with_words = rules_with_words(area)
    return {
        name: with_words[instrument.key]
        for name, instrument in PRESENT.items()
        if instrument.key in with_words
    }


def drafts_of(who: Standing, family_id: int) -> list[Measure]:
    """What was begun by a worker and is not finished, newest first, as far as `who` may see it."""
    return list(
        Measure.objects.drafts()
        .filter(measures_shown(who), family_id=family_id, link__isnull=True)
        .select_related("person", "practitioner")
        .order_by(F("saved_at").desc(), "-pk")
    )
