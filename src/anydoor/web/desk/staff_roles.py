"""Pages: add a colleague, begin another role, change one, end one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse

from anydoor.access.models import Membership, Team, User
from anydoor.access.policy import Standing, check, may
from anydoor.access.reviewing import facts_of, in_reach
from anydoor.access.roles import ROLE_WORDS, WORKS_WITH_FAMILIES, Role
from anydoor.care import staffing
from anydoor.care.holding import colleagues
from anydoor.care.moving import Moved
from anydoor.care.role_over import held_in
from anydoor.care.scope import NO_SUCH
from anydoor.care.sealing import to_tell
from anydoor.care.staffing import Newcomer, Period
from anydoor.rules.errors import NotFound
from anydoor.rules.working_time import london_day
from anydoor.ui.forms import Choice, ChoiceOfOne, DayField, EmailField, Form, SelectField, TextField
from anydoor.ui.times import full_date
from anydoor.ui.words import plural, sentence
from anydoor.web.desk.acting import Tried, form_page, saved, today, tried
from anydoor.web.desk.staff_list import facts_for
from anydoor.web.desk.staff_person import somebody_here
from anydoor.web.shell import AnydoorRequest, signed_in

BACK = ("Who has access", "desk:staff")


class AddForm(Form):
    """Who joins, where, as what, and when."""

    name = TextField(label="Full name", missing="Write their name.", limit=120, autocomplete="off")
    email = EmailField(
        label="Work email address",
        hint="Of the NHS, a council or school, or of an organisation your area vouches for.",
        missing="Write their work address.",
        autocomplete="off",
    )
    job_title = TextField(label="Job title", required=False, limit=120)
    team = SelectField(label="Team", nothing="Choose a team", missing="Choose a team.")
    role = SelectField(label="Role", nothing="Choose a role", missing="Choose a role.")
    first = DayField(label="First day")
    last = DayField(label="Last day", hint="For somebody who is here for a time.", required=False)


class BeginForm(Form):
    """Another role of somebody who is here."""

    team = SelectField(label="Team", nothing="Choose a team", missing="Choose a team.")
    role = SelectField(label="Role", nothing="Choose a role", missing="Choose a role.")
    first = DayField(label="First day")
    last = DayField(label="Last day", required=False)


class ChangeForm(Form):
    """Another role in place of this one."""

    role = SelectField(label="Role from then on", nothing="Choose a role", missing="Choose a role.")
    first = DayField(label="First day of the new role")
    to = SelectField(
        label="Who takes over what they hold, if they work with families no more?",
        required=False,
        nothing="The team’s lead, or whoever stands in",
    )


class EndForm(Form):
    """When a role ends, and who takes over."""

    when = ChoiceOfOne(
        label="When does it end?",
        options=[
            Choice("now", "Now"),
            Choice("day", "After a last day", reveals="last"),
        ],
        look="small",
        missing="Choose when it ends.",
    )
    last = DayField(label="Last day", required=False)
    to = SelectField(
        label="Who takes over what they hold?",
        required=False,
        nothing="The team’s lead, or whoever stands in",
    )


def _teams(request: AnydoorRequest) -> list[Team]:
    """The teams to which this person may add somebody, by organisation and name."""
    rows = Team.objects.filter(in_reach(request.standing, "")).select_related("organisation")
    found = rows.order_by("organisation__name", "name", "pk")
    return [one for one in found if may(request.standing, "add_colleague", facts_for(one))]


def _roles(request: AnydoorRequest, teams: Iterable[Team], user_id: int | None = None) -> list[Role]:
    """The roles this person may give in any of these teams."""
    wanted = list(teams)
    return [
        role
        for role in Role
        if any(may(request.standing, "give_role", facts_for(team, user_id, role)) for team in wanted)
        and (role != Role.FRONT_DOOR or any(team.kind == "front_door" for team in wanted))
    ]


def _fill(form: Form, teams: Sequence[Team], roles: Sequence[Role]) -> dict[str, Team]:
    several = len({one.organisation_id for one in teams}) > 1
    fields: Any = form.fields
    fields["team"].options = [
        (str(one.pk), f"{one.name}, {one.organisation.name}" if several else one.name) for one in teams
    ]
    fields["role"].options = [(role.value, ROLE_WORDS[role]) for role in roles]
    return {str(one.pk): one for one in teams}


@signed_in
def access_add(request: AnydoorRequest) -> HttpResponse:
    """A colleague joins. Whoever asks is told the same whether there was an account or not."""
    check(request.standing, "add_colleague")
    teams = _teams(request)
    form = AddForm(
        request.POST or None, initial={"first": today(request), "team": request.GET.get("team", "")}
    )
    known = _fill(form, teams, _roles(request, teams))
    result: Tried[Any] = Tried()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        team = known[data["team"]]
        result = tried(
            form,
            lambda: staffing.add_colleague(
                team=team,
                who=Newcomer(data["name"], data["email"], data["job_title"] or ""),
                role=Role(data["role"]),
                period=Period(data["first"], data["last"]),
                by=request.user,
                at=request.at,
            ),
        )
        if result.ok:
            words = (
                f"{data['name']} joins {team.name} on {full_date(data['first'])}. "
                f"We write to {data['email']}."
            )
            return saved(request, words, "desk:staff")
    return form_page(
        request,
        form,
        title="Add a colleague",
        lead="They get an email with what to do. A link to set a password works once, for three days.",
        back=(BACK[0], reverse(BACK[1])),
        button="Add them",
        current="work",
        conflict=result.conflict,
    )


@signed_in
def access_begin(request: AnydoorRequest, user_id: int) -> HttpResponse:
    """Somebody who is here begins another role."""
    entry, user = somebody_here(request, user_id, "review_access")
    check(request.standing, "add_colleague")
    teams = _teams(request)
    form = BeginForm(request.POST or None, initial={"first": today(request)})
    known = _fill(form, teams, _roles(request, teams, user_id))
    result: Tried[Any] = Tried()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        team = known[data["team"]]
        result = tried(
            form,
            lambda: staffing.begin_role(
                user=user,
                team=team,
                role=Role(data["role"]),
                period=Period(data["first"], data["last"]),
                by=request.user,
                at=request.at,
            ),
        )
        if result.ok:
            words = f"{user.name} begins in {team.name} on {full_date(data['first'])}."
            return saved(request, words, "desk:colleague", user_id)
    return form_page(
        request,
        form,
        title=f"Another role for {entry.name}",
        back=(entry.name, reverse("desk:colleague", args=[user_id])),
        button="Give the role",
        current="work",
        conflict=result.conflict,
    )


def _role_row(request: AnydoorRequest, role_id: int) -> Membership:
    """A role in reach that this person may end. `NotFound` for all others."""
    rows = Membership.objects.filter(in_reach(request.standing), pk=role_id)
    row = rows.select_related("team__organisation", "user").first()
    if row is None or not may(request.standing, "see_access"):
        raise NotFound(NO_SUCH)
    check(request.standing, "end_role", facts_of(row))
    return row


def _covers(form: Form, row: Membership, request: AnydoorRequest) -> dict[str, User]:
    found = {str(one.pk): one for one in colleagues(row.team, request.at) if one.pk != row.user_id}
    fields: Any = form.fields
    fields["to"].options = [(key, one.name) for key, one in found.items()]
    return found


def _holds_words(row: Membership, who: Standing) -> str:
    if row.role not in WORKS_WITH_FAMILIES:
        return ""
    many = held_in(user=row.user, team=row.team, who=who)
    return f"{row.user.name} holds {plural(many, 'family', 'families').lower()} in {row.team.name}."


def moved_words(moved: Sequence[Moved]) -> str:
    """How many things went to whom, in a sentence; nothing when nothing moved. No family is named."""
    if not moved:
        return ""
    to = Counter(one.to_name for one in moved)
    shared = sentence([f"{name} {many}" for name, many in to.most_common()])
    return f" {plural(len(moved), 'thing')} they held went to colleagues: {shared}."


@signed_in
def access_end(request: AnydoorRequest, role_id: int) -> HttpResponse:
    """A role ends, now or after a last day. What is held in it goes to colleagues."""
    row = _role_row(request, role_id)
    form = EndForm(request.POST or None)
    covers = _covers(form, row, request)
    result: Tried[Any] = Tried()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        if data["when"] == "day" and data["last"] is None:
            form.add_error("last", "Write the last day.")
        else:
            day = london_day(request.at) if data["when"] == "now" else data["last"] + timedelta(days=1)
            result = tried(
                form,
                lambda: staffing.end_role(
                    role_id=role_id, on=day, by=request.user, at=request.at, to=covers.get(data["to"])
                ),
            )
        if result.ok:
            when = "ended" if data["when"] == "now" else f"ends after {full_date(data['last'])}"
            words = f"The role {when}.{moved_words(to_tell(result.done or [], who=request.standing))}"
            return saved(request, words, "desk:colleague", row.user_id)
    return form_page(
        request,
        form,
        title=f"End a role of {row.user.name}",
        lead=f"{ROLE_WORDS[Role(row.role)]}, {row.team.name}. {_holds_words(row, request.standing)}".strip(),
        back=(row.user.name, reverse("desk:colleague", args=[row.user_id])),
        button="End the role",
        current="work",
        conflict=result.conflict,
    )


@signed_in
def access_change(request: AnydoorRequest, role_id: int) -> HttpResponse:
    """Another role in the same team from a day on."""
    row = _role_row(request, role_id)
    form = ChangeForm(request.POST or None, initial={"first": today(request)})
    covers = _covers(form, row, request)
    fields: Any = form.fields
    fields["role"].options = [
        (role.value, ROLE_WORDS[role])
        for role in _roles(request, [row.team], row.user_id)
        if role != row.role
    ]
    result: Tried[Any] = Tried()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: staffing.change_role(
                role_id=role_id,
                role=Role(data["role"]),
                on=data["first"],
                by=request.user,
                at=request.at,
                to=covers.get(data["to"]),
            ),
            {"last": "first"},
        )
        if result.ok:
            moved = result.done[1] if result.done else []
            told = moved_words(to_tell(moved, who=request.standing))
            words = f"The role changes on {full_date(data['first'])}.{told}"
            return saved(request, words, "desk:colleague", row.user_id)
    return form_page(
        request,
        form,
        title=f"Change a role of {row.user.name}",
        lead=f"{ROLE_WORDS[Role(row.role)]}, {row.team.name}. {_holds_words(row, request.standing)}".strip(),
        back=(row.user.name, reverse("desk:colleague", args=[row.user_id])),
        button="Change the role",
        current="work",
        conflict=result.conflict,
    )


urls = [
    path("staff/add/", access_add, name="add_colleague"),
    path("staff/<int:user_id>/role/", access_begin, name="begin_role"),
    path("staff/role/<int:role_id>/end/", access_end, name="end_role"),
    path("staff/role/<int:role_id>/change/", access_change, name="change_role"),
]
