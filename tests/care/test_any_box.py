"""Words of danger count in whatever box of whatever door they stand; and a number once unsafe stays so."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.world import NOW, World

from anydoor.access.audit import VISITOR
from anydoor.care import joining, own_words
from anydoor.care.intake import Told, receive
from anydoor.care.models import PossibleMatch, Referral, Story, Wait
from anydoor.messages import outbox
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import ContactPoint
from anydoor.rules import identifiers
from anydoor.rules.errors import BadInput
from anydoor.rules.safe_contact import UNSAFE

LATER = NOW + timedelta(hours=1)
CRY = "I want to kill myself"
NUMBER = f"999000001{identifiers.nhs_check_digit('999000001')}"
KNOWN = {"nhs_number": NUMBER, "born_on": date(1994, 3, 27), "contact": "07700 900555"}


@pytest.mark.parametrize(
    "box",
    [
        "story",
        "asks_for",
        "name",
        "baby_name",
        "place",
        "hours",
        "language",
        "address",
        "agreed_words",
        "referrer_name",
        "referrer_organisation",
        "referrer_contact",
    ],
)
def test_a_cry_in_any_box_goes_to_the_top_with_a_clock(world: World, box: str) -> None:
    referral = world.refer(**{"story": "I feel low.", "door": "file", box: CRY})
    assert referral.danger_words == ["kill myself"]
    assert referral.tags[0] == "danger"
    assert Wait.objects.get(kind="danger").urgent


def test_the_same_cry_over_and_over_is_kept_once_and_however_long_it_is(world: World) -> None:
    referral = world.refer(story="suicide. " * 2_000)
    assert referral.danger_words == ["suicide"]
    own_words.say_more(referral=referral, words=f"I want to kill{' ' * 300}myself", by=VISITOR, at=LATER)
    assert max(len(words) for words in Referral.objects.get().danger_words) == 200


def test_a_cry_in_what_is_told_later_counts_too(world: World) -> None:
    for number, tell in enumerate(
        (
            lambda one: own_words.tell_safe(
                referral=one, safe="no", uses=[], hours=CRY, another="", by=VISITOR, at=LATER
            ),
            lambda one: own_words.tell_needs(
                referral=one, language=CRY, interpreter="no", communication=[], by=VISITOR, at=LATER
            ),
            lambda one: own_words.tell_about(
                referral=one,
                name=CRY,
                role="",
                where="",
                due_on=None,
                baby_born_on=None,
                by=VISITOR,
                at=LATER,
            ),
        )
    ):
        referral = world.refer(contact=f"07700 90010{number}")
        tell(referral)
        referral.refresh_from_db()
        assert referral.danger_words == ["kill myself"]
        assert Wait.objects.open().filter(kind="danger", referral=referral).count() == 1


def test_a_form_with_somebodys_number_does_not_open_an_unsafe_way(world: World) -> None:
    world.refer(**KNOWN, safe="no")
    again = Told(
        story="Help her.",
        door="professional",
        referrer_name="Anyone",
        safe="yes",
        uses=("text",),
        **KNOWN,
    )
    done = receive(told=again, area=world.area, by=VISITOR, at=LATER)
    assert done.joined_by == "NHS number"
    assert ContactPoint.objects.get().safe == "no"
    assert not OutboxMessage.objects.filter(person__isnull=False).exists()


def test_a_form_may_close_a_way_that_was_safe(world: World) -> None:
    world.refer(**KNOWN, safe="yes", uses=("text",))
    world.refer(**KNOWN, safe="no")
    point = ContactPoint.objects.get()
    assert (point.safe, point.uses) == ("no", [])


def test_no_text_goes_to_a_number_that_anybody_called_unsafe(world: World) -> None:
    world.refer(safe="no")
    world.refer(safe="yes", uses=("text",))
    message = OutboxMessage.objects.get(person__isnull=False)
    assert outbox.why_not_now(message, at=NOW) == UNSAFE


def test_the_unsafe_way_cannot_be_the_safer_way(world: World) -> None:
    referral = world.refer()
    with pytest.raises(BadInput) as refused:
        own_words.tell_safe(
            referral=referral,
            safe="no",
            uses=["text"],
            hours="",
            another="+44 7700 900123",
            by=VISITOR,
            at=LATER,
        )
    assert refused.value.field == "another"
    assert ContactPoint.objects.get().safe == "not_asked"


def joined(world: World, first_says: str, then_says: str) -> Referral:
    """A request that a worker put to somebody whom we knew, who has the same number."""
    world.refer(safe=first_says, uses=("text",) if first_says == "yes" else ())
    referral = world.refer(safe=then_says)
    joining.decide_match(match=PossibleMatch.objects.get(), same=True, by=world.sunita, at=LATER)
    return Referral.objects.get(pk=referral.pk)


def test_joining_two_keeps_that_a_way_is_not_safe(world: World) -> None:
    joined(world, "yes", "no")
    assert ContactPoint.objects.get(ended_at__isnull=True).safe == "no"


def test_the_page_after_asking_does_not_show_that_two_were_joined(world: World) -> None:
    referral = joined(world, "no", "not_asked")
    point = own_words.point_of(referral)
    assert point is not None
    assert point.value == "+447700900123"
    own_words.tell_safe(
        referral=referral,
        safe="yes",
        uses=["text"],
        hours="mornings",
        another="rosie@home.example",
        by=own_words.themselves(referral),
        at=LATER,
    )
    known = ContactPoint.objects.get(person=referral.person, ended_at__isnull=True)
    assert known.safe == "no"
    assert [story.words for story in own_words.stories_of(referral)] == ["I feel low and alone."]
    answers = Story.objects.get(how=own_words.ANSWERS).words
    assert "A safer way: rosie@home.example." in answers
    assert "You may: text." in answers


def test_what_is_asked_of_somebody_joined_is_asked_the_same_way(world: World) -> None:
    for referral in (world.refer(contact="07700 900777"), joined(world, "no", "not_asked")):
        with pytest.raises(BadInput) as refused:
            own_words.tell_safe(
                referral=referral, safe="yes", uses=[], hours="", another="", by=VISITOR, at=LATER
            )
        assert refused.value.field == "uses"
