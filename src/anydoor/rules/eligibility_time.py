"""Rules of the stage: trying for a baby, pregnancy by weeks, after the birth by days, after a loss."""

from __future__ import annotations

from anydoor.rules.profile import ABOUT_A_BABY, Profile
from anydoor.rules.reasons import Case, Reason, ServiceFacts, in_favour, not_asked, rules_out, span
from anydoor.rules.stage import StageKind

NEAR_A_LIMIT = 10  # days: so near, a limit is said to the day


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
            "a pregnancy had begun" if service.pregnancy and profile.says_baby else "",
        )
    return _in_pregnancy(profile, service) if kind == StageKind.PREGNANT else _after_birth(profile, service)


def _after_loss(profile: Profile, service: ServiceFacts) -> Reason:
    if not service.after_loss:
        return rules_out("It is not meant for the time after a loss.")
    days, limit, least = profile.moment.days, service.loss_days, service.loss_from_days
    if days is None and limit is not None:
        return not_asked(f"It is there for {span(limit)} after a loss. We have not asked yet when it was.")
    if days is None and least is not None:
        return not_asked(f"It begins {span(least)} after a loss. We have not asked yet when it was.")
    if days is not None and limit is not None and days > limit:
        return rules_out(f"It is there for {span(limit)} after a loss.")
    if days is not None and least is not None and days < least:
        return rules_out(f"It begins {span(least)} after a loss.", "some more time had passed")
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
        expecting = service.pregnancy is not None and profile.says_baby
        return rules_out("It is not offered after the birth.", "a pregnancy had begun" if expecting else "")
    first, end = window
    if days is None:
        return not_asked("We have not asked yet how old your youngest child is.")
    if days < first:
        limit = _limit(first, days)
        return rules_out(f"It starts when a child is {limit} old.", f"your child were {limit} or older")
    if days >= end:
        limit = _limit(end, days)
        return rules_out(f"It is for children under {limit}.", f"your child were under {limit}")
    return in_favour(f"It is for families with a child under {_limit(end, days)}.", 1)


def _limit(limit: int, days: int) -> str:
    """An age; close to it also in days, because there the day decides."""
    near = abs(limit - days) <= NEAR_A_LIMIT and limit > NEAR_A_LIMIT
    return f"{span(limit)} ({limit:,} days)" if near else span(limit)


def is_gentle_after_loss(case: Case, service: ServiceFacts) -> Reason | None:
    """After a loss nobody is sent among families by chance; beside one, a person asks first."""
    profile = case.profile
    if profile.is_after_loss:
        meets = "baby" in service.audience and not service.modes & {"home", "phone", "online", "text"}
        if service.after_loss and meets:
            return not_asked("You may meet other families there. Ring first if you would rather not.")
        return None
    if not case.beside_loss or service.after_loss:
        return None
    if "group" in service.modes and service.modes <= {"group", "in_person"}:
        return rules_out("It is a group. You told us of a loss, so a person asks you first.")
    if service.needs & ABOUT_A_BABY or "group" in service.modes:
        return not_asked("You told us of a loss. A person asks you first what would help now.")
    return None


def may_be_named(case: Case, service: ServiceFacts) -> bool:
    """Whether a family may be shown that this exists at all, if only as something that does not fit.

    After a loss what is about babies or about having one is left out whole: a list of what does not fit is
    no comfort when it names a baby group. Somebody who tries again after one is shown help with that.
    """
    tries_again = case.profile.moment.kind == StageKind.TRYING and "loss" in case.profile.flags
    if not (case.profile.is_after_loss or tries_again) or service.after_loss:
        return True
    if tries_again and service.trying_to_conceive:
        return True
    if service.needs & ABOUT_A_BABY or "baby" in service.audience or "group" in service.modes:
        return False
    if service.only_if and not service.only_if & case.wanted:
        return False
    # Never offered before a birth, or never without a pregnancy: both speak of what is not there.
    return service.trying_to_conceive or (service.pregnancy is not None and service.child_days is not None)
