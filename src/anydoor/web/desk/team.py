"""Pages: my teams, who works there, who is away; leave; closing an account."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse

from anydoor.access.duty import on_duty
from anydoor.access.models import Leave, Membership, Team, User
from anydoor.access.policy import Facts, check, may
from anydoor.access.reviewing import accounts_to_close
from anydoor.access.roles import ROLE_WORDS, Role
from anydoor.access.rota import WEEKDAYS
from anydoor.care import sealing
from anydoor.care.holding import close_account, colleagues, moved_since, record_leave
from anydoor.care.models import FamilyCare
from anydoor.care.scope import NO_SUCH
from anydoor.care.withheld import name_for
from anydoor.rules.errors import NotAllowed, NotFound
from anydoor.ui.forms import DayField, Form, SelectField, TickField
from anydoor.ui.times import clock_time, date_words, day_words
from anydoor.ui.words import plural, sentence
from anydoor.web.desk.acting import Tried, form_page, saved, today, tried
from anydoor.web.desk.frame import page
from anydoor.web.shell import AnydoorRequest, signed_in

MOVED_DAYS = 30
MOST_MOVED = 100


def team_for(request: AnydoorRequest, team_id: int, action: str) -> Team:
    """A team this person is in or may act on. `NotFound` for others, `NotAllowed` when they may not do it."""
    team = Team.objects.filter(pk=team_id).select_related("fallback", "lead", "organisation").first()
    if team is None:
        raise NotFound(NO_SUCH)
    facts = Facts(team_id=team_id, organisation_id=team.organisation_id)
    if team.pk not in request.standing.team_ids and not may(request.standing, action, facts):
        raise NotFound(NO_SUCH)
    check(request.standing, action, facts)
    return team


# ---- the page


@signed_in
def team(request: AnydoorRequest) -> HttpResponse:
    """My teams: who is there, who is on duty, who is away, and what moved."""
    check(request.standing, "see_team")
    on = today(request)
    teams = list(
        Team.objects.filter(pk__in=request.standing.team_ids)
        .select_related("organisation", "lead", "fallback")
        .order_by("name", "pk")
    )
    leads = [
        one
        for one in teams
        if may(request.standing, "manage_rota", Facts(team_id=one.pk, organisation_id=one.organisation_id))
    ]
    since = request.at - timedelta(days=MOVED_DAYS)
    moved = moved_since(request.standing, [one.pk for one in leads], since)[:MOST_MOVED] if leads else []
    name_for(request.standing, [row.family.care for row in moved])
    context = {
        "teams": [_team_row(request, one, on, leads=one in leads) for one in teams],
        "own_leave": _leave_rows(Leave.objects.filter(user=request.user, ends_on__gte=on), on),
        "leads": bool(leads),
        "moved": [
            {
                "href": reverse("desk:family", args=[row.family_id]),
                "title": row.family.care.title,
                "before": row.before,
                "now": row.user.name,
                "when": date_words(row.from_at, request.at),
                "why": row.why,
            }
            for row in moved
        ],
    }
    return page(request, "desk/team.jinja", "work", context)


def _team_row(request: AnydoorRequest, one: Team, on: date, *, leads: bool) -> dict[str, Any]:
    rows = list(
        Membership.objects.current(on)
        .filter(team=one, user__is_active=True)
        .select_related("user")
        .order_by("user__name", "pk")
    )
    away = {
        leave.user_id: leave
        for leave in Leave.objects.filter(
            user_id__in={row.user_id for row in rows}, starts_on__lte=on, ends_on__gte=on
        ).select_related("cover")
    }
    people: dict[int, dict[str, Any]] = {}
    closes = accounts_to_close(request.standing, {row.user_id for row in rows}, on) if leads else set()
    for row in rows:
        entry = people.setdefault(
            row.user_id,
            _person_row(request, row.user, away.get(row.user_id), one, leads, closes=row.user_id in closes),
        )
        entry["roles"].append(ROLE_WORDS[Role(row.role)])
    return {
        "id": one.pk,
        "name": one.name,
        "organisation": one.organisation.name,
        "hours": f"Open {clock_time(one.opens)} to {clock_time(one.closes)}, Monday to Friday",
        "phone": one.phone,
        "lead": one.lead.name if one.lead else "",
        "people": [{**entry, "roles": sentence(entry["roles"])} for entry in people.values()],
        "leads": leads,
        "rota": _rota(one) if one.kind == "front_door" else None,
        "fallback": one.fallback.name if one.fallback else "",
        "duty": _duty(one, request) if one.kind == "front_door" else "",
    }


def _person_row(
    request: AnydoorRequest, user: User, leave: Leave | None, one: Team, leads: bool, *, closes: bool
) -> dict[str, Any]:
    return {
        "id": user.pk,
        "name": user.name,
        "you": user.pk == request.user.pk,
        "job": user.job_title,
        "phone": user.phone,
        "roles": [],
        "away": _away_words(leave) if leave is not None else "",
        "close": reverse("desk:close_account", args=[one.pk, user.pk])
        if closes and user.pk != request.user.pk
        else "",
        "leave": reverse("desk:leave_of", args=[one.pk, user.pk])
        if leads and user.pk != request.user.pk
        else "",
    }


def _away_words(leave: Leave) -> str:
    covers = f", {leave.cover.name} covers" if leave.cover else ", nobody is named as cover"
    return f"Away until {date_words(leave.ends_on)}{covers}"


def _rota(one: Team) -> list[dict[str, Any]]:
    """The week, day by day, each with its turns."""
    days: list[dict[str, Any]] = [{"name": name, "turns": []} for name in WEEKDAYS]
    for turn in one.duty_turns.select_related("user"):
        days[turn.weekday]["turns"].append(
            {
                "id": turn.pk,
                "words": f"{clock_time(turn.starts)} to {clock_time(turn.ends)}",
                "who": turn.user.name,
            }
        )
    return days


def _duty(one: Team, request: AnydoorRequest) -> str:
    worker, reads_at = on_duty(one, request.at)
    if reads_at <= request.at:
        return f"{worker.name} is on duty now."
    when = f"{day_words(reads_at)}, {clock_time(reads_at)}"
    return f"What arrives now is held by {worker.name}, who reads it {when}."


def _leave_rows(rows: Any, on: date) -> list[dict[str, str]]:
    return [
        {
            "days": f"{day_words(row.starts_on)} to {day_words(row.ends_on)}",
            "cover": f"{row.cover.name} covers you" if row.cover else "Nobody is named as cover",
            "now": "Now" if row.starts_on <= on else "",
        }
        for row in rows.select_related("cover").order_by("starts_on", "pk")
    ]


# ---- leave


class LeaveForm(Form):
    """Days away and who covers."""

    starts_on = DayField(label="First day away")
    ends_on = DayField(label="Last day away")
    cover = SelectField(
        label="Who covers?",
        hint="What you hold goes to them on the first day, until somebody gives it back.",
        required=False,
        nothing="Nobody, I hold no family",
    )


def _covers(request: AnydoorRequest, user: User, teams: Sequence[Team]) -> dict[str, User]:
    found = {str(one.pk): one for team in teams for one in colleagues(team, request.at) if one.pk != user.pk}
    return dict(sorted(found.items(), key=lambda row: row[1].name))


@signed_in
def leave(request: AnydoorRequest) -> HttpResponse:
    """My own leave."""
    check(request.standing, "record_leave", Facts(holder_id=request.user.pk))
    teams = list(Team.objects.filter(pk__in=request.standing.family_team_ids))
    return _leave_form(request, request.user, teams, "When are you away?")


@signed_in
def leave_of(request: AnydoorRequest, team_id: int, user_id: int) -> HttpResponse:
    """The lead records the leave of somebody in the team."""
    one = team_for(request, team_id, "record_leave")
    user = _member(one, user_id, today(request))
    return _leave_form(request, user, [one], f"When is {user.name} away?")


def _member(one: Team, user_id: int, on: date) -> User:
    found = User.objects.filter(
        pk=user_id, memberships__in=Membership.objects.current(on).filter(team=one)
    ).first()
    if found is None:
        raise NotFound(NO_SUCH)
    return found


def _leave_form(request: AnydoorRequest, user: User, teams: Sequence[Team], title: str) -> HttpResponse:
    covers = _covers(request, user, teams)
    form = LeaveForm(request.POST or None)
    form.fields["cover"].options = [(key, one.name) for key, one in covers.items()]
    result: Tried[Any] = Tried()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: record_leave(
                user=user,
                starts_on=data["starts_on"],
                ends_on=data["ends_on"],
                cover=covers.get(data["cover"]),
                by=request.user,
                at=request.at,
            ),
        )
        if result.ok:
            return saved(request, "The leave is recorded.", "desk:team")
    return form_page(
        request,
        form,
        title=title,
        back=("My team and leave", reverse("desk:team")),
        button="Save",
        current="work",
        conflict=result.conflict,
    )


# ---- closing an account


class CloseForm(Form):
    """Who takes over, and that it is meant."""

    to = SelectField(
        label="Who takes over what they hold?",
        required=False,
        nothing="The team’s lead, or whoever stands in",
    )
    sure = TickField(label="Close this account now", missing="Tick the box to close the account.")


@signed_in
def close(request: AnydoorRequest, team_id: int, user_id: int) -> HttpResponse:
    """Close an account. What it holds goes to colleagues first; the list of it is the answer."""
    one, on = team_for(request, team_id, "close_account"), today(request)
    user = _member(one, user_id, on)
    if not accounts_to_close(request.standing, [user.pk], on):
        raise NotAllowed(
            f"{user.name} has a role that is not yours to end, here or in another team. End what you may on "
            "the page of their access, or ask an administrator."
        )
    covers = _covers(request, user, [one])
    form = CloseForm(request.POST or None)
    form.fields["to"].options = [(key, colleague.name) for key, colleague in covers.items()]
    result: Tried[Any] = Tried()
    if request.method == "POST" and form.is_valid():
        to = covers.get(form.cleaned_data["to"])
        result = tried(form, lambda: close_account(user=user, by=request.user, at=request.at, to=to))
        if result.ok:
            context = {
                "name": user.name,
                "moved": sealing.to_tell(result.done or [], who=request.standing),
                "back": ("My team and leave", reverse("desk:team")),
            }
            return page(request, "desk/account_closed.jinja", "work", context)
    held = sealing.countable(FamilyCare.objects.held_by(user.pk), who=request.standing)
    return form_page(
        request,
        form,
        title=f"Close the account of {user.name}",
        lead=f"{user.name} holds {plural(held, 'family', 'families').lower()}. All go to colleagues first.",
        back=("My team and leave", reverse("desk:team")),
        button="Close the account",
        current="work",
        conflict=result.conflict,
    )


urls = [
    path("team", team, name="team"),
    path("team/leave/", leave, name="leave"),
    path("team/<int:team_id>/leave/<int:user_id>/", leave_of, name="leave_of"),
    path("team/<int:team_id>/close/<int:user_id>/", close, name="close_account"),
]
