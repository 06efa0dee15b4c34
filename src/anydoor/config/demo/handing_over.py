"""From one holder to the next: asked, answered or not, introduced, met; and what becomes of a decline."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime, timedelta

from anydoor.access.audit import Outsider
from anydoor.access.models import User
from anydoor.care import coordination, episode, handover
from anydoor.care.models import Episode, Handover, Referral, Wait
from anydoor.care.proposing import Agreement
from anydoor.config.demo import words
from anydoor.config.demo.life import Life, holder_of
from anydoor.directory.models import Service
from anydoor.rules import working_time

# What becomes of a proposal inside the house, and outside it.
FATES = ("accepted",) * 15 + ("declined",) * 4 + ("silent", "silent", "withdrawn")
OUTSIDE_FATES = ("link", "link", "telephone", "telephone", "declined", "silent")
SECOND_LOOKS = ("alternative", "alternative", "put_back", "together")
SOON_DECLINED = (
    "need_milder",
    "no_capacity",
    "need_greater",
    "other_need_first",
    "with_another",
    "outside_place",
)
RUNNING = frozenset({"accepted", "introduced"})

Steps = Generator[datetime, None, "Episode | None"]


def hand_over(
    life: Life, thing: Referral | Episode, service: Service, *, kind: str = "handover", fate: str = ""
) -> Steps:
    """A handover from asking to the first real contact; gives the episode it began, or None."""
    if is_asked(thing, service):
        return None
    asked = handover.propose(
        thing=thing,
        service=service,
        agreement=agreement_for(life, thing, service),
        words=life.fill(life.pick(words.FOR_RECEIVER)),
        by=holder_of(thing),
        at=life.at,
        kind=kind,
    )
    pk = asked.handover.pk
    if not service.is_inside:
        return (yield from _outside(life, pk, asked.link, fate or life.pick(OUTSIDE_FATES)))
    return (yield from answered(life, pk, fate or life.pick(FATES)))


def is_asked(thing: Referral | Episode | None, service: Service) -> bool:
    """Whether this service is already asked to take it over."""
    return thing is not None and thing.handovers.open().filter(service=service).exists()


def agreement_for(life: Life, thing: Referral | Episode, service: Service) -> Agreement:
    """What the family said to sharing; inside one organisation nothing need be asked."""
    team = thing.holder_team
    if team is not None and team.organisation_id == service.organisation_id:
        return Agreement("same")
    if life.chance(0.03):
        return Agreement("reason", reason=life.pick(words.WITHOUT), authority="child_safety")
    return Agreement("agreed", by=thing.person.called, words=life.pick(words.AGREED), at=life.at)


def answered(life: Life, pk: int, fate: str) -> Steps:
    """What a team of ours answers, and what follows from it."""
    if fate == "silent":
        # Nobody looks. The sweep asks the team, then the coordinator, who rings the lead.
        yield life.days(8, 12)
    elif fate == "withdrawn":
        yield life.days(1, 3)
        row = life.handover(pk)
        if row.is_open:
            handover.withdraw(handover=row, why=life.pick(words.WITHDRAWN), by=row.from_user, at=life.at)
        return None
    else:
        yield life.days(0, 4)
    row = life.handover(pk)
    if row.stage != "proposed":
        return None
    if fate == "declined":
        return (yield from _declined(life, pk))
    handover.accept(handover=row, by=receiver_of(life, row), at=life.at)
    return (yield from met(life, pk))


def receiver_of(life: Life, row: Handover) -> User:
    """Who in the team answers: whoever was asked by name, else somebody who is there."""
    assert row.to_team is not None
    named = row.to_user
    if named is not None and named.is_active:
        return named
    if row.to_team.slug in life.county.staff.workers:
        return life.county.somebody_of(row.to_team.slug, life.at, life.rng)
    assert row.to_team.lead is not None  # a team of another area
    return row.to_team.lead


def met(life: Life, pk: int) -> Steps:
    """Introduced together, mostly, and then the first contact with the receiver: now holding moves."""
    if life.chance(0.5):
        yield life.minutes(30, 300)
        row = life.handover(pk)
        if row.stage == "accepted":
            when = life.later(life.rng.randint(2, 6))
            handover.plan_introduction(
                handover=row, when=when, words="The family chose the time.", by=row.from_user, at=life.at
            )
            yield when + timedelta(minutes=25)
    else:
        yield life.days(1, 4)
    row = life.handover(pk)
    if row.stage == "accepted" and life.chance(0.75):
        handover.introduce(handover=row, words=life.pick(words.INTRODUCED), by=row.from_user, at=life.at)
    yield life.days(1, 6)
    return (yield from first_contact(life, pk))


def first_contact(life: Life, pk: int) -> Steps:
    """The receiver meets the family; sometimes at the second try."""
    row = life.handover(pk)
    if row.stage not in RUNNING:
        return None
    receiver = receiver_of(life, row)
    thing = row.referral or row.episode
    if thing is not None and life.chance(0.15):
        episode.record_contact(
            thing=thing,
            mode="phone",
            outcome="not_reached",
            words=life.pick(words.NOT_REACHED),
            by=receiver,
            at=life.at,
        )
        yield life.days(1, 2)
        row = life.handover(pk)
        if row.stage not in RUNNING:
            return None
        receiver = receiver_of(life, row)
    return handover.first_contact(
        handover=row,
        mode=life.pick(("home", "phone", "clinic", "video", "joint", "home")),
        words=life.pick(words.FIRST_CONTACT),
        minutes=life.pick((20, 30, 45, 50, 60)),
        by=receiver,
        at=life.at,
    )


# ---- outside the house


def _outside(life: Life, pk: int, link: str, fate: str) -> Steps:
    """A receiver without accounts answers by the one-time link, or by telephone to a colleague here."""
    row = life.handover(pk)
    who = Outsider(f"{row.service.lead_name or 'The office'} at {row.service.name}"[:190], "receiver")
    yield life.days(6, 9) if fate == "silent" else life.days(1, 4)
    row = life.handover(pk)
    if row.stage != "proposed":
        return None
    by_link = fate == "link" and bool(link)
    heard_by = None if by_link else row.from_user
    if by_link:
        row = handover.by_link(link, life.at)
    if fate == "declined":
        handover.decline(
            handover=row,
            reason="no_capacity",
            words=words.DECLINED["no_capacity"],
            by=who,
            at=life.at,
            alternative_words="Ask the family hub first; we can help from next month.",
            heard_by=row.from_user,
        )
        return (yield from second_look(life, pk, "alternative"))
    handover.accept(handover=row, by=who, at=life.at, heard_by=heard_by)
    yield life.days(2, 7)
    row = life.handover(pk)
    if row.stage not in RUNNING:
        return None
    return handover.first_contact(
        handover=row,
        mode=life.pick(("phone", "clinic", "home")),
        words="We have seen them. " + life.pick(words.FIRST_CONTACT),
        by=who,
        at=life.at,
        heard_by=None if by_link else row.from_user,
    )


# ---- after a no


def decline_now(life: Life, pk: int, *, reason: str = "", alternative: Service | None = None) -> Handover:
    """The receiver proposes another way, with a coded reason."""
    row = life.handover(pk)
    chosen = alternative or _alternative(life, row)
    code = reason or life.pick(SOON_DECLINED)
    return handover.decline(
        handover=row,
        reason=code,
        words=words.DECLINED[code],
        by=receiver_of(life, row),
        at=life.at,
        alternative=chosen,
        alternative_words=""
        if chosen is not None
        else "The health visitor could see them weekly until we can.",
    )


def _alternative(life: Life, row: Handover) -> Service | None:
    referral = life.referral(row.referral_id) if row.referral_id else None
    if referral is None:
        return None
    found = life.county.can_take_over(life.match(referral), frozenset({"suits", "possible"}))
    asked = set(Handover.objects.filter(family_id=row.family_id).values_list("service_id", flat=True))
    others = [service for service in found if service.is_inside and service.pk not in asked]
    return others[0] if others else None


def _declined(life: Life, pk: int) -> Steps:
    decline_now(life, pk)
    return (yield from second_look(life, pk, life.pick(SECOND_LOOKS)))


def second_look(life: Life, pk: int, way: str) -> Steps:
    """The coordinator looks again: the alternative, back once with a reason, or decide together."""
    yield life.days(1, 2)
    row = life.handover(pk)
    if row.stage != "declined":
        return None
    coordinator = coordination.coordinator_of(life.county.area, life.at)
    if way == "put_back":
        coordination.put_back(handover=row, reason=life.pick(words.PUT_BACK), by=coordinator, at=life.at)
        yield life.days(1, 4)
        row = life.handover(pk)
        if row.stage != "proposed":
            return None
        if life.chance(0.55):
            handover.accept(handover=row, by=receiver_of(life, row), at=life.at)
            return (yield from met(life, pk))
        decline_now(life, pk)
        return (yield from _after_meeting(life, pk))
    if way == "together":
        coordination.decide_together(handover=row, by=coordinator, at=life.at)
        return (yield from _after_meeting(life, pk))
    return (yield from _instead(life, pk))


def _after_meeting(life: Life, pk: int) -> Steps:
    """The interface meeting takes place; afterwards the alternative is asked."""
    row = Handover.objects.select_related("meeting").get(pk=pk)
    if row.meeting is None:
        return None
    yield working_time.add_working_minutes(row.meeting.starts_at, life.rng.randint(20, 90))
    row = life.handover(pk)
    return (yield from _instead(life, pk)) if row.stage == "at_meeting" else None


def _instead(life: Life, pk: int) -> Steps:
    row = life.handover(pk)
    coordinator = coordination.coordinator_of(life.county.area, life.at)
    service = row.alternative
    if service is None or is_asked(row.referral or row.episode, service):
        service = _alternative(life, row)
    if service is None:
        handover.withdraw(
            handover=row, why="No other service fits now. The holder goes on.", by=coordinator, at=life.at
        )
        return None
    new = coordination.take_alternative(
        handover=row,
        by=coordinator,
        at=life.at,
        service=service,
        words=life.pick(words.SECOND_LOOK),
        agreement=agreement_for(life, _thing_of(row), service),
    )
    # What was taken from a second look is seldom declined again.
    return (yield from answered(life, new.pk, "accepted"))


def _thing_of(row: Handover) -> Referral | Episode:
    thing = row.referral or row.episode
    assert thing is not None
    return thing


def waits_of(life: Life, *kinds: str) -> list[Wait]:
    """What waits in this family now, of these kinds."""
    return list(
        Wait.objects.open()
        .filter(family_id=life.family_id, kind__in=kinds)
        .select_related("user", "referral", "episode")
        .order_by("pk")
    )
