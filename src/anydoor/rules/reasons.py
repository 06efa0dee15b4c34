"""The facts a rule of eligibility looks at, and the reason it gives.

`ServiceFacts` is a service as plain values, `Case` a profile with what follows from it, `Reason` what one
rule has to say. The rules themselves are in `eligibility`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

from anydoor.rules.level import ORDER, band_of, complexity, greatest, severity_of
from anydoor.rules.profile import Profile
from anydoor.rules.stage import StageKind, count

Verdict = Literal["suits", "possible", "not"]
Side = Literal["for", "against", "unknown"]
Weeks = tuple[int, int]
Days = tuple[int, int]

# The same few hundred reasons are given over and over: each is made once.
MOST_KEPT = 4096
STALE_DAYS = 183  # an entry nobody checked for half a year says so


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """Everything that matching needs to know of a service, as plain values.

    `pregnancy` is first and last completed week, `child_days` first day and the day it stops before;
    `footprint` names districts by code; `postcode_districts` limits a district to outward postcodes.
    `main_need` is the one of `needs` it is for first of all. What `only_if` to `closed_when_full` mean is
    said in `eligibility_keys.KEYS`; `names` has the names of the services in `comes_after` and `not_beside`.
    `closed_from` to `closed_until` it is closed for a time (no end: until further notice). `free_places` and
    `distance_km` None: not known. `stale_after` is for how many days a check of the entry counts, `version`
    the number of the entry's approved version where it has one: matching looks at neither the name nor that.
    """

    slug: str
    name: str
    organisation: str = ""
    strand: str = ""
    level: str = "universal"
    needs: frozenset[str] = frozenset()
    main_need: str = ""
    trying_to_conceive: bool = False
    pregnancy: Weeks | None = None
    child_days: Days | None = None
    after_loss: bool = False
    loss_days: int | None = None
    audience: frozenset[str] = frozenset()
    routes_in: frozenset[str] = frozenset()
    modes: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    wait_days: int | None = None
    free_places: int | None = None
    next_start: date | None = None
    state: str = "offered"
    state_from: date | None = None
    state_until: date | None = None
    closed_from: date | None = None
    closed_until: date | None = None
    footprint: Mapping[str, str] = field(default_factory=dict)
    postcode_districts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    last_checked: date | None = None
    stale_after: int = STALE_DAYS
    distance_km: float | None = None
    loss_from_days: int | None = None
    only_if: frozenset[str] = frozenset()
    not_if: frozenset[str] = frozenset()
    severity_from: str = ""
    severity_to: str = ""
    not_audience: frozenset[str] = frozenset()
    parent_age_from: int | None = None
    parent_age_under: int | None = None
    care_leaver_under: int | None = None
    care_leavers: str = ""
    only_for: str = ""
    not_outwards: frozenset[str] = frozenset()
    only_languages: frozenset[str] = frozenset()
    no_interpreter: bool = False
    not_routes: frozenset[str] = frozenset()
    comes_after: tuple[str, ...] = ()
    not_beside: tuple[str, ...] = ()
    closed_when_full: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. `would_suit_if` completes "Would suit if ..." where one thing would have to differ.

    `about` is the rule it comes from, like "place" or "need": pages gather what many services share.
    """

    side: Side
    words: str
    allows: Verdict = "suits"
    weight: int = 0
    would_suit_if: str = ""
    about: str = ""

    @property
    def decisive(self) -> bool:
        """Whether it rules the service out by itself."""
        return self.allows == "not"


@dataclass(frozen=True, slots=True)
class Case:
    """A profile with what follows from it, worked out once for all services.

    `by_strand` is the severity in each strand told, `measured` the strands in which an instrument was
    answered that has no published line: a person weighs its score. `scores` is, by strand and over all
    (""), the score that a severity comes from, like "PHQ-9 of 12".
    """

    profile: Profile
    wanted: frozenset[str]
    severity: str
    by_strand: Mapping[str, str]
    measured: frozenset[str]
    complex: bool
    scores: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, profile: Profile) -> Case:
        """Work it out."""
        told = [(each.strand, severity_of(each, profile.role)) for each in profile.concerns]
        by_strand = {name: greatest(s for strand, s in told if strand == name) for name, _ in told}
        return cls(
            profile=profile,
            wanted=profile.wanted,
            severity=greatest(severity for _, severity in told),
            by_strand=by_strand,
            measured=frozenset(each.strand for each in profile.concerns if each.measures),
            complex=bool(complexity(profile)),
            scores=_scores(profile),
        )

    @property
    def is_psychosis(self) -> bool:
        return "psychosis_suspected" in self.profile.flags

    @property
    def beside_loss(self) -> bool:
        """A child lives or is expected beside a loss, and nobody has asked yet what may be said."""
        profile = self.profile
        return "loss" in profile.flags and profile.moment.kind == StageKind.BORN and not profile.says_baby


def _scores(profile: Profile) -> dict[str, str]:
    """The highest-banded score of each strand that says no less than what was told, in words."""
    found: dict[str, str] = {}
    highest: dict[str, int] = {}
    for concern in profile.concerns:
        for name, score in concern.measures.items():
            band = band_of(name, score, profile.role)
            if band is None or ORDER[band] < ORDER[concern.severity]:
                continue
            for strand in (concern.strand, ""):
                if ORDER[band] > highest.get(strand, -1):
                    highest[strand], found[strand] = ORDER[band], f"{name} of {score:g}"
    return found


@lru_cache(maxsize=MOST_KEPT)
def in_favour(words: str, weight: int = 0) -> Reason:
    return Reason("for", words, weight=weight)


@lru_cache(maxsize=MOST_KEPT)
def to_weigh(words: str, *, allows: Verdict = "suits", weight: int = -1) -> Reason:
    return Reason("against", words, allows, weight)


@lru_cache(maxsize=MOST_KEPT)
def rules_out(words: str, would_suit_if: str = "") -> Reason:
    return Reason("against", words, "not", would_suit_if=would_suit_if)


@lru_cache(maxsize=MOST_KEPT)
def not_asked(words: str, weight: int = 0) -> Reason:
    return Reason("unknown", words, "possible", weight)


# ---------------------------------------------------------------- words that many rules use


def either(words: Sequence[str], last: str = "or") -> str:
    """`Norwich`, `Norwich or Broadland`, `a, b or c`."""
    if not words:
        return "other places"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def span(days: int) -> str:
    """`4 days`, `6 weeks`, `9 months`, `2 years`: a length of time as people say it."""
    if days < 62:
        return count(max(1, days // 7), "week") if days >= 7 else count(days, "day")
    months = round(days / 30.44)
    return count(months, "month") if months < 24 else count(round(days / 365.25), "year")
