"""The schedule in the database: it follows what happens, and never loses what was done."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from tests.world import NOW, World

from anydoor.care.amend import add_member, amend_person
from anydoor.care.events import record_event
from anydoor.care.models import FamilyCare, Happening, Referral, ScheduledChild, ScheduledContact
from anydoor.care.schedule.keeping import keep
from anydoor.care.schedule.recording import (
    Told,
    decline,
    exclude,
    record_contact_done,
    reopen,
    say_first_baby,
)
from anydoor.directory.models import Area
from anydoor.people.models import Person
from anydoor.rules.errors import BadInput, NotFound, WrongMoment

TODAY = date(2026, 3, 10)
DUE = date(2026, 5, 26)  # 29+0 today: the 28 week appointment closed yesterday


def days(number: int) -> datetime:
    return NOW + timedelta(days=number)


def expecting(world: World, due_on: date = DUE, at: datetime = NOW, **more: object) -> Referral:
    return world.refer(at=at, name="Rosie Thackeray", role="mother", due_on=due_on, **more)


def born(world: World, on: date, at: datetime = NOW) -> Referral:
    return world.refer(at=at, name="Rosie Thackeray", role="mother", baby_born_on=on)


def baby_of(referral: Referral) -> Person:
    return Person.objects.filter(memberships__family=referral.family, memberships__role="baby").order_by(
        "pk"
    )[0]


def rows(referral: Referral) -> dict[str, ScheduledContact]:
    found = ScheduledContact.objects.filter(family=referral.family).order_by("pk")
    return {row.key: row for row in found}


def states(referral: Referral) -> dict[str, str]:
    return {key: row.state for key, row in rows(referral).items()}


def at_work(referral: Referral, world: World, **more: object) -> dict[str, object]:
    return {
        "family_id": referral.family_id,
        "child_id": baby_of(referral).pk,
        "by": world.sunita,
        "at": NOW,
        **more,
    }


# ---------------------------------------------------------------- it begins with the family


def test_a_pregnancy_told_of_has_its_contacts_from_the_first_second(world: World) -> None:
    referral = expecting(world, due_on=date(2026, 6, 1))  # 28+1
    assert set(rows(referral)) == {"MW-28", "HV1", "MW-34", "MW-36", "MW-38", "MW-41"}
    assert set(states(referral).values()) == {"open"}
    assert rows(referral)["MW-28"].area == world.area


def test_what_closed_before_they_came_is_not_ours(world: World) -> None:
    assert "MW-28" not in rows(expecting(world))
    assert set(rows(born(world, TODAY - timedelta(days=20)))) == {"MW-PN", "HV3", "GP", "HV4", "HV5"}


def test_a_family_without_a_child_has_no_schedule(world: World) -> None:
    assert rows(world.refer()) == {}
    assert not ScheduledChild.objects.exists()


def test_after_a_loss_told_at_the_door_nothing_is_planned(world: World) -> None:
    lost = world.refer(lost_on=TODAY - timedelta(days=9), loss_kind="stillbirth", due_on=DUE)
    assert rows(lost) == {}


def test_a_baby_added_later_has_its_contacts_too(world: World) -> None:
    referral = world.refer()
    add_member(
        family_id=referral.family_id,
        name="",
        role="baby",
        apart=False,
        born_on=TODAY - timedelta(days=5),
        by=world.sunita,
        at=NOW,
    )
    assert {"HV2", "HV3", "GP", "MW-PN"} <= set(rows(referral))


# ---------------------------------------------------------------- it follows what happens


def test_a_birth_makes_the_reviews_and_ends_what_it_came_before(world: World) -> None:
    referral = expecting(world)
    record_event(
        family_id=referral.family_id, kind="birth", on=TODAY, baby_name="Noah", by=world.sunita, at=NOW
    )
    found = states(referral)
    assert found["HV2"] == found["HV3"] == found["GP"] == found["MW-PN"] == "open"
    assert found["MW-34"] == "not_needed"
    assert rows(referral)["MW-34"].why == "born_before"
    assert rows(referral)["HV2"].closes_on == TODAY + timedelta(days=14)


def test_a_changed_due_date_moves_the_windows_and_keeps_what_was_done(world: World) -> None:
    referral = expecting(world, due_on=date(2026, 6, 1))
    record_contact_done(**at_work(referral, world, key="MW-28", on=TODAY))
    baby = baby_of(referral)
    before = rows(referral)["MW-34"].opens_on
    amend_person(
        person=baby,
        family_id=referral.family_id,
        changes={"due_on": date(2026, 6, 11)},
        why="The scan says so",
        version=baby.version,
        by=world.sunita,
        at=NOW,
    )
    after = rows(referral)
    assert after["MW-34"].opens_on == before + timedelta(days=10)
    assert (after["MW-28"].state, after["MW-28"].done_on) == ("done", TODAY)
    assert after["MW-28"].opens_on == date(2026, 3, 19)


def test_a_loss_closes_every_contact_at_once_and_what_was_done_stays(world: World) -> None:
    referral = born(world, TODAY - timedelta(days=12))
    record_contact_done(**at_work(referral, world, key="HV2", on=TODAY))
    exclude(**at_work(referral, world, key="GP", reason="elsewhere", since=TODAY))
    reopen(**at_work(referral, world, key="GP", why="They stay with us"))
    record_event(
        family_id=referral.family_id,
        kind="loss",
        loss_kind="neonatal_death",
        on=TODAY,
        baby=baby_of(referral),
        by=world.sunita,
        at=NOW,
    )
    found = rows(referral)
    assert found.pop("HV2").state == "done"
    assert {row.state for row in found.values()} == {"excluded"}
    assert {row.why for row in found.values()} == {"bereaved"}
    assert not any(row.counted for row in found.values())


def test_after_a_loss_nothing_about_the_baby_can_be_recorded_or_opened(world: World) -> None:
    referral = born(world, TODAY - timedelta(days=12))
    record_event(
        family_id=referral.family_id,
        kind="loss",
        loss_kind="neonatal_death",
        on=TODAY,
        by=world.sunita,
        at=NOW,
        baby=baby_of(referral),
    )
    with pytest.raises(WrongMoment, match="stopped with the loss"):
        record_contact_done(**at_work(referral, world, key="HV2", on=TODAY))
    with pytest.raises(WrongMoment, match="stopped with the loss"):
        reopen(**at_work(referral, world, key="HV3", why="By mistake"))
    assert reopen(**at_work(referral, world, key="GP", why="She wants her own check")).state == "open"
    keep(referral.family_id, at=days(1))
    assert states(referral)["GP"] == "open"


def test_of_twins_one_is_lost_and_the_pregnancy_goes_on_with_the_other(world: World) -> None:
    referral = expecting(world, due_on=date(2026, 6, 1), babies=2)
    assert ScheduledContact.objects.filter(family=referral.family, key="MW-28").count() == 1
    first = baby_of(referral)
    record_contact_done(**at_work(referral, world, key="MW-28", on=TODAY))
    record_event(
        family_id=referral.family_id,
        kind="loss",
        loss_kind="miscarriage",
        on=TODAY,
        baby=first,
        by=world.sunita,
        at=NOW,
    )
    found = rows(referral)
    assert found["MW-28"].state == "done"
    assert found["MW-34"].state == "open"
    assert {row.child_id for row in found.values()} != {first.pk}


def test_a_stay_in_neonatal_care_takes_out_what_closes_in_it(world: World) -> None:
    referral = born(world, TODAY - timedelta(days=3))
    record_event(family_id=referral.family_id, kind="neonatal_admission", on=TODAY, by=world.sunita, at=NOW)
    assert (rows(referral)["HV2"].state, rows(referral)["HV2"].why) == ("excluded", "neonatal")
    record_event(
        family_id=referral.family_id,
        kind="neonatal_discharge",
        on=TODAY + timedelta(days=30),
        by=world.sunita,
        at=days(30),
    )
    found = rows(referral)["HV2"]
    assert (found.state, found.counted, found.opens_on) == ("open", False, TODAY + timedelta(days=30))
    assert rows(referral)["HV4"].counted


def test_a_move_leaves_the_old_area_and_begins_in_the_new_one(world: World) -> None:
    there = Area.objects.create(
        slug="cornwall",
        name="Cornwall",
        door_name="Cornwall Family Hubs",
        reference_prefix="CRN",
        phone="01632 960500",
        text_number="07700 900500",
        email="hello@cornwall.example",
        front_door=world.front_door,
    )
    referral = born(world, TODAY - timedelta(days=8))
    record_contact_done(**at_work(referral, world, key="HV2", on=TODAY))
    record_event(
        family_id=referral.family_id,
        kind="moved_away",
        on=TODAY + timedelta(days=1),
        new_area=there,
        by=world.sunita,
        at=NOW,
    )
    old = ScheduledContact.objects.filter(family=referral.family, area=world.area)
    assert set(old.filter(state="excluded").values_list("why", flat=True)) == {"moved_out"}
    assert old.get(key="HV2").state == "done"
    new = ScheduledContact.objects.filter(family=referral.family, area=there)
    assert set(new.values_list("key", flat=True)) == {"HV3", "GP", "HV4", "HV5", "MW-PN"}
    record_event(
        family_id=referral.family_id,
        kind="moved_away",
        on=TODAY + timedelta(days=2),
        new_area=world.area,
        by=world.sunita,
        at=days(2),
    )
    assert {row.state for row in old if row.key != "HV2"} == {"open"}


def test_working_it_out_again_changes_nothing(world: World) -> None:
    referral = born(world, TODAY - timedelta(days=12))
    decline(**at_work(referral, world, key="HV2", reason="not_wanted"))
    before = list(ScheduledContact.objects.order_by("pk").values())
    keep(referral.family_id, at=days(40))
    assert list(ScheduledContact.objects.order_by("pk").values()) == before


# ---------------------------------------------------------------- verbs


def test_done_says_who_and_when_and_is_recorded_once(world: World) -> None:
    referral = born(world, TODAY - timedelta(days=12))
    told = Told(
        by_whom="Maya Lund, health visitor",
        words="All of them well.",
        wellbeing="yes",
        asked={"GAD-2": "declined", "no such form": "offered"},
    )
    row = record_contact_done(**at_work(referral, world, key="HV2", on=TODAY, told=told))
    assert (row.state, row.done_by_words, row.asked) == (
        "done",
        "Maya Lund, health visitor",
        {"GAD-2": "declined"},
    )
    happening = Happening.objects.get(family=referral.family, kind="contact_done")
    assert happening.headline == "Maya Lund, health visitor: New baby review, 10 March."
    for again in (
        lambda: record_contact_done(**at_work(referral, world, key="HV2", on=TODAY)),
        lambda: decline(**at_work(referral, world, key="HV2", reason="not_wanted")),
        lambda: exclude(**at_work(referral, world, key="HV2", reason="elsewhere", since=TODAY)),
    ):
        with pytest.raises(WrongMoment, match="Maya Lund"):
            again()


def test_one_visit_counts_for_both_twins(world: World) -> None:
    referral = world.refer(baby_born_on=TODAY - timedelta(days=9), babies=2, role="mother")
    twins = list(ScheduledChild.objects.order_by("pk").values_list("pk", flat=True))
    record_contact_done(**at_work(referral, world, key="HV2", on=TODAY, also=twins))
    assert ScheduledContact.objects.filter(key="HV2", state="done").count() == 2


@pytest.mark.parametrize(
    ("key", "on", "words"),
    [
        ("HV2", TODAY + timedelta(days=1), "still to come"),
        ("HV2", TODAY - timedelta(days=13), "before the birth"),
    ],
)
def test_a_day_that_cannot_be_is_refused(world: World, key: str, on: date, words: str) -> None:
    referral = born(world, TODAY - timedelta(days=12))
    with pytest.raises(BadInput, match=words) as refused:
        record_contact_done(**at_work(referral, world, key=key, on=on))
    assert refused.value.field == "on"
    assert states(referral)["HV2"] == "open"


def test_what_a_child_does_not_have_is_not_there(world: World) -> None:
    referral = born(world, TODAY - timedelta(days=12))
    for key in ("HV9", "MW-28", "HV-EX-3"):
        with pytest.raises(NotFound):
            record_contact_done(**at_work(referral, world, key=key, on=TODAY))
    other = world.refer(contact="07700 900777")
    with pytest.raises(NotFound):
        decline(**{**at_work(referral, world, key="HV2", reason="not_now"), "family_id": other.family_id})


def test_a_review_before_the_birth_waits_for_the_birth(world: World) -> None:
    with pytest.raises(WrongMoment, match="birth is not recorded"):
        record_contact_done(**at_work(expecting(world), world, key="HV2", on=TODAY))


def test_what_closed_before_they_came_can_still_be_written_down_and_does_not_count(world: World) -> None:
    referral = born(world, TODAY - timedelta(days=40))
    born_on = TODAY - timedelta(days=40)
    row = record_contact_done(**at_work(referral, world, key="HV2", on=born_on + timedelta(days=11)))
    assert (row.state, row.counted) == ("done", False)


def test_no_is_kept_with_its_reason_and_can_be_opened_again(world: World) -> None:
    referral = born(world, TODAY - timedelta(days=12))
    row = decline(**at_work(referral, world, key="HV2", reason="not_now", words="Her mother is here."))
    assert (row.state, row.why, row.counted) == ("declined", "not_now", True)
    again = reopen(**at_work(referral, world, key="HV2", why="She rang and wants it."))
    assert (again.state, again.counted) == ("open", True)
    with pytest.raises(WrongMoment, match="open already"):
        reopen(**at_work(referral, world, key="HV2", why="She rang and wants it."))


def test_an_exclusion_leaves_the_count_only_when_it_began_before_the_window_closed(world: World) -> None:
    referral = born(world, TODAY - timedelta(days=12), at=NOW)
    late = dict(at_work(referral, world), at=days(20))
    closes = rows(referral)["HV2"].closes_on
    after = exclude(**{**late, "key": "HV2", "reason": "moved_out", "since": closes + timedelta(days=1)})
    assert after.counted
    before = exclude(**{**late, "key": "HV2", "reason": "moved_out", "since": closes, "all_open": True})
    assert not before.counted
    assert set(states(referral).values()) == {"excluded"}


def test_a_loss_is_not_recorded_as_an_exclusion(world: World) -> None:
    referral = born(world, TODAY - timedelta(days=12))
    with pytest.raises(BadInput):
        exclude(**at_work(referral, world, key="HV2", reason="bereaved", since=TODAY))


def test_first_babies_have_three_appointments_more(world: World) -> None:
    referral = expecting(world, due_on=date(2026, 6, 1))
    say_first_baby(
        family_id=referral.family_id,
        child_id=baby_of(referral).pk,
        answer="yes",
        by=world.sunita,
        at=NOW,
    )
    assert {"MW-31", "MW-40"} <= set(rows(referral))
    say_first_baby(
        family_id=referral.family_id, child_id=baby_of(referral).pk, answer="no", by=world.sunita, at=NOW
    )
    assert states(referral)["MW-31"] == "not_needed"


def test_lists_follow_the_day_and_the_eyes_of_who_looks(world: World) -> None:
    from anydoor.access.policy import standing_of

    referral = born(world, TODAY - timedelta(days=12))
    assert FamilyCare.objects.filter(pk=referral.family_id).exists()
    seen = ScheduledContact.objects.for_user(standing_of(world.sunita, TODAY))
    assert {row.key for row in seen.due(TODAY)} == {"HV2", "MW-PN"}
    assert {row.key for row in seen.overdue(TODAY + timedelta(days=3))} == {"HV2"}
    assert not ScheduledContact.objects.for_user(standing_of(world.grace, TODAY)).exists()
