"""A father answers from his link on the morning of the pictures: question 9 is above nought; Tom is told."""

from __future__ import annotations

from datetime import timedelta

from anydoor.access.models import User
from anydoor.care.measures import links
from anydoor.care.measures.links import Sent
from anydoor.care.measures.taking import Answers, Plan
from anydoor.config.demo.answering import spread_out, ticked
from anydoor.config.demo.clock import Course
from anydoor.config.demo.life import Life
from anydoor.people.models import ContactPoint

MOOD, WORRY = 12, 9
ANSWERED = timedelta(minutes=12)  # before now


def asked_by_link(life: Life, by: User) -> Sent:
    """The questions on mood and worry, sent to his own number while they spoke."""
    referral = life.referral()
    point = ContactPoint.objects.get(person_id=life.person_id, ended_at=None)
    plan = Plan("PHQ-9", why="concern", thing=referral)
    return links.send_link(
        family_id=life.family_id,
        person_id=life.person_id,
        plans=links.plans(("PHQ-9", "GAD-7"), plan),
        contact_point_id=point.pk,
        by=by,
        team=referral.front_door,
        at=life.at,
    )


def answers(life: Life, sent: Sent) -> Course:
    """This morning: worry first, then mood, one question after the other, and the ninth is several days."""
    yield life.county.now - ANSWERED
    links.open_link(secret=sent.secret, at=life.at)
    mood, worry = sent.measures
    links.save_answer(
        secret=sent.secret, measure_id=worry.pk, answers=ticked(spread_out(WORRY, 7)), at=life.at
    )
    scores = spread_out(MOOD, 9, last=1)
    for item, score in enumerate(scores, 1):
        links.save_answer(
            secret=sent.secret, measure_id=mood.pk, answers=Answers(ticked={str(item): score}), at=life.at
        )
    links.finish_link(secret=sent.secret, at=life.at)
