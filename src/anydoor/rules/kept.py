"""A need and the facts of services as plain JSON, kept beside a decision, and read back to judge again.

    kept = keep(profile)            # what differs from the defaults, as JSON values
    profile = profile_from(kept)    # equal to what was kept

Reading leaves aside what it does not know, so what an older or newer version kept can still be judged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import date
from typing import Any

from anydoor.rules.errors import BadInput
from anydoor.rules.matching import Offer
from anydoor.rules.profile import Concern, Moment, Profile
from anydoor.rules.reasons import ServiceFacts
from anydoor.rules.stage import StageKind


def keep(value: Profile | ServiceFacts) -> dict[str, Any]:
    """What differs from the defaults, as JSON values: dates as text, sets as sorted lists."""
    kept = {}
    for each in fields(value):
        told = getattr(value, each.name)
        if told != _default(each):
            kept[each.name] = _plain(told)
    return kept


def _default(each: Field[Any]) -> object:
    if each.default_factory is not MISSING:
        return each.default_factory()
    return each.default


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, Moment | Concern):
        return {each.name: _plain(getattr(value, each.name)) for each in fields(value)}
    return str(value) if isinstance(value, StageKind) else value


def keep_offer(offer: Offer) -> dict[str, Any]:
    """An offer as it was proposed."""
    return {
        "slug": offer.service_slug,
        "verdict": offer.verdict,
        "for": list(offer.reasons_for),
        "against": list(offer.reasons_against),
        "near_miss": offer.near_miss,
    }


# ---------------------------------------------------------------- read back


def profile_from(kept: Mapping[str, Any]) -> Profile:
    """The need that was kept. Raises BadInput where it cannot be read any more."""
    told = _known(kept, Profile)
    try:
        moment = told.get("moment", {})
        told |= {
            "as_of": date.fromisoformat(told["as_of"]),
            "moment": Moment(**{**moment, "kind": StageKind(moment.get("kind", StageKind.UNKNOWN))}),
            "concerns": tuple(Concern(**each) for each in told.get("concerns", ())),
        }
        seen = told.get("seen_by")
        told["seen_by"] = None if seen is None else frozenset(seen)
        return Profile(**_sets(told, ("flags", "wider_needs", "area_districts")))
    except (KeyError, TypeError, ValueError) as problem:
        raise BadInput("What was kept of this need cannot be read by this version.") from problem


SETS = (
    *("needs", "audience", "routes_in", "modes", "languages", "only_if", "not_if", "not_audience"),
    *("not_outwards", "only_languages", "not_routes"),
)
DAYS = ("next_start", "state_from", "state_until", "closed_from", "closed_until", "last_checked")
PAIRS = ("pregnancy", "child_days", "comes_after", "not_beside")


def facts_from(kept: Mapping[str, Any]) -> ServiceFacts:
    """The facts of a service that were kept. Raises BadInput where they cannot be read any more."""
    told = _known(kept, ServiceFacts)
    try:
        told |= {name: date.fromisoformat(told[name]) for name in DAYS if told.get(name)}
        told |= {name: tuple(told[name]) for name in PAIRS if told.get(name) is not None}
        limits = told.get("postcode_districts", {})
        told["postcode_districts"] = {code: frozenset(parts) for code, parts in limits.items()}
        return ServiceFacts(**_sets(told, SETS))
    except (KeyError, TypeError, ValueError) as problem:
        raise BadInput("What was kept of a service cannot be read by this version.") from problem


def _known(kept: Mapping[str, Any], kind: type[Profile] | type[ServiceFacts]) -> dict[str, Any]:
    names = {each.name for each in fields(kind)}
    return {name: value for name, value in kept.items() if name in names}


def _sets(told: Mapping[str, Any], names: Iterable[str]) -> dict[str, Any]:
    return {name: frozenset(value) if name in names else value for name, value in told.items()}
