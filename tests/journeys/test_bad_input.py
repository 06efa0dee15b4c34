"""What nobody should type, typed in a real browser: it is kept or asked again, and never run."""

from __future__ import annotations

import pytest
from tests.journeys.given import taken_up
from tests.journeys.people import parent, worker
from tests.journeys.visitor import Stage
from tests.world import World

from anydoor.care.models import Referral, Story
from anydoor.people.models import Person

pytestmark = pytest.mark.journey
SCRIPT = "<script>document.title='taken'</script><img src=/x onerror=\"document.title='taken'\"> ' OR 1=1 --"
ODD = "=2+2 \U0001f9d1\u200d\U0001f37c \u202eevil\u202c O’Hara-Żółć"


def test_words_that_look_like_code_are_words_everywhere(stage: Stage, world: World) -> None:
    # given a parent whose words look like code, in every box
    mother = parent(stage)
    mother.asks(f"{SCRIPT} {ODD}", place="'; DROP TABLE care_referral; --")
    mother.follows("See or change what you wrote")
    mother.reads(SCRIPT, "O’Hara-Żółć")
    assert mother.page.title() != "taken"
    assert Story.objects.get().words == f"{SCRIPT} {ODD}"

    # then they are the same words in the inbox, on the request and on the family's page
    sunita = worker(stage, world.sunita)
    referral = Referral.objects.get()
    for address in ("inbox", f"referral/{referral.pk}/", f"family/{referral.family_id}/"):
        sunita.opens(f"/desk/{address}")
        sunita.reads("<script>")
        assert sunita.page.title() != "taken"
        assert sunita.page.locator("main script, main img").count() == 0


def test_what_cannot_be_used_meets_the_field_it_was_typed_in(stage: Stage, world: World) -> None:
    mother = parent(stage)
    mother.asks("x" * 20_001, contact="ring my mother")
    mother.is_asked_again(How_can_we_reach_you="ring my mother")
    assert len(mother.field("What is going on").input_value()) == 20_001
    mother.writes(What_is_going_on=ODD)
    mother.presses("Send to a person")
    mother.is_asked_again(How_can_we_reach_you="ring my mother", What_is_going_on=ODD)
    mother.page.get_by_role("alert").get_by_role("link").click()
    assert mother.page.evaluate("document.activeElement.name") == "contact"
    assert Referral.objects.count() == 0


@pytest.mark.parametrize(
    ("day", "month", "year"), [("31", "2", "2026"), ("1", "13", "2026"), ("1", "1", "2999"), ("x", "y", "z")]
)
def test_a_birth_on_a_day_that_is_none(stage: Stage, world: World, day: str, month: str, year: str) -> None:
    family = taken_up(world).family_id
    grace = worker(stage, world.grace, 390)
    grace.opens(f"/desk/family/{family}/happened/")
    grace.chooses("A baby was born")
    grace.writes(Day=day, Month=month, Year=year)
    grace.field("What should others know").fill(ODD)
    grace.presses("Save")
    grace.is_asked_again(Day=day, Month=month, Year=year)
    grace.still_has("What should others know", ODD)
    assert grace.page.title().startswith("Error")
    assert not Person.objects.filter(born_on__year=2026).exists()
