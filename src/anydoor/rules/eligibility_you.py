"""Rules about the person: for whom it is, how old, and who was in care."""

from __future__ import annotations

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

ROLE_WORDS = {"mother": "mothers", "father": "fathers", "co_parent": "co-parents", "carer": "carers"}
ADULT = 18  # most mental health services for adults begin here
YOUNGEST_ADULT_HELP = 16  # some begin here
MATERNITY_DAYS = 31  # help that ends so soon after the birth is a midwife's


def is_for_you(case: Case, service: ServiceFacts) -> Reason | None:
    """The audience. A father in his own right counts only where the service says fathers."""
    role, audience = case.profile.role, service.audience
    if not role:
        return not_asked("We have not asked yet who the help is for.")
    if role in service.not_audience:
        return rules_out(f"It is not for {ROLE_WORDS[role]}.")
    if role in audience:
        own = not audience & ({"mother", "father"} - {role}) and role in {"mother", "father", "co_parent"}
        return in_favour(f"It is for {ROLE_WORDS[role]}.", 2 if own and "mother" not in audience else 0)
    if role == "co_parent" and "father" in audience:
        return to_weigh("It speaks of fathers. Ask whether it is for co-parents too.", allows="possible")
    if "family" in audience:
        return to_weigh("It is for families. Ask whether there is help for you as well.", allows="possible")
    whom = [ROLE_WORDS[each] for each in ROLE_WORDS if each in audience and each not in service.not_audience]
    if not whom:
        return rules_out("It is not for parents themselves.")
    return rules_out(f"It is for {either(whom)}.", f"the help were for {either(whom)}")


def is_your_age(case: Case, service: ServiceFacts) -> Reason | None:
    """Limits of age, with the longer one for care leavers where it is set."""
    care = _care(case, service)
    if care is not None:
        return care
    least, under, longer = service.parent_age_from, service.parent_age_under, service.care_leaver_under
    if least is None and under is None:
        return None
    profile = case.profile
    whom = _ages(least, under)
    if profile.age is None:
        return not_asked(f"It is for parents {whom}. We have not asked yet how old you are.")
    if least is not None and profile.age < least:
        return rules_out(f"It is for parents {whom}.", f"you were {least} or older")
    if under is None or profile.age < under:
        return in_favour(f"It is for parents {whom}.", 3 if under is not None else 0)
    if longer is not None and profile.age < longer:
        if profile.care_leaver is None:
            return not_asked(f"It is also for parents under {longer} who were in care. We have not asked.")
        if profile.care_leaver:
            return in_favour(f"It is for parents under {longer} who were in care.", 3)
    return rules_out(f"It is for parents {whom}.", f"you were under {under}")


def _ages(least: int | None, under: int | None) -> str:
    if least is None:
        return f"under {under}"
    return f"from {least} to {under - 1}" if under is not None else f"of {least} and older"


def _care(case: Case, service: ServiceFacts) -> Reason | None:
    """Only for parents who were in care, or not for them. None where it is left to the other limits."""
    rule, was = service.care_leavers, case.profile.care_leaver
    if rule == "only":
        if was is None:
            return not_asked("It is for parents who were in care. We have not asked.")
        if not was:
            return rules_out("It is only for parents who were in care.", "you had been in care")
        if service.parent_age_under is None and service.parent_age_from is None:
            return in_favour("It is for parents who were in care.", 3)
    if rule == "not" and was:
        return rules_out("It is not for parents who were in care, who have help of their own.")
    return None


def is_old_enough(case: Case, service: ServiceFacts) -> Reason | None:
    """Help with mental health is mostly for adults: somebody younger is not sent there without a word."""
    age = case.profile.age
    said = service.parent_age_from is not None or service.parent_age_under is not None
    if age is None or age >= ADULT or said or service.strand != "pmh" or service.level == "universal":
        return None
    if service.child_days is not None and service.child_days[1] <= MATERNITY_DAYS:
        return None  # midwives see every age
    if age < YOUNGEST_ADULT_HELP:
        words = "Most help of this kind is for adults. A person asks the young people's team with you."
        return to_weigh(words, allows="possible", weight=-2)
    return (
        to_weigh("Ask whether they see people under 18.", weight=0) if service.level == "specialist" else None
    )
