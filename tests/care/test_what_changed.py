"""What was changed is part of somebody's own record, and of nobody else's."""

from __future__ import annotations

from datetime import date

import pytest
from tests.care.test_rights import LATER, told
from tests.world import World

from anydoor.care import amend, what_changed
from anydoor.care.rights.entries import Entry, entries_of
from anydoor.care.rights.stated import stated_of
from anydoor.people.models import ContactPoint, FamilyMember, Person

pytestmark = pytest.mark.django_db


def before_in(entries: list[Entry]) -> list[Entry]:
    return [one for one in entries if one.key.startswith("before:")]


def test_their_own_record_says_what_it_said_before(world: World) -> None:
    family_id = told(world)
    rosie = FamilyMember.objects.filter(family=family_id).order_by("pk")[0].person
    amend.amend_person(
        person=rosie, family_id=family_id,
        changes={"born_on": date(1994, 3, 2), "gp_practice": "Elm Surgery"},
        why="Her passport says so.", version=rosie.version, by=world.grace, at=LATER,
    )  # fmt: skip
    Person.objects.filter(pk=rosie.pk).update(gp_practice="Oak Surgery")
    ContactPoint.objects.filter(person=rosie).update(safe="no")
    sam = Person.objects.create(name="Sam Thackeray", gp_practice="Secret Surgery")
    FamilyMember.objects.create(family_id=family_id, person=sam, role="father", joined_at=LATER)
    Person.objects.filter(pk=sam.pk).update(gp_practice="Other Surgery")
    way, by_hand, first = before_in(entries_of(rosie, [family_id]))
    assert by_hand.section == "Facts about you"
    assert by_hand.lines[0] == ("GP practice", "Elm Surgery, then Oak Surgery")
    assert dict(first.lines)["Birth date"] == "Nothing, then 2 March 1994"
    assert any(label == "Is it safe?" and text.endswith("then Not safe") for label, text in way.lines)
    assert "Surgery" in str(before_in(entries_of(sam, [family_id])))
    assert "Secret" not in str(entries_of(rosie, [family_id]))
    # It is told, and not a thing of its own to be put right.
    assert not [one for one in stated_of(rosie, family_id) if one.kind == "before"]


def test_codes_and_numbers_are_told_in_words(world: World) -> None:
    family_id = told(world)
    rosie = FamilyMember.objects.filter(family=family_id).order_by("pk")[0].person
    Person.objects.filter(pk=rosie.pk).update(interpreter="yes", address_kind="refuge")
    ContactPoint.objects.filter(person=rosie).update(uses=["call", "text"], proved_at=LATER)
    way, facts = what_changed.of_person(rosie.pk)[:2]
    told_of = {one.label: one.after for one in (*way.fields, *facts.fields)}
    assert told_of["Interpreter"] == "Yes"
    assert told_of["Kind of address"] == "Refuge, address kept back"
    assert told_of["Safe for"] == "Call, Text"
    assert told_of["Proved"] == "19 April 2026, 12:00"  # London, in summer time
    page = what_changed.of_family(family_id, most=100)
    assert page
    for line in page:
        text = f"{line.thing} {' '.join(f'{one.label} {one.before} {one.after}' for one in line.fields)}"
        assert "_" not in text
        assert "None" not in text
