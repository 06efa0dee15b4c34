"""Who is signed in, read with every role they hold: one query for each request."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, NamedTuple

from anydoor.access.models import Membership, PersonalSight, User
from anydoor.access.purposes import DIRECT_CARE, EMERGENCY


class RoleHeld(NamedTuple):
    """A role in a team from a day until a day (not including it). Days are ISO text, which sorts alike."""

    team_id: int
    role: str
    organisation_id: int
    team_kind: str
    started_on: str
    ended_on: str | None


class Personal(NamedTuple):
    """A family that one person sees, or must not, whatever their teams see. `why` as in `PersonalSight`."""

    family_id: int
    why: str
    until: datetime | None


# Written once: building it anew for each request of each page costs more than running it.
_WITH_ROLES = """
SELECT u.*, (
    SELECT json_agg(
        json_build_array(m.team_id, m.role, t.organisation_id, t.kind, m.started_on, m.ended_on)
    )::text
    FROM access_membership m JOIN access_team t ON t.id = m.team_id WHERE m.user_id = u.id
) AS roles_as_text, (
    SELECT json_agg(json_build_array(p.family_id, p.why, p.until))::text
    FROM access_personalsight p WHERE p.user_id = u.id
) AS personal_as_text
FROM access_user u WHERE u.id = %s
"""


def account_with_roles(user_id: Any) -> User | None:
    """The account with its roles beside it, for `roles_on`; None when there is none with that key."""
    return next(iter(User.objects.raw(_WITH_ROLES, [user_id])), None)


def roles_on(user: User, on: date) -> list[RoleHeld]:
    """The roles somebody holds on a day. Reads them when the account did not bring them along."""
    brought: str | None = getattr(user, "roles_as_text", "")
    if brought == "":
        rows = Membership.objects.current(on).filter(user=user).select_related("team")
        return [
            RoleHeld(
                row.team_id,
                row.role,
                row.team.organisation_id,
                row.team.kind,
                row.started_on.isoformat(),
                row.ended_on.isoformat() if row.ended_on else None,
            )
            for row in rows
        ]
    day = on.isoformat()
    told = [RoleHeld(*row) for row in json.loads(brought)] if brought else []
    return [row for row in told if row.started_on <= day and (row.ended_on is None or row.ended_on > day)]


def personal_sights(user: User) -> list[Personal]:
    """What somebody sees beside their teams. Reads it when the account did not bring it along."""
    brought: str | None = getattr(user, "personal_as_text", "")
    if brought == "":
        rows = PersonalSight.objects.filter(user=user).values_list("family_id", "why", "until")
        return [Personal(*row) for row in rows]
    return [
        Personal(family_id, why, datetime.fromisoformat(until) if until else None)
        for family_id, why, until in (json.loads(brought) if brought else [])
    ]


def is_in_emergency(user: User, family_id: int, at: datetime) -> bool:
    """Whether somebody signed in has this record open in an emergency now. Never a query: an account that did
    not bring along what it sees (a job's, a partner system's) acts in no emergency."""
    if not getattr(user, "personal_as_text", None):
        return False
    return any(
        row.family_id == family_id and row.why == EMERGENCY and row.until is not None and at < row.until
        for row in personal_sights(user)
    )


# The name on an account, as it is here for one request, of what its session is for. Never stored with it.
_WORKS_FOR = "works_for_now"


def works_for(user: User) -> str:
    """The purpose somebody acts for: what they said in this session, otherwise direct care."""
    said: str = getattr(user, _WORKS_FOR, DIRECT_CARE)
    return said


def let_work_for(user: User, purpose: str) -> None:
    """From here on this account, in this request, acts for `purpose`: its decisions and its audit rows do."""
    setattr(user, _WORKS_FOR, purpose)
