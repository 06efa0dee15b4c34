"""Whose outcomes somebody reads, and how exactly: a lead knows the people of the own team, others do not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from anydoor.access.policy import Standing, check
from anydoor.access.roles import Role
from anydoor.directory.models import Area, Service

LEADS = frozenset({Role.TEAM_LEAD, Role.COORDINATOR, Role.SERVICE_MANAGER})
# A service manager does not work with families, so a small number is hidden from them too.
KNOWS_THE_PEOPLE = frozenset({Role.TEAM_LEAD, Role.COORDINATOR})


@dataclass(frozen=True, slots=True)
class Reach:
    """One service, one team or one area that somebody may ask about.

    `exact`: they see each of these families anyhow, so no number is hidden or rounded.
    """

    key: str
    words: str
    services: Sequence[Service]
    area: Area | None
    exact: bool


def reaches(who: Standing) -> list[Reach]:
    """What somebody may ask about: areas, then teams with several services, then each service.

    Raises `NotAllowed` for who leads nothing and commissions nothing.
    """
    check(who, "see_outcomes")
    areas = list(_areas(who))
    led = {team for team, roles in who.roles.items() if roles & LEADS}
    known = {team for team, roles in who.roles.items() if roles & KNOWS_THE_PEOPLE}
    services = list(
        Service.objects.filter(Q(area__in=areas) | Q(team_id__in=led))
        .select_related("team", "area")
        .order_by("name", "pk")
    )
    found = [
        Reach(
            f"area-{area.pk}",
            f"All of {area.name}",
            [row for row in services if row.area_id == area.pk],
            area,
            exact=False,
        )
        for area in areas
    ]
    for team in sorted({row.team for row in services if row.team is not None}, key=lambda one: one.name):
        own = [row for row in services if row.team_id == team.pk]
        if len(own) > 1:
            found.append(Reach(f"team-{team.pk}", f"{team.name}, all services", own, None, team.pk in known))
    found += [Reach(f"service-{row.pk}", row.name, [row], row.area, row.team_id in known) for row in services]
    return found


def _areas(who: Standing) -> Sequence[Area]:
    """The areas whose front door they lead, and those their organisation commissions."""
    doors = {team for team in who.front_doors if who.has(*LEADS, team_id=team)}
    found = Area.objects.filter(front_door_id__in=doors)
    commissions = who.organisations_as(Role.COMMISSIONER)
    if commissions:
        found |= Area.objects.filter(front_door__organisation_id__in=commissions)
    return list(found.distinct().order_by("name", "pk"))
