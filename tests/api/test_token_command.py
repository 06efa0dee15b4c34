"""`anydoor token`: a key is shown once, kept as a digest, and ended for good."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from tests.world import World, build

from anydoor.access.models import ApiToken, AuditEntry
from anydoor.care import receipts

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None) -> World:
    return build()


def command(*words: str) -> str:
    said = StringIO()
    call_command("token", *words, stdout=said)
    return said.getvalue().strip()


def made(
    team: str = "therapies", user: str = "Grace.Adeyemi@staff.example", name: str = "Their system"
) -> str:
    return command("create", "--team", team, "--user", user, "--name", name)


def test_a_key_is_shown_once_and_kept_as_a_digest(world: World) -> None:
    secret = made()
    token = ApiToken.objects.get()
    assert (token.user, token.team, token.name) == (world.grace, world.therapies_team, "Their system")
    assert secret not in str(ApiToken.objects.values().get())
    assert receipts.token_for(secret) == token
    assert secret not in command("list")
    assert "Their system" in command("list")
    assert AuditEntry.objects.filter(action="token_made", subject_id=token.pk).exists()


def test_an_ended_key_opens_nothing_and_is_ended_once(world: World) -> None:
    secret = made()
    number = str(ApiToken.objects.get().pk)
    assert command("end", number) == "Ended: Their system"
    assert receipts.token_for(secret) is None
    with pytest.raises(CommandError) as problem:
        command("end", number)
    assert problem.value.returncode == 1


@pytest.mark.parametrize(
    ("team", "user", "name"),
    [
        ("atlantis", "grace.adeyemi@staff.example", "x"),
        ("therapies", "nobody@staff.example", "x"),
        ("therapies", "marcus.bell@staff.example", "x"),
        ("therapies", "grace.adeyemi@staff.example", "  "),
        ("therapies", "grace.adeyemi@staff.example", "x" * 121),
    ],
)
def test_a_key_acts_only_for_somebody_of_that_team(world: World, team: str, user: str, name: str) -> None:
    with pytest.raises(CommandError) as problem:
        made(team, user, name)
    assert problem.value.returncode == 1
    assert not ApiToken.objects.exists()
