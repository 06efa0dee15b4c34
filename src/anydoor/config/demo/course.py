"""What becomes of a family, from the first word to wherever it stands today."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from anydoor.care import episode, joining, triage
from anydoor.care.models import Offer, PossibleMatch, Referral
from anydoor.config.demo import words
from anydoor.config.demo.arriving import (
    answer_danger,
    decide,
    end_request,
    hour_of_asking,
    pause,
    reach,
    receive,
    what_is_told,
    write_down,
)
from anydoor.config.demo.clock import Course
from anydoor.config.demo.handing_over import hand_over
from anydoor.config.demo.helping import help_given
from anydoor.config.demo.life import Life, holder_of
from anydoor.config.demo.routine import contacts
from anydoor.config.demo.turns import what_comes
from anydoor.directory.models import Service

SUITS, POSSIBLE = frozenset({"suits"}), frozenset({"suits", "possible"})
# What a family says to a proposal.
ANSWERS = ("yes",) * 12 + ("advice",) * 3 + ("thinking", "thinking", "not_asked", "no")


def live(life: Life, door: str) -> Course:
    """The whole course of one family that asks for help."""
    yield hour_of_asking(life, life.at, door)
    told = what_is_told(life, door)
    referral = receive(life, told)
    life.start(another_request, at=life.at + timedelta(days=life.rng.randint(12, 60)))
    what_comes(life)
    life.start(contacts)
    yield from at_the_front_door(life, referral.pk)


def at_the_front_door(life: Life, pk: int) -> Course:
    """Read, listened to, decided, and on to whoever can help."""
    yield max(life.referral(pk).read_by_time, life.minutes(12, 240))
    if life.referral(pk).danger_words:
        yield from answer_danger(life, life.referral(pk))
    yield from read(life, pk)
    yield life.minutes(20, 300)
    yield from reach(life, pk)
    referral = life.referral(pk)
    if referral.holder is None:
        return
    if not referral.contacts.filter(outcome="attended").exists():
        yield life.days(1, 3)
        end_request(life, pk, "not_reached" if referral.contacts.count() > 1 else "said_no")
        return
    write_down(life, referral)
    if life.chance(0.07):
        yield from pause(life, pk)
    yield life.minutes(5, 200)
    yield from decided(life, pk)


def read(life: Life, pk: int) -> Course:
    """Somebody reads it; a possible match is decided first; now and then a colleague takes it over."""
    referral = life.referral(pk)
    if referral.holder is None:
        return
    triage.read(referral=referral, by=referral.holder, at=life.at)
    if life.chance(0.07):
        triage.take(referral=referral, by=life.worker(), at=life.at)
    for match in list(PossibleMatch.objects.filter(referral_id=pk, state="open").order_by("pk")):
        yield life.minutes(15, 200)
        match.refresh_from_db()
        if match.state == "open":
            same = same_person(life, match)
            joining.decide_match(
                match=match,
                same=same,
                by=holder_of(life.referral(pk)),
                at=life.at,
                why="Same number, same story, she said so." if same else "Another year and another voice.",
            )
    referral = life.referral(pk)
    life.family_id, life.person_id = referral.family_id, referral.person_id


def same_person(life: Life, match: PossibleMatch) -> bool:
    """The same telephone is nearly always the same person."""
    return "Same phone or email" in match.reasons or "Same NHS number" in match.reasons


def decided(life: Life, pk: int) -> Course:
    """What could help, with reasons, and what the family says to it."""
    referral = life.referral(pk)
    if referral.holder is None:
        return
    matched = life.match(referral)
    found = life.county.can_take_over(matched, SUITS) or life.county.can_take_over(matched, POSSIBLE)
    answer = life.pick(ANSWERS) if found else "advice"
    if answer == "advice":
        decide(life, pk, matched, [], "no", life.pick(words.DECIDED_ALONE))
        yield life.days(0, 2)
        end_request(life, pk, "enough")
        yield from perhaps_again(life, pk)
        return
    chosen = choose(life, found)
    said = {"yes": "yes", "thinking": "some", "not_asked": "not_asked", "no": "no"}[answer]
    decide(life, pk, matched, chosen, said, life.pick(words.DECIDED))
    if answer == "no":
        yield life.days(1, 4)
        end_request(life, pk, "said_no")
        return
    if answer != "yes":
        yield life.days(1, 4)
        if not (yield from asked_again(life, pk)):
            return
    yield life.minutes(3, 90)
    yield from onwards(life, pk, chosen)


def choose(life: Life, found: list[Service]) -> list[Service]:
    """One service, sometimes two: near the top of the list, and those with a team of ours before others."""
    ours = [service for service in found if service.is_inside]
    outside = [service for service in found if not service.is_inside]
    first = life.pick(outside[:3]) if outside and (not ours or life.chance(0.08)) else life.pick(ours[:5])
    others = [s for s in ours[:6] if s.pk != first.pk and s.team_id != first.team_id]
    return [first, life.pick(others)] if others and life.chance(0.14) else [first]


def asked_again(life: Life, pk: int) -> Generator[datetime, None, bool]:
    """They have thought about it: yes to what was offered, or no to all of it."""
    referral = life.referral(pk)
    if referral.holder is None:
        return False
    says_yes = life.chance(0.7)
    for offer in Offer.objects.filter(referral_id=pk).select_related("referral", "service").order_by("pk"):
        triage.answer_offer(
            offer=offer, answer="yes" if says_yes else "no", by=holder_of(referral), at=life.at
        )
    if not says_yes:
        yield life.minutes(10, 200)
        end_request(life, pk, "said_no")
    return says_yes


def onwards(life: Life, pk: int, chosen: list[Service]) -> Course:
    """Handed over to each service chosen; when nothing came of it, the front door goes on."""
    for service in chosen[1:]:
        life.start(handed_over, pk, service, at=life.minutes(2, 40))
    yield from handed_over(life, pk, chosen[0])
    referral = life.referral(pk)
    if referral.holder is None or referral.handovers.open().exists():
        return
    yield life.days(2, 6)
    yield from another_try(life, pk)


def handed_over(life: Life, pk: int, service: Service) -> Course:
    referral = life.referral(pk)
    if referral.holder is None or referral.stage not in {"decided", "handing_over"}:
        return
    began = yield from hand_over(life, referral, service)
    if began is not None:
        yield from help_given(life, began.pk)


def another_try(life: Life, pk: int) -> Course:
    """Nothing came of the first handover: another service, or it ends with a reason."""
    referral = life.referral(pk)
    if referral.holder is None or referral.handovers.open().exists():
        return
    matched = life.match(referral)
    asked = set(referral.handovers.values_list("service_id", flat=True))
    found = [s for s in life.county.can_take_over(matched, POSSIBLE) if s.pk not in asked and s.is_inside]
    if not found or life.chance(0.3):
        end_request(life, pk, "said_no" if life.chance(0.5) else "other_help")
        return
    decide(life, pk, matched, found[:1], "yes", life.pick(words.DECIDED))
    yield life.minutes(5, 60)
    yield from handed_over(life, pk, found[0])
    referral = life.referral(pk)
    if referral.holder is not None and not referral.handovers.open().exists():
        yield life.days(1, 4)
        end_request(life, pk, "other_help")


def perhaps_again(life: Life, pk: int) -> Course:
    """Some weeks after the end they ring again, and the request is opened again."""
    if not life.chance(0.2):
        return
    yield life.days(15, 45)
    referral = life.referral(pk)
    if referral.stage != "ended":
        return
    episode.reopen(
        referral=referral,
        why=life.pick(words.REOPENED),
        by=life.worker(),
        team=life.county.area.front_door,
        at=life.at,
    )
    yield life.minutes(30, 600)
    yield from decided(life, pk)


# ---- the same person again, through another door


def another_request(life: Life) -> Course:
    """The same person again: joined by NHS number, or a possible match that a worker decides."""
    way = life.rng.random()
    if way > 0.11:
        return
    person = life.person()
    again = replace(life, story=replace(life.story, doors=()))
    door = life.pick(("web", "phone", "professional" if life.story.teller else "text"))
    yield hour_of_asking(life, life.at, door)
    told = what_is_told(again, door)
    told = replace(
        told,
        story=life.pick(AGAIN),
        nhs_number="",
        born_on=None,
        due_on=None,
        baby_born_on=None,
        lost_on=None,
        loss_kind="",
        needs=life.story.needs[:1],
    )
    if way < 0.06 and person.nhs_number and person.born_on:
        told = replace(told, nhs_number=person.nhs_number, born_on=person.born_on)
    elif "@" in life.teller.contact or not life.teller.contact:
        return
    else:
        told = replace(told, contact=life.teller.contact)
    known = life.referral_id
    again.at = life.at
    referral = receive(again, told)
    again.start(second_course, referral.pk, known, at=life.minutes(30, 300))


AGAIN = (
    "I asked before about sleep. Now it is money too, we are behind with the rent.",
    "I wrote some weeks ago and somebody nice rang. I lost the number. Can she ring again?",
    "Is there a group near us now that the one at the hall has stopped?",
    "Seen in clinic today. Known to you already, she says. Asks about feeding support.",
    "It is getting harder again since he went back to work.",
    "I said no last time. I think I would like to try now.",
)


def second_course(life: Life, pk: int, known: int) -> Course:
    """A second request of somebody we know: often what is going on already answers it."""
    yield max(life.referral(pk).read_by_time, life.minutes(12, 200))
    yield from read(life, pk)
    yield life.minutes(20, 300)
    earlier = Referral.objects.get(pk=known)
    if earlier.ended_at is None and life.chance(0.6):
        end_request(life, pk, "in_error")
        return
    yield from reach(life, pk)
    referral = life.referral(pk)
    if referral.holder is None:
        return
    if referral.contacts.filter(outcome="attended").exists():
        yield life.minutes(5, 100)
        yield from decided(life, pk)
    else:
        end_request(life, pk, "other_help")


def spread(index: int, count: int, span: timedelta, rng: Random) -> timedelta:
    """How long after the beginning a family comes: evenly over the time, a little more towards today."""
    share: float = ((index + rng.random()) / count) ** 0.9
    return span * share
