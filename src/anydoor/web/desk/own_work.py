"""The page of a family for a team that sees no more than its own work: what it did, and a line since."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpResponse
from django.urls import reverse

from anydoor.care import scope
from anydoor.care.models import FamilyCare
from anydoor.care.own_record import OwnRecord, own_record
from anydoor.care.picture import as_seen, members_of
from anydoor.care.withheld import held_back, sentences
from anydoor.rules.end_state import END_STATE_WORDS, EndState
from anydoor.ui.times import clock_time, date_words, day_words, full_date
from anydoor.ui.words import given_name
from anydoor.web.desk.family_page import story_rows
from anydoor.web.desk.frame import page
from anydoor.web.desk.safety import safety_lines, shown_way
from anydoor.web.shell import AnydoorRequest


def own_page(request: AnydoorRequest, care: FamilyCare) -> HttpResponse:
    """What my teams did with a family; while we still work with them, how to reach them too."""
    found = own_record(request.standing, care)
    at = request.at
    scope.looked(
        what="see_own_work",
        subject="family",
        subject_id=care.pk,
        family_id=care.pk,
        by=request.user,
        at=at,
        why="it is your team's own work" if found.works_now else "your team worked with the family",
    )
    # A team that has said yes and not met them yet works with them too, though it holds nothing.
    works_now = found.works_now or found.until is None
    mine = {row.person_id for row in (*found.episodes, *found.referrals, *found.accepted)}
    held = replace(held_back(request.standing, scope.facts_of(care)), hidden=frozenset())
    members = members_of(care.pk)
    about = as_seen([one for one in members if one.person.pk in mine], held)
    context: dict[str, Any] = {
        "care": care,
        "name": given_name(care.title),
        "now": fate_of(care, found),
        "works_now": works_now,
        "held_back": sentences(
            held,
            [(one.person.pk, given_name(one.person.called)) for one in members if held.names(one.person.pk)],
        ),
        "until": full_date(found.until.date()) if found.until else "",
        "work": work_rows(found, request),
        "stories": story_rows(found.stories, at),
        "contacts": [
            {
                "when": f"{day_words(row.happens_at, at)}, {clock_time(row.happens_at)}",
                "title": f"{row.get_mode_display()}: {row.get_outcome_display().lower()}",
                "text": row.words,
                "who": row.by_words,
            }
            for row in found.contacts
        ],
        "ways": [shown_way(way) for one in about for way in one.ways if way.safe != "no"]
        if works_now
        else [],
        "safety": [line for one in about for line in safety_lines(one)] if works_now else [],
    }
    return page(request, "desk/own_work.jinja", "families", context)


def fate_of(care: FamilyCare, found: OwnRecord) -> str:
    """One line on what became of them: enough to know that they were not dropped."""
    if found.works_now or found.accepted:
        return "Your team works with them."
    if care.lead is not None and care.lead_team is not None:
        return f"{care.lead.name} at {care.lead_team.name} holds them now."
    return "Nothing is open now."


def work_rows(found: OwnRecord, request: AnydoorRequest) -> list[dict[str, Any]]:
    """Each request and episode that was mine, newest first, with its time and how it ended."""
    rows = [(row.opened_at, row.ended_at, row.service.name, "episode", row) for row in found.episodes]
    things: list[Any] = rows + [
        (row.received_at, row.ended_at, f"Request {row.reference}", "referral", row)
        for row in found.referrals
    ]
    shown = []
    for began, ended, title, kind, row in sorted(things, key=lambda one: one[0], reverse=True):
        until = f" to {date_words(ended, request.at)}" if ended else ", still open"
        state = END_STATE_WORDS[EndState(row.end_state)] if row.end_state else ""
        shown.append(
            {
                "title": title,
                "text": f"From {date_words(began, request.at)}{until}. {state}".strip(),
                "href": reverse("desk:work", args=[kind, row.pk]),
            }
        )
    return shown
