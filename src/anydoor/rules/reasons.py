"""The facts a rule of eligibility looks at, and the reason it gives.

`ServiceFacts` is a service as plain values, `Case` a profile with what follows from it, `Reason` what one
rule has to say. The rules themselves are in `eligibility`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from anydoor.rules.level import complexity, greatest, severity_of
from anydoor.rules.profile import Profile

Verdict = Literal["suits", "possible", "not"]
Side = Literal["for", "against", "unknown"]
Weeks = tuple[int, int]
Days = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """Everything that matching needs to know of a service, as plain values.

    `pregnancy` is first and last completed week, `child_days` first day and the day it stops before;
    `footprint` names districts by code; `postcode_districts` limits a district to outward postcodes.
    `main_need` is the one of `needs` it is for first of all. `severity_from` is "severe" where less does not
    suit. `only_if` are needs of which one must be told; `only_for` a condition that only a person can check;
    `comes_after` the names of services that come first. `free_places` and `distance_km` None: not known.
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
    state: str = "offered"
    state_from: date | None = None
    state_until: date | None = None
    footprint: Mapping[str, str] = field(default_factory=dict)
    postcode_districts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    last_checked: date | None = None
    distance_km: float | None = None
    severity_from: str = ""
    only_if: frozenset[str] = frozenset()
    only_for: str = ""
    parent_age_under: int | None = None
    care_leaver_under: int | None = None
    comes_after: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason. `would_suit_if` completes "Would suit if ..." where one thing would have to differ."""

    side: Side
    words: str
    allows: Verdict = "suits"
    weight: int = 0
    would_suit_if: str = ""

    @property
    def decisive(self) -> bool:
        """Whether it rules the service out by itself."""
        return self.allows == "not"


@dataclass(frozen=True, slots=True)
class Case:
    """A profile with what follows from it, worked out once for all services."""

    profile: Profile
    wanted: frozenset[str]
    severity: str
    by_strand: Mapping[str, str]
    complex: bool

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
            complex=bool(complexity(profile)),
        )

    @property
    def is_psychosis(self) -> bool:
        return "psychosis_suspected" in self.profile.flags


def in_favour(words: str, weight: int = 0) -> Reason:
    return Reason("for", words, weight=weight)


def to_weigh(words: str, *, allows: Verdict = "suits", weight: int = -1) -> Reason:
    return Reason("against", words, allows, weight)


def rules_out(words: str, would_suit_if: str = "") -> Reason:
    return Reason("against", words, "not", would_suit_if=would_suit_if)


def not_asked(words: str) -> Reason:
    return Reason("unknown", words, "possible")
