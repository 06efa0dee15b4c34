"""The families of the drawn inbox, in Norfolk: unread, to decide, paused, perhaps known, in danger."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from anydoor.access.audit import Outsider
from anydoor.care import amend, deciding, episode, own_words, triage
from anydoor.care.told import Told
from anydoor.config.demo import drawn_families as families
from anydoor.config.demo import screening
from anydoor.config.demo.arriving import receive
from anydoor.config.demo.clock import Course, back
from anydoor.config.demo.drawn import (
    Drawn,
    arrives,
    named,
    spoken,
)
from anydoor.config.demo.life import Life, holder_of
from anydoor.people.models import ContactPoint
from anydoor.rules import working_time


def callum(life: Life, drawn: Drawn) -> Course:
    """Rang yesterday; minutes ago he wrote more, and Tom speaks with him before anything else."""
    arrives(life, drawn)
    tom = named(life.county, "Tom Ardley")
    triage.add_story(
        family_id=life.family_id,
        person_id=life.person_id,
        kind="baby",
        words="His dad comes close, then goes. He does not know yet that it is not about him.",
        by=tom,
        at=life.at,
    )
    amend.add_member(
        family_id=life.family_id, name="Beth Reeve", role="mother", apart=False, by=tom, at=life.at
    )
    deciding.hear(
        referral=life.referral(), needs=("mood", "bond"), severity="moderate", mode="", by=tom, at=life.at
    )
    point = ContactPoint.objects.filter(person_id=life.person_id).first()
    assert point is not None
    amend.set_contact_safety(
        point=point, family_id=life.family_id, safe="yes", uses=["call", "text"], hours="", by=tom, at=life.at
    )
    sent = screening.asked_by_link(life, tom)
    yield from screening.answers(life, sent)
    yield life.county.now - timedelta(minutes=4)
    referral = life.referral()
    own_words.say_more(
        referral=referral,
        words="Some nights I've thought about not being here. I wouldn't do it to Beth.",
        by=own_words.themselves(referral),
        at=life.at,
    )


def not_named(life: Life) -> Course:
    """A text, minutes old, without a name."""
    drawn = families.NOT_NAMED
    receive(
        life,
        Told(story=drawn.said, door="text", contact=life.teller.contact, role="father", needs=("mood",)),
    )
    yield life.at


def gemma(life: Life, drawn: Drawn) -> Course:
    """Asked us to write after a date: paused."""
    who = life.teller
    receive(
        life,
        Told(
            story=drawn.said,
            door="web",
            contact=who.contact,
            place=drawn.place,
            name=who.name,
            role=who.role,
            born_on=who.born_on,
            trying_to_conceive=True,
            assisted_conception=True,
            needs=("fertility",),
        ),
        holder=named(life.county, "Tom Ardley"),
    )
    yield life.minutes(40, 60)
    spoken(life, "By e-mail. They would rather write than talk, and after the clinic's call.")
    triage.pause(
        referral=life.referral(),
        until=working_time.next_working_day(life.county.now.date() + timedelta(days=6)),
        words="Asked us to write after the clinic has rung.",
        by=holder_of(life.referral()),
        at=life.at,
    )


def to_decide(life: Life, drawn: Drawn) -> Course:
    """Walked in; read by whoever wrote it down, to decide."""
    arrives(life, drawn)
    yield life.minutes(10, 20)
    spoken(life, "Sat with her in the hub. Nappies from the cupboard, the landlord's letter is copied.")


def from_a_system(life: Life, drawn: Drawn) -> Course:
    """Sent by a partner's system; read, to decide."""
    who = life.teller
    receive(
        life,
        Told(
            story=drawn.said,
            door="partner",
            contact=who.contact,
            place=drawn.place,
            name=who.name,
            role=who.role,
            born_on=who.born_on,
            nhs_number=who.nhs_number,
            baby_born_on=who.baby_born_on,
            needs=("isolation",),
            language="Polish",
            interpreter="no",
            referrer_organisation="Talking Therapies",
            family_knows="yes",
        ),
        holder=named(life.county, "Dawn Catchpole"),
    )
    yield life.minutes(60, 120)
    referral = life.referral()
    triage.read(referral=referral, by=holder_of(referral), at=life.at)


def unread(life: Life, drawn: Drawn) -> Course:
    """Came by itself, nobody has read it."""
    yield life.county.now - timedelta(minutes=170)
    arrives(life, drawn)


def kayleigh(life: Life, drawn: Drawn) -> Course:
    """A health visitor writes about somebody we may know: same birth date, a name that is nearly the same."""
    arrives(life, replace(drawn, said="Is there a baby group near us? First baby, due soon.", door="phone"))
    yield life.minutes(10, 20)
    spoken(life)
    episode.end(
        thing=life.referral(),
        reason="enough",
        words="One question, one answer. Ring again about anything.",
        by=holder_of(life.referral()),
        at=life.at,
    )
    yield life.county.now - timedelta(minutes=310)
    who = life.teller
    receive(
        life,
        Told(
            story=drawn.said,
            door="professional",
            contact=life.county.numbers.mobile() or who.contact,
            place=drawn.place,
            name="Kayleigh Brundel",
            role="mother",
            born_on=who.born_on,
            baby_born_on=who.baby_born_on,
            baby_name=drawn.baby,
            needs=("bond",),
            referrer_name="Beverley Starling",
            referrer_organisation="Health visiting",
            referrer_contact="beverley.starling@norfolk-partners.example",
            family_knows="yes",
        ),
        by=Outsider("Beverley Starling, Health visiting", "visitor"),
        holder=named(life.county, "Sunita Rao"),
    )


def jess(life: Life, drawn: Drawn) -> Course:
    """The surgery writes by e-mail; she was here last year, and the NHS number joins her."""
    arrives(life, drawn)
    yield life.minutes(20, 30)
    spoken(life)
    episode.end(
        thing=life.referral(),
        reason="said_no",
        words="Not now, you said. You know the way.",
        by=holder_of(life.referral()),
        at=life.at,
    )
    yield back(life.county.now, 1, 13, 10)
    tom = named(life.county, "Tom Ardley")
    receive(
        life,
        Told(
            story=families.FROM_THE_SURGERY,
            door="email",
            contact=life.teller.contact,
            place="Thetford",
            name="Jess Baker",
            role="mother",
            born_on=life.teller.born_on,
            nhs_number=life.teller.nhs_number,
            needs=("mood",),
            referrer_name=life.county.staff.referrer.name,
            referrer_organisation=life.county.staff.referrer_organisation,
            referrer_contact=life.county.staff.referrer.email,
            family_knows="yes",
        ),
        by=tom,
        holder=tom,
    )
    yield life.minutes(20, 60)
    referral = life.referral()
    triage.read(referral=referral, by=holder_of(referral), at=life.at)
