"""What the policy looks at: what somebody is today, and the facts of a record as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from anydoor.access.accounts import personal_sights, roles_on, works_for
from anydoor.access.models import User
from anydoor.access.purposes import CARE, DIRECT_CARE
from anydoor.access.roles import WORKS_WITH_FAMILIES, Role


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody is today: the teams and roles that count for a decision, and what they work for.

    `roles` maps a team's id to the roles held in it, `organisation_of` to its organisation; `front_doors` are
    those of the teams that are an area's front door. `purpose` is what the session is for: whatever helps no
    family (running the service, an audit) opens no family, in lists and counts as well.
    """

    user_id: int
    name: str
    active: bool
    roles: Mapping[int, frozenset[Role]]
    organisation_of: Mapping[int, int]
    front_doors: frozenset[int]
    # Families that this one person sees whatever their teams see, and those that are kept from them.
    named: frozenset[int] = frozenset()
    asked: frozenset[int] = frozenset()
    in_emergency: frozenset[int] = frozenset()
    kept_from: frozenset[int] = frozenset()
    purpose: str = DIRECT_CARE

    @property
    def in_care(self) -> bool:
        """Whether what this person works for now opens records of families at all."""
        return self.purpose in CARE

    def for_care(self) -> Standing:
        """The same person as if they helped families now: for what another purpose opens by name."""
        return self if self.in_care else replace(self, purpose=DIRECT_CARE)

    def sees_alone(self, *levels: str) -> frozenset[int]:
        """The families this person sees by themself at one of these levels; at any when none is named."""
        if not self.in_care:
            return frozenset()
        full = self.named | self.in_emergency if not levels or "full" in levels else frozenset()
        return full | self.asked if not levels or "preview" in levels else full

    @property
    def team_ids(self) -> frozenset[int]:
        return frozenset(self.roles)

    @property
    def organisation_ids(self) -> frozenset[int]:
        return frozenset(self.organisation_of.values())

    def organisations_as(self, *roles: Role) -> frozenset[int]:
        """The organisations in one of whose teams this person holds one of `roles`."""
        wanted = frozenset(roles)
        return frozenset(self.organisation_of[team] for team, held in self.roles.items() if held & wanted)

    @property
    def family_team_ids(self) -> frozenset[int]:
        """Teams in which this person works with families now."""
        if not self.in_care:
            return frozenset()
        return frozenset(t for t, roles in self.roles.items() if roles & WORKS_WITH_FAMILIES)

    def has(self, *roles: Role, team_id: int | None = None) -> bool:
        """Whether any of `roles` is held (in `team_id`, or anywhere)."""
        wanted = frozenset(roles)
        if team_id is not None:
            return bool(self.roles.get(team_id, frozenset()) & wanted)
        return any(held & wanted for held in self.roles.values())


def standing_of(user: User, on: date, at: datetime | None = None) -> Standing:
    """Somebody's standing on a day: no query for who is signed in, two for anybody else.

    Without `at` nothing that was opened for an hour counts. What they work for is what the session told
    their account (`accounts.works_for`).
    """
    roles: dict[int, set[Role]] = {}
    organisations: dict[int, int] = {}
    front_doors: set[int] = set()
    for row in roles_on(user, on):
        roles.setdefault(row.team_id, set()).add(Role(row.role))
        organisations[row.team_id] = row.organisation_id
        if row.team_kind == "front_door":
            front_doors.add(row.team_id)
    return Standing(
        user_id=user.pk,
        name=user.name,
        active=user.is_active,
        roles={team: frozenset(held) for team, held in roles.items()},
        organisation_of=organisations,
        front_doors=frozenset(front_doors),
        purpose=works_for(user),
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
    role: str = ""  # which role is given or ended, where it is about one
