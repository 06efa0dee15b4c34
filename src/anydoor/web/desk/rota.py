"""Pages: a front door's rota, changed by its lead. The fall-back is replaced, never taken away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.views.decorators.http import require_POST

from anydoor.access.models import DutyTurn
from anydoor.access.rota import WEEKDAYS, add_turn, name_fallback, remove_turn
from anydoor.care.holding import colleagues
from anydoor.care.scope import NO_SUCH
from anydoor.rules.errors import NotFound, WrongMoment
from anydoor.ui.forms import Form, SelectField, TimeField
from anydoor.web.desk.acting import Tried, form_page, saved, tried
from anydoor.web.desk.team import team_for
from anydoor.web.shell import AnydoorRequest, signed_in

BACK = "My team and leave"


class TurnForm(Form):
    """A weekly turn on duty."""

    user = SelectField(label="Who?", nothing="Choose a colleague", missing="Choose who is on duty.")
    weekday = SelectField(
        label="Which day?",
        nothing="Choose a day",
        options=[(str(number), name) for number, name in enumerate(WEEKDAYS)],
        missing="Choose a day of the week.",
    )
    starts = TimeField(label="From")
    ends = TimeField(label="Until")


class FallbackForm(Form):
    """Who holds when nobody on the rota can."""

    user = SelectField(label="Who is the fall-back from now on?", nothing="", missing="Choose a colleague.")


@signed_in
def turn(request: AnydoorRequest, team_id: int) -> HttpResponse:
    """Add a weekly turn."""
    one = team_for(request, team_id, "manage_rota")
    people = {str(user.pk): user for user in colleagues(one, request.at)}
    form = TurnForm(request.POST or None, initial={"starts": one.opens, "ends": one.closes})
    form.fields["user"].options = [(key, user.name) for key, user in people.items()]
    result: Tried[Any] = Tried()
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: add_turn(
                team=one,
                user=people[data["user"]],
                weekday=int(data["weekday"]),
                starts=data["starts"],
                ends=data["ends"],
                by=request.user,
                at=request.at,
            ),
        )
        if result.ok:
            return saved(request, "The turn is on the rota.", "desk:team")
    return form_page(
        request,
        form,
        title="Add a turn on duty",
        lead=one.name,
        back=(BACK, reverse("desk:team")),
        button="Add it",
        current="work",
        conflict=result.conflict,
    )


@require_POST
@signed_in
def take_off(request: AnydoorRequest, team_id: int, turn_id: int) -> HttpResponse:
    """Take a turn off the rota."""
    one = team_for(request, team_id, "manage_rota")
    row = DutyTurn.objects.filter(pk=turn_id, team=one).first()
    try:
        if row is None:
            raise WrongMoment("That turn is not on the rota any more. Nothing was changed.")
        remove_turn(turn=row, by=request.user, at=request.at)
        messages.success(request, "The turn is taken off the rota.")
    except WrongMoment as fault:
        messages.info(request, fault.message)
    return HttpResponseRedirect(reverse("desk:team"))


@signed_in
def fallback(request: AnydoorRequest, team_id: int) -> HttpResponse:
    """Name another fall-back."""
    one = team_for(request, team_id, "manage_rota")
    if one.kind != "front_door":
        raise NotFound(NO_SUCH)
    people = {str(user.pk): user for user in colleagues(one, request.at)}
    form = FallbackForm(request.POST or None, initial={"user": str(one.fallback_id or "")})
    form.fields["user"].options = [(key, user.name) for key, user in people.items()]
    result: Tried[Any] = Tried()
    if request.method == "POST" and form.is_valid():
        user = people[form.cleaned_data["user"]]
        result = tried(form, lambda: name_fallback(team=one, user=user, by=request.user, at=request.at))
        if result.ok:
            return saved(request, f"{user.name} is the fall-back now.", "desk:team")
    return form_page(
        request,
        form,
        title="Name the fall-back",
        lead="Who holds when nobody on the rota can. There is always one.",
        back=(BACK, reverse("desk:team")),
        button="Save",
        current="work",
        conflict=result.conflict,
    )


urls = [
    path("team/<int:team_id>/turn/", turn, name="add_turn"),
    path("team/<int:team_id>/turn/<int:turn_id>/off/", take_off, name="remove_turn"),
    path("team/<int:team_id>/fall-back/", fallback, name="name_fallback"),
]
