"""Who is signed in comes with their roles, the same ones a plain reading gives, on any day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.world import NOW, World, build

from anydoor.access.accounts import account_with_roles, roles_on
from anydoor.access.models import Membership, User
from anydoor.access.policy import standing_of
from anydoor.access.roles import Role

TODAY = NOW.date()


@pytest.fixture
def world(db: None) -> World:
    return build()


def brought(user: User) -> User:
    found = account_with_roles(user.pk)
    assert found is not None
    return found


def test_both_ways_of_reading_give_the_same_standing(world: World) -> None:
    Membership.objects.create(
        user=world.marcus, team=world.front_door, role=Role.REFERRER.value, started_on=TODAY
    )
    for user in User.objects.all():
        assert standing_of(brought(user), TODAY) == standing_of(user, TODAY)
        assert sorted(roles_on(brought(user), TODAY)) == sorted(roles_on(user, TODAY))


@pytest.mark.parametrize(("day", "holds"), [(-1, False), (0, True), (9, True), (10, False)])
def test_a_role_counts_from_its_first_day_to_the_day_before_its_end(
    world: World, day: int, holds: bool
) -> None:
    Membership.objects.create(
        user=world.grace,
        team=world.front_door,
        role=Role.FRONT_DOOR.value,
        started_on=TODAY,
        ended_on=TODAY + timedelta(days=10),
    )
    on: date = TODAY + timedelta(days=day)
    for user in (world.grace, brought(world.grace)):
        assert (world.front_door.pk in standing_of(user, on).front_doors) is holds


def test_somebody_without_any_role_has_an_empty_standing(world: World) -> None:
    user = User.objects.create(email="new@staff.example", name="New Here", password="!")
    assert dict(standing_of(brought(user), TODAY).roles) == {}


def test_nobody_has_a_key_that_is_not_there(db: None) -> None:
    assert account_with_roles(0) is None


def test_a_closed_account_is_not_signed_in_any_more(world: World, client: Client) -> None:
    client.force_login(world.grace)
    assert client.get(reverse("desk:home")).status_code == 200
    User.objects.filter(pk=world.grace.pk).update(is_active=False, closed_at=NOW)
    assert client.get(reverse("desk:home")).status_code == 302


def test_a_page_reads_session_and_account_and_nothing_more_to_know_who_asks(
    world: World, client: Client
) -> None:
    client.force_login(world.grace)
    with CaptureQueriesContext(connection) as asked:
        client.get(reverse("desk:directory"))
    about_who = [one["sql"] for one in asked.captured_queries if "access_membership" in one["sql"]]
    assert len(about_who) == 1
    assert "access_user" in about_who[0]
