"""Pages: one person's access, and what is done about it: still right, sign-ins ended, keys, another link."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST, require_safe

from anydoor.access import audit, keys, sessions
from anydoor.access.models import AccessReview, ApiToken, Team, User
from anydoor.access.policy import check, may
from anydoor.access.register import Days, Entry, RoleRow, entries
from anydoor.access.reviewing import accounts_to_close, confirm, in_reach, sign_ins_to_end
from anydoor.access.sessions import SignedIn, signed_in_now
from anydoor.care import first_password
from anydoor.care.scope import NO_SUCH
from anydoor.rules.errors import NotFound, WrongMoment
from anydoor.ui.times import clock_time, day_time, full_date
from anydoor.ui.words import plural
from anydoor.web.desk.acting import today
from anydoor.web.desk.frame import page
from anydoor.web.desk.staff_list import PURPOSE, entry_row, facts_for, last_day, step_is_asked
from anydoor.web.shell import AnydoorRequest, signed_in

MOST_REVIEWS = 20


def entry_of(request: AnydoorRequest, user_id: int) -> Entry:
    """Somebody's entry in the register, when they have or had a role in reach. `NotFound` for all others."""
    on = today(request)
    found = entries(
        request.standing, Days(on, on), at=request.at, step_is_asked=step_is_asked(), user_id=user_id
    )
    if not may(request.standing, "see_access") or not found:
        raise NotFound(NO_SUCH)
    return found[0]


def somebody_here(request: AnydoorRequest, user_id: int, action: str) -> tuple[Entry, User]:
    """Somebody with an open account and a role here now or to come, on whom this person may do `action`."""
    entry = entry_of(request, user_id)
    on = today(request)
    here = [*entry.now(on), *entry.ahead(on)]
    if not entry.is_open or not here:
        raise NotFound(NO_SUCH)
    teams = Team.objects.filter(pk__in={row.team_id for row in here}).order_by("pk")
    if not any(may(request.standing, action, facts_for(team, user_id)) for team in teams):
        check(request.standing, action, facts_for(teams[0], user_id))
    return entry, User.objects.get(pk=user_id)


@signed_in
@require_safe
def access_of(request: AnydoorRequest, user_id: int) -> HttpResponse:
    """One person: their roles here, sign-ins, keys, reviews, and what may be done."""
    entry, on = entry_of(request, user_id), today(request)
    audit.record(
        action="see_access",
        subject="account",
        subject_id=user_id,
        organisation_id=entry.roles[0].organisation_id,
        by=request.user,
        at=request.at,
        purpose=PURPOSE,
    )
    myself = user_id == request.user.pk
    here = entry.is_open and bool(entry.now(on) or entry.ahead(on))
    changes = here and not myself
    now = entry.now(on)
    teams = {team.pk: team for team in Team.objects.filter(pk__in={row.team_id for row in entry.roles})}
    ends = {user_id} if myself else sign_ins_to_end(request.standing, [user_id], on)
    found = signed_in_now(ends, request.at).get(user_id, [])
    context = {
        "entry": entry,
        "row": entry_row(entry, on),
        "myself": myself,
        "facts": _facts(entry, on),
        "roles": [_role(request, entry, one, teams[one.team_id], on) for one in reversed(entry.roles)],
        "role_ids": " ".join(str(one.id) for one in now),
        "may_confirm": changes and bool(now),
        "may_begin": here
        and any(may(request.standing, "add_colleague", facts_for(teams[one.team_id])) for one in entry.roles)
        and not myself,
        "open_now": [_place(one, request) for one in found],
        "may_change": changes,
        "may_end_sessions": changes and bool(ends),
        "keys": [_key(key, name, teams[team].name) for key, name, team in entry.keys],
        "link": _link_words(entry, request),
        "may_link": changes and bool(_link_words(entry, request)),
        "reviews": _reviews(request, user_id),
        "close": _close_href(request, entry, teams, on) if changes else "",
    }
    return page(request, "desk/staff_person.jinja", "work", context)


def _facts(entry: Entry, on: date) -> list[dict[str, str]]:
    shown = entry_row(entry, on)
    rows = [
        ("Email", entry.email),
        ("Job title", entry.job_title),
        ("Here", shown["came"]),
        ("Signing in", f"{shown['last_in']}. {shown['step']}."),
        ("Beyond their roles here", shown["beyond"] or "Nothing"),
        ("Review", shown["due"] or "None is due"),
    ]
    return [{"label": label, "value": value} for label, value in rows if value]


def _role(request: AnydoorRequest, entry: Entry, one: RoleRow, team: Team, on: date) -> dict[str, Any]:
    standing = one.is_on(on) or one.is_ahead(on)
    may_end = standing and entry.is_open
    may_end = may_end and may(request.standing, "end_role", facts_for(team, entry.user_id, one.role))
    may_change = may_end and may(request.standing, "give_role", facts_for(team, entry.user_id, one.role))
    said = f"{full_date(one.started_on)} to {full_date(last_day(one)) if one.ended_on else 'no end set'}"
    return {
        "id": one.id,
        "words": one.words,
        "team": one.team,
        "organisation": one.organisation,
        "days": "Never begun" if one.was_never else said,
        "state": "Now" if one.is_on(on) else "To come" if one.is_ahead(on) else "Ended",
        "given_by": one.given_by,
        "ended_by": one.ended_by,
        "end": reverse("desk:end_role", args=[one.id]) if may_end else "",
        "change": reverse("desk:change_role", args=[one.id]) if may_change and one.is_on(on) else "",
    }


def _place(one: SignedIn, request: AnydoorRequest) -> dict[str, Any]:
    seen = f", last page {clock_time(one.seen_at)}" if one.seen_at else ""
    return {
        "id": one.id,
        "browser": browser_words(one.browser),
        "since": f"Since {day_time(one.since, request.at)}{seen}",
    }


BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    *(("Android", "Android"), ("iPhone", "an iPhone"), ("iPad", "an iPad"), ("Windows", "Windows")),
    *(("Mac OS", "a Mac"), ("CrOS", "a Chromebook"), ("Linux", "Linux")),
)


def browser_words(agent: str) -> str:
    """What a browser says of itself, in words that somebody knows their machine by."""
    browser = next((name for mark, name in BROWSERS if mark in agent), "A browser")
    system = next((name for mark, name in SYSTEMS if mark in agent), "")
    return f"{browser} on {system}" if system else browser


def _key(key: int, name: str, team: str) -> dict[str, Any]:
    return {"id": key, "name": name, "team": team}


def _link_words(entry: Entry, request: AnydoorRequest) -> str:
    """How it stands with the first password of somebody who never signed in; empty when they have one."""
    if not entry.is_open or entry.last_in is not None:
        return ""
    user = User.objects.only("password").get(pk=entry.user_id)
    if user.has_usable_password():
        return ""
    if entry.link_until is None or entry.link_until <= request.at:
        return "No password is set, and the link to set one has ended."
    return (
        f"No password is set yet. The link to set one works until {day_time(entry.link_until, request.at)}."
    )


def _reviews(request: AnydoorRequest, user_id: int) -> list[dict[str, str]]:
    rows = AccessReview.objects.filter(in_reach(request.standing, "membership__team"), user_id=user_id)
    return [
        {
            "what": f"{one.membership.get_role_display()}, {one.membership.team.name}",
            "said": "Still right" if one.verdict == "right" else "Ended",
            "who": one.by.name,
            "when": full_date(one.at),
        }
        for one in rows.select_related("membership__team", "by").order_by("-at", "-pk")[:MOST_REVIEWS]
    ]


def _close_href(request: AnydoorRequest, entry: Entry, teams: dict[int, Team], on: date) -> str:
    """Where the whole account is closed: only by who may, and when they work nowhere else."""
    if not accounts_to_close(request.standing, [entry.user_id], on):
        return ""
    for one in entry.now(on):
        if may(request.standing, "close_account", facts_for(teams[one.team_id])):
            return reverse("desk:close_account", args=[one.team_id, entry.user_id])
    return ""


# ---------------------------------------------------------------- what is done on it


def _back(request: AnydoorRequest, user_id: int, words: str, *, done: bool = True) -> HttpResponse:
    (messages.success if done else messages.info)(request, words)
    return HttpResponseRedirect(reverse("desk:colleague", args=[user_id]))


@require_POST
@signed_in
def access_right(request: AnydoorRequest, user_id: int) -> HttpResponse:
    """All the roles that were shown are still right."""
    _, user = somebody_here(request, user_id, "review_access")
    shown = {int(one) for one in request.POST.get("roles", "").split()[:50] if _is_key(one)}
    try:
        due = confirm(user=user, role_ids=shown, by=request.user, at=request.at)
    except WrongMoment as fault:
        return _back(request, user_id, fault.message, done=False)
    return _back(request, user_id, f"Confirmed. Look at {user.name} again by {full_date(due)}.")


ELSEWHERE_TOO = (
    "They work for others too, and a sign-in is to all of it. Ask somebody who looks after access there."
)


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


@require_POST
@signed_in
def end_sessions(request: AnydoorRequest, user_id: int) -> HttpResponse:
    """End one sign-in of theirs, or all."""
    _, user = somebody_here(request, user_id, "end_sessions")
    if not sign_ins_to_end(request.standing, [user_id], today(request)):
        return _back(request, user_id, ELSEWHERE_TOO, done=False)
    wanted = request.POST.get("session", "")
    if _is_key(wanted):
        try:
            sessions.end_one(user=user, session_id=int(wanted), by=request.user, at=request.at)
        except WrongMoment as fault:
            return _back(request, user_id, fault.message, done=False)
        return _back(request, user_id, "That sign-in is ended.")
    many = sessions.end_all(user=user, by=request.user, at=request.at)
    words = f"{user.name} is signed out everywhere: {plural(many, 'sign-in')} ended."
    return _back(request, user_id, words if many else f"{user.name} was signed in nowhere.", done=bool(many))


@require_POST
@signed_in
def send_first_link(request: AnydoorRequest, user_id: int) -> HttpResponse:
    """Another link to set the first password; the one before ends."""
    _, user = somebody_here(request, user_id, "review_access")
    try:
        words = f"{request.user.name} sends you another link to set up your account."
        first_password.send_link(user=user, words=words, by=request.user, at=request.at)
    except WrongMoment as fault:
        return _back(request, user_id, fault.message, done=False)
    return _back(request, user_id, f"A link is on its way to {user.email}. It works for three days.")


@require_POST
@signed_in
def end_key(request: AnydoorRequest, user_id: int, key_id: int) -> HttpResponse:
    """An API key that acts as them opens nothing any more."""
    entry_of(request, user_id)
    rows = ApiToken.objects.filter(in_reach(request.standing), pk=key_id, user_id=user_id)
    token = rows.select_related("team").first()
    if token is None:
        raise NotFound(NO_SUCH)
    check(request.standing, "end_sessions", facts_for(token.team, user_id))
    try:
        keys.end_key(token=token, by=request.user, at=request.at)
    except WrongMoment as fault:
        return _back(request, user_id, fault.message, done=False)
    return _back(request, user_id, "The key is ended.")


urls = [
    path("staff/<int:user_id>/", access_of, name="colleague"),
    path("staff/<int:user_id>/right/", access_right, name="still_right"),
    path("staff/<int:user_id>/sign-ins/end/", end_sessions, name="end_sessions"),
    path("staff/<int:user_id>/link/", send_first_link, name="send_first_link"),
    path("staff/<int:user_id>/keys/<int:key_id>/end/", end_key, name="end_key"),
]
