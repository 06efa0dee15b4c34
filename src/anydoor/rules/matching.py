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

from anydoor.rules.eligibility import weigh
from anydoor.rules.eligibility_time import may_be_named
from anydoor.rules.level import ProposedLevel, propose_level
from anydoor.rules.profile import Concern, Moment, Profile, moment_of
from anydoor.rules.profile_reading import read_profile
from anydoor.rules.reasons import Case, Reason, ServiceFacts, Verdict
from anydoor.rules.urgent import Emergency, Route, emergency

__all__ = [
    "ORDERED_BY",
    "VERSION",
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
    "first",
    "match",
    "moment_of",
    "ordered_by",
    "propose_level",
    "read_profile",
]

# Named with every kept decision: raised when a rule changes what it says or how it weighs.
VERSION = "2026-11.3"
ORDERED_BY = "Best fit first, then the shorter wait, then the nearer."
VERDICTS: dict[Verdict, int] = {"suits": 0, "possible": 1, "not": 2}
BEST: Verdict = "suits"
LISTENS = "It may not be meant for this, but it can listen and point you on."
LISTENS_AT_ONCE = "Say that it is urgent when you ask, and ring the urgent numbers first."
LISTENS_FROM_AFAR = "It is meant for other places, but it can tell you whom to ask where you live."
# What a universal service may be kept in spite of, when nothing else universal is left.
FORGIVEN = frozenset({"need", "time", "place", "whom", "urgent"})
_LAST = float("inf")

Rank = tuple[int, int, float, float, str]


@dataclass(frozen=True, slots=True)
class Offer:
    """A service beside a need. `reasons_against` has what is not asked yet too; `not_asked` only that.

    `near_miss` says what would have to differ when that is exactly one thing. `fit` is how well it fits in
    points: they order offers and mean nothing else. `rank` is the sort key: verdict, fit, wait, distance.
    `reasons` are those of both sides with what each is about.
    """

    service_slug: str
    verdict: Verdict
    reasons_for: tuple[str, ...]
    reasons_against: tuple[str, ...]
    not_asked: tuple[str, ...]
    near_miss: str
    fit: int
    rank: Rank
    reasons: tuple[Reason, ...] = ()


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

    After a loss what is about babies is left out whole (`may_be_named`). When no universal service is left,
    those nearest to fitting are kept as possible: they can listen and point on. What is closed, full for
    good, unsafe or not for this person never comes back that way.
    """
    case = Case.of(profile)
    weighed = [(service, weigh(case, service)) for service in services if may_be_named(case, service)]
    offers = [_offer(service, reasons) for service, reasons in weighed]
    if not any(
        offer.verdict != "not" and service.level == "universal"
        for (service, _), offer in zip(weighed, offers, strict=True)
    ):
        kept = _kept(weighed)
        offers = [
            _offer(service, _listening(reasons)) if service.slug in kept else offer
            for (service, reasons), offer in zip(weighed, offers, strict=True)
        ]
    return tuple(sorted(offers, key=lambda offer: offer.rank))


def first(offers: Sequence[Offer], most: int, universal: frozenset[str]) -> tuple[Offer, ...]:
    """The first `most` offers. One universal offer that is not ruled out stays among them, as the last,
    where there is room for two. `universal` has the slugs of universal services."""
    if most >= len(offers):
        return tuple(offers)
    kept = offers[:most]
    if most < 2 or any(each.service_slug in universal for each in kept):
        return tuple(kept)
    best = next((each for each in offers if each.service_slug in universal and each.verdict != "not"), None)
    return tuple(kept) if best is None else (*kept[:-1], best)


def ordered_by(profile: Profile) -> str:
    """By what the offers are ordered, in words: what this family said that counts is named."""
    words = [ORDERED_BY]
    if profile.mode:
        words.append("What is given the way you like counts for more.")
    if profile.has_car is False:
        words.append("So does what you can have without travelling, and what is near.")
    return " ".join(words)


def _kept(weighed: Sequence[tuple[ServiceFacts, tuple[Reason, ...]]]) -> frozenset[str]:
    """The universal services nearest to fitting: the fewest reasons against, all of them forgivable."""
    found: dict[str, int] = {}
    for service, reasons in weighed:
        out = [reason.about for reason in reasons if reason.decisive]
        if service.level == "universal" and service.needs and FORGIVEN.issuperset(out):
            # Who answers at once comes before who has a wait, where that counts; then a front door that
            # takes any worry before a service for one thing.
            found[service.slug] = (100 * ("urgent" in out)) + 2 * len(out) - ("early_help" in service.needs)
    least = min(found.values(), default=0)
    return frozenset(slug for slug, count in found.items() if count == least)


def _listening(reasons: tuple[Reason, ...]) -> tuple[Reason, ...]:
    """The reasons with those that rule out taken less strictly: said, and no longer a wall."""
    softer = [
        Reason(
            "against",
            LISTENS_AT_ONCE if reason.about == "urgent" else reason.words,
            "possible",
            reason.weight,
            about=reason.about,
        )
        if reason.decisive
        else reason
        for reason in reasons
        if not (reason.decisive and reason.about == "need")
    ]
    far = any(reason.decisive and reason.about == "place" for reason in reasons)
    words = LISTENS_FROM_AFAR if far else LISTENS
    return (*softer, Reason("against", words, "possible", about="listens"))


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
        reasons=reasons,
    )


def _near_miss(reasons: tuple[Reason, ...]) -> str:
    """What would have to differ, when exactly one reason rules the service out."""
    out = [reason for reason in reasons if reason.decisive]
    if len(out) != 1 or not out[0].would_suit_if:
        return ""
    sure = all(reason.allows == "suits" for reason in reasons if not reason.decisive)
    return f"{'Would' if sure else 'Could'} suit if {out[0].would_suit_if}."
