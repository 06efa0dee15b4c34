"""Somebody joins a team, sets a password by the link that was sent, works, and leaves."""

from __future__ import annotations

import re

import pytest
from tests.journeys.given import rosie_asked
from tests.journeys.people import worker
from tests.journeys.visitor import Stage
from tests.world import World

from anydoor.access.models import User
from anydoor.messages.models import OutboxMessage

pytestmark = pytest.mark.journey
PASSWORD = "three plain words"


def test_a_colleague_joins_signs_in_and_leaves(stage: Stage, world: World) -> None:
    # given Helen, who leads the front door and adds Asha there
    rosie_asked(world)
    helen = worker(stage, world.lead)
    helen.opens("/desk/staff/")
    helen.reads("3 people’s access is due for review", "Sunita Rao")
    helen.follows("Add a colleague")
    helen.presses("Add them")
    helen.is_asked_again()
    helen.writes(Full_name="Asha Birch", Work_email_address="asha.birch@county.gov.uk")
    helen.picks("Team", "Norfolk front door")
    helen.picks("Role", "Front door worker")
    helen.presses("Add them")
    helen.is_told("Asha Birch joins Norfolk front door")

    # when Asha, on her phone, follows the link that the outbox holds, and chooses a password
    message = OutboxMessage.objects.get(address="asha.birch@county.gov.uk")
    link = re.search(r"/sign-in/first/\S+", message.body)
    assert link is not None
    asha = worker(stage, width=320)
    asha.opens(link[0])
    assert asha.here == "/sign-in/first/"
    asha.field("New Password").fill("short")
    asha.page.get_by_label("again").fill("short")
    asha.presses("Save my password")
    asha.is_asked_again()
    asha.field("New Password").fill(PASSWORD)
    asha.page.get_by_label("again").fill(PASSWORD)
    asha.presses("Save my password")
    asha.reads("Your password is set")
    asha.writes(Email="asha.birch@county.gov.uk", Password=PASSWORD)
    asha.presses("Sign in")

    # then she works there
    asha.opens("/desk/inbox")
    asha.reads("Rosie Thackeray")
    asha.opens("/account/sessions/")
    asha.reads("You are signed in only here.")

    # and when she leaves, the page she has open is the last she sees
    helen.opens("/desk/staff/?show=joined")
    helen.follows("Asha Birch")
    helen.reads("Signed in now", "Given by Helen Lusher")
    helen.follows("Close the account")
    helen.chooses("Close this account now")
    helen.presses("Close the account")
    helen.reads("The account of Asha Birch is closed")
    asha.page.goto(stage.address + "/desk/inbox")
    assert "/sign-in/" in asha.here
    assert not User.objects.get(name="Asha Birch").is_active
    helen.opens("/desk/staff/?show=left")
    helen.reads("Account closed")
