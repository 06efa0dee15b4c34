"""The county for measuring: as large as asked, and whole by every rule the database and the verbs keep."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from anydoor.access.models import Membership, User
from anydoor.care import standing
from anydoor.care.models import FamilyCare, Handover, Happening, Holding, Referral, Sight
from anydoor.config.measuring.seed import Seeded, seed
from anydoor.directory.models import Area
from anydoor.people.models import Family, NameKey, Person
from anydoor.rules.errors import NotAllowed, WrongMoment
from anydoor.rules.identifiers import is_nhs_number, name_keys
from anydoor.rules.reference import read

NOW = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def made(number: int = 1) -> Seeded:
    return seed(people=300, referrals=100, number=number, at=NOW, sample=120)


def test_it_is_as_large_as_asked_and_every_family_stands_as_its_rows_say() -> None:
    done = made()
    assert (Person.objects.count(), Family.objects.count(), Referral.objects.count()) == (300, 120, 100)
    assert (done.compared, done.faults) == (120, [])
    hub = Area.objects.get(slug="norfolk")
    assert 15 <= Referral.objects.filter(area=hub).count() <= 45
    assert Referral.objects.open().exists()
    assert Handover.objects.open().exists()


def test_a_wrong_row_is_found_by_the_comparison() -> None:
    """So that the test above could fail."""
    made()
    care = FamilyCare.objects.filter(is_open=True).first()
    assert care is not None
    Sight.objects.filter(family=care.pk).update(level="preview")
    assert standing.compare(care.family, at=NOW) != []


def test_every_trigger_agrees_when_it_is_asked() -> None:
    made()
    with connection.cursor() as cursor:
        for table, column in (
            ("care_referral", "stage"),
            ("care_episode", "stage"),
            ("care_holding", "why"),
            ("care_familycare", "is_open"),
        ):
            cursor.execute(f"UPDATE {table} SET {column} = {column}")  # noqa: S608  # names written above
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_every_key_points_at_a_row() -> None:
    made()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.conrelid::regclass::text, a.attname, c.confrelid::regclass::text, b.attname "
            "FROM pg_constraint c "
            "JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1] "
            "JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = c.confkey[1] "
            "WHERE c.contype = 'f'"
        )
        keys = cursor.fetchall()
        assert len(keys) > 60
        for table, column, other, key in keys:
            orphans = (
                f'SELECT count(*) FROM {table} t WHERE t."{column}" IS NOT NULL '  # noqa: S608  # PostgreSQL's names
                f'AND NOT EXISTS (SELECT 1 FROM {other} o WHERE o."{key}" = t."{column}")'
            )
            cursor.execute(orphans)
            assert cursor.fetchone() == (0,), f"{table}.{column}"


def test_holders_are_as_the_ledger_says_and_have_open_accounts() -> None:
    made()
    for referral in Referral.objects.open():
        held = Holding.objects.get(referral=referral, to_at__isnull=True)
        assert (held.user_id, held.team_id) == (referral.holder_id, referral.holder_team_id)
        assert Membership.objects.filter(user=held.user_id, team=held.team_id).exists()
    assert not FamilyCare.objects.filter(is_open=True, lead__is_active=False).exists()


def test_names_numbers_and_references_are_real_ones_of_made_up_people() -> None:
    made()
    for person in Person.objects.exclude(name=""):
        assert set(name_keys(person.name)) == set(
            NameKey.objects.filter(person=person).values_list("key", flat=True)
        )
        assert person.nhs_number is None or person.nhs_number.startswith("999")
        assert person.nhs_number is None or is_nhs_number(person.nhs_number)
    for referral in Referral.objects.all():
        assert read(referral.reference) == referral.reference


def test_what_comes_after_it_gets_new_keys() -> None:
    made()
    highest = Person.objects.order_by("-pk").values_list("pk", flat=True)[0]
    assert Person.objects.create(name="Rosie Thackeray").pk == highest + 1


def test_the_plain_indexes_are_back() -> None:
    def indexes() -> set[str]:
        with connection.cursor() as cursor:
            cursor.execute("SELECT indexdef FROM pg_indexes WHERE schemaname = 'public'")
            return {row[0] for row in cursor.fetchall()}

    before = indexes()
    made()
    assert indexes() == before


def test_the_pages_show_it() -> None:
    made()
    hub = Area.objects.get(slug="norfolk")
    client = Client()
    client.force_login(User.objects.filter(memberships__team=hub.front_door).order_by("-pk")[0])
    assert client.get(reverse("desk:home")).status_code == 200
    inbox = client.get(reverse("desk:inbox"))
    first = Referral.objects.in_inbox([hub.front_door_id]).first()
    assert first is not None
    assert first.title in inbox.content.decode()
    page = client.get(reverse("desk:family", args=[first.family_id]))
    happened = Happening.objects.filter(family=first.family_id).first()
    assert happened is not None
    assert page.status_code == 200
    found = client.post(reverse("desk:families"), {"q": first.person.name})
    assert first.person.name in found.content.decode()


def test_it_refuses_production_and_a_database_with_somebody_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "PRODUCTION", True)
    with pytest.raises(NotAllowed):
        made()
    monkeypatch.setattr(settings, "PRODUCTION", False)
    Person.objects.create(name="Rosie Thackeray")
    with pytest.raises(WrongMoment):
        made()
    with pytest.raises(CommandError) as refused:
        call_command("seed", people=300)
    assert refused.value.returncode == 2
    assert Person.objects.count() == 1
