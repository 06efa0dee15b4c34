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
