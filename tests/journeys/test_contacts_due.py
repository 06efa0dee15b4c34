"""A review that nobody recorded is overdue; it is written down, and list, family page and coverage follow."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from tests.journeys.people import worker
from tests.journeys.visitor import Stage
from tests.world import NOW, World

from anydoor.care.amend import add_member

pytestmark = pytest.mark.journey
BORN = date(2026, 2, 18)


def test_an_overdue_review_is_written_down_and_the_numbers_follow(stage: Stage, world: World) -> None:
    # given Rosie, whose baby is 20 days old, with nothing recorded of the new baby review
    row = world.refer(
        at=NOW - timedelta(days=15),
        name="Rosie Thackeray",
        role="mother",
        baby_born_on=BORN,
        baby_name="Noah",
    )
    add_member(family_id=row.family_id, name="Dan Fisk", role="father", apart=False, by=world.sunita, at=NOW)
    sunita = worker(stage, world.sunita)

    # when the front door looks at what is overdue
    sunita.opens("/desk/")
    sunita.follows("Contacts due", within=sunita.page.get_by_role("navigation", name="Main"))
    sunita.reads("Rosie Thackeray", "New baby review", "6 days over")
    sunita.follows("Coverage")
    sunita.reads("Coverage of routine contacts", "0.0%", "How it is counted")

    # and writes down that a health visitor was there
    sunita.opens("/desk/contacts-due/")
    sunita.follows("Rosie Thackeray")
    sunita.reads("Noah, born 18 February", "Overdue", "GAD-2")
    sunita.follows("Took place")
    sunita.writes(Day="2", Month="3", Year="2026", **{"Who did it, if not you?": "Maya Lund, health visitor"})
    sunita.presses("Save")
    sunita.is_told("It is recorded as done")
    sunita.reads("Maya Lund, health visitor, 2 March, in time")

    # then the list is empty, the family's page has moved on, and coverage says so
    sunita.opens("/desk/contacts-due/")
    sunita.reads("Nothing is overdue.")
    sunita.opens(f"/desk/family/{row.family_id}/")
    sunita.reads("Routine contacts", "6 to 8 week review")
    sunita.opens("/desk/coverage/?contact=HV2")
    sunita.reads("100.0%", "C2", "by team")
    sunita.opens("/desk/partners/")
    sunita.reads("Partners of those in specialist care")
    for step in ("declined", "excluded"):
        baby = row.family.members.get(role="baby").person_id
        sunita.opens(f"/desk/family/{row.family_id}/schedule/{baby}/HV3/{step}/")
        sunita.reads("6 to 8 week review")
