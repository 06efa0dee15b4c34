"""A manager changes who a service is for: it is approved, the match follows, the old version comes back."""

from __future__ import annotations

import pytest
from tests.journeys.people import worker
from tests.journeys.visitor import Stage
from tests.world import World

from anydoor.access.models import Membership
from anydoor.access.roles import Role
from anydoor.directory.matching import help_for
from anydoor.directory.models import Service
from anydoor.rules.matching import read_profile

pytestmark = pytest.mark.journey
FATHER = {
    "as_of": "2026-03-10",
    "stage": {"baby_birth_date": "2025-11-10"},
    "person": {"role": "father", "age": 31},
    "wider_needs": ["isolation"],
}


def verdict(world: World) -> str:
    offers = help_for(area=world.area, profile=read_profile(FATHER)).offers
    return next(offer.verdict for offer in offers if offer.service_slug == "hub-group")


def test_a_manager_changes_eligibility_and_the_match_follows(stage: Stage, world: World) -> None:
    # given a hub manager, and a group that is open to fathers
    ola = Membership.objects.get(user__name="Ola Hart")
    ola.role = Role.SERVICE_MANAGER.value
    ola.save()
    Service.objects.filter(pk=world.group.pk).update(last_checked="2025-06-01", needs=["isolation"])
    assert verdict(world) == "suits"

    # when she changes who it is for
    manager = worker(stage, ola.user)
    manager.opens("/desk/directory/hub-group/")
    manager.reads("Not checked since 1 June 2025")
    manager.presses("Change this entry")
    manager.follows("Who it is for")
    manager.page.get_by_role("checkbox", name="Fathers").first.uncheck()
    manager.writes(Parent_younger_than="200")
    manager.presses("Save and go on")
    manager.is_asked_again(Parent_younger_than="200")
    manager.follows("Stay and play")
    manager.reads("Something is wrong")
    manager.follows("Who it is for")
    manager.writes(Parent_younger_than="25")
    manager.presses("Save and go on")
    manager.reads("Changed")

    # then she sees what it would do, and sends it; nothing changes yet
    manager.follows("See what it would do")
    manager.reads("what families will see", "Mothers, Fathers, Co-parents", "25 years", "example needs")
    manager.writes(**{"What changes, and why": "Only young mothers come now."})
    manager.presses("Send it to be approved")
    manager.reads("Until then nothing changes.", "You sent this, so somebody else decides")
    assert verdict(world) == "suits"

    # when the front door's lead reads it and approves it
    lead = worker(stage, world.lead)
    lead.opens("/desk/directory")
    lead.follows("1 change to decide")
    lead.follows("Stay and play")
    lead.reads("Only young mothers come now.", "Ola Hart")
    lead.presses("Save the decision")
    lead.is_asked_again()
    lead.chooses("Approve it")
    lead.presses("Save the decision")
    lead.reads("Approved. Families and the match see it now.")

    # then the match follows at once, and the entry counts as checked
    assert verdict(world) == "not"
    manager.opens("/desk/directory/hub-group/")
    manager.reads("10 March 2026 by Ola Hart", "Parent younger than")
    manager.does_not_read("Not checked since")

    # and the old version can be seen and brought back
    manager.follows("Versions")
    manager.reads("Only young mothers come now.", "Approved by Helen Lusher")
    manager.follows("Version 1")
    manager.reads("What families read", "Mothers, Fathers, Co-parents")
    manager.follows("Bring this version back")
    manager.writes(Why="The fathers asked to come back.")
    manager.presses("Send it to be approved")
    lead.opens("/desk/entries/proposals/")
    lead.follows("Stay and play")
    lead.chooses("Approve it")
    lead.presses("Save the decision")
    assert verdict(world) == "suits"
    manager.opens("/desk/directory/hub-group/versions/")
    manager.reads("Version 3", "Brought version 1 back")
