"""Rules of the way there: how to ask, how it is given, how far it is, in which language, beside what else."""

from __future__ import annotations

from anydoor.rules.profile import ENGLISH, MODE_NAMES
from anydoor.rules.reasons import (
    Case,
    Reason,
    ServiceFacts,
    either,
    in_favour,
    not_asked,
    rules_out,
    to_weigh,
)

FAR_KM = 15.0
FAR_WITHOUT_CAR_KM = 5.0
ASKERS = {"gp": "your GP", "midwife": "your midwife", "health_visitor": "your health visitor"}
WITHOUT_TRAVEL = ("home", "phone", "online", "text")


def how_to_ask(case: Case, service: ServiceFacts) -> Reason | None:
    """Routes in. Where only one door leads in, it says who must ask."""
    routes = service.routes_in - service.not_routes
    if "drop_in" in routes and service.modes & {"in_person", "group"} and not service.wait_days:
        return in_favour("You can just go along.")
    if routes & {"self", "drop_in"}:
        return in_favour("You can ask for it yourself.")
    if "professional" in routes:
        return in_favour("A midwife, a health visitor or another professional can ask for you.")
    named = [ASKERS[each] for each in ASKERS if each in routes]
    if service.comes_after and not named:
        return None  # said beside the services that come first
    if named:
        return not_asked(f"Only {either(named)} can ask for it. We can help you ask them.")
    if not routes:
        return rules_out("Nobody can ask for it at the moment.")
    return not_asked("Only another service that you already see can ask for it.")


def is_beside_others(case: Case, service: ServiceFacts) -> Reason | None:
    """What has to come first, and what it cannot be beside. Names of services may speak of babies."""
    seen = case.profile.seen_by
    if seen and seen & frozenset(service.not_beside):
        return rules_out("It is not given while you are with another service that you see now.")
    if not service.comes_after:
        return None
    said = case.profile.says_baby
    first = either([service.names.get(slug, slug) for slug in service.comes_after])
    if seen and seen & frozenset(service.comes_after):
        return in_favour(f"You are with {first}, which comes first." if said else "You see what comes first.")
    if seen is not None:
        return rules_out(
            f"It comes after {first}." if said else "Another service comes first.",
            f"you were with {first} first" if said else "",
        )
    if not said:
        return not_asked("Only another service that you already see can ask for it.", -3)
    only = service.routes_in - service.not_routes <= {"service"}
    door = f"Only {first} can ask for it" if only else f"It comes after {first}"
    return not_asked(f"{door}. Are you seen there?", -3)


def is_preferred_mode(case: Case, service: ServiceFacts) -> Reason | None:
    """How the person would like it: never rules out, but a group is not put to somebody who wants none."""
    mode, modes = case.profile.mode, service.modes
    if not mode or not modes:
        return None
    if mode == "not_group":
        if modes <= {"group", "in_person"} and "group" in modes:
            return to_weigh("It is a group, and you would rather not have one.", allows="possible", weight=-2)
        return None
    if mode in modes:
        return in_favour(f"It is offered {MODE_NAMES[mode]}, as you would like.", 2)
    return to_weigh(f"It is not offered {MODE_NAMES[mode]}.")


def is_reachable(case: Case, service: ServiceFacts) -> Reason | None:
    """Distance, and whether one has to travel at all. Without a car both count for more."""
    stays = [mode for mode in WITHOUT_TRAVEL if mode in service.modes]
    far = service.distance_km
    if case.profile.has_car is False:
        if stays:
            return in_favour(f"You can have it {MODE_NAMES[stays[0]]}, without travelling.", 2)
        if not service.modes:
            return None
        if far is None:
            return to_weigh("You would have to travel there.")
        if far <= FAR_WITHOUT_CAR_KM:
            return in_favour(f"It is near: about {kilometres(far)} away.", 1)
        words = f"You would have to travel there. It is about {kilometres(far)} away."
        if far <= FAR_KM:
            return to_weigh(words, weight=-2)
        return to_weigh(f"{words} Ask whether somebody can come to you.", allows="possible", weight=-4)
    if far is None or stays:
        return None
    if far > FAR_KM:
        return to_weigh(f"It is about {kilometres(far)} away.")
    return in_favour(f"It is about {kilometres(far)} away.")


def kilometres(far: float) -> str:
    """`12 km`; never less than one, which is as near as a straight line between postcodes can tell."""
    return f"{max(1, round(far))} km"


def is_in_your_language(case: Case, service: ServiceFacts) -> Reason | None:
    """The language: spoken there, with an interpreter, or not at all."""
    language = case.profile.language.casefold()
    spoken = {each.casefold() for each in service.languages}
    only = {each.casefold() for each in service.only_languages}
    if only:
        told = language or ""
        if not told:
            return not_asked(f"It is given in {either(sorted(service.only_languages))}. Do you speak that?")
        if told in only or (told in ENGLISH and only & ENGLISH):
            return in_favour("They speak your language.", 2 if told not in ENGLISH else 0)
        return rules_out(
            f"It is given only in {either(sorted(service.only_languages))}.",
            f"you spoke {either(sorted(service.only_languages))}",
        )
    if not language or language in ENGLISH:
        return None
    if language in spoken:
        return in_favour("They speak your language.", 1)
    if service.no_interpreter:
        languages = either(["English", *sorted(service.languages)])
        return rules_out(f"It is only in {languages}, and no interpreter can come.", f"you spoke {languages}")
    return to_weigh("An interpreter is needed. Ask for one: it is free.", weight=0)
