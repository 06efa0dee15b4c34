"""The one policy. `allow` decides; `why_not`, `may` and `check` are thin uses of it.

The same rule draws the button, guards the POST and writes the message. Deny by default: an action that
is not in the table is refused. Facts about a record are handed in as plain values (`Facts`), so that
this room need not know the rooms above it; which rows are seen at all is decided by the `for_user`
scopes of `care`, which read the same standing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from anydoor.access.accounts import personal_sights, roles_on
from anydoor.access.models import Membership, Team, User
from anydoor.access.purposes import (
    ALSO_FOR,
    ALWAYS_SEEN,
    CARE,
    FATE_FIELDS,
    FIELDS_OF_SLICE,
    FULL_FIELDS,
    OWN_FIELDS,
    PREVIEW_FIELDS,
)
from anydoor.access.roles import WORKS_WITH_FAMILIES, Role
from anydoor.rules.errors import NotAllowed
from anydoor.rules.working_time import london_day


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is today: the teams and roles that count for a decision.

    `roles` maps a team's id to the roles held in it; `front_doors` are those of the teams that are an
    area's front door.
    """

    user_id: int
    name: str
    active: bool
    roles: Mapping[int, frozenset[Role]]
    organisation_ids: frozenset[int]
    front_doors: frozenset[int]
    # Families that this one person sees whatever their teams see, and those that are kept from them.
    named: frozenset[int] = frozenset()
    asked: frozenset[int] = frozenset()
    in_emergency: frozenset[int] = frozenset()
    kept_from: frozenset[int] = frozenset()

    def sees_alone(self, *levels: str) -> frozenset[int]:
        """The families this person sees by themself at one of these levels; at any when none is named."""
        full = self.named | self.in_emergency if not levels or "full" in levels else frozenset()
        return full | self.asked if not levels or "preview" in levels else full

    @property
    def team_ids(self) -> frozenset[int]:
        return frozenset(self.roles)

    @property
    def family_team_ids(self) -> frozenset[int]:
        """Teams in which this person works with families."""
        return frozenset(t for t, roles in self.roles.items() if roles & WORKS_WITH_FAMILIES)

    def has(self, *roles: Role, team_id: int | None = None) -> bool:
        """Whether any of `roles` is held (in `team_id`, or anywhere)."""
        wanted = frozenset(roles)
        if team_id is not None:
            return bool(self.roles.get(team_id, frozenset()) & wanted)
        return any(held & wanted for held in self.roles.values())


def standing_of(user: User, on: date, at: datetime | None = None) -> Standing:
    """Somebody's standing on a day: no query for who is signed in, two for anybody else.

    Without `at` nothing that was opened for an hour counts.
    """
    roles: dict[int, set[Role]] = {}
    organisations: set[int] = set()
    front_doors: set[int] = set()
    for row in roles_on(user, on):
        roles.setdefault(row.team_id, set()).add(Role(row.role))
        organisations.add(row.organisation_id)
        if row.team_kind == "front_door":
            front_doors.add(row.team_id)
    return Standing(
        user_id=user.pk,
        name=user.name,
        active=user.is_active,
        roles={team: frozenset(held) for team, held in roles.items()},
        organisation_ids=frozenset(organisations),
        front_doors=frozenset(front_doors),
        **personal_of(user, at),
    )


def personal_of(user: User, at: datetime | None) -> dict[str, frozenset[int]]:
    """What one person sees, or must not see, beside their teams."""
    found: dict[str, set[int]] = {"named": set(), "asked": set(), "in_emergency": set(), "kept_from": set()}
    fields = {"break_glass": "in_emergency", "conflict": "kept_from"}
    for row in personal_sights(user):
        if row.until is None or (at is not None and at < row.until):
            found[fields.get(row.why, row.why)].add(row.family_id)
    return {name: frozenset(families) for name, families in found.items()}


@dataclass(frozen=True, slots=True)
class Facts:
    """What the policy needs to know of the record in question. Ids only, nothing a family said."""

    holder_id: int | None = None
    full_team_ids: frozenset[int] = field(default_factory=frozenset)  # teams that work with the family
    offered_team_ids: frozenset[int] = field(default_factory=frozenset)  # asked to take over
    area_team_id: int | None = None  # the front door of the area
    team_id: int | None = None  # the team the action itself is about
    family_id: int | None = None
    own_team_ids: frozenset[int] = field(default_factory=frozenset)  # that see their own work alone
    is_work: bool = False  # of one request or episode, not of the whole family
    sealed: bool = False
    # By team: people whose own record it does not see, and slices of a record that were not agreed to.
    without: Mapping[int, frozenset[int]] = field(default_factory=dict)
    withheld: Mapping[int, frozenset[str]] = field(default_factory=dict)
    reviewer_id: int | None = None  # who is asked to look at something afterwards
    referrer_id: int | None = None  # who referred, where it is about one referral
    organisation_id: int | None = None  # whose entry of the directory it is, or whose to review


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


def _governed_here(who: Standing, facts: Facts, *roles: Role) -> bool:
    if facts.sealed and facts.family_id not in who.named:
        return False
    mine = facts.organisation_id is None or facts.organisation_id in who.organisation_ids
    return mine and who.has(*roles)


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
    if who.has(Role.ADMIN):
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
    if facts.organisation_id in who.organisation_ids and who.has(
        *(leads if facts.team_id is not None else KEEPS_ENTRIES)
    ):
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
    "see_directory": _anybody_signed_in,
    "see_family": _sees_family,
    "see_own_work": _sees_own_work,
    "see_preview": _sees_preview,
    "see_own_referral": _referred,
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
}


# How somebody who is not named comes to a sealed record, with a reason, and who looks at that afterwards.
OPENS_SEALED = frozenset({"break_glass", "review_break_glass"})


@dataclass(frozen=True, slots=True)
class Decision:
    """Whether something may be done, by which rule, what is visible of the record, and why (not).

    `rule` names the line of the policy that spoke: for the audit, and for whoever asks.
    """

    allowed: bool
    rule: str
    fields: frozenset[str]
    why: str

    def __bool__(self) -> bool:
        return self.allowed


def allow(who: Standing, action: str, facts: Facts | None = None, purpose: str = "direct_care") -> Decision:
    """The one decision: organisation, role, relationship, purpose, consent and seal. Deny by default.

    Consent and seal are in the facts: they shape which teams see a family, and what is held back from them
    (`care.sights`); what concerns one person alone is in their standing. `why_not`, `may` and `check` are
    thin uses of this.
    """
    facts = facts or Facts()
    if not who.active:
        return _no("account_closed", "Your account is closed.")
    rule = RULES.get(action)
    if rule is None:
        return _no("nobody_may", "Nobody may do that.")
    if purpose not in CARE | ALSO_FOR.get(action, frozenset()):
        return _no("wrong_purpose", "That is not open for this purpose.")
    if facts.family_id is not None and facts.family_id in who.kept_from:
        return _no("conflict_of_interest", "There is no such page, or it is not yours to see.")
    if _is_sealed_from(who, facts) and action not in OPENS_SEALED:
        return _no("sealed", "Only the people named for this record can do that.")
    reason = rule(who, facts)
    name = rule.__name__.strip("_")
    if reason is not None:
        return _no(name, reason)
    return Decision(True, name, fields_seen(who, facts), _relationship(who, facts))


def _is_sealed_from(who: Standing, facts: Facts) -> bool:
    """Whether a seal keeps somebody out, whatever they are in the team or at the front door."""
    if not facts.sealed or facts.holder_id == who.user_id:
        return False
    return facts.family_id not in who.sees_alone()


def _no(rule: str, why: str) -> Decision:
    return Decision(False, rule, frozenset(), why)


def fields_seen(who: Standing, facts: Facts) -> frozenset[str]:
    """What of a family's record is visible to somebody: the whole, their own work, a preview, or nothing."""
    if facts.family_id is not None and facts.family_id in who.kept_from:
        return frozenset()
    full = who.family_team_ids & facts.full_team_ids
    if facts.family_id is not None and facts.family_id in who.sees_alone("full"):
        return FULL_FIELDS
    if full:
        kept = frozenset.intersection(*(facts.withheld.get(team, frozenset()) for team in full))
        hidden = frozenset().union(*(FIELDS_OF_SLICE.get(name, frozenset()) for name in kept))
        return FULL_FIELDS - (hidden - ALWAYS_SEEN)
    if who.family_team_ids & facts.own_team_ids:
        return OWN_FIELDS
    if who.family_team_ids & facts.offered_team_ids or facts.family_id in who.sees_alone("preview"):
        return PREVIEW_FIELDS
    return FATE_FIELDS if facts.referrer_id is not None and facts.referrer_id == who.user_id else frozenset()


def _relationship(who: Standing, facts: Facts) -> str:
    """What ties somebody to the record, in words for the audit."""
    if facts.family_id is not None and facts.family_id in who.in_emergency:
        return "opened in an emergency"
    if facts.holder_id is not None and facts.holder_id == who.user_id:
        return "holds it"
    if facts.family_id is not None and facts.family_id in who.named:
        return "named for a sealed record"
    if who.family_team_ids & facts.full_team_ids:
        return "their team works with the family"
    if who.family_team_ids & facts.own_team_ids:
        return "their team's own work"
    if who.family_team_ids & facts.offered_team_ids:
        return "their team is asked to take over"
    if facts.referrer_id is not None and facts.referrer_id == who.user_id:
        return "referred them"
    return "by role"


def why_not(who: Standing, action: str, facts: Facts | None = None) -> str | None:
    """None when `who` may do `action`; otherwise a sentence that says why not."""
    decision = allow(who, action, facts)
    return None if decision.allowed else decision.why


def may(who: Standing, action: str, facts: Facts | None = None) -> bool:
    """Whether `who` may do `action`."""
    return allow(who, action, facts).allowed


def check(who: Standing, action: str, facts: Facts | None = None) -> None:
    """Raise `NotAllowed`, with the reason, when `who` may not do `action`."""
    decision = allow(who, action, facts)
    if not decision.allowed:
        raise NotAllowed(decision.why)


def works_in(user: User, team: Team, at: datetime) -> bool:
    """Whether somebody with an open account works with families in this team on that day."""
    return (
        Membership.objects.current(london_day(at))
        .working_with_families()
        .filter(user=user, team=team)
        .exists()
    )
