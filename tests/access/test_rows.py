"""Many new rows of many kinds in one statement, exactly as the models would have stored them."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from anydoor.access.models import AuditEntry, Organisation, Team
from anydoor.access.rows import insert, next_keys
from anydoor.directory.models import Area

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 10, 11, 0, tzinfo=UTC)
HOSTILE = "100 %s {0} '; DROP TABLE access_team;-- \\ \U0001f495 \u202eabc"


def entry(**facts: object) -> AuditEntry:
    return AuditEntry(**{"at": NOW, "actor": "x", "action": "a", "subject": "s", **facts})


def team(organisation: Organisation, slug: str, **facts: object) -> Team:
    return Team(organisation=organisation, slug=slug, name=slug, kind="service", opens=time(8), **facts)


def test_rows_that_point_at_each_other_go_in_one_statement_in_any_order() -> None:
    organisation_key, team_key = next_keys(Organisation, Team)
    organisation = Organisation(pk=organisation_key, slug="o", name=HOSTILE, kind="council")
    front_door = team(organisation, "t", pk=team_key)
    area = Area(
        slug="a",
        name="A",
        door_name="A",
        reference_prefix="AAA",
        phone="1",
        text_number="2",
        email="a@a.example",
        front_door=front_door,
        places_near=["Norwich", "King's Lynn, %s"],
    )
    with CaptureQueriesContext(connection) as queries:
        insert([area, entry(why=HOSTILE), front_door, entry(family_id=7), organisation])
    assert len(queries) == 1
    stored = Area.objects.select_related("front_door__organisation").get()
    assert stored.front_door.organisation.name == HOSTILE
    assert (stored.places_near, stored.triage_days) == (["Norwich", "King's Lynn, %s"], 2)
    assert stored.front_door.opens == time(8)
    assert sorted(AuditEntry.objects.values_list("why", "family_id")) == [("", 7), (HOSTILE, None)]


def test_a_stored_row_is_saved_again_as_a_change() -> None:
    [key] = next_keys(Organisation)
    row = Organisation(pk=key, slug="o", name="Before", kind="council")
    insert([row])
    row.name = "After"
    row.save()
    assert list(Organisation.objects.values_list("pk", "name")) == [(key, "After")]


def test_all_or_none_are_stored() -> None:
    organisation = Organisation.objects.create(slug="o", name="O", kind="council")
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([team(organisation, "one"), entry(), team(organisation, "one")])
    with pytest.raises(DataError), transaction.atomic():
        insert([entry(), entry(action="a" * 61)])
    assert not Team.objects.exists()
    assert not AuditEntry.objects.exists()


def test_keys_are_in_order_and_never_given_twice() -> None:
    first = next_keys(Organisation, Team, Team)
    assert len(first) == 3
    assert first[2] == first[1] + 1
    assert next_keys(Organisation)[0] == first[0] + 1
    number, key = next_keys(Organisation, also="care_reference_seq")
    assert key == first[0] + 2
    assert number >= 1


def test_nothing_is_no_statement() -> None:
    with CaptureQueriesContext(connection) as queries:
        insert([])
    assert len(queries) == 0
