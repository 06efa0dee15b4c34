"""A sealed record is not there; an emergency opens one for an hour; nobody meets themself or their own."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.care.test_sights import ask, decided, held
from tests.world import NOW, World, person

from anydoor.access.audit import VISITOR
from anydoor.access.models import AuditEntry, Declaration, Membership, PersonalSight, User
from anydoor.access.policy import allow, standing_of
from anydoor.access.roles import Role
from anydoor.care import (
    break_glass,
    conflict,
    handover,
    holding,
    inbox,
    my_work,
    own_words,
    scope,
    sealing,
    standing,
    sweep,
)
from anydoor.care.conflict import Near
from anydoor.care.intake import Told, receive
from anydoor.care.models import BreakGlass, FamilyCare, PossibleMatch, Referral, Sight, Wait
from anydoor.messages.models import OutboxMessage
from anydoor.rules.errors import BadInput, NotFound, WrongMoment

pytestmark = pytest.mark.django_db
NUMBER = "9990000018"
WHY = "The school rang, she is not reached, and the baby is alone."


def who(user: User, at: object = NOW) -> object:
    return standing_of(User.objects.get(pk=user.pk), NOW.date(), at)  # type: ignore[arg-type]  # a moment


def sees(user: User, referral: Referral) -> bool:
    try:
        scope.family_for(who(user), referral.family_id)  # type: ignore[arg-type]  # a Standing
    except NotFound:
        return False
    return True


def seal(world: World, referral: Referral, *names: User) -> None:
    sealing.seal(
        family_id=referral.family_id, kind="abuse", words="He works near us.", names=names,
        by=world.sunita, at=NOW,
    )  # fmt: skip


def glass(world: World, referral: Referral, by: User) -> BreakGlass:
    return break_glass.break_glass(family_id=referral.family_id, kind="child", reason=WHY, by=by, at=NOW)


def test_a_sealed_record_is_in_no_list_search_or_count(world: World) -> None:
    referral = decided(world, nhs_number=NUMBER, born_on=date(1999, 1, 2))
    world.refer(name="Ben Cole", contact="07700 900125")
    before = inbox.read_inbox(who(world.lead), inbox.Wanted(), at=NOW)
    seal(world, referral, world.priya)
    after = inbox.read_inbox(who(world.lead), inbox.Wanted(), at=NOW)
    assert before.tabs["open"] - after.tabs["open"] == 1
    assert referral.pk not in [row.pk for row in after.rows]
    for user, there in ((world.lead, False), (world.tom, False), (world.sunita, True), (world.priya, True)):
        assert sees(user, referral) is there
        assert bool(scope.find_people(who(user), "Thackeray")) is there
        assert bool(scope.find_people(who(user), NUMBER)) is there
        assert FamilyCare.objects.seen_in_full(who(user)).filter(pk=referral.family_id).exists() is there
        names = [one.family.care.title for one in my_work.my_work(who(user), at=NOW).waits]
        assert ("Rosie Thackeray" in names) is there or there
    assert Sight.objects.filter(family=referral.family_id).count() == 0
    assert standing.compare(referral.family, at=NOW) == []


def test_the_holder_is_named_by_holding_whoever_that_becomes(world: World) -> None:
    referral = decided(world)
    seal(world, referral)
    assert not sees(world.tom, referral)
    holding.move_holding(
        thing=referral, to=world.tom, team=world.front_door, why="Away.", by=world.sunita, at=NOW
    )
    assert sees(world.tom, referral)
    assert not sees(world.lead, referral)
    assert sees(world.sunita, referral), "whoever sealed it stays named"


def test_a_sealed_record_is_handed_to_a_person_not_a_team(world: World) -> None:
    referral = decided(world)
    seal(world, referral)
    row = ask(world, referral, to_user=world.grace)
    assert (sees(world.grace, referral), sees(world.jo, referral)) == (True, False)
    assert not scope.sees_in_full(who(world.grace), scope.facts_of(FamilyCare.objects.get()))
    handover.accept(handover=row, by=world.grace, at=NOW)
    assert scope.sees_in_full(who(world.grace), scope.facts_of(FamilyCare.objects.get()))
    handover.first_contact(handover=row, mode="phone", words="Spoke.", by=world.grace, at=NOW)
    assert not sees(world.jo, referral)


def test_a_new_request_of_a_sealed_family_stays_with_who_holds_it(world: World) -> None:
    referral = decided(world, nhs_number=NUMBER, born_on=date(1999, 1, 2))
    held(world, referral)
    sealing.seal(
        family_id=referral.family_id,
        kind="colleague",
        words="She works here.",
        names=(),
        by=world.grace,
        at=NOW,
    )
    told = Told(
        story="Me again.", door="web", contact="07700 900126", name="Rosie Thackeray",
        nhs_number=NUMBER, born_on=date(1999, 1, 2),
    )  # fmt: skip
    again = receive(told=told, area=world.area, by=world.sunita, at=NOW).referral
    assert (again.family_id, again.holder, again.sealed) == (referral.family_id, world.grace, False)
    again.refresh_from_db()
    assert again.sealed
    assert not sees(world.sunita, referral)
    like = Told(story="Hello.", door="web", contact="07700 900127", name="Rosie Thackeray", nhs_number=NUMBER)
    receive(told=like, area=world.area, by=world.sunita, at=NOW)
    assert PossibleMatch.objects.count() == 0, "a comparison would tell that she is there"


def test_a_lifted_seal_shows_it_again_and_every_name_is_gone(world: World) -> None:
    referral = decided(world)
    seal(world, referral, world.grace)
    with pytest.raises(WrongMoment):
        seal(world, referral)
    sealing.lift(family_id=referral.family_id, words="She is safe now.", by=world.sunita, at=NOW)
    assert sees(world.lead, referral)
    assert not sees(world.grace, referral)
    assert PersonalSight.objects.count() == 0
    with pytest.raises(WrongMoment):
        sealing.lift(family_id=referral.family_id, words="Again.", by=world.sunita, at=NOW)


def test_sealed_families_are_counted_among_many_only(world: World) -> None:
    seal(world, decided(world))
    who = standing_of(world.tom, NOW.date(), NOW)
    for number in range(9):
        world.refer(name=f"Ben Cole {number}", contact=f"07700 9002{number:02}")
    assert sealing.countable(FamilyCare.objects.all(), who=who) == 9
    world.refer(name="Ben Last", contact="07700 900299")
    assert sealing.countable(FamilyCare.objects.all(), who=who) == 11


def test_an_emergency_opens_for_an_hour_is_told_and_reviewed_by_another(world: World) -> None:
    referral = decided(world)
    ig = person("Ivy Gale", world.front_door, Role.IG_LEAD)
    seal(world, referral)
    row = glass(world, referral, world.marcus)
    assert sees_at(world.marcus, referral, NOW + timedelta(minutes=59))
    assert not sees_at(world.marcus, referral, NOW + timedelta(minutes=60))
    assert not sees(world.jo, referral)
    told = set(OutboxMessage.objects.filter(template="break_glass").values_list("address", flat=True))
    assert {world.sunita.email, ig.email, world.lead.email} <= told
    assert world.marcus.email not in told
    scope.looked(
        what="see_family", subject="family", subject_id=referral.family_id, family_id=referral.family_id,
        by=User.objects.get(pk=world.marcus.pk), at=NOW, why="",
    )  # fmt: skip
    look = AuditEntry.objects.get(action="see_family")
    assert (look.purpose, look.why) == ("break_glass", "opened in an emergency.")
    assert [action for _, action in break_glass.looks_under(row)] == ["break_glass", "see_family"]
    assert list(break_glass.for_reviewer(who(ig))) == [row]
    assert list(break_glass.for_reviewer(who(world.marcus))) == []
    assert list(break_glass.for_reviewer(who(world.jo))) == []
    with pytest.raises(WrongMoment):
        break_glass.review(break_glass_id=row.pk, outcome="right", words="Mine.", by=world.marcus, at=NOW)
    late = NOW + timedelta(days=5)
    assert (break_glass.remind(at=late), break_glass.remind(at=late)) == (1, 0)
    break_glass.review(break_glass_id=row.pk, outcome="right", words="She was in danger.", by=ig, at=late)
    with pytest.raises(WrongMoment):
        break_glass.review(break_glass_id=row.pk, outcome="right", words="Again.", by=ig, at=late)


def test_an_emergency_is_looked_at_where_they_worked_when_they_opened_it(world: World) -> None:
    row = glass(world, decided(world), world.tom)
    ig = person("Ivy Gale", world.therapies_team, Role.IG_LEAD)
    role = Membership.objects.create(
        user=world.tom, team=world.pairs_team, role="practitioner", started_on=NOW.date() + timedelta(days=1)
    )
    assert list(break_glass.for_reviewer(who(ig))) == [], "a later role opens nothing of before"
    role.started_on, role.ended_on = date(2025, 1, 1), NOW.date()
    role.save()
    assert list(break_glass.for_reviewer(who(ig))) == [], "nor does one that was over"
    role.ended_on = None
    role.save()
    assert list(break_glass.for_reviewer(who(ig))) == [row]
    Membership.objects.filter(user=world.tom, team=world.pairs_team).delete()
    Membership.objects.create(
        user=world.lead, team=world.therapies_team, role="ig_lead", started_on=date(2025, 1, 1)
    )
    assert list(break_glass.for_reviewer(who(world.lead))) == [row], "governing elsewhere takes nothing away"


def test_whoever_must_not_meet_a_family_hears_of_no_emergency_in_it(world: World) -> None:
    near = person("Ivy Gale", world.front_door, Role.IG_LEAD)
    referral = decided(world, nhs_number=NUMBER)
    conflict.declare(near=Near("relative", nhs_number=NUMBER), by=near, at=NOW)
    row = glass(world, referral, world.marcus)
    assert row.reviewer == world.lead
    break_glass.remind(at=NOW + timedelta(days=5))
    told = OutboxMessage.objects.filter(template__startswith="break_glass")
    assert world.lead.email in told.values_list("address", flat=True)
    assert near.email not in told.values_list("address", flat=True)


def sees_at(user: User, referral: Referral, at: object) -> bool:
    return FamilyCare.objects.for_user(who(user, at)).filter(pk=referral.family_id).exists()


def test_it_is_closed_by_hand_and_not_opened_twice(world: World) -> None:
    referral = decided(world)
    row = glass(world, referral, world.marcus)
    with pytest.raises(WrongMoment):
        glass(world, referral, world.marcus)
    with pytest.raises(NotFound):
        break_glass.end(break_glass_id=row.pk, by=world.jo, at=NOW)
    break_glass.end(break_glass_id=row.pk, by=world.marcus, at=NOW)
    assert not sees(world.marcus, referral)


@pytest.mark.parametrize(("kind", "reason"), [("", WHY), ("curious", WHY), ("child", "too short")])
def test_an_emergency_says_which_and_why(world: World, kind: str, reason: str) -> None:
    referral = decided(world)
    with pytest.raises(BadInput):
        break_glass.break_glass(
            family_id=referral.family_id, kind=kind, reason=reason, by=world.marcus, at=NOW
        )
    assert not sees(world.marcus, referral)


def test_somebody_is_found_by_exact_details_alone(world: World) -> None:
    referral = decided(world, nhs_number=NUMBER, born_on=date(1999, 1, 2))
    marcus = who(world.marcus)
    named = {"name": "Rosie Thackeray", "born_on": date(1999, 1, 2)}
    for facts in ({"nhs_number": "999 000 0018"}, {"code": referral.reference}, named):
        assert break_glass.family_named(marcus, **facts) == referral.family_id
    for facts in (
        {"nhs_number": "9990000026"}, {"name": "Rosie", "born_on": date(1999, 1, 2)},
        {"name": "Rosie Thackeray", "born_on": date(1999, 1, 3)},
    ):  # fmt: skip
        with pytest.raises((NotFound, BadInput)):
            break_glass.family_named(marcus, **facts)


NEARS = [
    Near("self", nhs_number="999 000 0018"),
    Near("relative", name="thackeray  ROSIE", born_on=date(1999, 1, 2)),
    Near("other", contact="07700 900123"),
    Near("household", address="12 Elm Road, Norwich", postcode="nr1 1aa"),
]


@pytest.mark.parametrize("near", NEARS, ids=lambda near: near.kind)
@pytest.mark.parametrize("first", ["record", "declaration"])
def test_nobody_opens_their_own_or_a_declared_record(world: World, near: Near, first: str) -> None:
    facts = {"nhs_number": NUMBER, "born_on": date(1999, 1, 2)}
    if first == "declaration":
        conflict.declare(near=near, by=world.sunita, at=NOW)
    referral = decided(world, **facts)
    referral.person.postcode, referral.person.address = "NR1 1AA", "12 Elm Road"
    referral.person.save()
    standing.refresh(referral.family, at=NOW)
    if first == "record":
        assert sees(world.sunita, referral)
        conflict.declare(near=near, by=world.sunita, at=NOW)
    assert not sees(world.sunita, referral)
    assert scope.find_people(who(world.sunita), "Thackeray") == []
    rows = inbox.read_inbox(who(world.sunita), inbox.Wanted(), at=NOW)
    assert (rows.rows, rows.tabs["open"], rows.mine) == ([], 0, 0)
    assert my_work.my_work(who(world.sunita), at=NOW).waits == []
    assert sees(world.lead, referral), "their colleagues go on"
    with pytest.raises(NotFound):
        glass(world, referral, world.sunita)
    facts_now = scope.facts_of(FamilyCare.objects.get(pk=referral.family_id))
    decision = allow(who(world.sunita), "see_family", facts_now)
    assert (decision.allowed, decision.rule, decision.fields) == (False, "conflict_of_interest", frozenset())
    row = Declaration.objects.get()
    assert NUMBER not in str(row.marks)
    conflict.take_back(declaration_id=row.pk, by=world.sunita, at=NOW)
    assert sees(world.sunita, referral)


def test_a_declaration_with_nothing_to_compare_is_sent_back(world: World) -> None:
    for near in (
        Near("self"),
        Near("self", name="Rosie", born_on=date(1999, 1, 2)),
        Near("self", postcode="NR1"),
    ):
        with pytest.raises(BadInput):
            conflict.declare(near=near, by=world.sunita, at=NOW)
    with pytest.raises(BadInput) as fault:
        conflict.declare(near=Near("self", nhs_number="123"), by=world.sunita, at=NOW)
    assert fault.value.field == "nhs_number"


def test_words_of_danger_on_a_sealed_record_reach_somebody_who_can_open_it(world: World) -> None:
    """They climb to the coordinator, who cannot see the record: she is told whom to ring, and the way in."""
    referral = world.refer(name="Rosie Thackeray")
    seal(world, referral, world.tom)
    own_words.say_more(referral=referral, words="They would be better off without me.", by=VISITOR, at=NOW)
    late = NOW + timedelta(hours=2)
    assert sweep.run(at=late).escalated == 1
    wait = Wait.objects.open().get(kind="danger")
    coordinator = wait.escalated_to
    assert coordinator is not None
    assert not sees(coordinator, referral)
    told = {one.address: one.body for one in OutboxMessage.objects.filter(template="escalation")}
    assert set(told) == {coordinator.email, world.tom.email}, "whoever is named is asked too"
    assert f"reach {world.sunita.name} now" in told[coordinator.email]
    assert "Sign in to see it" in told[world.tom.email]
    assert all("Rosie" not in body and "Thackeray" not in body for body in told.values())
    assert referral.reference in told[coordinator.email]
    found = break_glass.family_named(who(coordinator, late), code=referral.reference)
    break_glass.break_glass(family_id=found, kind="holder_away", reason=WHY, by=coordinator, at=late)
    assert sees_at(coordinator, referral, late + timedelta(minutes=1))
