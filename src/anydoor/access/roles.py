"""The roles a membership can carry, and what each may do. Data, not code paths: `policy` reads it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Role(StrEnum):
    """What somebody is in a team. One person may be several things in several teams."""

    REFERRER = "referrer"
    FRONT_DOOR = "front_door"
    PRACTITIONER = "practitioner"
    COORDINATOR = "coordinator"
    TEAM_LEAD = "team_lead"
    SERVICE_MANAGER = "service_manager"
    COMMISSIONER = "commissioner"
    IG_LEAD = "ig_lead"
    ADMIN = "admin"


ROLE_WORDS: Mapping[Role, str] = {
    Role.REFERRER: "Refers families",
    Role.FRONT_DOOR: "Front door worker",
    Role.PRACTITIONER: "Practitioner",
    Role.COORDINATOR: "Coordinator",
    Role.TEAM_LEAD: "Team lead",
    Role.SERVICE_MANAGER: "Hub or service manager",
    Role.COMMISSIONER: "Commissioner",
    Role.IG_LEAD: "Information governance lead",
    Role.ADMIN: "System administrator",
}

# Roles that work with families and may hold one.
WORKS_WITH_FAMILIES = frozenset({Role.FRONT_DOOR, Role.PRACTITIONER, Role.COORDINATOR, Role.TEAM_LEAD})


def role_choices() -> list[tuple[str, str]]:
    """Choices for the model field; a callable, so that a new label needs no migration."""
    return [(role.value, ROLE_WORDS[role]) for role in Role]


# Which roles somebody may give to a colleague, by a role of their own: never more than they have. A lead and
# a manager give in their own team; an administrator, whose office it is, in their own organisation.
GIVES: Mapping[Role, frozenset[Role]] = {
    Role.TEAM_LEAD: WORKS_WITH_FAMILIES | {Role.REFERRER},
    Role.SERVICE_MANAGER: frozenset({Role.SERVICE_MANAGER, Role.REFERRER}),
    Role.ADMIN: frozenset(Role),
}
# Who sees who has access: of a team, and of a whole organisation.
SEES_TEAM_ACCESS = frozenset({Role.TEAM_LEAD, Role.SERVICE_MANAGER})
SEES_ORGANISATION_ACCESS = frozenset({Role.ADMIN, Role.IG_LEAD})
