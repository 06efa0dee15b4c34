"""Pages: how one person has been, their goals, and what the help is about."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path, reverse

from anydoor.access.policy import fields_seen
from anydoor.care import scope
from anydoor.care.measures.about import set_descriptor
from anydoor.care.measures.goals import end_goal, goals_of, rate_goal, set_goal
from anydoor.care.measures.trend import Trend, trend_of
from anydoor.care.models import Episode, FamilyCare, Goal
from anydoor.care.models.episode import DESCRIPTORS
from anydoor.care.picture import Member, members_of
from anydoor.people.models import ROLES_IN_FAMILY
from anydoor.rules.errors import NotAllowed, NotFound
from anydoor.rules.stage import age_in_words
from anydoor.ui.forms import Choice, ChoiceOfOne, Form, FormKeyField, LongTextField, TextField
from anydoor.ui.times import calendar_day
from anydoor.ui.words import given_name
from anydoor.web.desk.acting import form_page, saved, sending, tried
from anydoor.web.desk.danger import alarms_of_person
from anydoor.web.desk.frame import page
from anydoor.web.desk.people import member_in, to_person
from anydoor.web.desk.trend_page import trend_context
from anydoor.web.shell import AnydoorRequest, signed_in

RATINGS = [Choice(str(number), str(number)) for number in range(11)]
NEARNESS = "0 is not begun, 10 is all they hoped for. They say the number."


class GoalForm(Form):
    """A goal in the person's own words, and where they stand today."""

    form_key = FormKeyField()
    words = LongTextField(
        label="What do they want to come of the help?",
        hint="In their own words, like: I want to take him to the park without being scared.",
        rows=2,
        limit=300,
        missing="Write the goal in their words.",
    )
    rating = ChoiceOfOne(
        label="How near are they today?",
        hint=NEARNESS,
        options=RATINGS,
        look="inline",
        missing="Choose a number.",
    )


class RateForm(Form):
    """How near they feel today."""

    form_key = FormKeyField()
    rating = ChoiceOfOne(
        label="How near are they today?",
        hint=NEARNESS,
        options=RATINGS,
        look="inline",
        missing="Choose a number.",
    )
    note = TextField(label="What they said about it", limit=500, required=False)


class EndForm(Form):
    """Why a goal ends."""

    why = TextField(
        label="Why does it end?",
        hint="Like: reached, or something else matters more now.",
        limit=300,
        missing="Say why it ends, in a line.",
    )


class AboutForm(Form):
    """What an episode is about."""

    descriptor = ChoiceOfOne(
        label="What is the help about?",
        hint="It decides which anxiety measure counts beside PHQ-9. It is no diagnosis.",
        options=[Choice(key, words) for key, words in DESCRIPTORS.items()],
    )


# ---- how somebody has been


@signed_in
def trend(request: AnydoorRequest, family_id: int, person_id: int) -> HttpResponse:
    """Three sentences, the charts that prove them, and the same numbers."""
    care, one = _adult(request, family_id, person_id, "see_family")
    _check_shared(request, care, one)
    scope.looked(
        what="see_measures",
        subject="person",
        subject_id=person_id,
        family_id=family_id,
        by=request.user,
        at=request.at,
        why="your team works with the family",
    )
    found = trend_of(one.person, care)
    shown = trend_context(found, goals_of(one.person, family_id), request.at)
    name = given_name(one.person.called)
    alarms = alarms_of_person(family_id, person_id, request.at)
    context = {
        **shown,
        "alarm": alarms[0] if alarms else None,
        "care": care,
        "person": one.person,
        "name": name,
        "back": to_person(one, family_id),
        "lead": ". ".join([_who(one, request), *_children(family_id, request), shown["span"]]),
        "holder": care.lead,
        "holder_team": care.lead_team.name if care.lead_team is not None else "",
        "about": _about(found),
    }
    return page(request, "desk/trend.jinja", "families", context)


def _check_shared(request: AnydoorRequest, care: FamilyCare, one: Member) -> None:
    if "measures" not in fields_seen(request.standing, scope.facts_of(care), about=one.person.pk):
        name = given_name(one.person.called)
        raise NotAllowed(f"{name} agreed to share with your team, but not answers to questions. Ask first.")


def _adult(request: AnydoorRequest, family_id: int, person_id: int, action: str) -> tuple[Any, Member]:
    care, one = member_in(request, family_id, person_id, action)
    if not one.is_adult:
        raise NotFound(scope.NO_SUCH)
    return care, one


def _who(one: Member, request: AnydoorRequest) -> str:
    age = one.person.age_on(calendar_day(request.at))
    return ROLES_IN_FAMILY[one.role].capitalize() + (f", {age}" if age else "")


def _children(family_id: int, request: AnydoorRequest) -> list[str]:
    """ "Micah is 5 months", for each child that lives; nothing of an expected one, and nothing of a loss."""
    day = calendar_day(request.at)
    return [
        f"{given_name(row.person.called)} is {age_in_words(row.person.born_on, day)}"
        for row in members_of(family_id)
        if not row.is_adult
        and not row.is_lost
        and row.person.born_on is not None
        and row.person.born_on <= day
    ]


def _about(found: Trend) -> dict[str, str] | None:
    """What the help that counts for outcomes is about, with the way to change it."""
    if found.outcome is None:
        return None
    episode = found.outcome.episode
    return {
        "service": episode.service.name,
        "words": DESCRIPTORS[episode.descriptor],
        "attended": str(len(found.outcome.attended)),
        "href": reverse("desk:episode_about", args=[episode.pk]),
    }


# ---- goals


@signed_in
def add_goal(request: AnydoorRequest, family_id: int, person_id: int) -> HttpResponse:
    """Write down a goal with somebody."""
    care, one = _adult(request, family_id, person_id, "take_measure")
    form = GoalForm(request.POST or None)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        episode = _open_episode(family_id, person_id)
        result = tried(
            form,
            lambda: set_goal(
                person=one.person,
                family_id=care.pk,
                words=data["words"],
                rating=int(data["rating"]),
                episode=episode,
                by=request.user,
                at=request.at,
                form_key=sending(request),
            ),
        )
        if result.ok:
            return saved(request, "The goal is written down.", "desk:trend", family_id, person_id)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title=f"A goal of {given_name(one.person.called)}’s own",
        back=_to_trend(one, family_id),
        button="Write it down",
        conflict=conflict,
    )


@signed_in
def rate(request: AnydoorRequest, family_id: int, person_id: int, goal_id: int) -> HttpResponse:
    """Ask again how near they are."""
    care, one = _adult(request, family_id, person_id, "take_measure")
    row = _goal(request, care, one, goal_id)
    form = RateForm(request.POST or None)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        result = tried(
            form,
            lambda: rate_goal(
                goal=row,
                rating=int(data["rating"]),
                words=data["note"],
                by=request.user,
                at=request.at,
                form_key=sending(request),
            ),
        )
        if result.ok:
            return saved(request, "It is recorded.", "desk:trend", family_id, person_id)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title="How near is it today?",
        lead=f"“{row.words}”",
        back=_to_trend(one, family_id),
        button="Record it",
        conflict=conflict,
        second={
            "label": "End this goal",
            "href": reverse("desk:end_goal", args=[family_id, person_id, goal_id]),
        },
    )


@signed_in
def end(request: AnydoorRequest, family_id: int, person_id: int, goal_id: int) -> HttpResponse:
    """A goal is reached, or is one no longer."""
    care, one = _adult(request, family_id, person_id, "take_measure")
    row = _goal(request, care, one, goal_id)
    form = EndForm(request.POST or None)
    conflict = ""
    if request.method == "POST" and form.is_valid():
        result = tried(
            form, lambda: end_goal(goal=row, why=form.cleaned_data["why"], by=request.user, at=request.at)
        )
        if result.ok:
            return saved(request, "The goal has ended and is kept.", "desk:trend", family_id, person_id)
        conflict = result.conflict
    return form_page(
        request,
        form,
        title="End this goal",
        lead=f"“{row.words}”",
        back=_to_trend(one, family_id),
        button="End it",
        conflict=conflict,
    )


def _to_trend(one: Member, family_id: int) -> tuple[str, str]:
    return (
        f"How {given_name(one.person.called)} has been",
        reverse("desk:trend", args=[family_id, one.person.pk]),
    )


def _goal(request: AnydoorRequest, care: FamilyCare, one: Member, goal_id: int) -> Goal:
    _check_shared(request, care, one)
    found = Goal.objects.filter(pk=goal_id, family_id=care.pk, person_id=one.person.pk).first()
    if found is None:
        raise NotFound(scope.NO_SUCH)
    return found


def _open_episode(family_id: int, person_id: int) -> Episode | None:
    """The help a new goal belongs to: the person's own that is open, the newest of several."""
    return (
        Episode.objects.open().filter(family_id=family_id, person_id=person_id).order_by("-opened_at").first()
    )


# ---- what the help is about


@signed_in
def episode_about(request: AnydoorRequest, episode_id: int) -> HttpResponse:
    """Say what an episode is about, so that its outcome is held against the right measure."""
    episode = scope.episode_for(request.standing, episode_id)
    _, one = _adult(request, episode.family_id, episode.person_id, "take_measure")
    form = AboutForm(request.POST or None, initial={"descriptor": episode.descriptor})
    if request.method == "POST" and form.is_valid():
        result = tried(
            form,
            lambda: set_descriptor(
                episode=episode, descriptor=form.cleaned_data["descriptor"], by=request.user, at=request.at
            ),
        )
        if result.ok:
            return saved(request, "It is recorded.", "desk:trend", episode.family_id, episode.person_id)
    return form_page(
        request,
        form,
        title=f"What is {episode.service.name} about?",
        back=_to_trend(one, episode.family_id),
        button="Save",
    )


PERSON = "family/<int:family_id>/person/<int:person_id>"
urls = [
    path(f"{PERSON}/trend/", trend, name="trend"),
    path(f"{PERSON}/goals/", add_goal, name="set_goal"),
    path(f"{PERSON}/goals/<int:goal_id>/", rate, name="rate_goal"),
    path(f"{PERSON}/goals/<int:goal_id>/end/", end, name="end_goal"),
    path("episode/<int:episode_id>/about/", episode_about, name="episode_about"),
]
