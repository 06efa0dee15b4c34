"""Matching a family's need to services: what suits, what is possible, what is not, and why, in words.

    offers = match(profile, services)      # best first
    offers[0].verdict, offers[0].reasons_for

It proposes and never decides. The rules are in `eligibility`, what is known of the need in `profile`, the
level in `level`, and what comes before every offer in `urgent`; all are pure, so an old decision can be
replayed from the facts kept with it.

The verdict is the worst that any reason allows: `not` where one rules the service out, `possible` where
something was not asked yet or has to be weighed by a person, else `suits`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from anydoor.rules.eligibility import RULES, Rule, is_about_your_need
from anydoor.rules.level import ProposedLevel, propose_level
from anydoor.rules.profile import Concern, Moment, Profile, moment_of, read_profile
from anydoor.rules.reasons import Case, Reason, ServiceFacts, Verdict
from anydoor.rules.urgent import Emergency, Route, emergency

__all__ = [
    "ORDERED_BY",
    "Concern",
    "Emergency",
    "HumanRoute",
    "Moment",
    "Offer",
    "Profile",
    "ProposedLevel",
    "Route",
    "ServiceFacts",
    "emergency",
    "match",
    "moment_of",
    "propose_level",
    "read_profile",
]

ORDERED_BY = "Best fit first, then the shorter wait, then the nearer."
VERDICTS: dict[Verdict, int] = {"suits": 0, "possible": 1, "not": 2}
BEST: Verdict = "suits"
LISTENS = Reason("against", "It may not be meant for this, but it can listen and point you on.", "possible")
_LAST = float("inf")

Rank = tuple[int, int, float, float, str]


@dataclass(frozen=True, slots=True)
class Offer:
    """A service beside a need. `reasons_against` has what is not asked yet too; `not_asked` only that.

    `near_miss` says what would have to differ when that is exactly one thing. `fit` is how well it fits in
    points: they order offers and mean nothing else. `rank` is the sort key: verdict, fit, wait, distance.
    """

    service_slug: str
    verdict: Verdict
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]
    not_asked: tuple[str, ...]
    near_miss: str
    fit: int
    rank: Rank


@dataclass(frozen=True, slots=True)
class HumanRoute:
    """A person to talk to, beside every list of offers."""

    name: str
    phone: str
    text_number: str = ""
    hours: str = ""

    @property
    def words(self) -> str:
        """`Or talk to a person: Norfolk Family Hubs, 01632 960214, Monday to Friday 8am to 6pm.`"""
        parts = [self.name, self.phone, f"text {self.text_number}" if self.text_number else "", self.hours]
        return f"Or talk to a person: {', '.join(part for part in parts if part)}."


def match(profile: Profile, services: Iterable[ServiceFacts]) -> tuple[Offer, ...]:
    """Every service with its verdict and reasons, best first (see `ORDERED_BY`).

    When no universal service is left, those that only do not speak of this need are kept as possible: they
    can listen and point on. What is closed, out of reach or wrong after a loss never comes back that way.
    """
    case = Case.of(profile)
    weighed = [(service, weigh(case, service)) for service in services]
    offers = [_offer(service, reasons) for service, reasons in weighed]
    if not any(
        offer.verdict != "not" and service.level == "universal"
        for (service, _), offer in zip(weighed, offers, strict=True)
    ):
        offers = [
            _offer(service, _listening(case, service, reasons)) if service.level == "universal" else offer
            for (service, reasons), offer in zip(weighed, offers, strict=True)
        ]
    return tuple(sorted(offers, key=lambda offer: offer.rank))


def weigh(case: Case, service: ServiceFacts, rules: Sequence[Rule] = RULES) -> tuple[Reason, ...]:
    """Every reason the rules give, in their order."""
    found = (rule(case, service) for rule in rules)
    return tuple(reason for reason in found if reason is not None)


def _listening(case: Case, service: ServiceFacts, reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The reasons with the need taken less strictly, where nothing else rules the service out."""
    need = is_about_your_need(case, service)
    if need is None or not need.decisive or not service.needs:
        return reasons
    return tuple(LISTENS if reason == need else reason for reason in reasons)


def _offer(service: ServiceFacts, reasons: tuple[Reason, ...]) -> Offer:
    verdict: Verdict = max((reason.allows for reason in reasons), key=VERDICTS.__getitem__, default=BEST)
    against = tuple(reason.words for reason in reasons if reason.side == "against")
    not_asked = tuple(reason.words for reason in reasons if reason.side == "unknown")
    fit = sum(reason.weight for reason in reasons)
    wait = _LAST if service.wait_days is None else float(service.wait_days)
    far = _LAST if service.distance_km is None else service.distance_km
    return Offer(
        service_slug=service.slug,
        verdict=verdict,
        reasons_for=tuple(reason.words for reason in reasons if reason.side == "for"),
        reasons_against=against + not_asked,
        not_asked=not_asked,
        near_miss=_near_miss(reasons),
        fit=fit,
        rank=(VERDICTS[verdict], -fit, wait, far, service.slug),
    )


def _near_miss(reasons: tuple[Reason, ...]) -> str:
    """What would have to differ, when exactly one reason rules the service out."""
    out = [reason for reason in reasons if reason.decisive]
    if len(out) != 1 or not out[0].would_suit_if:
        return ""
    sure = all(reason.allows == "suits" for reason in reasons if not reason.decisive)
    return f"{'Would' if sure else 'Could'} suit if {out[0].would_suit_if}."
