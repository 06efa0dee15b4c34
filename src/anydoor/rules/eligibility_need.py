"""Rules of the need: what it helps with, how hard things are, what is urgent, what is safe."""

from __future__ import annotations

from collections.abc import Callable

from anydoor.rules.level import ORDER
from anydoor.rules.profile import ABOUT_A_BABY, NEED_WORDS, STRAND_NEEDS
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

Rule = Callable[[Case, ServiceFacts], Reason | None]

URGENT_WAIT_DAYS = 3  # no longer wait is proposed where psychosis is suspected
EVENT_NEEDS = frozenset({"loss", "birth_fear", "birth_trauma", "neonatal", "child_removed", "fertility"})
FOR_EVERYBODY = frozenset({"early_help", "physical_health", "parenting"})
FEELINGS = STRAND_NEEDS["pmh"] | STRAND_NEEDS["pir"]


# ---------------------------------------------------------------- what it helps with


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
    if service.level == "universal" and (
        "early_help" in service.needs or service.main_need == "physical_health"
    ):
        return in_favour("You can bring any worry there.")
    if in_strand:
        return to_weigh(
            "It helps with other worries of this kind. Ask whether it fits yours.", allows="possible"
        )
    if _is_for_your_age(case, service):
        return to_weigh("It is for young parents. Ask whether it helps with this too.", allows="possible")
    spoken = service.needs if case.profile.says_baby else service.needs - ABOUT_A_BABY
    return rules_out(f"It helps with {_list_of(spoken)}." if spoken else "It helps with something else.")


def _for_anybody(case: Case, service: ServiceFacts) -> Reason | None:
    """Before any need is told: what is there for everybody, or for parents of this age, still fits."""
    if service.level == "universal" and service.needs & FOR_EVERYBODY:
        return in_favour("It is there for every family.", 2)
    if service.parent_age_under is not None and case.profile.age is not None:
        return None
    return not_asked("We have not asked yet what would help most.")


def _is_for_your_age(case: Case, service: ServiceFacts) -> bool:
    age, under = case.profile.age, service.parent_age_under
    return age is not None and under is not None and age < under


def _list_of(needs: frozenset[str], last: str = "and") -> str:
    return either([NEED_WORDS[need] for need in NEED_WORDS if need in needs][:3], last)


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
        f"It is only for help with {_list_of(service.only_if, 'or')}.", either(wishes) if wishes else ""
    )


ONLY_IF_WORDS = {
    "birth_trauma": "a birth had been frightening or hurtful",
    "birth_fear": "you were very afraid of giving birth",
    "fertility": "you had help to conceive",
    "psychosis": "you had been seriously ill in your mind",
    "disability": "you or your child had a disability",
    "substance": "drinking or drugs were a worry",
}


def is_not_meant_for_this(case: Case, service: ServiceFacts) -> Reason | None:
    """What a service says it cannot help with rules it out where it was told."""
    told = service.not_if & case.wanted
    if not told:
        return None
    spoken = told if case.profile.says_baby else told - ABOUT_A_BABY
    return rules_out(
        f"It is not the right place for {_list_of(spoken, 'or')}."
        if spoken
        else "It is not the right place for what you told us."
    )


def is_checked_by_a_person(case: Case, service: ServiceFacts) -> Reason | None:
    """A condition that no data can tell: a person asks."""
    if not service.only_for:
        return None
    whom = service.only_for if case.profile.says_baby else "some families only"
    return not_asked(f"It is for {whom}. A person checks this with you.")


# ---------------------------------------------------------------- how hard things are


def is_the_level(case: Case, service: ServiceFacts) -> Reason | None:
    """Level against severity. Ruled out is help for a greater need than was told, and what a service says
    of its own limits."""
    about = service.needs & case.wanted & (FEELINGS | EVENT_NEEDS)
    if case.is_psychosis:
        return None
    if not about:
        hard = service.level == "specialist" and bool(service.needs & case.wanted)
        return (
            not_asked("It is for greater need. We have not asked yet how hard things are.") if hard else None
        )
    severity = case.by_strand.get(service.strand, case.severity)
    limited = _within_its_limits(service, severity)
    if limited is not None:
        return limited
    if service.level == "universal":
        alone = severity == "severe" or "self_harm" in case.profile.flags
        serious = alone and not service.needs & (case.wanted - FEELINGS)
        return to_weigh("On its own it may not be enough.", allows="possible") if serious else None
    if severity == "unknown":
        return _not_asked_how_hard(case, service, about)
    if service.level == "targeted":
        if severity == "severe":
            words = "It is for mild to moderate need. Yours may need more."
            return to_weigh(words, allows="possible", weight=-2)
        return in_favour(f"It is for mild to moderate need, {_as_told(case, service)}.", 2)
    if severity == "severe" or (severity == "moderate" and case.complex):
        return in_favour(f"It is for moderate to severe need, {_as_told(case, service)}.", 2)
    if severity == "moderate":
        words = "It is for moderate to severe need. The team can say whether it fits."
        return to_weigh(words, allows="possible", weight=-2)
    if about & EVENT_NEEDS:
        words = "It is for moderate to severe need, and yours sounds milder. The team can say."
        return to_weigh(words, allows="possible", weight=-2)
    return rules_out(
        "It is for moderate to severe need, and yours sounds milder.", "the need were moderate to severe"
    )


def _as_told(case: Case, service: ServiceFacts) -> str:
    """Where the severity comes from: a score that says as much, else what was told."""
    score = case.scores.get(service.strand) or ("" if service.strand else case.scores.get(""))
    return f"and {score} is within that" if score else "as you told us"


def _within_its_limits(service: ServiceFacts, severity: str) -> Reason | None:
    """What a service says of its own: not for less than, not for more than."""
    least, most = service.severity_from, service.severity_to
    if severity == "unknown" or severity not in ORDER:
        return None
    if least and ORDER[severity] < ORDER[least]:
        words = "It is for severe need" if least == "severe" else f"It is for {least} need and more"
        return rules_out(f"{words}, and yours sounds milder.", f"the need were {least}")
    if most and ORDER[severity] > ORDER[most]:
        words = "It is for mild need" if most == "mild" else f"It is for up to {most} need"
        return rules_out(f"{words}, and yours may need more.", f"the need were {most} or less")
    return None


def _not_asked_how_hard(case: Case, service: ServiceFacts, about: frozenset[str]) -> Reason | None:
    """Nobody asked: not a wall. Where an instrument without a published line was answered, somebody did."""
    if service.level == "targeted":
        if service.strand in case.measured:
            return in_favour("You answered questions about this. The team looks at them with you.", 1)
        if about & EVENT_NEEDS or not case.by_strand:
            return None
    return not_asked("We have not asked yet how hard things are for you.")


# ---------------------------------------------------------------- urgent and safe


def is_urgent_first(case: Case, service: ServiceFacts) -> Reason | None:
    """Where psychosis is suspected nothing waits on a list, and nothing stands in for urgent help."""
    if not case.is_psychosis:
        return None
    waits = service.wait_days is None or service.wait_days > URGENT_WAIT_DAYS
    if service.level == "specialist" and "psychosis" in service.needs:
        if waits:
            return rules_out("It has a wait, and this cannot wait. Ring the urgent numbers first.")
        return to_weigh("Ring the urgent numbers first.", weight=2)
    if service.level != "universal":
        return rules_out("This needs urgent help from a specialist, not this.")
    if waits and service.wait_days is not None:
        return rules_out("It has a wait, and this cannot wait.")
    return to_weigh("It can be beside you, but urgent help comes first.", allows="possible", weight=0)


def is_safe_for_you(case: Case, service: ServiceFacts) -> Reason | None:
    """Where somebody may not be safe: no help for couples together. With thoughts of self-harm: who answers
    at once stands above, and what can wait says that it is not for that."""
    flags = case.profile.flags
    if "abuse" in flags and service.main_need == "relationship":
        return rules_out("It is for couples together. First comes help for you alone, where you are safe.")
    if "abuse" in flags and service.modes == {"home"}:
        return to_weigh("Somebody comes to your home. Say first if that is not safe.", allows="possible")
    talks = service.level == "targeted" and bool(service.needs & case.wanted & FEELINGS)
    if "self_harm" in flags and talks and not case.is_psychosis:
        return to_weigh("It is not for a crisis. Talk with a person about that first, today.", weight=0)
    return None
