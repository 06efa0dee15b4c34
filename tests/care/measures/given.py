"""Measures for tests: a family of two parents and a baby, and measures begun with them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from tests.world import NOW, World

from anydoor.care.measures import taking
from anydoor.care.measures.taking import Plan
from anydoor.care.models import Measure
from anydoor.people import register
from anydoor.people.models import Family, FamilyMember, Person


def family_of_two(world: World, at: datetime = NOW, **told: Any) -> tuple[int, Person, Person]:
    """The family's key, a mother whose baby is two weeks old, and the baby's father."""
    referral = world.refer(
        at=at,
        **{
            "name": "Shanelle Brooks",
            "role": "mother",
            "baby_name": "Micah",
            "baby_born_on": date(2026, 2, 25),
            "place": "Norwich",
            "needs": ("mood",),
            **told,
        },
    )
    found = FamilyMember.objects.filter(family_id=referral.family_id, role="father").first()
    if found is not None:
        return referral.family_id, referral.person, found.person
    father = register.add_person(at=at, name="Callum Reeve")
    register.add_to_family(
        family=Family.objects.get(pk=referral.family_id), person=father, role="father", at=at
    )
    return referral.family_id, referral.person, father


def begun(
    world: World,
    name: str,
    *,
    mode: str = "interview",
    form_key: str = "",
    who: str = "mother",
    at: datetime = NOW,
    **plan: Any,
) -> Measure:
    """A draft of this instrument, by the mother (or father) of the one family there is."""
    member = FamilyMember.objects.filter(role=who).order_by("pk").first()
    if member is None:
        family_of_two(world, at=at)
        member = FamilyMember.objects.filter(role=who).order_by("pk").first()
    assert member is not None
    return taking.begin(
        family_id=member.family_id,
        person_id=member.person_id,
        plan=Plan(name, **plan),
        mode=mode,
        by=world.sunita,
        team=world.front_door,
        at=at,
        form_key=form_key,
    )


def ticked(items: int, index: int, **other: int) -> dict[str, int | None]:
    """The same option for every item, but for those named: `ticked(9, 0, i9=1)`."""
    return {
        **{str(item): index for item in range(1, items + 1)},
        **{key.removeprefix("i"): value for key, value in other.items()},
    }
