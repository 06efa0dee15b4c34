"""Histories are kept by the database: whatever way a row changes, what it said before is there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from tests.world import World, build

from anydoor.access import audit, changes, history
from anydoor.access.history import KEPT
from anydoor.access.models import AuditEntry, Membership, PersonalSight, Team, User
from anydoor.people import history as people_history
from anydoor.people.models import ContactPoint, FamilyMember, Person

NOW = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)


@pytest.fixture
def world(db: None) -> World:
    return build()


def people(*names: str) -> list[Person]:
    return Person.objects.bulk_create(Person(name=name, created_at=NOW) for name in names)


def said(model: type[models.Model], field: str) -> list[tuple[str, object]]:
    rows = KEPT[model].changes._default_manager.order_by("pgh_id")
    return list(rows.values_list("pgh_label", field))


# ---- every way of writing


def by_save(rows: list[Person]) -> None:
    for row in rows:
        row.name = "New"
        row.save()


def by_update(rows: list[Person]) -> None:
    Person.objects.filter(pk__in=[row.pk for row in rows]).update(name="New")


def by_bulk_update(rows: list[Person]) -> None:
    for row in rows:
        row.name = "New"
    Person.objects.bulk_update(rows, ["name"])


def by_upsert(rows: list[Person]) -> None:
    for row in rows:
        row.name = "New"
    Person.objects.bulk_create(rows, update_conflicts=True, unique_fields=["id"], update_fields=["name"])


def by_hand(rows: list[Person]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE people_person SET name = 'New' WHERE id = ANY(%s)", [[r.pk for r in rows]])


@pytest.mark.parametrize("write", [by_save, by_update, by_bulk_update, by_upsert, by_hand])
def test_what_a_row_said_is_kept_whatever_way_it_changes(
    db: None, write: Callable[[list[Person]], None]
) -> None:
    rows = people("Ann", "Bo")
    write(rows)
    assert set(said(Person, "name")) == {("changed", "Ann"), ("changed", "Bo")}
    assert set(Person.objects.values_list("name", flat=True)) == {"New"}


@pytest.mark.parametrize("write", ["delete", "bulk", "hand"])
def test_what_a_row_said_is_kept_when_it_is_taken_out(db: None, write: str) -> None:
    (ann,) = people("Ann")
    if write == "delete":
        ann.delete()
    elif write == "bulk":
        Person.objects.filter(name="Ann").delete()
    else:
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM people_person")
    assert said(Person, "name") == [("removed", "Ann")]


def test_whoever_is_given_a_way_in_is_kept_from_the_first_moment(world: World) -> None:
    before = history.MembershipChange._default_manager.count()
    Membership.objects.bulk_create(
        Membership(user=world.tom, team=world.front_door, role=role, started_on=date(2026, 3, 1))
        for role in ("ig_lead", "commissioner")
    )
    rows = history.MembershipChange._default_manager.order_by("pgh_id")[before:]
    assert [(row.pgh_label, row.role) for row in rows] == [("added", "ig_lead"), ("added", "commissioner")]


def test_a_row_written_over_with_the_same_words_leaves_nothing(db: None) -> None:
    (ann,) = people("Ann")
    ann.save()
    Person.objects.filter(pk=ann.pk).update(version=7)  # counts writes; nothing anybody said
    assert said(Person, "name") == []


def test_neither_passwords_nor_sign_ins_are_in_a_history(world: World) -> None:
    held = history.UserChange._default_manager
    before = held.count()
    User.objects.filter(pk=world.tom.pk).update(password="argon2$secret", last_login=NOW)
    assert held.count() == before
    kept = {name for one in KEPT.values() for name in one.fields}
    assert not kept & {"password", "last_login", "marks"}
    assert "digest" not in KEPT[apps.get_model("access", "ApiToken")].fields


def test_every_column_of_a_watched_table_is_kept_or_left_out_on_purpose() -> None:
    left_out = {
        "access.Organisation": {"uid"},
        "access.User": {"password", "last_login", "created_at"},
        "access.ApiToken": {"digest"},
        "access.Declaration": {"marks"},
        "people.Person": {"created_at", "version"},
        "people.Family": {"created_at"},
        "care.FamilyCare": {
            *("lead_since", "lead_why", "strand", "title", "with_words", "next_contact_at", "sort_key"),
            *("next_contact_words", "clock_at", "clock_words", "clock_urgent", "tries"),
        },
        "care.AccessRequest": {"sent", "wait"},
        "care.Objection": {"wait"},
        "care.Erasure": {"counts"},
    }
    for model, one in KEPT.items():
        columns = {field.name for field in model._meta.concrete_fields}
        missing = columns - set(one.fields)
        assert missing == left_out.get(model._meta.label, set()), model._meta.label


# ---- nobody turns it off


@pytest.mark.parametrize("model", KEPT, ids=lambda model: model.__name__)
def test_a_history_only_grows(db: None, model: type[models.Model]) -> None:
    table = KEPT[model].changes._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgenabled FROM pg_trigger WHERE tgrelid = %s::regclass AND tgname = 'changes_only_grow'"
            " AND tgtype & 26 = 26",  # before a row is updated or deleted
            [table],
        )
        assert cursor.fetchall() == [("O",)]


@pytest.mark.parametrize("work", ["update", "delete"])
def test_a_row_of_a_history_can_be_neither_changed_nor_taken_out(world: World, work: str) -> None:
    (ann,) = people("Ann")
    Person.objects.filter(pk=ann.pk).update(name="Anna")
    for rows in (people_history.PersonChange._default_manager, history.MembershipChange._default_manager):
        assert rows.exists()
        with pytest.raises(IntegrityError, match="only added"), transaction.atomic():
            rows.update(pgh_label="removed") if work == "update" else rows.all().delete()


def test_no_setting_of_a_session_turns_a_history_off(db: None) -> None:
    (ann,) = people("Ann")
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(tgname, ',') FROM pg_trigger WHERE tgname LIKE 'pgtrigger%'")
        (names,) = cursor.fetchone()
        cursor.execute(f"SET LOCAL pgtrigger.ignore = '{{{names}}}'")
    Person.objects.filter(pk=ann.pk).update(name="Anna")
    assert said(Person, "name") == [("changed", "Ann")]


# ---- reading


def test_from_what_to_what(db: None) -> None:
    (ann,) = people("Ann")
    Person.objects.filter(pk=ann.pk).update(name="Anna", born_on=date(1990, 5, 1))
    Person.objects.filter(pk=ann.pk).update(name="Hanna")
    found = changes.read([(Person, "id", [ann.pk])], most=10)
    assert [(dict(one.before), dict(one.after)) for one in found] == [
        ({"name": "Anna"}, {"name": "Hanna"}),
        ({"name": "Ann", "born_on": None}, {"name": "Anna", "born_on": date(1990, 5, 1)}),
    ]
    Person.objects.all().delete()
    removed, *_ = changes.read([(Person, "id", [ann.pk])], most=1)
    assert (removed.label, removed.before["name"], dict(removed.after)) == ("removed", "Hanna", {})


@pytest.mark.django_db(transaction=True)
def test_the_audit_row_of_the_same_transaction_says_who() -> None:
    world = build()
    (ann,) = people("Ann")
    with transaction.atomic():
        with transaction.atomic():  # a savepoint is the same transaction
            Person.objects.filter(pk=ann.pk).update(name="Anna")
        audit.record(action="see_person", subject="person", subject_id=ann.pk, by=world.grace, at=NOW)
        audit.record(action="amended", subject="person", subject_id=ann.pk, by=world.tom, at=NOW, why="typo")
    Person.objects.filter(pk=ann.pk).update(name="Hanna")  # by hand: no audit
    audit.record(action="amended", subject="person", subject_id=ann.pk, by=world.grace, at=NOW)
    by_hand, by_tom = changes.read([(Person, "id", [ann.pk])], most=10)
    did = changes.who_did([by_hand, by_tom])
    assert by_hand.number not in did
    assert (did[by_tom.number].actor, did[by_tom.number].why) == (world.tom.name, "typo")
    assert [(one.value, one.by, one.why) for one in people_history.before(ann, "name")] == [
        ("Anna", "", ""),
        ("Ann", world.tom.name, "typo"),
    ]
    assert people_history.before(ann, "postcode") == []
    with pytest.raises(KeyError):
        people_history.before(ann, "version")


def test_many_tables_are_read_as_one_and_by_pages(world: World) -> None:
    ann, bo = people("Ann", "Bo")
    point = ContactPoint.objects.create(
        person=ann, kind="mobile", typed="07700 900001", value="+447700900001", added_at=NOW
    )
    for number in range(5):
        Person.objects.filter(pk=ann.pk).update(name=f"Ann {number}")
        ContactPoint.objects.filter(pk=point.pk).update(hours=f"after {number}")
        Person.objects.filter(pk=bo.pk).update(name=f"Bo {number}")
    wanted = [(Person, "id", [ann.pk]), (ContactPoint, "person", [ann.pk])]
    whole = changes.read(wanted, most=100)
    assert [one.after.get("name") or one.after.get("hours") for one in whole] == [
        text for number in range(4, -1, -1) for text in (f"after {number}", f"Ann {number}")
    ]
    first = changes.read(wanted, most=4)
    assert first + changes.read(wanted, before=first[-1].number, most=100) == whole


def test_a_row_that_moved_to_another_is_told_with_the_words_of_its_time(world: World) -> None:
    """What came after is the next row of the history, whoever it belongs to by now."""
    sight = PersonalSight.objects.create(user=world.tom, family_id=1, level="full", why="named")
    PersonalSight.objects.filter(pk=sight.pk).update(family_id=2)
    PersonalSight.objects.filter(pk=sight.pk).update(family_id=3)
    _, moved = sorted(changes.read([(PersonalSight, "family_id", [1])], most=9), key=lambda one: one.number)
    assert (dict(moved.before), dict(moved.after)) == ({"family_id": 1}, {"family_id": 2})


def test_rows_from_before_the_audit_knew_its_transactions_are_nobodys(world: World) -> None:
    field = AuditEntry._meta.get_field("transaction")
    assert field.null
    audit.record(action="x", subject="y", subject_id=1, by=world.tom, at=NOW)
    row = AuditEntry.objects.latest("pk")
    assert row.transaction is not None
    assert row.written_at is not None
    assert AuditEntry.objects.filter(transaction=row.transaction).count() >= 1


def test_teams_and_members_of_families_have_one_too(world: World) -> None:
    Team.objects.filter(pk=world.front_door.pk).update(name="Another door")
    assert said(Team, "slug")[-1][0] == "changed"
    assert FamilyMember in KEPT
