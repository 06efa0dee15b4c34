"""A service as the plain values that matching looks at: from its row, or from its entry in an area file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from anydoor.directory.models import Service
from anydoor.rules.reasons import STALE_DAYS, ServiceFacts


def facts_of(
    row: Service,
    names: Mapping[str, str] | None = None,
    distance_km: float | None = None,
    version: int | None = None,
) -> ServiceFacts:
    """A row with its footprint read. `names` has names of services by slug, for those that come first."""
    return ServiceFacts(
        slug=row.slug,
        name=row.name,
        organisation=row.organisation.name,
        strand=row.strand,
        level=row.level,
        needs=frozenset(row.needs),
        main_need=row.needs[0] if row.needs else "",
        trying_to_conceive=row.trying_to_conceive,
        pregnancy=_pair(row.pregnancy_from_week, row.pregnancy_to_week),
        child_days=_pair(row.child_from_days, row.child_to_days),
        after_loss=row.after_loss,
        loss_days=row.loss_days,
        audience=frozenset(row.audience),
        routes_in=frozenset(row.routes_in),
        modes=frozenset(row.modes),
        languages=frozenset(row.languages),
        wait_days=row.wait_days,
        free_places=row.free_places,
        next_start=row.next_start,
        state=row.state,
        state_from=row.state_from,
        state_until=row.state_until,
        closed_from=row.closed_from,
        closed_until=row.closed_until,
        footprint={district.pk: district.name for district in row.footprint.all()},
        postcode_districts={code: frozenset(parts) for code, parts in row.postcode_districts.items()},
        last_checked=row.last_checked,
        stale_after=row.check_every_days,
        distance_km=distance_km,
        version=version,
        **_more(row.eligibility, names or {}),
    )


def facts_of_entry(
    entry: Mapping[str, Any],
    *,
    organisations: Mapping[str, str],
    districts: Mapping[str, str],
    names: Mapping[str, str],
    distance_km: float | None = None,
) -> ServiceFacts:
    """An entry of an area file, as `read_area` gives it: the same facts that its row would have."""
    needs = entry.get("needs", ())
    return ServiceFacts(
        slug=entry["slug"],
        name=entry["name"],
        organisation=organisations.get(entry["organisation"], entry["organisation"]),
        strand=entry["strand"],
        level=entry["level"],
        needs=frozenset(needs),
        main_need=needs[0] if needs else "",
        trying_to_conceive=entry.get("trying_to_conceive", False),
        pregnancy=_window(entry.get("pregnancy_weeks")),
        child_days=_window(entry.get("child_days")),
        after_loss=entry.get("after_loss", False),
        loss_days=entry.get("loss_days"),
        audience=frozenset(entry["audience"]),
        routes_in=frozenset(entry["routes_in"]),
        modes=frozenset(entry["modes"]),
        languages=frozenset(entry.get("languages", ())),
        wait_days=entry.get("wait_days"),
        free_places=entry.get("free_places"),
        next_start=entry.get("next_start"),
        state=entry.get("state", "offered"),
        state_from=entry.get("state_from"),
        state_until=entry.get("state_until"),
        closed_from=entry.get("closed_from"),
        closed_until=entry.get("closed_until"),
        footprint={code: districts.get(code, code) for code in entry["footprint"]},
        postcode_districts={
            code: frozenset(parts) for code, parts in entry.get("postcode_districts", {}).items()
        },
        last_checked=entry.get("last_checked"),
        stale_after=entry.get("check_every_days", STALE_OF_A_ROW),
        distance_km=distance_km,
        **_more(entry.get("eligibility", {}), names),
    )


STALE_OF_A_ROW = Service._meta.get_field("check_every_days").default or STALE_DAYS


def _more(rules: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    """What `eligibility_keys.KEYS` says, as the fields of `ServiceFacts`; left out what is not said."""
    found: dict[str, Any] = {}
    for key, value in rules.items():
        if key in SETS:
            found[key] = frozenset(value)
        elif key in SERVICES:
            found[key] = tuple(value)
        else:
            found[key] = value
    others = [slug for key in SERVICES for slug in rules.get(key, ())]
    if others:
        found["names"] = _named(others, names)
    return found


SETS = frozenset({"only_if", "not_if", "not_audience", "not_outwards", "only_languages", "not_routes"})
SERVICES = ("comes_after", "not_beside")


def _named(slugs: Iterable[str], names: Mapping[str, str]) -> dict[str, str]:
    return {slug: names[slug] for slug in slugs if slug in names}


def _pair(first: int | None, last: int | None) -> tuple[int, int] | None:
    return None if first is None or last is None else (first, last)


def _window(pair: Any) -> tuple[int, int] | None:
    return None if pair is None else (pair[0], pair[1])
