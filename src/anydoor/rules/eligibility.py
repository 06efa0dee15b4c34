"""Whether a service fits a family, one small rule at a time, each with its reason in words for a parent.

A rule looks at a `Case` (a profile and what follows from it) and at the facts of a service, and gives a
`Reason` or nothing. A reason speaks for, against, or of something not asked yet; `allows` is the best
verdict an offer can still have with it. Adding a rule is adding a function to `RULES`; adding a pathway is
adding data. After a loss no reason speaks of a baby.
"""

from __future__ import annotations

from collections.abc import Callable

from anydoor.rules.profile import ABOUT_A_BABY, MODE_NAMES, NEED_WORDS, STRAND_NEEDS, Profile
from anydoor.rules.reasons import Case, Reason, ServiceFacts, in_favour, not_asked, rules_out, to_weigh
from anydoor.rules.stage import StageKind, count, day_in_words

Rule = Callable[[Case, ServiceFacts], Reason | None]

LONG_WAIT_DAYS = 28  # from here on a wait is a reason against
URGENT_WAIT_DAYS = 3  # no longer wait is proposed where psychosis is suspected
STALE_DAYS = 183  # an entry nobody checked for half a year says so
FAR_KM = 15.0
EVENT_NEEDS = frozenset({"loss", "birth_fear", "birth_trauma", "neonatal", "child_removed", "fertility"})
FOR_EVERYBODY = frozenset({"early_help", "physical_health", "parenting"})
FEELINGS = STRAND_NEEDS["pmh"] | STRAND_NEEDS["pir"]


# ---------------------------------------------------------------- is it there


def is_open(case: Case, service: ServiceFacts) -> Reason | None:
    """Planned and closed services never suit; a pilot says that it is one."""
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
    return in_favour("It is new and being tried out.") if service.state == "pilot" else None


def is_where_you_live(case: Case, service: ServiceFacts) -> Reason | None:
    """The footprint, to the outward postcode where only part of a district is served."""
    profile = case.profile
    possible = frozenset({profile.district_code}) if profile.district_code else profile.area_districts
    if not possible:
        return not_asked("We have not asked yet where you live.")
    served = possible & service.footprint.keys()
    if not served:
        return rules_out(f"It is for families in {_places(service)}.", f"you lived in {_places(service)}")
    if not profile.district_code:
        return (
            None
            if served == possible
            else not_asked(f"It covers only {_places(service)}. Where do you live?")
        )
    limits = service.postcode_districts.get(profile.district_code)
    name = service.footprint[profile.district_code]
    if limits is None:
        return in_favour(f"It covers {name}.")
    if not profile.outward:
        return not_asked(f"It covers only part of {name}. We need your postcode.")
    parts = ", ".join(sorted(limits))
    if profile.outward not in limits:
        return rules_out(
            f"In {name} it covers only {parts}.", f"your postcode began with {_either(sorted(limits))}"
        )
    return in_favour(f"It covers {profile.outward} in {name}.")


def _places(service: ServiceFacts) -> str:
    names = sorted(service.footprint.values())
    return _either(names) if len(names) <= 3 else f"{', '.join(names[:2])} and places near"


def _either(words: list[str]) -> str:
    return (
        words[0]
        if len(words) == 1
        else f"{', '.join(words[:-1])} or {words[-1]}"
        if words
        else "other places"
    )


# ---------------------------------------------------------------- is it the time


def is_the_time(case: Case, service: ServiceFacts) -> Reason | None:
    """The stage window. After a loss only what says so is proposed."""
    profile = case.profile
    kind = profile.moment.kind
    if kind == StageKind.UNKNOWN:
        return not_asked("We have not asked yet about pregnancy, children or a loss.")
    if kind == StageKind.LOSS:
        return _after_loss(profile, service)
    if "loss" in case.wanted and service.after_loss and "loss" in service.needs:
        return in_favour("It is there after a loss.", 2)
    if kind == StageKind.TRYING:
        if service.trying_to_conceive:
            return in_favour("It is there while you try for a baby.", 1)
        return rules_out(
            "It is not for the time before a pregnancy.",
            "there were a pregnancy" if service.pregnancy else "",
        )
    return _in_pregnancy(profile, service) if kind == StageKind.PREGNANT else _after_birth(profile, service)


def _after_loss(profile: Profile, service: ServiceFacts) -> Reason:
    if not service.after_loss:
        return rules_out("It is not meant for the time after a loss.")
    days, limit = profile.moment.days, service.loss_days
    if limit is not None and days is None:
        return not_asked(f"It is there for {_age(limit)} after a loss. We have not asked yet when it was.")
    if limit is not None and days is not None and days > limit:
        return rules_out(f"It is there for {_age(limit)} after a loss.")
    return in_favour("It is there after a loss.", 2)


def _in_pregnancy(profile: Profile, service: ServiceFacts) -> Reason:
    window, weeks = service.pregnancy, profile.moment.weeks
    if window is None:
        born = service.child_days is not None and service.child_days[0] <= 31 and profile.says_baby
        return rules_out("It is not offered in pregnancy.", "your baby were born" if born else "")
    first, last = window
    if weeks is None:
        if window == (0, 42):
            return in_favour("It helps in pregnancy.", 1)
        return not_asked("We have not asked yet how many weeks the pregnancy is.")
    if weeks < first:
        return rules_out(
            f"It starts at {first} weeks of pregnancy.", f"the pregnancy were {first} weeks or more"
        )
    if min(weeks, 42) > last:
        return rules_out(
            f"It is offered up to {last} weeks of pregnancy.", f"the pregnancy were up to {last} weeks"
        )
    return in_favour("It helps in pregnancy.", 1)


def _after_birth(profile: Profile, service: ServiceFacts) -> Reason:
    window, days = service.child_days, profile.moment.days
    if window is None:
        return rules_out(
            "It is not offered after the birth.", "there were a pregnancy" if service.pregnancy else ""
        )
    first, end = window
    if days is None:
        return not_asked("We have not asked yet how old your youngest child is.")
    if days < first:
        return rules_out(
            f"It starts when a child is {_age(first)} old.", f"your child were {_age(first)} or older"
        )
    if days >= end:
        return rules_out(f"It is for children under {_age(end)}.", f"your child were under {_age(end)}")
    return in_favour(f"It is for families with a child under {_age(end)}.", 1)


def _age(days: int) -> str:
    if days < 62:
        return count(max(1, days // 7), "week") if days >= 7 else count(days, "day")
    months = round(days / 30.44)
    return count(months, "month") if months < 24 else count(round(days / 365.25), "year")


def is_gentle_after_loss(case: Case, service: ServiceFacts) -> Reason | None:
    """Beside a loss, while nobody has asked what may be said, no baby groups and nothing by itself."""
    profile = case.profile
    beside = "loss" in profile.flags and profile.moment.kind == StageKind.BORN and not profile.says_baby
    if not beside or service.after_loss:
        return None
    if "group" in service.modes:
        return rules_out("You told us of a loss, and this is a group where babies are.")
    return not_asked("You told us of a loss. A person asks you first what would help now.")


# ---------------------------------------------------------------- is it for you


def is_for_you(case: Case, service: ServiceFacts) -> Reason | None:
    """The audience. A father in his own right counts only where the service says fathers."""
    role, audience = case.profile.role, service.audience
    if not role:
        return not_asked("We have not asked yet who the help is for.")
    if role in audience:
        own = not audience & ({"mother", "father"} - {role}) and role in {"mother", "father", "co_parent"}
        return in_favour(f"It is for {ROLE_WORDS[role]}.", 2 if own and "mother" not in audience else 0)
    if role == "co_parent" and "father" in audience:
        return to_weigh("It speaks of fathers. Ask whether it is for co-parents too.", allows="possible")
    if "family" in audience:
        return to_weigh("It is for families. Ask whether there is help for you as well.", allows="possible")
    whom = [ROLE_WORDS[each] for each in ("mother", "father", "co_parent", "carer") if each in audience]
    if not whom:
        return rules_out("It is not for parents themselves.")
    return rules_out(f"It is for {_either(whom)}.", f"the help were for {_either(whom)}")


ROLE_WORDS = {"mother": "mothers", "father": "fathers", "co_parent": "co-parents", "carer": "carers"}


def is_your_age(case: Case, service: ServiceFacts) -> Reason | None:
    """Services for young parents, with the longer limit for care leavers where one is set."""
    under, longer = service.parent_age_under, service.care_leaver_under
    if under is None:
        return None
    profile = case.profile
    if profile.age is None:
        return not_asked(f"It is for parents under {under}. We have not asked yet how old you are.")
    if profile.age < under:
        return in_favour(f"It is for parents under {under}.", 3)
    if longer is not None and profile.age < longer:
        if profile.care_leaver is None:
            return not_asked(f"It is also for parents under {longer} who were in care. We have not asked.")
        if profile.care_leaver:
            return in_favour(f"It is for parents under {longer} who were in care.", 3)
    return rules_out(f"It is for parents under {under}.", f"you were under {under}")


def is_about_your_need(case: Case, service: ServiceFacts) -> Reason | None:
    """Strand and needs. A universal service for early help can be asked about anything.

    A service for another need is no near miss, however little else stands in its way.
    """
    if not service.needs:
        return rules_out("It is listed here, but it is not help with a need.")
    if not case.wanted:
        return _for_anybody(case, service)
    shared = service.needs & case.wanted
    spoken = shared if case.profile.says_baby else shared - ABOUT_A_BABY
    in_strand = service.strand != "" and service.strand in case.by_strand
    if shared:
        weight = min(len(shared), 3) * 2 + 3 * in_strand + 2 * (service.main_need in shared)
        return in_favour(
            f"It helps with {_list_of(spoken)}." if spoken else "It helps with what you told us.", weight
        )
    if service.level == "universal" and "early_help" in service.needs:
        return in_favour("You can bring any worry there.")
    if in_strand:
        return to_weigh(
            "It helps with other worries of this kind. Ask whether it fits yours.", allows="possible"
        )
    spoken = service.needs if case.profile.says_baby else service.needs - ABOUT_A_BABY
    return rules_out(f"It helps with {_list_of(spoken)}." if spoken else "It helps with something else.")


def _for_anybody(case: Case, service: ServiceFacts) -> Reason | None:
    """Before any need is told: what is there for everybody, or for parents of this age, still fits."""
    if service.level == "universal" and service.needs & FOR_EVERYBODY:
        return in_favour("It is there for every family.")
    if service.parent_age_under is not None and case.profile.age is not None:
        return None
    return not_asked("We have not asked yet what would help most.")


def _list_of(needs: frozenset[str], last: str = "and") -> str:
    words = [NEED_WORDS[need] for need in NEED_WORDS if need in needs][:3]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def is_meant_for_this(case: Case, service: ServiceFacts) -> Reason | None:
    """Services that exist for one experience: only where it was told. A loss is never held out as a wish."""
    if not service.only_if:
        return None
    told = service.only_if & case.wanted
    if told:
        return in_favour("It is there for exactly this.", 3)
    wishes = [ONLY_IF_WORDS[need] for need in ONLY_IF_WORDS if need in service.only_if]
    if not case.profile.says_baby:
        return rules_out("It is there for something else than you told us.")
    return rules_out(
        f"It is only for help with {_list_of(service.only_if, 'or')}.", _either(wishes) if wishes else ""
    )


ONLY_IF_WORDS = {
    "birth_trauma": "a birth had been frightening or hurtful",
    "birth_fear": "you were very afraid of giving birth",
    "fertility": "you had help to conceive",
    "psychosis": "you had been seriously ill in your mind",
    "disability": "you or your child had a disability",
    "substance": "drinking or drugs were a worry",
}


def is_checked_by_a_person(case: Case, service: ServiceFacts) -> Reason | None:
    """A condition that no data can tell: a person asks."""
    if not service.only_for:
        return None
    whom = service.only_for if case.profile.says_baby else "some families only"
    return not_asked(f"It is for {whom}. A person checks this with you.")


# ---------------------------------------------------------------- how hard things are


def is_the_level(case: Case, service: ServiceFacts) -> Reason | None:
    """Level against severity. Only one thing is ruled out: help for a greater need than was told."""
    about = service.needs & case.wanted & (FEELINGS | EVENT_NEEDS)
    if case.is_psychosis:
        return None
    if not about:
        hard = service.level == "specialist" and bool(service.needs & case.wanted)
        return (
            not_asked("It is for greater need. We have not asked yet how hard things are.") if hard else None
        )
    severity = case.by_strand.get(service.strand, case.severity)
    if service.level == "universal":
        serious = severity == "severe" and not service.needs & (case.wanted - FEELINGS)
        return to_weigh("On its own it may not be enough.", allows="possible") if serious else None
    if severity == "unknown":
        asked = service.level == "targeted" and (about & EVENT_NEEDS or not case.by_strand)
        return None if asked else not_asked("We have not asked yet how hard things are for you.")
    if service.severity_from == "severe" and severity != "severe":
        return rules_out("It is for severe need, and yours sounds milder.", "the need were severe")
    if service.level == "targeted":
        if severity == "severe":
            words = "It is for mild to moderate need. Yours may need more."
            return to_weigh(words, allows="possible", weight=-2)
        return in_favour("It is for mild to moderate need, as you told us.", 2)
    if severity == "severe" or (severity == "moderate" and case.complex):
        return in_favour("It is for moderate to severe need, as you told us.", 2)
    if severity == "moderate":
        words = "It is for moderate to severe need. The team can say whether it fits."
        return to_weigh(words, allows="possible", weight=-2)
    return rules_out(
        "It is for moderate to severe need, and yours sounds milder.", "the need were moderate to severe"
    )


def is_urgent_first(case: Case, service: ServiceFacts) -> Reason | None:
    """Where psychosis is suspected nothing waits on a list, and nothing stands in for urgent help."""
    if not case.is_psychosis:
        return None
    if service.level == "specialist" and "psychosis" in service.needs:
        if service.wait_days is None or service.wait_days > URGENT_WAIT_DAYS:
            return to_weigh("Do not wait for a place here. Ring the urgent numbers first.", allows="possible")
        return to_weigh("Ring the urgent numbers first.", weight=2)
    if service.level == "universal":
        return to_weigh("It can be beside you, but urgent help comes first.", allows="possible")
    return rules_out("This needs urgent help from a specialist, not this.")


# ---------------------------------------------------------------- how to get there


def how_to_ask(case: Case, service: ServiceFacts) -> Reason | None:
    """Routes in. Where only one door leads in, it says who must ask."""
    routes = service.routes_in
    if "drop_in" in routes and service.modes & {"in_person", "group"} and not service.wait_days:
        return in_favour("You can just go along.")
    if routes & {"self", "drop_in"}:
        return in_favour("You can ask for it yourself.")
    if "professional" in routes:
        return in_favour("A midwife, a health visitor or another professional can ask for you.")
    if service.comes_after and case.profile.says_baby:  # names of services may speak of babies
        return not_asked(f"Only {_either(list(service.comes_after))} can ask for it. Are you seen there?")
    named = [ASKERS[each] for each in ASKERS if each in routes]
    if named:
        return not_asked(f"Only {_either(named)} can ask for it. We can help you ask them.")
    return not_asked("Only another service that you already see can ask for it.")


ASKERS = {"gp": "your GP", "midwife": "your midwife", "health_visitor": "your health visitor"}


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
        return in_favour(f"It is offered {MODE_NAMES[mode]}, as you would like.", 1)
    return to_weigh(f"It is not offered {MODE_NAMES[mode]}.")


WITHOUT_TRAVEL = ("home", "phone", "online", "text")


def is_reachable(case: Case, service: ServiceFacts) -> Reason | None:
    """Distance, and whether one has to travel at all."""
    stays = [mode for mode in WITHOUT_TRAVEL if mode in service.modes]
    if case.profile.has_car is False:
        if stays:
            return in_favour(f"You can have it {MODE_NAMES[stays[0]]}, without travelling.", 1)
        if service.modes:
            far = (
                f" It is about {service.distance_km:.0f} km away." if service.distance_km is not None else ""
            )
            return to_weigh(f"You would have to travel there.{far}")
    if service.distance_km is None or stays:
        return None
    if service.distance_km > FAR_KM:
        return to_weigh(f"It is about {service.distance_km:.0f} km away.")
    return in_favour(f"It is about {max(1, round(service.distance_km))} km away.")


def is_in_your_language(case: Case, service: ServiceFacts) -> Reason | None:
    """A language other than English: spoken there, or with an interpreter."""
    language = case.profile.language
    if not language or language.casefold() in {"english", "en", "en-gb"}:
        return None
    if language.casefold() in {each.casefold() for each in service.languages}:
        return in_favour("They speak your language.", 1)
    return to_weigh("An interpreter is needed. Ask for one: it is free.", weight=0)


def is_there_room(case: Case, service: ServiceFacts) -> Reason | None:
    """Free places and the wait now. A wait never rules out."""
    if service.free_places == 0:
        return to_weigh("It is full at the moment.", allows="possible", weight=-2)
    if service.wait_days is None or case.is_psychosis:
        return None
    if service.wait_days == 0:
        return in_favour("There is no wait now.")
    wait = f"The wait is about {_age(service.wait_days)} now."
    return to_weigh(wait, weight=0) if service.wait_days >= LONG_WAIT_DAYS else in_favour(wait)


def is_kept_true(case: Case, service: ServiceFacts) -> Reason | None:
    """An entry that nobody checked for long ranks lower and says so."""
    checked = service.last_checked
    if checked is None or (case.profile.as_of - checked).days <= STALE_DAYS:
        return None
    return to_weigh(
        f"This was last checked on {day_in_words(checked, case.profile.as_of)}. Ask if it is still so."
    )


RULES: tuple[Rule, ...] = (
    is_open,
    is_gentle_after_loss,
    is_urgent_first,
    is_about_your_need,
    is_meant_for_this,
    is_the_level,
    is_the_time,
    is_for_you,
    is_your_age,
    is_where_you_live,
    is_checked_by_a_person,
    how_to_ask,
    is_preferred_mode,
    is_reachable,
    is_in_your_language,
    is_there_room,
    is_kept_true,
)
