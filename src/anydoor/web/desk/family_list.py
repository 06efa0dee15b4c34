"""Lists of families: those I hold, those of my teams, those that ended, and what a search found."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from anydoor.access.policy import Standing
from anydoor.care.models import FamilyCare
from anydoor.care.picture import child_of
from anydoor.care.withheld import name_for
from anydoor.people.models import ROLES_IN_FAMILY, FamilyMember, Person
from anydoor.rules.stage import stage
from anydoor.ui.times import calendar_day, clock_time, full_date, short_day
from anydoor.ui.words import nhs_spaced
from anydoor.web.desk.chips import chip, level_words
from anydoor.web.desk.words import level_colour

PAGE = 25
SORT_KEY = re.compile(r"[01]\|[0-9T:-]{16}\|[0-9]{12,19}")
SHOWS = {"": "I hold", "team": "My teams", "ended": "Nothing open"}


def families_of(who: Standing, show: str) -> QuerySet[FamilyCare]:
    """Those I hold something of (empty `show`), all open ones of my teams, or those with nothing open."""
    rows = FamilyCare.objects.seen_in_full(who).select_related("family", "lead", "lead_team")
    if show == "ended":
        return rows.filter(is_open=False)
    rows = rows.filter(is_open=True)
    return rows if show == "team" else rows.held_by(who.user_id)


def list_context(who: Standing, show: str, after: str, before: str, at: datetime) -> dict[str, Any]:
    """One page of a list, next contact first, found again by its sort key."""
    show = show if show in SHOWS else ""
    rows = families_of(who, show)
    back = bool(SORT_KEY.fullmatch(before))
    if back:
        found = list(rows.filter(sort_key__lt=before).order_by("-sort_key")[: PAGE + 1])
        more_before, more_after = len(found) > PAGE, True
        found = found[:PAGE][::-1]
    else:
        start = after if SORT_KEY.fullmatch(after) else ""
        rows = rows.filter(sort_key__gt=start) if start else rows
        found = list(rows.in_order()[: PAGE + 1])
        more_before, more_after = bool(start), len(found) > PAGE
        found = found[:PAGE]
    name_for(who, found)
    base = f"?show={show}&" if show else "?"
    return {
        "show": show,
        "tabs": [
            {
                "label": label,
                "href": reverse("desk:families") + (f"?show={key}" if key else ""),
                "current": key == show,
            }
            for key, label in SHOWS.items()
        ],
        "rows": family_rows(found, at),
        "previous": f"{base}before={found[0].sort_key}" if more_before and found else "",
        "next": f"{base}after={found[-1].sort_key}" if more_after and found else "",
    }


def family_rows(cares: Sequence[FamilyCare], at: datetime) -> list[dict[str, Any]]:
    """Rows of the list; one more query for the children of all of them."""
    on = calendar_day(at)
    children: dict[int, list[Person]] = {}
    for member in FamilyMember.objects.filter(
        family__in=[care.pk for care in cares], role__in=["baby", "child"], left_at__isnull=True
    ).select_related("person"):
        children.setdefault(member.family_id, []).append(member.person)
    return [_row(care, children.get(care.pk, ()), on, at) for care in cares]


def _row(care: FamilyCare, children: Iterable[Person], on: date, at: datetime) -> dict[str, Any]:
    where = stage(
        [child_of(one) for one in children],
        on=on,
        trying=care.family.trying_to_conceive,
        assisted=care.family.assisted_conception,
    )
    return {
        "href": reverse("desk:family", args=[care.pk]),
        "title": care.title,
        "with": care.with_words,
        "stage": where.words,
        "level": level_words(care.level),
        "colour": level_colour(care.level, care.strand),
        "next": care.next_contact_words,
        "when": f"{short_day(care.next_contact_at)}, {clock_time(care.next_contact_at)}"
        if care.next_contact_at
        else "",
        "clock": chip(care.clock_at, at, urgent=care.clock_urgent) if care.clock_at else None,
        "clock_words": care.clock_words,
        "holder": care.lead.name if care.lead else "",
        "team": care.lead_team.name if care.lead_team else "",
    }


def found_rows(who: Standing, people: Sequence[Person], at: datetime) -> list[dict[str, Any]]:
    """People a search found, each with the families of theirs that `who` may open."""
    links = FamilyMember.objects.filter(person__in=people, left_at__isnull=True).values_list(
        "person_id", "family_id", "role"
    )
    cares = {
        care.pk: care
        for care in FamilyCare.objects.seen_in_full(who)
        .filter(pk__in={family for _, family, _ in links})
        .select_related("lead", "lead_team")
    }
    name_for(who, cares.values())
    rows = []
    for person in people:
        for found_id, family_id, role in links:
            if found_id == person.pk and family_id in cares:
                rows.append(_found(person, role, cares[family_id]))
    return rows


def _found(person: Person, role: str, care: FamilyCare) -> dict[str, Any]:
    born = f"born {full_date(person.born_on)}" if person.born_on else ""
    due = (
        f"due {full_date(person.due_on)}"
        if person.due_on and not (person.born_on or person.loss_kind)
        else ""
    )
    return {
        "href": reverse("desk:family", args=[care.pk]),
        "name": person.called,
        "typed": person.name if person.known_as and person.name != person.called else "",
        "facts": ", ".join(
            part for part in (ROLES_IN_FAMILY[role] if role != "other" else "", born, due) if part
        ),
        "number": nhs_spaced(person.nhs_number) if person.nhs_number else "",
        "family": f"{care.title} {care.with_words}".strip(),
        "holder": care.lead.name if care.lead else "",
        "team": care.lead_team.name if care.lead_team else "",
    }
