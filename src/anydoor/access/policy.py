"""The one policy. `why_not` gives the reason somebody may not; `may` and `check` wrap it.

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
    organisation_id: int | None = None  # whose entry of the directory it is


Rule = Callable[[Standing, Facts], str | None]


def _works_with_family(who: Standing, facts: Facts) -> str | None:
    if facts.holder_id == who.user_id or who.family_team_ids & facts.full_team_ids:
        return None
    return "Only the people who work with this family can do that."


def _sees_family(who: Standing, facts: Facts) -> str | None:
    return _works_with_family(who, facts)


def _sees_preview(who: Standing, facts: Facts) -> str | None:
    if who.family_team_ids & facts.offered_team_ids:
        return None
    return _works_with_family(who, facts)


def _holds_or_same_team(who: Standing, facts: Facts) -> str | None:
    if facts.holder_id == who.user_id:
        return None
    if facts.team_id is not None and facts.team_id in who.family_team_ids:
        return None
    return "Only the holder, or somebody in the holder's team, can do that."


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


def _anybody_signed_in(who: Standing, facts: Facts) -> str | None:
    return None


RULES: Mapping[str, Rule] = {
    # reads
    "see_home": _anybody_signed_in,
    "see_directory": _anybody_signed_in,
    "see_family": _sees_family,
    "see_preview": _sees_preview,
    "see_inbox": _front_door,
    "search_people": _works_at_all,
    "see_outbox": _works_with_family,
    "see_team": _works_at_all,
    # the front door
    "receive": _refers,
    "triage": _front_door,
    "decide_match": _front_door,
    # work with a family
    "add_story": _works_with_family,
    "amend": _works_with_family,
    "record_contact": _works_with_family,
    "record_event": _works_with_family,
    "choose_lead": _works_with_family,
    "propose_handover": _holds_or_same_team,
    "withdraw_handover": _holds_or_same_team,
    "introduce": _works_with_family,
    "step": _holds_or_same_team,
    "end": _holds_or_same_team,
    "reopen": _works_with_family,
    "move_holding": _holds_or_same_team,
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
    "record_leave": _own_or_leads,
    "close_account": _leads_team,
}


def why_not(who: Standing, action: str, facts: Facts | None = None) -> str | None:
    """None when `who` may do `action`; otherwise a sentence that says why not."""
    if not who.active:
        return "Your account is closed."
    rule = RULES.get(action)
    if rule is None:
        return "Nobody may do that."
    return rule(who, facts or Facts())


def may(who: Standing, action: str, facts: Facts | None = None) -> bool:
    """Whether `who` may do `action`."""
    return why_not(who, action, facts) is None


def check(who: Standing, action: str, facts: Facts | None = None) -> None:
    """Raise `NotAllowed`, with the reason, when `who` may not do `action`."""
    reason = why_not(who, action, facts)
    if reason is not None:
        raise NotAllowed(reason)


def works_in(user: User, team: Team, at: datetime) -> bool:
    """Whether somebody with an open account works with families in this team on that day."""
    return (
        Membership.objects.current(london_day(at))
        .working_with_families()
        .filter(user=user, team=team)
        .exists()
    )
