"""My work: what waits on me, whom I hold, what is stuck, what is planned today, what went well."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse

from anydoor.access.policy import may
from anydoor.access.reviewing import how_many_due
from anydoor.care.models import Contact, FamilyCare, Handover, Wait
from anydoor.care.my_work import MOST_WAITS, Held, my_work, waiting_meanwhile
from anydoor.care.rights.waiting import named_waits
from anydoor.care.rights.waiting import waits_on as rights_waiting
from anydoor.directory.models import LEVELS
from anydoor.directory.stewardship import waits_on
from anydoor.rules import working_time
from anydoor.ui.times import clock_time, date_words, day_words, short_day
from anydoor.ui.words import given_name, plural
from anydoor.web.desk import waits
from anydoor.web.desk.acting import today
from anydoor.web.desk.chips import Chip, chip
from anydoor.web.desk.emergency import how_many_to_review, opened_in_my_families
from anydoor.web.desk.frame import page
from anydoor.web.desk.waits import page_of, title_of, wait_chip
from anydoor.web.desk.words import action_of, level_colour, verb_of
from anydoor.web.shell import AnydoorRequest, signed_in


@signed_in
def home(request: AnydoorRequest) -> HttpResponse:
    """The first page after signing in."""
    shut = waiting_meanwhile(request.standing)
    everything = request.GET.get("waits") == "all"
    work = my_work(request.standing, at=request.at, all_waits=everything)
    shown = {wait.pk for wait in work.waits}
    governed = [wait for wait in named_waits(request.standing) if wait.pk not in shown]
    waiting = work.wait_count + len(governed)
    return page(
        request,
        "desk/home.jinja",
        "work",
        {
            "title": f"{_greeting(request.at)}, {given_name(request.user.name)}",
            "lead": _lead(request.at, work.family_count, waiting) if shut is None else _moment(request.at),
            "shut": _shut_words(*shut) if shut is not None else "",
            "may_receive": may(request.standing, "receive"),
            "may_search": may(request.standing, "search_people"),
            "waits": [_work_row(wait, request.at) for wait in [*work.waits, *governed]],
            "wait_count": waiting,
            "shows_all": everything or work.wait_count <= MOST_WAITS,
            "families": [_family_row(held, request.at) for held in work.families],
            "family_count": work.family_count,
            "stuck": [waits.stuck_row(wait, request.at) for wait in work.stuck],
            "stuck_count": work.stuck_count,
            "today": sorted(
                [_contact_row(contact) for contact in work.today]
                + [
                    {
                        "time": clock_time(meeting.starts_at),
                        "label": "Interface meeting",
                        "href": "",
                        "note": plural(meeting.on_it, "handover") + " on it",
                    }
                    for meeting in work.meetings
                ],
                key=lambda row: row["time"],
            ),
            "going_well": [_going_well(handover, request.at) for handover in work.going_well],
            "leave": work.leave,
            "directory": waits_on(request.standing, today(request)),
            "rights": rights_waiting(request.standing, today(request)),
            "emergencies": how_many_to_review(request.standing),
            "opened": opened_in_my_families(request) if work.family_count else [],
            "access_due": how_many_due(request.standing, today(request))
            if may(request.standing, "see_access")
            else 0,
            "now": request.at,
        },
    )


def _greeting(at: datetime) -> str:
    hour = working_time.in_london(at).hour
    return "Good morning" if hour < 12 else "Good afternoon" if hour < 18 else "Good evening"


def _lead(at: datetime, families: int, waiting: int) -> str:
    held = "no family" if not families else "1 family" if families == 1 else f"{families} families"
    things = (
        "Nothing waits on you"
        if not waiting
        else "1 thing waits on you"
        if waiting == 1
        else f"{waiting:,} things wait on you"
    )
    return f"{_moment(at)} You hold {held}. {things}."


def _moment(at: datetime) -> str:
    return f"{day_words(at)}, {clock_time(at)}."


def _shut_words(waiting: int, urgent: int) -> str:
    """What stands in place of families and waits while a session is for something else."""
    if not waiting:
        return "Nothing waits on you there now."
    things = f"{plural(waiting, 'thing')} {'waits' if waiting == 1 else 'wait'} on you there."
    return f"{things} {plural(urgent, 'of them is', 'of them are')} urgent." if urgent else things


def _work_row(wait: Wait, at: datetime) -> dict[str, Any]:
    return {
        "chip": wait_chip(wait, at),
        "verb": verb_of(wait),
        "who": title_of(wait),
        "href": page_of(wait),
        "why": wait.why,
        "action": action_of(wait),
        "danger": wait.urgent,
    }


def _family_row(held: Held, at: datetime) -> dict[str, Any]:
    care = held.care
    past = care.next_contact_at is not None and care.next_contact_at < at
    return {
        "name": care.title,
        "href": reverse("desk:family", args=[care.pk]),
        "with_words": care.with_words,
        "stage": held.stage.words,
        "level": LEVELS.get(care.level, ""),
        "colour": level_colour(care.level, care.strand),
        "next": "" if past else care.next_contact_words,
        "next_when": f"{care.next_contact_words} was {_when(care, at)}" if past else _when(care, at),
        "book": reverse("desk:record_contact", args=[held.kind, held.thing_id]) if held.thing_id else "",
        "chip": _family_chip(care, at),
    }


def _when(care: FamilyCare, at: datetime) -> str:
    when = care.next_contact_at
    if when is None:
        return ""
    same = working_time.in_london(when).date() == working_time.in_london(at).date()
    return f"Today, {clock_time(when)}" if same else f"{short_day(when)}, {clock_time(when)}"


def _family_chip(care: FamilyCare, at: datetime) -> Chip | None:
    if care.clock_at is None:
        return None
    if care.clock_urgent:
        return Chip("Alert open", "danger", chip(care.clock_at, at, urgent=True).used)
    return chip(care.clock_at, at)


def _contact_row(contact: Contact) -> dict[str, Any]:
    who = contact.person.called if contact.person is not None else contact.family.care.title
    note = contact.get_mode_display() + (f", {contact.place}" if contact.place else "")
    return {
        "time": clock_time(contact.happens_at),
        "label": who,
        "href": reverse("desk:family", args=[contact.family_id]),
        "note": note,
    }


def _going_well(handover: Handover, at: datetime) -> str:
    assert handover.completed_at is not None
    day = date_words(handover.completed_at, at)
    who = handover.person.called
    if handover.to_user is None:
        return f"{who} met {handover.service.name} on {day}. You keep in touch."
    receiver = handover.to_user.name
    holds = (
        f" {given_name(receiver)} holds them now."
        if handover.family.care.lead_id == handover.to_user_id
        else ""
    )
    return f"{who} met {receiver} on {day}.{holds}"


urls = [path("", home, name="home"), *waits.urls]
