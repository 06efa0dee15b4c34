"""What a family adds to its own request, and a professional's draft, as verbs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.world import NOW, World

from anydoor.access.audit import VISITOR
from anydoor.care import amend, drafts, episode, own_words, standing
from anydoor.care.intake import Told, receive
from anydoor.care.models import Draft, FamilyCare, Happening, Referral, Story, Wait
from anydoor.rules.errors import BadInput, WrongMoment

LATER = NOW + timedelta(hours=1)
DANGER = "I want to kill myself."


def test_words_added_are_the_persons_own_and_the_family_stays_in_order(world: World) -> None:
    referral = world.refer()
    by = own_words.themselves(referral)
    story = own_words.say_more(referral=referral, words=" More. ", by=by, at=LATER)
    assert (story.kind, story.words, story.recorded_by, story.at) == ("own", "More.", None, LATER)
    assert own_words.say_more(referral=referral, words="More.", by=by, at=LATER) == story
    assert Happening.objects.get(kind="told_more").by_words == "The person who asked"
    assert standing.compare(referral.family, at=LATER) == []


@pytest.mark.parametrize("words", ["", "  \n", "a\x00", "x" * 20_001])
def test_words_that_cannot_be_kept_are_refused_at_their_field(world: World, words: str) -> None:
    referral = world.refer()
    with pytest.raises(BadInput) as refused:
        own_words.say_more(referral=referral, words=words, by=VISITOR, at=LATER)
    assert refused.value.field == "words"
    assert Story.objects.count() == 1


def test_danger_after_the_request_ended_waits_on_whoever_answers_for_it(world: World) -> None:
    referral = world.refer()
    episode.end(thing=referral, reason="said_no", words="They changed their mind.", by=world.sunita, at=NOW)
    own_words.say_more(referral=referral, words=DANGER, by=VISITOR, at=LATER)
    wait = Wait.objects.open().get(kind="danger")
    assert (wait.user, wait.urgent) == (world.tom, True)
    assert not FamilyCare.objects.get(family=referral.family).is_open


def test_danger_twice_is_one_clock_and_after_it_ended_another(world: World) -> None:
    from anydoor.care import triage

    referral = world.refer(story=DANGER)
    own_words.say_more(referral=referral, words=f"Again: {DANGER}", by=VISITOR, at=LATER)
    wait = Wait.objects.open().get(kind="danger")
    triage.acknowledge_danger(wait=wait, words="I rang. She is with her sister.", by=world.sunita, at=LATER)
    own_words.say_more(referral=referral, words=f"Now: {DANGER}", by=VISITOR, at=LATER)
    assert Wait.objects.filter(kind="danger").count() == 2
    assert Referral.objects.get().tags[0] == "danger"


def test_a_correction_by_somebody_without_an_account(world: World) -> None:
    story = Story.objects.get(referral=world.refer())
    new = amend.amend_story(story=story, words="Put right.", why="It was wrong.", by=VISITOR, at=LATER)
    assert (new.recorded_by, new.words) == (None, "Put right.")
    with pytest.raises(WrongMoment):
        amend.amend_story(story=story, words="Stale.", why="x", by=VISITOR, at=LATER)


def test_the_same_form_sent_again_adds_only_what_is_new(world: World) -> None:
    told = Told(story="One.", door="web", contact="07700 900142")
    referral = receive(told=told, area=world.area, by=VISITOR, at=NOW, source_ref="web:k").referral
    assert own_words.sent_before("web:k") == referral
    assert own_words.sent_before("web:other") is None
    own_words.send_again(referral=referral, told=told, at=LATER)
    assert Story.objects.count() == 1
    own_words.send_again(
        referral=referral, told=Told(story="Two.", door="web", contact="07700900142"), at=LATER
    )
    assert [story.words for story in own_words.stories_of(referral)] == ["One.", "Two."]
    assert referral.person.contact_points.count() == 1


def test_a_baby_born_without_a_due_date_has_its_birth_date_put_right(world: World) -> None:
    from datetime import date

    referral = world.refer(baby_born_on=date(2026, 2, 17))
    baby = referral.family.people.get(born_on=date(2026, 2, 17))
    amend.amend_person(
        person=baby,
        family_id=referral.family_id,
        changes={"born_on": date(2026, 2, 18)},
        why="She said so.",
        version=baby.version,
        by=world.sunita,
        at=LATER,
    )
    baby.refresh_from_db()
    assert baby.born_on == date(2026, 2, 18)


def test_a_draft_is_sent_once_and_emptied(world: World) -> None:
    told = Told(story="One.", door="professional", contact="07700 900142", referrer_name="Joan")
    draft = drafts.begin(kind="referral", user=None, data={}, at=NOW)
    drafts.keep(draft=draft, part="story", typed={"story": ["One."]}, good=True, at=NOW)
    first = drafts.send(draft=draft, told=told, area=world.area, by=VISITOR, at=NOW)
    again = drafts.send(draft=draft, told=told, area=world.area, by=VISITOR, at=LATER)
    assert (first.already, again.already, again.referral) == (False, True, first.referral)
    assert Draft.objects.get().data == {}
    with pytest.raises(WrongMoment):
        drafts.keep(draft=draft, part="story", typed={}, good=True, at=LATER)


def test_a_draft_that_was_deleted_is_not_sent(world: World) -> None:
    draft = drafts.begin(kind="referral", user=None, data={}, at=NOW)
    drafts.remove(draft=draft)
    told = Told(story="One.", door="professional", contact="07700 900142")
    with pytest.raises(WrongMoment):
        drafts.send(draft=draft, told=told, area=world.area, by=VISITOR, at=NOW)
    assert not Referral.objects.exists()


@pytest.mark.parametrize("typed", ["", "2222-2222-2222", "x" * 1000, "\x00", "ABC"])
def test_codes_that_open_nothing(world: World, typed: str) -> None:
    drafts.begin(kind="referral", user=None, data={}, at=NOW)
    assert drafts.find(kind="referral", code=typed) is None


def test_a_code_is_read_however_it_is_typed(world: World) -> None:
    draft = drafts.begin(kind="referral", user=None, data={}, at=NOW)
    for typed in (
        draft.key,
        draft.key.lower(),
        draft.key.replace("-", " "),
        f"  {draft.key.replace('-', '')} ",
    ):
        assert drafts.find(kind="referral", code=typed) == draft
    assert drafts.find(kind="other", code=draft.key) is None
