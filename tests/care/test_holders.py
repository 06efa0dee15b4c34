"""`anydoor holders` counts faults that no verb can make: each is planted by hand, and taken back again."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from tests.world import AGREED, NOW, World

from anydoor.care import handover, triage
from anydoor.care.holders import Holders, count_holders
from anydoor.care.models import Referral
from anydoor.care.triage import Shown

pytestmark = pytest.mark.django_db


@pytest.fixture
def busy(world: World) -> World:
    """Two requests, one of them handed over and become an episode."""
    world.refer(name="Ann")
    referral = world.refer(name="Beth", contact="07700 900124")
    triage.decide(
        referral=referral,
        level="targeted",
        words="You asked for one person to talk to.",
        answer="yes",
        shown=[Shown(world.therapies.pk, world.therapies.name, "suits", ("Near you",), (), True)],
        by=world.sunita,
        at=NOW,
    )
    row = handover.propose(
        thing=referral, service=world.therapies, agreement=AGREED, words="", by=world.sunita, at=NOW
    ).handover
    handover.accept(handover=row, by=world.grace, at=NOW)
    handover.first_contact(handover=row, mode="phone", words="We spoke.", by=world.grace, at=NOW)
    return world


@contextmanager
def planted(*statements: str, user: int = 0) -> Iterator[None]:
    """Rows that our triggers would refuse at commit, which therefore never comes. `%(user)s` is `user`."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # What the verbs wrote is judged first, so that only what is planted stays unjudged.
            for statement in ("SET CONSTRAINTS ALL IMMEDIATE", "SET CONSTRAINTS ALL DEFERRED", *statements):
                cursor.execute(statement, {"user": user})
        yield
        transaction.set_rollback(True)


def test_all_is_well_after_the_verbs(busy: World) -> None:
    assert count_holders() == Holders(1, 1, 0, 0, 0, 0)
    assert count_holders().all_well


def test_an_empty_house_is_well(world: World) -> None:
    assert count_holders() == Holders(0, 0, 0, 0, 0, 0)


def test_a_request_that_nobody_holds_is_counted(busy: World) -> None:
    with planted("UPDATE care_holding SET to_at = now() WHERE referral_id IS NOT NULL"):
        counted = count_holders()
        assert (counted.without_holder, counted.with_two, counted.families_without_lead) == (1, 0, 1)


def test_an_episode_that_nobody_holds_is_counted(busy: World) -> None:
    with planted("DELETE FROM care_holding WHERE episode_id IS NOT NULL"):
        assert count_holders().without_holder == 1


def test_two_in_the_ledger_are_counted(busy: World) -> None:
    again = (
        "INSERT INTO care_holding (family_id, referral_id, user_id, team_id, from_at, why)"
        " SELECT family_id, referral_id, %(user)s, team_id, now(), 'planted' FROM care_holding"
        " WHERE referral_id IS NOT NULL AND to_at IS NULL"
    )
    with planted("DROP INDEX one_open_holding_per_referral", again, user=busy.tom.pk):
        counted = count_holders()
        assert (counted.without_holder, counted.with_two) == (0, 1)


def test_row_and_ledger_that_differ_are_counted(busy: World) -> None:
    with planted("UPDATE care_holding SET user_id = %(user)s WHERE to_at IS NULL", user=busy.tom.pk):
        counted = count_holders()
        assert (counted.with_two, counted.families_without_lead) == (2, 2)


def test_a_family_without_a_lead_is_counted(busy: World) -> None:
    with planted("UPDATE care_familycare SET lead_id = NULL, lead_team_id = NULL, is_open = false"):
        assert count_holders().families_without_lead == 2
    with planted("UPDATE care_familycare SET lead_id = %(user)s", user=busy.tom.pk):
        assert count_holders().families_without_lead == 2


def test_a_closed_account_that_holds_is_counted_once(busy: World) -> None:
    busy.refer(name="Cy", contact="07700 900125")
    close = "UPDATE access_user SET is_active = false, closed_at = now() WHERE id = %(user)s"
    with planted(close, user=busy.sunita.pk):
        assert count_holders().disabled_holders == 1


def command(*words: str) -> str:
    said = StringIO()
    call_command("holders", *words, stdout=said)
    return said.getvalue()


def test_the_command_prints_the_counts_in_order(busy: World) -> None:
    said = json.loads(command("--json"))
    assert list(said) == [
        *("open_referrals", "open_episodes", "without_holder"),
        *("with_two", "families_without_lead", "disabled_holders"),
    ]
    assert said["open_referrals"] == Referral.objects.open().count() == 1
    assert "1 open episodes" in command()


@pytest.mark.parametrize("words", [("--json",), ()])
def test_the_command_ends_with_1_when_something_is_not_held(busy: World, words: tuple[str, ...]) -> None:
    with planted("UPDATE care_holding SET to_at = now()"), pytest.raises(CommandError) as problem:
        command(*words)
    assert problem.value.returncode == 1
