"""The families of the drawn screens, in Norfolk: Leanne Mistry's; the inbox is in `script_inbox`."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from datetime import datetime, timedelta

from anydoor.care import episode, handover, own_words, triage
from anydoor.care.models import Offer
from anydoor.care.proposing import Agreement
from anydoor.config.demo import answering
from anydoor.config.demo import drawn_families as families
from anydoor.config.demo import script_inbox as inbox
from anydoor.config.demo.clock import Course, ahead, back
from anydoor.config.demo.county import County
from anydoor.config.demo.drawn import (
    Drawn,
    arrives,
    begin_drawn,
    contacts,
    named,
    settled,
    spoken,
    to_holder,
)
from anydoor.config.demo.life import Life, holder_of

MIDWIVES = "nnuh-specialist-midwifery"
THERAPIES = "norfolk-talking-therapies-perinatal"


def begin(county: County) -> None:
    """Put every drawn family into the queue."""
    for drawn in families.HELD:
        life = begin_drawn(county, drawn)
        county.start(life.at, life, held(life, drawn))
    courses: dict[str, Callable[[Life, Drawn], Course]] = {
        "Rosie Thackeray": rosie,
        "Jade Fincham": jade,
        "Hollie Cubitt": hollie,
        "Lauren Howlett": lauren,
        "Tomasz Wójcik": tomasz,
        "Megan Dunmore": megan,
        "Ieva Petrauskienė": ieva,
        "Nadia Rahman": nadia,
        "Ellie Sparkes": ellie,
        "Callum Reeve": inbox.callum,
        "Gemma Larwood": inbox.gemma,
        "Renata Oliveira": inbox.to_decide,
        "Aleksandra Dąbrowska": inbox.from_a_system,
        "Hannah Leeder": inbox.unread,
        "Kayleigh Brundle": inbox.kayleigh,
        "Jess Baker": inbox.jess,
        "Bryony Sadd": asked_by_name,
        "Shanelle Brooks": answering.shanelle,
    }
    for drawn in families.TOLD:
        life = begin_drawn(county, drawn)
        county.start(life.at, life, courses[drawn.name](life, drawn))
    life = begin_drawn(county, families.NOT_NAMED)
    life.at = county.now - timedelta(minutes=3)
    county.start(life.at, life, inbox.not_named(life))


def count() -> int:
    """How many families the screens have."""
    return len(families.HELD) + len(families.TOLD) + 1


def held(life: Life, drawn: Drawn) -> Course:
    """Held by their worker, with a next contact."""
    yield from to_holder(life, drawn)


# ---------------------------------------------------------------- Leanne's


def rosie(life: Life, drawn: Drawn) -> Course:
    """Handed over to Grace, who has accepted; Leanne holds until they have met."""
    county = life.county
    arrives(life, drawn)
    leanne = named(county, "Leanne Mistry")
    yield back(county.now, drawn.days - 1, 9, 40)
    spoken(life, "Tom rang. She told the whole of it once, and wants to tell it to one more person at most.")
    yield life.minutes(20, 30)
    home_start = county.service("norfolk-home-start-peer-support")
    midwives = county.service(MIDWIVES)
    settled(
        life,
        [midwives, home_start],
        "You asked for somebody who knows about loss. Leanne is with you at every scan.",
    )
    for offer in Offer.objects.filter(referral_id=life.referral_id).select_related("service", "referral"):
        said = "yes" if offer.service_id == midwives.pk else "thinking"
        triage.answer_offer(offer=offer, answer=said, by=holder_of(life.referral()), at=life.at)
    row = handover.propose(
        thing=life.referral(),
        service=midwives,
        agreement=Agreement("agreed", by=drawn.name, words="Yes please, before the next scan.", at=life.at),
        words="Scared, warm, sings. Lost a baby at nineteen weeks in 2023 and has told nobody here.",
        by=holder_of(life.referral()),
        at=life.at,
        to_user=leanne,
    ).handover
    yield life.minutes(30, 60)
    handover.accept(handover=row, by=leanne, at=life.at)
    yield life.minutes(60, 90)
    begun = handover.first_contact(
        handover=life.handover(row.pk),
        mode="phone",
        words="We spoke for half an hour.",
        by=leanne,
        at=life.at,
        minutes=30,
    )
    yield from contacts(life, replace(drawn, coming=None), begun.pk)
    answering.rosie(life, begun.pk)
    for kind, said in (
        (
            "worker",
            "Wants someone to talk to who knows about loss. Sister in Dereham is close. Singing helps.",
        ),
        ("baby", "She is loved and hard to look at. Rosie has started to talk to her in the bath."),
    ):
        triage.add_story(
            family_id=life.family_id,
            person_id=life.person_id,
            kind=kind,
            words=said,
            by=leanne,
            at=life.at,
            how="written together",
        )
    yield from _to_grace(life, drawn, begun.pk)


def _to_grace(life: Life, drawn: Drawn, episode_id: int) -> Course:
    """Leanne asks Grace, who accepts; the joint call is planned."""
    county = life.county
    leanne, grace = named(county, "Leanne Mistry"), named(county, "Grace Adeyemi")
    yield back(county.now, 6, 15, 10)
    to_grace = handover.propose(
        thing=life.episode(episode_id),
        service=county.service(THERAPIES),
        agreement=Agreement(
            "agreed",
            by=drawn.name,
            words="Yes, if Grace has read it I don't have to say it again.",
            at=life.at,
        ),
        words="She said yes at the visit today. Question nine: not at all.",
        by=leanne,
        at=life.at,
        to_user=grace,
    ).handover
    yield back(county.now, 4, 10, 15)
    row = handover.accept(handover=to_grace, by=grace, at=life.at)
    yield back(county.now, 3, 12, 5)
    handover.plan_introduction(
        handover=row,
        when=ahead(county.now, 2, 10, 30),
        words="Ok as long as you're on it too",
        by=leanne,
        at=life.at,
    )


def jade(life: Life, drawn: Drawn) -> Course:
    """A call is planned for today; minutes ago she wrote more, and the words may mean danger."""
    yield from to_holder(life, drawn)
    yield life.county.now - timedelta(minutes=2)
    referral = life.referral()
    own_words.say_more(
        referral=referral,
        words=(
            "Filling in the form Leanne sent. Question nine. I think about not being here. Please only "
            "ring me."
        ),
        by=own_words.themselves(referral),
        at=life.at,
    )


def hollie(life: Life, drawn: Drawn) -> Course:
    """PAIRS has not answered for nine working days; the coordinator was asked."""
    begun = yield from to_holder_before(life, drawn)
    yield back(life.county.now, 9, 16, 30)
    row = life.episode(begun)
    handover.propose(
        thing=row,
        service=life.county.service("pairs"),
        agreement=Agreement(
            "agreed", by=drawn.name, words="Yes. Somebody who looks at both of us.", at=life.at
        ),
        words="She says the baby looks through her. Holds her well and does not see it.",
        by=holder_of(row),
        at=life.at,
    )
    yield from contacts(life, replace(drawn, met=()), begun)


def to_holder_before(life: Life, drawn: Drawn) -> Generator[datetime, None, int]:
    """As `to_holder`, without the next contact; gives the episode's id."""
    begun = yield from to_holder(life, replace(drawn, coming=None))
    return begun.pk


def lauren(life: Life, drawn: Drawn) -> Course:
    """PAIRS proposes video guidance instead; Priya looks again today."""
    begun = yield from to_holder_before(life, drawn)
    yield back(life.county.now, 5, 14)
    row = life.episode(begun)
    asked = handover.propose(
        thing=row,
        service=life.county.service("pairs"),
        agreement=Agreement("agreed", by=drawn.name, words="Yes, anything that helps us two.", at=life.at),
        words="MORS after the visit on Monday. Worried about herself more than about him.",
        by=holder_of(row),
        at=life.at,
    ).handover
    yield back(life.county.now, 2, 15, 20)
    handover.decline(
        handover=life.handover(asked.pk),
        reason="need_milder",
        words="MORS shows some worry, warmth is good. Nothing yet at our level.",
        by=named(life.county, "Marcus Bell"),
        at=life.at,
        alternative=life.county.service("norfolk-video-interaction-guidance"),
        alternative_words="A place is kept for her until Friday.",
    )


def tomasz(life: Life, drawn: Drawn) -> Course:
    """Three tries, not reached. He comes back to his holder."""
    yield from to_holder(life, drawn)


def megan(life: Life, drawn: Drawn) -> Course:
    """A visit was planned for yesterday at two, and nothing is recorded."""
    begun = yield from to_holder_before(life, drawn)
    yield back(life.county.now, 3, 11)
    row = life.episode(begun)
    episode.record_contact(
        thing=row,
        mode="home",
        outcome="planned",
        happens_at=back(life.county.now, 1, 14),
        by=holder_of(row),
        at=life.at,
    )


def ieva(life: Life, drawn: Drawn) -> Course:
    """Home-Start asks Leanne to take over, and holds until then."""
    begun = yield from to_holder_before(life, drawn)
    yield back(life.county.now, 5, 10, 30)
    row = life.episode(begun)
    handover.propose(
        thing=row,
        service=life.county.service(MIDWIVES),
        agreement=Agreement("agreed", by=drawn.name, words="Yes. In Lithuanian if it can be.", at=life.at),
        words="Anxious since the 20-week scan. Sleeps two hours. Comes to the group and sits by the door.",
        by=holder_of(row),
        at=life.at,
        to_user=named(life.county, "Leanne Mistry"),
    )


def nadia(life: Life, drawn: Drawn) -> Course:
    """Handed over to Grace, who met her some days ago and holds her now."""
    begun = yield from to_holder_before(life, drawn)
    grace = named(life.county, "Grace Adeyemi")
    yield back(life.county.now, 9, 10)
    row = life.episode(begun)
    asked = handover.propose(
        thing=row,
        service=life.county.service(THERAPIES),
        agreement=Agreement(
            "agreed", by=drawn.name, words="Yes, and you tell her about my mother.", at=life.at
        ),
        words="Ready for it. Evenings.",
        by=holder_of(row),
        at=life.at,
        to_user=grace,
    ).handover
    yield back(life.county.now, 8, 9, 20)
    handover.accept(handover=asked, by=grace, at=life.at)
    yield back(life.county.now, 5, 11)
    handover.introduce(
        handover=life.handover(asked.pk), words="Three of us by video.", by=holder_of(row), at=life.at
    )
    yield back(life.county.now, 2, 17, 15)
    handover.first_contact(
        handover=life.handover(asked.pk),
        mode="video",
        words="We spoke about what evenings are like.",
        by=grace,
        at=life.at,
        minutes=50,
    )


def ellie(life: Life, drawn: Drawn) -> Course:
    """It is done, and she said thank you."""
    begun = yield from to_holder_before(life, drawn)
    yield back(life.county.now, 2, 15, 30)
    row = life.episode(begun)
    episode.end(
        thing=row,
        reason="finished",
        words="You said: I didn't have to start again. We did what we agreed, and the door stays open.",
        by=holder_of(row),
        at=life.at,
    )


def asked_by_name(life: Life, drawn: Drawn) -> Course:
    """The front door asks one colleague by name; it waits for her answer."""
    arrives(life, drawn)
    yield life.minutes(30, 50)
    spoken(life)
    yield life.minutes(10, 20)
    service = life.county.service(drawn.service)
    settled(life, [service], "You asked for somebody who knows what it took to get here.")
    referral = life.referral()
    handover.propose(
        thing=referral,
        service=service,
        agreement=Agreement("agreed", by=drawn.name, words="Yes. Helen, if it can be Helen.", at=life.at),
        words="Four rounds. Wants to be glad and does not dare.",
        by=holder_of(referral),
        at=life.at,
        to_user=named(life.county, drawn.holder),
    )
