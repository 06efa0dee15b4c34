"""No number shown to anybody tells that a sealed family is there: each page reads as if it were not."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.db import transaction
from django.test import Client
from tests.web.scenes import client_of, held_by_grace, proposed
from tests.world import NOW, World, person

from anydoor.access.models import User
from anydoor.access.roles import Role
from anydoor.care import holding, sealing
from anydoor.care.models import Handover

pytestmark = pytest.mark.django_db
PAGES = (
    "", "?waits=all", "inbox", "inbox?tab=decided", "inbox?tab=unread", "families?show=team",
    "families?show=ended",
    "messages", "stuck", "team", "schedule/", "schedule/?show=later", "coverage/", "outcomes/", "partners/",
    "directory", "access/", "rights/",
)  # fmt: skip
TAGS = re.compile(r"<(script|style)[^>]*>.*?</\1>|<[^>]+>", re.DOTALL)


def words_of(client: Client, where: str) -> str:
    answer = client.get(where)
    assert answer.status_code < 500, where
    return f"{answer.status_code} " + " ".join(TAGS.sub(" ", answer.content.decode()).split())


def pages_of(user: User, world: World) -> dict[str, str]:
    client = client_of(user)
    found = {where: words_of(client, f"/desk/{where}") for where in PAGES}
    close = f"/desk/team/{world.front_door.pk}/close/{world.sunita.pk}/"
    return found | {"closing": words_of(client, close)}


def a_sealed_family(world: World) -> None:
    """Asked for help, handed over and back in all that a page counts: then sealed."""
    row = proposed(
        world, name="Quill Brackenmoor", contact="07700 900555", baby_born_on=date(2026, 2, 20), due_on=None
    )
    thing = row.referral
    holding.move_holding(
        thing=thing, to=world.lead, team=world.front_door, why="Away.", by=world.sunita, at=NOW
    )
    holding.move_holding(
        thing=thing, to=world.sunita, team=world.front_door, why="Back.", by=world.lead, at=NOW
    )
    Handover.objects.filter(pk=row.pk).update(to_user=world.grace)
    sealing.seal(
        family_id=row.family_id, kind="abuse", words="He works near.", names=[], by=world.sunita, at=NOW
    )


@pytest.fixture
def few(world: World) -> World:
    """Three other families at the door, and one with the service."""
    held_by_grace(world)
    for number in range(3):
        world.refer(
            name=f"Ben Cole {number}", contact=f"07700 9002{number:02}", at=NOW + timedelta(minutes=1)
        )
    return world


def test_each_page_reads_as_if_the_sealed_family_were_not_there(few: World) -> None:
    manager = person("Mo Able", few.front_door, Role.SERVICE_MANAGER)
    buyer = person("Cy Bryce", few.front_door, Role.COMMISSIONER)
    coordinator = person("Co Dane", few.front_door, Role.COORDINATOR)
    looking = [few.tom, coordinator, few.jo, few.marcus, manager, buyer]
    # Who is named for it, or holds it, is told: that the pages can differ is seen by her.
    with transaction.atomic():
        a_sealed_family(few)
        there = {user.name: pages_of(user, few) for user in [*looking, few.sunita]}
        transaction.set_rollback(True)
    missing = {user.name: pages_of(user, few) for user in [*looking, few.sunita]}
    wrong = [
        f"{user.name}: {where}"
        for user in looking
        for where, words in there[user.name].items()
        if words != missing[user.name][where]
    ]
    assert wrong == []
    assert there["Sunita Rao"][""] != missing["Sunita Rao"][""], "her own work list counts it"
