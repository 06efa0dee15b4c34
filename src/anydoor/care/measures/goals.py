"""Goals in people's own words: set one, rate it each time from 0 to 10, end it. And how far they have come.

A goal is one person's own, so the timeline of the family says only that there is one, and its words stand on
the person's page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from anydoor.access.models import User
from anydoor.care.models import Episode, Goal, GoalRating
from anydoor.care.models.goal import HIGHEST, LOWEST
from anydoor.care.record import Pen, first_name, writing
from anydoor.people.models import FamilyMember, Person
from anydoor.rules.change import GoalChange, goal
from anydoor.rules.errors import BadInput, NotFound, WrongMoment

MOST_OPEN = 5  # more than these nobody keeps in mind
MOST_WORDS = 300


@dataclass(frozen=True, slots=True)
class GoalSoFar:
    """A goal with every rating, oldest first, and the change between the first and the last."""

    goal: Goal
    ratings: Sequence[GoalRating]
    change: GoalChange | None  # None while it was rated once or not at all


def goals_of(person: Person, family_id: int) -> list[GoalSoFar]:
    """What one person wants to come of the help: open ones first, then in the order they were set."""
    found = Goal.objects.filter(person=person, family_id=family_id).prefetch_related(
        Prefetch("ratings", GoalRating.objects.select_related("recorded_by").order_by("rated_at", "pk"))
    )
    rows = [_so_far(row) for row in found.order_by("set_at", "pk")]
    return sorted(rows, key=lambda one: one.goal.ended_at is not None)


def _so_far(row: Goal) -> GoalSoFar:
    ratings = list(row.ratings.all())
    change = goal(ratings[0].rating, ratings[-1].rating) if len(ratings) > 1 else None
    return GoalSoFar(row, ratings, change)


def set_goal(
    *,
    person: Person,
    family_id: int,
    words: str,
    rating: int,
    by: User,
    at: datetime,
    episode: Episode | None = None,
    form_key: str = "",
) -> Goal:
    """A new goal with where they stand today. Raises `BadInput`; `WrongMoment` when there are five open."""
    said = " ".join(words.split())
    if not said or len(said) > MOST_WORDS:
        raise BadInput(f"Write the goal in up to {MOST_WORDS} characters.", field="words")
    _must_fit(rating)
    with writing(family_id, by=by, at=at, form_key=form_key) as pen:
        _must_be_in(person, family_id)
        if episode is not None and (episode.family_id, episode.person_id) != (family_id, person.pk):
            raise BadInput("That help is somebody else's.", field="episode")
        if Goal.objects.open().filter(person=person, family_id=family_id).count() >= MOST_OPEN:
            raise WrongMoment(f"There are {MOST_OPEN} goals already. End one of them first.")
        row = Goal.objects.create(
            family_id=family_id, person=person, episode=episode, words=said, set_at=at, set_by=by
        )
        _rate(row, rating, "", by, at, at)
        _note(
            pen,
            "goal_set",
            f"{by.name} wrote down a goal with {first_name(person.called)}.",
            f"“{said}” Today: {rating} of {HIGHEST}.",
            row,
        )
        return row


def rate_goal(
    *, goal: Goal, rating: int, words: str, by: User, at: datetime, form_key: str = ""
) -> GoalRating:
    """How near they feel to it today. Raises `BadInput`; `WrongMoment` when the goal was ended."""
    _must_fit(rating)
    if len(words) > 500:
        raise BadInput("Write up to 500 characters.", field="note")
    with writing(goal.family_id, by=by, at=at, form_key=form_key) as pen:
        row = Goal.objects.select_related("person").get(pk=goal.pk)
        if row.ended_at is not None:
            raise WrongMoment("This goal was ended meanwhile. Nothing was changed.")
        rated = _rate(row, rating, " ".join(words.split()), by, at, at)
        name = first_name(row.person.called)
        _note(
            pen,
            "goal_rated",
            f"{name} rated a goal again.",
            f"“{row.words}” Now: {rating} of {HIGHEST}. {rated.words}".strip(),
            row,
        )
        return rated


def end_goal(*, goal: Goal, why: str, by: User, at: datetime) -> Goal:
    """The goal is reached, or is one no longer. It stays with its ratings."""
    said = " ".join(why.split())
    if not said or len(said) > 300:
        raise BadInput("Say why it ends, in a line.", field="why")
    with writing(goal.family_id, by=by, at=at) as pen:
        row = Goal.objects.select_related("person").get(pk=goal.pk)
        if row.ended_at is not None:
            raise WrongMoment("This goal was ended already. Nothing was changed.")
        row.ended_at, row.ended_why = at, said
        row.save()
        name = first_name(row.person.called)
        _note(pen, "goal_ended", f"A goal of {name} was ended.", f"“{row.words}” {said}", row)
        return row


def _rate(row: Goal, rating: int, words: str, by: User, rated_at: datetime, at: datetime) -> GoalRating:
    return GoalRating.objects.create(
        goal=row, rating=rating, words=words, rated_at=rated_at, recorded_at=at, recorded_by=by
    )


def _must_fit(rating: int) -> None:
    if not LOWEST <= rating <= HIGHEST:
        raise BadInput(f"Choose a number from {LOWEST} to {HIGHEST}.", field="rating")


def _must_be_in(person: Person, family_id: int) -> None:
    """Only for somebody of this family: read again inside its lock."""
    if not FamilyMember.objects.filter(family_id=family_id, person=person, left_at__isnull=True).exists():
        raise NotFound("There is no such person in this family.")


def _note(pen: Pen, kind: str, headline: str, words: str, row: Goal) -> None:
    pen.note(kind, headline, words, subject=row.episode, facts={"person": row.person_id, "goal": row.pk})
