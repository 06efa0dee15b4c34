"""What a change of an entry would do to matching, tried on example needs before it is sent.

The examples are invented families of many kinds; the judging is `rules.matching` on the services as they are,
with this one as it would be. Nothing is stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from anydoor.directory.content import NOT_YET, as_if
from anydoor.directory.facts import facts_of
from anydoor.directory.matching import live_services
from anydoor.directory.models import Area, District, Service
from anydoor.rules.matching import Offer, Profile, ServiceFacts, match, read_profile

MOST_DISTRICTS = 6
VERDICT_WORDS = {"suits": "Suits", "possible": "Possible", "not": "Does not fit", "": "Not shown"}


@dataclass(frozen=True, slots=True)
class Tried:
    """One example need: the verdict for this service before and after, and the reasons that came or went.

    A verdict is "suits", "possible", "not", or "" where the service is not in the match at all.
    """

    need: str
    before: str
    after: str
    came: tuple[str, ...] = ()
    went: tuple[str, ...] = ()

    @property
    def differs(self) -> bool:
        """Whether a family would notice: not being in the match and not fitting are the same to them."""
        return (self.before or "not") != (self.after or "not")


def try_out(
    *, content: Mapping[str, Any], area: Area, service: Service | None, on: date
) -> tuple[Tried, ...]:
    """Every example need with the verdict for this entry as it is and as it would be on a day.

    Reads the area's services once (five queries at most), whatever the number of examples.
    """
    then_row = as_if(content, area=area, like=service)
    slug = service.slug if service is not None else NOT_YET
    rows = live_services(area, Profile(as_of=on))
    names = {row.slug: row.name for row in rows} | {slug: then_row.name}
    now = {row.slug: facts_of(row, names) for row in rows}
    then = dict(now)
    then.pop(slug, None)
    if _is_shown(then_row, area, on):
        then[slug] = facts_of(then_row, names)
    own = frozenset(area.districts.values_list("pk", flat=True))
    return tuple(
        _try(need, profile, slug, now, then)
        for need, profile in _needs(on, own, now.get(slug), then.get(slug))
    )


def _is_shown(row: Service, area: Area, on: date) -> bool:
    """Whether the area's match would have it: as `live` and `serving` say, of a row that is not saved."""
    if row.state not in {"offered", "pilot"}:
        return False
    spans = ((row.state_from, row.state_until), (row.visible_from, row.visible_until))
    if any((first and first > on) or (last and last < on) for first, last in spans):
        return False
    served = {district.pk for district in row.footprint.all()}
    return bool(served & set(area.districts.values_list("pk", flat=True)))


def _try(
    need: str,
    profile: Profile,
    slug: str,
    now: Mapping[str, ServiceFacts],
    then: Mapping[str, ServiceFacts],
) -> Tried:
    before, after = _offer(profile, slug, now), _offer(profile, slug, then)
    old, new = _reasons(before), _reasons(after)
    return Tried(
        need,
        before.verdict if before is not None else "",
        after.verdict if after is not None else "",
        tuple(words for words in new if words not in old),
        tuple(words for words in old if words not in new),
    )


def _offer(profile: Profile, slug: str, facts: Mapping[str, ServiceFacts]) -> Offer | None:
    if slug not in facts:
        return None
    return next((offer for offer in match(profile, facts.values()) if offer.service_slug == slug), None)


def _reasons(offer: Offer | None) -> tuple[str, ...]:
    return (*offer.reasons_for, *offer.reasons_against) if offer is not None else ()


# ---------------------------------------------------------------- the examples


def _needs(
    on: date, own: frozenset[str], before: ServiceFacts | None, after: ServiceFacts | None
) -> list[tuple[str, Profile]]:
    """The examples in a district the entry serves both times, and one more for each that came or went."""
    old = frozenset(before.footprint) & own if before is not None else frozenset()
    new = frozenset(after.footprint) & own if after is not None else frozenset()
    home = min(old & new or new or old or own, default="")
    found = [(need, _at(profile, home)) for need, profile in examples(on)]
    facts = after or before
    if facts is None:
        return found
    others = sorted((old ^ new) - {home}) if before is not None and after is not None else []
    served = [one for one in found if any(o.verdict != "not" for o in match(one[1], [facts]))]
    if others and served:
        names = dict(District.objects.filter(pk__in=others).values_list("pk", "name"))
        need, profile = served[0]
        found += [
            (f"{need}, who lives in {names.get(code, code)}", _at(profile, code))
            for code in others[:MOST_DISTRICTS]
        ]
    return found


def _at(profile: Profile, code: str) -> Profile:
    return replace(profile, district_code=code)


def examples(on: date) -> list[tuple[str, Profile]]:
    """The example needs in words, each with its profile on that day."""
    return [(need, read_profile({"as_of": on.isoformat(), **_dated(told, on)})) for need, told in EXAMPLES]


def _dated(told: Mapping[str, Any], on: date) -> dict[str, Any]:
    """Days of age or since a loss as the date they mean."""
    stage = told.get("stage", {})
    dates = {"baby_days": "baby_birth_date", "loss_days": "loss_date"}
    return {
        **told,
        "stage": {
            dates.get(name, name): (on - timedelta(days=value)).isoformat() if name in dates else value
            for name, value in stage.items()
        },
    }


def _need(strand: str, severity: str = "unknown", **measures: int) -> dict[str, Any]:
    found = {"strand": strand, "severity": severity}
    return {**found, "measures": {name.replace("_", "-"): score for name, score in measures.items()}}


EXAMPLES: tuple[tuple[str, dict[str, Any]], ...] = (
    (
        "A mother at 24 weeks, very anxious",
        {
            "stage": {"pregnant_weeks": 24},
            "person": {"role": "mother", "age": 29},
            "concerns": [_need("pmh", "moderate", GAD_7=13)],
        },
    ),
    (
        "A mother with a baby of four months, low in mood",
        {
            "stage": {"baby_days": 122},
            "person": {"role": "mother", "age": 31},
            "concerns": [_need("pmh", "moderate", PHQ_9=14)],
        },
    ),
    (
        "A mother of an 18 month old, in severe distress",
        {
            "stage": {"baby_days": 548},
            "person": {"role": "mother", "age": 34},
            "concerns": [_need("pmh", "severe", PHQ_9=22)],
        },
    ),
    (
        "A father with a baby of four months, low in mood",
        {
            "stage": {"baby_days": 122},
            "person": {"role": "father", "age": 33},
            "concerns": [_need("pmh", PHQ_9=12)],
        },
    ),
    (
        "A father with a baby of three months who feels alone",
        {
            "stage": {"baby_days": 91},
            "person": {"role": "father", "age": 30},
            "wider_needs": ["isolation"],
        },
    ),
    (
        "A co-parent at 34 weeks who feels alone and would like help online",
        {
            "stage": {"pregnant_weeks": 34},
            "person": {"role": "co_parent", "age": 36},
            "wider_needs": ["isolation"],
            "mode": "online",
        },
    ),
    (
        "A 17 year old at 20 weeks",
        {
            "stage": {"pregnant_weeks": 20},
            "person": {"role": "mother", "age": 17},
            "concerns": [_need("pmh", "mild")],
        },
    ),
    (
        "A 22 year old who was in care, at 12 weeks",
        {
            "stage": {"pregnant_weeks": 12},
            "person": {"role": "mother", "age": 22, "care_leaver": True},
            "wider_needs": ["housing", "isolation"],
        },
    ),
    (
        "A mother worried about her bond with a baby of nine months",
        {
            "stage": {"baby_days": 274},
            "person": {"role": "mother", "age": 28},
            "concerns": [_need("pir", "moderate")],
        },
    ),
    (
        "A father worried about his bond with a baby of six weeks, in great difficulty",
        {
            "stage": {"baby_days": 42},
            "person": {"role": "father", "age": 27},
            "concerns": [_need("pir", "severe")],
        },
    ),
    (
        "A mother six weeks after a loss",
        {
            "stage": {"loss_days": 42},
            "person": {"role": "mother", "age": 32},
            "flags": ["loss"],
        },
    ),
    (
        "Someone trying for a baby, with help to conceive",
        {
            "stage": {"trying_to_conceive": True},
            "person": {"role": "mother", "age": 37},
            "flags": ["assisted_conception"],
            "concerns": [_need("pmh", "mild")],
        },
    ),
    (
        "A mother at 30 weeks, very afraid of giving birth",
        {
            "stage": {"pregnant_weeks": 30},
            "person": {"role": "mother", "age": 26},
            "flags": ["fear_of_birth"],
        },
    ),
    (
        "A mother of a baby of six months, after a frightening birth",
        {
            "stage": {"baby_days": 183},
            "person": {"role": "mother", "age": 30},
            "flags": ["birth_trauma"],
            "concerns": [_need("pmh", "moderate")],
        },
    ),
    (
        "A father whose baby of three weeks is in neonatal care",
        {"stage": {"baby_days": 21}, "person": {"role": "father", "age": 35}, "flags": ["neonatal"]},
    ),
    (
        "A mother at 30 weeks whose older child was removed",
        {
            "stage": {"pregnant_weeks": 30},
            "person": {"role": "mother", "age": 24},
            "flags": ["child_removed"],
        },
    ),
    (
        "A mother with a baby of ten days, where psychosis is suspected",
        {
            "stage": {"baby_days": 10},
            "person": {"role": "mother", "age": 29},
            "flags": ["psychosis_suspected"],
        },
    ),
    (
        "A grandmother who cares for a child of 14 months, without a car",
        {
            "stage": {"baby_days": 426},
            "person": {"role": "carer", "age": 58},
            "wider_needs": ["isolation", "money"],
            "has_car": False,
        },
    ),
    (
        "A mother who speaks Polish, with a baby of eight weeks and trouble feeding",
        {
            "stage": {"baby_days": 56},
            "person": {"role": "mother", "age": 27},
            "wider_needs": ["feeding"],
            "language": "Polish",
        },
    ),
    (
        "A family at 10 weeks with worries about housing and debt",
        {"stage": {"pregnant_weeks": 10}, "person": {"role": "mother"}, "wider_needs": ["housing", "money"]},
    ),
    (
        "A parent with a child of two and a half and a worry about sleep",
        {"stage": {"baby_days": 913}, "person": {"role": "mother"}, "wider_needs": ["crying_sleep"]},
    ),
)
