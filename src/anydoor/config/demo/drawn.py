"""A family that has a name beforehand, and its way to the worker who holds it."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from anydoor.access.models import User
from anydoor.care import amend, episode, events, handover, triage
from anydoor.care.models import Episode
from anydoor.care.proposing import Agreement
from anydoor.care.told import Told
from anydoor.config.demo import words
from anydoor.config.demo.arriving import decide, receive
from anydoor.config.demo.clock import ahead, back
from anydoor.config.demo.county import County
from anydoor.config.demo.handing_over import waits_of
from anydoor.config.demo.life import Life, holder_of, new_life
from anydoor.config.demo.story import Story, own
from anydoor.directory.models import Service
from anydoor.rules import working_time

YEAR = timedelta(days=365, hours=6)
Began = Generator[datetime, None, Episode]


@dataclass(frozen=True, slots=True)
class Met:
    """A contact so many working days ago."""

    days: int
    hour: int
    mode: str
    said: str
    minutes: int = 40
    outcome: str = "attended"


@dataclass(frozen=True, slots=True)
class Coming:
    """An appointment so many working days from now (0 is today or the next working day)."""

    days: int
    hour: int
    minute: int
    mode: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is known of one drawn family. Times count back from today: working days for what was done."""

    name: str
    role: str
    age: int
    said: str
    days: int
    hour: int
    minute: int = 0
    door: str = "web"
    heard_by: str = ""  # the front-door worker who holds it first; else whoever is on duty
    needs: tuple[str, ...] = ("mood",)
    contact: str = ""
    safe: str = "not_asked"
    uses: tuple[str, ...] = ()
    hours: str = ""
    place: str = "Norwich"
    partner: str = ""
    partner_role: str = "father"
    partner_age: int = 30
    due_in: int | None = None  # days from today
    born_ago: int | None = None
    lost_ago: int | None = None
    loss_kind: str = ""
    baby: str = ""
    service: str = "nnuh-specialist-midwifery"
    holder: str = "Leanne Mistry"
    language: str = ""
    safety: tuple[str, ...] = ()
    needs_from_us: tuple[str, ...] = ()
    met: tuple[Met, ...] = ()
    coming: Coming | None = None
    decided: str = ""
    asks_for: str = ""


def begin_drawn(county: County, drawn: Drawn) -> Life:
    """The family's life, ready to begin at the moment it first asked."""
    at = back(county.now, drawn.days, drawn.hour, drawn.minute)
    story: Story = own(drawn.role, "young", " ".join(drawn.needs), "pmh", "moderate", drawn.said)
    life = new_life(county, story, f"drawn/{drawn.name}", at)
    today = working_time.london_day(county.now)
    life.teller = replace(
        life.teller,
        name=drawn.name,
        role=drawn.role,
        born_on=birthday(today, drawn.age, drawn.name),
        contact=drawn.contact or county.numbers.mobile() or life.teller.contact,
        place=drawn.place,
        baby_name=drawn.baby,
        baby_due_on=today + timedelta(days=drawn.due_in) if drawn.due_in is not None else None,
        baby_born_on=today - timedelta(days=drawn.born_ago) if drawn.born_ago is not None else None,
        lost_on=today - timedelta(days=drawn.lost_ago) if drawn.lost_ago is not None else None,
        loss_kind=drawn.loss_kind,
        babies=1,
        partner_name=drawn.partner,
        partner_role=drawn.partner_role if drawn.partner else "",
        partner_born_on=birthday(today, drawn.partner_age, drawn.partner) if drawn.partner else None,
        language=drawn.language,
    )
    return life


def birthday(today: date, age: int, name: str) -> date:
    """A birth date of somebody of that age today; the name spreads birthdays over the year."""
    return today - age * YEAR - timedelta(days=20 + sum(map(ord, name)) % 320)


def named(county: County, name: str) -> User:
    """The colleague of that name."""
    everybody = [worker.user for people in county.staff.workers.values() for worker in people]
    everybody += [county.staff.coordinator, county.staff.lead]
    return next(user for user in everybody if user.name == name)


def arrives(life: Life, drawn: Drawn) -> None:
    """The first request, as told, with what is known of the child that day."""
    who, day = life.teller, working_time.london_day(life.at)
    by_hand = drawn.door in {"phone", "walk_in", "text", "email"}
    holder = named(life.county, drawn.heard_by) if drawn.heard_by else None
    born = who.baby_born_on is not None and who.baby_born_on <= day
    due = who.baby_due_on or (
        who.baby_born_on + timedelta(days=4) if who.baby_born_on is not None and not born else None
    )
    receive(
        life,
        Told(
            story=drawn.said,
            door=drawn.door,
            contact=who.contact,
            place=drawn.place,
            name=who.name,
            role=who.role,
            born_on=who.born_on,
            nhs_number=who.nhs_number if by_hand else "",
            due_on=due,
            baby_born_on=who.baby_born_on if born else None,
            baby_name=drawn.baby if born else "",
            lost_on=who.lost_on,
            loss_kind=who.loss_kind,
            safe=drawn.safe,
            uses=drawn.uses,
            hours=drawn.hours,
            language=drawn.language,
            interpreter="yes" if drawn.language else "not_asked",
            safety=drawn.safety,
            communication=drawn.needs_from_us,
            needs=drawn.needs,
            asks_for=drawn.asks_for,
        ),
        by=holder if by_hand else None,
        holder=holder,
    )


def spoken(life: Life, said: str = "") -> None:
    """Read and spoken with; the other parent is written down with a record of their own."""
    referral, who = life.referral(), life.teller
    by = holder_of(referral)
    triage.read(referral=referral, by=by, at=life.at)
    episode.record_contact(
        thing=referral,
        mode="phone",
        outcome="attended",
        words=said or words.SPOKE[0],
        minutes=25,
        by=by,
        at=life.at,
    )
    if who.partner_name:
        amend.add_member(
            family_id=life.family_id,
            name=who.partner_name,
            role=who.partner_role,
            apart=False,
            by=by,
            at=life.at,
            born_on=who.partner_born_on,
        )


def settled(life: Life, services: list[Service], said: str, answer: str = "yes") -> None:
    """Decided for these services, with everything that was on the page."""
    referral = life.referral()
    matched = life.match(referral)
    missing = [service for service in services if service.slug not in matched.services]
    assert not missing, missing
    decide(life, referral.pk, matched, services, answer, said)


def to_holder(life: Life, drawn: Drawn) -> Began:
    """From the door to the named holder, then every contact up to today and the next one planned."""
    arrives(life, drawn)
    life.start(birth, drawn)
    begun = yield from taken_up(life, drawn)
    yield from contacts(life, drawn, begun.pk)
    return begun


def taken_up(life: Life, drawn: Drawn) -> Began:
    """The same day and the next: spoken, decided, handed over, met."""
    service, holder = life.county.service(drawn.service), named(life.county, drawn.holder)
    yield life.minutes(30, 60)
    spoken(life)
    yield life.minutes(15, 40)
    settled(life, [service], drawn.decided or words.DECIDED[0])
    yield life.minutes(3, 9)
    referral = life.referral()
    row = handover.propose(
        thing=referral,
        service=service,
        agreement=Agreement("agreed", by=life.teller.name, words=words.AGREED[1], at=life.at),
        words=words.FOR_RECEIVER[0],
        by=holder_of(referral),
        at=life.at,
        to_user=holder,
    ).handover
    yield life.minutes(40, 120)
    handover.accept(handover=row, by=holder, at=life.at)
    yield back(life.county.now, max(drawn.days - 1, 1), 11, 30)
    return handover.first_contact(
        handover=life.handover(row.pk),
        mode="home",
        words=words.FIRST_CONTACT[1],
        minutes=55,
        by=holder,
        at=life.at,
    )


def birth(life: Life, drawn: Drawn) -> Generator[datetime, None, None]:
    """The birth, when it came after the family had asked; what follows from it is done two days later."""
    born = life.teller.baby_born_on
    if born is None or born < working_time.london_day(life.at):
        return
    yield working_time.london(working_time.next_working_day(born + timedelta(days=1)), time(10, 20))
    by = life.care().lead
    if by is None:
        return
    events.record_event(
        family_id=life.family_id,
        kind="birth",
        on=born,
        by=by,
        at=life.at,
        baby_name=drawn.baby,
        words="Both well. Home the next day.",
    )
    yield life.days(2, 3)
    for wait in waits_of(life, "after_event"):
        if wait.user is not None:
            events.task_done(wait_id=wait.pk, words=words.TASK_DONE[1], by=wait.user, at=life.at)


def contacts(life: Life, drawn: Drawn, pk: int) -> Generator[datetime, None, None]:
    """What has been since, and what is to come."""
    for one in drawn.met:
        yield back(life.county.now, one.days, one.hour)
        row = life.episode(pk)
        episode.record_contact(
            thing=row,
            mode=one.mode,
            outcome=one.outcome,
            words=one.said,
            minutes=one.minutes if one.outcome == "attended" else None,
            by=holder_of(row),
            at=life.at,
        )
    if drawn.coming is not None:
        yield back(life.county.now, 1, 16, 20)
        row, coming = life.episode(pk), drawn.coming
        episode.record_contact(
            thing=row,
            mode=coming.mode,
            outcome="planned",
            happens_at=ahead(life.county.now, coming.days, coming.hour, coming.minute),
            place=coming.place,
            by=holder_of(row),
            at=life.at,
        )
