"""What an area sets for itself in the schedule: its teams, its windows, its extra contacts.

An area's own table, as read from a TOML file, to the schedule that holds there. Every change of a window
names who decided it; pages then show the local window with that, never one that was changed in silence.

    [norfolk.services]
    midwife = ["nnuh-community-midwifery", "jpuh-community-midwifery"]
    health_visitor = ["norfolk-health-visiting"]

    [norfolk.contacts.HV-EX-3]
    on = true
    source = "Board of the programme, 4 May 2026"

    [norfolk.contacts.MW-28]
    opens = "27+0"
    closes = "29+6"
    source = "Maternity guideline 12, 2026"
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from anydoor.rules.errors import BadInput
from anydoor.rules.schedule_contacts import ALL, PROVIDERS, Age, Contact, Gestation, Point, Schedule

_WEEKS = re.compile(r"(\d{1,2})\+([0-6])")
_AGE = re.compile(r"(\d{1,3}) (day|week|month)s?")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_ANCHOR = date(2026, 1, 1)
AREA_KEYS = frozenset({"services", "contacts", "outreach", "for_partners"})
CONTACT_KEYS = frozenset({"on", "opens", "closes", "counts_from", "lapses", "source"})
POINTS = ("opens", "closes", "counts_from", "lapses")
BY_KEY = {contact.key: contact for contact in ALL}


def schedules(tables: Mapping[str, Any]) -> dict[str, Schedule]:
    """The schedule of each area of a file, by the area's slug. Raises BadInput naming area and key."""
    return {slug: schedule_of(table, slug) for slug, table in tables.items()}


def schedule_of(table: object, area: str = "") -> Schedule:
    """The schedule of one area from its table. Raises BadInput naming the key."""
    rows = _table(table, area or "the area", AREA_KEYS)
    changed = _table(rows.get("contacts", {}), f"{area}.contacts", frozenset(BY_KEY))
    contacts = {}
    for contact in ALL:
        if contact.key in changed:
            one = _contact(contact, changed[contact.key], f"{area}.contacts.{contact.key}")
        else:
            one = contact if contact.usual else None
        if one is not None:
            contacts[one.key] = one
    services = _table(rows.get("services", {}), f"{area}.services", frozenset(PROVIDERS))
    return Schedule(
        contacts,
        {provider: _slugs(each, f"{area}.services.{provider}") for provider, each in services.items()},
        _slugs(rows.get("outreach", []), f"{area}.outreach"),
        _slugs(rows.get("for_partners", []), f"{area}.for_partners"),
    )


def _contact(contact: Contact, value: object, where: str) -> Contact | None:
    table = _table(value, where, CONTACT_KEYS)
    source = table.get("source")
    if not isinstance(source, str) or not source.strip() or len(source) > 200:
        raise BadInput(f"{where}.source must say who decided it, in at most 200 characters.")
    on = table.get("on", True)
    if not isinstance(on, bool):
        raise BadInput(f"{where}.on must be true or false.")
    if not on:
        return None
    points = {name: _point(table[name], contact, f"{where}.{name}") for name in POINTS if name in table}
    changed = replace(
        contact,
        usual=True,
        local=source.strip(),
        opens=points.get("opens", contact.opens),
        closes=points.get("closes", contact.closes),
        counts_from=points.get("counts_from", contact.counts_from),
        lapses=points.get("lapses", contact.lapses),
    )
    _in_order(changed, where)
    return changed


def _point(value: object, contact: Contact, where: str) -> Point:
    """`28+3` in a pregnancy; `10 days`, `6 weeks`, `9 months` after birth."""
    if contact.is_antenatal:
        weeks = _WEEKS.fullmatch(value) if isinstance(value, str) else None
        if weeks is None or int(weeks[1]) > 45:
            raise BadInput(f"{where} must be weeks and days of the pregnancy, like 28+3.")
        return Gestation(int(weeks[1]), int(weeks[2]))
    age = _AGE.fullmatch(value) if isinstance(value, str) else None
    if age is None:
        raise BadInput(f"{where} must be an age, like 10 days, 6 weeks or 9 months.")
    number = int(age[1])
    return {"day": Age(days=number), "week": Age(days=7 * number), "month": Age(months=number)}[age[2]]


def _in_order(contact: Contact, where: str) -> None:
    closes = contact.closes or contact.lapses
    days = [
        point.on(_ANCHOR)
        for point in (contact.counts_from or contact.opens, contact.opens, closes, contact.lapses)
    ]
    if days[0] > days[1] or days[1] > days[2]:
        raise BadInput(f"{where} closes before it opens, or counts only after it opens.")
    if days[2] > days[3]:
        raise BadInput(f"{where} lapses before it closes. Set lapses too.")


def _slugs(value: object, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(
        isinstance(one, str) and len(one) <= 80 and _SLUG.fullmatch(one) for one in value
    ):
        raise BadInput(f"{where} must be a list of slugs of services.")
    return tuple(value)


def _table(value: object, where: str, known: frozenset[str]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadInput(f"{where} must be a table.")
    strange = sorted(str(key) for key in value if key not in known)
    if strange:
        raise BadInput(f"{where} has keys that mean nothing here: {', '.join(strange)[:200]}.")
    return value
