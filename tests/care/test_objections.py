"""What somebody says is not right in their record: the clock, the answer, their words beside it for good."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.care.test_rights import both_parents, leads, told
from tests.web.scenes import STORY
from tests.world import NOW, World

from anydoor.access.audit import Outsider
from anydoor.care import consenting, proposing, sealing, standing, sweep
from anydoor.care.consenting import Receiver, Word
from anydoor.care.models import Happening, Objection, Sight, Story, Wait
from anydoor.care.rights import asking, objecting
from anydoor.care.rights.stated import find, on_their_page, stated_of
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import Consent, ContactPoint, Family, FamilyMember, Instruction, Person
from anydoor.rules.errors import BadInput, NotFound, WrongMoment

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=3)


def said(world: World, family_id: int, person: Person, of: str = "", **more: object) -> Objection:
    return objecting.say(
        **{
            "person_id": person.pk, "family_id": family_id, "kind": "wrong", "of": of, "about": "The letter",
            "words": "I never said that.", "said_by": person.called, "how": "phone", "by": world.grace,
            "at": NOW, **more,
        }
    )  # fmt: skip


def mother_of(family_id: int) -> Person:
    return Person.objects.get(memberships__family=family_id, memberships__role="mother")


def answered(row: Objection, world: World, **more: object) -> Objection:
    return objecting.answer(
        **{
            "objection_id": row.pk, "outcome": "kept", "words": "Grace remembers it so.", "by": world.lead,
            "at": LATER, **more,
        }
    )  # fmt: skip


def test_it_reaches_the_holder_and_the_lead_with_the_laws_clock(world: World) -> None:
    ivy, _ = leads(world)
    family_id = told(world)
    OutboxMessage.objects.all().delete()
    row = said(world, family_id, mother_of(family_id), f"story:{Story.objects.get(words=STORY).pk}")
    assert row.due_on == date(2026, 4, 10)
    assert row.said == STORY
    wait = Wait.objects.open().get(kind="objection")
    assert (wait.user, wait.team) == (ivy, world.front_door)
    assert wait.due_at.date() == date(2026, 3, 31)  # ten days before the law's day
    told_to = set(OutboxMessage.objects.filter(template="objection").values_list("address", flat=True))
    assert {ivy.email, world.grace.email} <= told_to
    for message in OutboxMessage.objects.filter(template="objection"):
        assert "never said" not in message.body
        assert "Rosie" not in message.body
    assert standing.compare(Family.objects.get(pk=family_id), at=NOW) == []


def test_the_sweep_climbs_before_the_laws_day(world: World) -> None:
    leads(world)
    family_id = told(world)
    said(world, family_id, mother_of(family_id))
    late = NOW + timedelta(days=22)
    sweep.run(at=late)
    sweep.run(at=late + timedelta(days=4))  # after Easter
    wait = Wait.objects.get(kind="objection")
    assert wait.nudged_at == late
    assert wait.escalated_to == world.priya
    assert wait.escalated_at.date() < date(2026, 4, 10)


def test_a_story_put_right_keeps_what_it_said_and_the_words_beside_it(world: World) -> None:
    family_id = told(world)
    story = Story.objects.get(words=STORY)
    row = said(world, family_id, mother_of(family_id), f"story:{story.pk}")
    with pytest.raises(BadInput) as fault:
        answered(row, world, outcome="corrected", now="")
    assert fault.value.field == "now"
    answered(row, world, outcome="corrected", now="I said that I was tired.", words="You are right.")
    story.refresh_from_db()
    assert story.words == STORY
    assert story.replaced_by.words == "I said that I was tired."
    row.refresh_from_db()
    assert (row.state, row.of) == ("corrected", f"story:{story.replaced_by_id}")
    assert [one.words for one in objecting.beside(family_id)] == ["I never said that."]
    lines = Happening.objects.filter(kind="amended", family=family_id).latest("pk").facts["lines"]
    assert lines[0]["old"] == STORY
    assert not Wait.objects.open().filter(kind="objection").exists()
    with pytest.raises(WrongMoment):
        answered(row, world)


@pytest.mark.parametrize(
    ("fact", "now", "shown"),
    [("name", "Rosie Thackray", "Rosie Thackray"), ("language", "Polish", "Polish")],
)
def test_a_fact_put_right_is_changed_by_its_own_verb(world: World, fact: str, now: str, shown: str) -> None:
    family_id = told(world)
    mother = mother_of(family_id)
    Person.objects.filter(pk=mother.pk).update(language="Welsh")
    row = said(world, family_id, mother, f"person:{mother.pk}:{fact}")
    with pytest.raises(BadInput) as fault:
        answered(row, world, outcome="corrected", now="x" * 400)
    assert fault.value.field == "now"
    answered(row, world, outcome="corrected", now=now)
    mother.refresh_from_db()
    assert getattr(mother, fact) == shown
    note = Happening.objects.filter(kind="amended", family=family_id).latest("pk")
    assert note.facts["lines"][0]["old"]


def test_a_number_and_an_instruction_put_right_end_and_begin_anew(world: World) -> None:
    family_id = told(world)
    mother = mother_of(family_id)
    point = ContactPoint.objects.get(person=mother)
    answered(
        said(world, family_id, mother, f"way:{point.pk}"), world, outcome="corrected", now="07700 900456"
    )
    point.refresh_from_db()
    assert point.ended_at == LATER
    assert ContactPoint.objects.get(person=mother, ended_at=None).safe == "not_asked"
    rule = Instruction.objects.get(person=mother)
    row = said(world, family_id, mother, f"instruction:{rule.pk}")
    answered(row, world, outcome="corrected", now="Ring on Mondays.")
    assert Instruction.objects.get(person=mother, ended_at=None).words == "Ring on Mondays."


def test_what_was_written_at_the_time_stays_and_what_is_right_stands_beside(world: World) -> None:
    family_id = told(world)
    mother = mother_of(family_id)
    contact = next(one for one in stated_of(mother, family_id) if one.kind == "contact")
    row = said(world, family_id, mother, contact.key)
    answered(row, world, outcome="corrected", now="We met at the hub.")
    row.refresh_from_db()
    assert row.now_says == "We met at the hub."


def test_not_changed_needs_a_reason_and_the_words_stay_for_ever(world: World) -> None:
    family_id = told(world)
    mother = mother_of(family_id)
    row = said(world, family_id, mother, f"person:{mother.pk}:name", should_be="Rose")
    with pytest.raises(BadInput):
        answered(row, world, words=" ")
    with pytest.raises(BadInput):
        answered(row, world, outcome="stopped")
    answered(row, world)
    assert [one.answer for one in objecting.beside(family_id)] == ["Grace remembers it so."]
    again = said(world, family_id, mother, f"person:{mother.pk}:name", at=LATER)
    objecting.take_back(objection_id=again.pk, words="She rang.", by=world.lead, at=LATER)
    assert len(objecting.beside(family_id)) == 1


def test_while_it_is_looked_at_it_goes_into_no_handover(world: World) -> None:
    family_id = told(world)
    mother = mother_of(family_id)
    story = Story.objects.get(words=STORY)
    assert STORY in str(proposing.snapshot(mother, family_id))
    row = said(world, family_id, mother, f"story:{story.pk}")
    assert STORY not in str(proposing.snapshot(mother, family_id))
    answered(row, world)
    assert STORY in str(proposing.snapshot(mother, family_id))


def test_sharing_stops_in_the_moment_they_say_so(world: World) -> None:
    family_id = told(world)
    mother = mother_of(family_id)
    word = Word(given_by="Rosie", words="Yes.", how="phone", at=NOW)
    consenting.say_yes(
        person=mother,
        family_id=family_id,
        to=Receiver(service=world.pairs),
        word=word,
        by=world.grace,
        at=NOW,
    )
    said(world, family_id, mother, kind="share", at=LATER)
    assert not Consent.objects.filter(person=mother, state="given").exists()
    assert Consent.objects.get(person=mother, state="said_no").breadth == "circle"
    assert not Sight.objects.filter(family=family_id, team=world.pairs_team).exists()
    row = Objection.objects.get()
    with pytest.raises(BadInput):
        answered(row, world, outcome="corrected", now="x")
    answered(row, world, outcome="stopped", words="It has stopped.")


def test_nobody_says_it_of_what_is_not_their_own(world: World) -> None:
    family_id, rosie_, sam = both_parents(world)
    garage = Story.objects.get(words="I cry in the garage.")
    about_her = Story.objects.get(words="She shouts at night.")
    for key in (f"story:{garage.pk}", f"story:{about_her.pk}", f"person:{sam.pk}:name", "story:999", "x", ""):
        if key:
            with pytest.raises(NotFound):
                said(world, family_id, rosie_, key)
    assert find(stated_of(sam, family_id), f"story:{garage.pk}") is not None
    stranger = Person.objects.create(name="Nobody Here")
    with pytest.raises(NotFound):
        said(world, family_id, stranger)


def test_their_own_page_shows_no_words_of_danger_and_nobody_elses(world: World) -> None:
    family_id, rosie_, _sam = both_parents(world)
    Story.objects.create(
        family_id=family_id, person=rosie_, kind="own", words="He hits me when he drinks.",
        told_by="Rosie Thackeray", how="web", at=NOW,
    )  # fmt: skip
    shown = " ".join(one.text for one in on_their_page(rosie_, family_id))
    assert STORY in shown
    for kept in ("hits me", "garage", "shouts", "Orchard", "900555", "spoke about sleep"):
        assert kept not in shown
    hers = f"story:{Story.objects.get(words__startswith='He hits').pk}"
    with pytest.raises(NotFound):
        said(world, family_id, rosie_, hers, own_page=True, by=Outsider("Rosie", "family"), how="web")


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"words": " "}, "words"), ({"words": "x" * 1001}, "words"), ({"kind": "whim"}, "kind"),
        ({"said_by": ""}, "said_by"), ({"how": "pigeon"}, "how"), ({"about": ""}, "about"),
    ],
)  # fmt: skip
def test_what_is_missing_is_named(world: World, wrong: dict[str, str], field: str) -> None:
    family_id = told(world)
    with pytest.raises(BadInput) as fault:
        said(world, family_id, mother_of(family_id), **wrong)
    assert fault.value.field == field
    assert not Objection.objects.exists()


def test_the_same_twice_is_being_looked_at_already(world: World) -> None:
    family_id = told(world)
    mother = mother_of(family_id)
    said(world, family_id, mother, f"person:{mother.pk}:name")
    with pytest.raises(WrongMoment, match="already"):
        said(world, family_id, mother, f"person:{mother.pk}:name")
    said(world, family_id, mother, f"person:{mother.pk}:name", kind="use")


def test_words_of_danger_in_it_start_the_clock_of_danger(world: World) -> None:
    family_id = told(world)
    said(world, family_id, mother_of(family_id), words="It is not right. I want to kill myself.")
    assert Wait.objects.open().filter(kind="danger", family=family_id).exists()


def test_where_no_message_is_safe_the_holder_tells_them(world: World) -> None:
    family_id = told(world)
    mother = mother_of(family_id)
    ContactPoint.objects.filter(person=mother).update(safe="no", uses=[])
    answered(said(world, family_id, mother), world)
    assert not OutboxMessage.objects.filter(template="objection_answered", state="queued").exists()
    wait = Wait.objects.open().get(kind="message_not_delivered")
    assert "Tell Rosie our answer" in wait.why


def test_of_a_sealed_record_only_those_named_hear(world: World) -> None:
    ivy, una = leads(world)
    family_id = told(world)
    sealing.seal(
        family_id=family_id, kind="abuse", words="He works near.", names=[una], by=world.grace, at=NOW
    )
    OutboxMessage.objects.all().delete()
    said(world, family_id, mother_of(family_id))
    told_to = set(OutboxMessage.objects.filter(template="objection").values_list("address", flat=True))
    assert told_to == {una.email, world.grace.email}
    assert Wait.objects.get(kind="objection").user == una
    assert ivy.email not in told_to


def test_more_time_once_and_a_request_for_ones_record_has_its_clock(world: World) -> None:
    ivy, _ = leads(world)
    family_id, rosie_, _ = both_parents(world)
    row = said(world, family_id, rosie_)
    objecting.more_time(objection_id=row.pk, months=2, why="We wait for a letter.", by=ivy, at=LATER)
    row.refresh_from_db()
    assert row.due_on == date(2026, 6, 10)
    assert row.wait.due_at.date() == date(2026, 5, 31)
    with pytest.raises(WrongMoment):
        objecting.more_time(objection_id=row.pk, months=1, why="More.", by=ivy, at=LATER)
    asked = asking.open_request(
        person_id=rosie_.pk, family_id=family_id, asked_by="Rosie", asked_as="self", proof="Seen",
        asked_on=NOW.date(), by=ivy, at=NOW,
    )  # fmt: skip
    assert Wait.objects.open().get(kind="own_record").user == ivy
    asking.close(request_id=asked.pk, words="She took it back.", by=ivy, at=LATER)
    assert not Wait.objects.open().filter(kind="own_record").exists()
    assert standing.compare(Family.objects.get(pk=family_id), at=LATER) == []


def test_the_bundle_has_their_words_and_our_answer(world: World) -> None:
    family_id, rosie_, sam = both_parents(world)
    answered(said(world, family_id, rosie_), world)
    texts = [line for one in asking.entries_of(rosie_, [family_id]) for line in one.lines]
    assert ("Our answer", "Grace remembers it so.") in texts
    assert "never said" not in str([one.lines for one in asking.entries_of(sam, [family_id])])
    assert FamilyMember.objects.filter(family=family_id).count() == 3
