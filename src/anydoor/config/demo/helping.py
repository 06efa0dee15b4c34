"""A service works with a family: contact after contact, a step up or down, help beside it, the end."""

from __future__ import annotations

from datetime import timedelta

from anydoor.care import episode as episodes
from anydoor.care import holding, triage
from anydoor.care.models import Contact, Episode
from anydoor.config.demo import words
from anydoor.config.demo.answering import perhaps
from anydoor.config.demo.clock import Course
from anydoor.config.demo.handing_over import hand_over
from anydoor.config.demo.life import Life, holder_of
from anydoor.directory.models import Service

# Contacts and the days between them, by level.
RHYTHM = {"universal": (1, 3, 12), "targeted": (3, 7, 10), "specialist": (5, 10, 8)}
OUTCOMES = ("attended",) * 16 + (
    "could_not_come",
    "could_not_come",
    "cancelled_family",
    "moved",
    "not_reached",
)
STEP_UP, STEP_DOWN, BESIDE = 0.07, 0.16, 0.08


def help_given(life: Life, pk: int) -> Course:
    """From the first contact to the end, or for as long as the half year lasts."""
    row = life.episode(pk)
    least, most, apart = RHYTHM[row.level]
    if life.chance(BESIDE):
        life.start(beside, pk, at=life.days(2, 9))
    for number in range(life.rng.randint(least, most)):
        yield from one_contact(life, pk, life.rng.randint(apart - 3, apart + 4))
        row = life.episode(pk)
        if row.stage != "open":
            return
        if number == 1 and row.referral_id and life.chance(0.15):
            add_to_story(life, row)
        if number == 2 and life.chance(STEP_UP):
            yield from step(life, pk, "step_up")
            return
    yield life.days(1, 3)
    row = life.episode(pk)
    if row.stage == "open":
        yield from leave_well(life, pk)


def leave_well(life: Life, pk: int) -> Course:
    """How it ends: finished, a step down, said no, not reached any more."""
    row = life.episode(pk)
    if (row.level == "specialist" and life.chance(2.5 * STEP_DOWN)) or (
        row.level == "targeted" and life.chance(STEP_DOWN)
    ):
        yield from step(life, pk, "step_down")
        return
    reason = life.pick(("finished",) * 7 + ("enough", "enough", "said_no", "not_reached"))
    if reason == "not_reached":
        for _ in range(2):
            row = life.episode(pk)
            if row.stage != "open":
                return
            episodes.record_contact(
                thing=row,
                mode=life.pick(("phone", "text")),
                outcome="not_reached",
                words=life.pick(words.NOT_REACHED),
                by=holder_of(row),
                at=life.at,
            )
            yield life.days(2, 4)
    finish(life, pk, reason)


def finish(life: Life, pk: int, reason: str) -> None:
    """End an episode if it is open and nothing of it is on its way to somebody else."""
    row = life.episode(pk)
    if row.stage == "open" and not row.handovers.open().exists():
        episodes.end(
            thing=row, reason=reason, words=life.pick(words.ENDED[reason]), by=holder_of(row), at=life.at
        )


def add_to_story(life: Life, row: Episode) -> None:
    triage.add_story(
        family_id=row.family_id,
        person_id=row.person_id,
        kind="worker",
        words=life.pick(words.FROM_WORKER),
        by=holder_of(row),
        at=life.at,
        how="added after a visit",
    )


# ---- one contact


def plan(life: Life, row: Episode, days: int) -> Contact:
    """An appointment in so many days."""
    modes = row.service.modes or ["in_person"]
    mode = {
        "in_person": "clinic",
        "home": "home",
        "online": "video",
        "phone": "phone",
        "text": "text",
        "group": "group",
    }[life.pick(modes)]
    return episodes.record_contact(
        thing=row,
        mode=mode,
        outcome="planned",
        happens_at=life.later(days),
        by=holder_of(row),
        at=life.at,
    )


def one_contact(life: Life, pk: int, days: int) -> Course:
    """Planned, then kept, missed or moved; now and then nobody writes down what happened for some days."""
    row = life.episode(pk)
    if row.stage != "open":
        return
    contact = plan(life, row, max(days, 2))
    outcome = life.pick(OUTCOMES)
    if outcome == "moved":
        yield contact.happens_at - timedelta(hours=life.rng.randint(3, 30))
        row, contact = life.episode(pk), Contact.objects.get(pk=contact.pk)
        if row.stage != "open" or contact.outcome != "planned" or contact.happens_at <= life.at:
            return
        contact = episodes.move_contact(
            contact=contact,
            to=life.later(life.rng.randint(3, 8)),
            why=life.pick(words.MOVED),
            by=holder_of(row),
            at=life.at,
        )
        outcome = "attended"
    yield contact.happens_at + timedelta(minutes=life.pick((35, 50, 60, 75)))
    if life.chance(0.05):
        yield life.days(2, 4)
    row, contact = life.episode(pk), Contact.objects.get(pk=contact.pk)
    if row.stage == "open" and contact.outcome == "planned":
        say_what_happened(life, row, contact, outcome)


def say_what_happened(life: Life, row: Episode, contact: Contact, outcome: str) -> None:
    said = {
        "attended": life.fill(life.pick(words.MET[row.service.strand])),
        "not_reached": life.pick(words.NOT_REACHED),
    }.get(outcome) or life.pick(words.COULD_NOT_COME)
    episodes.record_contact(
        thing=row,
        mode=contact.mode,
        outcome=outcome,
        words=said,
        happens_at=contact.happens_at,
        minutes=life.pick((25, 30, 45, 50, 60)) if outcome == "attended" else None,
        by=holder_of(row),
        at=life.at,
        planned=contact,
        purpose="treatment" if outcome == "attended" and life.story.strand == "pmh" else "",
    )
    if outcome == "attended":
        perhaps(life, row, row.contacts.filter(outcome="attended").count())


# ---- to more or less, or to somebody beside


def elsewhere(life: Life, row: Episode, levels: frozenset[str]) -> Service | None:
    """Another service of these levels that suits, with a team of ours."""
    if row.referral_id is None:
        return None
    matched = life.match(life.referral(row.referral_id))
    found = life.county.can_take_over(matched, frozenset({"suits", "possible"}))
    fitting = [s for s in found if s.is_inside and s.level in levels and s.pk != row.service_id][:4]
    return life.pick(fitting) if fitting else None


HIGHER = {"universal": frozenset({"targeted", "specialist"}), "targeted": frozenset({"specialist"})}
LOWER = {"specialist": frozenset({"targeted"}), "targeted": frozenset({"universal"})}


def step(life: Life, pk: int, kind: str) -> Course:
    """Up or down a level: a handover of the episode; this one ends when the other has met them."""
    row = life.episode(pk)
    levels = (HIGHER if kind == "step_up" else LOWER).get(row.level, frozenset())
    service = elsewhere(life, row, levels)
    if service is None:
        finish(life, pk, "finished")
        return
    began = yield from hand_over(life, row, service, kind=kind)
    if began is not None:
        yield from help_given(life, began.pk)
    else:
        yield life.days(3, 8)
        finish(life, pk, "finished")


def beside(life: Life, pk: int) -> Course:
    """A second service works with the family at the same time; they may choose whom to turn to first."""
    row = life.episode(pk)
    if row.stage != "open":
        return
    service = elsewhere(life, row, frozenset({"universal", "targeted"}))
    if service is None:
        return
    began = yield from hand_over(life, row, service, kind="alongside", fate="accepted")
    if began is None:
        return
    if life.chance(0.4):
        began = life.episode(began.pk)
        holding.choose_lead(
            family_id=began.family_id,
            lead=holder_of(began),
            words="I would like to ring her first.",
            by=holder_of(began),
            at=life.at,
        )
    yield from help_given(life, began.pk)
