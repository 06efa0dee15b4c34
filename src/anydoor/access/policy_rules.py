"""The rules of the policy, a sentence of code each, and the table that says which action asks which.

A rule answers None when it lets somebody do it, otherwise a sentence that says why not. Its name, without
the first mark, is the rule's id in the audit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from anydoor.access.policy_staff import STAFF_RULES
from anydoor.access.roles import WORKS_WITH_FAMILIES, Role
from anydoor.access.standing import Facts, Standing

Rule = Callable[[Standing, Facts], str | None]


def _works_with_family(who: Standing, facts: Facts) -> str | None:
    if facts.holder_id == who.user_id or who.family_team_ids & facts.full_team_ids:
        return None
    if facts.family_id in who.sees_alone("full"):
        return None
    # A team that sees no more than its own work goes on with that work.
    if facts.is_work and facts.team_id in who.family_team_ids & facts.own_team_ids:
        return None
    return "Only the people who work with this family can do that."


def _works_with_family_or_front_door(who: Standing, facts: Facts) -> str | None:
    """Who is on duty at the door acts on danger, whoever works with the family."""
    return None if _front_door(who, facts) is None else _works_with_family(who, facts)


def _sees_family(who: Standing, facts: Facts) -> str | None:
    if who.family_team_ids & facts.full_team_ids or facts.family_id in who.sees_alone("full"):
        return None
    return "Only the people who work with this family can see that."


def _sees_own_work(who: Standing, facts: Facts) -> str | None:
    if who.family_team_ids & facts.own_team_ids:
        return None
    return _sees_family(who, facts)


def _sees_preview(who: Standing, facts: Facts) -> str | None:
    if who.family_team_ids & facts.offered_team_ids or facts.family_id in who.sees_alone("preview"):
        return None
    return _sees_family(who, facts)


def _referred(who: Standing, facts: Facts) -> str | None:
    if facts.referrer_id is not None and facts.referrer_id == who.user_id:
        return None
    return "Only whoever referred them sees that."


def _holds_or_same_team(who: Standing, facts: Facts) -> str | None:
    if facts.holder_id == who.user_id:
        return None
    if facts.sealed:
        # Being in the team is not enough for a sealed record.
        return None if facts.family_id in who.named else "Only the people named for this record can do that."
    if facts.team_id is not None and facts.team_id in who.family_team_ids:
        return None
    return "Only the holder, or somebody in the holder's team, can do that."


def _seals(who: Standing, facts: Facts) -> str | None:
    if facts.holder_id == who.user_id or facts.family_id in who.named:
        return None
    if facts.sealed:
        return "Only the people named for this record can do that."
    # Not by an emergency: who seals a record is named for it, and an hour would become for ever.
    works = bool(who.family_team_ids & facts.full_team_ids)
    if works and who.has(Role.TEAM_LEAD, Role.COORDINATOR, Role.IG_LEAD):
        return None
    return "Only the holder, a team lead or the coordinator can seal a record."


def _breaks_glass(who: Standing, facts: Facts) -> str | None:
    if who.family_team_ids:
        return None
    return "You are in no team that works with families."


def _reviews(who: Standing, facts: Facts) -> str | None:
    if facts.holder_id == who.user_id:
        return "Somebody else looks at what you did."
    if facts.reviewer_id == who.user_id or who.has(Role.IG_LEAD):
        return None
    if any(who.has(Role.TEAM_LEAD, team_id=team) for team in who.front_doors):
        return None
    return "The information governance lead looks at what was opened in an emergency."


def _governs(who: Standing, facts: Facts) -> str | None:
    """The information governance lead of the organisation that answers for the record."""
    if _governed_here(who, facts, Role.IG_LEAD):
        return None
    return "The information governance lead of the area does that."


def _governs_second(who: Standing, facts: Facts) -> str | None:
    """Whoever says the second yes: another governance lead, or the lead of the area's front door."""
    leads_door = facts.area_team_id is not None and who.has(Role.TEAM_LEAD, team_id=facts.area_team_id)
    if leads_door and (not facts.sealed or facts.family_id in who.named):
        return None
    return _governs(who, facts)


def _answers_objection(who: Standing, facts: Facts) -> str | None:
    """As the second yes; of a sealed record its holder too, when nobody who governs is named for it."""
    if facts.sealed and facts.holder_id == who.user_id:
        return None
    return _governs_second(who, facts)


def _governed_here(who: Standing, facts: Facts, *roles: Role) -> bool:
    """Whether one of `roles` is held where the record is answered for; where nobody answers, nobody does."""
    if facts.sealed and facts.family_id not in who.named:
        return False
    return facts.organisation_id in who.organisations_as(*roles)


def _receives(who: Standing, facts: Facts) -> str | None:
    if facts.team_id is not None and facts.team_id in who.family_team_ids:
        return None
    return "Only the team that was asked can answer this handover."


def _coordinates(who: Standing, facts: Facts) -> str | None:
    if facts.area_team_id is not None and who.has(
        Role.COORDINATOR, Role.TEAM_LEAD, team_id=facts.area_team_id
    ):
        return None
    return "The area's coordinator takes the second look."


def _front_door(who: Standing, facts: Facts) -> str | None:
    wanted = facts.area_team_id
    roles = (Role.FRONT_DOOR, Role.COORDINATOR, Role.TEAM_LEAD)
    if wanted is None and any(who.has(*roles, team_id=team) for team in who.front_doors):
        return None
    if wanted is not None and who.has(*roles, team_id=wanted):
        return None
    return "This is done at the front door of the area."


def _works_at_all(who: Standing, facts: Facts) -> str | None:
    if who.family_team_ids:
        return None
    return "You are in no team that works with families."


def _refers(who: Standing, facts: Facts) -> str | None:
    if who.family_team_ids or who.has(Role.REFERRER):
        return None
    return "You are in no team that refers families."


def _leads_team(who: Standing, facts: Facts) -> str | None:
    if facts.team_id is not None and who.has(Role.TEAM_LEAD, Role.COORDINATOR, team_id=facts.team_id):
        return None
    if facts.organisation_id in who.organisations_as(Role.ADMIN):
        return None
    return "Only the team's lead can do that."


def _own_or_leads(who: Standing, facts: Facts) -> str | None:
    return None if facts.holder_id == who.user_id else _leads_team(who, facts)


KEEPS_ENTRIES = (*WORKS_WITH_FAMILIES, Role.SERVICE_MANAGER)


def _keeps_entry(who: Standing, facts: Facts) -> str | None:
    """The owner, the service's own team, its organisation's leads, and the area's front door."""
    if facts.holder_id == who.user_id or _moderates(who, facts) is None:
        return None
    if facts.team_id is not None and who.has(*KEEPS_ENTRIES, team_id=facts.team_id):
        return None
    if facts.area_team_id is not None and who.has(Role.FRONT_DOOR, team_id=facts.area_team_id):
        return None
    leads = (Role.TEAM_LEAD, Role.SERVICE_MANAGER, Role.COORDINATOR)
    if facts.organisation_id in who.organisations_as(*(leads if facts.team_id else KEEPS_ENTRIES)):
        return None
    return "Only the service's own team, or the area's front door, keeps this entry."


def _adds_entry(who: Standing, facts: Facts) -> str | None:
    if who.has(Role.TEAM_LEAD, Role.SERVICE_MANAGER, Role.COORDINATOR, Role.FRONT_DOOR):
        return None
    return "A team's lead, a hub or service manager, or the front door adds a service."


def _moderates(who: Standing, facts: Facts) -> str | None:
    roles = (Role.COORDINATOR, Role.TEAM_LEAD, Role.SERVICE_MANAGER)
    if facts.area_team_id is not None and who.has(*roles, team_id=facts.area_team_id):
        return None
    return "The area's coordinator or lead decides on changes to the directory."


def _reads_outcomes(who: Standing, facts: Facts) -> str | None:
    """Leads of any team, and those who commission: of whom, and how exactly, `care` decides by the team."""
    if who.has(Role.TEAM_LEAD, Role.COORDINATOR, Role.SERVICE_MANAGER, Role.COMMISSIONER):
        return None
    return "Leads, managers and commissioners see outcomes of services."


def _sees_numbers(who: Standing, facts: Facts) -> str | None:
    if who.family_team_ids or who.has(Role.COMMISSIONER, Role.SERVICE_MANAGER):
        return None
    return "These numbers are for teams, managers and commissioners."


def _anybody_signed_in(who: Standing, facts: Facts) -> str | None:
    return None


RULES: Mapping[str, Rule] = {
    # reads
    "see_home": _anybody_signed_in,
    "say_purpose": _anybody_signed_in,
    "see_directory": _anybody_signed_in,
    "see_family": _sees_family,
    "see_own_work": _sees_own_work,
    "see_preview": _sees_preview,
    "see_own_referral": _referred,
    "see_changes": _governs,
    "see_looks": _sees_family,
    "see_consent": _sees_family,
    "see_inbox": _front_door,
    "search_people": _works_at_all,
    "see_outbox": _works_with_family,
    "see_team": _works_at_all,
    "see_outcomes": _reads_outcomes,
    # the front door
    "receive": _refers,
    "triage": _front_door,
    "decide_match": _front_door,
    # work with a family
    "add_story": _works_with_family,
    "amend": _works_with_family,
    "record_contact": _works_with_family,
    "record_event": _works_with_family,
    "take_measure": _works_with_family,
    "acknowledge_alert": _works_with_family_or_front_door,
    "choose_lead": _works_with_family,
    # routine contacts, and the partner's own assessment
    "see_schedule": _works_at_all,
    "see_coverage": _sees_numbers,
    "keep_schedule": _works_with_family,
    "offer_partner": _works_with_family,
    "propose_handover": _holds_or_same_team,
    "withdraw_handover": _holds_or_same_team,
    "introduce": _works_with_family,
    "step": _holds_or_same_team,
    "end": _holds_or_same_team,
    "reopen": _works_with_family,
    "move_holding": _holds_or_same_team,
    # sharing, seals, emergencies
    "record_consent": _works_with_family,
    "share_without": _works_with_family,
    "record_basis": _works_with_family,
    "seal": _seals,
    "unseal": _seals,
    "break_glass": _breaks_glass,
    "review_break_glass": _reviews,
    "declare": _anybody_signed_in,
    # rights over a record
    "answer_access": _governs,
    "hold_legally": _governs,
    "erase": _governs,
    "confirm_erasure": _governs_second,
    "answer_objection": _answers_objection,
    # handovers
    "answer_handover": _receives,
    "first_contact": _receives,
    "answer_for_outsider": _works_with_family,
    "second_look": _coordinates,
    # the directory
    "edit_entry": _keeps_entry,
    "add_entry": _adds_entry,
    "decide_entry": _moderates,
    # teams
    "manage_rota": _leads_team,
    "vouch": _moderates,
    "record_leave": _own_or_leads,
    "close_account": _leads_team,
    **STAFF_RULES,
}


# How somebody who is not named comes to a sealed record, with a reason, and who looks at that afterwards.
OPENS_SEALED = frozenset({"break_glass", "review_break_glass"})
