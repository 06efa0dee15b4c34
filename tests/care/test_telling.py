"""What a family is told without asking: only where it is safe, in words that say nothing to anybody else."""

from __future__ import annotations

import re

import pytest
from tests.world import AGREED, NOW, World

from anydoor.access.audit import Outsider
from anydoor.care import handover, holding, triage
from anydoor.care.models import Handover, Referral
from anydoor.care.telling import OWN_PAGE
from anydoor.care.triage import Shown
from anydoor.directory.models import Service
from anydoor.messages import outbox
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import ContactPoint

pytestmark = pytest.mark.django_db
SAFE = {"safe": "yes", "uses": ("text",)}


def told() -> dict[str, OutboxMessage]:
    """Messages to the family, by template."""
    return {row.template: row for row in OutboxMessage.objects.filter(person__isnull=False)}


def proposed(world: World, service: Service, **contact: object) -> handover.Proposed:
    referral = world.refer(name="Rosie Thackeray", role="mother", **(contact or SAFE))
    triage.decide(
        referral=referral,
        level="targeted",
        words="You asked for one person to talk to.",
        answer="yes",
        shown=[Shown(service.pk, service.name, "suits", ("Near you",), (), True)],
        by=world.sunita,
        at=NOW,
    )
    return handover.propose(
        thing=referral, service=service, agreement=AGREED, words="", by=world.sunita, at=NOW
    )


def walked(world: World, **contact: object) -> Handover:
    """The whole way, from the request to the first contact."""
    row = proposed(world, world.therapies, **contact).handover
    handover.accept(handover=row, by=world.grace, at=NOW)
    handover.introduce(handover=row, words="A joint call.", by=world.sunita, at=NOW)
    handover.first_contact(handover=row, mode="phone", words="We spoke.", by=world.grace, at=NOW)
    return row


def test_each_step_is_told_in_a_text(world: World) -> None:
    walked(world)
    messages = told()
    assert list(messages) == ["request_received", "receiver_accepted", "introduced", "new_holder"]
    assert {(m.channel, m.address, m.state) for m in messages.values()} == {
        ("text", "+447700900123", "queued")
    }
    assert messages["request_received"].body == (
        "Norfolk Family Hubs: we have your message. A person here will be in touch by Thursday 12 March. "
        f"To speak with us sooner, ring 01632 960214. Your page: {outbox.full_address(OWN_PAGE)}"
    )
    assert "Grace will be in touch by" in messages["receiver_accepted"].body
    assert "Sunita stays your person" in messages["introduced"].body
    assert "Grace is your person here" in messages["new_holder"].body


def test_an_email_takes_the_place_of_a_text(world: World) -> None:
    walked(world, contact="rosie@mail.example", safe="yes", uses=("email",))
    assert {(m.channel, m.state) for m in told().values()} == {("email", "queued")}
    assert all(message.subject for message in told().values())


@pytest.fixture
def every_text(world: World) -> list[str]:
    walked(world)
    holding.move_holding(
        thing=world.refer(contact="07700 900777", **SAFE),
        to=world.tom,
        team=world.front_door,
        why="Sunita is ill.",
        by=world.lead,
        at=NOW,
    )
    return [f"{row.subject} {row.body}" for row in OutboxMessage.objects.filter(person__isnull=False)]


def test_no_text_says_what_it_is_about(every_text: list[str], world: World) -> None:
    assert len(every_text) == 6
    services = [word for name in Service.objects.values_list("name", flat=True) for word in name.split()]
    banned = {
        "therap",
        "mental",
        "perinatal",
        "baby",
        "babies",
        "birth",
        "pregnan",
        "mum",
        "mother",
        "NHS",
        "PAIRS",
    }
    for text in every_text:
        assert "Norfolk Family Hubs" in text
        for word in (
            banned | {"Rosie", "Thackeray", "ill"} | (set(services) - {"and", "Stay", "play", "Time"})
        ):
            assert not re.search(rf"\b{re.escape(word)}", text, re.IGNORECASE), (word, text)


def test_every_sentence_is_short_and_fits_a_text(every_text: list[str]) -> None:
    for text in every_text:
        assert len(text) <= 306  # two parts of a text
        assert all(len(sentence.split()) <= 25 for sentence in re.split(r"[.?] ", text))


# ---------------------------------------------------------------- not where it is not safe


@pytest.mark.parametrize(
    "contact",
    [
        {},
        {"safe": "no", "uses": ("text",)},
        {"safe": "not_asked", "uses": ("text",)},
        {"safe": "yes", "uses": ("call", "voicemail")},
        {"safe": "yes", "uses": ("text",), "hours": "weekday mornings"},
        {"contact": "01632 960123", "safe": "yes", "uses": ("text",)},
    ],
)
def test_nothing_is_sent_where_it_is_not_safe(world: World, contact: dict[str, object]) -> None:
    walked(world, **{"contact": "07700 900123", **contact})
    messages = told()
    assert "request_received" not in messages  # the answer to a request is not even written
    assert {m.state for m in messages.values()} == {"held_back"}
    assert all(m.reason for m in messages.values())


def test_of_two_numbers_the_safe_one_is_used(world: World) -> None:
    referral = world.refer(contact="07700 900101", safe="no")
    for number, safe in (("+447700900102", "not_asked"), ("+447700900103", "yes")):
        ContactPoint.objects.create(
            person=referral.person,
            kind="mobile",
            typed=number,
            value=number,
            safe=safe,
            uses=["text"],
            added_at=NOW,
        )
    message = to(referral, "a")
    assert (message.address, message.state) == ("+447700900103", "queued")
    ContactPoint.objects.filter(safe="yes").update(ended_at=NOW)
    message = to(referral, "b")
    assert (message.address, message.state) == ("+447700900101", "held_back")
    assert "not safe" in message.reason
    ContactPoint.objects.update(ended_at=NOW)
    assert (to(referral, "c").address, to(referral, "d").reason) == (
        "",
        "We have no number or address for them.",
    )


def to(referral: Referral, key: str) -> OutboxMessage:
    return outbox.to_person(
        person=referral.person,
        family=referral.family,
        template="t",
        body="Hello.",
        key=key,
        at=NOW,
        area_id=referral.area_id,
    )


def test_the_same_message_twice_is_one(world: World) -> None:
    referral = world.refer(**SAFE)
    to(referral, "same")
    to(referral, "same")
    assert OutboxMessage.objects.filter(key="same").count() == 1


# ---------------------------------------------------------------- who is told of


def test_a_receiver_outside_is_not_named_and_takes_nobody_away(world: World) -> None:
    made = proposed(world, world.outside)
    row = handover.by_link(made.link, NOW)
    charity = Outsider("Ann at the Baby Loss Charity", "receiver")
    handover.accept(handover=row, by=charity, at=NOW)
    handover.first_contact(handover=row, mode="phone", words="We met.", by=charity, at=NOW)
    assert list(told()) == ["request_received", "receiver_accepted"]
    assert "The person who will help you will be in touch" in told()["receiver_accepted"].body


def test_a_colleague_who_takes_over_is_told(world: World) -> None:
    referral = world.refer(**SAFE)
    triage.take(referral=referral, by=world.tom, at=NOW)
    triage.take(referral=referral, by=world.tom, at=NOW)
    [message] = [row for row in told().values() if row.template == "new_holder"]
    assert "Tom is your person here" in message.body


def test_a_referrer_gets_an_email_only_at_an_address(world: World) -> None:
    from_surgery = {"referrer_name": "Ann", "referrer_organisation": "Surgery"}
    world.refer(**from_surgery, referrer_contact="Ann@Surgery.example ")
    world.refer(**from_surgery, contact="07700 900124", referrer_contact="ask @ reception, or ring")
    assert list(OutboxMessage.objects.filter(channel="email").values_list("address", flat=True)) == [
        "ann@surgery.example"
    ]


@pytest.mark.parametrize("knows", ["no", "not_asked"])
def test_who_does_not_know_that_they_were_referred_hears_it_from_no_text(world: World, knows: str) -> None:
    world.refer(**SAFE, referrer_name="Ann", family_knows=knows)
    assert told() == {}


def test_who_was_referred_and_agreed_is_not_told_that_they_wrote(world: World) -> None:
    world.refer(**SAFE, referrer_name="Ann", family_knows="yes")
    assert told()["request_received"].body == (
        "Norfolk Family Hubs: somebody asked us to be in touch with you, as you agreed. A person here will "
        "be in touch by Thursday 12 March. To speak with us sooner, ring 01632 960214."
    )
