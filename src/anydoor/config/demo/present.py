"""What lies on every desk today: one family for each thing that can wait, in each area.

The courses of the half year leave much of this by themselves. These see to it that nothing is missing,
whatever the day. Each begins some working days ago and stops where it should be found.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from anydoor.access.models import User
from anydoor.care import coordination, episode, handover, triage
from anydoor.care.models import Episode, Referral
from anydoor.config.demo import words
from anydoor.config.demo.arriving import decide, end_request, receive, what_is_told, write_down
from anydoor.config.demo.clock import Course, ahead, back
from anydoor.config.demo.county import County
from anydoor.config.demo.handing_over import agreement_for, decline_now
from anydoor.config.demo.life import Life, holder_of, new_life
from anydoor.config.demo.stories_after import AFTER
from anydoor.config.demo.stories_before import BEFORE
from anydoor.config.demo.stories_hard import DANGER
from anydoor.config.demo.stories_told import ON_PAPER
from anydoor.directory.models import Service
from anydoor.rules import working_time

WHEN = frozenset({"mid", "late", "newborn", "young", "older"})
EITHER = frozenset({"suits", "possible"})

Scenic = Generator[datetime, None, Episode]


@dataclass(frozen=True, slots=True)
class Scene:
    """One family of today: since when (working days ago and hour, or minutes ago), and its course."""

    course: Callable[[Life], Course]
    days: int = 0
    hour: int = 10
    minutes: int = 0  # when set, so many minutes before now, at whatever hour that is
    of: str = "own"  # own | danger | told

    def begins(self, now: datetime) -> datetime:
        return now - timedelta(minutes=self.minutes) if self.minutes else back(now, self.days, self.hour, 12)


def begin(county: County) -> None:
    """Put today's families of an area into the queue."""
    decks = {
        "own": [
            s
            for s in BEFORE + AFTER
            if s.strand and s.role != "carer" and not s.language and s.partner and s.when in WHEN
        ],
        "danger": list(DANGER),
        "told": [s for s in ON_PAPER if s.role == "mother" and s.when in {"mid", "late", "young"}],
    }
    for deck in decks.values():
        county.rng.shuffle(deck)
    for number, scene in enumerate(SCENES):
        deck = decks[scene.of]
        story = deck[number % len(deck)]
        at = scene.begins(county.now)
        life = new_life(county, story, f"today/{number}", at)
        county.start(at, life, scene.course(life))


# ---------------------------------------------------------------- steps


def arrives(
    life: Life, door: str = "web", *, contact: str = "", nhs_number: str = "", born_on: date | None = None
) -> Referral:
    """A request with everything that matters in it; what is given here stands instead of what was drawn."""
    told = what_is_told(replace_doors(life, door), door)
    return receive(
        life,
        replace(
            told,
            name=life.teller.name,
            role=life.teller.role,
            due_on=life.teller.baby_due_on,
            baby_born_on=life.teller.baby_born_on,
            contact=contact or told.contact,
            nhs_number=nhs_number or told.nhs_number,
            born_on=born_on or told.born_on,
        ),
    )


def replace_doors(life: Life, door: str) -> Life:
    return replace(life, story=replace(life.story, doors=(door,)))


def speak(life: Life, by: User | None = None, said: str = "") -> Referral:
    """Read, and spoken with at the first try."""
    referral = life.referral()
    person = by or holder_of(referral)
    triage.read(referral=referral, by=person, at=life.at)
    episode.record_contact(
        thing=referral,
        mode="phone",
        outcome="attended",
        words=said or life.pick(words.SPOKE),
        minutes=20,
        by=person,
        at=life.at,
    )
    return referral


def settle(life: Life, count: int = 1) -> list[Service]:
    """Decide for the first services that suit and have a team of ours; the family says yes."""
    matched = life.match(life.referral())
    found = [s for s in life.county.can_take_over(matched, EITHER) if s.is_inside]
    chosen = (found or [life.county.hub()])[:count]
    decide(life, life.referral_id, matched, chosen, "yes", life.pick(words.DECIDED))
    return chosen


def ask(life: Life, service: Service) -> int:
    """Ask a service to take the request over; gives the handover's id."""
    referral = life.referral()
    asked = handover.propose(
        thing=referral,
        service=service,
        agreement=agreement_for(life, referral, service),
        words=life.pick(words.FOR_RECEIVER),
        by=holder_of(referral),
        at=life.at,
    )
    return asked.handover.pk


def asked(life: Life) -> int:
    """From the door to a handover that waits for its answer, in one morning."""
    arrives(life)
    life.at += timedelta(minutes=25)
    write_down(life, speak(life))
    life.at += timedelta(minutes=20)
    services = settle(life)
    life.at += timedelta(minutes=10)
    return ask(life, services[0])


# ---------------------------------------------------------------- scenes


def unread(life: Life) -> Course:
    """It came, and nobody has read it yet."""
    arrives(life, life.pick(("web", "web", "text", "messaging")))
    yield life.at


def unread_paper(life: Life) -> Course:
    """A professional's referral, unread."""
    told = what_is_told(life, "professional")
    receive(life, told)
    yield life.at


def read_only(life: Life) -> Course:
    """Read and spoken with, to decide."""
    arrives(life, life.pick(("phone", "walk_in", "email")))
    yield life.at + timedelta(minutes=40)
    write_down(life, speak(life))


def not_decided_yet(life: Life) -> Course:
    """Read, not spoken with yet: one try."""
    arrives(life, "web")
    yield life.at + timedelta(minutes=50)
    referral = life.referral()
    triage.read(referral=referral, by=holder_of(referral), at=life.at)
    tried(life)


def tried(life: Life) -> None:
    referral = life.referral()
    episode.record_contact(
        thing=referral,
        mode="phone",
        outcome="not_reached",
        words=life.pick(words.NOT_REACHED),
        by=holder_of(referral),
        at=life.at,
    )


def not_reached(life: Life) -> Course:
    """Three tries, and it is back with its holder to find another way."""
    arrives(life, "web")
    referral = life.referral()
    yield life.at + timedelta(minutes=30)
    triage.read(referral=referral, by=holder_of(referral), at=life.at)
    tried(life)
    for days, hour in ((2, 15), (1, 10)):
        yield back(life.county.now, days, hour)
        tried(life)


def paused(life: Life) -> Course:
    """They asked us to wait."""
    arrives(life, "web")
    yield life.at + timedelta(minutes=45)
    referral = speak(life)
    yield life.at + timedelta(minutes=5)
    triage.pause(
        referral=referral,
        until=working_time.next_working_day(life.county.now.date() + timedelta(days=9)),
        words=life.pick(words.PAUSED),
        by=holder_of(referral),
        at=life.at,
    )


def danger(life: Life) -> Course:
    """Words that may mean danger, minutes ago."""
    arrives(life, life.pick(("web", "text")))
    yield life.at


def maybe_known(life: Life) -> Course:
    """The same number as a person of some weeks ago: a possible match that waits for a worker."""
    number = life.county.numbers.mobile() or life.teller.contact
    arrives(life, "web", contact=number)
    yield life.at + timedelta(minutes=30)
    speak(life)
    yield life.at + timedelta(minutes=30)
    matched = life.match(life.referral())
    decide(life, life.referral_id, matched, [], "no", words.DECIDED_ALONE[0])
    yield life.at + timedelta(minutes=30)
    end_request(life, life.referral_id, "enough")
    yield life.county.now - timedelta(minutes=95)
    again = replace(life, story=replace(life.story, words=SECOND_TIME))
    told = replace(
        what_is_told(again, "web"), name="", born_on=None, nhs_number="", due_on=None, baby_born_on=None
    )
    receive(again, replace(told, contact=number))


SECOND_TIME = (
    "I asked you something in the summer and it helped. Now it is the nights. Could somebody ring me again?"
)


def joined(life: Life) -> Course:
    """A surgery writes about somebody we know: joined by NHS number and birth date."""
    arrives(life, "web", nhs_number=life.teller.nhs_number, born_on=life.teller.born_on)
    yield life.at + timedelta(minutes=30)
    speak(life)
    yield life.at + timedelta(minutes=30)
    end_request(life, life.referral_id, "said_no")
    yield life.county.now - timedelta(minutes=210)
    surgery = life.county.staff
    again = replace(life, story=replace(life.story, teller="GP", words=FROM_SURGERY, doors=("professional",)))
    receive(
        again,
        replace(
            what_is_told(again, "professional"),
            nhs_number=life.teller.nhs_number,
            born_on=life.teller.born_on,
            due_on=None,
            baby_born_on=None,
        ),
        by=surgery.referrer,
    )


FROM_SURGERY = (
    "Seen today with poor sleep and low mood. Said no to help in the spring and would like it now. Agreed."
)


def waiting(life: Life) -> Course:
    """A handover in time for its answer."""
    asked(life)
    yield life.at


def stuck(life: Life) -> Course:
    """A handover that nobody answers. The sweep has asked the team and then the coordinator."""
    asked(life)
    yield life.at


def second_look(life: Life) -> Course:
    """Declined yesterday: the coordinator looks again."""
    pk = asked(life)
    yield back(life.county.now, 1, 11, 20)
    decline_now(life, pk, reason="no_capacity")


def at_meeting(life: Life) -> Course:
    """Declined, and to be decided together."""
    pk = asked(life)
    yield back(life.county.now, 2, 10, 40)
    row = decline_now(life, pk, reason="need_greater")
    yield back(life.county.now, 1, 15, 5)
    coordinator = coordination.coordinator_of(life.county.area, life.at)
    coordination.decide_together(handover=row, by=coordinator, at=life.at)


def introduced_soon(life: Life) -> Course:
    """Accepted; the joint call is in two days."""
    pk = asked(life)
    yield back(life.county.now, 2, 9, 50)
    row = life.handover(pk)
    assert row.to_team is not None
    receiver = life.county.staff.here(row.to_team.slug, life.at.date())[0]
    row = handover.accept(handover=row, by=receiver, at=life.at)
    yield life.at + timedelta(minutes=30)
    handover.plan_introduction(
        handover=row,
        when=ahead(life.county.now, 2, 10, 30),
        words="OK as long as you are on it too.",
        by=row.from_user,
        at=life.at,
    )


def not_written_down(life: Life) -> Course:
    """A visit yesterday, and nothing recorded of it."""
    begun = yield from begun_with(life)
    yield back(life.county.now, 4, 15)
    row = life.episode(begun.pk)
    episode.record_contact(
        thing=row,
        mode="home",
        outcome="planned",
        happens_at=back(life.county.now, 1, 14),
        by=holder_of(row),
        at=life.at,
    )


def with_a_date(life: Life) -> Course:
    """An episode that goes well, with the next visit in the coming days."""
    begun = yield from begun_with(life)
    yield back(life.county.now, 2, 11)
    row = life.episode(begun.pk)
    episode.record_contact(
        thing=row,
        mode="clinic",
        outcome="planned",
        happens_at=ahead(life.county.now, 1, 13, 30),
        by=holder_of(row),
        at=life.at,
    )


def begun_with(life: Life) -> Scenic:
    """From the door to the first contact with the lead of a service."""
    pk = asked(life)
    yield back(life.county.now, 8, 10)
    row = life.handover(pk)
    assert row.to_team is not None
    receiver = life.county.staff.here(row.to_team.slug, life.at.date())[0]
    handover.accept(handover=row, by=receiver, at=life.at)
    yield back(life.county.now, 6, 14, 30)
    row = life.handover(pk)
    return handover.first_contact(
        handover=row,
        mode="home",
        words=words.FIRST_CONTACT[1],
        minutes=50,
        by=receiver_now(life, pk),
        at=life.at,
    )


def receiver_now(life: Life, pk: int) -> User:
    row = life.handover(pk)
    assert row.to_user is not None
    return row.to_user


SCENES: tuple[Scene, ...] = (
    Scene(unread, minutes=35),
    Scene(unread, minutes=170),
    Scene(unread_paper, minutes=310, of="told"),
    Scene(unread_paper, minutes=810, of="told"),
    Scene(read_only, days=1, hour=11),
    Scene(read_only, days=1, hour=14),
    Scene(not_decided_yet, days=1, hour=9),
    Scene(not_reached, days=4, hour=10),
    Scene(paused, days=3, hour=13),
    Scene(danger, minutes=2, of="danger"),
    Scene(maybe_known, days=28, hour=10),
    Scene(joined, days=40, hour=14),
    Scene(waiting, days=1, hour=10),
    Scene(waiting, days=2, hour=13),
    Scene(stuck, days=9, hour=10),
    Scene(second_look, days=4, hour=11),
    Scene(at_meeting, days=6, hour=11),
    Scene(introduced_soon, days=4, hour=13),
    Scene(not_written_down, days=10, hour=11),
    Scene(with_a_date, days=10, hour=14),
)
