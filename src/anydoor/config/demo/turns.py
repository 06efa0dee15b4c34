"""What happens in a family: a birth, neonatal care, a loss, a move; and the tasks that follow."""

from __future__ import annotations

from datetime import date, timedelta

from anydoor.access.models import User
from anydoor.care import events
from anydoor.care.models import Episode, Referral
from anydoor.config.demo import words
from anydoor.config.demo.clock import Course
from anydoor.config.demo.handing_over import hand_over, waits_of
from anydoor.config.demo.helping import help_given
from anydoor.config.demo.life import Life
from anydoor.directory.models import Area, Service
from anydoor.people.models import Person
from anydoor.rules import working_time

NEONATAL, LOST, MOVES = 0.1, 0.03, 0.05
STILLBIRTH_FROM_WEEK = 24


def what_comes(life: Life) -> None:
    """Begin what will happen beside the course of help."""
    if life.teller.baby_due_on is not None:
        life.start(pregnancy)
    elif life.chance(MOVES):
        life.start(moving, at=life.at + timedelta(days=life.rng.randint(20, 70)))


def recorder(life: Life) -> User | None:
    """Who holds the family first and writes down what happened; nobody when nothing is open."""
    return life.care().lead


def pregnancy(life: Life) -> Course:
    """A birth about the due date, or before it a loss."""
    due = life.teller.baby_due_on
    assert due is not None
    if life.chance(LOST):
        yield life.days(12, 25)
        yield from loss(life, due)
        return
    on = due + timedelta(days=life.rng.choice((-24, -12, -9, -5, -3, -1, 0, 2, 4, 7)))
    known = working_time.next_working_day(on + timedelta(days=life.rng.randint(1, 4)))
    yield working_time.london(known, working_time.OPENS) + timedelta(minutes=life.rng.randint(10, 300))
    by = recorder(life)
    babies = unborn(life)
    if by is None or not babies:
        return
    for number, baby in enumerate(babies):
        events.record_event(
            family_id=life.family_id,
            kind="birth",
            on=on,
            by=by,
            at=life.at,
            baby=baby,
            baby_name=life.teller.baby_name if number == 0 else life.pick(("Robin", "Sky", "Jude", "Erin")),
            words=life.pick(
                ("All well, tired and amazed.", "Home the next day.", "A long one. Everyone safe.")
            ),
        )
    life.start(tasks)
    if life.chance(NEONATAL) or "twins" in life.story.marks:
        yield from neonatal(life)


def unborn(life: Life) -> list[Person]:
    return list(
        Person.objects.filter(
            memberships__family_id=life.family_id,
            memberships__role="baby",
            memberships__left_at__isnull=True,
            born_on__isnull=True,
            lost_on__isnull=True,
        ).order_by("pk")
    )


def neonatal(life: Life) -> Course:
    """Into neonatal care, and home again some weeks later."""
    for kind, least, most in (("neonatal_admission", 0, 1), ("neonatal_discharge", 6, 16)):
        yield life.days(least, most)
        by = recorder(life)
        if by is None:
            return
        events.record_event(
            family_id=life.family_id, kind=kind, on=working_time.london_day(life.at), by=by, at=life.at
        )
        life.start(tasks)


def loss(life: Life, due: date) -> Course:
    """The pregnancy ends. What no longer fits is stopped by the verb; the holder goes to them."""
    yield life.days(0, 1)
    by, babies = recorder(life), unborn(life)
    if by is None or len(babies) != 1:
        return
    today = working_time.london_day(life.at)
    weeks = 40 - (due - today).days // 7
    events.record_event(
        family_id=life.family_id,
        kind="loss",
        on=today - timedelta(days=2),
        by=by,
        at=life.at,
        baby=babies[0],
        loss_kind="stillbirth" if weeks >= STILLBIRTH_FROM_WEEK else "miscarriage",
        words="Her mother rang. She would like to be called on Friday, by somebody she knows.",
    )
    life.start(tasks)


def tasks(life: Life) -> Course:
    """The named tasks after an event, done one by one, mostly in time."""
    for _ in range(3):
        yield life.days(0, 3)
        for wait in waits_of(life, "after_event")[:1]:
            if wait.user is not None and wait.user.is_active:
                events.task_done(wait_id=wait.pk, words=life.pick(words.TASK_DONE), by=wait.user, at=life.at)


def say_hello(life: Life) -> Course:
    """Whoever took over from an absent colleague lets the family know."""
    yield life.days(0, 2)
    for wait in waits_of(life, "moved_to_you"):
        if wait.user is not None and wait.user.is_active:
            events.task_done(
                wait_id=wait.pk, words="Rang to say who I am and until when.", by=wait.user, at=life.at
            )


# ---- moving to another of the four areas


def moving(life: Life) -> Course:
    """They move; the holder hands over to the family hub of the new area and holds until it has met them."""
    yield life.days(0, 2)
    by = recorder(life)
    area = _another_area(life)
    thing = _held_by(life, by) if by is not None else None
    if by is None or thing is None or area is None or thing.handovers.open().exists():
        return
    events.record_event(
        family_id=life.family_id,
        kind="moved_away",
        on=working_time.london_day(life.at) + timedelta(days=10),
        by=by,
        at=life.at,
        new_area=area,
        words="A job there from next month. Keys on the first.",
    )
    yield life.days(1, 3)
    by = recorder(life)
    thing = _held_by(life, by) if by is not None else None
    hub = _hub_of(area)
    if thing is None or hub is None or thing.handovers.open().exists():
        return
    if isinstance(thing, Referral) and thing.stage in {"received", "read"}:
        return
    began = yield from hand_over(life, thing, hub, fate="accepted")
    for wait in waits_of(life, "after_event"):
        if wait.user is not None and wait.user.is_active:
            events.task_done(wait_id=wait.pk, words=f"Seen by {hub.name} now.", by=wait.user, at=life.at)
    if began is not None:
        yield from help_given(life, began.pk)


def _another_area(life: Life) -> Area | None:
    others = list(Area.objects.exclude(pk=life.county.area.pk).order_by("slug"))
    return life.pick(others) if others else None


def _hub_of(area: Area) -> Service | None:
    rows = Service.objects.filter(
        area=area, team__isnull=False, state="offered", needs__contains=["early_help"]
    )
    return rows.exclude(team=area.front_door).order_by("-team__kind", "slug").first() or None


def _held_by(life: Life, user: User | None) -> Referral | Episode | None:
    found: Episode | Referral | None = (
        Episode.objects.open()
        .filter(family_id=life.family_id, holder=user)
        .select_related("person", "holder", "holder_team")
        .order_by("pk")
        .first()
    )
    return found or (
        Referral.objects.open()
        .filter(family_id=life.family_id, holder=user)
        .select_related("person", "holder", "holder_team")
        .order_by("pk")
        .first()
    )
