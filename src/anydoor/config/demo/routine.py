"""Routine contacts as their time comes: most take place, some late, few ask what belongs to them.

The shares are those of the sources: GAD-2 asked at 19 in a hundred appointments at 28 weeks and at 10 in a
hundred last visits of the midwife, Whooley at 59 (North Northamptonshire); 85 in a hundred new baby reviews
within 14 days (England, 2024-25). The others are invented between them. Partners of those in specialist care
are offered an assessment of their own, and not all of them yet.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random

from anydoor.access.models import User
from anydoor.care import partners
from anydoor.care.measures import taking
from anydoor.care.measures.taking import Answers, Plan
from anydoor.care.models import Episode, ScheduledContact
from anydoor.care.schedule import recording
from anydoor.care.schedule.recording import Told
from anydoor.config.demo.clock import Course
from anydoor.config.demo.life import Life
from anydoor.people.models import FamilyMember
from anydoor.rules import working_time

IN_TIME: Mapping[str, float] = {
    "HV1": 0.62,
    "HV2": 0.85,
    "HV3": 0.8,
    "HV4": 0.7,
    "GP": 0.55,
    "MW-PN": 0.94,
    "SCAN-1": 0.98,
    "SCAN-2": 0.98,
}
USUAL = 0.9
LATE, DECLINED = 0.06, 0.03
# Of the contacts that took place, how many asked it.
ASKED: Mapping[str, Mapping[str, float]] = {
    "MW-BK": {"Whooley": 0.9, "GAD-2": 0.6},
    "MW-28": {"Whooley": 0.55, "GAD-2": 0.21},
    "HV1": {"Whooley": 0.7, "GAD-2": 0.6},
    "MW-PN": {"Whooley": 0.62, "GAD-2": 0.11},
    "HV2": {"Whooley": 0.8, "GAD-2": 0.75},
    "HV3": {"Whooley": 0.85, "GAD-2": 0.8},
}
POSITIVE = 0.22
SAID = (
    "All well. She is tired and says so.",
    "We talked about sleep and about who comes by.",
    "Weighed, fed, and a good talk.",
    "She asked about the group at the hub.",
    "Both parents were there.",
)
NO = ("Not now, her mother is staying.", "She sees a private midwife.", "")
HIS_YES = ("Yes, if it is about me for once.", "All right. Evenings are best.", "Go on then.")
HIS_NO = ("Not my thing.", "Maybe later, when she is better.", "")


def contacts(life: Life) -> Course:
    """Looks each week at what is due in this family, and does most of it."""
    rng = Random(f"{life.county.seed}/{life.county.slug}/{life.teller.name}/routine")
    drawn: dict[tuple[int, str], float] = {}
    order: list[int] = []
    while True:
        day = working_time.next_working_day(
            working_time.in_london(life.at).date() + timedelta(days=rng.randint(3, 6))
        )
        yield working_time.london(day, working_time.OPENS) + timedelta(minutes=rng.randint(60, 420))
        rows = list(
            ScheduledContact.objects.open()
            .filter(family_id=life.family_id, opens_on__lte=day, lapses_on__gte=day)
            .select_related("team")
            .order_by("opens_on", "pk")
        )
        for row in rows:
            if row.child_id not in order:
                order.append(row.child_id)
            key = (order.index(row.child_id), row.key)
            share = drawn.setdefault(key, rng.random())
            _come(life, row, share, day, rng)
        if rng.random() < 0.5:
            _partners(life, rng)


def _come(life: Life, row: ScheduledContact, share: float, day: date, rng: Random) -> None:
    """By the share drawn for it: in time, late, a no, or nothing."""
    in_time = IN_TIME.get(row.key, USUAL)
    by = _who(life, row, rng)
    if share < in_time:
        if day > row.closes_on:
            return
        asked = _ask(life, row, by, rng)
        _done(life, row, by, day, asked, rng)
    elif share < in_time + LATE:
        if day > row.closes_on:
            _done(life, row, by, day, False, rng)
    elif share < in_time + LATE + DECLINED:
        recording.decline(
            family_id=row.family_id,
            child_id=row.child_id,
            key=row.key,
            reason=rng.choice(("not_wanted", "not_now", "seen_elsewhere")),
            words=rng.choice(NO),
            by=by,
            at=life.at,
        )


def _who(life: Life, row: ScheduledContact, rng: Random) -> User:
    """Somebody of the team that makes it; where the area has none here, whoever works at the front door."""
    if row.team is not None and life.county.staff.workers.get(row.team.slug):
        return life.county.somebody_of(row.team.slug, life.at, rng)
    return life.worker()


def _done(life: Life, row: ScheduledContact, by: User, day: date, positive: bool, rng: Random) -> None:
    acted = positive and rng.random() < 0.7
    recording.record_contact_done(
        family_id=row.family_id,
        child_id=row.child_id,
        key=row.key,
        on=day,
        told=Told(
            by_whom="The GP practice" if row.provider == "gp" else "",
            words=rng.choice(SAID) if rng.random() < 0.4 else "",
            wellbeing="yes" if rng.random() < 0.8 else "not_asked",
            action=rng.choice(("plan", "gp", "in_hand")) if acted else "",
        ),
        by=by,
        at=life.at,
    )


def _ask(life: Life, row: ScheduledContact, by: User, rng: Random) -> bool:
    """Ask what belongs to the contact, as often as it is asked. Whether an answer was positive."""
    asked = {name: rng.random() < share for name, share in ASKED.get(row.key, {}).items()}
    mother = FamilyMember.objects.filter(family_id=row.family_id, role="mother", left_at=None).first()
    if mother is None or not any(asked.values()):
        return False
    positive = False
    for name in (name for name, is_asked in asked.items() if is_asked):
        raised = rng.random() < POSITIVE
        positive |= raised
        # By options as printed: Whooley has Yes before No.
        scores = {"Whooley": ((1, 1), (0, 1))}.get(name, ((1, 0), (2, 2)))
        draft = taking.begin(
            family_id=row.family_id,
            person_id=mother.person_id,
            plan=Plan(name, schedule_key=row.key),
            mode="interview",
            by=by,
            team=row.team,
            at=life.at,
        )
        taking.finish(
            measure_id=draft.pk,
            by=by,
            at=life.at,
            answers=Answers(ticked={str(place): score for place, score in enumerate(scores[raised], 1)}),
        )
    return positive


def _partners(life: Life, rng: Random) -> None:
    """One step with the partner of somebody in specialist care, now and then."""
    episodes = list(
        Episode.objects.open()
        .filter(family_id=life.family_id, service__in=partners.services_that_count())
        .select_related("service", "person", "holder", "family__care")
    )
    for row in partners.rows_of(episodes)[:1]:
        by = row.episode.holder
        if by is None or row.partner is None:
            continue
        if row.stands == "due" and rng.random() < 0.2:
            partners.offer_partner(
                row=row, how="in_person", on=working_time.london_day(life.at), by=by, at=life.at
            )
        elif row.stands == "offered" and rng.random() < 0.5:
            if rng.random() < 0.6:
                partners.agree_partner(row=row, words=rng.choice(HIS_YES), by=by, at=life.at)
            else:
                partners.decline_partner(
                    row=row,
                    words=rng.choice(HIS_NO),
                    signpost="Dads' groups near you, and Talking Therapies. He has the card.",
                    by=by,
                    at=life.at,
                )
        elif row.stands == "agreed" and rng.random() < 0.5:
            partners.take_partner(row=row, on=working_time.london_day(life.at), by=by, at=life.at)
