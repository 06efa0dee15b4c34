"""Who sees a family, and how much, as consent, work and time have it; withdrawal never shows more."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.world import AGREED, NOW, World

from anydoor.access.policy import allow, standing_of
from anydoor.care import consenting, episode, handover, scope, standing, sweep, triage
from anydoor.care.consenting import Receiver, Word
from anydoor.care.models import Episode, FamilyCare, Handover, Referral, Sight
from anydoor.messages.models import OutboxMessage
from anydoor.people.models import Consent, SharedWithout
from anydoor.rules.errors import BadInput, NotFound, WrongMoment

pytestmark = pytest.mark.django_db


def level(team: object, referral: Referral) -> str | None:
    row = Sight.objects.filter(team=team, family=referral.family_id).first()
    return row.level if row else None


def decided(world: World, **told: object) -> Referral:
    referral = world.refer(name="Rosie Thackeray", role="mother", **told)
    triage.decide(
        referral=referral,
        level="targeted",
        words="One person.",
        answer="yes",
        shown=[triage.Shown(world.therapies.pk, world.therapies.name, "suits", (), (), True)],
        by=world.sunita,
        at=NOW,
    )
    referral.refresh_from_db()
    return referral


def ask(world: World, referral: Referral, **more: object) -> Handover:
    facts = {"service": world.therapies, "agreement": AGREED, **more}
    return handover.propose(thing=referral, words="Please.", by=world.sunita, at=NOW, **facts).handover


def held(world: World, referral: Referral) -> Episode:
    row = handover.accept(handover=ask(world, referral), by=world.grace, at=NOW)
    return handover.first_contact(handover=row, mode="phone", words="Spoke.", by=world.grace, at=NOW)


def yes(**more: object) -> Word:
    return Word(given_by="Rosie", words="Yes.", how="phone", at=NOW, **more)  # type: ignore[arg-type]  # short


def take_back(referral: Referral, world: World, at: object = NOW) -> Consent:
    row = Consent.objects.get(family=referral.family_id, state="given")
    return consenting.withdraw(
        consent_id=row.pk, family_id=referral.family_id, given_by="Rosie", words="I would rather not.",
        by=world.sunita, at=at,
    )  # fmt: skip


def test_what_is_agreed_at_a_handover_is_kept_as_consent(world: World) -> None:
    referral = decided(world)
    ask(world, referral)
    row = Consent.objects.get()
    assert (row.breadth, row.service_id, row.organisation) == (
        "service", world.therapies.pk, world.therapies.organisation,
    )  # fmt: skip
    assert (row.given_by, row.words, row.state) == (AGREED.by, AGREED.words, "given")


def test_a_preview_before_the_story_after_own_work_in_the_end(world: World) -> None:
    referral = decided(world)
    row = ask(world, referral)
    assert (level(world.therapies_team, referral), level(world.front_door, referral)) == ("preview", "full")
    handover.accept(handover=row, by=world.grace, at=NOW)
    assert level(world.therapies_team, referral) == "full"
    handover.first_contact(handover=row, mode="phone", words="Spoke.", by=world.grace, at=NOW)
    assert (level(world.therapies_team, referral), level(world.front_door, referral)) == ("full", "own")
    sight = Sight.objects.get(team=world.front_door)
    assert sight.until == NOW + timedelta(days=365)
    assert standing.compare(referral.family, at=NOW) == []


def test_when_the_time_is_over_nothing_is_left_to_see(world: World) -> None:
    referral = decided(world)
    held(world, referral)
    later = NOW + timedelta(days=366)
    sweep.run(at=later)
    assert level(world.front_door, referral) in {None, "full"}  # full only where the coordinator steps in
    with pytest.raises(NotFound):
        scope.family_for(standing_of(world.marcus, later.date()), referral.family_id)


def test_whoever_helped_last_can_open_a_closed_record_again(world: World) -> None:
    referral = decided(world)
    thing = held(world, referral)
    episode.end(thing=thing, reason="finished", words="All is well.", by=world.grace, at=NOW)
    assert not FamilyCare.objects.get().is_open
    assert level(world.therapies_team, referral) == level(world.front_door, referral) == "full"
    assert Sight.objects.filter(until__isnull=True).count() == 0


def test_withdrawing_takes_back_what_is_on_its_way_in_the_same_moment(world: World) -> None:
    referral = decided(world)
    world.therapies_team.lead = world.grace
    world.therapies_team.save()
    row = ask(world, referral)
    assert OutboxMessage.objects.filter(key__startswith=f"handover:{row.pk}:", state="queued").count() == 1
    take_back(referral, world)
    row.refresh_from_db()
    assert row.stage == "withdrawn"
    assert level(world.therapies_team, referral) is None
    assert not OutboxMessage.objects.filter(key__startswith=f"handover:{row.pk}:", state="queued").exists()
    told = OutboxMessage.objects.get(template="handover_stopped")
    assert "Rosie" not in told.body
    with pytest.raises(WrongMoment):
        take_back_again(referral, world)


def take_back_again(referral: Referral, world: World) -> None:
    row = Consent.objects.get(family=referral.family_id)
    consenting.withdraw(
        consent_id=row.pk,
        family_id=referral.family_id,
        given_by="Rosie",
        words="No.",
        by=world.sunita,
        at=NOW,
    )


def test_a_link_to_somebody_outside_is_dead_once_consent_is_withdrawn(world: World) -> None:
    referral = decided(world)
    done = handover.propose(
        thing=referral, service=world.outside, agreement=AGREED, words="", by=world.sunita, at=NOW
    )
    assert handover.by_link(done.link, NOW).pk == done.handover.pk
    take_back(referral, world)
    with pytest.raises(NotFound):
        handover.by_link(done.link, NOW)
    assert OutboxMessage.objects.get(template="handover_link").state == "cancelled"


def test_a_holder_goes_on_with_their_own_work_and_sees_no_more(world: World) -> None:
    referral = decided(world)
    thing = held(world, referral)
    take_back(referral, world)
    assert level(world.therapies_team, referral) == "own"
    who = standing_of(world.grace, NOW.date())
    facts = scope.facts_of(scope.family_for(who, referral.family_id))
    assert not scope.sees_in_full(who, facts)
    assert scope.episode_for(who, thing.pk) == thing
    work = scope.facts_of_thing(scope.episode_for(who, thing.pk), facts)
    assert allow(who, "record_contact", work)
    with pytest.raises(NotFound):
        scope.referral_for(who, referral.pk)
    assert scope.people_for(who).count() == 0
    assert FamilyCare.objects.get().lead == world.grace, "somebody holds, whatever is shared"


def test_said_no_to_one_service_holds_against_a_yes_to_all(world: World) -> None:
    referral = decided(world)
    held(world, referral)
    person, family_id = referral.person, referral.family_id
    facts = {"person": person, "family_id": family_id, "by": world.sunita}
    consenting.say_no(to=Receiver(service=world.therapies), word=yes(), at=NOW, **facts)
    later = NOW + timedelta(minutes=5)
    consenting.say_yes(to=Receiver(organisation=world.therapies.organisation), word=yes(), at=later, **facts)
    assert level(world.therapies_team, referral) == "own"
    consenting.say_yes(
        to=Receiver(service=world.therapies),
        word=Word("Rosie", "Yes now.", "phone", later),
        at=later,
        **facts,
    )
    assert level(world.therapies_team, referral) == "full"


def test_sharing_without_consent_needs_reason_and_authority_and_ends(world: World) -> None:
    referral = decided(world)
    held(world, referral)
    take_back(referral, world)
    facts = {
        "person": referral.person, "family_id": referral.family_id, "by": world.sunita, "at": NOW,
        "to": Receiver(organisation=world.therapies.organisation),
    }  # fmt: skip
    for wrong in (
        {"reason": "no", "authority": "child_safety"},
        {"reason": "A child may be hurt.", "authority": ""},
    ):
        with pytest.raises(BadInput):
            consenting.share_without(**facts, **wrong)
    row = consenting.share_without(**facts, reason="A child may be hurt.", authority="child_safety")
    assert level(world.therapies_team, referral) == "full"
    consenting.end_shared_without(
        row_id=row.pk, family_id=referral.family_id, words="They are safe.", by=world.sunita, at=NOW
    )
    assert level(world.therapies_team, referral) == "own"


def test_a_handover_without_agreement_is_kept_with_its_authority(world: World) -> None:
    referral = decided(world)
    reason = handover.Agreement("reason", reason="A child may be hurt.", authority="child_safety")
    ask(world, referral, agreement=reason)
    assert SharedWithout.objects.get().authority == "child_safety"
    with pytest.raises(BadInput) as fault:
        ask(
            world,
            referral,
            service=world.pairs,
            agreement=handover.Agreement("reason", reason="Long enough."),
        )
    assert fault.value.field == "authority"


def test_an_agreement_runs_out_on_its_day(world: World) -> None:
    referral = decided(world)
    held(world, referral)
    Consent.objects.update(until=NOW.date())
    standing.refresh(referral.family, at=NOW)
    assert Sight.objects.get(team=world.therapies_team).until is not None
    assert level(world.therapies_team, referral) == "full"
    consenting.run_out(at=NOW + timedelta(days=1))
    assert level(world.therapies_team, referral) == "own"
    assert Consent.objects.get().state == "expired"
    assert consenting.run_out(at=NOW + timedelta(days=1)) == 0


def test_under_sixteen_somebody_judges_and_says_why(world: World) -> None:
    referral = decided(world, born_on=NOW.date().replace(year=2011))
    facts = {
        "person": referral.person, "family_id": referral.family_id, "by": world.sunita, "at": NOW,
        "to": Receiver(service=world.therapies),
    }  # fmt: skip
    with pytest.raises(BadInput) as fault:
        consenting.say_yes(word=yes(), **facts)
    assert fault.value.field == "judged"
    row = consenting.say_yes(word=yes(judged="She explained in her words who would know."), **facts)
    assert row.judged_by == world.sunita
    as_parent = consenting.say_yes(word=yes(given_as="parent"), **facts)
    assert as_parent.judged_by is None


def test_what_one_parent_told_is_not_shown_to_who_works_with_the_other(world: World) -> None:
    referral = decided(world)
    thing = held(world, referral)
    from anydoor.care import amend
    from anydoor.care.intake import Told, receive

    father = amend.add_member(
        family_id=referral.family_id, name="Daniel Okafor", role="father", apart=True,
        by=world.grace, at=NOW,
    ).person  # fmt: skip
    told = Told(
        story="I am not well.", door="phone", contact="07700 900124", name="Daniel Okafor", role="father"
    )
    own = receive(told=told, area=world.area, by=world.sunita, at=NOW, known=father).referral
    assert own.family_id == referral.family_id
    grace, sunita = (standing_of(user, NOW.date()) for user in (world.grace, world.sunita))
    facts = scope.facts_of(scope.family_for(grace, thing.family_id))
    assert scope.hidden_people(grace, facts) == {father.pk}
    assert scope.hidden_people(sunita, facts) == frozenset()
    consenting.say_yes(
        person=father, family_id=own.family_id, to=Receiver(service=world.therapies),
        word=Word("Daniel", "Yes.", "phone", NOW), by=world.sunita, at=NOW,
    )  # fmt: skip
    facts = scope.facts_of(scope.family_for(grace, thing.family_id))
    assert scope.hidden_people(grace, facts) == frozenset()


RANK = {None: 0, "preview": 1, "own": 2, "full": 3}
STEPS = st.lists(
    st.tuples(st.sampled_from(["yes", "no"]), st.sampled_from(["service", "organisation", "circle"])),
    max_size=4,
)


@given(steps=STEPS, last=st.sampled_from(["service", "organisation", "circle"]))
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_no_never_shows_anybody_more(world: World, steps: list[tuple[str, str]], last: str) -> None:
    referral = decided(world)
    held(world, referral)
    to = {
        "service": Receiver(service=world.therapies),
        "organisation": Receiver(organisation=world.therapies.organisation),
        "circle": Receiver(),
    }
    facts = {"person": referral.person, "family_id": referral.family_id, "by": world.sunita}
    at = NOW
    for word, breadth in steps:
        at += timedelta(minutes=1)
        verb = consenting.say_yes if word == "yes" else consenting.say_no
        verb(to=to[breadth], word=Word("Rosie", "So.", "phone", at), at=at, **facts)
    before = {row.team_id: RANK[row.level] for row in Sight.objects.filter(family=referral.family_id)}
    at += timedelta(minutes=1)
    consenting.say_no(to=to[last], word=Word("Rosie", "No.", "phone", at), at=at, **facts)
    for row in Sight.objects.filter(family=referral.family_id):
        assert RANK[row.level] <= before.get(row.team_id, 0)
    assert standing.compare(referral.family, at=at) == []


def test_what_is_recorded_must_make_sense(world: World) -> None:
    referral = decided(world)
    facts = {
        "person": referral.person, "family_id": referral.family_id, "by": world.sunita, "at": NOW,
        "to": Receiver(service=world.therapies),
    }  # fmt: skip
    wrong: list[tuple[str, Word]] = [
        ("given_by", Word(" ", "Yes.", "phone", NOW)),
        ("words", Word("Rosie", " ", "phone", NOW)),
        ("how", Word("Rosie", "Yes.", "smoke", NOW)),
        ("slices", Word("Rosie", "Yes.", "phone", NOW, slices=frozenset())),
        ("day", Word("Rosie", "Yes.", "phone", NOW + timedelta(days=1))),
        ("until", Word("Rosie", "Yes.", "phone", NOW, until=NOW.date() - timedelta(days=1))),
    ]
    for field, word in wrong:
        with pytest.raises(BadInput) as fault:
            consenting.say_yes(word=word, **facts)
        assert fault.value.field == field
    other = world.refer(name="Ben Cole", contact="07700 900125")
    with pytest.raises(NotFound):
        consenting.say_yes(word=yes(), **{**facts, "person": other.person})
    assert Consent.objects.count() == 0
