"""What people answer: measures taken by a worker or from a link, goals, and an answer talked through."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from anydoor.access.models import User
from anydoor.care import episode
from anydoor.care.measures import alerts, links, taking
from anydoor.care.measures.about import set_descriptor
from anydoor.care.measures.goals import goals_of, rate_goal, set_goal
from anydoor.care.measures.taking import Answers, Plan
from anydoor.care.models import Episode, MeasureAlert
from anydoor.config.demo.clock import Course, back
from anydoor.config.demo.drawn import Drawn, contacts, named, to_holder
from anydoor.config.demo.life import Life, holder_of
from anydoor.people.models import ContactPoint

Scores = Sequence[int | None]
MOOD, WORRY = "PHQ-9", "GAD-7"
GOAL = "Take Micah to the park and stay, without being scared"
# Of the families somebody helps with mood or worry, how many are asked these questions each second time.
ASKED = 0.2
ASKED_IN_THERAPY = 0.9
SIZES = {MOOD: 9, WORRY: 7}


def spread_out(total: int, size: int, *, last: int | None = None) -> list[int]:
    """Scores of 0 to 3 that add up to `total`, even over the items; the last item as given."""
    items = size if last is None else size - 1
    rest = total - (last or 0)
    scores = [rest // items + (at < rest % items) for at in range(items)]
    return scores if last is None else [*scores, last]


# ---------------------------------------------------------------- Shanelle, whose trend is drawn

# Working days ago, hour, who asks (a link where nobody does), PHQ-9 and GAD-7 item by item.
SHANELLE: tuple[tuple[int, int, str, Scores, Scores], ...] = (
    (45, 11, "phone", spread_out(17, 9, last=1), spread_out(14, 7)),
    (35, 10, "", spread_out(15, 9, last=0), [2, 2, 2, 2, None, 2, 1]),
    (25, 10, "", spread_out(16, 9, last=0), spread_out(13, 7)),
    (15, 14, "hub", spread_out(12, 9, last=0), spread_out(11, 7)),
    (5, 10, "", spread_out(8, 9, last=0), spread_out(9, 7)),
)
RATED = {45: 2, 25: 3, 15: 5, 5: 6}


def shanelle(life: Life, drawn: Drawn) -> Course:
    """Five times PHQ-9 and GAD-7 with Grace: one gap, one answer that was talked through the same day."""
    begun = yield from to_holder(life, replace(drawn, coming=None))
    grace = named(life.county, drawn.holder)
    set_descriptor(episode=begun, descriptor="mixed_anxiety_depression", by=grace, at=life.at)
    for days, hour, place, mood, worry in SHANELLE:
        yield max(back(life.county.now, days, hour), life.at)
        row = life.episode(begun.pk)
        both = ((MOOD, mood), (WORRY, worry))
        if place:
            met(life, row, place, grace)
            here(life, row, both, grace)
        else:
            yield from by_link(life, row, both, grace)
        goal(life, row, RATED.get(days), grace)
        if days == SHANELLE[0][0]:
            yield life.minutes(15, 30)
            talked_through(life, grace)
    yield from contacts(life, replace(drawn, met=()), begun.pk)


def met(life: Life, row: Episode, place: str, by: User) -> None:
    """The treatment appointment at which they were asked."""
    episode.record_contact(
        thing=row,
        mode="clinic" if place == "hub" else place,
        outcome="attended",
        words="We went through her week, and what she wants to try next.",
        minutes=50,
        purpose="treatment",
        by=by,
        at=life.at,
    )


def here(life: Life, row: Episode, both: Sequence[tuple[str, Scores]], by: User) -> None:
    """Asked aloud by a worker."""
    drafts = taking.begin_together(
        family_id=row.family_id,
        person_id=row.person_id,
        plans=[Plan(name, why="review", thing=row) for name, _ in both],
        mode="interview",
        by=by,
        team=row.holder_team,
        at=life.at,
    )
    for draft, (_, scores) in zip(drafts, both, strict=True):
        taking.finish(measure_id=draft.pk, answers=ticked(scores), by=by, at=life.at)


def by_link(life: Life, row: Episode, both: Sequence[tuple[str, Scores]], by: User) -> Course:
    """Sent to the phone and answered on it a little later."""
    point = ContactPoint.objects.filter(person_id=row.person_id, safe="yes", ended_at=None).first()
    if point is None:
        return
    sent = links.send_link(
        family_id=row.family_id,
        person_id=row.person_id,
        plans=[Plan(name, why="review", thing=row) for name, _ in both],
        contact_point_id=point.pk,
        by=by,
        team=row.holder_team,
        at=life.at,
    )
    yield life.minutes(20, 90)
    links.open_link(secret=sent.secret, at=life.at)
    for draft, (_, scores) in zip(sent.measures, both, strict=True):
        links.save_answer(secret=sent.secret, measure_id=draft.pk, answers=ticked(scores), at=life.at)
    links.finish_link(secret=sent.secret, at=life.at)


def ticked(scores: Scores) -> Answers:
    """Options as printed; an item that was left out is not there."""
    return Answers(ticked={str(at): score for at, score in enumerate(scores, 1) if score is not None})


def goal(life: Life, row: Episode, rating: int | None, by: User) -> None:
    """Her own goal, rated again when they meet."""
    if rating is None:
        return
    found = goals_of(row.person, row.family_id)
    if found:
        rate_goal(goal=found[0].goal, rating=rating, words="", by=by, at=life.at)
    else:
        set_goal(
            person=row.person,
            family_id=row.family_id,
            words=GOAL,
            rating=rating,
            episode=row,
            by=by,
            at=life.at,
        )


def talked_through(life: Life, by: User) -> None:
    """Whoever asked speaks with them at once and says what they did."""
    for alert in MeasureAlert.objects.open().filter(family_id=life.family_id).order_by("pk"):
        alerts.acknowledge(
            alert_id=alert.pk,
            action="safe_plan",
            words="Talked through on the same call. Thoughts at night, no plan. Her sister knows and stays.",
            by=by,
            at=life.at,
        )


# ---------------------------------------------------------------- Rosie, whose page shows them


def rosie(life: Life, episode_id: int) -> None:
    """Two questions, then both questionnaires, at one visit."""
    row = life.episode(episode_id)
    asked = (
        ("Whooley", (0, 0)),
        (MOOD, spread_out(11, 9, last=0)),
        (WORRY, spread_out(12, 7)),
    )
    here(life, row, asked, holder_of(row))


# ---------------------------------------------------------------- everybody else


def perhaps(life: Life, row: Episode, times_met: int) -> None:
    """At every second meeting, of some families who are helped with mood or worry."""
    if row.service.strand != "pmh" or row.level == "universal" or times_met % 2 == 0:
        return
    # Chance of its own: what is asked here must change nothing of what happens in the family.
    rng = Random(f"{life.county.seed}/answers/{life.teller.name}")
    often = ASKED_IN_THERAPY if "talking-therapies" in row.service.slug else ASKED
    if rng.random() > often or row.holder is None:
        return
    start = {MOOD: rng.randint(9, 20), WORRY: rng.randint(7, 17)}
    slope = rng.choice((-1.0, 0.0, 1.0, 2.5, 3.5, 4.5))  # points of each meeting
    both = [
        # At most what its items hold when the last is nought.
        (
            name,
            spread_out(
                min(max(0, round(least - slope * times_met)), 3 * SIZES[name] - 3), SIZES[name], last=0
            ),
        )
        for name, least in start.items()
    ]
    here(life, row, both, row.holder)
