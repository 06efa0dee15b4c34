"""Rules about the service itself: is it open, does it serve your place, is there room, is it kept true."""

from __future__ import annotations

from anydoor.rules.reasons import (
    Case,
    Reason,
    ServiceFacts,
    either,
    in_favour,
    not_asked,
    rules_out,
    span,
    to_weigh,
)
from anydoor.rules.stage import day_in_words

LONG_WAIT_DAYS = 28  # from here on a wait is a reason against


def is_open(case: Case, service: ServiceFacts) -> Reason | None:
    """Planned and closed services never suit; one closed for a time says until when; a pilot says so."""
    day = case.profile.as_of
    ended = service.state_until is not None and service.state_until < day
    if service.state == "closed" or ended:
        when = service.state_until
        return rules_out(
            f"It closed on {day_in_words(when, day)}." if when and when <= day else "It has closed."
        )
    if service.state == "planned":
        return rules_out("It is planned and has not started yet.", "it had started")
    if service.state_from is not None and service.state_from > day:
        return rules_out(f"It starts on {day_in_words(service.state_from, day)}.", "it had started")
    back = service.closed_until
    if service.closed_from is not None and service.closed_from <= day and (back is None or back >= day):
        until = f" until {day_in_words(back, day)}" if back else " for now"
        return rules_out(f"It is closed{until}.", "it were open again")
    return in_favour("It is new and being tried out.") if service.state == "pilot" else None


def is_where_you_live(case: Case, service: ServiceFacts) -> Reason | None:
    """The footprint, to the outward postcode where only part of a district is served."""
    profile = case.profile
    if profile.outward and profile.outward in service.not_outwards:
        return rules_out(f"It does not cover {profile.outward}.", f"you lived outside {profile.outward}")
    if profile.elsewhere:
        return _elsewhere(case, service)
    possible = frozenset({profile.district_code}) if profile.district_code else profile.area_districts
    if not possible:
        return not_asked("We have not asked yet where you live.")
    served = possible & service.footprint.keys()
    if not served:
        return rules_out(f"It is for families in {_places(service)}.", f"you lived in {_places(service)}")
    if not profile.district_code:
        return _perhaps(case, service, served == possible)
    limits = service.postcode_districts.get(profile.district_code)
    name = service.footprint[profile.district_code]
    if limits is None:
        return in_favour(f"It covers {name}.")
    if not profile.outward:
        return not_asked(f"It covers only part of {name}. We need your postcode.")
    if profile.outward not in limits:
        parts = sorted(limits)
        return rules_out(
            f"In {name} it covers only {', '.join(parts)}.", f"your postcode began with {either(parts)}"
        )
    return in_favour(f"It covers {profile.outward} in {name}.")


def _perhaps(case: Case, service: ServiceFacts, everywhere: bool) -> Reason | None:
    """The district is not known: only that it is one of several."""
    outward = case.profile.outward
    limited = [service.postcode_districts[code] for code in service.footprint if _is_limited(service, code)]
    if outward and any(outward in limits for limits in limited):
        return in_favour(f"It covers {outward}.")
    if everywhere and not any(
        _is_limited(service, code) for code in case.profile.area_districts & service.footprint.keys()
    ):
        return in_favour(f"It covers all of {outward}.") if outward else None
    near = f"{outward} lies in more than one district. " if outward else ""
    return not_asked(f"It covers only {_places(service)}. {near}Where do you live?")


def _is_limited(service: ServiceFacts, code: str) -> bool:
    return code in service.postcode_districts


def _elsewhere(case: Case, service: ServiceFacts) -> Reason:
    """The postcode is none that we know of here: far away, or near and only not in our list."""
    outward = case.profile.outward
    if case.profile.elsewhere == "near":
        return not_asked(f"It covers {_places(service)}. We do not know {outward}. Ask if it is covered.")
    return rules_out(
        f"It is for families in {_places(service)}, not {outward}.", f"you lived in {_places(service)}"
    )


def _places(service: ServiceFacts) -> str:
    names = sorted(service.footprint.values())
    return either(names) if len(names) <= 3 else f"{', '.join(names[:2])} and places near"


def is_there_room(case: Case, service: ServiceFacts) -> Reason | None:
    """Free places, the wait now, the next start. A wait never rules out, but "full and no list" does."""
    day = case.profile.as_of
    coming = service.next_start is not None and service.next_start > day
    starts = f"The next one starts on {day_in_words(service.next_start, day)}." if service.next_start else ""
    if service.free_places == 0:
        if service.closed_when_full:
            return rules_out("It is full and keeps no waiting list.", "a place were free")
        words = f"It is full at the moment. {starts}" if coming else "It is full at the moment."
        return to_weigh(words, allows="possible", weight=-2)
    if case.is_psychosis:
        return None
    if coming and service.next_start is not None:
        far = (service.next_start - day).days >= LONG_WAIT_DAYS
        return to_weigh(starts, weight=0) if far else in_favour(starts)
    if service.wait_days is None:
        return None
    if service.wait_days == 0:
        return in_favour("There is no wait now.")
    wait = f"The wait is about {span(service.wait_days)} now."
    return to_weigh(wait, weight=0) if service.wait_days >= LONG_WAIT_DAYS else in_favour(wait)


def is_kept_true(case: Case, service: ServiceFacts) -> Reason | None:
    """An entry that nobody checked for long ranks lower and says so."""
    checked = service.last_checked
    if checked is None or (case.profile.as_of - checked).days <= service.stale_after:
        return None
    return to_weigh(
        f"This was last checked on {day_in_words(checked, case.profile.as_of)}. Ask if it is still so."
    )
