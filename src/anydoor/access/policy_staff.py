"""The rules of the policy about colleagues: who sees who has access, gives and ends roles, ends sessions.

Nobody raises their own role, confirms it or ends it. Nobody gives what they have not (`roles.GIVES`): a lead
gives the roles of work with families in their own team, only an administrator makes another, and whoever
governs information looks on, ends and confirms, and gives nothing. In `Facts`, `team_id` and
`organisation_id` say where, `holder_id` whose role it is, `role` which one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from anydoor.access.roles import GIVES, SEES_ORGANISATION_ACCESS, SEES_TEAM_ACCESS, Role
from anydoor.access.standing import Facts, Standing

OWN = "Nobody changes their own access. Ask a colleague who may."


def _sees_access(who: Standing, facts: Facts) -> str | None:
    """Leads and managers of their team; administrators and governance leads of their organisation.

    Without a team it is asked whether there is anything at all to see.
    """
    if facts.team_id is None and facts.organisation_id is None:
        seen = who.has(*SEES_TEAM_ACCESS, *SEES_ORGANISATION_ACCESS)
    else:
        seen = facts.team_id is not None and who.has(*SEES_TEAM_ACCESS, team_id=facts.team_id)
        seen = seen or facts.organisation_id in who.organisations_as(*SEES_ORGANISATION_ACCESS)
    return None if seen else "Leads, managers, administrators and governance leads see who has access."


def _looks_after_access(who: Standing, facts: Facts) -> str | None:
    """Whoever sees it, of anybody but themself."""
    return OWN if facts.holder_id == who.user_id else _sees_access(who, facts)


def _gives_role(who: Standing, facts: Facts) -> str | None:
    if facts.holder_id == who.user_id:
        return OWN
    here = who.roles.get(facts.team_id, frozenset()) if facts.team_id is not None else frozenset()
    if any(facts.role in GIVES.get(mine, frozenset()) for mine in here - {Role.ADMIN}):
        return None
    if facts.organisation_id in who.organisations_as(Role.ADMIN) and facts.role in GIVES[Role.ADMIN]:
        return None
    if facts.role == Role.ADMIN:
        return "Only an administrator of the organisation makes another."
    return "You can give no role here that you have not yourself."


def _ends_role(who: Standing, facts: Facts) -> str | None:
    """Whoever may give it, and the governance lead of the organisation."""
    if facts.holder_id == who.user_id:
        return OWN
    if facts.organisation_id in who.organisations_as(Role.IG_LEAD):
        return None
    return None if _gives_role(who, facts) is None else "Only somebody who may give this role ends it."


def _adds_colleagues(who: Standing, facts: Facts) -> str | None:
    """Whether somebody may give any role at all, in a team or anywhere."""
    if facts.organisation_id in who.organisations_as(Role.ADMIN):
        return None
    where = [facts.team_id] if facts.team_id is not None else list(who.roles)
    if any(who.has(*GIVES, team_id=team) for team in where):
        return None
    return "A team's lead or manager, or an administrator, adds colleagues."


STAFF_RULES: Mapping[str, Callable[[Standing, Facts], str | None]] = {
    "see_access": _sees_access,
    "see_role_changes": _sees_access,
    "review_access": _looks_after_access,
    "end_sessions": _looks_after_access,
    "add_colleague": _adds_colleagues,
    "give_role": _gives_role,
    "end_role": _ends_role,
}
