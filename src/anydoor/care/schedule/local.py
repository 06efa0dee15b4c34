"""What each area set for itself in the schedule, from one file: `local.toml`, or the one a setting names."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings

from anydoor.directory.models import Service
from anydoor.rules.errors import BadInput
from anydoor.rules.schedule_contacts import NATIONAL, Contact, Schedule
from anydoor.rules.schedule_local import schedules

EXAMPLES = Path(__file__).with_name("local.toml")


def schedule_of(area_slug: str) -> Schedule:
    """The schedule of an area; the national one where the file says nothing of it."""
    return _read(_path()).get(area_slug, NATIONAL)


def contact_of(key: str, area_slug: str) -> Contact | None:
    """A contact as it holds in an area; None when it is not part of its schedule any more."""
    return schedule_of(area_slug).contacts.get(key)


def every_area() -> Mapping[str, Schedule]:
    """What the file says, by area."""
    return _read(_path())


def _path() -> str:
    return getattr(settings, "SCHEDULE_FILE", "") or str(EXAMPLES)


@cache
def _read(path: str) -> Mapping[str, Schedule]:
    """Read and check the whole file, once in the life of the process. Raises BadInput naming file and key."""
    try:
        text = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as fault:
        raise BadInput(f"The schedule file {path} cannot be read.") from fault
    try:
        return schedules(tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        raise BadInput(f"The schedule file {path} is no TOML: {fault}") from fault
    except BadInput as fault:
        raise BadInput(f"{path}: {fault.message}") from fault


# ---- who makes them


@dataclass(frozen=True, slots=True)
class Makers:
    """The team that makes the contacts of each provider, by id."""

    teams: Mapping[str, int]

    def team_id(self, provider: str) -> int | None:
        return self.teams.get(provider)


def makers(area_slug: str, district_codes: Iterable[str]) -> Makers:
    """Whose teams make the contacts for somebody who lives in one of these districts. One query, or none.

    Of several services of one kind the first in the file whose footprint takes in the district; where no
    district is known, the only team there is, else none.
    """
    services = schedule_of(area_slug).services
    wanted = {slug for slugs in services.values() for slug in slugs}
    if not wanted:
        return Makers({})
    codes = {code for code in district_codes if code}
    rows = Service.objects.filter(slug__in=wanted, team__isnull=False)
    if codes:
        rows = rows.filter(footprint__in=codes)
    teams = dict(rows.values_list("slug", "team_id"))
    found = {}
    for provider, slugs in services.items():
        here = [teams[slug] for slug in slugs if slug in teams]
        if here and (codes or len(set(here)) == 1):
            found[provider] = here[0]
    return Makers(found)
