"""Twins are born; a pregnancy is lost. What follows waits on the holder, and no page asks after a baby."""

from __future__ import annotations

from datetime import date

import pytest
from tests.journeys.given import taken_up
from tests.journeys.people import Worker, worker
from tests.journeys.visitor import Stage
from tests.world import World

from anydoor.people.models import Person

pytestmark = pytest.mark.journey
DUE = date(2026, 3, 28)


def records(visitor: Worker, family: int, what: str, **answers: str) -> None:
    visitor.opens(f"/desk/family/{family}/")
    visitor.unfolds("More")
    visitor.follows("Something happened in the family")
    visitor.chooses(what)
    visitor.writes(Day="9", Month="3", Year="2026", **answers)


def test_the_birth_of_twins_opens_tasks_and_stands_on_the_timeline(stage: Stage, world: World) -> None:
    # given Rosie, who expects twins
    row = taken_up(world, due_on=DUE, babies=2)
    family = row.family_id
    grace = worker(stage, world.grace)
    grace.opens(f"/desk/family/{family}/")
    grace.reads("weeks")

    # when both are born on the same day, one after the other
    first, second = Person.objects.filter(due_on=DUE).order_by("pk")
    for baby, name in ((first, "Ivy"), (second, "Fern")):
        records(grace, family, "A baby was born")
        grace.page.get_by_role("radio", name=f"record {baby.pk}").check()
        grace.field("The baby’s name").fill(name)
        grace.presses("Save")
        grace.is_told("The birth is recorded")

    # then the page knows two, the tasks wait on her, and the timeline tells both
    grace.opens(f"/desk/family/{family}/")
    grace.reads("Ivy", "Fern", "A baby was born.")
    grace.does_not_read("weeks pregnant", "due 28 March")
    assert grace.page.get_by_role("region", name="Timeline").get_by_text("A baby was born.").count() == 2
    grace.opens("/desk/")
    grace.reads("Ask how everyone is")
    assert Person.objects.filter(born_on=date(2026, 3, 9)).count() == 2


def test_after_a_loss_no_page_says_that_a_baby_is_to_come(stage: Stage, world: World) -> None:
    # given Rosie, who expected a baby, with a visit planned
    row = taken_up(world, due_on=date(2026, 7, 28))
    family = row.family_id
    grace = worker(stage, world.grace)
    grace.opens(f"/desk/family/{family}/")
    grace.reads("weeks")

    # when the loss is recorded, with the kind in her words: without it Grace is asked
    records(grace, family, "A baby died, or a pregnancy was lost")
    grace.presses("Save")
    grace.is_asked_again()
    grace.chooses("Miscarriage")
    grace.presses("Save")
    grace.is_told("What no longer fits is stopped")

    # then nothing on the page speaks of a baby to come, and somebody is asked to speak with her
    grace.sees_holder(family, "Grace Adeyemi")
    grace.does_not_read("weeks", "pregnant", "28 July", "due date", "unborn")
    grace.reads("The family has had a loss.")
    grace.opens("/desk/")
    grace.reads("Speak with the family yourself")
    grace.does_not_read("weeks", "28 July", "pregnant")
    grace.opens(f"/desk/family/{family}/happened/")
    assert grace.page.get_by_role("radio", name="A baby was born").count() == 0
    grace.opens(f"/desk/family/{family}/story/")
    grace.does_not_read("for the baby")
