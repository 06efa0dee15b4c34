"""Pages: routine contacts that are due or overdue, and all those of one family."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import path, reverse
from django.views.decorators.http import require_safe

from anydoor.access.models import Team
from anydoor.access.policy import Standing, check
from anydoor.care import scope
from anydoor.care.models import ScheduledContact
from anydoor.care.models.schedule import (
    ACTIONS,
    ANSWERS_TO_ASKING,
    DECLINE_REASONS,
    PROVIDERS,
    STATES_OF_SCHEDULED,
)
from anydoor.care.schedule.reading import ChildSchedule, Entry, family_schedule
from anydoor.care.schedule.recording import REASONS
from anydoor.care.schedule.worklist import COUNTED_TO, SHOWS, Place, Wanted, how_many, work_list
from anydoor.care.withheld import held_back, measures_seen, name_for
from anydoor.rules.instruments.evidence import TAG_WORDS
from anydoor.rules.schedule import EXCLUDED_WORDS, NOT_NEEDED_WORDS
from anydoor.rules.schedule_contacts import ALL, BY_KEY, Contact
from anydoor.rules.stage import count, day_in_words
from anydoor.ui.forms import Form, SelectField
from anydoor.ui.times import calendar_day
from anydoor.web.desk.acting import family_in_full, to_family, today
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in

PAGE = 25
PLACE = re.compile(r"(\d{4}-\d{2}-\d{2})\.(\d{1,18})")
STANDS = {
    "later": ("Not yet due", "grey"),
    "due": ("Due", "due"),
    "overdue": ("Overdue", "danger"),
    "missed": ("Not done, its time is over", "grey"),
    "done": ("Done", "good"),
    "declined": ("Said no to this", "grey"),
    "excluded": ("Not counted", "outline"),
    "not_needed": ("Not needed", "outline"),
    "before_us": ("Before they came to us", "outline"),
    "estimated": ("After the birth", "grey"),
}
ASIDE = frozenset({"before_us", "not_needed"})
WHEN_WORDS = {"in_time": "in time", "early": "before its time", "late": "after its time"}
REASON_WORDS = {**NOT_NEEDED_WORDS, **EXCLUDED_WORDS, **REASONS, **DECLINE_REASONS}


# ---------------------------------------------------------------- the work list


class FilterForm(Form):
    """What the list shows. Everything may be left as it is."""

    team = SelectField(
        label="Whose contacts", required=False, hide_optional=True, nothing="All the families I see"
    )
    contact = SelectField(label="Which contact", required=False, hide_optional=True, nothing="All contacts")
    provider = SelectField(label="Who makes it", required=False, hide_optional=True, nothing="Anybody")
    area = SelectField(label="Area", required=False, hide_optional=True, nothing="All areas")


@signed_in
@require_safe
def schedule(request: AnydoorRequest) -> HttpResponse:
    """A page of what is due or overdue, over the families this person works with."""
    check(request.standing, "see_schedule")
    wanted = wanted_of(request)
    on = today(request)
    found = work_list(
        request.standing, wanted, on=on, most=PAGE + 1, after=place_of(request.GET.get("after", ""))
    )
    shown = found[:PAGE]
    name_for(request.standing, [row.family.care for row in shown])
    number = how_many(request.standing, wanted, on=on)
    scope.looked_at_each(
        dict.fromkeys(row.family_id for row in shown),
        what="see_schedule_list",
        by=request.user,
        at=request.at,
        why="routine contacts",
    )
    kept = {key: request.GET[key] for key in ("team", "contact", "provider", "area") if request.GET.get(key)}
    context = {
        "form": _filter_form(request, wanted),
        "show": wanted.show,
        "tabs": [
            {
                "label": label,
                "href": "?" + urlencode({**kept, "show": key}),
                "current": key == wanted.show,
                "count": _number(number) if key == wanted.show else None,
            }
            for key, label in SHOWS.items()
        ],
        "rows": [list_row(row, on) for row in shown],
        "filtered": bool(kept),
        "clear": f"{reverse('desk:schedule')}?show={wanted.show}",
        "next": _next(shown[-1], kept, wanted.show) if len(found) > PAGE else "",
        "first": "?" + urlencode({**kept, "show": wanted.show}) if request.GET.get("after") else "",
    }
    return page(request, "desk/schedule.jinja", "schedule", context)


def _number(number: int) -> str:
    return f"{COUNTED_TO:,} or more" if number >= COUNTED_TO else f"{number:,}"


def _next(last: ScheduledContact, kept: dict[str, str], show: str) -> str:
    return "?" + urlencode({**kept, "show": show, "after": f"{last.closes_on.isoformat()}.{last.pk}"})


def place_of(text: str) -> Place | None:
    """A place in the list from the address; None when it is none."""
    found = PLACE.fullmatch(text)
    if found is None:
        return None
    try:
        return Place(date.fromisoformat(found[1]), int(found[2]))
    except ValueError:
        return None


def wanted_of(request: AnydoorRequest) -> Wanted:
    """What the address asks for; what means nothing is left out."""
    asked = request.GET
    team = _whole(asked.get("team", ""))
    area = _whole(asked.get("area", ""))
    show = asked.get("show", "")
    return Wanted(
        show=show if show in SHOWS else "overdue",
        key=asked.get("contact", "") if asked.get("contact") in BY_KEY else "",
        provider=asked.get("provider", "") if asked.get("provider") in PROVIDERS else "",
        teams=(team,) if team else (),
        areas=(area,) if area else (),
    )


def _whole(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0


def _filter_form(request: AnydoorRequest, wanted: Wanted) -> FilterForm:
    form = FilterForm(
        initial={
            "team": str(next(iter(wanted.teams), "")),
            "contact": wanted.key,
            "provider": wanted.provider,
            "area": str(next(iter(wanted.areas), "")),
        }
    )
    form.fields["team"].options = _teams(request.standing)  # type: ignore[attr-defined]  # the field is ours
    form.fields["contact"].options = [(one.key, one.name) for one in ALL]  # type: ignore[attr-defined]  # the field is ours
    form.fields["provider"].options = list(PROVIDERS.items())  # type: ignore[attr-defined]  # the field is ours
    if len(request.areas) > 1:
        form.fields["area"].options = [(str(one.pk), one.name) for one in request.areas]  # type: ignore[attr-defined]  # the field is ours
    else:
        del form.fields["area"]
    return form


def _teams(who: Standing) -> list[tuple[str, str]]:
    """The teams that make contacts: those of whoever looks, and at a front door all that serve its area."""
    mine = Team.objects.filter(pk__in=who.family_team_ids)
    making = Team.objects.filter(pk__in=ScheduledContact.objects.open().values("team_id").distinct())
    if not who.front_doors:
        making = making.filter(pk__in=mine)
    return [(str(one.pk), one.name) for one in making.order_by("name")[:50]]


def list_row(row: ScheduledContact, on: date) -> dict[str, Any]:
    """One line of the list."""
    contact = BY_KEY[row.key]
    care = row.family.care
    late = (on - row.closes_on).days
    if late > 0:
        words, colour = f"{count(late, 'day')} over", "danger"
    elif row.opens_on > on:
        words, colour = f"From {day_in_words(row.opens_on, on)}", "grey"
    else:
        left = -late
        words, colour = (f"{count(left, 'day')} left" if left else "Last day"), "due"
    return {
        "title": contact.name,
        "who": care.title,
        "family_href": reverse("desk:family_schedule", args=[row.family_id]),
        "href": reverse("desk:contact_done", args=[row.family_id, row.child_id, row.key]),
        "child": row.child.called if row.child.born_on is not None else "",
        "window": f"{day_in_words(row.opens_on, on)} to {day_in_words(row.closes_on, on)}",
        "clock": words,
        "colour": colour,
        "provider": PROVIDERS[row.provider],
        "team": row.team.name if row.team is not None else "No team known",
    }


# ---------------------------------------------------------------- one family


@signed_in
@require_safe
def family_contacts(request: AnydoorRequest, family_id: int) -> HttpResponse:
    """Every routine contact of a family's children: when, how it stands, what it asks, what was done."""
    care, facts = family_in_full(request, family_id)
    on = today(request)
    found = family_schedule(family_id, on)
    held = held_back(request.standing, facts)
    for child in found:
        for entry in child.entries:
            entry.measures = measures_seen(request.standing, entry.measures, held)
    scope.looked(
        what="see_schedule",
        subject="family",
        subject_id=family_id,
        family_id=family_id,
        by=request.user,
        at=request.at,
        why="your team works with the family",
    )
    context = {
        "care": care,
        "back": to_family(care),
        "children": [child_block(one, on, family_id) for one in found if not one.is_lost],
        "own": own_checks(found, on, family_id),
    }
    return page(request, "desk/family_schedule.jinja", "schedule", context)


def child_block(one: ChildSchedule, on: date, family_id: int) -> dict[str, Any]:
    child = one.child
    if child.born_on is not None:
        when = f"born {day_in_words(child.born_on, on)}"
    else:
        when = f"due {day_in_words(child.due_on, on)}" if child.due_on else "no due date"
    rows = [entry_row(entry, on, family_id, child.pk) for entry in one.entries]
    return {
        "id": child.pk,
        "name": child.called,
        "when": when,
        "asks_first": one.asks_first,
        "first_href": reverse("desk:first_baby", args=[family_id, child.pk]),
        "now": [row for row in rows if row["stands"] in {"due", "overdue"}],
        "rows": [row for row in rows if row["stands"] not in {"due", "overdue", *ASIDE}],
        "aside": [row for row in rows if row["stands"] in ASIDE],
        "in_care": bool(one.record.stays) and one.record.stays[-1][1] is None,
    }


def own_checks(found: Sequence[ChildSchedule], on: date, family_id: int) -> list[dict[str, Any]]:
    """After a loss: only the parent's own checks, that a person may open again when they agreed it."""
    return [
        entry_row(entry, on, family_id, one.child.pk)
        for one in found
        if one.is_lost
        for entry in one.entries
        if entry.contact.about == "mother" and entry.row is not None
    ]


def entry_row(entry: Entry, on: date, family_id: int, child_id: int) -> dict[str, Any]:
    """One contact in words, with the ways on that fit how it stands."""
    contact, row = entry.contact, entry.row
    held = row or entry.planned
    assert held is not None
    words, colour = STANDS[entry.stands]
    args = [family_id, child_id, contact.key]
    is_open = entry.stands in {"later", "due", "overdue", "missed"}
    return {
        "key": contact.key,
        "name": contact.name,
        "provider": PROVIDERS[contact.provider],
        "stands": entry.stands,
        "state": words,
        "colour": colour,
        "window": ("About " if entry.stands == "estimated" else "")
        + f"{day_in_words(held.opens_on, on)} to {day_in_words(held.closes_on, on)}",
        "source": source_words(contact),
        "asks": ask_lines(contact),
        "ask_href": reverse("desk:take_measure", args=[family_id]) + f"?contact={contact.key}"
        if contact.screens and entry.stands in {"due", "overdue"}
        else "",
        "told": told_lines(entry, on),
        "measures": [
            {
                "href": reverse("desk:measure", args=[one.pk]),
                "words": ", ".join(
                    (one.instrument, one.person.called, day_in_words(calendar_day(one.taken_at), on))
                ),
            }
            for one in entry.measures
        ],
        "done_href": reverse("desk:contact_done", args=args) if _can_do(entry, on) else "",
        "decline_href": reverse("desk:contact_declined", args=args) if is_open else "",
        "exclude_href": reverse("desk:contact_excluded", args=args) if is_open else "",
        "reopen_href": reverse("desk:contact_reopened", args=args)
        if entry.stands in {"done", "declined", "excluded"}
        else "",
    }


def _can_do(entry: Entry, on: date) -> bool:
    return entry.stands in {"due", "overdue", "missed", "before_us"} or (
        entry.stands == "later" and entry.row is not None and entry.row.counts_from <= on
    )


def source_words(contact: Contact) -> str:
    """Where the window was read; a local one says so, an unverified one too."""
    if contact.local:
        return f"Local: {contact.local}"
    unverified = f". Not verified: {TAG_WORDS[contact.tag]}" if contact.is_unverified else ""
    return f"{contact.source}{unverified}"


def ask_lines(contact: Contact) -> list[str]:
    """What belongs to the contact: each question with the instruments that answer it."""
    after = {"everybody": "", "positive": "", "concern": ""}
    return [
        f"{ask.words}{after[ask.when]}" + (f": {', '.join(ask.instruments)}" if ask.instruments else "")
        for ask in contact.asks
    ]


def told_lines(entry: Entry, on: date) -> list[str]:
    """What is recorded of it, in sentences."""
    row = entry.row
    if row is None:
        return []
    lines = []
    if row.state == "done" and row.done_on is not None:
        met = f" ({', '.join(entry.met)} met)" if entry.met else ""
        lines.append(f"{row.done_by_words}, {day_in_words(row.done_on, on)}, {WHEN_WORDS[entry.when]}{met}")
        if row.done_words:
            lines.append(row.done_words)
        lines += [f"{name}: {ANSWERS_TO_ASKING[answer].lower()}" for name, answer in row.asked.items()]
        if row.action:
            lines.append(". ".join(part for part in (ACTIONS[row.action], row.action_words) if part))
    elif row.why == "reopened":
        lines.append(f"Opened again: {row.why_words}")
    elif row.why:
        since = f", since {day_in_words(row.since, on)}" if row.since else ""
        lines.append(REASON_WORDS.get(row.why, STATES_OF_SCHEDULED[row.state]) + since)
        if row.why_words:
            lines.append(row.why_words)
    return lines


urls = [
    path("contacts-due/", schedule, name="schedule"),
    path("family/<int:family_id>/schedule/", family_contacts, name="family_schedule"),
]
